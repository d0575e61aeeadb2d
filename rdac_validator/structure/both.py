"""Two engines at work on the same return, each cell of one held against that of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from rdac_validator.rules.structural import Kind
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.structure.engine import Engine, Fault, Kinds
from rdac_validator.structure.frictionless_ import Frictionless
from rdac_validator.structure.pandera_ import Pandera
from rdac_validator.tables import Return, Text


class Both:
    """pandera and frictionless. What only one of them finds is told as found, and whose finding it is."""

    name = "both"

    def __init__(self, given: Return, standard: Standard, kinds: Sequence[type[Kind]]) -> None:
        self.engines: tuple[Engine, Engine] = (Pandera(given, standard, kinds), Frictionless(given, standard, kinds))
        self.seen: tuple[list[Fault], list[Fault]] = ([], [])

    def begin(self, text: Text, table: Table, kinds: Kinds) -> None:
        """A table comes, for both."""
        self.seen = ([], [])
        for engine in self.engines:
            engine.begin(text, table, kinds)

    def look(self, batch: pl.DataFrame) -> Iterator[Fault]:
        """Nothing can be compared before both have seen the whole table."""
        for engine, seen in zip(self.engines, self.seen, strict=True):
            seen.extend(engine.look(batch))
        return iter(())

    def end(self) -> Iterator[Fault]:
        """The faults of the table's cells, compared."""
        for engine, seen in zip(self.engines, self.seen, strict=True):
            seen.extend(engine.end())
        return self.compared(*self.seen)

    def doubled(self, text: Text) -> Iterator[Fault]:
        """Doubled keys, compared."""
        return self.compared(*(engine.doubled(text) for engine in self.engines))

    def broken(self, text: Text, column: Column) -> Iterator[Fault]:
        """Broken references, compared."""
        return self.compared(*(engine.broken(text, column) for engine in self.engines))

    def compared(self, one: Iterable[Fault], other: Iterable[Fault]) -> Iterator[Fault]:
        """The faults that both found, then those that each found alone."""
        first, second = _cells(one), _cells(other)
        alone = [engine.name for engine in self.engines]
        for code, column in sorted({*first, *second}):
            a, b = first[code, column], second[code, column]
            for rows, by in ((a & b, ""), (a - b, alone[0]), (b - a, alone[1])):
                if rows:
                    yield Fault(code, column, sorted(rows), by)


def _cells(faults: Iterable[Fault]) -> defaultdict[tuple[str, str], set[int]]:
    cells: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for fault in faults:
        cells[fault.code, fault.column].update(fault.rows)
    return cells
