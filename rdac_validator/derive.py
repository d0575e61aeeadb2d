"""What the standard works out and never asks: ages, the direction of harm in broad groups, the legal frame.

Expressions, over the rows that :func:`directions` gives, or over any two date columns. A birth month does not tell the
day: in the month of a birthday nothing is said. What is worked out here describes a row and is never used to leave one
out: the law's definition is narrower than the standard's.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from rdac_validator.standard import Standard
from rdac_validator.tables import Tables

Frame = nw.LazyFrame[pl.LazyFrame]

ROLES = ("causing", "experiencing")
PARTNERS = ("partner", "former_partner", "co_parent_never_partner")
GROUPS = {
    "parent_to_child": ("parent_or_step_parent_of",),
    "sibling": ("sibling_of",),
    "intergenerational_other_adult": ("grandparent_of", "grandchild_of", "in_law", "other_relative"),
    "other": ("household_non_relative", "young_person_relationship"),
}
NOT_STATED = "not_stated"
NOT_DETERMINABLE = "not_determinable"
DA_ACT_CONNECTED = "ukpga:2021/17/section/2"
SCOTTISH_PARTNERS = "asp:2018/5/section/11"


def months(birth: str, on: str) -> nw.Expr:
    """Whole months from the month of the date column ``birth`` to that of ``on``; negative where ``on`` is earlier."""
    years = nw.col(on).dt.year().cast(nw.Int64) - nw.col(birth).dt.year().cast(nw.Int64)
    return years * 12 + nw.col(on).dt.month().cast(nw.Int64) - nw.col(birth).dt.month().cast(nw.Int64)


def at_least(years: int, birth: str, on: str) -> nw.Expr:
    """Whether someone born in the month ``birth`` was ``years`` or older on the day ``on``.

    Null where either is missing, and in the month of the birthday, whose day is not known.
    """
    age = months(birth, on)
    return nw.when(age != years * 12).then(age > years * 12)


def directions(tables: Tables) -> Frame:
    """The rows of ``harm_direction`` with both people and the day of the assessment.

    Adds ``causing.`` and ``experiencing.`` + ``person_kind``, ``birth_month``, ``sex``, and ``assessment_date``; each
    null where it is not known. Needs the tables person and assessment.
    """
    rows = tables["harm_direction"]
    for role in ROLES:
        facts = {f"person_{role}_id": "person_id"} | {f"{role}.{c}": c for c in ("person_kind", "birth_month", "sex")}
        people = tables["person"].select(**{name: nw.col(column) for name, column in facts.items()})
        rows = rows.join(people, on=f"person_{role}_id", how="left")
    dates = tables["assessment"].select("assessment_id", "assessment_date")
    return rows.join(dates, on="assessment_id", how="left")


def of_dataset(tables: Tables, column: str) -> Frame:
    """One row with one column: what the dataset says, null where it says nothing or two things."""
    said = tables["dataset"].select(nw.col(column).min().alias("least"), nw.col(column).max().alias("most"))
    return said.select(nw.when(nw.col("least") == nw.col("most")).then(nw.col("least")).alias(column))


def sixteen_or_over(role: str) -> nw.Expr:
    """Whether the person in a role was 16 or over at the assessment, by birth month, else by kind of person.

    An adult on the last day of the period was 16 at any assessment in it; a child of unknown age may have been.
    """
    kind = nw.col(f"{role}.person_kind")
    return _by_age(16, role, nw.when(kind != "child").then(kind == "adult"))


def eighteen_or_over(role: str) -> nw.Expr:
    """Whether the person in a role was 18 or over at the assessment, by birth month, else by kind of person."""
    return _by_age(18, role, nw.col(f"{role}.person_kind") == "adult")


def _by_age(years: int, role: str, by_kind: nw.Expr) -> nw.Expr:
    """Age decides where it is known; the kind of person where it is not, and for a child in the month of a birthday."""
    birth = f"{role}.birth_month"
    by_month = at_least(years, birth, "assessment_date")
    kind_tells = months(birth, "assessment_date").is_null() | (nw.col(f"{role}.person_kind") != "adult")
    return nw.when(kind_tells).then(nw.coalesce(by_month, by_kind)).otherwise(by_month)


def legal_frame(standard: Standard) -> nw.Expr:
    """The code of ``LegalFrame`` for a row of :func:`directions` to which the dataset's ``nation`` was joined.

    Both people 16 or over and in a relationship that the nation's law names: that law. One of them under 16, or
    another relationship: the child safeguarding frame. Too little known: ``not_determinable``. Which relationships a
    law names is declared in the schema, as the values' mappings to its sections. Source: da-act-2021, sections 1 and 2;
    dasa-2018, section 11.
    """
    scotland, relationship = nw.col("nation") == "scotland", nw.col("relationship")
    partners = relationship.is_in(_named_by(SCOTTISH_PARTNERS, standard))
    connected = relationship.is_in(_named_by(DA_ACT_CONNECTED, standard))
    named = nw.when(scotland).then(partners).otherwise(nw.when(~scotland).then(connected))
    inside = named & sixteen_or_over("causing") & sixteen_or_over("experiencing")
    law = nw.when(scotland).then(nw.lit("scot_2018_act")).otherwise(nw.lit("da_act_2021_s1"))
    outside = nw.when(~inside).then(nw.lit("child_safeguarding_frame")).otherwise(nw.lit(NOT_DETERMINABLE))
    return nw.when(inside).then(law).otherwise(outside)


def _named_by(section: str, standard: Standard) -> list[str]:
    """Relationships that are mapped to a section of an Act or to a part of it."""
    values = standard.lists["Relationship"].values
    return [v.code for v in values if any(to.startswith(section) for found in v.mappings.values() for to in found)]


def harm_direction_class() -> nw.Expr:
    """The code of ``HarmDirectionClass`` for a row of :func:`directions`; ``not_stated`` where too little is known."""
    relationship, grown = nw.col("relationship"), eighteen_or_over("causing")
    sexes = nw.concat_str(nw.col("causing.sex"), nw.lit("_to_"), nw.col("experiencing.sex"), nw.lit("_partner"))
    under_18 = nw.when(~grown).then(nw.lit("under18_child_to_parent"))
    found: nw.Expr = nw.when(relationship == "child_of").then(
        nw.when(grown).then(nw.lit("adult_child_to_parent")).otherwise(under_18)
    )
    found = nw.when(relationship.is_in(PARTNERS)).then(sexes).otherwise(found)
    for group, relationships in GROUPS.items():
        found = nw.when(relationship.is_in(relationships)).then(nw.lit(group)).otherwise(found)
    return found.fill_null(NOT_STATED)
