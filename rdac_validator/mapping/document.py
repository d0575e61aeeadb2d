"""A mapping file as Python objects: read, held against its schema and against the standard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from rdac_validator.findings import InputError
from rdac_validator.formats.names import hint, plain
from rdac_validator.mapping.cells import Block, Cell, Input, Join
from rdac_validator.mapping.codes import CodesError, codes_of, condition
from rdac_validator.place import DECILE, INDEX
from rdac_validator.standard import Standard, Table, schema_folder

SCHEMA = "mapping.schema.json"
FILE = "the mapping file"
# a long one has some thousand lines
LIMIT = 2_000_000
DEPTH = 50
_KINDS = {"object": "names with what they stand for", "array": "a list", "string": "text"}
FORMS = ("value", "id", "column", "flags")
# the forms of a cell that can be made of a gathered list
OF_LISTS = {"value", "text", "list"}


class MappingError(InputError):
    """A mapping file cannot be used; the message says where in it and why."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file whose every name and code was found. ``tables`` leads from a table's name to its blocks."""

    version: str
    title: str
    profile: str
    code_list_version: str
    unfilled: str
    inputs: dict[str, Input]
    tables: dict[str, tuple[Block, ...]]

    @property
    def has_areas(self) -> bool:
        """Whether a block names a column of area codes."""
        return any(block.area for blocks in self.tables.values() for block in blocks)

    def columns(self) -> dict[str, dict[str, str]]:
        """The columns of each input that anything reads, each with what reads it, in words."""
        found: dict[str, dict[str, str]] = {name: {} for name in self.inputs}
        for table, blocks in self.tables.items():
            for block in blocks:
                for name, column, reader in block.reads(table):
                    found[name].setdefault(column, reader)
        return found


def read(path: Path, standard: Standard) -> Mapping:
    """Read a mapping file. Raises :class:`MappingError` where it is none, or says what the standard does not know."""
    try:
        if path.stat().st_size > LIMIT:
            raise MappingError(f"{FILE} is larger than {LIMIT // 1_000_000} MB: is it the export?")
        text = path.read_text(encoding="utf-8")
        _refuse_swelling(text)
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except OSError as error:
        raise MappingError(f"the mapping file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{FILE} is not UTF-8 text") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise MappingError(f"{FILE}{_mark(error)}: this is not YAML, or nested far too deep") from error
    document = _plain(root)
    _against_schema(document, root)
    return _Reader(document, root, path, standard).mapping()


