"""What kind of abuse, who harms whom, and whether codes and rows agree."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import (
    ANSWERED,
    DVA,
    DVA_HOW,
    NO_ANSWER,
    NOT_APPLICABLE,
    UNKNOWN,
    YES_NO,
    Bands,
    answers,
    choices,
    yes_no,
)
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, DIRECTIONS
from rdac_validator.metrics.cases import Cases
from rdac_validator.tables import missing

HOW = pl.col("how").alias(DVA.variable)
STATED = Parts("who harms whom stated", YES_NO)
NUMBER = Bands("records of who harms whom", {"none": 0, "one": 1, "several": 2}, ())
# who causes and who experiences harm in each of the standard's broad groups
WHO = {
    "male_to_female_partner": ("man, to a partner", "woman, from a partner"),
    "female_to_male_partner": ("woman, to a partner", "man, from a partner"),
    "male_to_male_partner": ("man, to a partner", "man, from a partner"),
    "female_to_female_partner": ("woman, to a partner", "woman, from a partner"),
    "parent_to_child": ("parent or step-parent", "son or daughter"),
    "adult_child_to_parent": ("son or daughter of 18 or over", "parent"),
    "under18_child_to_parent": ("son or daughter under 18", "parent"),
    "sibling": ("brother or sister", "brother or sister"),
    "intergenerational_other_adult": ("another relative", "another relative"),
    "other": ("anyone else", "anyone else"),
    "not_stated": ("not stated", "not stated"),
}
NO_KIND, BARE, NAMED = LABELS = ("no kind named", "coercive control without detail", "kinds named")


class GenericLabel(Metric):
    """How many records of who harms whom name no kind of abuse, or coercive control and nothing of what it consists of.

    Why: a catch-all term tells a worker nothing about what is done to whom, and the plan that rests on it is generic.
    Read: of a census or a Scottish return it is not asked: there a code opened the rows, and no code names a kind. In a
    full return a high share asks why.
    """

    code = "M02"
    tier = "starter"
    sources = ("rdac-2026:1.3.3", "rdac-2026:6.3")
    needs = {"harm_direction": ("abuse_types",)}
    adds = {"harm_direction": ("control_behaviours",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """By how much the row says, and which kinds it names."""
        kinds = pl.col("abuse_types")
        detail = pl.col("control_behaviours").list.eval(pl.element() != "none_identified").list.any()
        alone = kinds.list.len() == 1
        bare = alone & kinds.list.contains("controlling_or_coercive") & ~detail.fill_null(value=False)
        label = (
            pl.when(pl.col(missing("abuse_types")) == "not_applicable")
            .then(pl.lit(NOT_APPLICABLE))
            .when(alone & kinds.list.contains("dva_unspecified"))
            .then(pl.lit(NO_KIND))
            .when(bare)
            .then(pl.lit(BARE))
            .when(kinds.is_not_null())
            .then(pl.lit(NAMED))
            .otherwise(pl.lit(NO_ANSWER))
        )
        # a row that a code alone opened holds no answer: completeness counts it so too
        groups = {ANSWERED: (BARE, NAMED), UNKNOWN: (NO_KIND, NO_ANSWER)}
        axis = Parts("abuse_types", (*LABELS, NOT_APPLICABLE, NO_ANSWER), groups)
        words = Headline((NO_KIND,), "name no kind of abuse")
        yield self.ask(
            cases,
            DIRECTIONS,
            [axis],
            "Records of who harms whom by how much they say",
            "label",
            words,
            [label.alias("abuse_types")],
        )
        named = choices("harm_direction", "abuse_types", cases.standard)
        yield self.ask(
            cases,
            DIRECTIONS.of("that name a kind of abuse", "abuse_types", ANSWERED, label.is_in([BARE, NAMED])),
            [named],
            "Kinds of abuse that records of who harms whom name",
            "kinds",
        )


class DirectionMix(Metric):
    """Who harms whom, in broad groups, and how many assessments hold more than one record.

    Why: practice speaks of men who harm women partners; children who harm parents, siblings and others stay unseen.
    Read: every group is shown though it be nought; "not stated" needs a sex, an age or the relationship to be recorded.
    """

    code = "M03"
    tier = "starter"
    sources = ("rdac-2026:6.3", "rdac-2026:5.4.6", "rdac-2026:6.5")
    needs = {"harm_direction": ("person_causing_id", "person_experiencing_id", "relationship")}
    adds = {"person": ("person_kind", "birth_month", "sex"), "assessment": ("assessment_date", "source_codes")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Directions by group, and assessments by the number of directions."""
        groups = cases.standard.lists["HarmDirectionClass"].codes
        another = tuple(code for code in groups if code not in {"male_to_female_partner", "not_stated"})
        axis = Parts("direction", groups, {"any other direction": another})
        said = "are of something other than a man harming a woman who is his partner"
        words = Headline(("any other direction",), said)
        yield self.ask(
            cases, DIRECTIONS, [axis], "Records of who harms whom, in broad groups", "who", words, picture="matrix"
        )
        rows = cases.frame("harm_direction").group_by("assessment_id").agg(_rows=pl.len())
        frame = ASSESSMENTS.frame(cases).join(rows, on="assessment_id", how="left")
        number = NUMBER.of(pl.col("_rows").fill_null(0))
        yield Question(
            f"{self.code} how many",
            "Assessments by the number of records of who harms whom",
            "assessment",
            frame.with_columns(number, HOW),
            (NUMBER.axis, DVA_HOW),
            ASSESSMENTS.words,
            headline=Headline(
                ("several", "yes"), "with domestic abuse record harm in more than one direction", (None, "yes")
            ),
        )


