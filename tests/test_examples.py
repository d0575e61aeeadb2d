"""The examples that ship: the clean ones are clean, and each faulty one has its fault and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rdac_validator import formats
from rdac_validator.check import check
from rdac_validator.findings import Report, Severity
from rdac_validator.formats import cin_xml
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.standard import load
from rdac_validator.synth import faults
from rdac_validator.tables import ROW
from tests import corpus
from tests.corpus import EXAMPLES, EXPECTED, INVALID

RECIPES = sorted(faults.recipe_book(load()) | faults.dataset_recipes())
STALE = "made again, the example differs: run python -m tests.corpus and look at what changed"


def on_disk(folder: Path) -> corpus.Files:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def told(report: Report) -> list[dict[str, Any]]:
    """The findings as expected.json lists them; info only tells."""
    found = [
        corpus.finding(f.code, f.severity, f.table, f.row, f.columns, f.file)
        for f in report.findings()
        if f.severity is not Severity.INFO
    ]
    return sorted(found, key=lambda f: (f["code"], f["table"], f["row"], f["columns"]))


@pytest.mark.parametrize("folder", INVALID, ids=lambda folder: folder.name)
def test_in_a_faulty_example_exactly_what_is_expected_is_found(folder: Path) -> None:
    expected = json.loads((folder / EXPECTED).read_text("utf-8"))
    report = corpus.checked(folder)
    assert not report.crashed
    assert told(report) == expected["findings"]
    assert folder.name.partition("-")[0] in {finding["code"] for finding in expected["findings"]}


@pytest.mark.parametrize("folder", sorted((EXAMPLES / "valid").iterdir()), ids=lambda folder: folder.name)
def test_a_valid_example_has_no_error_and_no_warning_at_the_widest_profile(folder: Path) -> None:
    report = check(formats.read(folder, load()), load(), profile="extended")
    assert not report.crashed
    assert [g.code for g in report.groups if g.severity.at_least(Severity.WARNING)] == []


@pytest.mark.parametrize("folder", sorted((EXAMPLES / "profiles").iterdir()), ids=lambda folder: folder.name)
def test_a_return_of_a_narrower_profile_has_no_error_and_no_warning_at_it(folder: Path) -> None:
    report = check(formats.read(folder, load()), load(), profile=folder.name)
    assert not report.crashed
    assert [g.code for g in report.groups if g.severity.at_least(Severity.WARNING)] == []


def test_the_census_example_has_no_finding_under_the_dfe_rules() -> None:
    given = cin_xml.read(EXAMPLES / "census" / "small.xml", load())
    report = check(given, load(), profile="t0", rules=CIN_RULES, structure=False)
    assert not report.crashed
    assert list(report.findings()) == []


@pytest.mark.parametrize("code", RECIPES)
def test_a_faulty_example_is_what_its_seed_and_recipe_make(code: str) -> None:
    folder = EXAMPLES / "invalid" / corpus.folder_name(code)
    seed = json.loads((folder / EXPECTED).read_text("utf-8"))["seed"]
    assert corpus.planted(code, [seed], sure=True).contents == on_disk(folder), STALE


@pytest.mark.parametrize("code", sorted(corpus.OF_A_FILE))
def test_a_faulty_file_is_what_its_change_makes(code: str) -> None:
    example = corpus.of_a_file(code)
    assert example.contents == on_disk(EXAMPLES / "invalid" / example.name), STALE


def test_the_valid_examples_are_what_their_seeds_make(tmp_path: Path) -> None:
    for name, files in (corpus.valid() | corpus.narrower()).items():
        assert files == on_disk(EXAMPLES / name), STALE
    corpus.census(tmp_path / "small.xml")
    assert (tmp_path / "small.xml").read_bytes() == (EXAMPLES / "census" / "small.xml").read_bytes(), STALE


@pytest.mark.parametrize("name", ["england-parquet", "england-workbook.xlsx"])
def test_the_example_in_another_format_holds_the_same_cells(name: str) -> None:
    given = formats.read(EXAMPLES / "valid" / name, load())
    for table, frame in corpus.whole().items():
        cells = given.texts[table].frame.drop(ROW).collect()
        assert cells.select(frame.columns).equals(frame.with_columns(pl.all().replace("", None))), STALE


def test_every_code_with_a_recipe_and_every_reading_fault_of_csv_has_an_example_and_there_are_no_others() -> None:
    made = {corpus.folder_name(code) for code in (*RECIPES, *corpus.OF_A_FILE)}
    assert {folder.name for folder in INVALID} == made
