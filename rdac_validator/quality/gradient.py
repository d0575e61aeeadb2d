"""Rates per 10,000 children by deprivation tenth, and how steep they are: worked out of printed counts alone.

Populations are nobody's secret: who has them, and the printed counts, can work all of this out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdac_validator.disclosure import ALL, Figure, ProtectedTable
from rdac_validator.metrics.axes import FIFTHS, NO_TENTH, NOT_APPLICABLE, TENTHS
from rdac_validator.metrics.inequality import Deprivation
from rdac_validator.quality import rates
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.measuring import NOT_STATED, Period, Quality
from rdac_validator.quality.pictures import Points, Series
from rdac_validator.quality.populations import Populations

SECTION = "gradient"
RATE, LOW, HIGH = "Rate per 10,000 children", "95% from", "95% to"
TENTH, PATHWAY = (f"{Deprivation.code} {about}" for about in ("tenth", "pathway"))
# the standard has no tenth for a family without a home
SAID = {NOT_APPLICABLE: "without a home (not applicable)"}
METHOD = ("ohid-intervals:1", "ohid-slope:text", "hayes-berry-2002:text")
SOURCES = (*Deprivation.sources, *METHOD)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a rate is of: the table that counts it by tenth, and where it stands there on the other axis."""

    name: str
    title: str
    base: str
    table: str
    at: str | None


MEASURES = (
    Measure("all", "All assessments", "all assessments", TENTH, ALL),
    Measure("abuse", "Assessments with domestic abuse", "assessments with domestic abuse flagged", TENTH, "yes"),
    Measure(
        "need", "Child in need, without a plan", "those of episodes that led to child in need", PATHWAY, "cin_only"
    ),
    Measure(
        "plan", "Child protection plan", "those of episodes that led to a plan or registration", PATHWAY, "cp_plan"
    ),
)


@dataclass(frozen=True, slots=True)
class Group:
    """A tenth or a fifth, or several in order: how many units there are, and how many children live there."""

    name: str
    count: Figure
    children: int

    def row(self) -> tuple[Entry, ...]:
        """The line of the group: its children, its count, the rate and the ends of its interval."""
        return (
            self.name,
            Figure.of(lambda: self.children),
            self.count,
            self._rate(lambda count: count),
            self._rate(lambda count: rates.limits(count)[0]),
            self._rate(lambda count: rates.limits(count)[1]),
        )

    def _rate(self, end: Callable[[float], float]) -> Figure:
        return Figure.of(lambda count: rates.rate(end(count), self.children), self.count)


def tables(quality: Quality, populations: Populations | None) -> Iterator[Derived]:
    """The tables of every period: rates and their slope, or what it would take to have them."""
    for place, period in enumerate(quality.periods, start=1):
        printed = {asked.name: table for asked, table in quality.tables() if asked.period == period}
        suffix = f"-{place}" if len(quality.periods) > 1 else ""
        lacking = _lacking(period, printed, populations)
        children = populations.of(period.deprivation_index, period.start) if populations else None
        if lacking:
            yield _needs(period, lacking, suffix)
        elif children:
            yield from _of_period(period, printed, children, suffix)


def _lacking(period: Period, printed: Mapping[str, ProtectedTable], populations: Populations | None) -> str:
    """Why there are no rates, and what to do about it; blank where there are, or where nobody asked and nothing is."""
    if TENTH not in printed or period.deprivation_index == NOT_STATED:
        return "the return has no deprivation tenths of a stated index" if populations else ""
    if populations is None:
        return (
            f"the children who live in each tenth of {period.deprivation_index}, in a file: rdac report --populations"
        )
    if not populations.of(period.deprivation_index, period.start):
        return (
            f"the tenths of the return are of {period.deprivation_index}, and the populations file has none of that "
            "index for the period: indexes are never mixed"
        )
    return ""


def _needs(period: Period, lacking: str, suffix: str) -> Derived:
    return Derived(
        name=f"gradient-needs{suffix}",
        title="What rates would need",
        section=SECTION,
        read="A rate by deprivation is the count of a tenth over the children who live in it; no return holds those.",
        sources=Deprivation.sources,
        columns=("What is not given", "Why, or what it would need"),
        rows=(("Rates per 10,000 children, slope and relative index of inequality", lacking),),
        notes=_notes(period, "assessments"),
    )


