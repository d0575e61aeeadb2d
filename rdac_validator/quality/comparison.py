"""An authority beside its region and England, by published statistics: shares of episodes with each factor.

What is published is taken as it stands. It is of all episodes of an area and no sample, and the authority is a part of
the area: with n of its N episodes the variance of the difference is pq(1/n - 1/N), less than the pq/n of its own share.
So the ends of the difference are those of the own share less the published one, and a little too far apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rdac_validator.disclosure import ALL, HIDDEN, Cell, Figure
from rdac_validator.metrics.demographics import ANY_FACTOR, EPISODE_FACTORS, FACTORS
from rdac_validator.quality.content import Content
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.intervals import of_share
from rdac_validator.quality.layout import Layout
from rdac_validator.quality.measuring import Period
from rdac_validator.quality.pictures import Points, Series
from rdac_validator.quality.plain import capital
from rdac_validator.quality.published import Area, BenchmarkError, Count, Factor, Published
from rdac_validator.rules.base import dva_codes

SECTION = "comparison"
UNIT = "episodes: one with a factor in any of its assessments counts once"
COLUMNS = ("Factor", "Episodes", "Per cent", "95% from", "95% to")
CHANCE = (
    "Of a hundred lines about five differ clearly by chance alone; more, since brothers and sisters are counted each."
)
READ = (
    "The difference is in percentage points, and clear where its 95% interval leaves out nought. It may be one of "
    "recording: compare the recording policy first."
)


def compare(content: Content, published: Published) -> Iterator[Derived]:
    """The newest period beside the region and England, and beside what was published of the authority itself.

    Raises :class:`~rdac_validator.quality.published.BenchmarkError` where the two cannot be held together.
    """
    period = content.quality.periods[-1]
    wanted, year = years(period, published)
    own = _Own(_table(content, period), period, published, year)
    areas = dict(own.areas())
    flags = dva_codes(content.standard)
    if areas:
        yield own.abuse(areas, [factor for factor in published.layout.factors if factor.code in flags])
    for where, area in areas.items():
        yield own.beside(where, area)
    if own.area and year == wanted:
        yield own.check(own.area)


def public(period: Period, published: Published) -> Mapping[Cell, int]:
    """The counts of episodes that the file holds of the authority itself in the year of a period, if it is a year."""
    if period.nation != published.layout.nation or not is_year(period):
        return {}
    area = published.authority(period_year(period), period.la_code)
    if not area:
        return {}
    any_factor = frozenset({ANY_FACTOR})
    counts = {any_factor: area.base}
    for factor in published.layout.factors:
        counts[any_factor | {(f"{FACTORS.variable}:{factor.code}", "yes")}] = area.counts[factor.column]
    return {Cell("episode", where): count for where, count in counts.items() if isinstance(count, int)}


def _table(content: Content, period: Period) -> Layout:
    for layout in content.layouts:
        if layout.asked.name == EPISODE_FACTORS and layout.asked.period == period:
            return layout
    raise BenchmarkError(
        "nothing can be held against the benchmark: the return holds no codes of factors (assessment.source_codes)"
    )


class _Own:
    """The authority's own figures of one period, and the year of the file that they are held against."""

    def __init__(self, layout: Layout, period: Period, published: Published, year: int) -> None:
        self.layout, self.period, self.published = layout, period, published
        self.base = layout.base()
        self.year = year
        self.area = published.authority(self.year, period.la_code)

    def areas(self) -> Iterator[tuple[str, Area]]:
        """The areas that the authority is held against, by name: its region, and the nation."""
        layout = self.published.layout
        if self.area and (region := self.published.region(self.year, self.area.region)):
            yield layout.regions.get(self.area.region, "the region"), region
        if nation := self.published.nation(self.year):
            yield layout.nation.capitalize(), nation

    def abuse(self, areas: Mapping[str, Area], flags: Sequence[Factor]) -> Derived:
        """What is asked first: the factors of domestic abuse beside every area, in sentences and drawn."""
        rows = {factor: [self._row(factor, area) for area in areas.values()] for factor in flags}
        sentences = (_sentence(factor, dict(zip(areas, found, strict=True))) for factor, found in rows.items())
        there = [Series(f"in {where}", f"In {where}") for where in areas]
        return Derived(
            name="abuse-beside",
            title=f"Domestic abuse here, in {' and in '.join(areas)}, year to 31 March {self.year}",
            section=SECTION,
            read=" ".join((*self._beforehand(), *sentences)),
            sources=(*self.published.layout.sources, "wilson-1927"),
            columns=(*COLUMNS, *(f"In {where}" for where in areas)),
            rows=tuple((*found[0][: len(COLUMNS)], *(row[len(COLUMNS)] for row in found)) for found in rows.values()),
            notes=self._notes() | {"Chance": CHANCE},
            picture=Points("per cent", (Series("here, with 95% interval", *COLUMNS[2:]), *there)),
        )

    def beside(self, where: str, area: Area) -> Derived:
        """The share of every factor beside that of an area."""
        return Derived(
            name="beside-nation" if where == self.published.layout.nation.capitalize() else "beside-region",
            title=f"All factors here and in {where}, year to 31 March {self.year}",
            section=SECTION,
            read=" ".join((*self._beforehand(), READ)),
            sources=(*self.published.layout.sources, "wilson-1927"),
            columns=(*COLUMNS, f"In {where}", "Difference", "From", "To", "In words"),
            rows=tuple(self._row(factor, area) for factor in self._factors()),
            notes=self._notes() | {"Chance": CHANCE},
        )

    def check(self, area: Area) -> Derived:
        """The counts beside those that were published of the authority itself."""
        counts = {factor.label: (self._count(factor), area.counts[factor.column]) for factor in self._factors()}
        everybody = {"Episodes with a factor": (self.base, area.base)}
        return Derived(
            name="published-of-you",
            title=f"What is published of this authority, year to 31 March {self.year}",
            section=SECTION,
            read="Where the two differ, other episodes were counted: look at what was sent, and at what was corrected "
            "since. A published number stands here only where the own one may be shown.",
            sources=self.published.layout.sources,
            columns=("Factor", "Counted here", "Published", "Difference", "In words"),
            rows=tuple((name, *self._checked(*both)) for name, both in (everybody | counts).items()),
            notes=self._notes(),
        )

    def _factors(self) -> tuple[Factor, ...]:
        return self.published.layout.factors

    def _count(self, factor: Factor) -> Figure:
        return self.layout.table[factor.code, ALL]

    def _row(self, factor: Factor, area: Area) -> tuple[Entry, ...]:
        count, there = self._count(factor), area.counts[factor.column]
        share = count.out_of(self.base)
        ends = of_share(count, self.base)
        if isinstance(there, str) or isinstance(area.base, str):
            mark = there if isinstance(there, str) else str(area.base)
            said = f"not compared: {self.published.layout.said(mark)}"
            return (factor.label, count, share, *ends, mark, mark, mark, mark, said)
        beside = _share(there, area.base)
        differences = [Figure.of(lambda one, other: one - other, one, beside) for one in (share, *ends)]
        return (factor.label, count, share, *ends, beside, *differences, _word(differences[1], differences[2]))

    def _checked(self, own: Figure, there: Count) -> tuple[Entry, ...]:
        if isinstance(there, str):
            careful = ": look before you share this count" if there == HIDDEN and not own.mark else ""
            return own, there, there, f"{self.published.layout.said(there)}{careful}"
        beside = Figure.of(lambda _: there, own, digits=0)
        difference = Figure.of(lambda one, other: one - other, own, beside, digits=0)
        return own, beside, difference, _compared(difference, ("fewer here", "the same", "more here"))

    def _beforehand(self) -> Iterator[str]:
        """What has to be said before anything is compared."""
        wanted = period_year(self.period)
        if self.year != wanted:
            yield (
                f"The file holds no year to 31 March {wanted}: the year to 31 March {self.year}, the nearest "
                "earlier one, stands here instead, and what differs may be time."
            )
        if not self.area:
            yield "The file has no line of this authority for that year, so that no region stands here."

    def _notes(self) -> dict[str, str]:
        layout = self.published.layout
        left_out = [f"“{column}”: {why}".replace("_", " ") for column, why in layout.without_code.items()]
        if self.published.unknown:
            left_out.append(f"{self.published.unknown} columns of the file that are not known")
        base = "hidden" if self.base.value is None else f"{self.base.value:,.0f}"
        marks = "; ".join(f"{mark}: {said}" for mark, said in layout.marks.items())
        return {
            "Unit": UNIT,
            "Base": f"{self.layout.asked.base}: {base}",
            "Period": f"{self.period.name}; the file: year to 31 March {self.year}",
            "Exclusions": "episodes without a factor, or with 21 (no factors identified) alone, which is how we read "
            f"“{layout.base.replace('_', ' ')}”; {'; '.join(left_out)}",
            "Published": f"{layout.title}; numbers of regions and of the nation are rounded to {layout.rounding}",
            "Marks": "in the columns of an area, in what is published, and in a line that says why it is not compared, "
            f"marks are DfE's ({marks}); any other c is this report's own: hidden here, to protect others",
        }


