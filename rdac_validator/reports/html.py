"""The report as one HTML file for people: nothing is fetched, it is whole without a script, and all text is escaped.

The words and the structure stand in ``page/report.html.jinja``, the looks in ``page/report.css``; ``page/report.js``
adds filters and sorting. Style and script are allowed by their hashes, in a content security policy that forbids all
else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Template

from rdac_validator.findings import Group, Outcome, Report, RuleInfo, RuleRun, Severity
from rdac_validator.reports import markup
from rdac_validator.reports.places import place, pointer, unit
from rdac_validator.reports.text import checked, counted, plural, verdict

# A group shows this many runs of rows, or pointers, at once; the others stand beside them, folded, in paragraphs of a
# length that a browser lays out without a stall.
FIRST, PARAGRAPH = 10, 500
# The places of a rule are open from the start if there are no more of them than this.
OPEN = 5
UNRUN = (Outcome.CRASHED, Outcome.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Place:
    """A group as it is shown: where in its file, the first rows apart from the others, of which there are ``more``."""

    group: Group
    where: str
    folded: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Section:
    """All groups of one code at one severity. ``info`` is absent where no rule of the report has the code."""

    code: str
    severity: Severity
    info: RuleInfo | None
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        """Number of findings, waived ones included."""
        return sum(place.group.count for place in self.places)

    @property
    def waived(self) -> int:
        """Number of findings that a waiver covers."""
        return sum(place.group.count for place in self.places if place.group.waiver)


def render(report: Report) -> str:
    """The whole page."""
    severities = {group.severity for group in report.groups}
    return _page().render(
        report=report,
        checked=checked(report),
        sections=list(_sections(report)),
        severities=[(severity, _severity(severity)) for severity in Severity if severity in severities],
        tables=sorted({group.table for group in report.groups}),
        total=sum(group.count for group in report.groups),
        verdict=list(_verdict(report)),
        ended={outcome: [run for run in report.runs if run.outcome is outcome] for outcome in Outcome},
        unrun={outcome: _by_reason(report, outcome) for outcome in UNRUN},
        Outcome=Outcome,
        style=markup.asset(__package__, "report.css"),
        script=markup.asset(__package__, "report.js"),
        OPEN=OPEN,
    )


def _sections(report: Report) -> Iterator[Section]:
    """The groups by severity and code, which is the order that they come in."""
    for (severity, code), groups in groupby(report.groups, key=lambda group: (group.severity, group.code)):
        yield Section(code, severity, report.rules.get(code), tuple(_place(report, group) for group in groups))


def _place(report: Report, group: Group) -> Place:
    if not group.rows:
        return Place(group, place(group, 0, report), (), 0)
    spots = list(_spots(report, group))
    texts = [text for text, _ in spots]
    folded = tuple(", ".join(texts[at : at + PARAGRAPH]) for at in range(FIRST, len(texts), PARAGRAPH))
    word = unit(group) and unit(group) + ("s " if len(group.rows) > 1 else " ")
    return Place(group, word + ", ".join(texts[:FIRST]), folded, sum(rows for _, rows in spots[FIRST:]))


def _spots(report: Report, group: Group) -> Iterator[tuple[str, int]]:
    """Where a group's rows are, run by run, or pointer by pointer in a document; each with its number of rows."""
    if not unit(group):
        yield from ((pointer(group, row, report), 1) for row in group.rows)
        return
    # in a run of rows, each is as far from its number in the list as the others
    for _, run in groupby(enumerate(group.rows), key=lambda numbered: numbered[1] - numbered[0]):
        (_, first), *others = run
        # "to" and not a dash: a screen reader leaves a dash out
        yield (f"{first} to {others[-1][1]}" if others else f"{first}"), 1 + len(others)


def _verdict(report: Report) -> Iterator[str]:
    """What came of it, in sentences; what was not looked at is said beside what was found."""
    if report.crashed:
        yield verdict(report)
    if found := counted(report):
        yield f"{found} to look at."
    elif not report.looked:
        yield "Nothing was checked, so nothing can be said about this return."
    elif not report.crashed:
        yield f"No findings {'but waived ones ' if report.waived else ''}at profile {report.profile}."
    if report.waived:
        yield f"{plural(report.waived, 'finding')} waived: still listed, with the reason, and no build fails on them."
    if unrun := report.outcomes(Outcome.NOT_RUN):
        yield f"{plural(unrun, 'check')} could not be run; what would have been looked for is not covered."
    if idle := report.outcomes(Outcome.NOT_APPLICABLE):
        yield f"{plural(idle, 'check')} had nothing to look at."


def _by_reason(report: Report, outcome: Outcome) -> dict[str, list[RuleRun]]:
    runs = sorted((run for run in report.runs if run.outcome is outcome), key=lambda run: run.reason)
    return {reason: list(those) for reason, those in groupby(runs, key=lambda run: run.reason)}


@cache
def _page() -> Template:
    environment = markup.environment(__package__)
    environment.filters |= {"severity": _severity}
    return environment.get_template("report.html.jinja")


def _severity(severity: Severity) -> str:
    return severity.capitalize()
