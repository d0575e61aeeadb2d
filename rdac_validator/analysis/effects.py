"""Logistic regression with average marginal effects, its standard errors clustered by family."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rdac_validator.analysis.normal import Z

Floats = NDArray[np.float64]
# of the rarer outcome for each coefficient, and of families beyond the coefficients
PER_COEFFICIENT = 10
# a coefficient beyond it is on its way to infinity: the data separate the outcomes
SEPARATED = 15.0


class NoModelError(Exception):
    """The data do not bear the model. The message says why in a sentence, and holds no number from the data."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more often records of a level have the outcome than those of the reference, in percentage points.

    Averaged over all records with everything else as it is; ``low`` and ``high`` are the ends of the 95% interval.
    """

    predictor: str
    level: str
    reference: str
    points: float
    low: float
    high: float


def effects(frame: pl.DataFrame, outcome: str, predictors: Mapping[str, Sequence[str]], cluster: str) -> list[Effect]:
    """The effect of each level of each predictor against the first, which is the reference.

    ``frame`` has a row for each record: ``outcome`` is true or false, a predictor is text and one of its levels,
    ``cluster`` tells which records belong together. Raises :class:`NoModelError`.
    """
    design = Design(frame, predictors)
    happened = frame[outcome].to_numpy().astype(np.float64)
    families = frame[cluster].rank("dense").to_numpy().astype(np.int64)
    _bearable(happened, families, design.matrix)
    coefficients, covariance = _fitted(happened, design.matrix, families)
    return [
        design.effect(predictor, level, coefficients, covariance)
        for predictor, levels in predictors.items()
        for level in levels[1:]
    ]


class Design:
    """The predictors as a matrix: a column of ones, and one for each level but the reference."""

    def __init__(self, frame: pl.DataFrame, predictors: Mapping[str, Sequence[str]]) -> None:
        self.predictors = predictors
        self.names = [(name, level) for name, levels in predictors.items() for level in levels[1:]]
        columns = [np.ones(frame.height)]
        columns += [(frame[name] == level).to_numpy().astype(np.float64) for name, level in self.names]
        self.matrix: Floats = np.column_stack(columns)

    def effect(self, predictor: str, level: str, coefficients: Floats, covariance: Floats) -> Effect:
        """The average marginal effect of a level, its error by the delta method."""
        one, slope_one = self._shares(predictor, level, coefficients)
        other, slope_other = self._shares(predictor, self.predictors[predictor][0], coefficients)
        slope = slope_one - slope_other
        reach = Z * float(np.sqrt(slope @ covariance @ slope))
        points, ends = one - other, (one - other - reach, one - other + reach)
        reference = self.predictors[predictor][0]
        return Effect(predictor, level, reference, 100 * points, 100 * ends[0], 100 * ends[1])

    def _shares(self, predictor: str, level: str, coefficients: Floats) -> tuple[float, Floats]:
        """The share that would have the outcome were all records of that level, and how it moves with coefficients."""
        moved = self.matrix.copy()
        for column, name in enumerate(self.names, start=1):
            if name[0] == predictor:
                moved[:, column] = name[1] == level
        shares = 1 / (1 + np.exp(-moved @ coefficients))
        slope: Floats = (shares * (1 - shares)) @ moved / len(moved)
        return float(shares.mean()), slope


def _bearable(happened: Floats, families: NDArray[np.int64], matrix: Floats) -> None:
    rows, columns = matrix.shape
    rarer = min(happened.sum(), rows - happened.sum())
    if columns < 2:
        raise NoModelError("no predictor has two levels that could be compared")
    if rarer < PER_COEFFICIENT * (columns - 1):
        raise NoModelError(
            f"it takes {PER_COEFFICIENT} records of the rarer outcome for each coefficient, and there are fewer"
        )
    if families.max() - columns < PER_COEFFICIENT:
        raise NoModelError(f"it takes {PER_COEFFICIENT} families more than coefficients, and there are fewer")
    if np.linalg.matrix_rank(matrix.T @ matrix) < columns:
        raise NoModelError("two predictors go together so closely that their effects cannot be told apart")


def _fitted(happened: Floats, matrix: Floats, families: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The coefficients and their covariance, clustered."""
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.tools.sm_exceptions import ModelWarning, PerfectSeparationError

    try:
        with warnings.catch_warnings():
            # whatever it warns of leaves numbers that nobody should read
            warnings.simplefilter("error", ModelWarning)
            warnings.simplefilter("error", RuntimeWarning)
            clusters = {"groups": families}
            found = Logit(happened, matrix).fit(disp=0, maxiter=100, cov_type="cluster", cov_kwds=clusters)
    except (ModelWarning, RuntimeWarning, PerfectSeparationError, np.linalg.LinAlgError) as error:
        raise NoModelError("the fit did not settle: some level tells the outcome by itself, or almost") from error
    coefficients = np.asarray(found.params)
    if np.abs(coefficients).max() > SEPARATED:
        raise NoModelError("some level tells the outcome by itself, or almost")
    return coefficients, np.asarray(found.cov_params())
