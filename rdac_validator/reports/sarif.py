"""The report as SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code scanning and editors.

What GitHub reads of it, and its limits: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from rdac_validator.findings import Outcome, Report, RuleInfo, RuleRun, Severity
from rdac_validator.reports.text import waived
from rdac_validator.reports.where import Entry, entries, file, line, spelt_out

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# GitHub accepts 25,000 results a run and shows 5,000 of them
MOST = 5_000
LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.QUERY: "note", Severity.INFO: "note"}
KIND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.QUERY: "recommendation"}
# a rule that could not run is a matter of the return's shape; one that crashed is a matter of the tool
UNRUN = {Outcome.NOT_RUN: "toolConfigurationNotifications", Outcome.CRASHED: "toolExecutionNotifications"}


def render(report: Report) -> str:
    """The SARIF text: one run, a result a finding, with at most :data:`MOST` results and a result for each rest."""
    report = spelt_out(report)
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def _run(report: Report) -> dict[str, Any]:
    indexes = {code: number for number, code in enumerate(report.rules)}
    files = dict.fromkeys(file(report, item.file) for item in report.inputs)
    return {
        "tool": {"driver": _driver(report)},
        "invocations": [_invocation(report, indexes)],
        "artifacts": [{"location": _location(file), "roles": ["analysisTarget"]} for file in files],
        "results": [_result(report, entry, indexes) for entry in entries(report, MOST)],
        "properties": {
            "standardVersion": report.standard_version,
            "profile": report.profile,
            "findings": {str(severity): report.count(severity) for severity in Severity},
            "waived": report.waived,
            "outcomes": {str(outcome): report.outcomes(outcome) for outcome in Outcome},
        },
    }


def _driver(report: Report) -> dict[str, Any]:
    return {
        "name": "rdac",
        "version": report.tool_version,
        "semanticVersion": report.tool_version,
        "rules": [_rule(info) for info in report.rules.values()],
    }


def _rule(info: RuleInfo) -> dict[str, Any]:
    return {
        "id": info.code,
        "shortDescription": {"text": info.title},
        "fullDescription": {"text": info.why},
        "help": {
            "text": f"Why it matters: {info.why}\n\nHow to mend it: {info.fix}",
            "markdown": f"**Why it matters:** {info.why}\n\n**How to mend it:** {info.fix}",
        },
        "defaultConfiguration": {"level": LEVEL[info.severity]},
        "properties": {"severity": str(info.severity), "problem.severity": KIND.get(info.severity, "recommendation")},
    }


def _result(report: Report, entry: Entry, indexes: Mapping[str, int]) -> dict[str, Any]:
    group = entry.group
    place: dict[str, Any] = {"artifactLocation": _location(file(report, group.file))}
    if line(report, group, entry.row):
        place["region"] = {"startLine": entry.row}
    location: dict[str, Any] = {"physicalLocation": place}
    if group.table:
        names = [f"{group.table}.{column}" for column in group.columns] or [group.table]
        location["logicalLocations"] = [{"fullyQualifiedName": name} for name in names]
    result: dict[str, Any] = {
        "ruleId": group.code,
        "level": LEVEL[group.severity],
        "message": {"text": entry.message},
        "locations": [location],
        # the name that GitHub reads; were it absent, GitHub's upload would hash the line, which is a child's record
        "partialFingerprints": {"primaryLocationLineHash": entry.fingerprint},
        "properties": {"severity": str(group.severity), "findings": entry.rest or 1},
    }
    if group.code in indexes:
        result["ruleIndex"] = indexes[group.code]
    if group.waiver:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": waived(group.waiver)}]
    return result


def _location(file: str) -> dict[str, str]:
    return {"uri": quote(file)}


def _invocation(report: Report, indexes: Mapping[str, int]) -> dict[str, Any]:
    notes: dict[str, list[dict[str, Any]]] = {kind: [] for kind in UNRUN.values()}
    for run in report.runs:
        if run.outcome in UNRUN:
            notes[UNRUN[run.outcome]].append(_notification(run, indexes))
    return {"executionSuccessful": not report.crashed, "exitCode": report.exit_code, **notes}


def _notification(run: RuleRun, indexes: Mapping[str, int]) -> dict[str, Any]:
    ended = "crashed" if run.outcome is Outcome.CRASHED else "was not run"
    return {
        "level": "error" if run.outcome is Outcome.CRASHED else "warning",
        "message": {"text": f"{run.code} {ended} on {run.table or 'the return'}: {run.reason}"},
        "associatedRule": {"id": run.code, **({"index": indexes[run.code]} if run.code in indexes else {})},
        "descriptor": {"id": str(run.outcome)},
    }
