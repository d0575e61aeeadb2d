"""Recipes for faults in what was recorded about a family: codes, voices, meetings, days, origins."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from rdac_validator.synth.families import Case
from rdac_validator.synth.recipes import NA, Mark, Planting, Recipe, mark, quiet
from rdac_validator.synth.rows import Cells
from rdac_validator.synth.shares import Draw
from rdac_validator.synth.stories import gone, harms, recipe, written

STEP = "pre_proceedings"


@recipe("RDAC330")
def abuse_code_without_direction(case: Case, _: Draw) -> Iterator[Planting]:
    """A code of domestic abuse is added where no row says who harms whom, nor how the child lives with it."""
    for row in case.of("assessment", assessment_type="child_and_family"):
        if quiet(case, row) and not case.of("family_meeting"):
            # no row says who harms whom, and so none says how the child lives with it
            marks = [mark("RDAC330", row), mark("RDAC312", row)]
            yield written(marks, (row, {"source_codes": "3B|17A"}))


@recipe("RDAC352")
def child_without_voice(case: Case, _: Draw) -> Iterator[Planting]:
    """A child of four or over is not among those whose views were sought."""
    for row in case.of("child_experience"):
        child = case.one("person", person_id=row["child_id"])
        for voice in case.of("family_voice", assessment_id=row["assessment_id"], speaker_id=row["child_id"]):
            if child["birth_month"] < "2020-01":
                yield gone(case, "family_voice", voice, [mark("RDAC352", row)])


@recipe("RDAC353")
def harmed_without_voice(case: Case, _: Draw) -> Iterator[Planting]:
    """An adult who is harmed is not among those whose views were sought."""
    for voice in case.of("family_voice"):
        mine = [harm for harm in harms(case, voice) if harm["person_experiencing_id"] == voice["speaker_id"]]
        if mine and case.one("person", person_id=voice["speaker_id"])["person_kind"] == "adult":
            yield gone(case, "family_voice", voice, [mark("RDAC353", mine[0])])


def _episodes_reaching(case: Case, status: str) -> Iterator[tuple[Cells, Cells]]:
    for event in case.of("status_event", to_status=status):
        for episode in case.of("episode", child_id=event["child_id"]):
            after = [
                other
                for other in case.of("status_event", child_id=event["child_id"])
                if other["event_date"] > event["event_date"]
            ]
            if episode["referral_date"] <= event["event_date"] and not after:
                yield episode, event


@recipe("RDAC360")
def pre_proceedings_without_meeting_status(case: Case, _: Draw) -> Iterator[Planting]:
    """The question of a family meeting does not arise before pre-proceedings."""
    for episode, _event in _episodes_reaching(case, STEP):
        if episode["pathway"] == "cp_plan":
            yield written([mark("RDAC360", episode)], (episode, {"family_meeting_status": NA}))


@recipe("RDAC361")
def proceedings_without_offer(case: Case, _: Draw) -> Iterator[Planting]:
    """Proceedings begin and nobody considered a family meeting."""
    for episode, event in _episodes_reaching(case, STEP):
        if episode["pathway"] == "cp_plan":
            overlooked = (episode, {"family_meeting_status": "not_considered"})
            yield written([mark("RDAC361", episode)], overlooked, (event, {"to_status": "proceedings"}))


def _elsewhen(case: Case, row: Cells, day: str, cells: Cells, code: str) -> Planting:
    """Move an assessment to another day, with its snapshot of circumstances."""
    home = case.one("family_circumstances", assessment_id=row["assessment_id"])
    return written([mark(code, row)], (row, {"assessment_date": day} | cells), (home, {"as_of_date": day}))


@recipe("RDAC373")
def assessed_after_period(case: Case, _: Draw) -> Iterator[Planting]:
    """An assessment is completed after the period."""
    for row in case.of("assessment", assessment_type="child_and_family"):
        if quiet(case, row):
            yield _elsewhen(case, row, "2026-04-20", {}, "RDAC373")


@recipe("RDAC401")
def code_of_another_year(case: Case, _: Draw) -> Iterator[Planting]:
    """A factor is recorded years before it was on the list."""
    for row in case.of("assessment", assessment_type="child_and_family"):
        if quiet(case, row):
            yield _elsewhen(case, row, "2019-05-01", {"source_codes": "24A"}, "RDAC401")


def _origin(case: Case, **cells: str) -> Cells:
    return case.add(
        "provenance",
        {
            "target_table": "person",
            "target_key": case.rows["person"][0]["person_id"],
            "target_column": "sex",
            "source_field": "Sex",
            "source_code": "F",
            "provenance_code_list_version": "cin_2025_26",
            "crosswalk_version": "0.1.0",
            "mapping_status": "exact",
            **cells,
        },
    )


@recipe("RDAC410")
def provenance_of_no_column(case: Case, _: Draw) -> Iterator[Planting]:
    """The origin of a value is told for a column that is not there."""
    yield lambda: [mark("RDAC410", _origin(case, target_column="source_codes"))]


@recipe("RDAC411")
def provenance_of_no_row(case: Case, draw: Draw) -> Iterator[Planting]:
    """The origin of a value is told for a row that is not there."""
    yield lambda: [mark("RDAC411", _origin(case, target_key=draw.key("p")))]


@recipe("RDAC412")
def source_code_of_another_field(case: Case, _: Draw) -> Iterator[Planting]:
    """The origin of a value is a code that its field cannot hold."""
    yield lambda: [mark("RDAC412", _origin(case, source_code="WBRI"))]


RECORDS: tuple[Recipe, ...] = tuple(item for item in vars().values() if isinstance(item, Recipe))


@recipe("RDAC370")
def two_datasets(case: Case, _: Draw) -> Iterator[Planting]:
    """The return describes itself twice."""
    first = case.rows["dataset"][0]
    yield partial(_second, case, first)


def _second(case: Case, first: Cells) -> list[Mark]:
    case.add("dataset", first | {"la_code": "998"})
    return [mark("RDAC370", first)]
