"""What the variables and categories of tables are called in words: the standard's own titles."""

from __future__ import annotations

from collections.abc import Iterator

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

    def _columns(self, unit: str, name: str) -> Iterator[Column]:
        """Columns of that name, the one of the unit's own table first."""
        own = TABLE_OF.get(unit)
        for table in sorted(self.standard.tables, key=lambda table: table.name != own):
            yield from (column for column in table.columns if column.name == name)