class DirectionStated(Metric):
    """The share of assessments with domestic abuse in which it is recorded who harms whom.

    Why: neither return says it today, and without it nobody can see who is asked to change and who is asked to cope.
    Read: from a census or a Scottish conference return it is none, whatever the practice was.
    """

    code = "M04"
    tier = "T0"
    sources = ("rdac-2026:1.3.4", "rdac-2026:6.3")
    needs = {"assessment": ("source_codes",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table: stated or not. Where no row was ever opened it is none."""
        both = pl.col("person_causing_id").is_not_null() & pl.col("person_experiencing_id").is_not_null()
        said = cases.frame("harm_direction").filter(both).select("assessment_id").unique()
        frame = ASSESSMENTS.frame(cases).join(
            said.with_columns(_said=pl.lit(value=True)), on="assessment_id", how="left"
        )
        yield Question(
            self.code,
            "Assessments by whether it is recorded who harms whom, and how domestic abuse is flagged",
            "assessment",
            frame.with_columns(yes_no(STATED.variable, pl.col("_said")), HOW),
            (STATED, DVA_HOW),
            ASSESSMENTS.words,
            headline=Headline(("yes", "yes"), "with domestic abuse say who harms whom", (None, "yes")),
        )


class CodesAndRows(Metric):
    """Whether the codes of an assessment and its rows agree that there is domestic abuse.

    Why: abuse sits under neglect or emotional abuse, and a code without a row does not say who harms whom.
    Read: a row without a code is no error; it is asked about and never corrected. The audit is of a sample. Of a census
    it is not asked: there the codes opened the rows, so that both agree by themselves.
    """

    code = "M06"
    tier = "T1"
    sources = ("rdac-2026:6.2", "rdac-2026:6.3", "rdac-2026:5.5.5")
    needs = {"assessment": ("source_codes",), "harm_direction": ("abuse_types",)}
    adds = {"assessment": ("code_record_match",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """How abuse is flagged; and what the audit found, where there was one."""
        words = Headline(("by a record alone",), "with domestic abuse are without a code for it", ("yes",))
        caption = "Assessments by how domestic abuse is flagged"
        yield self.ask(cases, ASSESSMENTS, [DVA_HOW], caption, "how", words, [HOW])
        if cases.answered("assessment", "code_record_match"):
            match = answers("assessment", "code_record_match", cases.standard)
            yield self.ask(cases, ASSESSMENTS, [match, DVA], "Assessments by what an audit of codes found", "audit")
