"""A draft of a mapping sees which files belong together and how many people a row tells of, and tells no cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from click.testing import CliRunner, Result

from benchmarks import exports as made_up
from rdac_validator.cli.mapping import mapping as rdac_map
from rdac_validator.mapping import apply, opened, read
from rdac_validator.mapping.guessing import Names
from rdac_validator.mapping.people import TABLES, about
from rdac_validator.standard import load
from tests.returns import pseudonym

EXAMPLES = Path(__file__).parent.parent / "examples" / "exports"
KEY = b"a key for the tests only"
Blocks = dict[str, list[dict[str, Any]]]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(rdac_map, [str(argument) for argument in arguments])


def drafted(*export: Path) -> tuple[str, Blocks]:
    """A draft as text, and its tables."""
    result = run("init", *export)
    assert result.exit_code == 0, result.output
    return result.output, yaml.load(result.output, yaml.BaseLoader)["tables"]  # noqa: S506 it makes text of all


def write(folder: Path, name: str, lines: Sequence[str]) -> Path:
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def made(folder: Path, text: str, table: str) -> pl.DataFrame:
    """A table of the return that a draft makes of the export in a folder."""
    path = folder / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    given = read(path, load())
    return apply(given, opened(given.inputs, [folder]), load(), KEY).tables[table].collect()


def test_files_that_hold_the_keys_of_others_are_joined() -> None:
    _, tables = drafted(EXAMPLES / "long" / "export")
    assert {name: [block["from"] for block in blocks] for name, blocks in tables.items()} == {
        "person": ["people"],
        "episode": ["referrals"],
        "assessment": ["assessments"],
        "status_event": ["status"],
    }
    (episode,), (assessment,) = tables["episode"], tables["assessment"]
    assert episode["join"] == [{"input": "people", "on": {"PersonRef": "PersonRef"}}]
    assert episode["cells"]["family_id"] == {"id": "F", "columns": ["people.FamilyRef"]}
    on = {"AssessmentRef": "AssessmentRef"}
    assert assessment["join"] == [{"input": "factors", "on": on, "gather": "true"}]
    assert assessment["cells"]["source_codes"]["column"] == "factors.FactorCode"


@pytest.mark.parametrize("family", made_up.FAMILIES)
def test_a_draft_can_be_held_against_its_export(family: str, tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(drafted(EXAMPLES / family / "export")[0], encoding="utf-8")
    result = run("check", tmp_path / "draft.yaml", EXAMPLES / family / "export")
    assert result.exit_code in {0, 1}, result.output


def two_files(folder: Path, refs: Sequence[object], known: Sequence[object]) -> Blocks:
    write(folder, "referrals", ["ReferralRef,ChildRef,ReferralDate", *(f"r{n},{n},2024-01-31" for n in refs)])
    write(folder, "homes", ["ChildRef,FamilyRef", *(f"{n},f{n}" for n in known)])
    return drafted(folder)[1]


@pytest.mark.parametrize(
    ("refs", "known", "joined"),
    [
        (range(20), range(20), True),
        ([*range(20), *range(20)], range(30), True),
        (range(20), range(4, 30), True),
        (range(20), range(5, 30), False),
        (range(20), [*range(20), 3], False),
        (range(4), range(4), False),
        (range(20), range(50, 70), False),
    ],
    ids=["alike", "repeated here", "80% there", "75% there", "repeated there", "too few", "none in common"],
)
def test_a_join_is_drafted_where_keys_stand_once_and_most_are_there(
    refs: Sequence[int], known: Sequence[int], joined: bool, tmp_path: Path
) -> None:
    (block,) = two_files(tmp_path, refs, known)["episode"]
    assert ("join" in block) is ("family_id" in block["cells"]) is joined


def test_what_a_second_file_says_too_is_listed_and_not_lost(tmp_path: Path) -> None:
    write(tmp_path, "children", ["Child ID,Gender", *(f"{n},Male" for n in range(9))])
    write(tmp_path, "contacts", ["Child ID,Gender,Ethnicity", *(f"{n % 9},Male,x" for n in range(20))])
    text, tables = drafted(tmp_path)
    assert [block["from"] for block in tables["person"]] == ["children"]
    assert "# contacts.Gender looks like sex too" in text
    assert "# contacts.Ethnicity looks like ethnicity_code too, or has several rows" in text


def test_keys_that_stand_nowhere_else_keep_a_block_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, "children", ["Child ID,Gender", *(f"{n},Male" for n in range(9))])
    write(tmp_path, "contacts", ["Child ID,Contact Date", *(f"{n % 10},2024-01-31" for n in range(20))])
    text, tables = drafted(tmp_path)
    assert [block["from"] for block in tables["person"]] == ["children", "contacts"]
    assert made(tmp_path, text, "person").height == 10


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Adult 1 ID", ("adult", "adult 1", "id")),
        ("adult2_dob", ("adult", "adult 2", "dob")),
        ("DOB (Child 3)", ("child", "child 3", "dob")),
        ("child_dob_2", ("child", "child 2", "dob")),
        ("MotherDateOfBirth", ("mother", "mother", "date of birth")),
        ("Child relationship to adult 1", ("adult", "adult 1", "child relationship to")),
        ("Child ID", ("child", "", "id")),
        ("DVA Parent", ("parent", "", "dva")),
        ("Child age at 31 March 2024", ("child", "", "age at 31 march 2024")),
        ("Team", ("", "", "")),
    ],
)
def test_a_header_says_whom_it_is_about(header: str, said: tuple[str, str, str]) -> None:
    assert about(header, Names(load()).roles) == said


def test_the_words_for_people_say_codes_of_the_standard() -> None:
    for says in Names(load()).roles.values():
        for name, code in says.items():
            (column,) = [load().table(table).column(name) for table in TABLES if name in load().table(table).names]
            assert code in load().codes(column)


def test_people_with_ids_of_their_own_become_rows_of_their_own(tmp_path: Path) -> None:
    rows = [f"{n},01/02/2015,A{n},Mother,{f'B{n}' if n % 2 else ''},Father" for n in range(10)]
    head = "Child ID,Child DOB,Adult 1 ID,Adult 1 Relationship,Adult 2 ID,Adult 2 Relationship"
    write(tmp_path, "cases", [head, *rows])
    text, tables = drafted(tmp_path)
    assert len(tables["person"]) == 3 and len(tables["adult_in_case"]) == 2
    people = made(tmp_path, text, "person")
    assert people["person_kind"].value_counts().sort("count")["count"].to_list() == [10, 15]
    assert pseudonym("P", "B1", KEY) in people["person_id"] and pseudonym("P", "A0", KEY) in people["person_id"]


def test_people_without_ids_are_told_apart_by_what_their_columns_are_called(tmp_path: Path) -> None:
    rows = [f"{n},M,{'01/02/1985' if n % 2 else ''},,Roe" for n in range(10)]
    write(tmp_path, "cases", ["Child ID,Sex,Mother DOB,Father DOB,Mother Surname", *rows])
    text, tables = drafted(tmp_path)
    assert tables["person"][1]["where"] == {"columns": ["Mother DOB"]}
    assert tables["person"][1]["cells"]["person_id"] == {"id": "P", "columns": ["Child ID"], "also": "mother"}
    assert tables["adult_in_case"][0]["cells"]["relationship_to_child"] == {"value": "mother"}
    assert made(tmp_path, text, "person").height == 10 + 5
    assert "nothing in the standard looks like Mother Surname" in text and "Roe" not in text


def test_what_cells_hold_where_nothing_is_known_is_said_once_for_the_whole_mapping(tmp_path: Path) -> None:
    rows = [f"{n},{('M', 'F', 'N/K')[n % 3]},{'n/k' if n else 'NK'},E01{n:06}" for n in range(30)]
    write(tmp_path, "cases", ["PersonID,Gender,Referral Source,LSOA", *rows])
    text, tables = drafted(tmp_path)
    given = yaml.load(text, yaml.BaseLoader)  # noqa: S506 it makes text of all
    assert given["missing"] == {"N/K": "asked_unknown", "n/k": "asked_unknown"}
    assert tables["person"][0]["cells"]["sex"]["codes"] == {"M": "male", "F": "female"}
    assert "no code looks like N/K" not in text and "NK" not in text
    assert "# LSOA looks like the code of a small area" in text


def test_a_header_of_two_lines_does_not_break_out_of_its_comment(tmp_path: Path) -> None:
    write(tmp_path, "cases", ['PersonID,Gender,"LSOA\n2011"', *(f"{n},F,E01{n:06}" for n in range(5))])
    text, _ = drafted(tmp_path)
    assert "    # LSOA 2011 looks like the code of a small area" in text


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("D.O.B.", "birth_month"),
        ("SexCode", "sex"),
        ("Ethnicity Desc", "ethnicity_code"),
        ("Ref. Date", "referral_date"),
    ],
)
def test_a_column_is_known_by_its_abbreviations(header: str, target: str, tmp_path: Path) -> None:
    write(tmp_path, "cases", [f"PersonID,{header}", "1,x"])
    cells = [block["cells"] for blocks in drafted(tmp_path)[1].values() for block in blocks]
    assert any(target in held for held in cells)


def test_what_no_column_names_is_named_by_the_child_and_a_day_wherever_it_stands(tmp_path: Path) -> None:
    rows = [f"{n},0{n}/05/2023,1{n}/06/2023,Father" for n in range(1, 9)]
    write(tmp_path, "cases", ["Child ID,Referral Date,Assessment Completed,Father Seen", *rows])
    text, tables = drafted(tmp_path)
    episode = {"id": "E", "columns": ["Child ID", "Referral Date"]}
    assessment = {"id": "A", "columns": ["Child ID", "Assessment Completed"]}
    assert tables["episode"][0]["cells"]["episode_id"] == tables["assessment"][0]["cells"]["episode_id"] == episode
    assert tables["assessment"][0]["cells"]["assessment_id"] == assessment
    assert tables["adult_in_case"][0]["cells"]["assessment_id"] == assessment
    assert set(made(tmp_path, text, "assessment")["episode_id"]) == set(made(tmp_path, text, "episode")["episode_id"])


def test_a_column_that_looks_like_something_and_has_no_place_is_listed(tmp_path: Path) -> None:
    write(tmp_path, "homes", ["Family Ref,Child 1 ID", *(f"F{n},c{n}" for n in range(9))])
    assert "# Family Ref looks like episode.family_id, and stands in no block" in drafted(tmp_path)[0]
    for family in ("wide", "long"):
        assert "stands in no block" not in drafted(EXAMPLES / family / "export")[0]


def test_a_household_in_a_row_names_its_adults_by_the_family(tmp_path: Path) -> None:
    rows = [f"F{n},c{n},d{n},01/02/1985" for n in range(9)]
    write(tmp_path, "homes", ["Family Ref,Child 1 ID,Child 2 ID,Adult 1 DOB", *rows])
    text, tables = drafted(tmp_path)
    assert tables["person"][2]["cells"]["person_id"] == {"id": "P", "columns": ["Family Ref"], "also": "adult 1"}
    assert made(tmp_path, text, "person").height == 27


def test_codes_that_nothing_turns_into_others_are_asked_about(tmp_path: Path) -> None:
    write(tmp_path, "cases", ["PersonID,DOB,Ethnicity Desc", *(f"{n},01/02/2015,White British" for n in range(9))])
    asked = drafted(tmp_path)[0].split("are they codes of the standard?")
    assert len(asked) == 2 and asked[0].splitlines()[-2].endswith("column: Ethnicity Desc")


def test_a_table_that_is_asked_for_and_not_found_is_listed_with_what_it_needs() -> None:
    text, _ = drafted(EXAMPLES / "wide" / "export")
    assert "# dataset is asked for at profile t0, and nothing looks like it: schema_version, nation, la_code" in text


def test_a_person_whom_no_column_names_is_left_out_and_said(tmp_path: Path) -> None:
    write(tmp_path, "cases", ["Sex,Mother DOB", *(f"M,01/02/19{n}" for n in range(70, 80))])
    text, tables = drafted(tmp_path)
    assert [block["from"] for block in tables["person"]] == ["cases"]
    assert "no column names the person" in text
