"""After the two have parted: rules on separation, contact and follow-up."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Frame, Rule, answered, cases_of
from rdac_validator.tables import ROW, Tables

SEPARATED = ("separated_contact_continues", "separated_no_contact")


class ClosedAfterSeparation(Rule):
    """The two have separated, the case was closed, and nobody answered whether the one who left was followed up.

    Why: the risk of harm is heightened after separation, and cases were closed once the person causing harm had
    left the home, without follow-up.
    Fix: answer followed_up_after_leaving for the adult who left; if there was no follow-up, that is a no.
    """

    code = "RDAC318"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("assessment_id", "person_causing_id", "person_experiencing_id", "separation_status")
    message = (
        "the two have separated and the case closed within 90 days, and followed_up_after_leaving is not answered for"
        " either"
    )
    sources = ("rdac-2026:6.5", "rdac-2026:6.7")
    requirements = ("R21",)
    needs = {
        "assessment": ("assessment_id", "episode_id", "assessment_date"),
        "episode": ("episode_id", "closure_date"),
        "adult_in_case": ("person_id", "assessment_id", "followed_up_after_leaving"),
    }
    _apart = {
        "assessment_id": "a1",
        "person_causing_id": "p1",
        "person_experiencing_id": "p2",
        "separation_status": "separated_contact_continues",
    }
    _left = {"assessment_id": "a1", "person_id": "p1", "followed_up_after_leaving": "not_applicable"}
    _stayed = {"assessment_id": "a1", "person_id": "p2", "followed_up_after_leaving": "not_applicable"}
    _assessment = {"assessment_id": "a1", "episode_id": "e1", "assessment_date": "2024-01-01"}
    _closed = {
        "assessment": [_assessment],
        "episode": [{"episode_id": "e1", "closure_date": "2024-03-31"}],
    }
    _open = {"assessment": [_assessment], "episode": [{"episode_id": "e1", "closure_date": "2024-04-01"}]}
    _no = {"followed_up_after_leaving": "no"}
    _not_asked = {"followed_up_after_leaving": "not_asked"}
    good = (
        {"harm_direction": [_apart], "adult_in_case": [_left | _no, _stayed], **_closed},
        {"harm_direction": [_apart], "adult_in_case": [_left, _stayed | _not_asked], **_closed},
        {"harm_direction": [_apart], "adult_in_case": [_left, _stayed], **_open},
        {"harm_direction": [_apart], "adult_in_case": [_stayed], **_closed},
        {
            "harm_direction": [_apart | {"separation_status": "living_together"}],
            "adult_in_case": [_left, _stayed],
            **_closed,
        },
        {"harm_direction": [_apart | {"separation_status": "not_asked"}], "adult_in_case": [_left], **_closed},
    )
    bad = (
        {"harm_direction": [_apart], "adult_in_case": [_left, _stayed], **_closed},
        {"harm_direction": [_apart], "adult_in_case": [_left], **_closed},
        {
            "harm_direction": [_apart | {"separation_status": "separated_no_contact"}],
            "adult_in_case": [_left],
            **_closed,
        },
    )

    def cases(self, tables: Tables) -> Frame:
        """Directions between people who have separated, in cases that closed within 90 days of the assessment."""
        near = nw.col("closure_date") <= nw.col("assessment_date").dt.offset_by("90d")
        closed = cases_of(tables).filter(near).select("assessment_id")
        rows = tables[self.table].filter(nw.col("separation_status").is_in(SEPARATED))
        rows = rows.join(closed, on="assessment_id", how="semi")
        for role in ("causing", "experiencing"):
            rows = rows.join(self._followed_up(tables, role), on=["assessment_id", f"person_{role}_id"], how="left")
        # A person without a row has not been answered for; for the person causing harm that is RDAC321's finding.
        other = nw.when(nw.col("experiencing.row").is_null()).then(nw.lit(value=False))
        return rows.select(ROW, (nw.col("causing") | other.otherwise(nw.col("experiencing"))).alias(VALID))

    def _followed_up(self, tables: Tables, role: str) -> Frame:
        """Whether follow-up was answered for each adult, under the name of a role."""
        answer = answered("followed_up_after_leaving").alias(role)
        person = nw.col("person_id").alias(f"person_{role}_id")
        return tables["adult_in_case"].select("assessment_id", person, answer, nw.col(ROW).alias(f"{role}.row"))


class ContactUnanswered(Rule):
    """The people do not live together, and the row says that the child's contact does not apply.

    Why: abuse goes on through contact with the children after separation, and plans seldom looked at it.
    Fix: say in contact_with_person_causing what contact there is; if there is none, that is no_contact.
    """

    code = "RDAC319"
    severity = Severity.WARNING
    table = "child_experience"
    columns = ("child_id", "assessment_id", "contact_with_person_causing")
    message = (
        "contact_with_person_causing is not_applicable, and separation_status at this assessment is not living_together"
    )
    sources = ("rdac-2026:6.5", "what-helps-2021:discussion", "powell-slides-camhs:text")
    requirements = ("R21",)
    needs = {
        "harm_direction": ("assessment_id", "person_causing_id", "separation_status"),
        "person": ("person_id", "person_kind"),
    }
    _child = {"child_id": "c1", "assessment_id": "a1", "contact_with_person_causing": "not_applicable"}
    _apart = {"assessment_id": "a1", "person_causing_id": "p1", "separation_status": "separated_no_contact"}
    _born = [{"person_id": "c1", "person_kind": "child"}]
    _unborn = [{"person_id": "c1", "person_kind": "unborn"}]
    good = (
        {
            "child_experience": [_child | {"contact_with_person_causing": "no_contact"}],
            "harm_direction": [_apart],
            "person": _born,
        },
        {
            "child_experience": [_child | {"contact_with_person_causing": "not_safe_to_ask"}],
            "harm_direction": [_apart],
            "person": _born,
        },
        {
            "child_experience": [_child],
            "harm_direction": [_apart | {"separation_status": "living_together"}],
            "person": _born,
        },
        {
            "child_experience": [_child],
            "harm_direction": [_apart | {"separation_status": "not_collected_by_source"}],
            "person": _born,
        },
        {"child_experience": [_child], "harm_direction": [_apart | {"assessment_id": "a2"}], "person": _born},
        {"child_experience": [_child], "harm_direction": [_apart | {"person_causing_id": "c1"}], "person": _born},
        {"child_experience": [_child], "harm_direction": [_apart], "person": _unborn},
    )
    bad = (
        {"child_experience": [_child], "harm_direction": [_apart], "person": _born},
        {
            "child_experience": [_child],
            "harm_direction": [_apart | {"person_causing_id": "not_recorded", "separation_status": "on_off"}],
            "person": _born,
        },
        {
            "child_experience": [_child],
            "harm_direction": [_apart | {"separation_status": "never_lived_together"}, _apart],
            "person": _born,
        },
    )

    def cases(self, tables: Tables) -> Frame:
        """Born children at assessments where someone else causes harm and does not live with who experiences it."""
        apart = tables["harm_direction"].filter(nw.col("separation_status") != "living_together")
        apart = apart.select("assessment_id", "person_causing_id").unique()
        born = tables["person"].filter(nw.col("person_kind") != "unborn").select(child_id="person_id")
        rows = tables[self.table].join(born, on="child_id", how="semi").join(apart, on="assessment_id")
        someone_else = (nw.col("person_causing_id") != nw.col("child_id")).fill_null(value=True)
        return rows.filter(someone_else).select(ROW, answered("contact_with_person_causing").alias(VALID))
