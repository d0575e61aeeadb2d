"""Several people in one row of an export: columns that are named alike, but for the word that says whom they are about.

The words stand in ``schema/export-words.yaml``: ``Adult 1 ID`` and ``adult1_dob`` are of one person, ``Mother DOB`` is
of another. Columns that say nothing of a person that the standard holds, such as names, are left to the other guesses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rdac_validator.mapping.exports import Export, speakable
from rdac_validator.mapping.guessing import Guess, Names, words_of

KIND, RELATIONSHIP = "person_kind", "relationship_to_child"
TABLES = ("person", "adult_in_case")
MOST = 20  # people of one row; a greater number in a header is an age or a year
_TOKEN = re.compile("[a-z]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class Person:
    """One of the people of a row: ``called`` as the headers do, what the word says, and what the columns may be."""

    called: str
    says: Mapping[str, str]
    columns: Mapping[str, Guess]

    @property
    def id(self) -> str:
        """The column that names the person; empty where none does."""
        return next((column for column, guess in self.columns.items() if guess.column.name == "person_id"), "")


def people(export: Export, names: Names) -> tuple[Person, ...]:
    """The people that the columns of an export tell of, in the order in which they come; one alone is a row's own."""
    found: dict[str, dict[str, Guess]] = defaultdict(dict)
    roles: dict[str, str] = {}
    for column, header in export.headers.items():
        role, called, rest = about(header, names.roles) if speakable(header) else ("", "", "")
        tables = TABLES if names.roles.get(role, {}).get(KIND) == "adult" else TABLES[:1]
        if called and (guess := names.of_person(rest, tables)):
            roles[called] = role
            found[called].setdefault(column, guess)
    return tuple(Person(called, names.roles[roles[called]], columns) for called, columns in found.items())


def about(header: str, roles: Mapping[str, Mapping[str, str]]) -> tuple[str, str, str]:
    """Whom a header is about: the word, the word with its number, and the words that are left.

    What is called is empty where nothing tells one person of a row from another: a child or an adult without a number.
    """
    words = _TOKEN.findall(words_of(header))
    places = [at for at, word in enumerate(words) if word in roles]
    numbered = [at for at in places if words[at + 1 : at + 2] and _is_number(words[at + 1])]
    if not places:
        return "", "", ""
    at = (numbered or places)[0]
    number = next((word for word in words[at + 1 :] if _is_number(word)), "")
    rest = [word for place, word in enumerate(words) if place != at]
    if number:
        rest.remove(number)
    called = f"{words[at]} {number}".strip() if number or RELATIONSHIP in roles[words[at]] else ""
    return words[at], called, " ".join(rest)


def _is_number(word: str) -> bool:
    return word.isdigit() and 1 <= int(word) <= MOST
