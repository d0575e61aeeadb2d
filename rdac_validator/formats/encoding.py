"""Text files of any likely encoding as UTF-8, with what had to be guessed told as a fault."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace

from rdac_validator.findings import Group
from rdac_validator.formats import faults
from rdac_validator.formats.source import Source

_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_HEAD = 64
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text file as UTF-8 without NUL bytes, or ``None`` where it is no text; and the faults met."""

    source: Source | None
    groups: tuple[Group, ...] = ()


def utf8(source: Source, table: str) -> Decoded:
    """The bytes of ``source`` as UTF-8. Those that are UTF-8 already stay where they are; others are decoded in memory.

    Windows-1252 is what Excel for Windows writes as plain CSV; no other single-byte encoding is tried, because nothing
    in the bytes could tell it from Windows-1252.
    """
    with source.open() as stream:
        head = stream.read(_HEAD)
    if wide := _utf16(head):
        return _recode(source, table, wide, "UTF-16", 1)
    line, nul = _look(source)
    if nul:
        return Decoded(None, (faults.NulBytes.at(table, source.file, (nul,)),))
    return _recode(source, table, "cp1252", "Windows-1252", line) if line else Decoded(source)


def _utf16(head: bytes) -> str:
    """The codec of UTF-16 text, told by its mark or by a NUL in every second byte of a header in ASCII; or nothing."""
    if codec := _MARKS.get(head[:2]):
        return codec
    even, odd = head[::2], head[1::2]
    if len(head) < 4 or even.count(0) + odd.count(0) != len(head) // 2:
        return ""
    return "utf-16-le" if not any(odd) else "utf-16-be" if not any(even) else ""


def _recode(source: Source, table: str, codec: str, name: str, line: int) -> Decoded:
    with source.open() as stream:
        data = stream.read()
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return Decoded(None, (faults.UndecodableText.at(table, source.file, (line,)),))
    if "\0" in text:
        nul = 1 + text[: text.index("\0")].count("\n")
        return Decoded(None, (faults.NulBytes.at(table, source.file, (nul,)),))
    told = faults.OtherEncoding.at(table, source.file, (line,), encoding=name)
    return Decoded(replace(source, place=text.encode()), (told,))


def _look(source: Source) -> tuple[int, int]:
    """Find the first line that is not UTF-8 and the first that holds a NUL byte, from 1; 0 where there is none."""
    start, broken = 0, 0
    for block in source.blocks():
        if (place := block.find(0)) >= 0:
            return broken, _line(source, start + place)
        if not (broken or block.isascii()) and (place := _broken(block)) >= 0:
            broken = _line(source, start + place)
        start += len(block)
    return broken, 0


def _broken(block: bytes) -> int:
    """Where a block stops being UTF-8; -1 if it does not."""
    try:
        block.decode()
    except UnicodeDecodeError as fault:
        return fault.start
    return -1


def _line(source: Source, place: int) -> int:
    """The line, from 1, on which a byte of the file stands: counted only when a fault has to be told."""
    with source.open() as stream:
        return 1 + sum(stream.read(min(_BLOCK, place - at)).count(b"\n") for at in range(0, place, _BLOCK))
