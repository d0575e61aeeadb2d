"""The adults at an assessment, and whose views were heard."""

from __future__ import annotations

from collections.abc import Sequence

from rdac_validator.synth.harm import LIVING_TOGETHER, NEEDS_BARRIER, Direction
from rdac_validator.synth.people import Family, Person
from rdac_validator.synth.rows import Cells, Writer

ABSENT = "absent"
OLD_ENOUGH_TO_BE_HEARD = 4


def adult_row(writer: Writer, assessment: str, adult: Person, found: Sequence[Direction]) -> Cells:
    """The row of adult_in_case of one adult at one assessment."""
    draw = writer.draw
    causes = [direction for direction in found if direction.causing is adult]
    harmed = any(direction.harmed is adult for direction in found)
    part = "causing" if causes else "mother" if adult.role == "mother" or harmed else "other"
    in_custody = any(direction.facts["separation_status"] == "in_custody" for direction in causes)
    presence = ABSENT if in_custody else draw("adult_in_case.presence_in_assessment", part)
    reason = "in_custody" if in_custody else draw("adult_in_case.absence_reason")
    reason = "not_applicable" if presence == "spoken_to" else reason
    outcome = draw("adult_in_case.service_access_outcome")
    left = any(direction.facts["separation_status"].startswith("separated") for direction in causes)
    return writer.add(
        "adult_in_case",
        person_id=adult.key,
        assessment_id=assessment,
        relationship_to_child=adult.role,
        presence_in_assessment=presence,
        absence_reason=reason,
        has_plan_actions=draw("adult_in_case.has_plan_actions", part),
        followed_up_after_leaving=draw("adult_in_case.followed_up_after_leaving", "separated")
        if left
        else "not_applicable",
        interpreter=draw("adult_in_case.interpreter", reason),
        service_access_outcome=outcome,
        service_barrier=draw("barrier") if outcome in NEEDS_BARRIER else "not_applicable",
        protective_actions=draw("adult_in_case.protective_actions", "experiencing" if harmed else "other"),
    )


def voices(writer: Writer, assessment: str, day: int, home: Family, child: Person, found: Sequence[Direction]) -> None:
    """Rows of family_voice: for the child assessed, for a child who causes harm, for each person who is harmed."""
    causing = [d.causing for d in found if d.causing and d.causing.kind == "child"]
    heard = {person.key: person for person in (child, *causing) if person.age(day) >= OLD_ENOUGH_TO_BE_HEARD}
    heard |= {direction.harmed.key: direction.harmed for direction in found}
    if not found and home.adults:
        heard[home.carer().key] = home.carer()
    together = any(direction.facts["separation_status"] == LIVING_TOGETHER for direction in found)
    for person in heard.values():
        _voice(writer, assessment, person, person.age(day), together)


def _voice(writer: Writer, assessment: str, person: Person, age: int, together: bool) -> None:
    draw = writer.draw
    who = "adult" if person.kind == "adult" else "child" if age >= OLD_ENOUGH_TO_BE_HEARD else "under_four"
    method = draw("family_voice.method", who)
    given = {"voice_id": draw.key("v"), "assessment_id": assessment, "speaker_id": person.key, "method": method}
    if method == "not_obtained":
        silent = ("heard_apart", "topics", "influenced_plan", "fed_back_to_speaker", "own_account_differs_from_record")
        given |= dict.fromkeys(silent, "not_applicable")
    else:
        given["heard_apart"] = "yes" if together else draw("family_voice.heard_apart")
        given["topics"] = draw("family_voice.topics", "adult" if who == "adult" else "child")
    writer.add("family_voice", method, **given)
