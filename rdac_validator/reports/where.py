"""What the outputs for other programs share: names that cannot forge, places, shares of long lists, fingerprints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from rdac_validator.findings import Group, Input, Report, Waiver
from rdac_validator.reports.places import place, unit
from rdac_validator.reports.text import plural, printable, waived

TEXT_FILES = (".csv", ".xml", ".toml")
# what the readers say in place of a file where a fault is one of the whole folder
NO_FILE = ("folder", "file")


def spelt_out(report: Report) -> Report:
    """The report with every control character in its names and messages written out, so that none can forge output."""
    return replace(
        report,
        path=printable(report.path),
        settings=printable(report.settings),
        inputs=tuple(map(_input, report.inputs)),
        groups=tuple(map(_group, report.groups)),
        runs=tuple(replace(run, table=printable(run.table), reason=printable(run.reason)) for run in report.runs),
        notes=tuple(map(printable, report.notes)),
    )


def _input(item: Input) -> Input:
    return replace(item, table=printable(item.table), file=printable(item.file), format=printable(item.format))


def _group(group: Group) -> Group:
    return replace(
        group,
        table=printable(group.table),
        file=printable(group.file),
        columns=tuple(map(printable, group.columns)),
        message=printable(group.message),
        waiver=_waiver(group.waiver) if group.waiver else None,
    )


def _waiver(waiver: Waiver) -> Waiver:
    return replace(waiver, reason=printable(waiver.reason), author=printable(waiver.author))


def subject(group: Group) -> str:
    """The table and columns of a group: ``person.sex, person_id``, or "the return"."""
    return ".".join(part for part in (group.table, ", ".join(group.columns)) if part) or "the return"


def file(report: Report, name: str) -> str:
    """A file of a report as a build server knows it: from the root of the checkout, if the return lies in one.

    A return that is one file (a zip, a workbook, a census) is that file; what is about none of its files is about it.
    """
    if name and name == report.settings.rpartition("/")[2]:
        return report.settings
    if report.path and not report.path.endswith("/"):
        return report.path
    return f"{report.path}{'' if name in NO_FILE else name}".rstrip("/") or "return"


def line(report: Report, group: Group, row: int) -> int:
    """The line of a text file that a row of a group is; 0 where it is none, as inside a zip."""
    return row if unit(group) == "line" and file(report, group.file).endswith(TEXT_FILES) else 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding in a list of findings: its group, its row (0: none), and that place in words.

    ``fingerprint`` is a name that stays from run to run. With ``rest`` an entry stands for that many findings that are
    counted and not listed.
    """

    group: Group
    row: int
    place: str
    fingerprint: str
    rest: int = 0

    @property
    def message(self) -> str:
        """The message with the place, the count where it stands for several, and the waiver."""
        group = self.group
        mark = f" {waived(group.waiver)}" if group.waiver else ""
        more = f"{plural(self.rest, 'more finding')} in {group.file}"
        at = more if self.rest else f"{group.file} {self.place}".strip()
        return group.message + (f" ({at})" if at else "") + mark


def entries(report: Report, total: int) -> Iterator[Entry]:
    """At most ``total`` entries for all groups, a rest being one: small groups whole, large ones with equal shares.

    Where there are more groups than that, only the first of them, the most serious, are told of. A fingerprint is made
    of code, place and message, and of the finding's number in its group instead of its row: rows put in above change
    nothing. No cell is hashed, since the hash of a short value can be turned back.
    """
    level = _level(sorted(group.count for group in report.groups), total)
    for group in report.groups[:total]:
        rows: Sequence[int] = group.rows or (0,)
        share = len(rows) if len(rows) <= level else max(0, level - 1)
        known = "\0".join((group.code, group.table, group.file, *group.columns, group.message))
        for number, row in enumerate(rows[:share]):
            yield Entry(group, row, place(group, row, report), _fingerprint(known, number))
        if share < len(rows):
            yield Entry(group, 0, "", _fingerprint(known, share), len(rows) - share)


def _fingerprint(known: str, number: int) -> str:
    return sha256(f"{known}\0{number}".encode()).hexdigest()[:32]


def _level(counts: Sequence[int], total: int) -> int:
    """The largest share of a group, so that all shares together are at most ``total``."""
    for number, count in enumerate(counts):
        share = total // (len(counts) - number)
        if count > share:
            return max(1, share)
        total -= count
    return max(counts, default=0)
