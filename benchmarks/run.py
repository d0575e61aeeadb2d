"""All benchmarks with one command: ``python -m benchmarks.run``. See ``benchmarks/README.md``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.wide import WIDTH

ROUNDS = 5
GROWTH = (100_000, 1_000_000, 10_000_000)


@dataclass(frozen=True)
class Measured:
    """Median wall seconds and greatest resident MiB of some runs of a process, and what the last one printed."""

    seconds: float
    mebibytes: float
    output: str


def once(arguments: Sequence[str]) -> tuple[float, float, str]:
    """Run a process to its end: wall seconds, peak MiB, standard output."""
    with tempfile.TemporaryFile() as captured:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdout=captured)  # noqa: S603 our own modules
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if os.waitstatus_to_exitcode(status) not in {0, 1}:
            raise SystemExit(f"{' '.join(arguments)} failed")
        captured.seek(0)
        return seconds, usage.ru_maxrss / 1024, captured.read().decode()


def in_turn(*processes: Sequence[str], rounds: int = ROUNDS) -> list[Measured]:
    """Run processes in turn, several times, so that what else the machine does falls on all of them alike."""
    runs: list[list[tuple[float, float, str]]] = [[] for _ in processes]
    for _ in range(rounds):
        for found, process in zip(runs, processes, strict=True):
            found.append(once(process))
    return [
        Measured(statistics.median(s for s, _, _ in found), max(m for _, m, _ in found), found[-1][2]) for found in runs
    ]


def worker(work: str, path: Path) -> list[str]:
    """The command of one measured process."""
    return ["-m", "benchmarks.worker", work, str(path)]


def tell(what: str, measured: Measured, ratio: float | None = None, more: str = "") -> None:
    """One line of the result."""
    times = f"{ratio:6.2f} x" if ratio is not None else " " * 8
    print(f"{what:46} {times} {measured.seconds:8.2f} s {measured.mebibytes:6.0f} MiB  {more}", flush=True)  # noqa: T201


def exact(output: str, key: Sequence[tuple[str, int]]) -> str:
    """Whether exactly the planted faults were found, and how many checks looked for them."""
    done: dict[str, Any] = json.loads(output)
    same = [tuple(found) for found in done["found"]] == list(key)
    return f"{len(key):,} planted, {'exact' if same else 'NOT EXACT'}; {done['kinds']} kinds, {done['rules']} row rules"


def planted(folder: Path, rows: int) -> list[tuple[str, int]]:
    """Write the tables in a process of their own: the memory of this one would be counted to the measured ones."""
    _, _, output = once(["-m", "benchmarks.worker", "write_wide", str(folder), str(rows)])
    return [(code, line) for code, line in json.loads(output)]


def synth(out: Path, children: int, form: str) -> None:
    """Write a synthetic return or census, in a process of its own."""
    once(["-m", "rdac_validator", "synth", str(out), "--children", str(children), "--format", form])


def one_table(folder: Path, rows: int) -> None:
    """One table of 30 columns with a foreign key beside the bare parse of the same file."""
    key = planted(folder, rows)
    floor, whole = in_turn(worker("floor_csv", folder), worker("check_csv", folder))
    tell(f"bare parse, {rows:,} x {WIDTH}", floor, 1.0)
    tell(f"check, {rows:,} x {WIDTH}", whole, whole.seconds / floor.seconds, exact(whole.output, key))


def frictionless(folder: Path, rows: int = 5_000) -> None:
    """A row through frictionless beside a row through our check, start-up of both taken off."""
    small, large = folder / "small", folder / "large"
    planted(small, 100)
    planted(large, rows)
    theirs_small, theirs_large = in_turn(
        worker("check_frictionless", small), worker("check_frictionless", large), rounds=3
    )
    many = folder / "many"
    planted(many, 1_000_000)
    ours_small, ours_large = in_turn(worker("check_csv", small), worker("check_csv", many), rounds=3)
    theirs = (theirs_large.seconds - theirs_small.seconds) / (rows - 100)
    ours = (ours_large.seconds - ours_small.seconds) / (1_000_000 - 100)
    tell(f"frictionless, {rows:,} rows", theirs_large, None, f"{theirs / ours:,.0f} times ours a row")


def growth(folder: Path) -> None:
    """Whether the cost a row stays the same as the table grows, and what memory the largest takes."""
    for rows in GROWTH:
        there = folder / str(rows)
        key = planted(there, rows)
        floor, whole = in_turn(worker("floor_csv", there), worker("check_csv", there), rounds=1 if rows > 10**6 else 3)
        tell(f"check, {rows:,} rows", whole, whole.seconds / floor.seconds, exact(whole.output, key))
        for file in there.iterdir():
            file.unlink()


def census(folder: Path, children: int = 10_000) -> None:
    """A CIN census read, checked and converted, beside bare expat over the same file."""
    synth(folder / "census", children, "cin-xml")
    file = folder / "census" / "census.xml"
    floor, whole = in_turn(worker("floor_xml", file), worker("convert_xml", file), rounds=3)
    size = file.stat().st_size / 2**20
    tell(f"bare expat, {children:,} children, {size:.0f} MiB", floor, 1.0)
    limit = 5 * floor.seconds + 2
    tell("census to return", whole, whole.seconds / floor.seconds, f"5 x floor + 2 s is {limit:.2f} s")


def mapping(folder: Path, children: int = 138_000) -> None:
    """A case-system export of a million rows in five files, beside the bare parse of those files: mapped, and written.

    A parse writes nothing, so that mapping is told by itself too: every cell of the return is there, in memory.
    """
    export = folder / "export"
    _, _, rows = once([*worker("write_export", export), str(children)])
    works = ("floor_export", "map_export", "map_and_write")
    floor, mapped, whole = in_turn(*(worker(work, export) for work in works))
    size = sum(file.stat().st_size for file in export.with_name("return").iterdir()) / 2**20
    tell(f"bare parse of an export, {int(rows):,} rows", floor, 1.0)
    tell("mapped", mapped, mapped.seconds / floor.seconds, f"{int(mapped.output):,} rows, provenance with them")
    tell("mapped and written", whole, whole.seconds / floor.seconds, f"{size:,.0f} MiB, provenance with them")


def report(folder: Path, assessments: int = 1_000_000, children: int = 10_000) -> None:
    """``rdac report`` on a full return and on a census, beside a bare parse of the same files."""
    for form, floor in (("csv", "floor_export"), ("parquet", "floor_parquet")):
        given = folder / form
        _, _, rows = once([*worker("write_return", given), str(assessments), form])
        made: dict[str, int] = json.loads(rows)
        size = sum(file.stat().st_size for file in given.iterdir()) / 2**20
        more = f"{made['assessment']:,} assessments, {sum(made.values()):,} rows in {len(made)} tables, {size:,.0f} MiB"
        _beside_parse(f"return as {form}", worker(floor, given), given, more, rounds=1)
        shutil.rmtree(given)
    synth(folder / "census", children, "cin-xml")
    file = folder / "census" / "census.xml"
    _beside_parse(f"census, {children:,} children", worker("floor_xml", file), file, "", rounds=3)


def _beside_parse(what: str, parse: list[str], given: Path, more: str, rounds: int) -> None:
    out = given.with_name("out")
    floor, found = in_turn(
        parse, ["-m", "rdac_validator", "report", str(given), "--out", str(out), "--force"], rounds=rounds
    )
    tell(f"bare parse, {what}", floor, 1.0, more)
    tell(f"rdac report, {what}", found, found.seconds / floor.seconds)


def latency(folder: Path) -> None:
    """What a person waits for: help, and a small folder."""
    synth(folder / "small", 20, "csv")
    helped, checked = in_turn(
        ["-m", "rdac_validator", "--help"], ["-m", "rdac_validator", "validate", str(folder / "small")]
    )
    tell("rdac --help", helped)
    tell("rdac validate, 20 children, 15 tables", checked)


def main() -> None:
    """Run what was asked for, in a temporary folder."""
    parts: dict[str, Callable[[Path], None]] = {
        "latency": latency,
        "table": lambda folder: one_table(folder, options.rows),
        "census": census,
        "mapping": mapping,
        "report": report,
        "frictionless": frictionless,
        "growth": growth,
    }
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--skip", default="", help=f"of {', '.join(parts)}; separated by commas")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rdac-benchmarks-") as folder:
        for name, part in parts.items():
            if name not in options.skip.split(","):
                part(Path(folder) / name)


if __name__ == "__main__":
    main()
