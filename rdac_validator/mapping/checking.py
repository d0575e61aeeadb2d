"""A mapping held against an export, and nothing written: what it does not read, does not know, and does not fill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.mapping.applying import Work, apply, inputs_of
from rdac_validator.mapping.cells import Block
from rdac_validator.mapping.document import Mapping
from rdac_validator.mapping.exports import Export
from rdac_validator.mapping.findings import unknown
from rdac_validator.place import DECILE, INDEX
from rdac_validator.pseudonyms import fresh_key
from rdac_validator.reports.text import plural
from rdac_validator.standard import PROFILES, TIERS, Column, Standard


@dataclass(frozen=True, slots=True)
class Checked:
    """Findings as the mapping would give them, what the mapping leaves out in sentences, and codes nobody knows.

    ``codes`` holds cell values: it is empty unless they were asked for, and is for a terminal only.
    """

    groups: tuple[Group, ...]
    said: tuple[str, ...]
    codes: tuple[str, ...]


def check(mapping: Mapping, exports: Dictionary[str, Export], standard: Standard, *, values: bool = False) -> Checked:
    """Check a mapping against an export. Raises :class:`ExportError` as :func:`~rdac_validator.mapping.apply` does."""
    done = apply(mapping, exports, standard, fresh_key())
    said = [*done.said, "", *_unread(mapping, exports, values), "", *_unfilled(mapping, standard)]
    codes = tuple(_codes(mapping, exports, standard)) if values else ()
    return Checked(done.groups, tuple(said), codes)


def _unread(mapping: Mapping, exports: Dictionary[str, Export], values: bool) -> Iterator[str]:
    """Columns that nothing reads, by their places: a file without a header has a child's record there."""
    read = mapping.columns()
    for name, given in mapping.inputs.items():
        headers = list(exports[name].headers.items())
        rest = [
            f"column {number}" + (f" `{header}`" if values else "")
            for number, (column, header) in enumerate(headers, start=1)
            if column not in read[name] and column not in given.unused
        ]
        yield f"{name}: columns that nothing reads: {', '.join(rest) or 'none'}"


def filled(mapping: Mapping, table: str) -> set[str]:
    """The columns of a table that a block of the mapping fills."""
    blocks = mapping.tables.get(table, ())
    placed = {DECILE, INDEX} if any(block.area for block in blocks) else set()
    return placed | {column for block in blocks for column in block.cells}


def _unfilled(mapping: Mapping, standard: Standard) -> Iterator[str]:
    """Columns of the standard without a source: a count a tier, and the names where the profile asks for the tier."""
    without: list[tuple[str, Column]] = []
    asked: Counter[str] = Counter()
    for table in standard.tables:
        if not table.optional:
            columns = [column for column in table.columns if column.tier and not column.derived]
            asked.update(column.tier for column in columns)
            without += [(table.name, column) for column in columns if column.name not in filled(mapping, table.name)]
    lacking = Counter(column.tier for _, column in without)
    yield "Columns of the standard that nothing fills:"
    for tier in TIERS:
        names = ", ".join(f"{table}.{column.name}" for table, column in without if column.tier == tier)
        told = f": {names}" if names and TIERS.index(tier) <= PROFILES.index(mapping.profile) else ""
        yield f"  {tier}: {lacking[tier]} of {asked[tier]}{told}"


def _codes(mapping: Mapping, exports: Dictionary[str, Export], standard: Standard) -> Iterator[str]:
    """The codes that the mapping does not know, each with the number of cells that hold it."""
    inputs = inputs_of(mapping, exports, b"")
    for table, blocks in mapping.tables.items():
        work = Work(standard.table(table), mapping, exports, inputs, standard, b"")
        for block in blocks:
            if block.source:
                yield from _codes_of(block, table, work.rows(table, block))


def _codes_of(block: Block, table: str, rows: pl.DataFrame) -> Iterator[str]:
    for column, cell in block.cells.items():
        counted = unknown(cell, block, rows).group_by("column", "text").len().sort("column", "text")
        for source, text, number in counted.iter_rows():
            yield f"{table}.{column}: `{source}` holds {text!r} in {plural(number, 'row')}"
