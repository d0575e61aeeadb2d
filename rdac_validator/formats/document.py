"""JSON and YAML documents: an object with a list of records for each table; or several such documents in one list.

A table becomes a frame of text as from CSV, so that every rule sees the same cells. The records as they were typed are
kept beside it, because text cannot tell 5 from "5": :mod:`rdac_validator.structure.jsonschema_` judges that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.formats import faults
from rdac_validator.formats.matching import Candidate, match
from rdac_validator.formats.names import Header, header, plain
from rdac_validator.formats.source import Reading, Source, gather
from rdac_validator.formats.typed import Properties, Word, parse
from rdac_validator.standard import Standard, Table
from rdac_validator.tables import DELIMITER, ROW, Cell, Return, Text

# a table of the standard has at most 22 properties; each that it does not know becomes a column
WIDE = 1000
CELLS = 50_000_000
FORMS = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
NESTED: dict[str, object] = {}


def read(source: Source, standard: Standard) -> Return:
    """Read the tables of a document, or of several in a list. Records are numbered from 1, through all documents.

    A record that stands word for word in an earlier document of the list is read once: each document says again what
    it shares with others, such as the return that it belongs to. A property that is absent is a blank.
    """
    form = FORMS[source.file[source.file.rindex(".") :]]
    parsed = parse(source, form)
    if parsed.refused:
        return gather((), parsed.groups, container=form)
    several = isinstance(parsed.value, list)
    documents = parsed.value if isinstance(parsed.value, list) else [parsed.value]
    names = dict.fromkeys(name for document in documents if isinstance(document, Properties) for name in document)
    if len(names) > WIDE:
        what, fix = f"it has more than {WIDE:,} different properties", "each is to be a table of the standard"
        return gather((), (*parsed.groups, faults.BeyondLimits.at("", source.file, what=what, fix=fix)), container=form)
    places = enumerate(names, start=1)
    found = match([Candidate(name, name, f"property {n} of the document") for n, name in places], standard, source.file)
    tables = [_Lists(standard.table(name), source.file, form, several) for name in found.tables]
    readings = [lists.reading(documents, found.tables[lists.table.name].name) for lists in tables]
    again = sum(lists.again for lists in tables)
    notes = [f"records that stand word for word in an earlier document of the list and were read once: {again}"]
    groups = (*parsed.groups, *_strays(documents, standard, source.file), *found.groups)
    return gather(readings, groups, notes if again else (), form)


def _strays(documents: Sequence[object], standard: Standard, file: str) -> Iterator[Group]:
    """Documents that are no object, and tables that stand twice in one."""
    strays = [number for number, document in enumerate(documents, start=1) if not isinstance(document, Properties)]
    if strays:
        fix = "a return is an object with a list of records for each table"
        yield faults.NotOurShape.at("", file, what=_document(strays, len(documents)), found="no object", fix=fix)
    twice: dict[str, list[int]] = {}
    for number, document in enumerate(documents, start=1):
        for name in document.doubled if isinstance(document, Properties) else ():
            twice.setdefault(plain(name), []).append(number)
    for table in standard.names:
        if table in twice:
            what = f"another property of {_document(twice[table], len(documents))}"
            yield faults.TableTwice.at(table, file, what=what)


def _document(numbers: Sequence[int], total: int) -> str:
    """The documents with these numbers, in words: the first, and how many others."""
    others = f" (and {len(numbers) - 1:,} more)" if len(numbers) > 1 else ""
    return f"document {numbers[0]} of the list{others}" if total > 1 else "the document"


@dataclass
class _Lists:
    """One table in all documents: its records by number, and what was met on the way.

    ``again`` counts the records that stand in an earlier document; ``doubled`` are rows by the property that stands
    twice in them, ``strays`` the rows that are no objects.
    """

    table: Table
    file: str
    form: str
    several: bool
    records: dict[int, dict[str, Cell]] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    number: int = 0
    again: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    doubled: dict[str, list[int]] = field(default_factory=dict)
    strays: list[int] = field(default_factory=list)

    def reading(self, documents: Sequence[object], name: str) -> Reading:
        """Read the table that stands under ``name`` in the documents."""
        lists = [document.get(name, []) if isinstance(document, Properties) else [] for document in documents]
        for place, records in enumerate(lists):
            self.starts.append(self.number)
            for record in records if isinstance(records, list) else ():
                self.add(record, place)
        whole = all(isinstance(records, list) for records in lists)
        return self.made(whole)

    def add(self, record: object, document: int) -> None:
        """One more record, of the document at a place in the list."""
        self.number += 1
        if not isinstance(record, Properties):
            self.strays.append(self.number)
            return
        cells = {name: _cell(value) for name, value in record.items()}
        if self.several and self.seen.setdefault(repr(sorted(cells.items())), document) != document:
            self.again += 1
            return
        self.records[self.number] = cells
        for name in record.doubled:
            self.doubled.setdefault(name, []).append(self.number)

    def made(self, whole: bool) -> Reading:
        """The table as text and as it was typed, and its faults."""
        if not (whole or self.records):
            return Reading(None, tuple(self.shape(whole)))
        rows: dict[str, list[int]] = {}
        for number, cells in self.records.items():
            for name in cells:
                rows.setdefault(name, []).append(number)
        if len(rows) > WIDE or len(rows) * len(self.records) > CELLS:
            what, found = f"`{self.table.name}`", f"a list with {len(rows):,} different properties"
            fix = "write the properties of the table and no others"
            return Reading(None, (faults.NotOurShape.at(self.table.name, self.file, what=what, found=found, fix=fix),))
        columns = header(tuple(rows), self.table, self.file, rows=tuple(rows.values()))
        named = dict(zip(rows, columns.names, strict=True))
        text = Text(
            self.table.name,
            self.file,
            self.form,
            self.frame(columns, named),
            len(self.records),
            self.table.names,
            columns.unknown,
            damaged=bool(self.strays) or not whole,
            records={number: {named[k]: cell for k, cell in cells.items()} for number, cells in self.records.items()},
            starts=tuple(self.starts) if self.several else (),
        )
        return Reading(text, (*columns.groups, *self.shape(whole), *self.again_named(named), *_words(text, self.table)))

    def frame(self, columns: Header, named: Mapping[str, str]) -> pl.LazyFrame:
        """Every column of the standard and every unknown one, each cell as the text that would stand in CSV."""
        stored = {name: header for header, name in named.items()}
        data: dict[str, list[int] | list[str | None]] = {ROW: list(self.records)}
        for name in (*self.table.names, *columns.unknown):
            at = stored.get(name)
            data[name] = [None if at is None else text_of(cells.get(at)) for cells in self.records.values()]
        return pl.DataFrame(data, schema={ROW: pl.UInt32, **dict.fromkeys(list(data)[1:], pl.String)}).lazy()

    def shape(self, whole: bool) -> Iterator[Group]:
        """What is no list of records, or no record."""
        if not whole:
            what, fix = f"`{self.table.name}`", "write its records as a list, even one"
            yield faults.NotOurShape.at(self.table.name, self.file, what=what, found="no list", fix=fix)
        if self.strays:
            fix = "write it as an object of named values"
            yield faults.NotOurShape.at(
                self.table.name, self.file, self.strays, what="the record", found="no object", fix=fix
            )
        nested = [
            number
            for number, cells in self.records.items()
            if any(_nested(cell) for name, cell in cells.items() if name not in self.table.names)
        ]
        if nested:
            fix = "what stands in it was not looked at; a cell is one value or a list of values"
            what = "a property that the table does not know"
            yield faults.NotOurShape.at(self.table.name, self.file, nested, what=what, found="an object", fix=fix)

    def again_named(self, named: Mapping[str, str]) -> Iterator[Group]:
        """Properties that stand twice in a record."""
        for name, rows in self.doubled.items():
            known = named[name] in self.table.names
            what = f"`{named[name]}`" if known else "a property that the table does not know"
            columns = (named[name],) if known else ()
            yield faults.RepeatedProperty.at(self.table.name, self.file, rows, columns, what=what)


def _words(text: Text, table: Table) -> Iterator[Group]:
    """Bare words of YAML that other programs read otherwise."""
    rows: dict[str, list[int]] = {}
    for number, cells in (text.records or {}).items():
        for name, cell in cells.items():
            if isinstance(cell, Word) or (isinstance(cell, list) and any(isinstance(item, Word) for item in cell)):
                rows.setdefault(name, []).append(number)
    for name in table.names:
        if name in rows:
            yield faults.DoubtfulWord.at(table.name, text.file, rows[name], (name,), name=name)


def _nested(cell: Cell) -> bool:
    return cell == NESTED or (isinstance(cell, list) and NESTED in cell)


def _cell(value: object) -> Cell:
    """A value of a record; what is deeper than a list of single values becomes an empty object."""
    if isinstance(value, list):
        return [NESTED if isinstance(item, list) else _single(item) for item in value]
    return _single(value)


def _single(value: object) -> Cell:
    match value:
        case dict():
            return NESTED
        case str() if not value.isascii() and not _unicode(value):
            return value.encode("utf-8", "replace").decode()
        case str() | int() | float() | None:
            return value
    raise TypeError(f"a document holds no {type(value).__name__}")


def _unicode(text: str) -> bool:
    """Whether a text has no lone half of a surrogate pair, which JSON can write and no file can hold."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def text_of(cell: object) -> str | None:
    """A cell as the text that would stand in CSV; ``None`` for a blank. An object has none and stands as ``{}``."""
    match cell:
        case None | "":
            return None
        case bool():
            return "true" if cell else "false"
        case list():
            return DELIMITER.join(text_of(item) or "" for item in cell) or None
        case _:
            return str(cell)
