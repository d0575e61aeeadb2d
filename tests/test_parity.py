"""Two engines, one answer: the same findings, cell by cell, for every field and every fault that it can have."""

from __future__ import annotations

import csv
import io
import json
import socket
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from rdac_validator import formats
from rdac_validator.check import check
from rdac_validator.cli import main
from rdac_validator.findings import Outcome, Report
from rdac_validator.reports import FORMATS, text
from rdac_validator.rules.cells import BlankCode
from rdac_validator.rules.kinds import kinds_of
from rdac_validator.standard import PROFILES, Column, Standard, Table, load, schema_folder
from rdac_validator.structure import ENGINES, engine_called
from rdac_validator.tables import Return
from tests import parity
from tests.returns import Rows, return_of

CELLS = 50_000
VALID = Path(__file__).parent.parent / "examples" / "valid"
PEOPLE = load().table("person")


def report(engine: str, given: Return, profile: str = "extended", standard: Standard | None = None) -> Report:
    """What an engine finds of structure and safety, without the rules."""
    return check(given, standard or load(), profile=profile, rules=(), engine=engine_called(engine))


@cache
def corpus() -> Return:
    return parity.corpus(load())


@cache
def whole(engine: str) -> Report:
    return report(engine, corpus())


def same(given: Return, profile: str = "extended") -> Report:
    """What both engines find, and that they find the same in every cell."""
    first, second = (report(engine, given, profile) for engine in ("pandera", "frictionless"))
    assert first.groups == second.groups
    assert first.runs == second.runs
    return first


def test_both_engines_find_the_same_in_every_cell_of_the_corpus() -> None:
    tried = sum(len(parity.cells_of(column, load())) for table in load().tables for column in table.columns)
    assert tried > CELLS
    assert whole("pandera").groups == whole("frictionless").groups
    assert whole("pandera").runs == whole("frictionless").runs
    assert not whole("pandera").crashed


@pytest.mark.parametrize("table", load().tables, ids=lambda table: table.name)
def test_every_fault_that_a_field_can_have_is_found_in_it(table: Table) -> None:
    groups = [group for group in whole("frictionless").groups if group.table == table.name]
    hit = {(group.code, column) for group in groups for column in group.columns}
    for column in table.columns:
        made = parity.mutants(column, load())
        for kind in kinds_of(column):
            asked = column.in_profile("extended") or not isinstance(kind, BlankCode)
            assert (kind.code, column.name) in hit or not made[kind.code] or not asked, (kind.code, column.name)
        assert ("RDAC112", column.name) in hit or not column.references
        assert ("RDAC111", column.name) in hit or column.name not in table.key


def test_a_fault_without_a_cell_made_for_it_is_one_that_the_form_of_its_field_rules_out() -> None:
    without = {
        (code, column.name)
        for table in load().tables
        for column in table.columns
        for code, made in parity.mutants(column, load()).items()
        if not made
    }
    assert {code for code, _ in without} <= {"RDAC115", "RDAC902", "RDAC910", "RDAC911", "RDAC912"}, sorted(without)


# Random text

