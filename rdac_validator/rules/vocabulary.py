"""Codes in their place: source codes of the right year and nation, ethnicity codes of the scheme that is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import or_

import narwhals as nw

from rdac_validator.derive import of_dataset
from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Rule, holds
from rdac_validator.tables import ROW, Tables

FACTORS = "CinFactor"
CONCERNS = "ScottishConcern"


def first_day(census_year: str) -> date:
    """The day on which a census year such as ``2020-21`` begins."""
    return date(int(census_year[:4]), 4, 1)


def any_of(verdicts: Iterator[nw.Expr]) -> nw.Expr:
    """Whether any of the verdicts holds; there must be one."""
    return reduce(or_, verdicts)


class SourceCodeOfAnotherYear(Rule):
    """A factor was not yet in the code list of the census year in which the assessment was completed.

    Why: a code used before it existed was recoded or typed by hand, and moves counts from one code to another.
    Fix: find out what was recorded at the time; do not recode old assessments to later lists.
    """

    code = "RDAC401"
    severity = Severity.WARNING
    table = "assessment"
    columns = ("assessment_date", "source_codes")
    message = "source_codes holds a factor that the list of the assessment's census year did not have yet"
    sources = ("dfe-cin-rules:8897Q", "rdac-2026:4.4.2")
    requirements = ("R08",)
    good: tuple[Case, ...] = (
        {"assessment": [{"assessment_date": "2020-04-01", "source_codes": "3A|18B"}]},
        {"assessment": [{"assessment_date": "2020-03-31", "source_codes": "18A|19A"}]},
        {"assessment": [{"assessment_date": "2023-04-01", "source_codes": "18A"}]},
        {"assessment": [{"assessment_date": "not_applicable", "source_codes": "24A"}]},
        {"assessment": [{"assessment_date": "2020-03-31", "source_codes": "not_recorded"}]},
        {"assessment": [{"assessment_date": "2012-05-01", "source_codes": "3A"}]},
    )
    bad: tuple[Case, ...] = (
        {"assessment": [{"assessment_date": "2020-03-31", "source_codes": "3A|18B"}]},
        {"assessment": [{"assessment_date": "2021-03-31", "source_codes": "24A"}]},
        {"assessment": [{"assessment_date": "2017-03-31", "source_codes": "8C|4B"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Dated assessments with source codes. Codes as old as the list itself are never too early."""
        factors = tables.standard.lists[FACTORS].values
        beginning = min(value.notes["first_year"] for value in factors)
        early = any_of(
            nw.col("source_codes").list.contains(value.code)
            & (nw.col("assessment_date") < first_day(value.notes["first_year"]))
            for value in factors
            if value.notes["first_year"] > beginning
        )
        return tables[self.table].select(ROW, (~early).alias(VALID))


