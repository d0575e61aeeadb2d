"""Who harms whom: rules on the direction of harm."""

from __future__ import annotations

from typing import ClassVar

import narwhals as nw

from rdac_validator.derive import (
    NOT_DETERMINABLE,
    NOT_STATED,
    directions,
    harm_direction_class,
    legal_frame,
    of_dataset,
)
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Row, RowRule, Rule, cases_of, dva_codes, holds
from rdac_validator.tables import ROW, Tables


class HarmedThemselves(RowRule):
    """A person is recorded as harming themselves.

    Why: direction is the fact that today's returns cannot hold; a row from a person to themselves says nothing.
    Fix: give the person causing harm and the person experiencing it their own person_id.
    """

    code = "RDAC201"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id")
    message = "person_causing_id and person_experiencing_id are the same person"
    sources = ("rdac-2026:6.3",)
    requirements = ("R11",)
    good = (
        {"person_causing_id": "p1", "person_experiencing_id": "p2"},
        {"person_causing_id": "not_collected_by_source", "person_experiencing_id": "not_collected_by_source"},
    )
    bad = ({"person_causing_id": "p1", "person_experiencing_id": "p1"},)

    def valid(self) -> nw.Expr:
        """Two different persons."""
        return nw.col("person_causing_id") != nw.col("person_experiencing_id")


