"""A census file being mapped: its rows, what the crosswalk says of them, and the tables of the return so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from rdac_validator.crosswalks import Crosswalk, Match
from rdac_validator.findings import InputError
from rdac_validator.pseudonyms import pseudonyms
from rdac_validator.rules.cin_base import census, ending
from rdac_validator.standard import Standard, Value
from rdac_validator.tables import ROW, Return, Tables, Text

UNKNOWABLE = "not_collected_by_source"
WRITTEN_TIERS = ("T0", "starter", "T1")  # what a return at profile core asks for; T2 is for named decisions
_PROVENANCE = {
    "target_table": pl.String,
    "target_key": pl.String,
    "target_column": pl.String,
    "source_field": pl.String,
    "source_code": pl.String,
    "mapping_status": pl.String,
}


class CensusError(InputError):
    """A census file cannot be mapped at all; the message says why and what to do."""


@dataclass
class Census:
    """The rows of a census file by table, and what has been made of them so far.

    ``rows`` holds dates, numbers and flags cast and codes as they were written. ``texts`` are the tables of the return,
    ``traces`` say where their values come from, ``notes`` what was left out.
    """

    rows: Mapping[str, pl.DataFrame]
    unread: Mapping[str, pl.DataFrame]
    file: str
    format: str
    start: date
    end: date
    code_list: Value
    standard: Standard
    crosswalk: Crosswalk
    key: bytes
    texts: dict[str, Text] = field(default_factory=dict)
    traces: list[pl.DataFrame] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, given: Return, standard: Standard, crosswalk: Crosswalk, key: bytes) -> Census:
        """Look at what a reader gave; raises :class:`CensusError` where nothing was read or the year is not known."""
        if "cin_header" not in given.texts:
            raise CensusError("nothing of the file could be read: rdac validate says what is wrong with it")
        tables = Tables(given.texts, standard)
        year = census(tables).to_native().collect()
        if year.is_empty() or year.item(0, "census_year") is None:
            raise CensusError("the header does not say the census year; give it a ReferenceDate, 31 March at its end")
        start, end, ended = year.row(0)
        head = given.texts["cin_header"]
        return cls(
            rows={name: tables.as_written(name).to_native().collect() for name in given.texts},
            unread={name: text.frame.collect() for name, text in given.texts.items()},
            file=head.file,
            format=head.format,
            start=start,
            end=end,
            code_list=_code_list(standard, ended),
            standard=standard,
            crosswalk=crosswalk,
            key=key,
        )

    def named(self, kind: str, source: pl.Expr) -> pl.Expr:
        """Pseudonyms of a kind for what the source calls so."""
        return pseudonyms(kind, source, self.key)

    def recoded(self, element: str, cls: str, column: str) -> pl.Expr:
        """Translate the codes of an element as the crosswalk says; null where it says nothing of a code.

        A line that leads to the column without a value says that there is an answer and not which.
        """
        lines = self.crosswalk.codes(element, cls, column)
        values = [line.written for line in lines.values()]
        return pl.col(element).replace_strict(list(lines), values, default=None, return_dtype=pl.String)

    def trace_codes(
        self,
        rows: pl.DataFrame,
        key: str,
        element: str,
        target: tuple[str, str],
        lines: Mapping[str, Match] | None = None,
    ) -> None:
        """Note the codes of an element that a column of the return was filled from; ``key`` is a column of ``rows``.

        ``target`` is the class and the column. ``lines`` are those of the crosswalk that lead there, unless codes are
        kept as they stand although their lines lead elsewhere.
        """
        lines = lines or self.crosswalk.codes(element, *target)
        used = rows.filter(pl.col(element).is_in(list(lines)))
        statuses = [line.status.value for line in lines.values()]
        codes = used[element]
        self._note(
            used[key], target, element, codes, codes.replace_strict(list(lines), statuses, return_dtype=pl.String)
        )

    def trace(self, keys: pl.Series, line: Match) -> None:
        """Note that rows of the return hold a value because of a line of the crosswalk about an element."""
        self._note(keys, (line.cls, line.column), line.element, None, line.status.value)

    def _note(
        self, keys: pl.Series, target: tuple[str, str], element: str, codes: pl.Series | None, status: pl.Series | str
    ) -> None:
        table = next(table.name for table in self.standard.tables if table.cls == target[0])
        constant = {"target_table": table, "target_column": target[1], "source_field": element}
        varying = pl.DataFrame({"target_key": keys}).with_columns(
            _cell(None).alias("source_code") if codes is None else codes.alias("source_code"),
            pl.lit(status).alias("mapping_status") if isinstance(status, str) else status.alias("mapping_status"),
            *(pl.lit(text).alias(name) for name, text in constant.items()),
        )
        self.traces.append(varying.select(*_PROVENANCE))

    def write(self, name: str, rows: pl.DataFrame, cells: Mapping[str, pl.Expr | str]) -> None:
        """Make a table of the return: the cells that are given, and for each further answer that nobody collected it.

        ``rows`` holds :data:`ROW`, the line of the census file that a row comes from; a cell is an expression over it
        or the text for every row.
        """
        columns = [c for c in self.standard.table(name).columns if c.tier in WRITTEN_TIERS and not c.derived]
        filled = [
            _cell(cells.get(column.name, UNKNOWABLE if column.coded else None)).alias(column.name) for column in columns
        ]
        frame = rows.select(ROW, *filled).sort(ROW, maintain_order=True)
        self._keep(name, frame)

    def write_provenance(self) -> None:
        """Make the provenance table from everything that was traced, each fact once."""
        traced = pl.concat([pl.DataFrame(schema=_PROVENANCE), *self.traces]).unique(maintain_order=True)
        rows = traced.with_columns(
            pl.lit(0, pl.UInt32).alias(ROW),
            pl.lit(self.code_list.code).alias("provenance_code_list_version"),
            pl.lit(self.crosswalk.version).alias("crosswalk_version"),
        )
        self._keep("provenance", rows.select(ROW, *self.standard.table("provenance").names))

    def _keep(self, name: str, frame: pl.DataFrame) -> None:
        headers = tuple(frame.columns[1:])
        self.texts[name] = Text(name, self.file, self.format, frame.lazy(), frame.height, headers)


def _cell(cell: pl.Expr | str | None) -> pl.Expr:
    return cell if isinstance(cell, pl.Expr) else pl.lit(cell, pl.String)


def _code_list(standard: Standard, ended: int) -> Value:
    versions = standard.lists["CodeListVersion"].values
    for version in versions:
        year = version.notes.get("census_year")
        if year and ending(year) == ended:
            return version
    known = [version.notes["census_year"] for version in versions if "census_year" in version.notes]
    raise CensusError(f"the census year is not one of {known[0]} to {known[-1]}, whose code lists are known")
