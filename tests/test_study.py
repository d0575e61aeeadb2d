"""The published study: its figures are copied right, records have them exactly, and its tables come out again."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rdac_validator import crosswalks, study
from rdac_validator.analysis.indicators import CROSSWALKS
from rdac_validator.check import check
from rdac_validator.cli import main
from rdac_validator.standard import load
from rdac_validator.study.golden import NUMBER
from rdac_validator.study.published import CODES
from rdac_validator.study.quotas import DVA, class_counts
from rdac_validator.synth.faults import as_return
from rdac_validator.whole import apportion, nearest

TABLES = Path(__file__).parent.parent.parent / "shared" / "facts" / "rdac_tables"
STUDY = study.load()
SITES = list(STUDY.sites)
SUBJECTS = {"Gender": "sex", "Age": "age", "Ethnicity": "ethnic group"}
beside = pytest.mark.skipif(not TABLES.is_dir(), reason="the study's tables are not beside this checkout (../shared)")


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def label(text: str) -> str:
    """A label without the mark of its note."""
    return re.sub(r" \[.*", "", text)


def printed(site: str, about: str) -> dict[str, tuple[str, str]]:
    cells = STUDY.sites[site].tables[about].rows.items()
    return {row: tuple("c" if x is None else str(x) for x in (one.number, one.percentage)) for row, one in cells}  # type: ignore[misc]


def compared(site: str, *, reading: bool = False) -> list[study.Compared]:
    made = study.make(STUDY, site, load(), reading=reading)
    return study.compare(as_return(made), STUDY, site, load())


@beside
def test_the_figures_are_those_of_the_tables_that_were_taken_from_the_report() -> None:
    found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for name, site in (("table_5_1_demographics_c1_c2", ""), ("table_5_2_demographics_c3", "C3")):
        for row in rows(name):
            cells = found.setdefault((row.get("site") or site, SUBJECTS[row["characteristic"]]), {})
            cells[row["category"]] = (row["n_published"], row["pct_published"])
    for row in rows("table_5_3_pathways_c1_c2"):
        found.setdefault((row["site"], "pathway"), {})[row["pathway"]] = (row["n_published"], row["pct_published"])
    for row in rows("supp_table_1_2_factors_c1_c2"):
        found.setdefault((row["site"], CODES), {})[label(row["factor"])] = (row["n"], row["pct_published"])
    for row in rows("table_5_4_and_supp_1_7_pathways_c3"):
        found.setdefault(("C3", "registration_outcome"), {})[row["outcome"]] = (row["n"], row["pct"])
    for row in rows("supp_table_1_4_factors_c3"):
        found.setdefault(("C3", CODES), {})[label(row["indicator"])] = (row["n"], row["pct_published"])
    assert found == {(name, about): printed(name, about) for name, site in STUDY.sites.items() for about in site.tables}


@beside
@pytest.mark.parametrize(
    ("site", "figure"), [("C1", "fig_5_1_lca_c1"), ("C2", "fig_5_7_lca_c2"), ("C3", "fig_5_10_lca_c3")]
)
def test_the_classes_are_those_of_the_figures(site: str, figure: str) -> None:
    classes = STUDY.sites[site].classes
    sizes = {label(row["class_label_as_published"]): float(row["class_size_pct"]) for row in rows(figure)}
    assert sizes == classes.sizes
    found: dict[str, list[float]] = {}
    for row in rows(figure):
        found.setdefault(row["indicator"], []).append(float(row["probability_pct"]))
    assert [tuple(probabilities) for probabilities in found.values()] == list(classes.probabilities.values())


@beside
def test_sizes_times_probabilities_give_what_was_worked_out_with_the_material() -> None:
    for row in rows("check_lca_implied_marginals"):
        names = {name.lower(): name for name in STUDY.sites[row["site"]].classes.probabilities}
        implied = STUDY.sites[row["site"]].classes.implied(names[label(row["indicator"]).lower()])
        assert implied == pytest.approx(float(row["implied_pct_from_class_sizes_x_probabilities"]), abs=0.006)


def test_sizes_times_probabilities_are_the_printed_prevalence_but_for_rounding() -> None:
    for site, within in (("C1", 0.06), ("C2", 0.11), ("C3", 0.3)):
        for indicator, row in STUDY.sites[site].tables[CODES].rows.items():
            assert row.percentage is not None
            assert abs(STUDY.sites[site].classes.implied(indicator) - row.percentage) < within, indicator


def test_what_is_printed_of_all_records_sums_to_them_but_for_the_pathways_of_c2() -> None:
    wrong = {
        (name, about): sum(row.number or 0 for row in table.rows.values()) - site.size
        for name, site in STUDY.sites.items()
        for about, table in site.tables.items()
        if about != CODES and sum(row.number or 0 for row in table.rows.values()) != site.size
    }
    assert wrong == {("C2", "pathway"): 10}


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("reading", [False, True])
def test_every_choice_leaves_the_number_of_records_as_it_is(site: str, reading: bool) -> None:
    one = STUDY.sites[site]
    assert {sum(one.margin(about, reading=reading).values()) for about in one.tables if about != CODES} == {one.size}


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("seed", [1, 2])
def test_records_have_the_published_numbers_exactly_and_all_have_domestic_abuse(site: str, seed: int) -> None:
    one, made = STUDY.sites[site], study.records(STUDY.sites[site], seed)
    assert len(made) == one.size
    for about in one.tables:
        told = Counter(x for record in made for x in ([record.answers[about]] if about != CODES else record.indicators))
        assert {row: told[row] for row in one.tables[about].rows} == one.margin(about)
    assert all(record.indicators & {*DVA, "Domestic abuse"} for record in made)


@pytest.mark.parametrize(("site", "rounding"), [("C1", 0.0005), ("C2", 0.0005), ("C3", 0.005)])
def test_classes_have_their_size_and_profile_to_one_record_beyond_rounding(site: str, rounding: float) -> None:
    one = STUDY.sites[site]
    classes = Counter(record.latent_class for record in study.records(one))
    assert list(classes.keys() ^ one.classes.sizes.keys()) == []
    for name, size in one.classes.sizes.items():
        assert abs(classes[name] - one.size * size / sum(one.classes.sizes.values())) < 1
    for indicator, counts in class_counts(one).items():
        shares = one.classes.probabilities[indicator]
        for name, count, share in zip(one.classes.sizes, counts, shares, strict=True):
            assert abs(count - classes[name] * share / 100) < 1 + rounding * classes[name], (indicator, name)


def test_indicators_of_a_class_are_independent_so_that_a_class_is_all_that_ties_them() -> None:
    made = [one.indicators for one in study.records(STUDY.sites["C2"]) if one.latent_class == "DVA parent"]
    names = ("Parent's alcohol misuse", "Parent's/another person's mental health")
    one, other, both = (sum(set(want) <= had for had in made) for want in ((names[0],), (names[1],), names))
    assert both == pytest.approx(one * other / len(made), rel=0.05)


@pytest.mark.parametrize("site", SITES)
def test_a_return_like_the_study_has_no_finding_at_t0(site: str) -> None:
    report = check(as_return(study.make(STUDY, site, load())), load(), profile="t0")
    assert not report.crashed
    assert [group.code for group in report.groups] == []


def test_the_same_seed_gives_the_same_return_and_another_one_the_same_figures() -> None:
    first, again, other = (study.make(STUDY, "C1", load(), seed) for seed in (1, 1, 2))
    assert all(first[name].equals(again[name]) for name in first)
    assert not first["person"].equals(other["person"])
    found = (study.compare(as_return(made), STUDY, "C1", load()) for made in (first, other))
    assert next(found) == next(found)


@pytest.mark.parametrize(("site", "figures", "unequal"), [("C1", 72, 0), ("C2", 72, 4), ("C3", 57, 7)])
def test_the_tables_come_out_cell_by_cell_or_it_is_said_what_stands_in_the_way(
    site: str, figures: int, unequal: int
) -> None:
    cells = compared(site)
    assert [(cell.about, cell.row, cell.measure) for cell in cells if cell.equal == bool(cell.why)] == []
    assert (len(cells), sum(not cell.equal for cell in cells)) == (figures, unequal)


def test_every_cell_that_is_said_to_differ_is_a_cell_of_the_tables() -> None:
    told = {(c.site, c.about, c.row, c.measure) for site in SITES for c in compared(site) if c.why}
    assert told == {(d.site, d.about, row, m) for d in STUDY.differences for row in d.rows for m in d.measures}


def test_one_child_recorded_otherwise_is_seen() -> None:
    made = study.make(STUDY, "C1", load())
    sex = made["person"]["sex"].to_list()
    sex[sex.index("male")] = "female"
    made["person"] = made["person"].with_columns(pl.Series("sex", sex))
    wrong = {(c.row, c.measure) for c in study.compare(as_return(made), STUDY, "C1", load()) if not c.equal}
    assert wrong == {("Male", "number"), ("Male", "percentage"), ("Female", "number"), ("Female", "percentage")}


def test_a_small_number_of_other_is_suppressed_as_printed_and_never_alone() -> None:
    cells = {c.row: c.found for c in compared("C3", reading=True) if c.about == "ethnic group" and c.measure == NUMBER}
    assert cells["Other"] == "c"
    assert sum(number == "c" for number in cells.values()) == 2


def test_the_other_reading_of_registration_exchanges_the_two_numbers() -> None:
    outcome = "registration_outcome"
    cells = {c.row: c for c in compared("C3", reading=True) if c.about == outcome and c.measure == NUMBER}
    assert cells["Registered"].found == cells["Not registered"].printed == "906"
    assert cells["Not registered"].found == cells["Registered"].printed == "455"


@pytest.mark.parametrize("nation", CROSSWALKS)
def test_the_code_that_stands_for_an_indicator_leads_to_it_in_the_crosswalk(nation: str) -> None:
    target = {line.code: line.target_label for line in crosswalks.load(CROSSWALKS[nation]).matches}
    for indicator, code in STUDY.codes[nation].items():
        assert target[code].removesuffix(", merged").lower() == indicator.lower()
    assert len(set(STUDY.codes[nation].values())) == len(STUDY.codes[nation])


def test_decisions_are_counted_as_the_report_counted_them() -> None:
    noted = {v.code: v.notes["rdac_binary"] for v in load().lists["ScottishConferenceDecision"].values}
    noted["not_recorded"] = "not_registered"  # printed as Null
    given = {d: outcome.lower().replace(" ", "_") for outcome, all_ in STUDY.decisions.items() for d in all_}
    assert given == noted


def test_the_command_writes_a_return_and_says_what_was_taken(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["synth", str(tmp_path / "c2"), "--like", "C2"])
    assert result.exit_code == 0, result.output
    assert "1,073 records" in result.output
    assert "I04" in result.output
    assert pl.read_csv(tmp_path / "c2" / "assessment.csv").height == 1073


@pytest.mark.parametrize("more", [["--children", "5"], ["--faults", "1"], ["--format", "cin-xml"]])
def test_a_return_like_the_study_has_no_other_size_no_faults_and_no_census(tmp_path: Path, more: list[str]) -> None:
    result = CliRunner().invoke(main, ["synth", str(tmp_path / "out"), "--like", "C1", *more])
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1)), min_size=1, max_size=6), st.data())
def test_whole_numbers_sum_to_the_total_within_their_limits(
    parts: list[tuple[int, float]], data: st.DataObject
) -> None:
    most = [limit for limit, _ in parts]
    total = data.draw(st.integers(0, sum(most)))
    numbers = nearest([limit * share for limit, share in parts], most, total)
    assert sum(numbers) == total
    assert all(0 <= number <= limit for number, limit in zip(numbers, most, strict=True))


def test_the_largest_remainder_is_rounded_up_and_what_cannot_be_held_is_refused() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(1073, [326, 492, 265]) == list(STUDY.sites["C2"].margin("pathway").values())
    with pytest.raises(ValueError, match="hold the total"):
        nearest([1.0], [3], 4)
