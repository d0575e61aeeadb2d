"""How well the return is recorded: completeness, variation, linkage, what is withheld for safety, and the burden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from rdac_validator.crosswalks.answers import asked
from rdac_validator.disclosure import Parts
from rdac_validator.metrics.axes import (
    DVA,
    ETHNICITY,
    NOT_APPLICABLE,
    SEX,
    UNKNOWN,
    Bands,
    answers,
    recorded,
    states,
    whether,
)
from rdac_validator.metrics.base import UNITS, Base, Headline, Metric, Question
from rdac_validator.metrics.bases import ASSESSMENTS, VOICES
from rdac_validator.metrics.cases import TABLE_OF, Cases
from rdac_validator.standard import Column

PLACE = "family_circumstances"
BY_PERSON = ("adult", "experience", "voice", "assessment")
SELECTIONS = Bands("selections", {"none": 0, "1 to 9": 1, "10 to 19": 10, "20 to 39": 20, "40 or more": 40}, ())
NOT_KNOWN = ("withheld_for_safety", "not known for another reason")
WITHHELD = Parts("deprivation_decile", (*NOT_KNOWN, "known or not applicable"), {UNKNOWN: NOT_KNOWN})
LINKED = Parts("linked", ("to a child", "to an episode alone", "to nothing", UNKNOWN))


class Completeness(Metric):
    """How often each field holds an answer, and where it does not, for which of the eight reasons.

    Why: missing is eight different things: not asked is a gap, not safe to ask is good practice, and blank is a fault.
    Read: answered means a value of the list. Of a field that is only asked where another has a certain value, shares
    are of the rows that it is asked of. Whether the starter answers are missing more often for some is shown by sex,
    ethnic group and team. Teams are numbered anew in each period, in the order of their pseudonyms, which ranks none: a
    team that answers less often may have the harder cases or the older form. A return is of one authority: there are no
    sites.
    """

    code = "M01"
    tier = "T0"
    sources = ("rdac-2026:1.3.1", "rdac-2026:5.1", "what-helps-2021:Method")
    needs = {"assessment": ("assessment_id",)}
    adds = {"assessment": ("team_id",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """A small table for each field, then the starter answers and factors by group."""
        for unit, table, column in _fields(cases):
            name = f"{table}.{column.name}"
            # some questions are asked of some rows alone, and only there can an answer be missing
            less = (NOT_APPLICABLE,) if "conditional" in column.notes else ()
            words = Headline((UNKNOWN,), f"have no answer to “{column.title}”", less=less)
            caption = f"{UNITS[unit].capitalize()} by whether there is an answer to {name}, or why not"
            cells = cases.states(table).select(column.name)
            axis = states(column.name, cases.standard)
            yield Question(
                f"{self.code} {name}", caption, unit, cells, (axis,), f"every row of {table}", headline=words
            )
        for unit, table, column in _fields(cases):
            key = (table, column.name) in {("assessment", "source_codes"), ("person", "ethnicity_code")}
            if (key or (column.tier == "starter" and unit in BY_PERSON)) and cases.answered(table, column.name):
                yield from self._by_group(cases, unit, table, column)

    def _by_group(self, cases: Cases, unit: str, table: str, column: Column) -> Iterator[Question]:
        base, what = Base(unit, f"every row of {table}"), f"{table}.{column.name}"
        teams = (cases.by_team,) if cases.by_team else ()
        for axis in (SEX,) if unit == "person" else (SEX, ETHNICITY, *teams):
            caption = f"{UNITS[unit].capitalize()} by whether there is an answer to {what}, and {axis.variable}"
            about = f"{what} by {axis.variable}"
            yield self.ask(cases, base, [recorded(column.name), axis], caption, about, columns=[whether(column)])


def _fields(cases: Cases) -> Iterator[tuple[str, str, Column]]:
    """Every answer that the standard asks for and the return has a column for: unit, table, column."""
    units = {table: unit for unit, table in TABLE_OF.items()} | {PLACE: "assessment"}
    for table, column in asked(cases.standard):
        if cases.holds(table.name, column.name) and table.name in units:
            yield units[table.name], table.name, column


class Linkage(Metric):
    """How many assessments lead to a child about whom the return says something.

    Why: what cannot be linked falls out of every table by child; the study lost files that way and saw it late.
    Read: anything but all of them asks for a look at the export. In a census every assessment stands inside its child,
    so that what was lost before is not known. Whether the case system changed stands with the period.
    """

    code = "M35"
    tier = "T0"
    sources = ("rdac-2026:4.7", "rdac-2026:app-1", "rdac-2026:4.4.1")
    needs = {"assessment": ("episode_id",), "episode": ("child_id",), "person": ("person_id",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """One table: how far the links lead."""
        child, episode, nothing, unknown = (pl.lit(name) for name in LINKED.categories)
        linked = pl.when(pl.lit(cases.of_a_census)).then(unknown).when(pl.col("_known")).then(child)
        linked = linked.when(pl.col("child_id").is_not_null()).then(episode)
        known = cases.people("child_id").select("child_id", _known=pl.lit(value=True))
        frame = ASSESSMENTS.frame(cases).join(known, on="child_id", how="left")
        yield Question(
            self.code,
            "Assessments by whether they lead to a child",
            "assessment",
            frame.with_columns(linked.otherwise(nothing).alias("linked")),
            (LINKED,),
            ASSESSMENTS.words,
            headline=Headline(("to a child",), "can be linked to a child"),
        )


class Variation(Metric):
    """Whether domestic abuse is recorded more or less often as the period goes on, by team, and by agency.

    Why: what is ticked varies with the worker and the form; a jump between quarters is more often recording than life.
    Read: teams work with different families, and are numbered anew in each period, in the order of their pseudonyms,
    which ranks none: ask them before you judge. Agencies define abuse differently.
    """

    code = "M37"
    tier = "T0"
    sources = ("rdac-2026:6.2", "powell-2024:C.2")
    needs = {"assessment": ("assessment_date", "source_codes"), "dataset": ("period_start", "period_end")}
    adds = {"assessment": ("recorded_by_agency", "team_id")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments by quarter of the calendar, by team, and by agency."""
        quarters = list(_quarters(cases))
        day = pl.col("assessment_date")
        named = pl.concat_str(day.dt.year().cast(pl.String), pl.lit(" quarter "), day.dt.quarter().cast(pl.String))
        within = pl.when(named.is_in(quarters) | named.is_null()).then(named).otherwise(pl.lit("another time"))
        axis = Parts("quarter", (*quarters, "another time", UNKNOWN))
        caption = "Assessments by quarter of the calendar year and whether domestic abuse is flagged"
        columns, words = [within.alias("quarter")], Headline((None, "yes"), "flag domestic abuse")
        yield self.ask(cases, ASSESSMENTS, [axis, DVA], caption, "quarter", words, columns)
        if cases.by_team:
            caption = "Assessments by team and whether domestic abuse is flagged"
            yield self.ask(cases, ASSESSMENTS, [cases.by_team, DVA], caption, "team")
        if cases.answered("assessment", "recorded_by_agency"):
            agency = answers("assessment", "recorded_by_agency", cases.standard)
            caption = "Assessments by the agency that recorded them and whether domestic abuse is flagged"
            yield self.ask(cases, ASSESSMENTS, [agency, DVA], caption, "agency")


