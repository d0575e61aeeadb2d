"""The adults: whether they were met, what the plan asks of them, and why not."""

from __future__ import annotations

from typing import ClassVar

import narwhals as nw

from rdac_validator.derive import eighteen_or_over
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Frame, RowRule, Rule, not_applicable
from rdac_validator.tables import ROW, Tables


class AbsenceReasonThoughMet(RowRule):
    """A reason for absence is given for an adult whom the worker spoke to.

    Why: the share of adults who were never met, and why not, is what shows whose voice an assessment lacks; a row that
    says both counts twice.
    Fix: if the worker spoke with the adult, absence_reason is not_applicable; if not, put presence_in_assessment right.
    """

    code = "RDAC208"
    severity = Severity.ERROR
    table = "adult_in_case"
    columns = ("presence_in_assessment", "absence_reason")
    message = "presence_in_assessment is spoken_to, and absence_reason gives a reason"
    sources = ("rdac-2026:1.1", "rdac-2026:6.4")
    requirements = ("R27",)
    good = (
        {"presence_in_assessment": "spoken_to", "absence_reason": "not_applicable"},
        {"presence_in_assessment": "described_only", "absence_reason": "in_custody"},
        {"presence_in_assessment": "not_collected_by_source", "absence_reason": "not_collected_by_source"},
        {"presence_in_assessment": "not_recorded", "absence_reason": "not_attempted"},
    )
    bad = ({"presence_in_assessment": "spoken_to", "absence_reason": "not_attempted"},)

    def applies(self) -> nw.Expr:
        """Adults who were met."""
        return nw.col("presence_in_assessment") == "spoken_to"

    def valid(self) -> nw.Expr:
        """No reason."""
        return nw.col("absence_reason").is_null()


class AbsenceWithoutReason(RowRule):
    """The worker did not speak with an adult, and the question why does not apply.

    Why: fathers and partners were left out of assessments and the records seldom said why; without a reason, nobody
    was looking and nobody was found look the same.
    Fix: give the reason in absence_reason; if nobody wrote it down, that is not_recorded.
    """

    code = "RDAC209"
    severity = Severity.ERROR
    table = "adult_in_case"
    columns = ("presence_in_assessment", "absence_reason")
    message = "presence_in_assessment is not spoken_to, and absence_reason is not_applicable"
    sources = ("rdac-2026:6.4", "powell-2024:3.3")
    requirements = ("R27", "R06")
    good = (
        {"presence_in_assessment": "absent", "absence_reason": "whereabouts_unknown"},
        {"presence_in_assessment": "described_only", "absence_reason": "not_recorded"},
        {"presence_in_assessment": "spoken_to", "absence_reason": "not_applicable"},
        {"presence_in_assessment": "not_asked", "absence_reason": "not_applicable"},
    )
    bad = (
        {"presence_in_assessment": "absent", "absence_reason": "not_applicable"},
        {"presence_in_assessment": "described_only", "absence_reason": "not_applicable"},
    )

    def applies(self) -> nw.Expr:
        """Adults who were not met."""
        return nw.col("presence_in_assessment").is_in(("described_only", "absent"))

    def valid(self) -> nw.Expr:
        """A reason, or why the reason is missing."""
        return ~not_applicable("absence_reason")


class LanguageBarrierWithoutInterpreter(RowRule):
    """An adult was not met for want of a shared language, and the row says that no interpreter was called for.

    Why: language was used to explain why men were absent; the barrier is the service's to remove.
    Fix: record in interpreter who interpreted, or needed_not_provided.
    """

    code = "RDAC210"
    severity = Severity.ERROR
    table = "adult_in_case"
    columns = ("absence_reason", "interpreter")
    message = "absence_reason is language_barrier, and interpreter is not_needed or not_applicable"
    sources = ("rdac-2026:6.4",)
    requirements = ("R29",)
    good = (
        {"absence_reason": "language_barrier", "interpreter": "needed_not_provided"},
        {"absence_reason": "language_barrier", "interpreter": "not_recorded"},
        {"absence_reason": "in_custody", "interpreter": "not_needed"},
        {"absence_reason": "not_applicable", "interpreter": "not_applicable"},
    )
    bad = (
        {"absence_reason": "language_barrier", "interpreter": "not_needed"},
        {"absence_reason": "language_barrier", "interpreter": "not_applicable"},
    )

    def applies(self) -> nw.Expr:
        """Adults who were not met for want of a shared language."""
        return nw.col("absence_reason") == "language_barrier"

    def valid(self) -> nw.Expr:
        """An answer that fits a language barrier, or why it is missing."""
        return ~(not_applicable("interpreter") | (nw.col("interpreter") == "not_needed").fill_null(value=False))


