"""The cells and equations that declared tables amount to: what whoever reads all of them can add and subtract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from .tables import ALL, AtMost, Cell, Condition, Coordinates, Levels, Parts, Several, Table, TablesError


class Cells:
    """Every cell of a run by number, its true count, and the equations between cells.

    ``printed`` says whether some table prints the cell; the others can be worked out from those that are printed,
    unless enough is hidden. An equation ``(whole, parts)`` says that the parts sum to the whole; a part that stands in
    it several times counts so often. ``known`` are the cells that everybody knows, whatever is printed: those that are
    told, and what can be worked out of them.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        at_most: Iterable[AtMost] = (),
    ) -> None:
        self.number: dict[Cell, int] = {}
        self.cell: list[Cell] = []
        self.value: list[int] = []
        self.printed: list[bool] = []
        self.counts_units: list[bool] = []
        self.tables: list[set[int]] = []
        self.members: dict[int, set[int]] = {}
        self.sums: dict[tuple[int, tuple[int, ...]], None] = {}
        self.limits: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        self.fixed: set[int] = set()
        if len({table.name for table in tables}) < len(tables):
            raise TablesError("two tables have one name")
        for place, table in enumerate(tables):
            _check(table)
            self._add_table(place, table)
        # who is in neither of two bases is a difference of differences
        for _ in range(max((len(table.given) for table in tables), default=0)):
            for place, table in enumerate(tables):
                self._add_differences(place, table)
        self._add_within()
        for place, table in enumerate(tables):
            self._add_answered(place, table)
        for place, bound in enumerate(at_most):
            self._add_bound(place, bound)
        self.known = self._follows(self.fixed)

    def tell(self, known: Mapping[Cell, int], threshold: int) -> None:
        """Take published counts from the threshold on as public, with what follows from them, where they are ours."""
        found = {self.number[cell]: count for cell, count in known.items() if cell in self.number}
        ours = {number for number, count in found.items() if count == self.value[number] >= threshold}
        self.known = self._follows(self.fixed | ours)

    def _add_table(self, place: int, table: Table) -> None:
        values = _values(table)
        given = frozenset(table.given.items())
        numbers: dict[Levels, int] = {}
        for levels in product(*(axis.levels() for axis in table.by)):
            where = given | {level for level in levels if level}
            if len({variable for variable, _ in where}) < len(where):
                continue  # a factor and its absence: nobody
            shown = all(
                level is None or isinstance(axis, Parts) or level[1] == "yes"
                for axis, level in zip(table.by, levels, strict=True)
            )
            numbers[levels] = self._enter(
                Cell(table.unit, where), values.get(levels, 0), place, printed=shown, name=table.name
            )
        for whole, parts in _sums(table):
            known = [numbers[part] for part in parts if part in numbers]
            if whole in numbers and known != [numbers[whole]]:
                self._equate(numbers[whole], known)

    def _enter(self, cell: Cell, value: int, place: int, *, printed: bool, name: str) -> int:
        number = self.number.setdefault(cell, len(self.value))
        if number == len(self.value):
            self.cell.append(cell)
            self.value.append(value)
            self.printed.append(False)
            self.counts_units.append(True)
            self.tables.append(set())
        if value < 0:
            raise TablesError(f"table {name}: more units in a part than in its base")
        if self.value[number] != value:
            raise TablesError(f"table {name}: it counts a set of units that another table counts differently")
        self.printed[number] |= printed
        self.tables[number].add(place)
        self.members.setdefault(place, set()).add(number)
        return number

    def _equate(self, whole: int, parts: Iterable[int]) -> None:
        self.sums[whole, tuple(sorted(parts))] = None

    def _add_differences(self, place: int, table: Table) -> None:
        """Who is in a wider base and not in this one can be counted by whoever has both tables."""
        given = sorted(table.given.items())
        wider = [frozenset(drop) for size in range(1, len(given) + 1) for drop in combinations(given, size)]
        for part in sorted(self.members[place]):
            cell, found = self.cell[part], list[frozenset[Condition]]()
            for drop in wider:
                base = Cell(cell.unit, cell.where - drop)
                if drop <= cell.where and base in self.number and not any(less < drop for less in found):
                    found.append(drop)
                    whole = self.number[base]
                    rest = Cell(cell.unit, base.where | {("not", f"{sorted(drop)}")})
                    value = self.value[whole] - self.value[part]
                    self._equate(whole, (part, self._enter(rest, value, place, printed=False, name=table.name)))

    def _add_within(self) -> None:
        """Of those who are in no narrower base no more meet a condition than there are."""
        for cell in [cell for cell in self.cell if any(variable == "not" for variable, _ in cell.where)]:
            part = self.number[cell]
            for condition in sorted(cell.where):
                whole = self.number.get(Cell(cell.unit, cell.where - {condition}))
                if condition[0] != "not" and whole is not None:
                    over, name = self.value[whole] - self.value[part], f"without {condition} beside {part}"
                    for place in sorted(self.tables[whole] | self.tables[part]):
                        rest = self._enter_total(name, frozenset(), over, place)
                    self._equate(whole, (part, rest))

    def _add_answered(self, place: int, table: Table) -> None:
        """Where everybody has an answer: as a sum, all answers are one for each, and those beyond the first."""
        for axis in table.by:
            if isinstance(axis, Several) and axis.answered:
                others = ([ALL] if other is axis else other.levels() for other in table.by)
                for levels in product(*others):
                    where = frozenset({*table.given.items(), *(level for level in levels if level)})
                    self._add_beyond(Cell(table.unit, where), axis, place)

    def _add_beyond(self, base: Cell, axis: Several, place: int) -> None:
        """All answers of a base as two sums; neither is a count of units."""
        answers = [
            self.number[Cell(base.unit, base.where | {(f"{axis.variable}:{one}", "yes")})] for one in axis.categories
        ]
        total, whole = sum(self.value[number] for number in answers), self.number[base]
        if total < self.value[whole]:
            return  # who gave an answer that cannot be read has none of them
        beyond = total - self.value[whole]
        every = self._enter_total(f"answers of {base.unit}: {axis}", base.where, total, place)
        rest = self._enter_total(f"answers beyond the first of {base.unit}: {axis}", base.where, beyond, place)
        self._equate(every, answers)
        self._equate(every, (whole, rest))

    def _add_bound(self, place: int, bound: AtMost) -> None:
        """As a sum: those of which there are more are the others, and what is over."""
        fewer = [self.number[cell] for cell in bound.fewer if cell in self.number]
        more = [self.number[cell] for cell in bound.more if cell in self.number]
        over = self._sum(more) + bound.beside - self._sum(fewer)
        if not fewer + more or len(more) < len(bound.more) or over < 0:
            return
        tables = sorted({table for cell in (*fewer, *more) for table in self.tables[cell]})
        if bound.beside:
            (more if bound.beside > 0 else fewer).append(self._enter_known(place, abs(bound.beside), tables))
        elif not fewer:
            return
        if not more:
            self.fixed.update(fewer)
            return
        whole = more[0]
        for table in tables:
            if len(more) > 1:
                whole = self._enter_total(f"those of bound {place}", frozenset(), over + self._sum(fewer), table)
            rest = self._enter_total(f"over bound {place}", frozenset(), over, table)
        if len(more) > 1:
            self._equate(whole, more)
        self._equate(whole, [*fewer, rest])
        self.limits.append((tuple(fewer), tuple(more)))

    def _sum(self, numbers: Iterable[int]) -> int:
        return sum(self.value[number] for number in numbers)

    def _follows(self, known: set[int]) -> frozenset[int]:
        """What everybody knows, and what is left over in a sum of which everybody knows all else."""
        waiting = list(self.sums) if known else []
        while waiting:
            unknown = {total: {total[0], *total[1]} - known for total in waiting}
            found = {cell for cells in unknown.values() if len(cells) == 1 for cell in cells}
            waiting = [total for total in waiting if unknown[total]] if found else []
            known |= found
        return frozenset(known)

    def _enter_known(self, place: int, value: int, tables: Iterable[int]) -> int:
        """A number that stands in a bound and that everybody knows."""
        number = [self._enter_total(f"number of bound {place}", frozenset(), value, table) for table in tables][-1]
        self.fixed.add(number)
        return number

    def _enter_total(self, what: str, where: frozenset[Condition], value: int, place: int) -> int:
        """A number that is no number of units, as of answers: it needs no protection of its own."""
        number = self._enter(Cell(what, where), value, place, printed=False, name=what)
        self.counts_units[number] = False
        return number


