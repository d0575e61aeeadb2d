"""The children of each deprivation tenth: a file that the authority gives, since no return holds them.

A CSV file with the columns ``deprivation_index``, ``deprivation_decile``, ``children``, and perhaps ``period``: the
first day of the period that a line is for; where it is blank, it is for every period that has no lines of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from rdac_validator.findings import InputError
from rdac_validator.formats.csv_ import DELIMITERS
from rdac_validator.formats.csv_records import Record, records
from rdac_validator.formats.encoding import utf8
from rdac_validator.formats.names import plain
from rdac_validator.formats.source import Source
from rdac_validator.metrics.axes import TENTHS
from rdac_validator.standard import Standard

FILE = "the populations file"
INDEX, TENTH, CHILDREN, PERIOD = "deprivation_index", "deprivation_decile", "children", "period"
NEEDED = (INDEX, TENTH, CHILDREN)
# a line for each tenth of each index and period: with more the file is another
LINES = 10_000
NUMBER = r"[0-9]{1,9}"
Line = dict[str, str]


class PopulationsError(InputError):
    """The file cannot be used. The message says where and how to mend it, and holds nothing of what is in the file."""


@dataclass(frozen=True, slots=True)
class Populations:
    """Children by index and period, for the tenths in order, the most deprived first; "" is every other period."""

    children: Mapping[tuple[str, str], tuple[int, ...]]

    def of(self, index: str, start: str) -> tuple[int, ...] | None:
        """The children of the ten tenths of an index, for the period that begins on a day; none if it has none."""
        return self.children.get((index, start)) or self.children.get((index, ""))


def read(path: Path, standard: Standard) -> Populations:
    """Read the file. Raises :class:`PopulationsError`."""
    indexes = standard.lists["DeprivationIndex"].codes
    decoded = utf8(Source(FILE, path), "")
    if decoded.source is None:
        raise PopulationsError(f"{FILE} is no text: give a CSV file with the columns {', '.join(NEEDED)}")
    delimiter, places = _header(decoded.source)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for record in islice(records(decoded.source, delimiter), 1, None):
        if record.line > LINES:
            raise PopulationsError(f"{FILE} has more than {LINES:,} lines: it takes one for each tenth of an index")
        if record.cells is not None and not any(record.cells):
            continue
        line = _cells(record, places)
        faults = list(_faults(line, indexes))
        if faults:
            raise _at(record.line, *faults[0])
        tenths = found.setdefault((line[INDEX], line[PERIOD]), {})
        if line[TENTH] in tenths:
            raise _at(record.line, TENTH, "this tenth of this index and period is there already: keep one line")
        tenths[line[TENTH]] = int(line[CHILDREN])
    return Populations(dict(_whole(found)))


def _header(source: Source) -> tuple[str, dict[str, int]]:
    """The delimiter under which the first line has the columns, and their places. Others are passed over."""
    for delimiter in DELIMITERS:
        first = next(records(source, delimiter), None)
        names = [plain(cell) for cell in (first.cells or [])] if first else []
        places = {name: names.index(name) for name in (*NEEDED, PERIOD) if name in names}
        twice = [name for name in places if names.count(name) > 1]
        if twice:
            raise PopulationsError(f"{FILE}, line 1: two columns are named {twice[0]}: keep one")
        if places.keys() >= set(NEEDED):
            return delimiter, places
    raise PopulationsError(f"{FILE}, line 1: it must be a header with the columns {', '.join(NEEDED)}")


def _cells(record: Record, places: Mapping[str, int]) -> Line:
    if record.cells is None or len(record.cells) <= max(places.values()):
        raise PopulationsError(f"{FILE}, line {record.line}: write one cell for each column of the header")
    return {PERIOD: ""} | {name: record.cells[place].strip() for name, place in places.items()}


def _faults(line: Line, indexes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The columns at fault, and how each is mended."""
    if line[INDEX] not in indexes:
        yield INDEX, f"write the code of an index: {', '.join(indexes)}"
    if line[TENTH] not in TENTHS:
        yield TENTH, "write a whole number from 1 (the most deprived tenth) to 10"
    if not re.fullmatch(NUMBER, line[CHILDREN]):
        yield CHILDREN, "write a whole number in digits alone, without commas, spaces or decimals; 0 where nobody lives"
    if line[PERIOD] and not _day(line[PERIOD]):
        yield PERIOD, "write the first day of the period as the return does, year-month-day, or leave it blank"


def _day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _whole(found: Mapping[tuple[str, str], Mapping[str, int]]) -> Iterator[tuple[tuple[str, str], tuple[int, ...]]]:
    """Every index and period with its ten tenths; raises where one is absent, or all are empty."""
    if not found:
        raise PopulationsError(f"{FILE} has a header and no line below it: write one for each tenth of an index")
    for key, tenths in found.items():
        absent = [tenth for tenth in TENTHS if tenth not in tenths]
        if absent:
            said = f"tenths {', '.join(absent)} of {key[0]}" + (" for one of the periods" if key[1] else "")
            raise PopulationsError(f"{FILE} has no line for {said}: write all ten, with 0 where nobody lives")
        if not any(tenths.values()):
            raise PopulationsError(f"{FILE} has no children at all in {key[0]}: a rate needs those who live there")
        yield key, tuple(tenths[tenth] for tenth in TENTHS)


def _at(line: int, column: str, fix: str) -> PopulationsError:
    return PopulationsError(f"{FILE}, line {line}, column {column}: {fix}")
