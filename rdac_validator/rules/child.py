"""The children: each in their own right, those who cause harm as well."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.derive import eighteen_or_over
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Frame, Rule, answered, cases_of, dva_codes, holds, only
from rdac_validator.tables import ROW, Tables


def children_causing(tables: Tables) -> Frame:
    """Directions in which the person causing harm was under 18 at the assessment, that person as ``child_id``."""
    columns = {"person_causing_id": "person_id"} | {f"causing.{name}": name for name in ("person_kind", "birth_month")}
    people = tables["person"].select(**{name: nw.col(column) for name, column in columns.items()})
    dates = tables["assessment"].select("assessment_id", "assessment_date")
    rows = tables["harm_direction"].join(people, on="person_causing_id").join(dates, on="assessment_id", how="left")
    return rows.filter(~eighteen_or_over("causing")).select(ROW, "assessment_id", child_id="person_causing_id")


_HARM = {"assessment_id": "a1", "person_causing_id": "c1", "person_experiencing_id": "p2"}
_ASSESSED = ({"assessment_id": "a1", "assessment_date": "2024-03-01"},)
_CHILD = ({"person_id": "c1", "person_kind": "child"},)
_SINCE_GROWN = ({"person_id": "c1", "person_kind": "adult", "birth_month": "2006-06"},)
_ADULT = ({"person_id": "c1", "person_kind": "adult"},)
_NEEDS_PERSON = {"person": ("person_id", "person_kind"), "assessment": ("assessment_id", "assessment_date")}


class ChildOnlyCausing(Rule):
    """A person under 18 is recorded as causing harm, and not as a child with an experience of their own.

    Why: a child can be harmed and cause harm, and keeps both places; one who is only ever recorded as causing harm is
    not seen as a child who may need help.
    Fix: add a row to child_experience for this child and assessment.
    """

    code = "RDAC302"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("assessment_id", "person_causing_id")
    message = "person_causing_id is under 18 and has no row in child_experience for this assessment"
    sources = ("rdac-2026:6.7", "rdac-2026:1.3.4")
    requirements = ("R14",)
    needs = _NEEDS_PERSON | {"child_experience": ("child_id", "assessment_id")}
    _own = ({"child_id": "c1", "assessment_id": "a1"},)
    good = (
        {"harm_direction": [_HARM], "person": _CHILD, "assessment": _ASSESSED, "child_experience": _own},
        {"harm_direction": [_HARM], "person": _ADULT, "assessment": _ASSESSED},
        {
            "harm_direction": [_HARM | {"person_causing_id": "not_recorded"}],
            "person": _CHILD,
            "assessment": _ASSESSED,
        },
        {
            "harm_direction": [_HARM],
            "person": [{"person_id": "c1", "person_kind": "not_recorded"}],
            "assessment": _ASSESSED,
        },
    )
    bad = (
        {"harm_direction": [_HARM], "person": _CHILD, "assessment": _ASSESSED},
        {"harm_direction": [_HARM], "person": _CHILD},
        {"harm_direction": [_HARM], "person": _SINCE_GROWN, "assessment": _ASSESSED},
        {
            "harm_direction": [_HARM],
            "person": _CHILD,
            "assessment": _ASSESSED,
            "child_experience": [{"child_id": "c1", "assessment_id": "a2"}],
        },
        {
            "harm_direction": [_HARM],
            "person": _CHILD,
            "assessment": _ASSESSED,
            "child_experience": [{"child_id": "c2", "assessment_id": "a1"}],
        },
    )

    def cases(self, tables: Tables) -> Frame:
        """Directions from a person under 18."""
        there = nw.lit(value=True).alias("there")
        own = tables["child_experience"].select("child_id", "assessment_id", there).unique()
        rows = children_causing(tables).join(own, on=["child_id", "assessment_id"], how="left")
        return rows.select(ROW, nw.col("there").fill_null(value=False).alias(VALID))


class ChildCausingWithoutRecovery(Rule):
    """A child causes harm, and the row says that help to recover does not apply to them.

    Why: a child who causes harm is still a child who may need help to recover, and services often could not work with
    both sides of the same child.
    Fix: answer recovery_support; if nobody considered it, that is not_offered.
    """

    code = "RDAC303"
    severity = Severity.ERROR
    table = "child_experience"
    columns = ("child_id", "assessment_id", "recovery_support")
    message = "recovery_support is not_applicable for a child who is person_causing_id at this assessment"
    sources = ("rdac-2026:6.7", "rdac-2026:6.6")
    requirements = ("R14",)
    needs = _NEEDS_PERSON | {"harm_direction": ("assessment_id", "person_causing_id")}
    _own = {"child_id": "c1", "assessment_id": "a1", "recovery_support": "not_applicable"}
    _case = {"harm_direction": [_HARM], "person": _CHILD, "assessment": _ASSESSED}
    good = (
        {"child_experience": [_own | {"recovery_support": "waiting"}], **_case},
        {"child_experience": [_own | {"recovery_support": "not_asked"}], **_case},
        {"child_experience": [_own | {"child_id": "c2"}], **_case},
        {"child_experience": [_own | {"assessment_id": "a2"}], **_case},
    )
    bad = (
        {"child_experience": [_own], **_case},
        {"child_experience": [_own], "harm_direction": [_HARM], "person": _SINCE_GROWN, "assessment": _ASSESSED},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows of children who cause harm at the same assessment."""
        causing = children_causing(tables).select("child_id", "assessment_id")
        rows = tables[self.table].join(causing, on=["child_id", "assessment_id"], how="semi")
        return rows.select(ROW, answered("recovery_support").alias(VALID))


