"""Which cells to hide, so that no count below the threshold can be worked out from what is shown.

The method is cell suppression with a linear program for each cell that needs protection, as in the literature since
Robertson (1993) and Fischetti and Salazar (2000), checked in whole numbers: a cell is protected when other data exist,
agreeing with everything that is shown and with the rule itself, in which its count lies at each end of the protection
interval. Where they do not, the cheapest change of shown counts that would make room says which cells to hide as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from .tables import Cells
from .worlds import NEAR, Column, Solver, in_whole_numbers

Sum = tuple[int, tuple[int, ...]]
FAR = 1000.0


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be shown.

    Counts from 1 to ``threshold`` - 1 are hidden (DfE hides 1 to 5: a threshold of 6). ``zeros``: "shown", unless
    a base of theirs is hidden, or "hidden" like other small counts. ``rounding``: what is shown is rounded to
    the nearest multiple of this besides; 1 is none.
    """

    threshold: int = 5
    zeros: str = "shown"
    rounding: int = 1

    def __post_init__(self) -> None:
        if self.threshold < 3:
            raise ValueError("a threshold below 3 protects nobody: say 3 or more (5 is the default, 6 is DfE's)")
        if self.zeros not in {"shown", "hidden"} or self.rounding < 1:
            raise ValueError("zeros are 'shown' or 'hidden', and rounding is to 1 or more")

    @property
    def least(self) -> int:
        """The smallest count that needs protection."""
        return 0 if self.zeros == "hidden" else 1

    @property
    def width(self) -> int:
        """How far apart the ends of a protection interval lie: from ``least`` to the threshold itself."""
        return self.threshold - self.least

    def small(self, count: int) -> bool:
        """Whether a count needs protection."""
        return self.least <= count < self.threshold


