"""Which blocks a draft has for a table of the return: from which input, with what beside it, and what is left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from rdac_validator.mapping.exports import Export
from rdac_validator.mapping.guessing import Guess
from rdac_validator.mapping.relating import Guesses, Link
from rdac_validator.standard import Column, Table


@dataclass(frozen=True, slots=True)
class Said:
    """A column of the export, ``name`` as the mapping file calls it, and what it may be."""

    export: Export
    column: str
    name: str
    guess: Guess


@dataclass(frozen=True, slots=True)
class Beside:
    """A join: the other input, which column here is which there, by header, and the share of cells with a key."""

    other: str
    here: str
    there: str
    share: float
    gather: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """A block before it is written.

    ``open`` are columns of inputs put beneath this one that have several rows for one of here, or say what is said.
    """

    source: str
    said: tuple[Said, ...]
    joins: tuple[Beside, ...]
    open: tuple[Said, ...]


def is_key(column: Column, table: Table) -> bool:
    """Whether a column holds ids."""
    return column.name in table.key or bool(column.references) or column.privacy == "pseudonym_key"


def sketches(table: Table, exports: Mapping[str, Export], guesses: Guesses, links: Sequence[Link]) -> Iterator[Sketch]:
    """A block for each input that says something of the table: more than keys, or a key of its own.

    An input whose keys stand in another that tells of the same things is put beside that one, unless it is a list of
    keys of which some are nowhere else.
    """
    mine = {
        name: {column: guess for column, guess in found.items() if guess.table.name == table.name}
        for name, found in guesses.items()
    }
    own = [name for name, found in mine.items() if any(_tells(guess, table) for guess in found.values())]
    beneath = _beneath(own, mine, table, links)
    for name in (name for name in own if name not in beneath):
        within = [(link, link.source) for link in beneath.values() if link.other == name]
        above = {link.other: link for link in reversed(links) if link.source == name and link.other not in own}
        yield _sketch(name, [*within, *((link, other) for other, link in above.items())], mine, exports)


def _tells(guess: Guess, table: Table) -> bool:
    return guess.column.name in table.key[:1] or not is_key(guess.column, table)


def _beneath(own: Sequence[str], mine: Guesses, table: Table, links: Sequence[Link]) -> dict[str, Link]:
    """The inputs that are put beside another, those that say least first."""
    found: dict[str, Link] = {}
    for link in sorted(links, key=lambda link: len(mine[link.source])):
        sides = ((link.source, link.here), (link.other, link.there))
        keys = [guess.column.name for name, column in sides if (guess := mine[name].get(column))]
        taken = {*found, *(before.other for before in found.values())}
        fits = {link.source, link.other} <= {*own} and keys == [*table.key[:1]] * 2
        lost = link.share < 1 and len(mine[link.source]) == 1
        if fits and not lost and link.source not in taken and link.other not in found:
            found[link.source] = link
    return found


def _sketch(name: str, links: Sequence[tuple[Link, str]], mine: Guesses, exports: Mapping[str, Export]) -> Sketch:
    said = [Said(exports[name], column, exports[name].headers[column], guess) for column, guess in mine[name].items()]
    joins, left = [], []
    for link, other in links:
        here, there = (link.here, link.there) if link.source == name else (link.there, link.here)
        gather = link.again and link.source == other
        targets = {one.guess.column.name for one in said}
        theirs = [
            Said(exports[other], column, f"{other}.{exports[other].headers[column]}", guess)
            for column, guess in mine[other].items()
        ]
        fresh = [one for one in theirs if one.guess.column.name not in targets and not one.guess.flag]
        fits = [one for one in fresh if not gather or (one.guess.column.multiple and one.guess.column.lists)]
        if link.source == other:
            new = {one.column for one in fits}
            left += [one for one in theirs if one.column not in new and not is_key(one.guess.column, one.guess.table)]
        said += fits
        if fits:
            headers = exports[name].headers[here], exports[other].headers[there]
            joins.append(Beside(other, *headers, floor(100 * link.share) / 100, gather))
    return Sketch(name, tuple(said), tuple(joins), tuple(left))
