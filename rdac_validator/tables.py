"""A return as named lazy frames: the text as it was read, and the same cells cast to the standard's types.

Every frame carries :data:`ROW`, the number that a person needs to find the row in the file (see
:class:`~rdac_validator.findings.Finding`). In the typed frame a coded column ``severity`` becomes two: ``severity``
holds the value, ``severity.missing`` the missing reason that stood in its place. Both are null for a blank cell and for
a cell that would not cast: those are findings of the structural kinds, and null silences whatever depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from rdac_validator.findings import Group, Input, RuleInfo
from rdac_validator.standard import Column, Standard, Table

ROW = "_row"
DELIMITER = "|"
BATCH = 100_000
# a cell as JSON and YAML type it; what is deeper than a list of single values is never kept
Cell = str | int | float | bool | list[object] | dict[str, object] | None

# the calendar has no year 0
_YEAR = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_DAY = "(?:0[1-9]|1[0-9]|2[0-8])"
_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
DATE = f"^(?:{_YEAR}-(?:(?:0[1-9]|1[0-2])-{_DAY}|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|{_LEAP}-02-29)$"
INTEGER = "^-?(?:0|[1-9][0-9]{0,17})$"
YEAR = "^[0-9]{4}$"
YEAR_MONTH = f"^{_YEAR}-(?:0[1-9]|1[0-2])$"
BOOLEAN = "^(?:true|false)$"
SHAPES = {"date": DATE, "integer": INTEGER, "year": YEAR, "year_month": YEAR_MONTH, "boolean": BOOLEAN}


def placed(unknown: str) -> str:
    """``column 7`` for ``_unknown_7``: what people are told of a column that the standard does not know."""
    return unknown.strip("_").replace("unknown_", "column ")


def missing(column: str) -> str:
    """Name of the companion column that holds a coded column's missing reason."""
    return f"{column}.missing"


def value(column: Column, standard: Standard) -> pl.Expr:
    """A text cell cast to its type: null where blank, where a missing reason stands, or where it will not cast.

    Dates become ``Date``, integers and years ``Int64``, booleans ``Boolean``, year-months the first day of the month,
    multi-valued cells lists of text; codes and strings stay text. A code outside its list is null.
    """
    cell = pl.col(column.name)
    if column.multiple:
        return _choices(column, standard)
    if column.type == "code":
        return _only(cell, cell.is_in(standard.codes(column)))
    if column.coded:
        cell = _only(cell, ~cell.is_in(standard.missing_reasons))
    return _only(cell, cell != "") if column.type == "string" else _converted(cell, column.type)


def _converted(text: pl.Expr, kind: str) -> pl.Expr:
    cell = _only(text, text.str.contains(SHAPES[kind]))
    match kind:
        case "date":
            return cell.str.to_date("%Y-%m-%d")
        case "year_month":
            return (cell + "-01").str.to_date("%Y-%m-%d")
        case "boolean":
            return cell == "true"
        case _:
            return cell.cast(pl.Int64)