LETTERS = "aAsSkKiI15 _-|/.\n\t\x1c\x85\u00a0\u017f\u212a\u0130\u0131\u0663\uff15\ufeff"
ANY_TEXT = st.text(st.sampled_from(LETTERS) | st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def batches(draw: st.DrawFn) -> tuple[Table, str, list[str | None]]:
    """A table, one of its columns, and cells for it: random text, alone or woven into cells of the corpus."""
    table = draw(st.sampled_from(load().tables))
    column = draw(st.sampled_from(table.columns))
    known = st.sampled_from(parity.cells_of(column, load()))
    woven = st.builds(lambda a, b, c: a + b + c, ANY_TEXT, known, ANY_TEXT)
    joined = st.lists(known | ANY_TEXT, min_size=2, max_size=4).map("|".join)
    return table, column.name, draw(st.lists(ANY_TEXT | woven | joined | st.none(), min_size=1, max_size=25))


@given(batches(), st.sampled_from(PROFILES))
@settings(max_examples=60)
def test_both_engines_find_the_same_in_random_text(batch: tuple[Table, str, list[str | None]], profile: str) -> None:
    table, column, found = batch
    same(return_of({table.name: [{column: cell} for cell in found]}, {table.name: [column]}), profile)


FEW = st.sampled_from(["", "a", "b", "A", "a ", "a|b", "not_asked", "2024-01-05", "2024-1-5", None])


@given(st.lists(st.tuples(FEW, FEW), max_size=8), st.lists(st.tuples(FEW, FEW, FEW), max_size=8))
@settings(max_examples=30)
def test_both_engines_find_the_same_doubled_keys_and_broken_references(
    returns: Sequence[tuple[str, str]], experiences: Sequence[tuple[str, str, str]]
) -> None:
    rows: dict[str, Rows] = {
        "dataset": [{"la_code": area, "period_start": day} for area, day in returns],
        "person": [{"person_id": area} for area, _ in returns],
        "harm_direction": [{"harm_id": day, "person_causing_id": area} for area, day in returns],
        "child_experience": [{"child_id": a, "assessment_id": b, "harm_ids": c} for a, b, c in experiences],
    }
    same(return_of(rows, {name: list(given_[0]) for name, given_ in rows.items() if given_}))


# Files


def test_both_engines_find_the_same_in_a_file_with_odd_cells_and_a_blank_last_line(tmp_path: Path) -> None:
    column = PEOPLE.column("sex")
    rows = [[parity.key(n), cell] for n, cell in enumerate(parity.cells_of(column, load())) if "\0" not in cell]
    with (tmp_path / "person.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["person_id", "sex"], *rows])
        file.write("\n")
    given_ = formats.read(tmp_path, load())
    assert given_.texts["person"].rows == len(rows)
    assert same(given_).groups
    assert not report("both", given_).crashed


@pytest.mark.parametrize("example", sorted(VALID.iterdir()), ids=lambda path: path.name)
def test_both_engines_find_the_same_in_every_format(example: Path) -> None:
    assert not report("both", formats.read(example, load())).crashed


# Differences


def changed(column: Column) -> Standard:
    """The standard with another column in the table of people, which the generated data package knows nothing of."""
    columns = tuple(column if c.name == column.name else c for c in PEOPLE.columns)
    tables = tuple(replace(t, columns=columns) if t.name == "person" else t for t in load().tables)
    return replace(load(), tables=tables)


SEXES = return_of({"person": [{"person_id": parity.key(n), "sex": "female"} for n in (1, 2, 3, 5)]})


def test_a_difference_is_our_fault_and_every_row_of_it_is_told_without_its_value() -> None:
    narrowed = changed(replace(PEOPLE.column("sex"), lists=("YesNo",)))
    found = report("both", SEXES, standard=narrowed)
    (crash,) = found.crashed
    assert crash.reason == "our fault: the engines differ: sex rows 2-5 by pandera alone"
    assert (crash.code, crash.table) == ("RDAC106", "person")
    assert found.exit_code == 3
    assert [list(group.rows) for group in found.groups if group.code == "RDAC106"] == [[2, 3, 4, 5]]
    said = " ".join(text.render(found).split())
    assert "crashed: our fault: the engines differ: sex rows 2-5 by pandera alone: RDAC106" in said


@pytest.mark.parametrize("form", FORMATS)
def test_every_kind_of_report_tells_a_difference_and_no_value(form: str) -> None:
    narrowed = changed(replace(PEOPLE.column("sex"), lists=("YesNo",)))
    rendered = FORMATS[form].render(report("both", SEXES, standard=narrowed))
    if isinstance(rendered, bytes):
        with zipfile.ZipFile(io.BytesIO(rendered)) as parts:
            rendered = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "the engines differ: sex rows 2-5 by pandera alone" in rendered
    assert "female" not in rendered


def test_an_error_that_no_kind_answers_to_is_our_fault_and_no_kind_of_the_table_passes() -> None:
    freed = changed(replace(PEOPLE.column("sex"), lists=(), type="string"))
    given_ = return_of({"person": [{"person_id": parity.key(1), "sex": "unheard-of"}]})
    found = report("frictionless", given_, standard=freed)
    assert {run.reason for run in found.crashed} == {
        "our fault: no kind answers to enum in sex from frictionless",
    }
    ran = {run.outcome for run in found.runs if run.table == "person" and run.code in {"RDAC101", "RDAC102", "RDAC106"}}
    assert ran == {Outcome.CRASHED}
    assert found.exit_code == 3


def test_without_a_difference_both_engines_report_what_either_does() -> None:
    assert report("both", SEXES).groups == report("pandera", SEXES).groups
    assert report("both", SEXES).runs == report("frictionless", SEXES).runs


# Nothing from elsewhere


def test_frictionless_opens_no_connection_and_no_file_that_a_cell_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    report("frictionless", SEXES)  # whatever it imports and the schemas are read by now
    secret = tmp_path / "secret.csv"
    secret.write_text("person_id\nx\n")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    names = ["https://example.org/person.csv", "../person.csv", str(secret), "file:///etc/passwd"]
    given_ = return_of({"person": [{"person_id": name, "sex": name} for name in names]})
    assert [group.rows.tolist() for group in report("frictionless", given_).groups if group.columns == ("sex",)] == [
        [2, 3, 4, 5]
    ]


# The command line


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    folder = tmp_path / "return"
    folder.mkdir()
    (folder / "person.csv").write_text("person_id,sex\nkq7h2m9x4v8c3n6b5tz,Male\n", encoding="utf-8")
    return folder


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["validate", *arguments, "--profile", "t0"])
    return result.exit_code, result.output


def test_every_engine_gives_the_same_report_save_for_the_line_that_names_it(faulty: Path) -> None:
    plain = run(str(faulty))
    for engine, said in ENGINES.items():
        code, told = run(str(faulty), "--engine", engine)
        line = f"- structure checked by {said}\n"
        assert line in told
        assert (code, told.replace(line, "")) == plain


def test_the_settings_file_may_name_the_engine(faulty: Path) -> None:
    settings_file = faulty.parent / "rdac.toml"
    settings_file.write_text('engine = "both"\n', encoding="utf-8")
    assert "checked by pandera and frictionless" in run(str(faulty))[1]
    assert "checked by frictionless" in run(str(faulty), "--engine", "frictionless")[1]
    schema = json.loads((schema_folder() / "settings.schema.json").read_text(encoding="utf-8"))
    assert schema["properties"]["engine"]["enum"] == list(ENGINES)


def test_a_census_has_no_engines(tmp_path: Path) -> None:
    census = tmp_path / "census.xml"
    census.write_text("<Message/>", encoding="utf-8")
    code, told = run(str(census), "--engine", "both")
    assert (code, "leave --engine out" in told) == (2, True)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_is_there_by_its_name(engine: str) -> None:
    assert engine_called(engine)(SEXES, load(), ()).name == engine
