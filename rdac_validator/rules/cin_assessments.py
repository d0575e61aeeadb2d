"""DfE rules on assessments: when they start and end, and how they follow one another."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    END,
    CinRule,
    census_file,
    ended_before,
    in_census,
    last_weekday,
    nth_open,
    present,
)
from rdac_validator.tables import Tables

FORTY_FIVE_WORKING_DAYS = "-63d"  # nine whole weeks; bank holidays are not reckoned


class AssessedBeforeReferral(CinRule):
    """An assessment starts before the referral of its episode.

    Why: an assessment answers a referral; one of the dates is wrong, or the assessment belongs to an earlier episode.
    Fix: correct the date that is wrong, or move the assessment.
    """

    code = "1103"
    table = "cin_assessment"
    columns = ("AssessmentActualStartDate",)
    message = "The assessment start date cannot be before the referral date"
    parents = {"cin_episode": ("CINreferralDate",)}
    _referred = {"CINreferralDate": "2024-05-01"}
    good = (census_file(cin_episode=[_referred], cin_assessment=[{"AssessmentActualStartDate": "2024-05-01"}]),)
    bad = (census_file(cin_episode=[_referred], cin_assessment=[{"AssessmentActualStartDate": "2024-04-30"}]),)

    def applies(self) -> nw.Expr:
        """Assessments with a start date in episodes with a referral date."""
        return present("AssessmentActualStartDate") & present("CINreferralDate")

    def valid(self) -> nw.Expr:
        """Started on or after the referral."""
        return nw.col("AssessmentActualStartDate") >= nw.col("CINreferralDate")


class StartAfterEnd(CinRule):
    """An assessment starts after it was authorised.

    Why: one of the two dates is wrong, and how long families wait is reckoned from them.
    Fix: correct the date that is wrong.
    """

    code = "8608"
    table = "cin_assessment"
    columns = ("AssessmentActualStartDate", "AssessmentAuthorisationDate")
    message = "Assessment Start Date cannot be later than its End Date"
    _start = {"AssessmentActualStartDate": "2024-05-01"}
    good = (census_file(cin_assessment=[_start | {"AssessmentAuthorisationDate": "2024-05-01"}]),)
    bad = (census_file(cin_assessment=[_start | {"AssessmentAuthorisationDate": "2024-04-30"}]),)

    def applies(self) -> nw.Expr:
        """Assessments with both dates."""
        return present("AssessmentActualStartDate") & present("AssessmentAuthorisationDate")

    def valid(self) -> nw.Expr:
        """Authorised on or after the start."""
        return nw.col("AssessmentActualStartDate") <= nw.col("AssessmentAuthorisationDate")


class EndedOutsideYear(CinRule):
    """An assessment was authorised outside the census year.

    Why: an assessment that ended earlier belongs to an earlier census; one that ended later was still under way.
    Fix: correct the date, or leave the assessment out.
    """

    code = "8696"
    table = "cin_assessment"
    columns = ("AssessmentAuthorisationDate",)
    message = "Assessment end date must fall within the census year"
    _last_day = census_file(cin_assessment=[{"AssessmentAuthorisationDate": "2025-03-31"}])
    _next_day = census_file(cin_assessment=[{"AssessmentAuthorisationDate": "2025-04-01"}])
    # which of the header's two is believed
    good = (
        _last_day,
        {**_last_day, "cin_header": [{"Year": "2024", "ReferenceDate": "2025-03-31"}]},
        {**_last_day, "cin_header": [{"Year": "2025", "ReferenceDate": "2024-03-30"}]},
        {**_last_day, "cin_header": [{"Year": "2025", "ReferenceDate": "2024-05-31"}]},
        {**_next_day, "cin_header": [{"Year": "1901", "ReferenceDate": "2025-05-31"}]},  # before any rule was in force
        {**_last_day, "cin_header": [{"Year": "2100", "ReferenceDate": "2025-05-31"}]},
        {**_last_day, "cin_header": [{"Year": "2025"}, {"Year": "2024"}]},
    )
    bad = (
        _next_day,
        census_file(cin_assessment=[{"AssessmentAuthorisationDate": "2024-03-31"}]),
        {**_next_day, "cin_header": [{"Year": "1900", "ReferenceDate": "2025-05-31"}]},
        {**_last_day, "cin_header": [{"Year": "2099", "ReferenceDate": "2025-05-31"}]},
    )

    def applies(self) -> nw.Expr:
        """Finished assessments."""
        return present("AssessmentAuthorisationDate")

    def valid(self) -> nw.Expr:
        """Authorised in the census year."""
        return in_census("AssessmentAuthorisationDate")


class UnfinishedFromAnotherYear(CinRule):
    """An assessment that is not finished started outside the census year.

    Why: an assessment takes weeks; one that has been open for more than a year was not closed on the system.
    Fix: give the authorisation date, or correct the start date.
    """

    code = "8736"
    table = "cin_assessment"
    columns = ("AssessmentActualStartDate", "AssessmentAuthorisationDate")
    message = "For an Assessment that has not been completed, the start date must fall within the census year"
    good = (
        census_file(cin_assessment=[{"AssessmentActualStartDate": "2024-04-01"}]),
        census_file(
            cin_assessment=[{"AssessmentActualStartDate": "2024-03-31", "AssessmentAuthorisationDate": "2024-05-01"}]
        ),
    )
    bad = (census_file(cin_assessment=[{"AssessmentActualStartDate": "2024-03-31"}]),)

    def applies(self) -> nw.Expr:
        """Started and unfinished assessments."""
        return present("AssessmentActualStartDate") & ~present("AssessmentAuthorisationDate")

    def valid(self) -> nw.Expr:
        """Started in the census year."""
        return in_census("AssessmentActualStartDate")


class UnfinishedTooLong(CinRule):
    """An assessment was still unfinished more than 45 working days after it started, at the end of the census year.

    Why: the statutory guidance gives 45 working days; a family that waits longer waits without a plan. Bank holidays
    are not reckoned here, so the limit can be up to two days early when Easter falls in March.
    Fix: give the authorisation date if the assessment was finished; otherwise give the reason.
    """

    code = "8670Q"
    table = "cin_assessment"
    columns = ("AssessmentActualStartDate", "AssessmentAuthorisationDate")
    message = (
        "Please check and either amend data or provide a reason: Assessment started more than 45 working days before "
        "the end of the census year. However, there is no Assessment end date."
    )
    good = (
        census_file(2025, cin_assessment=[{"AssessmentActualStartDate": "2025-01-27"}]),  # 31 March is a Monday
        census_file(2024, cin_assessment=[{"AssessmentActualStartDate": "2024-01-26"}]),  # 31 March is a Sunday
        census_file(2018, cin_assessment=[{"AssessmentActualStartDate": "2018-01-26"}]),  # 31 March is a Saturday
        census_file(
            cin_assessment=[{"AssessmentActualStartDate": "2024-05-01", "AssessmentAuthorisationDate": "2024-06-01"}]
        ),
    )
    bad = (
        census_file(2025, cin_assessment=[{"AssessmentActualStartDate": "2025-01-24"}]),
        census_file(2024, cin_assessment=[{"AssessmentActualStartDate": "2024-01-25"}]),
        census_file(2018, cin_assessment=[{"AssessmentActualStartDate": "2018-01-25"}]),
    )

    def applies(self) -> nw.Expr:
        """Started and unfinished assessments."""
        return present("AssessmentActualStartDate") & ~present("AssessmentAuthorisationDate")

    def valid(self) -> nw.Expr:
        """Started 45 working days before the last working day of the census year, or later."""
        latest = last_weekday(nw.col(END)).dt.offset_by(FORTY_FIVE_WORKING_DAYS)
        return nw.col("AssessmentActualStartDate") >= latest


class AssessmentsOverlap(CinRule):
    """An assessment starts while another one of the same episode is under way.

    Why: a child is assessed once at a time; new facts go into the assessment that is under way.
    Fix: correct the dates, merge the assessments, or give the reason.
    """

    code = "8863Q"
    table = "cin_assessment"
    columns = ("AssessmentActualStartDate", "AssessmentAuthorisationDate")
    message = "An Assessment is shown as starting when there is another Assessment ongoing."
    _first = {"AssessmentActualStartDate": "2024-05-01", "AssessmentAuthorisationDate": "2024-06-01"}
    _second = {"assessment_no": "2", "AssessmentActualStartDate": "2024-05-31"}
    good = (
        census_file(cin_assessment=[_first, _second | {"AssessmentActualStartDate": "2024-06-01"}]),
        census_file(cin_assessment=[_first, _second | {"episode_no": "2"}]),
    )
    bad = (
        census_file(cin_assessment=[_second, _first]),
        census_file(cin_assessment=[_second, _first | {"AssessmentAuthorisationDate": ""}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Assessments with the latest end among those of the episode that started before."""
        start, end = self.columns
        return ended_before(tables.as_written(self.table), start, end, "episode_no")

    def valid(self) -> nw.Expr:
        """Started when the earlier ones were finished."""
        return nw.col("AssessmentActualStartDate") >= nw.col("taken_until")


