"""The CIN census XML file, read as flat text tables: one pass of expat, exact line numbers, no network, no entities.

Which elements there are, where they stand and which table they fill is said in ``schema/cin.yaml`` (``xpath``,
``cardinality``, ``surrogate`` and ``dropped``) and nowhere else. A cell is kept as it was written, outer spaces apart;
flags are written true or false. UPNs are passed over and never held.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.formats import cin_faults as faults
from rdac_validator.formats.cin_tree import Node, tree
from rdac_validator.formats.cin_write import write
from rdac_validator.formats.source import ReadError
from rdac_validator.standard import Standard, Table
from rdac_validator.tables import DATE, ROW, SHAPES, YEAR, Return, Text

__all__ = ["read", "write"]

FORMAT = "cin-xml"
FILE = "census.xml"  # what findings call it: its own name may be that of a child
MOST_LEVELS = 64  # a census file has eight; a wide margin for groups that later years may add
_CHUNK = 1 << 16
_WHAT = {"date": "a date (2025-03-31)", "boolean": "true or false", "integer": "a whole number", "year": "a year"}


def read(path: Path, standard: Standard) -> Return:
    """Read the census file at ``path`` as text tables ``cin_*``, all of them even if empty, with the faults of reading.

    The row number of a cell is the line on which its group begins. A file that is not XML to its end, declares a
    DOCTYPE or is not a CIN census gives no tables at all, so that nothing half-read passes for checked. Raises
    :class:`~rdac_validator.formats.ReadError` if the file cannot be opened.
    """
    root, sinks = tree(standard.source_tables)
    reading = _Reading(FILE, root)
    try:
        fatal = reading.parse(path)
    except OSError as refusal:
        raise ReadError(f"the census file cannot be read: {refusal.strerror}") from refusal
    if fatal is not None:
        return _nothing(fatal)
    frames = {name: sink.frame() for name, sink in sinks.items()}
    header = frames["cin_header"]
    if not _is_cin(header):
        message = "the header names another collection than CIN, so nothing of the file was read"
        return _nothing(faults.NotACensus.group(FILE, message))
    texts = {
        name: Text(name, FILE, FORMAT, frame.lazy(), frame.height, tuple(frame.columns[1:]))
        for name, frame in frames.items()
    }
    groups = [*reading.groups(), *_undated(FILE, header)]
    if frames["cin_child"].is_empty():
        groups.append(faults.NoChild.group(FILE, "the file holds no child"))
    for name, sink in sinks.items():
        groups += [*sink.repeated(FILE), *_wrong_shape(FILE, sink.table, frames[name])]
    return Return(texts, tuple(groups), faults.LOOKED_FOR)


def _nothing(fatal: Group) -> Return:
    """What a file gives that stopped being readable: one fault, and nothing said of those that were not looked for."""
    return Return({}, (fatal,), tuple(info for info in faults.LOOKED_FOR if info.code == fatal.code))


class _Reading:
    """One reading of one file: expat's handlers, and the lines at which something was wrong."""

    def __init__(self, file: str, root: Node) -> None:
        self.file = file
        self.root = root
        self.known = frozenset(root.names())
        self.strange: list[int] = []
        self.astray: dict[str, list[int]] = {}
        self.stray: list[int] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = _CHUNK
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared
        self._listen()

    def parse(self, path: Path) -> Group | None:
        """Read the file to its end; the finding that made it impossible, or ``None``."""
        try:
            with path.open("rb") as file:
                self._feed(file)
        except _StopError as stop:
            return stop.group
        except expat.ExpatError as error:
            message = f"not XML from here on ({expat.ErrorString(error.code)}); nothing of the file was checked"
            return faults.NotWellFormed.group(self.file, message, [error.lineno])
        except (LookupError, ValueError):  # expat asks Python for an encoding that it does not know itself
            message = "the encoding that the file's first line names cannot be read; export the file as UTF-8"
            return faults.NotWellFormed.group(self.file, message, [1])
        return None

    def _feed(self, file: BinaryIO) -> None:
        """Give expat the file. It reads a name or a tag again from its start until its end is there: a long one is
        given in ever larger pieces, or one of some megabytes would take hours.
        """
        size, before = _CHUNK, -1
        while data := file.read(size):
            self.parser.Parse(data, False)
            size = _CHUNK if self.parser.CurrentByteIndex > before else 2 * size
            before = self.parser.CurrentByteIndex
        self.parser.Parse(b"", True)

    def groups(self) -> Iterator[Group]:
        """Tell what was wrong with a file that could be read to its end."""
        if self.strange:
            message = "elements that no known census year has were passed over, with all that they hold"
            yield faults.UnknownElement.group(self.file, message, self.strange)
        for name, lines in self.astray.items():
            message = f"{name} stands where it does not belong and was not read"
            yield faults.OutOfPlace.group(self.file, message, lines)
        if self.stray:
            yield faults.StrayText.group(self.file, "text between elements was not read", self.stray)

    def _listen(self) -> None:
        # closures over local names: this is the inner loop, run four times an element
        parser, stranger, stray = self.parser, self._stranger, self.stray
        stack, text = [self.root], list[str]()

        def start(name: str, _: dict[str, str]) -> None:
            node = stack[-1].inside.get(name) or stranger(name, stack)
            if node.sink is not None:
                node.sink.open(parser.CurrentLineNumber)
            stack.append(node)

        def data(characters: str) -> None:
            if stack[-1].cell is not None:
                text.append(characters)
            elif not characters.isspace() and not stack[-1].ignored:
                stray.append(parser.CurrentLineNumber - characters.lstrip().count("\n"))

        def end(_: str) -> None:
            node = stack.pop()
            if node.cell is not None:
                rows, texts = node.cell
                rows.append(len(node.rows) - 1)
                texts.append("".join(text).strip())
                text.clear()

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data

    def _stranger(self, name: str, stack: list[Node]) -> Node:
        """Pass over an element that has no place here, and say so once for all that it holds."""
        line = self.parser.CurrentLineNumber
        if len(stack) > MOST_LEVELS:
            message = f"elements are nested more than {MOST_LEVELS} deep; nothing of the file was read"
            raise _StopError(faults.TooDeep.group(self.file, message, [line]))
        if len(stack) == 1:
            message = f"the outermost element is not {next(iter(self.root.inside))}, so this is not a CIN census file"
            raise _StopError(faults.NotACensus.group(self.file, message, [line]))
        if stack[-1].ignored:
            pass
        elif name in self.known:
            self.astray.setdefault(name, []).append(line)
        else:
            self.strange.append(line)
        return Node(ignored=True)

    def _declared(self, *_: object) -> None:
        message = "the file declares a DOCTYPE or an entity; remove it, nothing of the file was read"
        raise _StopError(faults.HasDoctype.group(self.file, message, [self.parser.CurrentLineNumber]))


