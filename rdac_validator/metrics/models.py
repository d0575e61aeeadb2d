"""What models rest on: the counts of every table that a regression could tell something of."""

from __future__ import annotations

from collections.abc import Iterator

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import AGE, AGE_HALVES, DECILE, ETHNICITY, FIFTHS, PLAN, SEX, answers, coarse
from rdac_validator.metrics.base import Metric, Question
from rdac_validator.metrics.bases import FLAGGED
from rdac_validator.metrics.cases import Cases

FIFTH, BY_FIFTH = coarse(DECILE, FIFTHS)
PLACE = "family_circumstances"
MODELLED = FLAGGED.with_answer("source_codes")


class CountsForModels(Metric):
    """Which factors come together, and what goes with a plan: latent classes, regressions, and the counts below them.

    Why: whether a need or who the child is goes with a plan cannot be seen from one table at a time.
    Read: the tables are counts like any other; classes and effects stand with the models. They are associations in what
    was recorded, and no causes: who records what, and of whom, is in them too.
    """

    code = "M26"
    tier = "T0"
    sources = ("rdac-2026:4.4.2", "rdac-2026:app-1")
    needs = {"assessment": ("source_codes",), "person": ("sex",), "status_event": ("to_status",)}
    adds = {
        PLACE: ("deprivation_decile",),
        "episode": ("family_id",),
        "person": ("birth_month", "ethnicity_code", "ethnicity_scheme"),
        "assessment": ("assessment_date",),
    }
    on_request = "Models are fitted only where they are asked for: rdac report --models."

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments by pathway and each characteristic; tenths too, so that fifths are protected as their sums."""
        pathway = answers("episode", "pathway", cases.standard, PLAN)
        for axis in (SEX, Parts(AGE.variable, AGE.categories, AGE_HALVES), ETHNICITY):
            caption = f"Assessments with domestic abuse by the child's {axis.variable} and pathway"
            yield self.ask(cases, MODELLED, [axis, pathway], caption, axis.variable)
        if cases.answered(PLACE, "deprivation_decile"):
            caption = "Assessments with domestic abuse by deprivation fifth and pathway"
            yield self.ask(cases, MODELLED, [FIFTH, pathway], caption, "fifth", columns=[BY_FIFTH])
            yield self.ask(cases, MODELLED, [DECILE], "Assessments with domestic abuse by deprivation tenth", "tenth")
