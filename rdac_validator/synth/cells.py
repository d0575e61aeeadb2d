"""Recipes for faults of structure: a blank or misspelt cell, a doubled key, a broken reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from string import ascii_uppercase

from rdac_validator.rules.kinds import STRUCTURAL_CELLS
from rdac_validator.rules.structural import BrokenReference, CellKind, DuplicateKey
from rdac_validator.standard import Column, Standard
from rdac_validator.synth.families import Case
from rdac_validator.synth.recipes import Mark, Planting, Recipe
from rdac_validator.synth.rows import Cells
from rdac_validator.synth.shares import Draw
from rdac_validator.tables import DELIMITER

NEVER_LISTED = "not_a_listed_code"
WRONG = {
    "date": "2025-02-30",
    "integer": "5.0",
    "year": "about 2019",
    "year_month": "2025-13",
    "boolean": "perhaps",
}
# Tables to whose keys nothing refers: a row can be doubled, and its key spoilt, without breaking another.
LEAVES = ("family_voice", "service_referral", "risk_assessment", "plan_action", "family_meeting", "kinship_arrangement")
# References of rows that no rule counts.
LOOSE = (
    ("service_referral", "person_id"),
    ("kinship_arrangement", "child_id"),
    ("risk_assessment", "harm_id"),
    ("family_meeting", "episode_id"),
)
# Columns of text in which what must never be there can stand without another finding.
FREE = (("harm_direction", "typology_label"), ("episode", "family_id"))
UNSAFE = {"RDAC910": "A12345678901B", "RDAC911": "ZZ991AA", "RDAC912": "E01999999"}


def _british(cell: str, column: Column) -> str:
    year, month, *day = cell.split("-")
    return "/".join([*day, month, year]) if column.type == "date" else f"{month}/{year}"


def _first(cell: str) -> str:
    return cell.split(DELIMITER, maxsplit=1)[0]


def _exclusive(column: Column, standard: Standard) -> list[str]:
    return [code for name in column.lists for code in standard.lists[name].where("exclusive")]


def _beside(other: str, cell: str, column: Column, standard: Standard) -> str | None:
    """The first choice of a cell and another one; not where the first may stand beside none."""
    return None if _first(cell) in _exclusive(column, standard) else f"{_first(cell)}{DELIMITER}{other}"


def _beside_exclusive(cell: str, column: Column, standard: Standard) -> str | None:
    exclusive = _exclusive(column, standard)
    return _beside(exclusive[0], cell, column, standard) if exclusive else None


# What each kind makes of a right cell; nothing where it cannot spoil that cell.
SPOILT: dict[str, Callable[[str, Column, Standard], str | None]] = {
    "RDAC101": lambda _, __, ___: "",
    "RDAC102": lambda _, __, ___: "",
    "RDAC103": lambda cell, column, _: _british(cell, column),
    "RDAC104": lambda _, column, __: WRONG[column.type],
    "RDAC105": lambda cell, _, __: cell.upper() if cell != cell.upper() else f" {cell}",
    "RDAC106": lambda _, __, ___: NEVER_LISTED,
    "RDAC107": lambda cell, _, __: f"{cell}!",
    "RDAC108": lambda _, column, __: str((column.maximum or 0) + 1),
    "RDAC109": lambda cell, column, standard: _beside(_first(cell), cell, column, standard),
    "RDAC110": lambda cell, column, standard: _beside("not_recorded", cell, column, standard),
    "RDAC115": _beside_exclusive,
}


def _spoilable(cell: str, column: Column, standard: Standard) -> bool:
    return cell != "" and not (column.coded and cell in standard.missing_reasons)


def places(kind: CellKind, standard: Standard) -> tuple[tuple[str, Column], ...]:
    """Columns of a return in which the schema asks for ``kind``, and a fault of it stands alone."""
    return tuple(
        (table.name, column)
        for table in standard.tables
        for column in table.columns
        if not table.optional and table.name != "dataset" and kind.applies_to(column) and alone(table.name, column)
    )


def alone(table: str, column: Column) -> bool:
    """Whether no other row and no rule on a missing row depends on the cell."""
    own_key = column.name.endswith("_id") and not column.coded
    return not column.references and not (own_key and table not in LEAVES) and column.name not in WATCHED


# Cells that a rule reads even when they are blank or of another form: a blank date is a case that is still open.
WATCHED = ("event_date", "closure_date", "start_date", "end_date", "source_codes", "harm_ids", "ethnicity_code")


def _in_cell(kind: CellKind, standard: Standard) -> Recipe:
    where = places(kind, standard)

    def find(case: Case, draw: Draw) -> Planting | None:
        table, column = draw.random.choice(where)
        rows = [row for row in case.of(table) if _spoilable(row[column.name], column, standard)]
        if not rows:
            return None
        row = draw.random.choice(rows)
        spoilt = SPOILT[kind.code](row[column.name], column, standard)
        return None if spoilt is None else partial(_write, kind.code, table, row, column.name, spoilt)

    return Recipe(kind.code, find)


def _write(code: str, table: str, row: Cells, column: str, cell: str) -> list[Mark]:
    row[column] = cell
    return [Mark(code, table, row, (column,))]


def _unsafe(code: str, cell: str) -> Recipe:
    def find(case: Case, draw: Draw) -> Planting | None:
        table, column = draw.random.choice(FREE)
        rows = case.of(table)
        return partial(_write, code, table, draw.random.choice(rows), column, cell) if rows else None

    return Recipe(code, find)


def _key_from_person(standard: Standard) -> Recipe:
    def find(case: Case, draw: Draw) -> Planting | None:
        table = draw.random.choice(LEAVES)
        column = standard.table(table).key[0]
        rows = case.of(table)
        born = f"{draw.between(1, 28):02d}{draw.between(1, 12):02d}{draw.between(2010, 2024)}"
        initials = "".join(draw.random.choices(ascii_uppercase, k=3))
        return partial(_write, "RDAC902", table, draw.random.choice(rows), column, born + initials) if rows else None

    return Recipe("RDAC902", find)


def _doubled(standard: Standard) -> Recipe:
    def find(case: Case, draw: Draw) -> Planting | None:
        table = draw.random.choice(LEAVES)
        rows = case.of(table)
        return partial(_double, case, table, draw.random.choice(rows), standard.table(table).key) if rows else None

    return Recipe(DuplicateKey.code, find)


def _double(case: Case, table: str, row: Cells, key: tuple[str, ...]) -> list[Mark]:
    twin = case.add(table, dict(row))
    return [Mark(DuplicateKey.code, table, one, key) for one in (row, twin)]


def _broken() -> Recipe:
    def find(case: Case, draw: Draw) -> Planting | None:
        table, column = draw.random.choice(LOOSE)
        rows = case.of(table)
        if not rows:
            return None
        return partial(_write, BrokenReference.code, table, draw.random.choice(rows), column, draw.key("p"))

    return Recipe(BrokenReference.code, find)


def recipes(standard: Standard) -> Iterator[Recipe]:
    """A recipe for every kind of fault in a cell, for doubled keys and for broken references."""
    for kind in STRUCTURAL_CELLS:
        yield _in_cell(kind, standard)
    yield _key_from_person(standard)
    for code, cell in UNSAFE.items():
        yield _unsafe(code, cell)
    yield _doubled(standard)
    yield _broken()
