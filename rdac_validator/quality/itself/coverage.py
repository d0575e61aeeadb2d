"""Which of the core questions the returns of today can answer, and which this one does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from rdac_validator import crosswalks
from rdac_validator.crosswalks.answers import CORE, Answer, answers, asked, in_a_sentence
from rdac_validator.crosswalks.reading import Status
from rdac_validator.disclosure import Figure
from rdac_validator.metrics.axes import ANSWERED
from rdac_validator.metrics.recording import Completeness
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.itself.base import OfTheReport, printed
from rdac_validator.quality.measuring import Quality
from rdac_validator.quality.plain import capital
from rdac_validator.standard import Column, Standard, Table

SOURCES = {"cin-census": "the CIN census of some year", "scotland-concerns": "a Scottish return of concerns"}
ABSENT = "no such field in it"
NOT_COUNTED = f"not counted: {Completeness.code} stays dark"
BASE = "the coded answers of tiers starter and T1 that are not worked out from others"
Core = Sequence[tuple[Table, Column]]


class CrosswalkCoverage(OfTheReport):
    """How many of the core questions the returns of today can answer, how many this one does, and which nobody does.

    Why: what no return asks nobody can count, however good the analysis; the list of it is what a consultation is for.
    Read: exact, broad (detail is lost) and ambiguous (it cannot be told for sure) come from the published crosswalks,
    and hold for every authority. Of this return a question counts as answered where a printed number of answers is not
    nought; where that number is hidden nothing is said of it.
    """

    code = "M34"
    tier = "T0"
    sources = ("rdac-2026:1.3.1", "rdac-2026:6.2")

    def tables(self, quality: Quality, standard: Standard) -> Iterator[Derived]:
        """Every core question with how well each source answers it, the sums of that, and those that nobody answers."""
        core = Coverage(quality, standard)
        said = {"unit": "fields of the standard, not people", "base": f"{BASE}: {len(core.core)}"}
        periods = core.headings
        yield self.table(
            quality,
            "coverage",
            "Core questions that returns can answer",
            ("Whose answers", "Given", "In part", "Not given", "Hidden"),
            tuple(core.sums()),
            **said,
            exclusions="none",
            read=f"{core.sentences()} {capital(self.info().read)}",
        )
        yield self.table(
            quality,
            "coverage-fields",
            "Each core question, and who answers it",
            ("Field", *(capital(who) for who in SOURCES.values()), *periods),
            tuple(core.rows()),
            **said,
            exclusions="none",
            read="Of this return stands how many rows hold an answer: 0 where the field is there and is empty.",
        )
        yield self.table(
            quality,
            "coverage-none",
            "Core questions that nobody answers",
            ("Field", "What it would inform"),
            tuple(core.unanswered()),
            **said,
            exclusions="fields of which a number is hidden: whether they are answered is not told",
            read=f"Neither {' nor '.join(SOURCES.values())} gives these, nor any period of this report.",
        )


class Coverage:
    """The core questions beside each crosswalk and beside what is printed of a return."""

    def __init__(self, quality: Quality, standard: Standard) -> None:
        self.quality, self.standard = quality, standard
        self.core: Core = tuple(asked(standard, CORE))
        self.tables = printed(quality)

    @cached_property
    def given(self) -> Mapping[str, tuple[Answer, ...]]:
        """How well each source of today gives each core answer, in the order of :attr:`core`."""
        return {who: answers(self.standard, crosswalks.load(name), CORE) for name, who in SOURCES.items()}

    @property
    def headings(self) -> tuple[str, ...]:
        """What the column of each period is called."""
        several = len(self.quality.periods) > 1
        return tuple(f"Answers in {one.name if several else 'this return'}" for one in self.quality.periods)

    def here(self, table: Table, column: Column) -> tuple[Entry, ...]:
        """How many answers are printed of a field, for each period, or that there is no such field."""
        name = f"{Completeness.code} {table.name}.{column.name}"
        return tuple(self._of(period.name, name) for period in self.quality.periods)

    def _of(self, period: str, name: str) -> Entry:
        if (period, name) in self.tables:
            return self.tables[period, name][ANSWERED,]
        return NOT_COUNTED if (Completeness.code, period) in self.quality.dark else ABSENT

    def rows(self) -> Iterator[tuple[Entry, ...]]:
        """A line for each core question."""
        for place, (table, column) in enumerate(self.core):
            said = (given[place].status.replace("_", " ") for given in self.given.values())
            yield f"{table.name}.{column.name}", *said, *self.here(table, column)

    def sums(self) -> Iterator[tuple[Entry, ...]]:
        """A line for each source and each period: given, in part, not given, hidden."""
        for who, given in self.given.items():
            count = Counter(answer.status for answer in given)
            part = len(given) - count[Status.EXACT] - count[Status.NOT_DERIVABLE]
            yield _line(capital(who), count[Status.EXACT], part, count[Status.NOT_DERIVABLE], None)
        for place, heading in enumerate(self.headings):
            here = [self.here(table, column)[place] for table, column in self.core]
            hidden = sum(isinstance(one, Figure) and one.value is None for one in here)
            there = sum(isinstance(one, Figure) and bool(one.value) for one in here)
            yield _line(heading, there, None, len(here) - there - hidden, hidden)

    def unanswered(self) -> Iterator[tuple[Entry, ...]]:
        """The core questions that no source gives, and of which no answer is printed or hidden."""
        for place, (table, column) in enumerate(self.core):
            if all(given[place].status is Status.NOT_DERIVABLE for given in self.given.values()) and not any(
                isinstance(one, Figure) and one.value != 0 for one in self.here(table, column)
            ):
                yield f"{table.name}.{column.name}", column.decision

    def sentences(self) -> str:
        """The sum of each source in a sentence that names what it gives in part."""
        return " ".join(in_a_sentence(given, who) for who, given in self.given.items())


def _line(who: str, *numbers: int | None) -> tuple[Entry, ...]:
    return who, *(Figure.nothing() if number is None else Figure.known(number) for number in numbers)
