"""Referrals to services: their days in order. Why a service was not given stands with the missing reasons."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import Row, RowRule


class ServiceBeforeReferral(RowRule):
    """A service began before the person was referred to it.

    Why: the wait is counted from referral to start; a start before it makes waits negative and averages meaningless.
    Fix: correct referral_date or start_date; a second spell of the same service is a row of its own.
    """

    code = "RDAC280"
    severity = Severity.ERROR
    table = "service_referral"
    columns = ("referral_date", "start_date")
    message = "start_date is before referral_date"
    sources = ("powell-2024:2.5",)
    requirements = ("R31",)
    good: tuple[Row, ...] = (
        {"referral_date": "2024-03-01", "start_date": "2024-03-01"},
        {"referral_date": "2024-03-01", "decision": "not_recorded"},
    )
    bad: tuple[Row, ...] = ({"referral_date": "2024-03-01", "start_date": "2024-02-29"},)

    def valid(self) -> nw.Expr:
        """On the same day or later."""
        return nw.col("start_date") >= nw.col("referral_date")


class ServiceEndsBeforeStart(RowRule):
    """A service ended before it began.

    Why: how long people are helped for is counted from these days.
    Fix: correct start_date or end_date.
    """

    code = "RDAC281"
    severity = Severity.ERROR
    table = "service_referral"
    columns = ("start_date", "end_date")
    message = "end_date is before start_date"
    sources = ("what-helps-2021:conclusion",)
    requirements = ("R31",)
    good: tuple[Row, ...] = (
        {"start_date": "2024-03-01", "end_date": "2024-03-01"},
        {"start_date": "2024-03-01", "end_reason": "not_applicable"},
    )
    bad: tuple[Row, ...] = ({"start_date": "2024-03-01", "end_date": "2024-02-29"},)

    def valid(self) -> nw.Expr:
        """On the same day or later."""
        return nw.col("end_date") >= nw.col("start_date")


class ReferralEndsBeforeItIsMade(RowRule):
    """A referral that never led to a service ended before it was made.

    Why: people who grow too unwell while they wait are counted from these days.
    Fix: correct referral_date or end_date.
    """

    code = "RDAC282"
    severity = Severity.ERROR
    table = "service_referral"
    columns = ("referral_date", "start_date", "end_date")
    message = "end_date is before referral_date, and start_date is blank"
    sources = ("powell-2024:2.5",)
    requirements = ("R31",)
    good: tuple[Row, ...] = (
        {"referral_date": "2024-03-01", "end_date": "2024-03-01"},
        {"referral_date": "2024-03-01", "start_date": "2024-02-01", "end_date": "2024-02-15"},
        {"referral_date": "2024-03-01", "end_reason": "not_recorded"},
    )
    bad: tuple[Row, ...] = ({"referral_date": "2024-03-01", "end_date": "2024-02-29"},)

    def applies(self) -> nw.Expr:
        """Referrals without a start: with one, its own order is judged."""
        return nw.col("start_date").is_null()

    def valid(self) -> nw.Expr:
        """On the same day or later."""
        return nw.col("end_date") >= nw.col("referral_date")


class WaitingYetStarted(RowRule):
    """A service is waited for, and it has begun.

    Why: a child on a list and a child in treatment are counted as one and the same.
    Fix: if the service has begun, decision is receiving or completed; otherwise take start_date out.
    """

    code = "RDAC283"
    severity = Severity.ERROR
    table = "service_referral"
    columns = ("decision", "start_date")
    message = "decision is waiting, and start_date is given"
    sources = ("powell-2024:2.5",)
    requirements = ("R31",)
    good: tuple[Row, ...] = (
        {"decision": "waiting"},
        {"decision": "receiving", "start_date": "2024-03-01"},
        {"decision": "not_recorded", "start_date": "2024-03-01"},
    )
    bad: tuple[Row, ...] = ({"decision": "waiting", "start_date": "2024-03-01"},)

    def applies(self) -> nw.Expr:
        """Services that are waited for."""
        return nw.col("decision") == "waiting"

    def valid(self) -> nw.Expr:
        """No start."""
        return nw.col("start_date").is_null()
