"""DfE rules on the head of a census file and on the ids of its children."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Frame
from rdac_validator.rules.cin_base import CinRule, census_file, count, present, tally
from rdac_validator.tables import ROW, Tables


class WrongReferenceDate(CinRule):
    """The reference date is not 31 March of the year that the header names.

    Why: the year decides which codes and dates are right. Where the two disagree, a reference date of 31 March is
    believed, else the year.
    Fix: set ReferenceDate to 31 March of the year in which the census year ends, and Year to that year.
    """

    code = "100"
    table = "cin_header"
    columns = ("ReferenceDate", "Year")
    message = "Reference Date is incorrect: it is not 31 March of the header's Year"
    good = (census_file(2025),)
    bad = (
        {"cin_header": [{"Year": "2023", "ReferenceDate": "2024-03-31"}]},
        {"cin_header": [{"Year": "2024", "ReferenceDate": "2024-03-01"}]},
        {"cin_header": [{"Year": "2024", "ReferenceDate": "2024-05-31"}]},
        {"cin_header": [{"Year": "2024"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Judge every header, with or without a year."""
        day = nw.col("ReferenceDate")
        right = (day.dt.month() == 3) & (day.dt.day() == 31) & (day.dt.year() == nw.col("Year"))
        return tables.as_written(self.table).select(ROW, right.fill_null(value=False).alias(VALID))

    def valid(self) -> nw.Expr:
        """Not asked: :meth:`cases` judges headers that do not say their year, too."""
        return nw.lit(value=True)


class NotAnAuthority(CinRule):
    """The header's LEA is not the three digits of a local authority.

    Why: it says whose return this is and is carried into what is made of the file; other text may not be.
    Fix: give the three-digit number that the Department for Education uses for the authority.
    """

    code = "RDAC082"
    severity = Severity.ERROR
    table = "cin_header"
    columns = ("LEA",)
    message = "LEA is not the three digits of a local authority"
    sources = ("dfe-cin-elements:LEA",)
    requirements = ("R08",)
    good = ({"cin_header": [{"LEA": "201"}]},)
    bad = ({"cin_header": [{"LEA": "20"}]}, {"cin_header": [{"LEA": "Northtown"}]}, {"cin_header": [{"LEA": ""}]})

    def cases(self, tables: Tables) -> Frame:
        """Judge every header, with or without a year."""
        right = nw.col("LEA").str.contains("^[0-9]{3}$").fill_null(value=False)
        return tables.as_written(self.table).select(ROW, right.alias(VALID))

    def valid(self) -> nw.Expr:
        """Not asked: :meth:`cases` judges headers that do not say their year, too."""
        return nw.lit(value=True)


class NoChildId(CinRule):
    """A child has no local authority child id.

    Why: without it the child cannot be followed from one episode or census to the next.
    Fix: give the child the id that the case system holds.
    """

    code = "8500"
    table = "cin_child"
    columns = ("LAchildID",)
    message = "LA Child ID missing"
    good = (census_file(cin_child=[{"LAchildID": "A1"}]),)
    bad = (census_file(cin_child=[{"LAchildID": ""}]),)

    def valid(self) -> nw.Expr:
        """There is an id."""
        return present("LAchildID")


class SameChildIdTwice(CinRule):
    """Two child records have the same local authority child id.

    Why: one child's episodes must stand together, or they are counted as two children.
    Fix: merge the records if they are one child; give each child its own id if they are two.
    """

    code = "8510"
    table = "cin_child"
    columns = ("LAchildID",)
    message = "More than one child record with the same LA Child ID: this one repeats an earlier one"
    good = (
        census_file(cin_child=[{"LAchildID": "A1"}, {"LAchildID": "A2", "child_no": "2"}]),
        census_file(cin_child=[{"LAchildID": ""}, {"LAchildID": "", "child_no": "2"}]),
    )
    bad = (census_file(cin_child=[{"LAchildID": "A1", "child_no": "2"}, {"LAchildID": "A1"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Children, each with the number of its id so far."""
        counted = nw.col("child_no").cum_count().over("LAchildID", order_by="child_no")
        return tables.as_written(self.table).with_columns(counted.alias("nth"))

    def applies(self) -> nw.Expr:
        """Children with an id."""
        return present("LAchildID")

    def valid(self) -> nw.Expr:
        """The first of its id."""
        return nw.col("nth") == 1


class ChildIdTooLong(CinRule):
    """A local authority child id is longer than 20 characters.

    Why: the DfE's collection cuts or refuses longer ids, from 2024-25.
    Fix: shorten the id in the export, keeping each child's id its own.
    """

    code = "1570"
    table = "cin_child"
    columns = ("LAchildID",)
    message = "LA Child ID must not be longer than 20 characters"
    first_year = "2024-25"
    good = (
        census_file(cin_child=[{"LAchildID": "A1234567890123456789"}]),
        census_file(2024, cin_child=[{"LAchildID": "A12345678901234567890"}]),
    )
    bad = (census_file(cin_child=[{"LAchildID": "A12345678901234567890"}]),)

    def applies(self) -> nw.Expr:
        """Children with an id."""
        return present("LAchildID")

    def valid(self) -> nw.Expr:
        """At most 20 characters."""
        return nw.col("LAchildID").str.len_chars() <= 20


class ChildIdNotAlphanumeric(CinRule):
    """A local authority child id holds something other than letters and digits.

    Why: the DfE's collection accepts letters and digits only, from 2024-25.
    Fix: leave out spaces, dashes and underscores in the export, keeping each child's id its own.
    """

    code = "1580"
    table = "cin_child"
    columns = ("LAchildID",)
    message = "LA Child ID must not contain any non-alphanumeric characters"
    first_year = "2024-25"
    good = (census_file(cin_child=[{"LAchildID": "A1"}]), census_file(2024, cin_child=[{"LAchildID": "A_1"}]))
    bad = (census_file(cin_child=[{"LAchildID": "A_1"}]),)

    def applies(self) -> nw.Expr:
        """Children with an id."""
        return present("LAchildID")

    def valid(self) -> nw.Expr:
        """Letters and digits only."""
        return nw.col("LAchildID").str.contains("^[A-Za-z0-9]+$")


class NoEpisode(CinRule):
    """A child has no episode of need.

    Why: a child is in the census because of an episode; without one there is nothing to count or to map.
    Fix: add the episode, or leave the child out.
    """

    code = "8590"
    table = "cin_child"
    columns = ("LAchildID",)
    message = "Child does not have a recorded CIN episode."
    others = ("cin_episode",)
    good = (census_file(cin_child=[{"LAchildID": "A1"}], cin_episode=[{"CINreferralDate": "2024-05-01"}]),)
    bad = (census_file(cin_child=[{"LAchildID": "A1"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Children with the number of their episodes."""
        return tally(tables.as_written(self.table), tables, "cin_episode", "child_no", episodes=nw.len())

    def valid(self) -> nw.Expr:
        """At least one episode."""
        return count("episodes") > 0
