"""Housing, money and place: dated, answered for in the plan, and never guessed."""

from __future__ import annotations

from datetime import timedelta

import narwhals as nw

from rdac_validator.derive import of_dataset
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Row, RowRule, Rule, holds, not_applicable, only
from rdac_validator.rules.vocabulary import any_of
from rdac_validator.tables import ROW, Tables

NEAR = timedelta(days=90)


class HardshipNotAnswered(RowRule):
    """Housing or money difficulties are recorded, and the plan is said to have none to answer.

    Why: hardship became background as assessments went on; whether the plan took it up is the key to what it was worth.
    Fix: put yes, partly or no in hardship_addressed_in_plan, or the missing reason that is true.
    """

    code = "RDAC291"
    severity = Severity.WARNING
    table = "family_circumstances"
    columns = ("housing_issues", "money_issues", "hardship_addressed_in_plan")
    message = "hardship_addressed_in_plan says that there was none, and housing_issues or money_issues name some"
    sources = ("rdac-2026:6.1",)
    requirements = ("R38",)
    good: tuple[Row, ...] = (
        {"housing_issues": "overcrowded", "money_issues": "not_asked", "hardship_addressed_in_plan": "no"},
        {"housing_issues": "overcrowded", "hardship_addressed_in_plan": "not_recorded"},
        {
            "housing_issues": "none_identified",
            "money_issues": "none_identified",
            "hardship_addressed_in_plan": "no_hardship_identified",
        },
        {
            "housing_issues": "none_identified",
            "money_issues": "declined",
            "hardship_addressed_in_plan": "not_applicable",
        },
    )
    bad: tuple[Row, ...] = (
        {"housing_issues": "overcrowded|homeless", "hardship_addressed_in_plan": "no_hardship_identified"},
        {"housing_issues": "not_asked", "money_issues": "problem_debt", "hardship_addressed_in_plan": "not_applicable"},
        {
            "housing_issues": "none_identified",
            "money_issues": "benefit_gap",
            "hardship_addressed_in_plan": "no_hardship_identified",
        },
    )

    def applies(self) -> nw.Expr:
        """Families with a difficulty in housing or money."""
        return ~only("housing_issues", "none_identified") | ~only("money_issues", "none_identified")

    def valid(self) -> nw.Expr:
        """Neither "none identified" nor "does not apply"."""
        none = (nw.col("hardship_addressed_in_plan") == "no_hardship_identified").fill_null(value=False)
        return ~(none | not_applicable("hardship_addressed_in_plan"))


class DecileWithoutIndex(RowRule):
    """A deprivation decile does not say which index it comes from.

    Why: the third decile of one index is another place than the third of the next; without it no rate can be made.
    Fix: name the index and its edition in deprivation_index; if nobody knows it, the decile is of no use: take it out.
    """

    code = "RDAC292"
    severity = Severity.ERROR
    table = "family_circumstances"
    columns = ("deprivation_decile", "deprivation_index")
    message = "deprivation_decile is given, and deprivation_index is missing"
    sources = ("rdac-2026:fig-5.2", "rdac-2026:4.4.1")
    requirements = ("R39",)
    good: tuple[Row, ...] = (
        {"deprivation_decile": "3", "deprivation_index": "imd_2019_lsoa11"},
        {"deprivation_decile": "withheld_for_safety", "deprivation_index": "not_applicable"},
        {"deprivation_decile": "not_collected_by_source", "deprivation_index": "not_collected_by_source"},
    )
    bad: tuple[Row, ...] = (
        {"deprivation_decile": "3", "deprivation_index": "not_applicable"},
        {"deprivation_decile": "10", "deprivation_index": "not_recorded"},
    )

    def applies(self) -> nw.Expr:
        """Rows with a decile."""
        return ~nw.col("deprivation_decile").is_null()

    def valid(self) -> nw.Expr:
        """No missing reason in place of the index."""
        return nw.col("deprivation_index.missing").is_null()


