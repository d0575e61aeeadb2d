"""Who the children are, which factors were ticked, and what came of it: what a census can already say."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Several
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.cases import AGE, DVA, ETHNICITY, SEX, UNKNOWN, Cases, answers

ALL_ASSESSMENTS = "every assessment in the return"
FLAGGED = "every assessment in which domestic abuse is flagged, by a code or by a direction of harm"


class Demographics(Metric):
    """Assessments by the child's sex, age and ethnic group, with those of whom it is not known.

    Why: a response that differs by who the child is cannot be seen while the unknown are left out of the table.
    Read: compare the shares with those of all children of the area; a large share not known hides a difference.
    """

    code = "M24"
    tier = "T0"
    sources = ("rdac-2026:table-5.1", "rdac-2026:table-5.2")
    needs = {"assessment": ("assessment_id",), "person": ("sex",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table for each characteristic, of all assessments and of those with domestic abuse."""
        for axis in (SEX, AGE, ETHNICITY):
            yield Question(
                f"{self.code} {axis.variable}",
                f"Assessments by the child's {axis.variable} and whether domestic abuse is flagged",
                "assessment",
                cases.assessments,
                (axis, DVA),
                ALL_ASSESSMENTS,
                headline=Headline((UNKNOWN, None), f"do not say the child's {axis.variable}"),
            )


class Factors(Metric):
    """How often each factor or concern is recorded among assessments in which domestic abuse is flagged.

    Why: domestic abuse is rarely alone; which needs stand beside it says what has to be offered at the same time.
    Read: a share depends on the recording policy; where only the main factor is ticked the shares mean little.
    """

    code = "M25"
    tier = "T0"
    sources = ("rdac-2026:supp-table-1.2", "rdac-2026:supp-table-1.4")
    needs = {"assessment": ("source_codes",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table, in which an assessment can stand in several rows."""
        column = cases.standard.table("assessment").column("source_codes")
        codes = Several("factor", cases.standard.codes(column))
        frame = cases.with_abuse.with_columns(pl.col("source_codes").alias("factor"))
        yield Question(
            self.code,
            "Factors recorded where domestic abuse is flagged",
            "assessment",
            frame,
            (codes,),
            FLAGGED,
            {DVA.variable: "yes"},
        )


class Pathways(Metric):
    """How far the response went: the highest level of service that each episode reached.

    Why: the study could not say why some children come to a plan and others do not; this is where one sees whether.
    Read: the levels sum to the episodes; an episode still open may go further.
    """

    code = "M23"
    tier = "T0"
    sources = ("rdac-2026:table-5.3", "rdac-2026:table-5.4")
    needs = {"episode": ("pathway",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Episodes by pathway, by whether domestic abuse was flagged in any of their assessments."""
        flagged = cases.with_abuse.select("episode_id").unique().with_columns(pl.lit("yes").alias(DVA.variable))
        episodes = cases.frame("episode").join(flagged, on="episode_id", how="left")
        episodes = episodes.with_columns(pl.col(DVA.variable).fill_null("no"))
        pathway = answers(cases.standard.table("episode").column("pathway"), cases.standard)
        yield Question(
            self.code,
            "Episodes by the highest level of service",
            "episode",
            episodes,
            (pathway, DVA),
            "every episode in the return",
            headline=Headline(
                ("cp_plan", "yes"),
                "with domestic abuse came to a child protection plan or to registration",
                (None, "yes"),
            ),
        )
