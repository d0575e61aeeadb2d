"""The reports for other programs: each fits its published schema, tells what was checked, and cannot be forged."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook

from rdac_validator import formats
from rdac_validator.check import check
from rdac_validator.findings import Group, Input, Outcome, Report, RuleRun, Severity, Waiver, in_order
from rdac_validator.reports import FORMATS, csv_, github, gitlab, junit, sarif, summary, xlsx
from rdac_validator.reports.where import entries, file, line
from rdac_validator.rules import RULES
from rdac_validator.standard import load
from tests import corpus
from tests.returns import return_of
from tests.test_check import Always, Crashing

SCHEMAS = Path(__file__).parent / "schemas"
WAIVER = Waiver(1, "the case system cannot hold it before spring", "A. Analyst", date(2026, 9, 1), date(2027, 3, 31))
HOSTILE = (
    '=cmd()|"\n::error file=a.csv::forged\r\n%0A::error::forged\x1b[31m]]><script>alert(1)</script>\x00\ufffe\ud800'
)
HOSTILE += (
    " ::error::forged" * 9
    + "\u202e@everyone [x](http://x.example) www.x.example ##[error]forged ##vso[task.complete]x | `a`"
)


def group(rows: Sequence[int], severity: Severity = Severity.ERROR, **changes: Any) -> Group:  # noqa: ANN401 any field of a group
    made = Group("RDAC106", severity, "person", "person.csv", ("sex",), "sex is no code", array("Q", rows), 90)
    return replace(made, **changes)


def report_of(*groups: Group, runs: Sequence[RuleRun] = ()) -> Report:
    inputs = (Input("person", "person.csv", "csv", 12),)
    return Report("0.1.0", "0.1.0", "core", inputs, in_order(groups), tuple(runs), {})


@cache
def every_outcome() -> Report:
    """A report made by a check, with rules that ended in every way, and findings of every severity."""
    people = [{"person_id": "pka", "sex": "purple"}, {"person_id": "pkb", "sex": ""}]
    harm = [{"harm_id": "h1", "person_causing_id": "pka", "person_experiencing_id": "pka"}]
    given = return_of({"person": people, "harm_direction": harm, "kinship_arrangement": []})
    report = check(given, load(), profile="extended", rules=[*RULES, Crashing, Always])
    assert {run.outcome for run in report.runs} == set(Outcome)
    assert {found.severity for found in report.groups} >= {Severity.ERROR, Severity.WARNING}
    lesser = [group([4], Severity.QUERY, code="RDAC501"), group([5], Severity.INFO, code="RDAC904")]
    return replace(report, groups=in_order([*report.groups, *lesser]))


def some_waived() -> Report:
    report = every_outcome()
    chosen = {"RDAC106", "RDAC998"}
    return replace(
        report,
        groups=tuple(replace(g, waiver=WAIVER) if g.code in chosen else g for g in report.groups),
    )


def hostile() -> Report:
    """A report in which every text that is not ours tries to be more than text."""
    return replace(
        some_waived(),
        path=f"{HOSTILE}/",
        inputs=(Input(HOSTILE, HOSTILE, HOSTILE, 1),),
        groups=(
            group([2, 3], table=HOSTILE, file=HOSTILE, columns=(HOSTILE,), message=HOSTILE),
            group([4], file=HOSTILE + ".csv", waiver=replace(WAIVER, reason=HOSTILE, author=HOSTILE)),
        ),
        runs=(
            RuleRun("RDAC106", HOSTILE, Outcome.FAILED, Severity.ERROR),
            RuleRun("RDAC107", HOSTILE, Outcome.NOT_RUN, Severity.ERROR, reason=HOSTILE),
            RuleRun("RDAC108", "person", Outcome.CRASHED, Severity.ERROR, reason=HOSTILE),
        ),
        notes=(HOSTILE,),
    )


REPORTS: dict[str, Callable[[], Report]] = {
    "every outcome": every_outcome,
    "some waived": some_waived,
    "hostile": hostile,
    "clean": report_of,
    "nothing fails the build": lambda: replace(every_outcome(), fail_on=None),
}


@pytest.fixture(params=REPORTS, ids=str)
def report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


@cache
def schema_of(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / name).read_text("utf-8"))
    return schema


@cache
def xsd(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / name))


def as_text(rendered: str | bytes) -> str:
    """All that a report holds, a workbook unpacked."""
    if isinstance(rendered, str):
        return rendered
    with zipfile.ZipFile(io.BytesIO(rendered)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


# --- all formats -----------------------------------------------------------------------------------------------------


def test_each_severity_has_one_word_alone_among_many_and_beside_a_finding() -> None:
    for severity in Severity:
        told = FORMATS["text"].render(report_of(group([2], severity)))
        assert f"{severity.upper()} RDAC106" in told and f"1 {severity}" in told
        assert f">{severity.capitalize()}<" in as_text(FORMATS["html"].render(report_of(group([2], severity))))


@pytest.mark.parametrize("name", FORMATS)
def test_one_report_gives_the_same_bytes_twice(name: str) -> None:
    assert FORMATS[name].render(some_waived()) == FORMATS[name].render(some_waived())


@pytest.mark.parametrize("name", FORMATS)
def test_no_text_that_is_not_ours_reaches_a_terminal_or_a_log_as_control(name: str) -> None:
    text = as_text(FORMATS[name].render(hostile()))
    assert not [c for c in text if c < " " and c not in "\n\r\t"]
    assert "\u202e" not in text
    if name not in {"github", "html"}:
        assert not [part for part in text.splitlines() if part.lstrip().startswith("::")]
    if name == "text":
        assert "##[" not in text and "##vso[" not in text


@pytest.mark.parametrize("folder", corpus.INVALID, ids=lambda folder: folder.name)
def test_every_faulty_example_can_be_told_in_every_format(folder: Path) -> None:
    found = corpus.checked(folder)
    told = {name: as_text(form.render(found)) for name, form in FORMATS.items()}
    for name in set(told) - {"xlsx"}:
        assert found.groups[0].code in told[name], name
    (run,) = json.loads(told["sarif"])["runs"]
    assert [result["ruleId"] for result in run["results"]] == [finding.code for finding in found.findings()]
    assert len(json.loads(told["gitlab"])) == len(run["results"])
    assert len(list(csv.DictReader(io.StringIO(told["csv"])))) == len(run["results"])
    failing = {(g.code, g.table) for g in found.groups if g.severity is Severity.ERROR}
    assert bool(etree.fromstring(told["junit"].encode()).xpath("//failure")) == bool(failing)


def test_no_cell_header_or_name_of_a_file_of_the_return_is_in_any_output(tmp_path: Path) -> None:
    """A canary, unique for each place, in every cell of every table, in a header, and in the name of a file."""
    planted = Canaries()
    for table in load().tables:
        rows = [[*table.names, planted.new()], *([planted.new() for _ in (*table.names, "")] for _ in range(3))]
        (tmp_path / f"{table.name}.csv").write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    (tmp_path / f"{planted.new()}.csv").write_text(planted.new(), "utf-8")
    found = check(formats.read(tmp_path, load()), load(), profile="extended")
    assert found.count(Severity.ERROR) > 300
    for name, form in FORMATS.items():
        assert planted.seen(as_text(form.render(found))) == set(), name


class Canaries:
    """Words that stand nowhere else."""

    def __init__(self) -> None:
        self.made = 0

    def new(self) -> str:
        self.made += 1
        return f"qzcanary{self.made}qz"

    def seen(self, text: str) -> set[str]:
        return set(re.findall(r"qzcanary\d*", text, re.IGNORECASE))


# --- lists that must not be endless ----------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 60))
@settings(max_examples=200)
def test_a_list_keeps_to_its_total_and_counts_what_it_leaves_out(sizes: list[int], total: int) -> None:
    groups = [group(range(2, 2 + size), columns=(f"c{n:02}",)) for n, size in enumerate(sizes)]
    found = report_of(*groups)
    told = list(entries(found, total))
    assert len(told) <= total
    assert len({entry.fingerprint for entry in told}) == len(told)
    if len(groups) <= total:
        assert sum(entry.rest or 1 for entry in told) == sum(1 for _ in found.findings())
    if sum(one.count for one in groups) <= total:
        assert [(e.group.columns, e.row) for e in told] == [(f.columns, f.row) for f in found.findings()]


def test_a_small_group_is_listed_whole_beside_a_very_large_one() -> None:
    found = report_of(group(range(2, 1_000_002)), group([7, 9], Severity.QUERY, code="RDAC501"))
    told = list(entries(found, 5_000))
    assert [entry.row for entry in told[-2:]] == [7, 9]
    assert told[-3].rest == 1_000_000 - 4_997
    assert "995,003 more findings in person.csv" in told[-3].message


def test_a_million_findings_give_files_that_a_build_server_takes() -> None:
    found = report_of(*(group(range(2, 100_002), columns=(f"c{n}",)) for n in range(10)))
    results = json.loads(sarif.render(found))["runs"][0]["results"]
    assert len(results) == sarif.MOST
    assert sum(result["properties"]["findings"] for result in results) == 1_000_000
    assert len(json.loads(gitlab.render(found))) == gitlab.MOST
    assert len(junit.render(found)) < 100_000
    assert len(summary.render(found).encode()) < 1 << 20
    assert csv_.render(found).count("\n") == 1_000_001


def test_a_summary_of_the_longest_names_stays_below_what_github_takes() -> None:
    many = [group([2], table="t" * 9_000, columns=(f"c{n}",), message="m" * 9_000) for n in range(500)]
    page = summary.render(report_of(*many))
    assert len(page.encode()) < 1 << 20
    assert "400 more groups of findings" in page


# --- fingerprints ----------------------------------------------------------------------------------------------------


def test_a_fingerprint_stays_when_rows_are_put_in_above() -> None:
    before = [entry.fingerprint for entry in entries(report_of(group([4, 9])), 10)]
    after = [entry.fingerprint for entry in entries(report_of(group([14, 19])), 10)]
    grown = [entry.fingerprint for entry in entries(report_of(group([4, 9, 11])), 10)]
    assert before == after == grown[:2]


def test_sarif_and_gitlab_tell_the_findings_apart_by_the_same_names(report: Report) -> None:
    results = json.loads(sarif.render(report))["runs"][0]["results"]
    ours = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    theirs = [issue["fingerprint"] for issue in json.loads(gitlab.render(report))]
    assert len(set(theirs)) == len(theirs)
    assert theirs[len(report.crashed) :] == ours


# --- SARIF -----------------------------------------------------------------------------------------------------------


def test_sarif_fits_the_published_schema(report: Report) -> None:
    schema = schema_of("sarif-2.1.0.json")
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    jsonschema.Draft7Validator(schema, format_checker=checker).validate(json.loads(sarif.render(report)))


def test_sarif_tells_rules_with_their_help_and_refers_to_them() -> None:
    (run,) = json.loads(sarif.render(every_outcome()))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(every_outcome().rules)
    for rule in rules:
        info = every_outcome().rules[rule["id"]]
        assert rule["shortDescription"]["text"] == info.title
        assert info.why in rule["help"]["text"] and info.fix in rule["help"]["text"]
    known = [result for result in run["results"] if "ruleIndex" in result]
    assert known and all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in known)


def test_sarif_says_at_which_line_and_how_serious() -> None:
    found = report_of(group([4]), group([5], Severity.QUERY), group([6], Severity.WARNING, file="person.parquet"))
    error, warning, query = json.loads(sarif.render(found))["runs"][0]["results"]
    assert error["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "person.csv"},
        "region": {"startLine": 4},
    }
    assert "region" not in warning["locations"][0]["physicalLocation"]
    assert "row 6" in warning["message"]["text"]
    assert [one["level"] for one in (error, warning, query)] == ["error", "warning", "note"]


def test_sarif_suppresses_what_is_waived_and_keeps_it() -> None:
    found = report_of(group([4], waiver=WAIVER), group([5], code="RDAC107"))
    waived, standing = json.loads(sarif.render(found))["runs"][0]["results"]
    (suppression,) = waived["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert WAIVER.reason in suppression["justification"] and "2027-03-31" in suppression["justification"]
    assert "suppressions" not in standing


def test_sarif_tells_how_the_run_ended_and_what_did_not_run() -> None:
    found = every_outcome()
    (invocation,) = json.loads(sarif.render(found))["runs"][0]["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    crashed = [note["associatedRule"]["id"] for note in invocation["toolExecutionNotifications"]]
    unrun = [note["associatedRule"]["id"] for note in invocation["toolConfigurationNotifications"]]
    assert crashed == ["RDAC999"]
    assert unrun == [run.code for run in found.runs if run.outcome is Outcome.NOT_RUN]


# --- JUnit -----------------------------------------------------------------------------------------------------------


def cases(found: Report) -> dict[tuple[str, str], Any]:
    root = etree.fromstring(junit.render(found).encode())
    return {(c.get("name").split()[0], c.get("classname")): c for c in root.iter("testcase")}


TAGS = {
    Outcome.CRASHED: {"error"},
    Outcome.FAILED: {"failure", "passed"},  # a warning does not fail
    Outcome.NOT_RUN: {"skipped"},
    Outcome.PASSED: {"passed"},
    Outcome.NOT_APPLICABLE: {"skipped"},
}


@pytest.mark.parametrize("name", ["junit-windyroad.xsd", "junit-jenkins.xsd"])
def test_junit_fits_the_published_schemas(name: str, report: Report) -> None:
    xsd(name).assertValid(etree.fromstring(junit.render(report).encode()))


def test_junit_has_a_case_for_every_rule_on_every_table() -> None:
    found = every_outcome()
    ends: dict[tuple[str, str], set[Outcome]] = defaultdict(set)
    for run in found.runs:
        ends[run.code, f"rdac.{run.table or 'return'}"].add(run.outcome)
    told = cases(found)
    for name, outcomes in ends.items():
        (tag,) = [child.tag for child in told[name]] or ["passed"]
        worst = next(outcome for outcome in junit.WORST_FIRST if outcome in outcomes)
        assert tag in TAGS[worst], name
    root = etree.fromstring(junit.render(found).encode())
    assert len(list(root.iter("testcase"))) == len(told)
    for suite in root:
        for kind, tag in (("tests", "testcase"), ("failures", ".//failure"), ("skipped", ".//skipped")):
            assert int(suite.get(kind)) == len(suite.findall(tag))


@pytest.mark.parametrize(
    ("fail_on", "severity", "waiver", "fails"),
    [
        (Severity.ERROR, Severity.ERROR, None, True),
        (Severity.ERROR, Severity.WARNING, None, False),
        (Severity.WARNING, Severity.WARNING, None, True),
        (Severity.QUERY, Severity.INFO, None, False),
        (Severity.ERROR, Severity.ERROR, WAIVER, False),
        (None, Severity.ERROR, None, True),
        (None, Severity.WARNING, None, False),
    ],
)
def test_junit_fails_where_the_build_does_and_else_tells(
    fail_on: Severity | None, severity: Severity, waiver: Waiver | None, fails: bool
) -> None:
    run = RuleRun("RDAC106", "person", Outcome.FAILED, severity, 90, 2)
    found = replace(report_of(group([4, 9], severity, waiver=waiver), runs=[run]), fail_on=fail_on)
    ((_, case),) = cases(found).items()
    failure, told = case.find("failure"), case.getparent().findtext("system-out")
    assert (failure is not None) == fails
    assert "person.csv lines 4, 9" in (failure.text if failure is not None else told)
    assert (WAIVER.reason in told) == bool(waiver)


def test_junit_puts_what_was_found_in_a_table_to_the_rule_that_looked_at_the_whole_return() -> None:
    run = RuleRun("RDAC113", "", Outcome.FAILED, Severity.ERROR, 16, 1)
    missing = group([], code="RDAC113", table="plan_action", file="", columns=(), message="the table is missing")
    ((name, case),) = cases(report_of(missing, runs=[run])).items()
    assert name == ("RDAC113", "rdac.return") and case.find("failure") is not None
    lesser = replace(missing, severity=Severity.QUERY, message="another")
    ((name, case),) = cases(report_of(missing, lesser)).items()
    assert name == ("RDAC113", "rdac.plan_action") and case.find("failure") is not None
    assert len(case.getparent().findall("testcase")) == 1


# --- GitHub ----------------------------------------------------------------------------------------------------------


ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def commands(found: Report) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each command as the runner reads it: kind, properties and message; a line that is none fails."""
    for text in github.render(found).splitlines():
        read = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", text)
        assert read, text
        properties = dict(part.split("=", 1) for part in read[2].split(","))
        yield read[1], properties, re.sub("|".join(ESCAPES), lambda code: ESCAPES[code[0]], read[3])


