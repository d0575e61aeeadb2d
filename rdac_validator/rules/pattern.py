"""What kind of abuse, in what pattern, since when: rules on abuse types and patterns."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Frame, RowRule, Rule, cases_of, dva_codes, holds, only
from rdac_validator.rules.severity import STRANGLED, UNUSED
from rdac_validator.tables import ROW, Tables, missing

NO_CONTROL_FOUND = ("repeated_no_control_found", "bidirectional_conflict_no_control_found")


class ControlWithoutDetail(RowRule):
    """The abuse is recorded as controlling or coercive and nothing more is said.

    Why: coercive control became a catch-all term in the records, and few said what the control consists of.
    Fix: say in control_behaviours what is controlled and how, or add the other abuse_types that apply.
    """

    code = "RDAC206"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("abuse_types", "control_behaviours")
    message = "abuse_types is only controlling_or_coercive, and control_behaviours has no detail"
    sources = ("rdac-2026:1.3.3", "rdac-2026:6.3")
    requirements = ("R19",)
    good = (
        {"abuse_types": "controlling_or_coercive", "control_behaviours": "isolation|monitoring"},
        {"abuse_types": "controlling_or_coercive|physical", "control_behaviours": "not_asked"},
        {"abuse_types": "economic", "control_behaviours": "not_asked"},
        {"abuse_types": "controlling_or_coercive", "control_behaviours": "not_safe_to_ask"},
        {"abuse_types": "controlling_or_coercive", "control_behaviours": "not_collected_by_source"},
    )
    bad = (
        {"abuse_types": "controlling_or_coercive", "control_behaviours": "not_recorded"},
        {"abuse_types": "controlling_or_coercive", "control_behaviours": "not_applicable"},
        {"abuse_types": "controlling_or_coercive", "control_behaviours": "none_identified"},
    )

    def applies(self) -> nw.Expr:
        """Rows with this abuse type alone."""
        return only("abuse_types", "controlling_or_coercive")

    def valid(self) -> nw.Expr:
        """Some detail, or a reason that does not say that none was sought."""
        detail = ~holds("control_behaviours", ("none_identified",))
        return nw.coalesce(detail, ~nw.col(missing("control_behaviours")).is_in(UNUSED))


class NoControlButHighRisk(RowRule):
    """The pattern says that no control was found, although there is strangulation or a high risk.

    Why: a label must never lower a risk. Strangulation is often part of control, and violence without a general pattern
    of control can still be severe.
    Fix: look again at the pattern and at who controls whom; keep the risk as it was assessed.
    """

    code = "RDAC207"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("pattern", "strangulation", "risk_level")
    message = "pattern says that no control was found, and strangulation is yes or suspected or risk_level is high"
    sources = ("rdac-2026:6.7", "johnson:text")
    requirements = ("R22",)
    good = (
        {"pattern": "repeated_no_control_found", "strangulation": "no", "risk_level": "medium"},
        {"pattern": "coercive_control_pattern", "strangulation": "yes", "risk_level": "high"},
        {"pattern": "repeated_no_control_found", "strangulation": "not_asked", "risk_level": "not_recorded"},
    )
    bad = (
        {"pattern": "repeated_no_control_found", "strangulation": "suspected", "risk_level": "standard"},
        {"pattern": "bidirectional_conflict_no_control_found", "strangulation": "no", "risk_level": "high"},
        {"pattern": "bidirectional_conflict_no_control_found", "strangulation": "not_asked", "risk_level": "high"},
        {"pattern": "repeated_no_control_found", "strangulation": "yes", "risk_level": "not_asked"},
    )

    def applies(self) -> nw.Expr:
        """Rows whose pattern says that control was not found."""
        return nw.col("pattern").is_in(NO_CONTROL_FOUND)

    def valid(self) -> nw.Expr:
        """Neither sign of high risk."""
        return ~(nw.col("strangulation").is_in(STRANGLED) | (nw.col("risk_level") == "high"))


class CrosswalkValueTypedIn(Rule):
    """A row says only that there is domestic abuse of an unspecified kind, and no crosswalk wrote it.

    Why: dva_unspecified exists to carry over the flags of older returns, which do not say which kind of abuse it is;
    whoever records a new row can say more, and a catch-all term brings back what the standard is to mend.
    Fix: give the abuse_types that are known, or a missing reason; if the row comes from an older return, send the
    provenance table that the conversion wrote.
    """

    code = "RDAC315"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("harm_id", "abuse_types")
    message = "abuse_types holds dva_unspecified, and provenance has no row that says which source code it came from"
    sources = ("rdac-2026:1.3.3",)
    requirements = ("R19",)
    _vague = {"harm_id": "h1", "abuse_types": "dva_unspecified"}
    _proof = {"target_table": "harm_direction", "target_key": "h1", "target_column": "abuse_types"}
    good = (
        {"harm_direction": [_vague], "provenance": [_proof]},
        {"harm_direction": [{"harm_id": "h1", "abuse_types": "physical|economic"}]},
        {"harm_direction": [{"harm_id": "h1", "abuse_types": "not_asked"}]},
    )
    bad = (
        {"harm_direction": [_vague]},
        {"harm_direction": [_vague | {"abuse_types": "physical|dva_unspecified"}], "provenance": []},
        {"harm_direction": [_vague], "provenance": [_proof | {"target_key": "h2"}]},
        {"harm_direction": [_vague], "provenance": [_proof | {"target_column": "pattern"}]},
        {"harm_direction": [_vague], "provenance": [_proof | {"target_table": "assessment"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows with a value that the schema keeps for crosswalks."""
        codes = tables.standard.lists["AbuseType"].where("crosswalk_only")
        rows = tables[self.table].filter(holds("abuse_types", codes))
        if "provenance" not in tables:
            return rows.select(ROW, nw.lit(value=False).alias(VALID))
        about = (nw.col("target_table") == self.table) & (nw.col("target_column") == "abuse_types")
        keys = tables["provenance"].filter(about).select(harm_id="target_key").unique()
        proven = keys.with_columns(nw.lit(value=True).alias(VALID))
        return rows.join(proven, on="harm_id", how="left").select(ROW, nw.col(VALID).fill_null(value=False))


