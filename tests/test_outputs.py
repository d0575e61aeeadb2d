"""Where reports go: several at once, each whole or not at all, and none where it must not be."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rdac_validator import cli
from rdac_validator.cli import outputs
from rdac_validator.findings import InputError
from rdac_validator.reports import FORMATS, github, gitlab, junit, sarif, summary, xlsx
from tests.corpus import EXAMPLES

FAULTY = EXAMPLES / "invalid" / "RDAC101-blank"
CLEAN = EXAMPLES / "valid" / "england-small"
# what a file system takes as a name and a careless report as an order
HOSTILE = "x\n::error file=a.csv::forged %0A::error::b ]]><script>=cmd()|`a`\x1b[31m"


def validate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.main, ["validate", *map(str, arguments)])


def test_every_format_in_one_run_beside_the_text(tmp_path: Path) -> None:
    files = {name: tmp_path / f"report.{name}" for name in FORMATS}
    done = validate(FAULTY, *(f"--output={name}={path}" for name, path in files.items()))
    assert done.exit_code == 1
    assert "ERROR RDAC101" in done.stdout
    assert set(tmp_path.iterdir()) == set(files.values())
    assert all(path.stat().st_size for path in files.values())
    assert files["text"].read_text("utf-8") == done.stdout


@pytest.mark.parametrize(("name", "ending"), [(name, end) for name, form in FORMATS.items() for end in form.endings])
def test_the_ending_tells_the_format(name: str, ending: str, tmp_path: Path) -> None:
    assert outputs.parse(f"{tmp_path}/report{ending}") == outputs.Output(name, tmp_path / f"report{ending}")
    assert outputs.parse(f"report{ending.upper()}").form == name


def test_no_two_formats_have_one_ending() -> None:
    endings = [ending for form in FORMATS.values() for ending in form.endings]
    assert len(set(endings)) == len(endings)


@pytest.mark.parametrize(
    ("text", "form", "path"),
    [
        ("json=report", "json", "report"),
        ("json=a=b.csv", "json", "a=b.csv"),
        ("./a=b.json", "json", "./a=b.json"),
        ("out=1/report.json", None, ""),
        ("sarif=-", "sarif", None),
    ],
)
def test_the_format_may_be_said(text: str, form: str | None, path: str | None) -> None:
    if form is None:
        with pytest.raises(InputError, match="no report format of that name"):
            outputs.parse(text)
    else:
        assert outputs.parse(text) == outputs.Output(form, None if path is None else Path(path))


@pytest.mark.parametrize("arguments", [["--format", "json"], ["--output", "json=-"]], ids=" ".join)
def test_another_format_takes_the_place_of_the_text_on_the_standard_output(arguments: Sequence[str]) -> None:
    done = validate(FAULTY, *arguments)
    assert done.exit_code == 1 and json.loads(done.stdout)["format"] == "rdac-validation-report"


def test_a_workbook_can_be_piped() -> None:
    done = validate(FAULTY, "--format", "xlsx")
    assert done.exit_code == 1 and done.stdout_bytes.startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "sarf=out"], "no report format of that name"),
        (["--output", "report"], "does not tell the format"),
        (["--output", "report.docx"], "does not tell the format"),
        (["--format", "yaml"], "no report format of that name"),
        (["--output", "nowhere/report.json"], "folder that is there"),
        (["--output", "json="], "folder that is there"),
        (["--output", "json=."], "folder that is there"),
        (["--output", "a.json", "--output", "csv=./a.json"], "one file"),
        (["--output", "json=-", "--output", "csv=-"], "only one report"),
        (["--format", "json", "--output", "csv=-"], "only one report"),
        (["--output", f"csv={FAULTY / 'person.csv'}"], "fall upon the return"),
        (["--output", f"{FAULTY / 'report.json'}"], "fall upon the return"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_written_is_refused_before_the_work(
    arguments: Sequence[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(FAULTY.iterdir())
    done = validate(FAULTY, *arguments)
    assert done.exit_code == 2 and said in " ".join(done.output.split())
    assert not list(tmp_path.iterdir()) and sorted(FAULTY.iterdir()) == before


def test_what_is_no_plain_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert validate(FAULTY, "--output", f"json={tmp_path / 'pipe'}").exit_code == 2
    assert (tmp_path / "pipe").is_fifo()


def test_a_report_replaces_the_one_before_it_and_a_summary_is_added(tmp_path: Path) -> None:
    for _ in range(2):
        assert validate(CLEAN, "--output", tmp_path / "a.json", "--output", tmp_path / "a.md").exit_code == 0
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert (tmp_path / "a.md").read_text("utf-8").count("### rdac validate") == 2


@pytest.mark.parametrize("raised", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()], ids=repr)
def test_a_full_disk_or_an_interrupted_run_leaves_the_file_as_it_was(
    raised: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.json"
    report.write_text("before", "utf-8")

    def refuse(_partial: Path, _target: Path) -> Path:
        raise raised

    monkeypatch.setattr(Path, "replace", refuse)
    done = validate(FAULTY, "--output", report)
    assert done.exit_code != 0
    assert isinstance(raised, KeyboardInterrupt) or "No space left" in done.output
    assert list(tmp_path.iterdir()) == [report] and report.read_text("utf-8") == "before"


def test_in_a_checkout_files_are_named_from_its_root_and_elsewhere_by_their_own_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned = tmp_path / "work" / "returns" / "A B"
    returned.mkdir(parents=True)
    for part in FAULTY.glob("*.csv"):
        (returned / part.name).write_bytes(part.read_bytes())
    monkeypatch.chdir(returned.parent)
    assert "A B" not in validate("A B", "--format", "sarif").stdout
    subprocess.run(["git", "init", "-q", str(tmp_path / "work")], check=True)
    named = json.loads(validate("A B", "--format", "sarif").stdout)["runs"][0]["results"][0]["locations"][0]
    assert named["physicalLocation"]["artifactLocation"]["uri"] == "returns/A%20B/family_circumstances.csv"
    monkeypatch.chdir(returned)
    assert "file=returns/A B/family_circumstances.csv,line=2" in validate(".", "--format", "github").stdout


def test_hostile_names_of_files_and_folders_forge_nothing_in_any_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned = tmp_path / HOSTILE
    returned.mkdir()
    (tmp_path / ".git").mkdir()
    for part in FAULTY.glob("*.csv"):
        (returned / part.name).write_bytes(part.read_bytes())
    (returned / f"{HOSTILE}.csv").write_bytes(b"person_id\n")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    validate(HOSTILE, *(f"--output={name}=out/{name}" for name in FORMATS))
    told = {name: (tmp_path / "out" / name).read_bytes() for name in set(FORMATS) - {"xlsx"}}
    assert [name for name, data in told.items() if b"\x1b" in data or b"\n::error file=a.csv" in data] == []
    assert [name for name in ("html", "summary", "junit") if b"<script>=cmd" in told[name]] == []
    began = [line.partition(b" ")[0] for line in told["github"].splitlines()]
    assert began == [b"::error"] * 5 + [b"::warning", b"::notice"]


def test_the_help_names_every_format() -> None:
    text = " ".join(validate("--help").output.split())
    named = text.partition("What is printed: text, or ")[2].partition(".")[0].split(", ")
    assert sorted([*named, "text"]) == sorted(FORMATS)


def test_the_page_on_outputs_lists_every_format_as_it_is() -> None:
    page = (EXAMPLES.parent / "docs" / "outputs.md").read_text("utf-8")
    rows = [
        f"| `{name}` | {', '.join(f'`{ending}`' for ending in form.endings)} | {form.reader} |".replace("|  |", "| |")
        for name, form in FORMATS.items()
    ]
    head = "| Format | Endings | For |\n| --- | --- | --- |\n"
    assert head + "\n".join(rows) + "\n" in page
    limits = {"sarif": sarif.MOST, "gitlab": gitlab.MOST, "github": github.MOST, "summary": summary.MOST}
    limits |= {"junit": junit.ROWS, "xlsx": xlsx.MOST}
    for name, most in limits.items():
        assert re.search(rf"^\| `{name}` \| {most:,} ", page, re.MULTILINE), name
