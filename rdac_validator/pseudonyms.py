"""Pseudonyms made by keyed hashing: the same source and key give the same pseudonym, and nothing leads back.

HMAC-SHA256 (RFC 2104, FIPS 180-4) of the kind of thing and what the source calls it, cut to 128 bits and written in
hexadecimal after the letter of the kind. Without the key neither the source nor another return's pseudonym can be
worked out, however short the ids.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path

import polars as pl

from rdac_validator.findings import InputError

SHORTEST_KEY = 16
_DIGITS = 32
_PART = "\x1f"


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


def pseudonyms(kind: str, sources: pl.Expr, key: bytes) -> pl.Expr:
    """Name the things of a kind (one letter) by what the source calls them, in 33 letters and digits; null stays null.

    The key of the hash is the SHA-256 of ``key`` in hexadecimal, so that any bytes will do for a key.
    """
    from polars_hash import CryptographicHashingNameSpace

    named = CryptographicHashingNameSpace(pl.concat_str(pl.lit(kind), sources, separator=_PART))
    digest = named.hmac_sha256(key=sha256(key).hexdigest())
    return pl.concat_str(pl.lit(kind), digest.str.slice(0, _DIGITS))
