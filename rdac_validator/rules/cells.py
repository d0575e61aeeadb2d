"""The structural kinds of cells: what the schema declares of a column, turned into verdicts on its text."""

from __future__ import annotations

import re
from datetime import date

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.structural import CellKind, TextKind
from rdac_validator.standard import Column, Standard
from rdac_validator.tables import DELIMITER, SHAPES

UK_DATE = "^[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{2}|[0-9]{4})$"
UK_MONTH = "^[0-9]{1,2}[/.-][0-9]{4}$"
SHAPE_WORDS = {
    "date": "a date written YYYY-MM-DD that the calendar has",
    "integer": "a whole number without decimals, spaces or separators",
    "year": "a year in four digits",
    "year_month": "a month written YYYY-MM",
    "boolean": "true or false",
    "string": "text",
    "code": "a code written as text",
}


def _blank(column: Column) -> nw.Expr:
    cell = nw.col(column.name)
    return cell.is_null() | (cell == "")


def _reason(column: Column, standard: Standard) -> nw.Expr:
    return nw.col(column.name).is_in(standard.missing_reasons if column.coded else ())


def several(token: str, flags: str = "") -> str:
    """An anchored pattern for one ``token`` or several, joined with the delimiter."""
    return f"{flags}^(?:{token})(?:{re.escape(DELIMITER)}(?:{token}))*$"


def _is_reason(cell: str, column: Column, standard: Standard) -> bool:
    return column.coded and cell in standard.missing_reasons


def _parts(cell: str, column: Column) -> list[str]:
    return cell.split(DELIMITER) if column.multiple else [cell]


def _reads(cell: str, kind: str) -> bool:
    """Whether a cell is a value of a type; a date has to stand in the calendar."""
    if kind != "date":
        return re.fullmatch(SHAPES[kind], cell) is not None
    try:
        return bool(re.fullmatch("[0-9-]{10}", cell) and date.fromisoformat(cell))
    except ValueError:
        return False


class Blank(CellKind):
    """A cell that must hold a value is blank.

    Why: keys and the dates of events hold a return together; without them a row cannot be joined or placed in time.
    Fix: fill in the value in the source system and export again; a row without a key cannot be kept.
    """

    code = "RDAC101"
    sources = ("rdac-2026:app-1",)
    requirements = ("R04",)
    native = frozenset({"required", "blank-row"})

    def applies_to(self, column: Column) -> bool:
        """Columns that the schema requires."""
        return column.required

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Not blank."""
        return ~_blank(column)

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """Blank."""
        return not cell

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column."""
        return f"{column.name} is blank; it must hold a value in every row"


class BlankCode(CellKind):
    """A coded cell is blank: neither a value nor a missing reason.

    Why: a blank cannot tell "not asked" from "asked, not known", "declined" or "not safe to ask", and is read as "no".
    Fix: give a value, or the one of the eight missing reasons that is true; for an unasked question that is not_asked.
    """

    code = "RDAC102"
    sources = ("rdac-2026:5.1", "powell-2024:3.2")
    requirements = ("R05",)

    def applies_to(self, column: Column) -> bool:
        """Columns that hold a value or a missing reason."""
        return column.coded and not column.required and not column.derived

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Not blank."""
        return ~_blank(column)

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """Blank."""
        return not cell

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column and where the missing reasons are listed."""
        return f"{column.name} is blank; give a value or a missing reason (rdac explain MissingReason)"

    def severity_of(self, column: Column) -> Severity:
        """A warning on extended fields, an error on all others."""
        return Severity.WARNING if column.tier == "T2" else Severity.ERROR


class _ShapeKind(CellKind, abstract=True):
    """What the kinds on types share: a cell of the right shape cannot be at fault."""

    def plain(self, column: Column, standard: Standard) -> nw.Expr:
        """Every cell has the right shape."""
        return _shaped(column, standard)


class UkDate(_ShapeKind):
    """A date is written the British way, day first, and not YYYY-MM-DD.

    Why: 01/02/2024 reads as 1 February here and as 2 January elsewhere; a swapped date moves a child's age and order.
    Fix: export dates as YYYY-MM-DD. In Excel: format the cells (custom, yyyy-mm-dd) before saving as CSV.
    """

    code = "RDAC103"
    sources = ("rdac-2026:app-1",)
    native = frozenset({"type-error", "pattern"})
    keywords = frozenset({"pattern"})

    def applies_to(self, column: Column) -> bool:
        """Dates and year-months."""
        return column.type in {"date", "year_month"}

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Not of the form 31/01/2024 or 01/2024."""
        cell = nw.col(column.name)
        return ~cell.str.contains(UK_DATE if column.type == "date" else f"{UK_DATE}|{UK_MONTH}")

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """Of the form 31/01/2024 or 01/2024."""
        month = column.type == "year_month" and re.fullmatch(UK_MONTH, cell)
        return bool(month or re.fullmatch(UK_DATE, cell))

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column and the form to write."""
        form = "YYYY-MM-DD" if column.type == "date" else "YYYY-MM"
        return f"{column.name} is written day first, as in 31/01/2024; write {form}"


