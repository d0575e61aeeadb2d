"""Who the children are and which factors were ticked: what a census can already say."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts, Several
from rdac_validator.metrics.axes import (
    AGE,
    AGE_HALVES,
    ANSWERED,
    DVA,
    ETHNICITY,
    NOT_APPLICABLE,
    SEX,
    UNKNOWN,
    Bands,
    choices,
)
from rdac_validator.metrics.base import FEW, Base, Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, EPISODES, FLAGGED
from rdac_validator.metrics.cases import Cases
from rdac_validator.tables import missing

FACTORS = Bands("source_codes", {"none": 0, "1": 1, "2 or more": 2})
# a factor stands in pairs where so many record it: a percentage of fewer would be marked as unsafe
COMMON = FEW
# the table that is of the unit of published statistics
EPISODE_FACTORS = "M25 episodes"
ANY_FACTOR = ("factors", "any")
NUMBER = Parts("source_codes", (*FACTORS.bands, NOT_APPLICABLE, UNKNOWN), {ANSWERED: tuple(FACTORS.bands)})


class FactorsTogether(Metric):
    """How many factors or concerns an assessment records, and which common ones stand together where abuse is flagged.

    Why: domestic abuse as a single issue is rare; where it looks common, one factor was all that people recorded.
    Read: only beside the recording policy of the return: where the main factor alone is ticked it says nothing of need.
    Pairs are of factors that thirty assessments or more record; where fewer than two are so common there is no table.
    """

    code = "M05"
    tier = "T0"
    sources = ("rdac-2026:6.2",)
    needs = {"assessment": ("source_codes",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments by the number of factors; a code for "no factors" is none. Then every pair of common factors."""
        lists = cases.standard.table("assessment").column("source_codes").lists
        none = [code for name in lists for code in cases.standard.lists[name].where("exclusive")]
        factors = pl.col("source_codes").list.eval(pl.element().filter(~pl.element().is_in(none))).list.n_unique()
        number = pl.when(pl.col(missing("source_codes")) == "not_applicable").then(pl.lit(NOT_APPLICABLE))
        yield self.ask(
            cases,
            ASSESSMENTS,
            [NUMBER, DVA],
            "Assessments by the number of factors or concerns recorded",
            headline=Headline(("1", "yes"), "with domestic abuse record it as the only factor", (ANSWERED, "yes")),
            columns=[number.otherwise(FACTORS.of(factors)).alias("source_codes")],
        )
        base = FLAGGED.with_answer("source_codes")
        each = Several("source_codes", tuple(code for code in _common(base, cases) if code not in none))
        if len(each.categories) > 1:
            caption = f"Factors of {COMMON} assessments or more recorded together where domestic abuse is flagged"
            kept = pl.col("source_codes").list.eval(pl.element().filter(pl.element().is_in(each.categories)))
            yield self.ask(cases, base, [each, each], caption, "pairs", columns=[kept], picture="pairs")


def _common(base: Base, cases: Cases) -> list[str]:
    """The codes that :data:`COMMON` assessments or more of a base record, in the order of the national lists."""
    held = base.frame(cases).select(pl.col("source_codes").list.unique().explode())
    often = held.group_by("source_codes").len().filter(pl.col("len") >= COMMON).collect()["source_codes"].to_list()
    return [code for code in choices("assessment", "source_codes", cases.standard).categories if code in often]


class Demographics(Metric):
    """Assessments by the child's sex, age and ethnic group, with those of whom it is not known.

    Why: a response that differs by who the child is cannot be seen while the unknown are left out of the table.
    Read: compare the shares with those of all children of the area; a large share not known hides a difference.
    """

    code = "M24"
    tier = "T0"
    sources = ("rdac-2026:table-5.1", "rdac-2026:table-5.2")
    needs = {"assessment": ("assessment_id",), "person": ("sex",)}
    adds = {
        "person": ("birth_month", "ethnicity_code", "ethnicity_scheme"),
        "assessment": ("assessment_date",),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table for each characteristic, of all assessments and of those with domestic abuse."""
        for axis in (SEX, Parts(AGE.variable, AGE.categories, AGE_HALVES), ETHNICITY):
            name = axis.variable
            caption = f"Assessments by the child's {name} and whether domestic abuse is flagged"
            words = Headline((UNKNOWN, None), f"do not say the child's {name}")
            yield self.ask(cases, ASSESSMENTS, [axis, DVA], caption, name, words)


class Factors(Metric):
    """How often each factor or concern is recorded among assessments in which domestic abuse is flagged.

    Why: domestic abuse is rarely alone; which needs stand beside it says what has to be offered at the same time.
    Read: a share depends on the recording policy; where only the main factor is ticked the shares mean little. England
    publishes episodes and not assessments: an episode with a factor in any of its assessments counts once.
    """

    code = "M25"
    tier = "T0"
    sources = ("rdac-2026:supp-table-1.2", "rdac-2026:supp-table-1.4", "dfe-c3-2025:text")
    needs = {"assessment": ("source_codes",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Tables in which an assessment, or for England an episode, can stand in several rows."""
        axis = choices("assessment", "source_codes", cases.standard)
        yield self.ask(
            cases, FLAGGED.with_answer("source_codes"), [axis], "Factors recorded where domestic abuse is flagged"
        )
        if "england" in cases.frame("dataset").collect()["nation"]:
            yield self._of_episodes(cases)

    def _of_episodes(self, cases: Cases) -> Question:
        """Episodes as England publishes them. Beside abuse: else its absence could be told by subtracting."""
        codes = cases.standard.lists["CinFactor"]
        factors = tuple(code for code in codes.codes if code not in codes.where("exclusive"))
        axis = Several("source_codes", factors, answered=True)
        held = cases.unit("assessment").select("episode_id", "source_codes").explode("source_codes")
        each = held.filter(pl.col("source_codes").cast(pl.String).is_in(axis.categories))
        frame = EPISODES.frame(cases).join(each.group_by("episode_id").agg("source_codes"), on="episode_id", how="left")
        recorded = pl.col("source_codes").is_not_null()
        base = EPISODES.of("with a factor recorded in an assessment", *ANY_FACTOR, recorded)
        caption = "Factors recorded in the assessments of an episode, and whether domestic abuse is flagged"
        return Question(
            EPISODE_FACTORS, caption, "episode", frame.filter(recorded), (axis, DVA), base.words, base.given
        )
