"""Voice: whether children and adults were heard, how, apart from whom, and what their words changed."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import AGE, CAUSES, DVA, answers, choices, codes
from rdac_validator.metrics.base import Base, Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, EPISODES, FLAGGED, NOT_OBTAINED, OBTAINED, heard, voices
from rdac_validator.metrics.cases import Cases

CHILD_HEARD = ("obtained", "not obtained", "no account recorded")
VIEW = "child's view"
MEETINGS = Base("meeting", "every family meeting in the return")


def _methods(cases: Cases) -> Parts:
    """The ways of hearing someone, with those that heard them as a group."""
    told = tuple(code for code in codes("family_voice", "method", cases.standard) if code != NOT_OBTAINED)
    return answers("family_voice", "method", cases.standard, {OBTAINED: told})


class ChildVoice(Metric):
    """Whether the child's own view was obtained, how, apart from who causes harm, and with what influence, by age.

    Why: children's hopes and fears do not feature in their files, and a view that changes nothing is not participation.
    Read: the first table counts assessments, so that a child of whom no account was sought is seen as well.
    """

    code = "M17"
    tier = "starter"
    sources = ("rdac-2026:6.6", "rdac-2026:1.3.3", "rdac-2026:1.3.4", "what-helps-2021:Findings")
    needs = {"family_voice": ("speaker_id", "method", "influenced_plan")}
    adds = {
        "family_voice": ("heard_apart",),
        "person": ("person_kind", "birth_month"),
        "assessment": ("assessment_date",),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments by the child's voice and age; accounts of children by method, setting and influence."""
        yield self._by_age(cases)
        words = Headline((OBTAINED,), "sought from children were obtained")
        caption = "Accounts sought of children by how they were heard"
        yield self.ask(cases, voices("child"), [_methods(cases)], caption, "method", words)
        influence = answers("family_voice", "influenced_plan", cases.standard)
        words = Headline(("changed_plan",), "obtained from children changed the plan")
        caption = "Accounts obtained of children by what the plan did with them"
        yield self.ask(cases, heard("child"), [influence], caption, "influence", words)
        if cases.answered("family_voice", "heard_apart"):
            apart = answers("family_voice", "heard_apart", cases.standard)
            caption = "Accounts obtained of children by whether they were heard apart from anyone who causes harm"
            yield self.ask(cases, heard("child"), [apart], caption, "apart")

    def _by_age(self, cases: Cases) -> Question:
        """An account counts if it is of the child assessed; one that was obtained outweighs one that was not."""
        method = pl.col("method")
        said = method.is_not_null() & ~method.is_in([NOT_OBTAINED, "not applicable"])
        accounts = cases.frame("family_voice").select("assessment_id", pl.col("speaker_id").alias("child_id"), said)
        found = accounts.group_by("assessment_id", "child_id").agg(_obtained=pl.col("method").any())
        frame = FLAGGED.frame(cases).join(found, on=["assessment_id", "child_id"], how="left")
        obtained, not_obtained, none = (pl.lit(name) for name in CHILD_HEARD)
        state = (
            pl.when(pl.col("_obtained")).then(obtained).when(~pl.col("_obtained")).then(not_obtained).otherwise(none)
        )
        return Question(
            f"{self.code} age",
            "Assessments with domestic abuse by whether the child's own view was obtained, and the child's age",
            "assessment",
            frame.with_columns(state.alias(VIEW)),
            (Parts(VIEW, CHILD_HEARD), AGE),
            FLAGGED.words,
            FLAGGED.given,
            Headline((CHILD_HEARD[0], None), "with domestic abuse hold the child's own view"),
        )


class AdultVoice(Metric):
    """Whether adults were heard, on what, and with what influence on the plan.

    Why: fear that children are taken, distrust and racism keep families from help, and no return has a place for it.
    Read: a topic is what the person spoke about, as many as apply; that nobody spoke of racism is no sign of none.
    """

    code = "M18"
    tier = "T1"
    sources = ("rdac-2026:1.3.2", "rdac-2026:3.2", "rdac-2026:6.2")
    needs = {"family_voice": ("speaker_id", "method", "topics")}
    adds = {
        "family_voice": ("influenced_plan",),
        "person": ("person_kind", "birth_month"),
        "assessment": ("assessment_date",),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Accounts of adults by method and whether they cause harm, by topic, and by influence."""
        caption = "Accounts sought of adults by how they were heard, and whether the person causes harm"
        words = Headline((OBTAINED, None), "sought from adults were obtained")
        yield self.ask(cases, voices("adult"), [_methods(cases), CAUSES], caption, "method", words)
        topics = choices("family_voice", "topics", cases.standard)
        caption = "Accounts obtained of adults by topic"
        yield self.ask(cases, heard("adult").with_answer("topics"), [topics], caption, "topics")
        if cases.answered("family_voice", "influenced_plan"):
            influence = answers("family_voice", "influenced_plan", cases.standard)
            caption = "Accounts obtained of adults by what the plan did with them, and whether the person causes harm"
            yield self.ask(cases, heard("adult"), [influence, CAUSES], caption, "influence")


class FamilyMeetings(Metric):
    """Whether families were offered a meeting to decide for themselves, what became of it, and how it was made safe.

    Why: a family meeting on a case of domestic abuse can be unsafe, or can fall to the mother alone.
    Read: not offered in the child's best interests is lawful and takes in safety; not considered is the gap.
    """

    code = "M19"
    tier = "T1"
    sources = ("rdac-2026:6.9.4", "rdac-2026:6.5", "children-act-1989:section-31ZA")
    needs = {"episode": ("family_meeting_status",)}
    adds = {
        "family_meeting": ("person_causing_involved", "safety_adaptation"),
        "assessment": ("family_present",),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Episodes by offer; meetings by who took part and what made them safe; assessments by who was there."""
        status = answers("episode", "family_meeting_status", cases.standard)
        words = Headline(("held", "yes"), "with domestic abuse had a family meeting", (None, "yes"))
        yield self.ask(cases, EPISODES, [status, DVA], "Episodes by offer of a family meeting", "offer", words)
        if cases.answered("family_meeting", "person_causing_involved"):
            involved = answers("family_meeting", "person_causing_involved", cases.standard)
            caption = "Family meetings by whether the person causing harm took part"
            yield self.ask(cases, MEETINGS, [involved], caption, "involved")
        if cases.answered("family_meeting", "safety_adaptation"):
            adapted = choices("family_meeting", "safety_adaptation", cases.standard)
            base = MEETINGS.with_answer("safety_adaptation")
            yield self.ask(cases, base, [adapted], "Family meetings by what was done to make them safe", "safety")
        if cases.answered("assessment", "family_present"):
            present = choices("assessment", "family_present", cases.standard)
            base = ASSESSMENTS.with_answer("family_present")
            yield self.ask(cases, base, [present], "Assessments by which family members took part", "present")
