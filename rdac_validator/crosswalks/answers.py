"""How well a source answers what the standard asks: the number that a consultation needs, worked out from a crosswalk.

An answer is a coded field that is not derived and is no link to another row. A line of a crosswalk gives one, in whole
or in part, where three things hold:

- it leads to the question itself or to a value of its list; a missing reason is no answer, and neither is a value that
  the schema marks ``crosswalk_only``: it says that there is a row and rules nothing out;
- it stands without a ``condition``, something that must hold beside it and that the source does not say;
- its element and its code are in use in the year that is asked about, if one is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdac_validator.crosswalks.reading import Crosswalk, Match, Status
from rdac_validator.standard import TIERS, Column, Standard, Table, Value

CORE = ("starter", "T1")  # T0 is what returns hold today, T2 is for named decisions


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """An answer that the standard asks for, and how well a source gives it at best."""

    table: str
    column: str
    tier: str
    status: Status


def asked(standard: Standard, tiers: Sequence[str] = TIERS) -> Iterator[tuple[Table, Column]]:
    """Every answer that the standard asks for in some tiers, in schema order."""
    for table in standard.tables:
        for column in table.columns:
            if column.coded and not column.derived and not column.references and column.tier in tiers:
                yield table, column


def answers(
    standard: Standard, crosswalk: Crosswalk, tiers: Sequence[str] = TIERS, year: str = ""
) -> tuple[Answer, ...]:
    """How well a source gives each answer; in one census year (``2023-24``) if one is named, else in any."""
    return tuple(
        Answer(table.name, column.name, column.tier, _best(standard, crosswalk, table, column, year))
        for table, column in asked(standard, tiers)
    )


def _best(standard: Standard, crosswalk: Crosswalk, table: Table, column: Column, year: str) -> Status:
    lines = giving(standard, crosswalk, table, column, year)
    return min((line.status for line in lines), key=lambda status: status.rank, default=Status.NOT_DERIVABLE)


def giving(standard: Standard, crosswalk: Crosswalk, table: Table, column: Column, year: str = "") -> list[Match]:
    """Lines of a crosswalk that give an answer, in whole or in part."""
    no_answer = {*standard.missing_reasons, *saying_nothing(standard, column)}
    return [
        line
        for line in crosswalk.to(table.cls, column.name)
        if line.value not in no_answer and not line.condition and in_use(standard, line, year)
    ]


def saying_nothing(standard: Standard, column: Column) -> tuple[str, ...]:
    """The values of a column that the schema keeps for crosswalks: each says that there is a row, and no more."""
    return tuple(code for name in column.lists for code in standard.lists[name].where("crosswalk_only"))


def in_use(standard: Standard, line: Match, year: str) -> bool:
    """Whether the element and the code of a line are in use in a census year, legacy codes included; any without."""
    if not year:
        return True
    columns = [c for table in standard.source_tables for c in table.columns if c.name == line.element]
    values = [v for c in columns for v in _values(standard, c) if v.code == line.code]
    notes = [column.notes for column in columns[:1]] + [value.notes for value in values[:1]]
    return all(_within(said, year) for said in notes)


def _values(standard: Standard, column: Column) -> Iterator[Value]:
    return (value for name in column.lists for value in standard.lists[name].values)


def _within(notes: Mapping[str, str], year: str) -> bool:
    last = "" if "legacy_from" in notes else notes.get("last_year", "")
    return notes.get("first_year", "") <= year and (not last or year <= last)


def sources(standard: Standard) -> Mapping[str, tuple[str, ...]]:
    """The code lists behind each element that a crosswalk may begin at: CIN elements, and Scottish lists by name."""
    found = {c.name: c.lists for table in standard.source_tables for c in table.columns}
    return found | {name: (name,) for name, held in standard.lists.items() if held.notes.get("schema") == "scotland"}


def in_a_sentence(found: Sequence[Answer], who: str) -> str:
    """The number of a consultation: how many of the answers a source gives exactly, and which it gives in part."""
    exact = [answer for answer in found if answer.status is Status.EXACT]
    part = Counter(answer.status for answer in found if answer.status in {Status.BROAD, Status.AMBIGUOUS})
    named = [answer.column for answer in found if answer.status in part]
    how = " and ".join(f"{part[status]} {_ADVERB[status]}" for status in part) or "0 in part"
    which = f" ({', '.join(named)})" if named else ""
    return f"Of the {len(found)} core answers, {who} gives {len(exact)} exactly and {how}{which}."


_ADVERB = {Status.BROAD: "broadly", Status.AMBIGUOUS: "ambiguously"}
