"""Steps up and down the ladder of services, and how long children were in services."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import DVA, UNKNOWN, YES_NO, Bands, answers
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.bases import CHILDREN, EVENTS
from rdac_validator.metrics.cases import Cases
from rdac_validator.metrics.held import Frame, once

STEP = Parts("step", ("up", "down", UNKNOWN))
COUNTS = {"none": 0, "1": 1, "2": 2, "3 or more": 3}
UP, DOWN = Bands("steps up", COUNTS), Bands("steps down", COUNTS)
AGAIN = Parts("up again", (*YES_NO, UNKNOWN))
DAYS = 365.25
IN_SERVICES = CHILDREN.of("for whom an episode was open on a day of the period", "in services", "yes")
WITHIN = EVENTS.of("from one level to another, while an episode of the child was open", "in services", "yes")
OUTSIDE = ("not_open", "closed")


class StepsUpAndDown(Metric):
    """Steps up and down the ladder of services, for each child-year in services, what led to them, and coming back up.

    Why: families go round a revolving door of plans, and no return says why they stepped down or up.
    Read: a case that opens is a step up, and one that closes a step down; the rate leaves both out, and counts steps
    from one level to another. The census dates starts and closures alone: of a source that does not collect what led to
    a step (trigger) it is taken to be not known whether a child came down, and there is no rate. A step whose direction
    is not known counts as neither up nor down.
    """

    code = "M12"
    tier = "T0"
    sources = ("rdac-2026:6.4", "rdac-2026:6.7", "rdac-2026:6.9.5")
    needs = {"status_event": ("from_status", "to_status", "event_date")}
    adds = {"status_event": ("trigger",), "episode": ("referral_date", "closure_date")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Changes by step, and by trigger; children by how often they went up and down, and round again; the rate."""
        dated = cases.answered("status_event", "trigger")
        trigger = [answers("status_event", "trigger", cases.standard)] if dated else []
        caption = f"Changes of status by direction{' and by what led to them' if dated else ''}"
        yield self.ask(cases, EVENTS, [STEP, *trigger], caption, "steps")
        frame = CHILDREN.frame(cases).join(_courses(cases), on="child_id", how="left")
        down = pl.col("_down") if dated else pl.lit(None, dtype=pl.UInt32)
        again = pl.when(pl.col("_again")).then(pl.lit("yes")).when(pl.col("_known") & dated).then(pl.lit("no"))
        frame = frame.with_columns(UP.of(pl.col("_up")), DOWN.of(down), again.alias(AGAIN.variable))
        caption = "Children with an assessment, by steps up and down"
        yield Question(f"{self.code} children", caption, "child", frame, (UP.axis, DOWN.axis), CHILDREN.words)
        said = "with domestic abuse on record came down a level of service and went up again"
        yield Question(
            f"{self.code} again",
            "Children by whether they came down and went up again",
            "child",
            frame,
            (AGAIN, DVA),
            CHILDREN.words,
            headline=Headline(("yes", "yes"), said, (None, "yes")),
        )
        if dated:
            yield from self._rate(cases)

    def _rate(self, cases: Cases) -> Iterator[Question]:
        """What a rate is made of: the children in services with their time in them, and the steps in that time."""
        spans, children = in_services(cases), CHILDREN.frame(cases)
        since, until = pl.col("since"), pl.col("until")
        years = spans.group_by("child_id").agg(((until - since).dt.total_days() + 1).sum().truediv(DAYS).alias("years"))
        yield Question(
            f"{self.code} in services",
            "Children in services on a day of the period",
            "child",
            children.join(years, on="child_id"),
            (DVA,),
            IN_SERVICES.words,
            IN_SERVICES.given,
            amount="years",
        )
        flagged = once(children, "child_id").select("child_id", DVA.variable)
        within = pl.col("event_date").is_between(since, until)
        outside = pl.any_horizontal(
            pl.col("from_status", "to_status").cast(pl.String).is_in(OUTSIDE).fill_null(value=False)
        )
        steps = cases.unit("event").join(spans, on="child_id").filter(within & ~outside)
        yield Question(
            f"{self.code} within",
            "Changes of status from one level to another while children were in services",
            "event",
            steps.join(flagged, on="child_id"),
            (STEP, DVA),
            WITHIN.words,
            WITHIN.given,
        )


def _courses(cases: Cases) -> Frame:
    """For each child with a change of status: steps up and down, whether up after down, and if every step is known."""
    step, day = pl.col("step"), pl.col("event_date")
    return (
        cases.unit("event")
        .group_by("child_id")
        .agg(
            _up=(step == "up").sum(),
            _down=(step == "down").sum(),
            _again=day.filter(step == "up").max() > day.filter(step == "down").min(),
            _known=step.is_not_null().all(),
        )
    )


def in_services(cases: Cases) -> Frame:
    """When children were in services within the period: ``child_id``, ``since`` and ``until``, both days included.

    Spans of one child never overlap: where two episodes were open at once, the time counts once. An episode without a
    closure is open to the end of the period.
    """
    period = cases.frame("dataset").select(pl.col("period_start").min(), pl.col("period_end").max())
    episodes = once(cases.frame("episode"), "episode_id").join(period, how="cross")
    dated = episodes.filter(pl.col("child_id").is_not_null() & pl.col("referral_date").is_not_null())
    spans = dated.select(
        "child_id",
        since=pl.max_horizontal("referral_date", "period_start"),
        until=pl.min_horizontal("closure_date", "period_end"),
    ).filter(pl.col("until") >= pl.col("since"))
    reached = pl.col("until").cum_max().shift(1).over("child_id")
    fresh = (pl.col("since") > reached).fill_null(value=True)
    parted = spans.sort("child_id", "since", "until").with_columns(_span=fresh.cum_sum().over("child_id"))
    return parted.group_by("child_id", "_span").agg(pl.col("since").min(), pl.col("until").max())
