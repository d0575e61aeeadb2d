"""From returns to a publication: every metric that the data allow, counted together and protected together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from rdac_validator import __version__
from rdac_validator.disclosure import Cell, Figure, Policy, Protected, ProtectedTable, Table, protect
from rdac_validator.disclosure.tables import Coordinates
from rdac_validator.findings import InputError
from rdac_validator.metrics import METRICS, Cases, Headline, Metric, MetricInfo, Question, counted
from rdac_validator.metrics.base import YEAR
from rdac_validator.quality.ties import Ties
from rdac_validator.standard import Standard
from rdac_validator.tables import Return

LOWEST_THRESHOLD = 5
# the fewest units whose amounts are added up for print
ENOUGH = 30
NOT_STATED = "not stated"
STRICT = "zeros_suppressed"


@dataclass(frozen=True, slots=True)
class Period:
    """What one return is about, as its dataset says. ``name`` tells it from the others of the run.

    ``deprivation_index`` is the index that its deprivation tenths are of, ``system_changed`` the day on which another
    case system came into use.
    """

    name: str
    la_code: str
    nation: str
    start: str
    end: str
    recording_policy: str
    definition_frame: str
    deprivation_index: str
    system_changed: str = NOT_STATED


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the report needs it: everything but the units themselves."""

    metric: str
    period: Period
    name: str
    caption: str
    unit: str
    base: str
    headline: Headline | None
    picture: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The data-quality report before it is drawn. It holds no count that may not be printed.

    ``dark`` are the metrics that could not be worked out, each with the columns by table that would have to be
    collected. ``totals`` are amounts that were released, as child-years, by the name of a table and where they stand
    in it: whole numbers.
    """

    standard_version: str
    tool_version: str
    periods: tuple[Period, ...]
    metrics: Mapping[str, MetricInfo]
    asked: tuple[Asked, ...]
    dark: Mapping[tuple[str, str], Mapping[str, Sequence[str]]]
    protected: Protected
    totals: Mapping[str, Mapping[Coordinates, Figure]] = field(default_factory=dict)

    def tables(self) -> Iterator[tuple[Asked, ProtectedTable]]:
        """Every question with its table as it may be printed."""
        yield from zip(self.asked, self.protected.tables, strict=True)


def nothing(_: Period) -> Mapping[Cell, int]:
    """No count of a period is published elsewhere."""
    return {}


def measure(
    returns: Sequence[Return],
    standard: Standard,
    policy: Policy,
    metrics: Sequence[type[Metric]] = METRICS,
    public: Callable[[Period], Mapping[Cell, int]] = nothing,
) -> Quality:
    """Work out metrics of one return, or of several years of an authority's returns.

    The periods of the report are in order, the oldest first. ``public`` gives the counts of a period that are published
    elsewhere. Raises :class:`~rdac_validator.findings.InputError` where a return does not say what period it is of, two
    are of one period, or of two authorities.
    """
    cases = sorted((Cases(given, standard) for given in returns), key=lambda one: period_of(one).start)
    periods = tuple(map(period_of, cases))
    if len({period.name for period in periods}) < len(periods):
        raise InputError("two of the returns are of one period: a report is of different periods")
    if len({period.la_code for period in periods}) > 1:
        raise InputError("the returns are of more than one authority: make a report of each")
    counting = _Counting(periods)
    for one, period in zip(cases, periods, strict=True):
        counting.add(one, period, metrics)
    elsewhere = {
        Cell(cell.unit, cell.where.union(_year(period, periods).items())): count
        for period in periods
        for cell, count in public(period).items()
    }
    protected = _protected(counting.tables, policy, standard, periods, elsewhere)
    return Quality(
        standard_version=standard.version,
        tool_version=__version__,
        periods=periods,
        metrics={metric.code: metric.info() for metric in metrics},
        asked=tuple(counting.asked),
        dark=counting.dark,
        protected=protected,
        totals={name: _released(protected, name, held) for name, held in counting.totals.items()},
    )


@dataclass
class _Counting:
    """What the periods of a run were asked and what was counted: not yet protected, and never told."""

    periods: Sequence[Period]
    asked: list[Asked] = field(default_factory=list)
    dark: dict[tuple[str, str], Mapping[str, Sequence[str]]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    totals: dict[str, Mapping[Coordinates, float]] = field(default_factory=dict)

    def add(self, cases: Cases, period: Period, metrics: Sequence[type[Metric]]) -> None:
        """Ask a period everything that its return has the fields for, and count it in one go."""
        questions: list[Question] = []
        for metric in (metric() for metric in metrics):
            if lacking := metric.lacking(cases):
                self.dark[metric.code, period.name] = lacking
                continue
            found = list(metric.questions(cases))
            questions += found
            self.asked += [
                Asked(metric.code, period, q.name, q.caption, q.unit, q.base, q.headline, q.picture) for q in found
            ]
        year = _year(period, self.periods).get(YEAR, "")
        for question, table in zip(questions, counted(questions, year), strict=True):
            name = f"{table.name} ({period.name})" if year else table.name
            self.tables.append(replace(table, name=name))
            if question.amount:
                self.totals[name] = question.totals()


def _protected(
    tables: Sequence[Table],
    policy: Policy,
    standard: Standard,
    periods: Sequence[Period],
    elsewhere: Mapping[Cell, int],
) -> Protected:
    ties = [tie for period in periods for tie in Ties(tables, standard, _year(period, periods)).all()]
    return protect(tables, policy, ties, elsewhere)


def _year(period: Period, periods: Sequence[Period]) -> dict[str, str]:
    """The condition that tells a period from the others of a run."""
    return {YEAR: period.name} if len(periods) > 1 else {}


def _released(protected: Protected, name: str, totals: Mapping[Coordinates, float]) -> dict[Coordinates, Figure]:
    """Totals of an amount, as whole numbers: all of them or none, and only where each is of :data:`ENOUGH` units.

    One unit among so many moves a whole number by less than it is rounded by, or by little more.
    """
    table = protected.table(name)
    cells = [table.cell(*at) for at in product(*(axis.categories for axis in table.by)) if table[at].value != 0]
    return {at: protected.release(total, rests_on=cells, least=ENOUGH, digits=0) for at, total in totals.items()}


def newest(returns: Sequence[Return], standard: Standard) -> Cases:
    """The return of the newest period."""
    return max((Cases(given, standard) for given in returns), key=lambda one: period_of(one).start)


def declared(returns: Sequence[Return], standard: Standard) -> tuple[int, str]:
    """The policy that returns declare of themselves, the strictest of all: the threshold below which counts are hidden,
    never less than :data:`LOWEST_THRESHOLD`, and what becomes of noughts.
    """
    said = [Cases(given, standard).frame("dataset").collect() for given in returns]
    largest = [value for rows in said for value in rows["suppression_threshold"] if value is not None]
    zeros = {value for rows in said for value in rows["zero_policy"]}
    threshold = max([LOWEST_THRESHOLD, *(value + 1 for value in largest)])
    return threshold, STRICT if STRICT in zeros else Policy().zero_policy


def period_of(cases: Cases) -> Period:
    """What a return says that it is of. Raises :class:`~rdac_validator.findings.InputError` where it does not."""
    rows: list[dict[str, Any]] = cases.frame("dataset").collect().to_dicts()
    if len(rows) != 1 or not rows[0]["period_start"] or not rows[0]["period_end"]:
        raise InputError("a report needs a dataset table of one row that says where the period begins and ends")
    said = {name: str(rows[0].get(name) or NOT_STATED) for name in rows[0]}
    # text that is no code could be anything, and what stands in a cell is not printed
    shaped = re.search(cases.standard.table("dataset").column("la_code").pattern, said["la_code"])
    start, end = said["period_start"], said["period_end"]
    return Period(
        name=f"{start} to {end}",
        la_code=said["la_code"] if shaped else NOT_STATED,
        nation=said["nation"],
        start=start,
        end=end,
        recording_policy=said["recording_policy"],
        definition_frame=said["definition_frame"],
        deprivation_index=cases.index or NOT_STATED,
        system_changed=said.get("source_system_changed_on", NOT_STATED),
    )
