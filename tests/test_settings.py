"""The settings file: what it may say, what it may not, and how a report is judged by it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rdac_validator import settings, verdicts
from rdac_validator.cli import main
from rdac_validator.findings import Group, Input, InputError, Outcome, Report, RuleRun, Severity
from rdac_validator.standard import load
from tests.test_cli import on_a_terminal

NOW = date(2026, 7, 1)
WAIVER = """
[[waivers]]
rule = "RDAC106"
table = "person"
columns = ["sex"]
at-most = 3
reason = "the case system is mended in the autumn"
author = "data team"
made = 2026-04-01
expires = 2026-12-31
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], settings.Settings]:
    def reading(text: str) -> settings.Settings:
        (tmp_path / "rdac.toml").write_text(text, encoding="utf-8")
        return settings.read(tmp_path / "rdac.toml", load())

    return reading


def group(code: str, rows: int = 1, severity: Severity = Severity.ERROR, column: str = "sex") -> Group:
    return Group(code, severity, "person", "person.csv", (column,), "said", array("Q", range(2, rows + 2)), 9)


def report(*groups: Group, ended: Outcome = Outcome.FAILED, codes: tuple[str, ...] = ("RDAC106", "RDAC902")) -> Report:
    runs = tuple(RuleRun(code, "person", ended, Severity.ERROR) for code in codes)
    return Report("1", "1", "core", (Input("person", "person.csv", "csv", 9),), groups, runs, {})


def judged(given: Report, said: settings.Settings, today: date = NOW, wanted: str = "RDAC") -> Report:
    return verdicts.judged(given, said.changes, said.decisions, today, lambda code: code.startswith(wanted), said.file)


Reading = Callable[[str], settings.Settings]


def test_a_waived_finding_stays_marked_and_fails_no_build(read: Reading) -> None:
    done = judged(report(group("RDAC106", 3)), read(WAIVER))
    assert [(g.code, g.waiver and g.waiver.author) for g in done.groups] == [("RDAC106", "data team")]
    assert done.waived == 3 and not done.standing
    assert "2026-07-01" in done.notes[-1]


@pytest.mark.parametrize(
    ("given", "today", "code"),
    [
        (report(group("RDAC106")), date(2027, 1, 1), "RDAC040"),
        (report(group("RDAC106")), date(2026, 3, 31), "RDAC040"),
        (report(ended=Outcome.PASSED), NOW, "RDAC041"),
        (report(group("RDAC106", column="gender")), NOW, "RDAC041"),
        (report(replace(group("RDAC106"), columns=("sex", "gender"))), NOW, "RDAC041"),
        (report(replace(group("RDAC106"), columns=())), NOW, "RDAC041"),
        (report(ended=Outcome.NOT_RUN), NOW, "RDAC042"),
        (report(ended=Outcome.CRASHED), NOW, "RDAC042"),
        (report(codes=()), NOW, "RDAC042"),
        (report(group("RDAC106", 4)), NOW, "RDAC043"),
    ],
)
def test_a_waiver_that_slipped_is_a_finding_at_its_line_and_waives_nothing(
    read: Reading, given: Report, today: date, code: str
) -> None:
    done = judged(given, read(WAIVER), today)
    slips = [g for g in done.groups if g.code.startswith(verdicts.OWN)]
    assert [(g.code, g.file, g.rows.tolist()) for g in slips] == [(code, "rdac.toml", [2])]
    assert {run.code: run.outcome for run in done.runs if run.code == code} == {code: Outcome.FAILED}
    assert done.waived == 0 and len(done.standing) == len(given.groups) + 1


@pytest.mark.parametrize("today", [date(2026, 4, 1), date(2026, 12, 31)])
def test_a_waiver_holds_on_its_first_and_on_its_last_day(read: Reading, today: date) -> None:
    assert judged(report(group("RDAC106")), read(WAIVER), today).waived == 1


def test_a_waiver_of_a_rule_that_was_not_asked_for_is_not_spoken_of(read: Reading) -> None:
    assert judged(report(codes=()), read(WAIVER), wanted="RDAC04").groups == ()
    assert judged(report(codes=()), read(WAIVER), wanted="RDAC1").groups == ()


def test_of_two_waivers_of_one_finding_the_first_that_holds_counts_and_the_other_is_unused(read: Reading) -> None:
    expired = WAIVER.replace("2026-12-31", "2026-04-02")
    done = judged(report(group("RDAC106")), read(expired + WAIVER + WAIVER))
    assert [g.waiver.number for g in done.groups if g.waiver] == [2]
    assert {g.code for g in done.standing} == {"RDAC040", "RDAC041"}


