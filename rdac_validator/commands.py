"""What each command does, without the terminal: read, check, write, and say in sentences what was done."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from rdac_validator import __version__, formats
from rdac_validator.check import check
from rdac_validator.findings import Report, in_order
from rdac_validator.reports import text
from rdac_validator.rules import CIN_RULES, LOCAL_ONLY
from rdac_validator.standard import Standard
from rdac_validator.tables import Return

Chooser = Callable[[str], bool]
Progress = Callable[[str, int], None]
DEMO_CHILDREN, DEMO_FAULTS, DEMO_SEED = 40, 12, 20


def chooser(select: Sequence[str], ignore: Sequence[str], *, local_only: bool) -> Chooser:
    """Whether a code is wanted: it begins as one of ``select`` (all, if none is given) and as none of ``ignore``."""
    left_out = (*ignore, *(LOCAL_ONLY if local_only else ()))
    return lambda code: (not select or code.startswith(tuple(select))) and not code.startswith(tuple(left_out))
