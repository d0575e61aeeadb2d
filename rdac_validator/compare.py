"""Two reports held against each other: what is new, what is gone, and what is no longer looked at.

Rows move from export to export, so a finding has no name that lasts. Two reports are compared by kind, which is code,
table, columns and message, and by number: as many as before are unchanged. One that went hides one of its kind that
came; where the rows differ, that is said. Values are never part of it: a report holds none.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from rdac_validator.findings import InputError, Outcome, Severity
from rdac_validator.reports.json_ import FORMAT_VERSION
from rdac_validator.reports.text import plural, wrapped
from rdac_validator.standard import schema_folder

SCHEMA = "report.schema.json"
FORMAT = "rdac-validation-report"
RAN = (Outcome.PASSED, Outcome.FAILED)
VERSIONS = {"profile": "profile", "standard_version": "standard", "tool_version": "rdac"}


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """Findings that are told apart by number alone."""

    code: str
    table: str
    columns: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Item:
    """So many findings of a kind, of so many that stood before and stand now."""

    kind: Kind
    severity: Severity
    count: int
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from the old report to the new. ``moved`` counts the unchanged kinds whose rows differ.

    ``stopped`` are rules, with their table and why, that came to an end then and not now, or crash now: their findings
    look gone and are not. ``idle`` are those that had something to check then and nothing now. ``told`` are
    differences between the two runs, in sentences.
    """

    told: tuple[str, ...]
    new: tuple[Item, ...]
    gone: tuple[Item, ...]
    unchanged: int
    moved: int
    waived: int
    stopped: tuple[tuple[str, str, str], ...]
    idle: tuple[tuple[str, str, str], ...]

    def exit_code(self, fail_on: Severity | None) -> int:
        """1 where a finding at or above ``fail_on`` is new or a rule has stopped (``None``: never), else 0."""
        bad = self.stopped or any(item.severity.at_least(fail_on or Severity.ERROR) for item in self.new)
        return int(fail_on is not None and bool(bad))


class _Findings:
    """The findings of one report by kind: how many stand, how many there are with the waived, at which rows."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self.standing: Counter[Kind] = Counter()
        self.all: Counter[Kind] = Counter()
        self.rows: dict[Kind, list[Any]] = defaultdict(list)
        self.severity: dict[Kind, Severity] = {}
        for group in report["groups"]:  # the most serious first
            kind = Kind(group["code"], group["table"], tuple(group["columns"]), group["message"])
            self.all[kind] += group["count"]
            if group["waiver"] is None:
                self.standing[kind] += group["count"]
            self.rows[kind].append(group["rows"])
            self.severity.setdefault(kind, Severity(group["severity"]))


def read(path: Path) -> Mapping[str, Any]:
    """Read a JSON report. Raises :class:`InputError` where it is none; nothing that stands in the file is quoted."""
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"a report cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name} is not JSON: rdac validate --output json=FILE writes a report") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError(f"{path.name} is no report of rdac: rdac validate --output json=FILE writes one")
    if document.get("format_version") != FORMAT_VERSION:
        raise InputError(
            f"{path.name} is a report in another version of the format than {FORMAT_VERSION}, which this rdac reads: "
            "make both reports with one rdac"
        )
    schema = json.loads((schema_folder() / SCHEMA).read_text(encoding="utf-8"))
    wrong = best_match(Draft202012Validator(schema).iter_errors(_without_rows(document)))
    if wrong is not None:
        where = next((f"in {part}" for part in wrong.absolute_path), "at its top")
        raise InputError(f"{path.name} is no whole report: {where} something is not as schema/{SCHEMA} says")
    return document


def _without_rows(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The report without those lists of rows that are in order: a schema takes 20 microseconds for each number."""
    groups = document.get("groups")
    if not isinstance(groups, list):
        return document
    light = [
        {**group, "rows": []} if isinstance(group, dict) and _are_rows(group.get("rows")) else group for group in groups
    ]
    return {**document, "groups": light}