def test_a_hostile_name_makes_no_annotation_of_its_own() -> None:
    told = list(commands(hostile()))
    assert [kind for kind, _, _ in told] == ["error", "error", "notice", "notice"]
    assert {name for _, properties, _ in told for name in properties} == {"file", "line", "title"}
    assert all("%0A::error::forged" in message for kind, _, message in told if kind == "error")


def test_an_annotation_stands_at_the_first_line_and_says_how_to_mend_it() -> None:
    kind, properties, message = next(commands(corpus.checked(corpus.EXAMPLES / "invalid" / "RDAC101-blank")))
    assert (kind, properties["line"]) == ("error", "2")
    assert properties["title"] == "error RDAC101 family_circumstances.as_of_date"
    assert "Fix: fill in" in message


def test_of_each_kind_as_many_annotations_as_github_shows_and_the_last_counts_the_rest() -> None:
    found = report_of(*(group([2], s, columns=(f"c{n}",)) for n in range(31) for s in Severity))
    told = [kind for kind, _, _ in commands(found)]
    assert {kind: told.count(kind) for kind in told} == {"error": 10, "warning": 10, "notice": 10}
    errors = [message for kind, _, message in commands(found) if kind == "error"]
    assert errors[-1].startswith("22 more errors")


def test_a_waived_error_is_a_notice() -> None:
    (kind, _, message), _ = sorted(
        commands(report_of(group([4], waiver=WAIVER))), key=lambda one: one[1]["title"] == "rdac"
    )
    assert kind == "notice" and "Waived until 2027-03-31" in message


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_the_summary_has_no_markup_but_its_own() -> None:
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(summary.render(hostile()))
    tags = set(re.findall(r"<(/?[a-z0-9]+)", page))
    ours = {"h3", "h4", "p", "ul", "li", "strong", "details", "summary"}
    assert {tag.removeprefix("/") for tag in tags} <= ours | {"table", "thead", "tbody", "tr", "th", "td"}
    assert page.count("<tr>") == 2 + len(hostile().groups)
    assert "href" not in page


