"""The study's tables worked out again from a return like one of its sites, and held against print cell by cell.

A return goes the road of every return: the metrics M23, M24 and M25 count it, disclosure control protects all their
tables at once at the threshold of the standard, and what is compared is what may be printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdac_validator import crosswalks
from rdac_validator.analysis.indicators import CROSSWALKS
from rdac_validator.disclosure import Policy, ProtectedTable, protect
from rdac_validator.metrics import METRICS, Cases, counted
from rdac_validator.standard import Standard
from rdac_validator.study.published import CODES, HIDDEN, Study
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


def compare(given: Return, study: Study, name: str, standard: Standard) -> list[Compared]:
    """Every printed figure of the site ``name`` beside what the return gives, table by table."""
    tables = _protected(given, standard)
    about = study.sites[name].tables
    return [figure for subject in about for figure in _compared(study, name, subject, tables[WORKED_OUT[subject]])]


def _protected(given: Return, standard: Standard) -> Mapping[str, ProtectedTable]:
    """The tables that are compared, by name, as they may be printed."""
    cases = Cases(given, standard)
    wanted = {name.partition(" ")[0] for name in WORKED_OUT.values()}
    questions = [question for metric in METRICS if metric.code in wanted for question in metric().questions(cases)]
    return {table.name: table for table in protect(counted(questions), Policy()).tables}


def _compared(study: Study, name: str, about: str, found: ProtectedTable) -> Iterator[Compared]:
    table = study.sites[name].tables[about]
    parts = _indicators(study, study.sites[name].nation) if about == CODES else study.parts[about]
    base = _number(found, about, (None,))
    for label, printed in table.rows.items():
        number = _number(found, about, parts[label])
        share = None if number is None or not base else round(100 * number / base, 1)
        for measure, asked, came in ((NUMBER, printed.number, number), (PERCENTAGE, printed.percentage, share)):
            known = study.difference(name, about, label, measure)
            said = (known.id, known.why) if known else ("", "")
            yield Compared(name, about, label, measure, _text(asked), _text(came), *said)
    if table.total is not None:
        yield Compared(name, about, TOTAL, NUMBER, _text(table.total), _text(base), "", "")


def _number(table: ProtectedTable, about: str, parts: tuple[str | None, ...]) -> int | None:
    """The printed counts of these parts among records with domestic abuse, added up; ``None`` if one is hidden."""
    if about == CODES:
        figures = [table[part,] for part in parts]
    elif about == "registration_outcome":
        figures = [table[None, part, "yes"] for part in parts]
    else:
        figures = [table[part, "yes"] for part in parts]
    values = [figure.value for figure in figures if figure.value is not None]
    return int(sum(values)) if len(values) == len(figures) else None


def _indicators(study: Study, nation: str) -> Mapping[str, tuple[str, ...]]:
    """For each printed indicator the codes that were merged into it, by the crosswalk.

    They are added up: in a return made here a record has one code of an indicator at most.
    """
    lines = [line for line in crosswalks.load(CROSSWALKS[nation]).matches if line.target]
    target = {line.code: line.target for line in lines}
    return {
        label: tuple(line.code for line in lines if line.target == target[code])
        for label, code in study.codes[nation].items()
    }


def _text(figure: float | None) -> str:
    return HIDDEN if figure is None else str(figure)
