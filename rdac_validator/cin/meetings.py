"""Assessments, enquiries and conferences of a census file as the assessments of the standard."""

from __future__ import annotations

import polars as pl

from rdac_validator.cin.census import UNKNOWABLE, Census
from rdac_validator.cin.people import text_of
from rdac_validator.tables import DELIMITER, ROW

_COLUMNS = ("episode_no", "assessment_no", "assessment_type", "conference_type", "day", "codes", "began")
NOT_A_CONFERENCE = "not_a_conference"


def write_assessments(census: Census, episodes: pl.DataFrame) -> pl.DataFrame:
    """Make the assessments of the episodes that were kept, and give them with their keys and ``assessment_no``."""
    kinds = [_assessments(census), _enquiries(census), _conferences(census), _reviews(census)]
    rows = pl.concat([kind.select(ROW, *_COLUMNS, "element") for kind in kinds])
    rows = rows.join(episodes.select("episode_no", "episode_id", "person_id", "_source"), on="episode_no", how="inner")
    rows = rows.sort(ROW, maintain_order=True)
    same = ["_source", "assessment_type", "conference_type", "began"]
    nth = pl.int_range(pl.len()).over(same).cast(pl.String)
    parts = [pl.col(name).fill_null("") for name in same]
    rows = rows.with_columns(pl.concat_str(*parts, nth, separator="\x1f").alias("_source"))
    rows = rows.with_columns(census.named("A", pl.col("_source")).alias("assessment_id"))
    cells: dict[str, pl.Expr | str] = {
        "assessment_id": pl.col("assessment_id"),
        "episode_id": pl.col("episode_id"),
        "assessment_type": pl.col("assessment_type"),
        "conference_type": pl.col("conference_type"),
        "assessment_date": pl.col("day"),
        "source_codes": pl.col("codes"),
        "decision_raw": pl.when(pl.col("conference_type") == NOT_A_CONFERENCE)
        .then(pl.lit("not_applicable"))
        .otherwise(pl.lit(UNKNOWABLE)),
    }
    census.write("assessment", rows, cells)
    _trace(census, rows)
    return rows


def _trace(census: Census, rows: pl.DataFrame) -> None:
    for column in ("assessment_type", "conference_type"):
        for (element, value), part in rows.group_by("element", column, maintain_order=True):
            line = census.crosswalk.value(str(element), "Assessment", column, str(value))
            census.trace(part["assessment_id"], line)
    factors = census.rows["cin_factor"].join(rows.select("assessment_no", "assessment_id"), on="assessment_no")
    kept = census.crosswalk.of("AssessmentFactors")
    census.trace_codes(factors, "assessment_id", "AssessmentFactors", ("Assessment", "source_codes"), kept)


def _assessments(census: Census) -> pl.DataFrame:
    rows = census.rows["cin_assessment"].with_columns(
        census.unread["cin_assessment"]["AssessmentAuthorisationDate"].is_not_null().alias("finished")
    )
    known = census.standard.lists["CinFactor"].codes
    factors = census.rows["cin_factor"]
    strange = factors.filter(~pl.col("AssessmentFactors").is_in(known).fill_null(value=False)).height
    if strange:
        census.notes.append(f"Factors whose code is in no year's list, left out of source_codes: {strange}.")
    listed = factors.filter(pl.col("AssessmentFactors").is_in(known)).group_by("assessment_no", maintain_order=True)
    codes = listed.agg(pl.col("AssessmentFactors").unique(maintain_order=True).str.join(DELIMITER).alias("said"))
    none = pl.when("finished").then(pl.lit("not_recorded")).otherwise(pl.lit("not_applicable"))
    return rows.join(codes, on="assessment_no", how="left", maintain_order="left").with_columns(
        pl.lit(_type(census, "Assessments", "child_and_family")).alias("assessment_type"),
        pl.lit(NOT_A_CONFERENCE).alias("conference_type"),
        pl.coalesce(text_of("AssessmentAuthorisationDate"), none).alias("day"),
        pl.coalesce("said", none).alias("codes"),
        text_of("AssessmentActualStartDate").alias("began"),
        pl.lit("Assessments").alias("element"),
    )


def _enquiries(census: Census) -> pl.DataFrame:
    return census.rows["cin_section47"].with_columns(
        pl.lit(None, pl.Int64).alias("assessment_no"),
        pl.lit(_type(census, "Section47", "section_47")).alias("assessment_type"),
        pl.lit(NOT_A_CONFERENCE).alias("conference_type"),
        pl.lit(UNKNOWABLE).alias("day"),
        pl.lit(UNKNOWABLE).alias("codes"),
        text_of("S47ActualStartDate").alias("began"),
        pl.lit("Section47").alias("element"),
    )


def _conferences(census: Census) -> pl.DataFrame:
    """Initial conferences, from the enquiry or else from the episode; one that stands in both is one conference."""
    dated = [
        census.rows[name].select(ROW, "episode_no", "DateOfInitialCPC") for name in ("cin_section47", "cin_episode")
    ]
    held = pl.concat(dated).unique(["episode_no", "DateOfInitialCPC"], keep="first", maintain_order=True)
    return _held(census, held, "DateOfInitialCPC", "initial")


def _reviews(census: Census) -> pl.DataFrame:
    return _held(census, census.rows["cin_review"], "CPPreviewDate", "review")


def _held(census: Census, rows: pl.DataFrame, element: str, kind: str) -> pl.DataFrame:
    return rows.filter(pl.col(element).is_not_null()).with_columns(
        pl.lit(None, pl.Int64).alias("assessment_no"),
        pl.lit(_type(census, element, "cp_conference")).alias("assessment_type"),
        pl.lit(census.crosswalk.value(element, "Assessment", "conference_type", kind).value).alias("conference_type"),
        text_of(element).alias("day"),
        pl.lit(UNKNOWABLE).alias("codes"),
        text_of(element).alias("began"),
        pl.lit(element).alias("element"),
    )


def _type(census: Census, element: str, value: str) -> str:
    return census.crosswalk.value(element, "Assessment", "assessment_type", value).value
