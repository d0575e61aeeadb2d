"""Records with a site's published figures, by exact quotas and not by chance.

What is the study's: the number of records, the number with each indicator, the number in each row of each table, the
sizes of the latent classes and the share of each class with each indicator, as nearly as whole records allow. What is
ours: everything on how these go together. Within a class each indicator is dealt out evenly over those with and without
the others, so that they are as good as independent of each other, as a latent class model has it; but for one thing:
every record has one of domestic abuse. Sex, age, ethnic group and outcome are dealt out over all records, independently
of each other and of the classes, since the report prints no table of two of them. So nothing can be learnt here about
any two of them together, and nobody is described.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from rdac_validator.study.published import CODES, Site
from rdac_validator.whole import apportion, nearest

# Every record is one with domestic abuse: one of these indicators is there. Scotland has one, which all records have.
DVA = ("DVA re. parent", "DVA re. another person", "DVA re. child")


@dataclass(frozen=True, slots=True)
class Record:
    """One made-up record: the latent class it was made in, its indicators, and the row it is in of each table."""

    latent_class: str
    indicators: frozenset[str]
    answers: Mapping[str, str]


def class_counts(site: Site) -> dict[str, list[int]]:
    """How many records of each class have each indicator; over the classes they sum to the published number."""
    sizes = apportion(site.size, list(site.classes.sizes.values()))
    return {
        indicator: nearest(
            [size * share / 100 for size, share in zip(sizes, site.classes.probabilities[indicator], strict=True)],
            sizes,
            number,
        )
        for indicator, number in site.margin(CODES).items()
    }


def records(site: Site, seed: int = 1, *, reading: bool = False) -> list[Record]:
    """The records of a site. Another seed deals them out differently: the published figures stay the same.

    ``reading`` takes the other reading of the report where it has two.
    """
    made = _with_indicators(site, seed)
    dealt = {
        about: _dealt(site.margin(about, reading=reading), f"{seed}/{site.name}/{about}")
        for about in site.tables
        if about != CODES
    }
    return [
        Record(latent_class, indicators, {about: rows[at] for about, rows in dealt.items()})
        for at, (latent_class, indicators) in enumerate(made)
    ]


def _dealt(numbers: Mapping[str, int], seed: str) -> list[str]:
    """Every label as often as its number says, in a shuffled order."""
    labels = [label for label, number in numbers.items() for _ in range(number)]
    Random(seed).shuffle(labels)  # noqa: S311 nothing here is secret
    return labels


def _with_indicators(site: Site, seed: int) -> list[tuple[str, frozenset[str]]]:
    """The class of each record with its indicators, in a shuffled order."""
    counts, made = class_counts(site), []
    sizes = apportion(site.size, list(site.classes.sizes.values()))
    for at, (name, size) in enumerate(zip(site.classes.sizes, sizes, strict=True)):
        have = _members(
            {indicator: numbers[at] for indicator, numbers in counts.items()}, size, f"{seed}/{site.name}/{name}"
        )
        made += [(name, frozenset(one for one in have if member in have[one])) for member in range(size)]
    Random(f"{seed}/{site.name}").shuffle(made)  # noqa: S311
    return made


def _members(numbers: Mapping[str, int], size: int, seed: str) -> dict[str, set[int]]:
    """Which members of a class have each indicator: evenly over those with and without the indicators dealt before.

    The commonest of abuse comes last, and goes first to those who have no other.
    """
    random = Random(seed)  # noqa: S311
    *rarer, commonest = sorted((name for name in DVA if name in numbers), key=numbers.__getitem__) or [""]
    have: dict[str, set[int]] = {}
    for indicator in sorted(numbers, key=lambda name: (name == commonest, abs(numbers[name] - size / 2))):
        order = random.sample(range(size), size)
        order.sort(key=lambda member: [member in had for had in have.values()])
        bare = [m for m in order if not any(m in have[name] for name in rarer)] if indicator == commonest else []
        rest = [member for member in order if member not in set(bare)]
        wanted = numbers[indicator] - len(bare)
        have[indicator] = {*bare[: numbers[indicator]], *_evenly(rest, wanted, random.random())}
    return have


def _evenly(order: Sequence[int], number: int, start: float) -> Iterator[int]:
    """So many of a list, at equal distances from each other: systematic sampling."""
    return (order[int((at + start) * len(order) / number)] for at in range(number))
