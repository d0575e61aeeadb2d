"""What a return holds, for those who count: its tables, what was answered at all, and why the rest was not."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import narwhals as nw
import polars as pl
import polars.selectors as cs

from rdac_validator.crosswalks.reading import NOT_COLLECTED
from rdac_validator.metrics.axes import NOT_APPLICABLE, UNKNOWN, one_answer, state
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import ROW, Return, Tables, cast, missing

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
LOOKED_AT = 1_000
SAID = (NOT_APPLICABLE, UNKNOWN)  # what metrics say beside the codes of a column
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
    # polars 2.1 panics where a gap in an Enum is filled with text, and does not where one in a category is
    words = cs.string() | cs.enum()
    lists = cs.list(cs.string() | cs.enum())
    return rows.select(kept).with_columns(words.cast(pl.Categorical), lists.cast(pl.List(pl.Categorical)))


def _answers(column: Column, standard: Standard) -> pl.Enum:
    """A byte for each cell of a coded column."""
    return pl.Enum(list(dict.fromkeys((*standard.codes(column), *standard.missing_reasons, *SAID))))


@dataclass
class Held:
    """One return: ``given`` as it was read, its cells not yet cast."""

    given: Return
    standard: Standard
    _held: dict[str, Frame] = field(default_factory=dict)
    _keys: pl.Categorical = field(default_factory=lambda: pl.Categorical(pl.Categories.random()))

    @cached_property
    def tables(self) -> Tables:
        """The tables that directions of harm are worked out from, their cells cast; one that is absent has no rows.

        People and assessments are those whose key no other row claims, so that no direction is counted twice.
        """
        frames = {name: once(self.frame(name), f"{name}_id") for name in ("person", "assessment")}
        frames["harm_direction"] = self.frame("harm_direction")
        typed = {name: nw.from_native(frame) for name, frame in frames.items()}
        return Tables(self.given.texts, self.standard, _typed=typed)

    def frame(self, name: str) -> Frame:
        """A table with its cells cast; a number out of its range is null. Worked out once and held, in little room.

        A column with one answer is an ``Enum`` of its codes, the missing reasons and :data:`SAID`, and so is its
        reason; what links rows is categorical; keys by which nothing is linked or counted are left out.
        """
        held = f"table {name}"
        if held not in self._held:
            table, given = self.standard.table(name), pl.LazyFrame(schema={ROW: pl.UInt32()})
            if name in self.given.texts:
                given = self.given.texts[name].frame
            present = given.collect_schema().names()
            small = {column.name: _answers(column, self.standard) for column in table.columns if one_answer(column)}
            # a million cells are compared with a list of codes as numbers, not as text
            coded = given.with_columns(pl.col(c).cast(small[c], strict=False) for c in small if c in present)
            typed = self._within(cast(coded, table, self.standard), table)
            self._held[held] = typed.collect(engine="streaming").lazy()
        return self._held[held]

    def _within(self, typed: Frame, table: Table) -> Frame:
        """The columns that anything is counted or linked by, numbers in their range, and all in little room."""
        ranged = [c for c in table.columns if c.minimum is not None and c.maximum is not None]
        numbers = [
            pl.when(pl.col(c.name).is_between(c.minimum, c.maximum)).then(pl.col(c.name)).alias(c.name) for c in ranged
        ]
        several = [
            pl.col(c.name).cast(pl.List(_answers(c, self.standard))) for c in table.columns if c.multiple and c.lists
        ]
        own = {*table.key} - LINKS if len(table.key) == 1 else set()
        reasons = cs.string() & cs.contains(MISSING)
        kept = typed.drop(*({*IDLE, *own} & {*typed.collect_schema().names()}))
        return kept.with_columns(
            *numbers,
            *several,
            reasons.cast(pl.Enum([*self.standard.missing_reasons, *SAID])),
            (cs.string() & cs.ends_with("_id")).cast(self._keys),
        )

    def rows(self, name: str, frame: Frame | None = None) -> Frame:
        """A table in which :data:`~rdac_validator.metrics.axes.NOT_APPLICABLE` stands beside the codes of a column."""
        applies = [
            pl.when(pl.col(missing(column.name)) == "not_applicable")
            .then(pl.lit(NOT_APPLICABLE, dtype=_answers(column, self.standard)))
            .otherwise(column.name)
            .alias(column.name)
            for column in self.standard.table(name).columns
            if one_answer(column)
        ]
        return (self.frame(name) if frame is None else frame).with_columns(applies)

    def states(self, table: str) -> Frame:
        """For each coded column of a table whether there is an answer, or why not.

        Circumstances are rows of the assessments that they belong to.
        """
        rows = self.frame(table)
        if table == "family_circumstances":
            key = self.frame("assessment").select("assessment_id")
            rows = key.join(once(rows, "assessment_id"), on="assessment_id", how="left")
        columns = self.standard.table(table).columns
        return rows.select(state(column, self.standard) for column in columns if column.coded)

    def holds(self, table: str, column: str) -> bool:
        """Whether the return has the column."""
        return table in self.given.texts and column in self.given.texts[table].headers

    def answered(self, table: str, *columns: str) -> bool:
        """Whether the columns are there and in none every cell says that the source collects no such thing."""
        return all(self.holds(table, column) and (table, column) not in self._dark for column in columns)

    @cached_property
    def _dark(self) -> set[tuple[str, str]]:
        """Coded columns in which nothing stands but ``not_collected_by_source`` or blanks, though there are rows.

        A value that is kept for crosswalks is no answer either.
        """
        silence = [
            "",
            NOT_COLLECTED,
            *(c for held in self.standard.lists.values() for c in held.where("crosswalk_only")),
        ]
        dark = set()
        for name, text in self.given.texts.items():
            unsaid = [c.name for c in self.standard.table(name).columns if c.coded and c.name in text.headers]
            # most columns say something at once, and need not be read to their end for this
            for rows in (text.frame.head(LOOKED_AT), text.frame):
                silent = pl.col(unsaid).fill_null("").is_in(silence).all() & (pl.len() > 0)
                told = rows.select(silent).collect(engine="streaming") if unsaid else pl.DataFrame()
                unsaid = [column for column in told.columns if told[column].item()]
            dark |= {(name, column) for column in unsaid}
        return dark
