"""What an engine is: something that finds the structural faults of a return, one table at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from rdac_validator.rules.structural import CellKind, Kind
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import Return, Text

Kinds = Callable[[Column], tuple[CellKind, ...]]


class EngineError(RuntimeError):
    """A check of ours raised inside an engine: our fault, never the data's. Its message holds no value."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows that one kind found at fault in one column; ``column`` is empty where the fault is the table's key.

    ``by`` names the only engine that found it, where several were asked: then one of them is wrong.
    """

    code: str
    column: str
    rows: Sequence[int]
    by: str = ""


class Engine(Protocol):
    """An engine at work on one return. Each table is begun, looked at batch by batch and ended, in the return's order.

    Rows are the numbers of :data:`~rdac_validator.tables.ROW`. Every method may raise :class:`EngineError`. ``name`` is
    what the user calls the engine.
    """

    name: str

    def begin(self, text: Text, table: Table, kinds: Kinds) -> None:
        """A table comes: as it was read, what the standard says of it, and the kinds looked for in a column.

        ``table`` holds the columns that the standard does not know as well, under their names in the frame.
        """

    def look(self, batch: pl.DataFrame) -> Iterable[Fault]:
        """The next rows of the table that was begun; the faults of cells that are known now."""

    def end(self) -> Iterable[Fault]:
        """The last row has been seen; the faults of cells that were not told by :meth:`look`."""

    def doubled(self, text: Text) -> Iterable[Fault]:
        """Every row of a table whose key stands in another row as well. Asked when all tables have ended."""

    def broken(self, text: Text, column: Column) -> Iterable[Fault]:
        """Every row with a reference to a key that no row of the other table has. Asked when all tables have ended."""


# makes the engine for a return, from the kinds of fault that are looked for
Maker = Callable[[Return, Standard, Sequence[type[Kind]]], Engine]