class NotASingleIncident(Rule):
    """The pattern is a single incident, and domestic abuse stands in an earlier episode of the same child.

    Why: incident by incident, a long story of abuse looks like a row of first times.
    Fix: read the earlier episode; if the same person caused the harm, state the pattern over time.
    """

    code = "RDAC316"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("assessment_id", "pattern")
    message = "pattern is single_incident, and an earlier episode of the same child records domestic abuse"
    sources = ("rdac-2026:6.9.2", "rdac-2026:1.3.4")
    requirements = ("R20",)
    needs = {
        "assessment": ("assessment_id", "episode_id", "source_codes"),
        "episode": ("episode_id", "child_id", "referral_date"),
    }
    _single = {"assessment_id": "a2", "pattern": "single_incident"}
    _assessments = (
        {"assessment_id": "a2", "episode_id": "e2", "source_codes": "3B"},
        {"assessment_id": "a1", "episode_id": "e1", "source_codes": "3A|4B"},
    )
    _episodes = (
        {"episode_id": "e2", "child_id": "c1", "referral_date": "2024-05-01"},
        {"episode_id": "e1", "child_id": "c1", "referral_date": "2022-05-01"},
    )
    _quiet = (_assessments[0], _assessments[1] | {"source_codes": "4B"})
    good = (
        {"harm_direction": [_single], "assessment": _quiet, "episode": _episodes},
        {"harm_direction": [_single | {"assessment_id": "a1"}], "assessment": _assessments, "episode": _episodes},
        {"harm_direction": [_single | {"pattern": "not_asked"}], "assessment": _assessments, "episode": _episodes},
        {
            "harm_direction": [_single],
            "assessment": _assessments,
            "episode": [_episodes[0], _episodes[1] | {"child_id": "c2"}],
        },
    )
    bad = (
        {"harm_direction": [_single], "assessment": _assessments, "episode": _episodes},
        {
            "harm_direction": [_single, {"assessment_id": "a1", "pattern": "not_yet_assessed"}],
            "assessment": _quiet,
            "episode": _episodes,
        },
    )

    def cases(self, tables: Tables) -> Frame:
        """Single incidents, beside the first referral after which domestic abuse was recorded about the child."""
        cases = cases_of(tables).select("assessment_id", "child_id", "referral_date")
        coded = tables["assessment"].filter(holds("source_codes", dva_codes(tables.standard))).select("assessment_id")
        recorded = nw.concat([coded, tables[self.table].select("assessment_id")]).unique()
        known = cases.join(recorded, on="assessment_id", how="semi")
        first = known.group_by("child_id").agg(nw.col("referral_date").min().alias("first"))
        rows = tables[self.table].filter(nw.col("pattern") == "single_incident").join(cases, on="assessment_id")
        return rows.join(first, on="child_id").select(ROW, (nw.col("first") >= nw.col("referral_date")).alias(VALID))


