"""The tables and the references between them: as Mermaid, and as SVG for the site, which loads no script to draw it.

Keys and references only; the pages of the tables have the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from rdac_validator.generate.model import Model
from rdac_validator.standard import Column, Standard, Table

MERMAID = "schema/generated/entities.mmd"
DRAWING = "docs/standard/entities.svg"
WIDTH, LINE, GAP, STEP = 200, 18, 16, 280


def texts(model: Model) -> Mapping[str, str]:
    """Give the diagram in both forms."""
    return {
        MERMAID: "\n".join(_mermaid(model.standard)) + "\n",
        DRAWING: "\n".join(_drawing(model.standard)) + "\n",
    }


def _mermaid(standard: Standard) -> Iterator[str]:
    yield "%% Generated from schema/rdac.yaml by rdac generate: keys and references only."
    yield "erDiagram"
    for table in standard.tables:
        marked = [f"    string {column.name} {_mark(column, table)}" for column in _shown(table)]
        yield from (f"  {table.name} {{", *marked, "  }") if marked else (f"  {table.name}",)
    for table in standard.tables:
        yield from (_arrow(table, column) for column in table.columns if column.references)


def _shown(table: Table) -> list[Column]:
    return [column for column in table.columns if _mark(column, table)]


def _mark(column: Column, table: Table) -> str:
    marks = ["PK"] * (column.name in table.key) + ["FK"] * bool(column.references)
    return ", ".join(marks)


def _arrow(table: Table, column: Column) -> str:
    own = "o|" if table.key == (column.name,) else "o{"
    theirs = "|o" if column.coded else "}o" if column.multiple else "||"
    return f"  {column.references} {theirs}--{own} {table.name} : {column.name}"


def _drawing(standard: Standard) -> Iterator[str]:
    places = _places(standard)
    width = max(x for x, _ in places.values()) + WIDTH + GAP
    height = max(y + _height(standard.table(name)) for name, (_, y) in places.items()) + GAP
    font = 'font-family="sans-serif" font-size="12"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {font}>'
    yield "<!-- Generated from schema/rdac.yaml by rdac generate. -->"
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    for table in standard.tables:
        yield from _lines(table, places)
    for table in standard.tables:
        yield from _box(table, *places[table.name])
    yield "</svg>"


def _places(standard: Standard) -> dict[str, tuple[int, int]]:
    """Place each table one column to the right of the furthest table that it refers to."""
    depths: dict[str, int] = {}
    bottoms: dict[int, int] = {}
    places: dict[str, tuple[int, int]] = {}
    for table in sorted(standard.tables, key=lambda table: _depth(table, standard)):
        depth = depths[table.name] = _depth(table, standard)
        top = bottoms.get(depth, GAP)
        places[table.name] = (GAP + depth * STEP, top)
        bottoms[depth] = top + _height(table) + GAP
    return places


def _depth(table: Table, standard: Standard) -> int:
    targets = {column.references for column in table.columns if column.references}
    return max((1 + _depth(standard.table(target), standard) for target in targets), default=0)


def _height(table: Table) -> int:
    return LINE * (1 + len(_shown(table))) + LINE // 2


def _box(table: Table, x: int, y: int) -> Iterator[str]:
    yield f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{_height(table)}" rx="4" fill="#f4f5fa" stroke="#3f51b5"/>'
    yield f'<text x="{x + 8}" y="{y + LINE - 3}" font-weight="bold">{escape(table.name)}</text>'
    for place, column in enumerate(_shown(table), 2):
        weight = ' text-decoration="underline"' if column.name in table.key else ""
        yield f'<text x="{x + 8}" y="{y + place * LINE - 3}"{weight}>{escape(column.name)}</text>'


def _lines(table: Table, places: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    x, y = places[table.name]
    for place, column in enumerate(_shown(table), 1):
        if column.references:
            to_x, to_y = places[column.references]
            start, end = (x, y + place * LINE + LINE // 2), (to_x + WIDTH, to_y + LINE // 2)
            bend = (start[0] + end[0]) // 2
            path = f"M{start[0]} {start[1]} C{bend} {start[1]} {bend} {end[1]} {end[0]} {end[1]}"
            yield f'<path d="{path}" fill="none" stroke="#9fa8da"/>'
