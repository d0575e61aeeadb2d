"""The circumstances of a family and what was done: risk assessments, plans, services, meetings, kinship care."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rdac_validator.synth.harm import NEEDS_BARRIER, Direction
from rdac_validator.synth.people import Person
from rdac_validator.synth.rows import Cells, Writer
from rdac_validator.synth.shares import iso

HARDSHIP_FREE = ("none_identified", "not_asked", "declined")
STARTED = ("receiving", "completed")
INDEX = {"england": "imd_2019_lsoa11", "scotland": "simd_2020v2_dz11"}


class Open(Protocol):
    """What services are asked of an episode."""

    @property
    def child(self) -> Person:
        """The child."""

    @property
    def assessed(self) -> int:
        """The ordinal day of the assessment."""


def circumstances(writer: Writer, assessment: str, day: int, kind: str) -> None:
    """The row of family_circumstances of an assessment; ``kind`` is dva or other."""
    draw = writer.draw
    safety = draw("family_circumstances.address_safety", kind)
    housing, money = draw("family_circumstances.housing_issues"), draw("family_circumstances.money_issues")
    decile = draw("family_circumstances.deprivation_decile")
    if safety != "standard":
        decile = "withheld_for_safety"
    elif "homeless" in housing:
        decile = "not_applicable"
    hardship = housing not in HARDSHIP_FREE or money not in HARDSHIP_FREE
    crowded = "overcrowded" in housing
    writer.add(
        "family_circumstances",
        kind,
        assessment_id=assessment,
        as_of_date=iso(day - draw.between(0, 14)),
        deprivation_decile=decile,
        deprivation_index=INDEX[writer.rows["dataset"][0]["nation"]] if decile.isdigit() else decile,
        address_safety=safety,
        housing_issues=housing,
        money_issues=money,
        hardship_addressed_in_plan=draw("family_circumstances.hardship_addressed_in_plan/hardship")
        if hardship
        else "no_hardship_identified",
        occupancy_rating="overcrowded" if crowded else draw("family_circumstances.occupancy_rating"),
    )


def risk(writer: Writer, harms: Sequence[Cells], day: int) -> None:
    """A row of risk_assessment for each direction whose risk was assessed."""
    for cells in harms:
        if cells["risk_tool"] != "none_used":
            writer.add(
                "risk_assessment",
                cells["risk_level"],
                risk_assessment_id=writer.draw.key("r"),
                harm_id=cells["harm_id"],
                tool=cells["risk_tool"],
                assessed_on=iso(day - writer.draw.between(0, 10)),
                level=cells["risk_level"],
            )


def actions(writer: Writer, assessment: str, grown: Sequence[Cells], harms: Sequence[Cells]) -> None:
    """A row of plan_action for each adult of whom the plan asks something."""
    harmed = {cells["person_experiencing_id"] for cells in harms}
    causing = {cells["person_causing_id"] for cells in harms}
    for adult in grown:
        if adult["has_plan_actions"] != "yes":
            continue
        person = adult["person_id"]
        role = "person_experiencing" if person in harmed else "person_causing" if person in causing else "other"
        writer.add(
            "plan_action",
            role,
            action_id=writer.draw.key("t"),
            assessment_id=assessment,
            owner_role=writer.draw("plan_action.owner_role/other") if role == "other" else role,
        )


def services(writer: Writer, episode: Open, grown: Sequence[Cells], dva: bool, last: int) -> None:
    """Rows of service_referral for the child and the adults, followed through to ``last``."""
    draw = writer.draw
    for person in (episode.child.key, *(cells["person_id"] for cells in grown)):
        if draw.chance("service"):
            _service(writer, person, episode.assessed + draw.between(1, 20), dva, last)


def _service(writer: Writer, person: str, day: int, dva: bool, last: int) -> None:
    draw = writer.draw
    decision = draw("service_referral.decision")
    started = min(day + draw.between(3, 30), last)
    ended = min(started + draw.between(20, 60), last)
    done = decision == "completed"
    writer.add(
        "service_referral",
        "dva" if dva else "other",
        referral_id=draw.key("q"),
        person_id=person,
        referral_date=iso(day),
        decision=decision,
        decision_reason=draw("barrier") if decision in NEEDS_BARRIER else "not_applicable",
        start_date=iso(started) if decision in STARTED else "",
        end_date=iso(ended) if done else "",
        end_reason=draw("service_referral.end_reason") if done else "not_applicable",
    )


def meeting(writer: Writer, episode: str, day: int, status: str, found: Sequence[Direction]) -> None:
    """The row of family_meeting of an episode whose meeting was held."""
    if status != "held":
        return
    given = {} if found else dict.fromkeys(("person_causing_involved", "safety_adaptation"), "not_applicable")
    writer.add("family_meeting", meeting_id=writer.draw.key("m"), episode_id=episode, held_on=iso(day), **given)


def kinship(writer: Writer, child: Person, found: Sequence[Direction]) -> None:
    """A row of kinship_arrangement for a few of the children who live with abuse."""
    if found and child.kind == "child" and writer.draw.chance("kinship"):
        writer.add("kinship_arrangement", kinship_id=writer.draw.key("k"), child_id=child.key)
