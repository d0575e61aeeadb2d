"""The cells of a block of a draft as lines of YAML, each with how sure it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import yaml

from rdac_validator.mapping.guessing import FEWEST, day_format, element, said_in_flags, values
from rdac_validator.mapping.sketching import Said, is_key
from rdac_validator.standard import Standard, Table

DAYS = ("date", "year_month", "year")


def quoted(text: str) -> str:
    """A text as YAML reads it back."""
    return yaml.safe_dump(text, default_flow_style=True, width=1000, allow_unicode=text.isprintable()).split("\n")[0]


def cells(mine: Sequence[Said], table: Table, standard: Standard, apart: Collection[str]) -> Iterator[str]:
    """Every cell of a block, those that are surest first; ``apart`` are texts that the mapping reads as missing."""
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
            yield from cell(said, table, standard, apart)
    for target, columns in flags.items():
        yield from _flags(target, columns)


def _flags(target: str, columns: Sequence[Said]) -> Iterator[str]:
    yes, no = said_in_flags([said.column for said in columns], columns[0].export)
    yield f"        {target}:"
    yield "          flags:"
    for said in columns:
        yield f"            {quoted(said.name)}: {said.guess.flag} # {said.guess.confidence}"
    yield f"          yes: [{', '.join(map(quoted, yes))}]"
    yield f"          no: [{', '.join(map(quoted, no))}]"


def cell(said: Said, table: Table, standard: Standard, apart: Collection[str]) -> Iterator[str]:
    """One cell: an id, a day, codes of the census, or codes that are matched by their words."""
    target, header = said.guess.column, quoted(said.name)
    if is_key(target, table):
        kind = (target.references or (table.name if target.name in table.key else target.name))[0].upper()
        yield f"        {target.name}: {{id: {kind}, columns: [{header}]}} # {said.guess.confidence}"
        return
    yield f"        {target.name}: # {said.guess.confidence}"
    yield f"          column: {header}"
    if target.type in DAYS:
        form = quoted(day_format(said.column, said.export))
        yield f"          date: {form} # make sure which is the day and which the month"
    if crossed := element(said.column, table, target, said.export):
        yield f"          crosswalk: cin-census # {crossed[1]} of the cells hold its codes"
        yield f"          element: {crossed[0]}"
    elif target.lists:
        yield from _codes(said, standard, apart)
    elif target.coded and target.type not in DAYS:
        yield "          # its cells are taken as they stand: are they codes of the standard?"


def _codes(said: Said, standard: Standard, apart: Collection[str]) -> Iterator[str]:
    """The frequent values of a column with the codes that they look like."""
    target = said.guess.column
    held = values(said.column, target, said.export, standard, apart)
    if not held.listed:
        yield f"          # its values look like no codes of {', '.join(target.lists)}, so none is shown"
        yield f"          labels: {target.lists[-1]}"
        return
    if held.split:
        yield f"          split: {quoted(held.split)}"
    yield "          codes:"
    for value, meant in held.found.items():
        if meant:
            yield f"            {quoted(value)}: {meant[0]} # {meant[1]}"
        else:
            yield f"            # no code looks like {quoted(value)}"
    if held.rare:
        yield f"            # not shown: {held.rare} values of fewer than {FEWEST} rows; rdac map check --show-values"