def _quarters(cases: Cases) -> Iterator[str]:
    """The quarters that the period touches, in order; at most ten years of them."""
    said = cases.frame("dataset").select(pl.col("period_start").min(), pl.col("period_end").max()).collect()
    start, end = said.row(0)
    if isinstance(start, date) and isinstance(end, date):
        first, last = (day.year * 4 + (day.month - 1) // 3 for day in (start, end))
        for number in range(first, min(last, first + 39) + 1):
            yield f"{number // 4} quarter {number % 4 + 1}"


class WithheldForSafety(Metric):
    """What was kept back for someone's safety: places, addresses, and whom an account may be shared with.

    Why: an address that leaks can cost a life, and what is withheld must not look like what was never asked.
    Read: withheld is good practice. That no identifier stands in a return is checked by rdac validate (rules RDAC9..).
    """

    code = "M38"
    tier = "T0"
    sources = ("what-helps-2021:Suitability", "rdac-2026:4.5")
    needs = {"family_circumstances": ("deprivation_decile",)}
    adds = {"family_circumstances": ("address_safety",), "family_voice": ("safe_to_share_with",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments by withheld place and by safety of the address; accounts by whom they may be shared with."""
        held = pl.col("deprivation_decile.missing") == "withheld_for_safety"
        withheld, otherwise, rest = (pl.lit(name) for name in WITHHELD.categories)
        # a tenth that M21 counts as not known is withheld or not known otherwise: two tables, one sum
        unknown = pl.col("deprivation_decile").is_null()
        place = pl.when(held).then(withheld).when(unknown).then(otherwise).otherwise(rest)
        caption = "Assessments by whether the place was withheld for safety, and whether domestic abuse is flagged"
        columns = [place.alias("deprivation_decile")]
        yield self.ask(cases, ASSESSMENTS, [WITHHELD, DVA], caption, "place", columns=columns)
        if cases.answered(PLACE, "address_safety"):
            safety = answers(PLACE, "address_safety", cases.standard)
            words = Headline(("confidential", None), "are of a family whose address is confidential")
            caption = "Assessments by safety of the address, and whether domestic abuse is flagged"
            yield self.ask(cases, ASSESSMENTS, [safety, DVA], caption, "address", words)
        if cases.answered("family_voice", "safe_to_share_with"):
            shared = answers("family_voice", "safe_to_share_with", cases.standard)
            yield self.ask(cases, VOICES, [shared], "Accounts by whom they may be shared with", "sharing")


class Burden(Metric):
    """How many selections an assessment asks of those who record it, over all tables that belong to it.

    Why: every field is paid for in time with families; systems that cannot bend and long lists wear people out.
    Read: each code or date is one selection, a missing reason is none; what a system works out is left out.
    """

    code = "M40"
    tier = "T0"
    sources = ("rdac-2026:6.2", "powell-2023-slides:text")
    needs = {"assessment": ("assessment_id",)}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Assessments by the number of selections, and whether domestic abuse is flagged."""
        counts = pl.concat([self._of(cases, table) for table in self._tables(cases)])
        total = once_each(counts)
        frame = ASSESSMENTS.frame(cases).join(total, on="assessment_id", how="left")
        number = SELECTIONS.of(pl.col("_n").fill_null(0))
        axes = (SELECTIONS.axis, DVA)
        caption = "Assessments by the number of selections made"
        yield Question(self.code, caption, "assessment", frame.with_columns(number), axes, ASSESSMENTS.words)

    def _tables(self, cases: Cases) -> list[str]:
        return [table.name for table in cases.standard.tables if "assessment_id" in table.names]

    def _of(self, cases: Cases, table: str) -> pl.LazyFrame:
        """Selections in each row of a table."""
        here = (column for held, column in asked(cases.standard) if held.name == table)
        columns = [column for column in here if column.privacy != "pseudonym_key"]
        made = [
            pl.col(c.name).list.len().cast(pl.Int64).fill_null(0)
            if c.multiple
            else pl.col(c.name).is_not_null().cast(pl.Int64)
            for c in columns
        ]
        return cases.frame(table).select("assessment_id", _n=pl.sum_horizontal(made))


def once_each(counts: pl.LazyFrame) -> pl.LazyFrame:
    """The sum for each assessment."""
    return counts.group_by("assessment_id").agg(pl.col("_n").sum())
