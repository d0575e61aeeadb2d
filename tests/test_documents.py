"""JSON and YAML documents: the same findings as from CSV, at a pointer and not a line; and input that would do harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rdac_validator import formats
from rdac_validator.check import check
from rdac_validator.cli import main
from rdac_validator.findings import Group, Report
from rdac_validator.formats import document as reader
from rdac_validator.formats import faults, typed
from rdac_validator.formats.source import Source
from rdac_validator.reports import json_, text
from rdac_validator.reports.places import place, pointer
from rdac_validator.standard import Column, load, schema_folder
from rdac_validator.structure import engine_called
from rdac_validator.tables import ROW, Return, Text
from tests import corpus, documents, parity

CELLS = 50_000
CASE = corpus.EXAMPLES / "documents"
# a blank and a column that is absent are one in a document: RDAC102 is found instead, row by row
SAID_OTHERWISE = {"RDAC114"}
Cell = tuple[str, str, int, tuple[str, ...]]


def read(folder: Path, made: object, name: str = "return.json") -> Return:
    """A document as the reader gives it."""
    path = folder / name
    written = (
        made if isinstance(made, str) else documents.as_yaml(made) if "y" in path.suffix else documents.as_json(made)
    )
    path.write_text(written, encoding="utf-8", newline="\n")
    return formats.read(path, load())


def told(report: Report, first: int) -> set[Cell]:
    """The findings below the reader, by code, table, record and column; ``first`` is the number of the first record."""
    return {
        (f.code, f.table, f.row - first if f.row else -1, f.columns) for f in report.findings() if f.code >= "RDAC1"
    }


def codes(found: Return) -> set[str]:
    return {group.code for group in found.groups}


@cache
def case() -> documents.Document:
    made: documents.Document = json.loads(documents.case()["case.json"])
    return made


def changed(table: str, name: str, value: object) -> documents.Document:
    """The case with one property of the first record of a table changed."""
    first, *rest = case()[table]
    return case() | {table: [first | {name: value}, *rest]}


# As from CSV


def inexpressible(cell: str, column: Column) -> bool:
    """Whether no JSON value is written as this cell: a number that begins with 0, a blank among several keys."""
    if column.multiple and not column.lists:
        return "" in cell.split("|")
    return column.type in {"integer", "year"} and documents.typed(cell, column) == cell and cell.lstrip("-").isdigit()


@cache
def tried() -> Return:
    """The corpus on which engines are held against each other, without the cells that no JSON value is written as."""
    texts: dict[str, Text] = {}
    for name, table in parity.corpus(load()).texts.items():
        frame = table.frame.collect()
        for column in load().table(name).columns:
            cells = [None if cell and inexpressible(cell, column) else cell for cell in frame[column.name]]
            frame = frame.with_columns(pl.Series(column.name, cells, pl.String))
        texts[name] = replace(table, frame=frame.lazy())
    return Return(texts)


def test_every_cell_tried_is_found_in_a_document_as_in_csv(tmp_path: Path) -> None:
    given = tried()
    document = read(tmp_path, documents.document(given))
    assert sum(len(cells) for records in document.texts.values() for cells in (records.records or {}).values()) > CELLS
    ours, theirs = (
        check(document, load(), profile="extended", rules=()),
        check(given, load(), profile="extended", rules=()),
    )
    assert not ours.crashed
    assert told(ours, 1) == told(theirs, 2)


def test_yaml_holds_what_json_holds(tmp_path: Path) -> None:
    made = documents.document(tried())
    one, other = read(tmp_path, made), read(tmp_path, made, "return.yaml")
    for name in one.texts:
        assert one.texts[name].records == other.texts[name].records
        assert one.texts[name].frame.collect().equals(other.texts[name].frame.collect())


@pytest.mark.parametrize("name", ["england-small", "scotland-small"])
@pytest.mark.parametrize("form", ["return.json", "return.yaml"])
def test_a_valid_example_gives_the_same_findings_as_a_document(name: str, form: str, tmp_path: Path) -> None:
    given = formats.read(corpus.EXAMPLES / "valid" / name, load())
    document = read(tmp_path, documents.document(given), form)
    assert not codes(document)
    ours, theirs = check(document, load(), profile="extended"), check(given, load(), profile="extended")
    assert told(ours, 1) == told(theirs, 2)


def as_csv(folder: Path) -> bool:
    """Whether an example of a fault is a folder of CSV whose fault is not one of reading."""
    code = folder.name.partition("-")[0]
    return code >= "RDAC1" and code not in SAID_OTHERWISE and bool(list(folder.glob("*.csv")))


@pytest.mark.parametrize("folder", [f for f in corpus.INVALID if as_csv(f)], ids=lambda folder: folder.name)
def test_a_faulty_example_gives_the_same_findings_as_a_document(folder: Path, tmp_path: Path) -> None:
    made = documents.document(formats.read(folder, load()))
    document = read(tmp_path, made)
    profile = json.loads((folder / corpus.EXPECTED).read_text("utf-8"))["profile"]
    assert told(check(document, load(), profile=profile), 1) == told(corpus.checked(folder), 2)
    again = read(tmp_path, made, "return.yml")
    assert all(again.texts[name].records == table.records for name, table in document.texts.items())


@pytest.mark.parametrize("engine", ["frictionless", "both"])
def test_the_other_engines_stand_behind_a_document_too(engine: str, tmp_path: Path) -> None:
    document = read(tmp_path, changed("person", "sex", None))
    report = check(document, load(), profile="extended", rules=(), engine=engine_called(engine))
    assert not report.crashed
    assert told(report, 1) == {("RDAC102", "person", 0, ("sex",))}


# As it is typed


@pytest.mark.parametrize(
    ("table", "name", "value", "code"),
    [
        ("person", "sex", None, "RDAC102"),
        ("person", "sex", "", "RDAC102"),
        ("person", "sex", 5, "RDAC104"),
        ("person", "sex", True, "RDAC104"),
        ("person", "sex", {"code": "female"}, "RDAC104"),
        ("person", "sex", ["female"], "RDAC104"),
        ("person", "sex", "Female", "RDAC105"),
        ("person", "sex", "f", "RDAC106"),
        ("person", "birth_month", 2020, "RDAC104"),
        ("person", "birth_month", "01/2020", "RDAC103"),
        ("person", "person_id", 7, "RDAC104"),
        ("person", "person_id", "p 1", "RDAC107"),
        ("person", "person_id", "pk1\n", "RDAC107"),
        ("dataset", "period_start", None, "RDAC101"),
        ("dataset", "source_system", None, "RDAC104"),
        ("dataset", "source_system", "", "RDAC104"),
        ("dataset", "source_system", 3, "RDAC104"),
        ("dataset", "suppression_threshold", "5", "RDAC104"),
        ("dataset", "suppression_threshold", 5.0, "RDAC104"),
        ("dataset", "suppression_threshold", float("nan"), "RDAC104"),
        ("dataset", "suppression_threshold", float("inf"), "RDAC104"),
        ("dataset", "suppression_threshold", 10**30, "RDAC104"),
        ("dataset", "suppression_threshold", True, "RDAC104"),
        ("dataset", "suppression_threshold", 21, "RDAC108"),
        ("episode", "re_referral_within_12m", "true", "RDAC104"),
        ("episode", "re_referral_within_12m", 1, "RDAC104"),
        ("episode", "first_known_involvement_year", "2020", "RDAC104"),
        ("harm_direction", "abuse_types", "physical", "RDAC104"),
        ("harm_direction", "abuse_types", [], "RDAC102"),
        ("harm_direction", "abuse_types", [3], "RDAC104"),
        ("harm_direction", "abuse_types", [None], "RDAC102"),
        ("harm_direction", "abuse_types", [["physical"]], "RDAC104"),
        ("harm_direction", "abuse_types", ["physical", "physical"], "RDAC109"),
        ("harm_direction", "abuse_types", ["physical", "not_asked"], "RDAC110"),
        ("child_experience", "harm_ids", ["a|b"], "RDAC104"),
    ],
)
def test_a_value_of_the_wrong_type_or_form_is_found_under_one_code(
    table: str, name: str, value: object, code: str, tmp_path: Path
) -> None:
    report = check(read(tmp_path, changed(table, name, value)), load(), profile="extended", rules=())
    assert not report.crashed
    of_cell = {found for found in told(report, 1) if found[0] not in {"RDAC111", "RDAC112", "RDAC902"}}
    assert of_cell == {(code, table, 0, (name,))}


def test_a_blank_that_the_profile_does_not_ask_for_is_left_out_or_of_the_wrong_type(tmp_path: Path) -> None:
    given = read(tmp_path, changed("person", "sexual_orientation", None))
    assert told(check(given, load(), profile="core", rules=()), 1) == {
        ("RDAC104", "person", 0, ("sexual_orientation",))
    }


def test_a_code_that_is_not_looked_for_is_not_told_as_another(tmp_path: Path) -> None:
    given = read(tmp_path, changed("person", "sex", "f"))
    report = check(given, load(), profile="extended", rules=(), wanted=lambda code: code != "RDAC106")
    assert not told(report, 1)


@pytest.mark.parametrize(("name", "advised"), [("return.json", False), ("return.yaml", False), ("person.csv", True)])
def test_advice_on_spreadsheets_is_for_those_who_have_one(name: str, advised: bool, tmp_path: Path) -> None:
    made = "person_id,birth_month\np1,01/02/2020\n" if advised else {"person": [{"birth_month": "01/02/2020"}]}
    told = text.render(check(read(tmp_path, made, name), load(), profile="t0"))
    assert "export dates as YYYY-MM-DD." in told
    assert ("In Excel:" in told) is ("In CSV:" in told) is advised


# Where it is


@pytest.mark.parametrize(
    ("table", "columns", "row", "file", "expected"),
    [
        ("person", ("sex",), 1, "document.json", "/person/0/sex"),
        ("person", ("sex", "birth_month"), 4, "document.yaml", "/person/3"),
        ("person", (), 0, "document.yml", "/person"),
        ("person", ("a/b~c",), 1, "document.json", "/person/0/a~1b~0c"),
        ("", (), 7, "document.json", "line 7"),
        ("", (), 0, "document.json", ""),
        ("person", ("sex",), 4, "person.csv", "line 4"),
        ("person", ("sex",), 4, "workbook.xlsx", "row 4"),
        ("person", ("sex",), 0, "person.csv", ""),
    ],
)
def test_a_place_is_a_line_a_row_or_a_pointer(
    table: str, columns: tuple[str, ...], row: int, file: str, expected: str
) -> None:
    group = Group("RDAC104", corpus.ERROR, table, file, columns, "")
    assert place(group, row, Report("", "", "", (), (), (), {})) == expected


def test_both_reports_say_the_pointer(tmp_path: Path) -> None:
    report = check(read(tmp_path, changed("person", "sex", 5)), load(), profile="extended", rules=())
    said = json_.document(report)
    schema = json.loads((schema_folder() / "report.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(said)
    assert [group["pointers"] for group in said["groups"]] == [["/person/0/sex"]]
    assert "document.json /person/0/sex" in text.render(report)


def test_cells_that_are_shown_on_request_name_their_record(tmp_path: Path) -> None:
    given = read(tmp_path, changed("person", "sex", 5))
    (group,) = check(given, load(), profile="extended", rules=()).groups
    look = text.lookup(given, load(), values=True, keys=False)
    assert look(group, [1]) == ["record 1: sex = '5'"]


def test_in_a_list_of_documents_the_pointer_begins_with_the_document(tmp_path: Path) -> None:
    other = {"person": [{"person_id": "p_one"}, {"person_id": "p_two", "sex": 5}]}
    given = read(tmp_path, [{"person": case()["person"]}, other])
    report = check(given, load(), profile="extended", rules=(), wanted=lambda code: code == "RDAC104")
    (group,) = report.groups
    assert [pointer(group, row, report) for row in group.rows] == ["/1/person/1/sex"]


def test_documents_in_a_list_may_say_again_what_they_share_but_one_document_may_not(tmp_path: Path) -> None:
    twice = read(tmp_path, [case(), case()])
    assert not check(twice, load(), profile="extended").groups
    assert twice.notes == (
        f"records that stand word for word in an earlier document of the list and were read once: {rows(case())}",
    )
    doubled = case() | {"person": [*case()["person"], case()["person"][0]]}
    report = check(read(tmp_path, doubled), load(), profile="extended", rules=())
    assert told(report, 1) == {("RDAC111", "person", row, ("person_id",)) for row in (0, len(case()["person"]))}
    assert not read(tmp_path, doubled).notes


def rows(document: documents.Document) -> int:
    return sum(map(len, document.values()))


# What is not as it should be


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("a.json", "", {"RDAC014"}),
        ("a.json", " \n", {"RDAC014"}),
        ("a.yaml", "# nothing\n", {"RDAC014"}),
        ("a.json", '{"person": [', {"RDAC034"}),
        ("a.json", "person: []", {"RDAC034"}),
        ("a.yaml", "person: [", {"RDAC034"}),
        ("a.yaml", 'person: "\x07"', {"RDAC034"}),
        ("a.json", "[" * 100_000, {"RDAC035"}),
        ("a.yaml", "[" * 100_000, {"RDAC035"}),
        ("a.yaml", "- " * 100_000, {"RDAC035"}),
        ("a.yaml", "person: &x []\n", {"RDAC035"}),
        ("a.json", '{"dataset": [{"suppression_threshold": ' + "9" * 5000 + "}]}", set()),
        ("a.yaml", "a: &x [1]\nb: [*x, *x]\n", {"RDAC035"}),
        ("a.yaml", "person: !!python/object/apply:os.getcwd []\n", {"RDAC035"}),
        ("a.yaml", "%YAML 1.1\n---\nperson: []\n", {"RDAC035"}),
        ("a.yaml", "? [person]\n: []\n", {"RDAC035"}),
        ("a.yaml", "person: []\n---\nperson: []\n", {"RDAC035"}),
        ("a.json", json.dumps(dict.fromkeys(map(str, range(1001)))), {"RDAC035"}),
        ("a.json", "null", {"RDAC036"}),
        ("a.json", "[5, 5]", {"RDAC036"}),
        ("a.json", '{"person": {}}', {"RDAC036"}),
        ("a.json", '{"person": [[]]}', {"RDAC036"}),
        ("a.json", '{"person": [{"shoe": {"size": 3}}]}', {"RDAC019", "RDAC036"}),
        ("a.json", json.dumps({"person": [dict.fromkeys(map(str, range(1001)))]}), {"RDAC036"}),
        ("a.json", '{"person": [{"sex": "female", "sex": "male"}]}', {"RDAC037"}),
        ("a.json", '{"person": [{"shoe": 1, "shoe": 2}]}', {"RDAC019", "RDAC037"}),
        ("a.json", '{"person": [], "person": []}', {"RDAC003"}),
        ("a.json", '{"person": [], "Person": []}', {"RDAC003"}),
        ("a.json", '{"Person": []}', {"RDAC004"}),
        ("a.json", '{"person": [], "holidays": []}', {"RDAC002"}),
        ("a.json", '{"person": [], "asessment": []}', {"RDAC024"}),
        ("a.json", '{"person": [{"Sex": "female"}]}', {"RDAC017"}),
        ("a.json", '{"person": [{"sex": "female", "Sex": "female"}]}', {"RDAC017", "RDAC018"}),
        ("a.json", '{"person": [{"shoe": 1}]}', {"RDAC019"}),
        ("a.yaml", "person:\n- {sex: no, disability: 'no'}\n", {"RDAC038"}),
        ("a.yaml", "person:\n- ethnicity_code: 010\n", {"RDAC038"}),
        ("a.yaml", "assessment:\n- source_codes: [3A, yes]\n", {"RDAC038"}),
    ],
)
def test_a_document_that_is_not_as_it_should_be_ends_in_findings(
    name: str, written: str, expected: set[str], tmp_path: Path
) -> None:
    found = read(tmp_path, written, name)
    assert codes(found) == expected
    report = check(found, load())
    assert not report.crashed
    assert expected <= {group.code for group in report.groups}


def test_what_names_no_table_at_all_is_no_return(tmp_path: Path) -> None:
    for written in ("[]", "{}", '{"shoes": []}'):
        with pytest.raises(formats.ReadError, match="no table"):
            read(tmp_path, written)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('{"person": []}'.encode("utf-16"), {"RDAC011"}),
        ('{"person": [{"person_id": "é"}]}'.encode("cp1252"), {"RDAC011"}),
        ('\ufeff{"person": []}'.encode(), set()),
        ("null".encode("utf-16"), {"RDAC011", "RDAC036"}),
        (b'{"person": "\x81\x8d"}', {"RDAC012"}),
        (b'{"person": "\0"}', {"RDAC013"}),
    ],
)
def test_other_encodings_are_told(data: bytes, expected: set[str], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(data)
    assert codes(formats.read(tmp_path / "a.json", load())) == expected


def test_half_a_letter_is_no_crash_and_no_key(tmp_path: Path) -> None:
    given = read(tmp_path, '{"person": [{"person_id": "p\\ud800", "\\udfff": ["\\ud800"]}]}')
    report = check(given, load(), profile="t0", rules=())
    assert not report.crashed
    assert ("RDAC107", "person", 0, ("person_id",)) in told(report, 1)


def test_a_list_that_is_damaged_silences_the_references_to_it(tmp_path: Path) -> None:
    given = read(tmp_path, case() | {"person": [*case()["person"][1:], "p"]})
    assert given.texts["person"].damaged
    assert not {f for f in told(check(given, load(), profile="extended"), 1) if f[0] == "RDAC112"}


NAMES = st.sampled_from([*load().names, *load().table("person").names, "Person", "shoe", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["female", "not_asked"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
)
RECORDS = st.dictionaries(NAMES, VALUES, max_size=4) | VALUES
TABLES = st.dictionaries(NAMES, st.lists(RECORDS, max_size=3) | VALUES, max_size=4)


@hypothesis.settings(max_examples=60, deadline=None, derandomize=True)
@hypothesis.given(made=TABLES | st.lists(TABLES, max_size=2))
def test_whatever_a_document_holds_it_no_check_crashes(made: object) -> None:
    found = reader.read(Source("document.json", json.dumps(made).encode()), load())
    assert not check(found, load(), profile="extended", rules=()).crashed


@hypothesis.settings(max_examples=300, deadline=None, derandomize=True)
@hypothesis.given(st.text("person: -[]{}\"',&*!|>%#?~\n\t\x85 01.e", max_size=40), st.sampled_from(faults.DOCUMENTS))
def test_no_text_upsets_the_parser(written: str, form: str) -> None:
    parsed = typed.parse(Source(f"document.{form}", written.encode()), form)
    assert {group.code for group in parsed.groups} <= {"RDAC014", "RDAC034", "RDAC035"}
    assert parsed.refused == bool(parsed.groups)


@pytest.mark.parametrize("limit", ["LIMIT", "VALUES"])
@pytest.mark.parametrize(("form", "written"), [("json", '{"person": [1, 2]}'), ("yaml", "person: [1, 2]")])
def test_a_document_beyond_the_limits_is_not_read(
    limit: str, form: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed, limit, 2)
    parsed = typed.parse(Source(f"document.{form}", written.encode()), form)
    assert parsed.refused
    assert [group.code for group in parsed.groups] == ["RDAC035"]


@pytest.mark.parametrize(
    ("bare", "value"),
    [
        ("no", "no"),
        ("2025-01-31", "2025-01-31"),
        ("2025-01", "2025-01"),
        ("3A", "3A"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("21", 21),
        ("-3", -3),
        ("True", True),
        ("~", None),
        ("null", None),
        ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("'21'", "21"),
    ],
)
def test_a_bare_word_of_yaml_is_what_its_core_schema_says(bare: str, value: object) -> None:
    parsed = typed.parse(Source("document.yaml", f"a: {bare}\n".encode()), "yaml")
    assert parsed.value == {"a": value}
    assert type(parsed.value["a"]) in {type(value), typed.Word}


MARK = "Zq7canary"


@pytest.mark.parametrize(
    "hide",
    [
        lambda: changed("person", "sex", MARK),
        lambda: changed("person", "sex", [MARK, {MARK: MARK}]),
        lambda: changed("person", MARK, {MARK: MARK}),
        lambda: case() | {MARK: [MARK]},
        lambda: case() | {"person": [MARK]},
        lambda: case() | {"person": {MARK: MARK}},
        lambda: MARK,
        lambda: f'{{"person": "{MARK}',
        lambda: f'{{"person": [{{"{MARK}": 1, "{MARK}": 2}}]}}',
    ],
)
@pytest.mark.parametrize("name", ["return.json", "return.yaml"])
def test_nothing_of_a_document_is_shown(hide: Callable[[], Any], name: str, tmp_path: Path) -> None:
    made = hide()
    path = tmp_path / name
    path.write_text(
        made if isinstance(made, str) else documents.as_yaml(made) if "y" in path.suffix else documents.as_json(made)
    )
    for form in ("text", "json"):
        ran = CliRunner().invoke(main, ["validate", str(path), "--format", form])
        assert ran.exit_code in {0, 1, 2}
        assert MARK not in ran.output


# The example


def test_the_example_is_what_its_seed_makes() -> None:
    assert {path.name: path.read_text("utf-8") for path in CASE.iterdir()} == documents.case(), (
        "run python -m tests.corpus"
    )


@pytest.mark.parametrize("name", ["case.json", "case.yaml"])
def test_the_example_has_no_finding_at_the_widest_profile(name: str) -> None:
    assert not check(formats.read(CASE / name, load()), load(), profile="extended").groups


def test_any_json_schema_validator_takes_the_example() -> None:
    schema = json.loads((schema_folder() / "generated" / "rdac.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(case())


def test_the_number_of_a_record_is_its_place_in_the_list(tmp_path: Path) -> None:
    given = read(tmp_path, {"person": [{"person_id": "a"}, 5, {"person_id": "c"}]})
    assert given.texts["person"].frame.collect()[ROW].to_list() == [1, 3]
