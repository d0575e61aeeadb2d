"""The road of a child through services: changes of status that follow one another."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Row, RowRule, Rule
from rdac_validator.tables import ROW, Tables

# A proposal, from what the law asks for first: an enquiry before a child protection plan, work with the family before
# the letter that opens pre-proceedings. A transfer from another area, an emergency and a return to any lower level are
# lawful from everywhere, so that little is ruled out.
NEVER_AFTER = {
    "pre_proceedings": ("not_open", "early_help", "closed"),
    "cp_plan_or_registered": ("early_help",),
}


class UnlawfulStep(RowRule):
    """A change of status cannot happen, or changes nothing.

    Why: stepping up and down is counted from these rows; a step that cannot be makes a revolving door of a typing slip.
    Fix: correct from_status or to_status, or add the step that was left out, such as the enquiry before a plan.
    """

    code = "RDAC250"
    severity = Severity.ERROR
    table = "status_event"
    columns = ("from_status", "to_status")
    message = "the step from from_status to to_status cannot happen, or changes nothing"
    sources = ("rdac-2026:6.4", "dfe-cin-rules:4001")
    requirements = ("R24",)
    good: tuple[Row, ...] = (
        {"from_status": "not_open", "to_status": "cp_plan_or_registered"},
        {"from_status": "section_47_or_investigation", "to_status": "cp_plan_or_registered"},
        {"from_status": "cp_plan_or_registered", "to_status": "pre_proceedings"},
        {"from_status": "closed", "to_status": "early_help"},
        {"from_status": "not_recorded", "to_status": "closed"},
        {"from_status": "closed", "to_status": "not_recorded"},
    )
    bad: tuple[Row, ...] = (
        {"from_status": "child_in_need", "to_status": "child_in_need"},
        {"from_status": "closed", "to_status": "not_open"},
        {"from_status": "not_recorded", "to_status": "not_open"},
        {"from_status": "early_help", "to_status": "cp_plan_or_registered"},
        {"from_status": "closed", "to_status": "pre_proceedings"},
    )

    def valid(self) -> nw.Expr:
        """Another status, not "never known", and not one that needs a step in between."""
        before, after = nw.col("from_status"), nw.col("to_status")
        right = (before != after) & (after != "not_open")
        for status, never in NEVER_AFTER.items():
            right = right & ~((after == status) & before.is_in(never))
        return right


class BrokenChain(Rule):
    """A change of status does not begin where the child's change before it ended.

    Why: a child has one status at a time; where the chain breaks, a step is missing or two plans run side by side.
    Fix: add the change that was left out, or correct the date or a status; end one plan before the next begins.
    """

    code = "RDAC340"
    severity = Severity.ERROR
    table = "status_event"
    columns = ("child_id", "event_date", "from_status", "to_status")
    message = "from_status is not the status in which the child's change before this one ended"
    sources = ("rdac-2026:6.4", "dfe-cin-rules:4001", "dfe-cin-rules:4016")
    requirements = ("R24",)
    _open = {"child_id": "c1", "event_date": "2024-01-05", "from_status": "not_open", "to_status": "assessment"}
    _plan = {"child_id": "c1", "event_date": "2024-02-10", "from_status": "assessment", "to_status": "child_in_need"}
    _closed = {"child_id": "c1", "event_date": "2024-06-01", "from_status": "child_in_need", "to_status": "closed"}
    _same_day = _plan | {"from_status": "child_in_need", "to_status": "cp_plan_or_registered"}
    _other = {"child_id": "c2", "event_date": "2024-01-05", "from_status": "not_open", "to_status": "child_in_need"}
    _plan_of_other = {"from_status": "child_in_need", "to_status": "closed"}
    _year_before = {"event_date": "2023-01-05", "to_status": "child_in_need"}
    _unknown = {"to_status": "not_recorded"}
    good: tuple[Case, ...] = (
        {"status_event": [_closed, _open, _plan]},
        {"status_event": [_open, _plan | {"event_date": "2024-01-05"}, _closed]},
        {"status_event": [_open, _plan, _same_day]},
        {"status_event": [_open, _closed | {"child_id": "c2"}]},
        {"status_event": [_open | {"to_status": "not_recorded"}, _closed]},
        {"status_event": [_open, _closed | {"from_status": "not_recorded"}]},
        {"status_event": [_open, _other | {"event_date": "2023-12-01"}, _other | _plan_of_other]},
    )
    bad: tuple[Case, ...] = (
        {"status_event": [_closed, _open]},
        {"status_event": [_closed | {"from_status": "not_open"}, _open, _plan]},
        {"status_event": [_plan | {"from_status": "cp_plan_or_registered"}, _open, _closed]},
        {"status_event": [_closed, _open, _other, _other | {"child_id": "c3", "event_date": "2024-06-01"}]},
        {"status_event": [_closed, _open | {"from_status": "child_in_need"}, _open | _year_before]},
        {"status_event": [_closed, _open, _other | {"to_status": "not_recorded"}]},
        {"status_event": [_closed, _open | {"from_status": "not_recorded"}, _open | _year_before | _unknown]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Changes with an earlier one of the same child; those of one day may stand in any order."""
        rows = tables[self.table].select(ROW, *self.columns)
        days = rows.select("child_id", "event_date").unique()
        earlier = nw.col("event_date").shift(1).over("child_id", order_by="event_date")
        dated = rows.join(days.with_columns(earlier.alias("earlier")), on=["child_id", "event_date"], how="left")
        ended = rows.select("child_id", "event_date", nw.col("to_status").alias("from_status")).unique()
        unknown = rows.filter(nw.col("to_status").is_null()).select("child_id", "event_date").unique()
        then = {"event_date": "earlier"}
        joined = (
            dated.join(_marked(ended, "today"), on=["child_id", "event_date", "from_status"], how="left")
            .join(_marked(ended.rename(then), "before"), on=["child_id", "earlier", "from_status"], how="left")
            .join(_marked(unknown.rename(then), "unknown"), on=["child_id", "earlier"], how="left")
        )
        linked = ~(nw.col("today").is_null() & nw.col("before").is_null() & nw.col("unknown").is_null())
        judged = joined.filter(~nw.col("earlier").is_null(), ~nw.col("from_status").is_null())
        return judged.select(ROW, linked.alias(VALID))


def _marked(rows: Frame, name: str) -> Frame:
    return rows.with_columns(nw.lit(value=True).alias(name))