def _of_period(
    period: Period, printed: Mapping[str, ProtectedTable], children: tuple[int, ...], suffix: str
) -> Iterator[Derived]:
    lines = []
    for measure in MEASURES:
        table = printed[measure.table]
        tenths = _groups(table, measure, {tenth: (tenth,) for tenth in TENTHS}, children)
        fifths = _groups(table, measure, FIFTHS, children)
        lines.append((measure.title, *_slope(tenths, fifths)))
        groups = [*tenths, *(fifths if _hidden(tenths) else ())]
        yield _rates(period, measure, groups, table, suffix)
    yield Derived(
        name=f"gradient-slope{suffix}",
        title="How steeply rates rise with deprivation",
        section=SECTION,
        read="The slope index is how many more per 10,000 there are at the most deprived end than at the least; the "
        "relative index is how many times as many. Both take the rates to lie on a straight line: look at the tenths.",
        sources=SOURCES,
        columns=(
            *("Rate of", "Worked out of", "Slope index", "Slope 95% from", "Slope 95% to"),
            *("Relative index", "Relative 95% from", "Relative 95% to"),
        ),
        rows=tuple(lines),
        notes=_notes(period, "assessments per 10,000 children")
        | {"Method": "weighted regression on relative ranks; interval of the relative index by Fieller's theorem"},
    )


def _groups(
    table: ProtectedTable, measure: Measure, members: Mapping[str, tuple[str, ...]], children: tuple[int, ...]
) -> list[Group]:
    living = dict(zip(TENTHS, children, strict=True))
    return [
        Group(name, table[name, measure.at], sum(living[tenth] for tenth in tenths)) for name, tenths in members.items()
    ]


def _hidden(groups: Sequence[Group]) -> int:
    return sum(group.count.value is None for group in groups)


def _slope(tenths: Sequence[Group], fifths: Sequence[Group]) -> tuple[Entry, ...]:
    """Of the tenths if all are printed, else of the fifths if they are; with what it was worked out of."""
    used, said = tenths, "10 tenths"
    if _hidden(tenths):
        used, said = fifths, f"5 fifths: {_hidden(tenths)} of 10 tenths are hidden"
    if _hidden(used):
        said = f"not given: {_hidden(tenths)} of 10 tenths and {_hidden(fifths)} of 5 fifths are hidden"
    counts, people = [group.count for group in used], [group.children for group in used]
    if empty := people.count(0):
        said += f"; {empty} without children left out"

    def figure(part: str, end: int, digits: int) -> Figure:
        def worked_out(*values: float) -> float | None:
            found = rates.slope(values, people)
            ends = getattr(found, part) if found else None
            return None if ends is None else ends[end]

        return Figure.of(worked_out, *counts, digits=digits)

    return (said, *(figure("index", end, 1) for end in range(3)), *(figure("ratio", end, 2) for end in range(3)))


def _rates(period: Period, measure: Measure, groups: Sequence[Group], table: ProtectedTable, suffix: str) -> Derived:
    others = [
        (SAID.get(name, name), "", table[name, measure.at], Figure.nothing(), Figure.nothing(), Figure.nothing())
        for name in NO_TENTH
    ]
    return Derived(
        name=f"gradient-{measure.name}{suffix}",
        title=f"{measure.title} per 10,000 children, by deprivation tenth",
        section=SECTION,
        read="Tenth 1 is the most deprived. A child assessed twice counts twice. Those without a tenth stand below, "
        "with no rate: if they are many, every rate is too low.",
        sources=SOURCES,
        columns=("Tenth", "Children", "Assessments", RATE, LOW, HIGH),
        rows=(*(group.row() for group in groups), *others),
        notes=_notes(period, "assessments, per 10,000 children of the tenth", measure.base)
        | {"Method": "interval of the count over the children: exact Poisson limits below 10, Byar's from there on"},
        picture=Points("per 10,000 children", (Series("Rate and 95% interval", RATE, LOW, HIGH),)),
    )


def _notes(
    period: Period, unit: str, base: str = "all assessments, and those with domestic abuse flagged"
) -> dict[str, str]:
    return {
        "Unit": unit,
        "Base": base,
        "Period": period.name,
        "Exclusions": "none: those without a tenth stand by themselves",
        "Index": period.deprivation_index,
        "Populations": "as given in the file; of which ages and which year it does not say",
        "Siblings": "counted each; families are not told apart, so chance is larger than intervals say",
    }
