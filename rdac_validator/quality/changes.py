"""What changed from one period to the next, of what every table is asked first: level and recording apart.

All of it is worked out of printed figures. A change stands under recording where something else than the level may have
moved it: the policy, the definition, how often the answer is known, or a field that began or ceased to be answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rdac_validator.disclosure import HIDDEN, Figure
from rdac_validator.metrics import UNITS
from rdac_validator.metrics.axes import ANSWERED, DVA, UNKNOWN
from rdac_validator.quality.content import Content
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.intervals import ends, newcombe
from rdac_validator.quality.layout import Layout
from rdac_validator.quality.measuring import Period, Quality
from rdac_validator.quality.pictures import Points, Series
from rdac_validator.quality.wording import Finding, each

SECTION = "changes"
MOST, FIRST = 10, 3
COMPLETENESS = "M01"
COLUMNS = ("Which", "Before, %", "Before, of", "Now, %", "Now, of", "Difference", "From", "To", "In words")
FLAGS = ("assessment.source_codes", "harm_direction.person_causing_id")
READ = (
    "Differences are in percentage points, from the earlier to the later period. A change is clear where its 95% "
    "interval (Newcombe's) leaves out nought; that is chance alone, and not yet a reason."
)
CHANCE = (
    "Of a hundred lines about five change clearly by chance alone; more, since brothers and sisters are counted each. "
    "Children who are in both periods make the intervals wider than need be."
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two shares, the later less the earlier, with the ends of its 95% interval; all of printed figures."""

    value: Figure
    lower: Figure
    upper: Figure

    @classmethod
    def of(cls, new: tuple[Figure, Figure], old: tuple[Figure, Figure]) -> Difference:
        """The difference of two shares, each a part and its whole."""
        value = Figure.of(lambda one, other: one - other, new[0].out_of(new[1]), old[0].out_of(old[1]))
        return cls(value, *ends(_interval, *new, *old))

    @property
    def clear(self) -> bool:
        """Whether the interval is there and leaves out nought."""
        return self.lower.value is not None and self.upper.value is not None and self.lower.value * self.upper.value > 0

    @property
    def words(self) -> str:
        """The difference in words."""
        if self.lower.value is None:
            return "too few to say, or hidden to protect others" if self.lower.mark == HIDDEN else "nobody to compare"
        return "no clear change" if not self.clear else "higher" if self.lower.value > 0 else "lower"

    @property
    def strength(self) -> float:
        """How far from nought the difference is, in halves of its interval; 0 where it is not clear."""
        if not self.clear or self.value.value is None:
            return 0.0
        return abs(self.value.value) / ((self.upper.value or 0) - (self.lower.value or 0))


@dataclass(frozen=True, slots=True)
class Line:
    """What a table is asked first, in both periods, and why a change may be of recording: empty where of level."""

    old: Finding
    new: Finding
    difference: Difference
    why: tuple[str, ...]

    @property
    def heading(self) -> str:
        """What the shares are of."""
        said = f"{UNITS[self.new.layout.asked.unit]} {self.new.words}"
        return said[0].upper() + said[1:]

    @property
    def sentence(self) -> str:
        """Both shares in words, the later first."""
        now, before = (f"{one.share}% of {one.whole.value:,.0f}" for one in (self.new, self.old))
        return f"{self.heading}: {now}, {self.difference.words} than {before} before."

    def cells(self) -> tuple[Entry, ...]:
        """The cells of the line, but for the last."""
        shares = (self.old.share, self.old.whole, self.new.share, self.new.whole)
        one = self.difference
        return (self.heading, *shares, one.value, one.lower, one.upper, one.words)


def changes(content: Content) -> Iterator[Derived]:
    """The newest period against the one before it; nothing where there is one alone."""
    if len(content.quality.periods) < 2:
        return
    old, new = content.quality.periods[-2:]
    lines = list(_lines(content, old, new))
    clear = sorted((line for line in lines if line.difference.clear), key=lambda line: -line.difference.strength)
    told = [(*line.cells(), "recording" if line.why else "level") for line in clear[:MOST]]
    first = [line.sentence for line in clear[:FIRST]]
    for table in _table("what-changed", "What changed most clearly", (old, new), told, "May be", said=first):
        yield replace(
            table, picture=Points("percentage points", (Series("difference, with 95% interval", *COLUMNS[5:8]),))
        )
    level = [line.cells() for line in lines if not line.why]
    yield from _table("changes-level", "Changes in level", (old, new), level)
    recording = [(*line.cells(), "; ".join(line.why)) for line in lines if line.why]
    yield from _table("changes-recording", "Changes that may be of recording", (old, new), recording, "Why")


