"""Who is counted: the bases that several metrics share. All assessments count, not the latest of each episode."""

from __future__ import annotations

import polars as pl

from rdac_validator.metrics.axes import CAUSES, DVA
from rdac_validator.metrics.base import Base

PEOPLE = Base("person", "every person in the return")
CHILDREN = Base("child", "every child with an assessment in the return")
EPISODES = Base("episode", "every episode in the return")
FLAGGED_EPISODES = EPISODES.of("with an assessment in which domestic abuse is flagged", DVA.variable, "yes")
ASSESSMENTS = Base("assessment", "every assessment in the return, all of an episode and not the latest alone")
FLAGGED = ASSESSMENTS.of("with domestic abuse flagged, by a code or by a record of who harms whom", DVA.variable, "yes")
DIRECTIONS = Base("direction", "every record of who harms whom in the return")
ADULTS = Base("adult", "every adult named in an assessment, once in each")
CAUSING = ADULTS.of("who causes harm in a record of that assessment", CAUSES.variable, "yes")
EXPERIENCES = Base("experience", "every child whose experience is recorded, once in each assessment")
VOICES = Base("voice", "every account that was sought, once for each person in each assessment")
OBTAINED = "obtained"
NOT_OBTAINED = "not_obtained"
EVENTS = Base("event", "every change of status in the return")
REFERRALS = Base("referral", "every referral to a service in the return")


def voices(speaker: str) -> Base:
    """The accounts that were sought of children, or of adults."""
    return VOICES.of(f"sought of a {speaker}" if speaker == "child" else f"sought of an {speaker}", "speaker", speaker)


def heard(speaker: str) -> Base:
    """The accounts that were obtained of children, or of adults."""
    methods = pl.col("method").is_not_null() & ~pl.col("method").is_in([NOT_OBTAINED, "not applicable"])
    return voices(speaker).of("and obtained", "method", OBTAINED, methods)
