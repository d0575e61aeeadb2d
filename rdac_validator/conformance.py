"""Another tool held against the conformance corpus: it is run once a case, and what it finds is compared.

The corpus is the folder ``examples`` with its ``manifest.json``; the protocol stands in ``docs/conformance.md``. A
command is run without a shell, and nothing that it prints is shown.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rdac_validator.findings import InputError, Severity

MANIFEST = "manifest.json"
FORMAT, FORMAT_VERSION = "rdac-conformance-corpus", 1
AGREED, DIFFERS, FAILED = "agreed", "differs", "failed"
# a case of the third kind, mapping, is of an export and is for tools that read the mapping files of rdac
READ = ("return", "census")
PLACEHOLDERS = ("case", "kind", "profile", "out")


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One finding, as far as tools are compared by it: code, table, row and columns."""

    code: str
    table: str
    row: int
    columns: tuple[str, ...]

    def __str__(self) -> str:
        """The finding in one line."""
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        row = f" row {self.row}" if self.row else ""
        return f"{self.code} {self.table}{row}{columns}".strip()


@dataclass(frozen=True, slots=True)
class Case:
    """An input of the corpus and everything that must be found in it at a profile."""

    name: str
    path: Path
    kind: str
    profile: str
    expected: frozenset[Found]


@dataclass(frozen=True, slots=True)
class Result:
    """How a tool did on a case: what it missed, what it found beyond; ``failure`` says why it gave no findings."""

    case: Case
    missed: tuple[Found, ...] = ()
    extra: tuple[Found, ...] = ()
    failure: str = ""

    @property
    def outcome(self) -> str:
        """One of :data:`AGREED`, :data:`DIFFERS`, :data:`FAILED`."""
        return FAILED if self.failure else DIFFERS if self.missed or self.extra else AGREED


class ToolError(Exception):
    """A tool gave no findings for a case: the message says why."""


def corpus() -> Path:
    """The corpus of a checkout. Raises :class:`~rdac_validator.findings.InputError` where there is none."""
    folder = Path(__file__).parent.parent / "examples"
    if not (folder / MANIFEST).is_file():
        raise InputError(
            "the conformance corpus is not part of an installed rdac: take the folder examples of its source "
            "(pip download --no-binary :all: rdac-validator, or the repository) and name it with --corpus"
        )
    return folder


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cases(folder: Path, only: Sequence[str] = (), kinds: Sequence[str] = READ) -> tuple[Case, ...]:
    """The cases of a corpus whose names, or the codes in them, begin as one of ``only``; all, if none is given.

    Raises :class:`~rdac_validator.findings.InputError` where the folder is no corpus, a file of it is not as it was
    published, or no case is left.
    """
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if (document["format"], document["format_version"]) != (FORMAT, FORMAT_VERSION):
            raise InputError(f"{MANIFEST} is of a format that this version of rdac does not read")
        found = [_case(folder, item) for item in document["cases"]]
        chosen = [case for case in found if case.kind in kinds and _wanted(case.name, only)]
        _as_published(folder, document["cases"], {case.name for case in chosen})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"there is no corpus there: its {MANIFEST} or a file that it lists cannot be read") from error
    if not chosen:
        raise InputError("no case of the corpus is called so")
    return tuple(chosen)


def _case(folder: Path, item: Mapping[str, Any]) -> Case:
    expected = frozenset(_found(finding) for finding in item["findings"])
    return Case(item["name"], _inside(folder, item["path"]), item["kind"], item["profile"], expected)


def _inside(folder: Path, path: str) -> Path:
    place = folder / path
    if not place.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{MANIFEST} names a file outside the corpus")
    return place


def _wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(name.startswith(text) or name.rpartition("/")[2].startswith(text) for text in only)


def _as_published(folder: Path, items: Sequence[Mapping[str, Any]], names: set[str]) -> None:
    for item in items:
        for path, digest in item["files"].items():
            if item["name"] in names and fingerprint(_inside(folder, path)) != digest:
                raise InputError(f"{item['name']} is not as it was published: take the corpus again")


