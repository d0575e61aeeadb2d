"""The structural kinds of cells over one table, batch by batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.ledger import Ledger
from rdac_validator.rules.cells import BlankCode
from rdac_validator.rules.kinds import CELL_KINDS, kinds_of
from rdac_validator.rules.structural import CellKind, Kind
from rdac_validator.standard import TIERS, Column, Standard, Table
from rdac_validator.structure import pandera_
from rdac_validator.tables import Text


def unknown_columns(text: Text) -> tuple[Column, ...]:
    """The columns that the standard does not know, as columns of text that safety kinds look at.

    Their titles say their place in the file; the header itself stands in ``notes`` and is never printed.
    """
    return tuple(
        Column(
            name=name,
            title=name.strip("_").replace("unknown_", "column "),
            description="",
            type="string",
            lists=(),
            multiple=False,
            coded=False,
            required=False,
            references="",
            pattern="",
            minimum=None,
            maximum=None,
            tier=TIERS[-1],
            derived=True,
            privacy="unknown",
            evidence=(),
            decision="",
            from_cin="",
            from_scotland="",
            notes={"unknown": header},
        )
        for name, header in text.unknown.items()
    )


class Cells:
    """The structural kinds of cells over one table, counted batch by batch."""

    def __init__(
        self, text: Text, table: Table, standard: Standard, kinds: Sequence[type[Kind]], ledger: Ledger
    ) -> None:
        known = replace(table, columns=(*table.columns, *unknown_columns(text)))
        self.text, self.table, self.standard, self.ledger = text, known, standard, ledger
        self.wanted = set(kinds)
        self.checked: dict[str, int] = defaultdict(int)
        self.failed: dict[str, int] = defaultdict(int)
        self.error: Exception | None = None
        self.screen = pandera_.Screen(known, standard, self.kinds_of)

    def kinds_of(self, column: Column) -> tuple[CellKind, ...]:
        """The kinds looked for in a column of this file: wanted, and asked for at the profile."""
        if column.name not in self.text.headers and column.name not in self.text.unknown:
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
            for fault in pandera_.faults(batch, self.screen):
                self.found(fault)
        except pandera_.EngineError as error:
            self.error = error

    def found(self, fault: pandera_.CellFault) -> None:
        """Note the rows of one column that one kind found at fault."""
        column = self.table.column(fault.column)
        kind = next(kind for kind in CELL_KINDS if kind.code == fault.code)
        message, known = kind.message(column, self.standard), column.name in self.text.headers
        if not known:
            message = message.replace(column.name, column.title)
        severity = kind.severity_of(column)
        group = Group(
            kind.code,
            severity,
            self.table.name,
            self.text.file,
            (column.name,) if known else (),
            message,
            checked=self.text.rows,
        )
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