class DecileOfHomelessFamily(RowRule):
    """A deprivation decile is given for a family that is homeless.

    Why: the decile of a council office or of the last address moves homeless children into somebody else's rate.
    Fix: put not_applicable in deprivation_decile; homeless children are shown as a group of their own.
    """

    code = "RDAC293"
    severity = Severity.ERROR
    table = "family_circumstances"
    columns = ("housing_issues", "deprivation_decile", "address_safety")
    message = "housing_issues says homeless, and deprivation_decile is given; write not_applicable"
    sources = ("rdac-2026:fig-5.2",)
    requirements = ("R41",)
    good: tuple[Row, ...] = (
        {"housing_issues": "homeless", "deprivation_decile": "not_applicable"},
        {"housing_issues": "overcrowded", "deprivation_decile": "2"},
        {"housing_issues": "not_asked", "deprivation_decile": "2"},
        {"housing_issues": "homeless", "deprivation_decile": "2", "address_safety": "confidential"},
    )
    bad: tuple[Row, ...] = (
        {"housing_issues": "homeless|blocks_separation", "deprivation_decile": "2"},
        {"housing_issues": "homeless", "deprivation_decile": "2", "address_safety": "standard"},
    )

    def applies(self) -> nw.Expr:
        """Homeless families; where the address is kept from someone, the rule on safety says it already."""
        hidden = (nw.col("address_safety") != "standard").fill_null(value=False)
        return holds("housing_issues", ["homeless"]) & ~hidden

    def valid(self) -> nw.Expr:
        """No decile."""
        return nw.col("deprivation_decile").is_null()


class IndexOfAnotherNation(Rule):
    """The deprivation index belongs to another nation than the return.

    Why: the indices of England and Scotland rank different places by different measures; one is no tenth of the other.
    Fix: name the index that the decile was taken from; a family just over the border has no decile of this nation.
    """

    code = "RDAC364"
    severity = Severity.ERROR
    table = "family_circumstances"
    columns = ("deprivation_index",)
    message = "deprivation_index belongs to another nation than the dataset"
    sources = ("rdac-2026:fig-5.11", "simd-2020v2:text", "imd-2019:text")
    requirements = ("R39",)
    needs = {"dataset": ("nation",)}
    _england, _scotland = [{"nation": "england"}], [{"nation": "scotland"}]
    good: tuple[Case, ...] = (
        {"dataset": _england, "family_circumstances": [{"deprivation_index": "imd_2025_lsoa21"}]},
        {"dataset": _scotland, "family_circumstances": [{"deprivation_index": "simd_2020v2_dz11"}]},
        {"dataset": _scotland, "family_circumstances": [{"deprivation_index": "not_recorded"}]},
    )
    bad: tuple[Case, ...] = (
        {"dataset": _england, "family_circumstances": [{"deprivation_index": "simd_2020v2_dz11"}]},
        {"dataset": _scotland, "family_circumstances": [{"deprivation_index": "imd_2019_lsoa11"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows with an index, where the nation is known."""
        right = any_of(
            (nw.col("deprivation_index") == index.code) & (nw.col("nation") == index.notes["nation"])
            for index in tables.standard.lists["DeprivationIndex"].values
        )
        rows = tables[self.table].join(of_dataset(tables, "nation"), how="cross")
        return rows.filter(~nw.col("nation").is_null()).select(ROW, right.alias(VALID))


class SnapshotFarFromAssessment(Rule):
    """The family's circumstances were recorded more than 90 days before or after the assessment.

    Why: homes, work and money change quickly in separation; old answers say little about what the assessment met.
    Fix: ask again at the assessment and date the answers, or correct as_of_date.
    """

    code = "RDAC520"
    severity = Severity.WARNING
    table = "family_circumstances"
    columns = ("assessment_id", "as_of_date")
    message = "as_of_date is more than 90 days from the date of the assessment"
    sources = ("rdac-2026:6.1",)
    requirements = ("R38",)
    needs = {"assessment": ("assessment_id", "assessment_date")}
    _assessed = {"assessment": [{"assessment_id": "a1", "assessment_date": "2024-06-01"}]}
    good: tuple[Case, ...] = (
        _assessed | {"family_circumstances": [{"assessment_id": "a1", "as_of_date": "2024-08-30"}]},
        _assessed | {"family_circumstances": [{"assessment_id": "a1", "as_of_date": "2024-03-03"}]},
        {
            "assessment": [{"assessment_id": "a1", "assessment_date": "not_applicable"}],
            "family_circumstances": [{"assessment_id": "a1", "as_of_date": "2020-01-01"}],
        },
    )
    bad: tuple[Case, ...] = (
        _assessed | {"family_circumstances": [{"assessment_id": "a1", "as_of_date": "2024-08-31"}]},
        _assessed | {"family_circumstances": [{"assessment_id": "a1", "as_of_date": "2024-03-02"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows whose assessment has a date."""
        dates = tables["assessment"].select("assessment_id", "assessment_date").unique("assessment_id")
        apart = nw.col("as_of_date") - nw.col("assessment_date")
        near = (apart <= nw.lit(NEAR)) & (apart >= nw.lit(-NEAR))
        return tables[self.table].join(dates, on="assessment_id").select(ROW, near.alias(VALID))
