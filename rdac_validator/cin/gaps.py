"""What a source cannot say, field by field: the number that a consultation needs."""

from __future__ import annotations

from dataclasses import dataclass

from rdac_validator.crosswalks import Crosswalk, Status
from rdac_validator.standard import Standard


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
