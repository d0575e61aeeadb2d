"""Where a finding stands, in the terms of its input: a line of text, a row of a sheet, or a JSON pointer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import PurePosixPath

from rdac_validator.findings import Group, Report

DOCUMENTS = (".json", ".yaml", ".yml")
SHEETS = (".parquet", ".xlsx")


def unit(group: Group) -> str:
    """What the rows of a group are called: ``line`` or ``row``; empty in a document, where a pointer says it all."""
    suffix = PurePosixPath(group.file).suffix
    if suffix in DOCUMENTS and group.table:
        return ""
    return "row" if suffix in SHEETS else "line"


def place(group: Group, row: int, report: Report) -> str:
    """``line 4``, ``row 4`` or a JSON pointer; empty for ``row`` 0, a fault of no row, unless in a document's table."""
    if at := pointer(group, row, report):
        return at
    return f"{unit(group)} {row}" if row else ""


def pointer(group: Group, row: int, report: Report) -> str:
    """Where in a JSON or YAML document a fault is, as a JSON pointer; empty if the input is no document.

    The pointer (RFC 6901; it counts from 0) leads to the cell where the finding names one column, else to the record,
    or to the table where ``row`` is 0. A cell that is blank is not there: the pointer says where it would be.
    """
    if unit(group) or not group.file:
        return ""
    if not row:
        return _joined([group.table])
    starts = next((item.starts for item in report.inputs if item.table == group.table), ())
    record = row - 1
    path: list[str | int] = [group.table]
    if starts:
        document = bisect_right(starts, record) - 1
        record -= starts[document]
        path = [document, group.table]
    return _joined([*path, record, *(group.columns if len(group.columns) == 1 else ())])


def _joined(path: Sequence[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
