"""Recipes for faults in who harms whom, that take more than one row: rows that are missing, or at odds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from rdac_validator.synth.families import Case
from rdac_validator.synth.recipes import NA, NO_CLASS, PARENTS, Mark, Planting, Recipe, codes, mark
from rdac_validator.synth.rows import Cells
from rdac_validator.synth.shares import Draw, ordinal

SEPARATED = ("separated_contact_continues", "separated_no_contact")
Places = Callable[[Case, Draw], Iterable[Planting]]


def recipe(code: str) -> Callable[[Places], Recipe]:
    """Make a recipe of a function that gives every place of a family where the fault can be planted."""

    def of(places: Places) -> Recipe:
        def find(case: Case, draw: Draw) -> Planting | None:
            found = list(places(case, draw))
            return draw.random.choice(found) if found else None

        return Recipe(code, find)

    return of


def harms(case: Case, row: Cells) -> list[Cells]:
    """The directions of harm at the assessment of a row."""
    return case.of("harm_direction", assessment_id=row["assessment_id"])


def assessed_child(case: Case, row: Cells) -> str:
    """The child of the assessment of a row."""
    assessment = case.one("assessment", assessment_id=row["assessment_id"])
    return case.one("episode", episode_id=assessment["episode_id"])["child_id"]


def gone(case: Case, table: str, row: Cells, marks: list[Mark]) -> Planting:
    """Take a row out."""

    def plant() -> list[Mark]:
        case.drop(table, row)
        return marks

    return plant


def written(marks: list[Mark], *changes: tuple[Cells, Cells]) -> Planting:
    """Write cells into rows."""

    def plant() -> list[Mark]:
        for row, cells in changes:
            row.update(cells)
        return marks

    return plant


@recipe("RDAC301")
def one_pattern_for_both(case: Case, draw: Draw) -> Iterator[Planting]:
    """The other direction of harm in both directions loses its pattern, or is added without one."""
    for row in case.of("harm_direction", pattern="resistance"):
        if _asked_alike(case, row):
            yield written([mark("RDAC301", row)], (row, {"pattern": "not_yet_assessed"}))
    for row in case.of("harm_direction", pattern="coercive_control_pattern", relationship="partner"):
        if len(harms(case, row)) == 1 and _asked_alike(case, row):
            yield partial(_answered_in_kind, case, draw, row)


def _asked_alike(case: Case, harm: Cells) -> bool:
    """Whether the plan asks something of both people of a direction, or of neither."""
    adults = case.of("adult_in_case", assessment_id=harm["assessment_id"])
    two = {harm["person_causing_id"], harm["person_experiencing_id"]}
    return len({adult["has_plan_actions"] for adult in adults if adult["person_id"] in two}) == 1


def _answered_in_kind(case: Case, draw: Draw, harm: Cells) -> list[Mark]:
    """Add the opposite direction, which nobody has assessed, and the views of the person harmed in it."""
    causing, harmed = harm["person_causing_id"], harm["person_experiencing_id"]
    voice = case.of("family_voice", assessment_id=harm["assessment_id"], speaker_id=harmed)[0]
    case.add("family_voice", voice | {"voice_id": draw.key("v"), "speaker_id": causing})
    back = {"person_causing_id": harmed, "person_experiencing_id": causing, "pattern": "not_yet_assessed"}
    return [mark("RDAC301", case.add("harm_direction", harm | back | NO_CLASS | {"harm_id": draw.key("h")}))]


@recipe("RDAC302")
def child_only_causing(case: Case, _: Draw) -> Iterator[Planting]:
    """A child who causes harm loses the row on their own experience."""
    for row in case.of("child_experience"):
        caused = [harm for harm in harms(case, row) if harm["person_causing_id"] == row["child_id"]]
        if caused:
            marks = [mark("RDAC302", harm) for harm in caused]
            if assessed_child(case, row) == row["child_id"]:
                marks.append(mark("RDAC312", case.one("assessment", assessment_id=row["assessment_id"])))
            yield gone(case, "child_experience", row, marks)


@recipe("RDAC310")
def parent_coded_and_none_harmed(case: Case, _: Draw) -> Iterator[Planting]:
    """A code says that a parent is harmed, where only the child is."""
    for row in case.of("assessment"):
        if "3A" in codes(row) and "3B" not in codes(row):
            yield written([mark("RDAC310", row)], (row, {"source_codes": f"{row['source_codes']}|3B"}))


@recipe("RDAC311")
def other_coded_and_none_harmed(case: Case, _: Draw) -> Iterator[Planting]:
    """A code says that another person is harmed, where only parents are."""
    for row in case.of("assessment"):
        if "3B" in codes(row) and "3C" not in codes(row) and all(_of_parent(case, harm) for harm in harms(case, row)):
            yield written([mark("RDAC311", row)], (row, {"source_codes": f"{row['source_codes']}|3C"}))


def _of_parent(case: Case, harm: Cells) -> bool:
    at = {"assessment_id": harm["assessment_id"], "person_id": harm["person_experiencing_id"]}
    return any(adult["relationship_to_child"] in PARENTS for adult in case.of("adult_in_case", **at))


@recipe("RDAC312")
def assessed_child_without_row(case: Case, _: Draw) -> Iterator[Planting]:
    """The child assessed loses the row on their own experience."""
    for row in case.of("child_experience"):
        causing = any(harm["person_causing_id"] == row["child_id"] for harm in harms(case, row))
        if not causing and assessed_child(case, row) == row["child_id"]:
            assessment = case.one("assessment", assessment_id=row["assessment_id"])
            yield gone(case, "child_experience", row, [mark("RDAC312", assessment)])


@recipe("RDAC314")
def risk_level_undated(case: Case, _: Draw) -> Iterator[Planting]:
    """An assessment loses its date, and its levels of risk the assessments that date them."""
    for row in case.of("assessment"):
        rated = [harm for harm in harms(case, row) if harm["risk_level"] != NA]
        if rated:
            yield partial(_undate, case, row, rated)


def _undate(case: Case, assessment: Cells, rated: list[Cells]) -> list[Mark]:
    assessment["assessment_date"] = "not_recorded"
    for harm in rated:
        for risk in case.of("risk_assessment", harm_id=harm["harm_id"]):
            case.drop("risk_assessment", risk)
    return [mark("RDAC314", harm) for harm in rated]


@recipe("RDAC316")
def not_a_single_incident(case: Case, draw: Draw) -> Iterator[Planting]:
    """The abuse stands at an earlier episode as well, and is called a single incident now."""
    for harm in case.of("harm_direction", separation_status="living_together", relationship="partner"):
        now = case.one("assessment", assessment_id=harm["assessment_id"])
        episode = case.one("episode", episode_id=now["episode_id"])
        for other in case.of("episode", child_id=episode["child_id"]):
            if other["referral_date"] < episode["referral_date"]:
                before = case.one("assessment", episode_id=other["episode_id"])
                speaker = {"assessment_id": before["assessment_id"], "speaker_id": harm["person_experiencing_id"]}
                if case.of("family_voice", **speaker):
                    yield partial(_earlier_abuse, case, draw, harm, before)


def _earlier_abuse(case: Case, draw: Draw, harm: Cells, before: Cells) -> list[Mark]:
    """Record the abuse at the earlier assessment as well, in full, and call it a single incident now."""
    there = {"assessment_id": before["assessment_id"]}
    unknown = {"harm_id": draw.key("h"), "first_known_year": "asked_unknown", "pattern": "not_yet_assessed"}
    case.add("harm_direction", harm | there | unknown)
    child = assessed_child(case, before)
    row = case.one("child_experience", assessment_id=harm["assessment_id"], child_id=child)
    case.add("child_experience", row | there | {"harm_ids": "", "contact_with_person_causing": "lives_with"})
    before["source_codes"] = f"3B|{before['source_codes']}" if before["source_codes"] != "21" else "3B"
    for adult in case.of("adult_in_case", **there):
        adult["has_plan_actions"] = "no"
    for voice in case.of("family_voice", **there):
        voice["heard_apart"] = "yes"
    harm.update({"pattern": "single_incident", "first_known_year": "asked_unknown"})
    return [mark("RDAC316", row) for row in harms(case, harm) if row["pattern"] == "single_incident"]


@recipe("RDAC318")
def closed_after_separation(case: Case, _: Draw) -> Iterator[Planting]:
    """Nobody answers for the two who have parted whether they were followed up."""
    for assessment in case.of("assessment"):
        apart = [harm for harm in harms(case, assessment) if harm["separation_status"] in SEPARATED]
        closed = case.one("episode", episode_id=assessment["episode_id"])["closure_date"]
        if len(apart) != 1 or not closed or ordinal(closed) > ordinal(assessment["assessment_date"]) + 85:
            continue
        two = {apart[0]["person_causing_id"], apart[0]["person_experiencing_id"]}
        adults = [
            row
            for row in case.of("adult_in_case", assessment_id=assessment["assessment_id"])
            if row["person_id"] in two
        ]
        if len(adults) == 2:
            unasked = ((row, {"followed_up_after_leaving": NA}) for row in adults)
            yield written([mark("RDAC318", apart[0])], *unasked)


@recipe("RDAC320")
def pattern_without_basis(case: Case, _: Draw) -> Iterator[Planting]:
    """Patterns keep their names and lose the method that they rest on."""
    for assessment in case.of("assessment"):
        judged = [harm for harm in harms(case, assessment) if harm["pattern"] in JUDGED]
        if judged:
            yield written(
                [mark("RDAC320", harm) for harm in judged], (assessment, {"differential_assessment": "none_used"})
            )


JUDGED = ("coercive_control_pattern", "repeated_no_control_found", "resistance")


def _adults_of_one_part(case: Case, own: str, other: str) -> Iterator[tuple[Cells, list[Cells]]]:
    """Adults who stand in one part of the harm at an assessment and never in the other."""
    for adult in case.of("adult_in_case"):
        found = harms(case, adult)
        mine = [harm for harm in found if harm[own] == adult["person_id"]]
        if mine and not any(harm[other] == adult["person_id"] for harm in found):
            yield adult, mine


@recipe("RDAC321")
def adult_causing_without_row(case: Case, _: Draw) -> Iterator[Planting]:
    """An adult who causes harm loses their row."""
    for adult, mine in _adults_of_one_part(case, "person_causing_id", "person_experiencing_id"):
        yield gone(case, "adult_in_case", adult, [mark("RDAC321", harm) for harm in mine])


@recipe("RDAC322")
def adult_experiencing_without_row(case: Case, _: Draw) -> Iterator[Planting]:
    """An adult who is harmed loses their row."""
    for adult, mine in _adults_of_one_part(case, "person_experiencing_id", "person_causing_id"):
        yield gone(case, "adult_in_case", adult, [mark("RDAC322", harm) for harm in mine])


@recipe("RDAC323")
def plan_asks_only_the_harmed(case: Case, _: Draw) -> Iterator[Planting]:
    """The plan asks something of the one who is harmed alone."""
    for assessment in case.of("assessment"):
        found = harms(case, assessment)
        at = assessment["assessment_id"]
        if len(found) != 1:
            continue
        two = [case.of("adult_in_case", assessment_id=at, person_id=found[0][f"person_{role}_id"]) for role in ROLES]
        if all(two):
            (causing,), (harmed,) = two
            answers = ((causing, {"has_plan_actions": "no"}), (harmed, {"has_plan_actions": "yes"}))
            yield written([mark("RDAC323", found[0])], *answers)


ROLES = ("causing", "experiencing")


@recipe("RDAC324")
def actions_owned_by_the_harmed(case: Case, _: Draw) -> Iterator[Planting]:
    """The one action of the person causing harm goes to the agency."""
    for action in case.of("plan_action", owner_role="person_causing"):
        others = [row for row in case.of("plan_action", assessment_id=action["assessment_id"]) if row is not action]
        owners = [row["owner_role"] for row in others]
        if "person_experiencing" in owners and "person_causing" not in owners:
            assessment = case.one("assessment", assessment_id=action["assessment_id"])
            yield written([mark("RDAC324", assessment)], (action, {"owner_role": "agency"}))


STORIES: tuple[Recipe, ...] = tuple(item for item in vars().values() if isinstance(item, Recipe))
