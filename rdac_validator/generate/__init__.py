"""Everything that is made from the schema, and the check that what is committed is what would be made.

An artefact is a path, from the root of a checkout, and its text. Each module here gives the artefacts of one kind.
Nothing else of the package imports this one, and only :mod:`rdac_validator.generate.compiling` imports LinkML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from rdac_validator.generate import (
    blanks,
    commands_page,
    crosswalk_pages,
    data_package,
    deprivation_page,
    diagram,
    json_schema,
    metric_pages,
    references,
    rule_pages,
    schema_pages,
    sql,
    study_page,
    tables,
)
from rdac_validator.generate.compiling import GenerateError
from rdac_validator.generate.model import Model, json_text

__all__ = ["GenerateError", "artefacts", "check", "write"]

OWNED = ("schema/generated", "docs/crosswalks", "docs/standard", "docs/value-lists", "docs/rules")
STANDARD = "schema/generated/standard.json"


def _standard(model: Model) -> Mapping[str, str]:
    return {STANDARD: json_text(model.document)}


MAKERS: tuple[Callable[[Model], Mapping[str, str]], ...] = (
    _standard,
    json_schema.texts,
    data_package.texts,
    sql.texts,
    diagram.texts,
    blanks.texts,
    tables.texts,
    rule_pages.texts,
    metric_pages.texts,
    references.texts,
    crosswalk_pages.texts,
    deprivation_page.texts,
    commands_page.texts,
    schema_pages.texts,
    study_page.texts,
)


def artefacts(root: Path) -> dict[str, str]:
    """Every artefact of the checkout at ``root``: path to text. Raises :class:`GenerateError`."""
    model = Model(root / "schema")
    return {path: text for make in MAKERS for path, text in make(model).items()}


def write(root: Path) -> list[Path]:
    """Write every artefact that differs and remove stale ones; returns the paths that were touched.

    ``standard.json`` is written before the rest is made, because the rules read it when they are imported.
    """
    touched = _put(root, _standard(Model(root / "schema")))
    made = artefacts(root)
    touched += _put(root, made)
    for stale in _stale(root, made):
        stale.unlink()
        touched.append(stale)
    return touched


def check(root: Path) -> str:
    """Show what ``write`` would change, as a unified diff; empty when everything is up to date."""
    made = artefacts(root)
    changed = (_difference(path, _held(root / path), text) for path, text in made.items())
    stale = (_difference(str(path.relative_to(root)), _held(path), "") for path in _stale(root, made))
    return "".join((*changed, *stale))


def _put(root: Path, made: Mapping[str, str]) -> list[Path]:
    touched = [root / path for path, text in made.items() if _held(root / path) != text]
    for path in touched:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path.relative_to(root).as_posix()], encoding="utf-8", newline="\n")
    return touched


def _held(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _stale(root: Path, made: Mapping[str, str]) -> Iterator[Path]:
    held = (path for folder in OWNED for path in sorted((root / folder).rglob("*")) if path.is_file())
    return (path for path in held if path.relative_to(root).as_posix() not in made)


def _difference(path: str, held: str, made: str) -> str:
    lines = unified_diff(held.splitlines(True), made.splitlines(True), f"committed/{path}", f"generated/{path}")
    return "".join(lines)
