"""What the DfE's rules on the CIN census have in common: the census year, the rows above and below a row, code lists.

The messages and the meaning of the rules are the DfE's, read second hand in the public validator of Data to Insight.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Row, Rule
from rdac_validator.standard import CodeList
from rdac_validator.tables import ROW, Tables

KEYS = {"cin_child": "child_no", "cin_episode": "episode_no", "cin_assessment": "assessment_no", "cin_cpp": "cpp_no"}
START, END, YEAR = "census_start", "census_end", "census_year"
OPEN_END = "9998-99"  # a census year that is never over
NEVER = date(9999, 12, 31)  # when what is still open ends, so that it can be compared


class CinRule(Rule, abstract=True):
    """A DfE rule: what it judges is one row of a flat census table, perhaps with what stands above it.

    Severity, source and requirement follow from the code: a code that ends in Q is a query. ``parents`` names columns
    of the child, episode, assessment or plan that a row belongs to; ``others`` names further tables that it looks at.
    ``first_year`` is the first census year in which the rule is in force: before it, and where the file does not say
    its year, the rule has nothing to judge.

    Subclasses give :meth:`valid`, and :meth:`applies` and :meth:`rows` where they need them. Codes in the rows are
    text as it was written; ``census_start``, ``census_end`` and ``census_year`` (the year of its end) stand beside.
    """

    parents: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    others: ClassVar[tuple[str, ...]] = ()
    first_year: ClassVar[str] = "2017-18"

    def __init_subclass__(cls, abstract: bool = False) -> None:
        if not abstract:
            said = vars(cls)
            cls.severity = said.get("severity", Severity.QUERY if cls.code.endswith("Q") else Severity.ERROR)
            cls.sources = said.get("sources", (f"dfe-cin-rules:{cls.code}",))
            cls.requirements = said.get("requirements", ("DfE",))
            cls.needs = {"cin_header": ("ReferenceDate", "Year"), **dict.fromkeys(cls.others, ()), **cls.parents}
        super().__init_subclass__(abstract=abstract)

    def rows(self, tables: Tables) -> Frame:
        """Rows of the rule's table, with whatever it wants to know of other rows beside them."""
        return tables.as_written(self.table)

    def applies(self) -> nw.Expr:
        """Which rows the rule judges. Null is no."""
        return ~nw.col(YEAR).is_null()

    @abstractmethod
    def valid(self) -> nw.Expr:
        """True where the row is right, False where it is wrong, null where nothing can be said."""

    def cases(self, tables: Tables) -> Frame:
        """The judged rows with their verdicts."""
        rows = self.rows(tables)
        for parent, columns in self.parents.items():
            above = tables.as_written(parent).select(KEYS[parent], *columns)
            rows = rows.join(above, on=KEYS[parent], how="left")
        in_force = nw.col(YEAR) >= ending(self.first_year)
        judged = rows.join(census(tables), how="cross").filter(in_force, self.applies())
        return judged.select(ROW, self.valid().alias(VALID))


class CodeRule(CinRule, abstract=True):
    """A rule that a code is in the list of the census year.

    ``code_list`` names the list, the last of ``columns`` holds the code; ``may_be_blank`` lets a blank pass;
    ``legacy`` accepts codes that the list has given up but a reader still takes.
    """

    code_list: ClassVar[str]
    may_be_blank: ClassVar[bool] = False
    legacy: ClassVar[bool] = False

    def rows(self, tables: Tables) -> Frame:
        """Rows of the table, and in ``listed`` whether the code is in the list of the year."""
        column = self.columns[-1]
        listed = in_list(tables.standard.lists[self.code_list], column, legacy=self.legacy)
        rows = tables.as_written(self.table).join(census(tables), how="cross")
        return rows.with_columns(listed.alias("listed")).drop(START, END, YEAR)

    def applies(self) -> nw.Expr:
        """Rows with a code, unless a blank is wrong too."""
        given = ~nw.col(self.columns[-1]).is_null()
        return given if self.may_be_blank else given | nw.col(self.columns[-1]).is_null()

    def valid(self) -> nw.Expr:
        """The code is in the list."""
        return nw.col("listed")


def census(tables: Tables) -> Frame:
    """One row: first and last day of the census year, and the year in which it ends.

    The reference date is believed if it is a 31 March, else the header's year, else the reference date's year.
    """
    day = nw.col("ReferenceDate")
    ended = day.dt.year().cast(nw.Int64)
    dated = nw.when((day.dt.month() == 3) & (day.dt.day() == 31)).then(ended)
    year = nw.coalesce(_believable(dated), _believable(nw.col("Year")), _believable(ended)).alias(YEAR)
    header = tables.as_written("cin_header").head(1).select(year)
    return header.select(_day(YEAR, -1, "-04-01").alias(START), _day(YEAR, 0, "-03-31").alias(END), YEAR)


def _believable(year: nw.Expr) -> nw.Expr:
    return nw.when((year > 1900) & (year < 2100)).then(year)


def _day(year: str, later: int, rest: str) -> nw.Expr:
    written_year = (nw.col(year) + later).cast(nw.String)
    return nw.concat_str([written_year, nw.lit(rest)]).str.to_date(format="%Y-%m-%d")


def ending(census_year: str) -> int:
    """Give the year in which a census year ends: 2025 for ``2024-25``."""
    return int(census_year[:4]) + 1