def test_a_crash_is_never_waived(read: Reading) -> None:
    given = report(group("RDAC106"), ended=Outcome.CRASHED)
    assert judged(given, read(WAIVER)).crashed


def test_severities_are_lowered_and_raised_by_code_band_table_and_file_and_the_last_counts(read: Reading) -> None:
    said = read("""
        [[severity]]
        rules = ["rdac1"]
        to = "info"
        [[severity]]
        rules = ["RDAC106"]
        table = "person"
        file = "*.csv"
        to = "query"
        [[severity]]
        rules = ["RDAC5"]
        to = "error"
        [[severity]]
        rules = ["RDAC106"]
        table = "episode"
        to = "error"
    """)
    groups = (group("RDAC106", 2), group("RDAC107"), group("RDAC501", severity=Severity.QUERY))
    done = judged(report(*groups), said)
    assert {g.code: str(g.severity) for g in done.groups} == {
        "RDAC501": "error",
        "RDAC106": "query",
        "RDAC107": "info",
    }
    assert done.groups[0].code == "RDAC501"
    assert done.notes == (
        "counted as info by the settings: RDAC1",
        "counted as query by the settings: RDAC106 in person in *.csv",
        "counted as error by the settings: RDAC5",
    )
    assert {run.code: str(run.severity) for run in done.runs} == {"RDAC106": "query", "RDAC902": "error"}


def test_a_change_of_another_file_changes_nothing(read: Reading) -> None:
    said = read('[[severity]]\nrules = ["RDAC106"]\nfile = "*.parquet"\nto = "info"')
    given = report(group("RDAC106"))
    assert judged(given, said) == given


def test_a_safety_rule_is_not_lowered_even_by_a_change_made_in_code() -> None:
    change = verdicts.Change(verdicts.Scope(frozenset({"RDAC902"})), Severity.INFO)
    given = report(group("RDAC902"))
    assert verdicts.judged(given, [change], [], None, bool, "") == given


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fail_on = 'error'", "line 1: fail_on: there is no such setting; did you mean `fail-on`?"),
        ("profil = 'core'", "did you mean `profile`?"),
        ("profile = 'cor'", "line 1: profile: it must be one of t0, starter, core, extended; did you mean `core`?"),
        ("\nselect = 'RDAC1'", "line 2: select: it must be a list"),
        ("select = []", "select: it must not be empty"),
        ("ignore = ['RDAC77']", "no code begins with `RDAC77`"),
        ("ignore = ['']", "ignore/1: it must not be empty"),
        ("ignore = [' ']", "no code begins with"),
        ("ignore = ['rdac902']", "safety rules, RDAC9, cannot be left out by a file"),
        ("ignore = ['R']", "safety rules"),
        (
            "[[severity]]\nrules = ['RDAC9']\nto = 'warning'",
            "line 3: severity/1/to: safety rules, RDAC9, cannot be lowered",
        ),
        ("[[severity]]\nrules = ['RDAC']\nto = 'query'", "cannot be lowered"),
        ("[[severity]]\nrules = ['RDAC1']\nto = 'eror'", "did you mean `error`?"),
        (WAIVER.replace("expires = 2026-12-31", ""), "line 2: waivers/1: `expires` is missing. The last day"),
        (WAIVER.replace("made = 2026-04-01", "made = 5"), "line 9: waivers/1/made: it must be text in quotation marks"),
        (WAIVER.replace("2026-04-01", "'1 April'"), "waivers/1/made: it must be a day that there is"),
        (WAIVER.replace("2026-12-31", "2027-04-03"), "line 10: waivers/1/expires: a waiver holds for a year at most"),
        (WAIVER.replace("2026-12-31", "2026-03-31"), "a year at most, from the day on which it was made"),
        (WAIVER.replace("RDAC106", "RDAC10"), "line 3: waivers/1/rule: `RDAC10` is not the code of a rule"),
        (WAIVER.replace("RDAC106", "RDAC902"), "safety rules and what is wrong with waivers cannot be waived"),
        (WAIVER.replace("RDAC106", "RDAC041"), "cannot be waived"),
        (WAIVER.replace('"person"', '"persons"'), "`persons` is not a table; did you mean `person`?"),
        (WAIVER.replace('"sex"', '"sexx"'), "`sexx` is not a column of person; did you mean `sex`?"),
        (WAIVER.replace("at-most = 3", "at-most = 0"), "waivers/1/at-most: it must be 1 or more"),
        (WAIVER.replace('"data team"', '" "'), "waivers/1/author: it must not be empty"),
        (WAIVER.replace("data team", "\\u001b[2J"), "waivers/1/author: it holds control characters"),
        ("[outputs]\njsn = 'x'", "line 2: outputs/jsn: `jsn` is not a format of reports; did you mean `json`?"),
        ("[outputs]\njson = 1", "outputs/json: it must be text"),
        ("profile = core", "rdac.toml, line 1: this is not TOML"),
        ("x = " + "[" * 5000, "this is not TOML"),
        ("profile" + ".a" * 5000 + " = 1", "this is not TOML"),
        ("profile" + ".a" * 300 + " = 1", "profile: it must be one of"),
        ('"\\u001b[2J" = 1', "\\x1b[2J: there is no such setting"),
    ],
)
def test_what_is_wrong_is_said_with_the_line_and_the_way_to_it(read: Reading, text: str, said: str) -> None:
    with pytest.raises(InputError) as told:
        read(text)
    assert said in str(told.value)
    assert str(told.value).isprintable()


