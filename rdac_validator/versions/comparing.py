"""Two versions of the standard beside each other. A renamed thing is one that went and one that came: no guess."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from rdac_validator.findings import InputError
from rdac_validator.standard import TIERS
from rdac_validator.versions.levels import FIELDS, INSIDE, NOTES, Judge, Level

Document = Mapping[str, Any]
Inside = Callable[[str, Document, Document], Iterator["Change"]]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where (``table.column`` or ``list = code``), what, before and after as JSON, and what to do."""

    level: Level
    where: str
    what: str
    before: object
    after: object
    todo: str


TODO = {
    Level.BREAKING: "change what you send, and look again at what you read",
    Level.DEPRECATING: "plan for it: still right today",
    Level.COMPATIBLE: "nothing; know of it",
}


def changes(old: Document, new: Document) -> tuple[Change, ...]:
    """Every difference between two versions, most serious first, then by place. Order within a file means nothing."""
    found = [
        *_fields("standard", "standard", old, new),
        *(change for kind in ("tables", "source_tables") for change in _tables(old[kind], new[kind])),
        *_things("list", "", old["lists"], new["lists"], _list, _addition),
    ]
    return tuple(sorted(found, key=lambda change: (-change.level.rank, change.where, change.what)))


def _tables(old: Sequence[Document], new: Sequence[Document]) -> Iterator[Change]:
    yield from _things("table", "", _by(old, "name"), _by(new, "name"), _table, _table_came)


def _by(items: Sequence[Document], name: str) -> dict[str, Document]:
    return {item[name]: item for item in items}


def _things(
    kind: str,
    above: str,
    old: Mapping[str, Document],
    new: Mapping[str, Document],
    inside: Inside,
    came: Callable[[Document], Level],
) -> Iterator[Change]:
    """What went, what came and what changed among the things of one kind."""
    for name in sorted(old.keys() | new.keys()):
        where = f"{above}{name}"
        if name not in new:
            todo = f"send it no more, and say what stands in its place; nothing of the new version is this {kind}"
            yield Change(Level.BREAKING, where, f"{kind} removed", _title(old[name]), None, todo)
        elif name not in old:
            level = came(new[name])
            todo = "send it where your profile asks for it" if level is Level.BREAKING else TODO[level]
            yield Change(level, where, f"{kind} added", None, _title(new[name]), todo)
        else:
            yield from inside(where, old[name], new[name])


def _title(item: Document) -> str:
    return str(item.get("title") or item.get("description", ""))


def _table(where: str, old: Document, new: Document) -> Iterator[Change]:
    yield from _fields("table", where, old, new)
    columns = _by(old["columns"], "name"), _by(new["columns"], "name")
    yield from _things("column", f"{where}.", *columns, partial(_fields, "column"), _column_came)


def _list(where: str, old: Document, new: Document) -> Iterator[Change]:
    yield from _fields("list", where, old, new)
    values = _by(old["values"], "code"), _by(new["values"], "code")
    yield from _things("value", f"{where} = ", *values, partial(_fields, "value"), _addition)


def _addition(_: Document) -> Level:
    """A code or a list more only adds."""
    return Level.COMPATIBLE


def _column_came(column: Document) -> Level:
    """A new column breaks returns if it must hold a value or a profile but the widest makes its absence an error."""
    must = column["required"] or (column["tier"] and not column["derived"] and column["tier"] != TIERS[-1])
    return Level.BREAKING if must else Level.COMPATIBLE


def _table_came(table: Document) -> Level:
    asked_for = not table["optional"] and any(_column_came(column) is Level.BREAKING for column in table["columns"])
    return Level.BREAKING if asked_for else Level.COMPATIBLE


def _fields(kind: str, where: str, old: Document, new: Document) -> Iterator[Change]:
    """Differences in the fields of a thing and in its notes."""
    inside = INSIDE[kind]
    yield from _compared(FIELDS[kind], where, _without(old, inside), _without(new, inside))
    yield from _compared(NOTES.get(kind, {}), where, old.get("notes", {}), new.get("notes", {}))


def _without(item: Document, names: Sequence[str]) -> Document:
    return {name: value for name, value in item.items() if name not in names}


def _compared(judges: Mapping[str, Judge], where: str, old: Document, new: Document) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        before, after = _said(old.get(name)), _said(new.get(name))
        if before != after:
            if name not in judges:
                raise InputError(f"{name} at {where} is nothing that this version of rdac knows: use the newer rdac")
            level = judges[name](before, after)
            yield Change(level, where, f"{name} {_verb(before, after)}", before, after, TODO[level])


def _said(value: object) -> object:
    """A value, or ``None`` for one that says nothing: a field that a version does not have yet says nothing either."""
    return None if value is False or value in ("", [], {}) else value


def _verb(before: object, after: object) -> str:
    return "added" if before is None else "removed" if after is None else "changed"