def _share(part: int, whole: int) -> Figure:
    """A published share: it rests on nothing of the authority's."""
    return Figure.of(lambda: 100 * part / whole if whole else None)


def _word(lower: Figure, upper: Figure) -> str:
    """In words whether a difference with these ends is clear: only from what is printed."""
    if lower.value is None or upper.value is None:
        return "too few to say, or hidden to protect others" if HIDDEN in {lower.mark, upper.mark} else "nobody here"
    return "higher" if lower.value > 0 else "lower" if upper.value < 0 else "no clear difference"


def _compared(difference: Figure, words: tuple[str, str, str]) -> str:
    if difference.value is None:
        return "hidden here"
    return words[(difference.value > 0) - (difference.value < 0) + 1]


def _sentence(factor: Factor, rows: Mapping[str, tuple[Entry, ...]]) -> str:
    """A factor here and in each area, by the row that holds it beside the area."""
    name = capital(factor.title)
    _, _, share, lower, upper, *_ = next(iter(rows.values()))
    if isinstance(share, str) or share.value is None:
        return f"{name}: too few to say, or hidden to protect others."
    there = "; ".join(_there(where, row[len(COLUMNS)], row[-1]) for where, row in rows.items())
    return f"{name}: {share}% of episodes here (95% interval {lower}% to {upper}%); {there}."


