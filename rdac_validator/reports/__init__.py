"""Renderings of a report: each a pure function from a :class:`~rdac_validator.findings.Report` to text or bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rdac_validator.findings import Report
from rdac_validator.reports import html, json_, text


@dataclass(frozen=True, slots=True)
class Format:
    """A form that a report can take: how it is rendered, which endings of a file name ask for it."""

    render: Callable[[Report], str | bytes]
    endings: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    "text": Format(text.render, (".txt",)),
    "json": Format(json_.render, (".json",)),
    "html": Format(html.render, (".html", ".htm")),
}
