"""A draft of a mapping file, as text with comments that say how sure each line is.

What a column or a code may be is guessed in :mod:`rdac_validator.mapping.guessing`, which also sees to it that no free
text and no rare value gets here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rdac_validator.mapping.codes import code_text
from rdac_validator.mapping.drafted_cells import cell, cells, quoted
from rdac_validator.mapping.exports import HEADLESS, Export, ExportError, headless, speakable
from rdac_validator.mapping.guessing import (
    Guess,
    Names,
    not_known,
    words_of,
)
from rdac_validator.mapping.people import KIND, RELATIONSHIP, TABLES, Person, about, people
from rdac_validator.mapping.relating import Guesses, links
from rdac_validator.mapping.sketching import Said, Sketch, sketches
from rdac_validator.standard import PROFILES, Standard, Table

_HEAD = (
    "# A draft by rdac map init: every line is a guess until someone who knows the system has read it.",
    "# The number behind a column or a code is how alike the names are, up to 1.",
    "version: 0.1.0",
    "title: A draft",
    f"profile: {PROFILES[0]}",
    "code_list_version: cin_2023_24 # put in the one that holds",
    "unfilled: not_collected_by_source",
    "missing: # put in what your codes mean",
)
_MISSING = {"Not known": "asked_unknown", "N/A": "not_applicable"}


def input_names(names: Sequence[str]) -> list[str]:
    """Short names for inputs, made of the names of files or sheets; each once."""
    made: list[str] = []
    for number, name in enumerate(names, start=1):
        short = code_text(name).lower()[:28] if speakable(name) else ""
        short = short if short[:1].isalpha() and short.isascii() else f"input_{number}"
        made.append(short if short not in made else f"{short}_{number}")
    return made


def draft(exports: Mapping[str, Export], files: Mapping[str, tuple[str, str]], standard: Standard) -> str:
    """Draft a mapping file for an export.

    ``files`` leads from the name of each input to its file and its sheet. Raises
    :class:`~rdac_validator.mapping.exports.ExportError` where nothing looks like the standard.
    """
    return "\n".join(_Draft(exports, standard).lines(files)) + "\n"


class _Draft:
    """What is guessed of an export, and the lines of the mapping file that say it."""

    def __init__(self, exports: Mapping[str, Export], standard: Standard) -> None:
        self.exports, self.standard, self.names = exports, standard, Names(standard)
        self.people = {name: people(export, self.names) for name, export in exports.items()}
        self.guesses: Guesses = {name: self.guessed(name) for name in exports}
        if not any(self.guesses.values()) and not any(self.people.values()):
            raise ExportError(
                "no column of the export looks like one of the standard: the names of the columns must stand in the "
                "first line, without a title above it"
            )
        self.links = links(exports, self.guesses)
        self.missing = not_known(self.coded(), self.names.words["missing"])
        self.placed: set[tuple[str, str]] = set()  # files and headers of what stands in a block

    def coded(self) -> Iterator[tuple[Export, str]]:
        """The columns that may hold codes."""
        for name, export in self.exports.items():
            guessed = [self.guesses[name], *(person.columns for person in self.people[name])]
            yield from ((export, column) for each in guessed for column, guess in each.items() if guess.column.lists)

    def guessed(self, name: str) -> dict[str, Guess]:
        """What each column of an input may be that is not of one of several people."""
        export, theirs = self.exports[name], {column for person in self.people[name] for column in person.columns}
        return {
            column: found
            for column, header in export.headers.items()
            if column not in theirs and speakable(header) and (found := self.names.guess(header, column, export))
        }

    def lines(self, files: Mapping[str, tuple[str, str]]) -> Iterator[str]:
        """The mapping file, line by line."""
        tables = [*self.tables()]
        yield from _HEAD
        yield from (f"  {quoted(text)}: {reason}" for text, reason in (self.missing or _MISSING).items())
        yield "inputs:"
        for name, (file, sheet) in files.items():
            yield from (f"  {name}:", f"    {'sheet' if sheet else 'file'}: {quoted(sheet or file)}")
            if headless([*self.exports[name].headers.values()]):
                yield f"    # {HEADLESS}"
            yield from self.unmatched(name)
        yield from ("tables:", *tables)

    def tables(self) -> Iterator[str]:
        """The tables of the return with their blocks."""
        for table in self.standard.tables:
            blocks = [line for sketch in self.sketches(table) for line in self.block(sketch, table)]
            blocks += [line for name in self.exports for line in self.of_people(name, table)]
            if blocks:
                yield from (f"  {table.name}:", *blocks)
            elif table.in_profile(PROFILES[0]):
                needed = ", ".join(column.name for column in table.columns if column.required)
                yield f"  # {table.name} is asked for at profile {PROFILES[0]}, and nothing looks like it: {needed}"

    def unmatched(self, name: str) -> Iterator[str]:
        """The columns of an input that look like nothing in the standard, or stand in no block."""
        export, of_people = self.exports[name], {column for person in self.people[name] for column in person.columns}
        for number, (column, header) in enumerate(export.headers.items(), start=1):
            guess = self.guesses[name].get(column)
            if words_of(header) in self.names.words["area"]:
                called = " ".join(header.split())
                yield f"    # {called} looks like the code of a small area, which becomes a decile and is dropped:"
                yield "    #   say area: and its name in a block of family_circumstances, and give --deprivation"
            elif guess and (export.file, header) not in self.placed:
                yield f"    # {header} looks like {guess.table.name}.{guess.column.name}, and stands in no block"
            elif not guess and column not in of_people:
                yield f"    # nothing in the standard looks like {header if speakable(header) else f'column {number}'}"

    def sketches(self, table: Table) -> Iterator[Sketch]:
        """The blocks of a table that are about one thing a row."""
        return sketches(table, self.exports, self.guesses, self.links)

    def block(self, sketch: Sketch, table: Table) -> Iterator[str]:
        """A block with its joins."""
        self.placed |= {(said.export.file, said.export.headers[said.column]) for said in (*sketch.said, *sketch.open)}
        yield f"    - from: {sketch.source}"
        if sketch.joins:
            yield "      join: # guessed from names and from what the cells have in common"
        for join in sketch.joins:
            self.placed |= {(self.exports[sketch.source].file, join.here), (self.exports[join.other].file, join.there)}
            on = f"{{{quoted(join.here)}: {quoted(join.there)}}}"
            gather = ", gather: true" if join.gather else ""
            yield f"        - {{input: {join.other}, on: {on}{gather}}} # {join.share} of the cells find their key"
        yield "      once: true # if rows of the export may tell the same thing again"
        yield "      cells:"
        yield from cells(sketch.said, table, self.standard, self.missing)
        yield from self.kind(sketch, table)
        yield from self.lacking({said.guess.column.name for said in sketch.said}, table, sketch.source)
        for said in sketch.open:
            yield f"        # {said.name} looks like {said.guess.column.name} too, or has several rows for one of here"

    def kind(self, sketch: Sketch, table: Table) -> Iterator[str]:
        """Whom a row of people is about, where the header of their ids says it."""
        for said in sketch.said:
            role = about(said.name, self.names.roles)[0]
            if table.name == TABLES[0] and said.guess.column.name == table.key[0] and role:
                yield f"        {KIND}: {{value: {self.names.roles[role][KIND]}}} # as its id is called"

    def lacking(self, held: set[str], table: Table, name: str) -> Iterator[str]:
        """Columns that a row needs: where the input names what they refer to, an id of it; else nothing was found."""
        for wanted in (column for column in table.columns if column.name not in held):
            thing = wanted.references or (table.name if wanted.name in table.key else "")
            letter, same, made = thing[:1].upper(), self.named(f"{thing}_id", name), self.made(thing, name)
            # a person of another table may be an adult: only a child is who the row's person is
            if wanted.required and same and (thing != "person" or wanted.name == "child_id"):
                yield f"        {wanted.name}: {{id: {letter}, columns: [{same}]}} # as in {thing}"
            elif wanted.required and made:
                yield f"        {wanted.name}: {{id: {letter}, columns: [{made}]}} # nothing names it: is it one a day?"
            elif wanted.name in table.key:
                yield f"        {wanted.name}: {{value: put_in_where_it_comes_from}} # the key: nothing looks like it"
            elif wanted.required:
                yield f"        # {wanted.name} is required, and nothing looks like it"

    def made(self, thing: str, name: str) -> str:
        """What may name a thing that no column names: the child of the row and a day of the thing; or nothing."""
        child = self.named("person_id", name)
        days = [
            quoted(self.exports[name].headers[column])
            for column, guess in self.guesses[name].items()
            if guess.table.name == thing and guess.column.type == "date"
        ]
        return f"{child}, {days[0]}" if child and days else ""

    def named(self, key: str, name: str) -> str:
        """The header of the column of an input that may be a key, which then has a place in the draft; or nothing."""
        export = self.exports[name]
        for column, guess in self.guesses[name].items():
            if guess.column.name == key:
                self.placed.add((export.file, export.headers[column]))
                return quoted(export.headers[column])
        return ""

    def of_people(self, name: str, table: Table) -> Iterator[str]:
        """A block for each of several people of a row."""
        for person in self.people[name] if table.name in TABLES else ():
            mine = [
                Said(self.exports[name], column, self.exports[name].headers[column], guess)
                for column, guess in person.columns.items()
                if guess.table.name == table.name and column != person.id
            ]
            if table.name != TABLES[0] and not mine and RELATIONSHIP not in person.says:
                continue
            yield f"    # {person.called}, of the same row"
            if ids := [*self.ids(name, person)]:
                yield f"    - from: {name}"
                yield from ids
                yield from cells(mine, table, self.standard, self.missing)
                told = {said.guess.column.name for said in mine}
                constants = {key: value for key, value in person.says.items() if key in table.names and key not in told}
                yield from (
                    f"        {key}: {{value: {value}}} # as the columns are called" for key, value in constants.items()
                )
                yield from self.lacking({"person_id", *told, *constants}, table, name)
            else:
                yield "    # left out: no column names the person, and none the child or the family of the row"

    def ids(self, name: str, person: Person) -> Iterator[str]:
        """The lines that name a person: by an id of their own, or as the one so called of the row's own person."""
        export = self.exports[name]
        if person.id:
            yield from ("      once: true # where a person stands in several rows", "      cells:")
            said = Said(export, person.id, export.headers[person.id], person.columns[person.id])
            yield from cell(said, self.standard.table(TABLES[0]), self.standard, ())
        # who stands in one row with several children may still be one of the family
        elif child := self.named("person_id", name) or self.named("family_id", name):
            told = ", ".join(quoted(export.headers[column]) for column in person.columns)
            yield f"      where: {{columns: [{told}]}} # where any of them is filled, there is such a person"
            yield from ("      once: true", "      cells:")
            id = f"{{id: P, columns: [{child}], also: {person.called}}}"
            yield f"        person_id: {id} # no column of their own names them"
