"""What is to be published, declared: tables of counts, and the cells that they print.

A cell is a set of units described by conditions ("assessments of 2024, sex female, factor 3B present"). Two tables
that count the same set share one cell, however each of them is laid out; so everything that links the tables of a run
follows from the descriptions, and nothing about links is declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

Condition = tuple[str, str]
Coordinates = tuple[str | None, ...]
ALL = None  # the coordinate of a margin


class TablesError(ValueError):
    """Tables that cannot be true together. The message names tables, never a count."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A set of units: which unit, and the conditions that hold of each. ``Cell.of("child", sex="female")``."""

    unit: str
    where: frozenset[Condition] = frozenset()

    @classmethod
    def of(cls, unit: str, **where: str) -> Cell:
        """The cell of units for which each variable has the category named."""
        return cls(unit, frozenset(where.items()))


@dataclass(frozen=True, slots=True)
class Parts:
    """A question with one answer for each unit: the categories, unknown among them, sum to the base.

    ``groups`` are subtotals that are printed too: the name of the group, and its categories.
    """

    variable: str
    categories: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def levels(self) -> list[Condition | None]:
        """Everything that a coordinate of this axis can be: all, a group, a category."""
        return [ALL, *((self.variable, name) for name in (*self.groups, *self.categories))]

    def sums(self) -> Iterator[tuple[Condition | None, list[Condition]]]:
        """Each level that is a sum, with the levels that it is the sum of."""
        grouped = {category for group in self.groups.values() for category in group}
        yield ALL, [(self.variable, name) for name in (*self.groups, *self.categories) if name not in grouped]
        for name, categories in self.groups.items():
            yield (self.variable, name), [(self.variable, category) for category in categories]

    def above(self, category: Condition | None) -> list[Condition | None]:
        """The levels that a category counts towards."""
        name = category[1] if category else ""
        return [ALL, *((self.variable, group) for group, members in self.groups.items() if name in members)]

    def level(self, coordinate: str | None) -> Condition | None:
        """The condition that a coordinate stands for."""
        return ALL if coordinate is ALL else (self.variable, coordinate)


@dataclass(frozen=True, slots=True)
class Several:
    """A question with any number of answers: each category is a yes or no of its own, and nothing sums to the base.

    Counts of a table with such an axis must be given for ``ALL`` too: the base. ``answered`` says that everybody in the
    base has at least one: so the counts together are no fewer than the base, and whoever reads them knows it.
    """

    variable: str
    categories: tuple[str, ...]
    answered: bool = False

    def levels(self) -> list[Condition | None]:
        """All, and each category as a yes, which is printed, and as a no, which whoever reads base and yes knows."""
        return [ALL, *(self._answer(name, answer) for answer in ("yes", "no") for name in self.categories)]

    def sums(self) -> Iterator[tuple[Condition | None, list[Condition]]]:
        """The base is, for each category, those with it and those without."""
        for name in self.categories:
            yield ALL, [self._answer(name, "yes"), self._answer(name, "no")]

    def level(self, coordinate: str | None) -> Condition | None:
        """The condition that a coordinate stands for."""
        return ALL if coordinate is ALL else self._answer(coordinate, "yes")

    def _answer(self, name: str, answer: str) -> Condition:
        return f"{self.variable}:{name}", answer


Axis = Parts | Several
Levels = tuple[Condition | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of counts of one unit.

    ``given`` are the conditions that hold of every unit in it (year, "with DVA"): they make its base. ``by`` are its
    axes; with none, the table is its base alone. ``counts`` maps a coordinate for each axis to the number of units;
    what is absent is 0. Of a :class:`Parts` only the finest categories are given, of a :class:`Several` ``ALL`` too.
    """

    name: str
    unit: str
    by: tuple[Axis, ...]
    counts: Mapping[Coordinates, int]
    given: Mapping[str, str] = field(default_factory=dict)

    def cell(self, *coordinates: str | None) -> Cell:
        """The cell at these coordinates, one for each axis; ``ALL`` (``None``) for a margin."""
        where = {axis.level(coordinate) for axis, coordinate in zip(self.by, coordinates, strict=True)} - {ALL}
        return Cell(self.unit, frozenset({*self.given.items(), *where}))  # type: ignore[arg-type]

    def coordinates(self) -> Iterator[Coordinates]:
        """The coordinates of everything that the table prints, margins first along each axis."""
        yield from product(*([ALL, *getattr(axis, "groups", ()), *axis.categories] for axis in self.by))


@dataclass(frozen=True, slots=True)
class AtMost:
    """What everybody knows of several sets of units: those of ``fewer`` are together no more than those of ``more``.

    No more children than assessments; an episode with a factor has an assessment with it. A cell counts as often as it
    is named. With none in ``more`` the others can only be nought. What no table counts is left out of ``fewer``, and
    where it is in ``more`` nothing follows; neither does anything where the data themselves break it. ``beside`` is a
    number that stands beside ``more``: of ``fewer`` there are so many more at most, or, below nought, so many fewer.
    """

    fewer: tuple[Cell, ...]
    more: tuple[Cell, ...]
    beside: int = 0


def each(tables: Iterable[Table], fewer: str, more: str, carried: Mapping[str, Iterable[str]]) -> Iterator[AtMost]:
    """No more units of one kind than of another, in all and under each condition that carries over from one to the
    other: ``carried`` leads from a variable to its categories that do. Of others nothing is said, since one unit may
    have one condition from here and another from there.
    """
    may = {(variable, category) for variable, categories in carried.items() for category in categories}
    cells = {table.cell(*at) for table in tables if table.unit == fewer for at in table.coordinates()}
    for cell in sorted(cells, key=lambda one: sorted(one.where)):
        if cell.where <= may:
            yield AtMost((cell,), (Cell(more, cell.where),))
