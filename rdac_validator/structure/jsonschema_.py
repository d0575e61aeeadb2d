"""The engine of JSON and YAML documents: their cells, as they were typed, against the generated JSON Schema.

Text cannot tell 5 from "5" or null from a blank; here the value itself is judged. What JSON Schema cannot say of a cell
(that the profile asks for a value, that a choice excludes others, that it must not be in a return), of keys and of
references, another engine finds in the text, as it does for CSV.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from rdac_validator.rules.cells import Blank, BlankCode, WrongType
from rdac_validator.rules.kinds import kinds_of
from rdac_validator.rules.structural import CellKind
from rdac_validator.standard import Column, Standard, Table, schema_folder
from rdac_validator.structure.engine import Engine, Fault, Kinds
from rdac_validator.tables import ROW, Cell, Text

SCHEMA = "rdac.schema.json"


def _pattern(_validator: Any, pattern: str, value: object, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    # in Python a `$` also matches before a line feed at the end; in the ECMAScript of JSON Schema it does not
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError("another form is asked for")


def _code(_validator: Any, codes: list[Any], value: object, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    # the generated schema writes a code list as alternatives with their titles: one look-up instead of one error a code
    if value not in [code["const"] for code in codes]:
        yield ValidationError("a code of the list is asked for")


def _whole(_checker: object, value: object) -> bool:
    return type(value) is int  # JSON Schema itself takes 5.0 for an integer


_TYPES = Draft202012Validator.TYPE_CHECKER.redefine("integer", _whole)
Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern, "oneOf": _code}, type_checker=_TYPES
)


def keywords(errors: Iterable[ValidationError]) -> frozenset[str]:
    """The keywords that say what is wrong with one value, out of the errors of all its alternatives.

    Where an alternative asks for another type, whatever else it says of the value says nothing: a 5 is no bad date.
    """
    found = list(errors)
    mistyped = {tuple(error.absolute_path) for error in found if error.validator == "type"}
    said: set[str] = set()
    for error in found:
        if tuple(error.absolute_path) in mistyped:
            said.add("type")
        elif error.context:
            said |= _of_alternatives(error)
        else:
            said.add(str(error.validator))
    return frozenset(said)


def _of_alternatives(error: ValidationError) -> frozenset[str]:
    branches: dict[object, list[ValidationError]] = defaultdict(list)
    for inner in error.context or ():
        branches[inner.schema_path[0]].append(inner)
    return frozenset[str]().union(*map(keywords, branches.values()))


class _Judge:
    """Judges the values of one column, each distinct one once a batch, by the kinds looked for in it."""

    def __init__(
        self, column: Column, looked_for: Sequence[CellKind], schema: Mapping[str, Any], standard: Standard
    ) -> None:
        self.column, self.standard, self.validator = column, standard, Validator(schema)
        self.kinds = kinds_of(column)
        self.wanted = {kind.code for kind in looked_for}
        self.blank_told = any(isinstance(kind, Blank | BlankCode) for kind in looked_for)

    def faults(self, batch: pl.DataFrame, records: Mapping[int, Mapping[str, Cell]]) -> Iterator[Fault]:
        """The faults of the column's values in a batch."""
        rows: dict[str, list[int]] = defaultdict(list)
        cells: dict[str, tuple[Cell, str]] = {}
        for row, text in batch.select(ROW, self.column.name).iter_rows():
            if self.column.name in records[row]:
                value = records[row][self.column.name]
                rows[repr(value)].append(row)
                cells.setdefault(repr(value), (value, text or ""))
        found: dict[str, list[int]] = defaultdict(list)
        for same, (value, text) in cells.items():
            for code in self.codes(value, text):
                found[code] += rows[same]
        for code, at in sorted(found.items()):
            yield Fault(code, self.column.name, sorted(at))

    def codes(self, value: Cell, text: str) -> set[str]:
        """The codes of the kinds that one value is at fault by. A blank that another engine tells is left to it.

        The schema says that a value is at fault and by which keywords; of the kinds that answer to those it is the ones
        that object to its text. If none does, the text would be right and the value is not: it is of the wrong type.
        """
        said = keywords(self.validator.iter_errors(value))
        if not said or (not text and self.blank_told):
            return set()
        possible = [kind for kind in self.kinds if kind.keywords & said]
        every = [kind for kind in possible if kind.objects(text, self.column, self.standard)] or [WrongType()]
        return {kind.code for kind in every} & self.wanted


class JsonSchema:
    """The engine at work on a return that holds documents; ``other`` finds what JSON Schema cannot say."""

    def __init__(self, other: Engine, standard: Standard) -> None:
        self.other, self.standard, self.name = other, standard, "jsonschema"
        path = schema_folder() / "generated" / SCHEMA
        self.definitions = json.loads(path.read_text(encoding="utf-8"))["$defs"]

    def begin(self, text: Text, table: Table, kinds: Kinds) -> None:
        """Part the kinds: those that the schema can say, and the rest."""
        self.text = text
        known = [column for column in table.columns if column.name in text.headers and kinds(column)]
        self.judges = [_Judge(column, kinds(column), self.schema(table, column), self.standard) for column in known]
        self.other.begin(text, table, lambda column: tuple(kind for kind in kinds(column) if not kind.keywords))

    def schema(self, table: Table, column: Column) -> dict[str, Any]:
        """The JSON Schema of the values of one column."""
        return {**self.definitions[table.cls]["properties"][column.name], "$defs": self.definitions}

    def look(self, batch: pl.DataFrame) -> Iterator[Fault]:
        """The faults of the batch's cells."""
        yield from self.other.look(batch)
        if self.text.records is not None:
            for judge in self.judges:
                yield from judge.faults(batch, self.text.records)

    def end(self) -> Iterable[Fault]:
        """What the other engine tells at a table's end."""
        return self.other.end()

    def doubled(self, text: Text) -> Iterable[Fault]:
        """Every row whose key stands in another row as well."""
        return self.other.doubled(text)

    def broken(self, text: Text, column: Column) -> Iterable[Fault]:
        """Every row with a reference that names no row of the other table."""
        return self.other.broken(text, column)
