"""The examples that ship: the clean ones are clean, and each faulty one has its fault and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from rdac_validator import conformance, explanations, formats, mapping
from rdac_validator.check import check
from rdac_validator.findings import Severity
from rdac_validator.formats import cin_xml
from rdac_validator.rules import RULES
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.rules.kinds import KINDS
from rdac_validator.standard import load
from rdac_validator.synth import faults
from rdac_validator.tables import ROW
from tests import corpus, corpus_census, corpus_files
from tests.corpus import EXAMPLES, EXPECTED

RECIPES = sorted(faults.recipe_book(load()) | faults.dataset_recipes())
STALE = "made again, the example differs: run python -m tests.corpus and look at what changed"


def on_disk(folder: Path) -> corpus.Files:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FOLDERS = sorted(path for path in (EXAMPLES / "invalid").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_in_a_faulty_example_exactly_what_is_expected_is_found(folder: Path) -> None:
    said = corpus.said_of(folder)
    mapped = said["kind"] == "mapping"
    groups = corpus.looked_at(folder, "mapping", "", "") if mapped else corpus.checked(folder).groups
    assert mapped or not corpus.checked(folder).crashed
    found = corpus.told(groups)
    assert sorted(found, key=lambda f: (f["code"], f["table"], f["row"], f["columns"])) == said["findings"]
    assert folder.name.partition("-")[0] in {finding["code"] for finding in said["findings"]}


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


FILES: dict[str, Callable[[str], corpus.Example]] = {
    **dict.fromkeys(corpus.OF_A_FILE, corpus.of_a_file),
    **dict.fromkeys(corpus_files.OF_OTHER_FORMATS, corpus.of_other_format),
    **dict.fromkeys(corpus_files.OF_EXPORTS, corpus.of_export),
}


@pytest.mark.parametrize("code", sorted(FILES))
def test_a_faulty_file_is_what_its_change_makes(code: str) -> None:
    example = FILES[code](code)
    there = on_disk(EXAMPLES / "invalid" / example.name)
    assert {k: v for k, v in example.contents.items() if not k.endswith(corpus_files.VARYING)} == {
        k: v for k, v in there.items() if not k.endswith(corpus_files.VARYING)
    }, STALE
    assert example.contents.keys() == there.keys()


@pytest.mark.parametrize("code", corpus_census.CODES)
def test_a_faulty_census_is_what_the_bad_case_of_its_rule_makes_and_shows_what_is_said(code: str) -> None:
    folder = EXAMPLES / "invalid" / corpus.folder_name(code)
    said = corpus.said_of(folder)
    assert corpus.census_text(code, said["seed"]) == (folder / said["input"]).read_text("utf-8"), STALE
    assert {finding["code"] for finding in said["findings"]} == {code} | corpus_census.ALSO.get(code, frozenset())


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


def test_every_code_that_can_be_found_has_an_example_or_a_reason_why_it_cannot_have_one() -> None:
    shown = {folder.name.partition("-")[0] for folder in FOLDERS}
    without = corpus_files.WITHOUT_FILE
    assert shown | without.keys() == {*explanations.codes(), *(info.code for info in mapping.LOOKED_FOR)}
    assert not shown & without.keys()
    assert {folder.name for folder in FOLDERS} == {corpus.folder_name(code) for code in shown}


EVERY = sorted((EXAMPLES / "every-rule").iterdir())


def shown(folder: Path) -> set[str]:
    return {finding["code"] for finding in corpus.said_of(folder)["findings"]}


@pytest.mark.parametrize("folder", EVERY, ids=lambda folder: folder.name)
def test_where_every_rule_is_shown_exactly_what_is_expected_is_found(folder: Path) -> None:
    said = corpus.said_of(folder)
    found = corpus.told(corpus.looked_at(folder, said["kind"], said["input"], said["profile"]))
    assert sorted(found, key=lambda f: (f["code"], f["table"], f["row"], f["columns"])) == said["findings"]


def test_two_returns_and_a_census_show_every_rule_between_them() -> None:
    codes = {folder.name: shown(folder) for folder in EVERY}
    assert {rule.code for rule in CIN_RULES} <= codes["census"]
    assert {rule.code for rule in RULES} | {kind.code for kind in KINDS} <= codes["return"] | codes["nothing-in-it"]


def test_one_return_alone_could_not_show_them_all() -> None:
    """A table that is missing takes with it the rules that read it, and each is read; without rows there is none."""
    read = {table for rule in RULES for table in (rule.table, *rule.needs)}
    assert {table.name for table in load().tables if table.in_profile("extended")} <= read
    assert shown(EXAMPLES / "every-rule" / "nothing-in-it") == {"RDAC113", "RDAC376"}


def test_the_returns_of_every_rule_are_what_their_seed_and_the_bad_cases_make() -> None:
    for example in corpus.every_rule():
        assert example.contents == on_disk(EXAMPLES / "every-rule" / example.name), STALE


def test_the_manifest_is_what_the_examples_make() -> None:
    assert corpus.manifest() == (EXAMPLES / conformance.MANIFEST).read_text("utf-8"), STALE


def test_the_examples_stay_small() -> None:
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*") if path.is_file()) < 10_000_000
