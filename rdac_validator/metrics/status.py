"""The road through services: what came in and why, how far it went, and coming back."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import DVA, NOT_APPLICABLE, UNKNOWN, YES_NO, Bands, answers, yes_no
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, DIRECTIONS, EPISODES, FLAGGED, FLAGGED_EPISODES
from rdac_validator.metrics.cases import Cases

YEARS = {"under 1 year": 0, "1 to 2 years": 1, "3 to 5 years": 3, "6 to 10 years": 6, "over 10 years": 11}
HARM = Bands("length of harm", YEARS)
INVOLVEMENT = Bands("length of involvement", YEARS)
RE_REFERRAL = Parts("re-referral", ("yes", "no", "none seen in this return", UNKNOWN))
COURSE = Parts("need level from first to last", ("lower", "the same", "higher", "known once alone", UNKNOWN))
TWELVE_MONTHS = 365


class Length(Metric):
    """How long the harm and the involvement have lasted, and whether families come back within twelve months.

    Why: files count from each referral, while harm and involvement go back years; coming back soon says more.
    Read: where the source does not say whether a referral is a second one, only earlier ones in this return are seen.
    """

    code = "M11"
    tier = "T0"
    sources = ("rdac-2026:6.4", "rdac-2026:6.9", "rdac-2026:6.9.5")
    needs = {"episode": ("child_id", "referral_date")}
    adds = {
        "assessment": ("assessment_date",),
        "harm_direction": ("first_known_year",),
        "episode": ("first_known_involvement_year",),
        "service_referral": ("start_date",),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Episodes by re-referral, and by service before; directions and episodes by length."""
        yield from self._re_referrals(cases)
        if cases.answered("harm_direction", "first_known_year"):
            years = (pl.col("assessment_date").dt.year() - pl.col("first_known_year")).alias("years")
            caption = "Records of who harms whom by years from the first known harm to the assessment"
            yield self.ask(cases, DIRECTIONS, [HARM.axis], caption, "harm", columns=[HARM.of(years)])
        if cases.answered("episode", "first_known_involvement_year"):
            years = pl.col("referral_date").dt.year() - pl.col("first_known_involvement_year")
            caption = "Episodes by years from the first known involvement to the referral"
            columns = [INVOLVEMENT.of(years)]
            yield self.ask(cases, EPISODES, [INVOLVEMENT.axis, DVA], caption, "involvement", columns=columns)

    def _re_referrals(self, cases: Cases) -> Iterator[Question]:
        """What the return says stands; where it is silent an earlier referral of the child is looked for."""
        episodes = EPISODES.frame(cases)
        others = cases.frame("episode").select("child_id", other="referral_date")
        since = (pl.col("referral_date") - pl.col("other")).dt.total_days()
        keyed = episodes.select("episode_id", "child_id", "referral_date").join(others, on="child_id")
        again = keyed.filter(since.is_between(1, TWELVE_MONTHS)).select("episode_id", _seen=pl.lit(value=True)).unique()
        said = pl.col("re_referral_within_12m")
        state = pl.when(said | (said.is_null() & pl.col("_seen"))).then(pl.lit("yes")).when(~said).then(pl.lit("no"))
        state = state.when(pl.col("referral_date").is_not_null()).then(pl.lit("none seen in this return"))
        frame = episodes.join(again, on="episode_id", how="left").with_columns(state.alias("re-referral"))
        sentence = "with domestic abuse began within twelve months of an earlier one"
        words = Headline(("yes", "yes"), sentence, (None, "yes"))
        caption = "Episodes by whether they began within twelve months of an earlier one"
        yield Question(
            f"{self.code} again", caption, "episode", frame, (RE_REFERRAL, DVA), EPISODES.words, headline=words
        )
        if cases.answered("service_referral", "start_date"):
            began = cases.frame("service_referral").select(pl.col("person_id").alias("child_id"), "start_date")
            first = began.group_by("child_id").agg(_began=pl.col("start_date").min())
            served = yes_no("service before", pl.col("_began") < pl.col("referral_date"))
            frame = frame.join(first, on="child_id", how="left").with_columns(served)
            axes = (RE_REFERRAL, Parts("service before", YES_NO))
            caption = "Episodes by re-referral, and whether a service for the child had begun before the referral"
            yield Question(f"{self.code} service", caption, "episode", frame, axes, EPISODES.words)


