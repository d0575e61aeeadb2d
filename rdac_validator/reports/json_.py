"""The report as JSON, every row number listed. Its shape is said in ``schema/report.schema.json``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rdac_validator.findings import Group, Input, Outcome, Report, Severity, Waiver
from rdac_validator.reports.places import pointer

FORMAT_VERSION = 1


def document(report: Report) -> dict[str, Any]:
    """The report as plain lists and dictionaries, in the order of ``schema/report.schema.json``."""
    return {
        "format": "rdac-validation-report",
        "format_version": FORMAT_VERSION,
        "standard_version": report.standard_version,
        "tool_version": report.tool_version,
        "profile": report.profile,
        "inputs": [_input(item) for item in report.inputs],
        "notes": list(report.notes),
        "summary": {
            "findings": {str(severity): report.count(severity) for severity in Severity},
            "waived": report.waived,
            "rules": {str(outcome): report.outcomes(outcome) for outcome in Outcome},
        },
        "groups": [_group(group, report) for group in report.groups],
        "runs": [asdict(run) for run in report.runs],
        "rules": {code: _rule(report, code) for code in report.rules},
    }


def _input(item: Input) -> dict[str, Any]:
    return {"table": item.table, "file": item.file, "format": item.format, "rows": item.rows}


def _group(group: Group, report: Report) -> dict[str, Any]:
    pointers = [pointer(group, row, report) for row in group.rows or (0,)]
    return {
        "code": group.code,
        "severity": str(group.severity),
        "table": group.table,
        "file": group.file,
        "columns": list(group.columns),
        "message": group.message,
        "count": group.count,
        "checked": group.checked,
        "rows": group.rows.tolist(),
        "pointers": [found for found in pointers if found],
        "waiver": _waiver(group.waiver),
    }


def _waiver(waiver: Waiver | None) -> dict[str, Any] | None:
    if waiver is None:
        return None
    return {**asdict(waiver), "made": waiver.made.isoformat(), "expires": waiver.expires.isoformat()}


def _rule(report: Report, code: str) -> dict[str, Any]:
    info = report.rules[code]
    return {
        "severity": str(info.severity),
        "title": info.title,
        "why": info.why,
        "fix": info.fix,
        "sources": list(info.sources),
        "requirements": list(info.requirements),
    }


def render(report: Report) -> str:
    """The JSON text, all of it ASCII: no name in it can turn a terminal's text round."""
    return json.dumps(document(report), indent=2) + "\n"
