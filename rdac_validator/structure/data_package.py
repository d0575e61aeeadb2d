"""A table of a return as frictionless sees it: the generated Table Schema, our rows, and checks of ours beside it.

frictionless opens no file and no address: it is given the cells that our reader read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import attrs
import frictionless
from frictionless import errors
from frictionless.resources import TableResource

from rdac_validator.rules.structural import BrokenReference
from rdac_validator.standard import Column, Standard, Table, schema_folder
from rdac_validator.structure.engine import EngineError, Kinds
from rdac_validator.tables import Return, Text


@cache
def _schemas() -> Mapping[str, Any]:
    """The Table Schemas of the generated data package, by table."""
    path = schema_folder() / "generated" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    return {resource["name"]: resource["schema"] for resource in package["resources"]}


class _Rows:
    """Some columns of a table as rows, header first; each reading starts anew, so that nothing is held."""

    def __init__(self, text: Text, names: Sequence[str]) -> None:
        self.text, self.names = text, names

    def __iter__(self) -> Iterator[Sequence[str | None]]:
        yield self.names
        for batch in self.text.batches():
            yield from batch.select(self.names).iter_rows()


@dataclass(frozen=True, slots=True)
class Question:
    """What a check of ours asks of a field: whether one kind objects to the cell.

    Where ``always`` is not said the Table Schema asks it, save of a cell that ends in a line feed: to Python the ``$``
    of a pattern stands before it as well.
    """

    place: int
    field: str
    code: str
    objects: Callable[[str], bool]
    always: bool

    def fails(self, cell: str) -> bool:
        """Whether the cell is asked about, and at fault."""
        return (self.always or cell.endswith("\n")) and self.objects(cell)


class OurError(errors.CellError):
    """What a check of ours found; the note is our code."""

    type = "rdac"
    template = "{note}"


@attrs.define(kw_only=True, repr=False)
class _OurCheck(frictionless.Check):
    """What a Table Schema cannot say, asked of each row."""

    type = "rdac"
    Errors = [OurError]
    questions: Sequence[Question]

    def validate_row(self, row: frictionless.Row) -> Iterator[errors.CellError]:
        """An error for each cell that a kind objects to."""
        for question in self.questions:
            if question.fails(row.cells[question.place] or ""):
                yield OurError.from_row(row, note=question.code, field_name=question.field)


class TablePackage:
    """One table of a return with the keys that it refers to. ``names`` are its columns, unknown ones last."""

    def __init__(self, text: Text, table: Table, given: Return, standard: Standard) -> None:
        self.text, self.table, self.given, self.standard = text, table, given, standard
        self.names = (*text.headers, *text.unknown)

    def found(self, kinds: Kinds) -> Iterator[errors.RowError]:
        """What frictionless finds, in the order of the rows; raises :class:`EngineError` where it cannot work."""
        followed = [key["reference"] for key in self.foreign_keys()]
        others = {to["resource"]: self.resource(self.given.texts[to["resource"]], to["fields"]) for to in followed}
        questions = [*self.questions(kinds), *self.references()]
        try:
            own = self.resource(self.text, self.names, foreignKeys=self.foreign_keys(), primaryKey=self.primary_key())
            package = frictionless.Package(name="return", resources=[own, *others.values()])
            checklist = frictionless.Checklist(checks=[_OurCheck(questions=questions)])
            report = package.get_resource(self.text.name).validate(checklist, limit_errors=0)
        except frictionless.FrictionlessException as refusal:  # its message may hold a cell
            raise EngineError(f"{refusal.error.type} in frictionless") from None
        for error in report.tasks[0].errors:
            if not isinstance(error, errors.RowError):
                raise EngineError(f"{error.type} in frictionless")
            yield error

    def resource(self, text: Text, names: Sequence[str], **keys: Sequence[Any]) -> TableResource:
        """Some columns of a table with their part of its Table Schema; columns that it does not know are text."""
        schema = _schemas()[text.name]
        known = {field["name"]: field for field in schema["fields"]}
        fields = [known.get(name, {"name": name, "type": "string"}) for name in names]
        described = {"fields": fields, "missingValues": schema["missingValues"], **keys}
        return TableResource(
            name=text.name,
            data=_Rows(text, names),
            format="inline",
            schema=frictionless.Schema.from_descriptor(described),
        )

    def primary_key(self) -> Sequence[str]:
        """The columns of the key, if the table has them all."""
        key: list[str] = _schemas()[self.text.name].get("primaryKey", [])
        return key if {*key} <= {*self.names} else []

    def foreign_keys(self) -> list[dict[str, Any]]:
        """Those foreign keys of which the return holds both ends."""
        keys = _schemas()[self.text.name].get("foreignKeys", [])
        return [key for key in keys if {*key["fields"]} <= {*self.names} and self.has(**key["reference"])]

    def has(self, resource: str, fields: Sequence[str]) -> bool:
        """Whether the return has a table with these columns."""
        other = self.given.texts.get(resource)
        return other is not None and {*fields} <= {*other.headers}

    def questions(self, kinds: Kinds) -> Iterator[Question]:
        """What has to be asked of each cell beside the Table Schema."""
        for place, column in enumerate(map(self.table.column, self.names)):
            for kind in kinds(column):
                objects = partial(kind.objects, column=column, standard=self.standard)
                yield Question(place, column.name, kind.code, objects, kind.registered(column))

    def references(self) -> Iterator[Question]:
        """The references that a foreign key cannot say: beside missing reasons, or several in a cell."""
        for place, column in enumerate(map(self.table.column, self.names)):
            if not column.references or not BrokenReference.registered(column):
                continue
            (key,) = self.standard.table(column.references).key
            if self.has(column.references, [key]):
                keys = {*self.given.texts[column.references].frame.select(key).collect()[key]}
                yield Question(
                    place, column.name, BrokenReference.code, partial(self.leads_nowhere, column, keys), True
                )

    def leads_nowhere(self, column: Column, keys: set[str], cell: str) -> bool:
        """Whether a cell names a key that is not among those of the other table."""
        return not keys.issuperset(BrokenReference.named(cell, column, self.standard))
