"""Counts that hang together through sums, as programs: for one question of one count, or for many wishes at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from .worlds import Changes, Leeway, Worlds

Sum = tuple[int, tuple[int, ...]]
Row = Mapping[int, int]
FEW = 20


class Scope:
    """Some cells as a program: which they are, where each stands in it, and how much of what is hidden it knows."""

    def __init__(self, cells: Sequence[int], sums_of: list[list[Sum]], leeways: list[Leeway], known: int) -> None:
        self.cells = np.array(cells, dtype=np.int64)
        self.place = {cell: at for at, cell in enumerate(cells)}
        sums = dict.fromkeys(total for cell in cells for total in sums_of[cell])
        self.worlds = Worlds(leeways, [row(total, self.place) for total in sums])
        self.known = known


def row(total: Sum, place: Mapping[int, int]) -> Row:
    """A sum as the coefficients of the counts that have a place."""
    whole, parts = total
    told = {place[part]: -times for part, times in Counter(parts).items() if part in place}
    return told | ({place[whole]: 1} if whole in place else {})


def groups(cells: Iterable[int], sums: Iterable[Sum]) -> list[list[int]]:
    """The cells that hang together through sums, group by group."""
    beside: dict[int, list[int]] = {cell: [] for cell in cells}
    for whole, parts in sums:
        first, *others = [cell for cell in (whole, *parts) if cell in beside] or [whole]
        for other in others:
            beside[first].append(other)
            beside[other].append(first)
    found, met = [], set()
    for start in beside:
        group = [] if start in met else [start]
        for cell in group:
            met.add(cell)
            fresh = [other for other in dict.fromkeys(beside[cell]) if other not in met]
            met.update(fresh)
            group += fresh
        found += [group] if group else []
    return found


def rising(
    free: Mapping[int, Leeway], sums_of: list[list[Sum]], wanted: Mapping[int, int]
) -> Iterator[tuple[Changes, Changes]]:
    """Other data in which as many counts as can rise as far as is wanted: some cells, and the change of each.

    ``free`` are the cells that may change at all and how far, ``wanted`` is by how much a count should rise. A small
    return hides thousands of noughts that can all be large at once, and a program for each would say the same thing
    thousands of times. Nothing rests on what is found here but time: what is not found is asked for one by one.
    """
    sums = dict.fromkeys(total for cell in free for total in sums_of[cell])
    for cells in groups(free, sums):
        place = {cell: at for at, cell in enumerate(cells)}
        wishes = [(place[cell], wanted[cell]) for cell in cells if cell in wanted]
        if wishes:
            own = dict.fromkeys(total for cell in cells for total in sums_of[cell])
            rows = [row(total, place) for total in own]
            for change in _granted([free[cell] for cell in cells], rows, wishes):
                yield np.array(cells), change


def _granted(leeways: list[Leeway], rows: list[Row], wishes: list[tuple[int, int]]) -> Iterator[Changes]:
    """One change for all wishes; where that is not of whole numbers, one for each half of them."""
    more, told = list(leeways), list(rows)
    for at, by in wishes:
        # a rise is what was wished for, and counts, and what is over
        told.append({at: 1, len(more): -1, len(more) + 1: -1})
        more += [Leeway(0.0, rise=by, cost=-1.0), Leeway(0.0)]
    change = Worlds(more, told).cheapest()
    if change is not None:
        yield change[: len(leeways)]
    elif len(wishes) > FEW:
        half = len(wishes) // 2
        for some in (wishes[:half], wishes[half:]):
            yield from _granted(leeways, rows, some)
