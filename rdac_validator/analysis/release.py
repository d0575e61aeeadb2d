"""The way out of a model: the tables that it implies, protected like any other, and rounded besides.

A class is no variable of the return, yet it may come so near to one (all records with some factor) that its counts are
the counts of that factor. Disclosure control cannot know when. So the tables of classes are protected by themselves,
and everything is then rounded to a multiple of the threshold: no printed number of a class tells a count more closely
than the protection interval does, whatever the class comes near to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from rdac_validator.analysis.choice import KNOWN
from rdac_validator.analysis.classes import Patterns, Solution
from rdac_validator.disclosure import ALL, Figure, Parts, Policy, Protected, ProtectedTable, Several, Table, protect
from rdac_validator.metrics.axes import PLAN
from rdac_validator.whole import apportion, nearest

CLASS, INDICATOR = "latent class", "indicator"
PROFILE, BY_PATHWAY = "classes by indicator", "likeliest class by pathway"
# the first is what the model expects, the other what records were sorted into: two units, and nothing links them
EXPECTED, SORTED = "expected assessment", "sorted assessment"


def class_names(solution: Solution) -> tuple[str, ...]:
    """What the classes are called: by number, the largest first, and never by what is in them."""
    return tuple(f"Class {at}" for at in range(1, solution.number + 1))


@dataclass(frozen=True, slots=True)
class PublishedClasses:
    """The classes of a solution as they may be printed."""

    names: tuple[str, ...]
    labels: tuple[str, ...]
    protected: Protected

    @property
    def by_pathway(self) -> ProtectedTable:
        """Records by the class that each most likely belongs to, and by pathway."""
        return self.protected.table(BY_PATHWAY)

    def size(self, name: str) -> Figure:
        """The class in per cent of all records."""
        table = self.protected.table(PROFILE)
        return self.protected.share(table.cell(name, ALL), table.cell(ALL, ALL), digits=0)

    def share(self, name: str | None, label: str) -> Figure:
        """Those with an indicator in per cent of a class, or of all; hidden where the indicator as a whole is."""
        table = self.protected.table(PROFILE)
        inside = self.protected.share(table.cell(name, label), table.cell(name, ALL), digits=0)
        return Figure.of(lambda share, _whole: share, inside, table[ALL, label], digits=0)


def publish(
    solution: Solution, patterns: Patterns, labels: Sequence[str], records: pl.DataFrame, policy: Policy
) -> PublishedClasses:
    """The classes as they may be printed, by a policy that rounds.

    ``records`` say of each the ``pathway`` and the likeliest class.
    """
    names = class_names(solution)
    tables = [profile(solution, patterns, labels), _by_pathway(names, records)]
    return PublishedClasses(names, tuple(labels), protect(tables, policy))


def profile(solution: Solution, patterns: Patterns, labels: Sequence[str]) -> Table:
    """How many records of each class the model expects to have each indicator, in whole numbers.

    Over the classes they sum to the number who have it, as a fitted model does.
    """
    names = class_names(solution)
    sizes = apportion(solution.records, solution.sizes.tolist())
    counts: dict[tuple[str | None, ...], int] = {(name, ALL): size for name, size in zip(names, sizes, strict=True)}
    held = (patterns.number @ patterns.held).astype(int).tolist()
    for at, (label, total) in enumerate(zip(labels, held, strict=True)):
        expected = solution.records * solution.sizes * solution.probabilities[:, at]
        for name, count in zip(names, nearest(expected.tolist(), sizes, total), strict=True):
            counts[name, label] = count
    return Table(PROFILE, EXPECTED, (Parts(CLASS, names), Several(INDICATOR, tuple(labels))), counts)


def _by_pathway(names: tuple[str, ...], records: pl.DataFrame) -> Table:
    found = records.filter(pl.col("pathway").is_in(KNOWN)).group_by(CLASS, "pathway").agg(n=pl.len())
    counts: dict[tuple[str | None, ...], int] = {(name, pathway): n for name, pathway, n in found.sort(pl.all()).rows()}
    return Table(BY_PATHWAY, SORTED, (Parts(CLASS, names), Parts("pathway", KNOWN, PLAN)), counts)
