"""A draft of a mapping file, as text with comments that say how sure each line is.

What a column or a code may be is guessed in :mod:`rdac_validator.mapping.guessing`, which also sees to it that no free
text and no rare value gets here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import yaml

from rdac_validator.mapping.codes import code_text
from rdac_validator.mapping.exports import HEADLESS, Export, ExportError, headless, speakable
from rdac_validator.mapping.guessing import FEWEST, Guess, Names, day_format, element, said_in_flags, values
from rdac_validator.mapping.people import KIND, RELATIONSHIP, TABLES, Person, about, people
from rdac_validator.mapping.relating import Guesses, links
from rdac_validator.mapping.sketching import Said, Sketch, is_key, sketches
from rdac_validator.standard import PROFILES, Standard, Table

DAYS = ("date", "year_month", "year")
_HEAD = (
    "# A draft by rdac map init: every line is a guess until someone who knows the system has read it.",
    "# The number behind a column or a code is how alike the names are, up to 1.",
    "version: 0.1.0",
    "title: A draft",
    f"profile: {PROFILES[0]}",
    "code_list_version: cin_2023_24 # put in the one that holds",
    "unfilled: not_collected_by_source",
    "missing:",
    "  Not known: asked_unknown # put in what your codes mean",
    "  N/A: not_applicable",
)


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
            raise ExportError("no column of the export looks like one of the standard: is the first line its header?")
        self.links = links(exports, self.guesses)

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
        yield from (*_HEAD, "inputs:")
        for name, (file, sheet) in files.items():
            yield from (f"  {name}:", f"    {'sheet' if sheet else 'file'}: {_text(sheet or file)}")
            if headless([*self.exports[name].headers.values()]):
                yield f"    # {HEADLESS}"
            yield from self.unmatched(name)
        yield "tables:"
        for table in self.standard.tables:
            blocks = [line for sketch in self.sketches(table) for line in self.block(sketch, table)]
            blocks += [line for name in self.exports for line in self.of_people(name, table)]
            yield from (f"  {table.name}:", *blocks) if blocks else ()

    def unmatched(self, name: str) -> Iterator[str]:
        """The columns of an input that look like nothing in the standard."""
        known = {*self.guesses[name], *(column for person in self.people[name] for column in person.columns)}
        for number, (column, header) in enumerate(self.exports[name].headers.items(), start=1):
            if column not in known:
                yield f"    # nothing in the standard looks like {header if speakable(header) else f'column {number}'}"

    def sketches(self, table: Table) -> Iterator[Sketch]:
        """The blocks of a table that are about one thing a row."""
        return sketches(table, self.exports, self.guesses, self.links)

    def block(self, sketch: Sketch, table: Table) -> Iterator[str]:
        """A block with its joins."""
        yield f"    - from: {sketch.source}"
        if sketch.joins:
            yield "      join: # guessed from names and from what the cells have in common"
        for join in sketch.joins:
            on = f"{{{_text(join.here)}: {_text(join.there)}}}"
            gather = ", gather: true" if join.gather else ""
            yield f"        - {{input: {join.other}, on: {on}{gather}}} # {join.share} of the cells find their key"
        yield "      once: true # if rows of the export may tell the same thing again"
        yield "      cells:"
        yield from _cells(sketch.said, table, self.standard)
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
            same = self.named(f"{wanted.references}_id", name) if wanted.references else ""
            # a person of another table may be an adult: only a child is who the row's person is
            if wanted.required and same and (wanted.references != "person" or wanted.name == "child_id"):
                id = f"{{id: {wanted.references[0].upper()}, columns: [{same}]}}"
                yield f"        {wanted.name}: {id} # as in {wanted.references}"
            elif wanted.name in table.key:
                yield f"        {wanted.name}: {{value: put_in_where_it_comes_from}} # the key: nothing looks like it"
            elif wanted.required:
                yield f"        # {wanted.name} is required, and nothing looks like it"

    def named(self, key: str, name: str) -> str:
        """The header of the column of an input that may be a key of the standard, or nothing."""
        found = (column for column, guess in self.guesses[name].items() if guess.column.name == key)
        return next((_text(self.exports[name].headers[column]) for column in found), "")

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
                yield from _cells(mine, table, self.standard)
                told = {said.guess.column.name for said in mine}
                constants = {key: value for key, value in person.says.items() if key in table.names and key not in told}
                yield from (
                    f"        {key}: {{value: {value}}} # as the columns are called" for key, value in constants.items()
                )
                yield from self.lacking({"person_id", *told, *constants}, table, name)
            else:
                yield "    # left out: no column names the person, and none the child of the row"

    def ids(self, name: str, person: Person) -> Iterator[str]:
        """The lines that name a person: by an id of their own, or as the one so called of the row's own person."""
        export = self.exports[name]
        child = self.named("person_id", name)
        if person.id:
            yield from ("      once: true # where a person stands in several rows", "      cells:")
            said = Said(export, person.id, export.headers[person.id], person.columns[person.id])
            yield from _cell(said, self.standard.table(TABLES[0]), self.standard)
        elif child:
            told = ", ".join(_text(export.headers[column]) for column in person.columns)
            yield f"      where: {{columns: [{told}]}} # where any of them is filled, there is such a person"
            yield from ("      once: true", "      cells:")
            id = f"{{id: P, columns: [{child}], also: {person.called}}}"
            yield f"        person_id: {id} # no column of their own names them"