def test_a_file_that_is_no_text_or_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "rdac.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        settings.read(tmp_path / "rdac.toml", load())
    for place in (tmp_path, Path("/dev/zero")):
        with pytest.raises(InputError, match="no plain file"):
            settings.read(place, load())


def test_a_data_file_given_as_settings_is_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_text("person_id,sex\np_1,Zebra\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        settings.read(tmp_path / "person.csv", load())
    assert not re.search("zebra|p_1|person_id", str(told.value), re.IGNORECASE)


def test_a_file_of_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "rdac.toml").write_bytes(b'\xef\xbb\xbfprofile = "starter"\r\n')
    assert settings.read(tmp_path / "rdac.toml", load()).profile == "starter"


def test_what_a_file_selects_never_leaves_out_safety_or_waivers(read: Reading) -> None:
    assert read("select = ['RDAC1']").select == ("RDAC1", "RDAC9", "RDAC04")


def test_paths_of_outputs_are_taken_from_the_folder_of_the_file(read: Reading, tmp_path: Path) -> None:
    assert read("[outputs]\njson = 'a/b.json'").outputs == (f"json={tmp_path / 'a' / 'b.json'}",)


def test_it_is_looked_for_beside_the_return_then_here_and_never_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, here = tmp_path / "data" / "return", tmp_path / "here"
    home.mkdir(parents=True)
    here.mkdir()
    monkeypatch.chdir(here)
    assert settings.look(home, load()) == settings.Settings()
    (home / "rdac.toml").write_text("profile = 't0'", encoding="utf-8")
    assert settings.look(home, load()).profile is None
    assert "inside the return was not used" in settings.look(home, load()).notes[0]
    (here / "rdac.toml").write_text("profile = 'starter'", encoding="utf-8")
    assert settings.look(home, load()).profile == "starter"
    (home.parent / "rdac.toml").write_text("profile = 'core'", encoding="utf-8")
    assert settings.look(home, load()).profile == "core"
    assert settings.look(home, load()).notes[0] == "settings: rdac.toml beside the return"
    monkeypatch.chdir(home)
    (home.parent / "rdac.toml").unlink()
    assert settings.look(Path(), load()).profile is None


def test_nothing_said_changes_nothing(read: Reading) -> None:
    given = report(group("RDAC106"))
    assert judged(given, read("")) == replace(given)


