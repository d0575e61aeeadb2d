"""A command in a process of its own, under limits: how it ended, what it said, how long it took and how much memory.

Processes are forked from one that has imported the package, so that a run costs its own work and not the imports.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# what hostile input of some megabytes may cost; a machine under load is slower, so the tests allow more
SECONDS, MEGABYTES = 30, 2_000
_HARD_SECONDS, _HARD_BYTES = 120, 24 << 30
_PRELOADED = ("rdac_validator.cli", "rdac_validator.commands", "rdac_validator.mapping", "rdac_validator.loss")
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([*_PRELOADED])


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. ``code`` is negative for a signal; ``output`` is all that it printed, in bytes."""

    code: int
    output: bytes
    seconds: float
    megabytes: int


def run(arguments: Sequence[str], *, file_limit: int | None = None) -> Ended:
    """Run ``rdac`` with arguments; ``file_limit`` is the size beyond which the system refuses to write a file."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as kept:
        said, cost = Path(kept) / "said", Path(kept) / "cost"
        process = _FORKS.Process(target=_inside, args=(list(arguments), said, cost, file_limit))
        start = time.monotonic()
        process.start()
        process.join(_HARD_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
        seconds = time.monotonic() - start
        peak = int(cost.read_text()) if cost.exists() else 0
        return Ended(process.exitcode or 0, said.read_bytes() if said.exists() else b"", seconds, peak)


def _inside(arguments: list[str], said: Path, cost: Path, file_limit: int | None) -> None:
    """What the process does: everything printed goes to one file, also what Rust or the system prints."""
    stream = os.open(said, os.O_WRONLY | os.O_CREAT)
    os.dup2(stream, 1)
    os.dup2(stream, 2)
    peak = os.open(cost, os.O_WRONLY | os.O_CREAT)
    resource.setrlimit(resource.RLIMIT_CPU, (_HARD_SECONDS, _HARD_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_HARD_BYTES, _HARD_BYTES))
    if file_limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    from rdac_validator import cli

    sys.argv = ["rdac", *arguments]
    try:
        cli.start()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        os.write(peak, str(used).encode())
