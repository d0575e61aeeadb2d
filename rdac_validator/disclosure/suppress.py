"""Which cells to hide, so that no count below the threshold can be worked out from what is shown.

The method is cell suppression with a linear program for each cell that needs protection, as in the literature since
Robertson (1993) and Fischetti and Salazar (2000), checked in whole numbers: a cell is protected when other data exist,
agreeing with everything that is shown and with the rule itself, in which its count lies at each end of the protection
interval. Where they do not, the cheapest change of shown counts that would make room says which cells to hide as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from math import log2

import numpy as np

from .policy import Policy
from .tables import Cells
from .worlds import FAR, NEAR, Changes, Leeway, Worlds

Sum = tuple[int, tuple[int, ...]]


class Suppression:
    """The search for the cells to hide. :attr:`hidden` only ever grows, and what is protected once stays protected."""

    def __init__(self, cells: Cells, policy: Policy) -> None:
        self.cells, self.policy = cells, policy
        self.sums_of: list[list[Sum]] = [[] for _ in cells.value]
        self.bases: list[set[int]] = [set() for _ in cells.value]
        self.parts: list[set[int]] = [set() for _ in cells.value]
        self.limits: list[set[int]] = [set() for _ in cells.value]
        self.limited: list[set[int]] = [set() for _ in cells.value]
        self.members: dict[int, list[int]] = {}
        self._index()
        self.hidden: dict[int, None] = {}
        self.queue: deque[int] = deque()
        self.truth = np.array(cells.value, dtype=np.int64)
        self.lowest, self.highest = self.truth.copy(), self.truth.copy()
        self.scopes: dict[int | None, Scope] = {}

    def _index(self) -> None:
        for total in self.cells.sums:
            whole, parts = total
            for cell in (whole, *parts):
                self.sums_of[cell].append(total)
            for part in parts if self.cells.printed[whole] else ():
                if self.cells.printed[part]:
                    self.limits[part].add(whole)
                    self.limited[whole].add(part)
                    if self.cells.counts_units[parts[-1]]:
                        self.bases[part].add(whole)
                        self.parts[whole].add(part)
        for cell, tables in enumerate(self.cells.tables):
            for table in tables:
                self.members.setdefault(table, []).append(cell)

    def run(self) -> frozenset[int]:
        """The numbers of the cells to hide."""
        small = [cell for cell, count in enumerate(self.cells.value) if self.policy.small(count)]
        self._hide(cell for cell in small if self.cells.printed[cell])
        self.queue.extend(cell for cell in small if not self.cells.printed[cell] and self.cells.counts_units[cell])
        while self.queue:
            self._protect(self.queue.popleft())
        return frozenset(self.hidden)

    def _hide(self, cells: Iterable[int]) -> None:
        """Hide cells; a nought under a hidden base is hidden too, or it would say where the few are."""
        waiting = deque(cells)
        while waiting:
            cell = waiting.popleft()
            if cell not in self.hidden:
                self.hidden[cell] = None
                self.queue.append(cell)
                waiting.extend(part for part in sorted(self.limited[cell]) if self._bare_nought(part))

    def _bare_nought(self, cell: int) -> bool:
        """Whether a cell is 0 under a hidden base, and not because a larger count is shown as 0."""
        none_at_all = any(self.cells.value[limit] == 0 and limit not in self.hidden for limit in self.limits[cell])
        under_hidden = any(base in self.hidden for base in self.bases[cell])
        return self.cells.value[cell] == 0 and under_hidden and not none_at_all

    def _shown(self, cell: int) -> bool:
        return self.cells.printed[cell] and cell not in self.hidden

    def _protect(self, cell: int) -> None:
        """Hide what is needed until the cell can lie at both ends of its protection interval.

        A hidden count that is not small must be as uncertain as one that is, upwards or downwards.
        """
        count, width = self.cells.value[cell], self.policy.width
        if self.policy.small(count):
            self._make_possible(cell, self.policy.least)
            self._make_possible(cell, self.policy.threshold)
        elif self.highest[cell] - self.lowest[cell] < width and not any(
            self._possible(cell, target, scope)
            for target in (count + width, count - width)
            for scope in self._near(cell)
        ):
            self._make_possible(cell, count + width)

    def _make_possible(self, cell: int, target: int) -> None:
        """Hide the cheapest cells that make room for a count to be the target."""
        if self.lowest[cell] <= target <= self.highest[cell] or any(
            self._possible(cell, target, scope) for scope in self._near(cell)
        ):
            return
        while not self._possible(cell, target, None, hide=True, search=False):
            around = self._all_around(cell)
            if not around and self._possible(cell, target, None, hide=True):
                return
            self._hide(around or self._everything())

    def _near(self, cell: int) -> list[int]:
        """The table in which to look first, if the cell belongs to one alone."""
        return list(self.cells.tables[cell]) if len(self.cells.tables[cell]) == 1 else []

    def _possible(self, cell: int, target: int, table: int | None, *, hide: bool = False, search: bool = True) -> bool:
        """Whether data exist that agree with all that is shown, in which the count is the target or farther away.

        Looks at changes in one table alone, or in all. With ``hide``, what stands in the way is hidden. ``search`` as
        :meth:`Worlds.change` has it.
        """
        if target < 0:
            return False
        scope = self._scope(table)
        change = scope.worlds.change(scope.place[cell], target - self.cells.value[cell], search=search)
        if change is None:
            return False
        moved = [other for other in scope.cells[change != 0].tolist() if self._shown(other)]
        if moved and not hide:
            return False
        self._hide(moved)
        self._learn(scope, change)
        return True

    def _learn(self, scope: Scope, change: Changes) -> None:
        """Other data are found: the same change of counts, made more than once or backwards, gives others still."""
        cells, change = scope.cells[change != 0], change[change != 0]
        room = np.array([self._leeway(cell).fall for cell in cells.tolist()])
        up, down = change > 0, change < 0
        most = np.floor((room[down] / -change[down]).min(initial=FAR) + NEAR)
        least = np.ceil(-(room[up] / change[up]).min(initial=FAR) - NEAR)
        for times in (int(least), int(most)):
            counts = self.truth[cells] + times * change
            self.lowest[cells] = np.minimum(self.lowest[cells], counts)
            self.highest[cells] = np.maximum(self.highest[cells], counts)

    def _scope(self, table: int | None) -> Scope:
        """The program of one table, or of all, with what was hidden since it was asked last."""
        if table not in self.scopes:
            cells = range(len(self.truth)) if table is None else self.members[table]
            self.scopes[table] = Scope(cells, self.sums_of, [self._leeway(cell) for cell in cells], len(self.hidden))
        scope = self.scopes[table]
        fresh = list(self.hidden)[scope.known :]
        for cell in {other for hidden in fresh for other in (hidden, *self.parts[hidden])} & scope.place.keys():
            scope.worlds.give(scope.place[cell], self._leeway(cell))
        scope.known = len(self.hidden)
        return scope

    def _leeway(self, cell: int) -> Leeway:
        """How far a count may lie from the truth: for a shown one at the price of all that rests on it."""
        count = self.cells.value[cell]
        if self._shown(cell):
            cost = (1 + len(self.parts[cell])) * log2(1 + count)
            return Leeway(count - self.policy.least, cost=cost) if count else Leeway(0.0, 0.0)
        nought_would_show = self.cells.printed[cell] and self.policy.least > 0
        if nought_would_show and not any(base in self.hidden for base in self.bases[cell]):
            return Leeway(count - 1.0)
        return Leeway(float(count))

    def _all_around(self, cell: int) -> list[int]:
        """Where the cheapest change is none of whole children: all that is shown in the tables that hold the cell."""
        near = {other for table in self.cells.tables[cell] for other in self.members[table]}
        return sorted(other for other in near if self._shown(other))

    def _everything(self) -> list[int]:
        """The last resort: all that is shown anywhere."""
        shown = [other for other in range(len(self.truth)) if self._shown(other)]
        if not shown:
            raise AssertionError("everything is hidden, and still a count can be worked out")
        return shown


class Scope:
    """Some cells as a program: which they are, where each stands in it, and how much of what is hidden it knows."""

    def __init__(self, cells: Sequence[int], sums_of: list[list[Sum]], leeways: list[Leeway], known: int) -> None:
        self.cells = np.array(cells, dtype=np.int64)
        self.place = {cell: at for at, cell in enumerate(cells)}
        sums = dict.fromkeys(total for cell in cells for total in sums_of[cell])
        self.worlds = Worlds(leeways, [self._row(total) for total in sums])
        self.known = known

    def _row(self, total: Sum) -> dict[int, int]:
        whole, parts = total
        row = {self.place[part]: -1 for part in parts if part in self.place}
        return row | ({self.place[whole]: 1} if whole in self.place else {})
