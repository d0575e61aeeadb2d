"""The census file as it is read: rows, lines, and what is wrong with a file before any rule looks at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rdac_validator.formats import cin_xml
from rdac_validator.formats.cin_faults import FAULTS
from rdac_validator.standard import load
from rdac_validator.tables import ROW, Return
from tests.census_files import CHILD, assessed, child, episode, header, line_of, message, read

SAMPLES = Path(__file__).parent.parent.parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public sample files are not beside the project")


def rows(given: Return, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return given.texts[table].frame.select(columns).collect().rows()


def told(given: Return) -> list[tuple[str, list[int]]]:
    return [(group.code, list(group.rows)) for group in given.groups]


def test_a_whole_file_gives_every_table_and_no_finding(tmp_path: Path) -> None:
    given = read(message(child(episode(assessed("3B", "4B")))), tmp_path)
    assert told(given) == []
    assert set(given.texts) == {table.name for table in load().source_tables}
    assert rows(given, "cin_factor", "child_no", "episode_no", "assessment_no", "AssessmentFactors") == [
        ("1", "1", "1", "3B"),
        ("1", "1", "1", "4B"),
    ]
    assert rows(given, "cin_plan", "child_no") == []


def test_a_row_keeps_the_line_on_which_its_element_begins(tmp_path: Path) -> None:
    text = message(child(episode(assessed("3A")), episode(assessed("20", "3C"))))
    given = read(text, tmp_path)
    assert rows(given, "cin_episode", ROW) == [(line_of(text, "<CINdetails>", n),) for n in (1, 2)]
    assert rows(given, "cin_factor", ROW, "AssessmentFactors")[2] == (line_of(text, ">3C<"), "3C")


def test_ordinals_run_through_the_whole_file(tmp_path: Path) -> None:
    plan = "<ChildProtectionPlans><Reviews><CPPreviewDate>2024-07-01</CPPreviewDate></Reviews></ChildProtectionPlans>"
    given = read(message(child(episode(), episode(assessed())), child(episode(assessed(), end=plan))), tmp_path)
    assert rows(given, "cin_assessment", "child_no", "episode_no", "assessment_no") == [
        ("1", "2", "1"),
        ("2", "3", "2"),
    ]
    assert rows(given, "cin_review", "child_no", "episode_no", "cpp_no") == [("2", "3", "1")]


def test_a_referral_source_is_never_taken_for_a_factor(tmp_path: Path) -> None:
    given = read(message(child(episode())), tmp_path)
    assert rows(given, "cin_episode", "ReferralSource") == [("3A",)]
    assert rows(given, "cin_factor", "AssessmentFactors") == []


def test_an_empty_factors_group_is_no_factor_and_no_fault(tmp_path: Path) -> None:
    given = read(message(child(episode(assessed()))), tmp_path)
    assert told(given) == []
    assert rows(given, "cin_factor", "AssessmentFactors") == []


@pytest.mark.parametrize(
    ("flag", "kept"), [("true", "true"), ("TRUE", "true"), ("1", "true"), ("False", "false"), ("0", "false")]
)
def test_flags_are_read_in_every_spelling(tmp_path: Path, flag: str, kept: str) -> None:
    given = read(message(child(episode(end=f"<ReferralNFA> {flag} </ReferralNFA>"))), tmp_path)
    assert told(given) == []
    assert rows(given, "cin_episode", "ReferralNFA") == [(kept,)]


def test_pupil_numbers_are_not_held_anywhere(tmp_path: Path) -> None:
    ids = f"{CHILD}<UPN>A123456789012</UPN><FormerUPN>B123456789012</FormerUPN>"
    given = read(message(child(episode(), ids=ids)), tmp_path)
    assert told(given) == []
    held = [str(row) for name in given.texts for row in given.texts[name].frame.collect().rows()]
    assert not [row for row in held if "123456789012" in row]
    assert "UPN" not in given.texts["cin_child"].headers


def test_stray_text_is_told_with_its_line_and_not_its_words(tmp_path: Path) -> None:
    text = message(child(episode(), ids=f"{CHILD}\nSmith\n\n"))
    given = read(text, tmp_path)
    assert told(given) == [("RDAC056", [line_of(text, "Smith")])]
    assert "Smith" not in str(given.groups)


def test_an_unknown_element_is_passed_over_with_all_that_it_holds(tmp_path: Path) -> None:
    text = message(child(episode("<Household><Adult>x</Adult>y</Household>")))
    given = read(text, tmp_path)
    assert told(given) == [("RDAC053", [line_of(text, "<Household>")])]
    assert "Household" not in str(given.groups)


def test_a_census_element_in_the_wrong_group_is_named_and_not_read(tmp_path: Path) -> None:
    text = message(child(assessed("3A"), episode()))
    given = read(text, tmp_path)
    assert told(given) == [("RDAC054", [line_of(text, "<Assessments>")])]
    assert given.groups[0].message.startswith("Assessments stands where it does not belong")
    assert rows(given, "cin_assessment", ROW) == []


def test_the_first_of_a_repeated_element_is_read(tmp_path: Path) -> None:
    again = "<CINreferralDate>2024-05-09</CINreferralDate>"
    text = message(child(episode(again)))
    given = read(text, tmp_path)
    assert told(given) == [("RDAC055", [line_of(text, "<CINdetails>")])]
    assert rows(given, "cin_episode", "CINreferralDate") == [("2024-05-01",)]


def test_a_date_that_the_calendar_does_not_have_is_told_at_its_group(tmp_path: Path) -> None:
    text = message(child(episode(assessed(start="2024-02-30"))))
    given = read(text, tmp_path)
    assert told(given) == [("RDAC059", [line_of(text, "<Assessments>")])]
    assert given.groups[0].columns == ("AssessmentActualStartDate",)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "RDAC050", 1),
        ("<Message><Header>", "RDAC050", 2),
        ("<Message>\n<Header></Message>", "RDAC050", 3),
        ("<?xml version='1.0' encoding='no-such-code'?><Message/>", "RDAC050", 1),
        ("<!DOCTYPE Message><Message/>", "RDAC051", 1),
        ("<!DOCTYPE m [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><Message>&b;</Message>", "RDAC051", 1),
        ("<!DOCTYPE m SYSTEM 'http://example.org/m.dtd'><Message/>", "RDAC051", 1),
        ("<html><body/></html>", "RDAC052", 1),
        ("<Message>" + "<x>" * 100 + "</x>" * 100 + "</Message>", "RDAC057", 65),
    ],
)
def test_a_file_that_is_no_census_gives_one_finding_and_no_table(
    tmp_path: Path, text: str, code: str, line: int
) -> None:
    given = read(text, tmp_path)
    assert told(given) == [(code, [line])]
    assert given.texts == {}


def test_another_collection_is_refused(tmp_path: Path) -> None:
    given = read(message(child(episode()), head=header(collection="SSDA903")), tmp_path)
    assert told(given) == [("RDAC052", [])]
    assert given.texts == {}


def test_a_file_that_ends_in_the_middle_of_a_child_is_not_half_read(tmp_path: Path) -> None:
    whole = message(child(episode(assessed("3A"))))
    given = read(whole[: whole.index("<ReferralNFA>")], tmp_path)
    assert [code for code, _ in told(given)] == ["RDAC050"]
    assert given.texts == {}


def test_a_header_without_a_year_is_told(tmp_path: Path) -> None:
    given = read(message(child(episode()), head="<Header/>"), tmp_path)
    assert [code for code, _ in told(given)] == ["RDAC058"]


def test_a_second_header_is_told(tmp_path: Path) -> None:
    given = read(message(child(episode()), head=header() + header(2024)), tmp_path)
    assert [code for code, _ in told(given)] == ["RDAC055"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-1"])
def test_encodings_that_the_file_declares_are_read(tmp_path: Path, encoding: str) -> None:
    ids = CHILD.replace("A1", "Añ1")
    text = f"<?xml version='1.0' encoding='{encoding}'?>{message(child(episode(), ids=ids))}"
    given = read(text.encode(encoding), tmp_path)
    assert rows(given, "cin_child", "LAchildID") == [("Añ1",)]


def test_every_fault_is_looked_for_and_has_its_own_code(tmp_path: Path) -> None:
    given = read(message(child(episode())), tmp_path)
    assert [info.code for info in given.looked_for] == [f"RDAC{number:03}" for number in range(50, 61)]
    assert len(FAULTS) == len(given.looked_for)


def test_what_is_written_is_read_again_cell_for_cell(tmp_path: Path) -> None:
    plan = "<ChildProtectionPlans><CPPstartDate>2024-07-01</CPPstartDate></ChildProtectionPlans>"
    ids = CHILD.replace("A1", "a&lt;b&amp;c")
    given = read(
        message(child(episode(assessed("3A", "3B"), end="<ReferralNFA>0</ReferralNFA>" + plan), ids=ids)), tmp_path
    )
    frames = {name: text.frame.drop(ROW).collect() for name, text in given.texts.items()}
    again = tmp_path / "again.xml"
    cin_xml.write(frames, again, load())
    second = cin_xml.read(again, load())
    assert told(second) == []
    assert {name: text.frame.drop(ROW).collect().rows() for name, text in second.texts.items()} == {
        name: frame.rows() for name, frame in frames.items()
    }


def test_elements_are_written_in_the_order_of_the_census(tmp_path: Path) -> None:
    section47 = "<Section47><S47ActualStartDate>2024-06-02</S47ActualStartDate></Section47>"
    plan = "<ChildProtectionPlans><CPPstartDate>2024-07-01</CPPstartDate></ChildProtectionPlans>"
    given = read(
        message(child(episode(assessed("3A") + section47, end="<ReferralNFA>0</ReferralNFA>" + plan))), tmp_path
    )
    again = tmp_path / "again.xml"
    cin_xml.write({name: text.frame.drop(ROW).collect() for name, text in given.texts.items()}, again, load())
    text = again.read_text(encoding="utf-8")
    order = ["<CINreferralDate>", "<Assessments>", "<Section47>", "<ReferralNFA>", "<ChildProtectionPlans>"]
    assert sorted(order, key=text.index) == order


@needs_samples
@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("CIN_Census_2021.xml", [("RDAC056", [23])]),
        ("CIN_Census_2024.xml", [("RDAC056", [23])]),
        ("CIN_Census_2026.xml", [("RDAC056", [23])]),
        ("liia_cin-2022.xml", []),
    ],
)
def test_the_public_samples_are_read_with_the_stray_text_that_is_in_them(
    name: str, faults: list[tuple[str, list[int]]]
) -> None:
    assert told(cin_xml.read(SAMPLES / name, load())) == faults
