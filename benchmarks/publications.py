"""Publications made up by chance, for the attack on disclosure control: small returns, and tables of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from random import Random

from rdac_validator.disclosure import ALL, AtMost, Cell, Parts, Policy, Several, Table, each
from rdac_validator.metrics.axes import ANSWERED, DVA_HOW, HOW, NOT_APPLICABLE, UNKNOWN, YES_NO
from rdac_validator.metrics.bases import FLAGGED
from rdac_validator.metrics.demographics import COMMON, FACTORS, NUMBER
from rdac_validator.quality.ties import Ties
from rdac_validator.standard import load

Person = Mapping[str, str]
FACTOR = Several("factor", ("3A", "3B", "4A"))
FLAG = "factor:3A"  # where it is recorded abuse is flagged
DVA = Parts("dva", ("yes", "no"))
AXES: tuple[Parts | Several, ...] = (
    Parts("sex", ("f", "m", "u")),
    Parts("age", ("0", "5", "10", "16"), {"under 10": ("0", "5")}),
    Parts("area", ("n", "s", "e")),
    Parts("plan", ("none", "cin", "cp")),
    Parts("number", ("1", "2", "3")),  # a quantity, of which a mean is printed
    Parts("year", ("2023", "2024")),
    FACTOR,
)
GROUPS = {
    (axis.variable, name): held
    for axis in (*AXES, NUMBER, DVA_HOW)
    if isinstance(axis, Parts)
    for name, held in axis.groups.items()
}
MOST = 700  # of one kind of people, more than any return here has
# as in a return: factors, of which one flags abuse, and the code that there are none
CODES, FLAGS, NONE = ("3A", "1A", "2A", "4A", "5A", "6A"), "3A", "21"


@dataclass
class Case:
    """A made-up publication: the tables, the policy, what everybody knows of two units, means of a quantity, and the
    cells whose count is public anyhow.

    Where there can be people of some kinds only, ``kinds`` are those; ``ranges`` are the fewest and the most that
    everybody knows a count to be.
    """

    tables: list[Table]
    policy: Policy
    at_most: list[AtMost] = field(default_factory=list)
    means: dict[Cell, float] = field(default_factory=dict)
    known: dict[Cell, int] = field(default_factory=dict)
    kinds: list[Person] = field(default_factory=list)
    ranges: dict[Cell, tuple[int, int]] = field(default_factory=dict)


def variables(axis: Parts | Several) -> dict[str, tuple[str, ...]]:
    """The variables of an axis and what each can be."""
    if isinstance(axis, Parts):
        return {axis.variable: axis.categories}
    return {f"{axis.variable}:{name}": ("yes", "no") for name in axis.categories}


def holds(person: Person, cell: Cell) -> bool:
    """Whether a person is counted in a cell; groups of categories are found by name."""
    return all(person[variable] in (value, *GROUPS.get((variable, value), ())) for variable, value in cell.where)


def count(people: Sequence[Person], unit: str, name: str, by: tuple[Parts | Several, ...], given: Person) -> Table:
    """A table of people, as a report would count it."""
    empty = Table(name, unit, by, {}, given)
    finest = product(*(axis.categories if isinstance(axis, Parts) else (ALL, *axis.categories) for axis in by))
    counts = {at: sum(holds(person, empty.cell(*at)) for person in people) for at in finest}
    return Table(name, unit, by, counts, given)


def case(seed: int) -> Case:
    """A return and its publication, both made by chance from a seed."""
    random = Random(seed)  # noqa: S311 made-up data, no secret
    axes = random.sample(AXES, random.randint(1, 3))
    dva = variables(DVA)
    domains: dict[str, tuple[str, ...]] = dva | {v: d for axis in axes for v, d in variables(axis).items()}
    chances = {v: [random.random() ** 3 + 0.01 for _ in d] for v, d in domains.items()}
    size = random.choice([2, 6, 15, 40, 100, 300, 600])
    people = [{v: random.choices(d, chances[v])[0] for v, d in domains.items()} for _ in range(size)]
    given: list[Person] = [{}, {}, {"dva": "yes"}]
    given += [
        {axis.variable: axis.categories[0], **more} for axis in axes if isinstance(axis, Parts) for more in given[1:]
    ]
    tables = []
    for number in range(random.randint(1, 5)):
        base = random.choice(given)
        free = [axis for axis in axes if axis.variable not in base]
        by = tuple(random.sample(free, random.randint(0, min(len(free), 3))))
        if len(by) == 1 and isinstance(by[0], Several) and random.random() < 0.4:
            by = (by[0], by[0])
        tables.append(count(people, "assessment", f"T{number}", by, base))
    at_most = []
    if random.random() < 0.3:
        children = [person for person in people if random.random() < 0.8]
        tables += [count(children, "child", f"{t.name}c", t.by, t.given) for t in tables[:2]]
        conditions = {variable: values for axis in AXES for variable, values in variables(axis).items()}
        groups = {a.variable: (*a.categories, *a.groups) for a in AXES if isinstance(a, Parts)}
        at_most = list(each(tables, "child", "assessment", dva | conditions | groups))
    policy = Policy(random.choice([5, 5, 6]), random.choice(["zeros_shown", "zeros_shown", "zeros_suppressed"]))
    asked = "number" in domains and random.random() < 0.6
    found = Case(tables, policy, at_most, means(people, random.choice(tables[:1])) if asked else {})
    if FACTOR in axes and random.random() < 0.7:
        with_episodes(found, people, random)
    # drawn last, so that every other return is the one it was before there were these
    return with_numbers(policy, size, random) if random.random() < 0.15 else found


def with_numbers(policy: Policy, size: int, random: Random) -> Case:
    """Factors, their number and their pairs, in the tables of the report and with what it declares of them."""
    axis = Several(FACTORS.variable, tuple(sorted([*CODES, NONE])), answered=True)
    kinds = list(kinds_of(axis))
    often = {f"{axis.variable}:{name}": random.random() ** random.choice([1, 4]) for name in CODES}
    chances = [
        random.random() ** 4 * prod(often[name] if one[name] == "yes" else 1 - often[name] for name in often)
        for one in kinds
    ]
    people = random.choices(kinds, chances, k=size)
    given = {**FLAGGED.given, axis.variable: ANSWERED}
    tables = [
        count(people, "assessment", "how", (DVA_HOW,), {}),
        count(people, "assessment", "numbers", (NUMBER, Parts(DVA_HOW.variable, YES_NO)), {}),
        count(people, "assessment", "factors", (axis,), given),
    ]
    counts = {name: tables[2].counts[name,] for name in axis.categories if name != NONE}
    common = tuple(name for name, number in counts.items() if number >= COMMON)
    ranges = {tables[2].cell(name): (0, COMMON - 1) for name in counts if name not in common}
    if len(common) > 1:
        both = Several(axis.variable, common)
        tables.append(count(people, "assessment", "pairs", (both, both), given))
        ranges |= {tables[2].cell(name): (COMMON, MOST) for name in common}
    ties = list(Ties(tables, load(), {}).all())
    return Case(tables, policy, ties, kinds=kinds, ranges=ranges)


def kinds_of(axis: Several) -> Iterator[Person]:
    """Every kind of assessment by its factors and how abuse is flagged."""
    factors = [name for name in axis.categories if name != NONE]
    by_code, by_record, both = HOW
    for held in product((True, False), repeat=len(factors)):
        codes = {name for name, has in zip(factors, held, strict=True) if has} or {NONE}
        number = [name for name, least in FACTORS.bands.items() if least <= len(codes - {NONE})][-1]
        has = {f"{axis.variable}:{name}": "yes" if name in codes else "no" for name in axis.categories}
        for how in (by_code, both) if FLAGS in codes else (by_record, "no"):
            yield {**has, axis.variable: number, DVA_HOW.variable: how}
    nothing = {f"{axis.variable}:{name}": "no" for name in axis.categories}
    for answer, how in product((NOT_APPLICABLE, UNKNOWN), (by_record, "no")):
        yield {**nothing, axis.variable: answer, DVA_HOW.variable: how}


def with_episodes(given: Case, people: Sequence[Person], random: Random) -> None:
    """Add episodes of some assessments each: an episode has what any of its assessments has. Their factors may be
    published elsewhere too.
    """
    people = [{**person, "dva": "yes"} if person[FLAG] == "yes" else person for person in people]
    number = random.randint(1, len(people)) if random.random() < 0.5 else len(people)
    members: dict[int, list[Person]] = {}
    for place, person in enumerate(people):
        members.setdefault(place if place < number else random.randrange(number), []).append(person)
    asked = list(variables(FACTOR) | variables(DVA))
    episodes = [
        {v: "yes" if any(one[v] == "yes" for one in each) else "no" for v in asked} for each in members.values()
    ]
    given.tables[:] = [
        count(people, "assessment", "flagged", (FACTOR,), {"dva": "yes"}),
        count(people, "assessment", "abuse", (DVA,), {}),
        count(episodes, "episode", "episodes", (FACTOR, DVA), {}),
    ]
    given.at_most[:], given.means = of_episodes(), {}
    if random.random() < 0.5:
        whole = [given.tables[2].cell(name, ALL) for name in (ALL, *FACTOR.categories)]
        counts = {cell: sum(holds(one, cell) for one in episodes) for cell in whole}
        given.known |= {cell: number for cell, number in counts.items() if number >= given.policy.threshold}


def of_episodes() -> list[AtMost]:
    """What everybody knows of an episode and its assessments, about cells that are printed."""
    abuse, no_abuse = ("dva", "yes"), ("dva", "no")

    def cell(unit: str, *where: tuple[str, str]) -> Cell:
        return Cell(unit, frozenset(where))

    found = [
        AtMost((cell("episode", abuse),), (cell("assessment", abuse),)),
        AtMost((cell("episode", no_abuse, (FLAG, "yes")),), ()),
    ]
    found += [
        AtMost((cell("episode"),), (cell("assessment"),)),
        AtMost((cell("episode", no_abuse),), (cell("assessment", no_abuse),)),
    ]
    for factor in variables(FACTOR):
        held, lacked = (factor, "yes"), (factor, "no")
        others = () if factor == FLAG else (cell("assessment", no_abuse),)
        found.append(AtMost((cell("episode", held),), (cell("assessment", abuse, held), *others)))
        found.append(AtMost((cell("episode", abuse, lacked),), (cell("assessment", abuse, lacked),)))
    return found


def means(people: Sequence[Person], table: Table) -> dict[Cell, float]:
    """The mean of ``number`` over each cell of a table."""
    found = {}
    for at in table.coordinates():
        numbers = [int(person["number"]) for person in people if holds(person, table.cell(*at))]
        if numbers:
            found[table.cell(*at)] = sum(numbers) / len(numbers)
    return found
