"""XLSX workbooks: a sheet a table, cells turned into the text that would stand in CSV. Macros are never run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from rdac_validator.findings import Group
from rdac_validator.formats import archive, faults
from rdac_validator.formats.matching import Candidate, match
from rdac_validator.formats.names import Header, header
from rdac_validator.formats.source import DAMAGED_ARCHIVE, Reading, Source, gather
from rdac_validator.formats.xlsx_parts import Marks, marks
from rdac_validator.standard import Standard, Table
from rdac_validator.tables import ROW, Return, Text

Cell = int | float | str | bool | time | date | datetime | timedelta
_TEXTUAL = ("string", "code")


def read(source: Source, standard: Standard) -> Return:
    """Read every sheet that is named after a table. Rows have the numbers that the sheet shows.

    The stored result of a formula is its value. Dates become ISO text, whole numbers integers.
    """
    damaged = faults.UnreadableFile.at("", source.file, kind="an XLSX workbook")
    try:
        with source.open() as stream, ZipFile(stream) as parts:
            if refused := (*archive.too_large(parts, source.file), *archive.suspicious(parts, source.file)):
                return gather((), refused)
            marked = marks(parts)
        with source.open() as stream, CalamineWorkbook.from_filelike(stream) as book:
            return _sheets(book, marked, source, standard)
    except (*DAMAGED_ARCHIVE, CalamineError, LookupError, ExpatError):
        return gather((), (damaged,))


def _sheets(book: CalamineWorkbook, marked: dict[str, Marks], source: Source, standard: Standard) -> Return:
    names = enumerate(book.sheet_names, start=1)
    sheets = [Candidate(name, name, f"sheet {number} of the workbook") for number, name in names]
    found = match(sheets, standard, source.file)
    readings, notes = [], []
    for table, sheet in found.tables.items():
        mark = marked.get(sheet.name, Marks())
        rows: list[list[Cell]] = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        readings.append(_sheet(rows, mark, standard.table(table), source.file))
        if mark.formulas:
            notes.append(f"sheet `{table}` of the workbook holds formulas: their stored results were read")
    return gather(readings, found.groups, notes)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet whose header stands on row ``line``; ``rows`` are the rows below that hold something, by their number."""

    table: Table
    file: str
    line: int
    columns: Header
    rows: dict[int, list[Cell]]


def _sheet(rows: list[list[Cell]], mark: Marks, table: Table, file: str) -> Reading:
    filled = {number: row for number, row in enumerate(rows, start=1) if _filled(row)}
    if not filled:
        return Reading(None, (faults.EmptyFile.at(table.name, file),))
    width = max(_filled(row) for row in filled.values())
    line = next(iter(filled))
    headers = [_text(cell) for cell in filled.pop(line)[:width]]
    columns = header(headers, table, file, rows=[(line,)] * len(headers))
    if not columns.known:
        return Reading(None, (faults.NoHeader.at(table.name, file, (line,), table_read=table.name),))
    sheet = _Sheet(table, file, line, columns, filled)
    text = Text(table.name, file, "xlsx", _frame(sheet), len(filled), columns.known, columns.unknown)
    return Reading(text, (*columns.groups, *_blank(sheet), *_numbers(sheet), *_errors(sheet, mark)))


def _filled(row: list[Cell]) -> int:
    """The place of the last cell of a row that holds something, from 1; 0 for a blank row."""
    return next((len(row) - back for back, cell in enumerate(reversed(row)) if cell != ""), 0)


def _frame(sheet: _Sheet) -> pl.LazyFrame:
    data: dict[str, Sequence[object]] = {ROW: list(sheet.rows)}
    for place, name in enumerate(sheet.columns.names):
        data[name] = [_text(row[place]) or None for row in sheet.rows.values()]
    schema = {ROW: pl.UInt32, **dict.fromkeys(sheet.columns.names, pl.String)}
    return pl.DataFrame(data, schema=schema).select(ROW, *sheet.columns.kept).lazy()


def _text(cell: Cell) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def _blank(sheet: _Sheet) -> Iterator[Group]:
    blank = sorted(set(range(1, max(sheet.rows, default=sheet.line))) - set(sheet.rows) - {sheet.line})
    if blank:
        yield faults.BlankLine.at(sheet.table.name, sheet.file, blank)


def _numbers(sheet: _Sheet) -> Iterator[Group]:
    """Numbers in columns of text: Excel may have changed them on their way in."""
    for place, name in enumerate(sheet.columns.names):
        if name not in sheet.columns.known or sheet.table.column(name).type not in _TEXTUAL:
            continue
        rows = [number for number, row in sheet.rows.items() if type(row[place]) in (int, float)]
        if rows:
            yield faults.NumberInTextColumn.at(sheet.table.name, sheet.file, rows, (name,), name=name)


def _errors(sheet: _Sheet, mark: Marks) -> Iterator[Group]:
    rows: dict[int, list[int]] = {}
    for row, column in mark.errors:
        if row > sheet.line and column <= len(sheet.columns.names):
            rows.setdefault(column, []).append(row)
    for column, at in sorted(rows.items()):
        named = tuple({sheet.columns.names[column - 1]} & set(sheet.columns.known))
        yield faults.ErrorCell.at(sheet.table.name, sheet.file, at, named, position=column)
