"""Cells for the two engines to disagree on, made from the standard: for every field every fault that applies to it.

Nothing here names a field. Of each kind of fault it says what a cell with it looks like, in a column of which the
standard says this and that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import polars as pl

from rdac_validator.rules.cells import Blank, BlankCode, OutOfRange, UkDate, WrongPattern, WrongType
from rdac_validator.rules.codes import ExclusiveChoice, NearlyCode, ReasonAmongChoices, RepeatedChoice, UnknownCode
from rdac_validator.rules.kinds import kinds_of
from rdac_validator.rules.safety import ContactDetail, KeyFromPerson, OfficialNumber, SmallArea
from rdac_validator.rules.structural import CellKind
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import ROW, Return, Text

NO_BREAK, WIDE, ARABIC, MARK = "\u00a0", "\uff15", "\u0663", "\ufeff"
LIKE = {"s": "\u017f", "k": "\u212a", "i": "\u0131", "a": "\u0430"}  # letters that are, or look like, others
# cells that readers of types, patterns and blanks differ on, for every field
EDGES = (
    *("", " ", "  ", "\t", "\n", NO_BREAK, MARK, "\u3000", "\x1c", "\u200b", "\u2028"),
    *("NA", "N/A", "n/a", "null", "NULL", "None", "nan", "-", ".", "#N/A", "?"),
    *("true", "TRUE", "True", "1", "yes", "Yes", "false", "FALSE", "0", "no"),
    *("5", "5.0", " 5", "5 ", "5\n", "+5", "-5", "-0", "1e3", "05", "1_0", "5,0", "0x5", WIDE, ARABIC, "5\u00a0"),
    *("999999999999999999", "1000000000000000000", "9" * 19, "9" * 40, "-1000000000000000000", "1" * 5000),
    *("31/01/2024", "1/2/24", "31.01.2024", "31-01-2024", "2024/01/31", "31/01/2024 ", "31/01/2024\n"),
    *("01/2024", "1.2024", "2024-01", "2024-13", "2024-1", "0000-01", "2024", "0000", "24", "2024-01\n"),
    *("2024-01-31", "2024-1-31", "20240131", "2024-W05-3", "2024-031", "2024-01-31T00:00:00", "2024-01-31\n"),
    *("2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "0000-02-29", "0001-01-01"),
    *("2024-04-31", "2024-00-10", "2024-13-01", "2024-01-32", "9999-12-31", "10000-01-01", "-2024-01-31"),
    *(f"202{ARABIC}-01-01", f"{WIDE}024-01-01", "2024‐01‐31", " 2024-01-31", "0999-12-31"),
    *("XCH011", "pk1", "pk1\n", " pk1", "pk1 ", "pk1\r", "PK1", "\ufeffpk1", "pk 1", "pk1é", "ſex", "\u212a1", "ıd1"),
    *("|", "a|b", "a||b", "|a", "a|", "a|a", "İd1", "^a$", "a.b", "'", '"', "\x00", "\U0001f600", "x" * 70, "(", "[a]"),
    *("not_asked", "NOT_ASKED", "not_asked ", "not_asked|declined", "not_asked|a", "not_asked|not_asked"),
)
IDENTIFIERS: dict[type[CellKind], tuple[str, ...]] = {
    KeyFromPerson: ("2010-03-14", "14032010", "AB", "ABC", "12345", "AB140310", "1.2.3", "12", "123"),
    OfficialNumber: ("A123456789012", "9434765919", "943 476 5919", "943-476-5919", "AB123456C", "ZC12P00123"),
    ContactDetail: ("SW1A 1AA", "SW1A1AA", "sw1a_1aa", "07700900123", "+44 7700 900123", "a.b@example.org"),
    SmallArea: ("E01000001", "S01006506", "W01000001", "e02000001", "E05000026"),
}
AROUND = ("{}", "x {} y", "{}\n", "{}.0.0", "x_{}", "{}|{}", "{}İ", "ı{}", "ſ{}", "{}\u212a", "{}é", ".{}", "x1{}")
SAMPLES = {"date": "2024-03-05", "year": "2020", "year_month": "2020-03", "boolean": "true"}
WORDS = ("1.0.0", "201", "table_name", "kq7h2m9x4v8c3n6b5tz")
Cells = Iterable[str]


def key(number: int) -> str:
    """A key that looks like a hash, another for each number."""
    return f"kq7h2m9x4v8c3n6b{number:05d}tz"


def good(column: Column, standard: Standard) -> str:
    """A cell without fault."""
    if column.lists:
        return standard.codes(column)[0]
    if column.type in SAMPLES:
        return SAMPLES[column.type]
    if column.type == "integer":
        return str(column.minimum or 0)
    return next(word for word in WORDS if re.search(column.pattern, word)) if column.pattern else "words"


def listed(column: Column, standard: Standard) -> tuple[str, ...]:
    """What may stand in a cell as it is: codes and missing reasons."""
    return (*standard.codes(column), *(standard.missing_reasons if column.coded else ()))


def uk_dates(column: Column, _standard: Standard) -> Cells:
    return ["31/01/2024", "1.2.24", *(["01/2024"] if column.type == "year_month" else [])]


def wrong_types(column: Column, standard: Standard) -> Cells:
    fine = good(column, standard)
    return [f"{fine} ", f" {fine}", f"{fine}\n", f"{fine}.0", f"+{fine}", "x"]


def nearly_codes(column: Column, standard: Standard) -> Cells:
    first = good(column, standard)
    for code in listed(column, standard):
        forms = (code.upper(), code.lower(), code.title(), f" {code}", f"{code} ", f"{code}\n", f"{NO_BREAK}{code}\t")
        yield from (form for form in forms if form != code)
        if column.multiple:
            yield from (f"{first}|{forms[0]}", f"{forms[3]}|{first}")


def unknown_codes(column: Column, standard: Standard) -> Cells:
    for code in listed(column, standard):
        yield from (f"{code}x", f"XCH{code}", code[:-1], f"{code}ſ", f"{code}\x1c", f"{MARK}{code}")
        yield from (code.replace(letter, other) for letter, other in LIKE.items() if letter in code)
        if column.multiple:
            yield from (f"{code}|", f"{code}|x", f"{code},{code}")


def wrong_patterns(column: Column, standard: Standard) -> Cells:
    fine = good(column, standard)
    longest = [int(number) for number in re.findall(r"([0-9]+)}", column.pattern)]
    lengths = [fine[0] * (number + more) for number in longest for more in (-1, 0, 1, 2)]
    return [f"{fine}!", f"!{fine}", f"{fine}\n", f"{fine} ", f"{fine}ſ", f"{fine}{WIDE}", f"{fine}|{fine}", *lengths]


def out_of_range(column: Column, _standard: Standard) -> Cells:
    assert column.minimum is not None
    assert column.maximum is not None
    low, high = column.minimum - 1, column.maximum + 1
    if column.type == "year":
        return [f"{low:04d}", f"{high:04d}", "0000", "9999"]
    return [str(low), str(high), "-0", "-5", "123456789012345678"]


def repeated(column: Column, standard: Standard) -> Cells:
    for code in listed(column, standard) or ["a", ""]:
        yield from (f"{code}|{code}", f"{code}|x|{code}")


def beside(codes: Callable[[Column, Standard], Sequence[str]]) -> Callable[[Column, Standard], Cells]:
    """Each of some codes beside another, before and after it."""

    def cells(column: Column, standard: Standard) -> Cells:
        other = good(column, standard)
        for code in codes(column, standard):
            yield from (f"{code}|{other}", f"{other}|{code}", f"x|{code}|{other}")

    return cells


def exclusive(column: Column, standard: Standard) -> Sequence[str]:
    return [code for name in column.lists for code in standard.lists[name].where("exclusive")]


def identifiers(kind: type[CellKind]) -> Callable[[Column, Standard], Cells]:
    """What should not be in a return, alone and in the midst of other text, where the column's form lets it stand."""

    def cells(column: Column, _standard: Standard) -> Cells:
        for text in IDENTIFIERS[kind]:
            for form in AROUND:
                cell = form.format(text, text)
                yield from (c for c in (cell, cell.lower(), cell.upper()) if re.search(column.pattern, c))

    return cells


