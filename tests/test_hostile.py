"""Hostile and broken input ends in a finding or a clear message, within limits, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rdac_validator import formats
from rdac_validator.check import check
from rdac_validator.findings import InputError
from rdac_validator.formats import cin_xml, csv_
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.standard import load
from tests import census_files
from tests.hostile import trying
from tests.hostile.files import GOOD, LINE
from tests.hostile.running import run
from tests.hostile.slots import SLOTS, doors
from tests.hostile.trying import Case, some


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return trying.companions(tmp_path_factory.mktemp("good"))


def test_every_place_that_takes_a_file_is_tried() -> None:
    assert doors() <= {(slot.command, slot.parameter) for slot in SLOTS}
    assert {case.slot for case in some()} == set(SLOTS)


@pytest.mark.parametrize("case", some(), ids=str)
def test_it_ends_in_a_finding_or_a_clear_message(case: Case, tmp_path: Path, good: dict[str, Path]) -> None:
    trying.judge(trying.tried(case, tmp_path, good))


WRITING = {
    "convert": ["convert", "CENSUS", "OUT"],
    "convert to Parquet": ["convert", "CENSUS", "OUT", "--format", "parquet"],
    "map init": ["map", "init", "EXPORT", "--output", "OUT"],
    "synth": ["synth", "OUT", "--children", "20"],
    "synth with faults": ["synth", "OUT", "--faults", "2"],
    "synth a census": ["synth", "OUT", "--children", "20", "--format", "cin-xml"],
    "template": ["template", "OUT"],
}


@pytest.mark.parametrize("arguments", WRITING.values(), ids=WRITING)
def test_a_full_disk_ends_in_a_message_and_leaves_nothing(
    arguments: list[str], tmp_path: Path, good: dict[str, Path]
) -> None:
    places = {"OUT": tmp_path / "out", **good}
    filled = [str(places.get(argument, argument)) for argument in arguments]
    ended = run(filled, file_limit=64)
    assert ended.code == 2 and b"Our fault" not in ended.output, ended.output
    assert not list(tmp_path.iterdir())
    assert run(filled).code in {0, 1}
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda stop: stop.name)
@pytest.mark.parametrize("wait", [0.0, 0.2, 0.5])
def test_a_run_that_is_stopped_leaves_nothing_half_written(stop: signal.Signals, wait: float, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rdac_validator", "synth", str(tmp_path / "out"), "--children", "3000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while not list(tmp_path.iterdir()) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(wait)
        process.send_signal(stop)
        said, _ = process.communicate(timeout=60)
    whole = sorted(path.name for path in tmp_path.iterdir())
    assert b"Traceback" not in said
    # a signal may come when all is done: then the folder is there, and whole
    assert whole in ([], ["out"])
    assert not whole or (tmp_path / "out" / "datapackage.json").exists()


@pytest.mark.parametrize("change", ["cut", "added to", "gone", "written anew"])
@pytest.mark.parametrize("large", [True, False])
def test_a_file_that_changes_while_it_is_read_is_refused(
    change: str, large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(csv_, "LARGE", 0)
    file = tmp_path / "person.csv"
    file.write_bytes(GOOD + LINE + b"\n")
    with pytest.raises(InputError, match="changed while it was read"), formats.steady(tmp_path):
        given = formats.read(tmp_path, load())
        file.unlink()
        if change != "gone":
            file.write_bytes({"cut": GOOD, "added to": GOOD + LINE * 2, "written anew": b"sex\n"}[change])
        check(given, load(), profile="t0")


@pytest.mark.parametrize("arguments", [["validate", "IN"], ["map", "check", "MAPPING", "IN"]], ids=" ".join)
def test_an_export_that_is_still_running_is_told(arguments: list[str], tmp_path: Path, good: dict[str, Path]) -> None:
    places = {"IN": tmp_path, **good}
    file, done = tmp_path / "person.csv", threading.Event()
    file.write_bytes(GOOD)

    def export() -> None:
        while not done.wait(0.001):
            with file.open("ab") as stream:
                stream.write(LINE + b"\n")

    writer = threading.Thread(target=export)
    writer.start()
    try:
        ended = run([str(places.get(argument, argument)) for argument in arguments])
    finally:
        done.set()
        writer.join()
    assert ended.code == 2, ended.output
    assert b"changed while it was read" in b" ".join(ended.output.split())


LOCKED = {
    "a file": ["validate", "FILE"],
    "a folder with a file": ["validate", "IN"],
    "a report": ["validate", "EXPORT", "--output", "OUT/report.json"],
    "a return": ["convert", "CENSUS", "OUT/return"],
    "a mapping": ["map", "init", "EXPORT", "--output", "OUT/draft.yaml"],
}


@pytest.mark.parametrize("arguments", LOCKED.values(), ids=LOCKED)
def test_what_the_system_refuses_is_told(arguments: list[str], tmp_path: Path, good: dict[str, Path]) -> None:
    inside, out = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    (inside / "person.csv").write_bytes(GOOD)
    (inside / "person.csv").chmod(0)
    out.mkdir(0o500)
    places = {"FILE": inside / "person.csv", "IN": inside, "OUT": out, **good}
    filled = ["/".join(str(places.get(part, part)) for part in argument.split("/")) for argument in arguments]
    ended = subprocess.run([*_unprivileged(), *filled], capture_output=True, text=True, check=False)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert re.search("Permission denied|is not readable|you may not write", " ".join(ended.stderr.split()))
    assert not list(out.iterdir())


def _unprivileged() -> list[str]:
    """The command for a user whom modes of files bind, as they do not bind root."""
    command = [sys.executable, "-m", "rdac_validator"]
    if os.getuid():
        return command
    if not shutil.which("setpriv"):
        pytest.skip("root without setpriv may read and write everything")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]


def test_a_report_is_not_written_through_a_link_laid_in_its_way(tmp_path: Path, good: dict[str, Path]) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "report.json.partial").symlink_to(tmp_path / "mine")
    assert run(["validate", str(good["EXPORT"]), "--output", str(tmp_path / "report.json")]).code == 1
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_name_with_line_ends_and_escapes_cannot_forge_what_is_printed(tmp_path: Path) -> None:
    ended = run(["validate", str(tmp_path / "no\n::error::forged\x1b[2J")])
    assert ended.code == 2
    assert b"\n::error" not in ended.output and b"\x1b" not in ended.output


@given(
    st.binary(max_size=400), st.sampled_from(sorted({".csv", ".parquet", ".xlsx", ".zip", ".xml", ".json", ".yaml"}))
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as kept:
        path = Path(kept) / f"person{ending}"
        for whole in (data, GOOD[: len(GOOD) // 2] + data, b"PK\x03\x04" + data, b"PAR1" + data + b"PAR1"):
            path.write_bytes(whole)
            with contextlib.suppress(InputError):
                (cin_xml if ending == ".xml" else formats).read(path, load())


_TREES = st.recursive(
    st.sampled_from(["", "1A", "2024-01-01", "x"]),
    lambda inner: st.lists(st.tuples(st.sampled_from(["Child", "CINdetails", "Assessments", "Header", "zz"]), inner)),
    max_leaves=12,
)


def _xml(tree: object) -> str:
    return tree if isinstance(tree, str) else "".join(f"<{name}>{_xml(inner)}</{name}>" for name, inner in tree)  # type: ignore[attr-defined]


@given(_TREES)
@settings(max_examples=12, derandomize=True, deadline=None)
def test_any_tree_of_elements_is_read_and_checked(tree: object) -> None:
    with tempfile.TemporaryDirectory() as kept:
        path = Path(kept) / "census.xml"
        path.write_text(f"<Message>{census_files.header()}<Children>{_xml(tree)}</Children></Message>")
        found = check(cin_xml.read(path, load()), load(), profile="t0", rules=CIN_RULES, structure=False)
        assert not found.crashed
