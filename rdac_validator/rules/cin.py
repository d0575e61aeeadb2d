"""The DfE's rules on a CIN census file, those that guard what the file is mapped from, and ours on factor codes."""

from __future__ import annotations

from rdac_validator.rules import (
    cin_assessments,
    cin_children,
    cin_closures,
    cin_conferences,
    cin_deaths,
    cin_enquiries,
    cin_episodes,
    cin_factors,
    cin_ids,
    cin_plans,
    cin_protection,
    cin_reviews,
)
from rdac_validator.rules.base import Rule, gather

CIN_RULES: tuple[type[Rule], ...] = gather(
    cin_assessments,
    cin_children,
    cin_closures,
    cin_conferences,
    cin_deaths,
    cin_enquiries,
    cin_episodes,
    cin_factors,
    cin_ids,
    cin_plans,
    cin_protection,
    cin_reviews,
)