def in_list(codes: CodeList, column: str, legacy: bool = False) -> nw.Expr:
    """Whether a code stands in the list of the census year; a blank does not.

    With ``legacy``, codes that were split or replaced and are still accepted count as listed after their last year.
    """
    listed = nw.lit(False)
    for (first, last), members in sorted(_by_years(codes, legacy).items()):
        in_year = (nw.col(YEAR) >= first) & (nw.col(YEAR) <= last)
        listed = listed | (nw.col(column).is_in(members).fill_null(value=False) & in_year)
    return listed


def _by_years(codes: CodeList, legacy: bool) -> Mapping[tuple[int, int], list[str]]:
    found: dict[tuple[int, int], list[str]] = {}
    for item in codes.values:
        last = OPEN_END if legacy and "legacy_from" in item.notes else item.notes.get("last_year", OPEN_END)
        years = (ending(item.notes["first_year"]), ending(last))
        found.setdefault(years, []).append(item.code)
    return found


def in_census(column: str) -> nw.Expr:
    """Whether a date lies in the census year; null for a blank."""
    return (nw.col(column) >= nw.col(START)) & (nw.col(column) <= nw.col(END))


def last_weekday(day: nw.Expr) -> nw.Expr:
    """Give a day itself, or the Friday before it where it falls on a weekend."""
    weekday = day.dt.weekday()
    return (
        nw.when(weekday == 7)
        .then(day.dt.offset_by("-2d"))
        .when(weekday == 6)
        .then(day.dt.offset_by("-1d"))
        .otherwise(day)
    )


def present(column: str) -> nw.Expr:
    """Whether a cell holds something that could be read."""
    return ~nw.col(column).is_null()


def tally(rows: Frame, tables: Tables, name: str, by: str, **numbers: nw.Expr) -> Frame:
    """Add what is known of the rows of another table with the same key: aggregates, null where it has no such row."""
    below = tables.as_written(name).group_by(by).agg(**numbers)
    return rows.join(below, on=by, how="left")


def count(column: str) -> nw.Expr:
    """Read a tally that counts: 0 where there was nothing to count."""
    return nw.col(column).fill_null(0)


def clashing(rows: Frame, tables: Tables, at: str, other: tuple[str, str, str], by: str) -> Frame:
    """Add ``clash``, true where the date ``at`` falls in a period of another table, its first day included.

    ``other`` is the other table, its start and its end column; a period without an end is still open, and one that
    ends on the day does not clash. ``by`` is what both tables share.
    """
    name, start, end = other
    periods = tables.as_written(name).select(by, nw.col(start).alias("_from"), ending_or_open(end).alias("_to"))
    inside = (nw.col(at) >= nw.col("_from")) & (nw.col(at) < nw.col("_to"))
    pairs = rows.select(by, at).unique().join(periods, on=by, how="inner").filter(inside)
    return rows.join(pairs.select(by, at, nw.lit(True).alias("clash")).unique(), on=[by, at], how="left")


def ending_or_open(column: str) -> nw.Expr:
    """Give the end of a period, or a day that never comes while it is open."""
    return nw.col(column).fill_null(nw.lit(NEVER))


def nth_open(rows: Frame, is_open: nw.Expr, by: str, order: str) -> Frame:
    """Add ``nth``: 1 for the first open row of a group in the order of a column, 2 for the next, 0 for a closed one."""
    flagged = rows.with_columns(is_open.cast(nw.Int64).alias("_open"))
    counted = nw.col("_open").cum_sum().over(by, order_by=[order, ROW])
    return flagged.with_columns((counted * nw.col("_open")).alias("nth"))


def ended_before(rows: Frame, start: str, end: str, by: str) -> Frame:
    """Add ``taken_until``: the latest end of the periods of the same group that started before; null for the first."""
    order = [start, ROW]
    dated = rows.filter(present(start)).with_columns(ending_or_open(end).alias("_until"))
    latest = dated.with_columns(nw.col("_until").cum_max().over(by, order_by=order).alias("_latest"))
    return latest.with_columns(nw.col("_latest").shift(1).over(by, order_by=order).alias("taken_until"))


_ORDINALS = {
    "cin_child": ("child_no",),
    "cin_disability": ("child_no",),
    "cin_episode": ("child_no", "episode_no"),
    "cin_assessment": ("child_no", "episode_no", "assessment_no"),
    "cin_factor": ("child_no", "episode_no", "assessment_no"),
    "cin_plan": ("child_no", "episode_no"),
    "cin_section47": ("child_no", "episode_no"),
    "cin_cpp": ("child_no", "episode_no", "cpp_no"),
    "cin_review": ("child_no", "episode_no", "cpp_no"),
}


def still_to_come(by: str, code: str) -> nw.Expr:
    """Count as ``left`` how often a code follows within its group, itself included."""
    return nw.col(code).cum_count(reverse=True).over(by, code, order_by=ROW).alias("left")


def census_file(year: int = 2025, **tables: Sequence[Row]) -> Case:
    """Make the tables of a small census file for a rule's examples; ordinals that a row leaves out are 1."""
    header: Row = {"Year": str(year), "ReferenceDate": f"{year}-03-31"}
    whole = {name: [dict.fromkeys(_ORDINALS[name], "1") | dict(row) for row in rows] for name, rows in tables.items()}
    return {"cin_header": [header], **whole}
