"""Writing a return: what is written reads back the same, and nothing is half-written."""

from __future__ import annotations

import csv
import io
import json
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rdac_validator import formats
from rdac_validator.formats import WriteError, csv_, writing
from rdac_validator.formats.source import Source
from rdac_validator.tables import ROW
from tests.small_standard import PERSON, STANDARD

CELL = st.text(st.sampled_from("ab1 ,;|\t\"'\n\r#é\U0001f600\ufeff-"), max_size=5)
KEY = CELL.filter(bool)
PEOPLE = pl.DataFrame({"person_id": ["p1", "p2"], "sex": ["a", None], "needs": ["a|b", "refused"]})


def written(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def back(folder: Path) -> pl.DataFrame:
    found = formats.read(folder, STANDARD)
    assert found.groups == ()
    return found.texts["person"].frame.drop(ROW).collect()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(KEY, CELL, CELL), max_size=6), st.sampled_from(["csv", "parquet"]))
def test_what_is_written_reads_back_cell_for_cell(cells: list[tuple[str, str, str]], format: str) -> None:
    names = ["person_id", "sex", "needs"]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        formats.write({"person": frame}, out, format, STANDARD)
        assert back(out).rows() == [tuple(cell or None for cell in row) for row in cells]


QUOTING: list[Literal[0, 1]] = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(CELL, min_size=2, max_size=3), max_size=6),
    st.sampled_from(QUOTING),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_file_that_the_csv_module_writes_is_read_as_the_csv_module_reads_it(
    cells: list[list[str]], quoting: Literal[0, 1], end: str
) -> None:
    buffer = io.StringIO(newline="")
    # the module leaves a lone carriage return unquoted before a line feed, which no reader can tell from a line end
    lawful = [[cell.replace("\r", "") for cell in row] for row in cells]
    csv.writer(buffer, quoting=quoting, lineterminator=end).writerows([["person_id", "sex", "age"], *lawful])
    reading = csv_.read(Source("person.csv", buffer.getvalue().encode()), PERSON)
    assert reading.text is not None
    expected = [tuple(cell or None for cell in row) for row in lawful if len(row) == 3 and any(row)]
    assert reading.text.frame.drop(ROW).collect().rows() == expected
    assert reading.text.rows == len(expected)
    assert reading.text.damaged == any(len(row) != 3 and any(row) for row in lawful)


def test_csv_is_plain_and_quoted_only_where_it_must_be(tmp_path: Path) -> None:
    frame = pl.DataFrame({"person_id": ["p1", "p,2"], "sex": ["", "ë"], "needs": ["a|b", None]})
    formats.write({"person": frame}, tmp_path / "out", "csv", STANDARD)
    data = (tmp_path / "out" / "person.csv").read_bytes()
    assert data == 'person_id,sex,needs\np1,,a|b\n"p,2",ë,\n'.encode()


def test_parquet_holds_lists_and_keeps_missing_reasons_as_text(tmp_path: Path) -> None:
    frame = PEOPLE.with_columns(seen_on=pl.Series(["2024-01-31", "refused"]))
    formats.write({"person": frame}, tmp_path / "out", "parquet", STANDARD)
    stored = pl.read_parquet(tmp_path / "out" / "person.parquet")
    assert stored["needs"].to_list() == [["a", "b"], ["refused"]]
    assert stored["seen_on"].to_list() == ["2024-01-31", "refused"]
    assert back(tmp_path / "out").equals(frame)


