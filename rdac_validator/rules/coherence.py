"""Codes of today's returns and the rows of the standard: they have to tell one story."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Rule, dva_codes, holds
from rdac_validator.tables import ROW, Tables


class AbuseWithoutDirection(Rule):
    """Domestic abuse is coded at an assessment, and no row says who harms whom.

    Why: the code says that there is abuse and nothing about who causes it; a plan cannot be made for nobody.
    Fix: add a row to harm_direction for each person who harms another; what is not known has a missing reason.
    """

    code = "RDAC330"
    severity = Severity.ERROR
    table = "assessment"
    columns = ("assessment_id", "source_codes")
    message = "source_codes names domestic abuse, and harm_direction has no row for the assessment"
    sources = ("rdac-2026:1.4-p3", "rdac-2026:6.3")
    requirements = ("R09",)
    needs = {"harm_direction": ("assessment_id",)}
    lenient = {"t0": Severity.INFO}
    good: tuple[Case, ...] = (
        {
            "assessment": [{"assessment_id": "a1", "source_codes": "3A|4B"}],
            "harm_direction": [{"harm_id": "h1", "assessment_id": "a1"}],
        },
        {"assessment": [{"assessment_id": "a1", "source_codes": "4B"}]},
        {"assessment": [{"assessment_id": "a1", "source_codes": "not_recorded"}]},
    )
    bad: tuple[Case, ...] = (
        {
            "assessment": [
                {"assessment_id": "a1", "source_codes": "4B|3B"},
                {"assessment_id": "a2", "source_codes": "3C"},
            ],
            "harm_direction": [{"harm_id": "h1", "assessment_id": "a2"}],
        },
        {"assessment": [{"assessment_id": "a1", "source_codes": "neglect|domestic_abuse"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Assessments at which domestic abuse is coded."""
        coded = tables[self.table].filter(holds("source_codes", dva_codes(tables.standard)))
        harm = tables["harm_direction"].select("assessment_id", nw.lit(value=True).alias("told")).unique()
        told = coded.join(harm, on="assessment_id", how="left")
        return told.select(ROW, (~nw.col("told").is_null()).alias(VALID))


class DirectionWithoutAbuseCode(Rule):
    """Someone harms someone by the record, and no source code of the assessment names domestic abuse.

    Why: abuse that is coded as neglect or emotional abuse only is not counted, and the harmed parent may be blamed.
    Fix: ask the worker whether the code was left out. Neither the codes nor the rows are ever changed by guesswork.
    """

    code = "RDAC331"
    severity = Severity.QUERY
    table = "assessment"
    columns = ("assessment_id", "source_codes")
    message = "harm_direction has a row for the assessment, and source_codes does not name domestic abuse"
    sources = ("rdac-2026:6.3",)
    requirements = ("R10",)
    needs = {"harm_direction": ("assessment_id",)}
    _harm = {"harm_direction": [{"harm_id": "h1", "assessment_id": "a1"}, {"harm_id": "h2", "assessment_id": "a1"}]}
    good: tuple[Case, ...] = (
        _harm | {"assessment": [{"assessment_id": "a1", "source_codes": "16A|3B"}]},
        _harm | {"assessment": [{"assessment_id": "a1", "source_codes": "not_applicable"}]},
        _harm | {"assessment": [{"assessment_id": "a2", "source_codes": "16A"}]},
    )
    bad: tuple[Case, ...] = (
        _harm | {"assessment": [{"assessment_id": "a1", "source_codes": "16A|17A"}]},
        _harm | {"assessment": [{"assessment_id": "a1", "source_codes": "neglect"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Assessments with a direction of harm."""
        harm = tables["harm_direction"].select("assessment_id").unique()
        told = tables[self.table].join(harm, on="assessment_id", how="semi")
        return told.select(ROW, holds("source_codes", dva_codes(tables.standard)).alias(VALID))
