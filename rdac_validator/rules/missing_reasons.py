"""``not_applicable`` is a statement that is checked: it stands only where the condition that the field states holds."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import Row, RowRule, holds, not_applicable

REASON = "not_applicable"


class NotApplicableOnly(RowRule, abstract=True):
    """``not_applicable`` stands in ``field`` only under :meth:`condition`; where that is not known, nothing is said."""

    field: ClassVar[str]
    severity = Severity.ERROR
    requirements: ClassVar[tuple[str, ...]] = ("R06",)

    @abstractmethod
    def condition(self) -> nw.Expr:
        """Whether the question does not arise; null where it is not known."""

    def applies(self) -> nw.Expr:
        """Rows that say not_applicable."""
        return not_applicable(self.field)

    def valid(self) -> nw.Expr:
        """The condition holds."""
        return self.condition()


class SexNotApplicable(NotApplicableOnly):
    """Sex is marked not_applicable for a person who is born.

    Why: not_applicable takes the person out of every count by sex; the question fails to arise only before birth.
    Fix: give the sex, or the missing reason that is true, such as not_recorded.
    """

    code = "RDAC230"
    table = "person"
    columns = ("sex", "person_kind")
    field = "sex"
    message = "sex is not_applicable although person_kind is not unborn"
    sources = ("rdac-2026:5.1",)
    good: tuple[Row, ...] = (
        {"person_kind": "unborn", "sex": REASON},
        {"person_kind": "child", "sex": "not_recorded"},
        {"person_kind": "not_recorded", "sex": REASON},
    )
    bad: tuple[Row, ...] = ({"person_kind": "child", "sex": REASON}, {"person_kind": "adult", "sex": REASON})

    def condition(self) -> nw.Expr:
        """Unborn."""
        return nw.col("person_kind") == "unborn"


class ClosureReasonNotApplicable(NotApplicableOnly):
    """The reason for closing is marked not_applicable although the case is closed.

    Why: how cases end, above all soon after someone left the home, is one of the questions that the data must answer.
    Fix: give the reason for closing, or the missing reason that is true; if the case is open, take closure_date out.
    """

    code = "RDAC231"
    table = "episode"
    columns = ("closure_reason", "closure_date")
    field = "closure_reason"
    message = "closure_reason is not_applicable although closure_date is given"
    sources = ("rdac-2026:6.7",)
    good: tuple[Row, ...] = (
        {"closure_reason": REASON},
        {"closure_reason": "RC7", "closure_date": "2024-05-01"},
        {"closure_reason": "not_recorded", "closure_date": "2024-05-01"},
    )
    bad: tuple[Row, ...] = ({"closure_reason": REASON, "closure_date": "2024-05-01"},)

    def condition(self) -> nw.Expr:
        """No closure date."""
        return nw.col("closure_date").is_null()


class AssessmentDateNotApplicable(NotApplicableOnly):
    """An assessment is marked as under way although its factors or concerns are recorded.

    Why: factors are recorded when an assessment ends; without its date they belong to no year and to no code list.
    Fix: give the day on which the assessment was completed or the conference held.
    """

    code = "RDAC232"
    table = "assessment"
    columns = ("assessment_date", "source_codes")
    field = "assessment_date"
    message = "assessment_date is not_applicable although source_codes are given"
    sources = ("dfe-cin-rules:8614",)
    good: tuple[Row, ...] = (
        {"assessment_date": REASON, "source_codes": REASON},
        {"assessment_date": "2024-05-01", "source_codes": "3A|4B"},
    )
    bad: tuple[Row, ...] = ({"assessment_date": REASON, "source_codes": "3A"},)

    def condition(self) -> nw.Expr:
        """No factors or concerns."""
        return nw.col("source_codes").is_null()


class SourceCodesNotApplicable(NotApplicableOnly):
    """Factors are marked not_applicable although the child and family assessment is complete.

    Why: a complete assessment without factors is a gap that must show, and not_applicable takes it out of the base.
    Fix: give the factors; code 21 where none was identified; not_recorded where nothing was entered.
    """

    code = "RDAC233"
    table = "assessment"
    columns = ("source_codes", "assessment_type", "assessment_date")
    field = "source_codes"
    message = "source_codes are not_applicable although the assessment has a date of completion"
    sources = ("dfe-cin-rules:8614", "rdac-2026:6.2")
    _complete = {"assessment_type": "child_and_family", "assessment_date": "2024-05-01"}
    good: tuple[Row, ...] = (
        _complete | {"source_codes": "21"},
        _complete | {"source_codes": "not_recorded"},
        {"assessment_type": "child_and_family", "assessment_date": REASON, "source_codes": REASON},
        {"assessment_type": "strategy_or_ird", "assessment_date": "2024-05-01", "source_codes": REASON},
    )
    bad: tuple[Row, ...] = (_complete | {"source_codes": REASON},)

    def condition(self) -> nw.Expr:
        """Under way, or a kind of meeting at which factors are not recorded."""
        return nw.col("assessment_date").is_null() | (nw.col("assessment_type") != "child_and_family")


class DecisionNotApplicable(NotApplicableOnly):
    """The conference decision is marked not_applicable although a conference was held.

    Why: a conference without a decision is read as "not registered", which it does not say.
    Fix: give the decision as the source codes it, or the missing reason that is true.
    """

    code = "RDAC234"
    table = "assessment"
    columns = ("decision_raw", "conference_type")
    field = "decision_raw"
    message = "decision_raw is not_applicable although conference_type names a conference"
    sources = ("rdac-2026:table-5.4",)
    good: tuple[Row, ...] = (
        {"conference_type": "not_a_conference", "decision_raw": REASON},
        {"conference_type": "initial", "decision_raw": "registration"},
        {"conference_type": "initial", "decision_raw": "not_collected_by_source"},
        {"conference_type": REASON, "decision_raw": REASON},
    )
    bad: tuple[Row, ...] = (
        {"conference_type": "review", "decision_raw": REASON},
        {"conference_type": "initial", "decision_raw": REASON},
    )

    def condition(self) -> nw.Expr:
        """Not a conference."""
        return nw.col("conference_type") == "not_a_conference"


class DecileNotApplicable(NotApplicableOnly):
    """The deprivation decile is marked not_applicable although the family has a home.

    Why: not_applicable is how homeless children are told apart; used for anything else it hides both groups.
    Fix: give the decile, withheld_for_safety where the address is kept from someone, or the reason that is true.
    """

    code = "RDAC235"
    table = "family_circumstances"
    columns = ("deprivation_decile", "housing_issues")
    field = "deprivation_decile"
    message = "deprivation_decile is not_applicable although housing_issues does not say homeless"
    sources = ("rdac-2026:fig-5.2",)
    good: tuple[Row, ...] = (
        {"deprivation_decile": REASON, "housing_issues": "homeless|temporary_accommodation"},
        {"deprivation_decile": "4", "housing_issues": "overcrowded"},
        {"deprivation_decile": REASON, "housing_issues": "not_asked"},
    )
    bad: tuple[Row, ...] = (
        {"deprivation_decile": REASON, "housing_issues": "overcrowded|poor_condition"},
        {"deprivation_decile": REASON, "housing_issues": "none_identified"},
    )

    def condition(self) -> nw.Expr:
        """Homeless."""
        return holds("housing_issues", ["homeless"])


class RiskLevelNotApplicable(NotApplicableOnly):
    """The level of risk is marked not_applicable although a tool or a judgement is named.

    Why: a risk assessment without its result protects nobody and cannot be compared with what was then done.
    Fix: give the level that the tool or judgement came to, or the missing reason that is true.
    """

    code = "RDAC236"
    table = "harm_direction"
    columns = ("risk_level", "risk_tool")
    field = "risk_level"
    message = "risk_level is not_applicable although risk_tool names a tool or a judgement"
    sources = ("rdac-2026:5.5.5",)
    good: tuple[Row, ...] = (
        {"risk_tool": "none_used", "risk_level": REASON},
        {"risk_tool": "dara", "risk_level": "high"},
        {"risk_tool": "dara", "risk_level": "not_recorded"},
        {"risk_tool": "not_recorded", "risk_level": REASON},
    )
    bad: tuple[Row, ...] = (
        {"risk_tool": "professional_judgement", "risk_level": REASON},
        {"risk_tool": "safelives_ric", "risk_level": REASON},
    )

    def condition(self) -> nw.Expr:
        """No tool and no judgement."""
        return nw.col("risk_tool") == "none_used"


class InterpreterNotApplicable(NotApplicableOnly):
    """The interpreter is marked not_applicable for an adult with whom the worker spoke.

    Why: whether people could speak in their own language must be answered for each adult who was spoken to.
    Fix: give the interpreter, not_needed where none was needed, or the missing reason that is true.
    """

    code = "RDAC237"
    table = "adult_in_case"
    columns = ("interpreter", "presence_in_assessment")
    field = "interpreter"
    message = "interpreter is not_applicable although presence_in_assessment is spoken_to"
    sources = ("rdac-2026:6.4",)
    good: tuple[Row, ...] = (
        {"presence_in_assessment": "spoken_to", "interpreter": "not_needed"},
        {"presence_in_assessment": "absent", "interpreter": REASON},
        {"presence_in_assessment": "not_collected_by_source", "interpreter": REASON},
    )
    bad: tuple[Row, ...] = ({"presence_in_assessment": "spoken_to", "interpreter": REASON},)

    def condition(self) -> nw.Expr:
        """The worker did not speak with the adult."""
        return nw.col("presence_in_assessment") != "spoken_to"


class InfluenceNotApplicable(NotApplicableOnly):
    """A person's views were heard, and what the plan did with them is marked not_applicable.

    Why: asking people and not saying what came of it is what families describe; the answer has no default.
    Fix: say what the plan did with the views: changed, considered with reasons, not considered, or too early.
    """

    code = "RDAC238"
    table = "family_voice"
    columns = ("influenced_plan", "method")
    field = "influenced_plan"
    message = "influenced_plan is not_applicable although the person's views were heard"
    sources = ("rdac-2026:1.3.4",)
    requirements = ("R06", "R32")
    good: tuple[Row, ...] = (
        {"method": "not_obtained", "influenced_plan": REASON},
        {"method": "one_to_one", "influenced_plan": "too_early"},
        {"method": "one_to_one", "influenced_plan": "not_recorded"},
        {"method": "not_recorded", "influenced_plan": REASON},
    )
    bad: tuple[Row, ...] = (
        {"method": "one_to_one", "influenced_plan": REASON},
        {"method": "observation_only", "influenced_plan": REASON},
    )

    def condition(self) -> nw.Expr:
        """The person's views were not heard."""
        return nw.col("method") == "not_obtained"


class EndReasonNotApplicable(NotApplicableOnly):
    """The reason for the end of a service is marked not_applicable although the service has ended.

    Why: whether a need was met, or someone stopped coming or grew too unwell while waiting, is lost.
    Fix: give the reason for the end, or the missing reason that is true; if the service goes on, take end_date out.
    """

    code = "RDAC239"
    table = "service_referral"
    columns = ("end_reason", "end_date")
    field = "end_reason"
    message = "end_reason is not_applicable although end_date is given"
    sources = ("powell-2024:2.5",)
    good: tuple[Row, ...] = (
        {"end_reason": REASON},
        {"end_reason": "needs_met", "end_date": "2024-05-01"},
        {"end_reason": "not_recorded", "end_date": "2024-05-01"},
    )
    bad: tuple[Row, ...] = ({"end_reason": REASON, "end_date": "2024-05-01"},)

    def condition(self) -> nw.Expr:
        """No end date."""
        return nw.col("end_date").is_null()
