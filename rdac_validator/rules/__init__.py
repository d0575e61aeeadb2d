"""The rules. ``RULES`` run on every return; those of :mod:`rdac_validator.rules.cin` on a CIN census file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from rdac_validator.findings import RuleInfo
from rdac_validator.rules.base import Rule, gather
from rdac_validator.rules.kinds import KINDS

CENSUS = "cin"


def themes(*, census: bool) -> Iterator[ModuleType]:
    """The modules of this package by name; those on a census begin with ``cin``. A new theme needs no mention."""
    for found in iter_modules(__path__):
        if found.name.startswith(CENSUS) is census and found.name != CENSUS:
            yield import_module(f"{__name__}.{found.name}")


RULES: tuple[type[Rule], ...] = gather(*themes(census=False))


def catalogue() -> tuple[RuleInfo, ...]:
    """What every structural kind and every rule says of itself, by code. Reading faults are the readers' to tell."""
    from rdac_validator.rules.cin import CIN_RULES

    return tuple(sorted(map(RuleInfo.of, (*KINDS, *RULES, *CIN_RULES)), key=lambda info: info.code))
