"""The DfE's rules on whole census files: which are in force when, what they find, and what stays quiet."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from rdac_validator.check import check
from rdac_validator.findings import Outcome, Report, Severity
from rdac_validator.formats import cin_xml
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.standard import load
from rdac_validator.tables import Return
from tests.census_files import assessed, child, episode, header, message, read

ROOT = Path(__file__).parent.parent
DECISION = ROOT / "docs" / "decisions" / "0021-the-dfe-rules-at-the-door.md"
FACTS = ROOT.parent / "shared" / "facts" / "cin_rules.csv"
SAMPLES = ROOT.parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public sample files are not beside the project")


def checked(given: Return) -> Report:
    return check(given, load(), profile="t0", rules=CIN_RULES, structure=False)


def found(report: Report) -> set[tuple[str, str, tuple[int, ...]]]:
    return {(group.code, group.table, tuple(group.rows)) for group in report.groups}


def need(year: int = 2025) -> str:
    return (
        f"<CINreferralDate>{year - 1}-05-01</CINreferralDate><ReferralSource>3A</ReferralSource>"
        "<PrimaryNeedCode>N1</PrimaryNeedCode>"
    )


def ids(year: int) -> str:
    sex = "<Sex>F</Sex>" if year >= 2025 else "<GenderCurrent>2</GenderCurrent>"
    return f"<LAchildID>A1</LAchildID><PersonBirthDate>2012-05-09</PersonBirthDate>{sex}"


def file_of(year: int, *factors: str) -> str:
    work = assessed(*factors, start=f"{year - 1}-05-02", end=f"{year - 1}-06-01")
    return message(child(episode(work, start=need(year)), ids=ids(year)), head=header(year))


@pytest.mark.parametrize("year", range(2018, 2028))
def test_a_clean_file_of_any_census_year_has_no_finding(tmp_path: Path, year: int) -> None:
    report = checked(read(file_of(year, "3B", "4B"), tmp_path))
    assert found(report) == set()
    assert not report.crashed


@pytest.mark.parametrize(
    ("year", "factor", "codes"),
    [
        (2018, "8A", {"RDAC081"}),
        (2018, "8B", set()),
        (2020, "18A", set()),
        (2020, "18B", {"RDAC080", "8897Q"}),
        (2021, "18A", {"RDAC081"}),
        (2021, "18B", set()),
        (2021, "24A", {"RDAC080", "8897Q"}),
        (2022, "24A", set()),
        (2024, "19A", {"RDAC081"}),
        (2025, "19A", {"RDAC081", "8950Q"}),
        (2025, "18A", {"RDAC081", "8945Q"}),
        (2025, "3a", {"RDAC080", "8897Q"}),
        (2027, "20", set()),
    ],
)
def test_a_factor_is_judged_by_the_list_of_its_census_year(
    tmp_path: Path, year: int, factor: str, codes: set[str]
) -> None:
    report = checked(read(file_of(year, factor), tmp_path))
    assert {group.code for group in report.groups} == codes


def test_a_rule_that_is_not_in_force_yet_has_nothing_to_judge(tmp_path: Path) -> None:
    outcomes = {
        year: {run.code: run.outcome for run in checked(read(file_of(year, "18A"), tmp_path)).runs}
        for year in (2024, 2025)
    }
    assert outcomes[2024]["8945Q"] is outcomes[2024]["1570"] is Outcome.NOT_APPLICABLE
    assert outcomes[2025]["8945Q"] is Outcome.FAILED


def test_the_reference_date_is_believed_where_the_header_disagrees_with_itself(tmp_path: Path) -> None:
    head = header(2025).replace("<Year>2025", "<Year>2021")
    text = message(child(episode(assessed("24A"), start=need()), ids=ids(2025)), head=head)
    assert {group.code for group in checked(read(text, tmp_path)).groups} == {"100"}


def test_without_a_census_year_the_rules_that_need_it_judge_nothing(tmp_path: Path) -> None:
    text = message(child(episode(assessed("RB"))), head="<Header><CollectionDetails/></Header>")
    report = checked(read(text, tmp_path))
    assert {group.code for group in report.groups} == {"100", "RDAC058", "RDAC082"}
    judged = {
        run.code
        for run in report.runs
        if run.outcome is Outcome.PASSED and not run.code.startswith(("RDAC05", "RDAC06"))
    }
    assert judged == set()


@pytest.mark.parametrize("wrong", ["0001-03-31", "9999-12-31", "2025-02-30", ""])
def test_a_reference_date_that_cannot_be_leaves_the_year_to_decide(tmp_path: Path, wrong: str) -> None:
    head = header(2025).replace("<ReferenceDate>2025-03-31", f"<ReferenceDate>{wrong}")
    report = checked(read(message(child(episode(start=need()), ids=ids(2025)), head=head), tmp_path))
    assert not report.crashed
    assert {group.code for group in report.groups} <= {"100", "RDAC059"}


def enquiry(conference: str = "", start: str = "2024-05-03") -> str:
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    start = f"<S47ActualStartDate>{start}</S47ActualStartDate>"
    return f"<Section47>{start}{held}<ICPCnotRequired>false</ICPCnotRequired></Section47>"


def protection(*reviews: str, start: str = "2024-05-20") -> str:
    group = "".join(f"<CPPreviewDate>{day}</CPPreviewDate>" if day else "<CPPreviewDate/>" for day in reviews)
    begun = f"<CPPstartDate>{start}</CPPstartDate>"
    category = "<InitialCategoryOfAbuse>EMO</InitialCategoryOfAbuse><LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>"
    return f"<ChildProtectionPlans>{begun}{category}<Reviews>{group}</Reviews></ChildProtectionPlans>"


@pytest.mark.parametrize(
    ("work", "plan", "codes"),
    [
        (enquiry("2024-05-20"), protection("2024-08-12"), set()),
        (enquiry("2024-05-20"), protection(""), {"8842Q"}),
        (enquiry("2024-05-18"), protection("2024-08-12"), {"2885", "8875"}),
        (enquiry(), protection("2024-08-12"), {"2883", "2885", "8675Q"}),
        (enquiry("2024-05-20") + enquiry("2024-05-20"), protection("2024-08-12"), {"8890"}),
    ],
)
def test_enquiries_conferences_and_plans_of_a_file_are_held_beside_each_other(
    tmp_path: Path, work: str, plan: str, codes: set[str]
) -> None:
    whole = episode(assessed("3B") + work, start=need(), end="<ReferralNFA>false</ReferralNFA>" + plan)
    report = checked(read(message(child(whole, ids=ids(2025))), tmp_path))
    assert not report.crashed
    assert {group.code for group in report.groups} == codes


def test_severity_follows_the_code() -> None:
    dfe = [rule for rule in CIN_RULES if not rule.code.startswith("RDAC")]
    assert {rule.code for rule in dfe if rule.severity is Severity.QUERY} == {r.code for r in dfe if r.code[-1] == "Q"}
    assert {rule.sources for rule in dfe} == {(f"dfe-cin-rules:{rule.code}",) for rule in dfe}


def test_a_file_on_one_line_is_checked_all_the_same(tmp_path: Path) -> None:
    text = message(child(episode(assessed("3B", "3B", "21"), start=need()), ids=ids(2025)))
    report = checked(read(text.encode(), tmp_path))
    assert found(report) == {("8869", "cin_factor", (1,)), ("8898", "cin_factor", (1,))}


@pytest.mark.skipif(not FACTS.is_file(), reason="the list of the DfE's rules is not beside the project")
def test_every_dfe_rule_is_there_or_left_out_for_a_reason() -> None:
    with FACTS.open(encoding="utf-8", newline="") as file:
        known = {row["rule"] for row in csv.DictReader(file)}
    ours = {rule.code for rule in CIN_RULES if not rule.code.startswith("RDAC")}
    _, _, reasons = DECISION.read_text("utf-8").partition("## Left out")
    left_out = set(re.findall(r"\b[0-9]{4}Q?\b(?!-)", reasons.partition("\n## ")[0]))
    assert ours | left_out == known
    assert not ours & left_out


@needs_samples
def test_the_sample_of_2024_has_the_faults_that_are_in_it() -> None:
    report = checked(cin_xml.read(SAMPLES / "CIN_Census_2024.xml", load()))
    assert not report.crashed
    assert found(report) == {
        ("100", "cin_header", (2,)),
        ("1103", "cin_assessment", (92,)),
        ("1104", "cin_episode", (34,)),
        ("1105", "cin_cpp", (61,)),
        ("2889", "cin_section47", (54,)),
        ("4013", "cin_plan", (50,)),
        ("4016", "cin_plan", (50,)),
        ("4180", "cin_child", (18, 73)),
        ("8565", "cin_episode", (34,)),
        ("8600", "cin_episode", (86,)),
        ("8608", "cin_assessment", (41,)),
        ("8620", "cin_episode", (34, 86)),
        ("8696", "cin_assessment", (41,)),
        ("8715", "cin_section47", (54,)),
        ("8897Q", "cin_assessment", (92,)),
        ("8930", "cin_cpp", (61,)),
        ("RDAC056", "", (23,)),
        ("RDAC080", "cin_factor", (46,)),
    }


@needs_samples
def test_the_sample_of_2022_has_the_faults_that_are_in_it() -> None:
    report = checked(cin_xml.read(SAMPLES / "liia_cin-2022.xml", load()))
    assert not report.crashed
    codes = "1103 1104 1105 2889 4013 4016 8525Q 8530Q 8545Q 8565 8620 8696 8715 8930"
    assert " ".join(sorted({group.code for group in report.groups})) == codes