def test_the_summary_says_what_was_found_waived_and_not_run() -> None:
    page = summary.render(some_waived())
    assert "#### Findings" in page and "#### Waived" in page and "How to mend" in page
    assert "not run: the table" in page


def test_the_summary_of_a_clean_return_does_not_promise_too_much() -> None:
    passed = RuleRun("RDAC106", "person", Outcome.PASSED, Severity.ERROR, 90)
    assert "What was left out, not run or did not apply is not covered" in summary.render(report_of(runs=[passed]))


@pytest.mark.parametrize("form", ["text", "html", "summary", "github"])
def test_where_nothing_was_checked_nothing_is_called_clean(form: str) -> None:
    said = str(FORMATS[form].render(report_of()))
    assert "Nothing was checked" in said and "No findings at" not in said


# --- GitLab ----------------------------------------------------------------------------------------------------------


def test_gitlab_fits_its_documentation(report: Report) -> None:
    told = json.loads(gitlab.render(report))
    jsonschema.Draft202012Validator(schema_of("gitlab-codequality.json")).validate(told)
    assert [one["check_name"] for one in told if one["severity"] == "blocker"] == [run.code for run in report.crashed]


def test_gitlab_ranks_by_severity_and_puts_what_is_waived_last() -> None:
    found = report_of(*(group([4], s) for s in Severity), group([5], waiver=WAIVER, code="RDAC999"))
    told = {one["check_name"] + one["severity"]: one["description"] for one in json.loads(gitlab.render(found))}
    assert set(told) == {*(f"RDAC106{s}" for s in ("critical", "major", "minor", "info")), "RDAC999info"}
    assert "Waived until" in told["RDAC999info"]


