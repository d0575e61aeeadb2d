"""DfE rules on child protection plans and their reviews."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    END,
    CinRule,
    CodeRule,
    census_file,
    clashing,
    ended_before,
    in_census,
    nth_open,
    present,
)
from rdac_validator.tables import Tables


class ProtectionDuringPlan(CinRule):
    """A child protection plan starts while the child still has a child in need plan.

    Why: a child protection plan takes the place of a child in need plan; both at once count the child twice.
    Fix: end the child in need plan on the day on which the child protection plan starts.
    """

    code = "4017"
    table = "cin_cpp"
    columns = ("CPPstartDate",)
    message = (
        "A CIN Plan has been reported as open at the same time as a Child Protection Plan: "
        "the Child Protection Plan starts during it"
    )
    others = ("cin_plan",)
    requirements = ("DfE", "R24")
    _plan = {"CINPlanStartDate": "2024-05-01", "CINPlanEndDate": "2024-06-01"}
    good = (census_file(cin_cpp=[{"CPPstartDate": "2024-06-01"}], cin_plan=[_plan]),)
    bad = (
        census_file(cin_cpp=[{"CPPstartDate": "2024-05-31"}], cin_plan=[_plan]),
        census_file(cin_cpp=[{"CPPstartDate": "2024-07-01"}], cin_plan=[_plan | {"CINPlanEndDate": ""}]),
        census_file(
            cin_cpp=[{"CPPstartDate": "2024-05-31"}, {"CPPstartDate": "2024-05-31", "child_no": "2"}], cin_plan=[_plan]
        ),
        census_file(cin_cpp=[{"CPPstartDate": "2024-05-31"}, {"CPPstartDate": "2024-07-01"}], cin_plan=[_plan]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Child protection plans, and whether they start during a child in need plan."""
        rows = tables.as_written(self.table)
        return clashing(rows, tables, "CPPstartDate", ("cin_plan", "CINPlanStartDate", "CINPlanEndDate"), "child_no")

    def applies(self) -> nw.Expr:
        """Plans with a start."""
        return present("CPPstartDate")

    def valid(self) -> nw.Expr:
        """Not during a child in need plan."""
        return ~present("clash")


class ProtectionOnNfa(CinRule):
    """A referral with no further action has a child protection plan.

    Why: a plan is further action, so either the flag or the plan is wrong.
    Fix: set ReferralNFA to false, or move the plan to its episode.
    """

    code = "8832"
    table = "cin_cpp"
    columns = ("CPPstartDate",)
    message = "Child Protection details provided for a referral with no further action."
    parents = {"cin_episode": ("ReferralNFA",)}
    good = (census_file(cin_cpp=[{}], cin_episode=[{"ReferralNFA": "false"}]),)
    bad = (census_file(cin_cpp=[{}], cin_episode=[{"ReferralNFA": "true"}]),)

    def valid(self) -> nw.Expr:
        """The referral led to further action."""
        return ~nw.col("ReferralNFA")


class ProtectionBeforeReferral(CinRule):
    """A child protection plan starts before the referral of its episode.

    Why: one of the dates is wrong, or the plan belongs to an earlier episode.
    Fix: correct the date that is wrong, or move the plan.
    """

    code = "1105"
    table = "cin_cpp"
    columns = ("CPPstartDate",)
    message = "The child protection plan start date cannot be before the referral date"
    parents = {"cin_episode": ("CINreferralDate",)}
    _referred = {"CINreferralDate": "2024-05-01"}
    good = (census_file(cin_episode=[_referred], cin_cpp=[{"CPPstartDate": "2024-05-01"}]),)
    bad = (census_file(cin_episode=[_referred], cin_cpp=[{"CPPstartDate": "2024-04-30"}]),)

    def applies(self) -> nw.Expr:
        """Plans with a start in episodes with a referral date."""
        return present("CPPstartDate") & present("CINreferralDate")

    def valid(self) -> nw.Expr:
        """Started on or after the referral."""
        return nw.col("CPPstartDate") >= nw.col("CINreferralDate")


