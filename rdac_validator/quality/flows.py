"""What became of the units of a column, as bands from left to right; the template only writes down where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rdac_validator.disclosure import Figure
from rdac_validator.metrics import UNITS
from rdac_validator.quality.charts import count, percent, shortened
from rdac_validator.quality.layout import Layout

# all bands together are as high as this; a row is at least as high as two lines of its label
HIGH, ROW = 150.0, 42.0
# letters of a label beside a band
LETTERS = 24


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a flow: the middle of its beginning and of its end, and its width; none where its count is hidden.

    ``bottom`` is where its row ends.
    """

    label: str
    said: str
    begin: float
    end: float
    wide: float | None
    bottom: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Units of one kind on the left, and what became of them on the right."""

    title: str
    description: str
    whole: str
    bands: tuple[Band, ...]

    @property
    def height(self) -> float:
        """Of the whole picture."""
        return max(self.bands[-1].bottom, ROW + HIGH)


def flow(layout: Layout, column: int) -> Flow | None:
    """How the units of a column part into the finest categories of the rows; nothing where no count is printed.

    The bands are as wide as the printed counts. What is hidden is a thin line to a "c", and takes no room: what is left
    over of the whole cannot be measured.
    """
    finest = layout.down[0].categories
    each = [(row.labels[0], *row.cells[column]) for row in layout.rows if row.at[0] in finest]
    rows = [one for one in each if one[1].value != 0]
    shown = sum(number.value or 0 for _, number, _ in rows)
    if not shown:
        return None
    of = f"{layout.across_head()}: {layout.column_labels()[column]}"
    whole = f"{count(layout.bases()[column])} {UNITS[layout.asked.unit]}, {of}"
    bands = tuple(_bands(rows, HIGH / shown))
    described = "; ".join(f"{band.label} {band.said}" for band in bands)
    title = f"{layout.asked.caption}, {layout.asked.period.name}"
    return Flow(title, f"Bands from {whole} to what became of them: {described}.", whole, bands)


def _bands(rows: Sequence[tuple[str, Figure, Figure]], scale: float) -> Iterator[Band]:
    begin, top = ROW, ROW
    for label, number, share in rows:
        wide = (number.value or 0) * scale
        said = count(number) if share.mark else f"{count(number)} ({percent(share)})"
        room = max(ROW, wide + 8)
        yield Band(shortened(label, LETTERS), said, begin + wide / 2, top + room / 2, wide or None, top + room)
        begin, top = begin + wide, top + room
