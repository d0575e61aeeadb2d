"""The DfE's rules on a CIN census file, those that guard what the file is mapped from, and ours on factor codes."""

from __future__ import annotations

from rdac_validator.rules import themes
from rdac_validator.rules.base import Rule, gather

CIN_RULES: tuple[type[Rule], ...] = gather(*themes(census=True))