def _check(table: Table) -> None:
    """Raise :class:`TablesError` for counts that belong to no cell: they would be in the totals and in no part."""
    if any(condition and condition[0] in table.given for axis in table.by for condition in axis.levels()):
        raise TablesError(f"table {table.name}: an axis asks what the base has settled")
    allowed = [{*axis.categories, *([ALL] if isinstance(axis, Several) else [])} for axis in table.by]
    for at in table.counts:
        if len(at) != len(allowed) or not all(name in names for name, names in zip(at, allowed, strict=True)):
            raise TablesError(f"table {table.name}: a count at coordinates that its axes do not have")


def _values(table: Table) -> dict[Levels, int]:
    """The count at every combination of levels: sums over parts, and for several answers base less yes."""
    values: dict[Levels, int] = {}
    for coordinates, count in _mirrored(table).items():
        levels = tuple(axis.level(coordinate) for axis, coordinate in zip(table.by, coordinates, strict=True))
        values[levels] = count
    for place, axis in enumerate(table.by):
        before = dict(values)
        for levels, count in before.items():
            at = levels[place]
            if isinstance(axis, Parts):
                for above in axis.above(at):
                    key = _put(levels, place, above)
                    values[key] = values.get(key, 0) + count
            elif at:
                values[_put(levels, place, (at[0], "no"))] = before.get(_put(levels, place, ALL), 0) - count
        if isinstance(axis, Several):
            _fill_absent(values, before, place, axis)
    return values


