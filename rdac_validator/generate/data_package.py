"""The standard as a Data Package: a Table Schema for every table, so that frictionless opens the folder of a return."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rdac_validator.generate.model import Model, json_text
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import DELIMITER, SHAPES

PATH = "schema/generated/datapackage.json"
TYPES = {"date": "date", "integer": "integer", "year": "integer", "boolean": "boolean", "string": "string"}
AS_TEXT = "A missing reason may stand in the cell, so the value is checked as text."


def texts(model: Model) -> Mapping[str, str]:
    """Give the one descriptor of a return as a folder of CSV files."""
    package = {
        "name": "rdac-dva-return",
        "title": model.document["title"],
        "description": model.document["description"],
        "version": model.document["version"],
        "profile": "tabular-data-package",
        "licenses": [{"name": "CC-BY-4.0", "path": model.document["license"]}],
        "resources": [_resource(table, model.standard) for table in model.standard.tables],
    }
    return {PATH: json_text(package)}


def _resource(table: Table, standard: Standard) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column, standard) for column in table.columns],
            "missingValues": [""],
            **({"primaryKey": list(table.key)} if table.key else {}),
            **_foreign_keys(table, standard),
        },
    }


def _foreign_keys(table: Table, standard: Standard) -> dict[str, Any]:
    """List the references that a Table Schema can state: not those of cells with a missing reason or several keys."""
    keys = [
        {"fields": [column.name], "reference": {"resource": column.references, "fields": list(target.key)}}
        for column in table.columns
        if column.references and not column.coded and not column.multiple
        for target in [standard.table(column.references)]
    ]
    return {"foreignKeys": keys} if keys else {}


def _field(column: Column, standard: Standard) -> dict[str, Any]:
    kind, constraints = _cell(column, standard)
    as_text = column.coded and column.type not in ("code", "string") and not column.multiple
    required = {"required": True} if column.required else {}
    booleans = {"trueValues": ["true"], "falseValues": ["false"]} if kind == "boolean" else {}
    return {
        "name": column.name,
        "title": column.title,
        "type": kind,
        "description": f"{column.description} {AS_TEXT}" if as_text else column.description,
        **booleans,
        **({"constraints": {**required, **constraints}} if required or constraints else {}),
        **_own(column),
    }


def _cell(column: Column, standard: Standard) -> tuple[str, dict[str, Any]]:
    """Say the field's type and its constraints besides ``required``."""
    reasons = standard.missing_reasons if column.coded else ()
    codes = standard.codes(column)
    if column.multiple:
        one = _any(codes) if codes else f"[^{re.escape(DELIMITER)}]+"
        several = f"{one}(?:{re.escape(DELIMITER)}{one})*"
        return "string", {"pattern": f"^(?:{'|'.join([*reasons, several])})$"}
    if codes:
        return "string", {"enum": [*codes, *reasons]}
    if column.coded or column.type == "year_month":
        shape = _shape(column)
        return "string", {"pattern": f"^(?:{'|'.join([*reasons, shape])})$"} if shape else {}
    bounds = {"pattern": column.pattern or None, "minimum": column.minimum, "maximum": column.maximum}
    return TYPES[column.type], {name: bound for name, bound in bounds.items() if bound is not None}


def _shape(column: Column) -> str:
    """Write the values of a column as a pattern without anchors; small ranges of numbers are written out."""
    if column.minimum is not None and column.maximum is not None:
        return _any(str(number) for number in range(column.minimum, column.maximum + 1))
    shape = SHAPES.get(column.type, column.pattern)
    return shape.removeprefix("^").removesuffix("$")


def _any(codes: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(code) for code in codes)})"


def _own(column: Column) -> dict[str, Any]:
    """Say under our own prefix what Table Schema has no word for."""
    own = {
        "tier": column.tier,
        "privacy": column.privacy,
        "derived": column.derived,
        "coded": column.coded,
        "lists": list(column.lists),
        "references": column.references,
    }
    return {f"rdac:{name}": value for name, value in own.items() if value}
