"""What everybody knows of factors, of how many an assessment has, and of which stand together: for disclosure control.

Each line holds for every single assessment, whatever its factors are, and so for the counts of all of them. Decision 53
says what for, and what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from rdac_validator.disclosure import AtMost, Cell
from rdac_validator.metrics.axes import ANSWERED, YES_NO
from rdac_validator.metrics.demographics import COMMON, FACTORS

CODES = FACTORS.variable
NONE, ALONE, SEVERAL = FACTORS.bands
YES, NO = YES_NO
# of the most common factors together more than these tell no more
MOST = 4
Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """The factors of the assessments of a base, the most frequent first, and those of which pairs are printed.

    ``used`` is how many of them any assessment has at all.
    """

    base: Cell
    factors: Sequence[str]
    common: Sequence[str]
    used: int

    def all(self) -> Iterator[AtMost]:
        """Everything that is known."""
        yield from self._how_often()
        yield from self._one_by_one()
        if self.common:
            yield from self._all_pairs()
            for code in self.common:
                yield from self._pairs_of(code)

    def _cells(self, *names: str) -> Cells:
        """The assessments with so many factors."""
        return tuple(Cell(self.base.unit, self.base.where | {(CODES, name)}) for name in names)

    def _with(self, *codes: str, answer: str = YES) -> Cell:
        """The assessments that have all of these factors, or else none of them."""
        held = {(f"{CODES}:{code}", answer) for code in codes}
        return Cell(self.base.unit, self.base.where | {(CODES, ANSWERED)} | held)

    def _answers(self) -> Cells:
        return tuple(map(self._with, self.factors))

    def _rare(self) -> Cells:
        return tuple(self._with(code) for code in self.factors if code not in self.common)

    def _how_often(self) -> Iterator[AtMost]:
        """A factor stands in pairs if it is common enough, so that everybody knows of each whether it is."""
        for code in self.factors:
            one = (self._with(code),)
            yield AtMost((), one, -COMMON) if code in self.common else AtMost(one, (), COMMON - 1)

    def _one_by_one(self) -> Iterator[AtMost]:
        """Who has no factor has not this one; who has one alone has one of these, who has several has two or more."""
        for code in self.factors:
            yield AtMost(self._cells(NONE), (self._with(code, answer=NO),))
        answers = self._answers()
        yield AtMost(self._cells(ALONE, SEVERAL, SEVERAL), answers)
        for most in range(2, MOST + 1):
            yield AtMost(answers[:most], self._cells(ALONE, *[SEVERAL] * most))
        yield AtMost(answers, self._cells(ALONE, *[SEVERAL] * self.used))

    def _all_pairs(self) -> Iterator[AtMost]:
        """Of ``k`` factors there are ``k(k-1)/2`` pairs: a curve above each of its tangents and below its chord."""
        two = list(combinations(self.common, 2))
        pairs, coded = tuple(self._with(*both) for both in two), tuple(map(self._with, self.common))
        for slope in range(1, min(MOST, len(coded) - 1) + 1):
            fewest = self._cells(*[ALONE] * slope, *[SEVERAL] * comb(slope + 1, 2))
            yield AtMost(coded * slope, (*pairs, *fewest))
        chord = self.used + 1
        most = self._cells(*[ALONE] * chord, *[SEVERAL] * (2 * chord - 2))
        yield AtMost((*pairs * 2, *most), self._answers() * chord)
        for both, pair in zip(two, pairs, strict=True):
            yield AtMost((pair,), self._cells(SEVERAL))
            yield AtMost(self._cells(NONE), (self._with(*both, answer=NO),))

    def _pairs_of(self, code: str) -> Iterator[AtMost]:
        """Who has a factor and no other has it alone; who has it and two others has those two together."""
        others = [other for other in self.common if other != code]
        pairs, one, rare = tuple(self._with(code, other) for other in others), self._with(code), self._rare()
        apart = tuple(self._with(*both) for both in combinations(others, 2))
        yield AtMost(pairs, (*self._cells(SEVERAL), *apart))
        yield AtMost((one,), (*pairs, *rare, *self._cells(ALONE)))
        yield AtMost((one, one), (*pairs, *rare, *self._cells(ALONE, ALONE, SEVERAL)))
        yield AtMost((*pairs, *self._cells(ALONE, SEVERAL)), self._answers())
        yield AtMost((*pairs, *self._cells(ALONE, SEVERAL, SEVERAL)), (one, *self._answers()))