def rdac(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small return with one unknown code, in person.sex."""
    out = tmp_path_factory.mktemp("made") / "return"
    assert CliRunner().invoke(main, ["synth", str(out), "--children", "10", "--seed", "3"]).exit_code == 0
    lines = (out / "person.csv").read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    cells[lines[0].split(",").index("sex")] = "Zebra"
    (out / "person.csv").write_text("\n".join([lines[0], ",".join(cells), *lines[2:], ""]), encoding="utf-8")
    return out


@pytest.fixture
def beside(made: Path) -> Iterator[Callable[[str], Path]]:
    """Puts settings beside the return, for one test."""

    def putting(text: str) -> Path:
        (made.parent / "rdac.toml").write_text(text, encoding="utf-8")
        return made

    yield putting
    (made.parent / "rdac.toml").unlink(missing_ok=True)


Beside = Callable[[str], Path]


def test_a_build_is_red_green_with_a_waiver_and_red_when_it_expires(beside: Beside) -> None:
    assert rdac(beside("")).exit_code == 1
    waived = rdac(beside(WAIVER), "--today", "2026-12-31")
    assert waived.exit_code == 0
    assert "Waived until 2026-12-31 by data team: the case system is mended in the autumn" in waived.output
    assert "settings: rdac.toml beside the return" in waived.output
    expired = rdac(beside(WAIVER), "--today", "2027-01-01")
    assert expired.exit_code == 1 and "RDAC040" in expired.output and "rdac.toml line 2" in expired.output
    assert rdac(beside(WAIVER), "--today", "2026-12-31", "--no-config").exit_code == 1


def test_without_a_day_waivers_are_judged_today_and_without_waivers_no_day_is_told(beside: Beside) -> None:
    old = WAIVER.replace("2026", "2020")
    done = rdac(beside(old))
    assert done.exit_code == 1 and "RDAC040" in done.output and "as things stood on 20" in done.output
    assert "as things stood" not in rdac(beside("")).output


def test_an_option_wins_over_the_file(beside: Beside) -> None:
    said = "profile = 'starter'\nfail-on = 'never'\nignore = ['RDAC106']\nselect = ['RDAC1']"
    by_file = rdac(beside(said))
    assert by_file.exit_code == 0
    assert "profile starter" in by_file.output and "RDAC106  person" not in by_file.output
    notes = " ".join(by_file.output.split())
    assert "left out, as asked: RDAC106" in notes and "looked for, as asked: RDAC1, RDAC9, RDAC04" in notes
    options = ("--profile", "core", "--fail-on", "error", "--ignore", "RDAC5", "--select", "RDAC106")
    by_option = rdac(beside(said), *options)
    assert by_option.exit_code == 1 and "profile core" in by_option.output
    assert "looked for, as asked: RDAC106\n" in by_option.output and "left out, as asked: RDAC5\n" in by_option.output


def test_a_severity_of_the_file_decides_the_build(beside: Beside) -> None:
    assert rdac(beside('[[severity]]\nrules = ["RDAC106"]\nto = "query"')).exit_code == 0
    assert rdac(beside('[[severity]]\nrules = ["RDAC106"]\ntable = "episode"\nto = "query"')).exit_code == 1


def test_outputs_of_the_file_are_written_beside_it_unless_an_option_names_others(
    beside: Beside, tmp_path: Path
) -> None:
    made = beside("[outputs]\njson = 'report.json'")
    rdac(made, "--output", tmp_path / "other.json")
    assert (tmp_path / "other.json").is_file() and not (made.parent / "report.json").exists()
    rdac(made)
    assert (made.parent / "report.json").is_file()
    (made.parent / "report.json").unlink()


def test_cells_that_are_shown_on_a_terminal_go_into_no_output_of_the_file(beside: Beside) -> None:
    made = beside("[outputs]\ntext = 'report.txt'")
    assert "'Zebra'" in on_a_terminal("validate", str(made), "--show-values", "--select", "RDAC106")
    assert not (made.parent / "report.txt").exists()


def test_settings_inside_the_return_are_no_table_and_judge_nothing(beside: Beside) -> None:
    made = beside("")
    (made / "rdac.toml").write_text("fail-on = 'never'", encoding="utf-8")
    done = rdac(made)
    (made / "rdac.toml").unlink()
    assert done.exit_code == 1 and "RDAC002" not in done.output
    assert "rdac.toml inside the return was not used" in done.output


def test_broken_settings_are_wrong_use_and_both_ways_at_once_too(beside: Beside, tmp_path: Path) -> None:
    broken = rdac(beside("profile = core"))
    assert broken.exit_code == 2 and "rdac.toml, line 1" in broken.output
    (tmp_path / "team.toml").write_text("profile = 'starter'", encoding="utf-8")
    assert rdac(beside(""), "--config", tmp_path / "team.toml", "--no-config").exit_code == 2
    named = rdac(beside("profile = core"), "--config", tmp_path / "team.toml")
    assert "settings: team.toml, as asked for with --config" in named.output


def test_the_profile_of_a_file_says_nothing_of_a_census(tmp_path: Path) -> None:
    (tmp_path / "rdac.toml").write_text("profile = 'core'", encoding="utf-8")
    out = tmp_path / "census"
    CliRunner().invoke(main, ["synth", str(out), "--children", "5", "--format", "cin-xml"])
    assert "profile t0" in rdac(out / "census.xml", "--config", tmp_path / "rdac.toml").output
