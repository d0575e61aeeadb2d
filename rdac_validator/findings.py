"""What a check says: severities, findings, how rules ended, and the report that holds them all.

Nothing here holds a cell's value. A :class:`Group` keeps the rows of one rule that share a message; a :class:`Finding`
is the flat view of one row of it. This module imports nothing else of the package.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from inspect import cleandoc
from typing import Any

SAFETY = "RDAC9"
"""How the codes of safety rules begin: what one of them finds can put a child or an adult at risk."""

# advice at the end of how to mend a fault, of no use to those who send no file that a spreadsheet program reads
IN_CELLS = re.compile(" In (?:CSV|Excel): .*")
CELLS = (".csv", ".xlsx")


class Severity(StrEnum):
    """How much a finding matters: an error stops a build, a warning and a query ask a person, info only tells."""

    ERROR = "error"
    WARNING = "warning"
    QUERY = "query"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the most serious, 3 for the least."""
        return list(Severity).index(self)

    def at_least(self, threshold: Severity) -> bool:
        """Whether this severity is as serious as ``threshold``, or more so."""
        return self.rank <= threshold.rank


class Outcome(StrEnum):
    """How a rule ended. Only ``PASSED`` is good news; ``NOT_RUN`` and ``CRASHED`` never count as a pass."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"
    CRASHED = "crashed"


class InputError(Exception):
    """What the user gave cannot be used: a message for people, without a value of the data. Ends with exit code 2."""


class RuleError(TypeError):
    """A rule class leaves something unsaid."""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a rule says of itself, for people: used by ``rdac explain``, the docs and every report.

    ``title`` is one sentence that says what is wrong in the data; ``why`` and ``fix`` follow it in the docstring.
    ``sources`` are keys into ``schema/sources.yaml``, each with a locator after the colon.
    """

    code: str
    severity: Severity
    title: str
    why: str
    fix: str
    sources: tuple[str, ...]
    table: str = ""
    columns: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()

    @classmethod
    def of(cls, rule: type[Any]) -> RuleInfo:
        """What a rule class says of itself in its attributes and its docstring.

        The docstring reads ``Title.``, a blank line, ``Why: …``, ``Fix: …``. Raises :class:`RuleError` if it does not.
        """
        title, _, rest = cleandoc(rule.__doc__ or "").partition("\n\n")
        why, _, fix = rest.partition("Fix:")
        title, why, fix = (" ".join(part.split()) for part in (title, why.removeprefix("Why:"), fix))
        if not (title and why and fix) or not rest.startswith("Why:"):
            raise RuleError(f"{rule.__name__}: the docstring needs a one-sentence title, then 'Why: …' and 'Fix: …'")
        table, columns = getattr(rule, "table", ""), getattr(rule, "columns", ())
        requirements = getattr(rule, "requirements", ())
        return cls(rule.code, rule.severity, title, why, fix, rule.sources, table, columns, requirements)

    def of_files(self, files: Iterable[str]) -> RuleInfo:
        """The same for a return in these files: advice that begins ``In CSV:`` or ``In Excel:`` is for CSV and XLSX."""
        told = any(file.lower().endswith(CELLS) for file in files)
        return self if told else replace(self, fix=IN_CELLS.sub("", self.fix))