class OnePatternForBoth(Rule):
    """Two people harm each other, and a direction has no pattern of its own.

    Why: a pair of rows without their own patterns is read as "both as bad as each other"; it hides who controls whom.
    Fix: assess each direction by itself and state its pattern; resistance is a pattern.
    """

    code = "RDAC301"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("assessment_id", "person_causing_id", "person_experiencing_id", "pattern")
    message = "harm is recorded in both directions, and this direction has no pattern of its own"
    sources = ("rdac-2026:6.9.1", "powell-2024:C.2")
    requirements = ("R15",)
    _there = {"assessment_id": "a1", "person_causing_id": "p1", "person_experiencing_id": "p2"}
    _back = {"assessment_id": "a1", "person_causing_id": "p2", "person_experiencing_id": "p1"}
    good = (
        {"harm_direction": [_there | {"pattern": "coercive_control_pattern"}, _back | {"pattern": "resistance"}]},
        {"harm_direction": [_there | {"pattern": "not_asked"}]},
        {
            "harm_direction": [
                _there | {"pattern": "not_asked"},
                _back | {"assessment_id": "a2", "pattern": "resistance"},
            ]
        },
        {"harm_direction": [_there | {"pattern": "not_asked"}, _back | {"person_causing_id": "p3"}]},
        {"harm_direction": [_there | {"pattern": "not_asked"}, _back | {"person_experiencing_id": "p3"}]},
    )
    bad = (
        {"harm_direction": [_there | {"pattern": "not_yet_assessed"}, _back | {"pattern": "resistance"}]},
        {"harm_direction": [_there | {"pattern": "not_recorded"}, _back | {"pattern": "resistance"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows whose opposite stands in the same assessment."""
        rows = tables[self.table]
        back = rows.select(
            "assessment_id",
            nw.col("person_causing_id").alias("person_experiencing_id"),
            nw.col("person_experiencing_id").alias("person_causing_id"),
        ).unique()
        pairs = rows.join(back, on=["assessment_id", "person_causing_id", "person_experiencing_id"], how="semi")
        own = nw.when(~nw.col("pattern").is_null()).then(nw.col("pattern") != "not_yet_assessed")
        return pairs.select(ROW, own.otherwise(nw.col("pattern.missing").is_null()).alias(VALID))


_DIRECTION = {"assessment_id": "a1", "person_causing_id": "p1", "person_experiencing_id": "p2"}
_BOTH_PEOPLE = {
    "harm_direction": ("assessment_id",),
    "person": ("person_id", "person_kind", "birth_month", "sex"),
    "assessment": ("assessment_id", "assessment_date"),
}


def _worked_out(row: Row, causing: Row, experiencing: Row, nation: str = "england") -> Case:
    """A direction at an assessment in March 2024 between two people."""
    return {
        "harm_direction": [{**_DIRECTION, **row}],
        "person": [{"person_id": "p1", **causing}, {"person_id": "p2", **experiencing}],
        "assessment": [{"assessment_id": "a1", "assessment_date": "2024-03-15"}],
        "dataset": [{"nation": nation}],
    }


_MAN, _WOMAN = ({"person_kind": "adult", "sex": sex} for sex in ("male", "female"))
_BOY = {"person_kind": "child", "sex": "male", "birth_month": "2010-01"}
_OF_17 = _BOY | {"birth_month": "2007-01"}
_OF_UNKNOWN_AGE = {"person_kind": "child", "sex": "male", "birth_month": "not_recorded"}


class OtherLegalFrame(Rule):
    """The legal frame in the row is not the one that ages, relationship and nation give.

    Why: the frame says which law's definition a direction falls under, never whether it matters; a wrong one moves rows
    between counts that are not comparable.
    Fix: leave legal_frame out and let it be worked out, or put the ages, relationship or nation right.
    """

    code = "RDAC308"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id", "relationship", "legal_frame")
    message = "legal_frame is not what the ages, relationship and nation give"
    sources = ("da-act-2021:section-1", "dasa-2018:section-11", "rdac-2026:5.4.6")
    requirements = ("R13",)
    needs = _BOTH_PEOPLE | {"dataset": ("nation",)}
    _partner = {"relationship": "partner", "legal_frame": "da_act_2021_s1"}
    _child = {"relationship": "child_of", "legal_frame": "child_safeguarding_frame"}
    _scottish = {"relationship": "former_partner", "legal_frame": "scot_2018_act"}
    good = (
        _worked_out(_partner, _MAN, _WOMAN),
        _worked_out(_partner, _MAN, _OF_17, "wales"),
        _worked_out(_child, _BOY, _WOMAN),
        _worked_out(_child | {"legal_frame": "da_act_2021_s1"}, _OF_17, _WOMAN),
        _worked_out(_child | {"legal_frame": "not_determinable"}, _OF_UNKNOWN_AGE, _WOMAN),
        _worked_out(_child, _OF_17, _WOMAN, "scotland"),
        _worked_out(_scottish, _WOMAN, _WOMAN, "scotland"),
        _worked_out(_partner | {"relationship": "not_recorded"}, _MAN, _WOMAN),
        _worked_out(_partner | {"legal_frame": "not_recorded"}, _MAN, _WOMAN),
        _worked_out(
            {"relationship": "household_non_relative", "legal_frame": "child_safeguarding_frame"}, _MAN, _OF_UNKNOWN_AGE
        ),
    )
    bad = (
        _worked_out(_partner, _MAN, _BOY),
        _worked_out(_partner | {"legal_frame": "not_determinable"}, _MAN, _WOMAN),
        _worked_out(_partner | {"relationship": "household_non_relative"}, _MAN, _WOMAN),
        _worked_out(_partner, _MAN, _WOMAN, "scotland"),
        _worked_out(_scottish, _MAN, _WOMAN, "england"),
        _worked_out(_scottish | {"relationship": "sibling_of"}, _MAN, _WOMAN, "scotland"),
        _worked_out(_child, _OF_17, _WOMAN),
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows that state a frame; where none can be worked out, whoever knows the day of birth may know more."""
        computed = legal_frame(tables.standard)
        rows = directions(tables).filter(~nw.col("legal_frame").is_null())
        rows = rows.join(of_dataset(tables, "nation"), how="cross")
        agrees = nw.when(computed != NOT_DETERMINABLE).then(nw.col("legal_frame") == computed)
        return rows.select(ROW, agrees.alias(VALID))


class OtherDirectionClass(Rule):
    """The class of direction in the row is not the one that sexes, ages and relationship give.

    Why: the class shows who harms whom beyond men harming women; a wrong one hides the directions that are rarely seen.
    Fix: leave harm_direction_class out and let it be worked out, or put the sexes, ages or relationship right.
    """

    code = "RDAC309"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id", "relationship", "harm_direction_class")
    message = "harm_direction_class is not what the sexes, ages and relationship give"
    sources = ("rdac-2026:6.3", "rdac-2026:5.4.6")
    requirements = ("R13",)
    needs = _BOTH_PEOPLE
    _partner = {"relationship": "partner", "harm_direction_class": "male_to_female_partner"}
    _child = {"relationship": "child_of", "harm_direction_class": "under18_child_to_parent"}
    _sibling = {"relationship": "sibling_of", "harm_direction_class": "sibling"}
    _elder = {"relationship": "grandparent_of", "harm_direction_class": "intergenerational_other_adult"}
    _parent = {"relationship": "parent_or_step_parent_of", "harm_direction_class": "parent_to_child"}
    _young = {"relationship": "young_person_relationship", "harm_direction_class": "other"}
    _sex_not_known = {"person_kind": "adult", "sex": "not_recorded"}
    good = (
        _worked_out(_partner, _MAN, _WOMAN),
        _worked_out(_partner | {"harm_direction_class": "female_to_female_partner"}, _WOMAN, _WOMAN),
        _worked_out(_partner | {"relationship": "co_parent_never_partner"}, _MAN, _WOMAN),
        _worked_out(_partner, _sex_not_known, _WOMAN),
        _worked_out(_partner | {"relationship": "not_recorded"}, _MAN, _MAN),
        _worked_out(_child, _OF_17, _WOMAN),
        _worked_out(_child | {"harm_direction_class": "adult_child_to_parent"}, _MAN, _WOMAN),
        _worked_out(_sibling, _sex_not_known, _BOY),
        _worked_out(_elder, _WOMAN, _BOY),
        _worked_out(_parent, _MAN, _BOY),
        _worked_out(_young, _BOY, _BOY),
        _worked_out(_partner | {"harm_direction_class": "not_collected_by_source"}, _MAN, _MAN),
    )
    bad = (
        _worked_out(_partner, _WOMAN, _MAN),
        _worked_out(_partner | {"harm_direction_class": "not_stated"}, _MAN, _WOMAN),
        _worked_out(_child, _MAN, _WOMAN),
        _worked_out(_child | {"harm_direction_class": "adult_child_to_parent"}, _OF_17, _WOMAN),
        _worked_out(_sibling | {"harm_direction_class": "other"}, _MAN, _BOY),
        _worked_out(_young | {"harm_direction_class": "male_to_male_partner"}, _BOY, _BOY),
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows that state a class; where none can be worked out, nothing is said."""
        computed = harm_direction_class()
        rows = directions(tables).filter(~nw.col("harm_direction_class").is_null())
        agrees = nw.when(computed != NOT_STATED).then(nw.col("harm_direction_class") == computed)
        return rows.select(ROW, agrees.alias(VALID))


class CodeWithoutDirection(Rule, abstract=True):
    """What the two rules on whom a source code names share.

    ``subject`` is whom the code names in the schema, ``others`` what an adult is to the child who is not among them.
    """

    subject: ClassVar[str]
    others: ClassVar[tuple[str, ...]]
    severity = Severity.WARNING
    table = "assessment"
    columns = ("assessment_id", "episode_id", "source_codes")
    sources = ("rdac-2026:1.4-p3", "cin-xsd:factors")
    requirements = ("R17",)
    needs = {
        "episode": ("episode_id", "child_id"),
        "harm_direction": ("assessment_id", "person_experiencing_id"),
        "adult_in_case": ("person_id", "assessment_id", "relationship_to_child"),
    }

    def cases(self, tables: Tables) -> Frame:
        """Assessments with the code and with directions of harm.

        Wrong only if every person experiencing harm is known to be somebody else: the child assessed, or an adult whose
        relationship to the child rules it out.
        """
        adults = tables["adult_in_case"].select(
            "assessment_id", "relationship_to_child", person_experiencing_id="person_id"
        )
        rows = tables["harm_direction"].join(cases_of(tables), on="assessment_id")
        rows = rows.join(adults, on=["assessment_id", "person_experiencing_id"], how="left")
        is_child = (nw.col("person_experiencing_id") == nw.col("child_id")).fill_null(value=False)
        is_other = nw.col("relationship_to_child").is_in(self.others).fill_null(value=False)
        harmed = rows.select("assessment_id", somebody_else=is_child | is_other)
        harmed = harmed.group_by("assessment_id").agg(nw.col("somebody_else").all())
        coded = tables[self.table].filter(holds("source_codes", dva_codes(tables.standard, self.subject)))
        return coded.join(harmed, on="assessment_id").select(ROW, (~nw.col("somebody_else")).alias(VALID))


def _coded(codes: str, *relationships: str) -> Case:
    """An assessment about child c1 with harm to the child, and to an adult for each relationship to the child."""
    adults = [f"p{number}" for number, _ in enumerate(relationships)]
    return {
        "assessment": [{"assessment_id": "a1", "episode_id": "e1", "source_codes": codes}],
        "episode": [{"episode_id": "e1", "child_id": "c1"}],
        "harm_direction": [{"assessment_id": "a1", "person_experiencing_id": person} for person in ("c1", *adults)],
        "adult_in_case": [
            {"person_id": person, "assessment_id": "a1", "relationship_to_child": relationship}
            for person, relationship in zip(adults, relationships, strict=True)
        ],
    }


_ELSEWHERE = {"person_id": "p0", "assessment_id": "a2", "relationship_to_child": "grandparent"}
_SOMEBODY = {"person_id": "p9", "assessment_id": "a1", "relationship_to_child": "grandparent"}


class ParentCodedNotRecorded(CodeWithoutDirection):
    """A code says that a parent or carer experiences domestic abuse, and no direction of harm is towards one.

    Why: the code only prompts for the direction; if the row for the parent is missing, so are the person causing the
    harm, its kind and its severity.
    Fix: add the direction of harm towards the parent or carer, or put source_codes right.
    """

    code = "RDAC310"
    subject = "parent"
    others = ("grandparent", "adult_sibling", "other_relative", "no_relationship")
    message = "source_codes holds 3B, and no harm_direction of this assessment is towards a parent or carer"
    good = (
        _coded("3B|4B", "mother"),
        _coded("3B", "grandparent", "parents_partner"),
        _coded("3B", "not_recorded"),
        _coded("3A"),
        _coded("not_recorded"),
        {**_coded("3B"), "harm_direction": [{"assessment_id": "a1", "person_experiencing_id": "not_recorded"}]},
        {**_coded("3B"), "harm_direction": []},
        {**_coded("3B", "mother"), "adult_in_case": [_ELSEWHERE]},
        {**_coded("3B", "mother"), "adult_in_case": [_SOMEBODY]},
    )
    bad = (
        _coded("3B"),
        _coded("3A|3B", "grandparent", "adult_sibling"),
        _coded("3B", "other_relative", "no_relationship"),
    )


class HouseholdCodedNotRecorded(CodeWithoutDirection):
    """A code says that another person in the home experiences domestic abuse, and no direction of harm is towards one.

    Why: the code only prompts for the direction; abuse of a sibling, a grandparent or a lodger is rarely seen at all.
    Fix: add the direction of harm towards the other person in the home, or put source_codes right.
    """

    code = "RDAC311"
    subject = "household_other"
    others = ("mother", "father", "step_parent", "foster_or_kinship_carer")
    message = (
        "source_codes holds 3C, and every harm_direction of this assessment is towards the child or a parent or carer"
    )
    good = (
        _coded("3C", "grandparent"),
        _coded("3C", "mother", "no_relationship"),
        _coded("3C", "declined"),
        _coded("3B", "mother"),
        _coded("3C", "parents_partner"),
    )
    bad = (_coded("3C", "mother"), _coded("3C|3B", "father", "step_parent", "foster_or_kinship_carer"))
