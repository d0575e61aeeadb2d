"""Two reports compared: new findings fail a build, old ones do not, and a rule that stopped is no clean one."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rdac_validator import __version__
from rdac_validator.cli import main
from rdac_validator.findings import Group, Input, Outcome, Report, RuleInfo, RuleRun, Severity, Waiver
from rdac_validator.reports import json_
from rdac_validator.rules.kinds import KINDS

INFOS = {info.code: info for info in map(RuleInfo.of, KINDS)}
WAIVER = Waiver(1, "why", "who", date(2026, 1, 1), date(2026, 2, 1))
Compare = Callable[..., Result]


def group(rows: int, code: str = "RDAC106", severity: Severity = Severity.ERROR, first: int = 2) -> Group:
    return Group(
        code, severity, "person", "person.csv", ("sex",), f"said by {code}", array("Q", range(first, first + rows)), 99
    )


def report(*groups: Group, **outcomes: Outcome) -> Report:
    ended = {"RDAC106": Outcome.FAILED, "RDAC107": Outcome.FAILED} | outcomes
    runs = tuple(RuleRun(code, "person", outcome, Severity.ERROR) for code, outcome in sorted(ended.items()))
    rules = {code: INFOS[code] for code in ended}
    return Report("0.1.0", __version__, "core", (Input("person", "person.csv", "csv", 99),), groups, runs, rules)


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    def comparing(old: Report, new: Report, *options: str) -> Result:
        for name, given in (("old", old), ("new", new)):
            (tmp_path / name).write_text(json_.render(given), encoding="utf-8")
        return CliRunner().invoke(main, ["compare", str(tmp_path / "old"), str(tmp_path / "new"), *options])

    return comparing


def test_the_same_report_twice_has_nothing_new(compare: Compare) -> None:
    done = compare(report(group(3)), report(group(3)))
    assert done.exit_code == 0
    assert done.output == "0 new, 0 gone, 3 unchanged in number.\n"


def test_a_thousand_old_findings_do_not_fail_and_one_new_one_does(compare: Compare) -> None:
    assert compare(report(group(1000)), report(group(1000))).exit_code == 0
    done = compare(report(group(1000)), report(group(1001)))
    assert done.exit_code == 1
    assert "ERROR RDAC106  person · sex" in done.output
    assert "1 (1,000 then, 1,001 now): said by RDAC106" in done.output


def test_findings_that_are_gone_fail_nothing_and_are_told(compare: Compare) -> None:
    done = compare(report(group(5)), report(group(2)))
    assert done.exit_code == 0
    assert "Gone: 3 findings" in done.output and "0 new, 3 gone, 2 unchanged" in done.output


def test_another_message_or_table_or_column_is_another_kind(compare: Compare) -> None:
    for change in ({"message": "other"}, {"table": "episode"}, {"columns": ("gender",)}, {"code": "RDAC107"}):
        done = compare(report(group(1)), report(replace(group(1), **change)))
        assert done.exit_code == 1 and "1 new, 1 gone, 0 unchanged" in done.output


def test_rows_and_files_may_move_and_that_one_may_hide_another_is_said(compare: Compare) -> None:
    done = compare(report(group(3)), report(replace(group(3, first=50), file="person.parquet")))
    assert done.exit_code == 0
    assert "3 unchanged" in done.output and "one may have gone and another come" in " ".join(done.output.split())


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("query", 1), ("never", 0)])
def test_only_what_is_as_serious_as_asked_fails(compare: Compare, fail_on: str, code: int) -> None:
    done = compare(report(), report(group(1, severity=Severity.WARNING)), "--fail-on", fail_on)
    assert done.exit_code == code and "1 new" in done.output


@pytest.mark.parametrize("outcome", [Outcome.NOT_RUN, Outcome.CRASHED])
def test_a_rule_that_no_longer_runs_fails_though_its_findings_look_gone(compare: Compare, outcome: Outcome) -> None:
    done = compare(report(group(3)), report(RDAC106=outcome))
    assert done.exit_code == 1
    assert "No longer checked" in done.output and "RDAC106" in done.output
    assert compare(report(RDAC106=Outcome.PASSED), report(RDAC106=outcome)).exit_code == 1
    assert compare(report(group(3)), report(RDAC106=outcome), "--fail-on", "never").exit_code == 0


def test_a_rule_that_was_left_out_of_the_new_run_has_stopped(compare: Compare) -> None:
    new = report()
    new = replace(new, runs=tuple(run for run in new.runs if run.code != "RDAC106"))
    done = compare(report(group(3)), new)
    assert done.exit_code == 1 and "person, not looked for: RDAC106" in done.output


def test_a_rule_that_did_not_run_before_either_has_not_stopped(compare: Compare) -> None:
    assert compare(report(RDAC106=Outcome.NOT_RUN), report(RDAC106=Outcome.NOT_RUN)).exit_code == 0
    assert compare(report(RDAC106=Outcome.NOT_RUN), report(RDAC106=Outcome.CRASHED)).exit_code == 1


def test_a_rule_with_nothing_left_to_check_is_told(compare: Compare) -> None:
    done = compare(report(), report(RDAC106=Outcome.NOT_APPLICABLE))
    assert done.exit_code == 0 and "Nothing left to check" in done.output


def test_a_waived_finding_is_neither_new_nor_gone_and_is_new_when_its_waiver_ends(compare: Compare) -> None:
    waived = replace(group(3), waiver=WAIVER)
    done = compare(report(group(3)), report(waived))
    assert done.exit_code == 0 and done.output == "0 new, 0 gone, 0 unchanged in number, 3 waived.\n"
    assert compare(report(), report(waived)).exit_code == 0
    assert compare(report(waived), report(group(3))).exit_code == 1


def test_what_makes_the_reports_less_alike_is_told(compare: Compare) -> None:
    new = replace(report(RDAC108=Outcome.PASSED), profile="starter", standard_version="0.2.0", tool_version="9")
    done = compare(report(), replace(new, inputs=(Input("episode", "episode.csv", "csv", 1),)))
    for told in (
        "profile was core and is starter",
        "standard was 0.1.0 and is 0.2.0",
        "rdac was",
        "looked for now and not then: RDAC108",
        "person: 99 rows then, not there now",
        "episode: not there then, 1 row now",
    ):
        assert told in " ".join(done.output.split())


def broken(**change: object) -> Mapping[str, Any]:
    return {**json_.document(report()), **change}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Zebra", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"Zebra": 1}', "is no report of rdac"),
        ("[]", "is no report of rdac"),
        (json.dumps(broken(format_version=2)), "another version of the format than 1"),
        (json.dumps(broken(groups=[{"Zebra": 1}])), "in groups something is not as"),
        (
            json.dumps(broken(groups=[json_.document(report(group(1)))["groups"][0] | {"rows": [2, "Zebra"]}])),
            "in groups",
        ),
        (json.dumps(broken(groups="Zebra")), "in groups"),
        (json.dumps(broken(profile="Zebra")), "in profile something is not as"),
        (json.dumps(broken(Zebra=1)), "at its top something is not as"),
    ],
)
def test_a_file_that_is_no_report_is_wrong_use_and_is_not_quoted(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "old").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["compare", str(tmp_path / "old"), str(tmp_path / "old")])
    assert done.exit_code == 2
    assert said in " ".join(done.output.split()) and "Zebra" not in done.output


def test_control_characters_in_a_report_cannot_forge_the_comparison(compare: Compare) -> None:
    done = compare(report(), report(replace(group(1), message="x\n0 new\x1b[2J")))
    assert "\x1b" not in done.output and "\n0 new\n" not in done.output
