"""How a table that was worked out says that it is to be drawn. Only the page draws; what is hidden stays a mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# each series has a shape of its own, so that it is told without a colour
SHAPES = ("dot", "diamond", "line")


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one kind: the columns that hold the number and, if it has one, the ends of its interval."""

    name: str
    value: str
    low: str = ""
    high: str = ""

    def columns(self) -> Iterator[str]:
        """The columns that it is drawn from."""
        yield from filter(None, (self.value, self.low, self.high))


@dataclass(frozen=True, slots=True)
class Points:
    """A line for each row of the table, and on it a point for each series, all on one scale.

    ``unit`` says what the numbers are ("per cent", "per 10,000 children"). A line is labelled by the columns ``label``,
    or else by the first. There are as many series as :data:`SHAPES` at most.
    """

    unit: str
    series: tuple[Series, ...]
    label: tuple[str, ...] = ()

    def columns(self) -> Iterator[str]:
        """The columns that it is drawn from."""
        yield from self.label
        for series in self.series:
            yield from series.columns()


@dataclass(frozen=True, slots=True)
class Shades:
    """The table itself, with shaded cells in some columns: the stronger, the more of ``whole``, 100 (per cent) or 1."""

    of: tuple[str, ...]
    whole: float = 100

    def columns(self) -> Iterator[str]:
        """The columns that are shaded."""
        yield from self.of


Picture = Points | Shades
