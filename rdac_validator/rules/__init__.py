"""The rules. ``RULES`` run on every return; :func:`catalogue` describes everything that can be found."""

from __future__ import annotations

from rdac_validator.findings import RuleInfo
from rdac_validator.rules import direction
from rdac_validator.rules.base import Rule, gather
from rdac_validator.rules.structural import KINDS

RULES: tuple[type[Rule], ...] = gather(direction)


def catalogue() -> tuple[RuleInfo, ...]:
    """What every structural kind and every rule says of itself, by code. Reading faults are the readers' to tell."""
    return tuple(sorted((RuleInfo.of(rule) for rule in (*KINDS, *RULES)), key=lambda info: info.code))
