"""The return as a whole: what it says of itself, days within its period, and answers that are worked out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import narwhals as nw

from rdac_validator.derive import of_dataset
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Row, RowRule, Rule
from rdac_validator.tables import ROW, Tables

TWELVE_MONTHS = timedelta(days=365)  # the shortest that twelve months can be
LEVELS = {"child_in_need": ("not_cin",), "cp_plan_or_registered": ("not_cin", "cin_only")}


class PeriodEndsBeforeItBegins(RowRule):
    """The period of the return ends before it begins.

    Why: every count is a count within the period.
    Fix: correct period_start or period_end.
    """

    code = "RDAC270"
    severity = Severity.ERROR
    table = "dataset"
    columns = ("period_start", "period_end")
    message = "period_end is before period_start"
    sources = ("rdac-2026:app-1",)
    requirements = ("R43",)
    good: tuple[Row, ...] = (
        {"period_start": "2023-04-01", "period_end": "2024-03-31"},
        {"period_start": "2023-04-01", "period_end": "2023-04-01"},
        {"period_start": "2023-04-01"},
    )
    bad: tuple[Row, ...] = ({"period_start": "2023-04-01", "period_end": "2023-03-31"},)

    def valid(self) -> nw.Expr:
        """The last day is the first day or later."""
        return nw.col("period_end") >= nw.col("period_start")


class NothingInTheReturn(Rule):
    """The return holds no person or no episode.

    Why: an export that went wrong often leaves the header lines alone; such a return passes every check on its rows.
    Fix: export again, and look at the selection and the period that were asked for.
    """

    code = "RDAC376"
    severity = Severity.ERROR
    table = "dataset"
    columns = ("la_code",)
    message = "the table person or the table episode has no rows"
    sources = ("rdac-2026:app-1",)
    requirements = ("R43",)
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"person": ("person_id",), "episode": ("episode_id",)}
    _row = {"la_code": "201"}
    good: tuple[Case, ...] = (
        {"dataset": [_row], "person": [{"person_id": "p1"}], "episode": [{"episode_id": "e1"}]},
        {"dataset": [], "person": [], "episode": []},
    )
    bad: tuple[Case, ...] = (
        {"dataset": [_row], "person": [{"person_id": "p1"}], "episode": []},
        {"dataset": [_row], "person": [], "episode": [{"episode_id": "e1"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """The row about the return, with how many persons and episodes there are."""
        rows = tables[self.table].select(ROW)
        for name, (key,) in self.needs.items():
            rows = rows.join(tables[name].select(nw.col(key).len().alias(name)), how="cross")
        return rows.select(ROW, ((nw.col("person") > 0) & (nw.col("episode") > 0)).alias(VALID))


class ClosedBeforeReferral(RowRule):
    """An episode was closed before it was opened.

    Why: how long cases stay open and which come back is worked out from these days.
    Fix: correct referral_date or closure_date.
    """

    code = "RDAC271"
    severity = Severity.ERROR
    table = "episode"
    columns = ("referral_date", "closure_date")
    message = "closure_date is before referral_date"
    sources = ("dfe-cin-rules:8620", "rdac-2026:supp-1.1")
    requirements = ("R24",)
    good: tuple[Row, ...] = (
        {"referral_date": "2024-03-01", "closure_date": "2024-03-01"},
        {"referral_date": "not_recorded", "closure_date": "2024-03-01"},
        {"referral_date": "2024-03-01"},
    )
    bad: tuple[Row, ...] = ({"referral_date": "2024-03-01", "closure_date": "2024-02-29"},)

    def valid(self) -> nw.Expr:
        """On the same day or later."""
        return nw.col("closure_date") >= nw.col("referral_date")


class SystemChangedOutsidePeriod(RowRule):
    """The day on which the source system changed is not within the period of the return.

    Why: the day tells readers where in the period counts may jump because the system did; outside it, it tells nothing.
    Fix: correct the day, or leave it blank if the system did not change within the period.
    """

    code = "RDAC272"
    severity = Severity.QUERY
    table = "dataset"
    columns = ("period_start", "period_end", "source_system_changed_on")
    message = "source_system_changed_on is not between period_start and period_end"
    sources = ("rdac-2026:app-1",)
    requirements = ("R43",)
    _period = {"period_start": "2023-04-01", "period_end": "2024-03-31"}
    good: tuple[Row, ...] = (
        _period | {"source_system_changed_on": "2023-04-01"},
        _period | {"source_system_changed_on": "2024-03-31"},
        _period,
    )
    bad: tuple[Row, ...] = (
        _period | {"source_system_changed_on": "2023-03-31"},
        _period | {"source_system_changed_on": "2024-04-01"},
    )

    def valid(self) -> nw.Expr:
        """From the first day to the last."""
        changed = nw.col("source_system_changed_on")
        return (changed >= nw.col("period_start")) & (changed <= nw.col("period_end"))


class NotOneDataset(Rule):
    """The table that describes the return has more than one row, or none.

    Why: two periods, nations or definitions in one return are never added together, and nobody could say which row
    belongs to which.
    Fix: make one return for each authority and period, with one row in dataset.
    """

    code = "RDAC370"
    severity = Severity.ERROR
    table = "dataset"
    columns = ("la_code",)
    message = "dataset does not have exactly one row; this is not the last of them, or there is none"
    sources = ("rdac-2026:app-1",)
    requirements = ("R43",)
    good: tuple[Case, ...] = ({"dataset": [{"la_code": "301"}]}, {"dataset": [{"source_system": "a system"}]})
    bad: tuple[Case, ...] = ({"dataset": [{"la_code": "301"}, {"la_code": "302"}]},)

    def cases(self, tables: Tables) -> Frame:
        """Every row; where there is none, the line of the headers."""
        rows = tables[self.table].select(ROW)
        last = rows.select(nw.col(ROW).max().alias("last"), nw.len().alias("rows"))
        judged = rows.join(last, how="cross").select(ROW, (nw.col(ROW) == nw.col("last")).alias(VALID))
        header = nw.lit(1).cast(tables[self.table].collect_schema()[ROW]).alias(ROW)
        empty = last.filter(nw.col("rows") == 0).with_columns(header, nw.lit(value=False).alias(VALID))
        return nw.concat([judged, empty.select(ROW, VALID)])


class AfterPeriod(Rule, abstract=True):
    """``day`` of the table lies after the last day of the return's period."""

    day: ClassVar[str]
    severity = Severity.ERROR
    sources: ClassVar[tuple[str, ...]] = ("rdac-2026:app-1",)
    requirements: ClassVar[tuple[str, ...]] = ("R43",)
    needs = {"dataset": ("period_end",)}

    def cases(self, tables: Tables) -> Frame:
        """Rows with a day."""
        rows = tables[self.table].filter(~nw.col(self.day).is_null())
        ends = rows.join(of_dataset(tables, "period_end"), how="cross")
        return ends.select(ROW, (nw.col(self.day) <= nw.col("period_end")).alias(VALID))


