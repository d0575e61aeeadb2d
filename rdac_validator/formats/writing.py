"""Writing a return: tables to CSV or Parquet in a new folder that appears only when it is whole."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl

from rdac_validator.findings import InputError
from rdac_validator.standard import Standard, Table, schema_folder
from rdac_validator.tables import DELIMITER

RETURN = ("*.csv", "*.parquet", "*.json", "*.xml")
PACKAGE = "datapackage.json"
# what is not whole yet has a name of its own, hidden and short: the output's may be as long as a name can be
PREFIX = ".rdac-"
TRIES, PAUSE = 100, 0.02  # seconds, until threads that write have ended


class WriteError(InputError):
    """An output cannot be written. The message is for people and holds no cell value."""


def write(
    tables: Mapping[str, pl.DataFrame | pl.LazyFrame], out: Path, format: str, standard: Standard, force: bool = False
) -> None:
    """Write text tables (every cell a string, blank cells null or empty) as the return ``out``, a folder.

    ``format`` is ``csv`` or ``parquet``. CSV is UTF-8 without a mark, lines end in a line feed, cells are quoted where
    they must be, and a ``datapackage.json`` of the tables stands beside it. Parquet holds multi-valued columns as lists
    of text and every other column as text, so that a missing reason can stand where a date would.

    Raises :class:`WriteError` if ``out`` exists and ``force`` is not given, for an unknown format, and where the system
    refuses.
    """
    if format not in WRITERS:
        raise WriteError(f"a return is written as one of: {', '.join(WRITERS)}")
    with new_folder(out, force) as folder:
        blank = pl.when(pl.all() != "").then(pl.all())
        sinks = [
            WRITERS[format](frame.lazy().with_columns(blank), folder, standard.table(name))
            for name, frame in tables.items()
        ]
        try:
            pl.collect_all(sinks, engine="streaming")
        except pl.exceptions.ComputeError as refusal:  # how the writer of Parquet tells what the system refuses
            raise WriteError("the output cannot be written: is the disk full?") from refusal
        if format == "csv":
            _describe(folder, {name: frame.lazy().collect_schema().names() for name, frame in tables.items()})


def _csv(frame: pl.LazyFrame, folder: Path, table: Table) -> pl.LazyFrame:
    file = folder / f"{table.name}.csv"
    return frame.sink_csv(file, line_terminator="\n", quote_style="necessary", lazy=True)


def _parquet(frame: pl.LazyFrame, folder: Path, table: Table) -> pl.LazyFrame:
    held = frame.collect_schema().names()
    multiple = [column.name for column in table.columns if column.multiple and column.name in held]
    split = frame.with_columns(pl.col(multiple).str.split(DELIMITER))
    return split.sink_parquet(folder / f"{table.name}.parquet", lazy=True)


WRITERS: Mapping[str, Callable[[pl.LazyFrame, Path, Table], pl.LazyFrame]] = {"csv": _csv, "parquet": _parquet}


def _describe(folder: Path, columns: Mapping[str, Sequence[str]]) -> None:
    """Put the data package of the standard, restricted to the tables and columns written, beside them."""
    source = schema_folder() / "generated" / PACKAGE
    if source.is_file():
        package = restricted(json.loads(source.read_text(encoding="utf-8")), columns)
        text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
        (folder / PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def restricted(package: dict[str, Any], columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A data package with these tables and their columns in this order, and without references to others."""
    parts = [_part(resource, columns) for resource in package["resources"] if resource["name"] in columns]
    return {**package, "resources": parts}


def _part(resource: dict[str, Any], columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    held, schema = columns[resource["name"]], dict(resource["schema"])
    fields = {field["name"]: field for field in schema["fields"]}
    schema["fields"] = [fields[name] for name in held if name in fields]
    keys = [
        key
        for key in schema.pop("foreignKeys", ())
        if key["reference"]["resource"] in ("", *columns) and set(key["fields"]) <= set(held)
    ]
    return {**resource, "schema": {**schema, "foreignKeys": keys} if keys else schema}


def templates(standard: Standard) -> dict[str, str]:
    """The header line of an empty CSV file for each table of a return, by the table's name."""
    return {table.name: ",".join(table.names) + "\n" for table in standard.tables}


def may_write(out: Path, force: bool = False, ours: Sequence[str] = RETURN) -> None:
    """Raise :class:`WriteError` where :func:`new_folder` would refuse ``out``: before a long run, and not after it."""
    if not str(out).isprintable():
        raise WriteError("the name of the output folder holds characters that cannot be shown: name another")
    if out.exists() or out.is_symlink():
        _may_replace(out, force, ours)


@contextmanager
def new_folder(out: Path, force: bool = False, ours: Sequence[str] = RETURN) -> Iterator[Path]:
    """A temporary folder beside ``out`` that takes its place when the block ends well, and is removed if it does not.

    Only its owner may open the folder: it is about to hold records of children. With ``force`` an existing ``out`` is
    replaced, but only a folder of files that such a block writes (``ours``, as patterns): anything else there is
    refused, so that a slip of the pen does not delete a home folder. Raises :class:`WriteError`.
    """
    may_write(out, force, ours)
    # the name is known before the folder is made, so that a run that is stopped as it is made removes it
    temporary = out.parent / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            temporary.mkdir(0o700)
        except OSError as refusal:
            raise WriteError(f"the output folder cannot be made: {refusal.strerror}") from refusal
        yield temporary
        _move(temporary, out)
    except OSError as refusal:
        raise WriteError(f"the output cannot be written: {refusal.strerror}") from refusal
    finally:
        _remove(temporary)


def _remove(folder: Path) -> None:
    """Remove a folder that polars may still be writing to: where one table fails, the others are not waited for."""
    for _ in range(TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(PAUSE)


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, under a name that nobody can foresee and lay a link at, then in its place.

    Raises :class:`WriteError` where the system refuses.
    """
    partial = path.with_name(f"{PREFIX}{secrets.token_hex(8)}")
    try:
        with partial.open("xb") as file:
            file.write(data)
        partial.replace(path)
    except OSError as refusal:
        raise WriteError(f"the file cannot be written there: {refusal.strerror}") from refusal
    finally:
        partial.unlink(missing_ok=True)


def _may_replace(out: Path, force: bool, ours: Sequence[str]) -> None:
    if not force:
        raise WriteError(f"{out} exists already: name another folder, or say --force to replace it")
    if out.is_symlink() or not out.is_dir():
        raise WriteError(f"{out} exists and is no folder: name another")
    files = {path for pattern in ours for path in out.glob(pattern) if path.is_file()}
    folders = {path.parent for path in files}
    if any(path not in files and path not in folders for path in out.rglob("*")):
        raise WriteError(f"{out} holds more than what is written here: --force replaces no such folder; name another")


def _move(temporary: Path, out: Path) -> None:
    """Put ``temporary`` in the place of ``out``; what was there is deleted only when the new folder stands."""
    if not out.exists():
        temporary.rename(out)
        return
    aside = Path(mkdtemp(prefix=PREFIX, dir=out.parent))
    old = aside / out.name  # a name that is free: not every system renames onto a folder
    out.rename(old)
    try:
        temporary.rename(out)
    except OSError:
        old.rename(out)
        raise
    finally:
        shutil.rmtree(aside)
