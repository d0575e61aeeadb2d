"""Services: what became of a need, what stood in the way, and referrals with their days in order."""

from __future__ import annotations

from typing import ClassVar

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import Row, RowRule
from rdac_validator.rules.missing_reasons import REASON, NotApplicableOnly

NEEDS_BARRIER = ("refused_by_service", "not_available", "waiting")


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


class NeedsBarrier(NotApplicableOnly, abstract=True):
    """What stood in the way is ``not_applicable`` only where the ``outcome`` does not say that something did."""

    outcome: ClassVar[str]
    requirements: ClassVar[tuple[str, ...]] = ("R06", "R30")

    def condition(self) -> nw.Expr:
        """Given, not needed, or declined."""
        return ~nw.col(self.outcome).is_in(NEEDS_BARRIER)


class RecoveryBarrierNotApplicable(NeedsBarrier):
    """A child was refused help to recover or waits for it, and nothing is said to stand in the way.

    Why: children's trauma goes unanswered for reasons that can be changed only when they are counted.
    Fix: give recovery_barrier, for example safety_or_stability_criterion, or the missing reason that is true.
    """

    code = "RDAC240"
    table = "child_experience"
    columns = ("recovery_barrier", "recovery_support")
    field = "recovery_barrier"
    outcome = "recovery_support"
    message = "recovery_barrier is not_applicable although recovery_support is refused, not available or waited for"
    sources = ("powell-2024:2.1", "rdac-2026:6.4")
    good: tuple[Row, ...] = (
        {"recovery_support": "receiving", "recovery_barrier": REASON},
        {"recovery_support": "waiting", "recovery_barrier": "capacity_or_waiting_list"},
        {"recovery_support": "waiting", "recovery_barrier": "not_recorded"},
        {"recovery_support": "not_asked", "recovery_barrier": REASON},
    )
    bad: tuple[Row, ...] = (
        {"recovery_support": "refused_by_service", "recovery_barrier": REASON},
        {"recovery_support": "not_available", "recovery_barrier": REASON},
        {"recovery_support": "waiting", "recovery_barrier": REASON},
    )


class ServiceBarrierNotApplicable(NeedsBarrier):
    """An adult was refused a service or waits for one, and nothing is said to stand in the way.

    Why: services that take only those who admit a problem, or who are no risk, leave out those whom the work is about.
    Fix: give service_barrier, for example current_risk_excludes, or the missing reason that is true.
    """

    code = "RDAC241"
    table = "adult_in_case"
    columns = ("service_barrier", "service_access_outcome")
    field = "service_barrier"
    outcome = "service_access_outcome"
    message = (
        "service_barrier is not_applicable although service_access_outcome is refused, not available or waited for"
    )
    sources = ("rdac-2026:6.5",)
    good: tuple[Row, ...] = (
        {"service_access_outcome": "no_need_identified", "service_barrier": REASON},
        {"service_access_outcome": "refused_by_service", "service_barrier": "current_risk_excludes"},
        {"service_access_outcome": "not_available", "service_barrier": "asked_unknown"},
    )
    bad: tuple[Row, ...] = (
        {"service_access_outcome": "refused_by_service", "service_barrier": REASON},
        {"service_access_outcome": "not_available", "service_barrier": REASON},
        {"service_access_outcome": "waiting", "service_barrier": REASON},
    )


class DecisionReasonNotApplicable(NeedsBarrier):
    """A service refused a referral or put it on a list, and nothing is said to stand in the way.

    Why: without the reason nobody can see which criteria shut out which children and adults.
    Fix: give decision_reason, or the missing reason that is true.
    """

    code = "RDAC242"
    table = "service_referral"
    columns = ("decision_reason", "decision")
    field = "decision_reason"
    outcome = "decision"
    message = "decision_reason is not_applicable although decision is refused, not available or waiting"
    sources = ("powell-2024:2.5", "rdac-2026:6.5")
    good: tuple[Row, ...] = (
        {"decision": "completed", "decision_reason": REASON},
        {"decision": "waiting", "decision_reason": "capacity_or_waiting_list"},
        {"decision": "refused_by_service", "decision_reason": "not_recorded"},
    )
    bad: tuple[Row, ...] = (
        {"decision": "refused_by_service", "decision_reason": REASON},
        {"decision": "not_available", "decision_reason": REASON},
        {"decision": "waiting", "decision_reason": REASON},
    )
