"""Renderings of a report: each a pure function from a :class:`~rdac_validator.findings.Report` to text or bytes."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from rdac_validator.findings import Report


@dataclass(frozen=True, slots=True)
class Format:
    """A form that a report can take: the module that renders it, which endings of a file ask for it, for whom it is.

    ``binary`` forms are bytes and no text; ``appended`` ones are added to what a file holds already.
    """

    module: str
    endings: tuple[str, ...]
    reader: str
    binary: bool = False
    appended: bool = False

    def render(self, report: Report) -> str | bytes:
        """The report in this form. The module is imported now: a run that asks for text waits for no other."""
        rendered: str | bytes = import_module(f"{__name__}.{self.module}").render(report)
        return rendered


FORMATS: dict[str, Format] = {
    "text": Format("text", (".txt",), "a person at a terminal or in a build log"),
    "html": Format("html", (".html", ".htm"), "a person with a browser: findings to filter and sort, why and fix"),
    "xlsx": Format("xlsx", (".xlsx",), "a person with a spreadsheet: findings, rules run, about", binary=True),
    "csv": Format("csv_", (".csv",), "a script or a database: one row a finding"),
    "json": Format("json_", (".json",), "a program: everything; the shape is in `schema/report.schema.json`"),
    "junit": Format("junit", (".xml",), "the test tab of GitLab, Azure DevOps or Jenkins: a case a rule and table"),
    "sarif": Format("sarif", (".sarif",), "code scanning (GitHub, Azure DevOps, editors): SARIF 2.1.0"),
    "github": Format("github", (), "the log of a GitHub job, which makes annotations of it"),
    "summary": Format("summary", (".md",), "the page of a GitHub job: Markdown", appended=True),
    "gitlab": Format("gitlab", (), "the code quality widget of a GitLab merge request: JSON"),
}
