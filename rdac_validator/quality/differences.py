"""The difference of two shares, with its interval and in words; all of printed figures."""

from __future__ import annotations

from dataclasses import dataclass

from rdac_validator.disclosure import HIDDEN, Figure
from rdac_validator.quality.intervals import ends, newcombe


@dataclass(frozen=True, slots=True)
class Difference:
    """Two shares, the later less the earlier, with the ends of its 95% interval; all of printed figures."""

    value: Figure
    lower: Figure
    upper: Figure

    @classmethod
    def of(cls, new: tuple[Figure, Figure], old: tuple[Figure, Figure]) -> Difference:
        """The difference of two shares, each a part and its whole."""
        value = Figure.of(lambda one, other: one - other, new[0].out_of(new[1]), old[0].out_of(old[1]))
        return cls(value, *ends(_interval, *new, *old))

    @property
    def clear(self) -> bool:
        """Whether the interval is there and leaves out nought."""
        return self.lower.value is not None and self.upper.value is not None and self.lower.value * self.upper.value > 0

    @property
    def words(self) -> str:
        """The difference in words."""
        if self.lower.value is None:
            return "too few to say, or hidden to protect others" if self.lower.mark == HIDDEN else "nobody to compare"
        return "no clear change" if not self.clear else "higher" if self.lower.value > 0 else "lower"

    @property
    def strength(self) -> float:
        """How far from nought the difference is, in halves of its interval; 0 where it is not clear."""
        if not self.clear or self.value.value is None:
            return 0.0
        return abs(self.value.value) / ((self.upper.value or 0) - (self.lower.value or 0))


def _interval(part: float, whole: float, before: float, base: float) -> tuple[float, float] | None:
    return newcombe((part, whole), (before, base)) if whole and base else None
