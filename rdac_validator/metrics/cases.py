"""A return as metrics see it: for each unit a frame with a row a unit, and what it can be counted by beside it.

Ages are taken at the assessment from birth months, ethnic groups from the published crosswalks, pathways from the
episode or from the changes of status. What is not known stays null and is counted as not known, never left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from rdac_validator import crosswalks
from rdac_validator.derive import directions, harm_direction_class
from rdac_validator.disclosure import Parts
from rdac_validator.rules.base import dva_codes
from rdac_validator.standard import Column, Standard
from rdac_validator.tables import Return, Tables, missing

UNKNOWN = "not known"
YES_NO = ("yes", "no")
AGES = {
    "before birth": (-12, 0),
    "under 5": (0, 60),
    "5 to 9": (60, 120),
    "10 to 15": (120, 192),
    "16 to 17": (192, 216),
}
GROUPS = ("white", "black", "asian", "mixed", "other")
GROUPED_BY = {"dfe_cin": "ethnicity-dfe-report-groups", "scotland_2001": "ethnicity-scotland2001-report-groups"}

SEX = Parts("sex", ("female", "male", UNKNOWN))
AGE = Parts("age", (*AGES, "18 and over", UNKNOWN))
ETHNICITY = Parts("ethnic group", (*GROUPS, UNKNOWN))
DVA = Parts("domestic abuse", YES_NO)
DECILE = Parts("decile", (*map(str, range(1, 11)), UNKNOWN))


def answers(column: Column, standard: Standard, variable: str = "") -> Parts:
    """The axis of a coded column: its values, and one category for whatever is not known."""
    return Parts(variable or column.name, (*standard.codes(column), UNKNOWN))


@dataclass
class Cases:
    """The units of one return. ``given`` is the return as it was read, its cells not yet cast."""

    given: Return
    standard: Standard

    @cached_property
    def tables(self) -> Tables:
        """The tables with their cells cast."""
        return Tables(self.given.texts, self.standard)

    def frame(self, name: str) -> pl.LazyFrame:
        """A table with its cells cast; one that is absent has no rows."""
        if name in self.given.texts:
            return self.tables[name].to_native()
        columns = self.standard.table(name).columns
        names = [*(column.name for column in columns), *(missing(column.name) for column in columns if column.coded)]
        return pl.LazyFrame(schema=dict.fromkeys(names, pl.String))

    def holds(self, table: str, column: str) -> bool:
        """Whether the return has the column."""
        return table in self.given.texts and column in self.given.texts[table].headers

    def answered(self, table: str, column: str) -> bool:
        """Whether the column is there and not every cell says that the source collects no such thing."""
        return self.holds(table, column) and (table, column) not in self._dark

    @cached_property
    def _dark(self) -> set[tuple[str, str]]:
        """Coded columns in which nothing stands but ``not_collected_by_source`` or blanks."""
        asked = [
            (name, column.name)
            for name, text in self.given.texts.items()
            for column in self.standard.table(name).columns
            if column.coded and column.name in text.headers
        ]
        nothing = ["", "not_collected_by_source"]
        frames = [
            self.given.texts[name].frame.select((pl.col(column).fill_null("").is_in(nothing)).all())
            for name, column in asked
        ]
        return {place for place, dark in zip(asked, pl.collect_all(frames), strict=True) if dark.item()}

    @cached_property
    def children(self) -> pl.LazyFrame:
        """A row for each person: ``child_id``, ``birth_month``, ``sex``, ``ethnic group``, ``disability``."""
        people = self.frame("person")
        sex = pl.when(pl.col("sex").is_in(SEX.categories)).then(pl.col("sex"))
        return people.select(
            pl.col("person_id").alias("child_id"),
            "birth_month",
            sex.alias("sex"),
            self._group().alias(ETHNICITY.variable),
            "disability",
        )

    def _group(self) -> pl.Expr:
        """The report's ethnic group of a code in its scheme, by the crosswalks; null where there is no line."""
        groups = [
            pl.when(pl.col("ethnicity_scheme") == scheme).then(
                pl.col("ethnicity_code").replace_strict(_groups(name), default=None, return_dtype=pl.String)
            )
            for scheme, name in GROUPED_BY.items()
        ]
        return pl.coalesce(groups)

    @cached_property
    def assessments(self) -> pl.LazyFrame:
        """A row for each assessment with its child, its episode, its family's place, and whether abuse is flagged.

        Abuse is flagged by a source code that the schema marks so, or by a direction of harm that was opened.
        """
        episodes = self.frame("episode").select(
            "episode_id", "child_id", "family_id", "referral_date", "closure_date", "pathway"
        )
        place = self.frame("family_circumstances").select(
            "assessment_id", pl.col("deprivation_decile").cast(pl.String).alias("decile")
        )
        opened = (
            self.frame("harm_direction")
            .select("assessment_id")
            .unique()
            .with_columns(pl.lit(value=True).alias("_opened"))
        )
        rows = (
            self.frame("assessment")
            .join(episodes, on="episode_id", how="left")
            .join(self.children, on="child_id", how="left")
        )
        rows = rows.join(place, on="assessment_id", how="left").join(opened, on="assessment_id", how="left")
        coded = pl.col("source_codes").list.eval(pl.element().is_in(dva_codes(self.standard))).list.any()
        flagged = coded.fill_null(value=False) | pl.col("_opened").fill_null(value=False)
        return rows.with_columns(
            pl.when(flagged).then(pl.lit("yes")).otherwise(pl.lit("no")).alias(DVA.variable),
            _age("assessment_date").alias("age"),
        ).drop("_opened")

    @cached_property
    def with_abuse(self) -> pl.LazyFrame:
        """The assessments in which domestic abuse is flagged."""
        return self.assessments.filter(pl.col(DVA.variable) == "yes")

    @cached_property
    def directions(self) -> pl.LazyFrame:
        """A row for each direction of harm with both people, and ``direction``, the broad group that it is of."""
        rows = directions(self.tables).with_columns(harm_direction_class().alias("direction"))
        return rows.to_native()


def _age(on: str) -> pl.Expr:
    """The band of the age at a day, by whole months; null where the birth month is not known."""
    year, month = pl.col(on).dt.year(), pl.col(on).dt.month().cast(pl.Int32)
    age = (year - pl.col("birth_month").dt.year()) * 12 + month - pl.col("birth_month").dt.month().cast(pl.Int32)
    bands = [pl.when((age >= least) & (age < most)).then(pl.lit(name)) for name, (least, most) in AGES.items()]
    return pl.coalesce(*bands, pl.when(age >= 216).then(pl.lit("18 and over")))


def _groups(crosswalk: str) -> Mapping[str, str]:
    """Codes of a scheme to the report's groups; a code that says that nothing is known has none."""
    lines = crosswalks.load(crosswalk).matches
    told = {line.code: line.target.rpartition("/")[2] for line in lines if line.target}
    return {code: group for code, group in told.items() if group in GROUPS}
