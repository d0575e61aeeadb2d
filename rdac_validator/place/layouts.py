"""What ``schema/deprivation.yaml`` declares: codes of small areas, indices, and the layouts of published files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from rdac_validator.standard import schema_folder

FILE = "deprivation.yaml"
CODE = "^[EWS]01[0-9]{6}$"


@dataclass(frozen=True, slots=True)
class Geography:
    """Small areas of one kind, told by the range of their codes, both ends included."""

    name: str
    title: str
    first: str
    last: str
    confidence: str
    note: str = ""

    def holds(self, code: pl.Expr) -> pl.Expr:
        """Whether a code is of this kind: codes have one length, so the order of text is that of numbers."""
        return code.str.contains(CODE) & code.is_between(pl.lit(self.first), pl.lit(self.last))


@dataclass(frozen=True, slots=True)
class Index:
    """A deprivation index: a code of the list ``DeprivationIndex``, and the small areas that it was made for.

    ``areas`` is how many there are, ``edition`` the year of their boundaries. ``unlisted`` says what a code may be that
    is of a right kind and not in the index.
    """

    code: str
    title: str
    made_for: str
    edition: str
    geographies: tuple[Geography, ...]
    areas: int
    unlisted: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A published file by its columns: area codes, and the decile under any of several names, or else the rank."""

    name: str
    title: str
    index: Index
    area: str
    decile: tuple[str, ...]
    rank: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that looks right and is not, by its columns; ``why`` completes "the file was not used: …"."""

    name: str
    title: str
    columns: tuple[str, ...]
    why: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Layouts:
    """Everything that is declared. ``own_area`` leads from a column name of an authority's own file to an edition."""

    version: str
    geographies: tuple[Geography, ...]
    indices: tuple[Index, ...]
    layouts: tuple[Layout, ...]
    refused: tuple[Refused, ...]
    own_child: tuple[str, ...]
    own_area: Mapping[str, str]


@cache
def layouts(folder: Path | None = None) -> Layouts:
    """Read the declarations that ship with this package, or those in another schema folder."""
    path = (folder or schema_folder()) / FILE
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    geographies = {name: Geography(name, **item) for name, item in document["geographies"].items()}
    indices = {code: _index(code, item, geographies) for code, item in document["indices"].items()}
    return Layouts(
        version=document["version"],
        geographies=tuple(geographies.values()),
        indices=tuple(indices.values()),
        layouts=tuple(_layout(name, item, indices) for name, item in document["layouts"].items()),
        refused=tuple(
            Refused(name, **{**item, "columns": tuple(item["columns"])}) for name, item in document["refused"].items()
        ),
        own_child=tuple(document["own_file"]["child"]),
        own_area=document["own_file"]["area"],
    )


def _index(code: str, item: Mapping[str, Any], geographies: Mapping[str, Geography]) -> Index:
    made_of = tuple(geographies[name] for name in item["geographies"])
    return Index(code, **{**item, "geographies": made_of})


def _layout(name: str, item: Mapping[str, Any], indices: Mapping[str, Index]) -> Layout:
    decile, rank = tuple(item.get("decile", ())), item.get("rank", "")
    return Layout(name, **{**item, "index": indices[item["index"]], "decile": decile, "rank": rank})
