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
from numpy.typing import NDArray

from .cells import Cells
from .policy import Policy
from .scopes import Scope, Sum, groups, rising
from .worlds import FAR, NEAR, Changes, Leeway

PATIENCE = 25  # so many programs cost about as much as one for all
SEARCHES = 100  # for whole numbers, of up to a second each: with a high threshold hundreds were needed


class Suppression:
    """The search for the cells to hide. :attr:`hidden` only ever grows, and what is protected once stays protected."""

    def __init__(self, cells: Cells, policy: Policy) -> None:
        self.cells, self.policy = cells, policy
        self.sums_of: list[list[Sum]] = [[] for _ in cells.value]
        self.bases: list[set[int]] = [set() for _ in cells.value]
        self.parts: list[set[int]] = [set() for _ in cells.value]
        self.limits: list[set[tuple[int, ...]]] = [set() for _ in cells.value]
        self.limited: list[set[int]] = [set() for _ in cells.value]
        self._index()
        self.groups = groups(range(len(cells.value)), cells.sums)
        self.group_of = {cell: at for at, group in enumerate(self.groups) for cell in group}
        self.hidden: dict[int, None] = {}
        self.queue: deque[int] = deque()
        self.truth = np.array(cells.value, dtype=np.int64)
        self.lowest, self.highest = self.truth.copy(), self.truth.copy()
        self.scopes: dict[tuple[str, int], Scope] = {}
        self.asked, self.patience, self.searches = 0, PATIENCE, SEARCHES

    def _index(self) -> None:
        for total in self.cells.sums:
            whole, parts = total
            for cell in (whole, *parts):
                self.sums_of[cell].append(total)
            for part in parts if self.cells.printed[whole] else ():
                if self.cells.printed[part] and self.cells.counts_units[parts[-1]]:
                    self.limits[part].add((whole,))
                    self.limited[whole].add(part)
                    self.bases[part].add(whole)
                    self.parts[whole].add(part)
        for fewer, more in self.cells.limits:
            for cell in more:
                self.limited[cell].update(fewer)
            for cell in fewer:
                self.limits[cell].add(more)

    def run(self) -> frozenset[int]:
        """The numbers of the cells to hide."""
        small = [cell for cell, count in enumerate(self.cells.value) if self.policy.small(count)]
        self._hide(cell for cell in small if self.cells.printed[cell])
        rest = (cell for cell in small if not self.cells.printed[cell] and self.cells.counts_units[cell])
        self.queue.extend(cell for cell in rest if cell not in self.cells.known)
        while self.queue:
            waiting = list(self.queue)
            self.queue.clear()
            self._raise_together(waiting)
            for done, cell in enumerate(waiting, 1):
                self._protect(cell)
                if self.asked > self.patience:
                    self._raise_together(waiting[done:])
        return frozenset(self.hidden)

    def _raise_together(self, cells: Sequence[int]) -> None:
        """Look for data in which many of the cells are large at once; the less there are, the later again."""
        free = {cell: self._leeway(cell) for cell in range(len(self.truth)) if not self._shown(cell)}
        first = wanted = self._too_low(cells)
        while wanted:
            before = len(wanted)
            for found, change in rising(free, self.sums_of, wanted):
                self._learn(found, change)
            wanted = self._too_low(wanted)
            if 2 * len(wanted) > before:
                break
        self.patience = PATIENCE if 5 * len(wanted) < 4 * len(first) else 2 * self.patience
        self.asked = 0

    def _too_low(self, cells: Iterable[int]) -> dict[int, int]:
        """The cells that are not known to be able to rise as far as they should, and how far that is."""
        counts = self.cells.value
        rise = {
            cell: self.policy.threshold - counts[cell] if self.policy.small(counts[cell]) else self.policy.width
            for cell in cells
        }
        return {cell: by for cell, by in rise.items() if self.highest[cell] - counts[cell] < by}

    def _hide(self, cells: Iterable[int]) -> None:
        """Hide cells; a nought under a hidden base is hidden too, or it would say where the few are."""
        waiting = deque(cells)
        while waiting:
            cell = waiting.popleft()
            if cell not in self.hidden:
                self.hidden[cell] = None
                self.queue.extend([cell] if cell not in self.cells.known else [])
                waiting.extend(part for part in sorted(self.limited[cell]) if self._bare_nought(part))

    def _bare_nought(self, cell: int) -> bool:
        """Whether a cell is 0 under a hidden base, and not because larger counts are shown as 0."""
        if self.cells.value[cell] or cell in self.cells.known or not self.bases[cell] & self.hidden.keys():
            return False
        return not any(all(self._known_nought(cell) for cell in limit) for limit in self.limits[cell])

    def _known_nought(self, cell: int) -> bool:
        return self.cells.value[cell] == 0 and (self._shown(cell) or cell in self.cells.known)

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
            up = count < width or self._conceivable(cell, count + width)
            self._make_possible(cell, count + width if up else count - width)
            if not up and not self._conceivable(cell, count - width):
                self._make_possible(cell, count + width)

    def _make_possible(self, cell: int, target: int) -> None:
        """Hide the cheapest cells that make room for a count to be the target, or as near to it as is conceivable."""
        if self.lowest[cell] <= target <= self.highest[cell] or any(
            self._possible(cell, target, scope) for scope in self._near(cell)
        ):
            return
        while not self._possible(cell, target, None, hide=True):
            scope = self._scope(cell, None)
            if scope.worlds.fractions is None and not self._conceivable(cell, target):
                # down to no change at all, which is possible
                self._make_possible(cell, target + (1 if target < self.cells.value[cell] else -1))
                return
            rest = self._in_the_way(cell, scope)
            self._hide(rest)
            self.searches -= 1
            if self.searches >= 0 and self._found(cell, target):
                return
            if not rest:
                rest = self._all_around(cell)
                if not rest:
                    return  # nothing at all is shown, by which it could be told
                self._hide(rest)

    def _in_the_way(self, cell: int, scope: Scope) -> list[int]:
        """What has to be hidden for there to be changes at all, though not of whole children."""
        if scope.worlds.fractions is None:
            # a base that everybody knows is no secret, but while it is shown a hidden part is not nought
            return [base for base in sorted(self.bases[cell]) if base in self.cells.known and self._shown(base)]
        moved = scope.cells[np.abs(scope.worlds.fractions) > NEAR].tolist()
        return [other for other in moved if self._shown(other)]

    def _found(self, cell: int, target: int) -> bool:
        """Whether a search finds data of whole children in which the count is the target."""
        scope = self._scope(cell, None)
        change = scope.worlds.search(scope.place[cell], target - self.cells.value[cell])
        if change is None:
            return False
        self._learn(scope.cells, change)
        return True

    def _conceivable(self, cell: int, target: int) -> bool:
        """Whether a count could be the target if nothing were shown: else it follows from what everybody knows."""
        if not self.cells.known:
            return True
        cells = self.groups[self.group_of[cell]]
        if ("free", self.group_of[cell]) not in self.scopes:
            free = [Leeway(0.0, 0.0) if one in self.cells.known else Leeway(float(self.truth[one])) for one in cells]
            self.scopes["free", self.group_of[cell]] = Scope(cells, self.sums_of, free, 0)
        scope = self.scopes["free", self.group_of[cell]]
        scope.worlds.change(scope.place[cell], target - self.cells.value[cell])
        return scope.worlds.fractions is not None

    def _near(self, cell: int) -> list[int]:
        """The table in which to look first, if the cell belongs to one alone."""
        return list(self.cells.tables[cell]) if len(self.cells.tables[cell]) == 1 else []

    def _possible(self, cell: int, target: int, table: int | None, *, hide: bool = False) -> bool:
        """Whether data exist that agree with all that is shown, in which the count is the target or farther away.

        Looks at changes in one table alone, or in all that hang together. With ``hide``, what stands in the way is
        hidden.
        """
        if target < 0:
            return False
        scope = self._scope(cell, table)
        change = scope.worlds.change(scope.place[cell], target - self.cells.value[cell])
        if change is None:
            return False
        moved = [other for other in scope.cells[change != 0].tolist() if self._shown(other)]
        if moved and not hide:
            return False
        self._hide(moved)
        self._learn(scope.cells, change)
        return True

    def _learn(self, cells: NDArray[np.int64], change: Changes) -> None:
        """Other data are found: the same change of counts, made more than once or backwards, gives others still."""
        cells, change = cells[change != 0], change[change != 0]
        room = np.array([self._leeway(cell).fall for cell in cells.tolist()])
        up, down = change > 0, change < 0
        most = np.floor((room[down] / -change[down]).min(initial=FAR) + NEAR)
        least = np.ceil(-(room[up] / change[up]).min(initial=FAR) - NEAR)
        for times in (int(least), int(most)):
            counts = self.truth[cells] + times * change
            self.lowest[cells] = np.minimum(self.lowest[cells], counts)
            self.highest[cells] = np.maximum(self.highest[cells], counts)

    def _scope(self, cell: int, table: int | None) -> Scope:
        """The program of one table, or of all that hangs together, told of what was hidden since."""
        key = ("group", self.group_of[cell]) if table is None else ("table", table)
        if key not in self.scopes:
            cells = self.groups[self.group_of[cell]] if table is None else sorted(self.cells.members[table])
            self.scopes[key] = Scope(cells, self.sums_of, [self._leeway(cell) for cell in cells], len(self.hidden))
        scope = self.scopes[key]
        self.asked += table is None
        fresh = list(self.hidden)[scope.known :]
        for other in {part for hidden in fresh for part in (hidden, *self.parts[hidden])} & scope.place.keys():
            scope.worlds.give(scope.place[other], self._leeway(other))
        scope.known = len(self.hidden)
        return scope

    def _leeway(self, cell: int) -> Leeway:
        """How far a count may lie from the truth: for a shown one at the price of all that rests on it."""
        count = self.cells.value[cell]
        if cell in self.cells.known:
            return Leeway(0.0, 0.0)
        if self._shown(cell):
            cost = (1 + len(self.parts[cell])) * log2(1 + count)
            return Leeway(count - self.policy.least, cost=cost) if count else Leeway(0.0, 0.0)
        nought_would_show = self.cells.printed[cell] and self.policy.least > 0
        if nought_would_show and not any(base in self.hidden for base in self.bases[cell]):
            return Leeway(count - 1.0)
        return Leeway(float(count))

    def _all_around(self, cell: int) -> list[int]:
        """Where no whole children are found: all that is shown in the tables that hold the cell, then all beside them.

        After too many searches all at once, since nearly all is hidden then.
        """
        near = {other for table in self.cells.tables[cell] for other in self.cells.members[table]}
        wide = self.groups[self.group_of[cell]]
        shown = [other for other in sorted(near) if self._shown(other)] if self.searches >= 0 else []
        return shown or [other for other in wide if self._shown(other)]
