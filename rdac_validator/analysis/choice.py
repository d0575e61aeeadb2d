"""What goes into a model, chosen by what is printed and nothing else: so the choice itself tells nothing.

An indicator is left out where the count of one of its codes is hidden, or where so few have it, or lack it, that its
share in a class would be about them. A level of a predictor for which a count is hidden or small joins the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdac_validator.disclosure import ALL, ProtectedTable
from rdac_validator.disclosure.tables import Cell

# a number of a model rests on no fewer (the default of acro for degrees of freedom)
RESTS_ON = 10
REST = "all others"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a regression is about: the pathways that count as yes and as no, and both in words."""

    name: str
    title: str
    yes: str
    no: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The pathways of which a count has to be shown: that of yes comes first."""
        return (self.yes, *self.no)


OUTCOMES = (
    Outcome("plan", "a child protection plan or registration", "cp_plan", ("no plan",)),
    Outcome("need", "a child in need without such a plan", "cin_only", ("not_cin", "cp_plan")),
)
# the pathways that are known, in the table that is printed and in the data
KNOWN = ("not_cin", "cin_only", "cp_plan")


def admitted(factors: ProtectedTable, indicators: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The indicators that may enter a model, with their codes that the return can hold.

    ``factors`` is the printed table of codes. An indicator is held by at least as many as its commonest code, and
    lacked by at least as many as the base less all its codes.
    """
    base, codes = factors[ALL,].value or 0, set(factors.by[0].categories)
    chosen = {}
    for label, of in indicators.items():
        held = tuple(code for code in of if code in codes)
        counts = [value for code in held if (value := factors[code,].value) is not None]
        if counts and len(counts) == len(held) and max(counts) >= RESTS_ON and base - sum(counts) >= RESTS_ON:
            chosen[label] = held
    return chosen


def levels(table: ProtectedTable, outcome: Outcome) -> tuple[str, ...]:
    """The levels of a predictor for a regression: the largest first, :data:`REST` last; none if it has to stay out.

    ``table`` is the printed table of the predictor by pathway.
    """
    whole = _printed(table, ALL, outcome)
    found = {level: _printed(table, level, outcome) for level in table.by[0].categories}
    solid = {level: counts for level, counts in found.items() if counts and min(counts) >= RESTS_ON}
    if not whole or not solid:
        return ()
    # a rest in which a pathway is missing would tell the outcome by itself
    while any(rest := _rest(whole, solid)) and min(rest) < 1 and len(solid) > 1:
        del solid[min(solid, key=lambda level: sum(solid[level]))]
    if any(rest) and min(rest) < 1:
        return ()
    ordered = sorted(solid, key=lambda level: -sum(solid[level]))
    chosen = (*ordered, REST) if any(rest) else tuple(ordered)
    return chosen if len(chosen) > 1 else ()


def cells(table: ProtectedTable, outcome: Outcome, *at: str) -> list[Cell]:
    """The counts that the effect of a level rests on: its own and those of all, with each pathway of the outcome."""
    return [table.cell(level, part) for level in (ALL, *at) for part in outcome.parts]


def _printed(table: ProtectedTable, level: str | None, outcome: Outcome) -> list[float]:
    """The printed counts of a level by pathway; nothing if one of them is hidden."""
    values = [table[level, part].value for part in outcome.parts]
    return [] if None in values else [value for value in values if value is not None]


def _rest(whole: Sequence[float], solid: Mapping[str, Sequence[float]]) -> list[float]:
    return [total - sum(counts[at] for counts in solid.values()) for at, total in enumerate(whole)]
