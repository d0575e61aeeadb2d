"""The elements of a census file as a tree, and the flat tables that its places fill, as ``schema/cin.yaml`` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.formats import cin_faults as faults
from rdac_validator.standard import Column, Table
from rdac_validator.tables import ROW

_FLAGS = {"1": "true", "0": "false"}


@dataclass(eq=False)
class Sink:
    """The rows of one table while the file is read: line and ordinals of each row, cells column by column."""

    table: Table
    owners: Mapping[str, Sink]
    lines: list[int] = field(default_factory=list)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    cells: dict[str, tuple[list[int], list[str]]] = field(default_factory=dict)

    def open(self, line: int) -> None:
        """Begin a row at a line of the file, as a part of the rows that its owners began last."""
        self.lines.append(line)
        for name, numbers in self.numbers.items():
            numbers.append(len(self.owners.get(name, self).lines))

    def frame(self) -> pl.DataFrame:
        """Give the rows as text, in file order; of a repeated element the first cell."""
        columns = {ROW: pl.Series(ROW, self.lines, pl.UInt32)}
        for name, numbers in self.numbers.items():
            columns[name] = pl.Series(name, numbers, pl.Int64).cast(pl.String)
        for name, (rows, texts) in self.cells.items():
            columns[name] = pl.Series(name, self._spread(rows, texts), pl.String)
        flags = [column.name for column in self.table.columns if column.type == "boolean"]
        written = pl.col(flags).str.to_lowercase().replace(_FLAGS)
        return pl.DataFrame(columns).with_columns(written)

    def _spread(self, rows: list[int], texts: list[str]) -> list[str | None]:
        cells: list[str | None] = [None] * len(self.lines)
        for row, text in zip(reversed(rows), reversed(texts), strict=True):
            cells[row] = text or None
        return cells

    def repeated(self, file: str) -> Iterator[Group]:
        """Tell which elements stand twice in one group."""
        for name, (rows, _) in self.cells.items():
            row = pl.Series(rows, dtype=pl.Int64)
            twice = row.filter(row.diff() == 0)
            if twice.len():
                message = f"{name} stands more than once in its group; the first was read"
                lines = (self.lines[at] for at in twice)
                yield faults.RepeatedElement.group(file, message, lines, self.table.name, (name,))


@dataclass(eq=False)
class Node:
    """A place in the census tree: it begins a row of ``sink``, or fills ``cell`` of the latest of ``rows``, or both."""

    inside: dict[str, Node] = field(default_factory=dict)
    sink: Sink | None = None
    cell: tuple[list[int], list[str]] | None = None
    rows: list[int] = field(default_factory=list)
    ignored: bool = False

    def at(self, path: str) -> Node:
        """Find the place that the names in ``path`` lead to, made if it is new."""
        node = self
        for name in path.split("/"):
            node = node.inside.setdefault(name, Node())
        return node

    def names(self) -> Iterator[str]:
        """Name every element below this place."""
        for name, inside in self.inside.items():
            yield name
            yield from inside.names()


def tree(tables: tuple[Table, ...]) -> tuple[Node, dict[str, Sink]]:
    """Build the census tree of the flat tables: its root, and where the rows of each table are collected."""
    root = Node()
    sinks: dict[str, Sink] = {}
    owners: dict[str, Sink] = {}
    for table in sorted(tables, key=lambda table: row_path(table).count("/")):  # a group before what it holds
        numbers = [column.name for column in table.columns if given(column, "surrogate")]
        sink = sinks[table.name] = Sink(table, owners, numbers={name: [] for name in numbers})
        for name in numbers:
            owners.setdefault(name, sink)
        _plant(root, sink)
    return root, {table.name: sinks[table.name] for table in tables}


def row_path(table: Table) -> str:
    """Path of the element that is one row: the table's group, or the element that may be repeated in it."""
    repeated = [column.notes["xpath"] for column in table.columns if column.notes.get("cardinality", "").endswith("n")]
    return repeated[0] if repeated else table.notes["xpath"]


def _plant(root: Node, sink: Sink) -> None:
    root.at(row_path(sink.table)).sink = sink
    for column in sink.table.columns:
        if given(column, "dropped"):
            root.at(column.notes["xpath"]).ignored = True
        elif not given(column, "surrogate"):
            place = root.at(column.notes["xpath"])
            place.cell = sink.cells[column.name] = ([], [])
            place.rows = sink.lines


def given(column: Column, note: str) -> bool:
    """Whether the schema says ``note: true`` of a column."""
    return column.notes.get(note) == "true"
