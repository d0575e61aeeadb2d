"""The settings file ``rdac.toml``: where it is looked for, read, and held against its schema and the standard.

It is looked for beside the return and in the current folder, never inside the return: what travels with a return must
not say how strictly it is judged.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from rdac_validator import explanations
from rdac_validator.findings import InputError, Severity, Waiver
from rdac_validator.formats.names import hint
from rdac_validator.reports import FORMATS
from rdac_validator.reports.text import printable
from rdac_validator.standard import Standard, schema_folder
from rdac_validator.verdicts import OWN, SAFETY, Change, Decision, Scope

NAME = "rdac.toml"
SCHEMA = "settings.schema.json"
LONGEST = timedelta(days=366)
KINDS = {
    "array": "a list in [ ]",
    "string": "text in quotation marks",
    "integer": "a whole number",
    "object": "a table",
}
WRONG = {"format": "it must be a day that there is, such as 2026-04-01", "minimum": "it must be 1 or more"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says, every code and name in it known; empty where there is none.

    ``file`` is its name alone, ``path`` where it is. ``select`` and ``ignore`` are beginnings of codes; ``outputs`` are
    as ``--output`` takes them.
    """

    file: str = ""
    path: Path = Path()
    profile: str | None = None
    engine: str | None = None
    fail_on: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[str, ...] = ()


def look(source: Path, standard: Standard) -> Settings:
    """The settings beside a return or in the current folder, in that order; empty ones if there is no file."""
    home = source.resolve()
    places = ((home.parent, "beside the return"), (Path.cwd(), "in the current folder"))
    inside = (home / NAME).is_file()
    unused = (f"{NAME} inside the return was not used: settings belong beside it, or are named with --config",)
    for folder, place in places:
        if folder != home and (folder / NAME).is_file():
            found = read(folder / NAME, standard)
            return replace(found, notes=(f"settings: {NAME} {place}", *(unused if inside else ())))
    return Settings(notes=unused if inside else ())


