"""What must never stand in a return is found, and what may stand there is left alone. All numbers are made up."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdac_validator.rules.safety import (
    HEADER_KINDS,
    SAFETY_KINDS,
    ContactDetail,
    IdentifierColumn,
    KeyFromPerson,
    NarrativeOrPlaceColumn,
    OfficialNumber,
    SmallArea,
    forbidden_header,
)
from rdac_validator.rules.structural import CellKind
from rdac_validator.standard import Column, load

KEY = load().table("person").column("person_id")
REFERENCE = load().table("episode").column("child_id")
TEXT = load().table("dataset").column("source_system")
PEOPLE_AND_ROW = load().table("provenance").column("target_key")

NUMBERS = (
    "A123456789012",
    "b12345678901x",
    "9434765919",  # passes the check digit; made up
    "943 476 5919",
    "943-476-5919",
    "ab 12 34 56 c",
    "QQ123456C".replace("QQ", "AB"),
    "ZE21C00123",
)
CONTACTS = ("ZZ1 1ZZ", "zz99 9zz", "ZZ11ZZ", "someone@example.org", "020 7946 0123", "07700900123", "+44 7700 900123")
AREAS = ("E01000001", "S01006506", "w02000001", "E05000026", "S13002516")
FROM_PEOPLE = ("20150301", "2015-03-01", "01032015", "010315", "JS", "jsm", "JS-010315", "20150301_JS", "17", "000123")
HARMLESS_KEYS = (
    "p_3f9a0c11b7de42a6c0d1",
    "0123456789abcdef",
    "12345678901234567890",
    "p1",
    "a0001",
    "child-7",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
)


def found(kind: CellKind, column: Column, cells: tuple[str, ...]) -> list[str]:
    """The cells that the kind finds at fault, by the exact verdict; the cheap one must not clear any of them."""
    frame = nw.from_native(pl.DataFrame({column.name: cells}))
    verdicts = frame.select(valid=kind.valid(column, load()), plain=kind.clue(column, load())[1]).rows()
    assert not any(plain and valid is False for valid, plain in verdicts)
    return [cell for cell, (valid, _) in zip(cells, verdicts, strict=True) if valid is False]


@pytest.mark.parametrize(
    ("kind", "cells"), [(OfficialNumber(), NUMBERS), (ContactDetail(), CONTACTS), (SmallArea(), AREAS)]
)
def test_identifiers_are_found_in_text_alone_and_within_words(kind: CellKind, cells: tuple[str, ...]) -> None:
    assert found(kind, TEXT, cells) == list(cells)
    within = tuple(f"see {cell}, again" for cell in cells)
    assert found(kind, TEXT, within) == list(within)


def test_identifiers_are_found_in_keys_also_behind_a_prefix() -> None:
    keys = ("A123456789012", "c_A123456789012", "p-9434765919", "AB123456C")
    assert found(OfficialNumber(), KEY, keys) == list(keys)


def test_ten_digits_that_fail_the_check_are_no_health_number() -> None:
    assert found(OfficialNumber(), TEXT, ("9434765918", "1234567890123")) == []


def test_keys_made_from_a_person_are_found() -> None:
    assert found(KeyFromPerson(), KEY, FROM_PEOPLE) == list(FROM_PEOPLE)


def test_a_key_that_is_an_official_number_is_found_once() -> None:
    cells = ("9434765919", "A123456789012")
    assert [found(kind, KEY, cells) for kind in SAFETY_KINDS] == [[], list(cells), [], []]


def test_pseudonyms_are_left_alone() -> None:
    for kind in SAFETY_KINDS:
        assert found(kind, KEY, HARMLESS_KEYS) == []
        assert found(kind, PEOPLE_AND_ROW, tuple(f"{key}/{key}" for key in HARMLESS_KEYS)) == []


@pytest.mark.parametrize("kind", SAFETY_KINDS, ids=lambda kind: kind.code)
def test_hashes_are_cleared_by_the_cheap_verdict(kind: CellKind) -> None:
    frame = nw.from_native(pl.DataFrame({"person_id": (HARMLESS_KEYS[0], HARMLESS_KEYS[2])}))
    assert frame.select(kind.clue(KEY, load())[1]).to_native().to_series().all()


TOKENS = st.from_regex(r"(?:[A-Za-z]{1,2}_)?[0-9A-Z]{5,24}|0[0-9]{9,15}|[A-Z]{0,3}20[0-9]{6}[A-Z]{0,3}", fullmatch=True)


@pytest.mark.parametrize("kind", SAFETY_KINDS, ids=lambda kind: kind.code)
@pytest.mark.parametrize("column", [KEY, TEXT], ids=["key", "text"])
@given(cells=st.lists(TOKENS, min_size=1, max_size=40))
def test_the_cheap_verdict_clears_nothing_that_the_exact_one_finds(
    kind: CellKind, column: Column, cells: list[str]
) -> None:
    frame = nw.from_native(pl.DataFrame({column.name: cells}))
    verdicts = frame.select(valid=kind.valid(column, load()), cheap=kind.clue(column, load())[1]).rows()
    assert not [cell for cell, (valid, cheap) in zip(cells, verdicts, strict=True) if cheap and valid is False]


def test_codes_and_names_of_systems_are_left_alone() -> None:
    cells = ("Mosaic 7.2", "2023-24", "E10000016", "WBRI", "scot01_14", "mid-2023 estimate, 0 to 17", "DPIA 2024/17")
    for kind in (kind for kind in SAFETY_KINDS if kind.applies_to(TEXT)):
        assert found(kind, TEXT, cells) == []


def test_a_key_of_the_wrong_form_is_the_business_of_its_pattern() -> None:
    assert found(ContactDetail(), KEY, ("ZZ1 1ZZ", "someone@example.org")) == []


def test_references_are_not_looked_at() -> None:
    assert not any(kind.applies_to(REFERENCE) for kind in SAFETY_KINDS)


def test_columns_that_the_standard_does_not_know_are_looked_at_unless_their_header_is_at_fault() -> None:
    unknown = replace(TEXT, name="_unknown_3", privacy="unknown", notes={"unknown": "free lunch"})
    named = replace(unknown, notes={"unknown": "Post Code"})
    assert [kind.code for kind in SAFETY_KINDS if kind.applies_to(unknown)] == ["RDAC910", "RDAC911", "RDAC912"]
    assert not any(kind.applies_to(named) for kind in SAFETY_KINDS)
    assert "free lunch" not in ContactDetail().message(unknown, load())


@pytest.mark.parametrize(
    "header",
    [
        *("Surname", "child_name", "firstName", "NHSNumber", "UPN", "post code", "Postcode2", "E-mail", "DOB", "CHI"),
        *("PersonBirthDate", "address_line_1", "mobile", "uprn", "LAchildID", "court case reference", "case number"),
    ],
)
def test_headers_that_name_an_identifier_are_found(header: str) -> None:
    assert IdentifierColumn.forbids(header)
    assert forbidden_header(header)


@pytest.mark.parametrize(
    "header", ["Notes", "case_notes", "FreeText", "nationality", "Country of Birth", "lsoa11", "LSOA code", "data_zone"]
)
def test_headers_that_name_narrative_or_a_place_are_found(header: str) -> None:
    assert NarrativeOrPlaceColumn.forbids(header)
    assert forbidden_header(header)


@pytest.mark.parametrize(
    "header", ["", "siblings", "childcare_hours", "team", "ethnicity", "unpaid", "context", "award"]
)
def test_other_headers_are_left_alone(header: str) -> None:
    assert not forbidden_header(header)


def test_words_that_are_columns_of_the_standard_are_forbidden_only_where_they_mean_something_else() -> None:
    names = {column.name for table in load().tables for column in table.columns}
    assert {name for name in names if forbidden_header(name)} == {"voice_text", "addresses"}
    assert len({kind.code for kind in HEADER_KINDS}) == 2
