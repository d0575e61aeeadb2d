"""The default engine: pandera's native polars backend, built from the standard, run on frames of text.

Types are checked on the text itself, because a cell that fails a cast would show as missing. pandera never sees a lazy
frame here: on one it would check no data unless told to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import narwhals as nw
import pandera.polars as pa
import polars as pl
from narwhals.exceptions import NarwhalsError
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrorReason, SchemaErrors

from rdac_validator.rules.kinds import kinds_of
from rdac_validator.rules.structural import BrokenReference, CellKind, DuplicateKey, Kind
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.structure.engine import EngineError, Fault, Kinds
from rdac_validator.structure.hashes import Hashes
from rdac_validator.tables import ROW, Return, Text

Suspects = dict[str, list[tuple[CellKind, list[str | None]]]]


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
        texts = data.lazyframe.select(pl.col(column.name).unique()).collect().to_series()
        return _right(data, column.name, _wrong(texts, kind, column, standard))

    return pa.Check(verdict, name=kind.code, error=kind.message(column, standard))


def _right(data: PolarsData, column: str, wrong: Sequence[str | None]) -> pl.LazyFrame:
    """True for each cell that does not hold one of the wrong texts; ``None`` among them stands for a blank."""
    right = ~pl.col(column).is_in([text for text in wrong if text is not None])
    return data.lazyframe.select(right.fill_null(None not in wrong))


def _located(table: Table, suspects: Suspects) -> pa.DataFrameSchema:
    """:func:`schema` with the verdicts given: it finds the cells whose texts are known to be wrong."""

    def check(kind: CellKind, column: str, wrong: list[str | None]) -> pa.Check:
        return pa.Check(lambda data: _right(data, column, wrong), name=kind.code)

    columns = {
        column: pa.Column(pl.String, [check(kind, column, wrong) for kind, wrong in found], nullable=True)
        for column, found in suspects.items()
    }
    return pa.DataFrameSchema(columns, name=table.name)


def _wrong(texts: pl.Series, kind: CellKind, column: Column, standard: Standard) -> list[str | None]:
    """Those of some texts that the kind finds at fault; ``None`` stands for a blank."""
    frame = nw.from_native(texts.to_frame())
    judged = frame.with_columns(kind.valid(column, standard).fill_null(value=True).alias("right"))
    return judged.filter(~nw.col("right"))[column.name].to_list()


class Screen:
    """Which columns of a table have a fault, batch by batch: what pandera then has to locate.

    Of a column with a code list each distinct text is judged once, and the right ones are remembered. Of other columns
    a cheap verdict on every cell clears what is plainly right, and the distinct texts of the rest are judged.
    """

    def __init__(self, table: Table, standard: Standard, kinds: Kinds = kinds_of) -> None:
        self.table, self.standard = table, standard
        asked = [(column, kinds(column)) for column in table.columns]
        self.listed = [(column, found) for column, found in asked if found and column.lists]
        self.others = [(column, kind) for column, found in asked if not column.lists for kind in found]
        self.right: dict[str, set[str | None]] = {column.name: set() for column, _ in self.listed}

    def suspects(self, batch: pl.DataFrame) -> Suspects:
        """The columns with a fault in the batch, each with the kinds of fault and the texts at fault."""
        return {**self._among_codes(batch), **self._among_texts(batch)}

    def _among_codes(self, batch: pl.DataFrame) -> Suspects:
        if not self.listed:
            return {}
        distinct = batch.lazy().select(pl.col(column.name).unique().implode() for column, _ in self.listed).collect()
        new = {name: set(distinct[name].item().to_list()) - right for name, right in self.right.items()}
        unseen = [(column, kinds) for column, kinds in self.listed if new[column.name]]
        verdicts = pl.collect_all([self._judged(list(new[column.name]), column, kinds) for column, kinds in unseen])
        found: Suspects = {}
        for (column, kinds), judged in zip(unseen, verdicts, strict=True):
            right = judged.select(pl.all_horizontal(pl.exclude(column.name)).alias("right"))["right"]
            self.right[column.name] |= set(judged[column.name].filter(right))
            if right.all():
                continue
            wrong = [(kind, judged.filter(~pl.col(kind.code))[column.name].to_list()) for kind in kinds]
            found[column.name] = [(kind, texts) for kind, texts in wrong if texts]
        return found

    def _judged(self, texts: list[str | None], column: Column, kinds: Sequence[CellKind]) -> pl.LazyFrame:
        frame = nw.from_native(pl.LazyFrame({column.name: texts}, schema={column.name: pl.String}))
        verdicts = [kind.valid(column, self.standard).fill_null(value=True).alias(kind.code) for kind in kinds]
        return frame.with_columns(*verdicts).to_native()

    def _among_texts(self, batch: pl.DataFrame) -> Suspects:
        clues = {(column.name, kind): kind.clue(column, self.standard) for column, kind in self.others}
        shared = {f"{column}/{name}": verdict for (column, _), (name, verdict) in clues.items()}
        named = [verdict.fill_null(value=True).all().alias(name) for name, verdict in shared.items()]
        cleared = nw.from_native(batch.lazy()).select(*named).collect().rows(named=True)[0] if named else {}
        texts: dict[str, pl.Series] = {}
        found: Suspects = {}
        for column, kind in self.others:
            name = f"{column.name}/{clues[column.name, kind][0]}"
            if cleared[name]:
                continue
            if name not in texts:
                texts[name] = _unsure(batch[column.name], shared[name])
            if wrong := _wrong(texts[name], kind, column, self.standard):
                found.setdefault(column.name, []).append((kind, wrong))
        return found


def _unsure(cells: pl.Series, sure: nw.Expr) -> pl.Series:
    """The distinct texts of a column that a cheap verdict does not clear."""
    frame = nw.from_native(cells.to_frame())
    return cells.filter(~frame.select(sure.fill_null(value=True).alias("sure"))["sure"].to_native()).unique()


def faults(batch: pl.DataFrame, screen: Screen) -> Iterator[Fault]:
    """The cells of a batch at fault, by column and kind, as row numbers; raises :class:`EngineError` on our own."""
    try:
        doubtful = screen.suspects(batch)
    except (pl.exceptions.PolarsError, NarwhalsError) as raised:  # its message may hold a cell
        raise EngineError(f"{type(raised).__name__} in a structural check") from None
    if not doubtful:
        return
    try:
        _located(screen.table, doubtful).validate(batch.select(ROW, *doubtful), lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK or error.check_output is None:
                # pandera wraps an exception of a check as if the data had failed it; no value goes into the message
                raise EngineError(f"{error.reason_code} in a structural check") from None
            wrong = error.check_output.select(pl.nth(0).not_()).to_series()
            yield Fault(error.check.name, error.schema.name, batch[ROW].filter(wrong).to_list())


class Pandera:
    """The default engine at work on a return: cells batch by batch, keys and references by their hashes."""

    name = "pandera"

    def __init__(self, _given: Return, standard: Standard, kinds: Sequence[type[Kind]]) -> None:
        self.standard, self.hashes = standard, Hashes(standard)
        self.keys = DuplicateKey in kinds or BrokenReference in kinds

    def begin(self, text: Text, table: Table, kinds: Kinds) -> None:
        """Make a screen for the table."""
        self.text, self.screen = text, Screen(table, self.standard, kinds)

    def look(self, batch: pl.DataFrame) -> Iterator[Fault]:
        """The faults of the batch's cells; its keys and references are kept."""
        if self.keys:
            self.hashes.look(self.text, batch)
        return faults(batch, self.screen)

    def end(self) -> Iterator[Fault]:
        """Nothing is left: each batch told its own."""
        return iter(())

    def doubled(self, text: Text) -> Iterator[Fault]:
        """Every row whose key stands in another row as well."""
        yield Fault(DuplicateKey.code, "", self.hashes.doubled(text))

    def broken(self, text: Text, column: Column) -> Iterator[Fault]:
        """Every row with a reference that names no row of the other table."""
        yield Fault(BrokenReference.code, column.name, self.hashes.broken(text, column))
