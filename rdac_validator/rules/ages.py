"""Ages: whether a relationship, a kind of person and a year fit the months in which people were born."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import narwhals as nw

from rdac_validator.derive import at_least, directions, months, of_dataset, sixteen_or_over
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Frame, Rule
from rdac_validator.tables import ROW, Tables

INTIMATE = ("partner", "former_partner", "co_parent_never_partner", "young_person_relationship")
CAUSING_BORN, EXPERIENCING_BORN = "causing.birth_month", "experiencing.birth_month"

_NEEDS = {
    "harm_direction": ("assessment_id",),
    "person": ("person_id", "person_kind", "birth_month"),
    "assessment": ("assessment_id", "assessment_date"),
}
_ROW = {"assessment_id": "a1", "person_causing_id": "p1", "person_experiencing_id": "p2"}


def _case(relationship: str, causing: str, experiencing: str, kind: str = "not_recorded") -> dict[str, object]:
    """A direction at an assessment in March 2024 between two people born in these months."""
    people = [
        {"person_id": "p1", "person_kind": kind, "birth_month": causing},
        {"person_id": "p2", "person_kind": kind, "birth_month": experiencing},
    ]
    return {
        "harm_direction": [_ROW | {"relationship": relationship}],
        "person": people,
        "assessment": [{"assessment_id": "a1", "assessment_date": "2024-03-15"}],
    }


class ChildNotYounger(Rule):
    """A son, daughter or grandchild is no younger than the parent or grandparent whom they harm.

    Why: harm from a child to a parent is a direction of its own, which returns cannot show today; with the two people
    swapped it is counted as its opposite.
    Fix: if the two are the wrong way round, use parent_or_step_parent_of or grandparent_of, or swap the two ids.
    """

    code = "RDAC304"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id", "relationship")
    message = "relationship is child_of or grandchild_of, and the person causing harm is not the younger by birth_month"
    sources = ("rdac-2026:6.3", "rdac-2026:5.4.6")
    requirements = ("R12",)
    needs = _NEEDS
    good = (
        _case("child_of", "2004-05", "1980-01"),
        _case("child_of", "not_recorded", "1980-01"),
        _case("sibling_of", "2004-05", "2006-01"),
        _case("parent_or_step_parent_of", "1980-01", "2004-05"),
    )
    bad = (
        _case("child_of", "1980-01", "2004-05"),
        _case("child_of", "1980-01", "1980-01"),
        _case("grandchild_of", "1950-01", "2004-05"),
    )

    def cases(self, tables: Tables) -> Frame:
        """Directions from a younger to an older generation."""
        rows = directions(tables).filter(nw.col("relationship").is_in(("child_of", "grandchild_of")))
        return rows.select(ROW, (nw.col(CAUSING_BORN) > nw.col(EXPERIENCING_BORN)).alias(VALID))


class ParentNotOlder(Rule):
    """A parent, step-parent or grandparent is no older than the person whom they harm.

    Why: with the two people swapped, harm to a parent is counted as harm to a child. A step-parent can be younger than
    a grown-up stepchild, so that this is a warning.
    Fix: if the two are the wrong way round, use child_of or grandchild_of, or swap the two ids.
    """

    code = "RDAC305"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id", "relationship")
    message = (
        "relationship is parent_or_step_parent_of or grandparent_of, and the person causing harm is not the older by"
        " birth_month"
    )
    sources = ("rdac-2026:6.3",)
    requirements = ("R12",)
    needs = _NEEDS
    good = (
        _case("parent_or_step_parent_of", "1980-01", "2010-05"),
        _case("parent_or_step_parent_of", "1980-01", "not_recorded"),
        _case("child_of", "2010-05", "1980-01"),
        _case("in_law", "2000-05", "1980-01"),
    )
    bad = (
        _case("parent_or_step_parent_of", "2010-05", "1980-01"),
        _case("parent_or_step_parent_of", "1980-01", "1980-01"),
        _case("grandparent_of", "2010-05", "1980-01"),
    )

    def cases(self, tables: Tables) -> Frame:
        """Directions from an older to a younger generation."""
        rows = directions(tables).filter(nw.col("relationship").is_in(("parent_or_step_parent_of", "grandparent_of")))
        return rows.select(ROW, (nw.col(CAUSING_BORN) < nw.col(EXPERIENCING_BORN)).alias(VALID))


class PartnerUnderSixteen(Rule):
    """Two people are recorded as partners, and one of them was under 16.

    Why: abuse between partners of whom one is under 16 is outside the Domestic Abuse Act and calls for safeguarding; it
    has a relationship value of its own so that it is not lost among adult partners.
    Fix: use young_person_relationship, or put the birth month right.
    """

    code = "RDAC306"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id", "relationship")
    message = "relationship is partner or former_partner, and one of the two was under 16 at the assessment"
    sources = ("da-act-2021:section-1", "scot-cp-guidance-2021:4.100")
    requirements = ("R12",)
    needs = _NEEDS
    good = (
        _case("partner", "2008-02", "2007-01", "child"),
        _case("partner", "2008-03", "2007-01", "child"),
        _case("young_person_relationship", "2010-02", "2010-01"),
        _case("partner", "2005-01", "not_recorded", "child"),
    )
    bad = (
        _case("partner", "2008-04", "2007-01", "child"),
        _case("former_partner", "2000-01", "2009-06"),
        _case("partner", "not_recorded", "2009-06"),
    )

    def cases(self, tables: Tables) -> Frame:
        """Directions between partners."""
        rows = directions(tables).filter(nw.col("relationship").is_in(("partner", "former_partner")))
        return rows.select(ROW, (sixteen_or_over("causing") & sixteen_or_over("experiencing")).alias(VALID))


class YoungRelationshipOfTheOld(Rule):
    """Two people of 16 or over are recorded as a young person's relationship.

    Why: from 16 the law sees partners, and the row falls out of the counts of abuse between partners.
    Fix: use partner or former_partner, or put the birth months right.
    """

    code = "RDAC307"
    severity = Severity.WARNING
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id", "relationship")
    message = "relationship is young_person_relationship, and both people were 16 or over at the assessment"
    sources = ("da-act-2021:section-1",)
    requirements = ("R12",)
    needs = _NEEDS
    good = (
        _case("young_person_relationship", "2009-02", "2006-01"),
        _case("young_person_relationship", "2006-02", "not_recorded", "child"),
        _case("young_person_relationship", "2008-03", "2006-01", "child"),
        _case("partner", "2006-02", "2006-01"),
    )
    bad = (
        _case("young_person_relationship", "2008-02", "2006-01", "child"),
        _case("young_person_relationship", "not_recorded", "not_asked", "adult"),
    )

    def cases(self, tables: Tables) -> Frame:
        """Directions within young people's relationships."""
        rows = directions(tables).filter(nw.col("relationship") == "young_person_relationship")
        return rows.select(ROW, (~(sixteen_or_over("causing") & sixteen_or_over("experiencing"))).alias(VALID))


