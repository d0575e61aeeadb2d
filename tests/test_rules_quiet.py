"""The rules on harm have nothing to ask of a return that only carries over what the census said."""

from __future__ import annotations

import pytest

from rdac_validator.check import check
from rdac_validator.findings import Outcome, Severity
from rdac_validator.rules import adults, ages, child, direction, pattern, separation, severity
from rdac_validator.rules.base import gather
from rdac_validator.standard import Table, load
from tests.returns import Rows, return_of

HARM_RULES = gather(adults, ages, child, direction, pattern, separation, severity)
UNSAID = "not_collected_by_source"
SAID: dict[str, Rows] = {
    "dataset": [{"nation": "england", "period_start": "2023-04-01", "period_end": "2024-03-31"}],
    "person": [{"person_id": "c1", "person_kind": "child", "birth_month": "2015-02"}],
    "episode": [
        {"episode_id": "e1", "child_id": "c1", "referral_date": "2023-05-01", "closure_date": "2023-08-01"},
        {"episode_id": "e2", "child_id": "c1", "referral_date": "2023-10-01"},
    ],
    "assessment": [
        {"assessment_id": "a1", "episode_id": "e1", "assessment_date": "2023-06-01", "source_codes": "3A|3B|3C"},
        {"assessment_id": "a2", "episode_id": "e2", "assessment_date": "not_applicable", "source_codes": "3B"},
    ],
    "harm_direction": [
        {"harm_id": "h1", "assessment_id": "a1", "abuse_types": "dva_unspecified"},
        {"harm_id": "h2", "assessment_id": "a2", "abuse_types": "dva_unspecified"},
    ],
    "child_experience": [{"child_id": "c1", "assessment_id": "a1"}],
    "adult_in_case": [{"person_id": "p1", "assessment_id": "a1"}],
    "plan_action": [{"assessment_id": "a1"}],
    "risk_assessment": [{"harm_id": "h1"}],
    "provenance": [
        {"target_table": "harm_direction", "target_key": harm, "target_column": "abuse_types"} for harm in ("h1", "h2")
    ],
}


def filled(table: Table, rows: Rows) -> Rows:
    """Every coded cell that is not said holds the reason that the census has no place for it."""
    unsaid = {column.name: UNSAID for column in table.columns if column.coded}
    return [{**unsaid, **row} for row in rows]


def test_a_converted_census_draws_only_what_is_meant_to_be_told() -> None:
    given = return_of({name: filled(load().table(name), rows) for name, rows in SAID.items()})
    report = check(given, load(), profile="t0", rules=HARM_RULES, structure=False)
    assert {(finding.code, finding.severity) for finding in report.findings()} == {("RDAC312", Severity.INFO)}
    assert not [run for run in report.runs if run.outcome in {Outcome.CRASHED, Outcome.NOT_RUN}]


def test_blank_cells_are_left_to_the_rule_on_blanks() -> None:
    given = return_of(SAID)
    codes = {finding.code for finding in check(given, load(), rules=HARM_RULES, structure=False).findings()}
    assert codes == {"RDAC312"}


@pytest.mark.parametrize("absent", sorted(SAID))
def test_a_table_that_is_absent_makes_no_rule_crash(absent: str) -> None:
    given = return_of({name: filled(load().table(name), rows) for name, rows in SAID.items() if name != absent})
    report = check(given, load(), profile="extended", rules=HARM_RULES, structure=False)
    assert not report.crashed
    told = {finding.code for finding in report.findings()}
    assert told <= {"RDAC312", "RDAC315"}
    assert ("RDAC315" in told) == (absent == "provenance"), "without provenance nothing shows that a crosswalk wrote it"


def test_empty_tables_are_not_applicable() -> None:
    given = return_of({name: [] for name in SAID})
    runs = check(given, load(), rules=HARM_RULES, structure=False).runs
    assert {run.outcome for run in runs} == {Outcome.NOT_APPLICABLE}
