"""Returns that show every rule at once: as few as can be, since some faults leave nothing for the others to look at."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from rdac_validator import synth
from rdac_validator.standard import load
from rdac_validator.synth import faults
from rdac_validator.synth.families import Case, Families
from rdac_validator.synth.shares import Draw
from tests import corpus_census as census

CHILDREN, SEED = 800, 1
PROFILE = "extended"
NUMBERS = ("child_no", "episode_no", "assessment_no", "cpp_no")
# this rule counts the plans and the conferences of the whole file, and the other cases hold more conferences
COPIES = {"2883": 20}
APART = 10  # numbers that the rows of one case may use
# a column that no rule reads, and two that nobody may send
NO_COLUMN, FORBIDDEN = "gender_identity", ("surname", "notes")
NO_TABLE = "kinship_arrangement"


def every_return() -> dict[str, pl.DataFrame]:
    """A family for each fault of a return, and a second row in dataset; without the families that have none."""
    home, draw = Families(synth.make(CHILDREN, SEED, load()), load()), Draw(SEED)
    free = list(home.cases)
    book = faults.recipe_book(load())
    places = {code: sum(recipe.find(case, draw) is not None for case in free) for code, recipe in book.items()}
    for code in sorted(book, key=lambda code: (places[code], code)):
        _plant(code, free, draw)
    for recipe in faults.dataset_recipes().values():
        planting = recipe.find(home.dataset, draw)
        assert planting, recipe.code
        planting()
    home.settle()
    spare = {id(row) for case in free for rows in case.rows.values() for row in rows}
    home.rows = {name: [row for row in rows if id(row) not in spare] for name, rows in home.rows.items()}
    made = home.frames()
    odd = made["person"].drop(NO_COLUMN).with_columns(pl.lit("").alias(name) for name in FORBIDDEN)
    return {**made, "person": odd}


def _plant(code: str, free: list[Case], draw: Draw) -> None:
    for case in free:
        if planting := faults.recipe_book(load())[code].find(case, draw):
            planting()
            free.remove(case)
            return
    raise LookupError(f"no family has a place for {code}")


def nothing_in_it() -> dict[str, pl.DataFrame]:
    """A return of headers alone, and one table not even that: what leaves every other rule without a row."""
    made = synth.make(1, SEED, load())
    return {name: frame if name == "dataset" else frame.clear() for name, frame in made.items() if name != NO_TABLE}


def every_census(numbers: Mapping[str, int]) -> str:
    """A child or two for each DfE rule, as one of its bad cases has them, under one header that is wrong as well.

    ``numbers`` says which case: the one that the example of the rule shows.
    """
    header = {**census.CLEAN["cin_header"], "Year": "2024", "LEA": "20"}
    rows: dict[str, list[census.Cells]] = {}
    codes = [code for code in numbers for _ in range(COPIES.get(code, 1))]
    for place, code in enumerate(codes):
        case = census.laid_over(census.BAD[code][numbers[code]], census.OVER.get(code, {}))
        if case.keys() != {"cin_header"}:  # a fault of the header stands in the one header
            assert case["cin_header"][0]["ReferenceDate"] == header["ReferenceDate"], f"{code} is of another year"
            for name, some in census.whole(case).items():
                rows.setdefault(name, []).extend(_apart(row, place * APART) for row in some)
    return census.xml({**rows, "cin_header": [header]})


def _apart(row: census.Cells, by: int) -> census.Cells:
    """A row with its numbers moved, and with an id of its own if the case gives none."""
    own = {name: str(int(row[name]) + by) for name in NUMBERS if name in row}
    named = {"LAchildID": f"SYN{by}"} if row.get("LAchildID") == census.CLEAN["cin_child"]["LAchildID"] else {}
    return {**row, **own, **named}
