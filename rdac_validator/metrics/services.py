"""Services: from need to help, what stands in the way, and language."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rdac_validator.metrics.adults import NOT_GOT, WITHOUT, without_service
from rdac_validator.metrics.axes import CAUSES, ETHNICITY, UNKNOWN, Bands, answers
from rdac_validator.metrics.base import Headline, Metric, Question
from rdac_validator.metrics.bases import ADULTS, REFERRALS
from rdac_validator.metrics.cases import Cases

NOT_BEGUN = "not begun"
WAIT = Bands(
    "wait",
    {"up to 2 weeks": 0, "up to 4 weeks": 15, "up to 12 weeks": 29, "over 12 weeks": 85},
    (NOT_BEGUN, UNKNOWN),
)


class NeedToHelp(Metric):
    """What became of adults' need for a service: found, referred, accepted, waited for, refused and why.

    Why: people fall between thresholds, each service asks that another go first, and children worsen on waiting lists.
    Read: need found and not referred, and not offered, are where the funnel begins to leak. A wait counts to the start.
    """

    code = "M28"
    tier = "T1"
    sources = ("powell-2024:2.5", "powell-2024:C.2", "rdac-2026:1.3.3", "rdac-2026:6.5")
    needs = {"adult_in_case": ("service_access_outcome", "service_barrier")}
    adds = {
        "service_referral": ("decision", "decision_reason", "sequencing_condition", "referral_date", "start_date"),
    }

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Adults by outcome and barrier; referrals by decision and wait, reason, and what had to come first."""
        outcome = answers("adult_in_case", "service_access_outcome", cases.standard, {NOT_GOT: WITHOUT})
        words = Headline((NOT_GOT, None), "are waiting for a service, were refused it or have none nearby")
        caption = "Adults by what became of their need for a service, and whether they cause harm"
        yield self.ask(cases, ADULTS, [outcome, CAUSES], caption, "outcome", words)
        barrier = answers("adult_in_case", "service_barrier", cases.standard)
        base = without_service(ADULTS, "service_access_outcome")
        yield self.ask(cases, base, [barrier], "Adults by what stood in the way of a service", "barrier")
        if cases.answered("service_referral", "decision"):
            yield from self._referrals(cases)

    def _referrals(self, cases: Cases) -> Iterator[Question]:
        decision = answers("service_referral", "decision", cases.standard, {NOT_GOT: WITHOUT})
        days = (pl.col("start_date") - pl.col("referral_date")).dt.total_days()
        wait = pl.when(pl.col("start_date").is_null()).then(pl.lit(NOT_BEGUN)).otherwise(WAIT.of(days)).alias("wait")
        caption = "Referrals to services by decision and wait"
        yield self.ask(cases, REFERRALS, [decision, WAIT.axis], caption, "referrals", columns=[wait])
        if cases.answered("service_referral", "decision_reason"):
            reason = answers("service_referral", "decision_reason", cases.standard)
            base = without_service(REFERRALS, "decision")
            yield self.ask(cases, base, [reason], "Referrals to services by what stood in the way", "reason")
        if cases.answered("service_referral", "sequencing_condition"):
            first = answers("service_referral", "sequencing_condition", cases.standard)
            yield self.ask(cases, REFERRALS, [first], "Referrals to services by what had to come first", "sequence")


class Language(Metric):
    """Interpreters for adults, and referrals to services led by and for the community that they serve.

    Why: language is given as the reason why men are absent; relatives interpret; few services fit minoritised families.
    Read: a family member who interprets is unsafe practice. Ethnic groups are the report's broad ones.
    """

    code = "M29"
    tier = "T1"
    sources = ("rdac-2026:6.4", "rdac-2026:app-4.2")
    needs = {"adult_in_case": ("interpreter",)}
    adds = {"service_referral": ("by_and_for",), "person": ("ethnicity_code", "ethnicity_scheme")}

    def questions(self, cases: Cases) -> Iterator[Question]:
        """Adults by interpreter and whether they cause harm; referrals by provision and ethnic group."""
        interpreter = answers("adult_in_case", "interpreter", cases.standard)
        words = Headline(("needed_not_provided", None), "needed an interpreter and had none")
        caption = "Adults by interpreter, and whether they cause harm"
        yield self.ask(cases, ADULTS, [interpreter, CAUSES], caption, "interpreter", words)
        if cases.answered("service_referral", "by_and_for"):
            by_and_for = answers("service_referral", "by_and_for", cases.standard)
            caption = "Referrals by whether the service is led by and for the community, and the person's ethnic group"
            yield self.ask(cases, REFERRALS, [by_and_for, ETHNICITY], caption, "by and for")
