"""The tables of an export, whatever their columns are, through the readers of :mod:`rdac_validator.formats`.

An export is read as if it were a return of a standard that has just its columns, so that encodings, delimiters, ragged
rows and broken quotes are met in the same way. Columns are called by their plain names: lower case, ``_`` for a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from rdac_validator.findings import Group, InputError
from rdac_validator.formats import archive, csv_, faults, parquet, xlsx
from rdac_validator.formats.csv_records import records
from rdac_validator.formats.encoding import utf8
from rdac_validator.formats.folder import hidden, within
from rdac_validator.formats.names import WIDE, plain
from rdac_validator.formats.source import DAMAGED_ARCHIVE, Source
from rdac_validator.formats.xlsx_parts import marks
from rdac_validator.mapping.cells import Input
from rdac_validator.standard import Column, Standard, Table

KINDS = (".csv", ".xlsx", ".parquet")
# an export has its own names, and its numbers are text to us
_HARMLESS = {faults.HeaderSpelling.code, faults.NumberInTextColumn.code, faults.WrongDelimiter.code}


_NAME = re.compile(r"[^\W\d_][\w /()?.,&'-]{0,47}")
_BOOK = "a workbook of the export"
_NUMBERS = re.compile(r"\d{4}")


# numbers, days, references, yes and no
_CELL = re.compile(r"(?i)[-+]?\d[\d\s./:,+%-]*(?:t[\d:.]+z?)?|[a-z]{0,3}\d{4,}[a-z]?|yes|no|true|false|[yn]")
HEADLESS = "its first line looks like a row and not like a header: write the names of the columns into a line above it"


class ExportError(InputError):
    """An export cannot be used as it is; the message is for people and holds no cell value."""


def speakable(header: str) -> bool:
    """Whether a header may be shown: it reads as a name, and not as a cell of a file that has no header."""
    return bool(_NAME.fullmatch(header)) and not _NUMBERS.search(header)


def headless(headers: Sequence[str]) -> bool:
    """Whether what should be a header looks like a row of data: a third of it reads as cells do."""
    return 3 * sum(bool(_CELL.fullmatch(header.strip())) for header in headers) >= len(headers) > 0


@dataclass(frozen=True, slots=True)
class Export:
    """One table of an export: every cell text, by plain column name; ``headers`` are the names as they stand."""

    file: str
    frame: pl.LazyFrame
    rows: int
    headers: Mapping[str, str]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table of an export is: a file, and the sheet if the file is a workbook."""

    path: Path
    sheet: str = ""

    @property
    def name(self) -> str:
        """The sheet's name, or that of the file without its ending."""
        return self.sheet or self.path.stem


def places(paths: Iterable[Path]) -> tuple[Place, ...]:
    """Find the tables in files and folders, a workbook's sheets each by itself.

    Raises :class:`ExportError` where there is none.
    """
    found = tuple(place for path in paths for place in _places(path))
    if not found:
        raise ExportError(f"the export holds no table: a table is a file of one of these kinds: {', '.join(KINDS)}")
    return found


def _places(path: Path) -> Iterator[Place]:
    if path.is_dir():
        for item in sorted(path.iterdir()):
            if item.suffix.lower() in KINDS and not hidden(item.name) and within(item, path.resolve()):
                yield from _places(item)
    elif path.suffix.lower() not in KINDS:
        raise ExportError(f"an export is read from files of one of these kinds: {', '.join(KINDS)}")
    elif path.suffix.lower() == ".xlsx":
        yield from (Place(path, sheet) for sheet in _headers_of_workbook(path))
    else:
        yield Place(path)


def located(inputs: Mapping[str, Input], found: Sequence[Place]) -> dict[str, Place]:
    """The place of each input. Raises :class:`ExportError` where an input has none, or more than one."""
    if len(inputs) == len(found) == 1:
        return dict.fromkeys(inputs, found[0])
    return {name: _located(item, found) for name, item in inputs.items()}


def _located(item: Input, found: Sequence[Place]) -> Place:
    sheet, file = plain(item.sheet), item.file.casefold() or f"{item.name}.*"
    meant = [
        place
        for place in found
        if (plain(place.sheet) == sheet if sheet else fnmatch(place.path.name.casefold(), file))
    ]
    if len(meant) != 1:
        asked = f"sheet {item.sheet}" if item.sheet else file
        how_many = "no table" if not meant else f"{len(meant)} tables"
        raise ExportError(f"the input `{item.name}` of the mapping is {asked}, and the export has {how_many} so called")
    return meant[0]


