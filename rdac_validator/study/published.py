"""The published figures of the study, from ``schema/study.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from rdac_validator.standard import schema_folder

HIDDEN = "c"
CODES = "source_codes"
FILE = "study.yaml"


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed row: the number, the percentage to one decimal; both ``None`` where the report prints c."""

    number: int | None
    percentage: float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table of one site on one subject: rows by label, and the total where it is printed."""

    source: str
    rows: Mapping[str, Printed]
    total: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Numbers for some rows of a table, in place of the printed ones, and why; ``id`` names the inconsistency."""

    id: str
    why: str
    cells: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Classes:
    """The latent classes of a site: size of each in per cent, and for each indicator its probabilities in per cent.

    Both are model estimates, rounded in print. ``probabilities`` holds one number for each class, in the same order.
    """

    source: str
    sizes: Mapping[str, float]
    probabilities: Mapping[str, tuple[float, ...]]

    def implied(self, indicator: str) -> float:
        """The prevalence in per cent that sizes and probabilities amount to: their products, added up."""
        pairs = zip(self.sizes.values(), self.probabilities[indicator], strict=True)
        return sum(size * probability for size, probability in pairs) / 100


@dataclass(frozen=True, slots=True)
class Site:
    """What the report prints of one study site. ``taken`` and ``readings`` are choices by subject."""

    name: str
    nation: str
    period: tuple[str, str]
    code_list: str
    records: str
    tables: Mapping[str, Table]
    classes: Classes
    taken: Mapping[str, Choice]
    readings: Mapping[str, Choice]

    @property
    def size(self) -> int:
        """How many records the site's tables are of."""
        return self.tables[CODES].total or 0

    def margin(self, about: str, *, reading: bool = False) -> dict[str, int]:
        """How many records fall in each row: as printed, or as is taken, or as the other reading has it."""
        numbers = {label: row.number or 0 for label, row in self.tables[about].rows.items()}
        for choices in (self.taken, self.readings) if reading else (self.taken,):
            if about in choices:
                numbers |= choices[about].cells
        return numbers


@dataclass(frozen=True, slots=True)
class Difference:
    """Cells that cannot come out as they are printed, and why; ``id`` is blank where the list has no such entry."""

    id: str
    site: str
    about: str
    rows: tuple[str, ...]
    measures: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Study:
    """The whole file. ``parts``: what each row is the sum of in our tables; ``codes``: by nation and indicator."""

    sites: Mapping[str, Site]
    parts: Mapping[str, Mapping[str, tuple[str, ...]]]
    codes: Mapping[str, Mapping[str, str]]
    decisions: Mapping[str, Mapping[str, str]]
    differences: tuple[Difference, ...]

    def difference(self, site: str, about: str, row: str, measure: str) -> Difference | None:
        """What stands in the way of one cell, or ``None``."""
        for one in self.differences:
            if (one.site, one.about) == (site, about) and row in one.rows and measure in one.measures:
                return one
        return None


@cache
def load() -> Study:
    """The figures that ship with this package."""
    document: dict[str, Any] = yaml.safe_load((schema_folder() / FILE).read_text(encoding="utf-8"))
    return Study(
        sites={name: _site(name, given, document) for name, given in document["sites"].items()},
        parts={
            about: {label: tuple(parts) for label, parts in rows.items()} for about, rows in document["parts"].items()
        },
        codes=document["codes"],
        decisions=document["decisions"],
        differences=tuple(
            Difference(**given | {"rows": tuple(given["rows"]), "measures": tuple(given["measures"])})
            for given in document["differences"]
        ),
    )


def _site(name: str, given: Mapping[str, Any], document: Mapping[str, Any]) -> Site:
    classes = given["classes"]
    probabilities = {indicator: tuple(row) for indicator, row in classes["probabilities"].items()}
    first, last = given["period"]
    return Site(
        name=name,
        nation=given["nation"],
        period=(first, last),
        code_list=given["code_list"],
        records=given["records"],
        tables={about: _table(table) for about, table in given["tables"].items()},
        classes=Classes(classes["source"], classes["sizes"], probabilities),
        taken=_choices(document["taken"].get(name, {})),
        readings=_choices(document["readings"].get(name, {})),
    )


def _table(given: Mapping[str, Any]) -> Table:
    rows = {
        label: Printed(*(None if cell == HIDDEN else cell for cell in row)) for label, row in given["cells"].items()
    }
    return Table(given["source"], rows, given.get("total"))


def _choices(given: Mapping[str, Any]) -> dict[str, Choice]:
    return {about: Choice(**choice) for about, choice in given.items()}
