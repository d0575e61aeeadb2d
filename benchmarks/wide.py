"""One wide table with a foreign key, made from the standard: what the speed of the check is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from rdac_validator.standard import Column, Standard, Table, load

WIDTH = 30
PEOPLE_PER_ROW = 0.5
CHUNK = 250_000


def standard() -> Standard:
    """harm_direction widened to 30 columns by coded fields of other tables, and the person table that it refers to."""
    whole = load()
    harm = whole.table("harm_direction")
    own = tuple(replace(c, references="") if c.references == "assessment" else c for c in harm.columns)
    taken = set(harm.names)
    others = (c for t in whole.tables if t.name in {"adult_in_case", "family_circumstances"} for c in t.columns)
    more = tuple(c for c in others if c.coded and not c.references and c.name not in taken)[: WIDTH - len(own)]
    wide = replace(harm, columns=(*own, *more))
    return replace(whole, tables=(whole.table("person"), wide))


def _cell(column: Column, given: Standard, row: pl.Expr) -> pl.Expr:
    """A lawful cell for every row, spread over the column's codes by the row's number."""
    spread = (row * 2_654_435_761 + len(column.name) * 40_503) % 104_729
    if column.lists:
        codes = [c for c in given.codes(column) if c != "dva_unspecified"][:6]
        picked = pl.lit(pl.Series(codes)).gather(spread % len(codes))
        return picked
    if column.type == "year":
        return (2000 + spread % 26).cast(pl.String)
    if column.type == "integer":
        return ((column.minimum or 0) + spread % 10).cast(pl.String)
    if column.type in {"date", "year_month"}:
        day = pl.date(2024, 1, 1) + pl.duration(days=spread % 700)
        return day.dt.strftime("%Y-%m-%d" if column.type == "date" else "%Y-%m")
    return pl.lit("k") + (row % 1_000).cast(pl.String)


def rows(table: Table, given: Standard, start: int, stop: int) -> pl.DataFrame:
    """Clean rows ``start`` to ``stop`` of the wide table; a quarter of the coded cells hold a missing reason."""
    people = max(2, int(stop * PEOPLE_PER_ROW))
    row = pl.int_range(start, stop, eager=True).alias("row")
    base = pl.DataFrame({"row": row})
    number = pl.col("row")
    cells = {c.name: _cell(c, given, number) for c in table.columns}
    cells |= {
        c.name: pl.when((number + i) % 4 == 0).then(pl.lit("not_asked")).otherwise(cells[c.name])
        for i, c in enumerate(table.columns)
        if c.coded and not c.references
    }
    cells["harm_id"] = pl.lit("h") + number.cast(pl.String)
    cells["person_causing_id"] = pl.lit("p") + (number % people).cast(pl.String)
    cells["person_experiencing_id"] = pl.lit("p") + ((number + 1) % people).cast(pl.String)
    return base.select(expr.alias(name) for name, expr in cells.items())
