"""What the workbook reader does not tell: which cells hold an Excel error, and whether there are formulas.

A workbook is a zip archive of XML parts. The parts of the sheets are looked through for the two marks, and parsed only
when one is there. Source: ECMA-376 part 1, sections 18.2 (workbook) and 18.3.1.4 (cell).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import join, normpath
from xml.parsers import expat
from zipfile import ZipFile

_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_FORMULA = b"<f"
# a place right of column Z or below row 99,999: what lies within takes little memory
_FAR = re.compile(rb"""\sr\s*=\s*["'](?:([A-Za-z]{2,7})([0-9]+)|([A-Za-z]?)([0-9]{6,}))["']""")
NEAR = 26, 99_999
# a sheet is laid out as a rectangle, blanks and all; as many rows as Excel has, with 23 columns, fit
CELLS = 25_000_000
_PLACE = re.compile("([A-Z]+)([0-9]+)")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Marks:
    """``errors`` are the cells of a sheet that hold an Excel error, as (row, column) from 1, by row."""

    errors: tuple[tuple[int, int], ...] = ()
    formulas: bool = False


def marks(archive: ZipFile) -> dict[str, Marks]:
    """The marks of every worksheet by the sheet's name; raises ``KeyError``, ``ExpatError`` or, where a sheet is too
    wide and long, ``ValueError`` on a workbook that cannot be read.
    """
    relations = _elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    targets = {relation["Id"]: relation["Target"] for relation in relations}
    found = {}
    for sheet in _elements(archive.read("xl/workbook.xml"), "sheet"):
        target = next((targets[value] for name, value in sheet.items() if name.endswith(_RELATION)), "")
        part = target.removeprefix("/") if target.startswith("/") else normpath(join("xl", target))
        if part in archive.namelist():
            found[sheet["name"]] = _sheet(archive.read(part))
    return found


def _within(part: bytes) -> None:
    """Raise ``ValueError`` where the rectangle from A1 to the farthest cell of a sheet would fill the memory."""
    width, height = NEAR
    for letters, row, letter, far in (place.groups(b"") for place in _FAR.finditer(part)):
        width = max(width, _column((letters or letter).decode().upper()))
        height = max(height, int(row or far))
        if width * height > CELLS:
            raise ValueError("a sheet too wide and long")


def _column(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _sheet(part: bytes) -> Marks:
    _within(part)
    errors: tuple[tuple[int, int], ...] = ()
    if _ERROR.search(part):
        cells = (cell["r"] for cell in _elements(part, "c") if cell.get("t") == "e" and "r" in cell)
        errors = tuple(sorted(_place(cell) for cell in cells))
    return Marks(errors, _FORMULA + b">" in part or _FORMULA + b" " in part)


def _place(cell: str) -> tuple[int, int]:
    """``B7`` as row 7, column 2; (0, 0) for what is no place."""
    match = _PLACE.fullmatch(cell)
    if not match:
        return 0, 0
    return int(match[2]), _column(match[1])


def _elements(part: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of every element called ``name``, in document order; entities are refused."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition("}")[2] == name:
            found.append(attributes)

    def refuse(*_: object) -> None:
        raise expat.ExpatError("a workbook has no DOCTYPE")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(part, True)
    return found