class TwoOpenAssessments(CinRule):
    """An episode has two assessments or more that are not finished.

    Why: a child is assessed once at a time; the second one hides when the first one ended.
    Fix: give the authorisation date of the one that was finished, or merge them.
    """

    code = "8896"
    table = "cin_assessment"
    columns = ("AssessmentAuthorisationDate",)
    message = "Within one CINDetails group there are 2 or more open Assessments groups: another one stands before it"
    good = (
        census_file(cin_assessment=[{}, {"assessment_no": "2", "AssessmentAuthorisationDate": "2024-06-01"}]),
        census_file(cin_assessment=[{}, {"assessment_no": "2", "episode_no": "2"}]),
    )
    bad = (census_file(cin_assessment=[{"assessment_no": "2"}, {}]),)

    def rows(self, tables: Tables) -> Frame:
        """Assessments, the open ones of an episode numbered."""
        still_open = ~present("AssessmentAuthorisationDate")
        return nth_open(tables.as_written(self.table), still_open, "episode_no", "assessment_no")

    def applies(self) -> nw.Expr:
        """Open assessments."""
        return nw.col("nth") > 0

    def valid(self) -> nw.Expr:
        """No other one before it."""
        return nw.col("nth") == 1


class UnfinishedInClosedEpisode(CinRule):
    """An episode is closed, and an assessment of it is not finished.

    Why: it cannot be told on what the decision to close was based.
    Fix: give the authorisation date, or remove the closure date if the case is still open.
    """

    code = "8867"
    table = "cin_assessment"
    columns = ("AssessmentAuthorisationDate",)
    message = "CIN episode is shown as closed, however Assessment is not shown as completed"
    parents = {"cin_episode": ("CINclosureDate",)}
    _closed = {"CINclosureDate": "2024-06-01"}
    good = (
        census_file(cin_episode=[_closed], cin_assessment=[{"AssessmentAuthorisationDate": "2024-06-01"}]),
        census_file(cin_episode=[{}], cin_assessment=[{}]),
    )
    bad = (census_file(cin_episode=[_closed], cin_assessment=[{}]),)

    def applies(self) -> nw.Expr:
        """Assessments of closed episodes."""
        return present("CINclosureDate")

    def valid(self) -> nw.Expr:
        """The assessment is finished."""
        return present("AssessmentAuthorisationDate")
