"""What units are counted by: each variable has one name and one meaning in every table of its unit.

The same variable may be parted finely in one table and coarsely in another. Parts of the same name are the same units,
and what is not known is a part like any other: so disclosure control sees how the tables of a run hang together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from rdac_validator.crosswalks.answers import saying_nothing
from rdac_validator.crosswalks.reading import NOT_COLLECTED
from rdac_validator.disclosure import Parts, Several
from rdac_validator.standard import Column, Standard
from rdac_validator.tables import missing

UNKNOWN = "not known"
NOT_APPLICABLE = "not applicable"
ANSWERED = "answered"
NO_ANSWER = "no answer"
BLANK = "blank"
YES_NO = ("yes", "no")
GROUPS = ("white", "black", "asian", "mixed", "other")
# the study's word for all but the first
MINORITISED = {"minoritised": GROUPS[1:]}


@dataclass(frozen=True, slots=True)
class Bands:
    """Whole numbers in bands: from each lower bound up to the next; ``below`` names what is less than the first.

    A mean or a median is never published: bands are counts, and disclosure control covers them.
    """

    variable: str
    bands: Mapping[str, int]
    others: tuple[str, ...] = (UNKNOWN,)

    @property
    def axis(self) -> Parts:
        """The bands, then the parts that are no number."""
        return Parts(self.variable, (*self.bands, *self.others))

    def of(self, number: pl.Expr) -> pl.Expr:
        """The band of a number; null below the lowest and where it is null."""
        found = pl.lit(None, dtype=pl.String)
        for name, least in self.bands.items():
            found = pl.when(number >= least).then(pl.lit(name)).otherwise(found)
        return found.alias(self.variable)


AGES = Bands(
    "age",
    {"before birth": -12, "under 5": 0, "5 to 9": 60, "10 to 15": 120, "16 to 17": 192, "18 and over": 216},
)
AGE = AGES.axis
UNDER_10, OVER_10 = tuple(AGES.bands)[:3], tuple(AGES.bands)[3:]
AGE_HALVES = {"under 10": UNDER_10, "10 and over": OVER_10}
SEX = Parts("sex", ("female", "male", NOT_APPLICABLE, UNKNOWN))
ETHNICITY = Parts("ethnic group", (*GROUPS, UNKNOWN))
DVA = Parts("domestic abuse", YES_NO)
HOW = ("by a code alone", "by a record alone", "by a code and a record")
DVA_HOW = Parts(DVA.variable, (*HOW, "no"), groups={"yes": HOW})
TENTHS = tuple(map(str, range(1, 11)))
FIFTHS = {
    name: TENTHS[2 * at : 2 * at + 2]
    for at, name in enumerate(
        ("most deprived fifth", "second fifth", "middle fifth", "fourth fifth", "least deprived fifth")
    )
}
# tenths of different indexes are different things, and one whose index is not said could be of any
OTHER_INDEX = "of another index or none"
NO_TENTH = (NOT_APPLICABLE, OTHER_INDEX, UNKNOWN)
DECILE = Parts("deprivation_decile", (*TENTHS, *NO_TENTH), FIFTHS)
# where the study parts the more deprived from the less, in its English site and in its Scottish one: at whole fifths
CUTS = {
    "scotland": {"most deprived 20%": TENTHS[:2], "least deprived 80%": TENTHS[2:]},
    "england": {"most deprived 60%": TENTHS[:6], "least deprived 40%": TENTHS[6:]},
}
PLAN = {"no plan": ("not_cin", "cin_only")}
# a team goes by a number: its pseudonym is in the return, and a report repeats no cell
TEAM, MOST_TEAMS, OTHER_TEAMS = "team", 30, "other teams"
CAUSES = Parts("causes harm", YES_NO)
EXPERIENCES = Parts("experiences harm", YES_NO)
SPEAKER = Parts("speaker", ("child", "adult", UNKNOWN))


def yes_no(variable: str, condition: pl.Expr) -> pl.Expr:
    """A column of yes and no; what is null counts as no."""
    return pl.when(condition.fill_null(value=False)).then(pl.lit("yes")).otherwise(pl.lit("no")).alias(variable)


def codes(table: str, column: str, standard: Standard) -> tuple[str, ...]:
    """The codes of a coded column."""
    return standard.codes(standard.table(table).column(column))


def answers(table: str, column: str, standard: Standard, groups: Mapping[str, tuple[str, ...]] | None = None) -> Parts:
    """The axis of a coded column with one answer: its codes, "not applicable" and "not known"."""
    return Parts(column, (*codes(table, column, standard), NOT_APPLICABLE, UNKNOWN), groups or {})


def choices(table: str, column: str, standard: Standard) -> Several:
    """The axis of a coded column with any number of answers, over a base of those who have one."""
    return Several(column, codes(table, column, standard), answered=True)


def coarse(axis: Parts, groups: Mapping[str, tuple[str, ...]]) -> tuple[Parts, pl.Expr]:
    """An axis with only the groups in place of their parts, and the column that it then counts by."""
    names = {part: group for group, parts in groups.items() for part in parts}
    rest = tuple(part for part in axis.categories if part not in names)
    return Parts(axis.variable, (*groups, *rest)), pl.col(axis.variable).cast(pl.String).replace(names)


def cut(nation: str) -> dict[str, tuple[str, ...]]:
    """The study's two parts of the tenths, the more deprived first: as in its Scottish or else its English site."""
    return CUTS.get(nation, CUTS["england"])


