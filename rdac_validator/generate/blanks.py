"""Blank CSV files, one a table, with the header line and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from rdac_validator.formats import templates
from rdac_validator.generate.model import Model


def texts(model: Model) -> Mapping[str, str]:
    """Give the blank file of every table."""
    return {f"schema/generated/templates/{name}.csv": text for name, text in templates(model.standard).items()}
