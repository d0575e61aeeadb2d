"""Latent class analysis: groups of records that explain which indicators come together.

The model (Lazarsfeld; Goodman 1974, both from memory): a record belongs to one of several classes, and within a class
the indicators are independent of each other. It is fitted by expectation and maximisation over the distinct patterns of
answers, each weighted by how many records have it, from many starts of which the best few are finished. A start takes
the patterns of some records, drawn by chance, for its classes: starts from memberships by chance lie closer together
and more often miss the best solution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# as in the study
MOST = 10
SEED = 1
STARTS, FIRST_STEPS, FINISHED, LAST_STEPS = 200, 30, 10, 3000
# how likely an indicator is at first in a class that is made of a pattern with it, and of one without
LIKELY, UNLIKELY = 0.8, 0.2
# of the log-likelihood of a record; two finished starts that differ by less than APART in all found the same
CONVERGED, APART = 1e-8, 0.1
# a probability nearer to 0 or 1 has no logarithm that is of use
NEAR = 1e-9
# degrees of freedom that are left over, or the model all but repeats the data
LEFT_OVER = 10


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The distinct patterns of answers: ``held`` is 1 where a pattern (row) has an indicator (column), ``number`` says
    how many records have the pattern.
    """

    held: Floats
    number: Floats

    @property
    def records(self) -> int:
        """How many records there are."""
        return int(self.number.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A fitted model, the largest class first.

    ``sizes`` are shares of the records, ``probabilities`` those of each indicator (column) in each class (row), and
    ``members`` those of each pattern (row) to be in each class. ``agreeing`` of the finished starts came to it.
    """

    sizes: Floats
    probabilities: Floats
    members: Floats
    log_likelihood: float
    records: int
    converged: bool
    agreeing: int

    @property
    def number(self) -> int:
        """How many classes there are."""
        return len(self.sizes)

    @property
    def parameters(self) -> int:
        """How many numbers were fitted."""
        return parameters(self.number, self.probabilities.shape[1])

    @property
    def bic(self) -> float:
        """The Bayesian information criterion: the lower the better."""
        return float(self.parameters * np.log(self.records)) - 2 * self.log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's information criterion: the lower the better."""
        return 2 * (self.parameters - self.log_likelihood)

    def entropy(self, patterns: Patterns) -> float | None:
        """How clearly records fall into classes, from 0 (not at all) to 1; ``None`` with one class."""
        if self.number == 1:
            return None
        unsure = -(self.members * np.log(np.maximum(self.members, NEAR))).sum(axis=1)
        return 1 - float(patterns.number @ unsure) / (self.records * float(np.log(self.number)))

    def likeliest(self) -> NDArray[np.intp]:
        """The class that each pattern most likely belongs to."""
        return np.asarray(self.members.argmax(axis=1))


def parameters(classes: int, indicators: int) -> int:
    """How many numbers a model has: a size for each class but one, and a probability for each indicator in each."""
    return classes - 1 + classes * indicators


def tried(patterns: Patterns) -> range:
    """The numbers of classes that the data can bear: up to :data:`MOST`, as long as degrees of freedom are left over.

    There are as many as records, or as patterns that there can be less one, and each number fitted takes one. How many
    different patterns there are is not asked: nobody prints it, and it would tell of hidden pairs.
    """
    indicators = patterns.held.shape[1]
    free = min(int(patterns.number.sum()), 2**indicators - 1)
    bearable = [number for number in range(1, MOST + 1) if free - parameters(number, indicators) >= LEFT_OVER]
    return range(1, len(bearable) + 1)


def solutions(patterns: Patterns, seed: int = SEED) -> Iterator[Solution]:
    """The best solution for each number of classes that the data can bear, from 1 upwards."""
    for number in tried(patterns):
        yield fit(patterns, number, seed)


def fit(patterns: Patterns, number: int, seed: int = SEED) -> Solution:
    """The best solution with so many classes: the same data and seed give the same one."""
    random = np.random.default_rng([seed, number])
    starts = [_Start(patterns, _members(patterns, number, random)) for _ in range(STARTS)]
    for start in starts:
        start.run(FIRST_STEPS)
    best = sorted(starts, key=lambda start: -start.likelihood)[:FINISHED]
    for start in best:
        start.run(LAST_STEPS)
    found = max(best, key=lambda start: start.likelihood)
    order = np.argsort(-found.sizes, kind="stable")
    records = patterns.records
    return Solution(
        sizes=found.sizes[order],
        probabilities=found.probabilities[order],
        members=found.members[:, order],
        log_likelihood=found.likelihood * records,
        records=records,
        converged=found.converged,
        agreeing=sum((found.likelihood - start.likelihood) * records < APART for start in best),
    )


def _members(patterns: Patterns, number: int, random: np.random.Generator) -> Floats:
    """How likely each pattern is in each class, where each class is made of the pattern of a record."""
    drawn = random.choice(
        len(patterns.held), number, replace=number > len(patterns.held), p=patterns.number / patterns.number.sum()
    )
    first: Floats = np.where(patterns.held[drawn] > 0, LIKELY, UNLIKELY)
    fits: Floats = np.exp(patterns.held @ np.log(first).T + (1 - patterns.held) @ np.log1p(-first).T)
    members: Floats = fits / fits.sum(axis=1, keepdims=True)
    return members


class _Start:
    """One start on its way: ``likelihood`` is the logarithm of it for one record."""

    sizes: Floats
    probabilities: Floats

    def __init__(self, patterns: Patterns, members: Floats) -> None:
        self.patterns, self.members = patterns, members
        self.likelihood, self.converged = -np.inf, False

    def run(self, steps: int) -> None:
        """So many steps, or fewer if the likelihood rises no more."""
        for _ in range(steps):
            if self.converged:
                return
            before = self.likelihood
            self._step()
            self.converged = bool(self.likelihood - before < CONVERGED)

    def _step(self) -> None:
        held, number = self.patterns.held, self.patterns.number
        weights = self.members * number[:, None]
        totals = weights.sum(axis=0)
        self.sizes = totals / number.sum()
        self.probabilities = np.clip(weights.T @ held / np.maximum(totals, NEAR)[:, None], NEAR, 1 - NEAR)
        yes, no = np.log(self.probabilities), np.log1p(-self.probabilities)
        joint = np.log(np.maximum(self.sizes, NEAR)) + no.sum(axis=1) + held @ (yes - no).T
        highest = joint.max(axis=1, keepdims=True)
        likelihoods: Any = np.exp(joint - highest)
        sums = likelihoods.sum(axis=1, keepdims=True)
        self.members = likelihoods / sums
        self.likelihood = float(number @ (highest + np.log(sums))[:, 0]) / float(number.sum())
