"""What the speed of ``rdac report`` is measured on: a full return of any size, as CSV or Parquet.

It is a synthetic return told again and again, each time with keys of its own. It has every table that ``rdac synth``
writes, 15 with the dataset, and every field of them, so that no metric stays dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from rdac_validator import formats, synth
from rdac_validator.standard import load

CHILDREN = 20_000
KEY = "_[0-9a-f]{4}([0-9a-f]{16})"  # as the synthesiser makes them


def write(folder: Path, assessments: int, form: str) -> dict[str, int]:
    """Write a return of at least so many assessments as CSV or Parquet; the rows of each table."""
    once = folder.with_name(f"{folder.name}-once")
    formats.write(synth.make(CHILDREN, 1, load()), once, form, load(), force=True)
    folder.mkdir(parents=True, exist_ok=True)
    copies = -(-assessments // _read(once / f"assessment.{form}").height)
    rows = {}
    for file in sorted(once.glob(f"*.{form}")):
        frame = _read(file)
        many = copies if "dataset" not in file.stem else 1
        _write(folder / file.name, (_copy(frame, number) for number in range(many)))
        rows[file.stem] = frame.height * many
    return rows


def _read(file: Path) -> pl.DataFrame:
    return pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema=False)


def _write(file: Path, frames: Iterator[pl.DataFrame]) -> None:
    if file.suffix == ".parquet":
        pl.concat(frames).write_parquet(file)
        return
    with file.open("wb") as stream:
        for number, frame in enumerate(frames):
            frame.write_csv(stream, include_header=not number)


def _copy(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    """The rows with keys of their own; what stands in place of a key has not its shape and stays."""
    fresh = f"_{number:04x}$1"
    several = pl.List(pl.String())
    return frame.with_columns(
        pl.col(name).list.eval(pl.element().str.replace(KEY, fresh))
        if frame.schema[name] == several
        else pl.col(name).str.replace_all(KEY, fresh)
        for name in frame.columns
        if name.endswith(("_id", "_ids"))
    )
