"""The parts of a mapping file, and how each kind of cell is worked out as expressions over the export's text.

Every expression here reads text without spaces around it, in which a blank cell is null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from rdac_validator.formats.names import plain
from rdac_validator.mapping.codes import Codes, Condition
from rdac_validator.pseudonyms import pseudonyms
from rdac_validator.standard import Column
from rdac_validator.tables import DELIMITER

PIECES = {"date": 10, "year_month": 7, "year": 4}
FIRST_YEAR = 1900
TRANSLATED = {"codes", "crosswalk", "labels"}
_PART = "\x1f"


@dataclass(frozen=True, slots=True)
class Input:
    """A table of the export: where it is, and which of its columns are left out on purpose."""

    name: str
    file: str
    sheet: str
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """Another input beside the rows of a block. ``on`` leads from columns here to columns there."""

    input: str
    on: Mapping[str, str]
    gather: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the cells of ``column`` come from; ``form`` is value, id, flags, number, day, list or text.

    ``source`` is the column of the export. ``codes`` is ``None`` where any text may stand. ``shift`` is the factor and
    the addend of a number, ``strict`` says that a text without a code is unknown. What each part means stands in
    ``schema/mapping.schema.json``.
    """

    column: Column
    form: str
    source: str
    value: str
    status: str
    kind: str
    parts: tuple[str, ...]
    also: str
    codes: Codes | None
    strict: bool
    split: str
    flags: Mapping[str, str]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    none: str
    day: str
    shift: tuple[int, int]
    blank: str

    @classmethod
    def of(cls, column: Column, said: Mapping[str, Any], codes: Codes | None, days: str) -> Cell:
        """Make a cell of what the mapping file says, which was found to be sound; ``days`` is how days look."""
        number = said.get("number", {})
        return cls(
            column=column,
            form=_form(column, said, days),
            source=plain(said.get("column", "")),
            value=said.get("value", ""),
            status=said.get("status", "exact"),
            kind=said.get("id", ""),
            parts=tuple(map(plain, said.get("columns", ()))),
            also=said.get("also", ""),
            codes=codes,
            strict=column.type == "code" or bool(TRANSLATED & set(said)),
            split=said.get("split", ""),
            flags={plain(flag): value for flag, value in said.get("flags", {}).items()},
            yes=tuple(said.get("yes", ())),
            no=tuple(said.get("no", ())),
            none=said.get("none", ""),
            day=days,
            shift=(int(number.get("times", 1)), int(number.get("plus", 0))),
            blank=said.get("blank", ""),
        )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns of the export that the cell is worked out from."""
        return (*([self.source] if self.source else []), *self.parts, *self.flags)

    @property
    def traced(self) -> bool:
        """Whether provenance tells where a value comes from: for codes, and for a value that rests on a column."""
        return self.form == "flags" or bool(self.source and (self.form == "value" or self.coded))

    @property
    def coded(self) -> bool:
        """Whether the cell translates codes, of which one may be unknown."""
        return self.form in {"text", "list"} and self.codes is not None and self.strict

    @property
    def ahead(self) -> str:
        """The column, beside those of an input, that holds what is worked out ahead; no export has such a column.

        Empty for what is worked out where it is written. Ids and days cost most, and several cells read the same.
        """
        if self.form == "id":
            return _PART.join(("_id", self.kind, self.also, *self.parts))
        return _PART.join(("_day", self.day, self.source)) if self.form == "day" else ""

    def work_out(self, key: bytes) -> pl.Expr:
        """The column :attr:`ahead`: days, or pseudonyms; null for a text that is no day, and where a part is blank."""
        if self.form == "day":
            return day(pl.col(self.source), self.day).alias(self.ahead)
        also = [pl.lit(self.also)] if self.also else []
        source = pl.concat_str(*(pl.col(part) for part in self.parts), *also, separator=_PART)
        return pseudonyms(self.kind, source, key).alias(self.ahead)

    def said(self, gathered: bool) -> pl.Expr:
        """The cell of the return; ``gathered`` says that the column holds a gathered list."""
        return pl.col(self.ahead) if self.form == "id" else _blanked(self._said(gathered), self)

    def _said(self, gathered: bool) -> pl.Expr:
        text = pl.col(self.source) if self.source else pl.lit(None, pl.String)
        match self.form:
            case "value":
                return pl.lit(self.value, pl.String)
            case "flags":
                return self._flagged()
            case "day":
                said = pl.col(self.ahead).cast(pl.String).str.slice(0, PIECES[self.column.type])
                return pl.coalesce(said, self.reason)
            case "number":
                times, plus = self.shift
                return pl.coalesce((whole(text) * times + plus).cast(pl.String), self.reason)
            case _:
                return self._coded(text, gathered)

    def _coded(self, text: pl.Expr, gathered: bool) -> pl.Expr:
        """The values that codes stand for; a text as it stands where it needs no code."""
        if gathered or self.split:
            known = self.known(self.choices(gathered)).list.unique(maintain_order=True)
            return known.list.join(DELIMITER, ignore_nulls=True).replace("", None)
        if self.codes is None:
            return text
        value = self.codes.value(self.codes.text(text))
        return value if self.strict else pl.coalesce(value, text)

    @property
    def reason(self) -> pl.Expr:
        """The missing reason that the text of the source column stands for, or null."""
        return self.codes.value(pl.col(self.source)) if self.codes else pl.lit(None, pl.String)

    def choices(self, gathered: bool) -> pl.Expr:
        """The texts of a list, each in the form in which it is looked up; blank ones are left out."""
        return parts(pl.col(self.source), self.split, gathered, self.codes)

    def known(self, choices: pl.Expr) -> pl.Expr:
        """The values of a list's texts, null for a text that stands for none."""
        return choices if self.codes is None else choices.list.eval(self.codes.value(pl.element()))

    def wrong(self) -> pl.Expr:
        """Whether the text of a day or a number is neither, nor a missing reason."""
        text = pl.col(self.source)
        read = pl.col(self.ahead) if self.form == "day" else whole(text)
        return text.is_not_null() & read.is_null() & self.reason.is_null()

    def unknown_flag(self, flag: str) -> pl.Expr:
        """Whether a flag says neither yes nor no, nor a missing reason."""
        text = pl.col(flag)
        reasons = list(self.codes.known) if self.codes else []
        return text.is_not_null() & ~text.is_in([*self.yes, *self.no, *reasons])

    def _flagged(self) -> pl.Expr:
        """The values whose flags say yes; else a missing reason that a flag gives; else ``none`` if all say no."""
        flags = list(self.flags)
        chosen = [pl.when(pl.col(flag).is_in(self.yes)).then(pl.lit(value)) for flag, value in self.flags.items()]
        values = pl.concat_str(chosen, separator=DELIMITER, ignore_nulls=True)
        if len(set(self.flags.values())) < len(chosen):
            values = values.str.split(DELIMITER).list.unique(maintain_order=True).list.join(DELIMITER)
        values = values.replace("", None)
        reasons = [self.codes.value(pl.col(flag)) for flag in flags] if self.codes else []
        said_no = pl.all_horizontal(pl.col(flag).is_in(self.no).fill_null(value=False) for flag in flags)
        nothing = pl.when(said_no).then(pl.lit(self.none or None, pl.String))
        return pl.coalesce(values, *reasons, nothing)

    def blank_rows(self) -> pl.Expr:
        """Whether every column that the cell reads is blank."""
        return pl.all_horizontal(pl.col(name).is_null() for name in self.reads)