class Pathways(Metric):
    """How far the response went: the highest level of service of each episode, and what each conference decided.

    Why: the study could not say why some children come to a plan and others do not; this is where one sees whether.
    Read: the levels sum to the episodes; an episode still open may go further. Conferences compare within one kind.
    """

    code = "M23"
    tier = "T0"
    sources = ("rdac-2026:table-5.3", "rdac-2026:table-5.4")
    needs = {"episode": ("referral_date",), "status_event": ("child_id", "event_date", "to_status")}
    adds = {"assessment": ("assessment_type", "conference_type", "decision_raw")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Episodes by pathway; conferences by kind and outcome, where the source says what was decided."""
        pathway = answers("episode", "pathway", cases.standard)
        words = "with domestic abuse led to a child protection plan or to registration"
        part = Headline(("cp_plan", "yes"), words, (None, "yes"))
        caption = "Episodes by the highest level of service"
        yield self.ask(cases, EPISODES, [pathway, DVA], caption, "pathway", part, picture="flow")
        if cases.answered("assessment", "conference_type", "decision_raw"):
            base = ASSESSMENTS.of("that is a conference", "assessment_type", "cp_conference")
            kind = answers("assessment", "conference_type", cases.standard)
            outcome = answers("assessment", "registration_outcome", cases.standard)
            caption = "Conferences by kind and outcome, and whether domestic abuse is flagged"
            columns = [_outcome(cases)]
            yield self.ask(cases, base, [kind, outcome, DVA], caption, "conferences", columns=columns)


def _outcome(cases: Cases) -> pl.Expr:
    """The outcome that is given, or else the one that the schema proposes for the decision."""
    decisions = {
        value.code: value.notes["outcome"] for value in cases.standard.lists["ScottishConferenceDecision"].values
    }
    names = {code: NOT_APPLICABLE if outcome == "not_applicable" else outcome for code, outcome in decisions.items()}
    meant = (
        pl.col("decision_raw")
        .cast(pl.String)
        .replace_strict(names | {NOT_APPLICABLE: NOT_APPLICABLE}, default=None, return_dtype=pl.String)
    )
    return pl.coalesce(pl.col("registration_outcome").cast(pl.String), meant).alias("registration_outcome")


class FirstReason(Metric):
    """Who referred families in which abuse was found, what first brought the child to notice, and whether it was known.

    Why: often the way in is a child's behaviour at school, and the abuse at home comes to light later or never.
    Read: a source of referral is a door and no cause; "not known at referral" counts what later work brought to light.
    """

    code = "M27"
    tier = "T0"
    sources = ("rdac-2026:6.9.1", "rdac-2026:6.8")
    needs = {"episode": ("referral_source",), "assessment": ("source_codes",)}
    adds = {"episode": ("presenting_reason",), "assessment": ("dva_known_at_referral",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Episodes with abuse by source and by reason; assessments with abuse by whether it was known."""
        source = answers("episode", "referral_source", cases.standard)
        caption = "Episodes with domestic abuse by who referred"
        yield self.ask(cases, FLAGGED_EPISODES, [source], caption, "source")
        if cases.answered("episode", "presenting_reason"):
            reason = answers("episode", "presenting_reason", cases.standard)
            caption = "Episodes with domestic abuse by what first brought the child to notice"
            words = Headline(("child_behaviour",), "with domestic abuse began with concern about the child's behaviour")
            yield self.ask(cases, FLAGGED_EPISODES, [reason], caption, "reason", words)
        if cases.answered("assessment", "dva_known_at_referral"):
            known = answers("assessment", "dva_known_at_referral", cases.standard)
            words = Headline(("no",), "with domestic abuse followed a referral in which it was not known")
            caption = "Assessments with domestic abuse by whether it was known at referral"
            yield self.ask(cases, FLAGGED, [known], caption, "known", words)


class NeedLevels(Metric):
    """Whether a child's level of need was lower or higher at the last assessment of an episode than at the first.

    Why: an early help service showed change in this way; a change shown for the few whose level is known misleads.
    Read: look first at how many are known once alone or never; two levels on one day are no change.
    """

    code = "M33"
    tier = "T2"
    sources = ("what-helps-2021:Method",)
    needs = {"assessment": ("need_level", "assessment_date")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table: the course of each episode, and whether abuse is flagged."""
        ranks = {code: place for place, code in enumerate(cases.standard.lists["NeedLevel"].codes)}
        level = pl.col("need_level").replace_strict(ranks, default=None, return_dtype=pl.Int8)
        rated = cases.frame("assessment").select("episode_id", "assessment_date", level=level).drop_nulls()
        day = pl.col("assessment_date")
        ends = rated.group_by("episode_id").agg(
            _days=day.n_unique(),
            _change=pl.col("level").filter(day == day.max()).max() - pl.col("level").filter(day == day.min()).max(),
        )
        change = pl.col("_change")
        course = pl.when(pl.col("_days") == 1).then(pl.lit("known once alone")).when(change < 0).then(pl.lit("lower"))
        course = course.when(change > 0).then(pl.lit("higher")).when(change == 0).then(pl.lit("the same"))
        frame = EPISODES.frame(cases).join(ends, on="episode_id", how="left")
        yield Question(
            self.code,
            "Episodes by the child's level of need at the last assessment against the first",
            "episode",
            frame.with_columns(course.alias(COURSE.variable)),
            (COURSE, DVA),
            EPISODES.words,
            headline=Headline(("lower", None), "ended with a lower level of need"),
        )
