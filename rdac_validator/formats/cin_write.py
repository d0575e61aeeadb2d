"""Write a CIN census file from its flat tables, the elements in the order that the census schema asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from html import escape
from itertools import takewhile
from pathlib import Path
from typing import TextIO

import polars as pl

from rdac_validator.formats.cin_tree import given, row_path
from rdac_validator.standard import Standard, Table

Row = Mapping[str, str | None]
_INDENT = "  "


def write(tables: Mapping[str, pl.DataFrame], path: Path, standard: Standard) -> None:
    """Write flat text tables ``cin_*`` as one census file at ``path``, in UTF-8.

    Rows follow the order of their frames; ``child_no``, ``episode_no``, … say which row stands inside which. A blank
    cell gives no element. The tables are written as they are: nothing is checked. Raises ``OSError``.
    """
    plan = _Plan(tables, standard)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n')
        writer = _Writer(file)
        for table in plan.outermost:
            for row in plan.rows_in(table, {}):
                plan.put(writer, table, row)
        writer.close()


class _Plan:
    """Which tables stand inside which, and which rows inside which row."""

    def __init__(self, tables: Mapping[str, pl.DataFrame], standard: Standard) -> None:
        self.known = [table for table in standard.source_tables if table.name in tables]
        self.above = {table.name: _above(table, self.known) for table in self.known}
        self.outermost = [table for table in self.known if self.above[table.name] is None]
        self.keys = {table.name: _key(self.above[table.name]) for table in self.known}
        self.grouped = {table.name: self._group(tables[table.name], table) for table in self.known}

    def _group(self, frame: pl.DataFrame, table: Table) -> Mapping[str | None, list[Row]]:
        rows: dict[str | None, list[Row]] = defaultdict(list)
        key = self.keys[table.name]
        for row in frame.iter_rows(named=True):
            rows[row[key] if key else None].append(row)
        return rows

    def rows_in(self, table: Table, row: Row) -> list[Row]:
        """Rows of a table that stand inside a row of the table above it."""
        key = self.keys[table.name]
        return self.grouped[table.name].get(row[key] if key else None, [])

    def put(self, writer: _Writer, table: Table, row: Row) -> None:
        """Write a row, its cells and the rows inside it."""
        path = row_path(table)
        leaf = next((column.name for column in table.columns if column.notes.get("xpath") == path), "")
        if leaf:
            writer.cells([(path, row[leaf])])
            return
        writer.begin(path)
        late: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        for column in table.columns:
            if not given(column, "surrogate") and not given(column, "dropped"):
                late[column.notes.get("follows", "")].append((column.notes["xpath"], row.get(column.name)))
        writer.cells(late.pop("", []))
        for inner in self.known:
            if self.above[inner.name] is table:
                for inside in self.rows_in(inner, row):
                    self.put(writer, inner, inside)
            writer.cells(late.pop(inner.name, []))
        writer.end(path)


def _above(table: Table, tables: list[Table]) -> Table | None:
    """Find the table whose rows the rows of this one stand in: the longest path that this one's begins with."""
    holders = [other for other in tables if row_path(table).startswith(row_path(other) + "/")]
    return max(holders, key=lambda other: len(row_path(other)), default=None)


def _key(table: Table | None) -> str:
    """Name the ordinal that tells the rows of a table apart: the last of its own."""
    numbers = [column.name for column in table.columns if given(column, "surrogate")] if table else []
    return numbers[-1] if numbers else ""


class _Writer:
    """Writes elements by their full paths, opening and closing the groups between them as the path changes."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.open: list[str] = []

    def begin(self, path: str) -> None:
        """Open a new element at a path, even if one of that name is open."""
        *groups, name = path.split("/")
        self._go(groups)
        self._tag(name)
        self.open.append(name)

    def end(self, path: str) -> None:
        """Close the element at a path, and what is open inside it."""
        self._go(path.split("/")[:-1])

    def cells(self, cells: list[tuple[str, str | None]]) -> None:
        """Write elements with text at their paths; one that is blank is left out."""
        for path, text in cells:
            if text:
                *groups, name = path.split("/")
                self._go(groups)
                self.file.write(f"{_INDENT * len(self.open)}<{name}>{escape(text, quote=False)}</{name}>\n")

    def close(self) -> None:
        """Close everything that is open."""
        self._go([])

    def _go(self, groups: list[str]) -> None:
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(self.open, groups, strict=False))))
        while len(self.open) > shared:
            name = self.open.pop()
            self.file.write(f"{_INDENT * len(self.open)}</{name}>\n")
        for name in groups[shared:]:
            self._tag(name)
            self.open.append(name)

    def _tag(self, name: str) -> None:
        self.file.write(f"{_INDENT * len(self.open)}<{name}>\n")
