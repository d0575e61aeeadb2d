"""The house as it stands: which module may import which, and what a module must not do."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "rdac_validator"
# each room may use those before it, never those after
ROOMS = (
    "findings",
    "disclosure",
    "whole",
    "standard",
    "versions",
    "conformance",
    "ledger",
    "tables",
    "derive",
    "rules",
    "structure",
    "schemas",
    "check",
    "pseudonyms",
    "crosswalks",
    "metrics",
    "analysis",
    "formats",
    "place",
    "cin",
    "loss",
    "reports",
    "quality",
    "compare",
    "mapping",
    "synth",
    "study",
    "verdicts",
    "explanations",
    "settings",
    "commands",
    "making",
    "cli",
    "__main__",
    "generate",
)
# the command line starts the compiler of the schema when asked to, inside the command
ALLOWED = {("cli", "generate")}
# part of what another library shows: its classes are attrs, its markup is markupsafe's
BROUGHT = {"attrs": "frictionless", "markupsafe": "jinja2", "linkml-runtime": "linkml"}
MODULES = sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Rooms of ours that a module imports, wherever in the module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "rdac_validator":
            found |= {name.name for name in node.names if name.name != "__version__"}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("rdac_validator."):
            found.add(node.module.split(".")[1])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_rooms_before_its_own(path: Path) -> None:
    own = room(path)
    if own == "__init__":
        assert not imported(path)
        return
    assert own in ROOMS, f"{own} is a new room: say in tests/test_architecture.py where it stands"
    later = {other for other in imported(path) if ROOMS.index(other) > ROOMS.index(own) and (own, other) not in ALLOWED}
    assert not later, f"{path.name} stands before {later}: the road through the code runs one way"


@pytest.mark.parametrize(
    ("heavy", "home"),
    [
        ("linkml", "generate"),
        ("linkml_runtime", "generate"),
        ("frictionless", "structure"),
        ("sssom", ""),
        ("highspy", "disclosure"),
        ("statsmodels", "analysis"),
    ],
)
def test_a_heavy_library_is_imported_in_its_one_room(heavy: str, home: str) -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [n.name for n in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            used = any(name.split(".")[0] == heavy for name in names)
            assert not used or room(path) == home, f"{heavy} belongs in {home or 'the tests'}, not in {path.name}"


def libraries(asked: Iterable[str]) -> set[str]:
    """The names of the libraries in a list of requirements."""
    return {re.split(r"[\[<>=]", name)[0] for name in asked}


def test_what_is_shipped_uses_every_library_that_it_asks_for_and_no_other() -> None:
    nodes = [node for path in MODULES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    strange = {name.split(".")[0] for name in names} - {*sys.stdlib_module_names, "rdac_validator"}
    sources = packages_distributions()
    given = {sources[name][0].lower().replace("_", "-") for name in strange}
    used = {BROUGHT.get(library, library) for library in given}
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    assert libraries(project["dependencies"]) <= used <= libraries([*project["dependencies"], *extras])


def test_there_is_no_room_for_odds_and_ends() -> None:
    assert not [path for path in MODULES if path.stem in {"utils", "helpers", "common", "misc"}]
