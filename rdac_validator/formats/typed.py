"""JSON and YAML as plain values, read so that a document can neither swell nor run: no aliases, no tags, stated limits.

YAML is read by the core schema of YAML 1.2, under which a plain ``no`` or ``2025-01-31`` is text, as in JSON. Programs
that follow YAML 1.1 take some plain words for other things; :class:`Word` marks those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from rdac_validator.findings import Group
from rdac_validator.formats import faults
from rdac_validator.formats.encoding import utf8
from rdac_validator.formats.source import Source

# in memory a document takes about ten times its size, and one of brackets and commas far more
LIMIT = 100_000_000
VALUES = 5_000_000
# a list of documents, tables, records, cells, choices: five
DEPTH = 20
_DIRECTIVE = re.compile("^%", re.MULTILINE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile("~|null|Null|NULL|")
_TRUE = re.compile("true|True|TRUE")
_FALSE = re.compile("false|False|FALSE")
_INTEGER = re.compile("[-+]?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(
    r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_DOUBTFUL = re.compile(
    "(?i:y|n|yes|no|on|off)|[-+]?0[0-9a-fox_]+|[-+]?[0-9][0-9_]*_[0-9_]*|[-+]?[0-9]+(?::[0-5]?[0-9])+(?:[.][0-9]*)?"
)


class Properties(dict[str, object]):
    """An object of a document. Of a name that stands in it twice it has the first value; ``doubled`` are such names."""

    __slots__ = ("doubled",)

    def __init__(self, pairs: Iterable[tuple[str, object]]) -> None:
        super().__init__()
        self.doubled: tuple[str, ...] = ()
        for name, value in pairs:
            if name not in self:
                self[name] = value
            elif name not in self.doubled:
                self.doubled += (name,)


class Word(str):
    """Text that stands in YAML without quotation marks and that other programs may take for a yes, a no or a number."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds, in lists, :class:`Properties` and single values, or that it was refused; the faults met."""

    value: object
    groups: tuple[Group, ...] = ()
    refused: bool = False


class _RefusedError(Exception):
    """The document is not read on; ``group`` says why."""

    def __init__(self, group: Group) -> None:
        super().__init__(group.code)
        self.group = group


def parse(source: Source, form: str) -> Parsed:
    """Read a document in the form ``json`` or ``yaml``."""
    if source.size > LIMIT:
        what, fix = f"it is larger than {LIMIT // 1_000_000} MB", "send so large a return as CSV or Parquet"
        return Parsed(None, (faults.BeyondLimits.at("", source.file, what=what, fix=fix),), refused=True)
    decoded = utf8(source, "")
    if decoded.source is None:
        return Parsed(None, decoded.groups, refused=True)
    with decoded.source.open() as stream:
        text = stream.read().decode("utf-8-sig")
    try:
        return Parsed(_json(text, source.file) if form == "json" else _yaml(text, source.file), decoded.groups)
    except _RefusedError as refused:
        return Parsed(None, (*decoded.groups, refused.group), refused=True)


def _json(text: str, file: str) -> object:
    if not text.strip():
        raise _RefusedError(faults.EmptyFile.at("", file))
    if sum(map(text.count, ",[{")) > VALUES:
        raise _too_many(file)
    try:
        return json.loads(text, object_pairs_hook=Properties, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _RefusedError(faults.NotADocument.at("", file, line=error.lineno, kind="JSON")) from None
    except RecursionError:
        raise _too_deep(file) from None


def _integer(text: str) -> int | float:
    """A whole number; beyond what the standard takes for one, a floating-point number, which is of the wrong type."""
    return int(text) if len(text) < 20 else float(text)


def _too_many(file: str) -> _RefusedError:
    what, fix = f"it holds more than {VALUES:,} values", "send so large a return as CSV or Parquet"
    return _RefusedError(faults.BeyondLimits.at("", file, what=what, fix=fix))


def _too_deep(file: str) -> _RefusedError:
    what, fix = f"it is nested more than {DEPTH} deep", "a return is five deep at most: export it again"
    return _RefusedError(faults.BeyondLimits.at("", file, what=what, fix=fix))


def _yaml(text: str, file: str) -> object:
    # many directives take libyaml the square of their number, and %YAML 1.1 changes what a no is
    if directive := _DIRECTIVE.search(text):
        line = 1 + text.count("\n", 0, directive.start())
        raise _on_line(line, "a directive (%) stands", "leave it out", file)
    try:
        return _Yaml(text, file).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1 + text[: getattr(error, "position", 0)].count("\n")
        raise _RefusedError(faults.NotADocument.at("", file, line=line, kind="YAML")) from None


def _on_line(line: int, what: str, fix: str, file: str) -> _RefusedError:
    return _RefusedError(faults.BeyondLimits.at("", file, what=f"on line {line} {what}", fix=fix))


class _Yaml:
    """Makes values of the events of a YAML file; nothing of PyYAML that constructs objects is used."""

    def __init__(self, text: str, file: str) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self.file, self.count = file, 0

    def document(self) -> object:
        """The one document of the file."""
        next(self.events)  # the stream begins
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise _RefusedError(faults.EmptyFile.at("", self.file))
        value = self.value(next(self.events), 1)
        next(self.events)  # the document ends
        if isinstance(again := next(self.events), yaml.DocumentStartEvent):
            raise self.refused(again, "another document begins", "write several documents as one list")
        return value

    def value(self, event: yaml.Event, depth: int) -> object:
        """The value that begins with an event."""
        self.count += 1
        if depth > DEPTH:
            raise _too_deep(self.file)
        if self.count > VALUES:
            raise _too_many(self.file)
        if getattr(event, "anchor", None) or getattr(event, "tag", None):  # aliases of aliases fill the memory
            raise self.refused(event, "an anchor (&), alias (*) or tag (!) stands", "write values out")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event.value) if event.implicit[0] else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return [self.value(item, depth + 1) for item in self.until(yaml.SequenceEndEvent)]
        return Properties(self.pairs(depth))

    def pairs(self, depth: int) -> Iterator[tuple[str, object]]:
        """The properties of a mapping; their names are taken as text."""
        for key in self.until(yaml.MappingEndEvent):
            self.value(key, depth + 1)
            if not isinstance(key, yaml.ScalarEvent):
                raise self.refused(key, "the name of a property is no text", "name each property")
            yield key.value, self.value(next(self.events), depth + 1)

    def until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        """The events up to the one that ends a list or mapping."""
        while not isinstance(event := next(self.events), end):
            yield event

    def refused(self, event: yaml.Event, what: str, fix: str) -> _RefusedError:
        """Something that is not read, with its line."""
        return _on_line(event.start_mark.line + 1 if event.start_mark else 0, what, fix, self.file)


def _scalar(text: str) -> object:
    """A plain scalar by the core schema of YAML 1.2, but numbers that begin with 0 are text."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _NUMBER.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return Word(text) if _DOUBTFUL.fullmatch(text) else text
