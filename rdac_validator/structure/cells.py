"""The structural kinds of cells over one table, batch by batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.ledger import Ledger
from rdac_validator.rules.structural import CELL_KINDS, BlankCode, CellKind, Kind, kinds_of
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.structure import pandera_
from rdac_validator.tables import Text


class Cells:
    """The structural kinds of cells over one table, counted batch by batch."""

    def __init__(
        self, text: Text, table: Table, standard: Standard, kinds: Sequence[type[Kind]], ledger: Ledger
    ) -> None:
        self.text, self.table, self.standard, self.ledger = text, table, standard, ledger
        self.wanted = set(kinds)
        self.checked: dict[str, int] = defaultdict(int)
        self.failed: dict[str, int] = defaultdict(int)
        self.error: Exception | None = None

    def kinds_of(self, column: Column) -> tuple[CellKind, ...]:
        """The kinds looked for in a column of this file: wanted, and asked for at the profile."""
        if column.name not in self.text.headers:
            return ()
        asked = column.in_profile(self.ledger.profile)
        return tuple(k for k in kinds_of(column) if type(k) in self.wanted and (asked or not isinstance(k, BlankCode)))

    def look(self, batch: pl.DataFrame) -> None:
        """Check the cells of a batch."""
        if not self.wanted or self.error:
            return
        for column in self.table.columns:
            for kind in self.kinds_of(column):
                self.checked[kind.code] += batch.height
        try:
            for fault in pandera_.faults(batch, self.table, self.standard, self.kinds_of):
                self.found(fault)
        except pandera_.EngineError as error:
            self.error = error

    def found(self, fault: pandera_.CellFault) -> None:
        """Note the rows of one column that one kind found at fault."""
        column = self.table.column(fault.column)
        kind = next(kind for kind in CELL_KINDS if kind.code == fault.code)
        message = kind.message(column, self.standard)
        severity = kind.severity_of(column)
        group = Group(kind.code, severity, self.table.name, self.text.file, (column.name,), message)
        self.ledger.found(group, fault.rows.to_list())
        self.failed[kind.code] += fault.rows.len()

    def end(self) -> None:
        """Tell how each kind ended on this table."""
        applied = {kind for column in self.table.columns for kind in self.kinds_of(column)}
        for kind in sorted(applied, key=lambda kind: kind.code):
            code, severity, name = kind.code, kind.severity, self.table.name
            if self.error:
                self.ledger.crashed(code, severity, name, self.error)
            else:
                self.ledger.ended(code, severity, name, self.checked[code], self.failed[code])
