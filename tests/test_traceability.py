"""Every finding of the research leads somewhere that exists, and the counts that the requirements promise are kept."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from rdac_validator.rules import catalogue
from rdac_validator.standard import Column, load

ROOT = Path(__file__).parent.parent
STANDARD = load()
LINKS = {"person_causing_id", "person_experiencing_id"}
CHECKED = {*(f"R{number:02}" for number in range(1, 42)), "R48"}
OF_REPORTS = {f"R{number}" for number in range(42, 48)}
METRICS = {f"M{number:02}" for number in range(1, 41)}


def findings() -> list[Mapping[str, str]]:
    with (ROOT / "schema/traceability.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def coded_answers(*tiers: str) -> list[Column]:
    """Answers of these tiers, the two links of a direction of harm set aside: they say who, and not what."""
    columns = [column for table in STANDARD.tables for column in table.columns]
    return [column for column in columns if column.tier in tiers and column.coded and column.name not in LINKS]


def test_every_finding_has_an_id_of_its_own_and_its_words() -> None:
    rows = findings()
    assert len({row["id"] for row in rows}) == 226
    assert all(re.fullmatch(r"[A-P][0-9]{2}", row["id"]) for row in rows)
    assert all(row["seed_phrase"] and row["section"] for row in rows)


def test_every_field_that_a_finding_names_is_a_column() -> None:
    columns = {f"{table.cls}.{column.name}" for table in STANDARD.tables for column in table.columns}
    assert [row["id"] for row in findings() if not set(row["fields"].split()) <= columns] == []


def test_every_rule_and_metric_that_a_finding_names_is_one_of_the_requirements() -> None:
    for row in findings():
        assert set(row["rules"].split()) <= CHECKED | OF_REPORTS, row["id"]
        assert set(row["metrics"].split()) <= METRICS, row["id"]


def test_every_requirement_on_data_is_met_by_a_rule() -> None:
    met = {requirement for info in catalogue() for requirement in info.requirements}
    assert sorted(CHECKED - met) == [], "write a rule class with this number in its `requirements`"


def test_no_rule_claims_a_requirement_that_does_not_exist() -> None:
    known = CHECKED | OF_REPORTS | {"DfE"}
    claimed = {info.code: sorted(set(info.requirements) - known) for info in catalogue()}
    assert {code: numbers for code, numbers in claimed.items() if numbers} == {}


def test_a_finding_that_leads_to_no_field_and_no_rule_of_today_says_why() -> None:
    for row in findings():
        leads = row["fields"] or set(row["rules"].split()) & CHECKED or row["metrics"] or row["out_of_case_schema"]
        assert leads, row["id"]


def test_there_are_38_core_coded_answers_of_which_12_are_the_starter_set() -> None:
    assert len(coded_answers("starter", "T1")) == 38
    assert len(coded_answers("starter")) == 12


def test_every_tier_and_privacy_class_is_one_that_the_tool_knows() -> None:
    from rdac_validator.generate.tables import PRIVACY_WORDS, TIER_WORDS

    for table in STANDARD.tables:
        for column in table.columns:
            assert column.tier in TIER_WORDS, column.name
            assert column.privacy in PRIVACY_WORDS, column.name


@pytest.mark.parametrize("name", ["rdac", "cin", "scotland"])
def test_the_linter_of_linkml_finds_nothing(name: str) -> None:
    pytest.importorskip("linkml", reason="the linter comes with LinkML, a build-time tool")
    command = [sys.executable, "-m", "linkml.linter.cli", "--config", ".linkmllint.yaml", f"schema/{name}.yaml"]
    lint = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout + lint.stderr