_ENDS = {"dataset": [{"period_end": "2024-03-31"}]}


class ReferredAfterPeriod(AfterPeriod):
    """An episode began after the period of the return.

    Why: a return says what was known by its last day; later days are slips, or belong to the next return.
    Fix: correct referral_date or period_end, or leave the episode to the next return.
    """

    code = "RDAC371"
    table = "episode"
    columns = ("referral_date",)
    day = "referral_date"
    message = "referral_date is after period_end of the dataset"
    good: tuple[Case, ...] = (
        _ENDS | {"episode": [{"referral_date": "2024-03-31"}, {"referral_date": "not_recorded"}]},
        {"dataset": [{}], "episode": [{"referral_date": "2024-04-01"}]},
    )
    bad: tuple[Case, ...] = (_ENDS | {"episode": [{"referral_date": "2024-04-01"}, {"referral_date": "2024-03-31"}]},)


class ClosedAfterPeriod(AfterPeriod):
    """An episode was closed after the period of the return.

    Why: a return says what was known by its last day; on that day the case was open.
    Fix: correct closure_date or period_end; if the case was open on the last day, leave closure_date blank.
    """

    code = "RDAC372"
    table = "episode"
    columns = ("closure_date",)
    day = "closure_date"
    message = "closure_date is after period_end of the dataset"
    good: tuple[Case, ...] = (
        _ENDS | {"episode": [{"closure_date": "2024-03-31"}, {"closure_reason": "not_applicable"}]},
        {"dataset": [{}], "episode": [{"closure_date": "2024-04-01"}]},
    )
    bad: tuple[Case, ...] = (_ENDS | {"episode": [{"closure_date": "2024-04-01"}, {"closure_date": "2024-03-31"}]},)


class AssessedAfterPeriod(AfterPeriod):
    """An assessment was completed after the period of the return.

    Why: a return says what was known by its last day; on that day the assessment was under way.
    Fix: correct assessment_date or period_end; if it was under way on the last day, put not_applicable.
    """

    code = "RDAC373"
    table = "assessment"
    columns = ("assessment_date",)
    day = "assessment_date"
    message = "assessment_date is after period_end of the dataset"
    good: tuple[Case, ...] = (
        _ENDS | {"assessment": [{"assessment_date": "2024-03-31"}, {"assessment_date": "not_applicable"}]},
        {"dataset": [{}], "assessment": [{"assessment_date": "2024-04-01"}]},
    )
    bad: tuple[Case, ...] = (_ENDS | {"assessment": [{"assessment_date": "2024-04-01"}, {}]},)


class StatusChangedAfterPeriod(AfterPeriod):
    """A status changed after the period of the return.

    Why: a return says what was known by its last day; a later change belongs to the next.
    Fix: correct event_date or period_end, or leave the change to the next return.
    """

    code = "RDAC374"
    table = "status_event"
    columns = ("event_date",)
    day = "event_date"
    message = "event_date is after period_end of the dataset"
    good: tuple[Case, ...] = (
        _ENDS | {"status_event": [{"event_date": "2024-03-31"}]},
        {"dataset": [{}], "status_event": [{"event_date": "2024-04-01"}]},
    )
    bad: tuple[Case, ...] = (_ENDS | {"status_event": [{"event_date": "2024-04-01"}, {"event_date": "2024-03-31"}]},)