class ProtectionStartMissing(CinRule):
    """The start of a child protection plan is missing, is no date, or lies after the census year.

    Why: a plan without a start cannot be placed beside the conferences and reviews of the child.
    Fix: give the day on which the plan began.
    """

    code = "8720"
    table = "cin_cpp"
    columns = ("CPPstartDate",)
    message = "Child Protection Plan Start Date missing or out of data collection period"
    good = (census_file(cin_cpp=[{"CPPstartDate": "2025-03-31"}]),)
    bad = (census_file(cin_cpp=[{}]), census_file(cin_cpp=[{"CPPstartDate": "2025-04-01"}]))

    def valid(self) -> nw.Expr:
        """A date by the end of the census year."""
        return (nw.col("CPPstartDate") <= nw.col(END)).fill_null(value=False)


class ProtectionOfOneDay(CinRule):
    """A child protection plan starts and ends on the same day.

    Why: a conference starts a plan and a later one ends it, so one of the dates is wrong.
    Fix: correct the dates, or remove the plan.
    """

    code = "8840"
    table = "cin_cpp"
    columns = ("CPPstartDate", "CPPendDate")
    message = "Child Protection Plan cannot start and end on the same day"
    good = (census_file(cin_cpp=[{"CPPstartDate": "2024-05-01", "CPPendDate": "2024-05-02"}]),)
    bad = (census_file(cin_cpp=[{"CPPstartDate": "2024-05-01", "CPPendDate": "2024-05-01"}]),)

    def applies(self) -> nw.Expr:
        """Plans with both dates."""
        return present("CPPstartDate") & present("CPPendDate")

    def valid(self) -> nw.Expr:
        """Two different days."""
        return nw.col("CPPstartDate") != nw.col("CPPendDate")


class ReviewBeforePlan(CinRule):
    """A review of a child protection plan is dated on the day on which the plan starts, or before it.

    Why: a review looks back on a plan; one of the dates is wrong.
    Fix: correct the date that is wrong.
    """

    code = "8841"
    table = "cin_review"
    columns = ("CPPreviewDate",)
    message = "The review date cannot be on the same day or before the Child protection Plan start date."
    parents = {"cin_cpp": ("CPPstartDate",)}
    _plan = {"CPPstartDate": "2024-05-01"}
    good = (census_file(cin_review=[{"CPPreviewDate": "2024-05-02"}], cin_cpp=[_plan]),)
    bad = (census_file(cin_review=[{"CPPreviewDate": "2024-05-01"}], cin_cpp=[_plan]),)

    def applies(self) -> nw.Expr:
        """Reviews with a date, of plans with a start."""
        return present("CPPreviewDate") & present("CPPstartDate")

    def valid(self) -> nw.Expr:
        """After the start."""
        return nw.col("CPPreviewDate") > nw.col("CPPstartDate")


class InitialCategoryMissing(CodeRule):
    """The initial category of abuse is missing or is not a code of the census list.

    Why: it is the only word in the return for why the child was protected; domestic abuse has none of its own.
    Fix: give a code of the list.
    """

    code = "8905"
    table = "cin_cpp"
    columns = ("InitialCategoryOfAbuse",)
    code_list = "CinCategoryOfAbuse"
    message = "Initial Category of Abuse code missing or invalid (see Category of Abuse table in CIN Census code set)"
    good = (census_file(cin_cpp=[{"InitialCategoryOfAbuse": "EMO"}]),)
    bad = (
        census_file(cin_cpp=[{"InitialCategoryOfAbuse": ""}]),
        census_file(cin_cpp=[{"InitialCategoryOfAbuse": "N"}]),
    )


class LatestCategoryMissing(CodeRule):
    """The latest category of abuse is missing or is not a code of the census list.

    Why: together with the initial category it shows whether the view of the case has changed.
    Fix: give a code of the list; the initial one if it did not change.
    """

    code = "8910"
    table = "cin_cpp"
    columns = ("LatestCategoryOfAbuse",)
    code_list = "CinCategoryOfAbuse"
    message = "Latest Category of Abuse code missing or invalid (see Category of Abuse table in CIN Census code set)"
    good = (census_file(cin_cpp=[{"LatestCategoryOfAbuse": "MUL"}]),)
    bad = (census_file(cin_cpp=[{"LatestCategoryOfAbuse": ""}]), census_file(cin_cpp=[{"LatestCategoryOfAbuse": "N"}]))


