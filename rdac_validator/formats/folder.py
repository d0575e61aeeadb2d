"""A folder of CSV and Parquet files, one a table; and the road that it shares with the zip archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from rdac_validator.findings import Group
from rdac_validator.formats import csv_, faults, parquet
from rdac_validator.formats.matching import Candidate, match
from rdac_validator.formats.names import plain
from rdac_validator.formats.source import DAMAGED_ARCHIVE, Reading, Source, gather
from rdac_validator.standard import Standard, Table
from rdac_validator.tables import Return

READERS: Mapping[str, Callable[[Source, Table], Reading]] = {".csv": csv_.read, ".parquet": parquet.read}
# what a return may hold beside its tables
COMPANIONS = ("datapackage.json",)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a folder or archive: its name without folders, its place in words, and the way to its bytes."""

    name: str
    place: str
    load: Callable[[], Path | bytes]

    @property
    def suffix(self) -> str:
        """The end of the name in lower case, with the dot."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def candidate(self) -> Candidate:
        """The member as something that may be a table."""
        return Candidate(self.name, PurePosixPath(self.name).stem, self.place)


def hidden(name: str) -> bool:
    """Whether a file is one that systems leave behind (.DS_Store, ._person.csv) and people do not see."""
    return name.startswith(".")


def read(path: Path, standard: Standard) -> Return:
    """Read the tables in a folder; what lies in folders inside it is counted and not read."""
    root = path.resolve()
    files = [item for item in sorted(path.iterdir()) if not hidden(item.name) and (item.is_file() or item.is_symlink())]
    members, groups = [], []
    for number, item in enumerate(files, start=1):
        place = f"file {number} of {len(files)} in the folder (by name)"
        if within(item, root):
            members.append(Member(item.name, place, partial(Path, item)))
        else:
            groups.append(faults.LinkOutside.at("", "folder", what=place))
    if deeper := _deeper(path):
        groups.append(faults.FilesInSubfolders.at("", "folder", number=deeper))
    return tables_of(members, standard, "folder", groups)


def within(item: Path, root: Path) -> bool:
    """Whether an entry of the folder ``root`` is a file there, and no link to a pipe, to itself or out of it."""
    return item.is_file() and item.resolve().is_relative_to(root)


def _deeper(path: Path) -> int:
    """How many files that could be tables lie in folders inside the folder."""
    folders = [item for item in path.iterdir() if item.is_dir() and not item.is_symlink() and not hidden(item.name)]
    return sum(1 for folder in folders for item in folder.rglob("*") if item.suffix.lower() in READERS)


def tables_of(members: Sequence[Member], standard: Standard, file: str, groups: Iterable[Group]) -> Return:
    """Read every member that is a table. ``file`` is the safe name of what holds them, ``groups`` the faults so far."""
    readable = [member for member in members if member.suffix in READERS]
    others = [member for member in members if member.suffix not in READERS and member.name not in COMPANIONS]
    named = [member for member in others if plain(member.candidate.stem) in standard.names]
    matched = match((member.candidate for member in readable), standard, file)
    by_place = {member.place: member for member in readable}
    readings = [_table(by_place[found.place], standard.table(name)) for name, found in matched.tables.items()]
    other_formats = (faults.OtherFormat.at("", file, what=member.place) for member in named)
    ignored = len(others) - len(named)
    notes = [f"files in the {file} that are neither CSV nor Parquet and were not read: {ignored}"] if ignored else []
    return gather(readings, (*groups, *matched.groups, *other_formats), notes, file.rpartition(".")[2])


def _table(member: Member, table: Table) -> Reading:
    label = f"{table.name}{member.suffix}"
    try:
        source = Source(label, member.load())
    except DAMAGED_ARCHIVE:
        return Reading(None, (faults.UnreadableFile.at(table.name, label, kind="part of a zip archive"),))
    return READERS[member.suffix](source, table)
