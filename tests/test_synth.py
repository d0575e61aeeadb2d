"""Synthetic returns: plausible, without errors or warnings, the same for the same seed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import yaml

from rdac_validator import formats, synth
from rdac_validator.check import check
from rdac_validator.findings import Finding, InputError, Report, Severity
from rdac_validator.formats import cin_write, cin_xml
from rdac_validator.rules import catalogue
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.standard import load, schema_folder
from rdac_validator.synth import faults
from rdac_validator.synth.families import Families
from rdac_validator.synth.shares import Draw

Frames = dict[str, pl.DataFrame]


def checked(frames: Frames) -> Report:
    return check(faults.as_return(frames), load(), profile="extended")


@pytest.mark.parametrize("nation", ["england", "scotland"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_synthetic_return_has_no_error_and_no_warning_at_the_widest_profile(seed: int, nation: str) -> None:
    report = checked(synth.make(700, seed, load(), nation))
    assert not report.crashed
    assert [g for g in report.groups if g.severity.at_least(Severity.WARNING)] == []


def test_the_same_seed_gives_the_same_return_and_another_seed_another() -> None:
    first, again, other = (synth.make(30, seed, load()) for seed in (5, 5, 6))
    assert all(first[name].equals(again[name]) for name in first)
    assert not first["person"].equals(other["person"])


def test_a_synthetic_return_has_the_children_asked_for_each_with_an_episode() -> None:
    for count in (1, 2, 57):
        frames = synth.make(count, 1, load())
        assert frames["episode"]["child_id"].n_unique() == count
        assert frames["person"].filter(pl.col("person_kind") != "adult").height == count


def test_a_return_without_children_or_of_an_unknown_nation_is_refused() -> None:
    with pytest.raises(InputError, match="at least one child"):
        synth.make(0, 1, load())
    with pytest.raises(InputError, match="england or scotland"):
        synth.make(1, 1, load(), "wales")


def test_harm_runs_in_every_direction_that_the_report_found_missing_from_the_data() -> None:
    classes = set(synth.make(6000, 1, load())["harm_direction"]["harm_direction_class"].unique())
    assert {
        "male_to_female_partner",
        "female_to_male_partner",
        "parent_to_child",
        "adult_child_to_parent",
        "under18_child_to_parent",
        "sibling",
        "intergenerational_other_adult",
    } <= classes


def test_shares_of_domestic_abuse_and_sex_follow_the_published_tables() -> None:
    frames = synth.make(6000, 1, load())
    main = frames["assessment"].filter(pl.col("assessment_type") == "child_and_family")
    children = frames["person"].filter(pl.col("person_kind") == "child")
    recorded = main["source_codes"].str.contains(r"3[ABC]").mean()
    female = (children["sex"] == "female").mean()
    assert isinstance(recorded, float)
    assert isinstance(female, float)
    # one in three families has abuse; episodes before this one are without it
    assert 0.27 < recorded < 0.33
    assert abs(female - 531 / 1052) < 0.03


def test_every_column_of_a_return_says_something_somewhere() -> None:
    silent = {"voice_text", "source_system_changed_on", "population_baseline", "dpia_reference", "typology_label"}
    frames = synth.make(1500, 1, load())
    # worked out by the checker from other columns, and not typed in
    silent |= {"legal_frame"}
    blank = {
        f"{name}.{column}"
        for name, frame in frames.items()
        for column in frame.columns
        if column not in silent and not (frame[column] != "").any()
    }
    assert blank == {"assessment.registration_outcome"}  # an English conference decides on no register


def test_every_share_names_its_source_or_stands_among_the_assumed() -> None:
    document = yaml.safe_load((schema_folder() / "synth.yaml").read_text("utf-8"))
    sources = yaml.safe_load((schema_folder() / "sources.yaml").read_text("utf-8"))
    assert set(document) == {"published", "prevalence", "assumed"}
    for item in (*document["published"].values(), *document["prevalence"].values()):
        assert item["source"].split(":")[0] in sources
        assert item["of"]


def test_every_code_in_the_shares_is_in_the_standard() -> None:
    document = yaml.safe_load((schema_folder() / "synth.yaml").read_text("utf-8"))
    known = {code for codes in load().lists.values() for code in codes.codes}
    for name, values in document["assumed"].items():
        table, _, column = name.partition(".")
        if column and load().table(table).column(column.partition("/")[0]).type == "code":
            unknown = {choice for cell in values for choice in str(cell).split("|")} - known
            assert not unknown, f"{name} draws {unknown}"


def expected(key: list[synth.Answer]) -> Counter[tuple[object, ...]]:
    return Counter((a["code"], a["table"], a["file"], a["row"], tuple(a["columns"]), a["severity"]) for a in key)


def found(report: Report) -> Counter[tuple[object, ...]]:
    def place(finding: Finding) -> tuple[object, ...]:
        return (finding.code, finding.table, finding.file, finding.row, finding.columns, finding.severity)

    return Counter(place(finding) for finding in report.findings())


@pytest.mark.parametrize(("seed", "form"), [(1, "csv"), (2, "csv"), (3, "parquet")])
def test_of_500_planted_faults_each_is_found_by_code_and_row_and_nothing_else(
    seed: int, form: str, tmp_path: Path
) -> None:
    frames, key = synth.plant(synth.make(2000, seed, load()), 500, seed, load(), form)
    formats.write(frames, tmp_path / "out", form, load())
    report = check(formats.read(tmp_path / "out", load()), load(), profile="extended")
    assert not report.crashed
    assert found(report) == expected(key)
    assert {a["code"] for a in key if a["planted"]} >= set(faults.recipe_book(load()))


def test_faults_of_a_scottish_return_are_found_and_nothing_else() -> None:
    frames, key = synth.plant(synth.make(2500, 4, load(), "scotland"), 200, 4, load())
    assert found(checked(frames)) == expected(key)


@pytest.mark.parametrize("seed", range(10, 16))
def test_a_few_faults_of_any_seed_are_found_and_nothing_else(seed: int) -> None:
    frames, key = synth.plant(synth.make(500, seed, load()), 40, seed, load())
    assert found(checked(frames)) == expected(key)
    assert sum(answer["planted"] for answer in key) >= 40


@pytest.mark.parametrize("code", sorted(faults.dataset_recipes()))
def test_each_fault_of_the_row_that_describes_the_return_is_found(code: str) -> None:
    home = Families(synth.make(20, 1, load()), load())
    planting = faults.dataset_recipes()[code].find(home.dataset, Draw(1))
    assert planting is not None
    (mark,) = planting()
    home.settle()
    planted = [f for f in checked(home.frames()).findings() if f.code not in {"RDAC323", "RDAC324"}]
    assert [(f.code, f.row) for f in planted] == [(code, home.numbers(2)[id(mark.row)])]


def test_the_same_seed_plants_the_same_faults() -> None:
    first, again = (synth.plant(synth.make(400, 5, load()), 30, 5, load()) for _ in range(2))
    assert first[1] == again[1]
    assert all(first[0][name].equals(again[0][name]) for name in first[0])


def test_faults_leave_the_return_that_they_were_planted_in_alone() -> None:
    before, untouched = synth.make(400, 5, load()), synth.make(400, 5, load())
    synth.plant(before, 30, 5, load())
    assert all(before[name].equals(untouched[name]) for name in before)


def test_more_faults_than_there_are_families_are_refused() -> None:
    with pytest.raises(InputError, match="ask for more children"):
        synth.plant(synth.make(5, 1, load()), 50, 1, load())


# Faults of a whole file or table, which would silence those planted in it: examples/invalid has each of them.
OF_A_FILE = {"RDAC113", "RDAC114", "RDAC376", "RDAC901", "RDAC904"}


def test_every_kind_and_rule_has_a_recipe_or_a_reason_why_not() -> None:
    read_from_a_census = {rule.code for rule in CIN_RULES}
    codes = {info.code for info in catalogue()} - OF_A_FILE - read_from_a_census
    assert set(faults.recipe_book(load())) | set(faults.dataset_recipes()) == codes


def test_the_answer_key_is_sorted_json_that_names_code_table_file_row_and_columns() -> None:
    _, key = synth.plant(synth.make(300, 5, load()), 10, 5, load())
    written = json.loads(synth.to_json(key))
    assert list(written[0]) == ["table", "file", "row", "code", "columns", "severity", "planted"]
    assert written == sorted(written, key=lambda a: (a["table"], a["file"], a["row"], a["code"], a["columns"]))


@pytest.mark.parametrize("year", [f"{first}-{first - 1999}" for first in range(2017, 2027)])
def test_a_synthetic_census_of_any_year_has_no_finding_under_the_dfe_rules(year: str, tmp_path: Path) -> None:
    cin_write.write(synth.census(400, 3, load(), year), tmp_path / "census.xml", load())
    given = cin_xml.read(tmp_path / "census.xml", load())
    report = check(given, load(), profile="t0", rules=CIN_RULES, structure=False)
    assert not report.crashed
    assert list(report.findings()) == []
    assert given.texts["cin_child"].rows == 400


def test_factors_of_a_synthetic_census_come_as_often_as_in_england() -> None:
    frames = synth.census(6000, 1, load())
    factors = frames["cin_factor"]
    assessments = factors["assessment_no"].n_unique()
    parents = factors.filter(pl.col("AssessmentFactors") == "3B").height
    # 162,890 of 513,250 episodes in 2025; 2.75 factors an episode
    assert abs(parents / assessments - 0.317) < 0.02
    assert 2.5 < factors.height / assessments < 3.0


def test_a_census_of_an_unknown_year_is_refused() -> None:
    with pytest.raises(InputError, match="census year"):
        synth.census(1, 1, load(), "2016-17")
