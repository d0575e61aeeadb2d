"""The tables as records for programs and spreadsheets: a line for each figure, the same in CSV and XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from rdac_validator.quality.content import Content
from rdac_validator.quality.derived import SAID, Derived
from rdac_validator.quality.json_ import number
from rdac_validator.quality.layout import Layout
from rdac_validator.quality.wording import notes

Cell = str | int | float
ALL = "all"
INDEX = ("file", "metric", "table", "caption", "unit", "base", "period", "exclusions", "selection", "siblings")

DERIVED = ("file", "section", "title", *map(str.lower, SAID), "read")


def file_name(layout: Layout) -> str:
    """The name of a table's file, without its ending: letters, digits, dots and hyphens."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", layout.table.name).strip("-")


def text(header: Sequence[str], rows: Iterator[tuple[Cell, ...]]) -> str:
    """Records as CSV. What a cell holds is a number, a mark or a word of the standard: none begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def header(layout: Layout) -> tuple[str, ...]:
    """The columns of a table's own file."""
    return (*(axis.variable for axis in layout.table.by), "count", "percent", "of")


def figures(layout: Layout) -> Iterator[tuple[Cell, ...]]:
    """A table's figures: its coordinates, the count, its share of the column, and the total of the column."""
    bases = dict(zip(layout.columns, layout.bases(), strict=True))
    for at, count in layout.table.rows():
        base = bases[at[len(layout.down) :]]
        yield (*(level or ALL for level in at), number(count), number(count.out_of(base)), number(base))


def index(content: Content) -> Iterator[tuple[Cell, ...]]:
    """What each table's file holds, and all that must be said of it."""
    for layout in content.layouts:
        said = dict(notes(layout))
        kept = (said[name] for name in ("Unit", "Base", "Period", "Exclusions", "Selection", "Siblings"))
        yield (f"{file_name(layout)}.csv", layout.asked.metric, layout.table.name, layout.asked.caption, *kept)


def entries(one: Derived) -> Iterator[tuple[Cell, ...]]:
    """The rows of a table that was worked out."""
    for row in one.rows:
        yield tuple(entry if isinstance(entry, str) else number(entry) for entry in row)


def derived(content: Content) -> Iterator[tuple[Cell, ...]]:
    """What each file of a table that was worked out holds, and what must be said of it."""
    for one in content.derived:
        yield f"{one.name}.csv", one.section, one.title, *(one.notes[name] for name in SAID), one.read
