"""Circumstances: the hardship that was found, and whether the plan did anything about it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import UNKNOWN, answers, choices
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, FLAGGED
from rdac_validator.metrics.cases import Cases

ISSUES = ("housing_issues", "money_issues")
HARDSHIP = ("found", "looked for and not found")


class Hardship(Metric):
    """Housing and money difficulties that were found, and whether the plan does anything about them: the gap.

    Why: hardship turns into background as assessments go on; lack of housing or money is what keeps people from safety.
    Read: the gap is found and not addressed. Hardship that nobody asked about is not known, and is not "none".
    """

    code = "M20"
    tier = "starter"
    sources = ("rdac-2026:6.1", "rdac-2026:6.2", "rdac-2026:6.4")
    needs = {"family_circumstances": ISSUES}
    adds = {"family_circumstances": ("hardship_addressed_in_plan",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Hardship by answer of the plan, then the difficulties of each kind."""
        found = pl.any_horizontal(
            *(pl.col(column).list.eval(pl.element() != "none_identified").list.any() for column in ISSUES)
        )
        known = pl.all_horizontal(*(pl.col(column).is_not_null() for column in ISSUES))
        hardship = pl.when(found).then(pl.lit(HARDSHIP[0])).when(known).then(pl.lit(HARDSHIP[1])).alias("hardship")
        axes = [Parts("hardship", (*HARDSHIP, UNKNOWN))]
        part = Headline((HARDSHIP[0],), "with domestic abuse found hardship")
        if cases.answered("family_circumstances", "hardship_addressed_in_plan"):
            axes.append(answers("family_circumstances", "hardship_addressed_in_plan", cases.standard))
            words = "with domestic abuse that found hardship have a plan that does nothing about it"
            part = Headline((HARDSHIP[0], "no"), words, (HARDSHIP[0], None))
        caption = "Assessments with domestic abuse by hardship found, and whether the plan addresses it"
        yield self.ask(cases, FLAGGED, axes, caption, "gap", part, [hardship])
        for column in ISSUES:
            issues = choices("family_circumstances", column, cases.standard)
            what = column.replace("_", " ")
            yield self.ask(cases, ASSESSMENTS.with_answer(column), [issues], f"Assessments by {what} found", what)