class AdultWithoutRow(Rule, abstract=True):
    """What the two rules on adults of a direction share: ``role`` is causing or experiencing."""

    role: ClassVar[str]
    severity = Severity.ERROR
    table = "harm_direction"
    requirements = ("R26",)
    needs = {
        "person": ("person_id", "person_kind"),
        "assessment": ("assessment_id", "assessment_date"),
        "adult_in_case": ("person_id", "assessment_id"),
    }

    def cases(self, tables: Tables) -> Frame:
        """Directions in which the person in this role was certainly an adult at the assessment."""
        key, there = f"person_{self.role}_id", nw.lit(value=True).alias("there")
        columns = {key: "person_id"} | {f"{self.role}.{name}": name for name in ("person_kind", "birth_month")}
        people = tables["person"].select(**{name: nw.col(column) for name, column in columns.items()})
        dates = tables["assessment"].select("assessment_id", "assessment_date")
        rows = tables[self.table].join(people, on=key).join(dates, on="assessment_id", how="left")
        met = tables["adult_in_case"].select("assessment_id", nw.col("person_id").alias(key), there).unique()
        rows = rows.filter(eighteen_or_over(self.role)).join(met, on=["assessment_id", key], how="left")
        return rows.select(ROW, nw.col("there").fill_null(value=False).alias(VALID))


_DIRECTION = {"assessment_id": "a1", "person_causing_id": "p1", "person_experiencing_id": "p2"}
_UNKNOWN = _DIRECTION | {"person_causing_id": "not_recorded", "person_experiencing_id": "not_collected_by_source"}
_ADULTS = ({"person_id": "p1", "person_kind": "adult"}, {"person_id": "p2", "person_kind": "adult"})
_GROWN_SINCE = {"person_kind": "adult", "birth_month": "2006-06"}
_ASSESSMENT = ({"assessment_id": "a1", "assessment_date": "2024-03-01"},)
_BOTH = ({"assessment_id": "a1", "person_id": "p1"}, {"assessment_id": "a1", "person_id": "p2"})
_OTHER_TIME = ({"assessment_id": "a2", "person_id": "p1"}, {"assessment_id": "a2", "person_id": "p2"})


class AdultCausingWithoutRow(AdultWithoutRow):
    """An adult who causes harm has no row among the adults of the assessment.

    Why: the person causing the harm was often missing from assessments and plans; a row says so even when nobody met
    them.
    Fix: add a row to adult_in_case for this person and assessment; presence_in_assessment may be absent.
    """

    code = "RDAC321"
    role = "causing"
    columns = ("assessment_id", "person_causing_id")
    message = "person_causing_id is an adult who has no row in adult_in_case for this assessment"
    sources = ("rdac-2026:1.1", "rdac-2026:6.5")
    good = (
        {"harm_direction": [_DIRECTION], "person": _ADULTS, "assessment": _ASSESSMENT, "adult_in_case": _BOTH},
        {"harm_direction": [_UNKNOWN], "person": _ADULTS, "assessment": _ASSESSMENT},
        {
            "harm_direction": [_DIRECTION],
            "person": [{"person_id": "p1", "person_kind": "child"}, _ADULTS[1]],
            "assessment": _ASSESSMENT,
        },
        {
            "harm_direction": [_DIRECTION],
            "person": [{"person_id": "p1"} | _GROWN_SINCE, _ADULTS[1]],
            "assessment": _ASSESSMENT,
        },
    )
    bad = (
        {"harm_direction": [_DIRECTION], "person": _ADULTS, "assessment": _ASSESSMENT, "adult_in_case": _BOTH[1:]},
        {"harm_direction": [_DIRECTION], "person": _ADULTS, "assessment": _ASSESSMENT, "adult_in_case": _OTHER_TIME},
        {"harm_direction": [_DIRECTION], "person": _ADULTS, "adult_in_case": _BOTH[1:]},
    )


