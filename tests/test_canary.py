"""A secret in every cell, header, name, element and attribute: no command prints it or writes it into a report.

The word stands in cells that look right (keys that match each other) and in cells that are wrong in every way. What may
hold cells is data itself: the folder that ``convert`` and ``map apply`` write, and the draft of ``map init`` (headers).
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from rdac_validator import cli
from rdac_validator.reports import FORMATS
from tests.corpus import EXAMPLES
from tests.hostile.slots import commands

CANARY = "zqx"
CENSUS = EXAMPLES / "census" / "small.xml"
EXPORT = EXAMPLES / "exports" / "long"
# commands that read nothing of a person: their answers are words of the standard
NOTHING_READ = {"explain", "rules", "template", "synth", "demo", "generate", "diff", "crosswalk list", "conformance"}
Made = Callable[[Path], Path]


def spoilt(frame: pl.DataFrame) -> pl.DataFrame:
    """A table with the secret in every cell of every second row, and a column of it that nobody knows."""
    bad = [
        pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.col(c)).otherwise(_secrets(c)).alias(c) for c in frame.columns
    ]
    return frame.with_columns(*bad, _secrets("x").alias(f"{CANARY}_header"))


def _secrets(column: str) -> pl.Expr:
    return pl.format(f"{CANARY}{{}}{column}", pl.int_range(pl.len()))


def tables(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Iterator[tuple[str, pl.DataFrame]]:
    """The tables of an example, with the secret in every key, changed further."""
    for file in sorted((EXAMPLES / "valid" / "england-small").glob("*.csv")):
        text = re.sub(r"\b[a-z]{1,3}_(?=[0-9a-f]{8})", f"{CANARY}_", file.read_text(encoding="utf-8"))
        yield file.stem, change(pl.read_csv(io.StringIO(text), infer_schema=False))


def as_folder(place: Path, change: Callable[[pl.DataFrame], pl.DataFrame], ending: str = ".csv") -> Path:
    out = place / f"{CANARY}_return"
    out.mkdir()
    for name, frame in tables(change):
        (frame.write_csv if ending == ".csv" else frame.write_parquet)(out / f"{name}{ending}")
    (out / f"{CANARY}_jane_smith{ending}").write_text(CANARY)
    (out / f"{CANARY}.txt").write_text(CANARY)
    return out


def as_zip(place: Path) -> Path:
    with zipfile.ZipFile(place / f"{CANARY}.zip", "w") as made:
        for name, frame in tables(spoilt):
            made.writestr(f"{CANARY}/{name}.csv", frame.write_csv())
        made.writestr(f"../{CANARY}.csv", CANARY)
    return place / f"{CANARY}.zip"


def as_workbook(place: Path) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(place / f"{CANARY}.xlsx") as book:
        for name, frame in (*tables(spoilt), (f"{CANARY} sheet", pl.DataFrame({CANARY: [CANARY]}))):
            sheet = book.add_worksheet(name[:31])
            for number, row in enumerate((frame.columns, *frame.rows())):
                sheet.write_row(number, 0, [cell or "" for cell in row])
    return place / f"{CANARY}.xlsx"


def as_document(place: Path) -> Path:
    document = {name: frame.to_dicts() for name, frame in tables(spoilt)} | {CANARY: [{CANARY: CANARY}]}
    (place / f"{CANARY}.json").write_text(json.dumps(document))
    return place / f"{CANARY}.json"


def broken(place: Path) -> Path:
    """Files that cannot be read as what they are."""
    out = as_folder(place, spoilt)
    (out / "person.csv").write_bytes(f"{CANARY},{CANARY}\n".encode() * 5)
    (out / "episode.csv").write_bytes(f'child_id,{CANARY}\n"{CANARY}\n{CANARY},{CANARY},{CANARY}\n'.encode())
    (out / "assessment.parquet").write_bytes(b"PAR1" + CANARY.encode() * 50 + b"PAR1")
    (out / "assessment.csv").unlink()
    return out


RETURNS: dict[str, Made] = {
    "good-looking": lambda place: as_folder(place, lambda frame: frame),
    "spoilt CSV": lambda place: as_folder(place, spoilt),
    "spoilt Parquet": lambda place: as_folder(place, spoilt, ".parquet"),
    "a zip": as_zip,
    "a workbook": as_workbook,
    "a document": as_document,
    "broken files": broken,
}


def census(place: Path, change: Callable[[str], str]) -> Path:
    path = place / f"{CANARY}_census.xml"
    path.write_text(change(CENSUS.read_text(encoding="utf-8")), encoding="utf-8")
    return path


def _everywhere(text: str) -> str:
    filled = re.sub(r">([^<\s]+)<", rf">{CANARY}\1<", text).replace(
        "<Child>", f'<Child {CANARY}="{CANARY}">{CANARY}', 3
    )
    return filled.replace("</Child>", f"<{CANARY}>{CANARY}</{CANARY}></Child>", 3).replace(f"{CANARY}CIN<", "CIN<")


CENSUSES: dict[str, Made] = {
    "ids": lambda place: census(place, lambda text: text.replace("<LAchildID>", f"<LAchildID>{CANARY}")),
    "everywhere": lambda place: census(place, _everywhere),
    "not XML": lambda place: census(place, lambda text: text[:3000] + f"<{CANARY}<{CANARY}"),
    "a DOCTYPE": lambda place: census(place, lambda text: f'<!DOCTYPE {CANARY} SYSTEM "{CANARY}">' + text[40:]),
}
READ: dict[str, Made] = RETURNS | {f"census, {name}": make for name, make in CENSUSES.items()}


def rdac(*arguments: str | Path) -> str:
    """Everything that a command says; a fault of ours fails the test."""
    done = CliRunner().invoke(cli.main, [str(argument) for argument in arguments])
    assert done.exit_code in {0, 1, 2}, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.output


def silent(said: str | bytes) -> None:
    """Nothing of what was said holds the secret; packed files are looked into."""
    data = said.encode(errors="replace") if isinstance(said, str) else said
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            data = b"".join(parts.read(name) for name in parts.namelist())
    place = data.lower().find(CANARY.encode())
    assert place < 0, data[max(0, place - 300) : place + 60].decode(errors="replace")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.mark.parametrize("kind", READ)
def test_no_report_of_any_format_holds_a_word_of_the_data(kind: str, place: Path) -> None:
    source = READ[kind](place)
    files = {form: place.parent / f"report.{form}" for form in FORMATS}
    outputs = [part for form, path in files.items() for part in ("--output", f"{form}={path}")]
    silent(rdac("validate", source, "--all", *outputs))
    for path in files.values():
        if path.exists():
            silent(path.read_bytes())
    assert rdac("validate", source, "--show-values").count("terminal") == 1
    silent(rdac("crosswalk", "loss", source))
    silent(rdac("crosswalk", "loss", source, "--format", "json"))


@pytest.mark.parametrize("kind", READ)
def test_no_data_quality_report_holds_a_word_of_the_data(kind: str, place: Path) -> None:
    out = place.parent / "report"
    silent(rdac("report", READ[kind](place), "--out", out))
    for path in out.rglob("*"):
        silent(path.name)
        silent(path.read_bytes() if path.is_file() else b"")


@pytest.mark.parametrize("kind", ["spoilt Parquet", "census, everywhere"])
def test_nothing_is_told_where_python_and_polars_are_asked_to_talk(kind: str, place: Path) -> None:
    command = [sys.executable, "-X", "dev", "-m", "rdac_validator", "validate", str(READ[kind](place))]
    talkative = os.environ | {"POLARS_VERBOSE": "1", "POLARS_VERBOSE_SENSITIVE": "1", "RUST_BACKTRACE": "full"}
    checkout = Path(__file__).parent.parent
    ended = subprocess.run(command, env=talkative, cwd=checkout, capture_output=True, text=True, check=False)
    assert ended.returncode == 1 and "checked at profile" in ended.stdout
    silent(ended.stdout)
    assert not ended.stderr


@pytest.mark.parametrize("kind", CENSUSES)
def test_a_conversion_says_nothing_and_writes_no_id_of_the_source(kind: str, place: Path) -> None:
    out = place.parent / "out"
    silent(rdac("convert", CENSUSES[kind](place), out))
    if out.exists():
        assert kind in {"ids", "everywhere"}
        silent((out / "person.csv").read_bytes())


def export(place: Path, change: Callable[[str], str] = lambda text: text) -> tuple[Path, Path]:
    """The example of an export with the secret in every cell, and its mapping, changed."""
    out = place / f"{CANARY}_export"
    out.mkdir()
    for file in (EXPORT / "export").glob("*.csv"):
        frame = pl.read_csv(file, infer_schema=False)
        spoilt(frame).write_csv(out / file.name)
    (out / f"{CANARY}.csv").write_text(f"{CANARY},b\n{CANARY},c\n")
    mapping = place / f"{CANARY}.yaml"
    mapping.write_text(change((EXPORT / "mapping.yaml").read_text(encoding="utf-8")), encoding="utf-8")
    return mapping, out


MAPPINGS: dict[str, Callable[[str], str]] = {
    "sound": lambda text: text,
    "with secret codes": lambda text: text.replace("codes: {", f"codes: {{{CANARY}1: male, "),
    "with a secret table": lambda text: text.replace("  person:", f"  {CANARY}:"),
    "with a secret setting": lambda text: text + f"\n{CANARY}: {CANARY}\n",
    "that is an export": lambda _: f"{CANARY},{CANARY}\n{CANARY},{CANARY}\n",
    "that is no YAML": lambda _: f"{CANARY}: [{CANARY}\n}}",
}


@pytest.mark.parametrize("kind", MAPPINGS)
def test_no_mapping_report_holds_a_word_of_the_export_or_of_the_mapping(kind: str, place: Path) -> None:
    mapping, exported = export(place, MAPPINGS[kind])
    silent(rdac("map", "check", mapping, exported))
    silent(rdac("map", "apply", mapping, exported, place.parent / "out"))


def test_a_draft_holds_headers_and_no_cell(place: Path) -> None:
    _, exported = export(place)
    drafted = rdac("map", "init", exported, "--output", "draft.yaml")
    silent(drafted)
    assert not re.search(rf"{CANARY}\d", (place.parent / "draft.yaml").read_text(encoding="utf-8"))


TEXTS = (
    f"{CANARY}\n{CANARY},1\n",
    f'{{"{CANARY}": "{CANARY}"}}',
    f'x = "{CANARY}"\n',
    f"#{CANARY}: {CANARY}\n{CANARY}",
)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "FILE.json", "FILE.json"],
        ["validate", str(EXAMPLES / "valid" / "england-small"), "--config", "FILE.toml"],
        ["convert", str(CENSUS), "out", "--key-file", "FILE.key"],
        ["convert", str(CENSUS), "out", "--areas", "FILE.csv", "--deprivation", "FILE.csv"],
        ["crosswalk", "apply", "cin-census", "--codes", "FILE.csv"],
        ["crosswalk", "verify", "FILE.sssom.tsv"],
        ["crosswalk", "show", "FILE.sssom.tsv"],
        ["map", "init", "FILE.parquet"],
        ["map", "init", "FILE.xlsx"],
    ],
    ids=" ".join,
)
def test_a_file_that_is_something_else_is_not_quoted(arguments: list[str], text: str, place: Path) -> None:
    for name in {argument for argument in arguments if argument.startswith("FILE")}:
        (place.parent / name).write_text(text)
    silent(rdac(*arguments))


def test_every_command_is_tried_or_reads_nothing_of_a_person() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    tried = {name for name, _ in commands() if re.search('"' + '", "'.join(name.split()) + '"', source)}
    assert {name for name, _ in commands()} == tried | NOTHING_READ
