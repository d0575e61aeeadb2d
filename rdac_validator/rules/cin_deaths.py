"""DfE rules on a child's date of death, and on what may not be dated after it."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.cin_base import CinRule, census_file, in_census, present

_DIED = {"PersonDeathDate": "2024-05-01"}
DIED = "RC2"


class NotAfterDeath(CinRule, abstract=True):
    """A rule that the date in the first of ``columns`` is not later than the child's date of death."""

    parents = {"cin_child": ("PersonDeathDate",)}

    def applies(self) -> nw.Expr:
        """Rows with the date, of children with a date of death."""
        return present(self.columns[0]) & present("PersonDeathDate")

    def valid(self) -> nw.Expr:
        """By the day of death."""
        return nw.col(self.columns[0]) <= nw.col("PersonDeathDate")


class ReferredAfterDeath(NotAfterDeath):
    """A child was referred after the recorded date of death.

    Why: one of the two dates is wrong, or the episode belongs to another child.
    Fix: correct the date that is wrong, or move the episode.
    """

    code = "8555Q"
    table = "cin_episode"
    columns = ("CINreferralDate",)
    message = "Child cannot be referred after its recorded date of death"
    good = (census_file(cin_episode=[{"CINreferralDate": "2024-05-01"}], cin_child=[_DIED]),)
    bad = (census_file(cin_episode=[{"CINreferralDate": "2024-05-02"}], cin_child=[_DIED]),)


class PlanStartsAfterDeath(NotAfterDeath):
    """A child in need plan starts after the child's date of death.

    Why: one of the two dates is wrong, or the plan belongs to another child.
    Fix: correct the date that is wrong, or move the plan.
    """

    code = "4008"
    table = "cin_plan"
    columns = ("CINPlanStartDate",)
    message = "CIN Plan shown as starting after the child's Date of Death."
    good = (census_file(cin_plan=[{"CINPlanStartDate": "2024-05-01"}], cin_child=[_DIED]),)
    bad = (census_file(cin_plan=[{"CINPlanStartDate": "2024-05-02"}], cin_child=[_DIED]),)


class PlanEndsAfterDeath(NotAfterDeath):
    """A child in need plan ends after the child's date of death.

    Why: a plan ends with the child's death at the latest; how long it lasted is reckoned from its end.
    Fix: give the day of death as the end of the plan, or correct the date of death.
    """

    code = "4009Q"
    table = "cin_plan"
    columns = ("CINPlanEndDate",)
    message = "CIN Plan cannot end after the child's Date of Death"
    good = (
        census_file(cin_plan=[{"CINPlanEndDate": "2024-05-01"}], cin_child=[_DIED]),
        census_file(cin_plan=[{"CINPlanEndDate": "2024-05-02"}], cin_child=[{}]),
    )
    bad = (census_file(cin_plan=[{"CINPlanEndDate": "2024-05-02"}], cin_child=[_DIED]),)


class ProtectionStartsAfterDeath(NotAfterDeath):
    """A child protection plan starts after the child's date of death.

    Why: one of the two dates is wrong, or the plan belongs to another child.
    Fix: correct the date that is wrong, or move the plan.
    """

    code = "8915"
    table = "cin_cpp"
    columns = ("CPPstartDate",)
    message = "Child Protection Plan shown as starting after the child's Date of Death"
    good = (census_file(cin_cpp=[{"CPPstartDate": "2024-05-01"}], cin_child=[_DIED]),)
    bad = (census_file(cin_cpp=[{"CPPstartDate": "2024-05-02"}], cin_child=[_DIED]),)


class ProtectionEndsAfterDeath(NotAfterDeath):
    """A child protection plan ends after the child's date of death.

    Why: a plan ends with the child's death at the latest; how long it lasted is reckoned from its end.
    Fix: give the day of death as the end of the plan, or correct the date of death.
    """

    code = "8920"
    table = "cin_cpp"
    columns = ("CPPendDate",)
    message = "Child Protection Plan cannot end after the child's Date of Death"
    good = (
        census_file(cin_cpp=[{"CPPendDate": "2024-05-01"}], cin_child=[_DIED]),
        census_file(cin_cpp=[{"CPPendDate": "2024-05-02"}], cin_child=[{}]),
    )
    bad = (census_file(cin_cpp=[{"CPPendDate": "2024-05-02"}], cin_child=[_DIED]),)


class DiedOutsideYear(CinRule):
    """A child's date of death lies outside the census year.

    Why: a child who died earlier belongs to an earlier census, and one who died later was alive at its end.
    Fix: correct the date, or leave the child out; otherwise give the reason.
    """

    code = "8545Q"
    table = "cin_child"
    columns = ("PersonDeathDate",)
    message = (
        "Please check and either amend data or provide a reason: Child's date of death should be within the census year"
    )
    good = (census_file(cin_child=[{"PersonDeathDate": "2024-04-01"}]),)
    bad = (
        census_file(cin_child=[{"PersonDeathDate": "2024-03-31"}]),
        census_file(cin_child=[{"PersonDeathDate": "2025-04-01"}]),
    )

    def applies(self) -> nw.Expr:
        """Children with a date of death."""
        return present("PersonDeathDate")

    def valid(self) -> nw.Expr:
        """Within the census year."""
        return in_census("PersonDeathDate")


class ClosedByDeathWithoutDate(CinRule):
    """An episode was closed because the child died, and the child has no date of death.

    Why: a closure by death counts wherever deaths are counted, so a slip of the code is grave.
    Fix: give the date of death, correct the reason for closure, or explain.
    """

    code = "8585Q"
    table = "cin_episode"
    columns = ("ReasonForClosure",)
    message = (
        "Please check and either amend or provide a reason: CIN episode shows Died as the Closure Reason, "
        "however child has no recorded Date of Death"
    )
    parents = {"cin_child": ("PersonDeathDate",)}
    good = (
        census_file(cin_episode=[{"ReasonForClosure": DIED}], cin_child=[_DIED]),
        census_file(cin_episode=[{"ReasonForClosure": "RC7"}], cin_child=[{}]),
    )
    bad = (census_file(cin_episode=[{"ReasonForClosure": DIED}], cin_child=[{}]),)

    def applies(self) -> nw.Expr:
        """Episodes closed because the child died."""
        return nw.col("ReasonForClosure") == DIED

    def valid(self) -> nw.Expr:
        """There is a date of death."""
        return present("PersonDeathDate")
