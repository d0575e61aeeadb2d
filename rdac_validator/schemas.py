"""The pandera schemas of the standard's tables, for a notebook of your own.

>>> import polars as pl
>>> from rdac_validator import schemas
>>> frame = pl.read_csv("harm_direction.csv", infer_schema=False)  # every cell as text
>>> schemas.harm_direction.validate(frame, lazy=True)  # raises pandera.errors.SchemaErrors

Each check is named by our code (``rdac explain RDAC106``). Multi-valued cells are text joined with ``|``. Blanks of
coded columns are looked for in every column, as at the profile ``extended``. Keys and references need more than one
row or table and are not in these schemas: ``rdac validate`` checks them. pandera's own failure cases hold cell values.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rdac_validator.standard import load

if TYPE_CHECKING:
    import pandera.polars as pa


@cache
def __getattr__(name: str) -> pa.DataFrameSchema:
    if name not in load().names:
        raise AttributeError(f"the standard has no table {name!r}; it has {', '.join(load().names)}")
    from rdac_validator.structure.pandera_ import schema

    return schema(load().table(name), load())


def __dir__() -> list[str]:
    return sorted(load().names)
