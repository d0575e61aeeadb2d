"""The check: what it finds, where it says it is, and how each rule ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import jsonschema
import narwhals as nw
import polars as pl
import pytest

from rdac_validator.check import check
from rdac_validator.findings import Group, Outcome, Report, Severity, in_order
from rdac_validator.formats import faults
from rdac_validator.reports import json_, text
from rdac_validator.rules import RULES
from rdac_validator.rules.base import Row, RowRule, Rule
from rdac_validator.rules.structural import CellKind
from rdac_validator.standard import Column, Standard, load, schema_folder
from rdac_validator.structure import pandera_
from rdac_validator.structure.engine import EngineError
from rdac_validator.tables import BATCH, ROW, Return, Text
from tests.returns import Rows, return_of

PERSON = {
    "person_kind": "adult",
    "birth_month": "1990-01",
    "sex": "female",
    "ethnicity_code": "WBRI",
    "ethnicity_scheme": "dfe_cin",
    "disability": "not_asked",
}


def found(report: Report) -> set[tuple[str, str, int]]:
    return {(finding.code, finding.table, finding.row) for finding in report.findings()}


def people(*rows: dict[str, str]) -> Rows:
    return [PERSON | row for row in rows]


def structural(given: Return, profile: str = "t0") -> Report:
    return check(given, load(), profile=profile, wanted=lambda code: code.startswith("RDAC1"))


def of_code(report: Report, code: str) -> list[Group]:
    return [group for group in report.groups if group.code == code]


def test_a_cell_fails_at_most_one_structural_kind() -> None:
    cells = ["male", "Male", " male", "purple", "", "not_asked", "NOT_ASKED"]
    report = structural(
        return_of({"person": people(*({"person_id": f"pk{i}x", "sex": c} for i, c in enumerate(cells)))})
    )
    by_row = {finding.row: finding.code for finding in report.findings() if finding.columns == ("sex",)}
    assert by_row == {3: "RDAC105", 4: "RDAC105", 5: "RDAC106", 6: "RDAC102", 8: "RDAC105"}


def test_a_missing_table_is_an_error_at_core_and_nothing_at_t0() -> None:
    given = return_of({"person": []})
    asked = {group.table for group in of_code(structural(given, "core"), "RDAC113")}
    assert "harm_direction" in asked
    assert "harm_direction" not in {group.table for group in of_code(structural(given), "RDAC113")}


def test_what_only_the_extended_profile_asks_for_is_a_warning() -> None:
    groups = of_code(structural(return_of({"person": []}), "extended"), "RDAC113")
    severities = {group.table: group.severity for group in groups}
    assert severities["service_referral"] is Severity.WARNING
    assert severities["harm_direction"] is Severity.ERROR


def test_a_missing_column_is_named_once_and_its_cells_are_not_called_blank() -> None:
    columns = {"person": [name for name in load().table("person").names if name != "sex"]}
    report = structural(
        return_of({"person": [{"person_id": "pkx"} | {k: v for k, v in PERSON.items() if k != "sex"}]}, columns)
    )
    assert [group.columns for group in of_code(report, "RDAC114")] == [("sex",)]
    assert not [group for group in report.groups if group.code != "RDAC114" and "sex" in group.columns]


def test_a_blank_beyond_the_profile_is_not_looked_at() -> None:
    given = return_of({"person": people({"person_id": "pkx", "sexual_orientation": ""})})
    assert not [g for g in of_code(structural(given), "RDAC102") if g.columns == ("sexual_orientation",)]
    extended = [g for g in of_code(structural(given, "extended"), "RDAC102") if g.columns == ("sexual_orientation",)]
    assert [group.severity for group in extended] == [Severity.WARNING]


def test_both_rows_of_a_doubled_key_are_listed_and_blank_keys_are_not_doubled() -> None:
    rows = people(
        {"person_id": "pka"}, {"person_id": "pkb"}, {"person_id": "pka"}, {"person_id": ""}, {"person_id": ""}
    )
    report = structural(return_of({"person": rows}))
    assert [list(group.rows) for group in of_code(report, "RDAC111")] == [[2, 4]]


def test_a_reference_that_leads_nowhere_is_found_and_a_missing_reason_is_no_reference() -> None:
    harm = [
        {"harm_id": "h1x", "person_causing_id": "pka", "person_experiencing_id": "gone"},
        {"harm_id": "h2x", "person_causing_id": "not_collected_by_source", "person_experiencing_id": "pka"},
    ]
    report = structural(return_of({"person": people({"person_id": "pka"}), "harm_direction": harm}))
    broken = {(group.columns, tuple(group.rows)) for group in of_code(report, "RDAC112")}
    assert broken == {(("person_experiencing_id",), (2,))}


def test_a_reference_in_a_cell_of_several_is_found() -> None:
    given = {
        "harm_direction": [{"harm_id": "h1x"}],
        "child_experience": [{"harm_ids": "h1x|gone"}, {"harm_ids": "h1x"}],
    }
    groups = of_code(structural(return_of(given)), "RDAC112")
    assert [list(group.rows) for group in groups if group.columns == ("harm_ids",)] == [[2]]


def test_a_key_that_is_a_reference_too_is_looked_up() -> None:
    given = {
        "assessment": [{"assessment_id": "a1x"}],
        "family_circumstances": [{"assessment_id": "a1x"}, {"assessment_id": "a2x"}],
    }
    groups = of_code(structural(return_of(given)), "RDAC112")
    assert [list(group.rows) for group in groups if group.table == "family_circumstances"] == [[3]]


def test_references_into_a_damaged_table_are_not_run_and_nothing_is_said_to_be_missing() -> None:
    given = return_of({"person": people({"person_id": "pka"}), "harm_direction": [{"person_causing_id": "gone"}]})
    person = given.texts["person"]
    damaged = Text(person.name, person.file, person.format, person.frame, 1, person.headers, damaged=True)
    report = structural(Return({**given.texts, "person": damaged}))
    assert not [g for g in of_code(report, "RDAC112") if g.columns == ("person_causing_id",)]
    ended = {run.outcome for run in report.runs if run.code == "RDAC112" and "person_causing_id" in run.reason}
    assert ended == {Outcome.NOT_RUN}


def test_rows_keep_their_numbers_beyond_the_first_batch() -> None:
    rows = 2 * BATCH + 7
    wrong = {1, BATCH - 1, BATCH, 2 * BATCH + 6}
    number = pl.int_range(rows, eager=True)
    frame = pl.DataFrame({"n": number}).select(
        pl.format("pk{}x", "n").alias("person_id"),
        pl.when(pl.col("n").is_in(list(wrong))).then(pl.lit("purple")).otherwise(pl.lit("male")).alias("sex"),
    )
    lazy = frame.with_row_index(ROW, 2).lazy()
    report = structural(Return({"person": Text("person", "person.csv", "csv", lazy, rows, ("person_id", "sex"))}))
    assert [list(group.rows) for group in of_code(report, "RDAC106")] == [sorted(n + 2 for n in wrong)]
    assert of_code(report, "RDAC106")[0].checked == next(
        run.checked for run in report.runs if run.code == "RDAC106" and run.table == "person"
    )


def test_a_column_that_the_standard_does_not_know_is_scanned_and_named_by_its_place_only() -> None:
    frame = pl.DataFrame({ROW: [2], "person_id": ["pkx"], "_unknown_2": ["SW1A 1AA"]}).lazy()
    text_ = Text("person", "person.csv", "csv", frame, 1, ("person_id",), {"_unknown_2": "Jane Smith"})
    report = check(Return({"person": text_}), load(), profile="t0", wanted=lambda code: code.startswith("RDAC9"))
    (group,) = of_code(report, "RDAC911")
    assert group.message.startswith("column 2 ") and list(group.rows) == [2]
    rendered = text.render(report) + json_.render(report)
    assert "Jane" not in rendered and "SW1A" not in rendered


class Crashing(RowRule):
    """A rule with a fault of ours.

    Why: such a rule must never count as passed.
    Fix: none; it stands in a test.
    """

    code = "RDAC999"
    severity = Severity.ERROR
    table = "person"
    columns = ("sex",)
    message = "never said"
    sources = ("rdac-2026:1.4",)
    requirements = ("R00",)
    good: Sequence[Row] = ({"sex": "male"},)
    bad: Sequence[Row] = ({"sex": "female"},)

    def valid(self) -> nw.Expr:
        return nw.col("a column that is not there") == 1


class Always(RowRule):
    """A sex is recorded at all.

    Why: a rule that fails on every row shows that others go on beside one that crashed.
    Fix: none; it stands in a test.
    """

    code = "RDAC998"
    severity = Severity.WARNING
    table = "person"
    columns = ("sex",)
    message = "a sex is recorded"
    sources = ("rdac-2026:1.4",)
    requirements = ("R00",)
    lenient: ClassVar[dict[str, Severity]] = {"t0": Severity.INFO}
    good: Sequence[Row] = ({"sex": "not_asked"},)
    bad: Sequence[Row] = ({"sex": "female"},)

    def valid(self) -> nw.Expr:
        return nw.col("sex").is_null()


class Broken(CellKind):
    """A kind with a fault of ours.

    Why: pandera takes an exception of a check for a fault of the data, and we must not.
    Fix: none; it stands in a test.
    """

    code = "RDAC997"
    sources = ("rdac-2026:1.4",)

    def applies_to(self, column: Column) -> bool:
        return column.name in {"sex", "person_id"}

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        return nw.col("a column that is not there") == 1

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        return False

    def message(self, column: Column, standard: Standard) -> str:
        return "never said"


@pytest.mark.parametrize("name", ["sex", "person_id"])
def test_a_kind_that_raises_is_our_fault_and_not_the_datas(name: str) -> None:
    table = load().table("person")
    batch = return_of({"person": people({"person_id": "pka"})}).texts["person"].frame.collect()
    screen = pandera_.Screen(table, load(), lambda column: (Broken(),) if column.name == name else ())
    with pytest.raises(EngineError):
        list(pandera_.faults(batch, screen))


def damaged(given: Return, name: str) -> Return:
    """The return with one table of which rows could not be read."""
    texts = {**given.texts, name: replace(given.texts[name], damaged=True)}
    return replace(given, texts=texts)


def unreadable(given: Return, name: str) -> Return:
    """The return with one table that is there and could not be read at all."""
    group = Group("RDAC013", Severity.ERROR, name, f"{name}.csv", (), "the file holds NUL bytes")
    info = next(info for info in faults.LOOKED_FOR if info.code == "RDAC013")
    texts = {other: text_ for other, text_ in given.texts.items() if other != name}
    return replace(given, texts=texts, groups=(group,), looked_for=(info,))


STEPS: Rows = [
    {
        "event_id": "e1x",
        "child_id": "pka",
        "event_date": "2024-01-01",
        "from_status": "not_open",
        "to_status": "assessment",
    },
    {
        "event_id": "e3x",
        "child_id": "pka",
        "event_date": "2024-03-01",
        "from_status": "child_in_need",
        "to_status": "closed",
    },
]


@pytest.mark.parametrize("spoil", [damaged, unreadable])
def test_a_rule_says_nothing_of_a_table_that_could_not_be_read_whole(spoil: Callable[[Return, str], Return]) -> None:
    given = return_of(
        {
            "status_event": STEPS,
            "provenance": [],
            "harm_direction": [{"harm_id": "h1x", "abuse_types": "dva_unspecified"}],
        }
    )
    for table, code in (("status_event", "RDAC340"), ("provenance", "RDAC315")):
        whole = check(given, load(), profile="t0", wanted=lambda found: found == code)  # noqa: B023 called at once
        spoilt = check(spoil(given, table), load(), profile="t0", wanted=lambda found: found == code)  # noqa: B023
        assert of_code(whole, code)
        assert not of_code(spoilt, code)
        assert {run.outcome for run in spoilt.runs if run.code == code} == {Outcome.NOT_RUN}


def test_an_error_of_reading_is_told_whatever_codes_were_asked_for() -> None:
    report = check(unreadable(return_of({"person": []}), "person"), load(), wanted=lambda code: code == "RDAC201")
    assert report.exit_code == 1


def test_a_denominator_counts_the_rows_of_one_table_of_which_something_can_be_said() -> None:
    rows = people({"person_id": "pka", "sex": "purple"}, {"person_id": "pkb"}, {"person_id": "pkc", "sex": ""})
    (wrong,) = of_code(structural(return_of({"person": rows})), "RDAC106")
    assert (wrong.count, wrong.checked) == (1, 3)
    harm = [{"person_causing_id": "pka", "person_experiencing_id": "pka"}, {"person_causing_id": "declined"}]
    (same,) = of_code(
        check(return_of({"harm_direction": harm}), load(), wanted=lambda code: code == "RDAC201"), "RDAC201"
    )
    assert (same.count, same.checked) == (1, 1)


def test_a_rule_that_can_say_nothing_of_any_row_has_not_passed() -> None:
    harm = [{"person_causing_id": "not_collected_by_source", "person_experiencing_id": "pka"}]
    report = check(return_of({"harm_direction": harm}), load(), wanted=lambda code: code == "RDAC201")
    assert [run.outcome for run in report.runs] == [Outcome.NOT_APPLICABLE]


def with_rules(given: Return, *rules: type[Rule], profile: str = "core") -> Report:
    return check(given, load(), profile=profile, rules=rules, structure=False)


def test_a_rule_that_crashes_fails_the_run_and_the_others_still_count() -> None:
    report = with_rules(return_of({"person": people({"person_id": "pka"})}), Crashing, Always)
    outcomes = {run.code: run.outcome for run in report.runs}
    assert outcomes == {"RDAC999": Outcome.CRASHED, "RDAC998": Outcome.FAILED}
    assert replace(report, fail_on=None).exit_code == 3
    assert "Our fault" in text.render(report)


def test_a_rule_without_its_table_or_column_is_not_run_and_without_rows_not_applicable() -> None:
    assert [run.outcome for run in with_rules(return_of({"dataset": []}), Always).runs] == [Outcome.NOT_RUN]
    without = return_of({"person": [{"person_id": "pka"}]}, {"person": ["person_id"]})
    assert [run.outcome for run in with_rules(without, Always).runs] == [Outcome.NOT_RUN]
    assert [run.outcome for run in with_rules(return_of({"person": []}), Always).runs] == [Outcome.NOT_APPLICABLE]


def test_a_rule_may_be_lenient_at_a_profile() -> None:
    given = return_of({"person": people({"person_id": "pka"})})
    assert with_rules(given, Always).groups[0].severity is Severity.WARNING
    assert with_rules(given, Always, profile="t0").groups[0].severity is Severity.INFO


@pytest.mark.parametrize(
    ("fail_on", "code"), [(Severity.ERROR, 0), (Severity.WARNING, 1), (Severity.QUERY, 1), (None, 0)]
)
def test_the_exit_code_follows_the_severity_that_fails(fail_on: Severity | None, code: int) -> None:
    report = with_rules(return_of({"person": people({"person_id": "pka"})}), Always)
    assert replace(report, fail_on=fail_on).exit_code == code


def test_the_json_report_fits_its_schema_and_is_the_same_twice() -> None:
    schema = json.loads(Path(schema_folder() / "report.schema.json").read_text(encoding="utf-8"))
    given = return_of(
        {"person": people({"person_id": "pka", "sex": "purple"}, {"person_id": "pka"}), "harm_direction": []}
    )
    reports = [json_.render(check(given, load(), profile="extended")) for _ in range(2)]
    jsonschema.Draft202012Validator(schema).validate(json.loads(reports[0]))
    assert reports[0] == reports[1]


def test_every_rule_tells_how_it_ended_on_a_return_with_all_tables() -> None:
    report = check(return_of({name: [] for name in load().names}), load(), profile="extended")
    assert {rule.code for rule in RULES} <= {run.code for run in report.runs}


def test_the_text_report_shows_the_first_rows_a_denominator_and_what_was_not_run() -> None:
    rows = people(*({"person_id": f"pk{i}x", "sex": "purple"} for i in range(9)))
    report = structural(return_of({"person": rows}))
    shown = text.render(report)
    assert "lines 2, 3, 4, 5, 6 … and 4 more (--all)" in shown
    assert "lines 2, 3, 4, 5, 6, 7, 8, 9, 10" in text.render(report, everything=True)
    assert "purple" not in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_values_and_keys_are_looked_up_only_by_the_lookup_that_the_user_asked_for() -> None:
    given = return_of({"person": people({"person_id": "pkax", "sex": "Male"})})
    report = structural(given)
    assert "pkax" not in text.render(report)
    shown = text.render(report, lookup=text.lookup(given, load(), values=True, keys=True))
    assert "person_id = 'pkax'; sex = 'Male' (did you mean male?)" in " ".join(shown.split())


def test_among_findings_of_one_severity_those_of_safety_come_first() -> None:
    groups = [
        Group(code, severity, "person", "person.csv", (), "x")
        for severity in Severity
        for code in ("RDAC101", "RDAC901")
    ]
    codes = [(group.severity, group.code) for group in in_order(groups)]
    assert codes == [(severity, code) for severity in Severity for code in ("RDAC901", "RDAC101")]
