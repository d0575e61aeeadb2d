"""Published statistics to hold an authority against: a file in the layout that ``schema/benchmark.yaml`` declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from rdac_validator.findings import InputError
from rdac_validator.place.files import folded, grids
from rdac_validator.standard import schema_folder

FILE = "benchmark.yaml"
NATION, REGION, AUTHORITY = "nation", "region", "authority"
ABSENT = "not in the file"
# a number of the file, or the mark that stands in its place
Count = int | str


class BenchmarkError(InputError):
    """A file of published statistics cannot be used. The message holds nothing of what is in it."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A column that counts one code: its name in the file, the code, and a short name for people."""

    column: str
    code: str
    title: str

    @property
    def label(self) -> str:
        """The code and the name."""
        return f"{self.code}: {self.title}"


@dataclass(frozen=True, slots=True)
class Publication:
    """A layout: which column says what. ``levels`` leads from nation, region and authority to the words of the file.

    ``base`` is the column of the episodes that shares are of. Counts below ``threshold`` are hidden in the file.
    ``without_code`` leads from a column that is not compared to the reason.
    """

    title: str
    sources: tuple[str, ...]
    nation: str
    year: str
    level: str
    levels: Mapping[str, str]
    region: str
    authority: tuple[str, ...]
    idle: tuple[str, ...]
    base: str
    threshold: int
    rounding: int
    marks: Mapping[str, str]
    regions: Mapping[str, str]
    factors: tuple[Factor, ...]
    without_code: Mapping[str, str]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        return (self.year, self.level, self.region, *self.authority, self.base)

    def said(self, count: Count) -> str:
        """What a mark means."""
        return self.marks.get(str(count), ABSENT)


@dataclass(frozen=True, slots=True)
class Area:
    """A row of the file: the code of the region, the base, and a count for each column of a factor."""

    region: str
    base: Count
    counts: Mapping[str, Count]


@cache
def publication(folder: Path | None = None) -> Publication:
    """The layout that ships with this package, or that of another schema folder."""
    document: dict[str, Any] = yaml.safe_load(((folder or schema_folder()) / FILE).read_text(encoding="utf-8"))
    (given,) = document["layouts"].values()
    kept = ("title", "nation", "year", "level", "levels", "region", "base", "threshold", "rounding", "marks", "regions")
    return Publication(
        **{name: given[name] for name in kept},
        sources=(given["source"], given["rules"]),
        authority=tuple(given["authority"]),
        idle=tuple(given["idle"]),
        factors=tuple(Factor(column, **said) for column, said in given["factors"].items()),
        without_code={column: said["why"] for column, said in given["without_code"].items()},
    )


class Published:
    """One file of published statistics, checked. ``years`` are those that it holds of the nation, in order, ``unknown``
    is the number of its columns that the layout does not know.
    """

    def __init__(self, path: Path, layout: Publication) -> None:
        """Read and check the file. Raises :class:`BenchmarkError`."""
        self.layout = layout
        self.rows = _rows(path, layout)
        self._check()
        self.years = sorted(int(year) for year in self._of(NATION)[folded(layout.year)].unique())
        if not self.years:
            raise BenchmarkError(f"the benchmark has no line of the nation: {_level(layout)}")
        factors = (one.column for one in layout.factors)
        known = {folded(name) for name in (*layout.keys, *layout.idle, *layout.without_code, *factors)}
        self.unknown = len(set(self.rows.columns) - known)

    def nation(self, year: int) -> Area | None:
        """The line of the nation in a year, ``None`` if there is none."""
        return self._area(NATION, year)

    def region(self, year: int, code: str) -> Area | None:
        """The line of a region."""
        return self._area(REGION, year, (self.layout.region,), code)

    def authority(self, year: int, code: str) -> Area | None:
        """The line of an authority, by either of its codes."""
        return self._area(AUTHORITY, year, self.layout.authority, code)

    def _of(self, level: str) -> pl.DataFrame:
        return self.rows.filter(pl.col(folded(self.layout.level)) == self.layout.levels[level])

    def _area(self, level: str, year: int, columns: Sequence[str] = (), code: str = "") -> Area | None:
        found = self._of(level).filter(pl.col(folded(self.layout.year)) == str(year))
        if columns:
            found = found.filter(pl.any_horizontal(pl.col(folded(name)) == code for name in columns))
        if found.height > 1:
            raise BenchmarkError(f"the benchmark has more than one line of one {level} and year: keep the right one")
        if not found.height:
            return None
        row = found.row(0, named=True)
        counts = {one.column: _count(row.get(folded(one.column), ABSENT)) for one in self.layout.factors}
        return Area(row[folded(self.layout.region)] or "", _count(row[folded(self.layout.base)]), counts)

    def _check(self) -> None:
        """Raise where a year is no year, or a count neither a whole number nor a mark."""
        self._refuse(self.layout.year, "^[0-9]{4}$", "the year in which the reporting year ends, as four digits")
        marks = ", ".join(self.layout.marks)
        words = f"a whole number without commas, or one of the marks {marks}"
        for name in (self.layout.base, *(one.column for one in self.layout.factors)):
            if folded(name) in self.rows.columns:
                self._refuse(name, f"^([0-9]+|{'|'.join(self.layout.marks)})$", words)

    def _refuse(self, name: str, pattern: str, words: str) -> None:
        fits = self.rows[folded(name)].str.contains(pattern).fill_null(value=False)
        if not fits.all():
            # the head of the file is line 1
            line = int((~fits).arg_max() or 0) + 2
            raise BenchmarkError(
                f"the benchmark, line {line}, column {name}: expected {words}; {int((~fits).sum())} lines have another"
                " cell there. Take the file as it is published, or mend these cells"
            )


def _rows(path: Path, layout: Publication) -> pl.DataFrame:
    """The table of the file that has the columns of the layout, as text."""
    lacking = list(layout.keys)
    for grid in grids(path, "the benchmark"):
        here = [name for name in layout.keys if folded(name) not in grid.columns]
        if not here:
            return grid
        lacking = min(lacking, here, key=len)
    raise BenchmarkError(
        f"the benchmark has no column {', '.join(lacking)} in its line 1: give the CSV file of {layout.title}, as it is"
        " published"
    )


def _level(layout: Publication) -> str:
    words = ", ".join(layout.levels.values())
    return f"its column {layout.level} has to read {words}"


def _count(cell: str) -> Count:
    return int(cell) if cell.isdecimal() else cell
