"""A draft of a mapping file, as text with comments that say how sure each line is.

What a column or a code may be is guessed in :mod:`rdac_validator.mapping.guessing`, which also sees to it that no free
text and no rare value gets here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import yaml

from rdac_validator.mapping.codes import code_text
from rdac_validator.mapping.exports import HEADLESS, Export, ExportError, headless, speakable
from rdac_validator.mapping.guessing import FEWEST, Guess, Names, by_table, day_format, element, said_in_flags, values
from rdac_validator.standard import PROFILES, Column, Standard, Table

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
    names = Names(standard)
    guesses = {
        name: {
            column: found
            for column, header in export.headers.items()
            if (found := _guess(names, header, column, export))
        }
        for name, export in exports.items()
    }
    if not any(guesses.values()):
        raise ExportError("no column of the export looks like one of the standard: is the first line its header?")
    lines = [*_HEAD, "inputs:"]
    for name, (file, sheet) in files.items():
        lines += [f"  {name}:", f"    {'sheet' if sheet else 'file'}: {_text(sheet or file)}"]
        lines += [f"    # {HEADLESS}"] * headless([*exports[name].headers.values()])
        lines += _unmatched(exports[name], guesses[name])
    lines.append("tables:")
    for table in standard.tables:
        lines += _table(table, exports, guesses, standard)
    return "\n".join(lines) + "\n"


def _guess(names: Names, header: str, column: str, export: Export) -> Guess | None:
    return names.guess(header, column, export) if speakable(header) else None


def _text(text: str) -> str:
    """A text as YAML reads it back."""
    return yaml.safe_dump(text, default_flow_style=True, width=1000, allow_unicode=text.isprintable()).split("\n")[0]


def _unmatched(export: Export, guesses: Mapping[str, Guess]) -> Iterator[str]:
    for number, (column, header) in enumerate(export.headers.items(), start=1):
        if column not in guesses:
            yield f"    # nothing in the standard looks like {header if speakable(header) else f'column {number}'}"


def _is_key(column: Column, table: Table) -> bool:
    return column.name in table.key or bool(column.references) or column.privacy == "pseudonym_key"


def _table(
    table: Table, exports: Mapping[str, Export], guesses: Mapping[str, Mapping[str, Guess]], standard: Standard
) -> Iterator[str]:
    """A block for each input that says something of the table: more than keys, or a key of its own."""
    blocks = [
        (name, mine)
        for name, mine in by_table(guesses, table)
        if any(guess.column.name in table.key[:1] or not _is_key(guess.column, table) for guess in mine.values())
    ]
    if blocks:
        yield f"  {table.name}:"
    for name, mine in blocks:
        yield f"    - from: {name}"
        yield "      once: true # if rows of the export may tell the same thing again"
        yield "      cells:"
        yield from _cells(mine, table, exports[name], standard)
        yield from _lacking({guess.column.name for guess in mine.values()}, table, guesses[name], exports[name])


def _cells(mine: Mapping[str, Guess], table: Table, export: Export, standard: Standard) -> Iterator[str]:
    taken: dict[str, str] = {}
    flags: dict[str, list[str]] = {}
    for column, guess in sorted(mine.items(), key=lambda item: -item[1].confidence):
        target = guess.column.name
        if guess.flag and taken.get(target, "flags") == "flags":
            taken[target] = "flags"
            flags.setdefault(target, []).append(column)
        elif target in taken:
            yield f"        # {export.headers[column]} looks like {target} too: {guess.confidence}"
        else:
            taken[target] = column
            yield from _cell(column, guess, table, export, standard)
    for target, columns in flags.items():
        yield from _flags(target, columns, mine, export)


def _lacking(held: set[str], table: Table, guesses: Mapping[str, Guess], export: Export) -> Iterator[str]:
    """Columns that a row needs: where the input names what they refer to, an id of it; else that nothing was found."""
    for wanted in (column for column in table.columns if column.name not in held):
        same = [
            c for c, guess in guesses.items() if wanted.references and guess.column.name == f"{wanted.references}_id"
        ]
        # a person of another table may be an adult: only a child is who the row's person is
        if wanted.required and same and (wanted.references != "person" or wanted.name == "child_id"):
            kind, header = wanted.references[0].upper(), _text(export.headers[same[0]])
            yield f"        {wanted.name}: {{id: {kind}, columns: [{header}]}} # as in {wanted.references}"
        elif wanted.name in table.key:
            yield f"        {wanted.name}: {{value: put_in_where_it_comes_from}} # the key: nothing looks like it"
        elif wanted.required:
            yield f"        # {wanted.name} is required, and nothing looks like it"


def _flags(target: str, columns: list[str], mine: Mapping[str, Guess], export: Export) -> Iterator[str]:
    yes, no = said_in_flags(columns, export)
    yield f"        {target}:"
    yield "          flags:"
    for column in columns:
        yield f"            {_text(export.headers[column])}: {mine[column].flag} # {mine[column].confidence}"
    yield f"          yes: [{', '.join(map(_text, yes))}]"
    yield f"          no: [{', '.join(map(_text, no))}]"


def _cell(column: str, guess: Guess, table: Table, export: Export, standard: Standard) -> Iterator[str]:
    target, header = guess.column, _text(export.headers[column])
    if _is_key(target, table):
        kind = (target.references or (table.name if target.name in table.key else target.name))[0].upper()
        yield f"        {target.name}: {{id: {kind}, columns: [{header}]}} # {guess.confidence}"
        return
    yield f"        {target.name}: # {guess.confidence}"
    yield f"          column: {header}"
    if target.type in DAYS:
        form = _text(day_format(column, export))
        yield f"          date: {form} # make sure which is the day and which the month"
    if crossed := element(column, table, target, export):
        yield f"          crosswalk: cin-census # {crossed[1]} of the cells hold its codes"
        yield f"          element: {crossed[0]}"
    elif target.lists:
        yield from _codes(column, target, export, standard)


def _codes(column: str, target: Column, export: Export, standard: Standard) -> Iterator[str]:
    """The frequent values of a column with the codes that they look like."""
    held = values(column, target, export, standard)
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