MADE: dict[type[CellKind], Callable[[Column, Standard], Cells]] = {
    Blank: lambda _column, _standard: [""],
    BlankCode: lambda _column, _standard: [""],
    UkDate: uk_dates,
    WrongType: wrong_types,
    NearlyCode: nearly_codes,
    UnknownCode: unknown_codes,
    WrongPattern: wrong_patterns,
    OutOfRange: out_of_range,
    RepeatedChoice: repeated,
    ReasonAmongChoices: beside(lambda _column, standard: standard.missing_reasons),
    ExclusiveChoice: beside(exclusive),
    **{kind: identifiers(kind) for kind in IDENTIFIERS},
}


def mutants(column: Column, standard: Standard) -> dict[str, list[str]]:
    """For every kind of fault that applies to a column the cells made to have it, by code."""
    return {kind.code: list(MADE[type(kind)](column, standard)) for kind in kinds_of(column)}


def cells_of(column: Column, standard: Standard) -> list[str]:
    """Every cell tried in a column, each once: edges, mutants, and what is right."""
    made = [cell for cells in mutants(column, standard).values() for cell in cells]
    return list(dict.fromkeys((*EDGES, *made, *listed(column, standard), good(column, standard))))


UNKNOWN = "_unknown_99"


def corpus(standard: Standard) -> Return:
    """A return with every cell of :func:`cells_of` in its column, then every edge in the key of two rows."""
    return Return({table.name: text_of(table, standard) for table in standard.tables})


def height(table: Table, standard: Standard) -> int:
    """Rows of a table in :func:`corpus`: the longest column, the edges of keys, and one that others can refer to."""
    return max(len(cells_of(column, standard)) for column in table.columns) + 2 * len(EDGES) + 1


def text_of(table: Table, standard: Standard) -> Text:
    """One table of :func:`corpus`, with a column that the standard does not know, which safety kinds look at."""
    total = height(table, standard)
    columns = {column.name: column_of(column, table, standard, total) for column in table.columns}
    unknown = [form.format(text, text) for texts in IDENTIFIERS.values() for text in texts for form in AROUND]
    columns[UNKNOWN] = [*unknown[:total], *[None] * (total - len(unknown))]
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_row_index(ROW, 2)
    return Text(table.name, f"{table.name}.csv", "csv", frame.lazy(), total, table.names, {UNKNOWN: "shoe_size"})


def column_of(column: Column, table: Table, standard: Standard, total: int) -> list[str | None]:
    """The cells tried, then good ones; at the end every edge twice where the column is part of the key."""
    tried = cells_of(column, standard)
    if column.name in table.key and column.type == "string":
        fine = [key(number) for number in range(total)]
    elif column.references:
        fine = [key(height(standard.table(column.references), standard) - 1)] * total
    else:
        fine = [good(column, standard)] * total
    twice = [edge for edge in EDGES for _ in range(2)] if column.name in table.key else []
    return [*tried, *fine[len(tried) : total - 1 - len(twice)], *twice, fine[-1]]
