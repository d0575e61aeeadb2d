"""Pseudonyms made by keyed hashing: the same source and key give the same pseudonym, and nothing leads back.

HMAC-SHA256 (RFC 2104, FIPS 180-4), cut to 128 bits and written in hexadecimal after a letter that tells what kind of
thing it names. Without the key neither the source nor another return's pseudonym can be worked out, however short the
ids.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import polars as pl

from rdac_validator.findings import InputError

SHORTEST_KEY = 16
_BYTES = 16
_BLOCK = 64  # bytes that SHA-256 takes at a time


class KeyFileError(InputError):
    """A key file cannot be used; the message says why and never holds the key."""


def fresh_key() -> bytes:
    """Make a key for one run. Pseudonyms made with it can be matched with no other run's."""
    return secrets.token_bytes(32)


def read_key(path: Path) -> bytes:
    """Read a key from a file: its bytes, white space around them apart.

    Raises :class:`KeyFileError` where the file cannot be read or holds fewer than 16 bytes.
    """
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise KeyFileError(f"the key file {path} cannot be read: {error.strerror}") from error
    if len(key) < SHORTEST_KEY:
        raise KeyFileError(f"the key file {path} holds {len(key)} bytes; a key needs at least {SHORTEST_KEY}")
    return key


def pseudonym(kind: str, source: str, key: bytes) -> str:
    """Name the thing of a kind (one letter) that the source calls ``source``, in 33 letters and digits."""
    return kind + hmac.digest(key, f"{kind}\x1f{source}".encode(), "sha256")[:_BYTES].hex()


def namer(kind: str, key: bytes) -> Callable[[str], str]:
    """What :func:`pseudonym` does, for many names of one kind: the key is worked into the hash once (RFC 2104)."""
    block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in block) + f"{kind}\x1f".encode())
    outer = sha256(bytes(byte ^ 0x5C for byte in block))

    def name(source: str) -> str:
        within, around = inner.copy(), outer.copy()
        within.update(source.encode())
        around.update(within.digest())
        return kind + around.hexdigest()[: 2 * _BYTES]

    return name


def pseudonyms(kind: str, sources: pl.Series, key: bytes) -> pl.Series:
    """Name every thing of a column, each distinct one worked out once; null stays null."""
    distinct = sources.drop_nulls().unique()
    name = namer(kind, key)
    named = pl.Series([name(source) for source in distinct], dtype=pl.String)
    return sources.replace_strict(distinct, named, default=None, return_dtype=pl.String)
