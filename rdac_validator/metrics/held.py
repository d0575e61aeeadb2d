"""What a return holds, for those who count: its tables, what was answered at all, and why the rest was not."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from rdac_validator.metrics.axes import NOT_APPLICABLE, one_answer, state
from rdac_validator.standard import Standard
from rdac_validator.tables import ROW, Return, Tables, Text, missing

UNANSWERED = ["", "not_collected_by_source"]
LINKS = {"assessment_id", "episode_id", "child_id", "person_id"}
MISSING = missing("")
REASONS = {
    missing(column)
    for column in (
        "abuse_types",
        "deprivation_decile",
        "ethnicity_code",
        "experience_type",
        "housing_issues",
        "money_issues",
        "source_codes",
    )
}
IDLE = {ROW, "as_of_date", "harm_ids", "typology_label", "voice_text"}  # nothing is counted by these
Frame = pl.LazyFrame


def once(frame: Frame, key: str) -> Frame:
    """The rows whose key no other row claims."""
    return frame.filter(pl.col(key).is_not_null() & pl.col(key).is_unique())


def narrow(rows: Frame) -> Frame:
    """The columns that units are counted or linked by, in as little room as a million rows allow."""
    schema = rows.collect_schema()
    kept = [
        name
        for name in schema
        if name in LINKS or not (name.endswith("_id") or name in IDLE or (MISSING in name and name not in REASONS))
    ]
    small = {pl.String(): pl.Categorical(), pl.List(pl.String()): pl.List(pl.Categorical())}
    casts = [pl.col(name).cast(small[schema[name]]) for name in kept if schema[name] in small and name not in LINKS]
    return rows.select(kept).with_columns(casts)


@dataclass
class Held:
    """One return: ``given`` as it was read, its cells not yet cast."""

    given: Return
    standard: Standard
    _held: dict[str, Frame] = field(default_factory=dict)

    @cached_property
    def tables(self) -> Tables:
        """The tables with their cells cast; one that is absent has no rows."""
        empty = {
            table.name: Text(
                table.name, "", "", pl.LazyFrame(schema={ROW: pl.UInt32()} | dict.fromkeys(table.names, pl.String())), 0
            )
            for table in self.standard.tables
        }
        return Tables(empty | dict(self.given.texts), self.standard)

    def frame(self, name: str) -> Frame:
        """A table with its cells cast; a number out of its range is null."""
        ranged = [c for c in self.standard.table(name).columns if c.minimum is not None and c.maximum is not None]
        within = [
            pl.when(pl.col(c.name).is_between(c.minimum, c.maximum)).then(pl.col(c.name)).alias(c.name) for c in ranged
        ]
        return self.tables[name].to_native().with_columns(within)

    def rows(self, name: str, frame: Frame | None = None) -> Frame:
        """A table in which :data:`~rdac_validator.metrics.axes.NOT_APPLICABLE` stands beside the codes of a column."""
        coded = [column.name for column in self.standard.table(name).columns if one_answer(column)]
        applies = [
            pl.when(pl.col(missing(column)) == "not_applicable")
            .then(pl.lit(NOT_APPLICABLE))
            .otherwise(column)
            .alias(column)
            for column in coded
        ]
        return (self.frame(name) if frame is None else frame).with_columns(applies)

    def states(self, table: str) -> Frame:
        """For each coded column of a table whether there is an answer, or why not; worked out once and held.

        Circumstances are rows of the assessments that they belong to.
        """
        name = f"states of {table}"
        if name not in self._held:
            rows = self.frame(table)
            if table == "family_circumstances":
                key = self.frame("assessment").select("assessment_id")
                rows = key.join(once(rows, "assessment_id"), on="assessment_id", how="left")
            coded = [column.name for column in self.standard.table(table).columns if column.coded]
            told = rows.select(state(name).cast(pl.Categorical) for name in coded)
            self._held[name] = told.collect(engine="streaming").lazy()
        return self._held[name]

    def holds(self, table: str, column: str) -> bool:
        """Whether the return has the column."""
        return table in self.given.texts and column in self.given.texts[table].headers

    def answered(self, table: str, *columns: str) -> bool:
        """Whether the columns are there and in none every cell says that the source collects no such thing."""
        return all(self.holds(table, column) and (table, column) not in self._dark for column in columns)

    @cached_property
    def _dark(self) -> set[tuple[str, str]]:
        """Coded columns in which nothing stands but ``not_collected_by_source`` or blanks, though there are rows."""
        dark = set()
        for name, text in self.given.texts.items():
            coded = [c.name for c in self.standard.table(name).columns if c.coded and c.name in text.headers]
            unsaid = pl.col(coded).fill_null("").is_in(UNANSWERED).all() & (pl.len() > 0)
            told = text.frame.select(unsaid).collect(engine="streaming") if coded else pl.DataFrame()
            dark |= {(name, column) for column in told.columns if told[column].item()}
        return dark
