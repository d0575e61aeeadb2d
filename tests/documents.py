"""Returns as JSON and YAML documents, made from the tables of text of their CSV files; and the example of one case."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from rdac_validator import synth
from rdac_validator.standard import Column, Table, load
from rdac_validator.tables import DELIMITER, ROW, SHAPES, Return

Document = dict[str, list[dict[str, Any]]]
# a family in which harm was recorded, without a finding at the widest profile
SEED = 25


def typed(cell: str, column: Column) -> object:
    """A cell as JSON types it; a text that is no value of the column's type stays text."""
    if column.multiple:
        return cell.split(DELIMITER)
    if column.type == "boolean" and cell in {"true", "false"}:
        return cell == "true"
    if column.type in {"integer", "year"} and re.fullmatch(SHAPES["integer"], cell):
        return int(cell)
    return cell


def records(frame: pl.DataFrame, table: Table, unknown: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of a table of text as objects without blanks; a column that is not in the standard stands in each."""
    columns = {column.name: column for column in table.columns}
    return [
        {
            unknown.get(name, name): typed(cell, columns[name]) if name in columns else cell or ""
            for name, cell in row.items()
            if cell or name in unknown
        }
        for row in frame.to_dicts()
    ]


def document(given: Return) -> Document:
    """A return as one document."""
    return {
        name: records(text.frame.drop(ROW).collect(), load().table(name), text.unknown)
        for name, text in given.texts.items()
    }


def as_json(made: object) -> str:
    """JSON text."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


class _Dumper(yaml.CSafeDumper):
    """Writes text in quotation marks unless it is a plain word: YAML of one version reads `1e3` as a number."""


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if re.fullmatch("[a-z_]{2,}", text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def as_yaml(made: object) -> str:
    """YAML text."""
    return str(yaml.dump(made, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))


def case() -> dict[str, str]:
    """The files of examples/documents: one synthetic case."""
    tables = synth.make(1, SEED, load())
    made = {name: records(frame, load().table(name), {}) for name, frame in tables.items()}
    return {"case.json": as_json(made), "case.yaml": as_yaml(made)}


def write(folder: Path) -> None:
    """Write the example."""
    folder.mkdir(exist_ok=True)
    for name, text in case().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
