"""Other data that would print the same: asked of HiGHS, a solver of linear and integer programs.

Everything is told as deviations from the true counts, so that the truth is the zero vector, every equation sums to
zero, and numbers stay small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

INFINITY = highspy.kHighsInf
NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Column:
    """How far one count may lie from the truth, and what a unit of it costs."""

    low: float
    high: float = INFINITY
    cost: float = 0.0


class Solver:
    """One linear program, kept loaded while bounds of single columns change."""

    def __init__(self) -> None:
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            self.highs.setOptionValue(option, value)

    def load(self, columns: Sequence[Column], rows: Sequence[Mapping[int, float]]) -> None:
        """Take a program: the columns, and rows of column to coefficient, each summing to zero."""
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(columns), len(rows)
        program.col_cost_ = [column.cost for column in columns]
        program.col_lower_ = [column.low for column in columns]
        program.col_upper_ = [column.high for column in columns]
        program.row_lower_ = program.row_upper_ = [0.0] * len(rows)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        starts, indices, values = [0], list[int](), list[float]()
        for row in rows:
            indices.extend(row)
            values.extend(row.values())
            starts.append(len(indices))
        program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = starts, indices, values
        self.columns = columns
        self.highs.passModel(program)

    def solve(self, fixed: Mapping[int, float], *, whole: bool) -> list[float] | None:
        """A cheapest solution with some columns fixed, or ``None`` if there is none. ``whole``: in whole numbers."""
        everything = np.arange(len(self.columns), dtype=np.int32)
        for column, value in fixed.items():
            self.highs.changeColBounds(column, value, value)
        kind = int(highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous)
        self.highs.changeColsIntegrality(len(everything), everything, np.full(len(everything), kind, dtype=np.uint8))
        self.highs.run()
        found = self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        solution = list(self.highs.getSolution().col_value) if found else None
        for column in fixed:
            self.highs.changeColBounds(column, self.columns[column].low, self.columns[column].high)
        return solution


def in_whole_numbers(solution: Sequence[float]) -> bool:
    """Whether a solution of the continuous program is one in whole numbers."""
    return all(abs(value - round(value)) < NEAR for value in solution)
