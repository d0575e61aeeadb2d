"""Tables that are pictures: cells shaded by a share, with the numbers in them, so that paper and ear lose nothing.

A grid is drawn as a table and not as SVG: a screen reader walks through it cell by cell, letters keep their size on a
telephone, and no second table has to repeat the first. Everything in it is a printed figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rdac_validator.disclosure import ALL, Figure
from rdac_validator.metrics.axes import ANSWERED, NOT_APPLICABLE, TEAM, UNKNOWN
from rdac_validator.metrics.harm import WHO
from rdac_validator.quality.charts import count as written
from rdac_validator.quality.layout import Layout, without

# more factors beside each other nobody takes in; the files have them all
MOST = 12
# the metric of completeness
FIELDS = "M01"


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, its share, by which it is shaded, and what that is of where the grid does not say it once for all."""

    count: Figure
    share: Figure | None = None
    of: Figure | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows by columns. A cell is absent where there can be none; ``corner`` says what the rows are."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


def is_field(layout: Layout) -> bool:
    """Whether a table says how complete one field is."""
    return layout.asked.metric == FIELDS and len(layout.table.by) == 1


def who_harms_whom(layout: Layout) -> Grid:
    """Records of who harms whom, with who causes it down and who experiences it across; shares are of all of them."""
    base, places = layout.base(), {pair: code for code, pair in WHO.items()}
    across = tuple(dict.fromkeys(experiencing for _, experiencing in WHO.values()))

    def cell(causing: str, experiencing: str) -> Cell | None:
        code = places.get((causing, experiencing))
        count = layout.table[(code,)] if code else None
        return Cell(count, count.out_of(base)) if count else None

    rows = ((one, tuple(cell(one, other) for other in across)) for one in dict.fromkeys(one for one, _ in WHO.values()))
    caption = f"{layout.asked.caption}, {layout.asked.period.name}. Percentages are of all {written(base)} records."
    return Grid(caption, "Who causes harm; across: who experiences it", across, tuple(rows))


def pairs(layout: Layout) -> Grid:
    """The :data:`MOST` factors that are printed most, by each other: of those with the one, how many have the other."""
    table = layout.table
    counts = {name: table[(name, ALL)] for name in table.by[0].categories}
    often = sorted(counts, key=lambda name: -(counts[name].value or 0))[:MOST]
    kept = [name for name in counts if name in often and counts[name].value]
    titles = {name: layout.labels.category(table.unit, table.by[0].variable, name) for name in kept}

    def cells(one: str) -> Iterator[Cell | None]:
        yield Cell(counts[one])
        for other in kept:
            both = table[(one, other)]
            yield None if one == other else Cell(both, both.out_of(counts[one]))

    some = f" The {len(kept)} most recorded of {len(counts)}; all pairs are in the files."
    return Grid(
        f"{layout.asked.caption}, {layout.asked.period.name}. Percentages are of the assessments with the factor of "
        f"the row.{some if len(kept) < len(counts) else ''}",
        "Factor",
        # a code that people know stands for its title, which is that of a row
        ("All", *(name if titles[name].startswith(f"{name}:") else titles[name] for name in kept)),
        tuple((titles[one], tuple(cells(one))) for one in kept),
    )


def completeness(layouts: Sequence[Layout], period: str) -> Grid | None:
    """A row for each field: of how many rows it holds an answer, needs none, is not known, and why not."""
    fields = [one for one in layouts if is_field(one) and one.asked.period.name == period]
    if not fields:
        return None
    first = (ANSWERED, NOT_APPLICABLE, UNKNOWN)
    reasons = chain.from_iterable(axis.categories for field in fields for axis in field.table.by)
    states = [state for state in dict.fromkeys((*first, *reasons)) if state in first or _any(fields, state)]
    rows = tuple((_field(one), (Cell(one.base()), *_shares(one, states))) for one in fields)
    return Grid(
        f"Rows by whether a field holds an answer, or why not, {period}. Percentages are of the rows; "
        "where a field is only asked of some of them, of those.",
        "Field",
        ("rows", *(fields[0].labels.category(fields[0].table.unit, "", state) for state in states)),
        rows,
    )


def _any(fields: Sequence[Layout], state: str) -> bool:
    """Whether any field prints something else than a nought there."""
    return any(one.table[(state,)].value != 0 for one in fields)


def _shares(field: Layout, states: Sequence[str]) -> Iterator[Cell]:
    base, less = field.base(), field.asked.headline.less if field.asked.headline else ()
    asked = without(base, field.table[less]) if less else None
    for state in states:
        count, of = field.table[(state,)], None if state == NOT_APPLICABLE else asked
        yield Cell(count, count.out_of(of or base), of)


def _field(layout: Layout) -> str:
    return layout.table.name.removeprefix(f"{FIELDS} ").partition(" (")[0].partition(" by ")[0]


def answered_by_group(layouts: Sequence[Layout], period: str) -> Grid | None:
    """A row for each field that was asked for by group of people: in how many of each group it holds an answer."""
    found = _answered(layouts, period, teams=False)
    groups = tuple(dict.fromkeys(chain.from_iterable(found.values())))
    rows = tuple((field, tuple(row.get(group) for group in groups)) for field, row in found.items())
    caption = (
        f"Rows of each group in which a field holds an answer, {period}. Percentages are of the rows of the group."
    )
    return Grid(caption, "Field", groups, rows) if rows else None


def answered_by_team(layouts: Sequence[Layout], period: str) -> Grid | None:
    """A row for each team: in how many of its rows each field holds an answer."""
    found = _answered(layouts, period, teams=True)
    teams = dict.fromkeys(chain.from_iterable(found.values()))
    rows = tuple((team, tuple(cells.get(team) for cells in found.values())) for team in teams)
    caption = (
        f"Rows of each team in which a field holds an answer, {period}. Percentages are of the rows of the team. Teams "
        "are numbered anew in each period, in the order of their pseudonyms in the return, which ranks none."
    )
    return Grid(caption, "Team", tuple(found), rows) if rows else None


def _answered(layouts: Sequence[Layout], period: str, *, teams: bool) -> Mapping[str, Mapping[str, Cell]]:
    """The cells of each field that was asked for by group, by group."""
    found: dict[str, dict[str, Cell]] = {}
    for layout in layouts:
        axes, here = layout.table.by, layout.asked.metric == FIELDS and layout.asked.period.name == period
        if here and len(axes) > 1 and teams == (axes[-1].variable == TEAM):
            found.setdefault(_field(layout), {}).update(_groups(layout))
    return found


def _groups(layout: Layout) -> Mapping[str, Cell]:
    """The cells of a field by the groups of one characteristic; a group of which there is nobody is left out."""
    axis = layout.table.by[-1]
    cells = {}
    for group in axis.categories:
        count, base = layout.table[(ANSWERED, group)], layout.table[(ALL, group)]
        if base.value != 0:
            name = group if axis.variable == TEAM else f"{axis.variable}: {group}"
            cells[name] = Cell(count, count.out_of(base), base)
    return cells
