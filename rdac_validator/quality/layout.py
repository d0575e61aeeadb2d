"""A protected table laid out for readers: rows, columns, shares of each column, and what must be said beside it.

Everything here is made of printed figures, so it tells no more than they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from rdac_validator.disclosure import ALL, HIDDEN, Figure, Parts, ProtectedTable
from rdac_validator.disclosure.tables import Axis, Coordinates
from rdac_validator.metrics.base import FEW
from rdac_validator.quality.labels import Labels
from rdac_validator.quality.measuring import Asked


def low(base: Figure) -> bool:
    """Whether a printed base is so small that shares of it say little; nothing is said of a hidden one."""
    return base.value is not None and 0 < base.value < FEW


def without(whole: Figure, rest: Figure) -> Figure:
    """The whole less those of whom a question does not ask; rounded counts can be more than the whole."""
    return Figure.of(lambda all_, less: max(all_ - less, 0), whole, rest, digits=0)


@dataclass(frozen=True, slots=True)
class Row:
    """A line: where it stands on the axes of the rows, its labels, and a figure with its share for each column."""

    at: Coordinates
    labels: tuple[str, ...]
    cells: tuple[tuple[Figure, Figure], ...]

    @property
    def nought(self) -> bool:
        """Whether every figure is a printed 0."""
        return all(count.value == 0 for count, _ in self.cells)


@dataclass(frozen=True)
class Layout:
    """One table: the last of several axes goes across, with all units together before it, the others go down."""

    asked: Asked
    table: ProtectedTable
    labels: Labels

    @property
    def down(self) -> tuple[Axis, ...]:
        """The axes of the rows."""
        return self.table.by if len(self.table.by) < 2 else self.table.by[:-1]

    @property
    def across(self) -> tuple[Axis, ...]:
        """The axis of the columns, if there is one."""
        return self.table.by[len(self.down) :]

    @cached_property
    def columns(self) -> list[Coordinates]:
        """Where each column stands: all together, then each level."""
        return list(product(*(levels(axis) for axis in self.across)))

    def column_labels(self) -> list[str]:
        """The head of each column; the one of all is named for the unit."""
        return [" ".join(self._said(self.across, at)) if any(at) else "All" for at in self.columns]

    def base(self) -> Figure:
        """How many units the table counts."""
        return self.table[(ALL,) * len(self.table.by)]

    def bases(self) -> tuple[Figure, ...]:
        """The total of each column: shares are of it."""
        return tuple(self.table[(*(ALL,) * len(self.down), *column)] for column in self.columns)

    @cached_property
    def rows(self) -> list[Row]:
        """Every line, totals left out."""
        found = []
        for at in product(*(levels(axis) for axis in self.down)):
            counts = [self.table[(*at, *column)] for column in self.columns]
            cells = tuple((count, count.out_of(base)) for count, base in zip(counts, self.bases(), strict=True))
            if any(level is not ALL for level in at):
                found.append(Row(at, tuple(self._said(self.down, at)), cells))
        return found

    def _said(self, axes: tuple[Axis, ...], at: Coordinates) -> Iterator[str]:
        for axis, level in zip(axes, at, strict=True):
            if level is ALL:
                yield "all"
            else:
                together = " (together)" if level in getattr(axis, "groups", {}) else ""
                yield self.labels.category(self.table.unit, axis.variable, level) + together

    def heads(self) -> list[str]:
        """What the rows are by, in words."""
        return [self.labels.variable(self.table.unit, axis.variable) for axis in self.down]

    def across_head(self) -> str:
        """What the columns are by, in words; nothing where there is one column alone."""
        return "".join(self.labels.variable(self.table.unit, axis.variable) for axis in self.across)

    @property
    def overlapping(self) -> bool:
        """Whether a unit can stand in several lines, so that they do not sum to the base."""
        return not all(isinstance(axis, Parts) for axis in self.table.by)

    @property
    def tells(self) -> bool:
        """Whether any line has a number to print: a table that is hidden whole says nothing."""
        return not self.rows or any(count.value is not None for row in self.rows for count, _ in row.cells)

    def hides(self) -> bool:
        """Whether any figure of the table is hidden."""
        return any(figure.mark == HIDDEN for _, figure in self.table.rows())


def levels(axis: Axis) -> tuple[str | None, ...]:
    """All, the groups, the categories."""
    return (ALL, *getattr(axis, "groups", ()), *axis.categories)
