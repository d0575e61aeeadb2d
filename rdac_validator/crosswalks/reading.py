"""Reading a crosswalk: a mapping set in the form of SSSOM, one line for each thing that a source can say."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from rdac_validator.findings import InputError
from rdac_validator.standard import schema_folder

NO_TERM = "sssom:NoTermFound"
NOT_COLLECTED = "not_collected_by_source"
CENSUS = "cin-census"
STANDARD = "rdac"
SUFFIX = ".sssom.tsv"
# a long one has some thousand lines
LIMIT = 5_000_000
DEPTH = 50


class CrosswalkError(InputError, ValueError):
    """A crosswalk file cannot be used; the message says where it is wrong."""


class Status(StrEnum):
    """How well a source says what is asked, from best to worst: the codes of the standard's list ``MappingStatus``."""

    EXACT = "exact"
    BROAD = "broad"
    AMBIGUOUS = "ambiguous"
    NOT_DERIVABLE = "not_derivable"

    @property
    def rank(self) -> int:
        """0 for the most certain, 3 for the least."""
        return list(Status).index(self)

    def worst(self, other: Status) -> Status:
        """The less certain of two: a way is as certain as its weakest step."""
        return max(self, other, key=lambda status: status.rank)


_STATUS = {
    "skos:exactMatch": Status.EXACT,
    "skos:broadMatch": Status.BROAD,  # the target is wider: detail is lost
    "skos:narrowMatch": Status.AMBIGUOUS,  # the target is narrower: which of several cannot be told
    "skos:relatedMatch": Status.AMBIGUOUS,
}
_BACKWARDS = {"skos:broadMatch": "skos:narrowMatch", "skos:narrowMatch": "skos:broadMatch"}


