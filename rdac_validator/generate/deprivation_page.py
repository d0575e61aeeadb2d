"""The deprivation files that can be read, and the codes of small areas, as a page."""

from __future__ import annotations

from collections.abc import Mapping

from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import Model
from rdac_validator.place import Layouts, layouts
from rdac_validator.place.layouts import FILE, Layout

PATH = "docs/deprivation-files.md"


def texts(model: Model) -> Mapping[str, str]:
    """Give the one page."""
    return {PATH: _page(layouts(model.schema))}


def _page(declared: Layouts) -> str:
    return md.page(
        "Deprivation files",
        f"schema/{FILE}",
        f"What `rdac convert` can read, version {declared.version}; [how it is used](place.md). A file is told by its "
        "column names alone; capitals, spaces and punctuation in them do not matter, and the sheet of a workbook is "
        "found in the same way. The files are published by the governments and are no part of this project.",
        "*seen* means that we read the file, *second_hand* that we read scripts or a description by others who did, "
        "*from_memory* that nobody has checked it here.",
        "## Layouts",
        md.table(
            ("File", "Column of areas", "Column of deciles, under any of these names", "Index", "Confidence"),
            (
                (layout.title, md.code(layout.area), _measure(layout), layout.index.title, layout.confidence)
                for layout in declared.layouts
            ),
        ),
        "Refused:",
        md.bullets(f"{other.title} ({md.codes(other.columns)}): {other.why}." for other in declared.refused),
        "## Indices",
        md.table(
            ("Index", "deprivation_index", "Made for", "Areas", "Source", "Confidence"),
            (
                (
                    index.title,
                    md.code(index.code),
                    index.made_for,
                    f"{index.areas:,}",
                    md.citations([index.source], ""),
                    index.confidence,
                )
                for index in declared.indices
            ),
        ),
        "## Codes of small areas",
        md.table(
            ("Kind", "First", "Last", "Confidence", "Note"),
            ((kind.title, kind.first, kind.last, kind.confidence, kind.note) for kind in declared.geographies),
        ),
        "## Names of the column of area codes in your own file",
        md.bullets(
            f"{md.code(name)}{f': codes of {edition}' if edition else ''}"
            for name, edition in declared.own_area.items()
        ),
    )


def _measure(layout: Layout) -> str:
    if layout.decile:
        return md.codes(layout.decile)
    return f"none; ranks in {md.code(layout.rank)}, from which the decile is worked out and marked as such"