def _shaped(column: Column, standard: Standard) -> nw.Expr:
    fine = _blank(column) | nw.col(column.name).str.contains(SHAPES[column.type])
    return fine | _reason(column, standard) if column.coded else fine


class WrongType(_ShapeKind):
    """A cell is not of its column's type.

    Why: a number, date or month that cannot be read as one is lost to every count, and silences the checks behind it.
    Fix: write dates as YYYY-MM-DD, months as YYYY-MM, whole numbers without decimals (5, not 5.0), true or false.
    In JSON and YAML numbers, true and false stand bare and all else in quotation marks; several choices are a list; a
    blank is left out.
    """

    code = "RDAC104"
    sources = ("rdac-2026:app-1",)
    native = frozenset({"type-error", "pattern", "minimum", "maximum"})
    keywords = frozenset({"type", "pattern", "oneOf", "minimum", "maximum"})

    def applies_to(self, column: Column) -> bool:
        """Every column that is neither text nor a code."""
        return column.type in SHAPES

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Right shape, or blank, or a missing reason where one may stand, or a British date (its own finding)."""
        fine = _shaped(column, standard)
        return fine | ~UkDate().valid(column, standard) if UkDate().applies_to(column) else fine

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """Something that does not read as the column's type, and no British date."""
        if not cell or _is_reason(cell, column, standard) or _reads(cell, column.type):
            return False
        return not (UkDate().applies_to(column) and UkDate().objects(cell, column, standard))

    def registered(self, column: Column) -> bool:
        """Where the Table Schema gives a type and no pattern: readers of types take 2024-1-5, +5 and Arabic digits."""
        return not column.coded and column.type != "year_month"

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column and the type."""
        also = " or a missing reason" if column.coded else ""
        several = "a list, each choice of which is " if column.multiple else ""
        return f"{column.name} is not {several}{SHAPE_WORDS[column.type]}{also}"


class WrongPattern(TextKind):
    """A cell does not have the form that its column asks for.

    Why: keys and codes of another form cannot be joined, and a free form is where a name or a case number slips in.
    Fix: see rdac explain for the form; pseudonyms are letters, digits, - and _, made by keyed hashing.
    """

    code = "RDAC107"
    sources = ("rdac-2026:4.5",)
    requirements = ("R04",)
    native = frozenset({"pattern"})
    keywords = frozenset({"pattern"})

    def applies_to(self, column: Column) -> bool:
        """Text columns with a pattern."""
        return column.type == "string" and bool(column.pattern)

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Blank, a missing reason, or matching."""
        pattern = column.pattern
        if column.multiple:
            pattern = several(pattern.removeprefix("^").removesuffix("$"))
        return _blank(column) | _reason(column, standard) | nw.col(column.name).str.contains(pattern)

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """A value, or one of several, that the pattern does not match from end to end."""
        if not cell or _is_reason(cell, column, standard):
            return False
        return not all(re.fullmatch(column.pattern, part) for part in _parts(cell, column))

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column and its pattern."""
        return f"{column.name} does not have the form {column.pattern}"


class OutOfRange(CellKind):
    """A number lies outside the range of its column.

    Why: a decile of 11 or a year of 205 is a slip of the keyboard that would move a whole chart.
    Fix: correct the number in the source system; the range stands in rdac explain.
    """

    code = "RDAC108"
    sources = ("rdac-2026:app-1",)
    native = frozenset({"minimum", "maximum", "pattern"})
    keywords = frozenset({"minimum", "maximum"})

    def applies_to(self, column: Column) -> bool:
        """Numbers with a minimum or a maximum."""
        return column.type in {"integer", "year"} and (column.minimum is not None or column.maximum is not None)

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Within the range, or not a number at all (its own finding)."""
        cell = nw.col(column.name)
        number = nw.when(cell.str.contains(SHAPES[column.type])).then(cell).cast(nw.Int64)
        inside = nw.lit(value=True)
        if column.minimum is not None:
            inside = inside & (number >= column.minimum)
        if column.maximum is not None:
            inside = inside & (number <= column.maximum)
        return inside

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """A number, and too small or too large."""
        if not _reads(cell, column.type):
            return False
        low, high = column.minimum, column.maximum
        return (low is not None and int(cell) < low) or (high is not None and int(cell) > high)

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column and its range."""
        return f"{column.name} is outside {column.minimum} to {column.maximum}"