def _only(cell: pl.Expr, condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(cell)


def _choices(column: Column, standard: Standard) -> pl.Expr:
    cell = pl.col(column.name)
    known = ~cell.is_in(["", *standard.missing_reasons]) if column.coded else cell != ""
    choices = pl.when(known).then(cell).str.split(DELIMITER)
    if column.lists:
        allowed = standard.codes(column)
        choices = pl.when(choices.list.eval(pl.element().is_in(allowed)).list.all()).then(choices)
    return choices


def reason(column: Column, standard: Standard) -> pl.Expr:
    """The missing reason that stands in a coded cell, or null."""
    cell = pl.col(column.name)
    return _only(cell, cell.is_in(standard.missing_reasons)).alias(missing(column.name))


def _uncoded(column: Column, standard: Standard) -> pl.Expr:
    cell = pl.col(column.name).replace("", None) if column.type == "code" else value(column, standard)
    return cell.alias(column.name)


def cast(text: pl.LazyFrame, table: Table, standard: Standard) -> pl.LazyFrame:
    """The typed frame of a table: :data:`ROW`, then each column of the standard, coded ones with their reason.

    A column that the text frame lacks is all null, so that a rule may name it; whether it had to be there is a
    structural matter.
    """
    present = set(text.collect_schema().names())
    absent = [
        pl.lit(None, dtype=pl.String).alias(column.name) for column in table.columns if column.name not in present
    ]
    values = [value(column, standard).alias(column.name) for column in table.columns]
    reasons = [reason(column, standard) for column in table.columns if column.coded]
    return text.with_columns(absent).select(ROW, *values, *reasons)


@dataclass(frozen=True)
class Text:
    """One table as it was read: every cell a string, blank cells null or empty, plus :data:`ROW`.

    ``headers`` are the standard's columns that the file has, in its order, after stray spaces and case were put right.
    ``unknown`` are those that the standard does not know: the name that they have in the frame (``_unknown_7``, by
    position) to the header as it stood in the file, which may be personal data and is never printed. ``damaged`` says
    that rows were left out because they could not be read, so that a missing key proves nothing.

    A JSON or YAML document holds more than text: ``records`` leads from the number of each row to its cells as they
    were typed, and ``starts`` is that of :class:`~rdac_validator.findings.Input`.
    """

    name: str
    file: str
    format: str
    frame: pl.LazyFrame
    rows: int
    headers: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    damaged: bool = False
    records: Mapping[int, Mapping[str, Cell]] | None = None
    starts: tuple[int, ...] = ()

    @property
    def input(self) -> Input:
        """What the report says of this table's origin."""
        return Input(self.name, self.file, self.format, self.rows, self.starts)

    def batches(self) -> Iterator[pl.DataFrame]:
        """The rows in file order, in frames of at most :data:`BATCH` rows."""
        if self.rows <= BATCH:
            yield self.frame.collect()
        else:
            yield from self.frame.collect_batches(chunk_size=BATCH, maintain_order=True, engine="streaming")


@dataclass(frozen=True)
class Return:
    """What a reader gives: the tables it could read, and the faults of reading as groups of findings.

    ``looked_for`` are the faults that the reader looked for, so that a report can list what was checked; ``notes`` are
    things said aloud that are no faults.
    """

    texts: Mapping[str, Text]
    groups: tuple[Group, ...] = ()
    looked_for: tuple[RuleInfo, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Tables:
    """The tables of a return as rules see them: ``tables["person"]`` is a typed narwhals lazy frame.

    ``consulted`` gathers the names of the tables that a rule looked at or asked for: what it says is worth nothing if
    one of them could not be read whole.
    """

    texts: Mapping[str, Text]
    standard: Standard
    consulted: set[str] = field(default_factory=set)
    _typed: dict[str, nw.LazyFrame[pl.LazyFrame]] = field(default_factory=dict)
    _written: dict[str, nw.LazyFrame[pl.LazyFrame]] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        self.consulted.add(str(name))
        return name in self.texts

    def __getitem__(self, name: str) -> nw.LazyFrame[pl.LazyFrame]:
        """The typed frame of a table; raises ``KeyError`` if the return does not have it."""
        self.consulted.add(name)
        if name not in self._typed:
            typed = cast(self.texts[name].frame, self.standard.table(name), self.standard)
            self._typed[name] = nw.from_native(typed)
        return self._typed[name]

    def as_written(self, name: str) -> nw.LazyFrame[pl.LazyFrame]:
        """Give a census table with dates, numbers and flags cast, and codes left as they were written.

        The DfE tells a missing code from an invalid one. The table is held in memory: dozens of rules look at it.
        Raises ``KeyError`` if the file does not have it.
        """
        self.consulted.add(name)
        if name not in self._written:
            frame, table = self.texts[name].frame, self.standard.table(name)
            known = set(frame.collect_schema().names())
            cells = [_uncoded(column, self.standard) for column in table.columns if column.name in known]
            self._written[name] = nw.from_native(frame.select(ROW, *cells).collect().lazy())
        return self._written[name]

    def text(self, name: str) -> nw.LazyFrame[pl.LazyFrame]:
        """The frame of a table as it was read, unknown columns included, every cell text."""
        self.consulted.add(name)
        return nw.from_native(self.texts[name].frame)

    def has(self, table: str, *columns: str) -> bool:
        """Whether the return has the table with all these columns."""
        self.consulted.add(table)
        return table in self.texts and set(columns) <= set(self.texts[table].headers)
