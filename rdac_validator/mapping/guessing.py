"""What a column of an export may be, told by its name; and what its codes may stand for, told by their words.

Names are compared with those and the titles of the standard, the words of ``schema/export-words.yaml``, and the census
elements of the crosswalk ``cin-census``. Values are looked at only where each stands in at least :data:`FEWEST` rows
and all are few and short: free text and rare values never leave this module.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import yaml
from rapidfuzz import fuzz, process

from rdac_validator import crosswalks
from rdac_validator.mapping.codes import fold, labels
from rdac_validator.mapping.exports import Export
from rdac_validator.standard import Column, Standard, Table, schema_folder

FEWEST = 5
MOST = 60  # distinct values, above which a column is no code list
LONGEST = 40  # letters of a value, above which it is text
ALIKE = 85
SHARE = 0.8
INITIAL = 0.7  # how sure a single letter makes us
WORDS = "export-words.yaml"
DELIMITERS = (";", "|", ",", "/")
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
_INITIALS = re.compile("(?<=\\b[a-z]) (?=[a-z]\\b)")
_ENDINGS = re.compile(" (?:code|desc|description)$")
YES, NO = ("y", "yes", "true", "1", "t"), ("n", "no", "false", "0", "f")
FORMATS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d %b %Y",
    "%m/%d/%Y",
    "%Y-%m-%dT%H:%M:%S",
    "%d/%m/%Y %H:%M",
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A column of the standard that a column of the export may be, and how alike their names are, up to 1.

    ``flag`` is the value that the column says yes or no to, if it is one of flags.
    """

    table: Table
    column: Column
    confidence: float
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """The frequent values of a column with what each may stand for, and the number of other values.

    ``split`` is the delimiter if cells are lists. ``listed`` says whether this is a list of codes at all; if it is not,
    no value is held.
    """

    found: Mapping[str, tuple[str, float] | None]
    rare: int
    split: str = ""
    listed: bool = True


