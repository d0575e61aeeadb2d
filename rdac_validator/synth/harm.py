"""Who harms whom in a synthetic family, and what that means for each child and adult at an assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rdac_validator.synth.people import Family, Person, relative
from rdac_validator.synth.rows import Cells, Writer
from rdac_validator.synth.shares import Draw

LIVING_TOGETHER = "living_together"
CONTROL = "coercive_control_pattern"
NO_CONTROL = "repeated_no_control_found"
NEEDS_BARRIER = ("refused_by_service", "not_available", "waiting")
PARTNERS = ("partner", "former_partner", "co_parent_never_partner")


@dataclass(frozen=True, slots=True)
class Direction:
    """One person harms another. ``causing`` is nobody where it is not known who they are; ``facts`` are drawn once
    for the family, so that the assessments of siblings agree.
    """

    causing: Person | None
    harmed: Person
    facts: Cells

    @property
    def apart(self) -> bool:
        """Whether the two do not live together."""
        return self.facts["separation_status"] != LIVING_TOGETHER


def directions(draw: Draw, home: Family, method: str, nation: str) -> list[Direction]:
    """The harm between the grown-ups of a family, and from its older children to a parent.

    ``method`` is how patterns were told apart at the assessments of this family.
    """
    found: list[Direction] = []
    for kind in (kind for kind in home.harmed if kind != "child"):
        story = STORIES[draw("harm", kind)]
        pairs = list(story(draw, home)) or list(_from_father(draw, home))
        if method == "none_used":
            pairs = pairs[:1]  # harm in both directions needs a pattern each, and a pattern needs a basis
        for number, (causing, harmed, relationship, together) in enumerate(pairs):
            pattern = (CONTROL, "resistance")[number] if len(pairs) == 2 else ""
            facts = _facts(draw, home, relationship, together, method, nation, pattern)
            found.append(Direction(causing, harmed, facts))
    return found


def against(
    draw: Draw, home: Family, child: Person, method: str, nation: str, others: Sequence[Direction]
) -> list[Direction]:
    """The harm aimed at one child, where the family has such harm; no one whom the child harms answers in kind."""
    if "child" not in home.harmed or child.kind == "unborn":
        return []
    kind = draw("harm", "child")
    older = [other for other in home.children if other.key != child.key and other.age(home.referred) >= 10]
    together = _home_status(draw, home)
    causing: Person | None = home.adults["father"]
    relationship = "parent_or_step_parent_of"
    if kind == "sibling" and older:
        causing, relationship, together = older[0], "sibling_of", LIVING_TOGETHER
    elif kind == "own_relationship" and child.age(home.referred) >= 14:
        causing, relationship, together = None, "young_person_relationship", "never_lived_together"
    elif kind == "mother_to_child" and all(direction.causing is not child for direction in others):
        causing, together = home.adults["mother"], LIVING_TOGETHER
    elif kind == "partner_to_child" and "step_parent" in home.adults:
        causing, together = home.adults["step_parent"], LIVING_TOGETHER
    return [Direction(causing, child, _facts(draw, home, relationship, together, method, nation))]


Pair = tuple[Person, Person, str, str]


def _home_status(draw: Draw, home: Family) -> str:
    if home.parents == "separated":
        return draw("harm_direction.separation_status", "separated")
    return home.parents


def _couple(draw: Draw, home: Family) -> tuple[str, str]:
    relationships = {LIVING_TOGETHER: "partner", "separated": "former_partner"}
    return relationships.get(home.parents, "co_parent_never_partner"), _home_status(draw, home)


def _from_father(draw: Draw, home: Family) -> Iterator[Pair]:
    yield home.adults["father"], home.adults["mother"], *_couple(draw, home)


def _from_mother(draw: Draw, home: Family) -> Iterator[Pair]:
    yield home.adults["mother"], home.adults["father"], *_couple(draw, home)


def _former_partner(draw: Draw, home: Family) -> Iterator[Pair]:
    home.parents = "separated"
    return _from_father(draw, home)


def _both_ways(draw: Draw, home: Family) -> Iterator[Pair]:
    relationship, together = _couple(draw, home)
    father, mother = home.adults["father"], home.adults["mother"]
    yield father, mother, relationship, together
    yield mother, father, relationship, together


def _from_partner(_: Draw, home: Family) -> Iterator[Pair]:
    partner = home.adults.get("step_parent") or home.adults.get("parents_partner")
    if partner:
        yield partner, home.adults["mother"], "partner", LIVING_TOGETHER


def _adult_child(_: Draw, home: Family) -> Iterator[Pair]:
    if "adult_sibling" in home.adults:
        yield home.adults["adult_sibling"], home.adults["mother"], "child_of", LIVING_TOGETHER


def _under_18_child(_: Draw, home: Family) -> Iterator[Pair]:
    if home.children[0].age(home.referred) >= 11:
        yield home.children[0], home.adults["mother"], "child_of", LIVING_TOGETHER


def _in_law(draw: Draw, home: Family) -> Iterator[Pair]:
    yield relative(draw, home), home.adults["mother"], "in_law", "never_lived_together"


def _to_grandparent(_: Draw, home: Family) -> Iterator[Pair]:
    yield home.adults["adult_sibling"], home.adults["grandparent"], "grandchild_of", LIVING_TOGETHER


def _in_law_to_grandparent(_: Draw, home: Family) -> Iterator[Pair]:
    yield home.adults["father"], home.adults["grandparent"], "in_law", LIVING_TOGETHER


def _to_adult_sibling(_: Draw, home: Family) -> Iterator[Pair]:
    yield home.adults["father"], home.adults["adult_sibling"], "parent_or_step_parent_of", LIVING_TOGETHER


STORIES: dict[str, Callable[[Draw, Family], Iterator[Pair]]] = {
    "father_to_mother": _from_father,
    "former_partner": _former_partner,
    "partner_to_mother": _from_partner,
    "mother_to_father": _from_mother,
    "both_ways": _both_ways,
    "adult_child": _adult_child,
    "under_18_child": _under_18_child,
    "in_law": _in_law,
    "adult_child_to_grandparent": _to_grandparent,
    "partner_to_grandparent": _in_law_to_grandparent,
    "father_to_adult_sibling": _to_adult_sibling,
}


def _facts(
    draw: Draw, home: Family, relationship: str, together: str, method: str, nation: str, pattern: str = ""
) -> Cells:
    """What is said of a direction, each answer in keeping with the others."""
    stated = method not in {"none_used", "not_recorded"}
    pattern = pattern or draw("harm_direction.pattern", "assessed" if stated else "plain")
    no_control = pattern == NO_CONTROL
    strangled = "no" if no_control else draw("harm_direction.strangulation")
    sign = "strangled" if strangled in {"yes", "suspected"} else ""
    types = draw("harm_direction.abuse_types", "control" if pattern == CONTROL else "")
    tool = draw("harm_direction.risk_tool", sign or nation)
    level = draw("harm_direction.risk_level", "no_control" if no_control else "")
    separated = relationship in PARTNERS and together != LIVING_TOGETHER
    known = 0 if pattern == "single_incident" else int(draw("years_known"))
    behaviours = "control" if "controlling_or_coercive" in types else "other"
    return {
        "relationship": relationship,
        "separation_status": together,
        "pattern": pattern,
        "strangulation": strangled,
        "severity": draw("harm_direction.severity", sign),
        "abuse_types": types,
        "abuse_contexts": draw("harm_direction.abuse_contexts", "separated" if separated else ""),
        "risk_tool": tool,
        "risk_level": "not_applicable" if tool == "none_used" else level,
        "first_known_year": str(home.referred_year - known),
        "control_behaviours": draw("harm_direction.control_behaviours", behaviours),
    }


def harm_rows(writer: Writer, assessment: str, found: Sequence[Direction]) -> list[Cells]:
    """The rows of harm_direction of one assessment."""
    return [
        writer.add(
            "harm_direction",
            harm_id=writer.draw.key("h"),
            assessment_id=assessment,
            person_causing_id=direction.causing.key if direction.causing else "asked_unknown",
            person_experiencing_id=direction.harmed.key,
            harm_direction_class=direction_class(direction),
            **direction.facts,
        )
        for direction in found
    ]


def direction_class(direction: Direction) -> str:
    """The broad group of a direction, as the standard defines it; blank where too little is known of the people."""
    causing, relationship = direction.causing, direction.facts["relationship"]
    if causing is None:
        return ""
    if relationship in PARTNERS:
        return f"{causing.sex}_to_{direction.harmed.sex}_partner"
    if relationship == "child_of":
        return "adult_child_to_parent" if causing.kind == "adult" else "under18_child_to_parent"
    groups = {"parent_or_step_parent_of": "parent_to_child", "sibling_of": "sibling"}
    return groups.get(relationship, "intergenerational_other_adult")


def experience(
    writer: Writer, assessment: str, child: Person, found: Sequence[Direction], harms: Sequence[Cells]
) -> None:
    """The row of child_experience of one child at one assessment with domestic abuse."""
    draw = writer.draw
    target = any(direction.harmed is child for direction in found)
    kind = "unborn" if child.kind == "unborn" else draw("child_experience.experience_type")
    support = draw("child_experience.recovery_support")
    writer.add(
        "child_experience",
        child_id=child.key,
        assessment_id=assessment,
        experience_type="directly_targeted|experiences_effects" if target else kind,
        contact_with_person_causing=_contact(draw, child, found),
        recovery_support=support,
        recovery_barrier=draw("barrier") if support in NEEDS_BARRIER else "not_applicable",
        harm_ids="|".join(cells["harm_id"] for cells in harms),
    )


def _contact(draw: Draw, child: Person, found: Sequence[Direction]) -> str:
    others = [direction for direction in found if direction.causing is not child]
    if child.kind == "unborn":
        return "not_applicable"
    if any(not direction.apart for direction in others):
        return "lives_with"
    return draw("child_experience.contact_with_person_causing", "apart") if others else "not_applicable"
