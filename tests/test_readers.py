"""Reading a return: what is lawful is read, what is not becomes a finding with its line, and no cell is ever shown."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from rdac_validator import formats
from rdac_validator.findings import Group, RuleError, Severity
from rdac_validator.formats import ReadError, archive, csv_, faults
from rdac_validator.formats import parquet as parquet_
from rdac_validator.formats.source import Source
from rdac_validator.tables import ROW, Return
from tests.small_standard import PERSON, STANDARD

HEADER = "person_id,sex,seen_on"


def read(folder: Path, text: str | bytes, name: str = "person.csv") -> Return:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return formats.read(folder, STANDARD)


def rows(found: Return, table: str = "person") -> list[tuple[object, ...]]:
    frame = found.texts[table].frame.collect()
    assert frame.height == found.texts[table].rows
    return frame.rows()


def told(found: Return) -> dict[str, list[int]]:
    """The rows of each fault, by code."""
    result: dict[str, list[int]] = {}
    for group in found.groups:
        result.setdefault(group.code, []).extend(group.rows)
    return result


def only(found: Return, fault: type[faults.Fault]) -> Group:
    assert [group.code for group in found.groups] == [fault.code]
    return found.groups[0]


# clean files


def test_a_clean_file_is_read_as_text_with_physical_lines(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEADER}\np1,a,2024-01-31\np2, ,\n")
    assert rows(found) == [(2, "p1", "a", "2024-01-31"), (3, "p2", " ", None)]
    assert found.groups == ()
    assert found.texts["person"].headers == ("person_id", "sex", "seen_on")
    assert found.texts["person"].input.file == "person.csv"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + f"{HEADER}\np1,a,\n".encode(),
        f"{HEADER}\r\np1,a,\r\n".encode(),
        f"{HEADER}\r\np1,a,".encode(),
        b'"person_id","sex","seen_on"\r\n"p1","a",""\r\n',
        b'\xef\xbb\xbf"person_id",sex,seen_on\np1,a,\n',
        f"{HEADER}\np1,a,\n\n\n".encode(),
        f"{HEADER}\np1,a,\n,,\n,,\n".encode(),
    ],
    ids=["mark", "CRLF", "no last line end", "all quoted", "mark and quote", "blank end", "delimiters at the end"],
)
def test_lawful_ways_of_writing_a_file_are_read_without_a_word(tmp_path: Path, data: bytes) -> None:
    found = read(tmp_path, data)
    assert rows(found) == [(2, "p1", "a", None)]
    assert found.groups == ()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_name_with_brackets_and_stars_is_no_pattern(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "returns [2026] *"
    folder.mkdir()
    frame = pl.DataFrame({"person_id": ["p1"], "sex": ["male"]})
    getattr(frame, f"write_{ending}")(folder / f"person.{ending}")
    assert len(rows(formats.read(folder, STANDARD))) == 1


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER)
    assert rows(found) == []
    assert found.groups == ()


def test_quoted_line_breaks_are_lawful_and_lines_stay_physical(tmp_path: Path) -> None:
    found = read(tmp_path, f'{HEADER}\np1,"a\nb\r\nc",\np2,"say ""x"", y",\n')
    assert rows(found) == [(2, "p1", "a\nb\r\nc", None), (5, "p2", 'say "x", y', None)]
    assert found.groups == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_break_in_a_cell_moves_the_lines_of_all_rows_below(tmp_path: Path, end: str) -> None:
    found = read(tmp_path, end.join([HEADER, 'p1,"a', 'b",', "p2,c,", ""]))
    assert rows(found) == [(2, "p1", f"a{end}b", None), (4, "p2", "c", None)]
    assert found.groups == ()


def test_letters_of_several_bytes_are_read_whole_in_small_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdac_validator.formats.source.BLOCK", 3)
    found = read(tmp_path, f"{HEADER}\np1,éééééééé,\n")
    assert rows(found) == [(2, "p1", "éééééééé", None)]
    assert found.groups == ()


def test_a_large_file_stays_lazy_and_gives_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{HEADER}\np1,a,\np2,b,2024-01-31\n"
    held = rows(read(tmp_path, text))
    monkeypatch.setattr(csv_, "LARGE", 10)
    found = formats.read(tmp_path, STANDARD)
    assert "Csv SCAN" in found.texts["person"].frame.explain()
    assert rows(found) == held


def test_faults_of_shape_beyond_the_first_block_have_their_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdac_validator.formats.source.BLOCK", 40)
    lines = [f"p{number},a," for number in range(100)]
    assert rows(read(tmp_path, "\n".join([HEADER, *lines])))[-1] == (101, "p99", "a", None)
    lines[70] = "p70,a"
    assert told(read(tmp_path, "\n".join([HEADER, *lines]))) == {"RDAC020": [72]}


# encodings


def test_windows_1252_is_read_and_told_with_the_first_line_of_it(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEADER}\np1,a,\np2,Zoë,\n".encode("cp1252"))
    assert rows(found)[1] == (3, "p2", "Zoë", None)
    group = only(found, faults.OtherEncoding)
    assert list(group.rows) == [3]
    assert "Windows-1252" in group.message
    assert "UTF-8" in group.message


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_and_told(tmp_path: Path, codec: str) -> None:
    found = read(tmp_path, f"{HEADER}\np1,Zoë,\n".encode(codec))
    assert rows(found) == [(2, "p1", "Zoë", None)]
    assert "UTF-16" in only(found, faults.OtherEncoding).message


def test_bytes_that_are_no_text_are_not_read(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEADER}\np1,a,\n".encode() + b"p2,\x81\x8d,\n")
    assert found.texts == {}
    assert list(only(found, faults.UndecodableText).rows) == [3]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_nul_bytes_are_not_read(tmp_path: Path, codec: str) -> None:
    found = read(tmp_path, f"{HEADER}\np1,a,\np2,\0,\n".encode(codec))
    assert found.texts == {}
    assert list(only(found, faults.NulBytes).rows) == [3]


# headers


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_another_delimiter_is_an_error_and_the_file_is_read_on(tmp_path: Path, delimiter: str, name: str) -> None:
    found = read(tmp_path, f"{HEADER}\np1,a,\n".replace(",", delimiter))
    group = only(found, faults.WrongDelimiter)
    assert group.severity is Severity.ERROR
    assert name in group.message
    assert rows(found) == [(2, "p1", "a", None)]


def test_stray_spaces_and_case_in_a_header_are_put_right_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, " Person ID,SEX,seen-on\np1,a,\n")
    assert rows(found) == [(2, "p1", "a", None)]
    assert found.texts["person"].headers == ("person_id", "sex", "seen_on")
    assert [group.code for group in found.groups] == [faults.HeaderSpelling.code] * 3
    assert "column 1" in found.groups[0].message
    assert "did you mean `person_id`" in found.groups[0].message


def test_of_a_doubled_column_the_first_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "person_id,sex,sex\np1,a,b\n")
    assert rows(found) == [(2, "p1", "a")]
    assert "columns 2 and 3" in only(found, faults.DoubledColumn).message


def test_an_unknown_column_is_kept_under_a_safe_name_and_told_by_position(tmp_path: Path) -> None:
    found = read(tmp_path, "person_id,Smith_family,seen_onn,sex\np1,x,y,a\n")
    text = found.texts["person"]
    assert text.frame.collect().columns == [ROW, "person_id", "sex", "_unknown_2", "_unknown_3"]
    assert text.unknown == {"_unknown_2": "Smith_family", "_unknown_3": "seen_onn"}
    assert text.headers == ("person_id", "sex")
    messages = [group.message for group in found.groups]
    assert messages == [
        "column 2 is not a column of `person`",
        "column 3 is not a column of `person`; did you mean `seen_on`?",
    ]


def test_a_file_without_a_header_is_not_read_and_not_shown(tmp_path: Path) -> None:
    found = read(tmp_path, "Jo Bloggs,a,2024-01-31\n")
    assert found.texts == {}
    assert list(only(found, faults.NoHeader).rows) == [1]


@pytest.mark.parametrize("data", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_a_fault(tmp_path: Path, data: str) -> None:
    found = read(tmp_path, data)
    assert found.texts == {}
    only(found, faults.EmptyFile)


# rows


def test_ragged_rows_are_left_out_with_their_lines(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEADER}\np1,a\np2,a,,\np3,b,\n")
    assert rows(found) == [(4, "p3", "b", None)]
    assert found.texts["person"].damaged
    assert [(group.code, list(group.rows)) for group in found.groups] == [("RDAC020", [2]), ("RDAC020", [3])]
    assert "fewer" in found.groups[0].message
    assert "more" in found.groups[1].message


@pytest.mark.parametrize("blank", ["", ",,", '"",,'])
def test_blank_lines_inside_a_file_are_left_out_and_told(tmp_path: Path, blank: str) -> None:
    found = read(tmp_path, f"{HEADER}\np1,a,\n{blank}\np2,b,\n")
    assert rows(found) == [(2, "p1", "a", None), (4, "p2", "b", None)]
    assert list(only(found, faults.BlankLine).rows) == [3]
    assert not found.texts["person"].damaged


def test_blank_lines_above_the_header_are_told_and_lines_stay_physical(tmp_path: Path) -> None:
    found = read(tmp_path, f"\n{HEADER}\np1,a,\n")
    assert rows(found) == [(3, "p1", "a", None)]
    assert list(only(found, faults.BlankLine).rows) == [1]


@pytest.mark.parametrize("bad", ['p2,"b,', 'p2,"b" c,', 'p2,"b"",', "p2,b\rc,"])
def test_a_broken_quotation_mark_costs_its_own_line_only(tmp_path: Path, bad: str) -> None:
    found = read(tmp_path, f'{HEADER}\np1,a,\n{bad}\np3,"c",\np4,d,\n')
    assert rows(found) == [(2, "p1", "a", None), (4, "p3", "c", None), (5, "p4", "d", None)]
    assert list(only(found, faults.BrokenQuote).rows) == [3]
    assert found.texts["person"].damaged


def test_a_line_that_breaks_off_in_its_last_cell_is_not_taken_for_whole(tmp_path: Path) -> None:
    found = read(tmp_path, "person_id,sex\np1,a\rb\n")
    assert rows(found) == []
    assert list(only(found, faults.BrokenQuote).rows) == [2]


def test_a_quotation_mark_inside_an_unquoted_cell_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, f'{HEADER}\np1,5" tall,\n')
    assert rows(found) == [(2, "p1", '5" tall', None)]
    assert found.groups == ()


# folders, archives and names


def test_files_that_are_no_table_are_told_by_position_only(tmp_path: Path) -> None:
    (tmp_path / "Smith_family.csv").write_text("x")
    (tmp_path / "persons.csv").write_text("x")
    (tmp_path / "household.txt").write_text("x")
    (tmp_path / "notes.md").write_text("x")
    (tmp_path / "datapackage.json").write_text("{}")
    found = read(tmp_path, f"{HEADER}\n")
    by_place = {group.message[:11]: group for group in found.groups}
    assert by_place["file 1 of 6"].code == by_place["file 6 of 6"].code == faults.UnknownFile.code
    assert "did you mean `person`" in by_place["file 6 of 6"].message
    assert by_place["file 3 of 6"].code == faults.OtherFormat.code
    assert len(by_place) == 3
    assert found.notes == ("files in the folder that are neither CSV nor Parquet and were not read: 1",)


def test_a_file_name_of_another_case_is_read_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEADER}\np1,a,\n", "Person .CSV")
    assert rows(found) == [(2, "p1", "a", None)]
    assert "name it exactly so" in only(found, faults.NameSpelling).message


def test_a_table_in_two_formats_is_an_error_and_the_first_is_read(tmp_path: Path) -> None:
    pl.DataFrame({"person_id": ["p9"]}).write_parquet(tmp_path / "person.parquet")
    found = read(tmp_path, f"{HEADER}\np1,a,\n")
    only(found, faults.TableTwice)
    assert rows(found) == [(2, "p1", "a", None)]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("household_id\nh1\n")
    inside = tmp_path / "return"
    inside.mkdir()
    (inside / "household.csv").symlink_to(outside)
    found = read(inside, f"{HEADER}\n")
    only(found, faults.LinkOutside)
    assert set(found.texts) == {"person"}


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "person.csv").symlink_to(tmp_path / "person-1.csv.data")
    (tmp_path / "person-1.csv.data").write_text(f"{HEADER}\np1,a,\n")
    assert rows(formats.read(tmp_path, STANDARD)) == [(2, "p1", "a", None)]


def test_a_single_file_is_a_return_of_one_table(tmp_path: Path) -> None:
    read(tmp_path, f"{HEADER}\np1,a,\n")
    assert rows(formats.read(tmp_path / "person.csv", STANDARD)) == [(2, "p1", "a", None)]


def zipped(folder: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "return.zip"
    with zipfile.ZipFile(path, "w", compression) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


PERSON_CSV = f"{HEADER}\np1,a,\n".encode()


def test_a_zip_is_read_in_memory_whether_or_not_it_holds_a_folder(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"export/person.csv": PERSON_CSV, "__MACOSX/export/._person.csv": b"\0"})
    found = formats.read(path, STANDARD)
    assert rows(found) == [(2, "p1", "a", None)]
    assert found.groups == ()
    assert [item.name for item in tmp_path.iterdir()] == ["return.zip"]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("../household.csv", faults.PathOutside),
        ("/household.csv", faults.PathOutside),
        ("C:/household.csv", faults.PathOutside),
        ("more.zip", faults.NestedArchive),
    ],
)
def test_members_that_lead_elsewhere_are_refused(tmp_path: Path, name: str, fault: type[faults.Fault]) -> None:
    found = formats.read(zipped(tmp_path, {"person.csv": PERSON_CSV, name: b"household_id\nh1\n"}), STANDARD)
    assert "file 2 of 2" in only(found, fault).message
    assert set(found.texts) == {"person"}


def test_members_with_a_password_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"person.csv": PERSON_CSV}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    # the flag of encryption, in the member's own head and in the directory at the end
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)
    only(formats.read(path, STANDARD), faults.EncryptedMember)


def test_an_archive_that_unpacks_to_too_much_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LIMIT", 10)
    found = formats.read(zipped(tmp_path, {"person.csv": PERSON_CSV}), STANDARD)
    only(found, faults.ArchiveTooLarge)
    assert found.texts == {}


def test_a_member_that_unpacks_to_many_times_its_size_is_refused(tmp_path: Path) -> None:
    bomb = b"household_id\n" + b"h" * archive.RATIO_FROM
    found = formats.read(zipped(tmp_path, {"person.csv": PERSON_CSV, "household.csv": bomb}), STANDARD)
    only(found, faults.SuspiciousRatio)
    assert set(found.texts) == {"person"}


def test_a_damaged_member_is_a_fault_and_the_others_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"person.csv": PERSON_CSV, "household.csv": b"household_id\nh1\n"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"h1", b"h2"))
    found = formats.read(path, STANDARD)
    assert only(found, faults.UnreadableFile).table == "household"
    assert set(found.texts) == {"person"}


@pytest.mark.parametrize("name", ["return.zip", "return.xlsx", "person.parquet"])
def test_a_file_that_is_not_what_its_name_says_is_a_fault(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 no such thing")
    only(formats.read(tmp_path / name, STANDARD), faults.UnreadableFile)


def test_a_path_that_does_not_exist_is_told_to_people(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no file or folder"):
        formats.read(tmp_path / "nowhere", STANDARD)


def test_a_folder_without_a_table_is_told_to_people(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no table"):
        formats.read(tmp_path, STANDARD)
    (tmp_path / "persn.csv").write_text("x")
    with pytest.raises(ReadError, match=r"did you mean `person`\?"):
        formats.read(tmp_path, STANDARD)


def test_another_kind_of_file_is_told_to_people(tmp_path: Path) -> None:
    (tmp_path / "person.doc").write_text("x")
    with pytest.raises(ReadError, match=r"\.xlsx"):
        formats.read(tmp_path / "person.doc", STANDARD)


def test_a_census_file_is_told_by_its_suffix() -> None:
    assert formats.is_census(Path("census.XML"))
    assert not formats.is_census(Path("person.csv"))


# workbooks


def workbook(folder: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> Return:
    path = folder / "return.xlsx"
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return formats.read(path, STANDARD)


def test_cells_of_a_workbook_become_the_text_of_csv(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("person")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["person_id", "seen_on", "age", "interpreter", "needs", "sex"])
        sheet.write_row(1, 0, ["p1", "", 5, True, "a|b", " "])
        sheet.write_datetime(1, 1, datetime.datetime(2024, 1, 31), day)
        sheet.write_row(2, 0, ["p2", "31/01/2024", 5.5, False])

    found = workbook(tmp_path, fill)
    assert rows(found) == [
        (2, "p1", "2024-01-31", "5", "true", "a|b", " "),
        (3, "p2", "31/01/2024", "5.5", "false", None, None),
    ]
    assert found.groups == ()
    assert found.texts["person"].format == "xlsx"


def test_numbers_in_a_text_column_of_a_workbook_are_told_by_row(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("person")
        sheet.write_column(0, 0, ["person_id", "007", 7])

    found = workbook(tmp_path, fill)
    assert rows(found) == [(2, "007"), (3, "7")]
    group = only(found, faults.NumberInTextColumn)
    assert (list(group.rows), group.columns) == ([3], ("person_id",))


def test_error_cells_are_told_and_formulas_are_noted(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("notes")
        sheet = book.add_worksheet("person")
        sheet.write_row(0, 0, ["person_id", "sex"])
        sheet.write_row(1, 0, ["p1", "#N/A"])
        sheet.write_row(2, 0, ["p2"])
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")
        sheet.write_formula(3, 0, '="p"&3', None, "p3")

    found = workbook(tmp_path, fill)
    assert rows(found) == [(2, "p1", "#N/A"), (3, "p2", None), (4, "p3", None)]
    assert told(found) == {"RDAC002": [], "RDAC031": [3]}
    assert found.groups[-1].columns == ("sex",)
    assert "sheet 1 of the workbook" in found.groups[0].message
    assert found.notes == ("sheet `person` of the workbook holds formulas: their stored results were read",)


def test_an_error_cell_far_to_the_right_has_its_column(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("person")
        sheet.write_row(0, 0, ["person_id", *("x" * 26), "sex"])
        sheet.write(1, 0, "p1")
        sheet.write_formula(1, 27, "=NA()", None, "#N/A")

    last = workbook(tmp_path, fill).groups[-1]
    assert (last.code, last.columns, list(last.rows)) == ("RDAC031", ("sex",), [2])
    assert "column 28" in last.message


def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
        book.add_worksheet("person").write(0, 0, "person_id")
    with zipfile.ZipFile(tmp_path / "made.xlsx") as made, zipfile.ZipFile(tmp_path / "return.xlsx", "w") as changed:
        for name in made.namelist():
            part = made.read(name)
            if name == "xl/workbook.xml":
                part = part.replace(b"<workbook", b'<!DOCTYPE workbook [<!ENTITY e "e">]><workbook', 1)
            changed.writestr(name, part)
    only(formats.read(tmp_path / "return.xlsx", STANDARD), faults.UnreadableFile)


def test_rows_of_a_workbook_have_the_numbers_that_the_sheet_shows(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Person")
        sheet.write_row(1, 0, ["person_id", "sex", "else"])
        sheet.write_row(3, 0, ["p1", "a", "x"])

    found = workbook(tmp_path, fill)
    assert rows(found) == [(4, "p1", "a", "x")]
    assert told(found) == {"RDAC004": [], "RDAC019": [2], "RDAC021": [1, 3]}


def test_an_empty_sheet_and_a_sheet_without_a_header_are_faults(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("person")
        book.add_worksheet("household").write_row(0, 0, ["Jo Bloggs", 3])

    found = workbook(tmp_path, fill)
    assert found.texts == {}
    assert told(found) == {"RDAC014": [], "RDAC015": [1]}


# Parquet


def parquet(folder: Path, data: dict[str, pl.Series]) -> Return:
    pl.DataFrame(data).write_parquet(folder / "person.parquet")
    return formats.read(folder, STANDARD)


def test_typed_columns_of_parquet_become_the_text_of_csv(tmp_path: Path) -> None:
    day = datetime.date(2024, 1, 31)
    found = parquet(
        tmp_path,
        {
            "person_id": pl.Series([1, None]),
            "seen_on": pl.Series([day, None]),
            "birth_month": pl.Series([datetime.datetime(2024, 1, 31), datetime.datetime(2024, 1, 31, 10, 5)]),
            "interpreter": pl.Series([True, False]),
            "needs": pl.Series([["a", "b"], []], dtype=pl.List(pl.String)),
            "sex": pl.Series(["", "a"], dtype=pl.Categorical),
        },
    )
    assert rows(found) == [
        (1, "1", "2024-01-31", "2024-01-31", "true", "a|b", None),
        (2, None, None, "2024-01-31T10:05:00.000000", "false", None, "a"),
    ]
    assert found.groups == ()
    assert found.texts["person"].format == "parquet"


def test_a_missing_choice_inside_a_list_stays_visible(tmp_path: Path) -> None:
    found = parquet(tmp_path, {"person_id": pl.Series(["p1"]), "needs": pl.Series([["a", None]])})
    assert rows(found) == [(1, "p1", "a|")]


def test_floating_point_in_a_column_of_whole_numbers_is_told_once(tmp_path: Path) -> None:
    found = parquet(tmp_path, {"person_id": pl.Series(["p1", "p2", "p3"]), "age": pl.Series([5.0, 5.5, 1e20])})
    assert rows(found) == [(1, "p1", "5"), (2, "p2", "5.5"), (3, "p3", "1e+20")]
    group = only(found, faults.FloatColumn)
    assert (list(group.rows), group.columns) == ([], ("age",))


def test_a_column_of_a_type_without_text_is_left_out_and_told(tmp_path: Path) -> None:
    found = parquet(tmp_path, {"person_id": pl.Series(["p1"]), "sex": pl.Series([{"a": 1}])})
    assert rows(found) == [(1, "p1")]
    assert found.texts["person"].headers == ("person_id",)
    assert "column 2" in only(found, faults.UnreadableColumn).message


@pytest.mark.parametrize("batch", [0, 250_000])
def test_a_damaged_page_of_parquet_is_a_fault_of_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(parquet_, "BATCH", batch)
    path = tmp_path / "person.parquet"
    pl.DataFrame({"person_id": ["p1", "p2"]}).write_parquet(path, compression="zstd")
    assert len(formats.read(path, STANDARD).texts) == 1
    data = bytearray(path.read_bytes())
    data[data.index(b"\x28\xb5\x2f\xfd")] ^= 0xFF  # the mark of a zstd frame
    path.write_bytes(data)
    found = formats.read(path, STANDARD)
    assert found.texts == {}
    only(found, faults.UnreadableFile)


def test_a_large_parquet_file_gives_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"person_id": pl.Series(["p1", "p2"]), "age": pl.Series([5, None])}
    held = rows(parquet(tmp_path, data))
    monkeypatch.setattr(parquet_, "BATCH", 0)
    assert rows(parquet(tmp_path, data)) == held == [(1, "p1", "5"), (2, "p2", None)]


def test_a_parquet_column_called_like_our_row_number_is_an_unknown_column(tmp_path: Path) -> None:
    found = parquet(tmp_path, {ROW: pl.Series([9]), "person_id": pl.Series(["p1"])})
    assert rows(found) == [(1, "p1", "9")]
    only(found, faults.UnknownColumn)


# the faults themselves


def test_every_fault_is_listed_with_a_code_of_its_own_among_those_of_reading(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER)
    codes = [info.code for info in faults.LOOKED_FOR]
    assert len(codes) == len(set(codes)) == len(faults.FAULTS)
    assert all("RDAC001" <= code <= "RDAC049" for code in codes)
    of_csv = {fault.code for fault in faults.FAULTS if not fault.only or "csv" in fault.only}
    assert {info.code for info in found.looked_for} == of_csv


def test_a_fault_that_leaves_something_unsaid_is_refused() -> None:
    with pytest.raises(RuleError, match="leaves unsaid: code"):
        type("Silent", (faults.Fault,), {})


def test_no_fault_shows_a_cell_a_header_or_a_file_name(tmp_path: Path) -> None:
    marker = "Zqxjk"
    (tmp_path / f"{marker}.csv").write_text(marker)
    body = f'person_id,{marker},{marker} sex,SEX\n{marker},1\n{marker},"{marker}\n\n{marker},1,2,\n'
    found = read(tmp_path, body)
    assert len(told(found)) >= 5
    assert marker not in repr((found.groups, found.notes, [text.input for text in found.texts.values()]))


def test_reading_twice_gives_the_same_findings(tmp_path: Path) -> None:
    text = "Person ID,x,y,sex,sex\np1\n\np2,,,,\n"
    assert read(tmp_path, text).groups == formats.read(tmp_path, STANDARD).groups


def test_csv_in_memory_and_on_disk_are_read_alike(tmp_path: Path) -> None:
    data = f'{HEADER}\np1,"a\nb",\np2\n'.encode()
    memory = csv_.read(Source("person.csv", data), PERSON)
    disk = read(tmp_path, data)
    assert memory.text is not None
    assert memory.text.frame.collect().rows() == rows(disk)
    assert memory.groups == disk.groups