def _table(
    name: str,
    title: str,
    periods: tuple[Period, Period],
    rows: Sequence[tuple[Entry, ...]],
    *last: str,
    said: Sequence[str] = (),
) -> Iterator[Derived]:
    old, new = periods
    if rows:
        yield Derived(
            name=name,
            title=title,
            section=SECTION,
            read=" ".join((*said, READ)),
            sources=("newcombe-1998", "wilson-1927"),
            columns=(*COLUMNS, *last),
            rows=tuple(rows),
            notes={
                "Unit": "as each line says",
                "Base": "the numbers under of, each after the share that is of it",
                "Period": f"before: {old.name}; now: {new.name}",
                "Exclusions": "what was asked in one period alone; fields without an answer about as often as before",
                "Chance": CHANCE,
            },
        )


def _lines(content: Content, old: Period, new: Period) -> Iterator[Line]:
    """Every headline that both periods have; of completeness those fields alone that changed clearly."""
    before = {found.layout.asked.name: found for found in each(content.layouts, old.name)}
    fields = _fields(content, old, new)
    general = tuple(_declared(old, new))
    for found in each(content.layouts, new.name):
        earlier = before.get(found.layout.asked.name)
        if earlier is None:
            continue
        difference = Difference.of((found.part, found.whole), (earlier.part, earlier.whole))
        if found.layout.asked.metric == COMPLETENESS:
            if difference.clear:
                yield Line(earlier, found, difference, ("it is whether there is an answer",))
            continue
        depends = _depends(found.layout, content.quality)
        why = (*general, *_of_itself(earlier, found), *(fields[name] for name in depends if name in fields))
        yield Line(earlier, found, difference, why)


def _declared(old: Period, new: Period) -> Iterator[str]:
    """What the returns say of themselves, where they do not say the same."""
    if old.recording_policy != new.recording_policy:
        yield "the recording policy is not the same"
    if old.definition_frame != new.definition_frame:
        yield "the definition of abuse is not the same"


def _of_itself(old: Finding, new: Finding) -> Iterator[str]:
    """Whether the question is about what is not known, or the share not known in its table changed clearly."""
    if UNKNOWN in (new.layout.asked.headline.part if new.layout.asked.headline else ()):
        yield "it is whether there is an answer"
    unsure = Difference.of((new.unsure, new.whole), (old.unsure, old.whole))
    if unsure.clear:
        yield f"the share not known is {unsure.words}"


def _depends(layout: Layout, quality: Quality) -> Iterator[str]:
    """The fields that a table is made of: those its metric needs, and those by which abuse is flagged."""
    needs = quality.metrics[layout.asked.metric].needs
    yield from dict.fromkeys(
        [
            *(f"{table}.{column}" for table, columns in needs.items() for column in columns),
            *(FLAGS if DVA.variable in {*(axis.variable for axis in layout.table.by), *layout.table.given} else ()),
        ]
    )


def _fields(content: Content, old: Period, new: Period) -> Mapping[str, str]:
    """The fields that are answered clearly more or less often, or in one period alone, with that in words."""
    found = {}
    before = {layout.asked.name: layout for layout in _of_fields(content, old)}
    for layout in _of_fields(content, new):
        earlier = before.get(layout.asked.name)
        name = layout.asked.name.removeprefix(f"{COMPLETENESS} ")
        if earlier:
            pairs = [(one.table[(ANSWERED,)], one.base()) for one in (layout, earlier)]
            answered = Difference.of(pairs[0], pairs[1])
            if answered.clear:
                found[name] = f"{name} is answered {'more' if answered.words == 'higher' else 'less'} often"
    lacking = [
        {
            f"{table}.{column}"
            for (_, period), columns in content.quality.dark.items()
            if period == one.name
            for table, held in columns.items()
            for column in held
        }
        for one in (old, new)
    ]
    found |= {name: f"{name} was not collected before" for name in sorted(lacking[0] - lacking[1])}
    return found | {name: f"{name} is no longer collected" for name in sorted(lacking[1] - lacking[0])}


def _of_fields(content: Content, period: Period) -> Iterator[Layout]:
    for layout in content.layouts:
        asked = layout.asked
        if asked.metric == COMPLETENESS and len(layout.table.by) == 1 and asked.period == period:
            yield layout


def _interval(part: float, whole: float, before: float, base: float) -> tuple[float, float] | None:
    return newcombe((part, whole), (before, base)) if whole and base else None
