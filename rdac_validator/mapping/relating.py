"""Which tables of an export go together: a column of one holds the keys of another. Cells are counted, never told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

import polars as pl

from rdac_validator.mapping.exports import Export, speakable
from rdac_validator.mapping.guessing import FEWEST, SHARE, Guess

Guesses = Mapping[str, Mapping[str, Guess]]
_CELL = "cell"


@dataclass(frozen=True, slots=True)
class Link:
    """``here`` of the input ``source`` holds keys of ``other``, where each stands once in ``there``.

    ``share`` is that of its cells whose key is there. ``again`` says whether a key comes more than once in ``source``.
    """

    source: str
    here: str
    other: str
    there: str
    share: float
    again: bool


def links(exports: Mapping[str, Export], guesses: Guesses) -> tuple[Link, ...]:
    """The columns that hold keys of another input, those of which most cells are there first."""
    found = [
        link
        for one, other in permutations(exports, 2)
        for here, there in _alike(one, other, exports, guesses)
        if (link := _link(one, here, other, there, exports))
    ]
    return tuple(sorted(found, key=lambda link: -link.share))


def _alike(one: str, other: str, exports: Mapping[str, Export], guesses: Guesses) -> Iterator[tuple[str, str]]:
    """Pairs of columns that have one name, or may be one key of the standard."""
    for here, header in exports[one].headers.items():
        for there, heading in exports[other].headers.items():
            same = _key(guesses[one].get(here)), _key(guesses[other].get(there))
            may_be = (here == there and None not in same) or (same[0] == same[1] and same[0])
            if may_be and speakable(header) and speakable(heading):
                yield here, there


def _key(guess: Guess | None) -> str | None:
    """The key that a column may be, empty where nothing is known of it; ``None`` if it may be something else."""
    if guess is None:
        return ""
    if guess.column.references:
        return f"{guess.column.references}_id"
    return guess.column.name if guess.column.privacy == "pseudonym_key" else None


def _link(one: str, here: str, other: str, there: str, exports: Mapping[str, Export]) -> Link | None:
    cells, keys = _cells(exports[one], here), _cells(exports[other], there)
    met = cells.join(keys.unique(), on=_CELL, how="semi")
    counts = [frame.select(pl.len().alias("rows"), pl.col(_CELL).n_unique().alias("each")) for frame in (cells, keys)]
    (held, each), (rows, distinct), (found,) = (
        frame.row(0) for frame in pl.collect_all([*counts, met.select(pl.len())])
    )
    if distinct < max(rows, FEWEST) or not held or found < SHARE * held:
        return None
    return Link(one, here, other, there, found / held, again=each < held)


def _cells(export: Export, column: str) -> pl.LazyFrame:
    """The cells of a column that are not blank."""
    return export.frame.select(pl.col(column).str.strip_chars().replace("", None).alias(_CELL)).drop_nulls()
