"""What the variables and categories of tables are called in words: the standard's own titles."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from rdac_validator.metrics import UNITS
from rdac_validator.metrics.cases import TABLE_OF
from rdac_validator.standard import Column, Standard

# codes that people know by themselves stand before their title
KNOWN_CODES = {"CinFactor"}


class Labels:
    """Titles, looked up in the standard; what has none there is written as it is."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard

    def variable(self, unit: str, name: str) -> str:
        """The title of a column, or the name of a variable that was worked out."""
        column = next(self._columns(unit, name), None)
        return column.title if column else name

    def category(self, unit: str, variable: str, code: str) -> str:
        """The title of a code, with the code before it where people know it; else the category itself."""
        lists = [name for column in self._columns(unit, variable) for name in column.lists]
        for name in (*lists, "MissingReason"):
            for value in self.standard.lists[name].values:
                if value.code == code:
                    return f"{code}: {value.title}" if name in KNOWN_CODES else value.title
        return code.replace("_", " ")

    def field(self, name: str) -> str:
        """The title of a field, ``table.column``, with the units that it is of; blank where there is no such field."""
        return self._fields.get(name, "")

    def named(self, name: str) -> str:
        """What a name of the standard is called in a sentence: that of a field, a column, a table or a code."""
        return self._names.get(name, "")

    @cached_property
    def _fields(self) -> dict[str, str]:
        return {
            f"{table.name}.{column.name}": f"{column.title} ({self._units(table.name)})"
            for table in self.standard.tables
            for column in table.columns
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        codes = {value.code: value.title for found in self.standard.lists.values() for value in found.values}
        columns = {column.name: f"“{column.title}”" for table in self.standard.tables for column in table.columns}
        tables = {table.name: self._units(table.name) for table in self.standard.tables}
        fields = {name: f"“{title.replace(' (', '” (', 1)}" for name, title in self._fields.items()}
        return {**codes, **columns, **tables, **fields}

    @staticmethod
    def _units(table: str) -> str:
        """What the rows of a table are called."""
        return next((UNITS[unit] for unit, name in TABLE_OF.items() if name == table), table.replace("_", " "))

    def _columns(self, unit: str, name: str) -> Iterator[Column]:
        """Columns of that name, the one of the unit's own table first."""
        own = TABLE_OF.get(unit)
        for table in sorted(self.standard.tables, key=lambda table: table.name != own):
            yield from (column for column in table.columns if column.name == name)