class AssessedChildWithoutRow(Rule):
    """Domestic abuse is recorded at an assessment, and the child assessed has no row of their own.

    Why: children experience domestic abuse in their own right, also when the code names a parent; without a row nobody
    asks what it does to them or what help they get.
    Fix: add a row to child_experience for the child and this assessment; what is not known has a missing reason.
    """

    code = "RDAC312"
    severity = Severity.ERROR
    lenient = {"t0": Severity.INFO}
    table = "assessment"
    columns = ("assessment_id", "episode_id", "source_codes")
    message = "domestic abuse is recorded at this assessment, and child_experience has no row for the child assessed"
    sources = ("rdac-2026:3.1", "rdac-2026:6.6", "da-act-2021:section-3")
    requirements = ("R16",)
    needs = {"episode": ("episode_id", "child_id"), "child_experience": ("child_id", "assessment_id")}
    _assessment = {"assessment_id": "a1", "episode_id": "e1", "source_codes": "4A|3B"}
    _episode = ({"episode_id": "e1", "child_id": "c1"},)
    _own = {"child_id": "c1", "assessment_id": "a1"}
    good = (
        {"assessment": [_assessment], "episode": _episode, "child_experience": [_own]},
        {"assessment": [_assessment | {"source_codes": "4A"}], "episode": _episode},
        {"assessment": [_assessment | {"source_codes": "not_recorded"}], "episode": _episode},
        {"assessment": [_assessment], "episode": []},
    )
    bad = (
        {"assessment": [_assessment], "episode": _episode},
        {"assessment": [_assessment | {"source_codes": "domestic_abuse"}], "episode": _episode},
        {"assessment": [_assessment], "episode": _episode, "child_experience": [_own | {"child_id": "c2"}]},
        {"assessment": [_assessment], "episode": _episode, "child_experience": [_own | {"assessment_id": "a2"}]},
        {
            "assessment": [_assessment | {"source_codes": "not_recorded"}],
            "episode": _episode,
            "harm_direction": [{"assessment_id": "a1"}],
        },
    )

    def cases(self, tables: Tables) -> Frame:
        """Assessments with a code or a direction of domestic abuse, and a known child."""
        coded = tables[self.table].filter(holds("source_codes", dva_codes(tables.standard))).select("assessment_id")
        if "harm_direction" in tables:
            coded = nw.concat([coded, tables["harm_direction"].select("assessment_id")]).unique()
        own = tables["child_experience"].select("child_id", "assessment_id", nw.lit(value=True).alias("there")).unique()
        children = tables["episode"].select("episode_id", "child_id")
        rows = tables[self.table].join(coded, on="assessment_id", how="semi").join(children, on="episode_id")
        rows = rows.join(own, on=["child_id", "assessment_id"], how="left")
        return rows.select(ROW, nw.col("there").fill_null(value=False).alias(VALID))


class CodedChildWithoutExperience(Rule):
    """A code says that the child is the subject of domestic abuse, and the child's row says that none was found.

    Why: the two cannot both be true, and the row is the one that says how the child experiences the abuse.
    Fix: say in experience_type how the child experiences the abuse; if code 3A is wrong, put source_codes right.
    """

    code = "RDAC313"
    severity = Severity.ERROR
    table = "child_experience"
    columns = ("child_id", "assessment_id", "experience_type")
    message = "experience_type is none_identified, and source_codes of the assessment holds 3A"
    sources = ("rdac-2026:3.1", "cin-xsd:factors")
    requirements = ("R16",)
    needs = {"assessment": ("assessment_id", "episode_id", "source_codes"), "episode": ("episode_id", "child_id")}
    _own = {"child_id": "c1", "assessment_id": "a1", "experience_type": "none_identified"}
    _case = {
        "assessment": [{"assessment_id": "a1", "episode_id": "e1", "source_codes": "3A|4A"}],
        "episode": [{"episode_id": "e1", "child_id": "c1"}],
    }
    _other = [{"assessment_id": "a1", "episode_id": "e1", "source_codes": "3B|4A"}]
    good = (
        {"child_experience": [_own | {"experience_type": "sees_or_hears|used_as_tool"}], **_case},
        {"child_experience": [_own | {"experience_type": "not_collected_by_source"}], **_case},
        {"child_experience": [_own | {"child_id": "c2"}], **_case},
        {"child_experience": [_own | {"assessment_id": "a2"}], **_case},
        {"child_experience": [_own], "assessment": _other, "episode": _case["episode"]},
    )
    bad = ({"child_experience": [_own], **_case},)

    def cases(self, tables: Tables) -> Frame:
        """Rows of children who are themselves the subject of a domestic abuse code."""
        codes = dva_codes(tables.standard, subject="child")
        coded = tables["assessment"].filter(holds("source_codes", codes)).select("assessment_id")
        subject = cases_of(tables).join(coded, on="assessment_id", how="semi").select("assessment_id", "child_id")
        rows = tables[self.table].join(subject, on=["assessment_id", "child_id"], how="semi")
        return rows.select(ROW, (~only("experience_type", "none_identified")).alias(VALID))
