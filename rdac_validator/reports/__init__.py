"""Renderings of a report: each a pure function from a :class:`~rdac_validator.findings.Report` to text or bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rdac_validator.findings import Report
from rdac_validator.reports import csv_, github, gitlab, html, json_, junit, sarif, summary, text, xlsx


@dataclass(frozen=True, slots=True)
class Format:
    """A form that a report can take: how it is rendered, which endings of a file name ask for it, and for whom it is.

    ``binary`` forms are bytes and no text; ``appended`` ones are added to what a file holds already.
    """

    render: Callable[[Report], str | bytes]
    endings: tuple[str, ...]
    reader: str
    binary: bool = False
    appended: bool = False


FORMATS: dict[str, Format] = {
    "text": Format(text.render, (".txt",), "a person at a terminal or in a build log"),
    "html": Format(html.render, (".html", ".htm"), "a person with a browser: findings to filter and sort, why and fix"),
    "xlsx": Format(xlsx.render, (".xlsx",), "a person with a spreadsheet: findings, rules run, about", binary=True),
    "csv": Format(csv_.render, (".csv",), "a script or a database: one row a finding"),
    "json": Format(json_.render, (".json",), "a program: everything; the shape is in `schema/report.schema.json`"),
    "junit": Format(
        junit.render, (".xml",), "the test tab of GitLab, Azure DevOps or Jenkins: a case a rule and table"
    ),
    "sarif": Format(sarif.render, (".sarif",), "code scanning (GitHub, Azure DevOps, editors): SARIF 2.1.0"),
    "github": Format(github.render, (), "the log of a GitHub job, which makes annotations of it"),
    "summary": Format(summary.render, (".md",), "the page of a GitHub job: Markdown", appended=True),
    "gitlab": Format(gitlab.render, (), "the code quality widget of a GitLab merge request: JSON"),
}