def _form(column: Column, said: Mapping[str, Any], days: str) -> str:
    for form in ("value", "id", "flags", "number"):
        if form in said:
            return form
    if days and column.type in PIECES and not TRANSLATED & set(said):
        return "day"
    return "list" if "split" in said else "text"


def _blanked(said: pl.Expr, cell: Cell) -> pl.Expr:
    if not cell.blank or not cell.reads:
        return said
    return pl.when(cell.blank_rows()).then(pl.lit(cell.blank)).otherwise(said)


def day(text: pl.Expr, form: str) -> pl.Expr:
    """A day, or null. A year before 1900 is a slip: ``%Y`` takes 24 for a year of antiquity."""
    read = text.str.to_date(form, strict=False)
    return pl.when(read.dt.year() >= FIRST_YEAR).then(read)


def whole(text: pl.Expr) -> pl.Expr:
    """A whole number, or null."""
    return text.cast(pl.Int64, strict=False)


def swapped(form: str) -> str:
    """The format with day and month in each other's place."""
    return form.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


def parts(text: pl.Expr, split: str, gathered: bool, codes: Codes | None) -> pl.Expr:
    """The texts of a delimited cell or of a gathered list, each in the form in which it is looked up."""
    if gathered and not split:
        return text.list.eval(codes.text(pl.element())) if codes and codes.folded else text
    listed = (text.list.join(split) if gathered else text).str.split(split)
    stripped = pl.element().str.strip_chars().replace("", None)
    return listed.list.eval(codes.text(stripped) if codes else stripped).list.drop_nulls()


def met(condition: Condition, column: str, gathered: bool) -> pl.Expr:
    """Whether a row meets a condition in one of its columns; never null."""
    text = pl.col(column)
    if not condition.values:
        return text.is_not_null()
    if condition.split or gathered:
        choices = parts(text, condition.split, gathered, condition.codes)
        values = choices.list.eval(condition.codes.value(pl.element())) if condition.codes else choices
        return values.list.eval(pl.element().is_in(condition.values)).list.any().fill_null(value=False)
    value = condition.codes.value(condition.codes.text(text)) if condition.codes else text
    return value.is_in(condition.values).fill_null(value=False)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a table of the return: one for each row of ``source``, or one of constants where it is empty.

    ``area`` is the column of the code of the small area, which is looked up and dropped.
    """

    source: str
    joins: tuple[Join, ...]
    where: Condition | None
    once: bool
    area: str
    cells: Mapping[str, Cell]

    def place(self, column: str) -> tuple[str, str]:
        """The input and the column in it that a column of the block's rows is: ``input.column`` is one of a join."""
        for join in self.joins:
            if column.startswith(f"{join.input}."):
                return join.input, column.removeprefix(f"{join.input}.")
        return self.source, column

    @property
    def ahead(self) -> dict[str, Cell]:
        """What is worked out ahead of the cells, by the column that holds it, with a cell that reads it."""
        return {cell.ahead: cell for cell in self.cells.values() if cell.ahead}

    def gathered(self, column: str) -> bool:
        """Whether a column holds gathered lists: of text, none of them blank; null where there is nothing to gather."""
        name = self.place(column)[0] if column else ""
        return any(join.gather and join.input == name for join in self.joins)

    def reads(self, table: str) -> Iterator[tuple[str, str, str]]:
        """Each input and column that the block reads, with what reads it, in words."""
        for join in self.joins:
            for here, there in join.on.items():
                yield *self.place(here), f"the join of {table}"
                yield join.input, there, f"the join of {table}"
        if self.where:
            for column in self.where.columns:
                yield *self.place(column), f"the condition of {table}"
        if self.area:
            yield *self.place(self.area), f"the place of {table}"
        for name, cell in self.cells.items():
            for column in cell.reads:
                yield *self.place(column), f"{table}.{name}"
