"""Where the commands take a file: every place that the command line has, and the endings that are read there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from rdac_validator import cli

FILE, OUT = "FILE", "OUT"
# a return or an export: tables as text, as a folder, or packed
TABLES = (".csv", ".parquet", ".xlsx", "/")


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of one command: its arguments, ``FILE`` where the hostile file stands, and the endings tried there."""

    command: str
    parameter: str
    arguments: tuple[str, ...]
    endings: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.command} {self.parameter}"

    def filled(self, file: Path, out: Path, good: Mapping[str, Path]) -> list[str]:
        """The arguments with the hostile file, the output and good companions in their places."""
        places = {FILE: str(file), OUT: str(out), **{name: str(path) for name, path in good.items()}}
        return [places.get(argument, argument) for argument in self.arguments]


def _slot(command: str, parameter: str, rest: str, *endings: str) -> Slot:
    return Slot(command, parameter, tuple(f"{command} {rest}".split()), endings)


SLOTS = (
    _slot("validate", "source", "FILE", *TABLES, ".zip", ".xml", ".json", ".yaml"),
    _slot("validate", "config", "EXPORT --config FILE", ".toml"),
    _slot("compare", "old", "FILE REPORT", ".json"),
    _slot("compare", "new", "REPORT FILE", ".json"),
    _slot("conformance", "folder", "--corpus FILE true", "/"),
    _slot("convert", "source", "FILE OUT", ".xml"),
    _slot("convert", "areas", "CENSUS OUT --areas FILE --deprivation DEPRIVATION", ".csv", ".xlsx"),
    _slot("convert", "deprivation", "CENSUS OUT --areas AREAS --deprivation FILE", ".csv", ".xlsx"),
    _slot("convert", "key_file", "CENSUS OUT --key-file FILE", ".key"),
    _slot("report", "sources", "FILE --out OUT", *TABLES, ".zip", ".xml", ".json", ".yaml"),
    _slot("report", "benchmark", "CENSUS --out OUT --benchmark FILE", ".csv", ".xlsx"),
    _slot("report", "populations", "EXPORT --out OUT --populations FILE", ".csv"),
    _slot("crosswalk loss", "source", "FILE", *TABLES, ".zip", ".xml", ".json", ".yaml"),
    _slot("crosswalk verify", "names", "FILE", ".sssom.tsv"),
    _slot("crosswalk show", "name", "FILE", ".sssom.tsv"),
    _slot("crosswalk apply", "name", "FILE 3B", ".sssom.tsv"),
    _slot("crosswalk apply", "file", "cin-census --codes FILE", ".csv"),
    _slot("map init", "export", "FILE", *TABLES),
    _slot("map check", "file", "FILE EXPORT", ".yaml"),
    _slot("map check", "export", "MAPPING FILE", *TABLES),
    _slot("map apply", "file", "FILE EXPORT OUT", ".yaml"),
    _slot("map apply", "export", "MAPPING FILE OUT", *TABLES),
    _slot("map apply", "key_file", "MAPPING EXPORT OUT --key-file FILE", ".key"),
    _slot("map apply", "deprivation", "AREA_MAPPING EXPORT OUT --deprivation FILE", ".csv", ".xlsx"),
)


def commands(group: click.Group = cli.main, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command of the command line with its full name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def doors() -> set[tuple[str, str]]:
    """Every place of the command line that takes a file or folder that must be there."""
    return {
        (name, parameter.name or "")
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter.type, click.Path) and parameter.type.exists
    }
