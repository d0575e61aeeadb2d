"""What changed from one period to the next, of what every table is asked first: level and recording apart.

All of it is worked out of printed figures. A change stands under recording where something else than the level may have
moved it: the policy, the definition, how often the answer is known, or that a field which its own number is counted by
is answered clearly more or less often, or in one period alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rdac_validator.metrics import UNITS
from rdac_validator.metrics.axes import UNKNOWN
from rdac_validator.quality.content import Content
from rdac_validator.quality.depends import COMPLETENESS, depends, fields
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.differences import Difference
from rdac_validator.quality.labels import Labels
from rdac_validator.quality.measuring import Period
from rdac_validator.quality.pictures import Points, Series
from rdac_validator.quality.plain import capital
from rdac_validator.quality.wording import Finding, each
from rdac_validator.reports.text import plural

SECTION = "changes"
LEVEL, RECORDING, NONE = "level", "recording", "none"
MOST, FIRST, REASONS = 10, 3, 3
COLUMNS = ("Which", "Before, %", "Before, of", "Now, %", "Now, of", "Difference", "From", "To", "In words")
POINTS = Points("percentage points", (Series("difference, with 95% interval", *COLUMNS[5:8]),))
ANSWER = "the question is whether there is an answer"
READ = (
    "Differences are in percentage points, from the earlier to the later period. A change is clear where its 95% "
    "interval (Newcombe's) leaves out nought; that is chance alone, and not yet a reason."
)
CHANCE = (
    "Of a hundred lines about five change clearly by chance alone; more, since brothers and sisters are counted each. "
    "Children who are in both periods make the intervals wider than need be."
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a table is asked first, in both periods, and why a change may be of recording: empty where of level."""

    old: Finding
    new: Finding
    difference: Difference
    why: tuple[str, ...]

    @property
    def stands(self) -> str:
        """Where the line stands: only what changed clearly is of level or of recording."""
        return NONE if not self.difference.clear else RECORDING if self.why else LEVEL

    @property
    def heading(self) -> str:
        """What the shares are of."""
        return capital(f"{UNITS[self.new.layout.asked.unit]} {self.new.words}")

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
    lines = sorted(_lines(content, old, new), key=lambda line: -line.difference.strength)
    sentences = [line.sentence for line in lines if line.stands == LEVEL][:FIRST]
    tables = list(_tables(lines, (old, new)))
    if tables:
        yield replace(tables[0], read="\n".join(filter(None, (_summary(lines, new), " ".join(sentences), READ))))
        yield from tables[1:]


def _summary(lines: Sequence[Line], new: Period) -> str:
    """How many lines there are, how many of them changed clearly, and why some of these stand under recording."""
    placed = Counter(line.stands for line in lines)
    why = Counter(reason for line in lines if line.stands == RECORDING for reason in line.why).most_common(REASONS)
    reasons = f" ({'; '.join(f'{number}: {reason}' for reason, number in why)})" if why else ""
    return (
        f"{plural(len(lines), 'number')} of {new.name} can be held against the period before: {placed[LEVEL]} changed "
        f"clearly in level, {placed[RECORDING]} changed clearly and may be of recording{reasons}, and {placed[NONE]} "
        "did not change clearly or cannot be told."
    )


def _tables(lines: Sequence[Line], periods: tuple[Period, Period]) -> Iterator[Derived]:
    """The tables that have a line: the clearest drawn, then level, recording, and what did not change clearly."""
    told = [(*line.cells(), line.stands) for line in lines if line.difference.clear][:MOST]
    for table in _table("what-changed", "What changed most clearly", periods, told, "May be"):
        yield replace(table, picture=POINTS)
    level = [line.cells() for line in lines if line.stands == LEVEL]
    yield from _table("changes-level", "Changes in level", periods, level)
    for stands, title, why in (
        (RECORDING, "Changes that may be of recording", "Why"),
        (NONE, "No clear change, or too few to say", "Recording moved"),
    ):
        rows = [(*line.cells(), "; ".join(line.why)) for line in lines if line.stands == stands]
        yield from _table(f"changes-{stands}", title, periods, rows, why)


def _table(
    name: str, title: str, periods: tuple[Period, Period], rows: Sequence[tuple[Entry, ...]], *last: str
) -> Iterator[Derived]:
    old, new = periods
    if rows:
        yield Derived(
            name=name,
            title=title,
            section=SECTION,
            read=READ,
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
    moved, labels = fields(content, old, new), Labels(content.standard)
    general = tuple(_declared(old, new))
    for found in each(content.layouts, new.name):
        earlier = before.get(found.layout.asked.name)
        if earlier is None:
            continue
        difference = Difference.of((found.part, found.whole), (earlier.part, earlier.whole))
        if found.layout.asked.metric == COMPLETENESS:
            if difference.clear:
                yield Line(earlier, found, difference, (ANSWER,))
            continue
        because = (f"{labels.field(name)} {moved[name]}" for name in depends(found.layout, content) if name in moved)
        yield Line(earlier, found, difference, (*general, *_of_itself(earlier, found), *because))


def _declared(old: Period, new: Period) -> Iterator[str]:
    """What the returns say of themselves, where they do not say the same."""
    if old.recording_policy != new.recording_policy:
        yield "the recording policy is not the same"
    if old.definition_frame != new.definition_frame:
        yield "the definition of abuse is not the same"


def _of_itself(old: Finding, new: Finding) -> Iterator[str]:
    """Whether the question is about what is not known, or the share not known in its table changed clearly."""
    if UNKNOWN in (new.layout.asked.headline.part if new.layout.asked.headline else ()):
        yield ANSWER
    unsure = Difference.of((new.unsure, new.whole), (old.unsure, old.whole))
    if unsure.clear:
        yield f"the share not known is {unsure.words}"
