"""A whole synthetic return: family after family, each with its episodes, assessments and changes of status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from rdac_validator.findings import InputError
from rdac_validator.standard import Standard
from rdac_validator.synth import adults, harm, people, plans
from rdac_validator.synth.people import Family, Person
from rdac_validator.synth.rows import Cells, Writer, frames
from rdac_validator.synth.shares import Draw, iso, ordinal

START, END = ordinal("2025-04-01"), ordinal("2026-03-31")
FIRST_REFERRAL, LAST_REFERRAL = START + 10, END - 75
# Codes without a real authority behind them.
TEAMS = 6
NATIONS = {
    "england": {"la_code": "999", "code_list_version": "cin_2025_26", "definition_frame": "da_act_2021_ew"},
    "scotland": {
        "la_code": "S12999999",
        "code_list_version": "scot_cp_local_15",
        "definition_frame": "scot_policy_partner",
    },
}
OUTCOMES = {
    "registration": "newly_registered",
    "registration_and_referral_to_scra": "newly_registered",
    "child_not_registered": "not_registered",
    "need_for_further_formal_investigation": "deferred",
}


@dataclass(frozen=True, slots=True)
class Episode:
    """What an episode of one child is, before its rows are written. Days are ordinal; ``closed`` is 0 while open."""

    key: str
    child: Person
    home: Family
    pathway: str
    referred: int
    assessed: int
    closed: int


def make(children: int, seed: int, standard: Standard, nation: str = "england") -> dict[str, pl.DataFrame]:
    """A plausible return of ``children`` children for the census year 2025-26: text frames by table.

    The same seed gives the same return. It holds no error and no warning at the profile extended; queries may stand, as
    they do in life. Shares come from ``schema/synth.yaml``; no real child is behind any row. Raises
    :class:`~rdac_validator.findings.InputError` for fewer than one child, and for any nation but england and scotland.
    """
    if children < 1 or nation not in NATIONS:
        raise InputError("a synthetic return has at least one child, and is for england or scotland")
    writer = Writer(standard, Draw(seed))
    _dataset(writer, nation)
    while children:
        children -= _family(writer, nation, children)
    return frames(writer.rows, standard)


def _dataset(writer: Writer, nation: str) -> None:
    writer.add(
        "dataset",
        schema_version="0.1.0",
        nation=nation,
        period_start=iso(START),
        period_end=iso(END),
        source_system="synthetic",
        recording_policy="all_that_apply",
        suppression_threshold="5",
        zero_policy="zeros_shown",
        **NATIONS[nation],
    )


def _family(writer: Writer, nation: str, most: int) -> int:
    """Write a family of at most ``most`` children, and say how many it has."""
    draw = writer.draw
    home = people.family(draw, nation, draw.between(FIRST_REFERRAL, LAST_REFERRAL), END, most)
    pathway = draw("pathway", nation)
    if nation == "scotland" and pathway != "cp_plan":
        home.harmed = ()
    method = draw("assessment.differential_assessment") if home.harmed else "not_applicable"
    found = harm.directions(draw, home, method, nation)
    _people(writer, home, nation)
    assessed, closed = _days(draw, home.referred, pathway)
    before = _days_before(draw, home) if nation == "england" and draw.chance("earlier_episode") else None
    for child in home.children:
        if before and child.kind == "child" and child.born < before[0] - people.CLEAR:
            earlier = Episode(draw.key("e"), child, home, "not_cin", *before)
            _episode(writer, earlier, nation, "not_applicable", [], earlier=0)
        episode = Episode(draw.key("e"), child, home, pathway, home.referred, assessed, closed)
        aimed = harm.against(draw, home, child, method, nation, found)
        since = before[0] if before and child.born < before[0] - people.CLEAR else 0
        _episode(writer, episode, nation, method, [*found, *aimed], earlier=since)
    return len(home.children)


def _people(writer: Writer, home: Family, nation: str) -> None:
    for person in (*home.adults.values(), *home.children):
        young = person.kind == "child" and person.age(home.referred) >= 13
        writer.add("person", "young" if young else _age_group(person), **people.row(writer.draw, person, nation))


def _age_group(person: Person) -> str:
    return "adult" if person.kind == "adult" else "child"


def _days(draw: Draw, referred: int, pathway: str) -> tuple[int, int]:
    """The days on which the assessment of an episode ends and the episode closes, 0 while it is open."""
    assessed = referred + draw.between(20, 28)
    if pathway == "not_cin":
        return assessed, assessed + draw.between(1, 10)
    closed = assessed + draw.between(70, 220)
    return assessed, 0 if closed > END or draw.chance("still_open") else closed


def _days_before(draw: Draw, home: Family) -> tuple[int, int, int]:
    """Referral, assessment and closure of an earlier episode: well within a year of this referral, or well before."""
    referred = home.referred - (draw.between(120, 300) if draw.chance("recent_episode") else draw.between(480, 700))
    return referred, *_days(draw, referred, "not_cin")


def _episode(
    writer: Writer, episode: Episode, nation: str, method: str, found: Sequence[harm.Direction], earlier: int
) -> None:
    """All rows of one episode. ``earlier`` is the day of the child's referral before this one, or 0."""
    draw, england = writer.draw, nation == "england"
    meeting = _meeting_status(draw, episode)
    kind = "dva" if found else "other"
    known = episode.home.referred_year - int(draw("years_known"))
    writer.add(
        "episode",
        kind,
        episode_id=episode.key,
        child_id=episode.child.key,
        family_id=episode.home.key,
        referral_date=iso(episode.referred),
        referral_source=draw("episode.referral_source") if england else "not_collected_by_source",
        closure_date=iso(episode.closed) if episode.closed else "",
        closure_reason=_closure_reason(draw, episode, england),
        pathway=episode.pathway if england else "",
        re_referral_within_12m=str(bool(earlier) and episode.referred - earlier < 365).lower(),
        family_meeting_status=meeting,
        first_known_involvement_year=str(min(known, int(iso(earlier or episode.referred)[:4]))),
    )
    _statuses(writer, episode, kind, earlier, meeting)
    main = _main_assessment(writer, episode, nation, method, found)
    if england and episode.pathway == "cp_plan":
        _further_assessments(writer, episode)
    _around(writer, episode, main, found)
    plans.meeting(writer, episode.key, episode.assessed + 1, meeting, found)


