"""Files that are no tables of the standard, read as text: a CSV file, or every sheet of a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from rdac_validator.findings import InputError
from rdac_validator.formats import archive
from rdac_validator.formats.csv_ import DELIMITERS
from rdac_validator.formats.encoding import utf8
from rdac_validator.formats.names import WIDE
from rdac_validator.formats.source import DAMAGED_ARCHIVE, Source
from rdac_validator.formats.xlsx_parts import marks

WORKBOOK = ".xlsx"
Cell = int | float | str | bool | time | date | datetime | timedelta


class PlaceError(InputError):
    """A deprivation file or a file of area codes cannot be used. The message holds nothing of what is in them."""


def folded(name: str) -> str:
    """A column name without what differs from copy to copy: capitals, spaces and punctuation."""
    return re.sub("[^a-z0-9]", "", name.casefold())


def grids(path: Path, what: str) -> Iterator[pl.DataFrame]:
    """Give the tables of a file, every cell text without spaces around it, blank cells null, columns by folded name.

    ``what`` names the file in messages. Raises :class:`PlaceError`.
    """
    source = Source(what, path)
    found = _sheets(source) if path.suffix.lower() == WORKBOOK else iter((_csv(source),))
    for grid in found:
        yield grid.with_columns(pl.all().str.strip_chars().replace("", None))


def _csv(source: Source) -> pl.DataFrame:
    decoded = utf8(source, "")
    if decoded.source is None:
        raise PlaceError(f"{source.file} is not text: give a CSV file or a workbook (.xlsx)")
    with decoded.source.open() as stream:
        head = stream.readline().decode("utf-8-sig")
    delimiter = max(DELIMITERS, key=head.count)
    if head.count(delimiter) >= WIDE:
        raise PlaceError(f"{source.file} has more columns than any such file")
    try:
        frame = pl.read_csv(decoded.source.scannable(), separator=delimiter, infer_schema=False, glob=False)
    except (pl.exceptions.PolarsError, OSError):
        # the error quotes the line: it goes no further
        raise PlaceError(f"{source.file} is not a CSV file with one header and as many cells in every line") from None
    return _named(frame.columns, frame)


def _sheets(source: Source) -> Iterator[pl.DataFrame]:
    try:
        with source.open() as stream, ZipFile(stream) as parts:
            refused = (*archive.too_large(parts, source.file), *archive.suspicious(parts, source.file))
            if not refused:
                marks(parts)  # raises where a sheet is too wide and long to be read
        if refused:
            raise PlaceError(f"{source.file} unpacks to far more than such a workbook holds")
        with source.open() as stream, CalamineWorkbook.from_filelike(stream) as book:
            sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except (*DAMAGED_ARCHIVE, CalamineError, LookupError, ExpatError):
        raise PlaceError(f"{source.file} is damaged, or is no workbook") from None
    for rows in sheets:
        filled = [row for row in rows if any(cell != "" for cell in row)]
        if filled:
            yield _sheet(filled)


def _sheet(rows: Sequence[Sequence[Cell]]) -> pl.DataFrame:
    head, *body = rows
    columns = {str(place): [_text(row[place]) for row in body] for place in range(len(head))}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return _named([_text(cell) for cell in head], frame)


def _named(names: Sequence[str], frame: pl.DataFrame) -> pl.DataFrame:
    """Columns by their folded names, the first of those that have the same one."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(folded(name), place)
    return pl.DataFrame([frame.to_series(place).alias(name) for name, place in places.items()])


def _text(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
