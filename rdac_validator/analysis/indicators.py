"""The study's merged indicators: which codes of a return are counted in which, by the published crosswalks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from rdac_validator import crosswalks
from rdac_validator.analysis.classes import Patterns

CROSSWALKS = {"england": "report-indicators", "scotland": "report-indicators-scotland"}
CODES = "source_codes"


def merged(nation: str) -> Mapping[str, tuple[str, ...]]:
    """For each indicator, by its label, the codes that are counted in it; none for a nation that has no crosswalk."""
    found: dict[str, tuple[str, ...]] = {}
    for line in crosswalks.load(CROSSWALKS[nation]).matches if nation in CROSSWALKS else ():
        if line.target_label:
            label = line.target_label.partition(",")[0]
            found[label] = (*found.get(label, ()), line.code)
    return found


def held(indicators: Mapping[str, Sequence[str]]) -> list[pl.Expr]:
    """A column of yes and no for each indicator, from the codes of a record."""
    codes = pl.col(CODES).cast(pl.List(pl.String))
    return [codes.list.eval(pl.element().is_in(list(of))).list.any().alias(label) for label, of in indicators.items()]


def patterns(records: pl.DataFrame, labels: Sequence[str]) -> tuple[pl.DataFrame, Patterns]:
    """The distinct patterns of the indicators as a frame, in order, and as numbers."""
    found = records.group_by(labels).agg(_number=pl.len()).sort(labels)
    number = found["_number"].to_numpy().astype(np.float64)
    return found.drop("_number"), Patterns(found.select(labels).to_numpy().astype(np.float64), number)
