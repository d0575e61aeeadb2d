"""The tables and the references between them, as a Mermaid entity diagram. Keys and references only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rdac_validator.generate.model import Model
from rdac_validator.standard import Column, Standard, Table

PATH = "schema/generated/entities.mmd"


def texts(model: Model) -> Mapping[str, str]:
    """Give the one diagram."""
    return {PATH: "\n".join(_lines(model.standard)) + "\n"}


def _lines(standard: Standard) -> Iterator[str]:
    yield "%% Generated from schema/rdac.yaml by rdac generate: keys and references only."
    yield "erDiagram"
    for table in standard.tables:
        marked = [
            f"    string {column.name} {_mark(column, table)}" for column in table.columns if _mark(column, table)
        ]
        yield from (f"  {table.name} {{", *marked, "  }") if marked else (f"  {table.name}",)
    for table in standard.tables:
        yield from (_arrow(table, column) for column in table.columns if column.references)


def _mark(column: Column, table: Table) -> str:
    marks = ["PK"] * (column.name in table.key) + ["FK"] * bool(column.references)
    return ", ".join(marks)


def _arrow(table: Table, column: Column) -> str:
    own = "o|" if table.key == (column.name,) else "o{"
    theirs = "|o" if column.coded else "}o" if column.multiple else "||"
    return f"  {column.references} {theirs}--{own} {table.name} : {column.name}"
