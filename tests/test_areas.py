"""The authority's own area codes beside a census: they fill deciles inside the run and are in no output."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rdac_validator import cin, cli
from rdac_validator.check import check
from rdac_validator.cin import areas
from rdac_validator.findings import Severity
from rdac_validator.place import PlaceError
from rdac_validator.standard import load
from rdac_validator.tables import Return
from tests.census_files import CHILD, assessed, child, episode, message, read
from tests.test_place import DROPPED, IMD_2019, KEPT, NEW, csv

KEY = b"a key that is only for the tests"
NA, SAFE, UNSAID = "not_applicable", "withheld_for_safety", "not_collected_by_source"
OWN = ("LAchildID", "area_code")
CASES = ("CASE1", "CASE2", "CASE3")
AREA_CODE = re.compile(r"\b[EWS]01[0-9]{6}\b")  # a pseudonym may begin so, and goes on


def census(*ids: str) -> str:
    return message(*(child(episode(assessed("3B")), ids=CHILD.replace("A1", name)) for name in ids))


def official(folder: Path) -> Path:
    return csv(folder / "official.csv", ("LSOA code (2011)", IMD_2019), (KEPT, "4"), (DROPPED, "9"))


def placed(folder: Path, header: Sequence[str], *rows: Sequence[str], ids: Sequence[str] = CASES) -> Return:
    given = areas.read_both(csv(folder / "own.csv", header, *rows), official(folder), load())
    return areas.place(cin.to_return(read(census(*ids), folder), load(), KEY), *given, load(), KEY)


def column(made: Return, table: str, *names: str) -> list[tuple[str, ...]]:
    return made.texts[table].frame.select(names).collect().rows()


def deciles(made: Return) -> list[tuple[str, ...]]:
    return column(made, "family_circumstances", "deprivation_decile", "deprivation_index")


def test_each_child_gets_the_decile_of_its_own_area(tmp_path: Path) -> None:
    made = placed(tmp_path, OWN, ("CASE3", KEPT), ("CASE1", DROPPED), ("CASE9", KEPT))
    known = "imd_2019_lsoa11"
    assert deciles(made) == [("9", known), ("not_recorded", "not_recorded"), ("4", known)]
    assert any(
        note.startswith("Deprivation: 2 of 3 family circumstances have a decile of IMD 2019") for note in made.notes
    )
    assert "Lines of the areas file on children without circumstances in the return, not used: 1." in made.notes


def test_nothing_else_of_the_return_changes(tmp_path: Path) -> None:
    plain = cin.to_return(read(census(*CASES), tmp_path), load(), KEY)
    made = placed(tmp_path, OWN, ("CASE1", KEPT))
    for name, text in plain.texts.items():
        if name not in ("family_circumstances", "provenance"):
            assert made.texts[name].frame.collect().equals(text.frame.collect())
    before, after = (given.texts["family_circumstances"].frame.collect() for given in (plain, made))
    assert after.columns == before.columns
    same = [name for name in before.columns if not name.startswith("deprivation")]
    assert after.select(same).equals(before.select(same))


def test_a_decile_leads_back_to_the_file_it_came_from_and_not_to_the_area(tmp_path: Path) -> None:
    made = placed(tmp_path, (*OWN, "address_safety"), ("CASE1", KEPT, "standard"), ("CASE2", KEPT, "confidential"))
    said = column(made, "provenance", "target_column", "source_field", "source_code", "mapping_status")
    file = "imd_2019_file_7_decile"
    assert [row for row in said if row[1] in (file, "address_safety")] == [
        ("deprivation_decile", file, None, "exact"),
        ("deprivation_index", file, None, "exact"),
        ("address_safety", "address_safety", "standard", "exact"),
        ("address_safety", "address_safety", "confidential", "exact"),
    ]


def test_safety_and_homelessness_come_before_the_area_and_stay_in_the_return(tmp_path: Path) -> None:
    header = (*OWN, "Address safety", "housing_issues")
    rows = [
        ("CASE1", KEPT, "refuge_or_safe_accommodation", "homeless"),
        ("CASE2", KEPT, "standard", "homeless|temporary_accommodation"),
        ("CASE3", KEPT, "", "not_asked"),
    ]
    made = placed(tmp_path, header, *rows)
    assert [row[0] for row in deciles(made)] == [SAFE, NA, "4"]
    assert column(made, "family_circumstances", "address_safety", "housing_issues") == [
        ("refuge_or_safe_accommodation", "homeless"),
        ("standard", "homeless|temporary_accommodation"),
        ("not_recorded", "not_asked"),
    ]
    assert not any("no column" in note for note in made.notes)


def test_without_a_column_on_safety_the_reader_is_told_and_a_reason_may_stand_for_the_code(tmp_path: Path) -> None:
    made = placed(tmp_path, OWN, ("CASE1", SAFE), ("CASE2", KEPT))
    assert [row[0] for row in deciles(made)] == [SAFE, "4", "not_recorded"]
    assert column(made, "family_circumstances", "address_safety", "housing_issues") == [(UNSAID, UNSAID)] * 3
    assert sum("has no column" in note for note in made.notes) == 2


@pytest.mark.parametrize("header", [("LACHILDID", "LSOA11CD"), ("la_child_id", "LSOA code"), ("LAchildID ", "lsoa")])
def test_columns_are_known_by_several_names(tmp_path: Path, header: tuple[str, str]) -> None:
    assert deciles(placed(tmp_path, header, ("CASE1", KEPT), ids=["CASE1"])) == [("4", "imd_2019_lsoa11")]


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        (("LAchildID", "postcode"), [("CASE1", "AB1 2CD")], "needs the columns LAchildID and area_code"),
        (("child", "lsoa"), [("CASE1", KEPT)], "it has no first and 1 that may be the second"),
        (("LAchildID", "lsoa", "LSOA21CD"), [("CASE1", KEPT, KEPT)], "2 that may be the second"),
        (
            ("LAchildID", "LSOA21CD"),
            [("CASE1", KEPT)],
            "codes are those of 2021, and IMD 2019 was made for LSOAs of 2011",
        ),
        (OWN, [("CASE1", KEPT), ("CASE1", DROPPED)], "a second line for a child in 1 of its 2 lines"),
        (OWN, [("CASE1", NEW), ("CASE2", "S01006506")], "none of the 2 area codes is one that IMD 2019 was made for"),
        (
            (*OWN, "address_safety"),
            [("CASE1", KEPT, "Refuge")],
            "address_safety is no code of the standard in 1 of its 1 lines",
        ),
        (
            (*OWN, "housing_issues"),
            [("CASE1", KEPT, "homeless;cold")],
            "housing_issues is no code of the standard in 1 of its 1 lines",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence_that_quotes_nothing(
    tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], said: str
) -> None:
    with pytest.raises(PlaceError, match=said) as refusal:
        placed(tmp_path, header, *rows)
    assert not [cell for row in rows for cell in row if cell in str(refusal.value)]


def test_spaces_around_cells_do_not_matter(tmp_path: Path) -> None:
    made = placed(tmp_path, (*OWN, "address_safety"), (" CASE1 ", f" {KEPT}", "standard "), ids=["CASE1"])
    assert deciles(made) == [("4", "imd_2019_lsoa11")]


def test_the_same_line_twice_is_no_contradiction(tmp_path: Path) -> None:
    assert deciles(placed(tmp_path, OWN, *[("CASE1", KEPT)] * 2, ids=["CASE1"])) == [("4", "imd_2019_lsoa11")]


def test_the_return_validates_at_core_as_well_as_without_place(tmp_path: Path) -> None:
    header = (*OWN, "address_safety", "housing_issues")
    rows = [
        ("CASE1", KEPT, "confidential", ""),
        ("CASE2", KEPT, "standard", "homeless"),
        ("CASE3", NEW, "standard", ""),
    ]
    made = placed(tmp_path, header, *rows, ("CASE4", KEPT, "standard", "overcrowded"))
    report = check(made, load(), profile="core")
    assert not report.crashed
    assert [
        group for group in report.groups if group.severity is Severity.ERROR and "circumstances" in group.table
    ] == []
    assert [group for group in report.groups if group.table == "provenance"] == []


# the command


def files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.read_text("utf-8", errors="replace")


def convert(folder: Path, *options: str | Path) -> Result:
    (folder / "census.xml").write_text(census(*CASES).replace("><", ">\n<"), encoding="utf-8")
    return CliRunner().invoke(
        cli.main, ["convert", str(folder / "census.xml"), str(folder / "out"), *map(str, options)]
    )


def test_the_command_fills_deciles_and_no_area_code_is_in_any_output(tmp_path: Path) -> None:
    own = csv(tmp_path / "own.csv", OWN, ("CASE1", KEPT), ("CASE2", NEW), ("CASE3", "somewhere"))
    done = convert(tmp_path, "--areas", own, "--deprivation", official(tmp_path))
    assert done.exit_code == 0, done.output
    assert "Deprivation: 1 of 3 family circumstances have a decile of IMD 2019" in done.output
    assert "1 of LSOAs that exist only since 2021" in " ".join(done.output.split())
    for text in (done.output, *files(tmp_path / "out")):
        assert not AREA_CODE.search(text)
        assert "somewhere" not in text
        assert not any(case in text for case in CASES)
    report = CliRunner().invoke(cli.main, ["validate", str(tmp_path / "out"), "--profile", "t0"])
    assert report.exit_code == 0, report.output


@pytest.mark.parametrize("option", ["--areas", "--deprivation"])
def test_one_of_the_two_files_is_of_no_use_alone(tmp_path: Path, option: str) -> None:
    done = convert(tmp_path, option, official(tmp_path))
    assert (done.exit_code, "only together" in done.output) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_file_of_the_wrong_edition_ends_with_2_and_writes_nothing(tmp_path: Path) -> None:
    own = csv(tmp_path / "own.csv", OWN, ("CASE1", NEW))
    done = convert(tmp_path, "--areas", own, "--deprivation", official(tmp_path))
    assert (done.exit_code, NEW in done.output) == (2, False)
    assert "IMD 2019 was made for" in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()
