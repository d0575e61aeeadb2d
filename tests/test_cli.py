"""The commands as a person types them: what they print, what they write, and how they end."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import polars as pl
import pytest
from click.testing import CliRunner, Result

from rdac_validator import cli
from rdac_validator.standard import load, schema_folder


def rdac(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean") / "return"
    assert rdac("synth", out, "--children", "30", "--seed", "3").exit_code == 0
    return out


@pytest.fixture
def faulty(clean: Path, tmp_path: Path) -> Path:
    """The clean return with one wrong code in person.csv."""
    out = tmp_path / "faulty"
    out.mkdir()
    for file in clean.iterdir():
        (out / file.name).write_bytes(file.read_bytes())
    person = pl.read_csv(out / "person.csv", infer_schema=False)
    wrong = pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("Zebra")).otherwise(pl.col("sex"))
    person.with_columns(wrong.alias("sex")).write_csv(out / "person.csv")
    return out


def test_a_clean_return_ends_with_0_and_says_what_it_does_not_cover(clean: Path) -> None:
    done = rdac("validate", clean, "--profile", "extended")
    assert done.exit_code == 0, done.output
    assert "error" not in done.output.splitlines()[-1]


def test_a_faulty_return_ends_with_1_names_the_line_and_never_the_value(faulty: Path) -> None:
    done = rdac("validate", faulty)
    assert done.exit_code == 1
    assert "person.csv line 6" in done.output and "RDAC106" in done.output
    assert "zebra" not in done.output.lower()


@pytest.mark.parametrize(("option", "code"), [("--ignore", 0), ("--select", 1)])
def test_codes_can_be_ignored_and_selected_by_prefix(faulty: Path, option: str, code: int) -> None:
    assert rdac("validate", faulty, option, "RDAC106,RDAC9").exit_code == code


def test_the_report_cannot_be_written_is_wrong_use(clean: Path, tmp_path: Path) -> None:
    done = rdac("validate", clean, "--output", tmp_path / "nowhere" / "report.json")
    assert done.exit_code == 2 and "folder that is there" in done.output


def test_a_report_may_not_fall_upon_the_return(faulty: Path) -> None:
    before = (faulty / "person.csv").read_bytes()
    assert rdac("validate", faulty, "--output", faulty / "person.csv").exit_code == 2
    assert (faulty / "person.csv").read_bytes() == before


def test_an_export_that_left_only_header_lines_is_no_clean_return(clean: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for file in clean.glob("*.csv"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        (empty / file.name).write_text("".join(lines if file.stem == "dataset" else lines[:1]), encoding="utf-8")
    done = rdac("validate", empty)
    assert done.exit_code == 1 and "RDAC376" in done.output


def test_a_misspelt_table_and_files_in_subfolders_are_told(clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "deeper").mkdir(parents=True)
    for file in clean.glob("*.csv"):
        name = "harm_directions.csv" if file.stem == "harm_direction" else file.name
        (out / name).write_bytes(file.read_bytes())
    (out / "deeper" / "person.csv").write_bytes(b"person_id")
    done = rdac("validate", out, "--profile", "t0")
    assert done.exit_code == 1
    assert "RDAC024" in done.output and "RDAC025" in done.output and "harm_directions" not in done.output


def test_an_interrupted_synth_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rdac_validator", "synth", str(tmp_path / "out"), "--children", "3000"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not list(tmp_path.iterdir()) and process.poll() is None:
            pass
        process.terminate()
    assert process.returncode == 143
    assert not list(tmp_path.iterdir())


def test_faults_bring_as_many_children_as_they_need(tmp_path: Path) -> None:
    assert rdac("synth", tmp_path / "out", "--faults", "120").exit_code == 0
    key = json.loads((tmp_path / "out.faults.json").read_text(encoding="utf-8"))
    assert sum(answer["planted"] for answer in key) >= 120


def test_fail_on_never_ends_with_0_and_still_lists(faulty: Path) -> None:
    done = rdac("validate", faulty, "--fail-on", "never")
    assert done.exit_code == 0 and "RDAC106" in done.output


def test_json_goes_to_a_file_fits_its_schema_and_is_the_same_twice(faulty: Path, tmp_path: Path) -> None:
    schema = json.loads((schema_folder() / "report.schema.json").read_text(encoding="utf-8"))
    for name in ("a.json", "b.json"):
        assert rdac("validate", faulty, "--format", "json", "--output", tmp_path / name).exit_code == 1
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    jsonschema.Draft202012Validator(schema).validate(json.loads((tmp_path / "a.json").read_text(encoding="utf-8")))


def test_values_are_refused_where_the_output_is_no_terminal(faulty: Path) -> None:
    done = rdac("validate", faulty, "--show-values")
    assert done.exit_code == 2
    assert "terminal" in done.output and "zebra" not in done.output.lower()


def test_values_are_shown_on_a_terminal_to_a_user_who_asks(faulty: Path) -> None:
    shown = on_a_terminal("validate", str(faulty), "--show-values", "--select", "RDAC106")
    assert "'Zebra'" in shown


def test_a_column_that_nobody_knows_is_shown_only_to_a_user_who_asks(clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "return"
    out.mkdir()
    for file in clean.iterdir():
        (out / file.name).write_bytes(file.read_bytes())
    secrets = pl.lit("jo@home.example").alias("Zebra"), pl.lit("Giraffe").alias("NHS number Okapi")
    pl.read_csv(out / "person.csv", infer_schema=False).with_columns(*secrets).write_csv(out / "person.csv")
    chosen = "validate", str(out), "--select", "RDAC019,RDAC9"
    place = len(load().table("person").names) + 1
    silent, shown = on_a_terminal(*chosen), on_a_terminal(*chosen, "--show-values")
    assert f"column {place}" in silent and not re.search("jo@home|Zebra|Giraffe|Okapi", silent)
    assert f"column {place} is headed 'Zebra'" in shown and f"2: column {place} = 'jo@home.example'" in shown
    assert f"column {place + 1} is headed 'NHS number Okapi'" in shown and "Giraffe" not in shown


def on_a_terminal(*arguments: str) -> str:
    """What a command prints to a real pseudo-terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rdac_validator", *arguments]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, stdin=theirs) as process:
        os.close(theirs)
        printed = bytearray()
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux tells the end of a pseudo-terminal by an error
                break
            if not piece:
                break
            printed += piece
        process.wait()
    os.close(ours)
    return printed.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", "no such folder"],
        ["validate", ".", "--profile", "t9"],
        ["explain", "RDAC20l"],
        ["convert", str(Path(__file__)), "out"],
        ["template", "."],
        ["validate", ".", "--select", "RDAC99"],
        ["validate", str(Path(__file__).parent.parent / "examples" / "census" / "small.xml"), "--profile", "core"],
        ["synth", "."],
        ["frobnicate"],
    ],
)
def test_wrong_use_ends_with_2_and_one_message_and_no_traceback(arguments: list[str]) -> None:
    done = rdac(*arguments)
    assert done.exit_code == 2
    assert "Error: " in done.output and "Traceback" not in done.output


