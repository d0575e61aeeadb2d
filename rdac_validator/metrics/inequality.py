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
from rdac_validator.metrics.base import Base, Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, FLAGGED
from rdac_validator.metrics.cases import Cases

# with fewer to a group on average nearly all would be hidden, and much of the report with them: one small count in one
# group takes the same in all others, and deprivation makes groups that are smaller by far than the others
TO_A_GROUP, TO_A_PLACE = 30, 300
TWO_SEXES = {sex: (sex,) for sex in SEX.categories[:2]}
WHOLE = {"known": GROUPS}
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
    at 60% in England and at 20% in Scotland, as the study did. Age, sex and ethnic group at once are counted, in the
    study's groups and by five ethnic groups, where there are 30 assessments with domestic abuse to a group on average,
    and with deprivation where there are 300, for those of whom all is known.
    """

    code = "M22"
    tier = "T0"
    sources = ("rdac-2026:6.4", "rdac-2026:1.3.2", "rdac-2026:5.4.5", "rdac-2026:5.5.4")
    needs = {"episode": ("referral_date",), "person": ("sex", "ethnicity_code"), "status_event": ("to_status",)}
    adds = {
        "person": ("birth_month", "ethnicity_scheme"),
        "assessment": ("assessment_date",),
        "family_circumstances": ("deprivation_decile", "deprivation_index"),
    }

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
        assessments = FLAGGED.frame(cases).select(pl.len()).collect().item()
        base = _known(FLAGGED, "age, sex and ethnic group", [(AGE, AGE_HALVES), (SEX, TWO_SEXES), (ETHNICITY, WHOLE)])
        placed = _known(base, "deprivation", [(DECILE, parted)]) if cases.index else None
        two = coarse(Parts(ETHNICITY.variable, GROUPS), TWO_GROUPS)
        five = Parts(ETHNICITY.variable, GROUPS, MINORITISED), pl.col(ETHNICITY.variable)
        whole = pathway, pl.col(pathway.variable)
        for about, ethnic, outcome in (("coded", two, whole), ("detailed", five, (plan, by_plan))):
            axes = [_halved(AGE, AGE_HALVES), _halved(SEX, TWO_SEXES), ethnic]
            groups = 4 * len(ethnic[0].categories)
            if assessments >= TO_A_GROUP * groups:
                yield self._together(cases, base, [*axes, outcome], about)
            if placed and assessments >= TO_A_PLACE * 2 * groups:
                yield self._together(cases, placed, [*axes, _halved(DECILE, parted), outcome], f"{about} place")

    def _together(self, cases: Cases, base: Base, axes: Sequence[tuple[Parts, pl.Expr]], about: str) -> Question:
        caption = "Assessments with domestic abuse by all characteristics together, and the pathway of the episode"
        return self.ask(cases, base, [axis for axis, _ in axes], caption, about, columns=[made for _, made in axes])


def _known(base: Base, names: str, axes: Sequence[tuple[Parts, Mapping[str, tuple[str, ...]]]]) -> Base:
    """Those of a base who stand in one of the groups of each axis."""
    known = pl.lit(value=True)
    for axis, groups in axes:
        members = [member for group in groups.values() for member in group]
        known &= pl.col(axis.variable).cast(pl.String).is_in(members)
    return base.of(f"whose {names} is known", names, "known", known)


def _halved(axis: Parts, groups: Mapping[str, tuple[str, ...]]) -> tuple[Parts, pl.Expr]:
    return Parts(axis.variable, tuple(groups)), coarse(axis, groups)[1]
