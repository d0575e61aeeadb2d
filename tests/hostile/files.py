"""The hostile files: one function a file, with what it is in words and the ending that it has.

A file is a person table (``person.csv``, or the sheet or member of that name) whose header has also the columns
of an areas file and of a deprivation file, so that every command gets past the header and meets what is wrong.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl
import xlsxwriter

from rdac_validator.standard import load

HEADER = (*load().table("person").names, "LAchildID", "area_code", "code", "LSOA code (2011)")
ROW = ("P" + "0" * 32, "child", "2012-05", *(("",) * (len(HEADER) - 3)))
HEAD = ",".join(HEADER).encode()
LINE = ",".join(ROW).encode()
GOOD = HEAD + b"\n" + LINE + b"\n"
# a file outside the input that no command may read: its words must appear nowhere
OUTSIDE = "outside.csv"
CANARY = "Canary-8c1f-outside"

Make = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Hostile:
    """A hostile file: what it is in words, how its name ends (``/`` is a folder), and what makes it at a path."""

    name: str
    ending: str
    make: Make


HOSTILE: list[Hostile] = []


def hostile(name: str, *endings: str) -> Callable[[Make], Make]:
    """Enter a hostile file in the table, once for each ending that it may have."""

    def enter(make: Make) -> Make:
        HOSTILE.extend(Hostile(name, ending, make) for ending in endings)
        return make

    return enter


def _bytes(name: str, data: Callable[[], bytes], *endings: str) -> None:
    hostile(name, *endings)(lambda path: path.write_bytes(data()))


# any file

ANY = (".csv", ".parquet", ".xlsx", ".zip", ".xml", ".yaml", ".sssom.tsv", ".json", ".toml", ".key")
TEXTS = (".csv", ".xml", ".yaml", ".sssom.tsv", ".json", ".toml")
_bytes("an empty file", lambda: b"", *ANY)
_bytes("NUL bytes only", lambda: b"\0" * 10_000, *ANY[:-1])
_bytes("bytes that are no text", lambda: bytes(range(128, 256)) * 40, *ANY[:-1])
_bytes("half a UTF-16 character", lambda: b"\xff\xfe" + GOOD.decode().encode("utf-16-le") + b"\x00", *TEXTS)
_bytes(
    "a lone surrogate in UTF-16",
    lambda: b"\xff\xfe" + (HEAD + b"\n").decode().encode("utf-16-le") + b"\x00\xd8",
    *TEXTS,
)
_bytes("30 MB of opening brackets", lambda: b"[" * 30_000_000, ".json", ".yaml", ".toml", ".csv", ".sssom.tsv")
_bytes("a line of 30 MB", lambda: b"a" * 30_000_000, *TEXTS)
_bytes("30 MB of blank lines", lambda: b"\n" * 30_000_000, *TEXTS)


@hostile("a pipe that nobody writes to", *ANY[:-1])
def _pipe(path: Path) -> None:
    os.mkfifo(path)


@hostile("a device without an end", *ANY)
def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@hostile("a folder in place of a file", *ANY)
def _folder(path: Path) -> None:
    path.mkdir()


@hostile("a link to itself", *ANY)
def _loop(path: Path) -> None:
    path.symlink_to(path.name)


# CSV

_bytes("a NUL byte in a cell", lambda: HEAD + b"\n" + LINE.replace(b"child", b"ch\0ld") + b"\n", ".csv")
_bytes("10,000 columns", lambda: b"\n".join([HEAD + b"," + b",".join(b"c%d" % n for n in range(10_000)), b"x"]), ".csv")
_bytes("3,000,000 columns", lambda: HEAD + b",a" * 3_000_000 + b"\n", ".csv")
_bytes("30 MB of commas", lambda: b"," * 30_000_000, ".csv")
_bytes("a cell of 100 MB", lambda: HEAD + b"\n" + b"x" * 100_000_000 + b"," * (len(HEADER) - 1) + b"\n", ".csv")
_bytes(
    "a quoted cell of 100 MB",
    lambda: HEAD + b'\n"' + b"x" * 100_000_000 + b'"' + b"," * (len(HEADER) - 1) + b"\n",
    ".csv",
)
_bytes("20 MB of quotation marks", lambda: HEAD + b"\n" + b'"' * 20_000_000, ".csv")
_bytes("500,000 lines that open a quotation", lambda: HEAD + b"\n" + b'"x,\n' * 500_000, ".csv")
_bytes("10 MB of carriage returns", lambda: HEAD + b"\r" * 10_000_000, ".csv")
_bytes("spreadsheet formulas in cells", lambda: HEAD + b"\n" + b",".join([b"=cmd|' /C calc'!A0"] * len(HEADER)), ".csv")
_bytes("terminal escapes in header and cells", lambda: GOOD.replace(b"sex", b"\x1b[2J\x1b]0;x\x07sex"), ".csv")
_bytes("numbers and days beyond all bounds", lambda: HEAD + b"\n" + b",".join([b"9" * 400] * len(HEADER)), ".csv")


# zip

_MEMBERS = [f"{name}.csv" for name in load().names]


def _zip(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", compression) as made:
        for name, data in members.items():
            made.writestr(name, data)


@hostile("a zip bomb: 50 KB that unpack to 50 MB", ".zip")
def _bomb(path: Path) -> None:
    _zip(path, {"person.csv": GOOD + b"x" * 50_000_000})


@hostile("a zip bomb in bzip2", ".zip")
def _bzip2(path: Path) -> None:
    _zip(path, {"person.csv": GOOD + b"x" * 50_000_000}, zipfile.ZIP_BZIP2)


@hostile("a zip whose entries overlap", ".zip")
def _overlapping(path: Path) -> None:
    _zip(path, {"person.csv": GOOD * 20_000})
    data = path.read_bytes()
    start = data.index(b"PK\x01\x02")
    entry = data[start : data.index(b"PK\x05\x06")]
    number = 60_000
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, number, number, len(entry) * number, start, 0)
    path.write_bytes(data[:start] + entry * number + tail)


@hostile("a zip of 60,000 files", ".zip")
def _crowd(path: Path) -> None:
    _zip(path, {f"x{number}.csv": b"" for number in range(60_000)}, zipfile.ZIP_STORED)


@hostile("a zip in a zip in a zip", ".zip")
def _nested(path: Path) -> None:
    data = GOOD
    for name in ("person.csv", "a.zip", "b.zip"):
        held = BytesIO()
        with zipfile.ZipFile(held, "w") as made:
            made.writestr(name, data)
        data = held.getvalue()
    path.write_bytes(data)


@hostile("a zip whose paths climb out, or have escapes, line ends and right-to-left marks", ".zip")
def _climbing(path: Path) -> None:
    names = (
        "../../person.csv",
        "/etc/cron.d/person.csv",
        "C:\\person.csv",
        "a\n::error::forged.csv",
        "\x1b[2Jperson.csv",
    )
    _zip(path, {"person.csv": GOOD, **dict.fromkeys((*names, "\u202evsc.nosrep", "x" * 60_000 + ".csv"), GOOD)})


@hostile("a zip that holds a link", ".zip")
def _link(path: Path) -> None:
    info = zipfile.ZipInfo("person.csv")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(info, "/etc/passwd")


@hostile("a zip in LZMA that is damaged", ".zip")
def _lzma(path: Path) -> None:
    _zip(path, {"person.csv": GOOD * 100}, zipfile.ZIP_LZMA)
    data = bytearray(path.read_bytes())
    data[60:90] = b"\xff" * 30
    path.write_bytes(data)


@hostile("a zip cut in the middle", ".zip")
def _cut_zip(path: Path) -> None:
    _zip(path, dict.fromkeys(_MEMBERS, GOOD * 100))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@hostile("a zip that asks for a password", ".zip")
def _locked(path: Path) -> None:
    _zip(path, {"person.csv": GOOD}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)


# folders


@hostile("links that lead out, to themselves, to a device and to a pipe", "/")
def _links(path: Path) -> None:
    path.mkdir()
    (path.parent / OUTSIDE).write_text(GOOD.decode().replace("child", CANARY))
    (path / "person.csv").symlink_to(path.parent / OUTSIDE)
    (path / "episode.csv").symlink_to("/etc/passwd")
    (path / "assessment.csv").symlink_to("assessment.csv")
    (path / "dataset.csv").symlink_to("/dev/zero")
    os.mkfifo(path / "pipe")
    (path / "household.csv").symlink_to("pipe")


@hostile("a pipe, a folder and a file without access, each named as a table", "/")
def _no_files(path: Path) -> None:
    path.mkdir()
    os.mkfifo(path / "person.csv")
    (path / "episode.csv").mkdir()
    (path / "assessment.csv").write_bytes(GOOD)
    (path / "assessment.csv").chmod(0)


@hostile("a data package that points elsewhere", "/")
def _package(path: Path) -> None:
    path.mkdir()
    (path.parent / OUTSIDE).write_text(GOOD.decode().replace("child", CANARY))
    (path / "person.csv").write_bytes(GOOD)
    places = ("/etc/passwd", f"../{OUTSIDE}", "http://127.0.0.1:9/person.csv", "file:///etc/passwd")
    resources = ",".join(f'{{"name": "t{n}", "path": "{place}"}}' for n, place in enumerate(places))
    (path / "datapackage.json").write_text(f'{{"resources": [{resources}]}}')


@hostile("names with line ends, escapes, right-to-left marks, bytes that are no text, a leading dash", "/")
def _names(path: Path) -> None:
    path.mkdir()
    for name in ("a\n::error::forged", "\x1b[2J\x1b]0;x\x07", "\u202evsc", "-rf", "--show-values", "x" * 240, " "):
        (path / f"{name}.csv").write_bytes(GOOD)
    (path / os.fsdecode(b"\xff\xfe.csv")).write_bytes(GOOD)
    (path / "person.csv").write_bytes(GOOD)


@hostile("3,000 files", "/")
def _many(path: Path) -> None:
    path.mkdir()
    for number in range(3_000):
        (path / f"x{number}.csv").touch()


# workbooks

_LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "ha">' + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _workbook(path: Path, *rows: tuple[object, ...]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("person")
        for number, row in enumerate((HEADER, *rows)):
            sheet.write_row(number, 0, row)


def _part(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as held:
        parts = {part: held.read(part) for part in held.namelist()}
    parts[name] = change(parts[name])
    _zip(path, parts)


SHEET = "xl/worksheets/sheet1.xml"


def _sheet(name: str, before: bytes, after: Callable[[], bytes], part: str = SHEET) -> None:
    """A workbook in which the first ``before`` of a part stands as ``after``."""

    def make(path: Path) -> None:
        _workbook(path, ROW)
        _part(path, part, lambda data: data.replace(before, after(), 1))

    hostile(name, ".xlsx")(make)


_END = b"</sheetData>"
_FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
_sheet("a workbook with a cell at XFD1048576", _END, lambda: _FAR)
_sheet("a workbook with a row beyond all rows", _END, lambda: b'<row r="4294967295"><c><v>1</v></c></row></sheetData>')
_sheet(
    "a workbook with a column beyond all columns",
    _END,
    lambda: b'<row r="9"><c r="ZZZZZZZ9"><v>1</v></c></row></sheetData>',
)
_sheet("a workbook of a 60 MB sheet of blanks", _END, lambda: b" " * 60_000_000 + _END)
_sheet("a workbook nested 10,000 deep", _END, lambda: b"<a>" * 10_000 + b"</a>" * 10_000 + _END)
_sheet(
    "a workbook with strings that are not there",
    _END,
    lambda: b'<row r="3"><c r="A3" t="s"><v>99999999</v></c></row>' + _END,
)
_sheet(
    "a workbook with days and numbers beyond all bounds",
    _END,
    lambda: (
        b'<row r="3"><c r="A3"><v>1e308</v></c><c r="B3" t="d"><v>9999-99-99</v></c><c r="C3"><v>-1e308</v></c></row>'
        + _END
    ),
)
_sheet("a workbook with an entity bomb", b"<worksheet", lambda: _LAUGHS.encode() + b"<worksheet")
_sheet(
    "a workbook that counts four billion strings", b"count=", lambda: b'count="4294967295" c=', "xl/sharedStrings.xml"
)
_sheet(
    "a workbook whose sheet lies elsewhere",
    b"worksheets/sheet1.xml",
    lambda: b"../../../etc/passwd",
    "xl/_rels/workbook.xml.rels",
)


@hostile("a workbook of formulas and outside links", ".xlsx")
def _formulas(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("person")
        sheet.write_row(0, 0, HEADER)
        sheet.write_formula(1, 0, '=WEBSERVICE("http://127.0.0.1:9/")')
        sheet.write_formula(1, 1, "='[http://127.0.0.1:9/b.xlsx]Sheet1'!A1")
        sheet.write_url(1, 2, "file:///etc/passwd")


@hostile("a workbook of 2,000 sheets", ".xlsx")
def _sheets(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        for number in range(2_000):
            book.add_worksheet(f"s{number}")


@hostile("a workbook cut in the middle", ".xlsx")
def _cut_book(path: Path) -> None:
    _workbook(path, *[ROW] * 500)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


# Parquet


def _parquet(path: Path, frame: pl.DataFrame | None = None) -> bytes:
    held = pl.DataFrame([ROW] * 300, schema=list(HEADER), orient="row") if frame is None else frame
    held.write_parquet(path)
    return path.read_bytes()


for _share in (0.1, 0.5, 0.9):

    @hostile(f"Parquet cut at {_share:.0%}", ".parquet")
    def _cut(path: Path, share: float = _share) -> None:
        data = _parquet(path)
        path.write_bytes(data[: int(len(data) * share)] + data[-8:])


@hostile("Parquet whose end says that it is 4 GB", ".parquet")
def _footer(path: Path) -> None:
    path.write_bytes(_parquet(path)[:-8] + struct.pack("<I", 0xFFFFFFF0) + b"PAR1")


@hostile("Parquet with a schema of noise", ".parquet")
def _noise(path: Path) -> None:
    data = bytearray(_parquet(path))
    size = struct.unpack("<I", data[-8:-4])[0]
    for place in range(len(data) - 8 - size, len(data) - 8, 7):
        data[place] ^= 0xFF
    path.write_bytes(data)


@hostile("Parquet with pages of noise", ".parquet")
def _pages(path: Path) -> None:
    data = bytearray(_parquet(path))
    size = struct.unpack("<I", data[-8:-4])[0]
    for place in range(4, len(data) - 8 - size, 5):
        data[place] ^= 0xFF
    path.write_bytes(data)


@hostile("Parquet nested 60 deep", ".parquet")
def _deep_parquet(path: Path) -> None:
    cell: object = "x"
    for _ in range(60):
        cell = [cell]
    _parquet(path, pl.DataFrame({"person_id": [cell], "sex": [{"a": {"b": 1}}]}))


@hostile("Parquet of 5,000 columns", ".parquet")
def _wide_parquet(path: Path) -> None:
    _parquet(path, pl.DataFrame({"person_id": ["P1"], **{f"c{number}": ["x"] for number in range(5_000)}}))


# census


def _census(name: str, text: Callable[[], str], encoding: str = "utf-8") -> None:
    _bytes(name, lambda: text().encode(encoding), ".xml")


_census("an entity bomb", lambda: f"<?xml version='1.0'?>{_LAUGHS}<Message>&l9;</Message>")
for _place in ("file:///etc/passwd", "http://127.0.0.1:9/x.dtd"):
    _census(
        f"an entity from {_place.partition(':')[0]}",
        lambda place=_place: f'<!DOCTYPE a [<!ENTITY x SYSTEM "{place}">]><Message>&x;</Message>',  # type: ignore[misc]
    )
_census("XML nested 10,000 deep", lambda: "<Message>" + "<a>" * 10_000 + "</a>" * 10_000 + "</Message>")
_census("XML nested 10,000 deep in an unknown element", lambda: "<Message><Header>" + "<Header>" * 10_000)
_census("a text of 50 MB", lambda: f"<Message><Header>{'x' * 50_000_000}</Header></Message>")
_census("an attribute of 50 MB", lambda: f"<Message a='{'x' * 50_000_000}'/>")
_ATTRIBUTES = [f'a{number}=""' for number in range(200_000)]
_census("an element with 200,000 attributes", lambda: f"<Message {' '.join(_ATTRIBUTES)}/>")
_census("an element with a name of 20 MB", lambda: f"<Message><{'x' * 20_000_000}/></Message>")
_census("a million unknown elements", lambda: f"<Message>{'<a/>' * 1_000_000}</Message>")
_census("a file that ends in the middle", lambda: "<Message><Header><CollectionDetails>")
for _codec in ("utf-7", "idna", "unicode_escape", "hex", "no-such"):
    _census(f"the encoding {_codec}", lambda codec=_codec: f'<?xml version="1.0" encoding="{codec}"?><Message/>')  # type: ignore[misc]


@hostile("years, days and numbers beyond all bounds", ".xml")
def _bounds(path: Path) -> None:
    from tests.census_files import assessed, child, episode, message

    text = message(child(episode(assessed("1A", "9" * 300))))
    for before, after in (("2012-05-09", "9999-99-99"), ("2024-05-01", "0000-00-00"), (">2025<", f">{'9' * 40}<")):
        text = text.replace(before, after)
    path.write_text(text)


# mappings, settings, crosswalks, documents and reports

_ALIASES = "a0: &a0 [x,x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
_bytes("a YAML bomb", _ALIASES.encode, ".yaml")
_bytes("YAML that would make an object", lambda: b"!!python/object/apply:os.system ['true']", ".yaml")
_bytes("nested 10,000 deep", lambda: b"[" * 10_000 + b"]" * 10_000, ".yaml", ".json")
_bytes("objects nested 10,000 deep", lambda: b'{"person":' * 10_000 + b"1" + b"}" * 10_000, ".yaml", ".json")
_bytes("tables nested 10,000 deep", lambda: b"a = " + b"[" * 10_000 + b"]" * 10_000, ".toml")
_bytes("names of 10,000 parts", lambda: b".".join([b"a"] * 10_000) + b" = 1", ".toml")
_bytes("a number of 100,000 digits", lambda: b'{"person": [{"person_id": ' + b"9" * 100_000 + b"}]}", ".json", ".yaml")
_bytes("NaN and Infinity", lambda: b'{"person": [{"person_id": NaN, "sex": -Infinity}]}', ".json")
_bytes("a million records", lambda: b'{"person": [' + b",".join([b"{}"] * 1_000_000) + b"]}", ".json")
_bytes("a lone surrogate in JSON", lambda: b'{"person": [{"person_id": "\\ud800", "\\udfff": 1}]}', ".json")
_bytes("a data file in place of another", lambda: GOOD * 100, ".yaml", ".sssom.tsv", ".json", ".toml")
_bytes(
    "an alias bomb in the head",
    lambda: (
        b"".join(b"#" + line + b"\n" for line in _ALIASES.encode().splitlines())
        + b"#mapping_set_version: *a29\n#mapping_set_title: t\n#mapping_set_description: d\nsubject_id\tobject_id\n"
    ),
    ".sssom.tsv",
)
_bytes("a head nested 10,000 deep", lambda: b"#" + b"[" * 10_000 + b"\nsubject_id\n", ".sssom.tsv")
for _day in ("%", "%Q%#$%", "%9999999999d", "%Y" * 5_000, "{}{0}", "(a+)+$"):
    _bytes(
        f"a format of days: {_day[:14]}",
        lambda day=_day: mapping(day=day),  # type: ignore[misc]
        ".yaml",
    )
for _said in ('{column: sex, split: "(a+)+$"}', '{column: sex, number: {unit: x, times: "9999999999999999999999"}}'):
    _bytes(f"a cell: {_said[13:23]}", lambda said=_said: mapping(cell=said), ".yaml")  # type: ignore[misc]
for _file in ("*" * 3_000, "[" * 300, "../../../etc/passwd", "/etc/passwd"):
    _bytes(f"an input called {_file[:14]}", lambda file=_file: mapping(file=file), ".yaml")  # type: ignore[misc]


def mapping(day: str = "%Y-%m-%d", cell: str = "{column: sex}", file: str = "person.csv") -> bytes:
    """A mapping file of one table, in which one thing is as the caller says."""
    return (
        "version: 0.1.0\ntitle: hostile\nprofile: t0\ncode_list_version: cin_2023_24\n"
        f"inputs:\n  people: {{file: '{file}', date: '{day}'}}\ntables:\n  person:\n    - from: people\n      cells:\n"
        f"        person_id: {{id: P, columns: [person_id]}}\n        birth_month: {{column: birth_month}}\n"
        f"        sex: {cell}\n"
    ).encode()
