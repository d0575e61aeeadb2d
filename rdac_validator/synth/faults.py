"""Known faults, planted in a synthetic return, and the answer key: exactly what a check must find."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

import polars as pl

from rdac_validator.check import check
from rdac_validator.findings import InputError, Severity
from rdac_validator.rules import catalogue
from rdac_validator.standard import Standard
from rdac_validator.synth import cells, recipes, records, stories
from rdac_validator.synth.families import Case, Families
from rdac_validator.synth.recipes import Mark, Planting, Recipe
from rdac_validator.synth.shares import Draw
from rdac_validator.tables import ROW, Return, Text

PROFILE = "extended"
# The number of the first row in a file: CSV has a line of headers, Parquet counts records.
FIRST = {"csv": 2, "parquet": 1}
OFFSET = 7919


class Answer(TypedDict):
    """One finding that a check of the return at the profile extended must give.

    ``planted`` is false for a query that stood before: a question that a plausible return raises.
    """

    table: str
    file: str
    row: int
    code: str
    columns: list[str]
    severity: str
    planted: bool


def recipe_book(standard: Standard) -> dict[str, Recipe]:
    """Every recipe for a fault in a family, by code."""
    edits = (Recipe(edit.code, edit.find) for edit in recipes.EDITS)
    book = {recipe.code: recipe for recipe in (*cells.recipes(standard), *edits, *stories.STORIES, *records.RECORDS)}
    return dict(sorted(book.items()))


def dataset_recipes() -> dict[str, Recipe]:
    """Recipes for faults of the row that describes the return: one of them fits in a return."""
    edits = (Recipe(edit.code, edit.find) for edit in recipes.OF_THE_DATASET)
    return {recipe.code: recipe for recipe in (*edits, records.two_datasets)}


def plant(
    tables: Mapping[str, pl.DataFrame], faults: int, seed: int, standard: Standard, form: str = "csv"
) -> tuple[dict[str, pl.DataFrame], list[Answer]]:
    """Plant ``faults`` faults of every kind, each in a family of its own, and give the return and the answer key.

    ``tables`` is a return as ``make`` gives it. The key holds every finding that a check at the profile extended must
    give when the return is written as ``form`` (csv or parquet): the planted ones, which may lawfully be more than
    ``faults`` where a fault shows in several rows or rules, and the queries that stood before. Raises
    :class:`~rdac_validator.findings.InputError` where the return has too few families.
    """
    home, draw = Families(tables, standard), Draw(seed + OFFSET)
    asked, standing = _standing(tables, home)
    free = [case for case in home.cases if case.key not in asked]
    draw.random.shuffle(free)
    book = recipe_book(standard)
    marks = _in_dataset(home.dataset, draw) if faults > len(book) else []
    marks += _planted(free, faults - bool(marks), draw, book)
    home.settle()
    return home.frames(), _key([(mark, True) for mark in marks] + [(mark, False) for mark in standing], home, form)


def _standing(tables: Mapping[str, pl.DataFrame], home: Families) -> tuple[set[str], list[Mark]]:
    """Families that a query is about, and the queries."""
    marks = []
    for group in check(as_return(tables), home.standard, profile=PROFILE).groups:
        for row in group.rows:
            marks.append(Mark(group.code, group.table, home.rows[group.table][row - FIRST["csv"]], group.columns))
    told = {id(mark.row) for mark in marks}
    asked = {case.key for case in home.cases if any(id(row) in told for rows in case.rows.values() for row in rows)}
    return asked, marks


def as_return(tables: Mapping[str, pl.DataFrame]) -> Return:
    """Text frames as a reader of CSV would give them."""
    texts = {}
    for name, frame in tables.items():
        text = frame.with_columns(pl.all().replace("", None)).with_row_index(ROW, FIRST["csv"])
        texts[name] = Text(name, f"{name}.csv", "csv", text.lazy(), frame.height, tuple(frame.columns))
    return Return(texts)


def _in_dataset(dataset: Case, draw: Draw) -> list[Mark]:
    """One fault in the row that describes the return."""
    kinds = dataset_recipes()
    planting = kinds[draw.random.choice(sorted(kinds))].find(dataset, draw)
    return planting() if planting else []


def _planted(free: list[Case], faults: int, draw: Draw, book: Mapping[str, Recipe]) -> list[Mark]:
    """Go round the recipes, those with fewest places first, until enough is planted."""
    places = {code: sum(recipe.find(case, draw) is not None for case in free) for code, recipe in book.items()}
    possible = [code for code in book if places[code]]
    chosen = draw.random.sample(possible, min(faults, len(possible)))
    order = [book[code] for code in sorted(chosen, key=lambda code: (places[code], code))]
    marks: list[Mark] = []
    left = faults
    while left:
        before = left
        for recipe in order:
            found = _place(recipe, free, draw) if left else None
            if found:
                marks += found()
                left -= 1
        if left == before:
            raise InputError(f"{left} of the faults asked for find no family of their own: ask for more children")
    return marks


def _place(recipe: Recipe, free: list[Case], draw: Draw) -> Planting | None:
    """The first family in which the fault can be planted; it is no longer free."""
    for number, case in enumerate(free):
        found = recipe.find(case, draw)
        if found:
            del free[number]
            return found
    return None


def _key(marks: Sequence[tuple[Mark, bool]], home: Families, form: str) -> list[Answer]:
    severities = {info.code: info.severity for info in catalogue()}
    numbers = home.numbers(FIRST[form])
    answers = [
        Answer(
            table=mark.table,
            file=f"{mark.table}.{form}",
            row=numbers[id(mark.row)],
            code=mark.code,
            columns=list(mark.columns),
            severity=str(_severity(mark, severities, home)),
            planted=planted,
        )
        for mark, planted in marks
    ]
    return sorted(answers, key=lambda answer: (answer["table"], answer["row"], answer["code"], answer["columns"]))


def _severity(mark: Mark, severities: Mapping[str, Severity], home: Families) -> Severity:
    """A blank in a column of the outer tier is a warning; every other severity is the rule's."""
    tier = home.standard.table(mark.table).column(mark.columns[0]).tier
    return Severity.WARNING if mark.code == "RDAC102" and tier == "T2" else severities[mark.code]


def to_json(key: Sequence[Answer]) -> str:
    """The answer key as JSON: a list, sorted by table, row and code."""
    return json.dumps(key, indent=1) + "\n"
