"""Renderings of a report: each a pure function from a :class:`~rdac_validator.findings.Report` to text."""

from __future__ import annotations

from collections.abc import Callable

from rdac_validator.findings import Report
from rdac_validator.reports import json_, text

FORMATS: dict[str, Callable[[Report], str]] = {"text": text.render, "json": json_.render}
