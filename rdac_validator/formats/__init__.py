"""Reading and writing a return: the door to the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rdac_validator.formats import archive, document, faults, folder, xlsx
from rdac_validator.formats.source import ReadError, Source
from rdac_validator.formats.writing import WriteError, may_write, new_folder, templates, write, write_file
from rdac_validator.standard import Standard
from rdac_validator.tables import Return

__all__ = [
    "ReadError",
    "WriteError",
    "is_census",
    "may_write",
    "new_folder",
    "read",
    "steady",
    "templates",
    "write",
    "write_file",
]

NO_TABLE = {fault.code for fault in (faults.UnknownFile, faults.MisspeltTable, faults.FilesInSubfolders)}
# what holds a whole return: what it is called in findings, and its reader
CONTAINERS: Mapping[str, tuple[str, Callable[[Source, Standard], Return]]] = {
    ".zip": ("archive", archive.read),
    ".xlsx": ("workbook", xlsx.read),
    **dict.fromkeys(document.FORMS, ("document", document.read)),
}


CENSUS = ".xml"


def is_census(path: Path) -> bool:
    """Whether a path is a CIN census file (XML), which has a reader of its own, and not a return."""
    return path.suffix.lower() == CENSUS and not path.is_dir()


@contextmanager
def steady(*paths: Path) -> Iterator[None]:
    """Work on returns or exports whose files must stay as they are: large ones are read more than once.

    Raises :class:`ReadError` at the end, whatever else came of it, where a file changed, shrank or vanished meanwhile:
    an export that is still running, and a report would be of rows that were never together in any file.
    """
    before = [_stamps(path) for path in paths]
    try:
        yield
    finally:
        if [_stamps(path) for path in paths] != before:
            raise ReadError("the input changed while it was read: wait until its export has ended, and try again")


def _stamps(path: Path) -> dict[str, tuple[int, int]]:
    """Size and time of the last change of every file that is read."""
    files = [item for item in path.iterdir() if item.suffix.lower() in folder.READERS] if path.is_dir() else [path]
    stats = {item.name: item.stat() for item in files if item.is_file()}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}


def read(path: Path, standard: Standard) -> Return:
    """Read a return: a folder or zip of CSV or Parquet files, one a table; a workbook, a sheet a table; a JSON or YAML
    document, a list of records a table; or one file.

    Raises :class:`ReadError` where there is nothing to read: no such path, no permission, no table. Everything else
    that is wrong with the files is in ``groups`` of the return. Large files are read again whenever a frame is
    collected: see :func:`steady`.
    """
    try:
        found = _read(path, standard)
    except OSError as refusal:
        raise ReadError(f"the input cannot be read: {refusal.strerror}") from refusal
    if not found.texts and {group.code for group in found.groups} <= NO_TABLE:
        said = "; ".join(group.message for group in found.groups[:3])
        if path.is_dir() and any(map(is_census, path.iterdir())):
            raise ReadError("no table of the standard was found: a CIN census is read when the file itself is named")
        export = "; is this the export of a case system? rdac map init drafts how to make a return of it"
        raise ReadError(f"no table of the standard was found{': ' if said else ''}{said}{export}")
    return found


def _read(path: Path, standard: Standard) -> Return:
    if path.is_dir():
        return folder.read(path, standard)
    if not path.exists():
        raise ReadError("there is no file or folder at the path given")
    suffix = path.suffix.lower()
    if suffix in CONTAINERS:
        name, reader = CONTAINERS[suffix]
        return reader(Source(f"{name}{suffix}", path), standard)
    if suffix in folder.READERS:
        return folder.tables_of([folder.Member(path.name, "the file", lambda: path)], standard, "file", ())
    kinds = ", ".join((*CONTAINERS, *folder.READERS, CENSUS))
    raise ReadError(f"a return is a folder or a file of one of these kinds: {kinds}")
