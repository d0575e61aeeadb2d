"""How deep the page goes: which parts each reader gets, and where the others find what theirs leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdac_validator.quality.content import Content
from rdac_validator.quality.derived import SECTIONS

# who a page is for, in words
READERS = {"head-of-service": "a head of service", "analyst": "an analyst", "consultation": "a consultation"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: its heading, the readers who get it, and the files beside the page that hold it too."""

    title: str
    readers: tuple[str, ...]
    files: str


# by the mark of each on the page
PARTS: Mapping[str, Part] = {
    **{name: Part(one.title, one.readers, "derived/ and report.json") for name, one in SECTIONS.items()},
    "completeness": Part("Completeness", ("analyst",), "tables/ and report.json"),
    "tables": Part("All tables", ("analyst",), "tables/, report.json and report.xlsx"),
    "definitions": Part("Definitions", ("consultation",), "report.json"),
}


def parts(content: Content, reader: str) -> dict[str, str]:
    """The parts that a reader gets of this report, by mark, with their headings."""
    return {name: part.title for name, part in _there(content) if reader in part.readers}


def left_out(content: Content, reader: str) -> list[Part]:
    """The parts of this report that a reader does not get."""
    return [part for _, part in _there(content) if reader not in part.readers]


def _there(content: Content) -> Iterator[tuple[str, Part]]:
    """The parts that the data bear."""
    sections = {one.section for one in content.derived}
    for name, part in PARTS.items():
        there = name in sections if name in SECTIONS else content.layouts or name not in {"completeness", "tables"}
        if there:
            yield name, part