class LegacySourceCode(Rule):
    """A factor was recorded with a code that had been split by then.

    Why: 8A, 18A and 19A were returned for years after they were split; counts of the newer codes are too low by them.
    Fix: leave past returns as they are, and take the old code out of the case system. It is never read as 18C or 19C.
    """

    code = "RDAC402"
    severity = Severity.WARNING
    table = "assessment"
    columns = ("assessment_date", "source_codes")
    message = "source_codes holds a factor code that had been replaced by the assessment's census year"
    sources = ("dfe-c3-2025:text", "rdac-2026:table-4.1")
    requirements = ("R08",)
    good: tuple[Case, ...] = (
        {"assessment": [{"assessment_date": "2020-03-31", "source_codes": "18A|19A"}]},
        {"assessment": [{"assessment_date": "2017-03-31", "source_codes": "8A"}]},
        {"assessment": [{"assessment_date": "2020-04-01", "source_codes": "18B"}]},
        {"assessment": [{"assessment_date": "not_applicable", "source_codes": "18A"}]},
    )
    bad: tuple[Case, ...] = (
        {"assessment": [{"assessment_date": "2020-04-01", "source_codes": "3A|18A"}]},
        {"assessment": [{"assessment_date": "2023-05-01", "source_codes": "19A"}]},
        {"assessment": [{"assessment_date": "2017-04-01", "source_codes": "8A"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Dated assessments with source codes."""
        legacy = any_of(
            nw.col("source_codes").list.contains(value.code)
            & (nw.col("assessment_date") >= first_day(value.notes["legacy_from"]))
            for value in tables.standard.lists[FACTORS].values
            if "legacy_from" in value.notes
        )
        return tables[self.table].select(ROW, (~legacy).alias(VALID))


class SourceCodeOfAnotherList(Rule):
    """A source code comes from a list other than the one that the dataset names.

    Why: English factors and Scottish concerns measure different things; a code out of its list was mapped by guesswork.
    Fix: keep source codes exactly as the source has them, and name their list in code_list_version.
    """

    code = "RDAC403"
    severity = Severity.WARNING
    table = "assessment"
    columns = ("source_codes",)
    message = "source_codes holds a code that is not of the list named by code_list_version of the dataset"
    sources = ("rdac-2026:table-4.1", "rdac-2026:table-4.2")
    requirements = ("R08",)
    needs = {"dataset": ("code_list_version",)}
    _english = {"dataset": [{"code_list_version": "cin_2023_24"}]}
    _scottish = {"dataset": [{"code_list_version": "scot_cp_local_15"}]}
    good: tuple[Case, ...] = (
        _english | {"assessment": [{"source_codes": "3A|4B"}, {"source_codes": "not_applicable"}]},
        _scottish | {"assessment": [{"source_codes": "domestic_abuse|neglect"}]},
        {"dataset": [{}], "assessment": [{"source_codes": "domestic_abuse"}, {"source_codes": "3A"}]},
    )
    bad: tuple[Case, ...] = (
        _english | {"assessment": [{"source_codes": "3A|domestic_abuse"}, {"source_codes": "3A"}]},
        _scottish | {"assessment": [{"source_codes": "3A"}, {"source_codes": "neglect"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Assessments with source codes."""
        rows = tables[self.table].join(of_dataset(tables, "code_list_version"), how="cross")
        english = nw.col("code_list_version").str.starts_with("cin_")
        other = nw.when(english).then(holds("source_codes", tables.standard.lists[CONCERNS].codes))
        foreign = other.otherwise(holds("source_codes", tables.standard.lists[FACTORS].codes))
        known = rows.filter(~nw.col("code_list_version").is_null())
        return known.select(ROW, (~foreign).alias(VALID))


class EthnicityCodeNotInScheme(Rule):
    """An ethnicity code is not in the scheme that is named beside it.

    Why: a code of one scheme read in another makes one community out of two; unmapped people drop out of every rate.
    Fix: name the scheme that the code is taken from, or correct the code; where ethnicity is missing give the reason.
    """

    code = "RDAC404"
    severity = Severity.ERROR
    table = "person"
    columns = ("ethnicity_code", "ethnicity_scheme")
    message = "ethnicity_code is not a code of the scheme named in ethnicity_scheme"
    sources = ("rdac-2026:app-1",)
    requirements = ("R40",)
    good: tuple[Case, ...] = (
        {"person": [{"ethnicity_scheme": "dfe_cin", "ethnicity_code": "CHNE"}]},
        {"person": [{"ethnicity_scheme": "dfe_cin", "ethnicity_code": "declined"}]},
        {"person": [{"ethnicity_scheme": "scotland_2001", "ethnicity_code": "scot01_14"}]},
        {"person": [{"ethnicity_scheme": "census_2021_ew", "ethnicity_code": "17"}]},
        {"person": [{"ethnicity_scheme": "not_recorded", "ethnicity_code": "17"}]},
    )
    bad: tuple[Case, ...] = (
        {"person": [{"ethnicity_scheme": "dfe_cin", "ethnicity_code": "17"}]},
        {"person": [{"ethnicity_scheme": "dfe_cin", "ethnicity_code": "scot01_1"}]},
        {"person": [{"ethnicity_scheme": "scotland_2001", "ethnicity_code": "CHNE"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """People whose scheme is one of which we hold the list."""
        standard = tables.standard
        schemes = {
            v.code: v.notes["code_list"] for v in standard.lists["EthnicityScheme"].values if "code_list" in v.notes
        }
        right = any_of(
            (nw.col("ethnicity_scheme") == scheme) & nw.col("ethnicity_code").is_in(standard.lists[name].codes)
            for scheme, name in schemes.items()
        )
        held = tables[self.table].filter(nw.col("ethnicity_scheme").is_in(list(schemes)))
        return held.select(ROW, right.alias(VALID))


class SchemeOfAnotherNation(Rule):
    """The ethnicity scheme belongs to another nation than the return.

    Why: rates are worked out on a population counted in the same scheme; with another nation's scheme there is none.
    Fix: check that the scheme is the one that the code was taken from; people who moved keep their old code and scheme.
    """

    code = "RDAC405"
    severity = Severity.QUERY
    table = "person"
    columns = ("ethnicity_scheme",)
    message = "ethnicity_scheme belongs to another nation than the dataset"
    sources = ("rdac-2026:app-1", "scot-ethnicity-guidance:text")
    requirements = ("R40",)
    needs = {"dataset": ("nation",)}
    _england, _scotland = [{"nation": "england"}], [{"nation": "scotland"}]
    good: tuple[Case, ...] = (
        {"dataset": _england, "person": [{"ethnicity_scheme": "dfe_cin"}, {"ethnicity_scheme": "not_recorded"}]},
        {"dataset": _scotland, "person": [{"ethnicity_scheme": "scotland_2011"}, {"ethnicity_scheme": "gss_2011"}]},
        {"dataset": [{"nation": "wales"}], "person": [{"ethnicity_scheme": "census_2021_ew"}]},
    )
    bad: tuple[Case, ...] = (
        {"dataset": _england, "person": [{"ethnicity_scheme": "scotland_2011"}, {"ethnicity_scheme": "dfe_cin"}]},
        {"dataset": _scotland, "person": [{"ethnicity_scheme": "census_2021_ew"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """People whose scheme is tied to nations."""
        schemes = tables.standard.lists["EthnicityScheme"].values
        nations = {value.code: value.notes["nations"].split() for value in schemes if "nations" in value.notes}
        right = any_of(
            (nw.col("ethnicity_scheme") == scheme) & nw.col("nation").is_in(its) for scheme, its in nations.items()
        )
        rows = tables[self.table].join(of_dataset(tables, "nation"), how="cross")
        tied = rows.filter(nw.col("ethnicity_scheme").is_in(list(nations)), ~nw.col("nation").is_null())
        return tied.select(ROW, right.alias(VALID))
