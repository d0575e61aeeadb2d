"""An official deprivation file as a lookup from area code to decile: the published one, or worked out from ranks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rdac_validator.crosswalks import Status
from rdac_validator.place.files import PlaceError, folded, grids
from rdac_validator.place.layouts import Index, Layout, Layouts, layouts

AREA, TENTH = "_area", "_tenth"
FILE = "the deprivation file"
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Lookup:
    """Deciles by area code, as text in the columns :data:`AREA` and :data:`TENTH`; 1 is the most deprived tenth."""

    layout: Layout
    frame: pl.DataFrame

    @property
    def index(self) -> Index:
        """The index that the deciles are of."""
        return self.layout.index

    @property
    def computed(self) -> bool:
        """Whether the deciles were worked out here from ranks, and not published."""
        return not self.layout.decile

    @property
    def status(self) -> Status:
        """How well the file says a decile: a published one is, a computed one may at a border be its neighbour."""
        return Status.AMBIGUOUS if self.computed else Status.EXACT

    @property
    def source_field(self) -> str:
        """What provenance calls the column that a decile came from."""
        return f"{self.layout.name}_{'rank_computed' if self.computed else 'decile'}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the deciles has to know, in sentences."""
        found = []
        if self.computed:
            found.append(
                "The deprivation file holds ranks and no deciles: each decile was worked out as rank times ten over "
                "the number of areas, rounded up, and is marked ambiguous in provenance, since a published decile may "
                "differ by one next to a border."
            )
        if self.frame.height < self.index.areas:
            found.append(
                f"The deprivation file holds {self.frame.height:,} of the {self.index.areas:,} areas of "
                f"{self.index.title}: a child in another area gets no decile."
            )
        return tuple(found)


def read(path: Path, declared: Layouts | None = None) -> Lookup:
    """Read an official deprivation file, told by its column names; the sheet of a workbook is found in the same way.

    Raises :class:`PlaceError` where it is none of the layouts declared, or does not hold what its columns promise.
    """
    declared = declared or layouts()
    for grid in grids(path, FILE):
        _refuse(grid, declared)
        for layout, measure in _forms(declared.layouts):
            if {folded(layout.area), folded(measure)} <= set(grid.columns):
                rows = grid.select(pl.col(folded(layout.area)).alias(AREA), pl.col(folded(measure)).alias(TENTH))
                return _lookup(layout, rows)
    known = "; ".join(layout.title for layout in declared.layouts)
    raise PlaceError(f"{FILE} has the columns of none of the files that are known: {known}")


def _forms(known: Iterable[Layout]) -> Iterator[tuple[Layout, str]]:
    """Every layout with each name of its measure, published deciles before ranks."""
    for layout in sorted(known, key=lambda layout: not layout.decile):
        for measure in layout.decile or (layout.rank,):
            yield layout, measure


def _refuse(grid: pl.DataFrame, declared: Layouts) -> None:
    for other in declared.refused:
        if {folded(name) for name in other.columns} <= set(grid.columns):
            raise PlaceError(f"{FILE} is {other.title} and was not used: {other.why}")


def _lookup(layout: Layout, rows: pl.DataFrame) -> Lookup:
    index = layout.index
    filled = rows.filter(~pl.all_horizontal(pl.all().is_null())).with_columns(
        pl.col(AREA).str.to_uppercase(), pl.col(TENTH).str.strip_suffix(".0").cast(pl.Int64, strict=False)
    )
    right = pl.any_horizontal(*(geography.holds(pl.col(AREA)) for geography in index.geographies))
    strange = filled.filter(~right.fill_null(value=False)).height
    if strange or filled.is_empty():
        raise PlaceError(
            f"{FILE} has the columns of {layout.title}, and {strange:,} of its {filled.height:,} rows are not of "
            f"{index.made_for}; give the file of the index as it was published"
        )
    if twice := filled.height - filled[AREA].n_unique():
        raise PlaceError(f"{FILE} holds {twice:,} areas more than once; give the file as it was published")
    tenths = filled if layout.decile else _computed(filled, index)
    if wrong := tenths.filter(~pl.col(TENTH).is_between(1, TENTHS).fill_null(value=False)).height:
        raise PlaceError(f"{FILE} has no decile from 1 to 10 in {wrong:,} of its {filled.height:,} rows")
    return Lookup(layout, tenths.with_columns(pl.col(TENTH).cast(pl.String)))


def _computed(ranks: pl.DataFrame, index: Index) -> pl.DataFrame:
    """Tenths of areas from ranks: rank times ten over the number of areas, rounded up.

    Raises :class:`PlaceError` unless the ranks are those of the whole index, each once: a rank within one council says
    nothing about the nation.
    """
    whole = pl.Series(TENTH, range(1, index.areas + 1))
    if not ranks[TENTH].sort().equals(whole):
        raise PlaceError(
            f"{FILE} holds ranks only, and not each rank from 1 to {index.areas:,} once: a decile can be worked out "
            "from the whole index only"
        )
    return ranks.with_columns((pl.col(TENTH) * TENTHS + index.areas - 1) // index.areas)
