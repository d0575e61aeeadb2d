"""DfE rules on enquiries under section 47 and initial child protection conferences."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    END,
    CinRule,
    census_file,
    count,
    ended_before,
    in_census,
    last_weekday,
    nth_open,
    present,
    tally,
)
from rdac_validator.tables import Tables

FIFTEEN_WORKING_DAYS = "-21d"  # three whole weeks; bank holidays are not reckoned
_START = {"S47ActualStartDate": "2024-05-01"}
_AWAITED = {"ICPCnotRequired": "false"}


def awaited() -> nw.Expr:
    """Whether an enquiry has no conference though one is required; null where the flag is missing."""
    return ~present("DateOfInitialCPC") & ~nw.col("ICPCnotRequired")


def settled() -> nw.Expr:
    """Whether an enquiry has ended: by a conference, or because none is required."""
    return nw.col("ICPCnotRequired").fill_null(value=False) | present("DateOfInitialCPC")


class ConferenceBeforeReferral(CinRule):
    """An initial child protection conference is dated before the referral of its episode.

    Why: one of the dates is wrong, or the conference belongs to an earlier episode.
    Fix: correct the date that is wrong, or move the conference.
    """

    code = "1104"
    table = "cin_episode"
    columns = ("CINreferralDate", "DateOfInitialCPC")
    message = "The date of the initial child protection conference cannot be before the referral date"
    others = ("cin_section47",)
    _referred = {"CINreferralDate": "2024-05-01"}
    good = (census_file(cin_episode=[_referred], cin_section47=[{"DateOfInitialCPC": "2024-05-01"}]),)
    bad = (
        census_file(cin_episode=[_referred], cin_section47=[{"DateOfInitialCPC": "2024-04-30"}]),
        census_file(cin_episode=[_referred | {"DateOfInitialCPC": "2024-04-30"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Episodes with the earliest conference of their enquiries."""
        held = nw.col("DateOfInitialCPC").min()
        return tally(tables.as_written(self.table), tables, "cin_section47", "episode_no", earliest=held)

    def applies(self) -> nw.Expr:
        """Episodes with a referral date and a conference."""
        return present("CINreferralDate") & (present("DateOfInitialCPC") | present("earliest"))

    def valid(self) -> nw.Expr:
        """Every conference on or after the referral."""
        return nw.min_horizontal("DateOfInitialCPC", "earliest") >= nw.col("CINreferralDate")


class ConferenceOutsideYear(CinRule):
    """An initial child protection conference is dated outside the census year.

    Why: a conference held earlier belongs to an earlier census, and one held later was not held yet.
    Fix: correct the date, or leave the conference out.
    """

    code = "8715"
    table = "cin_section47"
    columns = ("DateOfInitialCPC",)
    message = "Date of Initial Child Protection Conference must fall within the census year"
    good = (census_file(cin_section47=[{"DateOfInitialCPC": "2024-04-01"}]),)
    bad = (
        census_file(cin_section47=[{"DateOfInitialCPC": "2024-03-31"}]),
        census_file(cin_section47=[{"DateOfInitialCPC": "2025-04-01"}]),
    )

    def applies(self) -> nw.Expr:
        """Enquiries with a conference."""
        return present("DateOfInitialCPC")

    def valid(self) -> nw.Expr:
        """Held in the census year."""
        return in_census("DateOfInitialCPC")


class EnquiryBeforeReferral(CinRule):
    """An enquiry under section 47 starts before the referral of its episode.

    Why: one of the dates is wrong, or the enquiry belongs to an earlier episode.
    Fix: correct the date that is wrong, or move the enquiry.
    """

    code = "2889"
    table = "cin_section47"
    columns = ("S47ActualStartDate",)
    message = "The S47 start date cannot be before the referral date."
    parents = {"cin_episode": ("CINreferralDate",)}
    _referred = {"CINreferralDate": "2024-05-01"}
    good = (census_file(cin_episode=[_referred], cin_section47=[{"S47ActualStartDate": "2024-05-01"}]),)
    bad = (census_file(cin_episode=[_referred], cin_section47=[{"S47ActualStartDate": "2024-04-30"}]),)

    def applies(self) -> nw.Expr:
        """Enquiries with a start in episodes with a referral date."""
        return present("S47ActualStartDate") & present("CINreferralDate")

    def valid(self) -> nw.Expr:
        """Started on or after the referral."""
        return nw.col("S47ActualStartDate") >= nw.col("CINreferralDate")


