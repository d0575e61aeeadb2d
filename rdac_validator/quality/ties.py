"""What everybody knows of how the tables of a return hang together, beside what they print: declared for disclosure.

An episode with a factor has an assessment with it; who causes harm stands in a direction of harm. So one table bounds
another, though they count different units. Decision 48 says of which units nothing follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rdac_validator.disclosure import AtMost, Cell, Table, each
from rdac_validator.metrics.adults import BALANCE
from rdac_validator.metrics.axes import ANSWERED, CAUSES, DVA, HOW, NOT_APPLICABLE, PLAN, UNKNOWN, YES_NO
from rdac_validator.metrics.bases import OBTAINED
from rdac_validator.metrics.demographics import ANY_FACTOR, FACTORS
from rdac_validator.metrics.harm import NUMBER, STATED
from rdac_validator.metrics.recording import LINKED
from rdac_validator.metrics.steps import AGAIN, DOWN, STEP, UP
from rdac_validator.metrics.voice import CHILD_HEARD, VIEW
from rdac_validator.quality.together import CODES, NO, YES, Together
from rdac_validator.rules.base import dva_codes
from rdac_validator.standard import Standard

# an assessment with more directions of harm than that is not to be believed
MANY = 20


class Ties:
    """What is known of the tables of one period. ``year`` is the condition that tells it from the others of a run."""

    def __init__(self, tables: Sequence[Table], standard: Standard, year: Mapping[str, str]) -> None:
        self.tables, self.standard, self.year = tables, standard, year
        lists = [standard.lists[name] for name in standard.table("assessment").column(CODES).lists]
        axes = (axis for table in tables for axis in table.by if axis.variable == CODES)
        counted = {code for axis in axes for code in axis.categories}
        self.codes = [code for one in lists for code in one.codes if code in counted]
        self.none = [code for one in lists for code in one.where("exclusive") if code in counted]
        alone = (table for table in tables if [axis.variable for axis in table.by] == [CODES])
        self.counts = {table.cell(*at): number for table in alone for at, number in table.counts.items()}

    def all(self) -> Iterator[AtMost]:
        """Everything that is known."""
        yield from self._children()
        yield from self._episodes()
        yield from self._factors_of_episodes()
        yield from self._flags()
        yield from self._together()
        yield from self._directions()
        yield from self._roles()
        yield from self._steps()

    def _cell(self, unit: str, *where: tuple[str, str]) -> Cell:
        return Cell(unit, frozenset({*self.year.items(), *where}))

    def _flagged(self, unit: str, *where: tuple[str, str]) -> Cell:
        return self._cell(unit, (DVA.variable, YES), *where)

    def _coded(self, code: str, answer: str = YES) -> Cell:
        """The flagged assessments with a code or without it, of those with an answer."""
        return self._flagged("assessment", (CODES, ANSWERED), (f"{CODES}:{code}", answer))

    def _any(self, *where: tuple[str, str]) -> Cell:
        """Episodes with a factor in an assessment."""
        return self._cell("episode", ANY_FACTOR, *where)

    def _numbered(self, *where: tuple[str, str]) -> tuple[Cell, ...]:
        """Assessments with a factor, as cells by their number."""
        return tuple(self._cell("assessment", (CODES, name), *where) for name, least in FACTORS.bands.items() if least)

    def _children(self) -> Iterator[AtMost]:
        """A child is counted for an assessment of an episode, with abuse if it is flagged in one and else without."""
        carried = {DVA.variable: YES_NO, **{name: [value] for name, value in self.year.items()}}
        for more in ("assessment", "episode"):
            yield from each(self.tables, "child", more, carried)
        child = (self._cell("child"),)
        yield AtMost(child, (self._cell("person"),))
        # of a census it is not known what was lost
        linked = (*LINKED.categories[:2], UNKNOWN)
        yield AtMost(child, tuple(self._cell("assessment", (LINKED.variable, name)) for name in linked))

    def _episodes(self) -> Iterator[AtMost]:
        """A flagged episode has a flagged assessment, of the same pathway; another may have no assessment at all."""
        yield AtMost((self._flagged("episode"),), (self._flagged("assessment"),))
        codes = self.standard.codes(self.standard.table("episode").column("pathway"))
        parts = {name: (name,) for name in (*codes, NOT_APPLICABLE, UNKNOWN)} | PLAN
        for name, pathways in parts.items():
            fewer = tuple(self._flagged("episode", ("pathway", one)) for one in pathways)
            yield AtMost(fewer, (self._flagged("assessment", ("pathway", name)),))

    def _factors_of_episodes(self) -> Iterator[AtMost]:
        """What is in an episode is in one of its assessments, but two things need not be in the same one.

        What is in none of a flagged episode is not in a flagged one either.
        """
        flagged, unflagged = (DVA.variable, YES), (DVA.variable, NO)
        yield AtMost((self._any(),), self._numbered())
        yield AtMost((self._any(unflagged),), self._numbered(unflagged))
        without = (self._flagged("episode"), *self._numbered(flagged))
        yield AtMost(without, (self._any(flagged), self._flagged("assessment")))
        flags = dva_codes(self.standard)
        silent = [self._flagged("assessment", (CODES, name)) for name in (NOT_APPLICABLE, UNKNOWN)]
        for code in self.codes:
            held, lacked = (f"{CODES}:{code}", YES), (f"{CODES}:{code}", NO)
            others = () if code in flags else self._numbered(unflagged)
            yield AtMost((self._any(held),), (self._coded(code), *others))
            yield AtMost((self._any(flagged, lacked),), (self._coded(code, NO), *silent))
            if code in flags:
                yield AtMost((self._any(unflagged, held),), ())

    def _flags(self) -> Iterator[AtMost]:
        """Abuse is flagged by a code if there is one; that there are no factors is a code that stands alone."""
        by_code, _, both = (self._cell("assessment", (DVA.variable, how)) for how in HOW)
        flags = [self._coded(code) for code in self.codes if code in dva_codes(self.standard)]
        for flag in flags:
            yield AtMost((flag,), (by_code, both))
        yield AtMost((by_code, both), tuple(flags))
        none = self._flagged("assessment", (CODES, "none"))
        for code in self.none:
            yield AtMost((self._coded(code),), (none,))
        yield AtMost((none,), tuple(self._coded(code) for code in self.none))

    def _together(self) -> Iterator[AtMost]:
        """What follows of factors from their number and their pairs."""
        tables = (one for one in self.tables if [axis.variable for axis in one.by] == [CODES, CODES])
        here = [table.by[0].categories for table in tables if self.year.items() <= table.given.items()]
        counts = {code: self.counts.get(self._coded(code), 0) for code in self.codes if code not in self.none}
        often = sorted(counts, key=lambda code: -counts[code])
        used = sum(count > 0 for count in counts.values())
        common = [code for codes in here for code in codes]
        yield from Together(self._flagged("assessment"), often, common, used).all()

    def _directions(self) -> Iterator[AtMost]:
        """Abuse is flagged by a direction if there is one, and then alone is it stated who harms whom."""
        by_code, by_direction, both = HOW
        nothing, one, several = NUMBER.bands
        never = [
            (nothing, by_direction),
            (nothing, both),
            *((some, how) for some in (one, several) for how in (by_code, NO)),
        ]
        for number, how in never:
            yield AtMost((self._cell("assessment", (NUMBER.variable, number), (DVA.variable, how)),), ())
        for how in (by_code, NO):
            yield AtMost((self._cell("assessment", (STATED.variable, YES), (DVA.variable, how)),), ())
        with_one, with_several = (self._cell("assessment", (NUMBER.variable, name)) for name in (one, several))
        rows = (self._cell("direction"),)
        yield AtMost((with_one, with_several, with_several), rows)
        yield AtMost(rows, (with_one, *(with_several,) * MANY))

    def _roles(self) -> Iterator[AtMost]:
        """Each who causes harm does so in a direction; what a plan asks of somebody it asks of an adult.

        The child's own view is one of the accounts of children.
        """
        causes, rows = (CAUSES.variable, YES), (self._cell("direction"),)
        yield AtMost((self._cell("adult", causes), self._cell("experience", causes)), rows)
        yield AtMost((self._cell("voice", causes, ("speaker", "adult")),), rows)
        asked, not_asked, none = (
            self._cell("adult", causes, ("has_plan_actions", said)) for said in (YES, NO, NOT_APPLICABLE)
        )
        both, experiencing, causing, neither = (self._flagged("assessment", ("plan actions", name)) for name in BALANCE)
        nobody = self._flagged("assessment", ("plan actions", NOT_APPLICABLE))
        yield AtMost((both, causing), (asked,))
        yield AtMost((experiencing, neither, nobody), (not_asked, none))
        accounts = self._cell("voice", ("speaker", "child"))
        heard, unheard, _ = (self._flagged("assessment", (VIEW, name)) for name in CHILD_HEARD)
        yield AtMost((heard,), (self._cell("voice", ("speaker", "child"), ("method", OBTAINED)),))
        yield AtMost((heard, unheard), (accounts,))

    def _steps(self) -> Iterator[AtMost]:
        """A step of a child is a change of status; who came down and went up again took both steps."""
        for step, direction in ((UP, "up"), (DOWN, "down")):
            taken = tuple(
                self._cell("child", (step.variable, name)) for name, least in step.bands.items() for _ in range(least)
            )
            yield AtMost(taken, (self._cell("event", (STEP.variable, direction)),))
        ups, downs = ([(step.variable, name) for name, least in step.bands.items() if least] for step in (UP, DOWN))
        # of a source of starts and closures it is not known how often a child came down
        both = tuple(self._cell("child", up, down) for up in ups for down in (*downs, (DOWN.variable, UNKNOWN)))
        yield AtMost((self._cell("child", (AGAIN.variable, YES)),), both)