class AdultExperiencingWithoutRow(AdultWithoutRow):
    """An adult who experiences harm has no row among the adults of the assessment.

    Why: whether someone was met, and what was asked of them and offered to them, is asked of every adult alike.
    Fix: add a row to adult_in_case for this person and assessment.
    """

    code = "RDAC322"
    role = "experiencing"
    columns = ("assessment_id", "person_experiencing_id")
    message = "person_experiencing_id is an adult who has no row in adult_in_case for this assessment"
    sources = ("rdac-2026:3.2", "rdac-2026:6.6")
    good = (
        {"harm_direction": [_DIRECTION], "person": _ADULTS, "assessment": _ASSESSMENT, "adult_in_case": _BOTH},
        {"harm_direction": [_UNKNOWN], "person": _ADULTS, "assessment": _ASSESSMENT},
        {
            "harm_direction": [_DIRECTION],
            "person": [_ADULTS[0], {"person_id": "p2", "person_kind": "unborn"}],
            "assessment": _ASSESSMENT,
        },
        {
            "harm_direction": [_DIRECTION],
            "person": [_ADULTS[0], {"person_id": "p2"} | _GROWN_SINCE],
            "assessment": _ASSESSMENT,
        },
    )
    bad = (
        {"harm_direction": [_DIRECTION], "person": _ADULTS, "assessment": _ASSESSMENT, "adult_in_case": _BOTH[:1]},
        {"harm_direction": [_DIRECTION], "person": _ADULTS, "assessment": _ASSESSMENT, "adult_in_case": _OTHER_TIME},
    )


def weighed(tables: Tables) -> Frame:
    """Directions with ``valid``: not so that the plan asks something of the person experiencing harm alone.

    A direction that is resistance is left out: to ask nothing of someone who resists is no imbalance.
    """
    rows = tables["harm_direction"].filter(~(nw.col("pattern") == "resistance").fill_null(value=False))
    for role in ("causing", "experiencing"):
        key = f"person_{role}_id"
        asked = tables["adult_in_case"].select(
            "assessment_id", **{key: nw.col("person_id"), f"{role}.asked": nw.col("has_plan_actions")}
        )
        rows = rows.join(asked, on=["assessment_id", key])
    one_sided = (nw.col("experiencing.asked") == "yes") & (nw.col("causing.asked") == "no")
    return rows.select(ROW, "assessment_id", (~one_sided).alias(VALID))


class PlanAsksOnlyTheHarmed(Rule):
    """The plan asks something of the person experiencing harm, and nothing of the person causing it.

    Why: plans made mothers who were harmed responsible for safety, and asked nothing of the person who harmed them.
    Fix: read the plan; if it is so, that is for the practitioner and manager to think about, not a fault in the data.
    """

    code = "RDAC323"
    severity = Severity.QUERY
    table = "harm_direction"
    columns = ("assessment_id", "person_causing_id", "person_experiencing_id")
    message = "has_plan_actions is yes for the person experiencing harm and no for the person causing it"
    sources = ("rdac-2026:1.1", "rdac-2026:6.6")
    requirements = ("R28",)
    needs = {"adult_in_case": ("person_id", "assessment_id", "has_plan_actions")}
    _row = _DIRECTION | {"pattern": "coercive_control_pattern"}
    _back = {"assessment_id": "a1", "person_causing_id": "p2", "person_experiencing_id": "p1"}
    _causing, _experiencing = _BOTH
    _yes, _no = {"has_plan_actions": "yes"}, {"has_plan_actions": "no"}
    good = (
        {"harm_direction": [_row], "adult_in_case": [_causing | _yes, _experiencing | _yes]},
        {"harm_direction": [_row], "adult_in_case": [_causing | _no, _experiencing | _no]},
        {
            "harm_direction": [_row],
            "adult_in_case": [_causing | {"has_plan_actions": "not_recorded"}, _experiencing | _yes],
        },
        {
            "harm_direction": [_row, _back | {"pattern": "resistance"}],
            "adult_in_case": [_causing | _yes, _experiencing | _no],
        },
    )
    bad = (
        {"harm_direction": [_row], "adult_in_case": [_causing | _no, _experiencing | _yes]},
        {
            "harm_direction": [_row | {"pattern": "not_asked"}, _back | {"pattern": "resistance"}],
            "adult_in_case": [_causing | _no, _experiencing | _yes],
        },
    )

    def cases(self, tables: Tables) -> Frame:
        """Directions between two people whose rows among the adults are there."""
        return weighed(tables).select(ROW, VALID)


