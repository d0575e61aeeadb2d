"""The report as a workbook for people: the findings, the rules that were run, and what the report is about."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from rdac_validator.findings import Report, Severity
from rdac_validator.reports.places import unit
from rdac_validator.reports.text import checked, ended, plural, unrun, verdict, waived
from rdac_validator.reports.where import entries, spelt_out

# a sheet holds 1,048,576 rows, and nobody scrolls through them: of large groups an equal share is listed
MOST = 50_000
# a file that is the same twice has no clock: this is the earliest day that a zip can hold
CREATED = datetime(1980, 1, 1, tzinfo=UTC)
# one hue, as in the HTML report: a report on children is no board of alarms
COLOURS = {Severity.ERROR: "#C9D6E8", Severity.WARNING: "#DDE6F1", Severity.QUERY: "#EEF3F8", Severity.INFO: "#FFFFFF"}
FINDINGS = {"Severity": 10, "Code": 10, "Table": 18, "Columns": 30, "File": 22, "Row": 10, "What is wrong": 60}
FINDINGS |= {"How to mend it": 60, "Waived": 30}
RUNS = {"Code": 10, "Table": 20, "Outcome": 14, "If found": 10, "Checked": 10, "Found": 8, "Reason": 40}
RUNS |= {"What it looks for": 60, "Why it matters": 60, "How to mend it": 60}
LINE = 15  # points
A4 = 9  # its number among the paper sizes of Excel
Cell = str | int | float


def render(report: Report) -> bytes:
    """The workbook's bytes."""
    report = spelt_out(report)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "rdac validate", "created": CREATED})
        sheet(book, "Findings", FINDINGS, _findings(report))
        sheet(book, "Rules run", RUNS, _runs(report))
        about(book, _facts(report))
    return stream.getvalue()


def _findings(report: Report) -> Iterator[tuple[Cell, ...]]:
    for entry in entries(report, MOST):
        group = entry.group
        what = (
            f"{group.message} … {plural(entry.rest, 'more finding')}, not listed here" if entry.rest else group.message
        )
        fix = report.rules[group.code].fix if group.code in report.rules else ""
        row = (entry.row or "") if unit(group) else entry.place
        before = (str(group.severity), group.code, group.table, ", ".join(group.columns), group.file, row)
        yield (*before, what, fix, waived(group.waiver) if group.waiver else "")


def _runs(report: Report) -> Iterator[tuple[Cell, ...]]:
    for run in report.runs:
        info = report.rules.get(run.code)
        said = (info.title, info.why, info.fix) if info else ("", "", "")
        outcome = str(run.outcome).replace("_", " ")
        yield run.code, run.table, outcome, str(run.severity), run.checked, run.failed, run.reason, *said


def sheet(book: Workbook, name: str, columns: Mapping[str, int], rows: Iterable[Sequence[Cell]]) -> None:
    """A sheet with a frozen header and a filter for each column; a severity in the first column has its colour."""
    page = book.add_worksheet(name)
    # written as text and marked as text: no cell is a formula, nor becomes one when somebody types it in again
    cell = {"quote_prefix": True, "text_wrap": True, "valign": "top", "align": "left"}
    head, plain = book.add_format({**cell, "bold": True, "bottom": 1}), book.add_format(cell)
    tinted = {str(severity): book.add_format({**cell, "bg_color": colour}) for severity, colour in COLOURS.items()}
    for column, (title, width) in enumerate(columns.items()):
        page.set_column(column, column, width)
        page.write_string(0, column, title, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        page.set_row(last, LINE * _lines(row, tuple(columns.values())))
        for column, said in enumerate(row):
            style = tinted.get(str(said), plain) if column == 0 else plain
            if isinstance(said, (int, float)):
                page.write_number(last, column, said, plain)
            elif said:
                page.write_string(last, column, said, style)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last, len(columns) - 1)
    page.repeat_rows(0)
    _on_paper(page)


def _lines(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """How many lines the longest cell of a row needs; words leave about a tenth of a line empty."""
    return max(math.ceil(1.1 * len(str(said)) / width) for said, width in zip(row, widths, strict=True)) or 1


def _on_paper(sheet: Worksheet) -> None:
    """Printed, a sheet lies across the page and is one page wide."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def about(book: Workbook, facts: Iterable[tuple[str, str]]) -> None:
    """A sheet of names and what is said of each."""
    page = book.add_worksheet("About")
    label = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 100)
    for row, (name, said) in enumerate(facts):
        page.write_string(row, 0, name, label)
        page.write_string(row, 1, said, text)
    _on_paper(page)


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    what, by = checked(report)
    yield "Result", verdict(report)
    yield "Checked", what
    yield "Against", by
    yield "How checks ended", ended(report)
    yield from (("Not covered", f"{reason}: {codes}") for reason, codes in unrun(report))
    yield from (("Note", note) for note in report.notes)
    yield from (("Table", f"{i.table}: {plural(i.rows, 'row')} in {i.file} ({i.format})") for i in report.inputs)
    yield "Safety", "No cell of the return is in this file: rows are named by their numbers."
