"""Bars for the page: what each says and how long it is. They are made of printed shares, so they tell no more."""

from __future__ import annotations

from dataclasses import dataclass

from rdac_validator.disclosure import Figure
from rdac_validator.quality.layout import Layout, Row

# more bars than these nobody compares; the table beside them has them all
MOST = 15
# how many letters fit above a bar at the width of a telephone
LETTERS = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it is of, its share in per cent (absent where there is none to print), and how that is written."""

    label: str
    share: float | None
    said: str

    @property
    def short(self) -> str:
        """The label as far as it fits."""
        return shortened(self.label)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with a title and a description; ``name`` is the mark of its elements on the page."""

    name: str
    title: str
    description: str
    bars: tuple[Bar, ...]

    @property
    def tells(self) -> bool:
        """Whether any bar has a share to print: where all are hidden there is no picture."""
        return any(bar.share is not None for bar in self.bars)


def chart(layout: Layout, name: str) -> Chart:
    """The first axis of a table over all its units: the longest bars in the order of the table, subtotals left out."""
    finest = layout.down[0].categories if layout.down else ()
    rows = [row for row in layout.rows if row.at[0] in finest and not any(row.at[1:]) and not row.nought]
    largest = sorted(rows, key=_length, reverse=True)[:MOST]
    bars = tuple(_bar(row) for row in rows if row in largest)
    few = f" The {len(bars)} longest of {len(rows)} bars." if len(bars) < len(rows) else ""
    told = "; ".join(f"{bar.label} {bar.said}" for bar in bars)
    return Chart(name, layout.asked.caption, f"Bars of shares of the base, from 0 to 100 per cent.{few} {told}.", bars)


def _length(row: Row) -> float:
    return row.cells[0][1].value or 0.0


def _bar(row: Row) -> Bar:
    of = row.cells[0][1]
    return Bar(row.labels[0], of.value, percent(of))


def shortened(label: str, letters: int = LETTERS) -> str:
    """A label as far as it fits, above a bar or in so many letters."""
    return label if len(label) <= letters else label[: letters - 1].rstrip() + "…"


def percent(figure: Figure) -> str:
    """A share as it is written: with one decimal, or its mark."""
    return figure.mark if figure.value is None else f"{figure.value:.1f}%"


def count(figure: Figure) -> str:
    """A count as it is written: with commas, or its mark."""
    return figure.mark if figure.value is None else f"{figure.value:,.0f}"
