"""Laws of reading, tried on generated files: never a crash, and no row lost without a word."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from rdac_validator import formats
from rdac_validator.check import check
from rdac_validator.formats import ReadError
from rdac_validator.standard import load
from rdac_validator.tables import ROW, Return

STANDARD = load()
NAMES = STANDARD.table("person").names[:3]
LINES = st.sampled_from(["\n", "\r\n"])
few = settings(max_examples=60, derandomize=True, deadline=None)


def read(data: bytes, ending: str) -> Return:
    """What is read of a file, which the check outlives; the number of rows is that of the frame."""
    with tempfile.TemporaryDirectory() as kept:
        path = Path(kept) / f"person{ending}"
        path.write_bytes(data)
        found = formats.read(path, STANDARD)
        assert not check(found, STANDARD, profile="t0", rules=()).crashed
        for text in found.texts.values():
            assert text.frame.collect().height == text.rows
        return found


def rows(found: Return) -> dict[int, list[str]]:
    """The cells of the rows that were read, by row number; blank ones are empty."""
    frame = found.texts["person"].frame.select(ROW, *NAMES).collect()
    return {number: [cell or "" for cell in cells] for number, *cells in frame.iter_rows()}


def told(found: Return, *codes: str) -> set[int]:
    """The rows of all faults, or of those with one of the codes."""
    return {row for group in found.groups if not codes or group.code in codes for row in group.rows}


@given(
    st.lists(st.tuples(st.lists(st.text("ab ,;|\t\"'=\né", max_size=4), max_size=5), LINES), max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@few
def test_every_record_of_a_csv_file_is_read_or_told(
    records: list[tuple[list[str], str]], delimiter: str, quoting: int, encoding: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerow(NAMES)
    line, good, ragged, blank = 2, {}, set(), []
    for cells, end in records:
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator=end).writerow(cells)  # type: ignore[arg-type]
        if not any(cells):
            blank.append(line)
        elif len(cells) == len(NAMES):
            good[line] = cells
        else:
            ragged.add(line)
        line += written.getvalue().count("\n")
        out.write(written.getvalue())
    found = read(out.getvalue().encode(encoding), ".csv")
    assert rows(found) == good
    assert told(found, "RDAC020") == ragged
    assert told(found, "RDAC021") == {number for number in blank if number < max([*good, *ragged], default=0)}


@given(st.lists(st.text("ab,; \r\t", max_size=8), max_size=8), LINES)
@few
def test_every_line_without_quotation_marks_is_a_row_or_told(lines: list[str], end: str) -> None:
    found = read(end.join([",".join(NAMES), *lines]).encode(), ".csv")
    held = {number for number, line in enumerate(lines, start=2) if set(line) & {"a", "b"}}
    kept, lost = set(rows(found)), told(found)
    assert held <= kept | lost
    assert not kept & lost


@given(st.text('a,;|\t"\n\r\0 é', max_size=60), st.booleans())
@few
def test_any_text_is_read_or_refused(text: str, headed: bool) -> None:
    try:
        found = read(((",".join(NAMES) + "\n") * headed + text).encode(), ".csv")
    except ReadError:
        return
    assert found.texts or found.groups


CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('ab ,|"=é\n', max_size=4)
    | st.dates(date(1900, 3, 1), date(9999, 12, 31))
)


def workbook(above: int, lines: Iterable[list[object]]) -> bytes:
    """A workbook of one table, with blank rows above its header."""
    held = io.BytesIO()
    written: list[list[object]] = [[*NAMES], *lines]
    with xlsxwriter.Workbook(held, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("person")
        for number, cells in enumerate(written, start=above):
            for place, cell in enumerate(cells):
                (sheet.write_string if isinstance(cell, str) else sheet.write)(number, place, cell)
    return held.getvalue()


@given(st.integers(0, 2), st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
@few
def test_every_row_of_a_workbook_is_read_or_told(above: int, lines: list[list[object]]) -> None:
    found = read(workbook(above, lines), ".xlsx")
    numbered = dict(enumerate(lines, start=above + 2))
    held = {number for number, cells in numbered.items() if any(cell not in {None, ""} for cell in cells)}
    kept = rows(found)
    assert set(kept) == held
    assert told(found, "RDAC021") - set(range(above + 1)) == {
        n for n in numbered if n not in held and n < max(held, default=0)
    }
    for number in held:
        for cell, text in zip(numbered[number], kept[number], strict=True):
            assert not isinstance(cell, str | date) or text == str(cell)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from([*NAMES, "zz"]), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from([*NAMES, "Person_ID", "zz"]), TREES, max_size=4) | TREES, max_size=6))
@few
def test_every_record_of_a_document_is_read_or_told(records: list[object]) -> None:
    found = read(json.dumps({"person": records}).encode(), ".json")
    objects = {number for number, record in enumerate(records, start=1) if isinstance(record, dict)}
    assert set(rows(found)) == objects
    assert set(range(1, len(records) + 1)) - objects <= told(found, "RDAC036")
