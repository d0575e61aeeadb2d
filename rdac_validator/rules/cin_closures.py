"""DfE rules on how episodes of need end, and on what may not stand beside an ending."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    CinRule,
    CodeRule,
    census_file,
    count,
    in_census,
    present,
    tally,
)
from rdac_validator.tables import Tables

CLOSED_AFTER_ASSESSMENT = ("RC8", "RC9")


class ClosedOutsideYear(CinRule):
    """A closure date lies outside the census year.

    Why: episodes closed earlier belong to an earlier census, those closed later were still open.
    Fix: correct the date, leave out the episode, or leave the date out while the case was open.
    """

    code = "8620"
    table = "cin_episode"
    columns = ("CINclosureDate",)
    message = "CIN Closure Date present and does not fall within the Census year"
    good = (census_file(cin_episode=[{"CINclosureDate": "2024-04-01"}]),)
    bad = (
        census_file(cin_episode=[{"CINclosureDate": "2024-03-31"}]),
        census_file(cin_episode=[{"CINclosureDate": "2025-04-01"}]),
    )

    def applies(self) -> nw.Expr:
        """Closed episodes."""
        return present("CINclosureDate")

    def valid(self) -> nw.Expr:
        """Closed in the census year."""
        return in_census("CINclosureDate")


class ClosedBeforeReferral(CinRule):
    """An episode was closed before it began.

    Why: one of the two dates is wrong.
    Fix: correct the date that is wrong.
    """

    code = "8630"
    table = "cin_episode"
    columns = ("CINreferralDate", "CINclosureDate")
    message = "CIN Closure Date is before CIN Referral Date for the same CIN episode"
    good = (census_file(cin_episode=[{"CINreferralDate": "2024-05-01", "CINclosureDate": "2024-05-01"}]),)
    bad = (census_file(cin_episode=[{"CINreferralDate": "2024-05-02", "CINclosureDate": "2024-05-01"}]),)

    def applies(self) -> nw.Expr:
        """Episodes with both dates."""
        return present("CINreferralDate") & present("CINclosureDate")

    def valid(self) -> nw.Expr:
        """Closed on or after the referral date."""
        return nw.col("CINclosureDate") >= nw.col("CINreferralDate")


class ClosureReasonInvalid(CodeRule):
    """A reason for closure is not a code of the census year's list.

    Why: RC9 exists from 2022-23 only, and other codes have no agreed meaning.
    Fix: give a code of the list.
    """

    code = "8640"
    table = "cin_episode"
    columns = ("ReasonForClosure",)
    code_list = "CinClosureReason"
    may_be_blank = True
    message = "CIN Reason for closure code invalid (see Reason for Closure table in CIN Census code set)"
    good = (
        census_file(2023, cin_episode=[{"ReasonForClosure": "RC9"}]),
        census_file(cin_episode=[{"ReasonForClosure": ""}]),
    )
    bad = (
        census_file(2022, cin_episode=[{"ReasonForClosure": "RC9"}]),
        census_file(cin_episode=[{"ReasonForClosure": "RC0"}]),
    )


class ClosedWithoutReason(CinRule):
    """An episode is closed and no reason for closure is given.

    Why: closing because a child is safe and closing because nobody opened the door must not look alike.
    Fix: give the reason, or leave out the closure date while the case is open.
    """

    code = "8805"
    table = "cin_episode"
    columns = ("CINclosureDate", "ReasonForClosure")
    message = "A CIN case cannot have a CIN closure date without a Reason for Closure"
    good = (census_file(cin_episode=[{"CINclosureDate": "2024-05-01", "ReasonForClosure": "RC7"}, {}]),)
    bad = (census_file(cin_episode=[{"CINclosureDate": "2024-05-01"}]),)

    def applies(self) -> nw.Expr:
        """Closed episodes."""
        return present("CINclosureDate")

    def valid(self) -> nw.Expr:
        """There is a reason."""
        return present("ReasonForClosure")


class ReasonWithoutClosure(CinRule):
    """An episode has a reason for closure and no closure date.

    Why: it cannot be told whether the case is closed.
    Fix: give the closure date, or remove the reason while the case is open.
    """

    code = "8810"
    table = "cin_episode"
    columns = ("ReasonForClosure", "CINclosureDate")
    message = "A CIN case cannot have a Reason for Closure without a CIN Closure Date"
    good = (census_file(cin_episode=[{"CINclosureDate": "2024-05-01", "ReasonForClosure": "RC7"}, {}]),)
    bad = (census_file(cin_episode=[{"ReasonForClosure": "RC7"}]),)

    def applies(self) -> nw.Expr:
        """Episodes with a reason for closure."""
        return present("ReasonForClosure")

    def valid(self) -> nw.Expr:
        """There is a closure date."""
        return present("CINclosureDate")


class ClosedAfterNoAssessment(CinRule):
    """An episode was closed "after assessment", and it has no assessment.

    Why: RC8 and RC9 say that an assessment was made; without one the reason or the return is incomplete.
    Fix: add the assessment, correct the reason, or give an explanation.
    """

    code = "8825Q"
    table = "cin_episode"
    columns = ("ReasonForClosure",)
    message = (
        "Please check and either amend data or provide a reason: Reason for Closure code RC8 (case closed after "
        "assessment) or RC9 (case closed after assessment, referred to early help) has been returned but there is no "
        "assessment present for the episode."
    )
    others = ("cin_assessment",)
    good = (
        census_file(cin_episode=[{"ReasonForClosure": "RC8"}], cin_assessment=[{}]),
        census_file(cin_episode=[{"ReasonForClosure": "RC7"}]),
    )
    bad = (census_file(cin_episode=[{"ReasonForClosure": "RC9"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Episodes with the number of their assessments."""
        return tally(tables.as_written(self.table), tables, "cin_assessment", "episode_no", assessments=nw.len())

    def applies(self) -> nw.Expr:
        """Episodes closed after assessment."""
        return nw.col("ReasonForClosure").is_in(CLOSED_AFTER_ASSESSMENT)

    def valid(self) -> nw.Expr:
        """There is an assessment."""
        return count("assessments") > 0


