"""A report as a team's settings judge it: severities changed, findings waived until a day, and waivers that slipped.

Pure functions on a finished report. A waived finding stays in it, marked; what is wrong with a waiver is a finding of
its own, RDAC040 to RDAC043. What the settings may not touch is said in :data:`SAFETY` and refused when they are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase

from rdac_validator.findings import Group, Outcome, Report, RuleInfo, RuleRun, Severity, Waiver, in_order
from rdac_validator.formats.faults import Fault

SAFETY = "RDAC9"
OWN = "RDAC04"
RAN = (Outcome.PASSED, Outcome.FAILED, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which findings are meant: their codes, and a table, columns and a pattern of file names, if given.

    ``columns`` mean findings that are about none but those; ``*`` in ``file`` stands for any text. ``said`` are the
    words for it in a note.
    """

    codes: frozenset[str]
    table: str = ""
    columns: tuple[str, ...] = ()
    file: str = ""
    said: str = field(default="", compare=False)

    def has(self, code: str, table: str, file: str) -> bool:
        """Whether a rule on a table that was read from a file is meant, whatever its columns."""
        named = not self.file or fnmatchcase(file, self.file)
        return named and code in self.codes and self.table in {"", table}

    def covers(self, group: Group) -> bool:
        """Whether the findings of a group are meant."""
        within = not self.columns or (bool(group.columns) and set(group.columns) <= set(self.columns))
        return within and self.has(group.code, group.table, group.file)


@dataclass(frozen=True, slots=True)
class Change:
    """Findings that a team takes more or less seriously than the standard does."""

    scope: Scope
    to: Severity


@dataclass(frozen=True, slots=True)
class Decision:
    """A waiver of one rule with what it covers: at most ``limit`` findings, if that is not 0.

    ``line`` is where it stands in the settings file, 0 if that is not known.
    """

    rule: str
    waiver: Waiver
    scope: Scope
    limit: int = 0
    line: int = 0


class NotInForce(Fault):
    """A waiver is not in force on the day of the check: it has expired, or was made on a later day.

    Why: its findings stand again; a decision that nobody renews is no decision.
    Fix: mend the findings and take the waiver away, or decide anew, with a new date and reason.
    """

    code = f"{OWN}0"
    severity = Severity.WARNING
    sources = ("sarif-2:3.35",)
    message = "waiver {number} of {rule} is not in force: it holds from {made} until {expires}"


class Unused(Fault):
    """A waiver covers no finding, although its rule ran.

    Why: what it was made for is mended or has moved; left in place, it would hide the next fault of that kind.
    Fix: take the waiver away.
    """

    code = f"{OWN}1"
    severity = Severity.WARNING
    sources = ("sarif-2:3.35",)
    message = "waiver {number} of {rule} covers nothing: take it away"


class NeverRan(Fault):
    """A waiver names a rule that did not run where the waiver holds.

    Why: nobody can tell whether it is still needed: the rule's table or column is not there, or the rule crashed.
    Fix: see under the rule why it was not run; if it no longer concerns this return, take the waiver away.
    """

    code = f"{OWN}2"
    severity = Severity.WARNING
    sources = ("sarif-2:3.35",)
    message = "waiver {number} of {rule}: the rule did not run there, so nothing can be said of it"


class TooMany(Fault):
    """There are more findings than a waiver allows.

    Why: someone decided to live with so many, not with more; which are the new ones, nobody can tell, so all stand.
    Fix: mend the new ones; if the team can live with them too, decide anew with a new number.
    """

    code = f"{OWN}3"
    severity = Severity.WARNING
    sources = ("sarif-2:3.35",)
    message = "waiver {number} of {rule} allows {limit} findings and there are {count}: all of them stand"


SLIPS = (NotInForce, Unused, NeverRan, TooMany)
LOOKED_FOR = tuple(RuleInfo.of(slip) for slip in SLIPS)