@dataclass(frozen=True, slots=True)
class Waiver:
    """A team's decision to live with some findings until a day: they stay in every report, marked, and fail no build.

    ``number`` is the waiver's place in the settings file, from 1; ``reason`` and ``author`` are the team's own words.
    """

    number: int
    reason: str
    author: str
    made: date
    expires: date


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault at one place.

    ``row`` is the line of a text file or the row of a sheet, header counted, from 1; in Parquet the record's number
    from 1, in JSON and YAML its number in the table's list; 0 where the fault belongs to no row.
    """

    table: str
    file: str
    row: int
    code: str
    columns: tuple[str, ...]
    severity: Severity
    message: str


def no_rows() -> array[int]:
    """An empty list of row numbers, for a finding about a whole file or table."""
    return array("Q")


@dataclass(frozen=True, slots=True)
class Group:
    """All rows of one table that one rule found at fault with one message.

    ``rows`` is empty when the fault belongs to the file and not to a row. ``checked`` is the number of rows that the
    rule looked at, the denominator of :attr:`count`; 0 where a denominator makes no sense. ``waiver`` says who decided
    to live with these findings, and why. ``unknown`` is the column at fault where the standard does not know it, by its
    name in :class:`~rdac_validator.tables.Text`: no report tells it, cells are looked up by it.
    """

    code: str
    severity: Severity
    table: str
    file: str
    columns: tuple[str, ...]
    message: str
    rows: array[int] = field(default_factory=no_rows, hash=False)
    checked: int = 0
    waiver: Waiver | None = None
    unknown: str = ""

    @property
    def count(self) -> int:
        """How many findings the group stands for."""
        return max(1, len(self.rows))

    @property
    def order(self) -> tuple[int, bool, str, str, str, tuple[str, ...], str]:
        """Most serious first, safety before the rest, then by code, table, file and columns: that of every report."""
        return (
            self.severity.rank,
            not self.code.startswith(SAFETY),
            self.code,
            self.table,
            self.file,
            self.columns,
            self.message,
        )

    def findings(self) -> Iterator[Finding]:
        """The group's findings one by one, by row."""
        for row in self.rows or (0,):
            yield Finding(self.table, self.file, row, self.code, self.columns, self.severity, self.message)


@dataclass(frozen=True, slots=True)
class RuleRun:
    """How one rule ended on one table. ``reason`` says why it was not run, or which kind of exception ended it."""

    code: str
    table: str
    outcome: Outcome
    severity: Severity
    checked: int = 0
    failed: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A table that was read: from which file, in which format, how many rows.

    ``starts`` says, of a JSON or YAML list of documents, how many records of the table stand before each of them.
    """

    table: str
    file: str
    format: str
    rows: int
    starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one check found, without a clock inside: one input gives the same report twice.

    ``path`` is that of the return from the root of the checkout that it lies in (a folder's ends with ``/``), empty
    where it lies in none; ``settings`` is that of the settings file that judged it, or its name, empty without one.
    ``fail_on`` is the least severity that fails the build; ``None`` means that none does.
    """

    standard_version: str
    tool_version: str
    profile: str
    inputs: tuple[Input, ...]
    groups: tuple[Group, ...]
    runs: tuple[RuleRun, ...]
    rules: Mapping[str, RuleInfo]
    notes: tuple[str, ...] = ()
    path: str = ""
    settings: str = ""
    fail_on: Severity | None = Severity.ERROR

    def findings(self) -> Iterator[Finding]:
        """Every finding, group by group."""
        for group in self.groups:
            yield from group.findings()

    @property
    def standing(self) -> tuple[Group, ...]:
        """The groups that no waiver covers: what a build fails on."""
        return tuple(group for group in self.groups if group.waiver is None)

    def count(self, severity: Severity) -> int:
        """Number of findings of one severity that no waiver covers."""
        return sum(group.count for group in self.standing if group.severity is severity)

    @property
    def waived(self) -> int:
        """Number of findings that a waiver covers."""
        return sum(group.count for group in self.groups if group.waiver is not None)

    def outcomes(self, outcome: Outcome) -> int:
        """Number of rule runs that ended in one way."""
        return sum(run.outcome is outcome for run in self.runs)

    @property
    def looked(self) -> bool:
        """Whether any rule looked at anything: without that, no findings mean nothing."""
        return bool(self.outcomes(Outcome.PASSED) + self.outcomes(Outcome.FAILED))

    @property
    def crashed(self) -> tuple[RuleRun, ...]:
        """Rules that failed through a fault of ours."""
        return tuple(run for run in self.runs if run.outcome is Outcome.CRASHED)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings at or above ``fail_on``, 3 when a rule of ours crashed."""
        if self.crashed:
            return 3
        bad = self.fail_on is not None and any(group.severity.at_least(self.fail_on) for group in self.standing)
        return int(bad)


def in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Groups in the order of every report: most serious first, then by code, table, file and columns."""
    return tuple(sorted(groups, key=lambda group: group.order))