class ProtectionEndsBeforeStart(CinRule):
    """A child protection plan ends before it starts.

    Why: one of the two dates is wrong.
    Fix: correct the date that is wrong.
    """

    code = "8925"
    table = "cin_cpp"
    columns = ("CPPstartDate", "CPPendDate")
    message = "Child Protection Plan End Date earlier than Start Date"
    good = (
        census_file(cin_cpp=[{"CPPstartDate": "2024-05-01", "CPPendDate": "2024-05-02"}]),
        census_file(cin_cpp=[{"CPPstartDate": "2024-05-01", "CPPendDate": "2024-05-01"}]),
    )
    bad = (census_file(cin_cpp=[{"CPPstartDate": "2024-05-02", "CPPendDate": "2024-05-01"}]),)

    def applies(self) -> nw.Expr:
        """Plans with both dates."""
        return present("CPPstartDate") & present("CPPendDate")

    def valid(self) -> nw.Expr:
        """Ended on or after the start."""
        return nw.col("CPPendDate") >= nw.col("CPPstartDate")


class ProtectionEndsOutsideYear(CinRule):
    """A child protection plan ends outside the census year.

    Why: a plan that ended earlier belongs to an earlier census, one that ended later was still open.
    Fix: correct the date, or leave the plan out.
    """

    code = "8930"
    table = "cin_cpp"
    columns = ("CPPendDate",)
    message = "Child Protection Plan End Date must fall within the census year"
    good = (census_file(cin_cpp=[{"CPPendDate": "2025-03-31"}]),)
    bad = (census_file(cin_cpp=[{"CPPendDate": "2025-04-01"}]), census_file(cin_cpp=[{"CPPendDate": "2024-03-31"}]))

    def applies(self) -> nw.Expr:
        """Plans that have ended."""
        return present("CPPendDate")

    def valid(self) -> nw.Expr:
        """Ended in the census year."""
        return in_census("CPPendDate")


class TwoOpenProtectionPlans(CinRule):
    """A child has more than one open child protection plan.

    Why: a child has one plan at a time; the second one hides when the first one ended.
    Fix: end the plan that was replaced.
    """

    code = "8935"
    table = "cin_cpp"
    columns = ("CPPstartDate", "CPPendDate")
    message = (
        "This child is showing more than one open Child Protection plan, i.e. with no End Date: "
        "another one started before"
    )
    _open = {"CPPstartDate": "2024-05-01"}
    good = (census_file(cin_cpp=[_open, _open | {"CPPendDate": "2024-06-01"}, _open | {"child_no": "2"}]),)
    bad = (census_file(cin_cpp=[{"CPPstartDate": "2024-06-01"}, _open]),)

    def rows(self, tables: Tables) -> Frame:
        """Plans, the open ones of a child numbered."""
        return nth_open(tables.as_written(self.table), ~present("CPPendDate"), "child_no", "CPPstartDate")

    def applies(self) -> nw.Expr:
        """Open plans."""
        return nw.col("nth") > 0

    def valid(self) -> nw.Expr:
        """No other one before it."""
        return nw.col("nth") == 1


class ProtectionPlansOverlap(CinRule):
    """A child protection plan starts before an earlier one of the child has ended.

    Why: a child has one plan at a time.
    Fix: correct the dates, or merge the plans.
    """

    code = "8940"
    table = "cin_cpp"
    columns = ("CPPstartDate", "CPPendDate")
    message = "Child Protection Plan data contains overlapping dates"
    _first = {"CPPstartDate": "2024-05-01", "CPPendDate": "2024-06-01"}
    good = (census_file(cin_cpp=[_first, {"CPPstartDate": "2024-06-01"}]),)
    bad = (census_file(cin_cpp=[{"CPPstartDate": "2024-05-31"}, _first]),)

    def rows(self, tables: Tables) -> Frame:
        """Plans with the latest end among the child's earlier ones."""
        start, end = self.columns
        return ended_before(tables.as_written(self.table), start, end, "child_no")

    def valid(self) -> nw.Expr:
        """Started when the earlier ones had ended."""
        return nw.col("CPPstartDate") >= nw.col("taken_until")