class Suppression:
    """The search for the cells to hide. :attr:`hidden` only ever grows, and what is protected once stays protected."""

    def __init__(self, cells: Cells, policy: Policy) -> None:
        self.cells, self.policy = cells, policy
        self.sums: list[Sum] = list(cells.sums)
        self.sums_of: list[list[int]] = [[] for _ in cells.value]
        self.bases: list[set[int]] = [set() for _ in cells.value]
        self.parts: list[set[int]] = [set() for _ in cells.value]
        self.members: dict[int, list[int]] = {}
        self._index()
        self.hidden: set[int] = set()
        self.derived: dict[int, int] = {}
        self.solver = Solver()
        self.loaded: dict[int, int] = {}
        self.truth = np.array(cells.value, dtype=np.int64)
        self.lowest, self.highest = self.truth.copy(), self.truth.copy()
        self.queue: deque[int] = deque()

    def _index(self) -> None:
        for place, (whole, parts) in enumerate(self.sums):
            for cell in (whole, *parts):
                self.sums_of[cell].append(place)
            if self.cells.printed[whole] and self.cells.counts_units[parts[-1]]:
                for part in parts:
                    if self.cells.printed[part]:
                        self.bases[part].add(whole)
                        self.parts[whole].add(part)
        for cell, tables in enumerate(self.cells.tables):
            for table in tables:
                self.members.setdefault(table, []).append(cell)

    def run(self) -> frozenset[int]:
        """The numbers of the cells to hide."""
        self._derive(range(len(self.sums)))
        small = [cell for cell, count in enumerate(self.cells.value) if self.policy.small(count)]
        self._hide(cell for cell in small if self.cells.printed[cell])
        self.queue.extend(cell for cell in small if self._implied(cell))
        while self.queue:
            self._protect(self.queue.popleft())
        return frozenset(self.hidden)

    def _implied(self, cell: int) -> bool:
        return not self.cells.printed[cell] and self.cells.counts_units[cell]

    def _hide(self, cells: Iterable[int]) -> None:
        """Hide cells; a nought under a hidden base is hidden too, or it would say where the few are."""
        waiting = deque(cell for cell in cells if cell not in self.hidden)
        while waiting:
            cell = waiting.popleft()
            if cell in self.hidden:
                continue
            self.hidden.add(cell)
            self.queue.append(cell)
            self._forget(cell)
            waiting.extend(part for part in sorted(self.parts[cell]) if self._bare_nought(part))
        self.loaded = {}

    def _bare_nought(self, cell: int) -> bool:
        """Whether a cell is 0, and not because a base of it is shown as 0."""
        none_at_all = any(self.cells.value[base] == 0 and base not in self.hidden for base in self.bases[cell])
        return self.cells.value[cell] == 0 and not none_at_all

    # what can be worked out one sum at a time is as good as shown

    def _unknown(self, cell: int) -> bool:
        return cell in self.hidden if self.cells.printed[cell] else cell not in self.derived

    def _derive(self, sums: Iterable[int]) -> None:
        waiting = deque(sums)
        while waiting:
            place = waiting.popleft()
            whole, parts = self.sums[place]
            unknown = [cell for cell in (whole, *parts) if self._unknown(cell)]
            if len(unknown) == 1 and not self.cells.printed[unknown[0]]:
                self.derived[unknown[0]] = place
                waiting.extend(self.sums_of[unknown[0]])

    def _forget(self, cell: int) -> None:
        """A cell is hidden: what was derived from it is not known any more, unless another sum gives it."""
        waiting, touched = [cell], []
        while waiting:
            for place in self.sums_of[waiting.pop()]:
                whole, parts = self.sums[place]
                lost = [other for other in (whole, *parts) if self.derived.get(other) == place]
                for other in lost:
                    del self.derived[other]
                waiting.extend(lost)
                touched.extend(lost)
        self._derive(place for other in touched for place in self.sums_of[other])

    # what a cell must be able to be

    def _protect(self, cell: int) -> None:
        """Hide what is needed until the cell can lie at both ends of its protection interval."""
        count, width = self.cells.value[cell], self.policy.width
        if self.policy.small(count):
            self._make_possible(cell, self.policy.least)
            self._make_possible(cell, self.policy.threshold)
        elif not (self._wide(cell) or self._possible(cell, count + width) or self._possible(cell, count - width)):
            self._make_possible(cell, count + width)

    def _wide(self, cell: int) -> bool:
        """Whether a hidden count that is not small is known to be as uncertain as one that is."""
        return bool(self.highest[cell] - self.lowest[cell] >= self.policy.width)

    def _make_possible(self, cell: int, target: int) -> None:
        whole = False
        while not self._possible(cell, target):
            more = self._room(cell, target, whole=whole)
            if whole and not more:
                more = self._all_around(cell)
            whole = not more
            self._hide(more)

    def _possible(self, cell: int, target: int) -> bool:
        """Whether data exist that agree with all that is shown, in which the count is the target, or farther away."""
        if target < 0 or self.lowest[cell] <= target <= self.highest[cell]:
            return target >= 0
        if not self._unknown(cell):
            return False
        if cell not in self.loaded:
            self._load(cell)
        fixed = {self.loaded[cell]: float(target - self.cells.value[cell])}
        solution = self.solver.solve(fixed, whole=False)
        if solution is not None and not in_whole_numbers(solution):
            solution = self.solver.solve(fixed, whole=True)
        if solution is not None:
            self._learn(np.rint(solution).astype(np.int64))
        return solution is not None

    def _learn(self, change: NDArray[np.int64]) -> None:
        """Other data are found: the same change of counts, made more than once or backwards, gives others still."""
        cells = np.fromiter(self.loaded, dtype=np.int64)
        room = np.array([column.low for column in self.solver.columns])
        up, down = change > 0, change < 0
        most = np.floor((room[down] / change[down]).min(initial=FAR) + NEAR)
        least = np.ceil((room[up] / change[up]).max(initial=-FAR) - NEAR)
        for times in (int(least), int(most)):
            counts = self.truth[cells] + times * change
            self.lowest[cells] = np.minimum(self.lowest[cells], counts)
            self.highest[cells] = np.maximum(self.highest[cells], counts)

    def _load(self, cell: int) -> None:
        """Give the solver all unknown cells that hang together with this one."""
        self.loaded, waiting = {cell: 0}, [cell]
        sums: dict[int, None] = {}
        while waiting:
            for place in self.sums_of[waiting.pop()]:
                sums[place] = None
                whole, parts = self.sums[place]
                for other in (whole, *parts):
                    if other not in self.loaded and self._unknown(other):
                        self.loaded[other] = len(self.loaded)
                        waiting.append(other)
        columns = [Column(self._low(other)) for other in self.loaded]
        self.solver.load(columns, [self._row(place, self.loaded) for place in sums])

    def _row(self, place: int, columns: dict[int, int]) -> dict[int, float]:
        whole, parts = self.sums[place]
        row = {columns[part]: -1.0 for part in parts if part in columns}
        return row | ({columns[whole]: 1.0} if whole in columns else {})

    def _low(self, cell: int) -> float:
        """How far an unknown count can fall: to 0, or to 1 where a 0 would have been shown."""
        shown_if_none = self.cells.printed[cell] and self.policy.least > 0 and not self.bases[cell] & self.hidden
        return float(int(shown_if_none) - self.cells.value[cell])

    # what to hide besides

    def _room(self, cell: int, target: int, *, whole: bool) -> list[int]:
        """The shown cells whose counts would change in the cheapest data in which the cell's count is ``target``."""
        region = self._region(cell)
        place = {other: 2 * number for number, other in enumerate(region)}
        columns: list[Column] = []
        for other in region:
            columns.extend(self._up_and_down(other))
        sums = dict.fromkeys(at for other in region for at in self.sums_of[other])
        rows = [self._row(at, place) for at in sums]
        rows = [row | {column + 1: -sign for column, sign in row.items()} for row in rows]
        self.loaded = {}
        self.solver.load(columns, rows)
        change = float(target - self.cells.value[cell])
        fixed = {place[cell]: max(change, 0.0), place[cell] + 1: max(-change, 0.0)}
        solution = self.solver.solve(fixed, whole=whole)
        if solution is None:
            return []
        moved = [other for other in region if abs(solution[place[other]] - solution[place[other] + 1]) > NEAR]
        return [other for other in moved if self.cells.printed[other] and other not in self.hidden]

    def _region(self, cell: int) -> list[int]:
        """All cells of the tables that hold an unknown cell that hangs together with this one."""
        if self._unknown(cell) and cell not in self.loaded:
            self._load(cell)
        near = set(self.loaded) if self._unknown(cell) else {cell}
        sums = {place for other in near for place in self.sums_of[other]}
        near |= {other for place in sums for other in (self.sums[place][0], *self.sums[place][1])}
        tables = {table for other in near for table in self.cells.tables[other]}
        return sorted({other for table in tables for other in self.members[table]} | near)

    def _up_and_down(self, cell: int) -> Iterator[Column]:
        """What it costs to change a count upwards and downwards: nothing if unknown, else what hiding it would hide."""
        count = self.cells.value[cell]
        if not self.cells.printed[cell] or cell in self.hidden:
            yield from (Column(0.0), Column(0.0, -self._low(cell)))
        elif count == 0:
            yield from (Column(0.0, 0.0), Column(0.0, 0.0))
        else:
            cost = (1 + len(self.parts[cell])) * log2(1 + count)
            yield from (Column(0.0, cost=cost), Column(0.0, float(count - self.policy.least), cost))

    def _all_around(self, cell: int) -> list[int]:
        """The last resort, where no other data make room: everything that is shown in the tables around."""
        around = [other for other in self._region(cell) if self.cells.printed[other] and other not in self.hidden]
        if not around:
            raise AssertionError("everything is hidden, and still a count can be worked out")
        return around
