"""What a source cannot say, field by field: the number that a consultation needs."""

from __future__ import annotations

from collections import Counter

from rdac_validator.crosswalks import Crosswalk, Status, load
from rdac_validator.crosswalks.answers import CORE, Answer, answers, asked, in_a_sentence
from rdac_validator.standard import TIERS, Standard


def what_it_could_not_say(standard: Standard, crosswalk: Crosswalk) -> tuple[Answer, ...]:
    """List every answer of the standard (coded and not derived) that the source does not give exactly, in schema order.

    ``broad`` loses detail, ``ambiguous`` cannot be told for sure, ``not_derivable`` is not there at all.
    """
    return tuple(answer for answer in answers(standard, crosswalk) if answer.status is not Status.EXACT)


def unsaid(standard: Standard, crosswalk: Crosswalk | None = None) -> list[str]:
    """Say in sentences what the source could not say: a count by tier, then the answers, table by table."""
    gaps = what_it_could_not_say(standard, crosswalk or load())
    lines = ["What the census could not say:"]
    lines.append("  " + in_a_sentence(answers(standard, crosswalk or load(), CORE), "a census file of some year"))
    for tier in TIERS:
        counted = Counter(gap.status for gap in gaps if gap.tier == tier)
        told = ", ".join(f"{counted[status]} {status.replace('_', ' ')}" for status in Status if counted[status])
        wanted = sum(1 for _ in asked(standard, (tier,)))
        lines.append(f"  {tier}: {sum(counted.values())} of {wanted} answers are not given exactly: {told or 'none'}")
    for table in standard.tables:
        names = [gap.column for gap in gaps if gap.table == table.name and gap.status is Status.NOT_DERIVABLE]
        if names:
            lines.append(f"  {table.name}: nothing on {', '.join(names)}")
    return lines