class Names:
    """The names under which exports may know the columns and the values of the standard, folded to their words."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.columns: dict[str, tuple[Table, Column]] = {}
        self.flags: dict[str, tuple[Table, Column, str]] = {}
        words = yaml.safe_load((schema_folder() / WORDS).read_text(encoding="utf-8"))
        self.words: Mapping[str, Any] = words
        self.roles: Mapping[str, Mapping[str, str]] = words["people"]["roles"]
        kept = [table for table in standard.tables if not table.optional]
        for table in kept:
            for column in (column for column in table.columns if not column.derived):
                for name in (column.name, column.title, *words.get(f"{table.name}.{column.name}", ())):
                    self.columns.setdefault(words_of(name), (table, column))
                if column.multiple:
                    for name, code in labels(standard.lists[key] for key in column.lists).items():
                        self.flags.setdefault(name, (table, column, code))
        self._elements({table.cls: table for table in kept})

    def of_person(self, words: str, tables: Sequence[str]) -> Guess | None:
        """What the words of a header may say of one of the people of a row, in one of these tables, or nothing."""
        known: dict[str, tuple[Table, Column]] = {}
        for table in map(self.standard.table, tables):
            for column in (column for column in table.columns if not column.derived):
                place = f"{table.name}.{column.name}"
                also = (*self.words.get(place, ()), *self.words["people"]["names"].get(place, ()))
                for name in (column.name, column.title, *also):
                    known.setdefault(words_of(name), (table, column))
        best = _nearest(words, known)
        return Guess(*known[best[0]], best[1]) if best else None

    def _elements(self, tables: Mapping[str, Table]) -> None:
        for line in crosswalks.load().matches:
            held = tables.get(line.cls)
            if held and line.column in held.names and not held.column(line.column).derived:
                for name in (line.element, *(() if line.code else (line.label,))):
                    self.columns.setdefault(words_of(name), (held, held.column(line.column)))

    def guess(self, header: str, column: str, export: Export) -> Guess | None:
        """What a column of an export may be, or nothing."""
        if column_of := _nearest(header, self.columns):
            return Guess(*self.columns[column_of[0]], column_of[1])
        if _flagged(column, export) and (flag := _nearest(header, self.flags)):
            table, target, code = self.flags[flag[0]]
            return Guess(table, target, flag[1], code)
        return None


def words_of(header: str) -> str:
    """The words of a header: ``SexCode`` and ``Sex Desc`` are sex, ``D.O.B.`` is dob."""
    return _ENDINGS.sub("", _INITIALS.sub("", fold(_CAMEL.sub(" ", header))))


def _nearest(header: str, names: Mapping[str, object]) -> tuple[str, float] | None:
    best = process.extractOne(words_of(header), list(names), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    return (best[0], round(best[1] / 100, 2)) if best else None


def _flagged(column: str, export: Export) -> bool:
    """Whether nearly every cell of a column says yes or no."""
    text = pl.col(column).str.strip_chars().str.to_lowercase().replace("", None).drop_nulls()
    share = export.frame.select(text.is_in([*YES, *NO]).mean()).collect().item()
    return share is not None and share >= 0.9


def said_in_flags(columns: list[str], export: Export) -> tuple[list[str], list[str]]:
    """How the flags of an export say yes and no: the words of ours that they hold, as they are written."""
    texts = [pl.col(column).str.strip_chars() for column in columns]
    held = (
        pl.concat([export.frame.select(text.alias("text")) for text in texts]).unique().collect()["text"].drop_nulls()
    )
    return tuple(sorted(text for text in held if text.lower() in words) for words in (YES, NO))  # type: ignore[return-value]


def day_format(column: str, export: Export) -> str:
    """The format in which most cells are days."""
    text = pl.col(column).str.strip_chars()
    read = [text.str.to_date(form, strict=False).is_not_null().sum().alias(form) for form in FORMATS]
    counts = export.frame.select(read).collect()
    return max(FORMATS, key=lambda form: int(counts[form].item()))


def not_known(columns: Iterable[tuple[Export, str]], words: Mapping[str, str]) -> dict[str, str]:
    """What frequent cells hold where nothing is known, as they are written, and the missing reason it may stand for."""
    found: dict[str, str] = {}
    for export, column in columns:
        counted = export.frame.group_by(pl.col(column).str.strip_chars().alias("text")).agg(pl.len().alias("rows"))
        frequent = counted.filter(pl.col("rows") >= FEWEST).drop_nulls().collect()["text"]
        found |= {text: words[words_of(text)] for text in frequent if words_of(text) in words}
    return dict(sorted(found.items()))


def values(column: str, target: Column, export: Export, standard: Standard, apart: Collection[str] = ()) -> Values:
    """What the codes of a column may stand for in ``target``, but for those that stand ``apart`` in the mapping."""
    best = Values({}, 0, listed=False)
    for split in ("", *(DELIMITERS if target.multiple else ())):
        found = _values(column, target, export, standard, split, apart)
        if sum(map(bool, found.found.values())) > sum(map(bool, best.found.values())):
            best = found
    return best


def _values(
    column: str, target: Column, export: Export, standard: Standard, split: str, apart: Collection[str]
) -> Values:
    text = pl.col(column).str.split(split) if split else pl.concat_list(pl.col(column))
    cells = export.frame.select(text.alias("text")).explode("text")
    stripped = cells.select(pl.col("text").str.strip_chars().replace("", None)).drop_nulls()
    stripped = stripped.filter(~pl.col("text").is_in([*apart]))
    counted = stripped.group_by("text").agg(pl.len().alias("rows")).sort("text").collect()
    if counted.height > MOST or any(len(value) > LONGEST for value in counted["text"]):
        return Values({}, counted.height, listed=False)
    frequent = counted.filter(pl.col("rows") >= FEWEST)["text"]
    found = {value: _meant(value, target, standard) for value in frequent}
    if sum(map(bool, found.values())) * 2 < len(found):
        return Values({}, counted.height, listed=False)
    return Values(found, counted.height - len(frequent), split)


def _meant(text: str, target: Column, standard: Standard) -> tuple[str, float] | None:
    """The code whose label is most like a value, or whose first letter it is where no other begins so."""
    known = labels(standard.lists[name] for name in target.lists)
    if len(text) == 1 and text.isalpha():
        only = [code for code in standard.codes(target) if code.startswith(text.lower())]
        return (only[0], INITIAL) if len(only) == 1 else None
    best = _nearest(text, known)
    return (known[best[0]], best[1]) if best else None


def element(column: str, table: Table, target: Column, export: Export) -> tuple[str, float] | None:
    """The census element whose codes a column holds, where the crosswalk leads from it to ``target``; and the share.

    The share is of the cells that are not blank; below :data:`SHARE` there is no such element.
    """
    lines = [line for line in crosswalks.load().to(table.cls, target.name) if line.code]
    text = pl.col(column).str.strip_chars().replace("", None).drop_nulls()
    shares = {
        name: text.is_in([line.code for line in lines if line.element == name]).mean().alias(name)
        for name in dict.fromkeys(line.element for line in lines)
    }
    found = export.frame.select(shares.values()).collect().row(0, named=True) if shares else {}
    best = max(found, key=lambda name: found[name] or 0, default="")
    return (best, round(found[best], 2)) if best and (found[best] or 0) >= SHARE else None