def _there(where: str, share: Entry, words: Entry) -> str:
    return f"in {where} {words}" if isinstance(share, str) else f"{share}% in {where}: {words}"


def years(period: Period, published: Published) -> tuple[int, int]:
    """The reporting year that the return is of, and that of the file: the same, or the nearest earlier one.

    Raises :class:`~rdac_validator.quality.published.BenchmarkError` where there is none.
    """
    nation = published.layout.nation
    if period.nation != nation:
        raise BenchmarkError(
            f"the benchmark is of {nation.capitalize()}, and the return is not: leave --benchmark out, since other "
            "nations record other factors about other children"
        )
    wanted = period_year(period)
    earlier = [year for year in published.years if year <= wanted]
    if not earlier:
        raise BenchmarkError(
            f"the benchmark begins with the year to 31 March {published.years[0]}, and the return is of the year to 31 "
            f"March {wanted}: give a file that holds it, or an earlier one"
        )
    return wanted, earlier[-1]


def period_year(period: Period) -> int:
    """The year in which a reporting year ends, 31 March; raises ``BenchmarkError`` for a period that is none."""
    if not is_year(period):
        raise BenchmarkError(
            f"the benchmark is of years from 1 April to 31 March, and the return is of {period.name}: give returns of "
            "one such year each, or leave --benchmark out"
        )
    return date.fromisoformat(period.end).year


def is_year(period: Period) -> bool:
    """Whether a period is a reporting year, from 1 April to 31 March."""
    start, end = date.fromisoformat(period.start), date.fromisoformat(period.end)
    return (start.month, start.day, end.month, end.day, end.year - start.year) == (4, 1, 3, 31, 1)
