"""Whether a crosswalk holds what it promises: no code left out, nothing said twice, nothing too certain.

A problem is a sentence for people. None of it is about data: a crosswalk is made by its authors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rdac_validator.crosswalks.answers import sources
from rdac_validator.crosswalks.reading import Crosswalk, Match, Status
from rdac_validator.standard import CodeList, Standard

CHAINED = "semapv:MappingChaining"
CURATED = "semapv:ManualMappingCuration"
YEARS = "CinCensusYear"


def verify(crosswalk: Crosswalk, standard: Standard) -> list[str]:
    """Every problem of one crosswalk, in the order of what is looked at; none is what is wanted."""
    return [
        *_left_out(crosswalk, standard),
        *_no_such_thing(crosswalk, standard),
        *_disagreeing(crosswalk),
        *_wrong_way(crosswalk, standard),
        *_untrue_cardinalities(crosswalk),
        *_unexplained(crosswalk),
    ]


def coverage(crosswalk: Crosswalk, standard: Standard) -> list[tuple[str, str, int, int]]:
    """For each code list and census year: the element, the year (empty where lists have none), lines and codes."""
    return [
        (element, year, len(_codes(crosswalk, element) & wanted), len(wanted))
        for element, lists in _elements(crosswalk, standard)
        for year, wanted in _wanted(lists, standard).items()
    ]


def _elements(crosswalk: Crosswalk, standard: Standard) -> list[tuple[str, list[CodeList]]]:
    known = sources(standard)
    begun = dict.fromkeys(line.element for line in crosswalk.matches if line.code)
    return [(element, [standard.lists[name] for name in known.get(element, ())]) for element in begun]


def _wanted(lists: Iterable[CodeList], standard: Standard) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = {}
    for held in lists:
        dated = any("first_year" in value.notes for value in held.values)
        for year in standard.lists[YEARS].codes if dated else ("",):
            wanted.setdefault(year, set()).update(v.code for v in held.values if _current(v.notes, year))
    return wanted


def _current(notes: Mapping[str, str], year: str) -> bool:
    legacy = "legacy_from" in notes
    return not year or (notes.get("first_year", "") <= year and (legacy or year <= notes.get("last_year", year)))


def _codes(crosswalk: Crosswalk, element: str) -> set[str]:
    return {line.code.partition("/")[0] for line in crosswalk.matches if line.element == element}


def _left_out(crosswalk: Crosswalk, standard: Standard) -> Iterator[str]:
    for element, year, found, wanted in coverage(crosswalk, standard):
        if found < wanted:
            yield f"{wanted - found} of {wanted} codes of {element}{' in ' + year if year else ''} have no line"


def _no_such_thing(crosswalk: Crosswalk, standard: Standard) -> Iterator[str]:
    known = sources(standard)
    for line in crosswalk.matches:
        if line.to_standard and line.cls and not _held(line, standard):
            yield f"{line.source} leads to {line.term}, which the standard does not have"
        foreign = line.target.partition(":")[0] in {"cin", "scot"}
        if foreign and line.column not in {c for name in known.get(line.cls, ()) for c in standard.lists[name].codes}:
            yield f"{line.source} leads to {line.term}, which is in no code list"


def _held(line: Match, standard: Standard) -> bool:
    tables = [table for table in standard.tables if table.cls == line.cls]
    if not line.column or not tables:
        return bool(tables)
    columns = [column for column in tables[0].columns if column.name == line.column]
    if not columns or not line.value:
        return bool(columns)
    # an ethnicity is a code of the scheme that stands beside it, so that its column names no list
    named = columns[0].lists or ("CinEthnicity",)
    allowed = {code for name in named for code in standard.lists[name].codes}
    return line.value in allowed or (columns[0].coded and line.value in standard.missing_reasons)


def _disagreeing(crosswalk: Crosswalk) -> Iterator[str]:
    """Two exact matches of one code into one list, or of two codes of one element into one value."""
    goals, origins = defaultdict(set), defaultdict(set)
    for line in crosswalk.matches:
        if line.code and line.status is Status.EXACT:
            field = (line.cls, line.column) if line.to_standard else (line.target.partition("/")[0],)
            goals[line.source, field].add(line.target)
            origins[line.element, line.target].add(line.code.partition("/")[0])
    yield from (f"{source} is exactly two things of {field[0]}" for (source, field), to in goals.items() if len(to) > 1)
    reasons = {target for (_, target), codes in origins.items() if len(codes) > 1}
    yield from (f"two codes are both exactly {target}: one is wider" for target in sorted(reasons))


def _wrong_way(crosswalk: Crosswalk, standard: Standard) -> Iterator[str]:
    """A match that claims more than its target can bear."""
    unspecified = {code for held in standard.lists.values() for code in held.where("crosswalk_only")}
    for line in crosswalk.matches:
        if line.value in unspecified and line.status in {Status.EXACT, Status.BROAD} and line.code:
            yield f"{line.source} leads to {line.value}, which says nothing, and calls it {line.status}"
        if line.condition and line.status is not Status.AMBIGUOUS:
            yield f"{line.source} holds on a condition and is called {line.status}"
        coded = line.code and line.element in sources(standard)
        if coded and line.to_standard and line.cls and not line.value and line.status is not Status.AMBIGUOUS:
            yield f"{line.source} leads to a field and to no value of it, and is called {line.status}"
        if line.predicate == "skos:narrowMatch" and not _has_siblings(line, crosswalk):
            yield f"{line.source} leads to one narrower thing and to no other: what of the rest?"


def _has_siblings(line: Match, crosswalk: Crosswalk) -> bool:
    return sum(other.source == line.source for other in crosswalk.matches) > 1


def _untrue_cardinalities(crosswalk: Crosswalk) -> Iterator[str]:
    goals, origins = defaultdict(set), defaultdict(set)
    for line in crosswalk.matches:
        if line.cls:
            goals[line.source].add(line.target)
            origins[line.target].add(line.source)
    for line in crosswalk.matches:
        true = f"{_one(origins[line.target])}:{_one(goals[line.source])}" if line.cls else "1:0"
        if line.cardinality != true:
            yield f"{line.source} to {line.target} is {true} and is called {line.cardinality}"


def _one(things: set[str]) -> str:
    return "1" if len(things) == 1 else "n"


def _unexplained(crosswalk: Crosswalk) -> Iterator[str]:
    for line in crosswalk.matches:
        if not line.comment or not line.label or line.justification not in {CHAINED, CURATED}:
            yield f"{line.source} has no label, no reason or no justification"
        if not 0 < line.confidence <= 1 or (line.status is not Status.EXACT and line.confidence == 1):
            yield f"{line.source} is {line.status}, with the confidence of something else"


def verify_pair(there: Crosswalk, back: Crosswalk) -> list[str]:
    """Problems between a crosswalk and the one the other way: what is broad there must be narrow back."""
    returning = {(line.term, line.source): line for line in back.matches if line.cls}
    return [
        f"{line.source} to {line.term}: read backwards it is {line.backwards}, and {back.name} says {other.predicate}"
        for line in there.matches
        if line.cls and (other := returning.get((line.source, line.term))) and other.predicate != line.backwards
    ]


def verify_chain(made: Crosswalk, first: Crosswalk, second: Crosswalk) -> list[str]:
    """Problems of a crosswalk between two sources that both lead to the standard.

    A line that is called chained must come of a line of each that leads to the same value, about the same part of a
    person or about nobody's on the far side, and may be no more certain than both. Any other line compares names, and
    is never more than ambiguous.
    """
    problems = []
    for line in made.matches:
        claim = line.status
        if line.justification == CHAINED:
            best = _chained(line, first, second)
            if claim.rank < best.rank:
                problems.append(f"{line.source} to {line.term} is called {claim}, and the standard allows {best}")
        elif claim.rank < Status.AMBIGUOUS.rank:
            problems.append(f"{line.source} to {line.term} compares names and is called {claim}")
    return problems


def _chained(line: Match, first: Crosswalk, second: Crosswalk) -> Status:
    ways = [
        near.status.worst(far.status_backwards)
        for near in first.matches
        for far in second.matches
        if near.source == line.source
        and far.source == line.term
        and near.target == far.target
        and near.value
        and far.about in {"", near.about}
    ]
    return min(ways, key=lambda status: status.rank, default=Status.NOT_DERIVABLE)
