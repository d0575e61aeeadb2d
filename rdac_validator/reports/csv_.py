"""The findings as CSV, one row a finding, for scripts and databases; a row of its own for a check that crashed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from rdac_validator.findings import Group, Report
from rdac_validator.reports.places import place, unit
from rdac_validator.reports.text import waived
from rdac_validator.reports.where import spelt_out

HEADER = ("severity", "code", "table", "columns", "file", "row", "message", "waiver")
# what spreadsheet programs take for the beginning of a formula; tabs and line ends are written out already
FORMULA = ("=", "+", "-", "@")


def render(report: Report) -> str:
    """The whole table; ``row`` is empty where a finding belongs to no row, a JSON pointer in a document."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    report = spelt_out(report)
    for run in report.crashed:  # a table without them would look complete
        writer.writerow(("crashed", run.code, run.table, "", "", "", neutral(run.reason), ""))
    for group in report.groups:
        *before, message, waiver = map(neutral, _cells(group))
        writer.writerows((*before, at, message, waiver) for at in _rows(report, group))
    return text.getvalue()


def _rows(report: Report, group: Group) -> Iterable[int | str]:
    if not unit(group):
        return (place(group, row, report) for row in group.rows or (0,))
    return group.rows or ("",)


def _cells(group: Group) -> tuple[str, ...]:
    where = (str(group.severity), group.code, group.table, ", ".join(group.columns), group.file)
    return (*where, group.message, waived(group.waiver) if group.waiver else "")


def neutral(cell: str) -> str:
    """A cell that no spreadsheet program runs as a formula: an apostrophe goes before what would begin one."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