def _text(text: str) -> str:
    """A text as YAML reads it back."""
    return yaml.safe_dump(text, default_flow_style=True, width=1000, allow_unicode=text.isprintable()).split("\n")[0]


def _cells(mine: Sequence[Said], table: Table, standard: Standard) -> Iterator[str]:
    taken: dict[str, str] = {}
    flags: dict[str, list[Said]] = {}
    for said in sorted(mine, key=lambda said: -said.guess.confidence):
        target = said.guess.column.name
        if said.guess.flag and taken.get(target, "flags") == "flags":
            taken[target] = "flags"
            flags.setdefault(target, []).append(said)
        elif target in taken:
            yield f"        # {said.name} looks like {target} too: {said.guess.confidence}"
        else:
            taken[target] = said.column
            yield from _cell(said, table, standard)
    for target, columns in flags.items():
        yield from _flags(target, columns)


def _flags(target: str, columns: Sequence[Said]) -> Iterator[str]:
    yes, no = said_in_flags([said.column for said in columns], columns[0].export)
    yield f"        {target}:"
    yield "          flags:"
    for said in columns:
        yield f"            {_text(said.name)}: {said.guess.flag} # {said.guess.confidence}"
    yield f"          yes: [{', '.join(map(_text, yes))}]"
    yield f"          no: [{', '.join(map(_text, no))}]"


def _cell(said: Said, table: Table, standard: Standard) -> Iterator[str]:
    target, header = said.guess.column, _text(said.name)
    if is_key(target, table):
        kind = (target.references or (table.name if target.name in table.key else target.name))[0].upper()
        yield f"        {target.name}: {{id: {kind}, columns: [{header}]}} # {said.guess.confidence}"
        return
    yield f"        {target.name}: # {said.guess.confidence}"
    yield f"          column: {header}"
    if target.type in DAYS:
        form = _text(day_format(said.column, said.export))
        yield f"          date: {form} # make sure which is the day and which the month"
    if crossed := element(said.column, table, target, said.export):
        yield f"          crosswalk: cin-census # {crossed[1]} of the cells hold its codes"
        yield f"          element: {crossed[0]}"
    elif target.lists:
        yield from _codes(said, standard)


def _codes(said: Said, standard: Standard) -> Iterator[str]:
    """The frequent values of a column with the codes that they look like."""
    target = said.guess.column
    held = values(said.column, target, said.export, standard)
    if not held.listed:
        yield f"          # its values look like no codes of {', '.join(target.lists)}, so none is shown"
        yield f"          labels: {target.lists[-1]}"
        return
    if held.split:
        yield f"          split: {_text(held.split)}"
    yield "          codes:"
    for value, meant in held.found.items():
        if meant:
            yield f"            {_text(value)}: {meant[0]} # {meant[1]}"
        else:
            yield f"            # no code looks like {_text(value)}"
    if held.rare:
        yield f"            # not shown: {held.rare} values of fewer than {FEWEST} rows; rdac map check --show-values"