@dataclass(frozen=True, slots=True)
class Match:
    """One line of a crosswalk: a source element, or one code of it, and what it says in the terms of the target.

    ``code`` is empty where the line is about the element itself. ``cls`` and ``column`` are empty where the target
    has no term; ``value`` is empty where the line names a column and not a value of it: then the source answers the
    question, and the answer cannot be told. ``comment`` says what the source cannot say. ``condition`` is what must
    hold beside it and what the source does not say itself; ``about`` the part of the person whom the line is about,
    where the source says no more than the part.
    """

    element: str
    code: str
    label: str
    cls: str
    column: str
    value: str
    predicate: str
    confidence: float
    comment: str
    target: str
    target_label: str
    cardinality: str
    justification: str
    condition: str
    about: str

    @property
    def status(self) -> Status:
        """How well the source says it, from the predicate of the line."""
        return _STATUS[self.predicate] if self.cls else Status.NOT_DERIVABLE

    @property
    def backwards(self) -> str:
        """The predicate of the line read from the target to the source: a broad match is then a narrow one."""
        return _BACKWARDS.get(self.predicate, self.predicate)

    @property
    def status_backwards(self) -> Status:
        """How well the target says what the source says."""
        return _STATUS[self.backwards] if self.cls else Status.NOT_DERIVABLE

    @property
    def written(self) -> str:
        """What a return holds because of the line: the value, or that the source does not collect which one."""
        return self.value or NOT_COLLECTED

    @property
    def source(self) -> str:
        """The element with its code."""
        return f"{self.element}/{self.code}" if self.code else self.element

    @property
    def term(self) -> str:
        """The target without its prefix: ``Class/column/value`` of the standard, or a code of another list."""
        return self.target.partition(":")[2] if self.cls else ""

    @property
    def to_standard(self) -> bool:
        """Whether the target is a term of the standard."""
        return self.target.startswith(STANDARD + ":")


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A crosswalk file: its name, what it says of itself, from and to which lists in which version, and its lines."""

    name: str
    version: str
    title: str
    description: str
    source: str
    target: str
    matches: tuple[Match, ...]

    def to(self, cls: str, column: str) -> Iterator[Match]:
        """Lines that lead to a column of the standard."""
        return (match for match in self.matches if (match.cls, match.column) == (cls, column))

    def element(self, cls: str, column: str) -> str:
        """Name the one element that a column takes; raises :class:`CrosswalkError` if it is not one."""
        found = [match.element for match in self.to(cls, column) if not match.code and not match.value]
        if len(found) != 1:
            raise CrosswalkError(f"{self.name}: {len(found)} lines lead from an element to {cls}/{column}, not one")
        return found[0]

    def value(self, element: str, cls: str, column: str, value: str) -> Match:
        """Find the line by which an element itself stands for a value; raises :class:`CrosswalkError` if none does."""
        for match in self.to(cls, column):
            if (match.element, match.code, match.value) == (element, "", value):
                return match
        raise CrosswalkError(f"{self.name}: no line leads from {element} to {cls}/{column}/{value}")

    def codes(self, element: str, cls: str, column: str) -> Mapping[str, Match]:
        """Lines from the codes of an element to a column, by code; those that hold on a condition are left out."""
        lines = (line for line in self.to(cls, column) if line.element == element and not line.condition)
        return {line.code: line for line in lines if line.code}

    def of(self, element: str) -> Mapping[str, Match]:
        """First line of each code of an element, wherever it leads, by code."""
        return {match.code: match for match in reversed(self.matches) if match.element == element and match.code}


def names() -> list[str]:
    """Names of the crosswalks that ship with the package, in order of the alphabet."""
    return sorted(path.name.removesuffix(SUFFIX) for path in (schema_folder() / "crosswalks").glob(f"*{SUFFIX}"))


def load(name: str | Path = CENSUS) -> Crosswalk:
    """Read a crosswalk by its name (``cin-census``) or its path.

    Raises :class:`CrosswalkError` where the file is not a crosswalk of this kind, ``OSError`` where it cannot be read.
    """
    path = name if isinstance(name, Path) else schema_folder() / "crosswalks" / f"{name}{SUFFIX}"
    try:
        if path.stat().st_size > LIMIT:
            raise CrosswalkError(f"{path.name} is larger than {LIMIT // 1_000_000} MB: this is no crosswalk")
        lines = path.read_text(encoding="utf-8").splitlines()
        head = [line.removeprefix("#") for line in lines if line.startswith("#")]
        about = _head("\n".join(head))
        version, title, description = (" ".join(str(about[f"mapping_set_{key}"]).split()) for key in _ABOUT)
        source, target = (
            f"{about[f'{end}_source']}, {about[f'{end}_source_version']}" for end in ("subject", "object")
        )
        rows = list(csv.DictReader(lines[len(head) :], delimiter="\t"))
        strange = [n for n, row in enumerate(rows, start=len(head) + 2) if row["predicate_id"] not in _STATUS]
        if strange:
            raise CrosswalkError(f"{path.name}, line {strange[0]}: the predicate must be one of {', '.join(_STATUS)}")
        matches = tuple(map(_match, rows))
        return Crosswalk(path.name.removesuffix(SUFFIX), version, title, description, source, target, matches)
    except CrosswalkError:
        raise
    except KeyError as error:
        raise CrosswalkError(f"{path.name}: {error.args[0]} is missing") from error
    except (csv.Error, yaml.YAMLError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise CrosswalkError(f"{path.name}: this is not a mapping set in the TSV form of SSSOM") from error


def _head(text: str) -> dict[str, Any]:
    """What a file says of itself: names and texts. Aliases of aliases could fill the memory, so there are none."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > DEPTH:
            raise ValueError("an alias, or far too deep")
    return yaml.safe_load(text) or {}


_ABOUT = ("version", "title", "description")


def _match(row: Mapping[str, str]) -> Match:
    element, _, code = row["subject_id"].partition(":")[2].partition("/")
    cls = column = value = ""
    if row["object_id"] != NO_TERM:
        cls, column, value = (*row["object_id"].partition(":")[2].split("/", 2), "", "")[:3]
    return Match(
        element=element,
        code=code,
        label=row["subject_label"],
        cls=cls,
        column=column,
        value=value,
        predicate=row["predicate_id"],
        confidence=float(row["confidence"]),
        comment=row["comment"],
        target=row["object_id"],
        target_label=row["object_label"],
        cardinality=row["mapping_cardinality"],
        justification=row["mapping_justification"],
        condition=row.get("condition") or "",
        about=row.get("about") or "",
    )
