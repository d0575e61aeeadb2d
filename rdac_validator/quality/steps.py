"""Steps up and down for each hundred child-years in services, worked out of printed steps and released child-years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rdac_validator.disclosure import Figure, ProtectedTable
from rdac_validator.metrics.axes import DVA
from rdac_validator.metrics.steps import IN_SERVICES, StepsUpAndDown
from rdac_validator.quality import rates
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.intervals import ends
from rdac_validator.quality.measuring import ENOUGH, Period, Quality
from rdac_validator.quality.pictures import Points, Series

SECTION = "steps"
PER = 100
SERVED, WITHIN = (f"{StepsUpAndDown.code} {about}" for about in ("in services", "within"))
GROUPS = {"yes": "With domestic abuse on record", "no": "Without"}
STEPS = ("up", "down")
RATE, LOW, HIGH = f"Steps per {PER} child-years", "95% from", "95% to"
SOURCES = (*StepsUpAndDown.sources, "ohid-intervals:1")
NOT_DATED = (
    "The source does not collect what led to a step (status_event.trigger). Like the census it is taken to date starts "
    "and closures alone, and no other step down: a rate of the steps that it dates would look like one of all."
)


def tables(quality: Quality) -> Iterator[Derived]:
    """A table for each period: rates, or why there are none."""
    for place, period in enumerate(quality.periods, start=1):
        suffix = f"-{place}" if len(quality.periods) > 1 else ""
        held = {asked.name: table for asked, table in quality.tables() if asked.period == period}
        if SERVED in held:
            yield _rates(quality, period, held, suffix)
        elif (StepsUpAndDown.code, period.name) not in quality.dark:
            yield _needs(period, suffix)


def _needs(period: Period, suffix: str) -> Derived:
    return Derived(
        name=f"steps-needs{suffix}",
        title="What a rate of steps would need",
        section=SECTION,
        read="How often children go up and down in a year can be said where every step has its day.",
        sources=SOURCES,
        columns=("What is not given", "Why"),
        rows=((f"Steps up and down per {PER} child-years in services", NOT_DATED),),
        notes=_notes(period),
    )


def _rates(quality: Quality, period: Period, held: Mapping[str, ProtectedTable], suffix: str) -> Derived:
    years = quality.totals[held[SERVED].name]
    return Derived(
        name=f"steps-rates{suffix}",
        title=f"Steps up and down per {PER} child-years in services",
        section=SECTION,
        read="Steps from one level of service to another; a case that opens or closes is none. Children with abuse on "
        "record and those without are in services for other reasons too: a difference does not say why.",
        sources=SOURCES,
        columns=("Children", "Step", "Children in services", "Child-years", "Steps", RATE, LOW, HIGH),
        rows=tuple(
            _row(flag, step, held[SERVED][flag,], years.get((flag,), Figure.nothing()), held[WITHIN][step, flag])
            for flag in GROUPS
            for step in STEPS
        ),
        notes={
            **_notes(period),
            "Child-years": "days of the period on which an episode of the child was open, over 365.25, to whole years; "
            f"episodes that are open at once count once; none is given of fewer than {ENOUGH} children",
            "Method": "Byar's intervals, exact below ten; steps of one child and of brothers and sisters go together, "
            "so chance is larger than they say",
        },
        picture=Points(
            f"per {PER} child-years", (Series("Rate and 95% interval", RATE, LOW, HIGH),), ("Children", "Step")
        ),
    )


def _row(flag: str, step: str, children: Figure, years: Figure, steps: Figure) -> tuple[Entry, ...]:
    rate = Figure.of(lambda count, of: PER * count / of if of else None, steps, years)
    interval = ends(_interval, steps, years)
    return GROUPS[flag], step, children, years, steps, rate, *interval


def _interval(count: float, of: float) -> tuple[float, float] | None:
    low, high = rates.limits(count)
    return (PER * low / of, PER * high / of) if of else None


def _notes(period: Period) -> dict[str, str]:
    return {
        "Unit": "changes of status, and children in services",
        "Base": f"{IN_SERVICES.words}; by whether {DVA.variable} is on record for the child",
        "Period": period.name,
        "Exclusions": "children without an assessment in the return, cases that open or close, and steps of which it "
        "is not known whether they lead up or down",
    }
