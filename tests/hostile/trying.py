"""Each hostile file against each place that reads its kind: the cases, how one is tried, and what is asked of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rdac_validator.standard import load
from tests import census_files
from tests.hostile.files import CANARY, GOOD, HOSTILE, Hostile, mapping
from tests.hostile.running import MEGABYTES, SECONDS, Ended, run
from tests.hostile.slots import SLOTS, Slot

INPUT = "input"
# words that only a fault of ours, of Python or of Rust prints
_OURS = (b"Traceback", b"panicked", b"Our fault", b"RUST_BACKTRACE", b"memory allocation", b"Segmentation")


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile file at one place."""

    file: Hostile
    slot: Slot

    def __str__(self) -> str:
        return f"{self.slot}: {self.file.name} ({self.file.ending})"


@dataclass(frozen=True, slots=True)
class Tried:
    """How a case ended, and what stands afterwards beside the input."""

    ended: Ended
    left: tuple[str, ...]


CASES = [Case(file, slot) for slot in SLOTS for file in HOSTILE if file.ending in slot.endings]


def some() -> list[Case]:
    """Every file at one place and every place with files of every ending it reads: the places take turns."""
    found, turns = [], dict.fromkeys({file.ending for file in HOSTILE}, 0)
    for file in HOSTILE:
        slots = [slot for slot in SLOTS if file.ending in slot.endings]
        found.append(Case(file, slots[turns[file.ending] % len(slots)]))
        turns[file.ending] += 1
    return found


def companions(folder: Path) -> dict[str, Path]:
    """Sound files to stand beside the hostile one, by the word that stands for each in a slot."""
    area, decile = "E01000001", "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
    child = census_files.child(census_files.episode(census_files.assessed("3A")))
    texts = {
        "CENSUS": ("census.xml", census_files.message(child)),
        "AREAS": ("areas.csv", f"LAchildID,area_code\nA1,{area}\n"),
        "DEPRIVATION": ("deprivation.csv", f'LSOA code (2011),"{decile}"\n{area},3\n'),
        "EXPORT": ("person.csv", GOOD.decode()),
        "MAPPING": ("mapping.yaml", mapping(file="*").decode()),
        "AREA_MAPPING": ("area.yaml", mapping().decode() + _AREAS),
        "REPORT": ("report.json", "{}"),
    }
    paths = {}
    for word, (name, text) in texts.items():
        paths[word] = folder / name
        paths[word].write_text(text, encoding="utf-8")
    assert load().table("family_circumstances").key == ("assessment_id",)
    return paths


_AREAS = """  family_circumstances:
    - from: people
      area: area_code
      cells:
        assessment_id: {id: A, columns: [person_id]}
"""


def tried(case: Case, folder: Path, good: Mapping[str, Path]) -> Tried:
    """Make the file, run the command, and see what it left."""
    place = folder / INPUT / ("return" if case.file.ending == "/" else f"person{case.file.ending}")
    place.parent.mkdir()
    case.file.make(place)
    ended = run(case.slot.filled(place, folder / "out", good))
    return Tried(ended, tuple(sorted(item.name for item in folder.iterdir() if item.name != INPUT)))


def judge(tried: Tried) -> None:
    """Hold a run against what is asked: how it ended, what it cost, what it printed, what it left."""
    ended, said = tried.ended, tried.ended.output
    told = said[-3_000:].decode(errors="replace")
    assert not any(word in said for word in _OURS), told
    assert ended.code in {0, 1, 2}, f"{ended.code}: {told}"
    assert ended.seconds < SECONDS and ended.megabytes < MEGABYTES, f"{ended.seconds:.1f} s, {ended.megabytes} MB"
    assert CANARY.encode() not in said
    controls = {c for c in said.decode() if unicodedata.category(c) in {"Cc", "Cf", "Cs"}} - {"\n"}
    assert not controls, repr(controls)
    assert tried.left in ((), ("out",)) and (ended.code != 2 or not tried.left), tried.left
