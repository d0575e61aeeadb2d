"""Who the children are, which factors were ticked, and where they live: what a census can already say."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import (
    AGE,
    AGE_HALVES,
    ANSWERED,
    DECILE,
    DVA,
    ETHNICITY,
    GROUPS,
    NOT_APPLICABLE,
    PLAN,
    SEX,
    TENTH_HALVES,
    UNKNOWN,
    Bands,
    answers,
    choices,
    coarse,
)
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, FLAGGED
from rdac_validator.metrics.cases import Cases
from rdac_validator.tables import missing

FACTORS = Bands("source_codes", {"none": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5 or more": 5})
NUMBER = Parts("source_codes", (*FACTORS.bands, NOT_APPLICABLE, UNKNOWN), {ANSWERED: tuple(FACTORS.bands)})


class FactorsTogether(Metric):
    """How many factors or concerns an assessment records.

    Why: domestic abuse as a single issue is rare; where it looks common, one factor was all that people recorded.
    Read: only beside the recording policy of the return: where the main factor alone is ticked it says nothing of need.
    """

    code = "M05"
    tier = "T0"
    sources = ("rdac-2026:6.2",)
    needs = {"assessment": ("source_codes",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments by the number of factors; a code for "no factors" is none."""
        lists = cases.standard.table("assessment").column("source_codes").lists
        none = [code for name in lists for code in cases.standard.lists[name].where("exclusive")]
        factors = pl.col("source_codes").list.eval(pl.element().filter(~pl.element().is_in(none))).list.n_unique()
        number = pl.when(pl.col(missing("source_codes")) == "not_applicable").then(pl.lit(NOT_APPLICABLE))
        yield self.ask(
            cases,
            ASSESSMENTS,
            [NUMBER, DVA],
            "Assessments by the number of factors or concerns recorded",
            headline=Headline(("1", "yes"), "with domestic abuse record it and nothing else", (ANSWERED, "yes")),
            columns=[number.otherwise(FACTORS.of(factors)).alias("source_codes")],
        )


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
        for axis in (SEX, Parts(AGE.variable, AGE.categories, AGE_HALVES), ETHNICITY):
            name = axis.variable
            caption = f"Assessments by the child's {name} and whether domestic abuse is flagged"
            words = Headline((UNKNOWN, None), f"do not say the child's {name}")
            yield self.ask(cases, ASSESSMENTS, [axis, DVA], caption, name, words)


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
        axis = choices("assessment", "source_codes", cases.standard)
        yield self.ask(
            cases, FLAGGED.with_answer("source_codes"), [axis], "Factors recorded where domestic abuse is flagged"
        )


class Deprivation(Metric):
    """Assessments by the deprivation tenth of the area where the child lives: the counts that a rate is made of.

    Why: the study could show how steeply the response rises with deprivation only by linking addresses itself.
    Read: 1 is the most deprived. A rate needs the children of each tenth, which no return holds. A family without a
    home has no tenth and stands by itself; a tenth withheld for safety counts as not known.
    """

    code = "M21"
    tier = "T0"
    sources = ("rdac-2026:fig-5.2", "rdac-2026:fig-5.11", "rdac-2026:1.3.1")
    needs = {"family_circumstances": ("deprivation_decile", "deprivation_index")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """By tenth, and by the index that the tenths are of."""
        words = Headline(("1", "yes"), "with domestic abuse are of the most deprived tenth of areas", (None, "yes"))
        caption = "Assessments by deprivation tenth and whether domestic abuse is flagged"
        yield self.ask(cases, ASSESSMENTS, [DECILE, DVA], caption, "tenth", words)
        index = answers("family_circumstances", "deprivation_index", cases.standard)
        yield self.ask(
            cases, ASSESSMENTS, [index], "Assessments by the deprivation index that their tenth is of", "index"
        )


class Intersections(Metric):
    """Whether there was a plan, by the child's ethnic group together with sex, with age and with deprivation.

    Why: sex, ethnicity and class act together; a table for each alone hides the groups who are treated differently.
    Read: many groups are small and stay hidden. "minoritised", the ages and the deprivation are the study's groups of
    two: they are coarse, and the word says only that the report counts these children together.
    """

    code = "M22"
    tier = "T0"
    sources = ("rdac-2026:6.4", "rdac-2026:1.3.2", "rdac-2026:5.4.5")
    needs = {"episode": ("referral_date",), "person": ("sex", "ethnicity_code"), "status_event": ("to_status",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Three tables of the same shape: the ethnic group with each other characteristic, by plan or no plan."""
        plan, by_plan = coarse(answers("episode", "pathway", cases.standard), PLAN)
        ethnicity = Parts(ETHNICITY.variable, ETHNICITY.categories, {"minoritised": GROUPS[1:]})
        pairs = {"sex": coarse(SEX, {}), "age": coarse(AGE, AGE_HALVES), "deprivation": coarse(DECILE, TENTH_HALVES)}
        for what, (axis, column) in pairs.items():
            caption = f"Assessments with domestic abuse by ethnic group, {what}, and whether there was a plan"
            yield self.ask(cases, FLAGGED, [ethnicity, axis, plan], caption, what, columns=[column, by_plan])
