"""The pattern of harm, its severity and risk, strangulation, and what happens after people part."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import AGE, AGE_HALVES, NOT_APPLICABLE, PLAN, UNKNOWN, answers, coarse, codes, yes_no
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.bases import CAUSING, DIRECTIONS, EXPERIENCES, FLAGGED
from rdac_validator.metrics.cases import Cases

APART = ("separated_contact_continues", "separated_no_contact", "on_off", "in_custody")
NOT_YET = "not_yet_assessed"
AFTERWARDS = ("reunified or not separated", "stepped up", "stepped down or closed", "no change recorded")


class PatternAssessed(Metric):
    """Which pattern the abuse takes over time, and by what method that was found out.

    Why: accounts led by the last incident miss control, and a pattern without a method is an impression.
    Read: "not yet assessed" is an honest answer; a stated pattern with no method used asks for a second look.
    """

    code = "M07"
    tier = "starter"
    sources = ("rdac-2026:6.9.2", "rdac-2026:5.4.6", "powell-2024:C.2")
    needs = {"harm_direction": ("pattern",)}
    adds = {"assessment": ("differential_assessment",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """By pattern, and whether there is one by the method that it rests on."""
        assessed = tuple(code for code in codes("harm_direction", "pattern", cases.standard) if code != NOT_YET)
        axis = answers("harm_direction", "pattern", cases.standard, {"assessed": assessed})
        words = Headline(("assessed",), "say what pattern the harm follows")
        yield self.ask(cases, DIRECTIONS, [axis], "Records of who harms whom by pattern", "pattern", words)
        if cases.answered("assessment", "differential_assessment"):
            coarse = Parts("pattern", ("assessed", NOT_YET, NOT_APPLICABLE, UNKNOWN))
            method = answers("assessment", "differential_assessment", cases.standard)
            known = pl.when(pl.col("pattern").is_in(assessed)).then(pl.lit("assessed")).otherwise("pattern")
            caption = "Records of who harms whom by whether the pattern was assessed, and how"
            yield self.ask(cases, DIRECTIONS, [coarse, method], caption, "method", columns=[known.alias("pattern")])


class SeverityAndOutcome(Metric):
    """How far the response went, by how severe the harm and how high the risk was said to be, and by the child's age.

    Why: the study could not test whether the most serious harm brings the strongest response: nothing recorded it.
    Read: a pathway is of the child's episode, and severity of one record of who harms whom; neither causes the other.
    """

    code = "M08"
    tier = "T1"
    sources = ("rdac-2026:6.7", "rdac-2026:5.5.5")
    needs = {"harm_direction": ("severity", "risk_level"), "status_event": ("to_status",)}
    adds = {
        "harm_direction": ("risk_tool",),
        "person": ("birth_month",),
        "assessment": ("assessment_date",),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Severity by pathway and by age, risk by pathway, and the tool that the risk rests on."""
        pathway = answers("episode", "pathway", cases.standard, PLAN)
        severity = answers("harm_direction", "severity", cases.standard)
        risk = answers("harm_direction", "risk_level", cases.standard)
        said = "where the harm is severe led to no child protection plan"
        words = Headline(("high", "no plan"), said, ("high", None))
        caption = "Records of who harms whom by severity and highest level of service"
        yield self.ask(cases, DIRECTIONS, [severity, pathway], caption, "severity", words)
        caption = "Records of who harms whom by risk and highest level of service"
        yield self.ask(cases, DIRECTIONS, [risk, pathway], caption, "risk")
        (age, by_age), (plan, by_plan) = coarse(AGE, AGE_HALVES), coarse(pathway, PLAN)
        caption = "Records of who harms whom by severity, the child's age, and whether there was a plan"
        yield self.ask(cases, DIRECTIONS, [severity, age, plan], caption, "age", columns=[by_age, by_plan])
        if cases.answered("harm_direction", "risk_tool"):
            tool = answers("harm_direction", "risk_tool", cases.standard)
            caption = "Records of who harms whom by tool and level of risk"
            yield self.ask(cases, DIRECTIONS, [tool, risk], caption, "tool")


