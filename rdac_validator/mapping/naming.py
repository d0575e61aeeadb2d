"""Pseudonyms for the ids of a whole export: each thing is named once, in however many tables and inputs it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from rdac_validator.mapping.cells import Cell, source_of
from rdac_validator.pseudonyms import namer

SOURCE, NAME = "source", "name"


def column_of(cell: Cell) -> str:
    """The column, beside those of an input, that holds the pseudonyms of an id; no export has such a column."""
    return "\x1f".join(("_id", cell.kind, cell.also, *cell.parts))


@dataclass
class Naming:
    """What was named so far, by kind. ``key`` makes the pseudonyms."""

    key: bytes
    _known: dict[str, pl.DataFrame] = field(default_factory=dict)

    def of(self, cell: Cell, rows: pl.DataFrame) -> pl.Series:
        """The pseudonyms of an id for every row, null where a part of it is blank."""
        sources = rows.select(source_of(cell).alias(SOURCE)).to_series()
        known = self._known.get(cell.kind)
        distinct = sources.drop_nulls().unique(maintain_order=True)
        fresh = distinct if known is None else distinct.filter(~distinct.is_in(known[SOURCE].implode()))
        name = namer(cell.kind, self.key)
        named = pl.DataFrame(
            {SOURCE: fresh, NAME: pl.Series([name(source) for source in fresh.to_list()], dtype=pl.String)}
        )
        everyone = named if known is None else pl.concat([known, named])
        self._known[cell.kind] = everyone
        if named.height == len(sources):
            return named[NAME]
        return sources.to_frame().join(everyone, on=SOURCE, how="left", maintain_order="left")[NAME]
