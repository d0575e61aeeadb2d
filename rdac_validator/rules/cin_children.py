"""DfE rules on what is said of a child: birth, death, sex, ethnicity and disability."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    END,
    YEAR,
    CinRule,
    CodeRule,
    census,
    census_file,
    count,
    ending,
    ending_or_open,
    in_list,
    present,
    still_to_come,
    tally,
)
from rdac_validator.tables import ROW, Tables

SEX_FROM = ending("2024-25")  # Sex takes the place of GenderCurrent


class BornAfterCensus(CinRule):
    """A date of birth lies after the end of the census year.

    Why: a child born later can only have an expected date of birth in this census.
    Fix: correct the date, or give ExpectedPersonBirthDate if the child was not born yet.
    """

    code = "8520"
    table = "cin_child"
    columns = ("PersonBirthDate",)
    message = "Date of Birth is after data collection period (must be on or before the end of the census period)"
    good = (census_file(cin_child=[{"PersonBirthDate": "2025-03-31"}]),)
    bad = (census_file(cin_child=[{"PersonBirthDate": "2025-04-01"}]),)

    def applies(self) -> nw.Expr:
        """Children with a date of birth."""
        return present("PersonBirthDate")

    def valid(self) -> nw.Expr:
        """Born by the end of the census year."""
        return nw.col("PersonBirthDate") <= nw.col(END)


class BirthDateOrExpected(CinRule):
    """A child has neither a date of birth nor an expected one, or has both.

    Why: the two tell a born child from an unborn one, and age can only be worked out from one of them.
    Fix: give exactly one of PersonBirthDate and ExpectedPersonBirthDate.
    """

    code = "8525Q"
    table = "cin_child"
    columns = ("PersonBirthDate", "ExpectedPersonBirthDate")
    message = "Either Date of Birth or Expected Date of Birth must be provided (but not both)"
    good = (
        census_file(cin_child=[{"PersonBirthDate": "2015-03-31"}]),
        census_file(cin_child=[{"ExpectedPersonBirthDate": "2025-05-01"}]),
    )
    bad = (
        census_file(cin_child=[{}]),
        census_file(cin_child=[{"PersonBirthDate": "2025-03-31", "ExpectedPersonBirthDate": "2025-04-02"}]),
    )

    def valid(self) -> nw.Expr:
        """One and not the other."""
        return present("PersonBirthDate") != present("ExpectedPersonBirthDate")


class ExpectedOutOfRange(CinRule):
    """An expected date of birth is not between March and December of the year in which the census ends.

    Why: a child expected earlier should have been born by now, one expected later was not known about yet.
    Fix: correct the date, or give the date of birth if the child has been born; otherwise give the reason.
    """

    code = "8530Q"
    table = "cin_child"
    columns = ("ExpectedPersonBirthDate",)
    message = (
        "Please check and either amend data or provide a reason: Expected Date of Birth is outside the expected range "
        "for this census (March to December of the Census Year end)"
    )
    good = (
        census_file(cin_child=[{"ExpectedPersonBirthDate": "2025-12-31"}]),
        census_file(cin_child=[{"ExpectedPersonBirthDate": "2025-03-01"}]),
    )
    bad = (
        census_file(cin_child=[{"ExpectedPersonBirthDate": "2025-02-28"}]),
        census_file(cin_child=[{"ExpectedPersonBirthDate": "2026-01-01"}]),
        census_file(cin_child=[{"ExpectedPersonBirthDate": "2026-03-31"}]),
    )

    def applies(self) -> nw.Expr:
        """Children with an expected date of birth."""
        return present("ExpectedPersonBirthDate")

    def valid(self) -> nw.Expr:
        """March to December of that year."""
        day = nw.col("ExpectedPersonBirthDate")
        return (day.dt.year() == nw.col(YEAR)) & (day.dt.month() >= 3)


class DiedBeforeBirth(CinRule):
    """A child's date of death lies before the date of birth.

    Why: one of the two dates is wrong, and age and episodes are reckoned from them.
    Fix: correct the date that is wrong; otherwise give the reason.
    """

    code = "8535Q"
    table = "cin_child"
    columns = ("PersonDeathDate", "PersonBirthDate")
    message = (
        "Please check and either amend data or provide a reason: "
        "Child's date of death should not be prior to the date of birth"
    )
    good = (census_file(cin_child=[{"PersonBirthDate": "2015-03-31", "PersonDeathDate": "2015-03-31"}]),)
    bad = (census_file(cin_child=[{"PersonBirthDate": "2015-03-31", "PersonDeathDate": "2015-03-30"}]),)

    def applies(self) -> nw.Expr:
        """Children with both dates."""
        return present("PersonDeathDate") & present("PersonBirthDate")

    def valid(self) -> nw.Expr:
        """Death on or after birth."""
        return nw.col("PersonDeathDate") >= nw.col("PersonBirthDate")


class OlderThan25(CinRule):
    """A person of more than 25 years at the end of the census year has an episode that was open past that birthday.

    Why: at that age the date of birth is usually wrong, or the case was never closed on the system.
    Fix: correct the date of birth, or close the episode; otherwise give the reason.
    """

    code = "8775Q"
    table = "cin_child"
    columns = ("PersonBirthDate",)
    message = "Please check and either amend data or provide a reason: Child is over 25 years old"
    others = ("cin_episode",)
    _born = {"PersonBirthDate": "2000-03-30"}
    good = (
        census_file(cin_child=[{"PersonBirthDate": "2000-03-31"}], cin_episode=[{}]),
        census_file(cin_child=[_born], cin_episode=[{"CINclosureDate": "2025-03-30"}]),
        census_file(cin_child=[_born], cin_episode=[{"child_no": "2"}]),
    )
    bad = (
        census_file(cin_child=[_born], cin_episode=[{}]),
        census_file(cin_child=[_born], cin_episode=[{"CINclosureDate": "2025-03-31"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Children with the day on which the last of their episodes ended or will end."""
        until = ending_or_open("CINclosureDate").max()
        return tally(tables.as_written(self.table), tables, "cin_episode", "child_no", until=until)

    def applies(self) -> nw.Expr:
        """Those born more than 25 years before the end of the census year."""
        return nw.col("PersonBirthDate").dt.offset_by("25y") < nw.col(END)

    def valid(self) -> nw.Expr:
        """No episode lasted longer than the birthday."""
        return nw.col("until") <= nw.col("PersonBirthDate").dt.offset_by("25y")


