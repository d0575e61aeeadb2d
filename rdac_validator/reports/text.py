"""The report for a person at a terminal, 80 columns wide."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from rdac_validator.findings import Group, Outcome, Report, RuleInfo, Severity, Waiver, in_order
from rdac_validator.reports.places import place, pointer, unit
from rdac_validator.standard import Standard, Table
from rdac_validator.tables import DELIMITER, ROW, Return, Text, placed

WIDTH = 80
FIRST = 5
# of one there is the word of the severity itself
SEVERAL = {
    Severity.ERROR: "errors",
    Severity.WARNING: "warnings",
    Severity.QUERY: "queries",
    Severity.INFO: "info",
}

# what a build server takes for an order: `::` where a line begins, `##[` and `##vso[` anywhere
ORDER = re.compile(r"(^\s*:(?=:)|#(?=#(?:vso)?\[))", re.MULTILINE)

Lookup = Callable[[Group, Sequence[int]], Sequence[str]]


def plural(number: int, word: str, words: str = "") -> str:
    """``1 row``, ``2 rows``, ``2 queries``."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"


def printable(text: str) -> str:
    """Text that cannot forge terminal output: control characters are written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def wrapped(text: str, indent: str = "  ", first: str | None = None) -> str:
    """Text in lines of at most :data:`WIDTH` characters, those after the first indented; none is an order to a log."""
    start = indent if first is None else first
    folded = textwrap.fill(
        printable(text), WIDTH, initial_indent=start, subsequent_indent=indent, break_long_words=False
    )
    return ORDER.sub(r"\1 ", folded)


def render(report: Report, *, everything: bool = False, lookup: Lookup | None = None) -> str:
    """The whole report. ``everything`` lists all rows of a group; ``lookup`` gives cell values, on request only."""
    parts = [_head(report), *_groups(report, everything, lookup), _rules(report)]
    return "\n\n".join(part for part in (*parts, wrapped(verdict(report), "")) if part) + "\n"


def findings(groups: Sequence[Group], rules: Mapping[str, RuleInfo], everything: bool) -> str:
    """Findings without the head and the end of a report, most serious first."""
    report = Report("", "", "", (), in_order(groups), (), rules)
    return "\n\n".join(_groups(report, everything, None))


def _groups(report: Report, everything: bool, lookup: Lookup | None) -> Iterator[str]:
    """The groups one by one; how to mend a fault is said once a code, after the last of its groups."""
    last = {group.code: number for number, group in enumerate(report.groups)}
    for number, group in enumerate(report.groups):
        yield _group(report, group, everything, lookup, fix=last[group.code] == number)


def _head(report: Report) -> str:
    lines = [*(wrapped(line, "") for line in checked(report)), *(wrapped(note, "  ", "- ") for note in report.notes)]
    return "\n".join(lines)


def checked(report: Report) -> tuple[str, str]:
    """What was checked, and against what, in two lines."""
    rows = sum(item.rows for item in report.inputs)
    what = f"{plural(len(report.inputs), 'table')}, {plural(rows, 'row')}, checked at profile {report.profile}"
    return what, f"standard {report.standard_version} (a proposal, not yet reviewed), rdac {report.tool_version}"


def _group(report: Report, group: Group, everything: bool, lookup: Lookup | None, *, fix: bool) -> str:
    where = " · ".join(part for part in (group.table, ", ".join(group.columns)) if part)
    shown = group.rows if everything else group.rows[:FIRST]
    lines = [
        wrapped(f"{group.severity.upper()} {group.code}  {where}", "  ", ""),
        wrapped(group.message),
        *([wrapped(places(report, group, len(shown), " (--all)"))] if group.file or group.rows else []),
        *(wrapped(line, "      ", "    ") for line in (lookup(group, list(shown)) if lookup else ())),
    ]
    if group.waiver:
        lines.append(wrapped(waived(group.waiver)))
    if fix and group.code in report.rules:
        lines.append(wrapped(f"Fix: {report.rules[group.code].fix}"))
    return "\n".join(lines)


def waived(waiver: Waiver) -> str:
    """What every output says of a waiver."""
    return f"Waived until {waiver.expires} by {waiver.author}: {waiver.reason}"


def places(report: Report, group: Group, first: int = FIRST, how: str = "") -> str:
    """How often and where a fault was found, at most ``first`` places; ``how`` says how to see the others."""
    if not group.rows:
        return f"{group.file} {place(group, 0, report)}".rstrip()
    share = plural(group.count, "finding") + (f" in {group.checked:,} checked" if group.checked else "")
    rest = f" … and {len(group.rows) - first:,} more{how}" if first < len(group.rows) else ""
    rows = group.rows[:first]
    if not unit(group):
        return f"{share}: {group.file} {', '.join(pointer(group, row, report) for row in rows)}{rest}"
    return f"{share}: {group.file} {unit(group)}{'s' * (len(rows) > 1)} {', '.join(map(str, rows))}{rest}"


def _rules(report: Report) -> str:
    silent = (wrapped(f"{reason}: {codes}", "    ", "  ") for reason, codes in unrun(report))
    return "\n".join([wrapped(f"{ended(report)}.", ""), *silent])


def unrun(report: Report) -> Iterator[tuple[str, str]]:
    """Rules that say nothing about this return, by reason: silence must not look like success."""
    reasons: dict[str, set[str]] = defaultdict(set)
    for run in report.runs:
        if run.outcome in {Outcome.NOT_RUN, Outcome.CRASHED}:
            reasons[f"{str(run.outcome).replace('_', ' ')}: {run.reason}"].add(run.code)
    for reason, codes in sorted(reasons.items()):
        yield reason, ", ".join(sorted(codes))


def ended(report: Report) -> str:
    """How many checks ended in which way."""
    return "Checks by table: " + ", ".join(f"{report.outcomes(o):,} {str(o).replace('_', ' ')}" for o in Outcome)


def counted(report: Report) -> str:
    """``2 errors, 1 query``: the findings that no waiver covers, by severity; empty where there are none."""
    found = [(severity, report.count(severity)) for severity in Severity]
    return ", ".join(plural(number, severity, SEVERAL[severity]) for severity, number in found if number)


def verdict(report: Report) -> str:
    """What came of it, in one sentence: that nothing was found is no promise that nothing is there."""
    told = [part for part in (counted(report), f"{report.waived:,} waived" if report.waived else "") if part]
    if report.crashed:
        return (
            f"Our fault: {plural(len(report.crashed), 'check')} crashed, so this result is not complete. "
            "Please report it; the return may hold more than is listed."
        )
    if not told and not report.looked:
        return "Nothing was checked, so nothing can be said about this return."
    if not told:
        return f"No findings at profile {report.profile}. What was left out, not run or did not apply is not covered."
    return f"{', '.join(told)}. rdac explain {report.groups[0].code} says why it matters."


def lookup(given: Return, standard: Standard, *, values: bool, keys: bool) -> Lookup:
    """A way to look cells up again, for a user who asked on the terminal: the cells at fault, or the rows' keys.

    Of a column that the standard does not know, the header is given too.
    """

    def look(group: Group, rows: Sequence[int]) -> Sequence[str]:
        text = given.texts.get(group.table)
        if text is None:
            return ()
        table = standard.table(group.table)
        wanted = [*(table.key if keys else ()), *((*group.columns, group.unknown) if values else ())]
        present = [name for name in dict.fromkeys(wanted) if name in (*text.headers, *text.unknown)]
        headed = [f"{placed(name)} is headed {text.unknown[name]!r}" for name in present if name in text.unknown]
        if not rows or not present:
            return headed
        found = text.frame.filter(pl.col(ROW).is_in(list(rows))).select(ROW, *present).collect()
        return [*headed, *(_cells(row, text, table, standard) for row in found.to_dicts())]

    return look


def _cells(row: dict[str, str | int | None], text: Text, table: Table, standard: Standard) -> str:
    called = {name: placed(name) for name in text.unknown}
    shown = [f"{called.get(name, name)} = {_cell(name, cell, table, standard)}" for name, cell in row.items()]
    at = f"{row[ROW]}" if text.records is None else f"record {row[ROW]}"
    return f"{at}: " + "; ".join(part for part, name in zip(shown, row, strict=True) if name != ROW)


def _cell(name: str, cell: str | int | None, table: Table, standard: Standard) -> str:
    if cell in {None, ""}:
        return "(blank)"
    if name not in table.names or not table.column(name).lists:
        return repr(cell)
    column = table.column(name)
    codes = (*standard.codes(column), *(standard.missing_reasons if column.coded else ()))
    choices = str(cell).split(DELIMITER) if column.multiple else [str(cell)]
    near = [_near(choice, codes) for choice in choices if choice not in codes]
    meant = ", ".join(code for code in near if code)
    return repr(cell) + (f" (did you mean {meant}?)" if meant else "")


def _near(text: str, codes: Sequence[str]) -> str:
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(text, codes, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=70)
    return found[0] if found else ""
