"""Steps up and down, worked out from the dates of a census file.

A step is the start of an assessment, of a plan or of an enquiry, or the closure of an episode. The census dates no step
down other than closure: that a plan ended does not say what came after it, so nothing is written for it. A start is no
step while the child already has a plan of a higher status. Of several steps on one day the highest of the latest
episode stands, since the census knows no time of day.
"""

from __future__ import annotations

import polars as pl

from rdac_validator.cin.census import UNKNOWABLE, Census
from rdac_validator.crosswalks import Match
from rdac_validator.tables import ROW

_LASTS = {"CINPlanStartDate": "CINPlanEndDate", "CPPstartDate": "CPPendDate"}


def write_status_events(census: Census, episodes: pl.DataFrame) -> None:
    """Make the status events of episodes that led to further action."""
    taken_on = episodes.filter(~pl.col("ReferralNFA").fill_null(value=False))
    owners = taken_on.select("episode_no", "person_id", "LAchildID", referred="CINreferralDate")
    lines = tuple(census.crosswalk.to("StatusEvent", "to_status"))
    starts = pl.concat([_starts(census, line) for line in lines]).join(owners, on="episode_no", how="inner")
    events = _changes(_one_a_day(_not_overtaken(starts)))
    source = pl.concat_str("LAchildID", pl.col("day").cast(pl.String), separator="\x1f")
    events = events.with_columns(census.named("V", source).alias("event_id"))
    cells: dict[str, pl.Expr | str] = {
        "event_id": pl.col("event_id"),
        "child_id": pl.col("person_id"),
        "event_date": pl.col("day").dt.strftime("%Y-%m-%d"),
        "from_status": pl.col("before").fill_null(UNKNOWABLE),
        "to_status": pl.col("to_status"),
    }
    census.write("status_event", events, cells)
    for line in lines:
        census.trace(events.filter(pl.col("element") == line.element)["event_id"], line)
    for line in census.crosswalk.to("StatusEvent", "from_status"):
        census.trace(events.filter(pl.col("before").is_not_null())["event_id"], line)


def _starts(census: Census, line: Match) -> pl.DataFrame:
    """Days on which a status began, with the day on which it ended where the census says so, and its rank."""
    rank = census.standard.lists["ServiceStatus"].codes.index(line.value)
    rows = next(rows for rows in census.rows.values() if line.element in rows.columns)
    ends = pl.col(_LASTS[line.element]) if line.element in _LASTS else pl.col(line.element)
    return rows.filter(pl.col(line.element).is_not_null()).select(
        ROW,
        "episode_no",
        pl.col(line.element).alias("day"),
        ends.fill_null(pl.date(9999, 12, 31)).alias("until"),
        pl.lit(line.value).alias("to_status"),
        pl.lit(rank).alias("rank"),
        pl.lit(line.element).alias("element"),
    )


def _not_overtaken(starts: pl.DataFrame) -> pl.DataFrame:
    """Leave out starts while the child has a plan of a higher status."""
    plans = starts.select("person_id", begun="day", ended="until", higher="rank").filter(
        pl.col("ended") > pl.col("begun")
    )
    covered = (
        (pl.col("day") >= pl.col("begun")) & (pl.col("day") < pl.col("ended")) & (pl.col("rank") < pl.col("higher"))
    )
    numbered = starts.with_row_index("_n")
    overtaken = numbered.join(plans, on="person_id").filter(covered)
    return numbered.join(overtaken.select("_n").unique(), on="_n", how="anti", maintain_order="left").drop("_n")


def _one_a_day(starts: pl.DataFrame) -> pl.DataFrame:
    order = ["person_id", "day", "referred", "rank", ROW]
    return starts.sort(order, nulls_last=False).unique(["person_id", "day"], keep="last", maintain_order=True)


def _changes(starts: pl.DataFrame) -> pl.DataFrame:
    """Keep the starts that change the status, each with the status before it."""
    before = pl.col("to_status").shift(1).over("person_id")
    changed = starts.filter((pl.col("to_status") != before).fill_null(value=True))
    return changed.with_columns(pl.col("to_status").shift(1).over("person_id").alias("before"))