class PathwayBelowStatus(Rule):
    """The pathway of an episode is lower than a status that the child came to within it.

    Why: the pathway is the highest level of service; where it is too low, children with plans are counted without.
    Fix: work pathway out again from the plans, or correct the changes of status.
    """

    code = "RDAC380"
    severity = Severity.ERROR
    table = "episode"
    columns = ("child_id", "referral_date", "closure_date", "pathway")
    message = "pathway is lower than a status that status_event gives the child within the episode"
    sources = ("rdac-2026:table-5.3",)
    requirements = ("R24",)
    needs = {"status_event": ("child_id", "event_date", "to_status")}
    _in_need = {"status_event": [{"child_id": "c1", "event_date": "2024-02-01", "to_status": "child_in_need"}]}
    _plan = {"status_event": [{"child_id": "c1", "event_date": "2024-02-01", "to_status": "cp_plan_or_registered"}]}
    _episode = {"child_id": "c1", "referral_date": "2024-01-01", "closure_date": "2024-03-01"}
    good: tuple[Case, ...] = (
        _plan | {"episode": [_episode | {"pathway": "cp_plan"}]},
        _in_need | {"episode": [_episode | {"pathway": "cp_plan"}]},
        _in_need | {"episode": [_episode | {"pathway": "cin_only"}]},
        _in_need | {"episode": [_episode | {"pathway": "not_cin", "closure_date": "2024-02-01"}]},
        _plan | {"episode": [_episode | {"pathway": "cin_only", "referral_date": "2024-02-02"}]},
        _plan | {"episode": [_episode | {"pathway": "not_recorded"}]},
    )
    bad: tuple[Case, ...] = (
        _plan | {"episode": [_episode | {"pathway": "cin_only"}, _episode | {"child_id": "c2", "pathway": "not_cin"}]},
        _in_need | {"episode": [_episode | {"pathway": "not_cin", "referral_date": "2024-02-01"}]},
        _plan | {"episode": [_episode | {"pathway": "not_cin", "closure_date": ""}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Episodes with a pathway, once for each change of status within them; the day of closing is left out."""
        events = tables["status_event"].select("child_id", "event_date", "to_status")
        open_then = nw.col("closure_date").is_null() | (nw.col("event_date") < nw.col("closure_date"))
        pairs = tables[self.table].join(events, on="child_id")
        within = pairs.filter((nw.col("event_date") >= nw.col("referral_date")) & open_then)
        below = nw.lit(value=False)
        for status, lower in LEVELS.items():
            below = below | ((nw.col("to_status") == status) & nw.col("pathway").is_in(lower))
        return within.select(ROW, (~below).alias(VALID))


class ReReferralDenied(Rule):
    """A referral is marked as the first in twelve months although the return holds an earlier one.

    Why: children who come back are where services ended too soon; a wrong "no" hides them.
    Fix: work re_referral_within_12m out again from the referral dates of all episodes of the child.
    """

    code = "RDAC381"
    severity = Severity.ERROR
    table = "episode"
    columns = ("child_id", "referral_date", "re_referral_within_12m")
    message = "re_referral_within_12m is false, and another episode of the child began in the twelve months before"
    sources = ("rdac-2026:6.4",)
    requirements = ("R24",)
    _again = {"child_id": "c1", "referral_date": "2024-02-29"}
    good: tuple[Case, ...] = (
        {"episode": [_again | {"re_referral_within_12m": "true"}, _again | {"referral_date": "2023-03-01"}]},
        {"episode": [_again | {"re_referral_within_12m": "false"}, _again | {"referral_date": "2023-02-28"}]},
        {"episode": [_again | {"re_referral_within_12m": "false"}, _again | {"referral_date": "2024-03-01"}]},
        {"episode": [_again | {"re_referral_within_12m": "false"}, {"child_id": "c2", "referral_date": "2024-01-01"}]},
        {"episode": [_again | {"re_referral_within_12m": "true"}]},
    )
    bad: tuple[Case, ...] = (
        {"episode": [_again | {"re_referral_within_12m": "false"}, _again | {"referral_date": "2023-03-01"}]},
        {"episode": [_again | {"re_referral_within_12m": "false"}, _again | {"referral_date": "2024-02-28"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Episodes whose child has another, earlier one in the return, once for each."""
        rows = tables[self.table].filter(~nw.col("re_referral_within_12m").is_null())
        others = tables[self.table].select("child_id", nw.col("referral_date").alias("other"))
        since = nw.col("referral_date") - nw.col("other")
        earlier = rows.join(others, on="child_id").filter(since > nw.lit(timedelta(0)))
        return earlier.select(ROW, (nw.col("re_referral_within_12m") | (since > nw.lit(TWELVE_MONTHS))).alias(VALID))