def run(command: str, chosen: Sequence[Case], timeout: float) -> Iterator[Result]:
    """Run a command on each case, at most ``timeout`` seconds each, and compare what it finds.

    The words of the command may hold ``{case}``, ``{kind}``, ``{profile}`` and ``{out}``, a file for its findings; it
    prints them if it does not name ``{out}``. Raises :class:`~rdac_validator.findings.InputError` where the command
    cannot be one.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InputError("the command cannot be parted into words: a quotation mark is not closed") from error
    if not words or "{case}" not in command:
        raise InputError(
            "the command does not say where the case goes, so every case would be the same to it: write {case} there, "
            'all of it in one pair of quotation marks, as in rdac conformance "mytool {case}"'
        )
    for case in chosen:
        try:
            found = _findings(_output(words, case, timeout))
        except ToolError as failure:
            yield Result(case, failure=str(failure))
        else:
            missed, extra = sorted(case.expected - found), sorted(found - case.expected)
            yield Result(case, tuple(missed), tuple(extra))


def _output(words: Sequence[str], case: Case, timeout: float) -> str:
    """What the tool says of a case. Its output goes to a file: a pipe that a grandchild keeps open never ends."""
    with TemporaryDirectory(prefix="rdac-conformance-") as temporary:
        printed, out = Path(temporary) / "printed", Path(temporary) / "out.json"
        values = {"case": str(case.path), "kind": case.kind, "profile": case.profile, "out": str(out)}
        code = _ended([_filled(word, values) for word in words], printed, timeout)
        told = out if any("{out}" in word for word in words) else printed
        try:
            return told.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ToolError(f"ended with exit code {code} and wrote no findings") from error


def _filled(word: str, values: Mapping[str, str]) -> str:
    for name in PLACEHOLDERS:
        word = word.replace(f"{{{name}}}", values[name])
    return word


def _ended(words: Sequence[str], printed: Path, timeout: float) -> int:
    with printed.open("wb") as file:
        try:
            process = subprocess.Popen(  # noqa: S603 the user's own command, without a shell
                words, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as error:
            raise InputError(
                f"the command cannot be started ({error.strerror}): its first word must be a program that is "
                "installed, or the path of one"
            ) from error
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired as slow:
            raise ToolError(f"took longer than {timeout:g} s and was stopped") from slow
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the tool and what it started, if any of it still runs: a timeout or Ctrl-C leaves nothing behind."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()


def _findings(text: str) -> frozenset[Found]:
    """The findings in what a tool wrote: the JSON report of rdac, or a list of findings."""
    try:
        document = json.loads(text)
        listed = document if isinstance(document, list) else _of_report(document)
        return frozenset(_found(item) for item in listed)
    except ValueError as error:
        raise ToolError("wrote something that is not JSON") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ToolError("wrote JSON that is neither rdac's report nor a list of findings") from error


def _of_report(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for group in document["groups"]:
        if group["severity"] != Severity.INFO:
            yield from ({**group, "row": row} for row in group["rows"] or [0])


def _found(item: Mapping[str, Any]) -> Found:
    code, table, row, columns = item["code"], item["table"], item["row"], item["columns"]
    if not all(isinstance(text, str) for text in (code, table, *columns)) or type(row) is not int:
        raise TypeError("a finding is a code, a table, a row and columns")
    return Found(code, table, row, tuple(sorted(columns)))


def lines(result: Result) -> Iterator[str]:
    """How a tool did on a case, in lines."""
    counts = [f"missed {len(result.missed)}"] * bool(result.missed) + [f"extra {len(result.extra)}"] * bool(
        result.extra
    )
    yield f"{result.case.name}: {result.failure or ', '.join(counts) or AGREED}"
    yield from (f"  missed {found}" for found in result.missed)
    yield from (f"  extra  {found}" for found in result.extra)


def summary(results: Sequence[Result]) -> str:
    """How a tool did on all cases, in one line."""
    counts = {name: sum(result.outcome == name for result in results) for name in (AGREED, DIFFERS, FAILED)}
    told = ", ".join(f"{number} {name}" for name, number in counts.items())
    return f"{len(results)} {'case' if len(results) == 1 else 'cases'}: {told}"


def to_json(results: Sequence[Result]) -> str:
    """How a tool did on all cases, as JSON."""
    document = {
        "format": "rdac-conformance-result",
        "format_version": 1,
        "cases": [
            {
                "name": result.case.name,
                "outcome": result.outcome,
                "failure": result.failure,
                "missed": [_plain(found) for found in result.missed],
                "extra": [_plain(found) for found in result.extra],
            }
            for result in results
        ],
    }
    return json.dumps(document, indent=1) + "\n"


def _plain(found: Found) -> dict[str, Any]:
    return {"code": found.code, "table": found.table, "row": found.row, "columns": list(found.columns)}
