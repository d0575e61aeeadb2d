"""Shades of cells: a band for each share, so that a shade tells less than the number that stands in it."""

from __future__ import annotations

from itertools import pairwise

from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.pictures import Shades

# the least of each band, in hundredths of the whole
BANDS = (0, 5, 25, 50, 75)


def shade(entry: Entry, whole: float = 100) -> str:
    """The class of a cell, the stronger the more it holds of the whole; none for text, and none where a mark stands."""
    if isinstance(entry, str) or entry.value is None:
        return ""
    band = max(band for band, least in enumerate(BANDS) if entry.value >= least * whole / 100 or not band)
    return f"shade shade-{band}"


def key(whole: float = 100) -> list[tuple[str, str]]:
    """Each shade and what it stands for, lightest first."""
    ends = [f"{least * whole / 100:g}" for least in BANDS]
    between = [f"{low} to under {high}" for low, high in pairwise(ends)]
    words = [f"under {ends[1]}", *between[1:], f"{ends[-1]} or more"]
    return [(f"shade shade-{band}", said) for band, said in enumerate(words)]


def shades(table: Derived) -> list[list[str]]:
    """The class of each cell of a table, row by row; empty where its picture shades none."""
    picture = table.picture
    of, whole = (picture.of, picture.whole) if isinstance(picture, Shades) else ((), 100)
    return [
        [shade(entry, whole) if name in of else "" for name, entry in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
