"""The second engine: frictionless, run on the data package that the standard generates.

Types, constraints, primary and foreign keys of the Table Schemas do the work, as they would for anybody who opens a
return with frictionless; what a Table Schema cannot say of structure is registered beside it
(:mod:`rdac_validator.structure.data_package`). Each error becomes a fault of the kinds that answer to it. It is some
hundred times slower than the default, and there to cross-check it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import polars as pl
from frictionless import errors

from rdac_validator.rules.kinds import kinds_of
from rdac_validator.rules.structural import BrokenReference, DuplicateKey, Kind
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.structure.data_package import OurError, TablePackage
from rdac_validator.structure.engine import EngineError, Fault, Kinds
from rdac_validator.tables import ROW, Return, Text

FIRST = 2  # the number of the first row: frictionless counts the header


class Frictionless:
    """The engine at work on a return: each table is checked when its last row has been seen."""

    name = "frictionless"

    def __init__(self, given: Return, standard: Standard, kinds: Sequence[type[Kind]]) -> None:
        self.given, self.standard, self.asked = given, standard, bool(kinds)
        self.keys: dict[tuple[str, str], list[int]] = {}

    def begin(self, text: Text, table: Table, kinds: Kinds) -> None:
        """Keep what is to be checked."""
        self.text, self.table, self.kinds = text, table, kinds

    def look(self, _batch: pl.DataFrame) -> Iterator[Fault]:
        """Nothing is known before the table has ended."""
        return iter(())

    def end(self) -> Iterator[Fault]:
        """Check the table; its doubled keys and broken references are kept until they are asked for."""
        if not self.asked:
            return
        package = TablePackage(self.text, self.table, self.given, self.standard)
        translation = _Translation(self.table, package.names, self.standard)
        for error in package.found(self.kinds):
            translation.add(error)
        numbers = self.text.frame.select(ROW).collect()[ROW].to_list()
        self.keys[self.text.name, ""] = self.same([numbers[place] for place in translation.alike])
        for (code, name), places in sorted(translation.found.items()):
            rows = [numbers[place] for place in sorted(places)]
            if code == BrokenReference.code:
                self.keys[self.text.name, name] = rows
            elif any(kind.code == code for kind in self.kinds(self.table.column(name))):
                yield Fault(code, name, rows)

    def same(self, rows: Sequence[int]) -> list[int]:
        """Those rows, of some with keys of the same value, whose keys have the same text."""
        if not rows:
            return []
        keys = self.text.frame.filter(pl.col(ROW).is_in(rows)).select(ROW, *self.table.key).collect()
        return sorted(DuplicateKey.doubled({row: key for row, *key in keys.iter_rows()}))

    def doubled(self, text: Text) -> Iterator[Fault]:
        """Every row of a table whose key stands in another row as well."""
        yield Fault(DuplicateKey.code, "", self.keys.get((text.name, ""), ()))

    def broken(self, text: Text, column: Column) -> Iterator[Fault]:
        """Every row with a reference to a key that no row of the other table has."""
        yield Fault(BrokenReference.code, column.name, self.keys.get((text.name, column.name), ()))


class _Translation:
    """The errors of frictionless on one table as codes of ours, each with its column and the places of its rows.

    Places count from 0. ``alike`` are those of rows whose key has the value of another's.
    """

    def __init__(self, table: Table, names: Sequence[str], standard: Standard) -> None:
        self.table, self.names, self.standard = table, list(names), standard
        self.found: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.alike: set[int] = set()

    def add(self, error: errors.RowError) -> None:
        """Note an error; raises :class:`EngineError` where one of a cell is no kind's."""
        place = error.row_number - FIRST
        if isinstance(error, OurError):
            self.found[error.note, error.field_name].add(place)
        elif isinstance(error, errors.PrimaryKeyError):
            other = re.search("position ([0-9]+)", error.note)  # none where the whole key is blank
            self.alike |= {place, int(other[1]) - FIRST} if other else set()
        else:
            for code, name in self.answers(error):
                self.found[code, name].add(place)

    def answers(self, error: errors.RowError) -> Iterator[tuple[str, str]]:
        """The codes of the kinds that answer to an error, each with its column."""
        name = error.note.split('"')[1] if isinstance(error, errors.ConstraintError) else error.type
        for column in map(self.table.column, self.named(error)):
            cell = error.cells[self.names.index(column.name)]
            codes = [kind.code for kind in kinds_of(column) if kind.answers(name, cell, column, self.standard)]
            if column.references and BrokenReference.answers(name, cell, column, self.standard):
                codes.append(BrokenReference.code)
            if not codes and isinstance(error, errors.CellError):
                raise EngineError(f"no kind answers to {name} in {column.name} from frictionless")
            yield from ((code, column.name) for code in codes)

    def named(self, error: errors.RowError) -> Sequence[str]:
        """The columns that an error is about; all of them where the row is blank."""
        if isinstance(error, errors.CellError):
            return [error.field_name]
        return error.field_names if isinstance(error, errors.ForeignKeyError) else self.names