def _fill_absent(values: dict[Levels, int], before: Mapping[Levels, int], place: int, axis: Several) -> None:
    """Where nobody has a category the count is absent, and everybody is without it."""
    for levels, count in before.items():
        if levels[place] is None:
            for name in axis.categories:
                values.setdefault(_put(levels, place, (f"{axis.variable}:{name}", "no")), count)


def _mirrored(table: Table) -> dict[Coordinates, int]:
    """The counts, and where two axes ask the same question, each pair of answers both ways round."""
    counts = dict(table.counts)
    several = [place for place, axis in enumerate(table.by) if isinstance(axis, Several)]
    for one, two in combinations(several, 2):
        if table.by[one] == table.by[two]:
            for at, count in list(counts.items()):
                swapped = _swap(at, one, two)
                counts.setdefault(swapped, count)
            for at, count in list(counts.items()):
                if at[one] is not ALL and at[two] is ALL:
                    twice = list(at)
                    twice[two] = at[one]
                    counts[tuple(twice)] = count
    return counts


def _swap(at: Coordinates, one: int, two: int) -> Coordinates:
    swapped = list(at)
    swapped[one], swapped[two] = at[two], at[one]
    return tuple(swapped)


def _put(levels: Levels, place: int, level: Condition | None) -> Levels:
    return (*levels[:place], level, *levels[place + 1 :])


def _sums(table: Table) -> Iterator[tuple[Levels, list[Levels]]]:
    """Every sum of the table: along each axis, at every combination of levels of the others."""
    levels = [axis.levels() for axis in table.by]
    for place, axis in enumerate(table.by):
        along: list[list[Condition | None]] = [*levels[:place], [ALL], *levels[place + 1 :]]
        others = list(product(*along))
        for whole, parts in axis.sums():
            for other in others:
                yield _put(other, place, whole), [_put(other, place, part) for part in parts]
