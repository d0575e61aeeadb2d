"""The LinkML schema compiled to the document that ``standard.json`` holds. The only module that imports LinkML."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdac_validator.findings import InputError
from rdac_validator.standard import MISSING

if TYPE_CHECKING:
    from linkml_runtime.linkml_model import ClassDefinition, Element, EnumDefinition, PermissibleValue, SlotDefinition
    from linkml_runtime.utils.schemaview import SchemaView

SCHEMA = "rdac.yaml"
PRIMARY_KEY = "primary_key"
TYPES = {
    "string": "string",
    "datetime": "string",  # stands only in the head of a census file, and nothing reads it as a time
    "date": "date",
    "integer": "integer",
    "boolean": "boolean",
    "Year": "year",
    "YearMonth": "year_month",
}
MAPPINGS = ("exact", "close", "broad", "narrow", "related")
OWN_NOTES = ("tier", "derived", "privacy", "evidence", "decision", "from_cin", "from_scotland")

Json = dict[str, Any]


class GenerateError(InputError):
    """The schema cannot be compiled; the message says which part of it and what to do."""


def compile_schema(schema: Path) -> Json:
    """Compile the schema folder ``schema`` to the document of ``standard.json``.

    Raises :class:`GenerateError` where LinkML is not installed or the schema leaves something unsaid.
    """
    try:
        from linkml_runtime.utils.schemaview import SchemaView  # a build-time dependency
    except ModuleNotFoundError as error:
        raise GenerateError(
            "generating needs LinkML, which the validator itself does not: pip install 'rdac-validator[build]'"
        ) from error
    return Compiler(SchemaView(str(schema / SCHEMA))).document()


class Compiler:
    """Reads one LinkML schema view, class by class."""

    def __init__(self, view: SchemaView) -> None:
        self.view = view
        self.tables = {name: _table_name(cls) for name, cls in view.all_classes().items() if not _container(cls)}

    def document(self) -> Json:
        """Everything that :func:`rdac_validator.standard.from_json` reads, in the order of the schema."""
        source = {name: "source_only" in _notes(self.view.get_class(name)) for name in self.tables}
        return {
            "id": self.view.schema.id,
            "version": self.view.schema.version,
            "title": self.view.schema.title,
            "description": _text(self.view.schema.description),
            "license": self.view.schema.license,
            "tables": [self._table(name) for name in self.tables if not source[name]],
            "source_tables": [self._table(name) for name in self.tables if source[name]],
            "lists": {name: self._list(enum) for name, enum in self.view.all_enums().items()},
        }

    def _table(self, name: str) -> Json:
        cls = self.view.get_class(name)
        slots = [self.view.induced_slot(slot, name) for slot in self.view.class_slots(name)]
        notes, key = _notes(cls), self._key(cls, slots)
        return {
            "name": notes.pop("table"),
            "cls": name,
            "description": _text(cls.description),
            "key": key,
            "columns": [self._column(name, slot, slot.name in key) for slot in slots],
            "optional": notes.pop("optional", "false") == "true",
            "notes": notes,
        }

    def _key(self, cls: ClassDefinition, slots: Iterable[SlotDefinition]) -> list[str]:
        if PRIMARY_KEY in cls.unique_keys:
            return [str(slot) for slot in cls.unique_keys[PRIMARY_KEY].unique_key_slots]
        return [str(slot.name) for slot in slots if slot.identifier]

    def _column(self, cls: str, slot: SlotDefinition, in_key: bool) -> Json:
        branches = [slot, *slot.any_of] if slot.any_of else [slot]
        ranges = [str(branch.range) for branch in (slot.any_of or [slot])]
        kinds = [name for name in ranges if name != MISSING]
        enums = [name for name in kinds if name in self.view.all_enums()]
        classes = [name for name in kinds if name in self.view.all_classes()]
        notes = _notes(slot)
        own = {name: notes.pop(name, "") for name in OWN_NOTES}
        return {
            "name": str(slot.name),
            "title": slot.title or str(slot.name).replace("_", " "),
            "description": _text(slot.description),
            "type": self._type(f"{cls}.{slot.name}", kinds, enums, classes),
            "lists": enums,
            "multiple": bool(slot.multivalued),
            "coded": MISSING in ranges,
            "required": bool(slot.required or in_key),
            "references": self.tables[classes[0]] if classes else "",
            "pattern": self._said("pattern", branches, kinds) or "",
            "minimum": self._said("minimum_value", branches, kinds),
            "maximum": self._said("maximum_value", branches, kinds),
            **own,
            "derived": own["derived"] == "true",
            "evidence": own["evidence"].split(),
            "notes": notes,
        }

    def _type(self, where: str, kinds: list[str], enums: list[str], classes: list[str]) -> str:
        if enums:
            return "code"
        if classes:
            return "string"
        names = [name for kind in kinds for name in self._ancestors(kind) if name in TYPES]
        if not names:
            raise GenerateError(f"{where} has the range {kinds}, which no column type stands for")
        return TYPES[names[0]]

    def _ancestors(self, kind: str) -> list[str]:
        return list(self.view.type_ancestors(kind)) if kind in self.view.all_types() else []

    def _said(self, what: str, branches: Iterable[Any], kinds: Iterable[str]) -> Any:  # noqa: ANN401 - text or number
        """Find the first value of ``what``: on the slot, on a branch of its ``any_of``, or on its type."""
        types = (self.view.get_type(name) for kind in kinds for name in self._ancestors(kind))
        said = (getattr(part, what) for part in (*branches, *types))
        return next((value for value in said if value is not None), None)

    def _list(self, enum: EnumDefinition) -> Json:
        return {
            "description": _text(enum.description),
            "values": [_value(value) for value in enum.permissible_values.values()],
            "notes": {"schema": self.view.in_schema(enum.name), **_notes(enum)},
        }


def _container(cls: ClassDefinition) -> bool:
    return _notes(cls).get("container") == "true"


def _table_name(cls: ClassDefinition) -> str:
    name = _notes(cls).get("table")
    if name is None:
        raise GenerateError(f"class {cls.name} needs the annotation 'table', the name of its file in snake_case")
    return name


def _value(value: PermissibleValue) -> Json:
    mappings = {kind: [str(target) for target in getattr(value, f"{kind}_mappings")] for kind in MAPPINGS}
    said = {"aliases": "|".join(value.aliases), "comment": " ".join(_text(text) for text in value.comments)}
    return {
        "code": str(value.text),
        "title": value.title or str(value.text).replace("_", " "),
        "description": _text(value.description),
        "mappings": {kind: targets for kind, targets in mappings.items() if targets},
        "notes": {**_notes(value), **{name: text for name, text in said.items() if text}},
    }


def _notes(element: Element) -> dict[str, str]:
    """Annotations as text; LinkML holds those of a class in a dictionary, those of an induced slot in an object."""
    held = element.annotations
    annotations = held.items() if isinstance(held, dict) else held._items()
    return {str(tag): _plain(annotation.value) for tag, annotation in annotations}


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else _text(str(value))


def _text(text: str | None) -> str:
    return " ".join((text or "").split())
