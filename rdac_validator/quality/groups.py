"""Groups of several characteristics at once: which share of each became child in need, or had a plan.

The study's own coding has a digit for each: under 10, female, white and the more deprived part are 1, the others 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from rdac_validator.disclosure import ALL, Figure, ProtectedTable
from rdac_validator.metrics.inequality import Intersections
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.intervals import of_share
from rdac_validator.quality.layout import low
from rdac_validator.quality.measuring import Asked, Quality
from rdac_validator.quality.pictures import Points, Series

SHARE, LOW, HIGH = "Per cent", "95% from", "95% to"
# with fewer events a share is unsure however large the base (rule R47)
EVENTS = 10
CODED, DETAILED = (f"{Intersections.code} {about}" for about in ("coded", "detailed"))
SOURCES = (*Intersections.sources, "rdac-2026:app-1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may have come of an assessment: a pathway of its episode, and what those of it are called."""

    name: str
    title: str
    column: str
    pathway: str


NEED = Outcome("need", "Child in need without a plan", "Child in need", "cin_only")
PLAN = Outcome("plan", "Child protection plan or registration", "Plan", "cp_plan")
HEADS = {CODED: ("Group", "Who"), DETAILED: ("Group",)}
TITLES = {CODED: "the study's groups", DETAILED: "groups with five ethnic groups"}
READ = (
    "The study gives each group a digit for age, sex, ethnic group and, where it is counted, deprivation: 1 is under "
    "10, female, white, more deprived. “Minoritised” is its word: it counts together children whom a white majority "
    "makes a minority, and says nothing else of them. Shares are of what was recorded; they do not say why."
)
OUTCOMES = {CODED: (NEED, PLAN), DETAILED: (PLAN,), f"{CODED} place": (NEED, PLAN), f"{DETAILED} place": (PLAN,)}


def tables(quality: Quality) -> Iterator[Derived]:
    """A table for each coding, outcome and period; none where M22 has too few assessments for one."""
    several = len(quality.periods) > 1
    for asked, table in quality.tables():
        for outcome in OUTCOMES.get(asked.name, ()):
            place = f"-{quality.periods.index(asked.period) + 1}" if several else ""
            yield _table(asked, table, outcome, place)


def _table(asked: Asked, table: ProtectedTable, outcome: Outcome, place: str) -> Derived:
    kind = asked.name.removesuffix(" place")
    name = asked.name.removeprefix(f"{Intersections.code} ").replace(" ", "-")
    heads = HEADS[kind]
    return Derived(
        name=f"groups-{name}-{outcome.name}{place}",
        title=f"{outcome.title}, by {TITLES[kind]}{', with deprivation' if kind != asked.name else ''}",
        section="groups",
        read=READ,
        sources=SOURCES,
        columns=(*heads, "Assessments", outcome.column, SHARE, LOW, HIGH, "Reliability"),
        rows=tuple((*names[-len(heads) :], *cells) for names, cells in _rows(table, outcome)),
        notes={
            "Unit": "assessments",
            "Base": asked.base,
            "Period": asked.period.name,
            "Exclusions": "those of whom one of these is not known: the tables of M22 by two characteristics have them",
            "Method": "intervals are Wilson's; they take no account of brothers and sisters",
        },
        picture=Points("per cent", (Series("Share and 95% interval", SHARE, LOW, HIGH),), heads),
    )


def _rows(table: ProtectedTable, outcome: Outcome) -> Iterator[tuple[tuple[str, str], tuple[Entry, ...]]]:
    """For each group its code and its words, and the cells of its line."""
    axes = table.by[:-1]
    for at in product(*(axis.categories for axis in axes)):
        code = "".join("1" if level == axis.categories[0] else "0" for axis, level in zip(axes, at, strict=True))
        base, part = table[(*at, ALL)], table[(*at, outcome.pathway)]
        share, reliability = (part.out_of(base), *of_share(part, base)), _reliability(base, part)
        yield (code, ", ".join(at)), (base, part, *share, reliability)


def _reliability(base: Figure, part: Figure) -> str:
    """What makes a share unsure (rule R47), of what is printed; of what is hidden nothing is said."""
    few = part.value is not None and part.value < EVENTS and bool(base.value)
    said = [*(["base under 30"] if low(base) else []), *([f"fewer than {EVENTS} events"] if few else [])]
    return f"low: {', '.join(said)}" if said else ""
