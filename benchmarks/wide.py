"""One wide table with a foreign key, made from the standard: what the speed of the check is measured on.

Its rows are those of a synthetic return, told again and again with keys of their own, so that every row rule has
something to judge and nothing to find. Faults are then planted in rows that are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from rdac_validator import synth
from rdac_validator.rules import RULES
from rdac_validator.rules.base import RowRule, Rule
from rdac_validator.standard import Column, Standard, Table, load
from rdac_validator.tables import ROW

WIDTH = 30
PEOPLE = 50_000
EVERY = 1_009  # a prime, so that faults fall in all places of a batch
CHUNK = 500_000
TABLE = "harm_direction"


def standard() -> Standard:
    """harm_direction widened to 30 columns by coded fields of other tables, and the person table that it refers to."""
    whole = load()
    harm = whole.table(TABLE)
    own = tuple(
        replace(column, references="") if column.references == "assessment" else column for column in harm.columns
    )
    others = [column for name in ("adult_in_case", "family_circumstances") for column in whole.table(name).columns]
    more = [column for column in others if column.coded and not column.references and column.name not in harm.names]
    wide = replace(harm, columns=(*own, *more[: WIDTH - len(own)]))
    return replace(whole, tables=(whole.table("person"), wide))


def row_rules() -> list[type[Rule]]:
    """The row rules whose columns the wide table has; those of other tables are pointed at it."""
    names = set(standard().table(TABLE).names)
    fitting = [rule for rule in RULES if issubclass(rule, RowRule) and set(rule.columns) <= names]
    return [
        rule if rule.table == TABLE else type(rule.__name__, (rule,), {"table": TABLE, "__doc__": rule.__doc__})
        for rule in fitting
    ]


def _pattern(table: Table) -> pl.DataFrame:
    """Some hundred clean rows: those of a synthetic return, with the other tables' columns beside them."""
    made = synth.make(400, 5, load())
    rows = made[TABLE].select(pl.exclude(ROW))
    for other in ("adult_in_case", "family_circumstances"):
        names = [name for name in table.names if name in made[other].columns and name not in rows.columns]
        if names:
            height = min(rows.height, made[other].height)
            rows = rows.head(height).hstack(made[other].select(names).head(height))
    return rows.select(pl.col(table.names).replace("", None))


def _person(column: Column) -> pl.Expr:
    if column.name == "person_id":
        return pl.format("pQX7K2M4N6R5T3W2YB4D{}", pl.col("row")).alias(column.name)
    return pl.lit("not_asked" if column.coded else "adult").alias(column.name)


def chunks(table: Table, rows: int) -> Iterator[pl.DataFrame]:
    """Clean rows of the wide table, in frames that fit in memory."""
    pattern = _pattern(table)
    for start in range(0, rows, CHUNK):
        row = pl.int_range(start, min(start + CHUNK, rows), eager=True).alias("row")
        told = pattern[(row % pattern.height)].with_columns(row)
        keys = {
            "harm_id": pl.format("hQX7K2M4N6R5T3W2YB4D{}", "row"),
            "person_causing_id": pl.format("pQX7K2M4N6R5T3W2YB4D{}", pl.col("row") * 7 % PEOPLE),
            "person_experiencing_id": pl.format("pQX7K2M4N6R5T3W2YB4D{}", (pl.col("row") * 7 + 1) % PEOPLE),
        }
        yield told.with_columns(**keys)


FAULTS: tuple[tuple[str, str, str], ...] = (
    ("RDAC106", "pattern", "purple"),
    ("RDAC105", "separation_status", "ON_OFF"),
    ("RDAC102", "intergenerational", ""),
    ("RDAC104", "first_known_year", "20x1"),
    ("RDAC108", "first_known_year", "2999"),
    ("RDAC110", "abuse_types", "physical|not_asked"),
    ("RDAC109", "abuse_types", "physical|physical"),
    ("RDAC107", "harm_id", "h 1"),
    ("RDAC112", "person_causing_id", "p0000nobody0000"),
)


def planted(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[str, int]]]:
    """The frame with a fault of a known kind in every :data:`EVERY`-th row; the codes with the lines of the file."""
    spot, turn = pl.col("row") % EVERY == EVERY // 2, pl.col("row") // EVERY % len(FAULTS)
    for number, (_, column, cell) in enumerate(FAULTS):
        wrong = spot & (turn == number)
        own = pl.format(cell + "{}", "row") if column == "harm_id" else pl.lit(cell or None)
        frame = frame.with_columns(pl.when(wrong).then(own).otherwise(pl.col(column)).alias(column))
    hit = frame.filter(spot).select(turn.alias("turn"), "row").rows()
    return frame, [(FAULTS[turn][0], row + 2) for turn, row in hit]


def write(folder: Path, rows: int) -> list[tuple[str, int]]:
    """Write both tables as CSV and give the planted faults: code and line."""
    given = standard()
    person, wide = given.tables
    folder.mkdir(parents=True, exist_ok=True)
    people = pl.DataFrame({"row": pl.int_range(PEOPLE, eager=True)})
    people.select(_person(column) for column in person.columns).write_csv(folder / "person.csv")
    key: list[tuple[str, int]] = []
    with (folder / f"{TABLE}.csv").open("wb") as file:
        for number, frame in enumerate(chunks(wide, rows)):
            faulty, found = planted(frame)
            faulty.select(wide.names).write_csv(file, include_header=not number)
            key += found
    return sorted(key)
