"""Try the hostile files and write what came of it: ``python -m tests.hostile > docs/hostile-input.md``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.hostile import trying
from tests.hostile.running import MEGABYTES, SECONDS

ENDS = {0: "read, nothing at fault", 1: "findings", 2: "refused with a message"}
HEAD = f"""# Hostile and broken input

Every file here is made by the tests (`tests/hostile/files.py`) and given to a command that reads its kind; the
places take turns, so that each is met with files of every kind it reads. A run must end with 0, 1 or 2 in less than
{SECONDS} seconds and {MEGABYTES:,} MB, print no traceback, no control character and nothing of a file outside the
input, and leave nothing half-written. Made by `python -m tests.hostile`; times and peaks of memory (about 100 MB of
it before anything is read) are those of one run on a busy machine with two cores, and say no more than their order
of magnitude.

What is refused, whatever the machine: tables of more than 1,000 columns, sheets whose cells span a rectangle of
more than 25 million, archives that unpack to more than 2 GB or a member to more than 200 times its size, mapping
files of more than 2 MB, crosswalks of more than 5 MB, documents of more than 100 MB, entries nested more than 50
deep, pipes and devices. Within these limits memory grows with the input: an archive that unpacks to nearly 2 GB
needs several times that.

| Input | Command and place | Ends | Seconds | Peak MB |
|---|---|---|---|---|
"""


def main() -> None:
    """Print the page; a case that fails stops it."""
    sys.stdout.write(HEAD)
    with tempfile.TemporaryDirectory() as kept:
        (Path(kept) / "good").mkdir()
        good = trying.companions(Path(kept) / "good")
        for number, case in enumerate(trying.some()):
            folder = Path(kept) / str(number)
            folder.mkdir()
            tried = trying.tried(case, folder, good)
            trying.judge(tried)
            ended = tried.ended
            cells = (case.file.name, f"`{case.slot}`", ENDS[ended.code], f"{ended.seconds:.1f}", str(ended.megabytes))
            sys.stdout.write(f"| {' | '.join(cells)} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
