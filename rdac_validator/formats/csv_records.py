"""CSV read record by record with exact line numbers: the slow way, for files that have faults or quotation marks."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper

from rdac_validator.findings import no_rows
from rdac_validator.formats.source import Source


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the physical line on which it begins, and its cells, ``None`` where they cannot be parted.

    ``simple`` says that it takes one line, which is ended by a line feed, perhaps with a carriage return before it.
    """

    line: int
    simple: bool
    cells: list[str] | None

    @property
    def blank(self) -> bool:
        """Whether the record holds nothing, or nothing but delimiters."""
        return self.cells is not None and not any(self.cells)


class _Lines:
    """Lines that can be given back, so that a quotation mark that is never closed costs one line and not the rest."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: list[str] = []
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._lines)
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """Take only the first of the lines taken for the present record, and return the others."""
        self._back.extend(reversed(self.taken[1:]))
        del self.taken[1:]


def records(source: Source, delimiter: str) -> Iterator[Record]:
    """The records of a UTF-8 file, its header included.

    A quoted cell may hold line breaks. Where a quotation mark is not closed within the 131,072 characters that the csv
    module allows a cell, or is followed by text, the line on which the record began is given as unreadable and reading
    goes on with the next line.
    """
    with closing(TextIOWrapper(source.open(), encoding="utf-8-sig", newline="\n")) as stream:
        lines = _Lines(stream)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        line = 1
        while True:
            lines.taken.clear()
            try:
                cells: list[str] | None = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = None
                lines.give_back()
            yield Record(line, _simple(lines.taken), cells)
            line += len(lines.taken)


def _simple(lines: list[str]) -> bool:
    first = lines[0]
    return len(lines) == 1 and ("\r" not in first or first.find("\r") == first.find("\r\n"))


@dataclass(slots=True)
class Survey:
    """What stands below the header line by line: the number of good rows, and the lines of all that was left out.

    ``regular`` says that polars, given the file as it stands, would read the same rows under the same line numbers;
    ``quoted`` that there may be quotation marks.
    """

    rows: int = 0
    regular: bool = True
    quoted: bool = True
    short: array[int] = field(default_factory=no_rows)
    long: array[int] = field(default_factory=no_rows)
    blank: array[int] = field(default_factory=no_rows)
    broken: array[int] = field(default_factory=no_rows)

    @property
    def damaged(self) -> bool:
        """Whether rows that hold something were left out."""
        return bool(self.short or self.long or self.broken)

    def end(self, last: int) -> None:
        """Forget the blank lines after ``last``, the last line that holds something: an end of file is no fault."""
        self.regular = self.regular and not (self.damaged or self.blank)
        while self.blank and self.blank[-1] > last:
            self.blank.pop()


def survey(source: Source, delimiter: str, header: int, width: int) -> Survey:
    """Look at every record of a file whose header stands on line ``header`` and has ``width`` columns."""
    found, last = Survey(), header
    for record in records(source, delimiter):
        cells = record.cells
        if record.line == header:
            found.regular = record.simple
        elif cells is None:
            found.broken.append(record.line)
        elif not any(cells):
            found.blank.append(record.line)
            continue
        elif len(cells) != width:
            (found.short if len(cells) < width else found.long).append(record.line)
        else:
            found.rows += 1
            # polars refuses a quotation mark inside an unquoted cell, which the csv module reads
            found.regular = found.regular and record.simple and '"' not in "".join(cells)
        last = record.line
    found.end(last)
    return found


def rebuilt(source: Source, delimiter: str, header: int, width: int) -> bytes:
    """The good rows of a file as comma-separated UTF-8 without a header, each led by its line number."""
    buffer = BytesIO()
    text = TextIOWrapper(buffer, encoding="utf-8", newline="", write_through=True)
    # the csv module quotes the characters of the line end that it writes, so a lone carriage return is safe
    writer = csv.writer(text, lineterminator="\r\n")
    for record in records(source, delimiter):
        cells = record.cells
        if record.line > header and cells is not None and len(cells) == width and any(cells):
            writer.writerow((record.line, *cells))
    return buffer.getvalue()
