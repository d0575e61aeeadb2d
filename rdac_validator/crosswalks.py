"""Crosswalks from the codes of today's returns: the mapping that is published in SSSOM files is the one that runs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from rdac_validator.standard import schema_folder

NO_TERM = "sssom:NoTermFound"
CENSUS = "cin-census"


class CrosswalkError(ValueError):
    """A crosswalk file cannot be used; the message says where it is wrong."""


class Status(StrEnum):
    """How well a source says what the standard asks: the codes of the standard's list ``MappingStatus``."""

    EXACT = "exact"
    BROAD = "broad"
    AMBIGUOUS = "ambiguous"
    NOT_DERIVABLE = "not_derivable"


_STATUS = {
    "skos:exactMatch": Status.EXACT,
    "skos:broadMatch": Status.BROAD,
    "skos:relatedMatch": Status.AMBIGUOUS,
}


@dataclass(frozen=True, slots=True)
class Match:
    """One line of a crosswalk: a source element, or one code of it, and what it says in the terms of the standard.

    ``code`` is empty where the line is about the element itself. ``cls`` and ``column`` are empty where the standard
    has no term; ``value`` is empty where the line names a column and not a value of it. ``comment`` says what the
    source cannot say.
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

    @property
    def status(self) -> Status:
        """How well the source says it, from the predicate of the line."""
        return _STATUS[self.predicate] if self.cls else Status.NOT_DERIVABLE


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A crosswalk file: its name, its version and its lines in file order."""

    name: str
    version: str
    title: str
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
        """Lines from the codes of an element to values of a column, by code."""
        return {match.code: match for match in self.to(cls, column) if match.element == element and match.code}

    def of(self, element: str) -> Mapping[str, Match]:
        """First line of each code of an element, wherever it leads, by code."""
        return {match.code: match for match in reversed(self.matches) if match.element == element and match.code}


def load(name: str | Path = CENSUS) -> Crosswalk:
    """Read a crosswalk by its name (``cin-census``) or its path.

    Raises :class:`CrosswalkError` where the file is not a crosswalk of this kind, ``OSError`` where it cannot be read.
    """
    path = name if isinstance(name, Path) else schema_folder() / "crosswalks" / f"{name}.sssom.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line.removeprefix("#") for line in lines if line.startswith("#")]
    about = yaml.safe_load("\n".join(head)) or {}
    rows = csv.DictReader(lines[len(head) :], delimiter="\t")
    try:
        version, title = about["mapping_set_version"], about["mapping_set_title"]
        return Crosswalk(path.name.removesuffix(".sssom.tsv"), version, title, tuple(_match(row) for row in rows))
    except KeyError as error:
        raise CrosswalkError(f"{path.name}: {error.args[0]} is missing, or is not known here") from error


def _match(row: Mapping[str, str]) -> Match:
    element, _, code = row["subject_id"].partition(":")[2].partition("/")
    cls = column = value = ""
    if row["object_id"] != NO_TERM:
        cls, column, value = (*row["object_id"].partition(":")[2].split("/"), "")[:3]
    predicate = row["predicate_id"]
    _STATUS[predicate]  # an unknown predicate is found here, not when a value is mapped
    label, confidence = row["subject_label"], float(row["confidence"])
    return Match(element, code, label, cls, column, value, predicate, confidence, row["comment"])
