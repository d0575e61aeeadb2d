"""DfE rules on enquiries under section 47 and initial child protection conferences."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    CinRule,
    census_file,
    count,
    in_census,
    nth_open,
    present,
    tally,
)
from rdac_validator.tables import Tables


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
    _start = {"S47ActualStartDate": "2024-05-01"}
    good = (census_file(cin_section47=[_start | {"DateOfInitialCPC": "2024-05-01"}, _start]),)
    bad = (census_file(cin_section47=[_start | {"DateOfInitialCPC": "2024-04-30"}]), census_file(cin_section47=[{}]))

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
    _open = {"S47ActualStartDate": "2024-05-01", "ICPCnotRequired": "false"}
    good = (
        census_file(cin_section47=[_open, _open | {"DateOfInitialCPC": "2024-05-10"}]),
        census_file(cin_section47=[_open, _open | {"ICPCnotRequired": "true"}]),
        census_file(cin_section47=[_open, _open | {"episode_no": "2"}]),
    )
    bad = (census_file(cin_section47=[_open | {"S47ActualStartDate": "2024-06-01"}, _open]),)

    def rows(self, tables: Tables) -> Frame:
        """Enquiries, the open ones of an episode numbered."""
        settled = nw.col("ICPCnotRequired").fill_null(value=False) | present("DateOfInitialCPC")
        return nth_open(tables.as_written(self.table), ~settled, "episode_no", "S47ActualStartDate")

    def applies(self) -> nw.Expr:
        """Open enquiries."""
        return nw.col("nth") > 0

    def valid(self) -> nw.Expr:
        """No other one before it."""
        return nw.col("nth") == 1
