"""Intervals of 95% for shares and their differences, in per cent: for numbers that are printed already."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, sqrt

from rdac_validator.analysis.normal import Z
from rdac_validator.disclosure import Figure


def score(part: float, whole: float) -> tuple[float, float]:
    """The ends of the interval of a share by Wilson (1927). ``whole`` is not 0."""
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = Z / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return 100 * max(middle - reach, 0.0), 100 * min(middle + reach, 1.0)


def newcombe(new: tuple[float, float], old: tuple[float, float]) -> tuple[float, float]:
    """The ends of the interval of a difference of two shares, each a part and its whole: Newcombe (1998), method 10.

    It takes the two for independent. Where some children are in both the interval is wider than it need be.
    """
    (one, other), (lower, upper), (least, most) = (100 * p / w for p, w in (new, old)), score(*new), score(*old)
    return one - other - hypot(one - lower, most - other), one - other + hypot(upper - one, other - least)


def ends(interval: Callable[..., tuple[float, float] | None], *figures: Figure) -> tuple[Figure, Figure]:
    """The ends of an interval of printed figures; "z" where the interval gives ``None``."""

    def end(at: int) -> Figure:
        return Figure.of(lambda *values: found[at] if (found := interval(*values)) else None, *figures)

    return end(0), end(1)


def of_share(part: Figure, whole: Figure) -> tuple[Figure, Figure]:
    """The ends of the interval of a printed share."""
    return ends(lambda few, many: score(few, many) if many else None, part, whole)