def test_the_data_package_beside_csv_names_the_tables_and_columns_written_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = [("person_id", ""), ("sex", "person"), ("sex", "household"), ("not_written", "person")]
    keys = [{"fields": [field], "reference": {"resource": name, "fields": ["x"]}} for field, name in links]
    fields = [{"name": name} for name in ("not_written", "needs", "sex", "person_id")]
    schema = {"fields": fields, "foreignKeys": keys}
    resources = [{"name": name, "schema": schema} for name in ("person", "household")]
    generated = tmp_path / "schema" / "generated"
    generated.mkdir(parents=True)
    (generated / "datapackage.json").write_text(json.dumps({"name": "rdac", "resources": resources}))
    monkeypatch.setattr(writing, "schema_folder", lambda: tmp_path / "schema")
    formats.write({"person": PEOPLE}, tmp_path / "out", "csv", STANDARD)
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert package["name"] == "rdac"
    kept = {"fields": [{"name": name} for name in PEOPLE.columns], "foreignKeys": keys[:2]}
    assert package["resources"] == [{"name": "person", "schema": kept}]


def test_an_output_that_exists_is_refused_and_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "person.csv").write_text("mine")
    with pytest.raises(WriteError, match="--force"):
        formats.write({"person": PEOPLE}, out, "csv", STANDARD)
    assert written(out) == {"person.csv": "mine"}


def test_force_replaces_an_earlier_return_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    formats.write({"person": PEOPLE}, out, "parquet", STANDARD)
    formats.write({"person": PEOPLE}, out, "csv", STANDARD, force=True)
    assert not (out / "person.parquet").exists()
    assert back(out).equals(PEOPLE)
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("other", ["photo.jpg", "folder/person.csv"])
def test_force_does_not_replace_a_folder_that_holds_more_than_a_return(tmp_path: Path, other: str) -> None:
    path = tmp_path / "out" / other
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(WriteError, match="more than what is written here"):
        formats.write({"person": PEOPLE}, tmp_path / "out", "csv", STANDARD, force=True)
    assert path.read_text() == "mine"


def test_force_does_not_replace_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(WriteError, match="no folder"):
        formats.write({"person": PEOPLE}, tmp_path / "out", "csv", STANDARD, force=True)
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("before", [{}, {"person.csv": "mine"}])
def test_a_run_that_is_stopped_leaves_nothing_half_written(
    tmp_path: Path, stop: type[BaseException], before: dict[str, str]
) -> None:
    out = tmp_path / "out"
    for name, text in before.items():
        out.mkdir()
        (out / name).write_text(text)
    with pytest.raises(stop), formats.new_folder(out, force=True) as folder:
        (folder / "person.csv").write_text("half")
        raise stop
    assert [path for path in tmp_path.iterdir() if path != out] == []
    assert (written(out) if out.exists() else {}) == before


def test_a_table_that_is_not_of_the_standard_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        formats.write({"person": PEOPLE, "pet": PEOPLE}, tmp_path / "out", "csv", STANDARD)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="csv, parquet"):
        formats.write({"person": PEOPLE}, tmp_path / "out", "xlsx", STANDARD)


def test_a_place_that_cannot_be_written_is_told_to_people(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be made"):
        formats.write({"person": PEOPLE}, tmp_path / "file" / "out", "csv", STANDARD)


def test_a_template_is_a_header_that_reads_without_a_word(tmp_path: Path) -> None:
    for name, text in formats.templates(STANDARD).items():
        (tmp_path / f"{name}.csv").write_text(text)
    found = formats.read(tmp_path, STANDARD)
    assert found.groups == ()
    assert {name: text.headers for name, text in found.texts.items()} == {
        table.name: table.names for table in STANDARD.tables
    }


def test_a_folder_that_is_still_written_to_is_removed_when_its_block_fails(tmp_path: Path) -> None:
    def keep_writing(folder: Path) -> None:
        end = time.monotonic() + 0.4
        while time.monotonic() < end and folder.exists():
            with suppress(FileNotFoundError):
                (folder / f"{time.monotonic_ns()}.csv").touch()

    with pytest.raises(OverflowError), formats.new_folder(tmp_path / "out") as folder:
        thread = Thread(target=keep_writing, args=(folder,))
        thread.start()
        while len(list(folder.iterdir())) < 200:  # so that removing them takes a while
            pass
        raise OverflowError
    thread.join()
    assert not list(tmp_path.iterdir())
