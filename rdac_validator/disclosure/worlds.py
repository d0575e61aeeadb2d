"""Other data that would print the same: asked of HiGHS, a solver of linear and integer programs.

Everything is told as change from the true counts, so that the truth is no change, every sum of changes is zero, and
numbers stay small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

FAR = 1000.0
NEAR = 1e-6
# one thread gives one answer; presolve would forget the last one; coefficients of 1 need no scaling
OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",
    "simplex_scale_strategy": 0,
}
Changes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Leeway:
    """How far a count may fall and rise, and what a unit of either costs."""

    fall: float
    rise: float = highspy.kHighsInf
    cost: float = 0.0


class Worlds:
    """How some counts can change together while all others stay as they are. The solver keeps it between questions.

    ``rows`` are sums that must stay true: from the place of a count to its coefficient. Each count has two columns in
    the program, its rise and its fall.
    """

    def __init__(self, leeways: Sequence[Leeway], rows: Sequence[Mapping[int, int]]) -> None:
        self.leeways = list(leeways)
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in OPTIONS.items():
            self.highs.setOptionValue(option, value)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = 2 * len(self.leeways), len(rows)
        program.col_cost_ = [leeway.cost for leeway in self.leeways for _ in range(2)]
        program.col_lower_ = [0.0] * program.num_col_
        program.col_upper_ = [limit for leeway in self.leeways for limit in (leeway.rise, leeway.fall)]
        program.row_lower_ = program.row_upper_ = [0.0] * len(rows)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *(2 * len(row) for row in rows)])
        program.a_matrix_.index_ = [column for row in rows for at in row for column in (2 * at, 2 * at + 1)]
        program.a_matrix_.value_ = [sign for row in rows for factor in row.values() for sign in (factor, -factor)]
        self.highs.passModel(program)

    def give(self, at: int, leeway: Leeway) -> None:
        """Change the leeway of a count."""
        self.leeways[at] = leeway
        for column, limit in ((2 * at, leeway.rise), (2 * at + 1, leeway.fall)):
            self.highs.changeColBounds(column, 0.0, limit)
            self.highs.changeColCost(column, leeway.cost)

    def change(self, at: int, by: int, *, search: bool) -> Changes | None:
        """The cheapest changes in whole numbers of all counts, in which one changes by so much or more.

        ``None`` if there are none. Without ``search`` also if the cheapest are not whole and no small multiple of them
        is: a search among many counts can take seconds.
        """
        self.highs.changeColBounds(2 * at, max(by, 0), max(by, 0))
        self.highs.changeColBounds(2 * at + 1, max(-by, 0), max(-by, 0))
        found = self._solve()
        if found is not None:
            found = self._in_whole_numbers(found, search=search)
        self.give(at, self.leeways[at])
        return None if found is None else np.rint(found).astype(np.int64)

    def cheapest(self) -> Changes | None:
        """The cheapest changes that there are, where costs below nothing are wishes; ``None`` if they are not whole."""
        found = self._solve()
        if found is not None:
            found = self._in_whole_numbers(found, search=False)
        return None if found is None else np.rint(found).astype(np.int64)

    def _solve(self) -> NDArray[np.float64] | None:
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        columns: NDArray[np.float64] = np.array(self.highs.getSolution().col_value)
        changes: NDArray[np.float64] = columns[::2] - columns[1::2]
        return changes

    def _in_whole_numbers(self, found: NDArray[np.float64], *, search: bool) -> NDArray[np.float64] | None:
        """The solution itself, a small multiple of it, or what the integer program finds."""
        limits = np.array([leeway.fall for leeway in self.leeways])
        for times in (1, 2, 3):
            whole = np.rint(times * found)
            if np.abs(times * found - whole).max() < NEAR and (times == 1 or (whole >= -limits).all()):
                return whole
        if not search:
            return None
        columns = np.arange(2 * len(self.leeways), dtype=np.int32)
        for kind in (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous):
            self.highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), int(kind), dtype=np.uint8))
            if kind == highspy.HighsVarType.kInteger:
                result = self._solve()
        return result
