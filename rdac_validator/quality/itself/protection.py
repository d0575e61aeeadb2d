"""How much a report hides, and a look from outside at whether its printed counts give a small one away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

from rdac_validator.disclosure import ALL, Figure, Parts, Policy, Protected, ProtectedTable
from rdac_validator.disclosure.tables import Cell, Condition
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.itself.base import OfTheReport
from rdac_validator.quality.measuring import Quality
from rdac_validator.standard import Standard


class SmallCountToldError(RuntimeError):
    """Printed counts give a small one by addition or subtraction: a fault of ours, and no report may be written."""


class DisclosureReport(OfTheReport):
    """How many counts are printed and how many hidden, by which policy, and whether printed ones give a small one away.

    Why: whoever passes a report on answers for it, and has to be able to say how it was made safe.
    Read: a count that several metrics print stands with each, so that the lines do not sum. How many of the hidden are
    small is not told: of two hidden parts of seven, “both are small” would leave three and four. Sums and differences
    are worked out again from what is printed, by other means than those that chose what to hide; if one gave a small
    count there would be no report. That looks at two counts at a time and at the parts of one sum, judges no rest of
    nought nor of two counts that are both published elsewhere, and is no proof: the page on disclosure control says
    what was attacked, and how.
    """

    code = "M36"
    tier = "T0"
    sources = ("rdac-2026:5.1", "rdac-2026:table-5.2")

    def tables(self, quality: Quality, _standard: Standard) -> Iterator[Derived]:
        """The policy with the second look, and the counts by metric. Raises :class:`SmallCountToldError`."""
        again = look_again(quality.protected)
        if again.small:
            raise SmallCountToldError
        yield self.table(
            quality,
            "disclosure",
            "How small counts are kept from being told",
            ("What", "In this report"),
            tuple(_policy(quality, again)),
            unit="counts as they are printed, not people",
            base="every table of counts in this report",
            exclusions="tables that are worked out of printed counts tell no more than those do",
        )
        yield self.table(
            quality,
            "disclosure-counts",
            "Counts printed and hidden",
            ("Metric", "Counts", "Printed", "Hidden", "Per cent hidden"),
            tuple(_counts(quality)),
            unit="different counts, each once however many tables print it",
            base="every table of counts in this report",
            exclusions="none",
            read="A count that several metrics print stands with each of them: the lines do not sum to all.",
        )


def _policy(quality: Quality, again: SecondLook) -> Iterator[tuple[Entry, ...]]:
    policy = quality.protected.policy
    yield "Hidden are counts below", Figure.known(policy.threshold)
    yield "Noughts are", "shown" if policy.zero_policy == "zeros_shown" else "hidden like small counts"
    yield "Rounded to the nearest", Figure.known(policy.rounding) if policy.rounding > 1 else "not rounded"
    yield (
        "Tables protected together, the differences between them included",
        Figure.known(len(quality.protected.tables)),
    )
    yield "Periods protected together", Figure.known(len(quality.periods))
    yield "Sums and differences worked out again", Figure.known(again.worked_out)
    yield "Those of them that give a small count", Figure.known(again.small)
    yield "How many of the hidden counts are small", "not told: it would help to tell them apart"


def _counts(quality: Quality) -> Iterator[tuple[Entry, ...]]:
    metrics: dict[str, set[Cell]] = {}
    for asked, table in quality.tables():
        metrics.setdefault(asked.metric, set()).update(table.cell(*at) for at in table.figures)
    hidden = quality.protected.hidden
    for name, cells in {"all metrics": set().union(*metrics.values()), **metrics}.items():
        whole, some = Figure.known(len(cells)), Figure.known(len(cells & hidden))
        yield name, whole, Figure.known(len(cells - hidden)), some, some.out_of(whole)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """How many sums and differences of printed counts were worked out, and how many of them are small for certain."""

    worked_out: int
    small: int


def look_again(protected: Protected) -> SecondLook:
    """Add and subtract what is printed, as anybody can.

    Every printed count is taken from every wider one that is printed: those are the units that meet fewer of its
    conditions. And from every printed total the printed parts are taken, where others are hidden. It knows of the
    publication what a reader knows, and nothing of how it was protected. A rest of nought is not judged: of some groups
    everybody knows that there can be nobody in them; nor is that of two counts that are both published elsewhere.
    """
    worked_out = small = 0
    for low, high in (*_differences(protected), *_rests(protected)):
        worked_out += 1
        small += low >= 1 and high < protected.policy.threshold
    return SecondLook(worked_out, small)


def _differences(protected: Protected) -> Iterator[tuple[int, int]]:
    for cell, count in protected.shown.items():
        for wider in _wider(cell):
            if wider in protected.shown and not {cell, wider} <= protected.public:
                yield _left(protected.policy, protected.shown[wider], [count])


def _wider(cell: Cell) -> Iterator[Cell]:
    conditions: list[Condition] = sorted(cell.where)
    for size in range(len(conditions)):
        yield from (Cell(cell.unit, frozenset(kept)) for kept in combinations(conditions, size))


def _rests(protected: Protected) -> Iterator[tuple[int, int]]:
    """What printed totals leave for their hidden parts."""
    for table in protected.tables:
        for whole, parts in _sums(table):
            shown = [int(part.value) for part in parts if part.value is not None]
            if whole.value is not None and len(shown) < len(parts):
                yield _left(protected.policy, int(whole.value), shown)


def _sums(table: ProtectedTable) -> Iterator[tuple[Figure, list[Figure]]]:
    """Every total of a table with its parts: along each axis whose parts sum, at every coordinate of the others."""
    for place, axis in enumerate(table.by):
        others = [
            [ALL] if at == place else [ALL, *getattr(other, "groups", ()), *other.categories]
            for at, other in enumerate(table.by)
        ]
        for line in product(*others) if isinstance(axis, Parts) else ():
            for whole, parts in axis.sums():
                at = [(*line[:place], level and level[1], *line[place + 1 :]) for level in (whole, *parts)]
                yield table[at[0]], [table[one] for one in at[1:]]


def _left(policy: Policy, whole: int, parts: Iterable[int]) -> tuple[int, int]:
    """What is left of a printed count when others are taken from it: the least and the most that it can be."""
    known = list(parts)
    # a rounded count is up to half of the rounding away from the true one
    apart = (1 + len(known)) * (policy.rounding // 2)
    left = whole - sum(known)
    return left - apart, left + apart
