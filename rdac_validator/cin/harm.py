"""Rows that a factor opens: a direction of harm, a child's experience; and circumstances of finished assessments."""

from __future__ import annotations

import polars as pl

from rdac_validator.cin.census import Census
from rdac_validator.cin.people import text_of
from rdac_validator.tables import ROW

FACTOR = "AssessmentFactors"


def write_harm(census: Census, meetings: pl.DataFrame) -> None:
    """Open rows for the factors on domestic abuse; who harms whom, and how, the census does not say."""
    keys = meetings.select("assessment_no", "assessment_id", "person_id", "_source")
    factors = census.rows["cin_factor"].select(ROW, "assessment_no", FACTOR).join(keys, on="assessment_no", how="inner")
    _directions(census, factors)
    _experiences(census, factors)
    _circumstances(census, meetings)


def _directions(census: Census, factors: pl.DataFrame) -> None:
    named = factors.with_columns(census.recoded(FACTOR, "HarmDirection", "abuse_types").alias("said"))
    rows = named.filter(pl.col("said").is_not_null()).unique(
        ["assessment_id", FACTOR], keep="first", maintain_order=True
    )
    source = pl.concat_str("_source", FACTOR, separator="\x1f")
    rows = rows.with_columns(census.named("H", source).alias("harm_id"))
    cells: dict[str, pl.Expr | str] = {
        "harm_id": pl.col("harm_id"),
        "assessment_id": pl.col("assessment_id"),
        "abuse_types": pl.col("said"),
        "person_experiencing_id": census.recoded(FACTOR, "HarmDirection", "person_experiencing_id"),
    }
    census.write("harm_direction", rows, cells)
    for column in ("abuse_types", "person_experiencing_id"):
        census.trace_codes(rows, "harm_id", FACTOR, ("HarmDirection", column))


def _experiences(census: Census, factors: pl.DataFrame) -> None:
    named = factors.with_columns(census.recoded(FACTOR, "ChildExperience", "experience_type").alias("said"))
    rows = named.filter(pl.col("said").is_not_null()).unique("assessment_id", keep="first", maintain_order=True)
    rows = rows.with_columns(pl.concat_str("person_id", "assessment_id", separator="/").alias("key"))
    cells: dict[str, pl.Expr | str] = {
        "child_id": pl.col("person_id"),
        "assessment_id": pl.col("assessment_id"),
        "experience_type": pl.col("said"),
    }
    census.write("child_experience", rows, cells)
    census.trace_codes(rows, "key", FACTOR, ("ChildExperience", "experience_type"))


def _circumstances(census: Census, meetings: pl.DataFrame) -> None:
    """Open the circumstances of each finished assessment, dated as it is; the census holds none of the answers."""
    element = census.crosswalk.element("FamilyCircumstances", "as_of_date")
    finished = census.rows["cin_assessment"].select("assessment_no", text_of(element).alias("as_of"))
    rows = meetings.join(finished.drop_nulls(), on="assessment_no", how="inner")
    cells: dict[str, pl.Expr | str] = {"assessment_id": pl.col("assessment_id"), "as_of_date": pl.col("as_of")}
    census.write("family_circumstances", rows, cells)
