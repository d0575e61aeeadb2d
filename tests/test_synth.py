"""Synthetic returns: plausible, without errors or warnings, the same for the same seed."""

from __future__ import annotations

import polars as pl
import pytest
import yaml

from rdac_validator import synth
from rdac_validator.check import check
from rdac_validator.findings import Report, Severity
from rdac_validator.standard import load, schema_folder
from rdac_validator.tables import ROW, Return, Text

Frames = dict[str, pl.DataFrame]


def as_return(frames: Frames) -> Return:
    """The frames as a reader would give them, blank cells null."""
    texts = {}
    for name, frame in frames.items():
        text = frame.with_columns(pl.all().replace("", None)).with_row_index(ROW, 2)
        texts[name] = Text(name, f"{name}.csv", "csv", text.lazy(), frame.height, tuple(frame.columns))
    return Return(texts)


def checked(frames: Frames) -> Report:
    return check(as_return(frames), load(), profile="extended")


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
    with pytest.raises(ValueError, match="at least one child"):
        synth.make(0, 1, load())
    with pytest.raises(ValueError, match="england or scotland"):
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
