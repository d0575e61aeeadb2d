"""The standard as frozen Python objects, read from the compiled ``standard.json``. No LinkML at run time.

Source of everything here: ``schema/rdac.yaml`` with ``schema/cin.yaml`` and ``schema/scotland.yaml``, compiled by
``rdac generate``. :func:`load` gives the standard that ships with the package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROFILES = ("t0", "starter", "core", "extended")
TIERS = ("T0", "starter", "T1", "T2")
MISSING = "MissingReason"


def schema_folder() -> Path:
    """Where the schema files are: inside an installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "schema"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "schema"


@dataclass(frozen=True, slots=True)
class Value:
    """A permissible value of a code list. ``notes`` holds its annotations (``first_year``, ``exclusive``, …)."""

    code: str
    title: str
    description: str
    mappings: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CodeList:
    """A named list of permissible values (a LinkML enum)."""

    name: str
    description: str
    values: tuple[Value, ...]
    notes: Mapping[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in the order of the schema."""
        return tuple(value.code for value in self.values)

    def where(self, note: str, text: str = "true") -> tuple[str, ...]:
        """Codes whose annotation ``note`` reads ``text``."""
        return tuple(value.code for value in self.values if value.notes.get(note) == text)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``type`` is one of string, date, integer, year, year_month, boolean, code. ``lists`` names the code lists whose
    codes a cell may hold (without the missing reasons). ``coded`` says that a missing reason may stand in the cell
    and that a blank may not. ``required`` says that the cell must hold a value. ``references`` names the table whose
    key the cell holds. ``minimum`` and ``maximum`` are inclusive.
    """

    name: str
    title: str
    description: str
    type: str
    lists: tuple[str, ...]
    multiple: bool
    coded: bool
    required: bool
    references: str
    pattern: str
    minimum: int | None
    maximum: int | None
    tier: str
    derived: bool
    privacy: str
    evidence: tuple[str, ...]
    decision: str
    from_cin: str
    from_scotland: str
    notes: Mapping[str, str]

    def in_profile(self, profile: str) -> bool:
        """Whether a return at ``profile`` must have this column. No profile asks for a column of the census."""
        return bool(self.tier) and not self.derived and TIERS.index(self.tier) <= PROFILES.index(profile)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a return: a class of the standard, a file in a folder."""

    name: str
    cls: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    optional: bool
    notes: Mapping[str, str]

    def column(self, name: str) -> Column:
        """The column called ``name``; raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the schema."""
        return tuple(column.name for column in self.columns)

    def in_profile(self, profile: str) -> bool:
        """Whether a return at ``profile`` must have this table: it holds a column that the profile asks for."""
        return not self.optional and any(column.in_profile(profile) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Standard:
    """A version of the standard: its tables, its code lists and the flat tables of the CIN census XML."""

    version: str
    tables: tuple[Table, ...]
    source_tables: tuple[Table, ...]
    lists: Mapping[str, CodeList]

    def table(self, name: str) -> Table:
        """The table called ``name``, of a return or of the CIN census; raises ``KeyError``."""
        for table in (*self.tables, *self.source_tables):
            if table.name == name:
                return table
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tables of a return."""
        return tuple(table.name for table in self.tables)

    @property
    def missing_reasons(self) -> tuple[str, ...]:
        """The eight codes that may stand where a value is missing."""
        return self.lists[MISSING].codes

    def codes(self, column: Column) -> tuple[str, ...]:
        """Every code that a cell of ``column`` may hold, missing reasons left out, each once."""
        return tuple(dict.fromkeys(code for name in column.lists for code in self.lists[name].codes))


def from_json(document: Mapping[str, Any]) -> Standard:
    """Build the standard from the parsed ``standard.json``; raises ``KeyError`` on a file of another shape."""
    lists = {
        name: CodeList(name, item["description"], tuple(_value(value) for value in item["values"]), item["notes"])
        for name, item in document["lists"].items()
    }
    return Standard(
        version=document["version"],
        tables=tuple(_table(item) for item in document["tables"]),
        source_tables=tuple(_table(item) for item in document["source_tables"]),
        lists=lists,
    )


def _value(item: Mapping[str, Any]) -> Value:
    mappings = {kind: tuple(targets) for kind, targets in item["mappings"].items()}
    return Value(item["code"], item["title"], item["description"], mappings, item["notes"])


def _table(item: Mapping[str, Any]) -> Table:
    columns = tuple(
        Column(**{**column, "lists": tuple(column["lists"]), "evidence": tuple(column["evidence"])})
        for column in item["columns"]
    )
    return Table(**{**item, "key": tuple(item["key"]), "columns": columns})


@cache
def load() -> Standard:
    """The standard that ships with this package."""
    path = schema_folder() / "generated" / "standard.json"
    return from_json(json.loads(path.read_text(encoding="utf-8")))
