"""What a check has found so far: rows by group, and how each rule ended on each table."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rdac_validator.findings import Group, Outcome, RuleRun, Severity


@dataclass
class Ledger:
    """Findings and rule runs of one check at one profile."""

    profile: str
    rows: dict[Group, array[int]] = field(default_factory=dict)
    runs: list[RuleRun] = field(default_factory=list)

    def found(self, group: Group, rows: Iterable[int]) -> None:
        """Add rows at fault to a group that is still without them."""
        self.rows.setdefault(group, array("Q")).extend(rows)

    def ended(self, code: str, severity: Severity, table: str, checked: int, failed: int) -> None:
        """A rule ran to its end: it had nothing to check, or it failed, or it passed."""
        done = Outcome.NOT_APPLICABLE if not checked else Outcome.FAILED if failed else Outcome.PASSED
        self.runs.append(RuleRun(code, table, done, severity, checked, failed))

    def not_run(self, code: str, severity: Severity, table: str, reason: str) -> None:
        """A rule could not run; silence must not look like success."""
        self.runs.append(RuleRun(code, table, Outcome.NOT_RUN, severity, reason=reason))

    def crashed(self, code: str, severity: Severity, table: str, what: str) -> None:
        """A rule failed through a fault of ours: ``what`` names an exception, never its message, or says where."""
        self.runs.append(RuleRun(code, table, Outcome.CRASHED, severity, reason=f"our fault: {what}"))

    def groups(self) -> Iterator[Group]:
        """The groups with their rows, each row once and in order, and the number of rows that were checked."""
        checked = {(run.code, run.table): run.checked for run in self.runs}
        for group, rows in self.rows.items():
            numbers = array("Q", sorted(set(rows)))
            yield replace(group, rows=numbers, checked=group.checked or checked.get((group.code, group.table), 0))