class EnquiryWithoutAssessment(CinRule):
    """An enquiry under section 47 stands in an episode without an assessment.

    Why: an enquiry is carried out through an assessment; without one, factors are missing as well.
    Fix: add the assessment, or give the reason.
    """

    code = "2991Q"
    table = "cin_section47"
    columns = ("S47ActualStartDate",)
    message = (
        "Please check and either amend data or provide a reason: A Section 47 module is recorded and there is no "
        "assessment on the episode"
    )
    others = ("cin_assessment",)
    good = (census_file(cin_section47=[{}], cin_assessment=[{}]),)
    bad = (census_file(cin_section47=[{}]), census_file(cin_section47=[{}], cin_assessment=[{"episode_no": "2"}]))

    def rows(self, tables: Tables) -> Frame:
        """Enquiries with the number of assessments of the episode."""
        return tally(tables.as_written(self.table), tables, "cin_assessment", "episode_no", assessments=nw.len())

    def valid(self) -> nw.Expr:
        """There is an assessment."""
        return count("assessments") > 0


class EnquiryStart(CinRule):
    """The start of an enquiry under section 47 is missing, is no date, or lies after its conference.

    Why: how long a child waits for the conference is reckoned from it.
    Fix: give the day on which the enquiry started.
    """

    code = "8615"
    table = "cin_section47"
    columns = ("S47ActualStartDate", "DateOfInitialCPC")
    message = (
        "Section 47 Enquiry Start Date must be present and cannot be later than the date of the initial Child "
        "Protection Conference"
    )
    good = (census_file(cin_section47=[_START | {"DateOfInitialCPC": "2024-05-01"}, _START]),)
    bad = (census_file(cin_section47=[_START | {"DateOfInitialCPC": "2024-04-30"}]), census_file(cin_section47=[{}]))

    def valid(self) -> nw.Expr:
        """A start, and no conference before it."""
        early = (nw.col("S47ActualStartDate") > nw.col("DateOfInitialCPC")).fill_null(value=False)
        return present("S47ActualStartDate") & ~early


class TwoOpenEnquiries(CinRule):
    """An episode has two enquiries or more without a conference and without "conference not required".

    Why: a child is the subject of one enquiry at a time; the second one hides how the first one ended.
    Fix: give the conference date or the flag of the enquiry that has ended.
    """

    code = "8839"
    table = "cin_section47"
    columns = ("DateOfInitialCPC", "ICPCnotRequired")
    message = "Within one CINDetails group there are 2 or more open S47 Assessments: another one started before"
    _open = _START | _AWAITED
    good = (
        census_file(cin_section47=[_open, _open | {"DateOfInitialCPC": "2024-05-10"}]),
        census_file(cin_section47=[_open, _open | {"ICPCnotRequired": "true"}]),
        census_file(cin_section47=[_open, _open | {"episode_no": "2"}]),
    )
    bad = (census_file(cin_section47=[_open | {"S47ActualStartDate": "2024-06-01"}, _open]),)

    def rows(self, tables: Tables) -> Frame:
        """Enquiries, the open ones of an episode numbered."""
        return nth_open(tables.as_written(self.table), ~settled(), "episode_no", "S47ActualStartDate")

    def applies(self) -> nw.Expr:
        """Open enquiries."""
        return nw.col("nth") > 0

    def valid(self) -> nw.Expr:
        """No other one before it."""
        return nw.col("nth") == 1


class AwaitedFromAnotherYear(CinRule):
    """An enquiry that still awaits its conference started outside the census year.

    Why: a conference follows within weeks; an enquiry open for more than a year was not closed on the system.
    Fix: give the date of the conference, say that none was required, or correct the start.
    """

    code = "8740"
    table = "cin_section47"
    columns = ("S47ActualStartDate", "DateOfInitialCPC", "ICPCnotRequired")
    message = (
        "For a Section 47 Enquiry that has not held the Initial Child Protection Conference by the end of the census "
        "year, the start date must fall within the census year"
    )
    _early = {"S47ActualStartDate": "2024-03-31"}
    good = (
        census_file(cin_section47=[_AWAITED | {"S47ActualStartDate": "2024-04-01"}]),
        census_file(cin_section47=[_early | {"ICPCnotRequired": "true"}]),
        census_file(cin_section47=[_early | _AWAITED | {"DateOfInitialCPC": "2024-04-10"}]),
    )
    bad = (
        census_file(cin_section47=[_early | _AWAITED]),
        census_file(cin_section47=[_AWAITED | {"S47ActualStartDate": "2025-04-01"}]),
    )

    def applies(self) -> nw.Expr:
        """Enquiries with a start that await a conference."""
        return present("S47ActualStartDate") & awaited()

    def valid(self) -> nw.Expr:
        """Started in the census year."""
        return in_census("S47ActualStartDate")


