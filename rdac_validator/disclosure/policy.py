"""What a publication may show, as its publisher decides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be shown.

    Counts from 1 to ``threshold`` - 1 are hidden (DfE hides 1 to 5: a threshold of 6). ``zero_policy`` has the codes of
    the standard: with ``zeros_shown`` a nought is printed unless a base of it is hidden, with ``zeros_suppressed`` it
    is hidden like other small counts. What is shown is rounded to the nearest multiple of ``rounding`` besides; 1 is
    none.
    """

    threshold: int = 5
    zero_policy: str = "zeros_shown"
    rounding: int = 1

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise ValueError("a threshold below 2 hides nothing: say 2 or more (5 is the default, 6 is DfE's)")
        if self.zero_policy not in {"zeros_shown", "zeros_suppressed"} or self.rounding < 1:
            raise ValueError("zero_policy is zeros_shown or zeros_suppressed, and rounding is to 1 or more")

    @classmethod
    def declared(cls, suppression_threshold: int, zero_policy: str) -> Policy:
        """The policy that a return declares of itself; its threshold is the largest count that is hidden."""
        return cls(suppression_threshold + 1, zero_policy)

    @property
    def least(self) -> int:
        """The smallest count that needs protection."""
        return 0 if self.zero_policy == "zeros_suppressed" else 1

    @property
    def width(self) -> int:
        """How far apart the ends of a protection interval lie: from ``least`` to the threshold itself."""
        return self.threshold - self.least

    def small(self, count: int) -> bool:
        """Whether a count needs protection."""
        return self.least <= count < self.threshold
