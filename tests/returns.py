"""Returns made by hand, for tests: rows given as some of their cells, as they would stand in a file."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

import polars as pl

from rdac_validator.standard import Table, load
from rdac_validator.tables import ROW, Return, Text

Rows = Sequence[Mapping[str, str | None]]


def text_of(table: Table, rows: Rows, columns: Sequence[str] = ()) -> Text:
    """A table as a reader would give it: every column of the standard unless ``columns`` are named; others blank."""
    names = tuple(columns) or table.names
    misspelt = {name for row in rows for name in row} - set(names)
    assert not misspelt, f"{table.name} has no column {misspelt}"
    cells = {name: [row.get(name) for row in rows] for name in names}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String)).with_row_index(ROW, 2)
    return Text(table.name, f"{table.name}.csv", "csv", frame.lazy(), len(rows), names)


def return_of(tables: Mapping[str, Rows], columns: Mapping[str, Sequence[str]] | None = None) -> Return:
    """A return of these tables, with only the columns named for a table if any are."""
    only = columns or {}
    return Return({name: text_of(load().table(name), rows, only.get(name, ())) for name, rows in tables.items()})


def pseudonym(kind: str, source: str, key: bytes) -> str:
    """One pseudonym worked out with the standard library: what every pseudonym of the product has to be."""
    secret = sha256(key).hexdigest().encode()
    return kind + hmac.digest(secret, f"{kind}\x1f{source}".encode(), "sha256")[:16].hex()
