"""The study's tables worked out again from a return like one of its sites, and held against print cell by cell.

A return goes the road of every return: the metrics M23, M24 and M25 count it, disclosure control protects all their
tables at once at the threshold of the standard, and what is compared is what may be printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rdac_validator import crosswalks
from rdac_validator.disclosure import Policy, ProtectedTable, protect
from rdac_validator.metrics import METRICS, Cases, counted
from rdac_validator.standard import Standard
from rdac_validator.study.published import CODES, HIDDEN, Site, Study, Table
from rdac_validator.tables import Return

NUMBER, PERCENTAGE, TOTAL = "number", "percentage", "Total"
WORKED_OUT = {
    "sex": "M24 sex",
    "age": "M24 age",
    "ethnic group": "M24 ethnic group",
    "pathway": "M23 pathway",
    "registration_outcome": "M23 conferences",
    CODES: "M25",
}
INDICATORS = {"england": "report-indicators", "scotland": "report-indicators-scotland"}


@dataclass(frozen=True, slots=True)
class Compared:
    """One printed figure and what came out; both as they are printed, c where suppressed.

    ``id`` and ``why`` are those of the inconsistency that stands in the way, blank where none is named.
    """

    site: str
    about: str
    row: str
    measure: str
    printed: str
    found: str
    id: str
    why: str

    @property
    def equal(self) -> bool:
        """Whether the same comes out."""
        return self.printed == self.found

    @property
    def explained(self) -> bool:
        """Whether it comes out, or something is named that stands in the way, but not both."""
        return self.equal != bool(self.why)


def compare(given: Return, study: Study, name: str, standard: Standard) -> list[Compared]:
    """Every printed figure of the site ``name`` beside what the return gives, table by table."""
    site = study.sites[name]
    tables = _protected(given, standard)
    return [
        compared
        for about, table in site.tables.items()
        for compared in _compared(site, about, table, tables[WORKED_OUT[about]], study, standard)
    ]


def _protected(given: Return, standard: Standard) -> Mapping[str, ProtectedTable]:
    cases = Cases(given, standard)
    wanted = {name.partition(" ")[0] for name in WORKED_OUT.values()}
    questions = [
        question for metric in METRICS if metric.code in wanted for question in metric().questions(cases)
    ]
    return {table.name: table for table in protect(counted(questions), Policy()).tables}


def _compared(
    site: Site, about: str, table: Table, found: ProtectedTable, study: Study, standard: Standard
) -> Iterator[Compared]:
    parts = _indicators(site.nation) if about == CODES else study.parts[about]
    base = _number(found, about, (None,))
    named = {
        (row, measure): difference
        for difference in study.differences
        if (difference.site, difference.about) == (site.name, about)
        for row in difference.rows
        for measure in difference.measures
    }
    for label, printed in table.rows.items():
        number = _number(found, about, parts[study.codes[site.nation][label] if about == CODES else label])
        share = None if number is None or base is None else round(100 * number / base, 1)
        for measure, asked, came in ((NUMBER, printed.number, number), (PERCENTAGE, printed.percentage, share)):
            known = named.get((label, measure))
            id_, why = (known.id, known.why) if known else ("", "")
            yield Compared(site.name, about, label, measure, _text(asked), _text(came), id_, why)
    if table.total is not None:
        yield Compared(site.name, about, TOTAL, NUMBER, _text(table.total), _text(base), "", "")


def _number(table: ProtectedTable, about: str, parts: tuple[str | None, ...]) -> int | None:
    """The printed counts of these parts among records with domestic abuse, added up; ``None`` if one is hidden."""
    flagged = {"registration_outcome": (None, ..., "yes"), CODES: (...,)}.get(about, (..., "yes"))
    at = [tuple(part if place is ... else place for place in flagged) for part in parts]
    figures = [table[coordinates].value for coordinates in at]
    return None if None in figures else int(sum(value for value in figures if value is not None))


@cache
def _indicators(nation: str) -> Mapping[str, tuple[str, ...]]:
    """For each code all codes of the indicator that the report merged it into.

    They are added up: in a return made here a record has one code of an indicator at most.
    """
    lines = [line for line in crosswalks.load(INDICATORS[nation]).matches if line.target]
    return {line.code: tuple(one.code for one in lines if one.target == line.target) for line in lines}


def _text(figure: float | None) -> str:
    return HIDDEN if figure is None else str(figure)