def _closure_reason(draw: Draw, episode: Episode, england: bool) -> str:
    if not episode.closed:
        return "not_applicable"
    circumstance = "not_cin" if episode.pathway == "not_cin" else "other"
    return draw("episode.closure_reason", circumstance) if england else "not_collected_by_source"


def _meeting_status(draw: Draw, episode: Episode) -> str:
    if episode.pathway == "cp_plan" and draw.chance("family_meeting"):
        return "held"
    return draw("episode.family_meeting_status", "pre_proceedings" if episode.pathway == "cp_plan" else "")


def _statuses(writer: Writer, episode: Episode, kind: str, earlier: int, meeting: str) -> None:
    """The changes of status of an episode in lawful order."""
    draw = writer.draw
    status = "closed" if earlier else "not_open"
    for day, after, way in _path(draw, episode, meeting):
        writer.add(
            "status_event",
            event_id=draw.key("s"),
            child_id=episode.child.key,
            event_date=iso(day),
            from_status=status,
            to_status=after,
            trigger=draw(f"status_event.trigger/{way}/{kind}"),
        )
        status = after


def _path(draw: Draw, episode: Episode, meeting: str) -> list[tuple[int, str, str]]:
    """Day, status and direction (up, down) of each change."""
    referred, assessed = episode.referred, episode.assessed
    path = [(referred, "assessment", "up")]
    if episode.pathway == "cin_only":
        path.append((assessed + 1, "child_in_need", "up"))
    if episode.pathway == "cp_plan":
        path += [(referred + 7, "section_47_or_investigation", "up"), (assessed + 6, "cp_plan_or_registered", "up")]
        if draw.chance("pre_proceedings") and meeting != "not_recorded":
            path.append((assessed + 40, "pre_proceedings", "up"))
        elif draw.chance("steps_down") and assessed + 65 <= END:
            path.append((assessed + 65, "child_in_need", "down"))
    if episode.closed:
        path.append((episode.closed, "closed", "down"))
    return path


