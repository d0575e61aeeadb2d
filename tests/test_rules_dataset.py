"""A return that does not say what it is."""

from __future__ import annotations

import polars as pl

from rdac_validator.rules.base import VALID
from rdac_validator.rules.metadata import NotOneDataset
from rdac_validator.standard import load
from rdac_validator.tables import ROW, Tables, Text


def test_an_empty_dataset_table_is_found_at_its_header() -> None:
    columns = load().table("dataset").names
    frame = pl.DataFrame({name: [] for name in columns}, schema=dict.fromkeys(columns, pl.String))
    text = Text("dataset", "dataset.csv", "csv", frame.with_row_index(ROW, 2).lazy(), 0, columns)
    found = NotOneDataset().cases(Tables({"dataset": text}, load())).to_native().collect()
    assert found.select(ROW, VALID).rows() == [(1, False)]
