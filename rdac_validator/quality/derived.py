"""Tables that are worked out of printed figures, or released from a model: rates, comparisons, changes, models.

A producer makes :class:`Derived` tables and touches no writer: page, JSON, CSV and workbook write all of them alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rdac_validator.disclosure import Figure
from rdac_validator.quality.pictures import Picture

Entry = str | Figure
# what stands beside every table (rule R43)
SAID = ("Unit", "Base", "Period", "Exclusions")
# a sheet of a workbook has no longer name
LONGEST = 31


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its heading, a sentence that leads in, and the readers who get it."""

    title: str
    lead: str
    readers: tuple[str, ...]


SECTIONS: Mapping[str, Section] = {
    "changes": Section(
        "What changed",
        "A change in what is recorded need not be a change in what happens: changes in recording stand apart.",
        ("head-of-service", "analyst"),
    ),
    "comparison": Section(
        "Beside the national picture",
        "Authorities record differently: a difference is a question to ask, and no ranking.",
        ("head-of-service", "analyst", "consultation"),
    ),
    "gradient": Section(
        "The social gradient",
        "How the response of children's social care rises with the deprivation of the area where children live.",
        ("head-of-service", "analyst", "consultation"),
    ),
    "groups": Section(
        "Groups together",
        "Age, sex, ethnic group and deprivation act together; most groups are small, and their shares are unsure.",
        ("analyst",),
    ),
    "steps": Section(
        "Steps up and down",
        "How often children in services go up or down the ladder of services, for each year that they are in them.",
        ("head-of-service", "analyst"),
    ),
    "models": Section(
        "Models",
        "Models find associations in what was recorded. They explain nothing by themselves, and judge nobody.",
        ("analyst",),
    ),
    "itself": Section(
        "What is asked, used and hidden",
        "The report about itself: which questions returns can answer, which fields it used, and how many counts it "
        "hides. These are numbers of fields and of printed counts, and of nobody.",
        ("analyst", "consultation"),
    ),
}


@dataclass(frozen=True, slots=True)
class Derived:
    """A table worked out of printed figures or released from a model. Raises ``ValueError`` where it says too little.

    ``name`` is that of its file and its sheet: letters, digits, dots and hyphens, at most 31. ``section`` is a key of
    :data:`SECTIONS`. ``read`` says how to read it, a line for each paragraph, ``sources`` what it rests on (keys of
    ``schema/sources.yaml``). The cells of ``rows`` are text or a :class:`~rdac_validator.disclosure.Figure`, one for
    each of ``columns``; the first cell of a row is its heading. ``notes`` hold at least what :data:`SAID` names.
    ``picture`` says how it is drawn.
    """

    name: str
    title: str
    section: str
    read: str
    sources: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    notes: Mapping[str, str]
    picture: Picture | None = None

    def __post_init__(self) -> None:
        unsaid = [name for name in SAID if not self.notes.get(name)]
        if unsaid or not (self.title and self.read and self.sources):
            raise ValueError(f"{self.name}: a table needs a title, how to read it, sources and {', '.join(SAID)}")
        if self.section not in SECTIONS or not re.fullmatch(rf"[A-Za-z0-9.-]{{1,{LONGEST}}}", self.name):
            raise ValueError(f"{self.name}: a table has a section that there is, and a name that a file can have")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.name}: a table has a cell for each of its columns")
        if self.picture and not set(self.picture.columns()) <= set(self.columns):
            raise ValueError(f"{self.name}: a table is drawn from columns that it has")

    @property
    def tells(self) -> bool:
        """Whether any number is printed of those that it is drawn from, or of all: else it says nothing."""
        names = set(self.picture.columns() if self.picture else self.columns)
        entries = (entry for row in self.rows for name, entry in zip(self.columns, row, strict=True) if name in names)
        figures = [entry for entry in entries if isinstance(entry, Figure)]
        return not figures or any(figure.value is not None for figure in figures)

    def numbers(self) -> tuple[bool, ...]:
        """Which columns hold figures."""
        return tuple(any(isinstance(row[at], Figure) for row in self.rows) for at in range(len(self.columns)))

    def said(self) -> list[tuple[str, ...]]:
        """The rows in words, with as many decimals in each column as its finest figure has."""
        decimals = [max((_decimals(row[at]) for row in self.rows), default=0) for at in range(len(self.columns))]
        return [tuple(_said(entry, places) for entry, places in zip(row, decimals, strict=True)) for row in self.rows]


def _decimals(entry: Entry) -> int:
    if isinstance(entry, str) or entry.value is None or float(entry.value).is_integer():
        return 0
    return len(f"{entry.value}".partition(".")[2])


def _said(entry: Entry, decimals: int) -> str:
    if isinstance(entry, str):
        return entry
    return entry.mark if entry.value is None else written(entry.value, decimals)


def written(number: float, decimals: int) -> str:
    """A number with commas and a true minus: a hyphen is read as "to" beside other numbers."""
    return f"{number:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