def _main_assessment(
    writer: Writer, episode: Episode, nation: str, method: str, found: Sequence[harm.Direction]
) -> str:
    """The assessment at which factors or concerns are recorded: its key."""
    draw, england, conference = writer.draw, nation == "england", False
    if not england:
        conference = episode.pathway == "cp_plan"
    decision = draw("assessment.decision_raw/initial") if conference else "not_applicable"
    kind = "child_and_family" if england else "cp_conference" if conference else "strategy_or_ird"
    day = episode.assessed + 6 if conference else episode.assessed
    cells = _assessment(
        writer,
        episode,
        kind,
        day,
        circumstance=episode.pathway,
        conference_type=_conference_type(episode) if conference else "not_a_conference",
        source_codes=_codes(draw, episode, found)
        if england
        else _concerns(draw, found)
        if conference
        else "not_applicable",
        decision_raw=decision,
        registration_outcome=OUTCOMES.get(decision, ""),
        differential_assessment=method,
        plan_expects_separation=draw("assessment.plan_expects_separation") if found else "not_applicable",
        dva_known_at_referral=draw("assessment.dva_known_at_referral") if found else "no",
        family_present=draw("assessment.family_present", "" if found else "other"),
    )
    return cells["assessment_id"]


def _conference_type(episode: Episode) -> str:
    return "pre_birth" if episode.child.kind == "unborn" else "initial"


def _codes(draw: Draw, episode: Episode, found: Sequence[harm.Direction]) -> str:
    """CIN factors: those of domestic abuse as the harm of this assessment has it, the others by their prevalence."""
    if not found:
        return "|".join(draw.several("factors/all", without=("3A", "3B", "3C"))) or "21"
    parents = [episode.home.adults.get(role) for role in ("mother", "father", "step_parent")]
    harmed = [direction.harmed for direction in found]
    dva = {
        "3A": episode.child in harmed,
        "3B": any(person in parents for person in harmed),
        "3C": any(person not in parents and person is not episode.child for person in harmed),
    }
    others = draw.several("factors/dva", without=tuple(dva))
    return "|".join(sorted([*(code for code, there in dva.items() if there), *others]))


def _concerns(draw: Draw, found: Sequence[harm.Direction]) -> str:
    """Scottish concerns; all conferences of the table have one."""
    if found:
        return "|".join(draw.several("concerns/dva"))
    return "|".join(draw.several("concerns/dva", without=("domestic_abuse",))) or "other_concerns"


def _assessment(writer: Writer, episode: Episode, kind: str, day: int, *, circumstance: str, **given: str) -> Cells:
    """A row of assessment with the family's circumstances."""
    cells = writer.add(
        "assessment",
        circumstance,
        assessment_id=writer.draw.key("a"),
        episode_id=episode.key,
        assessment_type=kind,
        assessment_date=iso(day),
        team_id=f"t_{int(episode.home.key[-2:], 16) % TEAMS:020x}",
        **given,
    )
    dva = "dva" if given["plan_expects_separation"] != "not_applicable" else "other"
    plans.circumstances(writer, cells["assessment_id"], day, dva)
    return cells


def _further_assessments(writer: Writer, episode: Episode) -> None:
    """The child protection enquiry and the conference of an English child: no factors are recorded at them."""
    none = dict.fromkeys(("source_codes", "differential_assessment", "plan_expects_separation"), "not_applicable")
    known = {
        "dva_known_at_referral": "not_applicable",
        "family_present": writer.draw("assessment.family_present", "other"),
    }
    for kind, day, conference, decision in (
        ("section_47", episode.referred + 10, "not_a_conference", "not_applicable"),
        ("cp_conference", episode.assessed + 6, _conference_type(episode), "not_recorded"),
    ):
        cells = _assessment(
            writer,
            episode,
            kind,
            day,
            circumstance=episode.pathway,
            conference_type=conference,
            decision_raw=decision,
            **none,
            **known,
        )
        adults.voices(writer, cells["assessment_id"], day, episode.home, episode.child, [])


def _around(writer: Writer, episode: Episode, assessment: str, found: Sequence[harm.Direction]) -> None:
    """What hangs on the main assessment: harm, children, adults, voices, plans and services."""
    harms = harm.harm_rows(writer, assessment, found)
    if found:
        causing = {d.causing.key: d.causing for d in found if d.causing and d.causing.kind == "child"}
        for child in ({episode.child.key: episode.child} | causing).values():
            harm.experience(writer, assessment, child, found, harms)
    grown = [adults.adult_row(writer, assessment, adult, found) for adult in episode.home.adults.values()]
    adults.voices(writer, assessment, episode.assessed, episode.home, episode.child, found)
    plans.risk(writer, harms, episode.assessed)
    if episode.pathway != "not_cin":
        plans.actions(writer, assessment, grown, harms)
    plans.services(writer, episode, grown, bool(found), END)
    plans.kinship(writer, episode.child, found)
