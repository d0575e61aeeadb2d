"""From returns to a publication: every metric that the data allow, counted together and protected together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rdac_validator import __version__
from rdac_validator.disclosure import Policy, Protected, protect
from rdac_validator.findings import InputError
from rdac_validator.metrics import METRICS, Cases, Headline, MetricInfo, Question, counted
from rdac_validator.standard import Standard
from rdac_validator.tables import Return

# a child is counted for an assessment; an episode need not have one
AT_MOST = (("child", "assessment"),)


@dataclass(frozen=True, slots=True)
class Period:
    """What one return is about, as its dataset says. ``name`` tells it from the others of the run."""

    name: str
    la_code: str
    nation: str
    start: str
    end: str
    recording_policy: str
    definition_frame: str


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


@dataclass(frozen=True, slots=True)
class Quality:
    """The data-quality report before it is drawn. It holds no count that may not be printed.

    ``dark`` are the metrics that could not be worked out, each with the columns by table that would have to be
    collected.
    """

    standard_version: str
    tool_version: str
    periods: tuple[Period, ...]
    metrics: Mapping[str, MetricInfo]
    asked: tuple[Asked, ...]
    dark: Mapping[tuple[str, str], Mapping[str, Sequence[str]]]
    protected: Protected


def measure(returns: Sequence[Return], standard: Standard, policy: Policy) -> Quality:
    """Work out every metric of one return, or of several years of an authority's returns, oldest first.

    Raises :class:`~rdac_validator.findings.InputError` where a return does not say what period it is of, or two are of
    one period.
    """
    cases = [Cases(given, standard) for given in returns]
    periods = tuple(map(_period, cases))
    if len({period.name for period in periods}) < len(periods):
        raise InputError("two of the returns are of one period: a report compares different periods")
    asked, dark, tables = [], {}, []
    for one, period in zip(cases, periods, strict=True):
        questions: list[Question] = []
        for metric in (metric() for metric in METRICS):
            lacking = metric.lacking(one)
            if lacking:
                dark[metric.code, period.name] = lacking
                continue
            found = list(metric.questions(one))
            questions += found
            asked += [Asked(metric.code, period, q.name, q.caption, q.unit, q.base, q.headline) for q in found]
        tables += counted(questions, period.name if len(periods) > 1 else "")
    return Quality(
        standard_version=standard.version,
        tool_version=__version__,
        periods=periods,
        metrics={metric.code: metric.info() for metric in METRICS},
        asked=tuple(asked),
        dark=dark,
        protected=protect(tables, policy, AT_MOST),
    )


def _period(cases: Cases) -> Period:
    rows: list[dict[str, Any]] = cases.frame("dataset").collect().to_dicts()
    if len(rows) != 1 or not rows[0]["period_start"] or not rows[0]["period_end"]:
        raise InputError("a report needs a dataset table of one row that says where the period begins and ends")
    said = {name: str(rows[0].get(name) or "not stated") for name in rows[0]}
    start, end = said["period_start"], said["period_end"]
    return Period(
        f"{start} to {end}",
        said["la_code"],
        said["nation"],
        start,
        end,
        said["recording_policy"],
        said["definition_frame"],
    )
