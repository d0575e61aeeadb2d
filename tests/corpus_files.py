"""The faults that a folder of CSV cannot have: those of zip archives, workbooks and Parquet, and those of exports."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import polars as pl
import xlsxwriter

from rdac_validator.standard import Column, load
from rdac_validator.tables import DELIMITER

Files = dict[str, bytes]
ZIP, BOOK, JSON, YAML = "return.zip", "return.xlsx", "return.json", "return.yaml"
DIRECTORY = b"PK\x01\x02"
HEAD = b"PK\x03\x04"
# one more table, which no profile asks for before the widest
MORE = {"kinship_arrangement.csv": b"kinship_id,child_id\n"}


def zipped(files: Files) -> bytes:
    """An archive of files, the same bytes whenever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def patched(archive: bytes, mark: bytes, offset: int, form: str, value: int) -> bytes:
    """An archive with a number changed in the last head of a kind: what it says of its last member."""
    at = archive.rindex(mark) + offset
    return archive[:at] + struct.pack(form, value) + archive[at + struct.calcsize(form) :]


def claiming(size: int) -> Callable[[Files], Files]:
    """An archive whose last member says that it unpacks to so many bytes: small here, refused before it is read."""
    return lambda files: {ZIP: patched(zipped({**files, **MORE}), DIRECTORY, 24, "<I", size)}


def encrypted(files: Files) -> Files:
    """An archive whose last member says that it is encrypted, in its own head and in the directory at the end."""
    archive = zipped({**files, **MORE})
    return {ZIP: patched(patched(archive, DIRECTORY, 8, "<H", 1), HEAD, 6, "<H", 1)}


def book(files: Files, change: Callable[[xlsxwriter.Workbook, Mapping[str, list[str]]], None]) -> bytes:
    """The tables as a workbook, every cell text, with one cell written by ``change``, which gets the headers."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_numbers": False, "in_memory": True}) as made:
        made.set_properties({"created": datetime(2026, 4, 1, tzinfo=UTC)})
        headers = {}
        for name, data in files.items():
            sheet = made.add_worksheet(name.removesuffix(".csv"))
            rows = [line.split(",") for line in data.decode().splitlines()]
            headers[sheet.name] = rows[0]
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, place, cell)
        change(made, headers)
    return buffer.getvalue()


def number_cell(made: xlsxwriter.Workbook, headers: Mapping[str, list[str]]) -> None:
    """A code of the authority as a number."""
    made.get_worksheet_by_name("dataset").write_number(1, headers["dataset"].index("la_code"), 999)


def error_cell(made: xlsxwriter.Workbook, headers: Mapping[str, list[str]]) -> None:
    """A date that is the error of a formula."""
    place = headers["episode"].index("closure_date")
    made.get_worksheet_by_name("episode").write_formula(1, place, "=NA()", None, "#N/A")


def parquet(files: Files, table: str, column: str, cells: pl.Series) -> Files:
    """The tables with one of them as Parquet, one of its columns of another type."""
    frame = pl.read_csv(files[f"{table}.csv"], infer_schema=False).with_columns(cells.alias(column))
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    rest = {name: data for name, data in files.items() if name != f"{table}.csv"}
    return {**rest, f"{table}.parquet": buffer.getvalue()}


def document(files: Files, change: Callable[[str], str]) -> bytes:
    """The tables as one JSON document, with a change of its text."""
    tables: dict[str, object] = {}
    for name, data in files.items():
        table = load().table(name.removesuffix(".csv"))
        header, *lines = (line.split(",") for line in data.decode().splitlines())
        cells = [{key: cell for key, cell in zip(header, line, strict=True) if cell} for line in lines]
        tables[table.name] = [{key: _typed(cell, table.column(key)) for key, cell in row.items()} for row in cells]
    return change(json.dumps(tables, indent=1) + "\n").encode()


def _typed(cell: str, column: Column) -> object:
    if column.multiple:
        return cell.split(DELIMITER)
    if column.type == "boolean" and cell in {"true", "false"}:
        return cell == "true"
    return int(cell) if column.type in {"integer", "year"} and cell.isdigit() else cell


def instead(old: str, new: str) -> Callable[[str], str]:
    """Write ``new`` for the first ``old``."""

    def change(text: str) -> str:
        assert old in text, f"{old} does not stand in the file that is to be changed"
        return text.replace(old, new, 1)

    return change


# code: what is made of the files of a clean return, and the input if it is one file and not the folder
OF_OTHER_FORMATS: Mapping[str, tuple[Callable[[Files], Files], str]] = {
    "RDAC001": (lambda files: {**files, "kinship_arrangement.parquet": b"PAR1 cut short"}, ""),
    "RDAC006": (lambda files: {ZIP: zipped({**files, "../kinship_arrangement.csv": b"kinship_id,child_id\n"})}, ZIP),
    "RDAC007": (lambda files: {ZIP: zipped({**files, "older.zip": zipped({})})}, ZIP),
    "RDAC008": (encrypted, ZIP),
    "RDAC009": (claiming(2_100_000_000), ZIP),
    "RDAC010": (claiming(30_000_000), ZIP),
    "RDAC025": (lambda files: {**files, "older/person.csv": files["person.csv"]}, ""),
    "RDAC030": (lambda files: {BOOK: book(files, number_cell)}, BOOK),
    "RDAC031": (lambda files: {BOOK: book(files, error_cell)}, BOOK),
    "RDAC032": (lambda files: parquet(files, "dataset", "suppression_threshold", pl.Series([5.0])), ""),
    "RDAC033": (
        lambda files: parquet(files, "episode", "re_referral_within_12m", pl.Series([timedelta(days=1)])),
        "",
    ),
    "RDAC034": (lambda files: {JSON: document(files, lambda text: text[:-40])}, JSON),
    "RDAC035": (lambda files: {YAML: document(files, instead('"sex": ', '"sex": &said '))}, YAML),
    "RDAC036": (lambda files: {JSON: document(files, instead("{", '{"kinship_arrangement": {},'))}, JSON),
    "RDAC037": (lambda files: {JSON: document(files, instead('"sex": "', '"sex": "female", "sex": "'))}, JSON),
    "RDAC038": (lambda files: {YAML: document(files, instead('"no"', "no"))}, YAML),
}
# Parquet and workbooks come out in other bytes from another version of the library that writes them
VARYING = (".parquet", ".xlsx")

MAPPING = """\
version: 0.1.0
title: A mapping with one fault in its export
profile: t0
code_list_version: cin_2025_26
inputs:
  cases: {file: cases.csv, date: "%d/%m/%Y"}
