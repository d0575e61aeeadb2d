"""What kind of abuse, and who harms whom."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.cases import DVA, YES_NO, Cases
from rdac_validator.metrics.demographics import FLAGGED


class DirectionStated(Metric):
    """The share of assessments with domestic abuse in which it is recorded who harms whom.

    Why: neither return says it today, and without it nobody can see who is asked to change and who is asked to cope.
    Read: from a census or a Scottish conference return it is none, whatever the practice was.
    """

    code = "M04"
    tier = "starter"
    sources = ("rdac-2026:1.3.4", "rdac-2026:6.3")
    needs = {"harm_direction": ("person_causing_id", "person_experiencing_id")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table: stated or not."""
        both = pl.col("person_causing_id").is_not_null() & pl.col("person_experiencing_id").is_not_null()
        said = cases.frame("harm_direction").filter(both).select("assessment_id").unique()
        said = said.with_columns(pl.lit("yes").alias("direction stated"))
        frame = cases.with_abuse.join(said, on="assessment_id", how="left").with_columns(
            pl.col("direction stated").fill_null("no")
        )
        yield Question(
            self.code,
            "Assessments with domestic abuse by whether it is recorded who harms whom",
            "assessment",
            frame,
            (Parts("direction stated", YES_NO),),
            FLAGGED,
            {DVA.variable: "yes"},
            Headline(("yes",), "say who harms whom"),
        )