class _StopError(Exception):
    """Ends a reading from inside expat's handlers; holds the finding to give."""

    def __init__(self, group: Group) -> None:
        super().__init__(group.code)
        self.group = group


def _is_cin(header: pl.DataFrame) -> bool:
    named = header["Collection"].drop_nulls()
    return named.is_empty() or named[0].upper() == "CIN"


def _undated(file: str, header: pl.DataFrame) -> Iterator[Group]:
    dated = pl.col("ReferenceDate").str.contains(DATE) | pl.col("Year").str.contains(YEAR)
    if header.filter(dated).is_empty():
        message = "the header has no ReferenceDate and no Year; give ReferenceDate, 31 March as the census year ends"
        yield faults.NoCensusDate.group(file, message, header[ROW].head(1), "cin_header", ("ReferenceDate",))
    if header.height > 1:
        message = "there is more than one Header; the first was read"
        yield faults.RepeatedElement.group(file, message, header[ROW].tail(-1), "cin_header")


def _wrong_shape(file: str, table: Table, frame: pl.DataFrame) -> Iterator[Group]:
    for column in table.columns:
        if column.type in _WHAT and column.name in frame.columns:
            lines = frame.filter(~pl.col(column.name).str.contains(SHAPES[column.type]))[ROW]
            if lines.len():
                message = f"{column.name} is not {_WHAT[column.type]} and is treated as missing"
                yield faults.WrongShape.group(file, message, lines, table.name, (column.name,))
