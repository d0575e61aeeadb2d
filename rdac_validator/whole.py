"""Whole numbers that sum to a total, as near to given shares as can be."""

from __future__ import annotations

from collections.abc import Sequence


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that sum to ``total``: the largest remainders are rounded up."""
    shares = [total * weight / sum(weights) for weight in weights]
    return nearest(shares, [total] * len(shares), total)


def nearest(targets: Sequence[float], most: Sequence[int], total: int) -> list[int]:
    """Whole numbers from 0 to ``most`` that sum to ``total``, as shares of ``most`` as near to the targets as can be.

    Each unit is added, or taken away, where it costs least in squared distance between shares, which finds the nearest
    numbers since that distance is convex; the first of equals gets it. Raises ``ValueError`` if ``most`` allows less
    than ``total``.
    """
    if not 0 <= total <= sum(most):
        raise ValueError("the parts cannot hold the total")
    numbers = [min(int(target), limit) for target, limit in zip(targets, most, strict=True)]
    while sum(numbers) != total:
        step = 1 if sum(numbers) < total else -1
        free = [at for at, limit in enumerate(most) if 0 <= numbers[at] + step <= limit]
        costs = {at: (2 * step * (numbers[at] - targets[at]) + 1) / most[at] ** 2 for at in free}
        numbers[min(free, key=costs.__getitem__)] += step
    return numbers