tables:
  person:
    - from: cases
      cells:
        person_id: {id: P, columns: [Ref]}
        sex: {column: Sex, codes: {F: female, M: male}}
  episode:
    - from: cases
      cells:
        episode_id: {id: E, columns: [Ref]}
        referral_date: {column: Referred}
  family_circumstances:
    - from: cases
      cells:
        assessment_id: {id: A, columns: [Ref]}
        deprivation_decile: {column: Decile, number: {unit: tenth of which 1 is the most deprived}}
"""
CASES = ["Ref,Sex,Referred,Decile", "1,F,15/04/2025,3", "2,M,16/05/2025,4"]
EARLY = [f"{number},F,{number % 12 + 1:02}/{number % 11 + 1:02}/2025,3" for number in range(3, 23)]
# code: the lines of the export
OF_EXPORTS: Mapping[str, list[str]] = {
    "RDAC420": [*CASES, "3,Girl,17/05/2025,4"],
    "RDAC421": [*CASES, "3,F,2025-05-17,4"],
    "RDAC422": [CASES[0], *EARLY],
    "RDAC423": [*CASES, "3,F,17/05/2025,third"],
    "RDAC424": [*CASES, "2,M,16/05/2025,4"],
}


def export(code: str) -> Files:
    """A mapping file and an export with a fault."""
    return {"mapping.yaml": MAPPING.encode(), "cases.csv": ("\n".join(OF_EXPORTS[code]) + "\n").encode()}


# code: why no file can show it
WITHOUT_FILE: Mapping[str, str] = {
    **dict.fromkeys(
        ("RDAC040", "RDAC041", "RDAC042", "RDAC043"),
        "it is about a team's own settings on the day of the run, and not about a return",
    ),
    "RDAC005": "a link out of the folder cannot be published: archives and Windows checkouts do not keep links",
}
