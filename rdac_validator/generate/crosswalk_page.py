"""The crosswalk from the CIN census as a page: what it maps to what, how well, and what the census cannot say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rdac_validator.crosswalks import CENSUS, Crosswalk, Match, Status, load
from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import Model
from rdac_validator.standard import TIERS, Standard

PATH = "docs/crosswalk-cin.md"
MEANINGS = {
    Status.EXACT: "the census says the same",
    Status.BROAD: "the term of the standard is wider",
    Status.AMBIGUOUS: "the census says something of it, and not enough",
    Status.NOT_DERIVABLE: "the standard has no term for it, or the census does not say it",
}


def texts(model: Model) -> Mapping[str, str]:
    """Give the one page."""
    crosswalk = load(model.schema / "crosswalks" / f"{CENSUS}.sssom.tsv")
    return {PATH: _page(crosswalk, model.standard)}


def _page(crosswalk: Crosswalk, standard: Standard) -> str:
    counts = Counter(match.status for match in crosswalk.matches)
    rows = ((str(status).replace("_", " "), text, str(counts[status])) for status, text in MEANINGS.items())
    elements = dict.fromkeys(match.element for match in crosswalk.matches)
    return md.page(
        "From the CIN census",
        f"schema/crosswalks/{crosswalk.name}.sssom.tsv and schema/rdac.yaml",
        f"{crosswalk.title}, version {crosswalk.version}. `rdac convert` takes its mapping from the same file: what is "
        "published is what runs. Rows are opened, never guessed.",
        md.table(("Status", "Meaning", "Lines"), rows),
        "## What the census cannot say",
        "Answers that no element of the census supplies, by the tier that asks for them. Where a converted return "
        "has a row for them, they hold `not_collected_by_source`.",
        md.table(("Tier", "Fields", "Which"), _unsaid(standard)),
        "## Line by line",
        *(f"### {element}\n\n{_lines(element, crosswalk, standard)}" for element in elements),
    )


def _unsaid(standard: Standard) -> Iterator[tuple[str, str, str]]:
    for tier in TIERS:
        links = [
            f"[{table.name}.{column.name}](standard/{table.name}.md#{column.name.lower()})"
            for table in standard.tables
            for column in table.columns
            if column.tier == tier and column.coded and column.from_cin == "no" and not column.derived
        ]
        yield tier, str(len(links)), ", ".join(links)


def _lines(element: str, crosswalk: Crosswalk, standard: Standard) -> str:
    names = {table.cls: table.name for table in standard.tables}
    rows = [
        (md.code(m.code), m.label, _target(m, names), str(m.status).replace("_", " "), m.comment)
        for m in crosswalk.matches
        if m.element == element
    ]
    return md.table(("Code", "In the census", "In the standard", "Status", "What it cannot say, and why"), rows)


def _target(match: Match, names: Mapping[str, str]) -> str:
    if not match.cls:
        return ""
    table = names[match.cls]
    field = f"[{table}.{match.column}](standard/{table}.md#{match.column.lower()})"
    return f"{field} = `{match.value}`" if match.value else field
