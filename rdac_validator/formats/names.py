"""Names as people write them against names of the standard: columns of a header, tables among files and sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from rdac_validator.findings import Group
from rdac_validator.formats import faults
from rdac_validator.standard import Table

# below this likeness a proposal misleads more often than it helps: `sex` is not `gender`
ALIKE = 75
# a table of the standard has at most 22 columns, and every strange one is searched for what must not be there
WIDE = 1_000
_SPACES = str.maketrans({" ": "_", "-": "_", "\u00a0": "_"})


def plain(name: str) -> str:
    """A name in lower case, without spaces around it, and with ``_`` for the spaces and hyphens inside."""
    return name.strip().casefold().translate(_SPACES)


def hint(name: str, names: Iterable[str]) -> str:
    """``; did you mean `x`?`` with the one of ``names`` most like ``name``, or nothing."""
    best = process.extractOne(plain(name), list(names), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return f"; did you mean `{best[0]}`?" if best else ""


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of one file.

    ``names`` are the names inside the frame, one for each column of the file, in order: the standard's name,
    ``_unknown_7``, or ``_doubled_7`` for a column that was there before. ``known`` are those of the standard.
    ``unknown`` leads from a name inside the frame to the header in the file, which is never printed.
    """

    names: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns of the frame: known ones in file order, then unknown ones."""
        return (*self.known, *self.unknown)


def header(cells: Sequence[str], table: Table, file: str, rows: Sequence[Sequence[int]] = ()) -> Header:
    """Match the headers of a file with the columns of ``table``; ``rows`` says where each is told, if at any row.

    More than :data:`WIDE` headers, of which most must be strange, are those of no table: nothing matches.
    """
    if len(cells) > max(WIDE, len(table.names)):
        return Header()
    places: dict[str, int] = {}
    names, searched = [], frozenset(table.names)
    for position, cell in enumerate(cells, start=1):
        name = plain(cell)
        if name not in searched:
            names.append(f"_unknown_{position}")
        elif places.setdefault(name, position) != position:
            names.append(f"_doubled_{position}")
        else:
            names.append(name)
    unknown = {name: cell for name, cell in zip(names, cells, strict=True) if name.startswith("_unknown_")}
    told = rows or [()] * len(cells)
    groups = (*_unknown(unknown, places, table, file, told), *_known(cells, places, table, file, told))
    return Header(tuple(names), tuple(places), unknown, groups)


def _unknown(
    unknown: Mapping[str, str], places: Mapping[str, int], table: Table, file: str, rows: Sequence[Sequence[int]]
) -> Iterator[Group]:
    absent = [name for name in table.names if name not in places]
    for name, cell in unknown.items():
        position = int(name.removeprefix("_unknown_"))
        at, asked = rows[position - 1], hint(cell, absent)
        fault = faults.UnknownColumn.at(table.name, file, at, position=position, table_read=table.name, hint=asked)
        yield replace(fault, unknown=name)


def _known(
    cells: Sequence[str], places: Mapping[str, int], table: Table, file: str, rows: Sequence[Sequence[int]]
) -> Iterator[Group]:
    for position, cell in enumerate(cells, start=1):
        name, at = plain(cell), rows[position - 1]
        first = places.get(name, position)
        if first != position:
            yield faults.DoubledColumn.at(table.name, file, at, (name,), first=first, position=position, name=name)
        if name in places and cell != name:
            yield faults.HeaderSpelling.at(table.name, file, at, (name,), position=position, name=name)