class Strangulation(Metric):
    """Whether strangulation is known, suspected, ruled out or not asked about, and what severity and risk go with it.

    Why: workers said that they meet it more and more, and no local data could show whether they do.
    Read: not asked is not "no". Where it is known or suspected, a standard severity or risk asks for a second look.
    """

    code = "M09"
    tier = "starter"
    sources = ("rdac-2026:6.3",)
    needs = {"harm_direction": ("strangulation",)}
    adds = {"harm_direction": ("severity", "risk_level")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """By answer; then by severity and by risk, where they are recorded."""
        axis = answers("harm_direction", "strangulation", cases.standard, {"known or suspected": ("yes", "suspected")})
        words = Headline(("known or suspected",), "say that strangulation is known or suspected")
        yield self.ask(cases, DIRECTIONS, [axis], "Records of who harms whom by strangulation", "answer", words)
        for column, what in (("severity", "severity"), ("risk_level", "risk")):
            if cases.answered("harm_direction", column):
                follows = answers("harm_direction", column, cases.standard)
                caption = f"Records of who harms whom by strangulation and {what}"
                plain = answers("harm_direction", "strangulation", cases.standard)
                yield self.ask(cases, DIRECTIONS, [plain, follows], caption, what)


class AfterSeparation(Metric):
    """What is known after people part: contact that goes on, cases closed within 90 days, and follow-up.

    Why: risk is highest just after separation, and that is when files close and the adult who left is lost from sight.
    Read: closing within 90 days is no fault by itself; together with contact that goes on and no follow-up it is.
    """

    code = "M10"
    tier = "starter"
    sources = ("rdac-2026:6.5", "rdac-2026:6.7", "what-helps-2021:Discussion")
    needs = {"harm_direction": ("separation_status",)}
    adds = {
        "assessment": ("assessment_date",),
        "episode": ("closure_date",),
        "adult_in_case": ("followed_up_after_leaving",),
        "child_experience": ("contact_with_person_causing",),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Directions by separation and closure, adults by follow-up, children by contact."""
        status = answers("harm_direction", "separation_status", cases.standard, {"apart": APART})
        since = (pl.col("closure_date") - pl.col("assessment_date")).dt.total_days()
        closed = pl.when(pl.col("assessment_date").is_not_null()).then(
            yes_no("closed within 90 days", since.is_between(0, 90))
        )
        axis = Parts("closed within 90 days", ("yes", "no", UNKNOWN))
        said = "where the two live apart were followed by closure of the case within 90 days"
        words = Headline(("apart", "yes"), said, ("apart", None))
        caption = "Records of who harms whom by separation, and whether the case closed within 90 days"
        yield self.ask(
            cases, DIRECTIONS, [status, axis], caption, "closure", words, [closed.alias("closed within 90 days")]
        )
        if cases.answered("adult_in_case", "followed_up_after_leaving"):
            after = answers("adult_in_case", "followed_up_after_leaving", cases.standard)
            caption = "Adults who cause harm by whether anyone followed up after they left"
            yield self.ask(cases, CAUSING, [after], caption, "follow-up")
        if cases.answered("child_experience", "contact_with_person_causing"):
            contact = answers("child_experience", "contact_with_person_causing", cases.standard)
            apart = cases.frame("harm_direction").filter(pl.col("separation_status").is_in(APART))
            lives = EXPERIENCES.frame(cases).join(
                apart.select("assessment_id", _apart=pl.lit(value=True)).unique(), on="assessment_id", how="left"
            )
            yield Question(
                f"{self.code} contact",
                "Children by contact with the person causing harm, and whether any record is of people apart",
                "experience",
                lives.with_columns(yes_no("people apart", pl.col("_apart"))),
                (contact, Parts("people apart", ("yes", "no"))),
                EXPERIENCES.words,
            )


class RelyingOnSeparation(Metric):
    """How many plans rely on the adults living apart, and what happened to the child's status afterwards.

    Why: plans that rest on separation put the work on the parent who experiences harm, and parting can raise the risk.
    Read: what followed is the first that applies, in the order shown, after the day of the assessment and to the end of
    the return; later assessments had less time.
    """

    code = "M15"
    tier = "T1"
    sources = ("rdac-2026:6.4", "rdac-2026:6.9.3")
    needs = {"assessment": ("plan_expects_separation",), "status_event": ("event_date", "to_status")}
    adds = {"assessment": ("assessment_date",), "status_event": ("from_status", "trigger")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments with abuse by whether the plan expects separation, and what followed."""
        events = cases.unit("event").select("child_id", "event_date", "step", "trigger")
        about = cases.about().select("assessment_id", "assessment_date", pl.col("assessed").alias("child_id"))
        later = about.join(events, on="child_id").filter(pl.col("event_date") > pl.col("assessment_date"))
        found = later.group_by("assessment_id").agg(
            _again=(pl.col("trigger") == "reunified_or_not_separated").any(),
            _up=(pl.col("step") == "up").any(),
            _down=(pl.col("step") == "down").any(),
        )
        names = [pl.lit(name) for name in AFTERWARDS]
        followed = pl.when(pl.col("_again")).then(names[0]).when(pl.col("_up")).then(names[1])
        frame = FLAGGED.frame(cases).join(found, on="assessment_id", how="left")
        after = followed.when(pl.col("_down")).then(names[2]).otherwise(names[3])
        known = pl.when(pl.col("assessment_date").is_not_null()).then(after).alias("what followed")
        yield Question(
            self.code,
            "Assessments with domestic abuse by whether the plan relies on separation, and what followed",
            "assessment",
            frame.with_columns(known),
            (
                answers("assessment", "plan_expects_separation", cases.standard),
                Parts("what followed", (*AFTERWARDS, UNKNOWN)),
            ),
            FLAGGED.words,
            FLAGGED.given,
            Headline(("yes", None), "with domestic abuse have a plan that relies on separation"),
        )
