"""The findings as workflow commands of GitHub Actions, which makes annotations of them.

Escaping as in ``packages/core/src/command.ts`` of actions/toolkit. Of a step GitHub shows 10 errors, 10 warnings and
10 notices, the first ones (``docs/problem-matchers.md`` there): so an annotation is a group of findings, not one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rdac_validator.findings import Group, Report, Severity
from rdac_validator.reports.text import places, plural, verdict, waived
from rdac_validator.reports.where import file, line, spelt_out, subject

MOST = 10
KINDS = ("error", "warning", "notice")
KIND = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def render(report: Report) -> str:
    """Lines of commands, ten of a kind at most: the last counts the rest where there are more; a notice sums up."""
    report = spelt_out(report)
    commands: dict[str, list[str]] = {kind: [] for kind in KINDS}
    commands["notice"].append(_command("notice", verdict(report), title="rdac"))
    for run in report.crashed:
        said = f"{run.code} crashed on {run.table or 'the return'}, through a fault of ours: {run.reason}"
        commands["error"].append(_command("error", said, title=f"{run.code} crashed"))
    for group in report.groups:
        commands[_kind(group)].append(_group(report, group))
    return "".join(f"{text}\n" for kind in KINDS for text in _most(kind, commands[kind]))


def _kind(group: Group) -> str:
    return "notice" if group.waiver else KIND.get(group.severity, "notice")


def _group(report: Report, group: Group) -> str:
    mark = waived(group.waiver) if group.waiver else ""
    fix = f"Fix: {report.rules[group.code].fix}" if group.code in report.rules else ""
    row = group.rows[0] if group.rows else 0
    at = {"line": str(row)} if line(report, group, row) else {}
    said = "\n".join(part for part in (mark, group.message, places(report, group), fix) if part)
    title = f"{group.severity} {group.code} {subject(group)}"
    return _command(_kind(group), said, file=file(report, group.file), **at, title=title)


def _most(kind: str, commands: Sequence[str]) -> Iterator[str]:
    if len(commands) <= MOST:
        yield from commands
        return
    yield from commands[: MOST - 1]
    rest = plural(len(commands) - MOST + 1, f"more {kind}")
    yield _command(kind, f"{rest}: GitHub shows no more of them here; the other reports list all", title="rdac")


def _command(kind: str, message: str, **properties: str) -> str:
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
