"""The report as JUnit XML, a case for every rule on every table, so that green says what was checked.

The file fits the strict schema of Ant's task (windyroad) and the one of Jenkins. There is no clock in a report: the
times that the strict schema asks for are zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from rdac_validator.findings import Group, Outcome, Report, RuleRun, Severity
from rdac_validator.reports.text import places, waived
from rdac_validator.reports.where import spelt_out, subject

# a case lists so many places; a thousand would hide the words above them
ROWS = 20
NO_CLOCK = {"timestamp": "1970-01-01T00:00:00", "hostname": "localhost", "time": "0"}
SILENT = {Outcome.NOT_RUN: "not run: ", Outcome.NOT_APPLICABLE: "not applicable: there was nothing to check"}
WORST_FIRST = (Outcome.CRASHED, Outcome.FAILED, Outcome.NOT_RUN, Outcome.PASSED, Outcome.NOT_APPLICABLE)
Cases = Mapping[RuleRun, Sequence[Group]]


def render(report: Report) -> str:
    """The XML text: a suite for each table, and one for what concerns the whole return."""
    report = spelt_out(report)
    suites: dict[str, dict[RuleRun, list[Group]]] = defaultdict(dict)
    for run, groups in _cases(report).items():
        suites[run.table][run] = groups
    root = ET.Element("testsuites")
    for number, (table, cases) in enumerate(sorted(suites.items())):
        root.append(_suite(report, number, table or "return", cases))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _cases(report: Report) -> dict[RuleRun, list[Group]]:
    """Every rule on every table with its findings; one that looked at the whole return has those of all tables.

    What was found by nothing that is listed as run is a case as well.
    """
    homes: dict[tuple[str, str], RuleRun] = {}
    for run in report.runs:
        known = homes.get((run.code, run.table))
        homes[run.code, run.table] = _both(known, run) if known else run
    cases: dict[RuleRun, list[Group]] = {run: [] for run in homes.values()}
    for group in report.groups:
        lone = RuleRun(group.code, group.table, Outcome.FAILED, group.severity)
        home = homes.get((group.code, "")) or lone
        cases.setdefault(homes.setdefault((group.code, group.table), home), []).append(group)
    return cases


def _both(one: RuleRun, other: RuleRun) -> RuleRun:
    """One case of two runs, as of a rule that looks at each reference of a table: it ends as the worse of them did."""
    worse = min(one, other, key=lambda run: WORST_FIRST.index(run.outcome))
    return replace(worse, reason="; ".join(dict.fromkeys(run.reason for run in (one, other) if run.reason)))


def _suite(report: Report, number: int, table: str, cases: Cases) -> ET.Element:
    suite = ET.Element("testsuite", {"name": table, "package": "rdac", "id": str(number), **NO_CLOCK})
    facts = {"standard": report.standard_version, "rdac": report.tool_version, "profile": report.profile}
    properties = ET.SubElement(suite, "properties")
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=value)
    for note in report.notes:
        ET.SubElement(properties, "property", name="note", value=note)
    for run, groups in cases.items():
        suite.append(_case(report, table, run, groups))
    told = [_told(report, group) for groups in cases.values() for group in groups if not fails(report, group)]
    ET.SubElement(suite, "system-out").text = "\n".join(told)
    ET.SubElement(suite, "system-err")
    suite.set("tests", str(len(cases)))
    for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(kind, str(len(suite.findall(f"testcase/{tag}"))))
    return suite


def fails(report: Report, group: Group) -> bool:
    """Whether a finding makes its case fail: it is not waived, and it would fail the build.

    Where nothing is to fail the build, errors still do here: a green test must not stand for an error.
    """
    return group.waiver is None and group.severity.at_least(report.fail_on or Severity.ERROR)


def _case(report: Report, table: str, run: RuleRun, groups: Sequence[Group]) -> ET.Element:
    title = f" {report.rules[run.code].title}" if run.code in report.rules else ""
    case = ET.Element("testcase", name=f"{run.code}{title}", classname=f"rdac.{table}", time="0")
    failing = [group for group in groups if fails(report, group)]
    told = [_told(report, group) for group in failing]
    if run.outcome is Outcome.CRASHED:
        error = ET.SubElement(case, "error", type=str(run.outcome), message=run.reason)
        error.text = "\n".join(["Please report it: the return may hold more than is listed.", *told])
    elif failing:
        total = sum(group.count for group in failing)
        failure = ET.SubElement(case, "failure", type=str(failing[0].severity), message=_brief(failing, total))
        failure.text = "\n".join([*told, *_help(report, run.code)])
    elif run.outcome in SILENT:
        ET.SubElement(case, "skipped").text = SILENT[run.outcome] + run.reason
    return case


def _brief(groups: Sequence[Group], total: int) -> str:
    more = f", and {len(groups) - 1:,} more kinds of it" if len(groups) > 1 else ""
    return f"{groups[0].message} ({total:,} in all{more})" if total > 1 else groups[0].message


def _told(report: Report, group: Group) -> str:
    mark = f"\n  {waived(group.waiver)}" if group.waiver else ""
    at = f"\n  {found}" if (found := places(report, group, ROWS)) else ""
    return f"{group.severity} {group.code} {subject(group)}: {group.message}{at}{mark}"


def _help(report: Report, code: str) -> Iterator[str]:
    if code in report.rules:
        info = report.rules[code]
        yield f"Why it matters: {info.why}"
        yield f"How to mend it: {info.fix}"
