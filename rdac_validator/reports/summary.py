"""The report as a page of Markdown, for the summary of a GitHub job or a comment on a merge request."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from rdac_validator.findings import Group, Report
from rdac_validator.reports.text import checked, ended, places, plural, unrun, verdict, waived
from rdac_validator.reports.where import spelt_out, subject

# a job summary may have 1 MiB and is refused whole above it; longer tables are not read
MOST = 100
LONGEST = 1_000
# what begins markup, a link, a mention, a formula or an entity, in a cell or at the beginning of a line
MARKUP = re.compile(r"([\\`*_\[\]#|~@$!]|(?<=www)\.|:(?=//)|^[+-]|(?<=^\d)[.)])", re.IGNORECASE)


def render(report: Report) -> str:
    """The page: what came of it, the findings by group, what was not run."""
    report = spelt_out(report)
    standing, waivers = report.standing, [group for group in report.groups if group.waiver]
    parts = [
        _head(report),
        _table(report, "Findings", standing),
        _table(report, "Waived", waivers),
        _fixes(report),
        _unrun(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(report: Report) -> str:
    notes = "".join(f"\n- {safe(note)}" for note in report.notes)
    return f"### rdac validate\n\n**{safe(verdict(report))}**\n\n{safe('; '.join(checked(report)))}.{notes}"


def _table(report: Report, title: str, groups: Sequence[Group]) -> str:
    if not groups:
        return ""
    lines = [
        "| Severity | Code | Where | What | Places |",
        "| --- | --- | --- | --- | --- |",
        *(_row(report, group) for group in groups[:MOST]),
    ]
    rest = len(groups) - MOST
    more = f"\n\n… and {plural(rest, 'more group')} of findings." if rest > 0 else ""
    return f"#### {title}\n\n" + "\n".join(lines) + more


def _row(report: Report, group: Group) -> str:
    said = group.message + (f" {waived(group.waiver)}" if group.waiver else "")
    cells = (str(group.severity), group.code, subject(group), said, places(report, group))
    return "| " + " | ".join(map(safe, cells)) + " |"


def _fixes(report: Report) -> str:
    if not report.groups:
        return ""
    codes = dict.fromkeys(group.code for group in report.groups[:MOST] if group.code in report.rules)
    lines = [
        f"- **{safe(code)}** {safe(report.rules[code].title)} How to mend it: {safe(report.rules[code].fix)}"
        for code in codes
    ]
    return _folded(f"How to mend {plural(len(lines), 'kind')} of finding", lines)


def _unrun(report: Report) -> str:
    return _folded(ended(report), [f"- {safe(reason)}: {safe(codes)}" for reason, codes in unrun(report)])


def _folded(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return f"{safe(title)}."
    # between these tags HTML holds, not Markdown
    return f"<details><summary>{html.escape(title)}</summary>\n\n" + "\n".join(lines) + "\n\n</details>"


def safe(text: str) -> str:
    """Text that is no markup: neither Markdown nor HTML, no table cell, no link, no mention; long texts are cut."""
    cut = text if len(text) <= LONGEST else text[:LONGEST] + " …"
    return MARKUP.sub(r"\\\1", html.escape(cut, quote=False))