class ConferenceOverdue(CinRule):
    """An enquiry started more than 15 working days before the end of the census year and still awaits its conference.

    Why: a conference is due within 15 working days; either it is late or it was not recorded.
    Fix: give the date of the conference, say that none was required, or give the reason.
    """

    code = "8675Q"
    table = "cin_section47"
    columns = ("DateOfInitialCPC", "S47ActualStartDate", "ICPCnotRequired")
    message = (
        "Please check and either amend data or provide a reason: S47 Enquiry started more than 15 working days before "
        "the end of the census year. However, there is no date of Initial Child Protection Conference."
    )
    good = (
        census_file(2025, cin_section47=[_AWAITED | {"S47ActualStartDate": "2025-03-10"}]),  # 31 March is a Monday
        census_file(2024, cin_section47=[_AWAITED | {"S47ActualStartDate": "2024-03-08"}]),  # 31 March is a Sunday
        census_file(cin_section47=[_START | {"ICPCnotRequired": "true"}]),
        census_file(cin_section47=[_START | _AWAITED | {"DateOfInitialCPC": "2024-05-10"}]),
    )
    bad = (
        census_file(2025, cin_section47=[_AWAITED | {"S47ActualStartDate": "2025-03-07"}]),
        census_file(2024, cin_section47=[_AWAITED | {"S47ActualStartDate": "2024-03-07"}]),
    )

    def applies(self) -> nw.Expr:
        """Enquiries with a start that await a conference."""
        return present("S47ActualStartDate") & awaited()

    def valid(self) -> nw.Expr:
        """Started 15 working days before the last working day of the census year, or later."""
        return nw.col("S47ActualStartDate") >= last_weekday(nw.col(END)).dt.offset_by(FIFTEEN_WORKING_DAYS)


class ClosedBeforeConference(CinRule):
    """An episode is closed while an enquiry has neither a conference nor "conference not required".

    Why: how the enquiry ended cannot be told, and a child may have been lost sight of.
    Fix: give the date of the conference, say that none was required, or leave the closure out.
    """

    code = "8868"
    table = "cin_section47"
    columns = ("ICPCnotRequired", "DateOfInitialCPC")
    message = (
        "CIN episode is shown as closed, however Section 47 enquiry is not shown as completed by ICPC date or ICPC "
        "not required flag"
    )
    parents = {"cin_episode": ("CINclosureDate",)}
    _closed = {"CINclosureDate": "2024-06-01"}
    good = (
        census_file(cin_episode=[_closed], cin_section47=[{"ICPCnotRequired": "true"}]),
        census_file(cin_episode=[_closed], cin_section47=[_AWAITED | {"DateOfInitialCPC": "2024-05-10"}]),
        census_file(cin_episode=[{}], cin_section47=[_AWAITED]),
    )
    bad = (
        census_file(cin_episode=[_closed], cin_section47=[_AWAITED]),
        census_file(cin_episode=[_closed], cin_section47=[{}]),
    )

    def applies(self) -> nw.Expr:
        """Enquiries of closed episodes."""
        return present("CINclosureDate")

    def valid(self) -> nw.Expr:
        """The enquiry has ended."""
        return settled()


class EnquiriesOverlap(CinRule):
    """An enquiry starts while an earlier one of the episode is under way.

    Why: a child is the subject of one enquiry at a time. An enquiry ends with its conference; one without a conference
    because none is required has no end that the census knows, and is passed over.
    Fix: correct the dates, give the conference or the flag of the earlier one, or merge the two.
    """

    code = "8890"
    table = "cin_section47"
    columns = ("S47ActualStartDate",)
    message = "A Section 47 enquiry is shown as starting when there is another Section 47 Enquiry ongoing"
    _held = _START | {"DateOfInitialCPC": "2024-05-15"}
    _later = {"S47ActualStartDate": "2024-05-14"}
    good = (
        census_file(cin_section47=[_held, {"S47ActualStartDate": "2024-05-15"}]),
        census_file(cin_section47=[_START | {"ICPCnotRequired": "true"}, _later]),
        census_file(cin_section47=[_held, _later | {"episode_no": "2"}]),
    )
    bad = (
        census_file(cin_section47=[_later, _held]),
        census_file(cin_section47=[_later, _START | _AWAITED]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Enquiries with the latest end among the episode's earlier ones."""
        unheld = nw.when(nw.col("ICPCnotRequired")).then(nw.col("S47ActualStartDate"))
        ended = tables.as_written(self.table).with_columns(nw.coalesce("DateOfInitialCPC", unheld).alias("_end"))
        return ended_before(ended, "S47ActualStartDate", "_end", "episode_no")

    def valid(self) -> nw.Expr:
        """Started when the earlier ones had ended."""
        return nw.col("S47ActualStartDate") >= nw.col("taken_until")