def _are_rows(found: object) -> bool:
    return isinstance(found, list) and all(type(row) is int and row > 0 for row in found)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Hold two reports, as :func:`read` gives them, against each other."""
    then, now = _Findings(old), _Findings(new)
    appeared, vanished, unchanged, moved, waived = [], [], 0, 0, 0
    for kind in sorted({*then.all, *now.all}):
        before, after = then.standing[kind], now.standing[kind]
        if after > before:
            appeared.append(Item(kind, now.severity[kind], after - before, before, after))
        if then.all[kind] > now.all[kind]:
            lost = then.all[kind] - now.all[kind]
            vanished.append(Item(kind, then.severity[kind], lost, then.all[kind], now.all[kind]))
        unchanged += min(before, after)
        moved += before == after > 0 and then.rows[kind] != now.rows[kind]
        waived += now.all[kind] - after
    stopped, idle = _runs(old, new)
    return Comparison(
        told=tuple(_told(old, new)),
        new=tuple(sorted(appeared, key=lambda item: (item.severity.rank, item.kind))),
        gone=tuple(sorted(vanished, key=lambda item: (item.severity.rank, item.kind))),
        unchanged=unchanged,
        moved=moved,
        waived=waived,
        stopped=stopped,
        idle=idle,
    )


def _runs(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[tuple[tuple[str, str, str], ...], tuple[tuple[str, str, str], ...]]:
    """The rules that have stopped, and those that have nothing to check any more, each with table and reason."""
    then = {(run["code"], run["table"]): run for run in old["runs"]}
    now = {(run["code"], run["table"]): run for run in new["runs"]}
    ran = {key for key, run in then.items() if run["outcome"] in RAN}
    stopped = {(*key, "not looked for") for key in ran - set(now)}
    idle = set()
    for key, run in now.items():
        if run["outcome"] == Outcome.CRASHED or (key in ran and run["outcome"] == Outcome.NOT_RUN):
            stopped.add((*key, f"{run['outcome'].replace('_', ' ')}: {run['reason']}"))
        elif key in ran and run["outcome"] == Outcome.NOT_APPLICABLE:
            idle.add((*key, "nothing to check"))
    return tuple(sorted(stopped)), tuple(sorted(idle))


def _told(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What makes the two reports less alike than their findings are."""
    for key, word in VERSIONS.items():
        if old[key] != new[key]:
            yield f"{word} was {old[key]} and is {new[key]}: what is new or gone may come of that"
    first = sorted(set(new["rules"]) - set(old["rules"]))
    if first:
        yield f"looked for now and not then: {', '.join(first)}"
    before, after = ({item["table"]: item["rows"] for item in report["inputs"]} for report in (old, new))
    for table in sorted({*before, *after}):
        if before.get(table) != after.get(table):
            yield f"{table}: {_rows(before.get(table))} then, {_rows(after.get(table))} now"


def _rows(number: int | None) -> str:
    return "not there" if number is None else plural(number, "row")


def render(found: Comparison) -> str:
    """The comparison for a person, 80 columns wide."""
    parts = [
        "\n".join(wrapped(line, "  ", "- ") for line in found.told),
        _items("New", found.new),
        _items("Gone", found.gone),
        _rules("No longer checked, so that its findings look gone", found.stopped),
        _rules("Nothing left to check", found.idle),
        *_end(found),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _items(head: str, items: Sequence[Item]) -> str:
    if not items:
        return ""
    lines = [f"{head}: {plural(sum(item.count for item in items), 'finding')}"]
    for item in items:
        kind = item.kind
        where = " · ".join(part for part in (kind.table, ", ".join(kind.columns)) if part)
        lines += [
            wrapped(f"{item.severity.upper()} {kind.code}  {where}", "    ", "  "),
            wrapped(f"{item.count:,} ({item.before:,} then, {item.now:,} now): {kind.message}", "    "),
        ]
    return "\n".join(lines)


def _rules(head: str, rules: Sequence[tuple[str, str, str]]) -> str:
    """Rules by reason and table."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, table, reason in rules:
        places[reason, table].append(code)
    lines = [
        wrapped(f"{table or 'the whole return'}, {reason}: {', '.join(codes)}", "    ", "  ")
        for (reason, table), codes in sorted(places.items())
    ]
    return "\n".join([f"{head}:", *lines]) if lines else ""


def _end(found: Comparison) -> Iterator[str]:
    new, gone = (sum(item.count for item in items) for items in (found.new, found.gone))
    counts = [f"{new:,} new", f"{gone:,} gone", f"{found.unchanged:,} unchanged in number"]
    counts += [f"{found.waived:,} waived"] if found.waived else []
    yield wrapped(f"{', '.join(counts)}.", "")
    if found.moved:
        yield wrapped(
            f"{plural(found.moved, 'kind')} of finding stand at other rows in the same number: rows move from export "
            "to export, so one may have gone and another come.",
            "",
        )