def fifths(nation: str) -> tuple[Parts, pl.Expr]:
    """The axis of fifths with the study's two parts as groups, and the column that it counts by."""
    axis, column = coarse(DECILE, FIFTHS)
    parts = {
        name: tuple(fifth for fifth, pair in FIFTHS.items() if pair[0] in part) for name, part in cut(nation).items()
    }
    return Parts(axis.variable, axis.categories, parts), column


def recorded(column: str) -> Parts:
    """The axis of a coded column by whether there is an answer, whatever it says."""
    return Parts(column, (ANSWERED, NOT_APPLICABLE, UNKNOWN))


def states(column: str, standard: Standard) -> Parts:
    """The axis of a coded column by whether there is an answer, and if not for which reason.

    ``blank`` is a cell that is blank or not valid, or that of a row that is not there.
    """
    reasons = tuple(reason for reason in standard.missing_reasons if reason != "not_applicable")
    return Parts(column, (ANSWERED, NOT_APPLICABLE, *reasons, BLANK), {UNKNOWN: (*reasons, BLANK)})


def state(column: Column, standard: Standard) -> pl.Expr:
    """The part of :func:`states` of a cell in a typed frame.

    Values that the schema keeps for crosswalks say that a row is there and no more: the source collects no answer.
    """
    cell, nothing = pl.col(column.name), saying_nothing(standard, column)
    reason = pl.col(missing(column.name)).cast(pl.Categorical).replace("not_applicable", NOT_APPLICABLE)
    if nothing and column.multiple:
        silent = cell.list.eval(pl.element().cast(pl.String).is_in(nothing)).list.all()
        reason = pl.when(silent).then(pl.lit(NOT_COLLECTED, dtype=pl.Categorical)).otherwise(reason)
        cell = pl.when(~silent).then(cell)
    answered = pl.when(cell.is_not_null()).then(pl.lit(ANSWERED, dtype=pl.Categorical))
    return pl.coalesce(answered, reason, pl.lit(BLANK, dtype=pl.Categorical)).alias(column.name)


def whether(column: Column) -> pl.Expr:
    """The part of :func:`recorded` of a coded column in the frame of a unit: the reasons together, as null."""
    cell, reason = pl.col(column.name), missing(column.name)
    not_applicable = cell == NOT_APPLICABLE if one_answer(column) else pl.col(reason) == "not_applicable"
    said = pl.when(not_applicable).then(pl.lit(NOT_APPLICABLE)).when(cell.is_not_null()).then(pl.lit(ANSWERED))
    return said.alias(column.name)


def one_answer(column: Column) -> bool:
    """Whether a column holds one code or a missing reason."""
    return column.coded and column.type == "code" and not column.multiple
