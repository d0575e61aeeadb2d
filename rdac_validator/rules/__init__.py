"""The rules. ``RULES`` run on every return; those of :mod:`rdac_validator.rules.cin` on a CIN census file."""

from __future__ import annotations

from rdac_validator.findings import RuleInfo
from rdac_validator.rules import (
    adults,
    ages,
    child,
    circumstances,
    coherence,
    conferences,
    direction,
    meetings,
    metadata,
    missing_reasons,
    pattern,
    provenance,
    safety,
    separation,
    services,
    severity,
    status,
    vocabulary,
    voice,
)
from rdac_validator.rules.base import Rule, gather
from rdac_validator.rules.kinds import KINDS

RULES: tuple[type[Rule], ...] = gather(
    adults,
    ages,
    child,
    circumstances,
    coherence,
    conferences,
    direction,
    meetings,
    metadata,
    missing_reasons,
    pattern,
    provenance,
    safety,
    separation,
    services,
    severity,
    status,
    vocabulary,
    voice,
)


def catalogue() -> tuple[RuleInfo, ...]:
    """What every structural kind and every rule says of itself, by code. Reading faults are the readers' to tell."""
    from rdac_validator.rules.cin import CIN_RULES

    return tuple(sorted(map(RuleInfo.of, (*KINDS, *RULES, *CIN_RULES)), key=lambda info: info.code))
