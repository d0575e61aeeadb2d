"""What a report says, whatever form it takes: tables laid out, findings, what stays dark, and the fine print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rdac_validator.disclosure import HIDDEN, NOT_APPLICABLE
from rdac_validator.metrics import ON_REQUEST, MetricInfo
from rdac_validator.quality.derived import Derived
from rdac_validator.quality.itself import ITSELF
from rdac_validator.quality.labels import Labels
from rdac_validator.quality.layout import Layout
from rdac_validator.quality.measuring import Period, Quality
from rdac_validator.quality.wording import Finding, findings
from rdac_validator.standard import Standard


@dataclass(frozen=True, slots=True)
class Dark:
    """A metric that a return does not answer, and the fields that would have to be collected for it."""

    metric: MetricInfo
    period: Period
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """A report before it is written. ``notes`` say what was not read or not checked; ``derived`` are the tables that
    were worked out of its figures, or released from a model.
    """

    quality: Quality
    standard: Standard
    notes: tuple[str, ...] = ()
    derived: tuple[Derived, ...] = ()

    @cached_property
    def metrics(self) -> Mapping[str, MetricInfo]:
        """What every metric of the report says of itself, those of the report itself among them, by code."""
        infos = {metric.code: metric.info() for metric in ITSELF}
        return dict(sorted((infos | dict(self.quality.metrics)).items()))

    @cached_property
    def layouts(self) -> list[Layout]:
        """Every table, in the order of metrics and periods."""
        labels = Labels(self.standard)
        return [Layout(asked, table, labels) for asked, table in self.quality.tables()]

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings of the newest period."""
        return findings(self.layouts, self.quality.periods[-1].name)

    @cached_property
    def dark(self) -> list[Dark]:
        """What stays dark, by period and metric."""
        periods = {period.name: period for period in self.quality.periods}
        return [
            Dark(
                self.quality.metrics[code],
                periods[name],
                tuple(f"{table}.{column}" for table, columns in lacking.items() for column in columns),
            )
            for (code, name), lacking in self.quality.dark.items()
        ]

    def left_out(self) -> Iterator[tuple[str, str]]:
        """Metrics that this report does not answer, with the reason."""
        yield from ((one.code, one.on_request) for one in ON_REQUEST if one.code not in self.quality.metrics)

    def protection(self) -> list[str]:
        """How small counts are kept from being told, in sentences."""
        policy = self.quality.protected.policy
        least = "1" if policy.zero_policy == "zeros_shown" else "0"
        said = [
            f"Counts from {least} to {policy.threshold - 1} are hidden, and so is every other count from which one of "
            f"them could be worked out; both are marked {HIDDEN}, and nothing tells them apart.",
            "Noughts are shown, unless a total above them is hidden."
            if policy.zero_policy == "zeros_shown"
            else "Noughts are hidden like small counts.",
            f"Percentages are of printed counts; {NOT_APPLICABLE} stands where there is nobody to take a share of.",
            "All tables of this report were protected together. Together with another report of the same children they "
            "may tell more: publish years in one run, and never two reports of one return.",
        ]
        if policy.rounding > 1:
            said.append(f"Counts are rounded to the nearest {policy.rounding}, so that parts need not sum to the base.")
        return said
