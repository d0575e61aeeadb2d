"""The arithmetic of rates: their intervals, and how steeply they fall from the most to the least deprived.

Plain numbers in and out: whoever calls it sees to it that they are printed ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from rdac_validator.analysis.normal import Z

PER = 10_000
# from so many events on Byar's approximation is within 0.2% of the exact limits
ENOUGH = 10
TAIL = 0.025
# the fewest groups that a slope is drawn through
FEWEST_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Slope:
    """How far rates fall from the most deprived child to the least, each with the ends of its 95% interval.

    ``index`` is the difference of the two rates, ``ratio`` one over the other: none where the lower may be nought.
    """

    index: tuple[float, float, float]
    ratio: tuple[float, float, float] | None


def limits(count: float) -> tuple[float, float]:
    """The ends of the 95% interval of a count of events: exact Poisson limits below ten, Byar's from there on.

    As public health observatories in England do (``ohid-intervals:1``).
    """
    if count < ENOUGH:
        return (_solve(count - 1, 1 - TAIL) if count else 0.0), _solve(count, TAIL)
    above = count + 1
    low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3
    return low, above * (1 - 1 / (9 * above) + Z / (3 * sqrt(above))) ** 3


def _solve(count: float, chance: float) -> float:
    """The mean of events under which so many or fewer have that chance, by halving."""
    low, high = 0.0, 4.0 * ENOUGH
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _chance(count, middle) > chance else (low, middle)
    return (low + high) / 2


def _chance(count: float, mean: float) -> float:
    term = total = exp(-mean)
    for number in range(1, int(count) + 1):
        term *= mean / number
        total += term
    return total


def rate(count: float, people: float) -> float | None:
    """Events per 10,000 people; none where nobody lives."""
    return PER * count / people if people else None


def slope(counts: Sequence[float], people: Sequence[float]) -> Slope | None:
    """The slope and relative index of inequality of groups in order, the most deprived first; none under five.

    A straight line through the rates against the relative rank of each group (the middle of its range among all
    people, from 0 to 1), each weighing as much as its people (``ohid-slope:text``). The standard error of a rate is
    taken from its interval, so that a nought has one too. Of the slope it follows, since that is a weighted sum of
    rates; the interval of the ratio is Fieller's, which Hayes and Berry found best (``hayes-berry-2002:text``). Groups
    without people are left out.
    """
    pairs = [(count, of) for count, of in zip(counts, people, strict=True) if of]
    if len(pairs) < FEWEST_GROUPS:
        return None
    events, of = np.array(pairs, dtype=np.float64).T
    share = of / of.sum()
    rank = np.cumsum(share) - share / 2
    rates = PER * events / of
    errors = PER * np.array([(high - low) / (2 * Z) for low, high in map(limits, events.tolist())]) / of
    apart = rank - share @ rank
    falling = -share * apart / (share @ apart**2)
    most = share + falling * (share @ rank)
    ends = np.array([most, most - falling])
    index, reach = float(falling @ rates), Z * float(np.linalg.norm(falling * errors))
    top, bottom = (ends @ rates).tolist()
    return Slope((index, index - reach, index + reach), _ratio(top, bottom, (ends * errors**2) @ ends.T))


def _ratio(top: float, bottom: float, spread: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """The ratio of two sums with the ends of its interval by Fieller's theorem; ``spread`` are their covariances.

    None where the lower sum may be nought: then the ratio has no upper end.
    """
    (above, both), (_, below) = Z * Z * spread
    square, middle = bottom * bottom - below, top * bottom - both
    if top <= 0 or bottom <= 0 or square <= 0:
        return None
    reach = sqrt(middle * middle - square * (top * top - above))
    return top / bottom, (middle - reach) / square, (middle + reach) / square