class ActionsOwnedByTheHarmed(Rule):
    """The person experiencing harm owns actions in the plan, and the person causing it owns none.

    Why: counted over a plan, who has to act shows where responsibility was put; it became heavier for mothers.
    Fix: read the plan; if it is so, that is for the practitioner and manager to think about, not a fault in the data.
    """

    code = "RDAC324"
    severity = Severity.QUERY
    table = "assessment"
    columns = ("assessment_id",)
    message = "the person experiencing harm is owner_role of actions in the plan, and the person causing it of none"
    sources = ("rdac-2026:6.6", "rdac-2026:6.8")
    requirements = ("R28",)
    needs = {
        "harm_direction": ("assessment_id", "person_causing_id", "person_experiencing_id", "pattern"),
        "plan_action": ("assessment_id", "owner_role"),
    }
    _assessment = [{"assessment_id": "a1"}]
    _harm = [_DIRECTION | {"pattern": "coercive_control_pattern"}]
    _told = [_BOTH[0] | {"has_plan_actions": "no"}, _BOTH[1] | {"has_plan_actions": "yes"}]
    _hers, _his = ({"assessment_id": "a1", "owner_role": f"person_{role}"} for role in ("experiencing", "causing"))
    _agency = {"assessment_id": "a1", "owner_role": "agency"}
    good = (
        {"assessment": _assessment, "harm_direction": _harm, "plan_action": [_hers, _his]},
        {"assessment": _assessment, "harm_direction": _harm, "plan_action": [_agency]},
        {
            "assessment": _assessment,
            "harm_direction": _harm,
            "plan_action": [_hers, _agency | {"owner_role": "not_recorded"}],
        },
        {"assessment": _assessment, "harm_direction": [], "plan_action": [_hers]},
        {"assessment": _assessment, "harm_direction": _harm, "plan_action": [_hers], "adult_in_case": _told},
    )
    bad = (
        {"assessment": _assessment, "harm_direction": _harm, "plan_action": [_hers, _agency]},
        {"assessment": _assessment, "harm_direction": _harm, "plan_action": [_hers], "adult_in_case": _BOTH},
    )

    def cases(self, tables: Tables) -> Frame:
        """Assessments with harm and a plan whose owners are all known; those that RDAC323 tells of are left out."""
        owner = nw.col("owner_role")
        owners = tables["plan_action"].select(
            "assessment_id",
            unknown=owner.is_null(),
            experiencing=owner == "person_experiencing",
            causing=owner == "person_causing",
        )
        plans = owners.group_by("assessment_id").agg(nw.col("unknown", "experiencing", "causing").any())
        rows = tables[self.table].join(plans.filter(~nw.col("unknown")), on="assessment_id")
        rows = rows.join(tables["harm_direction"].select("assessment_id"), on="assessment_id", how="semi")
        if tables.has("adult_in_case", "person_id", "assessment_id", "has_plan_actions"):
            rows = rows.join(weighed(tables).filter(~nw.col(VALID)), on="assessment_id", how="anti")
        return rows.select(ROW, (nw.col("causing") | ~nw.col("experiencing")).alias(VALID))