# --- CSV and XLSX ----------------------------------------------------------------------------------------------------


def test_csv_has_a_row_for_each_finding_and_each_crash_and_no_formula() -> None:
    found = list(csv.DictReader(io.StringIO(csv_.render(hostile()))))
    assert [row["severity"] for row in found].count("crashed") == len(hostile().crashed) == 1
    assert len(found) == 4
    assert not [cell for row in found for cell in row.values() if cell.startswith(tuple("=+-@\t\r"))]
    (row,) = csv.DictReader(io.StringIO(csv_.render(report_of(group([4])))))
    assert (row["code"], row["table"], row["columns"], row["row"]) == ("RDAC106", "person", "sex", "4")


def test_a_workbook_holds_findings_rules_and_what_it_is_about() -> None:
    found = some_waived()
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.render(found)))
    assert book.sheet_names == ["Findings", "Rules run", "About"]
    findings, runs, about = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert [row[1] for row in findings[1:]] == [finding.code for finding in found.findings()]
    assert any("Waived until 2027-03-31" in str(row) for row in findings)
    assert [(row[0], row[1]) for row in runs[1:]] == [(run.code, run.table) for run in found.runs]
    assert "crashed" in str(about)


def test_a_workbook_has_no_formula_and_no_link() -> None:
    parts = as_text(xlsx.render(hostile()))
    assert "<f>" not in parts and "hyperlink" not in parts
    assert "=cmd()" in parts


def test_a_workbook_of_very_many_findings_lists_a_share_and_counts_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST", 100)
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.render(report_of(group(range(2, 10_002))))))
    rows = book.get_sheet_by_name("Findings").to_python()
    assert len(rows) == 101
    assert "9,901 more findings" in str(rows[-1])


# --- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "told", "at"),
    [
        ("", "person.csv", "person.csv", 4),
        ("returns/2026/", "person.csv", "returns/2026/person.csv", 4),
        ("returns/2026.zip", "person.csv", "returns/2026.zip", 0),
        ("census.xml", "census.xml", "census.xml", 4),
        ("", "workbook.xlsx", "workbook.xlsx", 0),
        ("returns/2026/", "", "returns/2026", 0),
        ("returns/2026/", "folder", "returns/2026", 0),
        ("", "", "return", 0),
    ],
)
def test_a_file_is_named_from_the_root_of_the_checkout(path: str, name: str, told: str, at: int) -> None:
    found = replace(report_of(group([4], file=name)), path=path)
    assert file(found, name) == told
    assert line(found, found.groups[0], 4) == at
