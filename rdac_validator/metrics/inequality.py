"""Where children live, and which groups of them a plan reaches: the counts that inequalities are worked out of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import (
    AGE,
    AGE_HALVES,
    DECILE,
    DVA,
    ETHNICITY,
    GROUPS,
    MINORITISED,
    PLAN,
    SEX,
    answers,
    coarse,
    cut,
    fifths,
)
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, FLAGGED
from rdac_validator.metrics.cases import Cases

# with fewer to a group on average nearly all would be hidden, and much of the report with them
TO_A_GROUP = 30
# the order of the study's four digits
DIGITS = (AGE.variable, SEX.variable, ETHNICITY.variable, DECILE.variable)
TWO_SEXES = {sex: (sex,) for sex in SEX.categories[:2]}
TWO_GROUPS = {GROUPS[0]: GROUPS[:1], **MINORITISED}


class Deprivation(Metric):
    """Assessments by the deprivation tenth of the area where the child lives: the counts that a rate is made of.

    Why: the study could show how steeply the response rises with deprivation only by linking addresses itself.
    Read: 1 is the most deprived. A rate needs the children of each tenth, which no return holds: give them with
    `rdac report --populations`. Tenths are of the index that most of them are of; those of another stand by themselves,
    as do families without a home, who have none. A tenth withheld for safety counts as not known.
    """

    code = "M21"
    tier = "T0"
    sources = ("rdac-2026:fig-5.2", "rdac-2026:fig-5.11", "rdac-2026:1.3.1")
    needs = {"family_circumstances": ("deprivation_decile", "deprivation_index")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """By tenth; and those with domestic abuse by pathway, in tenths and in fifths."""
        words = Headline(
            ("1", "yes"), "with domestic abuse are of children in the most deprived tenth of areas", (None, "yes")
        )
        caption = "Assessments by deprivation tenth and whether domestic abuse is flagged"
        yield self.ask(cases, ASSESSMENTS, [DECILE, DVA], caption, "tenth", words)
        pathway = answers("episode", "pathway", cases.standard, PLAN)
        caption = "Assessments with domestic abuse by deprivation tenth and the pathway of the episode"
        yield self.ask(cases, FLAGGED, [DECILE, pathway], caption, "pathway")
        axis, column = fifths(cases.nation)
        caption = "Assessments with domestic abuse by deprivation fifth and the pathway of the episode"
        yield self.ask(cases, FLAGGED, [axis, pathway], caption, "fifth", columns=[column])


class Intersections(Metric):
    """What became of assessments, by the child's ethnic group together with sex, with age, with deprivation, with all.

    Why: sex, ethnicity and class act together; a table for each alone hides the groups who are treated differently.
    Read: many groups are small and stay hidden. "minoritised", the ages and the deprivation are the study's groups of
    two: they are coarse, and the word says only that the report counts these children together. Deprivation is parted
    at 60% in England and at 20% in Scotland, as the study did. All characteristics at once are counted, in the study's
    groups and by five ethnic groups, where there are 30 assessments with domestic abuse to a group on average, and for
    those of whom all is known; without deprivation where a return does not have it.
    """

    code = "M22"
    tier = "T0"
    sources = ("rdac-2026:6.4", "rdac-2026:1.3.2", "rdac-2026:5.4.5", "rdac-2026:5.5.4")
    needs = {"episode": ("referral_date",), "person": ("sex", "ethnicity_code"), "status_event": ("to_status",)}
    adds = {"family_circumstances": ("deprivation_decile",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """The ethnic group with each other characteristic, by plan or no plan; then with all of them."""
        pathway = answers("episode", "pathway", cases.standard, PLAN)
        plan, by_plan = coarse(pathway, PLAN)
        parted = cut(cases.nation)
        ethnicity = Parts(ETHNICITY.variable, ETHNICITY.categories, MINORITISED)
        pairs = {"sex": coarse(SEX, {}), "age": coarse(AGE, AGE_HALVES), "deprivation": coarse(DECILE, parted)}
        for what, (axis, column) in pairs.items():
            caption = f"Assessments with domestic abuse by ethnic group, {what}, and whether there was a plan"
            yield self.ask(cases, FLAGGED, [ethnicity, axis, plan], caption, what, columns=[column, by_plan])
        halves: list[tuple[Parts, Mapping[str, tuple[str, ...]]]] = [
            (AGE, AGE_HALVES),
            (SEX, TWO_SEXES),
            (DECILE, parted),
        ]
        if not cases.answered("family_circumstances", "deprivation_decile"):
            halves.pop()
        assessments = FLAGGED.frame(cases).select(pl.len()).collect().item()
        least = TO_A_GROUP * 2 ** len(halves)
        if assessments >= least * len(TWO_GROUPS):
            two = coarse(Parts(ETHNICITY.variable, GROUPS), TWO_GROUPS)
            yield self._together(cases, halves, two, (pathway, pl.col(pathway.variable)), "coded")
        if assessments >= least * len(GROUPS):
            five = Parts(ETHNICITY.variable, GROUPS, MINORITISED), pl.col(ETHNICITY.variable)
            yield self._together(cases, halves, five, (plan, by_plan), "detailed")

    def _together(
        self,
        cases: Cases,
        halves: Sequence[tuple[Parts, Mapping[str, tuple[str, ...]]]],
        ethnicity: tuple[Parts, pl.Expr],
        outcome: tuple[Parts, pl.Expr],
        about: str,
    ) -> Question:
        """The groups of all characteristics at once, of those of whom all are known, in the order of the digits."""
        names = (
            "age, sex, ethnic group and deprivation" if len(halves) == len(DIGITS) - 1 else "age, sex and ethnic group"
        )
        known = pl.col(ETHNICITY.variable).is_not_null()
        for axis, parts in halves:
            members = [member for part in parts.values() for member in part]
            known &= pl.col(axis.variable).cast(pl.String).is_in(members)
        base = FLAGGED.of(f"whose {names} are known", names, "known", known)
        by = [Parts(axis.variable, tuple(parts)) for axis, parts in halves]
        by.insert(DIGITS.index(ETHNICITY.variable), ethnicity[0])
        columns = [coarse(axis, parts)[1] for axis, parts in halves] + [ethnicity[1], outcome[1]]
        caption = f"Assessments with domestic abuse by {names} together, and the pathway of the episode"
        return self.ask(cases, base, [*by, outcome[0]], caption, about, columns=columns)
