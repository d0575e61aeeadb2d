"""Children: how they experience harm, what help they get to recover, and those who also cause harm."""

from __future__ import annotations

from collections.abc import Iterator

from rdac_validator.metrics.adults import NOT_GOT, WITHOUT, without_service
from rdac_validator.metrics.axes import AGE, CAUSES, answers, choices
from rdac_validator.metrics.base import Base, Headline, Metric, Question
from rdac_validator.metrics.bases import EXPERIENCES
from rdac_validator.metrics.cases import Cases

ARRANGEMENTS = Base("arrangement", "every kinship arrangement in the return")


class ChildrensExperience(Metric):
    """How children experience the abuse, and what became of their need for help to recover.

    Why: children are harmed in their own right, it goes unseen, and services turn away those who are still in contact.
    Read: a child can have several experiences. No need found, and not offered, are different answers.
    """

    code = "M16"
    tier = "starter"
    sources = ("rdac-2026:1.1", "rdac-2026:3.1", "rdac-2026:6.4", "powell-2024:2.1")
    needs = {"child_experience": ("experience_type",)}
    adds = {
        "child_experience": ("recovery_support", "recovery_barrier"),
        "person": ("birth_month",),
        "assessment": ("assessment_date",),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """By experience, by help to recover and age, and by what stood in the way."""
        kinds = choices("child_experience", "experience_type", cases.standard)
        words = Headline(("directly_targeted",), "are targeted themselves")
        base = EXPERIENCES.with_answer("experience_type")
        yield self.ask(cases, base, [kinds], "Children by how they experience the abuse", "experience", words)
        if cases.answered("child_experience", "recovery_support"):
            support = answers("child_experience", "recovery_support", cases.standard, {NOT_GOT: WITHOUT})
            words = Headline(("receiving", None), "are receiving help to recover")
            caption = "Children by age and what became of their need for help to recover"
            yield self.ask(cases, EXPERIENCES, [support, AGE], caption, "recovery", words)
        if cases.answered("child_experience", "recovery_support", "recovery_barrier"):
            barrier = answers("child_experience", "recovery_barrier", cases.standard)
            base = without_service(EXPERIENCES, "recovery_support")
            yield self.ask(cases, base, [barrier], "Children by what stood in the way of help to recover", "barrier")


class HarmedAndCausingHarm(Metric):
    """Children who live with abuse and also cause harm, and what became of their own need for help.

    Why: services cannot hold both at once, and a child who lived with abuse is met as the one who does it.
    Read: causing harm is what a record of that assessment says; it takes nothing from the child's own need.
    """

    code = "M31"
    tier = "T1"
    sources = ("rdac-2026:6.7", "rdac-2026:1.3.4", "rdac-2026:6.6")
    needs = {"harm_direction": ("person_causing_id",), "child_experience": ("recovery_support",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table: causing harm or not, by help to recover."""
        support = answers("child_experience", "recovery_support", cases.standard)
        words = Headline(("yes", None), "also cause harm")
        yield self.ask(
            cases,
            EXPERIENCES,
            [CAUSES, support],
            "Children by whether they also cause harm, and help to recover",
            "",
            words,
        )


class KinshipPlacements(Metric):
    """Kinship arrangements by whether abuse in the carer's household or past was assessed, and access to the child.

    Why: a relative's home can bring the child back within reach of the person causing harm, or of an older pattern.
    Read: not assessed is the gap; that access is possible is no reason by itself against a placement.
    """

    code = "M32"
    tier = "T2"
    sources = ("rdac-2026:6.9.4",)
    needs = {"kinship_arrangement": ("dva_history_assessed", "access_via_carer_risk")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table: assessed or not, by access."""
        assessed = answers("kinship_arrangement", "dva_history_assessed", cases.standard)
        access = answers("kinship_arrangement", "access_via_carer_risk", cases.standard)
        words = Headline(("no", None), "were made without looking at abuse in the carer's past")
        caption = "Kinship arrangements by whether the carer's history was assessed, and access to the child"
        yield self.ask(cases, ARRANGEMENTS, [assessed, access], caption, "", words)