def test_explain_offers_what_was_probably_meant() -> None:
    assert "RDAC201" in rdac("explain", "RDAC20l").output


@pytest.mark.parametrize("name", ["RDAC201", "8614", "harm_direction", "harm_direction.pattern", "resistance", "3B"])
def test_explain_knows_rules_tables_fields_and_values(name: str) -> None:
    done = rdac("explain", name)
    assert done.exit_code == 0
    assert name.rpartition(".")[2] in done.output
    assert max(len(line) for line in done.output.splitlines()) <= 80


def test_rules_lists_every_rule_or_a_band_of_them() -> None:
    assert "RDAC201" in rdac("rules").output and "8614" in rdac("rules").output
    band = rdac("rules", "RDAC9", "--format", "json")
    assert {item["code"][:5] for item in json.loads(band.output)} == {"RDAC9"}


def test_a_template_checks_out_as_far_as_an_empty_return_can(tmp_path: Path) -> None:
    assert rdac("template", tmp_path / "blank", "--profile", "core").exit_code == 0
    done = rdac("validate", tmp_path / "blank", "--profile", "core")
    assert done.exit_code == 1
    assert {line.split()[1] for line in done.output.splitlines() if line.startswith("ERROR")} == {"RDAC370"}


def test_an_existing_output_is_not_overwritten_without_force(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert rdac("synth", out, "--children", "3").exit_code == 0
    before = (out / "person.csv").read_bytes()
    assert rdac("synth", out, "--children", "4").exit_code == 2
    assert (out / "person.csv").read_bytes() == before
    assert rdac("synth", out, "--children", "4", "--force").exit_code == 0
    assert (out / "person.csv").read_bytes() != before


def test_the_same_seed_gives_the_same_bytes(clean: Path, tmp_path: Path) -> None:
    assert rdac("synth", tmp_path / "again", "--children", "30", "--seed", "3").exit_code == 0
    for file in sorted(clean.iterdir()):
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_safety_rules_are_left_out_by_their_own_name_only(faulty: Path) -> None:
    refused = rdac("validate", str(faulty), "--ignore", "RDAC")
    assert refused.exit_code == 2 and "say RDAC9" in refused.output
    assert rdac("validate", str(faulty), "--ignore", "RDAC9").exit_code != 2


def test_the_demo_shows_findings_of_every_severity_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "rdac_validator", "demo"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    for severity in ("ERROR", "WARNING", "QUERY"):
        assert f"\n{severity} RDAC" in done.stdout
    assert not list(tmp_path.iterdir())


def test_help_has_examples_for_every_command_that_takes_arguments() -> None:
    for name, command in cli.main.commands.items():
        if command.params and any(parameter.param_type_name == "argument" for parameter in command.params):
            assert "Examples:" in rdac(name, "--help").output


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [(), *commands(cli.main)], ids=" ".join)
def test_a_help_text_fits_a_terminal_of_80_columns(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(cli.main, [*path, "--help"], prog_name="rdac").output
    assert not [line for line in shown.splitlines() if len(line) > 80]


@pytest.mark.parametrize("name", [(), ("map",), ("crosswalk",)], ids=str)
def test_a_list_of_commands_cuts_no_sentence_short(name: tuple[str, ...]) -> None:
    _, listed = rdac(*name, "--help").output.split("Commands:")
    assert "..." not in listed


def test_a_folder_without_a_table_may_be_an_export_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "children.csv").write_text("Child ID,Gender\n1,M\n")
    done = rdac("validate", tmp_path)
    assert done.exit_code == 2 and "rdac map init" in done.output


@pytest.mark.parametrize("arguments", [["rules"], ["--help"], ["validate", "nowhere"]])
def test_a_reader_that_goes_away_ends_the_run_quietly_and_not_as_with_findings(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "rdac_validator", *arguments]
    told = writing if arguments[-1] == "nowhere" else subprocess.PIPE
    done = subprocess.run(command, stdout=writing, stderr=told, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr or b"") == (141, b"")


def test_our_own_fault_says_so_without_a_traceback(tmp_path: Path) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import rdac_validator.standard as s\ndef load():\n    raise RuntimeError('secret')\ns.load = load\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(cli.__file__).parents[2]}"}
    command = [sys.executable, "-m", "rdac_validator", "explain", "RDAC201"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 3
    assert "Our fault" in done.stderr and "Traceback" not in done.stderr and "secret" not in done.stderr


def test_a_command_that_publishes_nothing_waits_for_no_solver() -> None:
    said = "import sys; from rdac_validator import commands, making; print({'highspy', 'linkml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
