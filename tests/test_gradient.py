"""Rates by deprivation tenth and how steep they are: held against exact limits, simulation and a known gradient."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rdac_validator import cli, formats, synth
from rdac_validator.analysis.normal import Z
from rdac_validator.disclosure import Figure, Policy
from rdac_validator.metrics.axes import OTHER_INDEX, TENTHS
from rdac_validator.quality import gradient, rates
from rdac_validator.quality.derived import Derived
from rdac_validator.quality.measuring import Quality, measure
from rdac_validator.quality.populations import Populations, PopulationsError, read
from rdac_validator.standard import load
from rdac_validator.tables import Return
from tests.returns import return_of

STANDARD = load()
IMD, OLD, SIMD = "imd_2025_lsoa21", "imd_2019_lsoa11", "simd_2020v2_dz11"
EXAMPLE = Path(__file__).parent.parent / "examples/populations/children.csv"
CHILDREN = (5000, 4000, 3500, 3000, 3000, 2500, 2500, 2000, 2000, 1500)

# --- arithmetic --------------------------------------------------------------------------------------------------


def poisson(count: int, mean: float) -> float:
    """The chance of so many events or fewer."""
    return sum(exp(number * log(mean) - mean - lgamma(number + 1)) for number in range(count + 1))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # exact limits as tables of the Poisson distribution print them
    [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (9, 4.115, 17.085)],
)
def test_below_ten_events_the_limits_are_the_exact_ones(count: int, low: float, high: float) -> None:
    assert rates.limits(count) == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize("count", [10, 12, 30, 65, 100, 1045])
def test_from_ten_events_on_the_limits_are_within_two_thousandths_of_exact(count: int) -> None:
    low, high = rates.limits(count)
    assert poisson(count - 1, low * 0.998) > 0.975 > poisson(count - 1, low * 1.002)
    assert poisson(count, high * 0.998) > 0.025 > poisson(count, high * 1.002)


def test_the_slope_of_a_straight_line_is_found_whatever_the_groups() -> None:
    share = np.array(CHILDREN) / sum(CHILDREN)
    rank = np.cumsum(share) - share / 2
    counts = (300 - 240 * rank) * np.array(CHILDREN) / 10_000
    found = rates.slope(counts.tolist(), CHILDREN)
    assert found and found.ratio
    assert found.index[0] == pytest.approx(240)
    assert found.ratio[0] == pytest.approx(300 / 60)


def test_a_published_example_comes_out() -> None:
    # documentation of the R package dceasimR: 60, 63, 66, 69, 72 in five equal groups have a slope of 15
    found = rates.slope([60, 63, 66, 69, 72], [10_000] * 5)
    assert found and found.ratio
    assert found.index[0] == pytest.approx(-15)
    assert found.ratio[0] == pytest.approx(58.5 / 73.5)


def simulated(counts: Sequence[int]) -> tuple[list[float], list[float]]:
    """The intervals by drawing rates, as the R package PHEindicatormethods has them."""
    chance = np.random.default_rng(7)
    of = np.array(CHILDREN)
    errors = np.array([(high - low) / (2 * Z) for low, high in map(rates.limits, counts)])
    share = of / of.sum()
    design = np.vstack([np.ones(len(of)), np.cumsum(share) - share / 2]).T * np.sqrt(share)[:, None]
    drawn = chance.normal(counts, errors, (40_000, len(of))) / of * 10_000 * np.sqrt(share)
    fitted = drawn @ np.linalg.pinv(design).T
    ratio = fitted[:, 0] / fitted.sum(axis=1)
    return np.percentile(-fitted[:, 1], [2.5, 97.5]).tolist(), np.percentile(ratio, [2.5, 97.5]).tolist()


def test_the_intervals_are_those_of_a_simulation() -> None:
    counts = [150, 103, 96, 67, 64, 38, 31, 16, 13, 11]
    found, (index, ratio) = rates.slope(counts, CHILDREN), simulated(counts)
    assert found and found.ratio
    assert found.index[1:] == pytest.approx(index, rel=0.01)
    assert found.ratio[1:] == pytest.approx(ratio, rel=0.02)


def test_there_is_no_ratio_where_the_lower_end_may_be_nought() -> None:
    steep = rates.slope([150, 80, 30, 5, 0, 0, 0, 0, 0, 0], CHILDREN)
    assert steep and steep.ratio is None and steep.index[0] > 0


def test_a_slope_is_drawn_through_five_groups_with_people_at_least() -> None:
    counts = [20] * 10
    assert rates.slope(counts, [100] * 4 + [0] * 6) is None
    assert rates.slope(counts, [100] * 5 + [0] * 5) is not None


@given(st.lists(st.integers(1, 500), min_size=10, max_size=10))
def test_turned_round_the_slope_changes_its_sign(counts: list[int]) -> None:
    one, other = rates.slope(counts, [1000] * 10), rates.slope(counts[::-1], [1000] * 10)
    assert one and other
    assert one.index[0] == pytest.approx(-other.index[0], abs=1e-6)


# --- the file ----------------------------------------------------------------------------------------------------

HEAD = "deprivation_index,deprivation_decile,children\n"


def lines(index: str = IMD, children: Sequence[int] = CHILDREN) -> str:
    return "".join(f"{index},{tenth},{count}\n" for tenth, count in zip(TENTHS, children, strict=True))


def from_text(place: Path, text: str, encoding: str = "utf-8") -> Populations:
    (place / "children.csv").write_bytes(text.encode(encoding))
    return read(place / "children.csv", STANDARD)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_read_as_spreadsheets_write_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = (HEAD.title() + lines()).replace(",", delimiter).replace("\n", "\r\n") + "\r\n"
    assert from_text(tmp_path, text, encoding).of(IMD, "2024-04-01") == CHILDREN


def test_a_period_of_its_own_goes_before_the_lines_for_all(tmp_path: Path) -> None:
    text = HEAD.replace("\n", ",period\n") + lines().replace("\n", ",\n")
    text += lines(children=[7] * 10).replace("\n", ",2024-04-01\n")
    found = from_text(tmp_path, text)
    assert found.of(IMD, "2024-04-01") == (7,) * 10
    assert found.of(IMD, "2025-04-01") == CHILDREN
    assert found.of(OLD, "2025-04-01") is None


PLANTED = "Zyxwv"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: it must be a header"),
        (f"{PLANTED},{PLANTED}\n", "line 1: it must be a header"),
        (HEAD, "no line below it"),
        (HEAD.replace("children", "children,children") + lines(), "line 1: two columns are named children"),
        (HEAD + lines().replace(IMD, PLANTED), "line 2, column deprivation_index: write the code"),
        (HEAD + lines().replace(",3,", f",{PLANTED},"), "line 4, column deprivation_decile: write a whole number"),
        (HEAD + lines().replace(",3,", ",11,"), "line 4, column deprivation_decile: write a whole number"),
        (HEAD + lines().replace("5000", '"5,000"'), "line 2, column children: write a whole number"),
        (HEAD + lines().replace("5000", f"{PLANTED}"), "line 2, column children: write a whole number"),
        (HEAD + lines().replace("5000", "-5"), "line 2, column children: write a whole number"),
        (HEAD + lines().replace(",5000", ""), "line 2: write one cell for each column"),
        (HEAD + lines().replace("5000", '"5000'), "line 2: write one cell for each column"),
        (HEAD + lines() + f"{IMD},3,9\n", "line 12, column deprivation_decile: this tenth"),
        (HEAD + lines().replace(f"{IMD},3,3500\n", ""), "no line for tenths 3 of imd_2025_lsoa21"),
        (HEAD + lines(children=[0] * 10), "no children at all"),
        (HEAD.replace("\n", ",period\n") + lines().replace("\n", f",{PLANTED}\n"), "line 2, column period: write the"),
        (HEAD.replace("\n", ",period\n") + lines().replace("\n", ",20240401\n"), "line 2, column period: write the"),
        (HEAD + lines() + "\n" * 10_000 + lines(OLD), "more than 10,000 lines"),
        ("\0" + HEAD, "is no text"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_without_its_value(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PopulationsError) as refusal:
        from_text(tmp_path, text)
    assert said in str(refusal.value)
    assert PLANTED not in str(refusal.value)


def test_the_example_has_ten_tenths_for_each_nation_and_says_that_it_is_synthetic() -> None:
    found = read(EXAMPLE, STANDARD)
    assert found.of(OLD, "") and found.of(SIMD, "")
    assert all("synthetic" in line for line in EXAMPLE.read_text("utf-8").splitlines()[1:])


# --- in the report -----------------------------------------------------------------------------------------------


def placed(counts: Sequence[int], plans: int = 0, **others: int) -> Return:
    """A return with so many assessments with domestic abuse in each tenth, the first ``plans`` of each with a plan.

    ``others`` are assessments with another index, or without a home.
    """
    cells = [(tenth, IMD, at < plans) for tenth, n in zip(TENTHS, counts, strict=True) for at in range(n)]
    cells += [("1", OLD, False)] * others.get("old", 0)
    cells += [("not_applicable", "not_applicable", False)] * others.get("homeless", 0)
    dataset = {"la_code": "999", "period_start": "2024-04-01", "period_end": "2025-03-31", "nation": "england"}
    keys = [f"{number}" for number in range(len(cells))]
    tables = {
        "person": [{"person_id": f"c{key}", "person_kind": "child"} for key in keys],
        "episode": [
            {"episode_id": f"e{key}", "child_id": f"c{key}", "pathway": "cp_plan" if plan else "cin_only"}
            for key, (_, _, plan) in zip(keys, cells, strict=True)
        ],
        "assessment": [{"assessment_id": key, "episode_id": f"e{key}", "source_codes": "3A"} for key in keys],
        "family_circumstances": [
            {"assessment_id": key, "deprivation_decile": tenth, "deprivation_index": index}
            for key, (tenth, index, _) in zip(keys, cells, strict=True)
        ],
    }
    return return_of({"dataset": [dataset], **tables})


def quality(given: Return) -> Quality:
    return measure([given], STANDARD, Policy())


def derived(given: Return, children: Sequence[int] = CHILDREN, index: str = IMD) -> dict[str, Derived]:
    living = Populations({(index, ""): tuple(children)})
    return {one.name: one for one in gradient.tables(quality(given), living)}


KNOWN = tuple(round(people * (300 - 24 * place) / 10_000) for place, people in enumerate(CHILDREN))


def values(row: Sequence[str | Figure]) -> list[float | str | None]:
    return [cell if isinstance(cell, str) else cell.value if cell.value is not None else cell.mark for cell in row]


@pytest.fixture(scope="module")
def known() -> dict[str, Derived]:
    return derived(placed(KNOWN, plans=8))


def test_a_known_gradient_is_found(known: dict[str, Derived]) -> None:
    rows = [values(row) for row in known["gradient-abuse"].rows[:10]]
    assert [row[:3] for row in rows] == [
        [tenth, people, count] for tenth, people, count in zip(TENTHS, CHILDREN, KNOWN, strict=True)
    ]
    assert [row[3] for row in rows] == [round(10_000 * n / of, 1) for n, of in zip(KNOWN, CHILDREN, strict=True)]
    slope = {str(row[0]): values(row)[1:] for row in known["gradient-slope"].rows}
    expected = rates.slope(KNOWN, CHILDREN)
    assert expected and expected.ratio
    ends = [*(round(end, 1) for end in expected.index), *(round(end, 2) for end in expected.ratio)]
    assert slope["Assessments with domestic abuse"] == ["10 tenths", *ends]
    assert slope["Child protection plan"][0] == "10 tenths"
    assert float(str(slope["Child protection plan"][4])) < 1 < expected.ratio[0]


def test_the_index_is_printed_and_those_without_a_tenth_stand_apart() -> None:
    found = derived(placed(KNOWN, old=12, homeless=9))["gradient-abuse"]
    assert found.notes["Index"] == IMD
    apart = {str(row[0]): values(row)[2:] for row in found.rows[10:]}
    assert apart == {
        "without a home (not applicable)": [9, *"zzz"],
        OTHER_INDEX: [12, *"zzz"],
        "not known": [0, *"zzz"],
    }


def test_hidden_tenths_are_told_and_fifths_stand_in() -> None:
    found = derived(placed((*KNOWN[:8], 3, 9)))
    slope = {str(row[0]): values(row)[1:] for row in found["gradient-slope"].rows}["Assessments with domestic abuse"]
    assert str(slope[0]).startswith("5 fifths: 2 of 10 tenths are hidden")
    assert "c" not in slope[1:]
    rows = {str(row[0]): values(row) for row in found["gradient-abuse"].rows}
    assert rows["9"][2:] == rows["10"][2:] == [*"cccc"]
    assert rows["least deprived fifth"][2] == 12


def test_where_fifths_are_hidden_too_there_is_no_slope() -> None:
    found = derived(placed((*KNOWN[:6], 2, 1, 1, 2)))
    slope = {str(row[0]): values(row)[1:] for row in found["gradient-slope"].rows}["Assessments with domestic abuse"]
    assert str(slope[0]).startswith("not given: ")
    assert slope[1:] == [*"cccccc"]


def test_a_tenth_without_children_has_no_rate_and_is_left_out() -> None:
    found = derived(placed(KNOWN), (*CHILDREN[:9], 0))
    assert values(found["gradient-abuse"].rows[9])[2:] == [KNOWN[9], *"zzz"]
    assert values(found["gradient-slope"].rows[1])[1] == "10 tenths; 1 without children left out"


def test_populations_of_another_index_give_no_rate() -> None:
    found = derived(placed(KNOWN), index=OLD)
    assert list(found) == ["gradient-needs"]
    assert "indexes are never mixed" in str(found["gradient-needs"].rows[0][1])


def test_without_populations_the_report_says_what_they_would_be() -> None:
    (found,) = gradient.tables(quality(placed(KNOWN)), None)
    assert "--populations" in str(found.rows[0][1])


def test_a_return_without_tenths_says_so_where_populations_are_given() -> None:
    given = placed(KNOWN)
    bare = Return({name: text for name, text in given.texts.items() if name != "family_circumstances"})
    assert list(gradient.tables(quality(bare), None)) == []
    assert "no deprivation tenths" in str(derived(bare)["gradient-needs"].rows[0][1])


def test_the_command_takes_the_file_and_writes_the_tables(tmp_path: Path) -> None:
    kept = ("dataset", "episode", "assessment", "family_circumstances")
    tables = {name: frame for name, frame in synth.make(60, 3, STANDARD).items() if name in kept}
    formats.write(tables, tmp_path / "return", "csv", STANDARD)
    options = ["--out", str(tmp_path / "out"), "--populations", str(EXAMPLE)]
    done = CliRunner().invoke(cli.main, ["report", str(tmp_path / "return"), *options])
    assert done.exit_code == 0, done.output
    written = {path.stem for path in (tmp_path / "out" / "derived").iterdir()}
    assert written >= {"gradient-slope", *(f"gradient-{measure.name}" for measure in gradient.MEASURES)}


def test_a_file_that_cannot_be_used_ends_the_command_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "children.csv").write_text(HEAD + lines().replace("5000", PLANTED), encoding="utf-8")
    options = ["--out", str(tmp_path / "out"), "--populations", str(tmp_path / "children.csv")]
    source = EXAMPLE.parent.parent / "valid/england-small"
    done = CliRunner().invoke(cli.main, ["report", str(source), *options])
    assert done.exit_code == 2
    assert "line 2, column children" in " ".join(done.output.split())
    assert PLANTED not in done.output
    assert not (tmp_path / "out").exists()
