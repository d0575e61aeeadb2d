"""What a source cannot say, field by field: the number that a consultation needs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rdac_validator.crosswalks import Crosswalk, Status, load
from rdac_validator.standard import TIERS, Standard


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """An answer that the standard asks for, and how well the source gives it at best."""

    table: str
    column: str
    tier: str
    status: Status


def what_it_could_not_say(standard: Standard, crosswalk: Crosswalk) -> tuple[Gap, ...]:
    """List every answer of the standard (coded and not derived) that the source does not give exactly, in schema order.

    ``broad`` loses detail, ``ambiguous`` cannot be told for sure, ``not_derivable`` is not there at all.
    """
    gaps = []
    for table in standard.tables:
        for column in table.columns:
            if column.coded and not column.derived:
                status = _best(crosswalk, table.cls, column.name)
                gaps.append(Gap(table.name, column.name, column.tier, status))
    return tuple(gap for gap in gaps if gap.status is not Status.EXACT)


def _best(crosswalk: Crosswalk, cls: str, column: str) -> Status:
    ranks = list(Status)
    found = [match.status for match in crosswalk.to(cls, column)]
    return min(found, key=ranks.index, default=Status.NOT_DERIVABLE)


def unsaid(standard: Standard, crosswalk: Crosswalk | None = None) -> list[str]:
    """Say in sentences what the source could not say: a count by tier, then the answers, table by table."""
    gaps = what_it_could_not_say(standard, crosswalk or load())
    lines = ["What the census could not say:"]
    for tier in TIERS:
        counted = Counter(gap.status for gap in gaps if gap.tier == tier)
        told = ", ".join(f"{counted[status]} {status.replace('_', ' ')}" for status in Status if counted[status])
        asked = sum(c.tier == tier and c.coded and not c.derived for table in standard.tables for c in table.columns)
        lines.append(f"  {tier}: {sum(counted.values())} of {asked} answers are not given exactly: {told or 'none'}")
    for table in standard.tables:
        names = [gap.column for gap in gaps if gap.table == table.name and gap.status is Status.NOT_DERIVABLE]
        if names:
            lines.append(f"  {table.name}: nothing on {', '.join(names)}")
    return lines
