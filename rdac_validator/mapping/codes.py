"""What the codes of an export stand for: from a list in the mapping, a crosswalk, or a code list of the standard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from rdac_validator import crosswalks
from rdac_validator.crosswalks import CrosswalkError
from rdac_validator.formats.names import hint, plain
from rdac_validator.standard import CodeList, Column, Standard

EXACT = "exact"
_NOT_WORD = "[^a-z0-9]+"
_NOT_CODE = "[^A-Za-z0-9]+"
LONGEST = 64


class CodesError(ValueError):
    """What a mapping file says of codes cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What each text of a column stands for: ``(value, status)`` by text. ``folded`` texts are compared by their words.

    ``names`` leads from the words of a list's labels to their codes: what a suggestion is made of.
    """

    known: Mapping[str, tuple[str, str]]
    folded: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def text(self, cell: pl.Expr) -> pl.Expr:
        """The form of a cell in which it is looked up."""
        if not self.folded:
            return cell
        words = cell.str.to_lowercase().str.replace_all(_NOT_WORD, " ")
        return words.str.strip_chars()

    def knows(self, text: pl.Expr) -> pl.Expr:
        """Whether a text stands for something; null where it is blank."""
        return text.is_in(list(self.known))

    def value(self, text: pl.Expr) -> pl.Expr:
        """The value that a text stands for, or null."""
        return _looked_up(text, {code: value for code, (value, _) in self.known.items()})

    def status(self, text: pl.Expr) -> pl.Expr:
        """How well the text says it, or null."""
        return _looked_up(text, {code: status for code, (_, status) in self.known.items()})

    def source(self, text: pl.Expr) -> pl.Expr:
        """The text as a code that provenance can hold, or null."""
        return _looked_up(text, {code: name for code in self.known if (name := code_text(code))})


def _looked_up(text: pl.Expr, values: Mapping[str, str]) -> pl.Expr:
    """What a text stands for, or null; where all stand for one thing, or each for itself, to know it is enough."""
    known = pl.when(text.is_in(list(values)))
    if all(code == value for code, value in values.items()):
        return known.then(text)
    if len(set(values.values())) == 1:
        return known.then(pl.lit(next(iter(values.values()))))
    return text.replace_strict(list(values), list(values.values()), default=None, return_dtype=pl.String)


def fold(text: str) -> str:
    """The words of a text, in lower case and with one space between them."""
    return re.sub(_NOT_WORD, " ", text.lower()).strip()


def code_text(text: str) -> str:
    """A text in letters, digits and underscores, as ``source_code`` and ``source_field`` hold it."""
    return re.sub(_NOT_CODE, "_", text).strip("_")[:LONGEST]


def labels(lists: Iterable[CodeList]) -> dict[str, str]:
    """Codes by the words of their code, their title and each of their aliases."""
    return {
        fold(name): value.code
        for codes in lists
        for value in codes.values
        for name in (*value.notes.get("aliases", "").split("|"), value.title, value.code)
        if fold(name)
    }


def codes_of(
    cell: Mapping[str, Any], *, column: Column, cls: str, missing: Mapping[str, str], folder: Path, standard: Standard
) -> Codes | None:
    """What the codes of a cell stand for, or ``None`` where any text may stand.

    Raises :class:`CodesError` where a code leads to what the column cannot hold.
    """
    may = {*standard.codes(column), *(standard.missing_reasons if column.coded else ())}
    stated = [cell[name] for name in ("value", "blank", "none") if name in cell] + list(cell.get("flags", {}).values())
    found = _found(cell, column, cls, folder, standard)
    stated += [value for value, _ in (found.known.values() if found else ())]
    reasons = set(standard.missing_reasons)
    if column.type == "code" or not column.coded:
        wrong = [value for value in stated if value not in may and (column.type == "code" or value in reasons)]
        if wrong:
            name, near = column.name, hint(wrong[0], sorted(may))
            raise CodesError(f"a value that is named here may not stand in {name}{near} (rdac explain {name})")
    return _with_missing(found, column, cell, missing)


def _with_missing(
    found: Codes | None, column: Column, cell: Mapping[str, Any], missing: Mapping[str, str]
) -> Codes | None:
    """The codes with those that mean a missing reason in every coded column; what the cell says comes first."""
    reasons = {code: (reason, EXACT) for code, reason in missing.items()} if column.coded else {}
    if found is None:
        return Codes(reasons) if reasons or "flags" in cell else None
    if found.folded:
        reasons = {fold(code): said for code, said in reasons.items()}
    return Codes({**reasons, **found.known}, found.folded, found.names)


def _found(cell: Mapping[str, Any], column: Column, cls: str, folder: Path, standard: Standard) -> Codes | None:
    given = [name for name in ("codes", "crosswalk", "labels") if name in cell]
    if len(given) > 1:
        raise CodesError(f"{' and '.join(given)} cannot both say what the codes stand for")
    if "codes" in cell:
        return Codes({code: _coded(said) for code, said in cell["codes"].items()})
    if "crosswalk" in cell:
        return _crossed(cell, column, cls, folder)
    if "labels" in cell:
        return _labelled(cell["labels"], standard)
    if "column" in cell and "value" not in cell and column.type == "code":
        return Codes({code: (code, EXACT) for code in standard.codes(column)})
    return None


def _coded(said: str | Mapping[str, str]) -> tuple[str, str]:
    return (said, EXACT) if isinstance(said, str) else (said["to"], said.get("status", EXACT))


def _labelled(name: str, standard: Standard) -> Codes:
    if name not in standard.lists:
        raise CodesError("labels names no code list of the standard")
    names = labels([standard.lists[name]])
    return Codes({words: (code, EXACT) for words, code in names.items()}, folded=True, names=names)


def _crossed(cell: Mapping[str, Any], column: Column, cls: str, folder: Path) -> Codes:
    name = cell["crosswalk"]
    try:
        crosswalk = crosswalks.load(folder / name if name.endswith(".tsv") else name)
    except (CrosswalkError, OSError) as error:
        raise CodesError("there is no such crosswalk, or it cannot be used") from error
    lines = crosswalk.codes(cell["element"], cls, column.name)
    if not lines:
        raise CodesError(f"the crosswalk leads from no code of that element to {cls}/{column.name}")
    return Codes({code: (line.written, str(line.status)) for code, line in lines.items()})


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows make a row: those of whose ``columns`` one holds one of ``values``, or anything if there are none."""

    columns: tuple[str, ...]
    values: tuple[str, ...]
    split: str
    codes: Codes | None


def condition(said: Mapping[str, Any], standard: Standard) -> Condition:
    """A condition of a mapping file; raises :class:`CodesError` where it names a code that its list does not have."""
    codes = _labelled(said["labels"], standard) if "labels" in said else None
    values = tuple(said.get("is", ()))
    unknown = [value for value in values if codes and value not in standard.lists[said["labels"]].codes]
    if unknown:
        raise CodesError(f"a value of `is` is no code of {said['labels']}")
    columns = tuple(map(plain, said["columns"]))
    return Condition(columns, values, said.get("split", ""), codes)