def read(path: Path, standard: Standard) -> Settings:
    """Read a settings file. Raises :class:`InputError` where it is none, or says what cannot be."""
    name = printable(path.name)
    if not path.is_file():  # a pipe or a device may never end
        raise InputError("the settings are no plain file")
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = _dated(tomllib.loads(text))
    except OSError as error:
        raise InputError(f"the settings file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f", line {line[1]}" if line else ""
        raise InputError(f"{name}{where}: this is not TOML: text needs quotation marks, lists [ ]") from error
    return _Reader(document, text, path, standard).settings()


def _dated(part: Any) -> Any:  # noqa: ANN401 a document of any shape, until it is checked
    """The document with its days as text, as the schema wants them."""
    if isinstance(part, dict):
        return {key: _dated(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_dated(value) for value in part]
    return part.isoformat() if isinstance(part, date) else part


class _Reader:
    """Makes the settings of a document, or says what is wrong in it and where."""

    def __init__(self, document: dict[str, Any], text: str, path: Path, standard: Standard) -> None:
        self.document, self.text, self.path, self.name = document, text, path, printable(path.name)
        self.tables = (*standard.tables, *standard.source_tables)

    def settings(self) -> Settings:
        schema = json.loads((schema_folder() / SCHEMA).read_text(encoding="utf-8"))
        checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        error = best_match(checker.iter_errors(self.document))
        if isinstance(error, ValidationError):
            self.fail(*_said(error))
        said = self.document
        select = self.prefixes(said.get("select", []), "select")
        return Settings(
            file=self.name,
            path=self.path,
            profile=said.get("profile"),
            engine=said.get("engine"),
            fail_on=said.get("fail-on"),
            select=(*select, SAFETY, OWN) if select else (),
            ignore=self.ignored(said.get("ignore", [])),
            outputs=tuple(self.output(form, file) for form, file in said.get("outputs", {}).items()),
            changes=tuple(self.change(entry, ["severity", n]) for n, entry in enumerate(said.get("severity", []))),
            decisions=tuple(self.decision(entry, ["waivers", n]) for n, entry in enumerate(said.get("waivers", []))),
            notes=(f"settings: {self.name}, as asked for with --config",),
        )

    def output(self, form: str, file: str) -> str:
        self.known(form, list(FORMATS), ["outputs", form], "a format of reports")
        return f"{form}={self.path.parent / file}"

    def ignored(self, prefixes: Sequence[str]) -> tuple[str, ...]:
        found = self.prefixes(prefixes, "ignore")
        if _touches(SAFETY, found):
            self.fail(["ignore"], f"safety rules, {SAFETY}, cannot be left out by a file; --ignore does so for one run")
        return found

    def change(self, entry: Mapping[str, Any], path: list[str | int]) -> Change:
        prefixes, to = self.prefixes(entry["rules"], *path, "rules"), Severity(entry["to"])
        if _touches(SAFETY, prefixes) and to is not Severity.ERROR:
            self.fail([*path, "to"], f"safety rules, {SAFETY}, cannot be lowered: name the codes without them")
        codes = frozenset(code for code in explanations.codes() if code.startswith(prefixes))
        return Change(self.scope(entry, codes, ", ".join(prefixes), path), to)

    def decision(self, entry: Mapping[str, Any], path: list[str | int]) -> Decision:
        rule, made, expires = entry["rule"].upper(), *map(date.fromisoformat, (entry["made"], entry["expires"]))
        self.known(rule, explanations.codes(), [*path, "rule"], "the code of a rule")
        if rule.startswith((SAFETY, OWN)):
            self.fail([*path, "rule"], "safety rules and what is wrong with waivers cannot be waived: mend the data")
        if not made <= expires <= made + LONGEST:
            self.fail([*path, "expires"], "a waiver holds for a year at most, from the day on which it was made")
        words = {name: self.words(entry[name], [*path, name]) for name in ("reason", "author")}
        waiver = Waiver(int(path[-1]) + 1, made=made, expires=expires, **words)
        scope = self.scope(entry, frozenset({rule}), rule, path)
        return Decision(rule, waiver, scope, entry.get("at-most", 0), _line(self.text, self.document, path))

    def scope(self, entry: Mapping[str, Any], codes: frozenset[str], said: str, path: list[str | int]) -> Scope:
        table, columns, file = entry.get("table", ""), tuple(entry.get("columns", ())), entry.get("file", "")
        if table:
            self.known(table, [known.name for known in self.tables], [*path, "table"], "a table")
        there = [name for known in self.tables if table in {"", known.name} for name in known.names]
        for column in columns:
            self.known(column, there, [*path, "columns"], f"a column{' of ' + table if table else ''}")
        places = [f"in {place}" for place in (table, self.words(file, [*path, "file"])) if place]
        return Scope(codes, table, columns, file, " ".join([said, *places]))

    def prefixes(self, given: Sequence[str], *path: str | int) -> tuple[str, ...]:
        """Codes or their beginnings, each of which begins a code."""
        found = tuple(prefix.strip().upper() for prefix in given)
        for prefix in found:
            if not prefix or not any(code.startswith(prefix) for code in explanations.codes()):
                self.fail(path, f"no code begins with `{printable(prefix)}`; rdac rules lists them all")
        return found

    def known(self, name: str, names: Sequence[str], path: Sequence[str | int], kind: str) -> None:
        if name not in names:
            self.fail(path, f"`{printable(name)}` is not {kind}{hint(name, names)}")

    def words(self, text: str, path: Sequence[str | int]) -> str:
        """Text that stands in reports: in one line, and without signs that could forge them."""
        line = " ".join(text.split())
        if not line.isprintable():
            self.fail(path, "it holds control characters, which could forge a report: take them out")
        return line

    def fail(self, path: Sequence[str | int], message: str) -> NoReturn:
        line = _line(self.text, self.document, path)
        where = "/".join(printable(str(part + 1 if isinstance(part, int) else part)) for part in path)
        place = f"{self.name}, line {line}" if line else self.name
        raise InputError(": ".join(part for part in (place, where, message) if part))


def _touches(band: str, prefixes: Sequence[str]) -> bool:
    """Whether a code of a band begins with one of the prefixes."""
    return any(prefix.startswith(band) or band.startswith(prefix) for prefix in prefixes)


def _said(error: ValidationError) -> tuple[list[str | int], str]:
    """Where a document departs from the schema, and how, without quoting what stands there."""
    path, found, wanted = list(error.absolute_path), cast("Any", error.instance), cast("Any", error.validator_value)
    schema = cast("dict[str, Any]", error.schema)
    if error.validator == "additionalProperties":
        name = next(name for name in found if name not in schema["properties"])
        return [*path, name], f"there is no such setting{hint(name, schema['properties'])}"
    if error.validator == "required":
        name = next(name for name in wanted if name not in found)
        return path, f"`{name}` is missing. {schema['properties'][name]['description']}"
    if error.validator == "enum":
        return path, f"it must be one of {', '.join(wanted)}{hint(str(found), wanted)}"
    if error.validator == "type":
        return path, f"it must be {KINDS[wanted]}"
    return path, WRONG.get(str(error.validator), "it must not be empty")


def _line(text: str, document: Mapping[str, Any], path: Sequence[str | int]) -> int:
    """The line on which a setting stands, where it is written in the usual way; 0 if that cannot be told."""
    name, *inner = path or ("",)
    lines, start, key = text.splitlines(), 0, str(name)
    heads = [n for n, line in enumerate(lines, start=1) if re.match(rf"\s*\[+\s*{re.escape(key)}\s*\]", line)]
    if heads and inner:
        entry = inner[0] if isinstance(inner[0], int) else 0
        if len(heads) != (len(document[key]) if isinstance(inner[0], int) else 1):
            return 0
        start, key = heads[entry], next((part for part in inner if isinstance(part, str)), "")
    for number, line in enumerate(lines[start:], start=start + 1) if key else ():
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
        if start and re.match(r"\s*\[\s*[\[\w]", line):
            break
    return start
