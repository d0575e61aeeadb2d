"""Which file or sheet is which table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rdac_validator.findings import Group
from rdac_validator.formats import faults
from rdac_validator.formats.names import hint, plain
from rdac_validator.standard import Standard


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a table: its name as found, that name without suffix, and its place in words.

    ``place`` ("sheet 3 of the workbook") is what findings show; the names stay inside.
    """

    name: str
    stem: str
    place: str


@dataclass(frozen=True, slots=True)
class Matched:
    """The candidate of each table, in the order of the standard; and the faults of names."""

    tables: dict[str, Candidate]
    groups: tuple[Group, ...]


def match(candidates: Iterable[Candidate], standard: Standard, file: str) -> Matched:
    """Find the table of each candidate; the first of several wins. ``file`` is the safe name of what holds them."""
    tables: dict[str, Candidate] = {}
    groups: list[Group] = []
    unknown: list[Candidate] = []
    for candidate in candidates:
        table = plain(candidate.stem)
        if table not in standard.names:
            unknown.append(candidate)
        elif table in tables:
            groups.append(faults.TableTwice.at(table, file, what=candidate.place))
        else:
            tables[table] = candidate
            if candidate.stem != table:
                groups.append(faults.NameSpelling.at(table, file, what=candidate.place, table_read=table))
    absent = [name for name in standard.names if name not in tables]
    groups += [_unknown(candidate, absent, standard, file) for candidate in unknown]
    return Matched({name: tables[name] for name in standard.names if name in tables}, tuple(groups))


def _unknown(candidate: Candidate, absent: Sequence[str], standard: Standard, file: str) -> Group:
    """A file that is no table: an error where it probably is one that is missed."""
    if missed := hint(candidate.stem, absent):
        return faults.MisspeltTable.at("", file, what=candidate.place, hint=missed)
    return faults.UnknownFile.at("", file, what=candidate.place, hint=hint(candidate.stem, standard.names))
