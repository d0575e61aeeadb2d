"""Applying a crosswalk to codes: forwards to what they say, backwards to the codes that a return would carry.

Backwards, a broad match is a narrow one, so nothing comes back more certain than it went.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdac_validator.crosswalks.answers import in_use, sources
from rdac_validator.crosswalks.reading import Crosswalk, Match, Status
from rdac_validator.standard import Standard

AT = "@"  # parts a term from the part of a person: HarmDirection/abuse_types/physical@parent_or_carer
OUT_OF_YEAR = "not in the list of that year"


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """What was asked about, and what the crosswalk makes of it.

    ``source`` is the line's element and code, as they stand in a return; ``target`` a term, with the part of a person
    behind ``@`` where no more is known. Both ways ``source`` is what went in, ``target`` what came out. ``note`` says
    why there is nothing, or what is lost.
    """

    source: str
    year: str
    target: str
    status: Status
    note: str


def forwards(crosswalk: Crosswalk, standard: Standard, codes: Iterable[tuple[str, str]]) -> list[Said]:
    """What codes say in the terms of the target: for each code and census year (empty: any), each line once, in order.

    A code stands alone (``3B``) or after its element (``ReferralSource/3B``); alone it is looked for in every element.
    A line whose code is not in use in the year says so. Codes that are not :func:`known` give nothing.
    """
    found = (said for code, year in codes for said in _forwards(crosswalk, standard, code.strip(), year.strip()))
    return sorted(set(found))


def _forwards(crosswalk: Crosswalk, standard: Standard, code: str, year: str) -> Iterator[Said]:
    for line in (line for line in crosswalk.matches if line.code and _named(line, code)):
        if in_use(standard, line, year):
            yield Said(line.source, year, _with_part(line), line.status, line.comment)
        else:
            yield Said(line.source, year, "", Status.NOT_DERIVABLE, OUT_OF_YEAR)


def known(crosswalk: Crosswalk, code: str) -> bool:
    """Whether a code, or the label of one, is of the crosswalk."""
    return any(line.code and _named(line, code.strip()) for line in crosswalk.matches)


def _named(line: Match, code: str) -> bool:
    return code.casefold() in {line.code.casefold(), line.source.casefold(), line.label.casefold()}


def _with_part(line: Match) -> str:
    return f"{line.term}{AT}{line.about}" if line.about else line.term


def backwards(crosswalk: Crosswalk, standard: Standard, terms: Iterable[tuple[str, str]]) -> list[Said]:
    """Which codes a return would carry for terms of the target, in a census year or in any.

    Without the part of a person behind ``@`` every part is possible, and several codes are ambiguous. A value to which
    no line leads is led back from the lines that stand for every value of its field: those that lead to the field
    itself, or to a value that is ``crosswalk_only``.
    """
    found = (said for term, year in terms for said in _backwards(crosswalk, standard, term.strip(), year.strip()))
    return sorted(set(found))


def _backwards(crosswalk: Crosswalk, standard: Standard, term: str, year: str) -> Iterator[Said]:
    name, _, part = term.partition(AT)
    lines = [line for line in crosswalk.matches if line.code and line.cls and line.term == name]
    if not lines and (kept := _kept_as_coded(crosswalk, standard, name)):
        yield Said(term, year, kept, Status.EXACT, "kept as coded")
        return
    lines = lines or _for_any_value(crosswalk, standard, name)
    fitting = [line for line in lines if _fits(line, part) and in_use(standard, line, year)]
    if not fitting:
        yield Said(term, year, "", Status.NOT_DERIVABLE, "no code says it")
    several = len({line.code for line in fitting}) > 1
    for line in fitting:
        status = line.status_backwards.worst(Status.AMBIGUOUS if several else Status.EXACT)
        yield Said(term, year, line.source, status, line.label)


def _fits(line: Match, part: str) -> bool:
    return not line.condition and (not part or not line.about or line.about == part)


def _parts(name: str) -> tuple[str, str, str]:
    cls, column, value = (*name.split("/", 2), "", "")[:3]
    return cls, column, value


def _kept_as_coded(crosswalk: Crosswalk, standard: Standard, name: str) -> str:
    """The element with the code, where a field keeps every code of it as it stands, such as ``source_codes``."""
    cls, column, value = _parts(name)
    known = sources(standard)
    for line in crosswalk.to(cls, column):
        lists = known.get(line.element, ())
        if not line.code and not line.value and any(value in standard.lists[held].codes for held in lists):
            return f"{line.element}/{value}"
    return ""


def _for_any_value(crosswalk: Crosswalk, standard: Standard, name: str) -> list[Match]:
    cls, column, value = _parts(name)
    held = [c for table in standard.tables if table.cls == cls for c in table.columns if c.name == column]
    if not held or not value:
        return []
    lists = [standard.lists[listed] for listed in held[0].lists]
    ruled_out = {code for listed in lists for code in listed.where("exclusive")}
    if value in ruled_out or value not in standard.codes(held[0]):
        return []
    unspecified = {code for listed in lists for code in listed.where("crosswalk_only")}
    return [line for line in crosswalk.to(cls, column) if line.code and line.value in {"", *unspecified}]
