"""DfE rules on child in need plans, and on such a plan beside a child protection plan."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    END,
    CinRule,
    census_file,
    clashing,
    count,
    ended_before,
    in_census,
    nth_open,
    present,
    tally,
)
from rdac_validator.tables import Tables


class PlanOnNfa(CinRule):
    """A referral with no further action has a child in need plan.

    Why: a plan is further action, so either the flag or the plan is wrong.
    Fix: set ReferralNFA to false, or move the plan to its episode.
    """

    code = "4000"
    table = "cin_plan"
    columns = ("CINPlanStartDate",)
    message = "CIN Plan details provided for a referral with no further action"
    parents = {"cin_episode": ("ReferralNFA",)}
    good = (census_file(cin_plan=[{}], cin_episode=[{"ReferralNFA": "false"}]),)
    bad = (census_file(cin_plan=[{}], cin_episode=[{"ReferralNFA": "true"}]),)

    def valid(self) -> nw.Expr:
        """The referral led to further action."""
        return ~nw.col("ReferralNFA")


class BothPlansOpen(CinRule):
    """A child has an open child in need plan and an open child protection plan.

    Why: a child protection plan takes the place of a child in need plan; both open count the child twice.
    Fix: end the plan that was replaced.
    """

    code = "4001"
    table = "cin_plan"
    columns = ("CINPlanEndDate",)
    message = "A CIN Plan cannot run concurrently with a Child Protection Plan: both are open"
    others = ("cin_cpp",)
    requirements = ("DfE", "R24")
    good = (
        census_file(cin_plan=[{"CINPlanEndDate": "2024-06-01"}], cin_cpp=[{}]),
        census_file(cin_plan=[{}], cin_cpp=[{"CPPendDate": "2024-06-01"}]),
    )
    bad = (census_file(cin_plan=[{}], cin_cpp=[{}]),)

    def rows(self, tables: Tables) -> Frame:
        """Child in need plans with the number of the child's open child protection plans."""
        still_open = (~present("CPPendDate")).cast(nw.Int64).sum()
        return tally(tables.as_written(self.table), tables, "cin_cpp", "child_no", protected=still_open)

    def applies(self) -> nw.Expr:
        """Open child in need plans."""
        return ~present("CINPlanEndDate")

    def valid(self) -> nw.Expr:
        """No open child protection plan."""
        return count("protected") == 0


class TwoOpenPlans(CinRule):
    """A child has more than one open child in need plan.

    Why: a child has one plan at a time; the second one hides when the first one ended.
    Fix: end the plan that was replaced.
    """

    code = "4004"
    table = "cin_plan"
    columns = ("CINPlanStartDate", "CINPlanEndDate")
    message = "This child is showing more than one open CIN Plan, i.e. with no End Date: another one started before"
    _open = {"CINPlanStartDate": "2024-05-01"}
    good = (census_file(cin_plan=[_open, _open | {"CINPlanEndDate": "2024-06-01"}, _open | {"child_no": "2"}]),)
    bad = (census_file(cin_plan=[{"CINPlanStartDate": "2024-06-01"}, _open]),)

    def rows(self, tables: Tables) -> Frame:
        """Plans, the open ones of a child numbered."""
        return nth_open(tables.as_written(self.table), ~present("CINPlanEndDate"), "child_no", "CINPlanStartDate")

    def applies(self) -> nw.Expr:
        """Open plans."""
        return nw.col("nth") > 0

    def valid(self) -> nw.Expr:
        """No other one before it."""
        return nw.col("nth") == 1


class PlanStartMissing(CinRule):
    """The start of a child in need plan is missing, is no date, or lies after the census year.

    Why: a plan without a start cannot be placed beside the assessments and protection plans of the child.
    Fix: give the day on which the plan began.
    """

    code = "4010"
    table = "cin_plan"
    columns = ("CINPlanStartDate",)
    message = "CIN Plan start date is missing or out of data collection period"
    good = (census_file(cin_plan=[{"CINPlanStartDate": "2025-03-31"}]),)
    bad = (census_file(cin_plan=[{}]), census_file(cin_plan=[{"CINPlanStartDate": "2025-04-01"}]))

    def valid(self) -> nw.Expr:
        """A date by the end of the census year."""
        return (nw.col("CINPlanStartDate") <= nw.col(END)).fill_null(value=False)


class PlanEndsBeforeStart(CinRule):
    """A child in need plan ends before it starts.

    Why: one of the two dates is wrong.
    Fix: correct the date that is wrong.
    """

    code = "4011"
    table = "cin_plan"
    columns = ("CINPlanEndDate", "CINPlanStartDate")
    message = "CIN Plan End Date earlier than Start Date"
    good = (
        census_file(cin_plan=[{"CINPlanStartDate": "2024-05-01", "CINPlanEndDate": "2024-05-02"}]),
        census_file(cin_plan=[{"CINPlanStartDate": "2024-05-01", "CINPlanEndDate": "2024-05-01"}]),
    )
    bad = (census_file(cin_plan=[{"CINPlanStartDate": "2024-05-02", "CINPlanEndDate": "2024-05-01"}]),)

    def applies(self) -> nw.Expr:
        """Plans with both dates."""
        return present("CINPlanStartDate") & present("CINPlanEndDate")

    def valid(self) -> nw.Expr:
        """Ended on or after the start."""
        return nw.col("CINPlanEndDate") >= nw.col("CINPlanStartDate")


