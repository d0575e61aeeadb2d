"""What a file of one's own can say of the core answers, counted row by row: the loss against the standard.

Counts only: nothing here holds an id or a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from rdac_validator.cin.census import UNKNOWABLE, Census
from rdac_validator.crosswalks import Crosswalk, Match, Status
from rdac_validator.crosswalks.answers import CORE, Answer, answers, asked, giving, in_a_sentence, saying_nothing
from rdac_validator.findings import InputError
from rdac_validator.pseudonyms import fresh_key
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import DELIMITER, Return, value

FACTOR = "AssessmentFactors"
KEYS = ("assessment_no", "episode_no", "child_no")


@dataclass(frozen=True, slots=True)
class Counted:
    """Of ``rows`` that an answer was asked of, how many hold it how well.

    ``reason`` are rows that hold a missing reason other than ``not_collected_by_source``: the worker's answer why there
    is none. The five parts add up to ``rows``.
    """

    name: str
    rows: int
    exact: int = 0
    broad: int = 0
    ambiguous: int = 0
    not_derivable: int = 0
    reason: int = 0

    @property
    def best(self) -> Status:
        """The most certain status that any row has."""
        held = (status for status in Status if getattr(self, status.value))
        return next(held, Status.NOT_DERIVABLE)


@dataclass(frozen=True, slots=True)
class Loss:
    """What a file says of the core answers: ``answers`` one by one, ``dva`` by the rows on domestic abuse."""

    unit: str
    answers: tuple[Counted, ...]
    dva: tuple[Counted, ...]
    number: tuple[str, ...]


def of_census(given: Return, standard: Standard, crosswalk: Crosswalk) -> Loss:
    """Count what a CIN census file says, over its assessments with a factor on domestic abuse.

    An assessment has an answer if a code of its own, or an element of its episode or child, leads there. Raises
    :class:`~rdac_validator.cin.CensusError` where nothing was read or the year is not known.
    """
    census = Census.open(given, standard, crosswalk, fresh_key())
    year = census.code_list.notes["census_year"]
    marked = standard.lists["CinFactor"].where("dva")
    factors = census.rows["cin_factor"].unique(["assessment_no", FACTOR])
    with_abuse = factors.filter(pl.col(FACTOR).is_in(marked)).select("assessment_no").unique()
    base = census.rows["cin_assessment"].select(*KEYS).join(with_abuse, on="assessment_no", how="semi")
    counted = tuple(
        _in_assessments(census, base, f"{table.name}.{column.name}", giving(standard, crosswalk, table, column, year))
        for table, column in asked(standard, CORE)
    )
    rows = dict(factors.group_by(FACTOR).len().iter_rows())
    dva = tuple(_opened(standard, crosswalk, code, rows.get(code, 0)) for code in marked)
    lists = answers(standard, crosswalk, CORE, year), answers(standard, crosswalk, CORE)
    number = (
        in_a_sentence(lists[0], f"a census of {year}"),
        in_a_sentence(lists[1], "a census of some year"),
        in_a_sentence(_as_answers(counted), "this file"),
    )
    unit = f"{base.height} of {census.rows['cin_assessment'].height} assessments, those with {_either(marked)}"
    return Loss(unit, counted, dva, number)


def _in_assessments(census: Census, base: pl.DataFrame, name: str, lines: Sequence[Match]) -> Counted:
    told: set[int] = set()
    counts = {}
    for status in Status:
        here = {no for line in lines if line.status is status for no in _where(census, base, line)} - told
        counts[status.value] = len(here)
        told |= here
    counts[Status.NOT_DERIVABLE.value] += base.height - len(told)
    return Counted(name, base.height, **counts)


def _where(census: Census, base: pl.DataFrame, line: Match) -> Iterable[int]:
    """Assessments of ``base`` that the element of a line belongs to, with its code if it has one."""
    for rows in census.rows.values():
        if line.element in rows.columns:
            said = pl.col(line.element) == line.code if line.code else pl.col(line.element).is_not_null()
            key = next(key for key in KEYS if key in rows.columns)
            yield from base.join(rows.filter(said), on=key, how="semi")["assessment_no"]


def _opened(standard: Standard, crosswalk: Crosswalk, code: str, rows: int) -> Counted:
    """The answers that the rows opened by a code ask for, and how well the code gives them."""
    lines = crosswalk.of(FACTOR)
    counts = dict.fromkeys((status.value for status in Status), 0)
    for table, column in asked(standard, CORE):
        if table.cls == lines[code].cls:
            found = [line.status for line in giving(standard, crosswalk, table, column) if line.code == code]
            best = min(found, key=lambda status: status.rank, default=Status.NOT_DERIVABLE)
            counts[best.value] += rows
    return Counted(f"{code}: {rows} x {_name(standard, lines[code].cls)}", sum(counts.values()), **counts)


def _name(standard: Standard, cls: str) -> str:
    return next(table.name for table in standard.tables if table.cls == cls)


def of_return(given: Return, standard: Standard, crosswalks: Iterable[tuple[str, Crosswalk]]) -> Loss:
    """Count what a return of the standard says, over the rows of each table.

    A value of the standard is exact unless the table ``provenance`` says less of it, or it says nothing. ``crosswalks``
    are those whose number stands beside it, each with what it is a crosswalk of. Raises
    :class:`~rdac_validator.findings.InputError` where no table could be read.
    """
    if not given.texts:
        raise InputError("no table could be read, so there is nothing to count: rdac validate says what is wrong")
    held = [(table, column) for table, column in asked(standard, CORE) if table.name in given.texts]
    traced = _traced(given)
    counted = tuple(_in_rows(given, standard, table, column, traced) for table, column in held)
    names = dict.fromkeys(table.name for table, _ in held)
    dva = tuple(_summed(name, [c for c in counted if c.name.startswith(f"{name}.")]) for name in names)
    absent = tuple(Counted(f"{t.name}.{c.name}", 0) for t, c in asked(standard, CORE) if (t, c) not in held)
    sources = tuple(crosswalks)
    number = (
        *(in_a_sentence(answers(standard, crosswalk, CORE), who) for who, crosswalk in sources),
        in_a_sentence(_as_answers((*counted, *absent)), "this return"),
        in_a_sentence(_by_codes(given, standard, [crosswalk for _, crosswalk in sources]), _KEPT),
    )
    return Loss("rows of each table", (*counted, *absent), dva, number)


_KEPT = "what its source codes say"


def _by_codes(given: Return, standard: Standard, crosswalks: Sequence[Crosswalk]) -> list[Answer]:
    """How well the codes that the return keeps as they came give each answer, whether or not a row holds it."""
    kept = _source_codes(given)
    found = []
    for table, column in asked(standard, CORE):
        lines = [line for crosswalk in crosswalks for line in giving(standard, crosswalk, table, column)]
        ranked = (line.status for line in lines if line.code in kept)
        best = min(ranked, key=lambda status: status.rank, default=Status.NOT_DERIVABLE)
        found.append(Answer(table.name, column.name, column.tier, best))
    return found


def _source_codes(given: Return) -> set[str]:
    if "assessment" not in given.texts or "source_codes" not in given.texts["assessment"].headers:
        return set()
    cells = given.texts["assessment"].frame.select(pl.col("source_codes").str.split(DELIMITER)).collect()
    return set(cells["source_codes"].explode().drop_nulls().to_list())


def _traced(given: Return) -> pl.DataFrame:
    names = ("target_table", "target_column", "target_key", "mapping_status")
    if "provenance" not in given.texts:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return given.texts["provenance"].frame.select(*names).collect()


def _in_rows(given: Return, standard: Standard, table: Table, column: Column, traced: pl.DataFrame) -> Counted:
    frame = given.texts[table.name].frame
    name = f"{table.name}.{column.name}"
    present = frame.collect_schema().names()
    if column.name not in present:
        rows = frame.select(pl.len()).collect().item()
        return Counted(name, rows, not_derivable=rows)
    key = pl.concat_str(*(part for part in table.key if part in present), separator="/").alias("target_key")
    read = value(column, standard).is_not_null().alias("read")
    cells = frame.select(key, pl.col(column.name).alias("cell"), read).collect()
    about = (pl.col("target_table") == table.name) & (pl.col("target_column") == column.name)
    ranks = pl.col("mapping_status").replace_strict({s.value: s.rank for s in Status}, default=None)
    known = traced.filter(about).group_by("target_key").agg(ranks.min().alias("traced"))
    judged = cells.join(known, on="target_key", how="left").select(_verdict(standard, column).alias("verdict"))
    counts = dict(judged.group_by("verdict").len().iter_rows())
    return Counted(name, cells.height, **counts)


def _verdict(standard: Standard, column: Column) -> pl.Expr:
    nothing = saying_nothing(standard, column)
    cell, names = pl.col("cell"), [status.value for status in Status]
    others = [reason for reason in standard.missing_reasons if reason != UNKNOWABLE]
    traced = pl.col("traced").replace_strict(list(range(len(names))), names, default=None, return_dtype=pl.String)
    blank = cell.is_null() | cell.is_in(["", UNKNOWABLE, *nothing])
    # what stands there is no value of the standard, whatever provenance says of it
    strange = ~pl.col("read") & ~blank & ~(cell.is_in(others) & column.coded)
    return (
        pl.when(cell.is_in(nothing).fill_null(value=False) | strange.fill_null(value=False))
        .then(pl.lit(Status.NOT_DERIVABLE.value))
        .when(pl.col("traced").is_not_null())
        .then(traced)
        .when(cell.is_in(others).fill_null(value=False))
        .then(pl.lit("reason"))
        .when(blank)
        .then(pl.lit(Status.NOT_DERIVABLE.value))
        .otherwise(pl.lit(Status.EXACT.value))
    )


def _summed(name: str, counted: Sequence[Counted]) -> Counted:
    parts = {part: sum(getattr(one, part) for one in counted) for part in (*(s.value for s in Status), "reason")}
    return Counted(f"{counted[0].rows} x {name}", sum(one.rows for one in counted), **parts)


def _as_answers(counted: Iterable[Counted]) -> list[Answer]:
    parted = ((one, *one.name.partition(".")) for one in counted)
    return [Answer(table, column, "", one.best) for one, table, _, column in parted]


def _either(codes: Sequence[str]) -> str:
    return f"{', '.join(codes[:-1])} or {codes[-1]}"


def lines(loss: Loss) -> list[str]:
    """The counts as lines of text of at most 80 signs."""
    head = ("asked", "exact", "broad", "ambig.", "none", "reason")
    by_table: dict[str, list[str]] = {}
    for one in loss.answers:
        table, _, column = one.name.partition(".")
        by_table.setdefault(table, []).append(_line((f"  {column}", *_cells(one))))
    return [
        "",
        f"Counted in {loss.unit}.",
        "",
        _line(("rows, and what they ask for", *head)),
        *(_line((one.name, *_cells(one))) for one in loss.dva),
        "",
        _line(("core answer", *head)),
        *(line for table, rows in by_table.items() for line in (table, *rows)),
        "",
        "none: the source cannot say it. reason: the record says why there is no value.",
    ]


def _cells(one: Counted) -> tuple[str, ...]:
    parts = (one.rows, one.exact, one.broad, one.ambiguous, one.not_derivable, one.reason)
    return tuple(str(part) for part in parts)


def _line(cells: Sequence[str]) -> str:
    return f"{cells[0]:32}" + "".join(f"{cell:>8}" for cell in cells[1:])
