"""Groups of several characteristics: the study's digits, shares that recompute, and marks for what is unsure."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import pytest

from rdac_validator.disclosure import Figure, Policy
from rdac_validator.quality import groups
from rdac_validator.quality.derived import Derived
from rdac_validator.quality.groups import EVENTS
from rdac_validator.quality.measuring import measure
from rdac_validator.quality.wording import wilson
from rdac_validator.standard import load
from rdac_validator.tables import Return
from tests.returns import return_of

FACTS = Path(__file__).parent.parent.parent / "shared/facts/rdac_tables/intersectional_categorisation.csv"
AGES, SEXES = {"2018-01": "1", "2010-01": "0"}, {"female": "1", "male": "0"}
ETHNIC = {"WBRI": "1", "BCRB": "0", "AIND": "0", "MWBC": "0", "OOTH": "0"}
TENTHS = {"england": {"2": "1", "6": "1", "7": "0"}, "scotland": {"2": "1", "3": "0"}}


# as many as all the tables take: 300 to each of forty groups, three tenths for two parts
TIMES = 200


def families(nation: str, times: int, *, deprivation: bool = True) -> Return:
    """So many assessments of each kind of child there is; of every fourth came a plan, of every other child in need."""
    tenths = TENTHS[nation] if deprivation else {"": ""}
    kinds = list(product(AGES, SEXES, ETHNIC, tenths, range(times)))
    dataset = {"la_code": "999", "period_start": "2024-04-01", "period_end": "2025-03-31", "nation": nation}
    index = {"england": "imd_2019_lsoa11", "scotland": "simd_2020v2_dz11"}[nation]
    tables = {
        "dataset": [dataset],
        "person": [
            {
                "person_id": f"c{at}",
                "person_kind": "child",
                "birth_month": born,
                "sex": sex,
                "ethnicity_code": code,
                "ethnicity_scheme": "dfe_cin",
            }
            for at, (born, sex, code, _, _) in enumerate(kinds)
        ],
        "episode": [
            {
                "episode_id": f"e{at}",
                "child_id": f"c{at}",
                "referral_date": "2024-05-01",
                "pathway": "cp_plan" if kind[-1] % 4 == 0 else "cin_only",
            }
            for at, kind in enumerate(kinds)
        ],
        "assessment": [
            {"assessment_id": f"a{at}", "episode_id": f"e{at}", "assessment_date": "2024-06-01", "source_codes": "3A"}
            for at in range(len(kinds))
        ],
        "status_event": [{"child_id": "c0", "event_date": "2024-05-02", "to_status": "child_in_need"}],
    }
    if deprivation:
        tables["family_circumstances"] = [
            {"assessment_id": f"a{at}", "deprivation_decile": kind[3], "deprivation_index": index}
            for at, kind in enumerate(kinds)
        ]
    return return_of(tables)


def made(given: Return) -> dict[str, Derived]:
    return {one.name: one for one in groups.tables(measure([given], load(), Policy()))}


def number(entry: str | Figure) -> float:
    assert isinstance(entry, Figure) and entry.value is not None
    return entry.value


@pytest.fixture(scope="module")
def english() -> dict[str, Derived]:
    return made(families("england", TIMES))


def test_each_group_has_the_digits_that_the_study_gives_it(english: dict[str, Derived]) -> None:
    rows = english["groups-coded-place-plan"].rows
    assert [row[0] for row in rows] == ["".join(digits) for digits in product("10", repeat=4)]
    words = {str(row[0]): row[1] for row in rows}
    assert words["1111"] == "under 10, female, white, most deprived 60%"
    assert words["0000"] == "10 and over, male, minoritised, least deprived 40%"
    # four of five ethnic groups, two of three tenths
    assert {str(row[0]): number(row[2]) for row in rows} == {
        "".join(digits): TIMES * (1 if digits[2] == "1" else 4) * (2 if digits[3] == "1" else 1)
        for digits in product("10", repeat=4)
    }


def test_shares_and_intervals_recompute_from_the_printed_counts(english: dict[str, Derived]) -> None:
    kinds = ("coded-need", "coded-plan", "detailed-plan")
    assert set(english) == {f"groups-{kind}" for kind in (*kinds, *(k.replace("-", "-place-") for k in kinds))}
    for name, table in english.items():
        for row in table.rows:
            base, part, share, low, high, unsure = row[-6:]
            assert number(part) == number(base) * (0.75 if name.endswith("need") else 0.25)
            assert number(share) == pytest.approx(100 * number(part) / number(base), abs=0.05)
            assert (number(low), number(high)) == wilson(number(part), number(base))
            marks = ("base under 30", number(base) < 30), (f"fewer than {EVENTS} events", number(part) < EVENTS)
            assert unsure == ("low: " if any(held for _, held in marks) else "") + ", ".join(
                m for m, held in marks if held
            )


def test_the_detailed_groups_sum_to_the_coded_ones(english: dict[str, Derived]) -> None:
    for place, groups_of in (("", 20), ("-place", 40)):
        detailed = {str(row[0]): number(row[1]) for row in english[f"groups-detailed{place}-plan"].rows}
        assert len(detailed) == groups_of
        for row in english[f"groups-coded{place}-plan"].rows:
            age, sex, ethnic, *rest = str(row[1]).split(", ")
            of = ["white"] if ethnic == "white" else ["black", "asian", "mixed", "other"]
            assert number(row[2]) == sum(detailed[", ".join((age, sex, one, *rest))] for one in of)


def test_in_scotland_the_most_deprived_fifth_is_parted_from_the_rest() -> None:
    words = [row[1] for row in made(families("scotland", TIMES))["groups-coded-place-plan"].rows]
    assert words[:2] == [f"under 10, female, white, {part}" for part in ("most deprived 20%", "least deprived 80%")]


def test_without_deprivation_the_groups_have_three_digits() -> None:
    found = made(families("england", TIMES, deprivation=False))
    assert set(found) == {"groups-coded-need", "groups-coded-plan", "groups-detailed-plan"}
    rows = found["groups-coded-plan"].rows
    assert [row[0] for row in rows] == ["".join(digits) for digits in product("10", repeat=3)]


def test_of_few_assessments_there_are_no_groups() -> None:
    assert made(families("england", 3)) == {}


def test_of_a_hidden_count_nothing_is_said() -> None:
    hidden, nought = Figure(None, "c"), Figure(0)
    assert groups._reliability(hidden, hidden) == "" == groups._reliability(Figure(40), hidden)
    assert groups._reliability(Figure(29), hidden) == "low: base under 30"
    assert groups._reliability(nought, nought) == ""


@pytest.mark.skipif(not FACTS.exists(), reason="the material that the study's coding was read from is not here")
def test_the_coding_is_that_of_the_study() -> None:
    with FACTS.open(encoding="utf-8-sig") as stream:
        said = {row["characteristic"]: row for row in csv.DictReader(stream)}
    assert all(said["Age"][site] == "Under 10 = 1; 10 and over = 0" for site in ("C1", "C2", "C3"))
    assert all(said["Gender"][site] == "Female = 1; Male = 0" for site in ("C1", "C2", "C3"))
    assert all(said["Ethnicity"][site] == "White = 1; Minoritised = 0" for site in ("C1", "C2", "C3"))
    assert said["IMD"]["C1"] == "Most deprived 60% = 1; Least deprived 40% = 0"
    assert said["IMD"]["C2"] == "N/A"
    assert said["IMD"]["C3"].startswith("Most deprived 20% = 1; Least deprived 80% = 0")
