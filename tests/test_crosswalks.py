"""The crosswalk files: lawful SSSOM, complete for every code list and year, and never more certain than they may be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rdac_validator.crosswalks import CrosswalkError, Status, load, names
from rdac_validator.crosswalks.answers import CORE, answers, asked, in_a_sentence
from rdac_validator.crosswalks.reading import SUFFIX
from rdac_validator.crosswalks.verifying import coverage, verify, verify_chain, verify_pair
from rdac_validator.standard import load as load_standard
from rdac_validator.standard import schema_folder

FOLDER = schema_folder() / "crosswalks"
VALIDATE = """
import sys
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
for path in sys.argv[1:]:
    for kind, report in validate(parse_sssom_table(path)).items():
        assert not report.results, (path, kind, [result.message for result in report.results])
"""


def test_every_file_is_valid_sssom() -> None:
    pytest.importorskip("sssom", reason="sssom is an extra")
    files = [str(FOLDER / f"{name}{SUFFIX}") for name in names()]
    done = subprocess.run([sys.executable, "-c", VALIDATE, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("name", names())
def test_a_crosswalk_keeps_its_promises(name: str) -> None:
    assert verify(load(name), load_standard()) == []


def test_every_code_of_every_list_and_census_year_has_a_line() -> None:
    spread = coverage(load("cin-census"), load_standard())
    factors = {year: wanted for element, year, _, wanted in spread if element == "AssessmentFactors"}
    # 45 codes in all; 18A, 19A and 8A stay lawful to read after they were split or retired
    assert list(factors) == list(load_standard().lists["CinCensusYear"].codes)
    assert (factors["2019-20"], factors["2020-21"], factors["2021-22"]) == (40, 44, 45)
    scotland = coverage(load("scotland-concerns"), load_standard())
    assert scotland == [("ScottishConcern", "", 15, 15)]


def test_england_and_scotland_agree_in_both_directions_and_with_the_standard() -> None:
    england, scotland = load("cin-census"), load("scotland-concerns")
    there, back = load("cin-scotland"), load("scotland-cin")
    assert verify_pair(there, back) == verify_pair(back, there) == []
    assert verify_chain(there, england, scotland) == verify_chain(back, scotland, england) == []
    assert {line.code for line in there.matches if line.column == "domestic_abuse"} == {"3A", "3B", "3C"}


def test_the_scottish_domestic_abuse_concern_never_becomes_an_english_code() -> None:
    assert [line.cls for line in load("scotland-cin").matches if line.code == "domestic_abuse"] == [""]


def test_only_a_decision_against_registration_is_read_as_not_registered() -> None:
    said = load("scotland-decisions").of("ScottishConferenceDecision")
    refused = {code.partition("/")[0] for code, line in said.items() if line.value == "not_registered"}
    assert refused == {"child_not_registered", "child_not_registered_referral_to_scra", "no_further_action"}
    assert said["empty"].value == "not_recorded"
    assert said["name_removed_from_register/review"].value == "deregistered"
    assert said["no_further_action/review"].status is Status.NOT_DERIVABLE


def test_a_decision_has_only_outcomes_that_its_conference_can_have() -> None:
    lawful = {
        value.code: value.notes["valid_for"].split() for value in load_standard().lists["RegistrationOutcome"].values
    }
    for line in load("scotland-decisions").matches:
        _, _, kind = line.code.partition("/")
        assert line.value not in lawful or kind in lawful[line.value], line


def test_the_report_counts_by_label_where_its_notes_are_wrong() -> None:
    lines = load("report-indicators").matches
    group = {line.code: line.column for line in lines}
    assert len({line.target for line in lines if line.cls}) == 17
    assert group["6B"] == group["5B"] != group["5C"] == ""
    assert group["12A"] == group["10A"] == "risks_outside_home"


def test_ethnic_groups_that_the_report_leaves_out_are_listed() -> None:
    lines = load("ethnicity-scotland2001-report-groups").matches
    assert [line.code for line in lines if not line.cls] == ["scot01_11"]
    assert {line.cls for line in lines if line.code == "scot01_13"} == {"EthnicGroupOfSampledFiles"}
    arab = [line for line in load("ethnicity-dfe-census2021").matches if line.code == "OOTH"]
    assert [(line.target_label, line.status) for line in arab] == [
        ("Arab", Status.AMBIGUOUS),
        ("Any other ethnic group", Status.AMBIGUOUS),
    ]


@pytest.mark.parametrize(
    ("name", "year", "part"),
    [
        ("cin-census", "", ["family_meeting_status", "experience_type", "needs"]),
        ("cin-census", "2026-27", ["family_meeting_status", "experience_type", "needs"]),
        ("cin-census", "2025-26", ["experience_type", "needs"]),
        ("cin-census", "2017-18", ["experience_type", "needs"]),
        ("scotland-concerns", "", ["needs"]),
    ],
)
def test_the_number_of_the_consultation_comes_out_of_the_files(name: str, year: str, part: list[str]) -> None:
    found = answers(load_standard(), load(name), CORE, year)
    assert len(found) == 38
    assert [answer for answer in found if answer.status is Status.EXACT] == []
    assert [answer.column for answer in found if answer.status is not Status.NOT_DERIVABLE] == part
    assert in_a_sentence(found, "it").startswith(
        f"Of the 38 core answers, it gives 0 exactly and {len(part)} ambiguously"
    )


def test_the_schema_says_of_each_core_answer_what_the_files_say() -> None:
    standard = load_standard()
    for name, noted in (("cin-census", "from_cin"), ("scotland-concerns", "from_scotland")):
        held = {(a.table, a.column): a.status for a in answers(standard, load(name), CORE)}
        for table, column in asked(standard, CORE):
            none = held[table.name, column.name] is Status.NOT_DERIVABLE
            assert none == (getattr(column, noted) == "no"), f"{noted} of {table.name}.{column.name}"


def test_a_line_that_holds_on_a_condition_is_never_written() -> None:
    crosswalk = load()
    assert {line.code for line in crosswalk.matches if line.column == "abuse_contexts"} == {"22A", "23A"}
    assert crosswalk.codes("AssessmentFactors", "HarmDirection", "abuse_contexts") == {}


def test_links_between_rows_are_no_answers() -> None:
    names_ = {column.name for _, column in asked(load_standard(), CORE)}
    assert not names_ & {"person_causing_id", "person_experiencing_id"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("cin:AssessmentFactors/24A\t", "cin:AssessmentFactors/24Z\t", "1 of 45 codes of AssessmentFactors in 2025-26"),
        ("rdac:Person/sex/female", "rdac:Person/sex/femal", "which the standard does not have"),
        ("rdac:Episode/closure_reason/RC2", "rdac:Episode/closure_reason/RC1", "two codes are both exactly"),
        (
            "domestic abuse\tskos:relatedMatch\trdac:HarmDirection/abuse",
            "domestic abuse\tskos:broadMatch\trdac:HarmDirection/abuse",
            "which says nothing, and calls it broad",
        ),
        (
            "mutilation\tskos:relatedMatch",
            "mutilation\tskos:exactMatch",
            "22A holds on a condition and is called exact",
        ),
        (
            "domestic abuse\tskos:relatedMatch\trdac:ChildExperience",
            "domestic abuse\tskos:exactMatch\trdac:ChildExperience",
            "3A leads to a field and to no value of it",
        ),
        ("Sex/M\tmale\tskos:exactMatch", "Sex/M\tmale\tskos:narrowMatch", "what of the rest"),
        ("Adopted\tsemapv:ManualMappingCuration\t1:1", "Adopted\tsemapv:ManualMappingCuration\tn:1", "is called n:1"),
        ("\tthe same category\t", "\t\t", "no reason"),
        ("1:1\t1.0\tauthors", "1:1\t7.0\tauthors", "with the confidence of something else"),
        ("1:1\t0.8\tauthors", "1:1\t1.0\tauthors", "is broad, with the confidence of something else"),
        ("N2\tChild's disability\tskos:exactMatch", "N1\tChild's disability\tskos:exactMatch", "codes of PrimaryNeed"),
    ],
)
def test_a_broken_crosswalk_is_found_out(old: str, new: str, problem: str, tmp_path: Path) -> None:
    text = (FOLDER / f"cin-census{SUFFIX}").read_text("utf-8")
    if "the same category" in old:  # the last cell of the line
        old, new = "\tthe same category", "\t"
    assert old in text
    copy = tmp_path / f"broken{SUFFIX}"
    copy.write_text(text.replace(old, new), encoding="utf-8")
    found = verify(load(copy), load_standard())
    assert any(problem in one for one in found), found


def test_a_name_that_is_compared_may_not_be_called_the_same(tmp_path: Path) -> None:
    copy = tmp_path / f"scotland-cin{SUFFIX}"
    text = (FOLDER / copy.name).read_text("utf-8")
    copy.write_text(text.replace("Neglect\tskos:relatedMatch", "Neglect\tskos:exactMatch"), encoding="utf-8")
    found = verify_chain(load(copy), load("scotland-concerns"), load("cin-census"))
    assert found == ["ScottishConcern/neglect to AssessmentFactors/16A compares names and is called exact"]
    assert len(verify_pair(load("cin-scotland"), load(copy))) == 1


def test_a_target_that_is_in_no_code_list_is_found_out(tmp_path: Path) -> None:
    copy = tmp_path / f"scotland-cin{SUFFIX}"
    text = (FOLDER / copy.name).read_text("utf-8")
    copy.write_text(text.replace("cin:AssessmentFactors/16A", "cin:AssessmentFactors/16Z"), encoding="utf-8")
    found = verify(load(copy), load_standard())
    assert found == ["ScottishConcern/neglect leads to AssessmentFactors/16Z, which is in no code list"]


def test_a_chain_that_the_standard_does_not_bear_out_is_found_out(tmp_path: Path) -> None:
    copy = tmp_path / f"scotland-cin{SUFFIX}"
    text = (FOLDER / copy.name).read_text("utf-8")
    copy.write_text(text.replace("cin:AssessmentFactors/1B", "cin:AssessmentFactors/1C"), encoding="utf-8")
    found = verify_chain(load(copy), load("scotland-concerns"), load("cin-census"))
    assert found == [
        "ScottishConcern/parental_alcohol_misuse to AssessmentFactors/1C is called ambiguous, and the standard allows "
        "not_derivable"
    ]


def test_a_file_that_is_no_mapping_set_is_refused(tmp_path: Path) -> None:
    for text in ("", "#mapping_set_version: [\n", "a,b\n1,2\n"):
        (tmp_path / f"no{SUFFIX}").write_text(text, encoding="utf-8")
        with pytest.raises(CrosswalkError, match=r"no\.sssom\.tsv"):
            load(tmp_path / f"no{SUFFIX}")
