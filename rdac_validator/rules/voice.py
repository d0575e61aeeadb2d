"""Whose views were heard, how safely, and who may know them."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.derive import at_least
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Rule
from rdac_validator.tables import ROW, Tables

SPEAKS_FROM = 4
PARENTS = ("mother", "father", "step_parent")
NOT_KNOWN = ("not_recorded", "not_asked", "asked_unknown", "not_applicable")


def _heard(tables: Tables) -> Frame:
    """Assessment and person of everyone who has a row, heard or not."""
    voices = tables["family_voice"].select("assessment_id", nw.col("speaker_id").alias("person_id"))
    return voices.unique().with_columns(nw.lit(value=True).alias("row"))


def _dated(rows: Frame, tables: Tables) -> Frame:
    """Rows with ``assessment_id`` and ``person_id``, and the day, the person's month of birth and kind."""
    dates = tables["assessment"].select("assessment_id", "assessment_date").unique("assessment_id")
    people = tables["person"].select("person_id", "birth_month", "person_kind").unique("person_id")
    return rows.join(dates, on="assessment_id", how="left").join(people, on="person_id", how="left")


class ChildWithoutVoiceRow(Rule):
    """A child of four or over lives with abuse, and nobody says whether the child's views were heard.

    Why: children were not at the centre of assessments; a child without a row looks like one who had nothing to say.
    Fix: add a row to family_voice for the child; if nobody heard the child, method is not_obtained.
    """

    code = "RDAC352"
    severity = Severity.ERROR
    table = "child_experience"
    columns = ("child_id", "assessment_id")
    message = "the child was four or over at the assessment and has no row in family_voice for it"
    sources = ("rdac-2026:6.6", "rdac-2026:1.3.4")
    requirements = ("R32",)
    needs = {
        "person": ("person_id", "birth_month"),
        "assessment": ("assessment_id", "assessment_date"),
        "family_voice": ("assessment_id", "speaker_id"),
    }
    _child = {"person": [{"person_id": "c1", "birth_month": "2018-05"}]}
    _lives = {"child_experience": [{"child_id": "c1", "assessment_id": "a1"}]}
    _at_four = {"assessment": [{"assessment_id": "a1", "assessment_date": "2022-06-01"}]}
    good: tuple[Case, ...] = (
        _child | _lives | _at_four | {"family_voice": [{"assessment_id": "a1", "speaker_id": "c1"}]},
        _child | _lives | {"assessment": [{"assessment_id": "a1", "assessment_date": "2022-05-31"}]},
        _lives | _at_four | {"person": [{"person_id": "c1", "birth_month": "not_recorded"}]},
    )
    bad: tuple[Case, ...] = (
        _child | _lives | _at_four,
        _child | _lives | _at_four | {"family_voice": [{"assessment_id": "a1", "speaker_id": "p1"}]},
        _child | _lives | _at_four | {"family_voice": [{"assessment_id": "a2", "speaker_id": "c1"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Children who were four or over with certainty."""
        children = _dated(tables[self.table].rename({"child_id": "person_id"}), tables)
        speaking = children.filter(at_least(SPEAKS_FROM, "birth_month", "assessment_date"))
        told = speaking.join(_heard(tables), on=["assessment_id", "person_id"], how="left")
        return told.select(ROW, (~nw.col("row").is_null()).alias(VALID))


class HarmedPersonWithoutVoiceRow(Rule):
    """A person experiences harm, and nobody says whether their views were heard.

    Why: those who live with abuse know most about it; without a row it cannot be seen whether anyone asked them.
    Fix: add a row to family_voice for the person; if nobody heard them, method is not_obtained.
    """

    code = "RDAC353"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("assessment_id", "person_experiencing_id")
    message = "person_experiencing_id has no row in family_voice for the assessment"
    sources = ("rdac-2026:1.3.4",)
    requirements = ("R32",)
    needs = {
        "person": ("person_id", "birth_month", "person_kind"),
        "assessment": ("assessment_id", "assessment_date"),
        "family_voice": ("assessment_id", "speaker_id"),
    }
    _adult = {"person": [{"person_id": "p1", "person_kind": "adult", "birth_month": "not_recorded"}]}
    _harm = {"harm_id": "h1", "assessment_id": "a1", "person_experiencing_id": "p1"}
    _baby = {"person": [{"person_id": "p1", "person_kind": "child", "birth_month": "2023-01"}]}
    _teen = {"person": [{"person_id": "p1", "person_kind": "child", "birth_month": "2009-01"}]}
    _assessed = {"assessment": [{"assessment_id": "a1", "assessment_date": "2024-06-01"}]}
    good: tuple[Case, ...] = (
        _adult | {"harm_direction": [_harm], "family_voice": [{"assessment_id": "a1", "speaker_id": "p1"}]},
        _adult | {"harm_direction": [_harm | {"person_experiencing_id": "not_collected_by_source"}]},
        _baby | _assessed | {"harm_direction": [_harm]},
        _teen
        | _assessed
        | {"harm_direction": [_harm], "child_experience": [{"child_id": "p1", "assessment_id": "a1"}]},
    )
    bad: tuple[Case, ...] = (
        _adult | {"harm_direction": [_harm, _harm | {"harm_id": "h2"}]},
        _adult | {"harm_direction": [_harm], "family_voice": [{"assessment_id": "a2", "speaker_id": "p1"}]},
        _adult | {"harm_direction": [_harm], "family_voice": [{"assessment_id": "a1", "speaker_id": "p2"}]},
        _adult | {"harm_direction": [_harm], "child_experience": [{"child_id": "c1", "assessment_id": "a1"}]},
        _teen
        | _assessed
        | {"harm_direction": [_harm], "child_experience": [{"child_id": "p1", "assessment_id": "a2"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """The first direction for each person who can speak for themselves and whom no row on children covers."""
        rows = tables[self.table].select(ROW, "assessment_id", nw.col("person_experiencing_id").alias("person_id"))
        if "child_experience" in tables:
            children = tables["child_experience"].select("assessment_id", nw.col("child_id").alias("person_id"))
            rows = rows.join(children, on=["assessment_id", "person_id"], how="anti")
        adult = (nw.col("person_kind") == "adult").fill_null(value=False)
        speaking = _dated(rows, tables).filter(adult | at_least(SPEAKS_FROM, "birth_month", "assessment_date"))
        first = speaking.group_by("assessment_id", "person_id").agg(nw.col(ROW).min())
        told = first.join(_heard(tables), on=["assessment_id", "person_id"], how="left")
        return told.select(ROW, (~nw.col("row").is_null()).alias(VALID))


class HeardInEarshot(Rule):
    """A person lives with someone who causes harm, and was not, or not known to be, heard apart from them.

    Why: nobody can speak freely in the hearing of the person they fear, and what they say can bring on more harm.
    Fix: see the person apart and safely, and record it; if it was done, put yes in heard_apart.
    """

    code = "RDAC354"
    severity = Severity.WARNING
    table = "family_voice"
    columns = ("assessment_id", "speaker_id", "method", "heard_apart")
    message = "heard_apart is no or not known, and the person lives with someone who causes harm"
    sources = ("what-helps-2021:suitability", "rdac-2026:1.3.4")
    requirements = ("R33",)
    needs = {"harm_direction": ("assessment_id", "person_experiencing_id", "separation_status")}
    _voice = {"assessment_id": "a1", "speaker_id": "p1", "method": "one_to_one"}
    _home = {
        "harm_direction": [
            {"assessment_id": "a1", "person_experiencing_id": "p1", "separation_status": "living_together"},
        ]
    }
    _child = {
        "child_experience": [
            {"child_id": "p1", "assessment_id": "a1", "contact_with_person_causing": "lives_with"},
        ]
    }
    _visited = {
        "child_experience": [
            {"child_id": "p1", "assessment_id": "a1", "contact_with_person_causing": "supervised"},
        ]
    }
    _apart = {
        "harm_direction": [
            {"assessment_id": "a1", "person_experiencing_id": "p1", "separation_status": "separated_no_contact"},
        ]
    }
    good: tuple[Case, ...] = (
        _home | _child | {"family_voice": [_voice | {"heard_apart": "yes"}]},
        _home | {"family_voice": [_voice | {"heard_apart": "no", "method": "not_obtained"}]},
        _home | {"family_voice": [_voice | {"heard_apart": "not_collected_by_source"}]},
        _home | {"family_voice": [_voice | {"heard_apart": "no", "speaker_id": "p2"}]},
        _home | {"family_voice": [_voice | {"heard_apart": "no", "assessment_id": "a2"}]},
        _apart | {"family_voice": [_voice | {"heard_apart": "no"}]},
        _apart | _visited | {"family_voice": [_voice | {"heard_apart": "no"}]},
    )
    bad: tuple[Case, ...] = (
        _home | {"family_voice": [_voice | {"heard_apart": "no"}]},
        _home | {"family_voice": [_voice | {"heard_apart": "asked_unknown"}]},
        _home | {"family_voice": [_voice | {"heard_apart": "not_asked"}]},
        _home | {"family_voice": [_voice | {"heard_apart": "not_recorded"}]},
        _home | {"family_voice": [_voice | {"heard_apart": "not_applicable"}]},
        _child | {"family_voice": [_voice | {"heard_apart": "no"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """People who were heard and who live with someone who causes harm."""
        living = nw.col("separation_status") == "living_together"
        speaker = nw.col("person_experiencing_id").alias("speaker_id")
        homes = [tables["harm_direction"].filter(living).select("assessment_id", speaker)]
        if "child_experience" in tables:
            with_them = tables["child_experience"].filter(nw.col("contact_with_person_causing") == "lives_with")
            homes.append(with_them.select("assessment_id", nw.col("child_id").alias("speaker_id")))
        heard = tables[self.table].filter(nw.col("method") != "not_obtained")
        near = heard.join(nw.concat(homes), on=["assessment_id", "speaker_id"], how="semi")
        missing = nw.col("heard_apart.missing").is_in(NOT_KNOWN)
        return near.select(ROW, nw.coalesce(nw.col("heard_apart") == "yes", ~missing).alias(VALID))


class SharedWithPersonCausing(Rule):
    """What a person said may be shared with "a parent who does not cause harm", and the only other parent does.

    Why: what children and parents say in confidence was passed on to the person they fear; that can be deadly.
    Fix: put agency_only in safe_to_share_with, today, and find out whether anything was passed on already.
    """

    code = "RDAC355"
    severity = Severity.ERROR
    table = "family_voice"
    columns = ("assessment_id", "speaker_id", "safe_to_share_with")
    message = "safe_to_share_with names a parent, and by the record every parent other than the speaker causes harm"
    sources = ("what-helps-2021:suitability",)
    requirements = ("R34",)
    needs = {
        "adult_in_case": ("assessment_id", "person_id", "relationship_to_child"),
        "harm_direction": ("person_causing_id",),
    }
    _shared = {"assessment_id": "a1", "speaker_id": "c1", "safe_to_share_with": "parent_not_causing_harm"}
    _mother = {"assessment_id": "a1", "person_id": "m1", "relationship_to_child": "mother"}
    _father = {"assessment_id": "a1", "person_id": "f1", "relationship_to_child": "father"}
    _harm = {"harm_direction": [{"assessment_id": "a0", "person_causing_id": "f1"}]}
    good: tuple[Case, ...] = (
        _harm | {"family_voice": [_shared], "adult_in_case": [_mother, _father]},
        _harm | {"family_voice": [_shared | {"safe_to_share_with": "agency_only"}], "adult_in_case": [_father]},
        _harm | {"family_voice": [_shared], "adult_in_case": [_mother]},
        _harm | {"family_voice": [_shared | {"safe_to_share_with": "not_recorded"}], "adult_in_case": [_father]},
    )
    bad: tuple[Case, ...] = (
        _harm | {"family_voice": [_shared], "adult_in_case": [_father]},
        _harm | {"family_voice": [_shared | {"speaker_id": "m1"}], "adult_in_case": [_mother, _father]},
        _harm | {"family_voice": [_shared], "adult_in_case": [_father | {"relationship_to_child": "step_parent"}]},
        _harm
        | {
            "family_voice": [_shared],
            "adult_in_case": [
                _father,
                _mother | {"assessment_id": "a2"},
                _mother | {"relationship_to_child": "other_relative"},
            ],
        },
    )

    def cases(self, tables: Tables) -> Frame:
        """What may be shared with a parent, where some parent other than the speaker causes harm at any assessment."""
        adults = tables["adult_in_case"].filter(nw.col("relationship_to_child").is_in(PARENTS))
        parents = adults.select("assessment_id", "person_id")
        causing = tables["harm_direction"].select(nw.col("person_causing_id").alias("person_id"))
        shared = tables[self.table].filter(nw.col("safe_to_share_with") == "parent_not_causing_harm")
        others = shared.join(parents, on="assessment_id").filter(nw.col("person_id") != nw.col("speaker_id"))
        risky = others.join(causing, on="person_id", how="semi").select(ROW).unique()
        safe = others.join(causing, on="person_id", how="anti").select(ROW).unique()
        told = risky.join(safe.with_columns(nw.lit(value=True).alias("safe")), on=ROW, how="left")
        return told.select(ROW, (~nw.col("safe").is_null()).alias(VALID))
