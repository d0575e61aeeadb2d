"""The rows of a synthetic return while they are made: what a row does not give is drawn from the shares."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from rdac_validator.standard import Column, Standard
from rdac_validator.synth.shares import Draw

Cells = dict[str, str]
Rows = dict[str, list[Cells]]


class Writer:
    """Rows by table, and the hand that fills them."""

    def __init__(self, standard: Standard, draw: Draw) -> None:
        self.draw = draw
        self.rows: Rows = {table.name: [] for table in standard.tables if not table.optional}
        self._columns = {table.name: table.columns for table in standard.tables}

    def add(self, table: str, circumstance: str = "", /, **given: str) -> Cells:
        """Append a row: the cells given, then what is drawn for this table, in this circumstance where that matters.

        Raises ``KeyError`` where a coded cell is neither given nor in the shares.
        """
        cells = {
            c.name: given[c.name] if c.name in given else self._drawn(table, c, circumstance)
            for c in self._columns[table]
        }
        self.rows[table].append(cells)
        return cells

    def _drawn(self, table: str, column: Column, circumstance: str) -> str:
        if column.derived or not column.coded:
            return ""
        return self.draw(f"{table}.{column.name}", circumstance)


def frames(rows: Mapping[str, list[Cells]], standard: Standard) -> dict[str, pl.DataFrame]:
    """Text frames by table, every column of the standard there, blank cells empty."""
    return {
        name: pl.DataFrame(
            {column: [cells[column] for cells in made] for column in standard.table(name).names},
            schema=dict.fromkeys(standard.table(name).names, pl.String),
        )
        for name, made in rows.items()
    }
