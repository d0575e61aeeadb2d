"""How severe, how risky, and what that rests on: rules on severity, strangulation and risk."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Frame, RowRule, Rule
from rdac_validator.tables import ROW, Tables, missing

STRANGLED = ("yes", "suspected")
UNUSED = ("not_recorded", "not_asked", "not_applicable")
NOT_FOR_US_TO_KNOW = ("not_collected_by_source", "withheld_for_safety")


class StrangulationGradedStandard(RowRule):
    """Strangulation is known or suspected, and the severity is standard.

    Why: strangulation is an offence of its own and a marker of high risk; standard means no injury and low intensity,
    and the two together hide the marker from whoever reads severity alone.
    Fix: grade severity by the worst that is known; if strangulation was ruled out, record that as no.
    """

    code = "RDAC202"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("strangulation", "severity")
    message = "strangulation is yes or suspected, and severity is standard"
    sources = ("rdac-2026:6.3", "sca-2015:section-75A")
    requirements = ("R18",)
    good = (
        {"strangulation": "yes", "severity": "high"},
        {"strangulation": "suspected", "severity": "moderate"},
        {"strangulation": "no", "severity": "standard"},
        {"strangulation": "yes", "severity": "not_asked"},
        {"strangulation": "not_collected_by_source", "severity": "standard"},
    )
    bad = ({"strangulation": "yes", "severity": "standard"}, {"strangulation": "suspected", "severity": "standard"})

    def applies(self) -> nw.Expr:
        """Rows with strangulation."""
        return nw.col("strangulation").is_in(STRANGLED)

    def valid(self) -> nw.Expr:
        """A severity above standard."""
        return nw.col("severity") != "standard"


class StrangulationWithoutRiskTool(RowRule):
    """Strangulation is known or suspected, and nobody assessed the risk.

    Why: strangulation is among the signs that risk checklists ask about; the study found that the tools were not used.
    Fix: assess the risk with a tool or as a stated professional judgement, and name it in risk_tool.
    """

    code = "RDAC203"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("strangulation", "risk_tool")
    message = "strangulation is yes or suspected, and risk_tool names neither a tool nor a professional judgement"
    sources = ("rdac-2026:5.5.5", "safelives-ric:text")
    requirements = ("R18",)
    good = (
        {"strangulation": "yes", "risk_tool": "professional_judgement"},
        {"strangulation": "no", "risk_tool": "none_used"},
        {"strangulation": "suspected", "risk_tool": "withheld_for_safety"},
        {"strangulation": "yes", "risk_tool": "asked_unknown"},
        {"strangulation": "not_asked", "risk_tool": "not_asked"},
    )
    bad = (
        {"strangulation": "yes", "risk_tool": "none_used"},
        {"strangulation": "suspected", "risk_tool": "not_recorded"},
        {"strangulation": "yes", "risk_tool": "not_applicable"},
        {"strangulation": "yes", "risk_tool": "not_asked"},
    )

    def applies(self) -> nw.Expr:
        """Rows with strangulation."""
        return nw.col("strangulation").is_in(STRANGLED)

    def valid(self) -> nw.Expr:
        """A tool or a judgement, or a reason that does not say that there was none."""
        tool, reason = nw.col("risk_tool"), nw.col(missing("risk_tool"))
        return nw.coalesce(tool != "none_used", ~reason.is_in(UNUSED))


def names_its_tool(tool: str) -> nw.Expr:
    """Whether the column ``tool`` says what a level rests on; a tool that the source cannot name or hides passes."""
    return nw.coalesce(nw.col(tool) != "none_used", nw.col(missing(tool)).is_in(NOT_FOR_US_TO_KNOW))


class RiskLevelWithoutTool(RowRule):
    """A direction of harm has a risk level, and no tool or judgement that it rests on.

    Why: high by a checklist and high by local habit are different facts; a level whose basis is not named can neither
    be compared nor be questioned.
    Fix: name the tool, or professional_judgement, in risk_tool; if nobody assessed the risk, risk_level has no value.
    """

    code = "RDAC204"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("risk_level", "risk_tool")
    message = "risk_level is given, and risk_tool names neither a tool nor professional_judgement"
    sources = ("what-helps-2021:meeting-a-gap", "rdac-2026:5.5.5")
    requirements = ("R23",)
    good = (
        {"risk_level": "high", "risk_tool": "professional_judgement"},
        {"risk_level": "not_applicable", "risk_tool": "none_used"},
        {"risk_level": "medium", "risk_tool": "not_collected_by_source"},
        {"risk_level": "not_recorded", "risk_tool": "not_recorded"},
    )
    bad = (
        {"risk_level": "high", "risk_tool": "none_used"},
        {"risk_level": "standard", "risk_tool": "asked_unknown"},
        {"risk_level": "medium", "risk_tool": "not_applicable"},
    )

    def applies(self) -> nw.Expr:
        """Rows with a level."""
        return ~nw.col("risk_level").is_null()

    def valid(self) -> nw.Expr:
        """A tool or a judgement is named."""
        return names_its_tool("risk_tool")


class AssessedLevelWithoutTool(RowRule):
    """A risk assessment gives a level, and no tool or judgement that it rests on.

    Why: repeated assessments are compared over time, which only makes sense when each says how the level was reached.
    Fix: name the tool, or professional_judgement, in tool; if neither was used there is no level to record.
    """

    code = "RDAC205"
    severity = Severity.ERROR
    table = "risk_assessment"
    columns = ("level", "tool")
    message = "level is given, and tool names neither a tool nor professional_judgement"
    sources = ("what-helps-2021:meeting-a-gap",)
    requirements = ("R23",)
    good = (
        {"level": "high", "tool": "safelives_ric"},
        {"level": "not_recorded", "tool": "none_used"},
        {"level": "medium", "tool": "withheld_for_safety"},
    )
    bad = ({"level": "high", "tool": "none_used"}, {"level": "medium", "tool": "not_asked"})

    def applies(self) -> nw.Expr:
        """Rows with a level."""
        return ~nw.col("level").is_null()

    def valid(self) -> nw.Expr:
        """A tool or a judgement is named."""
        return names_its_tool("tool")


class RiskLevelUndated(Rule):
    """A direction of harm has a risk level that bears no date.

    Why: risk can change from day to day; a level without a day says nothing about now, and cannot be put in order.
    Fix: give the day of the assessment, or add a row to risk_assessment with the day on which the risk was assessed.
    """

    code = "RDAC314"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("harm_id", "assessment_id", "risk_level")
    message = (
        "risk_level is given, the assessment has no assessment_date, and risk_assessment has no row for this harm_id"
    )
    sources = ("what-helps-2021:discussion",)
    requirements = ("R23",)
    needs = {"assessment": ("assessment_id", "assessment_date")}
    _high = {"harm_id": "h1", "assessment_id": "a1", "risk_level": "high"}
    _undated = [{"assessment_id": "a1", "assessment_date": "not_recorded"}]
    good = (
        {"harm_direction": [_high], "assessment": [{"assessment_id": "a1", "assessment_date": "2024-05-01"}]},
        {"harm_direction": [_high | {"risk_level": "not_asked"}], "assessment": _undated},
        {"harm_direction": [_high], "assessment": _undated, "risk_assessment": [{"harm_id": "h1"}]},
        {"harm_direction": [_high], "assessment": [{"assessment_id": "a1", "assessment_date": "withheld_for_safety"}]},
    )
    bad = (
        {"harm_direction": [_high], "assessment": _undated},
        {"harm_direction": [_high], "assessment": _undated, "risk_assessment": [{"harm_id": "h2"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows with a level that no row of risk_assessment dates."""
        rows = tables[self.table].filter(~nw.col("risk_level").is_null())
        if tables.has("risk_assessment", "harm_id"):
            rows = rows.join(tables["risk_assessment"].select("harm_id"), on="harm_id", how="anti")
        reason = missing("assessment_date")
        dates = tables["assessment"].select("assessment_id", reason)
        dated = nw.col(reason).is_in(NOT_FOR_US_TO_KNOW)
        return rows.join(dates, on="assessment_id", how="left").select(ROW, dated.alias(VALID))