class ActivityBeyondAssessment(CinRule):
    """An episode was closed "after assessment", and it has an enquiry, a conference or a plan.

    Why: RC8 and RC9 say that nothing followed the assessment; either that is wrong or the activity belongs elsewhere.
    Fix: correct the reason for closure, or move the activity to the episode that it belongs to.
    """

    code = "2990"
    table = "cin_episode"
    columns = ("ReasonForClosure", "DateOfInitialCPC")
    message = (
        "Activity is recorded against a case marked as 'Case closed after assessment, no further action' or "
        "'case closed after assessment, referred to early help'."
    )
    others = ("cin_section47", "cin_plan", "cin_cpp")
    _closed = {"ReasonForClosure": "RC8"}
    good = (
        census_file(cin_episode=[_closed], cin_assessment=[{}], cin_plan=[{"episode_no": "2"}]),
        census_file(cin_episode=[{"ReasonForClosure": "RC7"}], cin_plan=[{}]),
    )
    bad = (
        census_file(cin_episode=[_closed], cin_section47=[{}]),
        census_file(cin_episode=[{"ReasonForClosure": "RC9"}], cin_plan=[{}]),
        census_file(cin_episode=[_closed], cin_cpp=[{}]),
        census_file(cin_episode=[_closed | {"DateOfInitialCPC": "2024-05-01"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Episodes with the number of their enquiries and of their plans of both kinds."""
        rows = tables.as_written(self.table)
        for name in self.others:
            rows = tally(rows, tables, name, "episode_no", **{name: nw.len()})
        return rows

    def applies(self) -> nw.Expr:
        """Episodes closed after assessment."""
        return nw.col("ReasonForClosure").is_in(CLOSED_AFTER_ASSESSMENT)

    def valid(self) -> nw.Expr:
        """Nothing but assessments."""
        counted = nw.sum_horizontal(*(count(name) for name in self.others))
        return (counted == 0) & ~present("DateOfInitialCPC")


class ActivityOnNfa(CinRule):
    """A referral with no further action has an assessment, an enquiry or a conference.

    Why: further action was taken, so either the flag or the activity is wrong.
    Fix: set ReferralNFA to false, or move the activity to the episode that it belongs to.
    """

    code = "8831"
    table = "cin_episode"
    columns = ("ReferralNFA", "DateOfInitialCPC")
    message = "Activity is recorded against a case marked as a referral with no further action"
    others = ("cin_assessment", "cin_section47")
    _nfa = {"ReferralNFA": "true"}
    good = (
        census_file(cin_episode=[_nfa]),
        census_file(cin_episode=[{"ReferralNFA": "false"}], cin_assessment=[{}]),
    )
    bad = (
        census_file(cin_episode=[_nfa], cin_assessment=[{}]),
        census_file(cin_episode=[_nfa], cin_section47=[{}]),
        census_file(cin_episode=[_nfa | {"DateOfInitialCPC": "2024-05-01"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Episodes with the number of their assessments and enquiries."""
        rows = tally(tables.as_written(self.table), tables, "cin_assessment", "episode_no", assessments=nw.len())
        return tally(rows, tables, "cin_section47", "episode_no", enquiries=nw.len())

    def applies(self) -> nw.Expr:
        """Referrals with no further action."""
        return nw.col("ReferralNFA")

    def valid(self) -> nw.Expr:
        """Nothing followed."""
        return (count("assessments") + count("enquiries") == 0) & ~present("DateOfInitialCPC")


class ActivityAfterClosure(CinRule):
    """Something is dated after the episode was closed.

    Why: work that went on means that the case was open, or that the activity belongs to a later episode.
    Fix: correct the closure date or the date of the activity, or move the activity to its episode.
    """

    code = "8565"
    table = "cin_episode"
    columns = ("CINclosureDate", "DateOfInitialCPC")
    message = "Activity shown after a case has been closed"
    others = ("cin_assessment", "cin_section47", "cin_plan", "cin_cpp", "cin_review")
    _closed = {"CINclosureDate": "2024-06-01"}
    good = (
        census_file(cin_episode=[_closed], cin_assessment=[{"AssessmentAuthorisationDate": "2024-06-01"}]),
        census_file(cin_episode=[{}], cin_assessment=[{"AssessmentAuthorisationDate": "2024-07-01"}]),
    )
    bad = (
        census_file(cin_episode=[_closed], cin_assessment=[{"AssessmentActualStartDate": "2024-06-02"}]),
        census_file(cin_episode=[_closed], cin_review=[{"CPPreviewDate": "2024-06-02"}]),
        census_file(cin_episode=[_closed | {"DateOfInitialCPC": "2024-06-02"}]),
    )
    _activity = {
        "cin_assessment": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
        "cin_section47": ("S47ActualStartDate", "DateOfInitialCPC"),
        "cin_plan": ("CINPlanStartDate", "CINPlanEndDate"),
        "cin_cpp": ("CPPstartDate", "CPPendDate"),
        "cin_review": ("CPPreviewDate",),
    }

    def rows(self, tables: Tables) -> Frame:
        """Episodes with the latest date of each kind of activity."""
        rows = tables.as_written(self.table)
        for name, dates in self._activity.items():
            latest = {f"{name}.{day}": nw.col(day).max() for day in dates}
            rows = tally(rows, tables, name, "episode_no", **latest)
        return rows

    def applies(self) -> nw.Expr:
        """Closed episodes."""
        return present("CINclosureDate")

    def valid(self) -> nw.Expr:
        """Nothing later than the closure."""
        dates = [nw.col(f"{name}.{day}") for name, days in self._activity.items() for day in days]
        return nw.max_horizontal(nw.col("DateOfInitialCPC"), *dates) <= nw.col("CINclosureDate")
