"""What a recipe for a fault is, and the recipes that change the cells of one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rdac_validator.rules import RULES
from rdac_validator.synth.families import Case
from rdac_validator.synth.rows import Cells
from rdac_validator.synth.shares import Draw, iso, ordinal

COLUMNS = {rule.code: rule.columns for rule in RULES}
TABLES = {rule.code: rule.table for rule in RULES}


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding that a planted fault must lead to."""

    code: str
    table: str
    row: Cells
    columns: tuple[str, ...]


Planting = Callable[[], list[Mark]]
Find = Callable[[Case, Draw], Planting | None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to plant one fault: ``find`` looks for a place in a family and gives what plants it, or nothing."""

    code: str
    find: Find


def mark(code: str, row: Cells) -> Mark:
    """What a rule says of a row of its own table."""
    return Mark(code, TABLES[code], row, COLUMNS[code])


def codes(row: Cells) -> list[str]:
    """The source codes of an assessment."""
    return row["source_codes"].split("|")


def quiet(case: Case, _: Cells) -> bool:
    """Whether nobody is said to harm anybody in the family."""
    return not case.of("harm_direction")


def always(_: Case, __: Cells) -> bool:
    """Any row will do."""
    return True


Value = str | Callable[[Cells], str]


@dataclass(frozen=True, slots=True)
class Edit:
    """A fault made by writing ``cells`` into one row of the rule's table.

    ``where`` gives what must stand in the row before: one of these. ``fits`` asks more of row and family.
    """

    code: str
    cells: Mapping[str, Value]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fits: Callable[[Case, Cells], bool] = always

    def find(self, case: Case, draw: Draw) -> Planting | None:
        """A row of the family in which the fault can stand."""
        rows = [row for row in case.rows.get(TABLES[self.code], ()) if self._suits(case, row)]
        if not rows:
            return None
        row = draw.random.choice(rows)
        return lambda: self._write(row)

    def _suits(self, case: Case, row: Cells) -> bool:
        return all(row[name] in allowed for name, allowed in self.where.items()) and self.fits(case, row)

    def _write(self, row: Cells) -> list[Mark]:
        row.update({name: value if isinstance(value, str) else value(row) for name, value in self.cells.items()})
        return [mark(self.code, row)]


def days_from(column: str, days: int) -> Callable[[Cells], str]:
    """A day so many days after the one in another column."""
    return lambda row: iso(ordinal(row[column]) + days)


def filled(column: str) -> Callable[[Case, Cells], bool]:
    """Whether a column is not blank."""
    return lambda _, row: row[column] != ""


def decile_given(_: Case, row: Cells) -> bool:
    """Whether the deprivation decile is a number."""
    return row["deprivation_decile"].isdigit()


def has_child(case: Case, row: Cells, youngest: int, oldest: int) -> bool:
    """Whether a direction has a child in it, and each is of such an age, with a month to spare."""
    known = {p["person_id"]: p for p in case.rows["person"]}
    two = [known[row[name]] for name in ("person_causing_id", "person_experiencing_id") if row[name] in known]
    day = case.one("assessment", assessment_id=row["assessment_id"])["assessment_date"]
    ages = [(ordinal(day) - ordinal(f"{p['birth_month']}-15")) / 365.25 for p in two if p["person_kind"] == "child"]
    return bool(ages) and all(youngest + 0.2 < age < oldest + 0.8 for age in ages)


def born(case: Case, row: Cells) -> bool:
    """Whether the child of a row of child_experience is born."""
    return case.one("person", person_id=row["child_id"])["person_kind"] == "child"


def younger_causing(case: Case, row: Cells) -> bool:
    """Whether the person causing harm was born in a later month than the person experiencing it."""
    months = {p["person_id"]: p["birth_month"] for p in case.rows["person"]}
    return months.get(row["person_causing_id"], "") > months[row["person_experiencing_id"]]


def code_there(*wanted: str) -> Callable[[Case, Cells], bool]:
    """Whether an assessment has one of these source codes."""
    return lambda _, row: any(code in codes(row) for code in wanted)


def quietly_closed(case: Case, row: Cells) -> bool:
    """Whether an episode is closed in a family where nobody harms anybody."""
    return quiet(case, row) and row["closure_date"] != ""


def of_child(case: Case, row: Cells) -> bool:
    """Whether a row of child_experience is about the child assessed, who harms nobody there."""
    causing = [harm["person_causing_id"] for harm in case.of("harm_direction", assessment_id=row["assessment_id"])]
    return row["child_id"] not in causing


def subject_of_abuse(case: Case, row: Cells) -> bool:
    """Whether the row is about the child assessed, and the codes name that child as the subject of abuse."""
    return of_child(case, row) and "3A" in codes(case.one("assessment", assessment_id=row["assessment_id"]))


def causing_child(case: Case, row: Cells) -> bool:
    """Whether a row of child_experience is about a child who harms someone there."""
    return not of_child(case, row)


def last_event(case: Case, row: Cells) -> bool:
    """Whether no later change of status of the child follows."""
    return all(other["event_date"] <= row["event_date"] for other in case.of("status_event", child_id=row["child_id"]))


def later_event(case: Case, row: Cells) -> bool:
    """Whether the row is the last change of status of its child, and not the only one."""
    return last_event(case, row) and len(case.of("status_event", child_id=row["child_id"])) > 1


def only_episode(case: Case, row: Cells) -> bool:
    """Whether the child has one episode only, and nobody in the family harms anybody."""
    return quiet(case, row) and len(case.of("episode", child_id=row["child_id"])) == 1


def speaks_beside_causing_parent(case: Case, row: Cells) -> bool:
    """Whether the speaker is a parent and every other parent at the assessment causes harm."""
    parents = [
        a for a in case.of("adult_in_case", assessment_id=row["assessment_id"]) if a["relationship_to_child"] in PARENTS
    ]
    others = {a["person_id"] for a in parents} - {row["speaker_id"]}
    causing = {harm["person_causing_id"] for harm in case.of("harm_direction", assessment_id=row["assessment_id"])}
    return bool(others) and others <= causing


def lives_with_harm(case: Case, row: Cells) -> bool:
    """Whether the speaker is harmed by someone in the same home."""
    home = {"assessment_id": row["assessment_id"], "person_experiencing_id": row["speaker_id"]}
    return bool(case.of("harm_direction", separation_status="living_together", **home))


def in_harm(case: Case, row: Cells) -> bool:
    """Whether the meeting stands in an episode in which someone harms someone."""
    keys = {a["assessment_id"] for a in case.of("assessment", episode_id=row["episode_id"])}
    return any(harm["assessment_id"] in keys for harm in case.rows.get("harm_direction", ()))


PARENTS = ("mother", "father", "step_parent")
NA = "not_applicable"
MET, UNMET = ("spoken_to",), {"presence_in_assessment": ("described_only", "absent")}
TOOLS = ("safelives_ric", "dash_2009", "dara", "sara", "professional_judgement")
REFUSED = ("refused_by_service", "not_available", "waiting")
CONFERENCE = {"conference_type": ("initial", "pre_birth")}
CONTACT = ("informal", "supervised", "court_ordered", "indirect", "no_contact")
STATED = ("coercive_control_pattern", "repeated_no_control_found", "resistance", "single_incident")
PARTNERS = ("partner", "former_partner")
HEARD = ("one_to_one", "through_advocate", "symbols_or_play", "written_or_digital")
HARDSHIP = ("overcrowded", "poor_condition", "insecure_or_eviction_risk", "temporary_accommodation")
OPEN: Mapping[str, tuple[str, ...]] = {"closure_date": ("",)}
NO_CLASS = {"harm_direction_class": ""}

EDITS: tuple[Edit, ...] = (
    Edit(
        "RDAC201",
        {"person_causing_id": lambda row: row["person_experiencing_id"], **NO_CLASS},
        {"relationship": PARTNERS, "pattern": STATED, "separation_status": ("living_together",)},
    ),
    Edit("RDAC202", {"severity": "standard"}, {"strangulation": ("yes", "suspected")}),
    Edit("RDAC203", {"risk_tool": "none_used", "risk_level": NA}, {"strangulation": ("yes", "suspected")}),
    Edit("RDAC204", {"risk_level": "medium"}, {"risk_tool": ("none_used",)}),
    Edit("RDAC205", {"tool": "none_used"}, {"level": ("standard", "medium", "high")}),
    Edit("RDAC206", {"abuse_types": "controlling_or_coercive", "control_behaviours": "not_recorded"}),
    Edit("RDAC207", {"risk_level": "high"}, {"pattern": ("repeated_no_control_found",), "risk_tool": TOOLS}),
    Edit("RDAC208", {"absence_reason": "not_attempted"}, {"presence_in_assessment": MET}),
    Edit("RDAC209", {"absence_reason": NA}, UNMET),
    Edit("RDAC210", {"absence_reason": "language_barrier", "interpreter": "not_needed"}, UNMET),
    Edit("RDAC230", {"sex": NA}, {"person_kind": ("child",)}),
    Edit("RDAC231", {"closure_reason": NA}, fits=filled("closure_date")),
    Edit("RDAC232", {"assessment_date": NA}, {"assessment_type": ("child_and_family",)}, quiet),
    Edit("RDAC233", {"source_codes": NA}, {"assessment_type": ("child_and_family",)}, quiet),
    Edit("RDAC234", {"decision_raw": NA, "registration_outcome": ""}, CONFERENCE),
    Edit("RDAC235", {"deprivation_decile": NA}, {"housing_issues": HARDSHIP}, decile_given),
    Edit("RDAC236", {"risk_level": NA}, {"risk_tool": TOOLS}),
    Edit("RDAC237", {"interpreter": NA}, {"presence_in_assessment": MET}),
    Edit("RDAC238", {"influenced_plan": NA}, {"method": HEARD}),
    Edit("RDAC239", {"end_reason": NA}, fits=filled("end_date")),
    Edit("RDAC240", {"recovery_barrier": NA}, {"recovery_support": REFUSED}),
    Edit("RDAC241", {"service_barrier": NA}, {"service_access_outcome": REFUSED}),
    Edit("RDAC242", {"decision_reason": NA}, {"decision": REFUSED}),
    Edit("RDAC250", {"to_status": lambda row: row["from_status"]}, fits=last_event),
    Edit("RDAC260", {"conference_type": "not_a_conference", "registration_outcome": ""}, CONFERENCE),
    Edit("RDAC261", {"decision_raw": "not_recorded", "registration_outcome": "not_registered"}, CONFERENCE),
    Edit("RDAC271", {"closure_date": days_from("referral_date", -10)}, fits=quietly_closed),
    Edit("RDAC280", {"start_date": days_from("referral_date", -5)}, fits=filled("start_date")),
    Edit("RDAC281", {"end_date": days_from("start_date", -1)}, fits=filled("end_date")),
    Edit("RDAC282", {"end_date": days_from("referral_date", -3), "end_reason": "moved"}, {"start_date": ("",)}),
    Edit("RDAC283", {"start_date": days_from("referral_date", 5)}, {"decision": ("waiting",)}),
    Edit("RDAC290", {"dva_history_assessed": NA}),
    Edit("RDAC291", {"hardship_addressed_in_plan": "no_hardship_identified"}, {"housing_issues": HARDSHIP}),
    Edit("RDAC292", {"deprivation_index": "not_recorded"}, fits=decile_given),
    Edit("RDAC293", {"housing_issues": "homeless", "hardship_addressed_in_plan": "yes"}, fits=decile_given),
    Edit("RDAC303", {"recovery_support": NA, "recovery_barrier": NA}, fits=causing_child),
    Edit("RDAC304", {"relationship": "child_of", **NO_CLASS}, {"relationship": ("parent_or_step_parent_of",)}),
    Edit("RDAC305", {"relationship": "parent_or_step_parent_of", **NO_CLASS}, fits=younger_causing),
    Edit("RDAC306", {"relationship": "partner", **NO_CLASS}, fits=lambda c, r: has_child(c, r, 13, 15)),
    Edit("RDAC307", {"relationship": "young_person_relationship", **NO_CLASS}, {"relationship": PARTNERS}),
    Edit("RDAC308", {"legal_frame": "child_safeguarding_frame"}, {"relationship": PARTNERS}),
    Edit("RDAC309", {"harm_direction_class": "other"}, fits=filled("harm_direction_class")),
    Edit("RDAC313", {"experience_type": "none_identified"}, fits=subject_of_abuse),
    Edit("RDAC315", {"abuse_types": "dva_unspecified"}),
    Edit("RDAC317", {"pattern": "single_incident", "first_known_year": "2015"}, {"pattern": ("not_yet_assessed",)}),
    Edit("RDAC319", {"contact_with_person_causing": NA}, {"contact_with_person_causing": CONTACT}, born),
    Edit("RDAC331", {"source_codes": "16A|17A"}, fits=code_there("3A", "3B", "3C")),
    Edit("RDAC340", {"from_status": "looked_after"}, fits=later_event),
    Edit("RDAC350", {"registration_outcome": "deregistered", "decision_raw": "not_recorded"}, CONFERENCE),
    Edit("RDAC351", {"registration_outcome": "not_registered", "decision_raw": "registration"}, CONFERENCE),
    Edit("RDAC354", {"heard_apart": "no"}, {"method": HEARD}, lives_with_harm),
    Edit("RDAC355", {"safe_to_share_with": "parent_not_causing_harm"}, fits=speaks_beside_causing_parent),
    Edit("RDAC362", {"person_causing_involved": NA}, fits=in_harm),
    Edit("RDAC363", {"safety_adaptation": NA}, fits=in_harm),
    Edit("RDAC364", {"deprivation_index": "simd_2020v2_dz11"}, {"deprivation_index": ("imd_2019_lsoa11",)}),
    Edit("RDAC371", {"referral_date": "2026-04-20"}, OPEN, only_episode),
    Edit("RDAC372", {"closure_date": "2026-04-20", "closure_reason": "not_recorded"}, OPEN),
    Edit("RDAC374", {"event_date": "2026-04-20"}, fits=last_event),
    Edit("RDAC380", {"pathway": "not_cin"}, {"pathway": ("cin_only", "cp_plan")}),
    Edit("RDAC381", {"re_referral_within_12m": "false"}, {"re_referral_within_12m": ("true",)}),
    Edit("RDAC402", {"source_codes": "4B|18A"}, {"assessment_type": ("child_and_family",)}, quiet),
    Edit("RDAC403", {"source_codes": "neglect"}, {"assessment_type": ("child_and_family",)}, quiet),
    Edit("RDAC404", {"ethnicity_code": "ZZZZ"}, {"ethnicity_scheme": ("dfe_cin", "scotland_2001")}),
    Edit("RDAC405", {"ethnicity_scheme": "scotland_2011"}, {"ethnicity_scheme": ("dfe_cin",)}),
    Edit("RDAC501", {"relationship": "co_parent_never_partner", **NO_CLASS}, fits=lambda c, r: has_child(c, r, 4, 11)),
    Edit("RDAC502", {"birth_month": "2007-02"}, {"person_kind": ("child",)}, quiet),
    Edit("RDAC503", {"birth_month": "2009-02"}, {"person_kind": ("adult",)}, quiet),
    Edit("RDAC504", {"birth_month": "2026-01"}, {"person_kind": ("unborn",)}),
    Edit("RDAC505", {"birth_month": "2026-06"}, {"person_kind": ("child",)}, quiet),
    Edit("RDAC506", {"first_known_year": "2030"}),
    Edit("RDAC520", {"as_of_date": days_from("as_of_date", -200)}),
    Edit("RDAC903", {"voice_text": "I would like to stay with my gran"}),
    Edit("RDAC905", {"address_safety": "confidential"}, fits=decile_given),
)  # fmt: skip
# The dataset has one row: one of these can stand in a return.
OF_THE_DATASET: tuple[Edit, ...] = (
    Edit("RDAC270", {"period_start": "2026-06-01"}),
    Edit("RDAC272", {"source_system_changed_on": "2020-01-01"}),
)
