"""The engine of JSON and YAML documents: their cells, as they were typed, against the generated JSON Schema.

Text cannot tell 5 from "5" or null from a blank; here the value itself is judged. What JSON Schema cannot say of a cell
(that the profile asks for a value, that a choice excludes others, that it must not be in a return), of keys and of
references, another engine finds in the text, as it does for CSV.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from rdac_validator.rules.cells import Blank, BlankCode, WrongType
from rdac_validator.rules.kinds import kinds_of
from rdac_validator.standard import Column, Standard, Table, schema_folder
from rdac_validator.structure.engine import Engine, Fault, Kinds
from rdac_validator.tables import ROW, Text

SCHEMA = "rdac.schema.json"


def _pattern(_validator: Any, pattern: str, value: object, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    # in Python a `$` also matches before a line feed at the end; in the ECMAScript of JSON Schema it does not
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError("another form is asked for")


def _whole(_checker: object, value: object) -> bool:
    return type(value) is int  # JSON Schema itself takes 5.0 for an integer


_TYPES = Draft202012Validator.TYPE_CHECKER.redefine("integer", _whole)
Validator = extend(Draft202012Validator, {"pattern": _pattern}, type_checker=_TYPES)  # type: ignore[no-untyped-call]


def keywords(errors: Iterable[ValidationError]) -> frozenset[str]:
    """The keywords that say what is wrong with one value, out of the errors of all its alternatives.

    Where a value is of the wrong type, whatever else is said of it says nothing: a 5 is no bad date. Of alternatives
    only those count whose type the value has; if none is left, it is of the wrong type.
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
    left = [found for found in branches.values() if not any(e.validator == "type" and not e.path for e in found)]
    return frozenset[str]().union(*map(keywords, left)) if left else frozenset({"type"})


class JsonSchema:
    """The engine at work on a return that holds documents; ``other`` finds what JSON Schema cannot say."""

    def __init__(self, other: Engine, standard: Standard) -> None:
        self.other, self.standard, self.name = other, standard, "jsonschema"
        path = schema_folder() / "generated" / SCHEMA
        self.definitions = json.loads(path.read_text(encoding="utf-8"))["$defs"]

    def begin(self, text: Text, table: Table, kinds: Kinds) -> None:
        """Part the kinds: those that the schema can say, and the rest."""
        self.text, self.kinds = text, kinds
        self.columns = [column for column in table.columns if column.name in text.headers and kinds(column)]
        self.validators = {column.name: self.validator(table, column) for column in self.columns}
        self.other.begin(text, table, lambda column: tuple(kind for kind in kinds(column) if not kind.keywords))

    def validator(self, table: Table, column: Column) -> Any:  # noqa: ANN401 jsonschema makes the class
        """What judges the values of one column."""
        return Validator({"$ref": f"#/$defs/{table.cls}/properties/{column.name}", "$defs": self.definitions})

    def look(self, batch: pl.DataFrame) -> Iterator[Fault]:
        """The faults of the batch's cells."""
        yield from self.other.look(batch)
        for column in self.columns:
            yield from self.faults(column, batch)

    def faults(self, column: Column, batch: pl.DataFrame) -> Iterator[Fault]:
        """The faults of one column; each distinct value is judged once."""
        rows: dict[str, list[int]] = defaultdict(list)
        cells: dict[str, tuple[object, str]] = {}
        for row, text in batch.select(ROW, column.name).iter_rows():
            record = (self.text.records or {})[row]
            if column.name in record:
                same = repr(record[column.name])
                rows[same].append(row)
                cells.setdefault(same, (record[column.name], text or ""))
        found: dict[str, list[int]] = defaultdict(list)
        for same, (value, text) in cells.items():
            for code in self.codes(column, value, text):
                found[code] += rows[same]
        for code, at in sorted(found.items()):
            yield Fault(code, column.name, sorted(at))

    def codes(self, column: Column, value: object, text: str) -> Iterator[str]:
        """The kinds that one value is at fault by, of those looked for."""
        said = keywords(self.validators[column.name].iter_errors(value))
        looked_for = self.kinds(column)
        if not said or (not text and any(isinstance(kind, Blank | BlankCode) for kind in looked_for)):
            return
        possible = [kind for kind in kinds_of(column) if kind.keywords & said]
        every = [kind for kind in possible if kind.objects(text, column, self.standard)] or [WrongType()]
        yield from {kind.code for kind in every} & {kind.code for kind in looked_for}

    def end(self) -> Iterable[Fault]:
        """What the other engine tells at a table's end."""
        return self.other.end()

    def doubled(self, text: Text) -> Iterable[Fault]:
        """Every row whose key stands in another row as well."""
        return self.other.doubled(text)

    def broken(self, text: Text, column: Column) -> Iterable[Fault]:
        """Every row with a reference that names no row of the other table."""
        return self.other.broken(text, column)