def _refuse_swelling(text: str) -> None:
    """Refuse what costs far more than it shows: aliases of aliases fill the memory, brackets in brackets take hours."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise MappingError(f"{FILE}, line {line}: write out what the alias stands for: aliases are not read here")
        if depth > DEPTH:
            raise MappingError(f"{FILE}, line {line}: entries are nested more than {DEPTH} deep")


def _mark(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}" if mark else ""


def _plain(node: yaml.Node | None) -> Any:  # noqa: ANN401 a document of any shape, until it is checked
    """A node as dictionaries, lists and text; a name that stands twice is refused, where YAML would take the last."""
    if isinstance(node, yaml.MappingNode):
        pairs = {}
        for key, value in node.value:
            if key.value in pairs:
                raise MappingError(f"{FILE}, line {key.start_mark.line + 1}: this name stands here a second time")
            pairs[key.value] = _plain(value)
        return pairs
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return node.value if node else None


def _line(root: yaml.Node | None, path: Sequence[str | int]) -> int:
    """The line of the deepest node on a path that is there, from 1."""
    node, line = root, 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _against_schema(document: object, root: yaml.Node | None) -> None:
    schema = json.loads((schema_folder() / SCHEMA).read_text(encoding="utf-8"))
    error = best_match(Draft202012Validator(schema).iter_errors(document))
    if isinstance(error, ValidationError):
        raise MappingError(f"{FILE}, line {_line(root, list(error.absolute_path))}: {_said(error)}")


def _said(error: ValidationError) -> str:
    """How a mapping departs from the schema, without a word of the mapping: its codes are cells of an export."""
    found, wanted = cast("Any", error.instance), cast("Any", error.validator_value)
    schema = cast("dict[str, Any]", error.schema)
    if error.validator == "additionalProperties":
        known = list(schema.get("properties", {}))
        strange = next(name for name in found if name not in known)
        return f"there is an entry that does not belong here{hint(strange, known)}"
    if error.validator == "required":
        return f"`{next(name for name in wanted if name not in found)}` is missing"
    if error.validator == "enum":
        return f"this must be one of {', '.join(map(str, wanted))}"
    if error.validator == "type":
        return f"this must be {_KINDS.get(str(wanted), 'of another kind')}"
    meant = schema.get("description", "see docs/mapping-file.md")
    return f"this has not the form that a mapping has here: {meant}"


class _Reader:
    """Makes the objects of a document that agrees with the schema, and looks its names up in the standard."""

    def __init__(self, document: dict[str, Any], root: yaml.Node | None, path: Path, standard: Standard) -> None:
        self.document, self.root, self.path, self.standard = document, root, path, standard

    def mapping(self) -> Mapping:
        document, standard = self.document, self.standard
        versions = standard.lists["CodeListVersion"].codes
        self.known(document["code_list_version"], versions, ("code_list_version",), "a code of CodeListVersion")
        if "unfilled" in document:
            self.known(document["unfilled"], standard.missing_reasons, ("unfilled",), "a missing reason")
        for code, reason in document.get("missing", {}).items():
            self.known(reason, standard.missing_reasons, ("missing", code), "a missing reason")
        inputs = {
            name: Input(name, item.get("file", ""), item.get("sheet", ""), tuple(map(plain, item.get("unused", ()))))
            for name, item in document["inputs"].items()
        }
        return Mapping(
            version=document["version"],
            title=document["title"],
            profile=document["profile"],
            code_list_version=document["code_list_version"],
            unfilled=document.get("unfilled", ""),
            inputs=inputs,
            tables={name: tuple(self.blocks(name, blocks)) for name, blocks in document["tables"].items()},
        )

    def blocks(self, name: str, blocks: list[dict[str, Any]]) -> Iterator[Block]:
        self.known(name, [table for table in self.standard.names if table != "provenance"], ("tables", name), "a table")
        table = self.standard.table(name)
        for number, block in enumerate(blocks):
            yield self.block(table, block, ("tables", name, number))

    def block(self, table: Table, block: dict[str, Any], path: tuple[str | int, ...]) -> Block:
        source = block.get("from", "")
        inputs = list(self.document["inputs"])
        if source:
            self.known(source, inputs, (*path, "from"), "an input")
        joins = []
        for number, join in enumerate(block.get("join", ())):
            self.known(join["input"], inputs, (*path, "join", number, "input"), "an input")
            on = {plain(here): plain(there) for here, there in join["on"].items()}
            joins.append(Join(join["input"], on, join.get("gather") == "true"))
        absent = [key for key in table.key if key not in block["cells"]]
        if absent:
            self.fail((*path, "cells"), f"{', '.join(absent)} must be there: it is the key of {table.name}")
        where = None
        if "where" in block:
            where = self.tried((*path, "where"), lambda: condition(block["where"], self.standard))
        cells = {name: self.cell(table, name, cell, source, path) for name, cell in block["cells"].items()}
        made = Block(source, tuple(joins), where, block.get("once") == "true", self.area(table, block, path), cells)
        for name, cell in cells.items():
            gathered = any(map(made.gathered, cell.reads))
            if (cell.form == "flags" or cell.split or gathered) and not cell.column.multiple:
                self.fail((*path, "cells", name), f"{name} holds one value, and this would give it a list")
            if gathered and cell.form not in OF_LISTS:
                self.fail((*path, "cells", name), f"{name} would be made of a gathered list, of which only codes come")
        if any(map(made.gathered, (made.area, *(here for join in joins for here in join.on)))):
            self.fail(path, "an area, or what a join goes by, would be a gathered list")
        return made

    def area(self, table: Table, block: dict[str, Any], path: tuple[str | int, ...]) -> str:
        if "area" not in block:
            return ""
        if {DECILE, INDEX} & set(block["cells"]) or not {DECILE, INDEX} <= set(table.names) or "from" not in block:
            self.fail((*path, "area"), f"an area fills {DECILE} and {INDEX} of a table that has them, and no cell does")
        return plain(block["area"])

    def cell(self, table: Table, name: str, cell: dict[str, Any], source: str, path: tuple[str | int, ...]) -> Cell:
        here = (*path, "cells", name)
        self.known(name, table.names, here, f"a column of {table.name}")
        column = table.column(name)
        if column.derived:
            self.fail(here, f"{name} is worked out from other columns and is never mapped")
        forms = [form for form in FORMS if form in cell]
        if forms not in (["value"], ["value", "column"], ["id"], ["column"], ["flags"]):
            self.fail(here, "a cell has one of value, id, column or flags; value may have a column beside it")
        if not source and forms != ["value"]:
            self.fail(here, "a block without an input holds values only")
        if ("id" in cell) != ("columns" in cell) or ("crosswalk" in cell) != ("element" in cell):
            self.fail(here, "id goes with columns, and crosswalk with element")
        if "flags" in cell and not {"yes", "no"} <= set(cell):
            self.fail(here, "flags needs yes and no: lists of what means yes and no")
        day = cell.get("date", self.document["inputs"][source].get("date", "") if source else "")
        missing = self.document.get("missing", {})
        folder = self.path.parent
        said = {"column": column, "cls": table.cls, "missing": missing, "folder": folder, "standard": self.standard}
        codes = self.tried(here, lambda: codes_of(cell, **said))
        return Cell.of(column, cell, codes, day)

    def tried(self, path: tuple[str | int, ...], make: Any) -> Any:  # noqa: ANN401 gives what it makes
        try:
            return make()
        except CodesError as error:
            self.fail(path, str(error))

    def known(self, name: str, names: Sequence[str], path: tuple[str | int, ...], kind: str) -> None:
        if name not in names:
            self.fail(path, f"this is not {kind}{hint(name, names)}")

    def fail(self, path: tuple[str | int, ...], message: str) -> None:
        raise MappingError(f"{FILE}, line {_line(self.root, path)}: {message}")
