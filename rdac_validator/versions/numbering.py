"""Version numbers: which versions there are, and which number a new one may have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rdac_validator.findings import InputError
from rdac_validator.standard import schema_folder
from rdac_validator.versions.comparing import Change, Document
from rdac_validator.versions.levels import Level

CURRENT = "current"


def document(name: str) -> Document:
    """A version of the standard by its number, by the path of a ``standard.json``, or :data:`CURRENT`.

    Raises :class:`~rdac_validator.findings.InputError` where there is none, or the file is something else.
    """
    path = _place(name)
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        known = ", ".join((*released(), CURRENT))
        raise InputError(f"no version of the standard can be read there; give a file or one of: {known}") from error
    if not isinstance(read, dict) or not {"version", "tables", "source_tables", "lists"} <= set(read):
        raise InputError("the file is JSON but no standard.json; rdac generate writes one to schema/generated")
    return read


def _place(name: str) -> Path:
    if name == CURRENT:
        return schema_folder() / "generated" / "standard.json"
    return schema_folder() / "released" / f"standard-{name}.json" if name in released() else Path(name)


def released() -> tuple[str, ...]:
    """The versions that were released, the oldest first."""
    found = (path.stem.removeprefix("standard-") for path in (schema_folder() / "released").glob("standard-*.json"))
    return tuple(sorted(found, key=numbers))


def numbers(version: str) -> tuple[int, int, int]:
    """A version as three numbers. Raises :class:`~rdac_validator.findings.InputError` for anything else."""
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise InputError("a version of the standard is three numbers, as in 0.1.0")
    major, minor, patch = map(int, parts)
    return major, minor, patch


def asks_for(old_version: str, found: Sequence[Change]) -> str:
    """The lowest version number that a new version with these changes may have (semantic versioning).

    Breaking asks for a new major version, or a new minor one below 1.0.0; deprecating for a new minor one.
    """
    major, minor, patch = numbers(old_version)
    worst = max((change.level for change in found), key=lambda level: level.rank, default=Level.COMPATIBLE)
    if worst is Level.BREAKING and major:
        return f"{major + 1}.0.0"
    return f"{major}.{minor}.{patch}" if worst is Level.COMPATIBLE else f"{major}.{minor + 1}.0"


def enough(old: Document, new: Document, found: Sequence[Change]) -> bool:
    """Whether the version number of the new version is raised as its changes ask."""
    return numbers(new["version"]) >= numbers(asks_for(old["version"], found))
