"""What a file of one's own can say of the core answers: counted by hand here, and as the commands print it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from rdac_validator import loss
from rdac_validator.cin import to_return
from rdac_validator.cli import main
from rdac_validator.crosswalks import load
from rdac_validator.standard import load as load_standard
from rdac_validator.standard import schema_folder
from tests.census_files import assessed, child, episode, header, message, read
from tests.returns import return_of

SAMPLES = Path(__file__).parent.parent.parent / "shared" / "samples"
FAMILY_MEETING = "<PreProceedingsandFGDM><FGDMMeetingOffer>true</FGDMMeetingOffer></PreProceedingsandFGDM>"


def rdac(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["crosswalk", *(str(argument) for argument in arguments)])


def counted(text: str, folder: Path) -> loss.Loss:
    return loss.of_census(read(text, folder), load_standard(), load())


def parts(one: loss.Counted) -> tuple[int, int, int, int, int, int]:
    return one.rows, one.exact, one.broad, one.ambiguous, one.not_derivable, one.reason


def test_a_census_is_counted_over_its_assessments_with_a_factor_on_domestic_abuse(tmp_path: Path) -> None:
    text = message(
        child(episode(assessed("3A", "3B", "4B")), episode(assessed("3B"))),
        child(episode(assessed("2B", "18A")), ids="<LAchildID>A2</LAchildID>"),
    )
    found = counted(text, tmp_path)
    assert found.unit == "2 of 3 assessments, those with 3A, 3B or 3C"
    answers = {one.name: parts(one) for one in found.answers}
    assert len(answers) == 38
    assert answers["child_experience.experience_type"] == (2, 0, 0, 1, 1, 0)
    assert answers["adult_in_case.needs"] == (2, 0, 0, 1, 1, 0)
    assert answers["harm_direction.abuse_types"] == (2, 0, 0, 0, 2, 0)
    assert answers["episode.family_meeting_status"] == (2, 0, 0, 0, 2, 0)
    dva = {one.name: parts(one) for one in found.dva}
    assert dva["3A: 1 x child_experience"] == (4, 0, 0, 1, 3, 0)
    assert dva["3B: 2 x harm_direction"] == (20, 0, 0, 0, 20, 0)
    assert dva["3C: 0 x harm_direction"] == (0, 0, 0, 0, 0, 0)


def test_the_family_meeting_counts_in_the_year_that_asks_for_it(tmp_path: Path) -> None:
    met = episode(assessed("3B"), end=f"<ReferralNFA>false</ReferralNFA>{FAMILY_MEETING}")
    text = message(child(met), head=header(2027))
    found = counted(text, tmp_path)
    answers = {one.name: parts(one) for one in found.answers}
    assert answers["episode.family_meeting_status"] == (1, 0, 0, 1, 0, 0)
    assert found.number[0].startswith("Of the 38 core answers, a census of 2026-27 gives 0 exactly and 3 ambiguously")
    early = counted(message(child(met), head=header(2025)), tmp_path)
    assert {parts(one) for one in early.answers if one.name == "episode.family_meeting_status"} == {(1, 0, 0, 0, 1, 0)}


def test_an_assessment_is_counted_once_by_the_best_that_it_says(tmp_path: Path) -> None:
    text = (schema_folder() / "crosswalks" / "cin-census.sssom.tsv").read_text("utf-8")
    related = "by the parent(s)/carer(s)\tskos:relatedMatch\trdac:AdultInCase/needs/alcohol"
    own = tmp_path / "own.sssom.tsv"
    own.write_text(text.replace(related, related.replace("related", "exact")), encoding="utf-8")
    given = read(message(child(episode(assessed("3B", "1B", "2B")))), tmp_path)
    found = {one.name: parts(one) for one in loss.of_census(given, load_standard(), load(own)).answers}
    assert found["adult_in_case.needs"] == (1, 1, 0, 0, 0, 0)


@settings(max_examples=25)
@given(factors=st.lists(st.sampled_from(("3A", "3B", "3C", "1B", "4C", "18A", "20")), max_size=6), data=st.data())
def test_order_and_duplicates_of_factors_do_not_change_the_loss(
    factors: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("census")
    again = data.draw(st.permutations(factors + factors[:2]))
    assert counted(message(child(episode(assessed(*factors)))), folder) == counted(
        message(child(episode(assessed(*again)))), folder
    )


def test_the_parts_always_add_up_to_the_rows(tmp_path: Path) -> None:
    text = message(child(episode(assessed("3A", "3B", "3C", "1B", "22A"))))
    converted = to_return(read(text, tmp_path), load_standard(), b"sixteen bytes ok")
    for found in (counted(text, tmp_path), loss.of_return(converted, load_standard(), [("a census", load())])):
        for one in (*found.answers, *found.dva):
            assert sum(parts(one)[1:]) == one.rows, one


def test_a_converted_census_says_no_more_as_a_return(tmp_path: Path) -> None:
    text = message(child(episode(assessed("3A", "3B", "1B"))))
    converted = to_return(read(text, tmp_path), load_standard(), b"sixteen bytes ok")
    found = loss.of_return(converted, load_standard(), [("a census", load())])
    answers = {one.name: parts(one) for one in found.answers}
    assert answers["child_experience.experience_type"] == (1, 0, 0, 1, 0, 0)
    assert answers["harm_direction.abuse_types"] == (1, 0, 0, 0, 1, 0)
    assert {one.exact for one in found.answers} == {0}
    assert found.number[-2:] == (
        "Of the 38 core answers, this return gives 0 exactly and 1 ambiguously (experience_type).",
        "Of the 38 core answers, what its source codes say gives 0 exactly and 2 ambiguously (experience_type, needs).",
    )


def test_a_value_is_exact_a_reason_is_a_reason_and_a_blank_is_nothing() -> None:
    cells = ("high", "declined", "not_collected_by_source", "", None)
    rows = [{"harm_id": f"H{n}", "severity": cell, "abuse_types": "dva_unspecified"} for n, cell in enumerate(cells)]
    found = loss.of_return(return_of({"harm_direction": rows}), load_standard(), [])
    answers = {one.name: parts(one) for one in found.answers}
    assert answers["harm_direction.severity"] == (5, 1, 0, 0, 3, 1)
    assert answers["harm_direction.abuse_types"] == (5, 0, 0, 0, 5, 0)
    assert answers["family_voice.method"] == (0, 0, 0, 0, 0, 0)


def test_what_is_no_value_of_the_standard_answers_nothing() -> None:
    rows = [{"harm_id": "H1", "severity": "Zebra"}, {"harm_id": "H2", "severity": "high"}]
    traced = {"target_table": "harm_direction", "target_column": "severity", "target_key": "H1"}
    tables = {"harm_direction": rows, "provenance": [traced | {"mapping_status": "exact"}]}
    answers = {one.name: parts(one) for one in loss.of_return(return_of(tables), load_standard(), []).answers}
    assert answers["harm_direction.severity"] == (2, 1, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("assessment_id\nA1\n", 0, "Counted in rows"),
        ("assessment_id,zebra\nA1,x\nA2\n", 1, "RDAC020"),
        ("zebra\n1\n", 2, "nothing to count"),
        ("", 2, "nothing to count"),
    ],
    ids=["whole", "a row left out", "no header", "empty"],
)
def test_what_could_not_be_read_is_not_passed_over(text: str, code: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "assessment.csv").write_text(text, encoding="utf-8")
    for form in ("text", "json"):
        done = rdac("loss", tmp_path, "--format", form)
        assert done.exit_code == code and ("Zebra" not in done.output and "x" not in done.stderr.split())
        assert said in done.output or (form == "json" and code == 0)
        assert (form == "text" or code == 2) or json.loads(done.stdout)


def test_the_loss_is_printed_within_80_columns_and_without_an_id(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["synth", str(tmp_path / "c"), "--format", "cin-xml", "--seed", "4"]).exit_code == 0
    census = tmp_path / "c" / "census.xml"
    done = rdac("loss", census)
    assert done.exit_code == 0, done.output
    assert max(len(line) for line in done.output.splitlines()) <= 80
    ids = set(read(census.read_bytes(), tmp_path).texts["cin_child"].frame.collect()["LAchildID"])
    assert not [one for one in ids if one in done.output]
    document = json.loads(rdac("loss", census, "--format", "json").output)
    assert [len(document[name]) for name in ("answers", "dva", "number")] == [38, 3, 3]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public samples are not beside this checkout (../shared/samples)")
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_the_public_samples_have_their_loss_counted(path: Path) -> None:
    done = rdac("loss", path)
    assert done.exit_code == 0, done.output
    assert "gives 0 exactly and 2 ambiguously" in " ".join(done.output.split())


def test_every_crosswalk_is_listed_shown_and_verified() -> None:
    listed = rdac("list").output
    for name in ("cin-census", "scotland-decisions", "ssd"):
        assert f"{name}  (" in listed
        assert rdac("show", name).exit_code == 0
    only = rdac("show", "cin-census", "--only", "Sex").output
    assert "Sex/U  unknown" in only
    assert "AssessmentFactors/3B" not in only
    verified = rdac("verify")
    assert (verified.exit_code, verified.output.splitlines()[-1]) == (0, "No problems.")


def test_verify_ends_with_1_at_a_crosswalk_of_ones_own_that_is_wrong(tmp_path: Path) -> None:
    text = (schema_folder() / "crosswalks" / "scotland-concerns.sssom.tsv").read_text("utf-8")
    own = tmp_path / "own.sssom.tsv"
    own.write_text(text.replace("scot:ScottishConcern/neglect", "scot:ScottishConcern/neglected"), encoding="utf-8")
    done = rdac("verify", own)
    assert done.exit_code == 1
    assert "1 of 15 codes of ScottishConcern have no line" in done.output


def test_codes_are_applied_from_a_file_both_ways(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("code,year\nAssessmentFactors/3B,2023-24\nNEG,\n", encoding="utf-8")
    done = rdac("apply", "cin-census", "--codes", file, "--format", "csv")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[0] == "source,year,target,status,note"
    assert (
        "AssessmentFactors/3B,2023-24,HarmDirection/abuse_types/dva_unspecified@parent_or_carer,ambiguous,"
        in done.output
    )
    back = rdac("apply", "cin-census", "--back", "HarmDirection/abuse_types/economic@parent_or_carer")
    assert "→ AssessmentFactors/3B: ambiguous" in " ".join(back.output.split())


def test_a_strange_code_is_told_by_its_position_and_never_repeated() -> None:
    done = rdac("apply", "cin-census", "24A", "Zebra")
    assert done.exit_code == 1
    assert "by position: 2" in done.output
    assert "Zebra" not in done.output


@pytest.mark.parametrize(
    ("arguments", "message_"),
    [
        (("show", "nonesuch"), "No crosswalk has that name"),
        (("show", "cin-census", "--only", "Nothing"), "no line from an element of that name"),
        (("apply", "cin-census"), "Give codes"),
        (("apply", "cin-census", "3B", "--year", "1999-00"), "The year is not one of"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_do(arguments: tuple[str, ...], message_: str) -> None:
    done = rdac(*arguments)
    assert done.exit_code == 2
    assert message_ in done.output


def test_a_folder_is_no_file_of_codes_and_a_broken_census_has_no_loss(tmp_path: Path) -> None:
    folder = rdac("apply", "cin-census", "--codes", tmp_path)
    assert (folder.exit_code, "cannot be read as a CSV file" in folder.output) == (2, True)
    (tmp_path / "broken.xml").write_text("<Message><Header>", encoding="utf-8")
    broken = rdac("loss", tmp_path / "broken.xml")
    assert (broken.exit_code, "nothing of the file could be read" in " ".join(broken.output.split())) == (2, True)
    (tmp_path / "empty").mkdir()
    assert rdac("loss", tmp_path / "empty").exit_code == 2


def test_a_file_without_a_column_of_codes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("kode\n3B\n", encoding="utf-8")
    done = rdac("apply", "cin-census", "--codes", file)
    assert done.exit_code == 2
    assert "no column called code" in done.output
