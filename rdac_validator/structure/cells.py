"""The structural kinds of cells over one table, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.ledger import Ledger
from rdac_validator.rules.cells import BlankCode
from rdac_validator.rules.kinds import kinds_of
from rdac_validator.rules.structural import CellKind, Kind
from rdac_validator.standard import TIERS, Column, Standard, Table
from rdac_validator.structure.engine import Engine, EngineError, Fault
from rdac_validator.structure.telling import Telling
from rdac_validator.tables import Text, placed


def unknown_columns(text: Text) -> tuple[Column, ...]:
    """The columns that the standard does not know, as columns of text that safety kinds look at.

    Their titles say their place in the file; the header itself stands in ``notes`` and is never printed.
    """
    return tuple(
        Column(
            name=name,
            title=placed(name),
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
    """The structural kinds of cells over one table: what the engine finds, and how each kind ended."""

    def __init__(
        self,
        text: Text,
        table: Table,
        standard: Standard,
        kinds: Sequence[type[Kind]],
        ledger: Ledger,
        engine: Engine,
    ) -> None:
        known = replace(table, columns=(*table.columns, *unknown_columns(text)))
        self.text, self.table, self.standard, self.ledger, self.engine = text, known, standard, ledger, engine
        self.wanted = set(kinds)
        self.by_code = {kind.code: kind for column in known.columns for kind in self.kinds_of(column)}
        self.told = {code: Telling(type(kind), known.name, ledger) for code, kind in sorted(self.by_code.items())}
        self.tell(lambda: self.engine.begin(text, known, self.kinds_of))

    def kinds_of(self, column: Column) -> tuple[CellKind, ...]:
        """The kinds looked for in a column of this file: wanted, and asked for at the profile."""
        if column.name not in self.text.headers and column.name not in self.text.unknown:
            return ()
        asked = column.in_profile(self.ledger.profile)
        found = kinds_of(column, typed=self.text.records is not None and column.name in self.text.headers)
        return tuple(k for k in found if type(k) in self.wanted and (asked or not isinstance(k, BlankCode)))

    def look(self, batch: pl.DataFrame) -> None:
        """Check the cells of a batch."""
        for column in self.table.columns:
            for kind in self.kinds_of(column):
                self.told[kind.code].checked += batch.height
        self.tell(lambda: self.engine.look(batch))

    def end(self) -> None:
        """Tell how each kind ended on this table."""
        self.tell(self.engine.end)
        for telling in self.told.values():
            telling.end()

    def tell(self, find: Callable[[], Iterable[Fault] | None]) -> None:
        """Note what the engine finds; where it raises, no kind counts as passed, and the next batch is still seen."""
        try:
            for fault in find() or ():
                self.told[fault.code].found(fault, self.group(fault))
        except EngineError as error:
            for telling in self.told.values():
                telling.error = error

    def group(self, fault: Fault) -> Group:
        """What is said of the rows of one column that one kind found at fault."""
        column, kind = self.table.column(fault.column), self.by_code[fault.code]
        message, known = kind.message(column, self.standard), column.name in self.text.headers
        return Group(
            kind.code,
            kind.severity_of(column),
            self.table.name,
            self.text.file,
            (column.name,) if known else (),
            message if known else message.replace(column.name, column.title),
            checked=self.text.rows,
            unknown="" if known else column.name,
        )
