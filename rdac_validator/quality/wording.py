"""The findings in plain words, each with its number, what it is of, and how sure one can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rdac_validator.disclosure import ALL, Figure
from rdac_validator.disclosure.tables import Coordinates
from rdac_validator.metrics import UNITS, Headline
from rdac_validator.metrics.axes import NO_ANSWER, UNKNOWN
from rdac_validator.quality.intervals import score
from rdac_validator.quality.layout import Layout, low, without

# what a head of service asks first; a metric that is not here has no finding on the first page
FIRST = (
    *("M04", "M13", "M14", "M17", "M16", "M20", "M11", "M23", "M10", "M09"),
    *("M12", "M15", "M02", "M07", "M08", "M06", "M28", "M30", "M31", "M19"),
    *("M03", "M27", "M05", "M21", "M24", "M35", "M38", "M29", "M33", "M32", "M01"),
)
MOST = 10
ALL_OF_THEM = 100
# not found where one looked is not the same as not there, and one look tells of no change
UNSURE = (UNKNOWN, NO_ANSWER, "none seen in this return", "known once alone")


@dataclass(frozen=True, slots=True)
class Finding:
    """One number that a table answers. ``interval`` are the ends of the 95% interval of ``share``, in per cent.

    ``unsure`` is how many of the whole the answer is not known of, hidden if a part of that number is; where it is all,
    or most and all others are the part, there is no share.
    """

    layout: Layout
    words: str
    part: Figure
    whole: Figure
    share: Figure
    interval: tuple[float, float] | None
    unsure: Figure

    @property
    def shown(self) -> bool:
        """Whether there is a share to print."""
        return self.share.value is not None

    @property
    def low(self) -> bool:
        """Whether the base is under 30."""
        return low(self.whole)

    @property
    def sentence(self) -> str:
        """The finding in words."""
        units = UNITS[self.layout.asked.unit]
        if self.shown and self.part.value is not None and self.whole.value is not None:
            return f"{self.part.value:,.0f} of {self.whole.value:,.0f} {units} {self.words}.{self._beside}"
        if self.unsure.value and self.whole.value == self.unsure.value:
            of = f"{self.unsure.value:,.0f}"
            return f"How many {units} {self.words} is not known: there is no answer for any of the {of}."
        if self.unsure.value and self.whole.value and self.part.value:
            least, of, more = (f"{one.value:,.0f}" for one in (self.part, self.whole, self.unsure))
            return f"At least {least} of {of} {units} {self.words}; of the other {more} the answer is not known."
        if self.whole.value == 0:
            return f"How many {units} {self.words} cannot be said: there are none to look at."
        return f"Too few to say, or hidden to protect others: how many {units} {self.words}."

    @property
    def _beside(self) -> str:
        """What is said behind the number, of those of whom the answer is not known."""
        if self.unsure.value is None:
            return " For how many more the answer is not known is hidden, to protect others."
        return f" For a further {self.unsure.value:,.0f} the answer is not known." if self.unsure.value else ""


def wilson(part: float, whole: float) -> tuple[float, float]:
    """The ends of the 95% interval of a share by Wilson (1927), in per cent to one decimal. ``whole`` is not 0."""
    lower, upper = score(part, whole)
    return round(lower, 1), round(upper, 1)


def each(layouts: Sequence[Layout], period: str) -> Iterator[Finding]:
    """What every table of a period is asked first, in the order of the tables."""
    for layout in layouts:
        if layout.asked.headline and layout.asked.period.name == period:
            yield _finding(layout, layout.asked.headline)


def findings(layouts: Sequence[Layout], period: str) -> list[Finding]:
    """The first findings of a period, one a metric: those with a number to print before those without."""
    found: dict[str, list[Finding]] = {}
    for one in each(layouts, period):
        found.setdefault(one.layout.asked.metric, []).append(one)
    best = [_best(found[code]) for code in FIRST if code in found]
    return sorted(best, key=lambda finding: not finding.shown)[:MOST]


def _best(found: Sequence[Finding]) -> Finding:
    """The one of a metric that is told: the first, but of fields in use the one that is left unanswered most often."""
    if found[0].layout.asked.metric == "M01":
        # a field that nobody filled in stays dark and is told there
        return max(found, key=lambda one: ((one.share.value or 0) < ALL_OF_THEM, one.share.value or 0))
    return next((one for one in found if one.shown), found[0])


def _finding(layout: Layout, headline: Headline) -> Finding:
    table = layout.table
    part = table[headline.part]
    whole = table[headline.whole or (ALL,) * len(table.by)]
    if headline.less:
        whole = without(whole, table[headline.less])
    of = part.out_of(whole)
    # rounded counts can sum to more than the whole
    parts = [table[at] for at in _unsure(layout, headline)]
    unsure = Figure.of(lambda whole, *counts: min(whole, sum(counts)), whole, *parts, digits=0)
    if of.value is None or _one_sided(part, whole, unsure):
        return Finding(layout, headline.words, part, whole, of if of.mark else Figure.nothing(), None, unsure)
    return Finding(layout, headline.words, part, whole, of, wilson(part.value or 0, whole.value or 1), unsure)


def _one_sided(part: Figure, whole: Figure, unsure: Figure) -> bool:
    """Whether of nobody it is known that the answer is another, while of most it is not known at all."""
    known = (part.value or 0) + (unsure.value or 0) < (whole.value or 0)
    return unsure.value is not None and not known and 2 * unsure.value > (whole.value or 0)


def _unsure(layout: Layout, headline: Headline) -> Iterator[Coordinates]:
    """Where those stand of whom the answer is not known: in the place of the part, on the axes that the whole spans."""
    whole = headline.whole or (ALL,) * len(headline.part)
    for place, (axis, level) in enumerate(zip(layout.table.by, headline.part, strict=True)):
        if level is not ALL and level not in UNSURE and whole[place] is ALL:
            for name in UNSURE:
                if name in axis.categories:
                    yield (*headline.part[:place], name, *headline.part[place + 1 :])


def notes(layout: Layout) -> Iterator[tuple[str, str]]:
    """What stands under every table: name and text."""
    asked, base = layout.asked, layout.base()
    yield "Unit", UNITS[asked.unit]
    yield "Base", f"{asked.base}: {base.value:,.0f}" if base.value is not None else f"{asked.base}: {base.mark}"
    yield "Period", asked.period.name
    yield "Exclusions", "none: what is not known is a category"
    yield "Selection", "all assessments of the period, not the latest of each episode"
    yield "Siblings", "counted each; families are not told apart, so chance is larger than intervals say"
    if layout.overlapping:
        yield "Reading", "one unit can stand in several lines: they do not sum to the base"
    yield "Hidden", "c marks a count that is hidden" if layout.hides() else "nothing in this table"


def shares_of(layout: Layout) -> str:
    """What the percentages of a table are of."""
    return "of its column" if layout.across else "of the base"