def opened(inputs: Mapping[str, Input], paths: Iterable[Path]) -> dict[str, Export]:
    """The table of each input of a mapping, from the files and folders of an export. Raises :class:`ExportError`."""
    found = located(inputs, places(paths))
    with ThreadPoolExecutor() as pool:
        # a mapping reads its inputs once, and makes of them what it needs
        opening = {name: pool.submit(read, place, name, hold=False) for name, place in found.items()}
        return {name: opened.result() for name, opened in opening.items()}


def read(place: Place, name: str, *, hold: bool = True) -> Export:
    """Read a table of an export, which findings then call ``name``; ``hold`` as the reader of CSV has it.

    Raises :class:`ExportError` where nothing in it can be read, or two columns have one name.
    """
    suffix = place.path.suffix.lower()
    source = Source(f"{name}{suffix}", place.path)
    try:
        headers = _headers(source, place)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise ExportError(f"`{name}` of the export cannot be opened as {suffix}: is it damaged?") from error
    table = _table(plain(place.name) if place.sheet else name, headers, name)
    if suffix == ".xlsx":
        given = xlsx.read(source, Standard("", (table,), (), {}))
        text, groups = given.texts.get(table.name), given.groups
        groups = tuple(group for group in groups if group.table == table.name)
    else:
        reading = csv_.read(source, table, hold=hold) if suffix == ".csv" else parquet.read(source, table)
        text, groups = reading.text, reading.groups
    if text is None:
        said = "; ".join(group.message for group in groups)
        raise ExportError(f"`{name}` of the export cannot be read: {said or 'it has no header and no rows'}")
    kept = tuple(replace(group, table="") for group in groups if group.code not in _HARMLESS)
    named = {plain(header): header for header in headers}
    return Export(source.file, text.frame, text.rows, {column: named[column] for column in text.headers}, kept)


def _headers(source: Source, place: Place) -> list[str]:
    match place.path.suffix.lower():
        case ".csv":
            return _headers_of_csv(source)
        case ".parquet":
            return list(pl.scan_parquet(source.scannable(), glob=False).collect_schema())
        case _:
            return _headers_of_workbook(place.path)[place.sheet]


def _headers_of_csv(source: Source) -> list[str]:
    """The first line that is not blank, cut by the delimiter that gives most cells."""
    decoded = utf8(source, "").source
    best: list[str] = []
    if decoded is None:
        return best
    for delimiter in csv_.DELIMITERS:
        begun = islice(records(decoded, delimiter), csv_.DEEPEST)
        first = next((record for record in begun if not record.blank), None)
        if first and len(first.cells or ()) > len(best):
            best = list(first.cells or ())
    return best


def _headers_of_workbook(path: Path) -> dict[str, list[str]]:
    """The first row of each sheet that holds something."""
    try:
        with ZipFile(path) as parts:
            if refused := (*archive.too_large(parts, _BOOK), *archive.suspicious(parts, _BOOK)):
                raise ExportError(f"{_BOOK} cannot be read: {refused[0].message}")
            marks(parts)  # raises where a sheet is too wide and long to be read
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (*DAMAGED_ARCHIVE, CalamineError, LookupError, ExpatError) as error:
        raise ExportError(
            f"{_BOOK} cannot be opened: is it damaged, protected, or far larger than it looks?"
        ) from error
    filled = {name: next((row for row in rows if any(cell != "" for cell in row)), []) for name, rows in sheets.items()}
    return {name: [str(cell) for cell in row] for name, row in filled.items() if row}


def _table(table: str, headers: Sequence[str], name: str) -> Table:
    names = [plain(header) for header in headers if plain(header)]
    if len(headers) > WIDE:
        raise ExportError(f"`{name}` of the export has more than {WIDE:,} columns: leave out what no mapping needs")
    first = dict(zip(reversed(names), range(len(names), 0, -1), strict=True))
    twice = next((number for number, header in enumerate(names, start=1) if first[header] < number), 0)
    if twice and headless(headers):
        raise ExportError(f"`{name}` of the export has no header: {HEADLESS}")
    if twice:
        raise ExportError(f"column {twice} of `{name}` in the export has the name of a column before it: rename one")
    return Table(table, "", "", (), tuple(map(_column, names)), False, {})


def _column(name: str) -> Column:
    return Column(
        name=name,
        title=name,
        description="",
        type="string",
        lists=(),
        multiple=False,
        coded=False,
        required=False,
        references="",
        pattern="",
        minimum=None,
        maximum=None,
        tier="",
        derived=False,
        privacy="",
        evidence=(),
        decision="",
        from_cin="",
        from_scotland="",
        notes={},
    )
