"""Where the marks of a picture stand: worked out here, so that the template only writes it down.

A picture is as wide as a telephone and its letters are those of the text, so that they can be read there. Everything is
made of printed figures. What is hidden is a "c" where its number would stand, and leaves nothing that can be measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from textwrap import wrap

from rdac_validator.disclosure import NOT_APPLICABLE
from rdac_validator.quality.charts import LETTERS
from rdac_validator.quality.derived import Derived, Entry, written
from rdac_validator.quality.pictures import SHAPES, Points, Series

# of a picture 300 wide: where the scale begins and ends; numbers stand to the right of it
LEFT, RIGHT = 16.0, 232.0
# the height of a line of letters, of what stands below it, and of the numbers of the scale
LETTER, POINT, NUMBERS = 16, 22, 20
# of a scale, at most
STEPS = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """A line of numbers at multiples of ``step``, from the ``first`` to the ``last``, written with ``decimals``."""

    step: float
    first: int
    last: int
    decimals: int

    @classmethod
    def over(cls, numbers: Sequence[float]) -> Scale:
        """The scale that holds nought and all numbers, in the smallest steps of 1, 2 or 5 that are few enough."""
        low, high = min(0.0, *numbers), max(0.0, *numbers)
        tens = floor(log10((high - low) / STEPS)) if high > low else 0
        for size, power in ((size, tens + more) for more in (0, 1) for size in (1, 2, 5)):
            step = size * 10.0**power
            first, last = floor(low / step), max(ceil(high / step), 1)
            if last - first <= STEPS:
                break
        return cls(step, first, last, max(0, -power))

    def place(self, number: float) -> float:
        """Where a number stands."""
        return LEFT + (RIGHT - LEFT) * (number / self.step - self.first) / (self.last - self.first)

    def ticks(self) -> list[tuple[float, str]]:
        """Where the steps stand, and their numbers."""
        steps = (place * self.step for place in range(self.first, self.last + 1))
        return [(self.place(step), written(step, self.decimals)) for step in steps]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point: its shape, where it stands, and the ends of its interval if it has one."""

    shape: str
    at: float
    ends: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the picture: its label in one or two lines, its marks, and the number of its first series as written.

    ``middle`` is how far down the marks stand.
    """

    middle: int
    label: tuple[str, ...]
    said: str
    marks: tuple[Mark, ...]

    @property
    def tops(self) -> list[tuple[int, str]]:
        """How far down each line of the label stands."""
        first = self.middle - POINT // 2 - LETTER * len(self.label)
        return [(first + LETTER * (place + 1) - 2, words) for place, words in enumerate(self.label)]


@dataclass(frozen=True, slots=True)
class Plot:
    """Points on a scale. ``ticks`` are places and numbers, ``key`` the shapes and what they stand for."""

    title: str
    description: str
    unit: str
    key: tuple[tuple[str, str], ...]
    ticks: list[tuple[float, str]]
    lines: tuple[Line, ...]

    @property
    def height(self) -> int:
        """Of the whole picture, with the numbers of the scale above and below."""
        return self.lines[-1].middle + POINT // 2 + NUMBERS


def plot(table: Derived) -> Plot | None:
    """The points of a table; nothing where it is not drawn as such, or prints no number."""
    points = table.picture
    if not isinstance(points, Points):
        return None
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    names = [name for series in points.series for name in series.columns()]
    numbers = [number for row in rows for name in names if (number := _number(row[name])) is not None]
    if not numbers:
        return None
    scale = Scale.over(numbers)
    ticks = scale.ticks()
    described = f"Points on a line from {ticks[0][1]} to {ticks[-1][1]} {points.unit}. The table holds every number."
    return Plot(
        table.title,
        described,
        points.unit,
        tuple((shape, series.name) for shape, series in zip(SHAPES, points.series, strict=False)),
        ticks,
        tuple(_lines(table, points, rows, scale)),
    )


def _lines(table: Derived, points: Points, rows: Sequence[Mapping[str, Entry]], scale: Scale) -> Iterator[Line]:
    """A line for each row; one of which no number can be has none."""
    bottom = NUMBERS
    for row, words in zip(rows, table.said(), strict=True):
        told = dict(zip(table.columns, words, strict=True))
        if {told[series.value] for series in points.series} == {NOT_APPLICABLE}:
            continue
        label = ", ".join(told[name] for name in points.label or table.columns[:1])
        marks = (_mark(row, series, shape, scale) for series, shape in zip(points.series, SHAPES, strict=False))
        lines = tuple(wrap(label, LETTERS, max_lines=2, placeholder="…", break_on_hyphens=False))
        bottom += LETTER * len(lines) + POINT
        yield Line(bottom - POINT // 2, lines, told[points.series[0].value], tuple(filter(None, marks)))


def _mark(row: Mapping[str, Entry], series: Series, shape: str, scale: Scale) -> Mark | None:
    value, *ends = (_number(row[name]) for name in series.columns())
    if value is None:
        return None
    known = [scale.place(end) for end in ends if end is not None]
    return Mark(shape, scale.place(value), (known[0], known[1]) if len(known) == 2 else None)


def _number(entry: Entry) -> float | None:
    return None if isinstance(entry, str) else entry.value
