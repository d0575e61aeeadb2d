"""The default engine: pandera's native polars backend, built from the standard, run on frames of text.

Types are checked on the text itself, because a cell that fails a cast would show as missing. pandera never sees a lazy
frame here: on one it would check no data unless told to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import narwhals as nw
import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrorReason, SchemaErrors

from rdac_validator.rules.kinds import kinds_of
from rdac_validator.rules.structural import CellKind
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import ROW


class EngineError(RuntimeError):
    """A check of ours raised inside pandera: our fault, never the data's."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """Rows of one column that one kind found at fault."""

    code: str
    column: str
    rows: pl.Series


Kinds = Callable[[Column], tuple[CellKind, ...]]


def schema(table: Table, standard: Standard, kinds: Kinds = kinds_of) -> pa.DataFrameSchema:
    """The pandera schema of a table's text frame; each check is named by our code.

    Columns may be absent (that is a finding of its own) and there may be others. Give it cells as text, multi-valued
    ones joined with ``|``: ``polars.read_csv(path, infer_schema=False)``.
    """
    columns = {
        column.name: pa.Column(
            pl.String,
            [_check(kind, column, standard) for kind in kinds(column)],
            nullable=True,
            required=False,
            description=column.description,
        )
        for column in table.columns
    }
    return pa.DataFrameSchema(columns, name=table.name, description=table.description)


def _check(kind: CellKind, column: Column, standard: Standard) -> pa.Check:
    # a closure, because pandera copies a schema's checks deeply, and would copy the whole standard with a partial
    def verdict(data: PolarsData) -> pl.LazyFrame:
        return _verdict(data, kind, column, standard)

    return pa.Check(verdict, name=kind.code, error=kind.message(column, standard))


def _verdict(data: PolarsData, kind: CellKind, column: Column, standard: Standard) -> pl.LazyFrame:
    """True for each right cell: each distinct text is judged once, and the cells that hold a wrong one are found."""
    cells = data.lazyframe.select(column.name).collect()
    texts = _wrong(cells[column.name].unique(), kind, column, standard)
    right = ~pl.col(column.name).is_in([text for text in texts if text is not None])
    return cells.lazy().select(right.fill_null(None not in texts))


def _wrong(texts: pl.Series, kind: CellKind, column: Column, standard: Standard) -> list[str | None]:
    """Those of some texts that the kind finds at fault; ``None`` stands for a blank."""
    frame = nw.from_native(texts.to_frame())
    judged = frame.with_columns(kind.valid(column, standard).fill_null(value=True).alias("right"))
    return judged.filter(~nw.col("right"))[column.name].to_list()


def suspects(batch: pl.DataFrame, table: Table, standard: Standard, kinds: Kinds) -> dict[str, list[CellKind]]:
    """The columns with a fault in the batch, each with the kinds of fault: what pandera has to locate.

    First one query over all columns, in which kinds that share a cheap verdict share its column, clears what is plainly
    right; then the distinct texts of what is left are judged.
    """
    asked = [(column, kind) for column in table.columns for kind in kinds(column)]
    verdicts: dict[str, nw.Expr] = {}
    for column, kind in asked:
        verdicts.setdefault(_shared(column, kind), kind.plain(column, standard))
    named = [verdict.fill_null(value=True).all().alias(name) for name, verdict in verdicts.items()]
    cleared = nw.from_native(batch.lazy()).select(*named).collect().rows(named=True)[0] if named else {}
    texts: dict[str, pl.Series] = {}
    doubtful: dict[str, list[CellKind]] = {}
    for column, kind in asked:
        if cleared[_shared(column, kind)]:
            continue
        if _shared(column, kind) not in texts:
            texts[_shared(column, kind)] = _unsure(batch[column.name], kind, column, standard)
        if _wrong(texts[_shared(column, kind)], kind, column, standard):
            doubtful.setdefault(column.name, []).append(kind)
    return doubtful


def _unsure(cells: pl.Series, kind: CellKind, column: Column, standard: Standard) -> pl.Series:
    """The distinct texts of a column that a kind's cheap verdict does not clear."""
    frame = nw.from_native(cells.to_frame())
    sure = frame.select(kind.plain(column, standard).fill_null(value=True).alias("sure"))["sure"].to_native()
    return cells.filter(~sure).unique()


def _shared(column: Column, kind: CellKind) -> str:
    """A name for a kind's cheap verdict on a column: the same for kinds that inherit it from one class."""
    inherited = type(kind).plain is not CellKind.plain
    return f"{column.name}/{type(kind).plain.__qualname__ if inherited else kind.code}"


def faults(batch: pl.DataFrame, table: Table, standard: Standard, kinds: Kinds = kinds_of) -> Iterator[CellFault]:
    """The cells of a batch at fault, by column and kind, as row numbers; raises :class:`EngineError` on our own."""
    doubtful = suspects(batch, table, standard, kinds)
    if not doubtful:
        return
    rules = schema(table, standard, lambda column: tuple(doubtful.get(column.name, ())))
    try:
        rules.validate(batch, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK or error.check_output is None:
                # pandera wraps an exception of a check as if the data had failed it; no value goes into the message
                raise EngineError(f"{error.reason_code} in a structural check") from None
            wrong = error.check_output.select(pl.nth(0).not_()).to_series()
            yield CellFault(error.check.name, error.schema.name, batch[ROW].filter(wrong))
