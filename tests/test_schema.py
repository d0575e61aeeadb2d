"""The schema says everything that it has to say about every table, field and value."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

linkml_runtime = pytest.importorskip("linkml_runtime", reason="the schema is read with LinkML, a build-time tool")

SCHEMA = Path(__file__).parent.parent / "schema"
VIEW = linkml_runtime.SchemaView(str(SCHEMA / "rdac.yaml"))
SOURCES = yaml.safe_load((SCHEMA / "sources.yaml").read_text("utf-8"))
WORDS = {
    "tier": {"T0", "starter", "T1", "T2"},
    "privacy": {"pseudonym_key", "sensitive", "location", "free_text", "publishable", "metadata"},
    "from_cin": {"exact", "partial", "ambiguous", "no", "n/a"},
    "from_scotland": {"exact", "partial", "ambiguous", "no", "n/a"},
}
KEYS = {
    "Person": "person_id",
    "Episode": "episode_id",
    "Assessment": "assessment_id",
    "HarmDirection": "harm_id",
    "FamilyVoice": "voice_id",
    "StatusEvent": "event_id",
    "ServiceReferral": "referral_id",
    "RiskAssessment": "risk_assessment_id",
    "PlanAction": "action_id",
    "FamilyMeeting": "meeting_id",
    "KinshipArrangement": "kinship_id",
}


def notes(element: Any) -> dict[str, Any]:  # noqa: ANN401 - LinkML elements of several kinds
    held = element.annotations
    pairs = held.items() if isinstance(held, dict) else held._items()
    return {str(name): annotation.value for name, annotation in pairs}


def own_classes() -> Iterator[str]:
    for name, cls in VIEW.all_classes().items():
        if not {"source_only", "container"} & set(notes(cls)):
            yield name


def own_fields() -> Iterator[tuple[str, Any]]:
    for cls in own_classes():
        for slot in VIEW.class_slots(cls):
            yield f"{cls}.{slot}", VIEW.induced_slot(slot, cls)


def values() -> Iterator[tuple[str, Any]]:
    for name, enum in VIEW.all_enums().items():
        for code, value in enum.permissible_values.items():
            yield f"{name}.{code}", value


def test_there_are_fifteen_tables_and_one_of_provenance() -> None:
    names = list(own_classes())
    assert len(names) == 16
    assert "Provenance" in names


def test_every_field_says_what_it_is_for() -> None:
    for where, slot in own_fields():
        said = notes(slot)
        assert len(slot.description) > 15, where
        assert said["decision"], where
        for name, allowed in WORDS.items():
            assert said[name] in allowed, f"{where}: {name}"


def test_every_citation_is_a_source_that_we_list() -> None:
    cited = [(where, key) for where, slot in own_fields() for key in notes(slot)["evidence"].split()]
    cited += [(where, key) for where, value in values() for key in notes(value).get("source", "").split()]
    assert [(where, key) for where, key in cited if key.split(":")[0] not in SOURCES] == []


def test_a_field_in_several_tables_is_described_in_each() -> None:
    descriptions: dict[str, set[str]] = {}
    tables: dict[str, int] = {}
    for where, slot in own_fields():
        name = where.split(".")[1]
        descriptions.setdefault(name, set()).add(slot.description)
        tables[name] = tables.get(name, 0) + 1
    assert {name for name, texts in descriptions.items() if len(texts) != tables[name]} == set()


def test_every_table_with_a_key_of_its_own_has_exactly_one_identifier() -> None:
    for cls in own_classes():
        found = [slot for slot in VIEW.class_slots(cls) if VIEW.induced_slot(slot, cls).identifier]
        assert found == ([KEYS[cls]] if cls in KEYS else []), cls


def test_a_coded_field_can_hold_a_missing_reason_and_is_not_required_outright() -> None:
    for where, slot in own_fields():
        ranges = [branch.range for branch in slot.any_of] or [slot.range]
        lists = [name for name in ranges if name in VIEW.all_enums()]
        if lists and where.split(".")[0] not in ("Dataset", "Provenance"):
            assert "MissingReason" in ranges, where
        if "MissingReason" in ranges:
            assert not slot.required, where


def test_every_value_has_a_definition_and_survives_yaml_and_spreadsheets() -> None:
    reasons = set(VIEW.get_enum("MissingReason").permissible_values)
    for where, value in values():
        enum, code = where.split(".", 1)
        assert len(value.description) > 3, where
        if enum.startswith("Cin"):
            continue
        assert re.fullmatch(r"[a-z][a-z0-9_]*", code), where
        assert code not in {"none", "null", "na", "true", "false"}, where
        assert enum == "MissingReason" or code not in reasons, where


def test_yes_and_no_are_words_and_not_booleans() -> None:
    raw = yaml.safe_load((SCHEMA / "rdac.yaml").read_text("utf-8"))
    codes = [code for enum in raw["enums"].values() for code in enum["permissible_values"]]
    assert [code for code in codes if not isinstance(code, str)] == []
    assert set(raw["enums"]["YesNo"]["permissible_values"]) == {"yes", "no"}


def test_names_of_our_own_fields_are_in_snake_case() -> None:
    assert [where for where, _ in own_fields() if not re.fullmatch(r"\w+\.[a-z][a-z0-9_]*", where)] == []


def test_patterns_are_anchored_at_both_ends() -> None:
    patterns = {name: kind.pattern for name, kind in VIEW.all_types().items() if kind.pattern}
    assert {"Pseudonym", "YearMonth"} <= set(patterns)
    for name, pattern in patterns.items():
        assert pattern.startswith("^"), name
        assert pattern.endswith("$"), name


def test_nobody_is_called_victim_or_perpetrator() -> None:
    refused = re.compile(r"victim|perpetrator|mutual|failure to protect", re.IGNORECASE)
    said = [(where, item.description) for where, item in (*own_fields(), *values())]
    assert [where for where, text in said if refused.search(text)] == []


def test_the_census_has_45_factor_codes_and_their_years_are_census_years() -> None:
    factors = VIEW.get_enum("CinFactor").permissible_values
    assert len(factors) == 45
    assert {code for code, factor in factors.items() if notes(factor).get("dva")} == {"3A", "3B", "3C"}
    for code, factor in factors.items():
        for name in ("first_year", "last_year", "legacy_from"):
            assert re.fullmatch(r"20\d\d-\d\d", notes(factor).get(name, "2017-18")), code


@pytest.mark.parametrize(
    ("year", "count"),
    [("2017-18", 39), ("2018-19", 39), ("2019-20", 39), ("2020-21", 41), ("2021-22", 42), ("2025-26", 42)],
)
def test_a_census_year_has_as_many_valid_factors_as_its_list(year: str, count: int) -> None:
    factors = (notes(factor) for factor in VIEW.get_enum("CinFactor").permissible_values.values())
    valid = [said for said in factors if said["first_year"] <= year <= said.get("last_year", year)]
    assert len(valid) == count


def test_there_are_fifteen_scottish_concerns_and_one_is_none() -> None:
    concerns = VIEW.get_enum("ScottishConcern").permissible_values
    assert len(concerns) == 15
    assert [code for code, value in concerns.items() if "not_a_concern" in notes(value)] == [
        "temporary_registration_category"
    ]


def test_every_scottish_decision_has_an_outcome_that_the_standard_knows() -> None:
    outcomes = {*VIEW.get_enum("RegistrationOutcome").permissible_values, "not_applicable"}
    for code, value in VIEW.get_enum("ScottishConferenceDecision").permissible_values.items():
        assert notes(value)["outcome"] in outcomes, code


def test_every_finding_of_the_research_is_answered_or_said_to_be_out_of_scope() -> None:
    with (SCHEMA / "traceability.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = {where for where, _ in own_fields()}
    assert len(rows) == 226
    for row in rows:
        assert set(row["fields"].split()) <= fields, row["id"]
        assert row["source"] in SOURCES, row["id"]
        assert row["fields"] or row["rules"] or row["metrics"] or row["out_of_case_schema"], row["id"]
