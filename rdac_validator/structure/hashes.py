"""Keys and references of a return, screened by 64-bit hashes that are gathered while its tables pass by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import DELIMITER, ROW, Text


class Hashes:
    """What looks doubled or leads nowhere, by hash.

    Equal keys have equal hashes, so no doubled key escapes, and what looks doubled is looked up exactly. A hash that no
    key has belongs to a reference that leads nowhere; such a reference escapes only if its hash is that of another key:
    a chance of one in 10^12 at ten million keys.
    """

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.hashes: dict[tuple[str, tuple[str, ...]], list[pl.DataFrame]] = defaultdict(list)

    def look(self, text: Text, batch: pl.DataFrame) -> None:
        """Keep the hashes of a batch's key and of its references."""
        table = self.standard.table(text.name)
        for columns in {table.key, *((c.name,) for c in table.columns if c.references)}:
            if columns and set(columns) <= set(text.headers):
                self.hashes[text.name, columns].append(self._used(batch.lazy(), table, columns).collect())

    def doubled(self, text: Text) -> list[int]:
        """Every row whose key stands in another row as well."""
        table = self.standard.table(text.name)
        hashes = self._gathered(text.name, table.key)["hash"]
        if hashes.n_unique() == hashes.len():
            return []
        return _doubled(text, table).collect(engine="streaming")[ROW].to_list()

    def broken(self, text: Text, column: Column) -> list[int]:
        """Every row with a reference that names no row of the other table."""
        target = self.standard.table(column.references)
        keys, used = self._gathered(target.name, target.key[:1]), self._gathered(text.name, (column.name,))
        return used.join(keys, on="hash", how="anti")[ROW].unique().sort().to_list() if used.height else []

    def _used(self, frame: pl.LazyFrame, table: Table, columns: tuple[str, ...]) -> pl.LazyFrame:
        """The hash of each cell (or key of several cells) that holds a key: no blank, no missing reason."""
        if len(columns) > 1:
            return frame.filter(_filled_in(columns)).select(pl.struct(columns).hash().alias("hash"))
        choices = _choices(frame, table.column(columns[0]), self.standard)
        row = [pl.col(ROW).cast(pl.UInt32)] if table.column(columns[0]).references else []
        return choices.select(pl.col("key").hash().alias("hash"), *row)

    def _gathered(self, name: str, columns: tuple[str, ...]) -> pl.DataFrame:
        """All hashes of one key or reference, those of a reference with their rows."""
        return pl.concat([pl.DataFrame(schema={"hash": pl.UInt64}), *self.hashes[name, columns]], how="diagonal")


def _filled_in(columns: Iterable[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(list(columns)).fill_null("") != "")


def _choices(frame: pl.LazyFrame, column: Column, standard: Standard) -> pl.LazyFrame:
    """Row and key of every reference in a column, one a line, without blank cells and missing reasons.

    A blank among several keys is kept: it names no row.
    """
    cells = frame.select(ROW, pl.col(column.name).alias("key")).filter(pl.col("key").fill_null("") != "")
    if column.multiple:
        cells = cells.with_columns(pl.col("key").str.split(DELIMITER)).explode("key")
    return cells.filter(~pl.col("key").is_in(standard.missing_reasons)) if column.coded else cells


def _doubled(text: Text, table: Table) -> pl.LazyFrame:
    key = list(table.key)
    given = text.frame.select(ROW, *key).filter(_filled_in(key))
    twice = given.group_by(key).agg(pl.len().alias("_n")).filter(pl.col("_n") > 1)
    return given.join(twice, on=key, how="semi").select(ROW)
