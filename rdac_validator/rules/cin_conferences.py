"""DfE rules on initial child protection conferences and the plans that begin with them."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import CinRule, census, census_file, in_census, present
from rdac_validator.tables import Tables

SATURDAY = 6  # Monday is 1
_MAY = {"DateOfInitialCPC": "2024-05-01"}
_PLAN = {"CPPstartDate": "2024-05-01"}


class MorePlansThanConferences(CinRule):
    """More child protection plans start in the census year than initial conferences are held.

    Why: a plan begins at a conference, so conferences are missing or plans are told twice. It is told once, at the
    header, because it is a matter of the whole return.
    Fix: add the conferences that are missing, or remove the plans that did not begin.
    """

    code = "2883"
    table = "cin_header"
    columns = ("ReferenceDate",)
    message = "There are more child protection plans starting than initial conferences taking place"
    others = ("cin_cpp", "cin_section47", "cin_episode")
    good = (
        census_file(cin_cpp=[_PLAN, _PLAN], cin_section47=[_MAY], cin_episode=[_MAY]),
        census_file(cin_cpp=[{"CPPstartDate": "2024-03-31"}]),
    )
    bad = (
        census_file(cin_cpp=[_PLAN, _PLAN], cin_section47=[_MAY]),
        census_file(cin_cpp=[_PLAN], cin_section47=[{"DateOfInitialCPC": "2024-03-31"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """The header with the plans begun and the conferences held in the census year."""
        rows = tables.as_written(self.table)
        for name, day in (("cin_cpp", "CPPstartDate"), *((held, "DateOfInitialCPC") for held in self.others[1:])):
            dated = tables.as_written(name).join(census(tables), how="cross")
            rows = rows.join(dated.select(in_census(day).cast(nw.Int64).sum().alias(name)), how="cross")
        return rows

    def valid(self) -> nw.Expr:
        """No more plans than conferences."""
        return nw.col("cin_cpp") <= nw.col("cin_section47") + nw.col("cin_episode")


class ConferenceToldTwice(CinRule):
    """One initial conference is recorded with the enquiry and with the episode as well.

    Why: it would be counted twice. Two conferences of one episode on different days are two.
    Fix: leave it with the enquiry; the date at the episode is for conferences without an enquiry.
    """

    code = "2884"
    table = "cin_section47"
    columns = ("DateOfInitialCPC",)
    message = (
        "An initial child protection conference is recorded at both the S47 and CIN Details level "
        "and it should only be recorded in one"
    )
    others = ("cin_episode",)
    good = (
        census_file(cin_section47=[_MAY], cin_episode=[{}]),
        census_file(cin_section47=[_MAY], cin_episode=[{"DateOfInitialCPC": "2024-06-03"}]),
        census_file(cin_section47=[_MAY], cin_episode=[_MAY | {"episode_no": "2"}]),
    )
    bad = (census_file(cin_section47=[_MAY], cin_episode=[_MAY]),)

    def rows(self, tables: Tables) -> Frame:
        """Enquiries with the conference of their episode."""
        told = tables.as_written("cin_episode").select("episode_no", nw.col("DateOfInitialCPC").alias("told"))
        return tables.as_written(self.table).join(told, on="episode_no", how="left")

    def applies(self) -> nw.Expr:
        """Enquiries with a conference in episodes with one."""
        return present("DateOfInitialCPC") & present("told")

    def valid(self) -> nw.Expr:
        """Not the same one."""
        return nw.col("DateOfInitialCPC") != nw.col("told")


class PlanNotFromConference(CinRule):
    """A child protection plan starts in the census year on a day on which its episode has no initial conference.

    Why: a plan begins on the day of the conference that decided on it; the two are counted from each other.
    Fix: correct the start of the plan or the date of the conference, or add the conference.
    """

    code = "2885"
    table = "cin_cpp"
    columns = ("CPPstartDate",)
    message = "Child protection plan shown as starting a different day to the initial child protection conference."
    others = ("cin_section47", "cin_episode")
    good = (
        census_file(cin_cpp=[_PLAN], cin_section47=[{"DateOfInitialCPC": "2024-04-30"}, _MAY]),
        census_file(cin_cpp=[_PLAN], cin_episode=[_MAY]),
        census_file(cin_cpp=[{"CPPstartDate": "2024-03-31"}]),
    )
    bad = (
        census_file(cin_cpp=[_PLAN]),
        census_file(cin_cpp=[_PLAN], cin_section47=[{"DateOfInitialCPC": "2024-04-30"}]),
        census_file(cin_cpp=[_PLAN], cin_episode=[_MAY | {"episode_no": "2"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Plans, and whether their episode has a conference on the day on which they start."""
        day = nw.col("DateOfInitialCPC").alias("CPPstartDate")
        dated = [tables.as_written(name).select("episode_no", day) for name in self.others]
        held = nw.concat(dated, how="vertical").unique().with_columns(nw.lit(value=True).alias("held"))
        return tables.as_written(self.table).join(held, on=["episode_no", "CPPstartDate"], how="left")

    def applies(self) -> nw.Expr:
        """Plans that start in the census year."""
        return in_census("CPPstartDate")

    def valid(self) -> nw.Expr:
        """A conference was held on the day."""
        return present("held")


class ConferenceAtWeekend(CinRule):
    """An initial child protection conference is dated on a Saturday or Sunday.

    Why: conferences are held on working days, so the date is a slip.
    Fix: correct the date.
    """

    code = "8875"
    table = "cin_section47"
    columns = ("DateOfInitialCPC",)
    message = "The Date of Initial Child Protection Conference cannot be a weekend"
    good = (census_file(cin_section47=[{"DateOfInitialCPC": "2024-05-03"}]),)  # a Friday
    bad = (
        census_file(cin_section47=[{"DateOfInitialCPC": "2024-05-04"}]),
        census_file(cin_section47=[{"DateOfInitialCPC": "2024-05-05"}]),
    )

    def applies(self) -> nw.Expr:
        """Enquiries with a conference."""
        return present("DateOfInitialCPC")

    def valid(self) -> nw.Expr:
        """Monday to Friday."""
        return nw.col("DateOfInitialCPC").dt.weekday() < SATURDAY
