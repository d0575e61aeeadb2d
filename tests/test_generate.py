"""What is made from the schema is up to date, the same every time, and fit for the tools that read it."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("linkml_runtime", reason="generating needs LinkML, a build-time tool")

from rdac_validator import generate
from rdac_validator.standard import Column, Table, load
from rdac_validator.tables import DELIMITER

ROOT = Path(__file__).parent.parent
STANDARD = load()
SAMPLES = {"date": "2024-05-01", "integer": "1", "year": "2019", "year_month": "2010-03", "boolean": "true"}
SAMPLE_STRINGS = {"schema_version": "0.1.0", "crosswalk_version": "0.1.0", "la_code": "999"}


@pytest.fixture(scope="module")
def made() -> Mapping[str, str]:
    return generate.artefacts(ROOT)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / "examples" / "ci", tmp_path / "examples" / "ci")
    return tmp_path


def cell(column: Column, reason: bool = False) -> str:
    """A good cell; with ``reason``, a missing reason wherever one may stand."""
    if reason and column.coded:
        return "not_asked"
    if column.references or column.name.endswith("_id"):
        return "k1"
    codes = STANDARD.codes(column)
    if codes:
        return DELIMITER.join(codes[:2]) if column.multiple else codes[0]
    return SAMPLES.get(column.type, SAMPLE_STRINGS.get(column.name, "k1"))


def good_row(table: Table, reason: bool = False) -> dict[str, str]:
    return {column.name: cell(column, reason) for column in table.columns}


def frictionless_errors(
    made: Mapping[str, str], folder: Path, rows: Mapping[str, dict[str, str]]
) -> list[tuple[str, str, str]]:
    """Table, type and field of every error that frictionless finds in a folder with these rows."""
    from frictionless import Package

    for name, row in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(row))
            writer.writeheader()
            writer.writerow(row)
    descriptor = json.loads(made["schema/generated/datapackage.json"])
    report = Package.from_descriptor(descriptor, basepath=str(folder)).validate()
    errors = ((task.name, error) for task in report.tasks for error in task.errors)
    return [(name, error.type, getattr(error, "field_name", "")) for name, error in errors]


def test_what_is_committed_is_what_would_be_made() -> None:
    assert generate.check(ROOT) == "", "run `rdac generate` and commit what it writes"


def test_two_runs_with_different_hash_seeds_give_the_same_bytes(made: Mapping[str, str]) -> None:
    script = (
        "import hashlib, json, sys; from pathlib import Path; from rdac_validator.generate import artefacts;"
        "made = artefacts(Path(sys.argv[1]));"
        "print(hashlib.sha256(json.dumps(sorted(made.items())).encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "COLUMNS": "43"}
    other = subprocess.run(
        [sys.executable, "-c", script, str(ROOT)], capture_output=True, text=True, check=True, env=environment
    )
    assert other.stdout.strip() == hashlib.sha256(json.dumps(sorted(made.items())).encode()).hexdigest()


def test_no_artefact_names_the_machine_that_made_it(made: Mapping[str, str]) -> None:
    for path, text in made.items():
        assert str(ROOT) not in text, path
        assert text.endswith("\n"), path


def test_a_changed_a_missing_and_a_stale_file_are_told_and_put_right(checkout: Path) -> None:
    dictionary = checkout / "schema/generated/data-dictionary.md"
    dictionary.write_text(dictionary.read_text("utf-8").replace("Meaning", "Sense"), encoding="utf-8")
    (checkout / "schema/generated/standard.json").unlink()
    (checkout / "docs/standard/no_such_table.md").write_text("# left over\n", encoding="utf-8")

    diff = generate.check(checkout)
    assert "+++ generated/schema/generated/data-dictionary.md" in diff
    assert "+++ generated/schema/generated/standard.json" in diff
    assert "-# left over" in diff

    generate.write(checkout)
    assert generate.check(checkout) == ""
    assert not (checkout / "docs/standard/no_such_table.md").exists()


def test_a_change_of_the_schema_reaches_everything_made_from_it(checkout: Path) -> None:
    schema = checkout / "schema/rdac.yaml"
    changed = schema.read_text("utf-8").replace("strangulation", "choking")
    schema.write_text(changed, encoding="utf-8")
    trace = checkout / "schema/traceability.csv"
    trace.write_text(trace.read_text("utf-8").replace(".strangulation", ".choking"), encoding="utf-8")
    touched = {path.relative_to(checkout).as_posix() for path in generate.write(checkout)}
    assert {
        "schema/generated/standard.json",
        "schema/generated/rdac.schema.json",
        "schema/generated/datapackage.json",
        "schema/generated/sql/rdac.sql",
        "schema/generated/data-dictionary.md",
        "schema/generated/templates/harm_direction.csv",
        "docs/standard/harm_direction.md",
        "docs/traceability.md",
    } <= touched


def test_without_linkml_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "linkml_runtime.utils.schemaview", None)
    with pytest.raises(generate.GenerateError, match=r"pip install 'rdac-validator\[build\]'"):
        generate.artefacts(ROOT)


def test_a_class_without_the_name_of_its_table_is_told_by_name(checkout: Path) -> None:
    schema = checkout / "schema/rdac.yaml"
    schema.write_text(schema.read_text("utf-8").replace("      table: harm_direction\n", "", 1), encoding="utf-8")
    with pytest.raises(generate.GenerateError, match="class HarmDirection needs the annotation 'table'"):
        generate.artefacts(checkout)


def test_numbers_and_types_come_through_from_a_branch_of_any_of_and_from_a_type() -> None:
    decile = STANDARD.table("family_circumstances").column("deprivation_decile")
    assert (decile.type, decile.coded, decile.minimum, decile.maximum) == ("integer", True, 1, 10)
    year = STANDARD.table("harm_direction").column("first_known_year")
    assert (year.type, year.coded, year.minimum, year.maximum) == ("year", True, 1900, 2100)
    person = STANDARD.table("person").column("person_id")
    assert person.required
    assert person.pattern.startswith("^")
    causing = STANDARD.table("harm_direction").column("person_causing_id")
    assert (causing.references, causing.coded, causing.required) == ("person", True, False)


def test_every_reference_names_a_table_with_a_key_of_one_column() -> None:
    for table in STANDARD.tables:
        for column in table.columns:
            assert not column.references or len(STANDARD.table(column.references).key) == 1, column.name


@pytest.mark.parametrize("reason", [False, True], ids=["with values", "with missing reasons"])
def test_frictionless_finds_nothing_in_a_good_return(made: Mapping[str, str], tmp_path: Path, reason: bool) -> None:
    assert frictionless_errors(made, tmp_path, {table.name: good_row(table, reason) for table in STANDARD.tables}) == []


def test_frictionless_finds_what_the_data_package_forbids(made: Mapping[str, str], tmp_path: Path) -> None:
    rows = {table.name: good_row(table) for table in STANDARD.tables}
    rows["harm_direction"] |= {"severity": "very_bad", "abuse_types": "physical|not_asked", "first_known_year": "1850"}
    rows["episode"]["child_id"] = "somebody_else"
    rows["person"]["person_id"] = ""
    found = frictionless_errors(made, tmp_path, rows)
    assert ("harm_direction", "constraint-error", "severity") in found
    assert ("harm_direction", "constraint-error", "abuse_types") in found
    assert ("harm_direction", "constraint-error", "first_known_year") in found
    assert ("person", "constraint-error", "person_id") in found
    assert {name for name, kind, _ in found if kind == "foreign-key"} >= {"episode"}


def json_cell(column: Column, reason: bool) -> Any:  # noqa: ANN401 whatever JSON has for it
    text = cell(column, reason)
    if column.multiple:
        return text.split(DELIMITER)
    if column.coded and reason:
        return text
    if column.type in ("integer", "year"):
        return int(text)
    return text == "true" if column.type == "boolean" else text


def document(reason: bool) -> dict[str, list[dict[str, Any]]]:
    return {table.name: [{c.name: json_cell(c, reason) for c in table.columns}] for table in STANDARD.tables}


@pytest.fixture(scope="module")
def validator(made: Mapping[str, str]) -> jsonschema.Draft202012Validator:
    schema = json.loads(made["schema/generated/rdac.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("reason", [False, True], ids=["with values", "with missing reasons"])
def test_the_json_schema_accepts_a_good_return(validator: jsonschema.Draft202012Validator, reason: bool) -> None:
    assert [error.message for error in validator.iter_errors(document(reason))] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("severity", None),
        ("severity", "very_bad"),
        ("abuse_types", []),
        ("abuse_types", ["not_asked", "physical"]),
        ("abuse_types", ["physical", "physical"]),
        ("first_known_year", 1850),
        ("first_known_year", "2019"),
        ("harm_id", "Jo Bloggs"),
        ("surname", "k1"),
    ],
)
def test_the_json_schema_refuses_a_cell_that_is_wrong(
    validator: jsonschema.Draft202012Validator, name: str, value: object
) -> None:
    given = document(False)
    given["harm_direction"][0][name] = value
    assert not validator.is_valid(given)


def test_the_json_schema_asks_for_keys_and_for_nothing_else(validator: jsonschema.Draft202012Validator) -> None:
    assert validator.is_valid({"person": [{"person_id": "k1"}]})
    assert not validator.is_valid({"person": [{"sex": "female"}]})


@pytest.fixture
def database(made: Mapping[str, str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(made["schema/generated/sql/rdac.sql"])
    connection.execute("INSERT INTO person (person_id, sex) VALUES ('k1', 'not_asked')")
    connection.execute("INSERT INTO episode (episode_id, child_id) VALUES ('k1', 'k1')")
    connection.execute("INSERT INTO assessment (assessment_id, episode_id) VALUES ('k1', 'k1')")
    return connection


def test_the_sql_holds_rows_choices_and_missing_reasons(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO harm_direction (harm_id, assessment_id, person_causing_id) VALUES ('h1', 'k1', 'k1')")
    database.execute("INSERT INTO harm_direction_abuse_types (harm_id, abuse_types) VALUES ('h1', 'physical')")
    database.execute(
        "INSERT INTO harm_direction (harm_id, assessment_id, person_causing_id_missing) "
        "VALUES ('h2', 'k1', 'not_asked')"
    )
    assert database.execute("SELECT count(*) FROM harm_direction").fetchone() == (2,)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO person (person_id, sex) VALUES ('k2', 'unheard_of')",
        "INSERT INTO person (person_id) VALUES ('k1')",
        "INSERT INTO episode (episode_id, child_id) VALUES ('k2', 'somebody_else')",
        "INSERT INTO harm_direction (harm_id, assessment_id, first_known_year) VALUES ('h1', 'k1', 1850)",
        "INSERT INTO person (person_id, birth_month, birth_month_missing) VALUES ('k2', '2010-01', 'not_asked')",
        "INSERT INTO harm_direction_abuse_types (harm_id, abuse_types) VALUES ('nowhere', 'physical')",
    ],
)
def test_the_sql_refuses_what_the_schema_forbids(database: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        database.execute(statement)


def test_every_table_has_a_page_a_blank_file_and_a_place_in_the_diagram(made: Mapping[str, str]) -> None:
    for table in STANDARD.tables:
        assert f"docs/standard/{table.name}.md" in made
        assert made[f"schema/generated/templates/{table.name}.csv"].strip().split(",") == list(table.names)
        assert table.name in made["schema/generated/entities.mmd"]
        assert f">{table.name}</text>" in made["docs/standard/entities.svg"]


def test_every_rule_has_a_page_and_stands_in_rules_json(made: Mapping[str, str]) -> None:
    listed = json.loads(made["schema/generated/rules.json"])["rules"]
    pages = "".join(text for path, text in made.items() if path.startswith("docs/rules/"))
    assert len({rule["code"] for rule in listed}) == len(listed) > 0
    for rule in listed:
        assert f"\n## {rule['code']}\n" in pages, rule["code"]


def test_every_command_is_in_the_reference(made: Mapping[str, str]) -> None:
    from rdac_validator.cli import main

    for name in main.commands:
        assert f"\n## rdac {name}\n" in made["docs/commands.md"]


def test_generated_pages_say_that_they_are_generated(made: Mapping[str, str]) -> None:
    for path, text in made.items():
        if path.endswith(".md"):
            assert text.startswith("<!-- Generated from "), path
