"""Zip archives of CSV and Parquet files. Members are read in memory; nothing is unpacked to disk."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath, PureWindowsPath
from zipfile import ZipFile, ZipInfo

from rdac_validator.findings import Group
from rdac_validator.formats import faults
from rdac_validator.formats.folder import Member, hidden, tables_of
from rdac_validator.formats.source import DAMAGED_ARCHIVE, Source, gather
from rdac_validator.standard import Standard
from rdac_validator.tables import Return

LIMIT = 2_000_000_000
# records shrink to a tenth or a fiftieth; small files may be odd and do no harm
RATIO = 200
RATIO_FROM = 10_000_000
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_ENCRYPTED = 0x1


def read(source: Source, standard: Standard) -> Return:
    """Read the tables in a zip archive; folders in it are looked into."""
    try:
        with source.open() as stream, ZipFile(stream) as archive:
            if groups := too_large(archive, source.file):
                return gather((), groups)
            return _members(archive, source, standard)
    except DAMAGED_ARCHIVE:
        return gather((), (faults.UnreadableFile.at("", source.file, kind="a zip archive"),))


def _members(archive: ZipFile, source: Source, standard: Standard) -> Return:
    infos = [info for info in archive.infolist() if not info.is_dir() and not _left_behind(info)]
    members, groups = [], []
    for number, info in enumerate(infos, start=1):
        place = f"file {number} of {len(infos)} in the archive"
        if fault := _refusal(info):
            groups.append(fault.at("", source.file, what=place, ratio=RATIO))
        else:
            name = PurePosixPath(info.filename).name
            members.append(Member(name, place, partial(archive.read, info)))
    return tables_of(members, standard, source.file, groups)


def _left_behind(info: ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    return hidden(path.name) or "__MACOSX" in path.parts


def _refusal(info: ZipInfo) -> type[faults.Fault] | None:
    """Why a member is not to be read, if it is not."""
    path = PureWindowsPath(info.filename)
    if path.drive or path.root or ".." in path.parts:
        return faults.PathOutside
    if path.suffix.lower() in _ARCHIVES:
        return faults.NestedArchive
    if info.flag_bits & _ENCRYPTED:
        return faults.EncryptedMember
    return faults.SuspiciousRatio if _suspicious(info) else None


def _suspicious(info: ZipInfo) -> bool:
    return info.file_size > RATIO_FROM and info.file_size > RATIO * info.compress_size


def too_large(archive: ZipFile, file: str) -> tuple[Group, ...]:
    """The fault of an archive that would fill the memory, or nothing.

    The sizes that an archive states are those up to which its members are read, so they cannot be understated.
    """
    total = sum(info.file_size for info in archive.infolist())
    if total > LIMIT:
        return (faults.ArchiveTooLarge.at("", file, limit=LIMIT // 1_000_000),)
    return ()


def suspicious(archive: ZipFile, file: str) -> Iterator[Group]:
    """The faults of the parts of a workbook that unpack to far more than records do."""
    for number, info in enumerate(archive.infolist(), start=1):
        if _suspicious(info):
            yield faults.SuspiciousRatio.at("", file, what=f"part {number} of the workbook", ratio=RATIO)
