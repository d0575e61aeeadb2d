"""The crosswalk from the census: a lawful SSSOM file that leaves no code out, and the reader of such files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from rdac_validator.crosswalks import CENSUS, CrosswalkError, Status, load
from rdac_validator.findings import InputError
from rdac_validator.pseudonyms import fresh_key, pseudonyms, read_key
from rdac_validator.standard import load as load_standard
from rdac_validator.standard import schema_folder
from tests.returns import pseudonym

FILE = schema_folder() / "crosswalks" / f"{CENSUS}.sssom.tsv"


def test_the_file_is_valid_sssom() -> None:
    pytest.importorskip("sssom", reason="sssom is an extra")
    done = subprocess.run(
        [sys.executable, "-m", "sssom.cli", "validate", str(FILE)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_code_of_every_census_list_has_a_line() -> None:
    standard, matches = load_standard(), load().matches
    mapped = {(match.element, match.code) for match in matches}
    columns = [column for table in standard.source_tables for column in table.columns if column.type == "code"]
    wanted = {(column.name, code) for column in columns for code in standard.codes(column)}
    assert len({code for element, code in wanted if element == "AssessmentFactors"}) == 45
    assert wanted - mapped == set()


def test_every_element_of_the_census_has_a_line() -> None:
    mapped = {match.element for match in load().matches}
    columns = [column for table in load_standard().source_tables[1:] for column in table.columns]
    assert {c.name for c in columns if c.notes.get("surrogate") != "true"} - mapped == set()


def test_every_line_leads_to_a_column_and_a_value_that_the_standard_has() -> None:
    standard = load_standard()
    tables = {table.cls: table for table in standard.tables}
    for match in load().matches:
        if match.cls:
            column = tables[match.cls].column(match.column)
            allowed = {*standard.codes(column), *standard.missing_reasons, *standard.lists["CinEthnicity"].codes}
            assert not match.value or match.value in allowed, match
        assert match.comment, f"{match.element} {match.code} does not say why"


def test_no_line_makes_a_divided_code_of_an_undivided_one_or_names_a_person() -> None:
    factors = load().of("AssessmentFactors")
    assert [factors[code].value for code in ("18A", "19A", "8A")] == ["18A", "19A", "8A"]
    assert {str(factors[code].status) for code in ("3A", "3B", "3C")} == {"ambiguous"}
    assert not [match for match in load().matches if match.column == "person_causing_id"]


@pytest.mark.parametrize(
    ("element", "code", "status"),
    [
        ("Sex", "M", Status.EXACT),
        ("Disability", "LD", Status.BROAD),
        ("AssessmentFactors", "1B", Status.AMBIGUOUS),
        ("InitialCategoryOfAbuse", "EMO", Status.NOT_DERIVABLE),
    ],
)
def test_the_status_follows_from_the_predicate(element: str, code: str, status: Status) -> None:
    assert load().of(element)[code].status is status
    assert str(status) in load_standard().lists["MappingStatus"].codes


def test_a_mapping_that_is_not_in_the_file_cannot_be_used() -> None:
    with pytest.raises(CrosswalkError, match="no line leads from Sex"):
        load().value("Sex", "Person", "sex", "male")
    with pytest.raises(CrosswalkError, match="0 lines lead"):
        load().element("Episode", "family_id")


def test_a_file_with_a_predicate_that_means_nothing_here_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "odd.sssom.tsv"
    copy.write_text(FILE.read_text(encoding="utf-8").replace("skos:broadMatch", "skos:closeMatch"), encoding="utf-8")
    with pytest.raises(CrosswalkError, match=r"line \d+: the predicate must be one of skos:exactMatch"):
        load(copy)


def test_a_pseudonym_is_a_lawful_key_and_depends_on_kind_source_and_key() -> None:
    key = b"sixteen bytes ok"
    given = [
        pseudonym("P", "A1", key),
        pseudonym("E", "A1", key),
        pseudonym("P", "A2", key),
        pseudonym("P", "A1", b"x" * 16),
    ]
    assert len(set(given)) == 4
    pattern = load_standard().table("person").column("person_id").pattern
    assert pl.Series(given).str.contains(pattern).all()


def test_a_column_is_named_like_its_cells_and_null_stays_null() -> None:
    key = fresh_key()
    named = pl.DataFrame({"id": ["a", None, "a"]}).select(pseudonyms("P", pl.col("id"), key))
    assert named.to_series().to_list() == [
        pseudonym("P", "a", key),
        None,
        pseudonym("P", "a", key),
    ]


def test_fresh_keys_differ() -> None:
    assert fresh_key() != fresh_key()


def test_a_key_file_that_is_too_short_or_absent_is_refused_without_its_text(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with pytest.raises(InputError, match="cannot be read"):
        read_key(path)
    path.write_bytes(b"secretsecret\n")
    with pytest.raises(InputError, match="holds 12 bytes") as refused:
        read_key(path)
    assert "secret" not in str(refused.value)
    path.write_bytes(b"sixteen bytes ok\n")
    assert read_key(path) == b"sixteen bytes ok"