class PartnerUnderThirteen(Rule):
    """A relationship between partners or co-parents involves a person under 13.

    Why: below 13 such a relationship is a matter of safeguarding, whatever else the row says; or a month is wrong.
    Fix: check the birth month; if it is right, make sure that the child's own safety was looked at.
    """

    code = "RDAC501"
    severity = Severity.QUERY
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id", "relationship")
    message = "relationship is one of partners or co-parents, and one of the two was under 13 at the assessment"
    sources = ("scot-cp-guidance-2021:4.100",)
    requirements = ("R12",)
    needs = _NEEDS
    good = (
        _case("young_person_relationship", "2011-03", "2009-01"),
        _case("young_person_relationship", "2009-02", "not_recorded"),
        _case("parent_or_step_parent_of", "1980-01", "2015-01"),
    )
    bad = (
        _case("young_person_relationship", "2011-04", "2009-01"),
        _case("partner", "1980-01", "2012-01"),
        _case("former_partner", "2012-01", "not_recorded"),
        _case("co_parent_never_partner", "1990-01", "2012-01"),
    )

    def cases(self, tables: Tables) -> Frame:
        """Directions between partners of any kind."""
        rows = directions(tables).filter(nw.col("relationship").is_in(INTIMATE))
        causing, experiencing = (at_least(13, born, "assessment_date") for born in (CAUSING_BORN, EXPERIENCING_BORN))
        return rows.select(ROW, (causing & experiencing).alias(VALID))


class KindRule(Rule, abstract=True):
    """What the queries on ``person_kind`` share: a kind, and the birth month seen from the last day of the period."""

    severity = Severity.QUERY
    table = "person"
    columns = ("person_kind", "birth_month")
    requirements = ("R12",)
    needs = {"dataset": ("period_end",)}

    kind: ClassVar[str]

    def cases(self, tables: Tables) -> Frame:
        """People of one kind."""
        rows = tables[self.table].filter(nw.col("person_kind") == self.kind)
        rows = rows.join(of_dataset(tables, "period_end"), how="cross")
        return rows.select(ROW, self.fits(months("birth_month", "period_end")).alias(VALID))

    @abstractmethod
    def fits(self, age: nw.Expr) -> nw.Expr:
        """Whether an age in months on the last day of the period fits the kind."""


