"""The findings as a GitLab code quality report.

Format: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. GitLab tells new findings from old
ones by their fingerprints, and shows one entry for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from rdac_validator.findings import Report, Severity
from rdac_validator.reports.where import entries, file, line, spelt_out

# GitLab states no limit, but draws every entry in the merge request: no more than GitHub shows of a SARIF file
MOST = 5_000
SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.QUERY: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """The report as JSON; waived findings stay in it as ``info``, a check of ours that crashed is a ``blocker``."""
    report = spelt_out(report)
    return json.dumps([*_crashed(report), *_findings(report)], indent=1, ensure_ascii=False) + "\n"


def _findings(report: Report) -> Iterator[dict[str, Any]]:
    for entry in entries(report, MOST):
        group = entry.group
        severity = "info" if group.waiver else SEVERITY[group.severity]
        begin = max(1, line(report, group, entry.row))
        yield _issue(group.code, entry.message, entry.fingerprint, severity, file(report, group.file), begin)


def _crashed(report: Report) -> Iterator[dict[str, Any]]:
    """Checks that crashed: a report without them would look complete."""
    for run in report.crashed:
        fingerprint = sha256(f"crashed\0{run.code}\0{run.table}".encode()).hexdigest()[:32]
        message = f"This check crashed on {run.table or 'the return'} and said nothing: {run.reason}"
        yield _issue(run.code, message, fingerprint, "blocker", file(report, ""), 1)


def _issue(code: str, message: str, fingerprint: str, severity: str, file: str, begin: int) -> dict[str, Any]:
    location = {"path": file, "lines": {"begin": begin}}
    said = {"description": message, "check_name": code, "fingerprint": fingerprint}
    return {**said, "severity": severity, "location": location}