def judged(
    report: Report,
    changes: Sequence[Change],
    decisions: Sequence[Decision],
    today: date | None,
    wanted: Callable[[str], bool],
    file: str,
) -> Report:
    """The report with findings waived as decided, as things stand ``today``, and then severities changed.

    Where several waivers cover a finding, the first in force counts; of several changes the last. ``wanted`` are the
    codes that were asked for: nothing is said of a waiver of another. ``file`` is the settings file's name, for the
    findings about it. Without decisions no day is needed.
    """
    if decisions and today:
        report = _waived(report, decisions, today, wanted, file)
    return _changed(report, changes) if changes else report


def _waived(
    report: Report, decisions: Sequence[Decision], today: date, wanted: Callable[[str], bool], file: str
) -> Report:
    groups, slipped = list(report.groups), []
    for decision in decisions:
        mine = [n for n, group in enumerate(groups) if group.waiver is None and decision.scope.covers(group)]
        count = sum(groups[n].count for n in mine)
        slip = _slip(decision, count, report, today)
        if slip and wanted(slip.code) and wanted(decision.rule):
            slipped.append(_told(slip, decision, count, file))
        for n in mine if slip is None else ():
            groups[n] = replace(groups[n], waiver=decision.waiver)
    told = Counter(group.code for group in slipped)
    infos = {info.code: info for info in LOOKED_FOR if wanted(info.code)}
    runs = [
        RuleRun(code, "", Outcome.FAILED if told[code] else Outcome.PASSED, info.severity, len(decisions), told[code])
        for code, info in infos.items()
    ]
    return replace(
        report,
        groups=in_order([*groups, *slipped]),
        runs=tuple(sorted([*report.runs, *runs], key=lambda run: (run.code, run.table))),
        rules=dict(sorted({**report.rules, **infos}.items())),
        notes=(*report.notes, f"waivers were judged as things stood on {today}"),
    )


def _slip(decision: Decision, count: int, report: Report, today: date) -> type[Fault] | None:
    """Why a waiver does not hold for the ``count`` findings that it covers, if so."""
    if not decision.waiver.made <= today <= decision.waiver.expires:
        return NotInForce
    if count > decision.limit > 0:
        return TooMany
    if count:
        return None
    return Unused if _ran(decision.scope, report) else NeverRan


def _ran(scope: Scope, report: Report) -> bool:
    """Whether a rule came to an end where a scope holds; one that is told of no table looked at all of them."""
    files = _files(report)
    return any(
        run.outcome in RAN
        and (scope.has(run.code, run.table, files.get(run.table, "")) if run.table else run.code in scope.codes)
        for run in report.runs
    )


def _told(slip: type[Fault], decision: Decision, count: int, file: str) -> Group:
    waiver = decision.waiver
    return slip.at(
        "",
        file,
        [decision.line] if decision.line else [],
        number=waiver.number,
        rule=decision.rule,
        made=str(waiver.made),
        expires=str(waiver.expires),
        limit=decision.limit,
        count=count,
    )


def _changed(report: Report, changes: Sequence[Change]) -> Report:
    files = _files(report)
    groups, runs, counts = [], [], dict.fromkeys(changes, 0)
    for group in report.groups:
        change = _last([c for c in changes if c.scope.covers(group)], group.code, group.severity)
        groups.append(replace(group, severity=change.to) if change else group)
        if change:
            counts[change] += group.count
    for run in report.runs:
        meant = [c for c in changes if c.scope.has(run.code, run.table, files.get(run.table, ""))]
        change = _last(meant, run.code, run.severity)
        runs.append(replace(run, severity=change.to) if change else run)
    notes = [
        f"counted as {change.to} by the settings: {change.scope.said}" for change, count in counts.items() if count
    ]
    return replace(report, groups=in_order(groups), runs=tuple(runs), notes=(*report.notes, *notes))


def _last(meant: Sequence[Change], code: str, now: Severity) -> Change | None:
    """The change that counts, if it is one; a safety rule is never lowered."""
    allowed = [c for c in meant if not code.startswith(SAFETY) or c.to.at_least(now)]
    return allowed[-1] if allowed and allowed[-1].to is not now else None


def _files(report: Report) -> Mapping[str, str]:
    return {read.table: read.file for read in report.inputs}
