"""The way out of a model: the tables that it implies, protected like any other, and rounded besides.

A class is no variable of the return, yet it may come so near to one (all records with some factor) that its counts are
the counts of that factor. Disclosure control cannot know when. So the tables of classes are protected by themselves,
and everything is then rounded to a multiple of the threshold: no printed number of a class tells a count more closely
than the protection interval does, whatever the class comes near to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from rdac_validator.analysis.choice import KNOWN
from rdac_validator.analysis.classes import Patterns, Solution
from rdac_validator.disclosure import ALL, Figure, Parts, Policy, Protected, Several, Table, protect
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
    """The classes of a solution as they may be printed: by indicator, and by pathway."""

    names: tuple[str, ...]
    by_indicator: Protected
    by_pathway: Protected

    @property
    def labels(self) -> tuple[str, ...]:
        """The indicators of which shares are printed."""
        return self.by_indicator.tables[0].by[1].categories

    def size(self, name: str) -> Figure:
        """The class in per cent of all records."""
        return self._share((name, ALL), (ALL, ALL))

    def share(self, name: str | None, label: str) -> Figure:
        """Those with an indicator in per cent of a class, or of all."""
        return self._share((name, label), (name, ALL))

    def _share(self, part: tuple[str | None, ...], whole: tuple[str | None, ...]) -> Figure:
        table = self.by_indicator.tables[0]
        return self.by_indicator.share(table.cell(*part), table.cell(*whole), digits=0)


def publish(
    solution: Solution, patterns: Patterns, labels: Sequence[str], records: pl.DataFrame, policy: Policy
) -> PublishedClasses:
    """The classes as they may be printed, by a policy that rounds.

    ``records`` say of each the ``pathway`` and the likeliest class.
    """
    names = class_names(solution)
    by_indicator = settled(profile(solution, patterns, labels), policy)
    return PublishedClasses(names, by_indicator, protect([_by_pathway(names, records)], policy))


def settled(table: Table, policy: Policy) -> Protected:
    """Classes by indicator, without the indicators that cannot be protected while their totals are known.

    How many have an indicator may stand in another table. So where disclosure control would hide such a total here, the
    indicator is left out, and the rest is protected anew: in the end every total is shown, and thus taken for known.
    """
    classes, several = table.by
    while True:
        protected = protect([table], policy)
        printed = protected.tables[0]
        known = tuple(label for label in table.by[1].categories if not printed[ALL, label].mark)
        if known == table.by[1].categories:
            return protected
        counts = {at: count for at, count in table.counts.items() if at[1] is ALL or at[1] in known}
        table = replace(table, by=(classes, Several(several.variable, known)), counts=counts)


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
