"""Parquet files: typed columns turned into the text that would stand in CSV."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.formats import faults
from rdac_validator.formats.names import Header, header
from rdac_validator.formats.source import Reading, Source
from rdac_validator.standard import Column, Table
from rdac_validator.tables import BATCH, DELIMITER, ROW, Text

_WHOLE = ("integer", "year")


def read(source: Source, table: Table) -> Reading:
    """Read one table. Rows are numbered from 1.

    Dates become ISO text, booleans ``true`` or ``false``, lists are joined with ``|``. A column that has no text form
    is left out and told. More than :data:`~rdac_validator.tables.BATCH` rows are not held in memory, but read through
    once, so that a damaged page is a fault of reading and not an exception later.
    """
    try:
        return _read(source, table)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return Reading(None, (faults.UnreadableFile.at(table.name, source.file, kind="Parquet"),))


def _read(source: Source, table: Table) -> Reading:
    stored = pl.scan_parquet(source.scannable(), glob=False)
    schema = stored.collect_schema()
    rows = int(stored.select(pl.len()).collect().item())
    columns = header(tuple(schema), table, source.file)
    if not columns.known:
        return Reading(None, (faults.NoHeader.at(table.name, source.file, table_read=table.name),))
    texts, groups = _texts(schema, columns, table, source)
    kept = [name for name in columns.kept if name in texts]
    frame = stored.select(texts.values()).with_row_index(ROW, offset=1).select(ROW, *kept)
    if rows > BATCH:
        frame.select(pl.all().count()).collect(engine="streaming")
    else:
        frame = frame.collect().lazy()
    known = tuple(name for name in columns.known if name in texts)
    unknown = {name: header for name, header in columns.unknown.items() if name in texts}
    text = Text(table.name, source.file, "parquet", frame, rows, known, unknown)
    return Reading(text, (*columns.groups, *groups))


def _texts(
    schema: pl.Schema, columns: Header, table: Table, source: Source
) -> tuple[dict[str, pl.Expr], tuple[Group, ...]]:
    """The text of each column that has one, by its name inside the frame; and the faults of types."""
    texts: dict[str, pl.Expr] = {}
    groups: list[Group] = []
    for position, (stored, kind) in enumerate(schema.items(), start=1):
        name = columns.names[position - 1]
        declared = table.column(name) if name in columns.known else None
        text = _text(pl.col(stored), kind, declared)
        if text is None:
            groups.append(faults.UnreadableColumn.at(table.name, source.file, position=position))
        elif name in columns.kept:
            texts[name] = text.replace("", None).alias(name)
            groups += _float_fault(kind, declared, table, source)
    return texts, tuple(groups)


def _float_fault(kind: pl.DataType, declared: Column | None, table: Table, source: Source) -> Iterator[Group]:
    if declared and declared.type in _WHOLE and kind.is_float():
        yield faults.FloatColumn.at(table.name, source.file, columns=(declared.name,), name=declared.name)


def _text(cell: pl.Expr, kind: pl.DataType, declared: Column | None) -> pl.Expr | None:
    """A cell as the text that would stand in CSV, or ``None`` for a type that has none."""
    if isinstance(kind, pl.List):
        # an empty choice inside a list stays visible as an empty choice
        inner = _text(pl.element(), kind.inner, declared)  # type: ignore[arg-type]
        return None if inner is None else cell.list.eval(inner.fill_null("")).list.join(DELIMITER)
    if kind.is_float() and declared and declared.type in _WHOLE:
        whole = cell.is_finite() & (cell == cell.round(0)) & (cell.abs() < 2**53)
        return pl.when(whole).then(cell.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(cell.cast(pl.String))
    if isinstance(kind, pl.Datetime):
        midnight = cell.dt.time() == pl.time(0)
        return pl.when(midnight).then(cell.dt.to_string("%Y-%m-%d")).otherwise(cell.dt.to_string("iso:strict"))
    if kind.is_numeric() or kind in (pl.String, pl.Boolean, pl.Date, pl.Categorical, pl.Enum, pl.Null):
        return cell.cast(pl.String)
    return None
