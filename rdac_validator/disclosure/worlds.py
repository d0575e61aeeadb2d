"""Other data that would print the same: asked of HiGHS, a solver of linear and integer programs.

Everything is told as change from the true counts, so that the truth is no change, every sum of changes is zero, and
numbers stay small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
# a search may simplify the program, since it begins anew anyway, and ends with the first answer
NO_LIMIT = 2_147_483_647
NODES = 200
SEARCH: dict[str, int | str] = {"presolve": "on", "mip_max_nodes": NODES, "mip_max_improving_sols": 1}
FEASIBLE = 2
Changes = NDArray[np.int64]
Shares = NDArray[np.float64]


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
        self.fractions: Shares | None = None
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

    def change(self, at: int, by: int) -> Changes | None:
        """The cheapest changes of all counts, in which one changes by so much or more; ``None`` if there are none.

        Where they are not whole, and no small multiple of them is, they are what stands in :attr:`fractions`.
        """
        with self._changing(at, by):
            return self.cheapest()

    def search(self, at: int, by: int) -> Changes | None:
        """Changes in whole numbers of what changes free of charge, in which one changes by so much or more.

        They are searched for among as many parts of the program as :data:`NODES`; ``None`` if none are found.
        """
        columns = np.arange(2 * len(self.leeways), dtype=np.int32)
        priced = np.repeat([leeway.cost > 0 for leeway in self.leeways], 2)
        with self._changing(at, by):
            still = columns[priced]
            self.highs.changeColsBounds(len(still), still, np.zeros(len(still)), np.zeros(len(still)))
            found = self._in_whole_numbers(columns)
        for place, leeway in enumerate(self.leeways):
            if leeway.cost > 0:
                self.give(place, leeway)
        return None if found is None else np.rint(found).astype(np.int64)

    def cheapest(self) -> Changes | None:
        """The cheapest changes that there are, where costs below nothing are wishes; ``None`` if they are not whole."""
        found = self.fractions = self._solve()
        if found is None:
            return None
        limits = np.array([leeway.fall for leeway in self.leeways])
        for times in (1, 2, 3):
            whole = np.rint(times * found)
            close = np.abs(times * found - whole).max() < NEAR
            if close and (times == 1 or (whole >= -limits).all()):
                return whole.astype(np.int64)
        return None

    @contextmanager
    def _changing(self, at: int, by: int) -> Iterator[None]:
        self.highs.changeColBounds(2 * at, max(by, 0), max(by, 0))
        self.highs.changeColBounds(2 * at + 1, max(-by, 0), max(-by, 0))
        yield
        self.give(at, self.leeways[at])

    def _solve(self) -> Shares | None:
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return self._read()

    def _read(self) -> Shares:
        columns: Shares = np.array(self.highs.getSolution().col_value)
        changes: Shares = columns[::2] - columns[1::2]
        return changes

    def _in_whole_numbers(self, columns: NDArray[np.int32]) -> Shares | None:
        """What the integer program finds first."""
        for option, value in SEARCH.items():
            self.highs.setOptionValue(option, value)
        kinds = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        whole, any_ = (np.full(len(columns), int(kind), dtype=np.uint8) for kind in kinds)
        self.highs.changeColsIntegrality(len(columns), columns, whole)
        self.highs.run()
        found = self._read() if self.highs.getInfo().primal_solution_status == FEASIBLE else None
        self.highs.changeColsIntegrality(len(columns), columns, any_)
        for option in SEARCH:
            self.highs.setOptionValue(option, OPTIONS.get(option, NO_LIMIT))
        return found
