"""The return's dataset row, its children and their episodes of need."""

from __future__ import annotations

import polars as pl

from rdac_validator.cin.census import Census, CensusError

# Nothing in a census says how counts may be published: the strict choice stands until the authority makes its own.
STRICT = {"suppression_threshold": "10", "zero_policy": "zeros_suppressed"}
ADULT_AT = 18


def write_dataset(census: Census) -> None:
    """Make the one row about the return, from the census header."""
    header = census.rows["cin_header"].head(1)
    if header["LEA"].str.contains("^[0-9]{3}$").fill_null(value=False).sum() != 1:
        raise CensusError("the header's LEA is not the three digits of a local authority: mend it and convert again")
    nation = census.crosswalk.value("Collection", "Dataset", "nation", "england")
    cells: dict[str, pl.Expr | str] = {
        "schema_version": census.standard.version,
        "nation": nation.value,
        "la_code": pl.col(census.crosswalk.element("Dataset", "la_code")),
        "period_start": census.start.isoformat(),
        "period_end": census.end.isoformat(),
        "code_list_version": census.code_list.code,
        "definition_frame": "not_stated",
        "recording_policy": "not_stated",
    }
    census.write("dataset", header, cells | STRICT)
    threshold, zeros = STRICT.values()
    census.notes.append(
        f"In dataset, suppression_threshold {threshold} and {zeros} are the strict choice, not the census's; "
        "definition_frame and recording_policy are not_stated: put in what holds for you."
    )


def write_persons(census: Census) -> pl.DataFrame:
    """Make a person for each child with an id, and give the children with their ``person_id``.

    Two records with one id are one person, as the authority's own ids say; the first record describes it.
    """
    children = census.rows["cin_child"].with_columns(_disability(census).alias("_disability"))
    unnamed = children["LAchildID"].null_count()
    if unnamed:
        census.notes.append(f"Children without an LAchildID, left out with all that belongs to them: {unnamed}.")
    named = children.filter(pl.col("LAchildID").is_not_null())
    known = named.with_columns(census.named("P", pl.col("LAchildID")).alias("person_id"))
    persons = known.unique("person_id", keep="first", maintain_order=True)
    if persons.height < known.height:
        twice = known.height - persons.height
        census.notes.append(f"Child records that repeat the LAchildID of another, read as the same child: {twice}.")
    _write_persons(census, persons)
    return known


def _write_persons(census: Census, persons: pl.DataFrame) -> None:
    born, expected = pl.col("PersonBirthDate"), pl.col("ExpectedPersonBirthDate")
    unborn = born.is_null() & expected.is_not_null()
    of_age = born.dt.offset_by(f"{ADULT_AT}y") <= pl.lit(census.end)
    kinds = {"unborn": unborn, "adult": of_age & ~unborn, "child": ~of_age & ~unborn}
    recoded = census.recoded("Sex", "Person", "sex"), census.recoded("GenderCurrent", "Person", "sex")
    ethnicity = census.recoded("Ethnicity", "Person", "ethnicity_code")
    scheme = census.crosswalk.value("Ethnicity", "Person", "ethnicity_scheme", "dfe_cin")
    cells: dict[str, pl.Expr | str] = {
        "person_id": pl.col("person_id"),
        "person_kind": _first_of(kinds),
        "birth_month": pl.coalesce(born, expected).dt.strftime("%Y-%m").fill_null("not_recorded"),
        "sex": pl.when(unborn).then(pl.lit("not_applicable")).otherwise(pl.coalesce(*recoded, pl.lit("not_recorded"))),
        "ethnicity_code": ethnicity.fill_null("not_recorded"),
        "ethnicity_scheme": pl.when(ethnicity.is_not_null())
        .then(pl.lit(scheme.value))
        .otherwise(pl.lit("not_recorded")),
        "disability": pl.col("_disability").fill_null("not_recorded"),
    }
    census.write("person", persons, cells)
    for kind, condition in kinds.items():
        element = "ExpectedPersonBirthDate" if kind == "unborn" else "PersonBirthDate"
        line = census.crosswalk.value(element, "Person", "person_kind", kind)
        census.trace(persons.filter(condition)["person_id"], line)
    for element in ("Sex", "GenderCurrent"):
        census.trace_codes(persons.filter(~unborn), "person_id", element, ("Person", "sex"))
    census.trace_codes(persons, "person_id", "Ethnicity", ("Person", "ethnicity_code"))
    census.trace(persons.filter(ethnicity.is_not_null())["person_id"], scheme)
    _trace_disability(census, persons)


def _first_of(choices: dict[str, pl.Expr]) -> pl.Expr:
    said = [pl.when(condition).then(pl.lit(choice)) for choice, condition in choices.items()]
    return pl.coalesce(*said, pl.lit("not_recorded"))


def _disability(census: Census) -> pl.Series:
    """For each child yes if any code says so, else no if one does, else null."""
    said = census.rows["cin_disability"].with_columns(
        census.recoded("Disability", "Person", "disability").alias("said")
    )
    best = said.group_by("child_no").agg(pl.col("said").max())  # "yes" comes after "no"
    return census.rows["cin_child"].join(best, on="child_no", how="left", maintain_order="left")["said"]


def _trace_disability(census: Census, persons: pl.DataFrame) -> None:
    codes = census.rows["cin_disability"].select("child_no", "Disability")
    said = codes.with_columns(census.recoded("Disability", "Person", "disability").alias("said"))
    used = persons.join(said, on="child_no").filter(pl.col("said") == pl.col("_disability"))
    census.trace_codes(used, "person_id", "Disability", ("Person", "disability"))


def write_episodes(census: Census, children: pl.DataFrame) -> pl.DataFrame:
    """Make the episodes of the kept children; give them with ``person_id``, ``episode_id`` and ``_source``."""
    owned = census.rows["cin_episode"].join(
        children.select("child_no", "person_id", "LAchildID"), on="child_no", how="inner", maintain_order="left"
    )
    crosswalk = census.crosswalk
    referred, closed = crosswalk.element("Episode", "referral_date"), crosswalk.element("Episode", "closure_date")
    nth = pl.int_range(pl.len()).over("LAchildID", referred).cast(pl.String)
    day = pl.col(referred).dt.strftime("%Y-%m-%d").fill_null("")
    episodes = owned.with_columns(pl.concat_str("LAchildID", day, nth, separator="\x1f").alias("_source"))
    episodes = episodes.with_columns(census.named("E", pl.col("_source")).alias("episode_id"))
    reason = census.recoded("ReasonForClosure", "Episode", "closure_reason")
    still_open = pl.when(pl.col(closed).is_null()).then(pl.lit("not_applicable")).otherwise(pl.lit("not_recorded"))
    source = census.recoded("ReferralSource", "Episode", "referral_source")
    cells: dict[str, pl.Expr | str] = {
        "episode_id": pl.col("episode_id"),
        "child_id": pl.col("person_id"),
        "referral_date": text_of(referred).fill_null("not_recorded"),
        "referral_source": source.fill_null("not_recorded"),
        "closure_date": text_of(closed),
        "closure_reason": pl.coalesce(reason, still_open),
    }
    census.write("episode", episodes, cells)
    census.trace_codes(episodes, "episode_id", "ReferralSource", ("Episode", "referral_source"))
    census.trace_codes(episodes, "episode_id", "ReasonForClosure", ("Episode", "closure_reason"))
    return episodes


def text_of(day: str) -> pl.Expr:
    """Write a date as the standard does."""
    return pl.col(day).dt.strftime("%Y-%m-%d")
