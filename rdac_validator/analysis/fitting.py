"""The models of one return: what goes in, by what is printed of it; what comes out, as figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from rdac_validator.analysis import classes, release
from rdac_validator.analysis.choice import KNOWN, REST, RESTS_ON, Outcome, admitted, cells, levels
from rdac_validator.analysis.classes import Patterns, Solution
from rdac_validator.analysis.effects import Effect, NoModelError, effects
from rdac_validator.analysis.indicators import held, merged, patterns
from rdac_validator.analysis.release import CLASS, PublishedClasses
from rdac_validator.disclosure import ALL, Figure, Protected, ProtectedTable
from rdac_validator.disclosure.tables import Cell
from rdac_validator.metrics import Cases
from rdac_validator.metrics.axes import AGE, DECILE, ETHNICITY, SEX, UNKNOWN
from rdac_validator.metrics.models import BY_FIFTH, MODELLED

FACTORS, BASE = "M25", "M26 sex"
# the printed table of each predictor by pathway
PREDICTORS = {
    SEX.variable: BASE,
    AGE.variable: "M26 age",
    ETHNICITY.variable: "M26 ethnic group",
    DECILE.variable: "M26 fifth",
}
OUTCOME, CLUSTER = "_outcome", "_cluster"


@dataclass(frozen=True, slots=True)
class Released:
    """An effect as it may be printed: in percentage points, and the ends of its 95% interval."""

    predictor: str
    level: str
    reference: str
    figures: tuple[Figure, Figure, Figure]


@dataclass
class Fitting:
    """The models of one return.

    ``printed`` are the tables of its period by name, ``number`` that of the classes if it is asked for. Raises
    :class:`~rdac_validator.analysis.effects.NoModelError` from whatever the data do not bear.
    """

    cases: Cases
    nation: str
    printed: Mapping[str, ProtectedTable]
    protected: Protected
    number: int | None = None

    @cached_property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The indicators that enter the model, with their codes."""
        return admitted(self.printed[FACTORS], self.indicators)

    @cached_property
    def indicators(self) -> Mapping[str, tuple[str, ...]]:
        """All indicators of the study for the nation, with their codes."""
        return merged(self.nation)

    @cached_property
    def records(self) -> pl.DataFrame:
        """A row for each assessment: indicators, pathway, predictors, and the family (or else child) it is of."""
        family = self.cases.frame("episode").select("episode_id", "family_id").unique("episode_id", keep="none")
        rows = MODELLED.frame(self.cases).with_columns(BY_FIFTH).join(family, on="episode_id", how="left")
        columns = [pl.col(name).cast(pl.String).fill_null(UNKNOWN) for name in ("pathway", *PREDICTORS)]
        belongs = pl.coalesce("family_id", "child_id", "assessment_id").alias(CLUSTER)
        return rows.select(*held(self.chosen), *columns, belongs).collect()

    @property
    def clustered(self) -> str:
        """What standard errors are clustered by."""
        known = self.cases.answered("episode", "family_id")
        return "family, or child where the family is not known" if known else "child: the return does not tell families"

    @cached_property
    def patterns(self) -> tuple[pl.DataFrame, Patterns]:
        """The distinct patterns of the chosen indicators."""
        return patterns(self.records, list(self.chosen))

    @cached_property
    def solutions(self) -> list[Solution]:
        """The best solution for each number of classes that the data bear."""
        if len(self.chosen) < 2:
            raise NoModelError("fewer than two indicators have counts that are shown and not small")
        found = list(classes.solutions(self.patterns[1]))
        if len(found) < (self.number or 1):
            raise NoModelError(f"the different patterns of indicators are too few for {self.number or 'any'} classes")
        return found

    @property
    def solution(self) -> Solution:
        """The one with the number of classes that was asked for, or with the lowest BIC."""
        lowest = min(self.solutions, key=lambda one: one.bic)
        return self.solutions[self.number - 1] if self.number else lowest

    @cached_property
    def sorted(self) -> pl.DataFrame:
        """The records with the class that each most likely belongs to. It is worked with, and written nowhere."""
        frame, _ = self.patterns
        names = release.class_names(self.solution)
        likeliest = pl.Series(CLASS, [names[at] for at in self.solution.likeliest()], dtype=pl.String)
        return self.records.join(frame.with_columns(likeliest), on=list(self.chosen), how="left", maintain_order="left")

    @cached_property
    def published(self) -> PublishedClasses:
        """The classes as they may be printed."""
        policy = replace(self.protected.policy, rounding=self.rounding)
        return release.publish(self.solution, self.patterns[1], list(self.chosen), self.sorted, policy)

    @property
    def rounding(self) -> int:
        """To a multiple of what counts of classes are rounded before a share is taken of them."""
        return max(self.protected.policy.rounding, self.protected.policy.threshold)

    def criterion(self, value: float | None, digits: int = 0) -> Figure:
        """A number about a solution as a whole: it rests on all its records."""
        if value is None:
            return Figure.nothing()
        whole = self.printed[BASE].cell(ALL, ALL)
        return self.protected.release(value, rests_on=[whole], least=RESTS_ON, digits=digits)

    def effects(self, outcome: Outcome) -> list[Released]:
        """What goes with an outcome, each characteristic with all others as they are."""
        released = list(self._released(outcome))
        if not released:
            raise NoModelError("every level that could be compared has a hidden or a small count")
        return released

    def _released(self, outcome: Outcome) -> Iterator[Released]:
        tables = self._tables()
        found = {name: at for name, (table, _) in tables.items() if (at := levels(table, outcome))}
        if not found:
            raise NoModelError("no predictor has two levels with counts that are shown and not small")
        frame = self.sorted if CLASS in found else self.records
        settled = [
            pl.when(pl.col(name).is_in(at)).then(name).otherwise(pl.lit(REST)).alias(name) for name, at in found.items()
        ]
        rows = frame.filter(pl.col("pathway").is_in(KNOWN)).with_columns(
            (pl.col("pathway") == outcome.yes).alias(OUTCOME), *settled
        )
        # only where what is printed is rounded can there be a rest that nobody sees
        rows = rows.filter(pl.col(name).is_in(at) for name, at in found.items())
        for effect in effects(rows, OUTCOME, found, CLUSTER):
            if effect.level != REST:
                table, protected = tables[effect.predictor]
                yield _printed(effect, protected, cells(table, outcome, effect.level, effect.reference))

    def _tables(self) -> dict[str, tuple[ProtectedTable, Protected]]:
        """Each predictor's table by pathway, with the publication that looked after it."""
        found = {
            column: (self.printed[name], self.protected) for column, name in PREDICTORS.items() if name in self.printed
        }
        try:
            return found | {CLASS: (self.published.by_pathway.tables[0], self.published.by_pathway)}
        except NoModelError:
            return found


def _printed(effect: Effect, protected: Protected, rests_on: list[Cell]) -> Released:
    numbers = (effect.points, effect.low, effect.high)
    points, low, high = (protected.release(value, rests_on=rests_on, least=RESTS_ON, digits=0) for value in numbers)
    return Released(effect.predictor, effect.level, effect.reference, (points, low, high))
