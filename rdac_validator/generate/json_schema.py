"""The standard as JSON Schema (draft 2020-12), for a return that travels as one JSON document.

Ours and not LinkML's: LinkML's own makes every optional property nullable, and a null then satisfies a rule that asks
for a value. Here a blank is a property that is absent, and null is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdac_validator.generate.model import Model, json_text
from rdac_validator.standard import MISSING, CodeList, Column, Standard, Table
from rdac_validator.tables import DELIMITER, SHAPES

PATH = "schema/generated/rdac.schema.json"
REASON = {"$ref": f"#/$defs/{MISSING}"}
TYPES: Mapping[str, Mapping[str, Any]] = {
    "date": {"type": "string", "format": "date", "pattern": SHAPES["date"]},
    "year_month": {"type": "string", "pattern": SHAPES["year_month"]},
    "integer": {"type": "integer"},
    "year": {"type": "integer"},
    "boolean": {"type": "boolean"},
}


def texts(model: Model) -> Mapping[str, str]:
    """Give the one JSON Schema of a return."""
    return {PATH: json_text(_schema(model))}


def _schema(model: Model) -> dict[str, Any]:
    standard = model.standard
    used = {name for table in standard.tables for column in table.columns for name in column.lists}
    lists = [standard.lists[name] for name in standard.lists if name in used | {MISSING}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{model.document['id']}/rdac.schema.json",
        "title": model.document["title"],
        "description": "A return as one JSON document: a list of rows a table. A blank is a property that is absent. "
        "Only keys are required here: which other columns a return must have follows from its profile.",
        "type": "object",
        "properties": {table.name: {"type": "array", "items": _ref(table.cls)} for table in standard.tables},
        "additionalProperties": False,
        "$defs": {
            **{table.cls: _row(table, standard) for table in standard.tables},
            **{item.name: _list(item) for item in lists},
        },
    }


def _row(table: Table, standard: Standard) -> dict[str, Any]:
    return {
        "title": table.name,
        "description": table.description,
        "type": "object",
        "properties": {column.name: _property(column, standard) for column in table.columns},
        "required": list(table.key),
        "additionalProperties": False,
    }


def _property(column: Column, standard: Standard) -> dict[str, Any]:
    return {"title": column.title, "description": column.description, **_cell(column, standard)}


def _cell(column: Column, standard: Standard) -> dict[str, Any]:
    one = _value(column, standard)
    if not column.multiple:
        return _any_of([one, REASON]) if column.coded else one
    several = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
    reason = {"type": "array", "items": REASON, "minItems": 1, "maxItems": 1}
    return _any_of([several, reason]) if column.coded else several


def _value(column: Column, standard: Standard) -> dict[str, Any]:
    if column.lists:
        refs = [_ref(name) for name in column.lists if name in standard.lists]
        return refs[0] if len(refs) == 1 else _any_of(refs)
    if column.type in TYPES:
        bounds = {"minimum": column.minimum, "maximum": column.maximum}
        return {**TYPES[column.type], **{name: bound for name, bound in bounds.items() if bound is not None}}
    # where a list of texts becomes one cell, the sign that joins them can stand in none of them
    pattern = column.pattern or (f"^[^{DELIMITER}]+$" if column.multiple else "")
    return {"type": "string", "minLength": 1} | ({"pattern": pattern} if pattern else {})


def _list(item: CodeList) -> dict[str, Any]:
    values = [{"const": value.code, "title": value.title, "description": value.description} for value in item.values]
    return {"description": item.description, "type": "string", "oneOf": values}


def _any_of(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    return {"anyOf": schemas}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}
