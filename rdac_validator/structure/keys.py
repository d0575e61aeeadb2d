"""Doubled keys and references that lead nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.ledger import Ledger
from rdac_validator.rules.structural import BrokenReference, DuplicateKey, Kind
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import DELIMITER, ROW, Return, Text


class Keys:
    """Keys and references of all tables, screened by 64-bit hashes that are gathered while the tables pass by.

    Equal keys have equal hashes, so no doubled key escapes, and what looks doubled is looked up exactly. A hash that no
    key has belongs to a reference that leads nowhere; such a reference escapes only if its hash is that of another key:
    a chance of one in 10^12 at ten million keys.
    """

    def __init__(self, given: Return, standard: Standard, kinds: Sequence[type[Kind]], ledger: Ledger) -> None:
        self.given, self.standard, self.kinds, self.ledger = given, standard, kinds, ledger
        self.asked = DuplicateKey in kinds or BrokenReference in kinds
        self.hashes: dict[tuple[str, tuple[str, ...]], list[pl.DataFrame]] = defaultdict(list)

    def look(self, text: Text, batch: pl.DataFrame) -> None:
        """Keep the hashes of a batch's key and of its references."""
        if not self.asked:
            return
        table = self.standard.table(text.name)
        for columns in {table.key, *((c.name,) for c in table.columns if c.references)}:
            if columns and set(columns) <= set(text.headers):
                self.hashes[text.name, columns].append(self.used(batch.lazy(), table, columns).collect())

    def used(self, frame: pl.LazyFrame, table: Table, columns: tuple[str, ...]) -> pl.LazyFrame:
        """The hash of each cell (or key of several cells) that holds a key: no blank, no missing reason."""
        if len(columns) > 1:
            return frame.filter(_filled_in(columns)).select(pl.struct(columns).hash().alias("hash"))
        choices = _choices(frame, table.column(columns[0]), self.standard)
        row = [pl.col(ROW).cast(pl.UInt32)] if table.column(columns[0]).references else []
        return choices.select(pl.col("key").hash().alias("hash"), *row)

    def gathered(self, name: str, columns: tuple[str, ...]) -> pl.DataFrame:
        """All hashes of one key or reference, those of a reference with their rows."""
        return pl.concat([pl.DataFrame(schema={"hash": pl.UInt64}), *self.hashes[name, columns]], how="diagonal")

    def end(self) -> None:
        """Tell which keys are doubled and which references lead nowhere."""
        for text in self.given.texts.values():
            table = self.standard.table(text.name)
            if DuplicateKey in self.kinds and table.key and set(table.key) <= set(text.headers):
                self.doubled(text, table)
            if BrokenReference in self.kinds:
                self.references(text, table)

    def doubled(self, text: Text, table: Table) -> None:
        """Every row whose key stands in another row as well."""
        hashes = self.gathered(text.name, table.key)["hash"]
        rows: list[int] = []
        if hashes.n_unique() < hashes.len():
            rows = _doubled(text, table).collect(engine="streaming")[ROW].to_list()
        message = f"the key {' + '.join(table.key)} stands in another row as well"
        group = Group(DuplicateKey.code, DuplicateKey.severity, table.name, text.file, table.key, message)
        self.tell(group, text.rows, rows)

    def references(self, text: Text, table: Table) -> None:
        """Every row with a reference that names no row of the other table."""
        checked, failed = 0, 0
        for column in (c for c in table.columns if c.references and c.name in text.headers):
            target = self.standard.table(column.references)
            other = self.given.texts.get(target.name)
            if other is None or other.damaged or target.key[0] not in other.headers:
                why = f"{column.name}: {target.name} is missing or could not be read whole"
                self.ledger.not_run(BrokenReference.code, BrokenReference.severity, table.name, why)
                continue
            keys = self.gathered(other.name, target.key[:1])
            used = self.gathered(text.name, (column.name,))
            rows = used.join(keys, on="hash", how="anti")[ROW].to_list() if used.height else []
            message = f"{column.name} names no row of {target.name}"
            group = Group(
                BrokenReference.code,
                BrokenReference.severity,
                table.name,
                text.file,
                (column.name,),
                message,
                checked=text.rows,
            )
            if rows:
                self.ledger.found(group, rows)
            checked, failed = checked + text.rows, failed + len(rows)
        if checked or not text.rows:
            self.ledger.ended(BrokenReference.code, BrokenReference.severity, table.name, checked, failed)

    def tell(self, group: Group, checked: int, rows: list[int]) -> None:
        """How one kind ended on one table."""
        if rows:
            self.ledger.found(group, rows)
        self.ledger.ended(group.code, group.severity, group.table, checked, len(rows))


def _filled_in(columns: Iterable[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(list(columns)).fill_null("") != "")


def _choices(frame: pl.LazyFrame, column: Column, standard: Standard) -> pl.LazyFrame:
    """Row and key of every reference in a column, one a line, without blanks and missing reasons."""
    cells = frame.select(ROW, pl.col(column.name).alias("key"))
    if column.multiple:
        cells = cells.with_columns(pl.col("key").str.split(DELIMITER)).explode("key")
    blank = ["", *(standard.missing_reasons if column.coded else ())]
    return cells.filter(~pl.col("key").fill_null("").is_in(blank))


def _doubled(text: Text, table: Table) -> pl.LazyFrame:
    key = list(table.key)
    given = text.frame.select(ROW, *key).filter(_filled_in(key))
    twice = given.group_by(key).agg(pl.len().alias("_n")).filter(pl.col("_n") > 1)
    return given.join(twice, on=key, how="semi").select(ROW)
