"""Where bytes come from, and what reading one file gives."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile

from rdac_validator.findings import Group, InputError
from rdac_validator.formats.faults import looked_for
from rdac_validator.tables import Return, Text

# what zipfile raises on a damaged archive; RuntimeError is a password, NotImplementedError a compression that it lacks,
# MemoryError a member in LZMA that asks for a dictionary of gigabytes
DAMAGED_ARCHIVE = (
    *(BadZipFile, zlib.error, LZMAError, EOFError),
    *(RuntimeError, NotImplementedError, ValueError, OSError, MemoryError),
)
BLOCK = 1 << 17  # larger blocks are slower: the system hands out fresh memory for each


class ReadError(InputError):
    """There is nothing to read at a path. The message is for people and holds no cell value."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one file: a path on disk, or bytes in memory (a zip member, text that was decoded).

    ``file`` is the name that findings show; it is made of words of the standard, never of a name found outside.
    """

    file: str
    place: Path | bytes

    def open(self) -> BinaryIO:
        """The bytes as a fresh binary stream; raises :class:`ReadError` where the system refuses."""
        if isinstance(self.place, bytes):
            return BytesIO(self.place)
        try:
            return self.place.open("rb")
        except OSError as refusal:
            raise ReadError(f"{self.file} cannot be opened: {refusal.strerror}") from refusal

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.place) if isinstance(self.place, bytes) else self.place.stat().st_size

    def scannable(self) -> Path | BytesIO:
        """The bytes in the form that polars scans; a path that is no text it cannot take."""
        if isinstance(self.place, bytes):
            return BytesIO(self.place)
        try:
            str(self.place).encode()
        except UnicodeEncodeError:
            return BytesIO(self.place.read_bytes())
        return self.place

    def blocks(self, skip: int = 0) -> Iterator[bytes]:
        """The bytes after the first ``skip`` lines in pieces of about 128 KB, each ending at a line's end."""
        with self.open() as stream:
            for _ in range(skip):
                stream.readline()
            while block := stream.read(BLOCK):
                yield block + stream.readline()


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one file gave: the table if it could be read, and the faults met."""

    text: Text | None
    groups: tuple[Group, ...] = ()


def gather(
    readings: Iterable[Reading], groups: Iterable[Group] = (), notes: Iterable[str] = (), container: str = ""
) -> Return:
    """One return from the readings of its tables; ``groups`` are faults that belong to no single table.

    ``container`` is the format that the tables lay in, if that has faults of its own.
    """
    done = tuple(readings)
    texts = {reading.text.name: reading.text for reading in done if reading.text}
    found = (*groups, *(group for reading in done for group in reading.groups))
    formats = {container, *(text.format for text in texts.values())}
    return Return(texts, found, looked_for(formats, (group.code for group in found)), tuple(notes))