class SexMissing(CinRule):
    """A child's sex is missing, or is not one of the codes of the census year.

    Why: up to 2023-24 GenderCurrent is asked for (1, 2, 0, 9), from 2024-25 Sex (M, F, U).
    Fix: give the code of the element that the census year asks for.
    """

    code = "4180"
    table = "cin_child"
    columns = ("Sex", "GenderCurrent")
    message = "Sex must be provided and equal M, F, or U (up to 2023-24: GenderCurrent must be provided)"
    good = (
        census_file(2025, cin_child=[{"Sex": "U"}]),
        census_file(2024, cin_child=[{"GenderCurrent": "9"}]),
    )
    bad = (
        census_file(2025, cin_child=[{"Sex": "1"}]),
        census_file(2025, cin_child=[{"GenderCurrent": "1"}]),
        census_file(2024, cin_child=[{"Sex": "M"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Children, and whether the code that the year asks for is in its list."""
        lists = tables.standard.lists
        listed = in_list(lists["CinSex"], "Sex") | in_list(lists["CinGenderCurrent"], "GenderCurrent")
        rows = tables.as_written(self.table).join(census(tables), how="cross")
        return rows.select(ROW, listed.alias("listed"))

    def valid(self) -> nw.Expr:
        """A code of the year."""
        return nw.col("listed")


class UnbornWithSex(CinRule):
    """An unborn child is recorded as male or female.

    Why: before birth the census asks for "not known": U in Sex, up to 2023-24 0 in GenderCurrent.
    Fix: give U (0), or the date of birth if the child has been born.
    """

    code = "8750"
    table = "cin_child"
    columns = ("Sex", "GenderCurrent", "PersonBirthDate", "ExpectedPersonBirthDate")
    message = "Sex must equal U for an unborn child (up to 2023-24: Gender must equal 0)"
    _unborn = {"ExpectedPersonBirthDate": "2025-05-01"}
    good = (
        census_file(2025, cin_child=[_unborn | {"Sex": "U"}]),
        census_file(2024, cin_child=[_unborn | {"GenderCurrent": "0"}]),
        census_file(2025, cin_child=[_unborn | {"PersonBirthDate": "2025-01-01", "Sex": "F"}]),
        census_file(2025, cin_child=[{"Sex": "F"}]),
        census_file(2025, cin_child=[{"PersonBirthDate": "2025-01-01", "Sex": "F"}]),
    )
    bad = (
        census_file(2025, cin_child=[_unborn | {"Sex": "M"}]),
        census_file(2024, cin_child=[_unborn | {"GenderCurrent": "2"}]),
    )

    def applies(self) -> nw.Expr:
        """Children with an expected date of birth and none of birth."""
        return present("ExpectedPersonBirthDate") & ~present("PersonBirthDate")

    def valid(self) -> nw.Expr:
        """Recorded as not known."""
        return nw.when(nw.col(YEAR) >= SEX_FROM).then(nw.col("Sex") == "U").otherwise(nw.col("GenderCurrent") == "0")


class EthnicityMissing(CodeRule):
    """A child's ethnicity is missing or is not a code of the census list.

    Why: whether families of every ethnicity get the same response cannot be seen without it; REFU and NOBT are answers.
    Fix: give a code of the list; NOBT if it was not asked yet, REFU if the family would not say.
    """

    code = "4220"
    table = "cin_child"
    columns = ("Ethnicity",)
    code_list = "CinEthnicity"
    message = "Ethnicity is missing or invalid (see Ethnicity table)"
    good = (census_file(cin_child=[{"Ethnicity": "NOBT"}]),)
    bad = (census_file(cin_child=[{"Ethnicity": ""}]), census_file(cin_child=[{"Ethnicity": "wbri"}]))


class DisabilityMissing(CinRule):
    """A child who was born and was not only referred without further action has no valid disability code.

    Why: no disability is the code NONE; without a code nobody knows whether the question was asked.
    Fix: give NONE, or each disability of the child by its code.
    """

    code = "8540"
    table = "cin_child"
    columns = ("PersonBirthDate",)
    message = "Child's disability is missing or invalid (see Disability table)"
    others = ("cin_disability", "cin_episode")
    _born = {"PersonBirthDate": "2015-03-31"}
    _taken_on = {"ReferralNFA": "false"}
    good = (
        census_file(cin_child=[_born], cin_episode=[_taken_on], cin_disability=[{"Disability": "NONE"}]),
        census_file(cin_child=[_born], cin_episode=[{"ReferralNFA": "true"}]),
        census_file(cin_child=[{"ExpectedPersonBirthDate": "2025-05-01"}], cin_episode=[_taken_on]),
    )
    bad = (
        census_file(cin_child=[_born], cin_episode=[_taken_on]),
        census_file(cin_child=[_born], cin_episode=[_taken_on], cin_disability=[{"Disability": "XX"}]),
        census_file(cin_child=[_born], cin_episode=[_taken_on], cin_disability=[{"Disability": ""}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Children with the number of their disabilities, of invalid ones, and of episodes that went further."""
        wrong = ~nw.col("Disability").is_in(tables.standard.lists["CinDisability"].codes).fill_null(value=False)
        further = (nw.col("ReferralNFA") == nw.lit(value=False)).cast(nw.Int64)
        children = tables.as_written(self.table)
        rows = tally(children, tables, "cin_disability", "child_no", codes=nw.len(), wrong=wrong.sum())
        return tally(rows, tables, "cin_episode", "child_no", further=further.sum())

    def applies(self) -> nw.Expr:
        """Born children with an episode that led to further action."""
        return present("PersonBirthDate") & (count("further") > 0)

    def valid(self) -> nw.Expr:
        """At least one code, and all of them valid."""
        return (count("codes") > 0) & (count("wrong") == 0)


class NoneAndOthers(CinRule):
    """A child has the disability code NONE and another one beside it.

    Why: the two contradict each other.
    Fix: remove NONE, or the other codes.
    """

    code = "8790"
    table = "cin_disability"
    columns = ("Disability",)
    message = "Disability information includes both None and other values"
    good = (census_file(cin_disability=[{"Disability": "NONE"}, {"Disability": "MOB", "child_no": "2"}]),)
    bad = (census_file(cin_disability=[{"Disability": "NONE"}, {"Disability": "MOB"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Disability codes with the number of other codes than NONE of the child."""
        other = (nw.col("Disability") != "NONE").cast(nw.Int64).sum().over("child_no")
        return tables.as_written(self.table).with_columns(other.alias("other"))

    def applies(self) -> nw.Expr:
        """The code NONE."""
        return nw.col("Disability") == "NONE"

    def valid(self) -> nw.Expr:
        """NONE stands alone."""
        return nw.col("other") == 0


class SameDisabilityTwice(CinRule):
    """A child has the same disability code twice.

    Why: each disability counts once; a repeated code usually hides another one.
    Fix: remove the repeated code or correct it.
    """

    code = "8794"
    table = "cin_disability"
    columns = ("Disability",)
    message = "Child has two or more disabilities with the same code: this one stands again further on"
    good = (
        census_file(cin_disability=[{"Disability": "MOB"}, {"Disability": "LD"}]),
        census_file(cin_disability=[{"Disability": ""}, {"Disability": ""}]),
    )
    bad = (census_file(cin_disability=[{"Disability": "MOB"}, {"Disability": "MOB"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Disability codes, each with the number of times that it still follows, itself included."""
        return tables.as_written(self.table).with_columns(still_to_come("child_no", "Disability"))

    def applies(self) -> nw.Expr:
        """Codes that are there."""
        return present("Disability")

    def valid(self) -> nw.Expr:
        """The last of its kind."""
        return nw.col("left") == 1
