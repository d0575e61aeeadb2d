"""The report as a workbook: findings, what stays dark, the tables and their figures, and what it is about."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlsxwriter

from rdac_validator.quality import records
from rdac_validator.quality.content import Content
from rdac_validator.quality.derived import SAID, Derived
from rdac_validator.quality.json_ import number
from rdac_validator.quality.records import Cell
from rdac_validator.reports.xlsx import CREATED, about, sheet

FINDINGS = {"Metric": 10, "Finding": 80, "Count": 10, "Of": 10, "Percent": 10, "95% from": 10, "95% to": 10}
FINDINGS |= {"Reliability": 20, "Table": 24}
DARK = {"Metric": 10, "What it asks": 60, "Period": 26, "To collect": 60}
TABLES = dict(zip(map(str.capitalize, records.INDEX), (30, 10, 30, 60, 24, 40, 26, 30, 40, 40), strict=True))
FIGURES = {"Table": 40, "At": 70, "Count": 10, "Percent": 10, "Of": 10}


def render(content: Content) -> bytes:
    """The workbook's bytes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "rdac report", "created": CREATED})
        sheet(book, "Findings", FINDINGS, _findings(content))
        sheet(book, "Stays dark", DARK, _dark(content))
        sheet(book, "Tables", TABLES, records.index(content))
        sheet(book, "Figures", FIGURES, _figures(content))
        for one in content.derived:
            sheet(book, one.name, _widths(one), records.entries(one))
        about(book, _facts(content))
    return stream.getvalue()


def _findings(content: Content) -> Iterator[tuple[Cell, ...]]:
    for one in content.findings:
        ends = one.interval or ("", "")
        numbers = (number(one.part), number(one.whole), number(one.share))
        reliability = "low: base under 30" if one.low else ""
        yield (one.layout.asked.metric, one.sentence, *numbers, *ends, reliability, one.layout.table.name)


def _dark(content: Content) -> Iterator[tuple[Cell, ...]]:
    for one in content.dark:
        yield one.metric.code, one.metric.title, one.period.name, ", ".join(one.fields)


def _figures(content: Content) -> Iterator[tuple[Cell, ...]]:
    for layout in content.layouts:
        names = [axis.variable for axis in layout.table.by]
        for row in records.figures(layout):
            at, numbers = row[: len(names)], row[len(names) :]
            where = "; ".join(f"{name}: {level}" for name, level in zip(names, at, strict=True))
            yield (layout.table.name, where, *numbers)


def _widths(one: Derived) -> dict[str, int]:
    """The width of each column: the first says what a row is about."""
    return {name: 12 if figures else 40 for name, figures in zip(one.columns, one.numbers(), strict=True)}


def _facts(content: Content) -> Iterator[tuple[str, str]]:
    yield "Report", "Data quality of records on domestic abuse in children's social care"
    yield from (("Period", period.name) for period in content.quality.periods)
    yield from (("Note", note) for note in content.notes)
    yield from (("Protection", sentence) for sentence in content.protection())
    for one in content.derived:
        yield one.name, "; ".join((one.title, *(f"{name}: {one.notes[name]}" for name in SAID), one.read))
    yield "Exclusions", "None: what is not known is a category."
    yield "Standard", f"Proposed, version {content.quality.standard_version}; rdac {content.quality.tool_version}"