def _person(kind: str, birth_month: str) -> dict[str, object]:
    """A person in a return whose period ends in March 2024."""
    return {
        "person": [{"person_kind": kind, "birth_month": birth_month}],
        "dataset": [{"period_end": "2024-03-31"}],
    }


class GrownUpChild(KindRule):
    """A person is recorded as a child who was over 18 on the last day of the period.

    Why: rows are counted and read by kind of person; an adult among the children distorts the ages of both.
    Fix: put person_kind or birth_month right; a young adult whom services still support is an adult here.
    """

    code = "RDAC502"
    kind = "child"
    message = "person_kind is child, and by birth_month the person was over 18 on the last day of the period"
    sources = ("rdac-2026:5.1",)
    good = (_person("child", "2006-03"), _person("child", "not_recorded"), _person("adult", "1990-01"))
    bad = (_person("child", "2006-02"),)

    def fits(self, age: nw.Expr) -> nw.Expr:
        """Under 18, or 18 in that very month."""
        return age <= 18 * 12


class AdultUnderEighteen(KindRule):
    """A person is recorded as an adult who was under 18 on the last day of the period.

    Why: someone under 18 is a child in law and has rights of their own, also as a parent or as a person causing harm.
    Fix: put person_kind or birth_month right.
    """

    code = "RDAC503"
    kind = "adult"
    message = "person_kind is adult, and by birth_month the person was under 18 on the last day of the period"
    sources = ("rdac-2026:3.2", "rdac-2026:6.7")
    good = (_person("adult", "2006-03"), _person("adult", "declined"), _person("child", "2010-01"))
    bad = (_person("adult", "2006-04"),)

    def fits(self, age: nw.Expr) -> nw.Expr:
        """18 or over, or 18 in that very month."""
        return age >= 18 * 12


class UnbornLongDue(KindRule):
    """A child is recorded as unborn who was due two months or more before the end of the period.

    Why: a child who was born since needs a sex, a birth month and a row as a born child.
    Fix: bring person_kind, birth_month and sex up to date, or give the right expected month.
    """

    code = "RDAC504"
    kind = "unborn"
    message = "person_kind is unborn, and birth_month is two months or more before the last day of the period"
    sources = ("rdac-2026:table-5.2",)
    good = (_person("unborn", "2024-02"), _person("unborn", "2024-07"), _person("unborn", "not_recorded"))
    bad = (_person("unborn", "2024-01"),)

    def fits(self, age: nw.Expr) -> nw.Expr:
        """Due in the month before the last, or later."""
        return age < 2


class BornAfterThePeriod(KindRule):
    """A person is recorded as a born child whose birth month is after the end of the period.

    Why: a child who was not born by then is an unborn child here, with an expected month; or the month is wrong.
    Fix: put person_kind or birth_month right.
    """

    code = "RDAC505"
    kind = "child"
    message = "person_kind is child, and birth_month is after the last day of the period"
    sources = ("rdac-2026:table-5.2",)
    good = (_person("child", "2024-03"), _person("unborn", "2024-04"), _person("child", "withheld_for_safety"))
    bad = (_person("child", "2024-04"),)

    def fits(self, age: nw.Expr) -> nw.Expr:
        """Born in the last month of the period, or before."""
        return age >= 0


class KnownBeforeItHappened(Rule):
    """The harm is first known from a year after the assessment that records it.

    Why: the length of abuse is worked out from this year; a year in the future makes it negative.
    Fix: put first_known_year or assessment_date right.
    """

    code = "RDAC506"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("assessment_id", "first_known_year")
    message = "first_known_year is after the year of assessment_date"
    sources = ("rdac-2026:6.9.5",)
    requirements = ("R20",)
    needs = {"assessment": ("assessment_id", "assessment_date")}
    _assessment = ({"assessment_id": "a1", "assessment_date": "2024-03-15"},)
    _undated = ({"assessment_id": "a1", "assessment_date": "not_recorded"},)
    _harm = {"assessment_id": "a1", "first_known_year": "2025"}
    good = (
        {"harm_direction": [_harm | {"first_known_year": "2024"}], "assessment": _assessment},
        {"harm_direction": [_harm | {"first_known_year": "asked_unknown"}], "assessment": _assessment},
        {"harm_direction": [_harm], "assessment": _undated},
    )
    bad = ({"harm_direction": [_harm], "assessment": _assessment},)

    def cases(self, tables: Tables) -> Frame:
        """Rows whose harm is known from a year."""
        dates = tables["assessment"].select("assessment_id", "assessment_date")
        rows = tables[self.table].filter(~nw.col("first_known_year").is_null()).join(dates, on="assessment_id")
        known = nw.col("first_known_year") <= nw.col("assessment_date").dt.year()
        return rows.select(ROW, known.alias(VALID))