class PlanOfOneDay(CinRule):
    """A child in need plan starts and ends on the same day.

    Why: a plan of one day is usually a slip of the system, or a plan that was replaced at once.
    Fix: correct the dates, remove the plan, or give the reason.
    """

    code = "4012Q"
    table = "cin_plan"
    columns = ("CINPlanStartDate", "CINPlanEndDate")
    message = "Please check and either amend or provide a reason: CIN Plan shown as starting and ending on the same day"
    good = (census_file(cin_plan=[{"CINPlanStartDate": "2024-05-01", "CINPlanEndDate": "2024-05-02"}]),)
    bad = (census_file(cin_plan=[{"CINPlanStartDate": "2024-05-01", "CINPlanEndDate": "2024-05-01"}]),)

    def applies(self) -> nw.Expr:
        """Plans with both dates."""
        return present("CINPlanStartDate") & present("CINPlanEndDate")

    def valid(self) -> nw.Expr:
        """Two different days."""
        return nw.col("CINPlanEndDate") != nw.col("CINPlanStartDate")


class PlanEndsOutsideYear(CinRule):
    """A child in need plan ends outside the census year.

    Why: a plan that ended earlier belongs to an earlier census, one that ended later was still open.
    Fix: correct the date, or leave the plan out.
    """

    code = "4013"
    table = "cin_plan"
    columns = ("CINPlanEndDate",)
    message = "CIN Plan end date must fall within the census year"
    good = (census_file(cin_plan=[{"CINPlanEndDate": "2025-03-31"}]),)
    bad = (
        census_file(cin_plan=[{"CINPlanEndDate": "2025-04-01"}]),
        census_file(cin_plan=[{"CINPlanEndDate": "2024-03-31"}]),
    )

    def applies(self) -> nw.Expr:
        """Plans that have ended."""
        return present("CINPlanEndDate")

    def valid(self) -> nw.Expr:
        """Ended in the census year."""
        return in_census("CINPlanEndDate")


class PlansOverlap(CinRule):
    """A child in need plan starts before an earlier one of the child has ended.

    Why: a child has one plan at a time.
    Fix: correct the dates, or merge the plans.
    """

    code = "4014"
    table = "cin_plan"
    columns = ("CINPlanStartDate", "CINPlanEndDate")
    message = "CIN Plan data contains overlapping dates"
    _first = {"CINPlanStartDate": "2024-05-01", "CINPlanEndDate": "2024-06-01"}
    good = (census_file(cin_plan=[_first, {"CINPlanStartDate": "2024-06-01"}]),)
    bad = (
        census_file(cin_plan=[{"CINPlanStartDate": "2024-05-31"}, _first]),
        census_file(cin_plan=[{"CINPlanStartDate": "2024-07-01"}, _first | {"CINPlanEndDate": ""}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Plans with the latest end among the child's earlier ones."""
        start, end = self.columns
        return ended_before(tables.as_written(self.table), start, end, "child_no")

    def valid(self) -> nw.Expr:
        """Started when the earlier ones had ended."""
        return nw.col("CINPlanStartDate") >= nw.col("taken_until")


class PlanBeforeReferral(CinRule):
    """A child in need plan starts before the referral of its episode.

    Why: one of the dates is wrong, or the plan belongs to an earlier episode.
    Fix: correct the date that is wrong, or move the plan.
    """

    code = "4015"
    table = "cin_plan"
    columns = ("CINPlanStartDate",)
    message = "The CIN Plan start date cannot be before the referral date"
    parents = {"cin_episode": ("CINreferralDate",)}
    _referred = {"CINreferralDate": "2024-05-01"}
    good = (census_file(cin_episode=[_referred], cin_plan=[{"CINPlanStartDate": "2024-05-01"}]),)
    bad = (census_file(cin_episode=[_referred], cin_plan=[{"CINPlanStartDate": "2024-04-30"}]),)

    def applies(self) -> nw.Expr:
        """Plans with a start in episodes with a referral date."""
        return present("CINPlanStartDate") & present("CINreferralDate")

    def valid(self) -> nw.Expr:
        """Started on or after the referral."""
        return nw.col("CINPlanStartDate") >= nw.col("CINreferralDate")


class PlanDuringProtection(CinRule):
    """A child in need plan starts while the child has a child protection plan.

    Why: a child protection plan takes the place of a child in need plan; both at once count the child twice.
    Fix: correct the dates so that one plan ends when the other begins.
    """

    code = "4016"
    table = "cin_plan"
    columns = ("CINPlanStartDate",)
    message = (
        "A CIN Plan has been reported as open at the same time as a Child Protection Plan: "
        "it starts during the Child Protection Plan"
    )
    others = ("cin_cpp",)
    requirements = ("DfE", "R24")
    _plan = {"CPPstartDate": "2024-05-01", "CPPendDate": "2024-06-01"}
    good = (
        census_file(cin_plan=[{"CINPlanStartDate": "2024-06-01"}], cin_cpp=[_plan]),
        census_file(cin_plan=[{"CINPlanStartDate": "2024-04-30"}], cin_cpp=[_plan]),
    )
    bad = (
        census_file(cin_plan=[{"CINPlanStartDate": "2024-05-31"}], cin_cpp=[_plan]),
        census_file(cin_plan=[{"CINPlanStartDate": "2024-07-01"}], cin_cpp=[_plan | {"CPPendDate": ""}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Child in need plans, and whether they start during a child protection plan."""
        rows = tables.as_written(self.table)
        return clashing(rows, tables, "CINPlanStartDate", ("cin_cpp", "CPPstartDate", "CPPendDate"), "child_no")

    def applies(self) -> nw.Expr:
        """Plans with a start."""
        return present("CINPlanStartDate")

    def valid(self) -> nw.Expr:
        """Not during a child protection plan."""
        return ~present("clash")
