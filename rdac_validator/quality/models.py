"""The tables of the models: how many latent classes, what is in them, and what goes with a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from rdac_validator.analysis.choice import KNOWN, OUTCOMES, REST, RESTS_ON, Outcome
from rdac_validator.analysis.classes import FINISHED, SEED, STARTS, Solution
from rdac_validator.analysis.effects import NoModelError
from rdac_validator.analysis.fitting import BASE, FACTORS, Fitting
from rdac_validator.analysis.release import CLASS
from rdac_validator.disclosure import ALL, Figure
from rdac_validator.metrics import UNITS, Cases
from rdac_validator.metrics.axes import DECILE
from rdac_validator.metrics.models import MODELLED
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.labels import Labels
from rdac_validator.quality.measuring import Quality
from rdac_validator.quality.pictures import Picture, Points, Series, Shades

LOWEST = "bic"
MARKED = 3
POINTS, LOW, HIGH = "Percentage points", "95% from", "95% to"
LIBRARIES = ("numpy", "statsmodels")
CAUSES = "These are associations in what was recorded, and no causes: who records what, and of whom, is in them too."
SOURCES = ("rdac-2026:4.4.2", "rdac-2026:app-1")


@dataclass
class Models:
    """The models of the newest period of a run.

    ``number`` is that of the classes if it is asked for; ``said`` are sentences on what could not be fitted, and why.
    """

    quality: Quality
    cases: Cases
    number: int | None = None
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.period, self.labels = self.quality.periods[-1], Labels(self.cases.standard)
        printed = {asked.name: table for asked, table in self.quality.tables() if asked.period == self.period}
        self.lit = {FACTORS, BASE} <= printed.keys()
        self.fitting = Fitting(self.cases, self.period.nation, printed, self.quality.protected, self.number)

    def tables(self) -> Iterator[Derived]:
        """Every table that the data bear."""
        if not self.lit:
            self.said.append("No model was fitted: M25 or M26, on which models rest, stay dark.")
            return
        try:
            yield self._number()
            if self.fitting.solution.number > 1:
                yield from (self._classes(), self._profile())
        except NoModelError as error:
            self.said.append(f"No latent classes were fitted: {error}.")
        for outcome in OUTCOMES:
            try:
                yield self._effects(outcome)
            except NoModelError as error:
                self.said.append(f"No regression on {outcome.title} was fitted: {error}.")

    def _number(self) -> Derived:
        found = self.fitting.solutions
        why = "which was asked for" if self.number else "which has the lowest BIC"
        one = " With one class no pattern stands out." if self.fitting.solution.number == 1 else ""
        return self._of_classes(
            "models-number",
            "How many latent classes",
            f"The model with {self.fitting.solution.number} is taken, {why}.{one} The lower BIC and AIC, the better "
            "a model pays for its numbers; where they disagree neither is right, and the study chose by judgement. "
            "Relative entropy is 1 where every record falls into one class without doubt. Where few starts agree there "
            "may be a better model that none of them found.",
            (
                *("Classes", "BIC above the lowest", "AIC above the lowest", "Relative entropy"),
                *(f"Starts of {FINISHED} that agree", "Settled", "Numbers fitted"),
            ),
            (self._criteria(one, min(each.bic for each in found), min(each.aic for each in found)) for one in found),
        )

    def _criteria(self, one: Solution, bic: float, aic: float) -> tuple[Entry, ...]:
        """The line of a solution; criteria stand as differences, since by themselves they would tell counts."""
        numbers = (one.bic - bic, one.aic - aic, one.entropy(self.fitting.patterns[1]), float(one.agreeing))
        figures = (self.fitting.criterion(value, digits) for value, digits in zip(numbers, (0, 0, 2, 0), strict=True))
        return (str(one.number), *figures, "yes" if one.converged else "no", str(one.parameters))

    def _classes(self) -> Derived:
        published = self.fitting.published
        rows = [(self._class(name), published.size(name), self._marked(name)) for name in published.names]
        return self._of_classes(
            "models-classes",
            "The latent classes",
            "A class is a pattern in records and no kind of family: what a record is in it for may be how it was "
            "recorded. The study found that families' experiences matched their class unevenly.",
            ("Class", "Per cent of all", "Indicators that stand out most"),
            rows,
        )

    def _class(self, name: str) -> str:
        """The name of a class with its share."""
        size = self.fitting.published.size(name)
        return f"{name} ({size.mark})" if size.value is None else f"{name} ({size.value:.0f}%)"

    def _marked(self, name: str) -> str:
        """The indicators whose printed share lies farthest above that of all records."""
        published = self.fitting.published
        above = []
        for label in published.labels:
            inside, whole = published.share(name, label).value, published.share(ALL, label).value
            if inside is not None and whole is not None and inside > whole:
                above.append((whole - inside, f"{label} {inside:.0f}% (of all {whole:.0f}%)"))
        return "; ".join(text for _, text in sorted(above)[:MARKED]) or "none that could be printed"

    def _profile(self) -> Derived:
        published = self.fitting.published
        heads = [self._class(name) for name in published.names]
        rows: list[tuple[Entry, ...]] = [
            (label, published.share(ALL, label), *(published.share(name, label) for name in published.names))
            for label in published.labels
        ]
        return self._of_classes(
            "models-profile",
            "What is recorded in each latent class",
            "Of the records of a class, how many in a hundred the model expects to have the indicator.",
            ("Indicator", "All", *heads),
            rows,
            Shades(("All", *heads)),
        )

    def _of_classes(
        self,
        name: str,
        title: str,
        read: str,
        columns: Sequence[str],
        rows: Iterable[tuple[Entry, ...]],
        picture: Picture | None = None,
    ) -> Derived:
        rounded, published = self.fitting.rounding, self.fitting.published
        unsaid = [label for label in self.fitting.chosen if label not in published.labels]
        notes = {
            "Exclusions": self._excluded(),
            "Starts": f"{STARTS} by chance from seed {SEED}, the {FINISHED} best of them finished",
            "Hidden": f"c; shares of classes are of counts rounded to the nearest {rounded}, and to whole per cent, "
            f"so that they need not sum to 100; not printed to protect others: {', '.join(unsaid) or 'no indicator'}",
        }
        return self._derived(name, title, read, columns, rows, notes, picture)

    def _effects(self, outcome: Outcome) -> Derived:
        printed = self.fitting.printed[BASE]
        rest = [printed[ALL, pathway] for pathway in printed.by[1].categories if pathway not in KNOWN]
        without = Figure.of(lambda *counts: sum(counts), *rest, digits=0)
        return self._derived(
            f"models-{outcome.name}",
            f"What goes with {outcome.title}",
            "How many more (or fewer) in a hundred have it than of those compared with, if all else that is in the "
            "model were the same. An interval that holds 0 leaves open which way.",
            ("Who", "Compared with", POINTS, LOW, HIGH),
            [
                (
                    self._head(one.predictor) + self._level(one.predictor, one.level),
                    self._level(one.predictor, one.reference),
                    *one.figures,
                )
                for one in self.fitting.effects(outcome)
            ],
            {
                "Exclusions": f"assessments whose pathway is not known: {_said(without)}",
                "Outcome": f"{outcome.title}, against every other pathway that is known",
                "Not shown": f"a level with a hidden count, or with fewer than {RESTS_ON} of a pathway, is in the "
                f"model among {REST}: what is not known is a level too",
                "Clustered by": self.fitting.clustered,
            },
            Points("percentage points", (Series("difference, with 95% interval", POINTS, LOW, HIGH),)),
        )

    def _head(self, predictor: str) -> str:
        """What stands before a level: the predictor, unless the level says it."""
        if predictor == CLASS:
            return ""
        name = "deprivation" if predictor == DECILE.variable else self.labels.variable(MODELLED.unit, predictor)
        return f"{name}: "

    def _level(self, predictor: str, level: str) -> str:
        return self._class(level) if predictor == CLASS else self.labels.category(MODELLED.unit, predictor, level)

    def _excluded(self) -> str:
        """The indicators that did not enter the model, by what is printed of them."""
        left = [label for label in self.fitting.indicators if label not in self.fitting.chosen]
        said = "indicators of which a count is hidden, or that fewer than"
        return f"no record; {said} {RESTS_ON} have or lack: {', '.join(left) or 'none'}"

    def _derived(
        self,
        name: str,
        title: str,
        read: str,
        columns: Sequence[str],
        rows: Iterable[tuple[Entry, ...]],
        notes: Mapping[str, str],
        picture: Picture | None,
    ) -> Derived:
        said = {
            "Unit": UNITS[MODELLED.unit],
            "Base": f"{MODELLED.words}: {_said(self.fitting.printed[BASE][ALL, ALL])}",
            "Period": self.period.name,
            **notes,
            "Reading": CAUSES,
            "Software": f"rdac {self.quality.tool_version}, " + ", ".join(f"{one} {version(one)}" for one in LIBRARIES),
        }
        return Derived(name, title, "models", read, SOURCES, tuple(columns), tuple(rows), said, picture)


def _said(figure: Figure) -> str:
    return figure.mark if figure.value is None else f"{figure.value:,.0f}"
