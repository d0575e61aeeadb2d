"""Child protection conferences: what kind they were, what was decided, and what that means for the register."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Row, RowRule, Rule, answered
from rdac_validator.rules.vocabulary import any_of
from rdac_validator.tables import ROW, Tables


class ConferenceWithoutType(RowRule):
    """A conference does not say what kind of conference it was.

    Why: first and review conferences decide different things; mixed, a share of children registered means nothing.
    Fix: give conference_type: initial, pre_birth, review, transfer, or the missing reason that is true.
    """

    code = "RDAC260"
    severity = Severity.ERROR
    table = "assessment"
    columns = ("assessment_type", "conference_type")
    message = "assessment_type is cp_conference, and conference_type does not say which kind"
    sources = ("rdac-2026:table-5.4",)
    requirements = ("R25",)
    _conference = {"assessment_type": "cp_conference"}
    good: tuple[Row, ...] = (
        _conference | {"conference_type": "initial"},
        _conference | {"conference_type": "not_collected_by_source"},
        {"assessment_type": "child_and_family", "conference_type": "not_a_conference"},
        {"assessment_type": "child_and_family", "conference_type": "not_applicable"},
    )
    bad: tuple[Row, ...] = (
        _conference | {"conference_type": "not_a_conference"},
        _conference | {"conference_type": "not_applicable"},
    )

    def applies(self) -> nw.Expr:
        """Conferences."""
        return nw.col("assessment_type") == "cp_conference"

    def valid(self) -> nw.Expr:
        """A kind of conference, or why it is missing."""
        return answered("conference_type") & (nw.col("conference_type") != "not_a_conference").fill_null(value=True)


class OutcomeNotOfConference(Rule):
    """The outcome for the register cannot be that of such a conference.

    Why: only a review can take a name off the register or keep it there; mixed outcomes make "registered" unreadable.
    Fix: correct conference_type or registration_outcome; the outcomes of each kind stand in rdac explain.
    """

    code = "RDAC350"
    severity = Severity.ERROR
    table = "assessment"
    columns = ("conference_type", "registration_outcome")
    message = "registration_outcome is not an outcome that a conference of this conference_type can have"
    sources = ("rdac-2026:table-5.4", "scot-cp-guidance-2021:text")
    requirements = ("R25",)
    good: tuple[Case, ...] = (
        {"assessment": [{"conference_type": "initial", "registration_outcome": "newly_registered"}]},
        {"assessment": [{"conference_type": "review", "registration_outcome": "deregistered"}]},
        {"assessment": [{"conference_type": "pre_meeting_decision", "registration_outcome": "deferred"}]},
        {"assessment": [{"conference_type": "not_recorded", "registration_outcome": "deregistered"}]},
        {"assessment": [{"conference_type": "initial", "registration_outcome": "not_recorded"}]},
        {"assessment": [{"conference_type": "not_a_conference", "registration_outcome": ""}]},
    )
    bad: tuple[Case, ...] = (
        {"assessment": [{"conference_type": "initial", "registration_outcome": "deregistered"}]},
        {"assessment": [{"conference_type": "review", "registration_outcome": "not_registered"}]},
        {"assessment": [{"conference_type": "not_a_conference", "registration_outcome": "newly_registered"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows with a kind of conference and an outcome."""
        outcomes = tables.standard.lists["RegistrationOutcome"].values
        right = any_of(
            (nw.col("registration_outcome") == outcome.code)
            & nw.col("conference_type").is_in(outcome.notes["valid_for"].split())
            for outcome in outcomes
        )
        rows = tables[self.table].filter(~nw.col("registration_outcome").is_null())
        return rows.select(ROW, right.alias(VALID))


class NoDecisionReadAsNotRegistered(RowRule):
    """A conference whose decision is missing is counted as "not registered".

    Why: in the files a decision that was not entered was read as a decision against; the child may well be registered.
    Fix: give registration_outcome the missing reason that stands in decision_raw.
    """

    code = "RDAC261"
    severity = Severity.ERROR
    table = "assessment"
    columns = ("decision_raw", "registration_outcome")
    message = "registration_outcome is not_registered although decision_raw is missing"
    sources = ("rdac-2026:table-5.4",)
    requirements = ("R25",)
    good: tuple[Row, ...] = (
        {"decision_raw": "child_not_registered", "registration_outcome": "not_registered"},
        {"decision_raw": "not_recorded", "registration_outcome": "not_recorded"},
        {"decision_raw": "not_collected_by_source", "registration_outcome": "newly_registered"},
    )
    bad: tuple[Row, ...] = (
        {"decision_raw": "not_recorded", "registration_outcome": "not_registered"},
        {"decision_raw": "not_applicable", "registration_outcome": "not_registered"},
    )

    def applies(self) -> nw.Expr:
        """Rows counted as not registered."""
        return nw.col("registration_outcome") == "not_registered"

    def valid(self) -> nw.Expr:
        """No missing reason in place of the decision."""
        return nw.col("decision_raw.missing").is_null()


class OutcomeAgainstDecision(Rule):
    """The outcome for the register is not what the conference decided.

    Why: the outcome is worked out from the decision; where they differ, tables made from one contradict the other.
    Fix: work registration_outcome out again from decision_raw. What each decision means stands in rdac explain.
    """

    code = "RDAC351"
    severity = Severity.ERROR
    table = "assessment"
    columns = ("decision_raw", "registration_outcome")
    message = "registration_outcome is not what decision_raw means for the register"
    sources = ("rdac-2026:table-5.4",)
    requirements = ("R25",)
    good: tuple[Case, ...] = (
        {"assessment": [{"decision_raw": "registration", "registration_outcome": "newly_registered"}]},
        {"assessment": [{"decision_raw": "name_removed_from_register", "registration_outcome": "deregistered"}]},
        {"assessment": [{"decision_raw": "registration", "registration_outcome": "not_recorded"}]},
        {"assessment": [{"decision_raw": "not_recorded", "registration_outcome": "newly_registered"}]},
        {"assessment": [{"decision_raw": "no_further_action", "registration_outcome": "deregistered"}]},
    )
    bad: tuple[Case, ...] = (
        {"assessment": [{"decision_raw": "name_removed_from_register", "registration_outcome": "not_registered"}]},
        {"assessment": [{"decision_raw": "continued_registration", "registration_outcome": "newly_registered"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows with an outcome and a decision whose stage and meaning are clear."""
        decisions = tables.standard.lists["ScottishConferenceDecision"].values
        outcomes = tables.standard.lists["RegistrationOutcome"].codes
        clear = {v.code: v.notes["outcome"] for v in decisions if v.notes["conference_stage"] != "unclear"}
        means = {decision: outcome for decision, outcome in clear.items() if outcome in outcomes}
        right = any_of(
            (nw.col("decision_raw") == decision) & (nw.col("registration_outcome") == outcome)
            for decision, outcome in means.items()
        )
        return tables[self.table].filter(nw.col("decision_raw").is_in(list(means))).select(ROW, right.alias(VALID))
