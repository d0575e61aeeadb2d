"""Adults: who was spoken to, what the plan asks of whom, and what services they met."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import NOT_APPLICABLE, UNKNOWN, answers
from rdac_validator.metrics.base import Base, Headline, Metric, Question
from rdac_validator.metrics.bases import CAUSING, FLAGGED, REFERRALS
from rdac_validator.metrics.cases import Cases

NOT_SPOKEN_TO = "not spoken to"
NOT_GOT = "waiting, refused or not available"
WITHOUT = ("waiting", "refused_by_service", "not_available")
ONE_SIDED = (
    "with domestic abuse have a plan that asks something of the person experiencing harm and nothing of the person "
    "causing it"
)
BALANCE = (
    "for both",
    "for the person experiencing harm alone",
    "for the person causing harm alone",
    "for neither",
)


def without_service(base: Base, column: str) -> Base:
    """Those of a base for whom a need for a service was found and no service given."""
    return base.of(
        "waiting for a service, refused it or without one nearby", column, NOT_GOT, pl.col(column).is_in(WITHOUT)
    )


class PersonCausingHarm(Metric):
    """Whether the person causing harm was spoken to, described or absent, why, and whether the plan asks anything.

    Why: men who cause harm are missing from assessments and plans, and nobody can work with a person who is not there.
    Read: unsafe to contact is good practice, and not attempted is a gap: read presence together with the reasons.
    """

    code = "M13"
    tier = "starter"
    sources = ("rdac-2026:1.1", "rdac-2026:1.3.3", "rdac-2026:6.5")
    needs = {
        "harm_direction": ("person_causing_id",),
        "adult_in_case": ("presence_in_assessment", "has_plan_actions"),
    }
    adds = {"adult_in_case": ("absence_reason",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Presence by plan actions; and of those not spoken to the reasons."""
        absent = ("described_only", "absent")
        presence = answers("adult_in_case", "presence_in_assessment", cases.standard, {NOT_SPOKEN_TO: absent})
        actions = answers("adult_in_case", "has_plan_actions", cases.standard)
        words = Headline(("spoken_to", None), "who cause harm were spoken to")
        caption = "Adults who cause harm by presence in the assessment and in the plan"
        yield self.ask(cases, CAUSING, [presence, actions], caption, "presence", words, picture="shades")
        if cases.answered("adult_in_case", "absence_reason"):
            condition = pl.col("presence_in_assessment").is_in(absent)
            base = CAUSING.of("and was not spoken to", "presence_in_assessment", NOT_SPOKEN_TO, condition)
            reason = answers("adult_in_case", "absence_reason", cases.standard)
            yield self.ask(cases, base, [reason], "Adults who cause harm by why they were not spoken to", "reason")


class ResponsibilityBalance(Metric):
    """Of whom the plan asks something: the person experiencing harm, the person causing it, both or neither.

    Why: plans make a parent who experiences harm answerable for safety and ask nothing of the person who causes it.
    Read: an adult who does both counts on both sides. Where it is not known for one side the balance is not known.
    """

    code = "M14"
    tier = "starter"
    sources = ("rdac-2026:1.1", "rdac-2026:6.6", "rdac-2026:1.3.3")
    needs = {
        "harm_direction": ("person_causing_id", "person_experiencing_id"),
        "adult_in_case": ("has_plan_actions",),
    }
    adds = {"plan_action": ("owner_role", "addresses")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments by balance; and where actions are recorded, who carries them and what they address."""
        sides = cases.unit("adult").group_by("assessment_id").agg(_side("causes"), _side("experiences"))
        frame = FLAGGED.frame(cases).join(sides, on="assessment_id", how="left").with_columns(_balance())
        yield Question(
            self.code,
            "Assessments with domestic abuse by whom the plan asks something of",
            "assessment",
            frame,
            (Parts("plan actions", (*BALANCE, NOT_APPLICABLE, UNKNOWN)),),
            FLAGGED.words,
            FLAGGED.given,
            Headline((BALANCE[1],), ONE_SIDED),
        )
        if cases.answered("plan_action", "owner_role", "addresses"):
            owner = answers("plan_action", "owner_role", cases.standard)
            target = answers("plan_action", "addresses", cases.standard)
            base = Base("action", "every action of a plan in the return")
            yield self.ask(
                cases, base, [owner, target], "Plan actions by who carries them and what they address", "owners"
            )


def _side(role: str) -> pl.Expr:
    """Whether the plan asks anything of any adult in a role: yes, no, "not applicable" or not known."""
    said = pl.col("has_plan_actions").filter(pl.col(f"{role} harm") == "yes")
    known = pl.when((said == "yes").any()).then(pl.lit("yes")).when(said.null_count() > 0).then(None)
    known = known.when((said == "no").any()).then(pl.lit("no")).when(said.len() > 0).then(pl.lit(NOT_APPLICABLE))
    return known.alias(role)


def _balance() -> pl.Expr:
    causing, experiencing = pl.col("causes"), pl.col("experiences")
    cases = {
        BALANCE[0]: (experiencing == "yes") & (causing == "yes"),
        BALANCE[1]: (experiencing == "yes") & causing.is_in(["no", NOT_APPLICABLE]),
        BALANCE[2]: (causing == "yes") & experiencing.is_in(["no", NOT_APPLICABLE]),
        NOT_APPLICABLE: (causing == NOT_APPLICABLE) & (experiencing == NOT_APPLICABLE),
        BALANCE[3]: causing.is_in(["no", NOT_APPLICABLE]) & experiencing.is_in(["no", NOT_APPLICABLE]),
    }
    return pl.coalesce(pl.when(condition).then(pl.lit(name)) for name, condition in cases.items()).alias("plan actions")


class BehaviourChange(Metric):
    """What stood between people who cause harm and a service: eligibility, waiting, or nothing provided nearby.

    Why: programmes take those who accept that there is a problem and are no current risk; the others wait outside.
    Read: the barriers are of those for whom a service was found to be needed and who did not get it.
    """

    code = "M30"
    tier = "T1"
    sources = ("rdac-2026:6.5", "rdac-2026:6.4")
    needs = {
        "harm_direction": ("person_causing_id",),
        "adult_in_case": ("service_access_outcome", "service_barrier"),
    }
    adds = {"service_referral": ("service_type", "decision")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Adults who cause harm by outcome and by barrier; referrals to behaviour change by decision."""
        outcome = answers("adult_in_case", "service_access_outcome", cases.standard, {NOT_GOT: WITHOUT})
        caption = "Adults who cause harm by what became of their need for a service"
        words = Headline((NOT_GOT,), "who cause harm are waiting for a service, were refused it or have none nearby")
        yield self.ask(cases, CAUSING, [outcome], caption, "outcome", words)
        barrier = answers("adult_in_case", "service_barrier", cases.standard)
        base = without_service(CAUSING, "service_access_outcome")
        yield self.ask(cases, base, [barrier], "Adults who cause harm by what stood in the way of a service", "barrier")
        if cases.answered("service_referral", "service_type", "decision"):
            decision = answers("service_referral", "decision", cases.standard)
            to = REFERRALS.of("to a programme that works on behaviour", "service_type", "behaviour_change")
            caption = "Referrals to programmes that work on behaviour, by decision"
            yield self.ask(cases, to, [decision], caption, "referrals")
