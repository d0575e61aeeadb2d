"""Where each coded value of a mapped return comes from: the rows of its provenance."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.mapping.cells import Block, Cell
from rdac_validator.mapping.codes import code_text
from rdac_validator.standard import Table

PROVENANCE = ("target_table", "target_key", "target_column", "source_field", "source_code", "mapping_status")
KEY = "_key"
LOST = "not_derivable"


def traces(cell: Cell, table: Table, block: Block, rows: pl.DataFrame) -> Iterator[pl.LazyFrame]:
    """The provenance of one column of a block. A code that stands for nothing is there too, as not derivable."""
    if not cell.traced or not table.key:
        return
    said = rows.lazy()
    if cell.form == "flags":
        for flag in cell.flags:
            yes = said.filter(pl.col(flag).is_in(cell.yes) | cell.unknown_flag(flag))
            known = pl.col(flag).is_in(cell.yes)
            codes = pl.when(known).then(pl.col(flag).replace(list(cell.yes), [code_text(text) for text in cell.yes]))
            status = pl.when(known).then(pl.lit(cell.status)).otherwise(pl.lit(LOST))
            yield _rows(yes, flag, codes, status, cell, table, block)
    elif cell.form == "value":
        there = said.filter(pl.col(cell.source).is_not_null())
        yield _rows(there, cell.source, pl.lit(None, pl.String), pl.lit(cell.status), cell, table, block)
    elif cell.codes is not None:
        gathered = block.gathered(cell.source)
        if cell.split or gathered:
            listed = cell.choices(gathered).list.unique(maintain_order=True).alias("_text")
            texts = said.select(KEY, listed).explode("_text")
        else:
            texts = said.select(KEY, cell.codes.text(pl.col(cell.source)).alias("_text"))
        text = pl.col("_text")
        status = cell.codes.status(text).fill_null(LOST)
        yield _rows(texts.drop_nulls("_text"), cell.source, cell.codes.source(text), status, cell, table, block)


def _rows(
    rows: pl.LazyFrame, source: str, code: pl.Expr, status: pl.Expr, cell: Cell, table: Table, block: Block
) -> pl.LazyFrame:
    name, column = block.place(source)
    return rows.select(
        pl.lit(table.name).alias("target_table"),
        pl.col(KEY).alias("target_key"),
        pl.lit(cell.column.name).alias("target_column"),
        pl.lit(code_text(f"{name}_{column}")).alias("source_field"),
        code.cast(pl.String).alias("source_code"),
        status.alias("mapping_status"),
    )
