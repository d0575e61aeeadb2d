"""What is worked out: ages from a birth month, the direction class, the legal frame."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
import pytest

from rdac_validator import derive
from rdac_validator.standard import load
from rdac_validator.tables import Tables
from tests.returns import return_of

ADULT = {"person_kind": "adult"}
CHILD = {"person_kind": "child"}


def worked_out(
    expression: nw.Expr, relationship: str, nation: str, causing: dict[str, str], experiencing: dict[str, str]
) -> str:
    """The code for a direction assessed on 15 March 2024."""
    given = return_of(
        {
            "harm_direction": [
                {
                    "harm_id": "h1",
                    "assessment_id": "a1",
                    "person_causing_id": "p1",
                    "person_experiencing_id": "p2",
                    "relationship": relationship,
                }
            ],
            "person": [{"person_id": "p1", **causing}, {"person_id": "p2", **experiencing}],
            "assessment": [{"assessment_id": "a1", "assessment_date": "2024-03-15"}],
            "dataset": [{"nation": nation}],
        }
    )
    tables = Tables(given.texts, load())
    rows = derive.directions(tables).join(derive.of_dataset(tables, "nation"), how="cross")
    return str(rows.select(code=expression).to_native().collect().item())


@pytest.mark.parametrize(
    ("born", "answer"),
    [("2008-02", True), ("2008-03", None), ("2008-04", False), (None, None)],
    ids=["the month after the birthday", "the month of the birthday", "the month before", "no month"],
)
def test_an_age_is_told_except_in_the_month_of_the_birthday(born: str | None, answer: bool | None) -> None:
    day = date.fromisoformat(f"{born}-01") if born else None
    rows = nw.from_native(pl.LazyFrame({"born": [day], "on": [date(2024, 3, 31)]}, schema_overrides={"born": pl.Date}))
    assert rows.select(derive.at_least(16, "born", "on")).to_native().collect().item() is answer


def test_every_relationship_belongs_to_one_class_of_direction() -> None:
    grouped = [*derive.PARTNERS, "child_of", *(code for codes in derive.GROUPS.values() for code in codes)]
    assert sorted(grouped) == sorted(load().lists["Relationship"].codes)


def test_every_class_of_direction_can_be_worked_out() -> None:
    people = [ADULT | {"sex": "male"}, ADULT | {"sex": "female"}, CHILD | {"sex": "male"}, ADULT]
    found = {
        worked_out(derive.harm_direction_class(), relationship, "england", causing, experiencing)
        for relationship in load().lists["Relationship"].codes
        for causing in people
        for experiencing in people[:2]
    }
    assert found == set(load().lists["HarmDirectionClass"].codes)


LEGAL = [
    ("partner", "england", ADULT, ADULT, "da_act_2021_s1"),
    ("sibling_of", "wales", ADULT, ADULT, "da_act_2021_s1"),
    ("child_of", "england", CHILD | {"birth_month": "2008-02"}, ADULT, "da_act_2021_s1"),
    ("child_of", "england", CHILD | {"birth_month": "2008-03"}, ADULT, "not_determinable"),
    ("child_of", "england", CHILD | {"birth_month": "2008-04"}, ADULT, "child_safeguarding_frame"),
    ("child_of", "england", CHILD, ADULT, "not_determinable"),
    ("partner", "england", {}, CHILD | {"birth_month": "2010-01"}, "child_safeguarding_frame"),
    ("parent_or_step_parent_of", "england", ADULT, {"person_kind": "unborn"}, "child_safeguarding_frame"),
    ("household_non_relative", "england", ADULT, ADULT, "child_safeguarding_frame"),
    ("not_recorded", "england", ADULT, ADULT, "not_determinable"),
    ("partner", "scotland", ADULT, ADULT, "scot_2018_act"),
    ("former_partner", "scotland", ADULT, ADULT, "scot_2018_act"),
    ("child_of", "scotland", ADULT, ADULT, "child_safeguarding_frame"),
    ("co_parent_never_partner", "scotland", ADULT, ADULT, "child_safeguarding_frame"),
    ("partner", "scotland", {}, ADULT, "not_determinable"),
    ("partner", "not_a_nation", ADULT, ADULT, "not_determinable"),
]


@pytest.mark.parametrize(("relationship", "nation", "causing", "experiencing", "code"), LEGAL)
def test_the_legal_frame_follows_from_ages_relationship_and_nation(
    relationship: str, nation: str, causing: dict[str, str], experiencing: dict[str, str], code: str
) -> None:
    assert worked_out(derive.legal_frame(load()), relationship, nation, causing, experiencing) == code


def test_an_unknown_age_never_puts_a_direction_outside_the_law() -> None:
    frames = {
        worked_out(derive.legal_frame(load()), "partner", "england", one, two)
        for one in ({}, CHILD)
        for two in ({}, ADULT)
    }
    assert frames == {"not_determinable"}


def test_a_dataset_of_two_nations_says_nothing() -> None:
    tables = Tables(return_of({"dataset": [{"nation": "england"}, {"nation": "scotland"}]}).texts, load())
    assert derive.of_dataset(tables, "nation").to_native().collect().item() is None


def test_what_is_worked_out_leaves_no_row_out() -> None:
    given = return_of({"harm_direction": [{"harm_id": f"h{n}"} for n in range(5)], "person": [], "assessment": []})
    assert derive.directions(Tables(given.texts, load())).to_native().collect().height == 5
