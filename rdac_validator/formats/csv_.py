"""CSV files. A clean file is handed to polars as it stands; others are first read record by record.

polars pads short rows, keeps blank lines as rows and raises without a row number on long ones, so the shape of every
line is looked at first. A line's *shape* is what remains of it when all but delimiters and the characters that need
care are taken away: in a clean file all lines have the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.formats import csv_records, faults
from rdac_validator.formats.csv_records import Survey, records
from rdac_validator.formats.encoding import utf8
from rdac_validator.formats.names import Header, header
from rdac_validator.formats.source import BLOCK, Reading, Source
from rdac_validator.standard import Table
from rdac_validator.tables import ROW, Text

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
# files above this many bytes are not held in memory: every pass reads them again
LARGE = 64 << 20
# a header stands in the first lines of a file, or nowhere
DEEPEST = 1_000
# what the csv module allows a cell: longer lines are looked at record by record
LONGEST = 1 << 17


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: its delimiter, its header, and the line that the header stands on (0: there is none)."""

    delimiter: str
    header: Header
    line: int

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.header.names)


def read(source: Source, table: Table, *, hold: bool = True) -> Reading:
    """Read one table. Rows are numbered by the physical line on which they begin, the header counted, from 1.

    The rows of a file that is not large are held in memory, for those who look at them again and again; without
    ``hold`` they are read from the file each time.
    """
    decoded = utf8(source, table.name)
    if decoded.source is None:
        return Reading(None, decoded.groups)
    layout = _layout(decoded.source, table)
    if not layout.header.known:
        return Reading(None, (*decoded.groups, _no_table(layout, table, source)))
    text, groups = _body(decoded.source, layout, table, hold)
    return Reading(text, (*decoded.groups, *_layout_faults(layout, table, source), *groups))


def _layout(source: Source, table: Table) -> Layout:
    """The layout under which the header names most columns of the table; commas where nothing tells."""
    best = Layout(",", Header(), 0)
    for delimiter in DELIMITERS:
        first = next((record for record in islice(records(source, delimiter), DEEPEST) if not record.blank), None)
        if first is None:
            return best
        cells = first.cells or ()
        named = header(cells, table, source.file, rows=[(first.line,)] * len(cells))
        candidate = Layout(delimiter, named, first.line)
        if not best.line or len(candidate.header.known) > len(best.header.known):
            best = candidate
    return best


def _layout_faults(layout: Layout, table: Table, source: Source) -> Iterator[Group]:
    if layout.delimiter != ",":
        name = DELIMITERS[layout.delimiter]
        yield faults.WrongDelimiter.at(table.name, source.file, (layout.line,), delimiter=name)
    yield from layout.header.groups


def _no_table(layout: Layout, table: Table, source: Source) -> Group:
    if layout.line:
        return faults.NoHeader.at(table.name, source.file, (layout.line,), table_read=table.name)
    return faults.EmptyFile.at(table.name, source.file)


def _body(source: Source, layout: Layout, table: Table, hold: bool) -> tuple[Text, tuple[Group, ...]]:
    """The rows below the header, and the faults of their shape."""
    survey = _uniform(source, layout)
    if survey is None:
        survey = csv_records.survey(source, layout.delimiter, layout.line, layout.width)
    header = layout.header
    frame = _frame(source, layout, survey).select(ROW, *header.kept)
    held = frame.collect().lazy() if hold and source.size <= LARGE else frame
    text = Text(table.name, source.file, "csv", held, survey.rows, header.known, header.unknown, survey.damaged)
    return text, tuple(_shape_faults(survey, layout, table, source))


def _uniform(source: Source, layout: Layout) -> Survey | None:
    """What a survey would find if every line is one row of the right width, without a quotation mark in the file.

    ``None`` where that is not certain.
    """
    if layout.line != 1:
        return None
    delimiters = layout.delimiter.encode() * (layout.width - 1)
    others = bytes(byte for byte in range(256) if byte not in f'{layout.delimiter}"\r\n'.encode())
    rows = 0
    for block in source.blocks(skip=1):
        if len(block) > BLOCK + LONGEST or _stray(block):
            return None
        end = b"\r\n" if b"\r" in block else b"\n"
        line, whole = delimiters + end, block if block.endswith(b"\n") else block + end
        shape = whole.translate(None, others)
        here = len(shape) // len(line)
        if shape != here * line or whole.startswith(line) or b"\n" + line in whole:
            return None
        rows += here
    return Survey(rows, quoted=False)


def _stray(lines: bytes) -> bool:
    """Whether a carriage return stands anywhere but before a line feed."""
    return b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n")


def _frame(source: Source, layout: Layout, survey: Survey) -> pl.LazyFrame:
    if not survey.regular or layout.line != 1:
        return _rebuilt(source, layout)
    frame = _scan(source, layout)
    # polars takes `""` for text without letters, and nothing at all for null
    return frame.with_columns(pl.col(layout.header.kept).replace("", None)) if survey.quoted else frame


def _scan(source: Source, layout: Layout) -> pl.LazyFrame:
    """The file as it stands, when every line is one row."""
    columns = dict.fromkeys(layout.header.names, pl.String)
    return pl.scan_csv(
        source.scannable(),
        has_header=False,
        skip_lines=1,
        separator=layout.delimiter,
        schema=columns,
        row_index_name=ROW,
        row_index_offset=2,
        glob=False,  # a folder's name may hold brackets and stars
    )


def _rebuilt(source: Source, layout: Layout) -> pl.LazyFrame:
    """The good rows of a file in which not every line is one row."""
    rows = csv_records.rebuilt(source, layout.delimiter, layout.line, layout.width)
    columns = {ROW: pl.UInt32, **dict.fromkeys(layout.header.names, pl.String)}
    return pl.scan_csv(BytesIO(rows), has_header=False, schema=columns, raise_if_empty=False)


def _shape_faults(survey: Survey, layout: Layout, table: Table, source: Source) -> Iterator[Group]:
    ragged = (
        (survey.short, "fewer", "write every cell, blank ones too"),
        (survey.long, "more", "put a cell that holds a comma between quotation marks"),
    )
    for rows, how, fix in ragged:
        if rows:
            yield faults.RaggedRow.at(table.name, source.file, rows, how=how, width=layout.width, fix=fix)
    if survey.blank:
        yield faults.BlankLine.at(table.name, source.file, survey.blank)
    if survey.broken:
        yield faults.BrokenQuote.at(table.name, source.file, survey.broken)
