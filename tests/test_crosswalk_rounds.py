"""What holds of any codes that go through a crosswalk: nothing more certain, nothing from nowhere, in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdac_validator.crosswalks import Status, load
from rdac_validator.crosswalks.applying import Said, backwards, forwards
from rdac_validator.standard import load as load_standard

STANDARD = load_standard()
TO_STANDARD = {"cin-census": "AssessmentFactors", "scotland-concerns": "ScottishConcern"}
YEARS = ("", *STANDARD.lists["CinCensusYear"].codes)
MARKED = {
    name: STANDARD.lists[held].where("dva")
    for name, held in (("cin-census", "CinFactor"), ("scotland-concerns", "ScottishConcern"))
}


def codes(name: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    known = [line.source for line in load(name).matches if line.code]
    return st.lists(st.tuples(st.sampled_from(known), st.sampled_from(YEARS)), max_size=12)


def terms(said: list[Said]) -> list[tuple[str, str]]:
    return [(one.target, one.year) for one in said if one.target]


@pytest.mark.parametrize("name", TO_STANDARD)
@given(data=st.data())
def test_a_round_trip_never_makes_anything_more_certain(name: str, data: st.DataObject) -> None:
    crosswalk = load(name)
    for went in forwards(crosswalk, STANDARD, data.draw(codes(name))):
        for came in backwards(crosswalk, STANDARD, terms([went])):
            assert came.status.rank >= went.status.rank, (went, came)


@given(data=st.data())
def test_a_trip_to_the_other_nation_and_back_gives_nothing_sure(data: st.DataObject) -> None:
    there = forwards(load("cin-scotland"), STANDARD, data.draw(codes("cin-scotland")))
    back = forwards(load("scotland-cin"), STANDARD, [(one.target, "") for one in there if one.target])
    assert {one.status for one in (*there, *back)} <= {Status.AMBIGUOUS, Status.NOT_DERIVABLE}
    assert not {one.target for one in back} & {f"AssessmentFactors/{code}" for code in ("3A", "3B", "3C", "18C", "19C")}


@pytest.mark.parametrize("name", TO_STANDARD)
@given(data=st.data())
def test_codes_on_domestic_abuse_come_back_as_they_went(name: str, data: st.DataObject) -> None:
    element = TO_STANDARD[name]
    marked = data.draw(st.sets(st.sampled_from(sorted(MARKED[name]))))
    said = forwards(load(name), STANDARD, [(f"{element}/{code}", "") for code in marked])
    came = {one.target for one in backwards(load(name), STANDARD, terms(said))}
    assert came == {f"{element}/{code}" for code in marked}


@pytest.mark.parametrize("name", TO_STANDARD)
@given(data=st.data())
def test_what_comes_out_can_be_traced_to_a_line_from_what_went_in(name: str, data: st.DataObject) -> None:
    went = data.draw(codes(name))
    lines = {(line.source, line.term, line.status) for line in load(name).matches}
    for one in forwards(load(name), STANDARD, went):
        assert (one.source, one.year) in went
        assert not one.target or (one.source, one.target.partition("@")[0], one.status) in lines


@pytest.mark.parametrize("name", TO_STANDARD)
@given(data=st.data())
def test_order_and_duplicates_do_not_matter(name: str, data: st.DataObject) -> None:
    went = data.draw(codes(name))
    again = data.draw(st.permutations(went + went))
    assert forwards(load(name), STANDARD, went) == forwards(load(name), STANDARD, again)
    led = terms(forwards(load(name), STANDARD, went))
    assert backwards(load(name), STANDARD, led) == backwards(load(name), STANDARD, [*reversed(led), *led])


def test_a_code_is_not_of_a_year_before_it_came_or_after_it_went() -> None:
    said = forwards(load(), STANDARD, [("24A", "2018-19"), ("24A", "2021-22"), ("18A", "2024-25")])
    assert [(one.source[-3:], one.year, one.status) for one in said] == [
        ("18A", "2024-25", Status.BROAD),
        ("24A", "2018-19", Status.NOT_DERIVABLE),
        ("24A", "2021-22", Status.EXACT),
    ]


@pytest.mark.parametrize(
    ("name", "term", "carried"),
    [
        ("cin-census", "HarmDirection/abuse_types/economic@parent_or_carer", ["3B"]),
        ("cin-census", "HarmDirection/abuse_types/economic", ["3B", "3C"]),
        ("cin-census", "ChildExperience/experience_type/sees_or_hears", ["3A"]),
        ("cin-census", "ChildExperience/experience_type/none_identified", [""]),
        ("cin-census", "HarmDirection/abuse_contexts/fgm", [""]),
        ("cin-census", "Assessment/source_codes/3B", ["3B"]),
        ("cin-census", "AdultInCase/needs/alcohol@another_person_in_household", ["1C"]),
        ("scotland-concerns", "HarmDirection/abuse_types/economic", ["domestic_abuse"]),
        ("scotland-concerns", "ChildExperience/experience_type/sees_or_hears", [""]),
        ("scotland-concerns", "Nothing/like/it", [""]),
    ],
)
def test_a_return_would_carry(name: str, term: str, carried: list[str]) -> None:
    assert [one.target.rpartition("/")[2] for one in backwards(load(name), STANDARD, [(term, "")])] == carried


def test_a_broad_match_read_backwards_is_narrow() -> None:
    disability = backwards(load(), STANDARD, [("Person/disability/yes", "")])
    assert len(disability) > 10
    assert {one.status for one in disability} == {Status.AMBIGUOUS}
    line = load().of("Disability")["LD"]
    assert (line.predicate, line.backwards) == ("skos:broadMatch", "skos:narrowMatch")
