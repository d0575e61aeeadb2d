"""DfE rules on the reviews of child protection plans."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import CinRule, census_file, clashing, present
from rdac_validator.tables import Tables


class ReviewDuringPlan(CinRule):
    """A child protection plan is reviewed while its episode has a child in need plan.

    Why: a child protection plan takes the place of a child in need plan, so one of the dates is wrong. A review that
    ends the child protection plan may fall on the day on which the child in need plan begins.
    Fix: correct the date of the review or those of the plans.
    """

    code = "4003"
    table = "cin_review"
    columns = ("CPPreviewDate",)
    message = "A CPP review date is shown as being held at the same time as an open CIN Plan."
    parents = {"cin_cpp": ("CPPendDate",)}
    others = ("cin_plan",)
    _review = {"CPPreviewDate": "2024-06-01"}
    _plan = {"CINPlanStartDate": "2024-06-01", "CINPlanEndDate": "2024-07-01"}
    good = (
        census_file(cin_review=[_review], cin_cpp=[{"CPPendDate": "2024-06-01"}], cin_plan=[_plan]),
        census_file(cin_review=[{"CPPreviewDate": "2024-05-31"}], cin_cpp=[{}], cin_plan=[_plan]),
        census_file(cin_review=[{"CPPreviewDate": "2024-07-01"}], cin_cpp=[{}], cin_plan=[_plan]),
        census_file(cin_review=[_review], cin_cpp=[{}], cin_plan=[_plan | {"episode_no": "2"}]),
    )
    bad = (
        census_file(cin_review=[_review], cin_cpp=[{}], cin_plan=[_plan]),
        census_file(cin_review=[_review], cin_cpp=[{"CPPendDate": "2024-07-01"}], cin_plan=[_plan]),
        census_file(
            cin_review=[{"CPPreviewDate": "2024-08-01"}], cin_cpp=[{}], cin_plan=[_plan | {"CINPlanEndDate": ""}]
        ),
    )

    def rows(self, tables: Tables) -> Frame:
        """Reviews, and whether they fall in a child in need plan of the episode."""
        rows = tables.as_written(self.table)
        return clashing(rows, tables, "CPPreviewDate", ("cin_plan", "CINPlanStartDate", "CINPlanEndDate"), "episode_no")

    def applies(self) -> nw.Expr:
        """Reviews with a date."""
        return present("CPPreviewDate")

    def valid(self) -> nw.Expr:
        """Not during a child in need plan, but for the review that ended the child protection plan."""
        ended = (nw.col("CPPreviewDate") == nw.col("CPPendDate")).fill_null(value=False)
        return ~present("clash") | ended


class ReviewWithoutDate(CinRule):
    """A review of a child protection plan has no date, or one that is none.

    Why: whether a child's plan is looked at in time is reckoned from the dates of its reviews. A group of reviews with
    nothing in it gives no review, so it cannot be told.
    Fix: give the date of the review, or leave the review out; otherwise give the reason.
    """

    code = "8842Q"
    table = "cin_review"
    columns = ("CPPreviewDate",)
    message = "Please check and either amend or provide a reason: Review Record has a missing date"
    good = (census_file(cin_review=[{"CPPreviewDate": "2024-06-01"}]),)
    bad = (census_file(cin_review=[{}]), census_file(cin_review=[{"CPPreviewDate": "01/06/2024"}]))

    def valid(self) -> nw.Expr:
        """A date stands there."""
        return present("CPPreviewDate")