class SingleIncidentKnownForYears(Rule):
    """The pattern is a single incident, and the harm has been known for more than a year.

    Why: harm that is still assessed years after it was first known has seldom happened only once.
    Fix: state the pattern over time, or put first_known_year right.
    """

    code = "RDAC317"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("assessment_id", "pattern", "first_known_year")
    message = "pattern is single_incident, and first_known_year is more than a year before the assessment"
    sources = ("rdac-2026:6.9.2", "rdac-2026:6.9.5")
    requirements = ("R20",)
    needs = {"assessment": ("assessment_id", "assessment_date")}
    _single = {"assessment_id": "a1", "pattern": "single_incident"}
    _assessment = [{"assessment_id": "a1", "assessment_date": "2024-02-01"}]
    _undated = [{"assessment_id": "a1", "assessment_date": "not_recorded"}]
    good = (
        {"harm_direction": [_single | {"first_known_year": "2023"}], "assessment": _assessment},
        {"harm_direction": [_single | {"first_known_year": "not_asked"}], "assessment": _assessment},
        {"harm_direction": [_single | {"first_known_year": "2010"}], "assessment": _undated},
        {
            "harm_direction": [_single | {"first_known_year": "2010", "pattern": "coercive_control_pattern"}],
            "assessment": _assessment,
        },
    )
    bad = ({"harm_direction": [_single | {"first_known_year": "2022"}], "assessment": _assessment},)

    def cases(self, tables: Tables) -> Frame:
        """Single incidents; the year alone is known, so that only a gap of two calendar years is certain."""
        rows = tables[self.table].filter(nw.col("pattern") == "single_incident")
        dates = tables["assessment"].select("assessment_id", "assessment_date")
        known = nw.col("assessment_date").dt.year() - nw.col("first_known_year") <= 1
        return rows.join(dates, on="assessment_id").select(ROW, known.alias(VALID))


class PatternWithoutBasis(Rule):
    """A pattern of abuse is stated, and no method was used to tell patterns apart.

    Why: types of abuse without an assessment behind them are guesses that decide what a family is offered.
    Fix: name the method in differential_assessment, or leave the pattern as not_yet_assessed.
    """

    code = "RDAC320"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("assessment_id", "pattern")
    message = "pattern is stated, and differential_assessment of the assessment is none_used"
    sources = ("rdac-2026:5.5.5", "powell-2024:C.2", "johnson:text")
    requirements = ("R22",)
    needs = {"assessment": ("assessment_id", "differential_assessment")}
    _stated = {"assessment_id": "a1", "pattern": "coercive_control_pattern"}
    _none = [{"assessment_id": "a1", "differential_assessment": "none_used"}]
    good = (
        {
            "harm_direction": [_stated],
            "assessment": [{"assessment_id": "a1", "differential_assessment": "typology"}],
        },
        {
            "harm_direction": [_stated],
            "assessment": [{"assessment_id": "a1", "differential_assessment": "not_recorded"}],
        },
        {"harm_direction": [_stated | {"pattern": "not_yet_assessed"}], "assessment": _none},
        {"harm_direction": [_stated | {"pattern": "single_incident"}], "assessment": _none},
        {"harm_direction": [_stated | {"pattern": "not_asked"}], "assessment": _none},
    )
    bad = (
        {"harm_direction": [_stated], "assessment": _none},
        {"harm_direction": [_stated | {"pattern": "resistance"}], "assessment": _none},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows with a pattern that is a judgement; that something is known to have happened once is a count."""
        rows = tables[self.table].filter(~nw.col("pattern").is_in(("not_yet_assessed", "single_incident")))
        basis = tables["assessment"].select("assessment_id", "differential_assessment")
        used = (nw.col("differential_assessment") != "none_used").alias(VALID)
        return rows.join(basis, on="assessment_id").select(ROW, used)
