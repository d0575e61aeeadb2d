"""What may be printed. Nothing here holds, or can be asked for, the true count of a hidden cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from .cells import Cells
from .policy import Policy
from .tables import AtMost, Axis, Cell, Coordinates, Table

HIDDEN = "c"
NOT_APPLICABLE = "z"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that may be printed, or the mark that stands in its place. Only this room makes one.

    ``mark`` is empty where there is a number; "c" where it is hidden, "z" where there is nothing to divide by.
    """

    value: float | None
    mark: str = ""

    def __str__(self) -> str:
        return self.mark if self.value is None else f"{self.value}"

    def out_of(self, whole: Figure, per: int = 100, digits: int = 1) -> Figure:
        """This number per hundred (or ``per``) of another that is printed too."""
        if self.value is None or whole.value is None:
            return Figure(None, HIDDEN)
        return Figure(round(self.value * per / whole.value, digits)) if whole.value else self.nothing()

    @classmethod
    def of(cls, function: Callable[..., float | None], *figures: Figure, digits: int = 1) -> Figure:
        """What a function of printed numbers gives: hidden if one of them is, "z" if one is or it gives ``None``.

        What is worked out of printed numbers alone tells no more than they do. ``function`` is called with their values
        in order, and must know nothing else of the data.
        """
        marks = {figure.mark for figure in figures if figure.value is None}
        if marks:
            return cls(None, HIDDEN if HIDDEN in marks else NOT_APPLICABLE)
        value = function(*(figure.value for figure in figures))
        return cls.nothing() if value is None else cls(round(value, digits))

    @classmethod
    def known(cls, number: float) -> Figure:
        """A number that anybody has who has what is printed: of fields, of printed marks, of a published population.

        A number of people, or one that was worked out from their records, never comes in by this door.
        """
        return cls(number)

    @classmethod
    def nothing(cls) -> Figure:
        """What stands where there is nothing to divide by."""
        return cls(None, NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table as it may be printed: what it is about, and a figure for each of its coordinates."""

    name: str
    unit: str
    given: Mapping[str, str]
    by: tuple[Axis, ...]
    figures: Mapping[Coordinates, Figure]

    def __getitem__(self, coordinates: Coordinates) -> Figure:
        return self.figures[coordinates]

    def cell(self, *coordinates: str | None) -> Cell:
        """The units at these coordinates, for what rests on them."""
        return Table(self.name, self.unit, self.by, {}, self.given).cell(*coordinates)

    def rows(self) -> Iterator[tuple[Coordinates, Figure]]:
        """Every coordinate of the table and its figure, margins first."""
        yield from self.figures.items()


@dataclass(frozen=True, slots=True)
class Protected:
    """A whole publication as it may be printed: the only thing that a renderer is given.

    ``shown`` maps cells to printed counts, ``hidden`` is the set of the others. Which of them are small and which
    were hidden to protect those is not kept, not even as a number: it would help to tell them apart. ``public`` are the
    cells shown whose count everybody knows without this publication.
    """

    policy: Policy
    tables: tuple[ProtectedTable, ...]
    shown: Mapping[Cell, int]
    hidden: frozenset[Cell]
    public: frozenset[Cell] = frozenset()

    def table(self, name: str) -> ProtectedTable:
        """The table of that name. Raises ``KeyError`` if the publication has none."""
        found = [table for table in self.tables if table.name == name]
        if not found:
            raise KeyError(name)
        return found[0]

    def count(self, cell: Cell) -> Figure:
        """The count of a cell that some table prints. Raises ``KeyError`` for any other: nobody looked after it."""
        return Figure(None, HIDDEN) if cell in self.hidden else Figure(self.shown[cell])

    def share(self, part: Cell, whole: Cell, digits: int = 1) -> Figure:
        """The part as a percentage of the whole, from the printed counts."""
        return self.count(part).out_of(self.count(whole), digits=digits)

    def release(self, value: float, *, rests_on: Iterable[Cell], least: int = 0, digits: int = 1) -> Figure:
        """A number that a model gave (a coefficient, a class profile), if all that it rests on may be known.

        ``rests_on`` are the cells that it says something of: for a coefficient each category with and without the
        outcome. All must be shown, and hold at least ``least`` units (never fewer than the threshold).
        """
        needed = max(least, self.policy.threshold)
        counts = [self.count(cell).value for cell in rests_on]
        if not counts or any(count is None or count < needed for count in counts):
            return Figure(None, HIDDEN)
        return Figure(round(value, digits) + 0.0)  # no minus before a nought

    def mean(self, value: float, base: Cell, quantity: str, digits: int = 1) -> Figure:
        """The mean of a quantity over the units of a cell, worked out from the data themselves.

        With a mean and a distribution a hidden count can be worked out. So it is shown only if its base is, with at
        least as many units as the threshold, and so is every cell of the run that counts this unit by ``quantity``.
        """
        counted = [cell for cell in self.hidden if cell.unit == base.unit and quantity in dict(cell.where)]
        return Figure(None, HIDDEN) if counted else self.release(value, rests_on=[base], digits=digits)


def protect(
    tables: Sequence[Table],
    policy: Policy | None = None,
    at_most: Iterable[AtMost] = (),
    known: Mapping[Cell, int] = MappingProxyType({}),
) -> Protected:
    """The publication as it may be printed. Give every table of the run, of all years, at once.

    ``at_most`` is what everybody knows of how the cells of a run hang together, beside their sums. ``known`` are counts
    that are published elsewhere: where one is ours and not small, to hide it protects nothing, so others are hidden.
    Another count than ours tells nothing for certain, and is left aside.
    Raises :class:`TablesError` for tables that cannot be true together.
    """
    # the solver is loaded where it is used: most commands publish nothing
    from .suppress import Suppression

    policy = policy or Policy()
    cells = Cells(tables, at_most)
    cells.tell(known, policy.threshold)
    hidden = Suppression(cells, policy).run()
    printed = {cell: number for cell, number in cells.number.items() if cells.printed[number]}
    shown = {cell: _rounded(cells.value[at], policy.rounding) for cell, at in printed.items() if at not in hidden}
    public = frozenset(cell for cell in shown if printed[cell] in cells.known)
    protected = Protected(policy, (), shown, frozenset(printed.keys() - shown.keys()), public)
    return replace(protected, tables=tuple(_table(table, protected) for table in tables))


def _table(table: Table, protected: Protected) -> ProtectedTable:
    figures = {at: protected.count(table.cell(*at)) for at in table.coordinates()}
    return ProtectedTable(table.name, table.unit, table.given, table.by, figures)


def _rounded(count: int, base: int) -> int:
    return (2 * count + base) // (2 * base) * base
