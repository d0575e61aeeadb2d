"""What is found in the cells of an export while they are mapped: the rows, never the cells."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from rapidfuzz import fuzz, process

from rdac_validator.findings import Group
from rdac_validator.mapping.cells import Block, Cell, day, swapped
from rdac_validator.mapping.codes import Codes
from rdac_validator.mapping.faults import AnyDay, NotADay, NotANumber, UnknownCode
from rdac_validator.standard import Table
from rdac_validator.tables import ROW

ALIKE = 80
FEWEST = 20  # days in a column, below which nothing is said of their format


def unknown(cell: Cell, block: Block, rows: pl.DataFrame) -> pl.DataFrame:
    """The texts of a coded cell that stand for nothing: :data:`~rdac_validator.tables.ROW`, ``column``, ``text``."""
    if cell.form == "flags":
        found = [_texts(rows.filter(cell.unknown_flag(flag)), flag, pl.col(flag)) for flag in cell.flags]
        return pl.concat(found)
    if not cell.coded or cell.codes is None:
        return _texts(rows.head(0), "", pl.lit(None, pl.String))
    gathered = block.gathered(cell.source)
    if cell.split or gathered:
        listed = rows.select(ROW, cell.choices(gathered).alias("text")).explode("text")
        strange = listed.filter(~cell.codes.knows(pl.col("text")))
        return _texts(strange, cell.source, pl.col("text"))
    text = cell.codes.text(pl.col(cell.source))
    strange = rows.filter(~cell.codes.knows(text))
    return _texts(strange, cell.source, text)


def _texts(rows: pl.DataFrame, column: str, text: pl.Expr) -> pl.DataFrame:
    return rows.select(ROW, pl.lit(column).alias("column"), text.cast(pl.String).alias("text"))


def found_in(cell: Cell, table: Table, block: Block, rows: pl.DataFrame, file: str) -> Iterator[Group]:
    """Findings about the cells of one column of a block; ``file`` is the name of its input."""
    target = (cell.column.name,)
    strange = unknown(cell, block, rows)
    if strange.height:
        yield from _unknown(strange, cell, table, file)
    if cell.form == "day":
        yield from _days(cell, table, rows, file)
    if cell.form == "number" and (bad := rows.filter(cell.wrong())[ROW].to_list()):
        yield NotANumber.at(table.name, file, bad, target, column=cell.source)


def _unknown(strange: pl.DataFrame, cell: Cell, table: Table, file: str) -> Iterator[Group]:
    """Unknown codes by column and by the label that they may have been meant for."""
    texts = strange["text"].unique()
    near = pl.Series([suggestion(text, cell.codes) for text in texts], dtype=pl.String)
    hinted = strange.with_columns(pl.col("text").replace_strict(texts, near, default="").alias("near"))
    for (column, meant), part in hinted.sort("column", "near", ROW).group_by("column", "near", maintain_order=True):
        number = part["text"].n_unique()
        codes = "1 code" if number == 1 else f"{number} codes"
        hint = f"; did you mean `{meant}`?" if meant else ""
        rows = part[ROW].unique().sort().to_list()
        yield UnknownCode.at(table.name, file, rows, (cell.column.name,), column=str(column), codes=codes, hint=hint)


def suggestion(text: str, codes: Codes | None) -> str:
    """The code of the standard whose label is most like an unknown one; nothing where none is, or none has a label."""
    if codes is None or not codes.names:
        return ""
    best = process.extractOne(text, list(codes.names), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    return codes.names[best[0]] if best else ""


def _days(cell: Cell, table: Table, rows: pl.DataFrame, file: str) -> Iterator[Group]:
    text, target = pl.col(cell.source), (cell.column.name,)
    other = swapped(cell.day)
    bad = rows.filter(cell.wrong()).select(ROW, day(text, other).is_not_null().alias("swapped"))
    if bad.height:
        meant = bad["swapped"].sum()
        hint = f"; {meant:,} of the {bad.height:,} are days in {other}: are day and month swapped?" if meant else ""
        yield NotADay.at(table.name, file, bad[ROW].to_list(), target, column=cell.source, format=cell.day, hint=hint)
    elif other != cell.day and not cell.day.startswith("%Y"):
        read = rows[cell.ahead].drop_nulls()
        if len(read) >= FEWEST and bool((read.dt.day() <= 12).all()):
            yield AnyDay.at(
                table.name, file, (), target, column=cell.source, cells=f"{len(read):,}", format=cell.day, other=other
            )
