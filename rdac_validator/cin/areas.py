"""An authority's own file of area codes beside its census: it fills the place of a return and goes no further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from rdac_validator.crosswalks import Status
from rdac_validator.place import DECILE, INDEX, Lookup, PlaceError, deciles, layouts
from rdac_validator.place import read as read_lookup
from rdac_validator.place.deciles import HOUSING, SAFETY
from rdac_validator.place.files import folded, grids
from rdac_validator.pseudonyms import pseudonyms
from rdac_validator.standard import Standard
from rdac_validator.tables import DELIMITER, ROW, Return

FILE = "the areas file"
CIRCUMSTANCES, KEY = "family_circumstances", "assessment_id"
PERSON = "P"  # the kind under which rdac_validator.cin.people names a child
CHILD, CODE = "_child", "_code"
UNRECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Areas:
    """One row a child: the id that the census knows it by, its area code, and perhaps columns of the standard.

    ``given`` are those of ``address_safety`` and ``housing_issues`` that the file has.
    """

    frame: pl.DataFrame
    given: tuple[str, ...]


def read_both(own: Path, official: Path, standard: Standard) -> tuple[Areas, Lookup]:
    """Read the authority's file of area codes and the deprivation file that it is to be joined with.

    Raises :class:`~rdac_validator.place.PlaceError` where one cannot be used, or they are of different editions.
    """
    lookup = read_lookup(official)
    return read(own, lookup, standard), lookup


def read(path: Path, lookup: Lookup, standard: Standard) -> Areas:
    """Read the file: columns ``LAchildID`` and ``area_code``, and if there are any such addresses ``address_safety``.

    Other names of the area column, some of which tell its edition, are declared in ``schema/deprivation.yaml``; further
    columns are not looked at. Raises :class:`~rdac_validator.place.PlaceError`.
    """
    grid = next(grids(path, FILE), pl.DataFrame())
    child = next((name for name in map(folded, layouts().own_child) if name in grid.columns), "")
    named = {folded(name): edition for name, edition in layouts().own_area.items()}
    codes = [name for name in grid.columns if name in named]
    if not child or len(codes) != 1:
        raise PlaceError(
            f"{FILE} needs the columns LAchildID and area_code; it has {'the' if child else 'no'} first and "
            f"{len(codes)} that may be the second"
        )
    _same_edition(named[codes[0]], lookup)
    given = tuple(name for name in (SAFETY, HOUSING) if folded(name) in grid.columns)
    extra = [pl.col(folded(name)).alias(name) for name in given]
    frame = grid.select(pl.col(child).alias(CHILD), pl.col(codes[0]).alias(CODE), *extra)
    frame = frame.filter(pl.col(CHILD).is_not_null()).unique(maintain_order=True)
    _one_line_a_child(frame)
    for name in given:
        _codes_only(frame, name, standard)
    return Areas(frame, given)


def _same_edition(edition: str, lookup: Lookup) -> None:
    index = lookup.index
    if edition not in ("", index.edition):
        raise PlaceError(
            f"the column of {FILE} says that its codes are those of {edition}, and {index.title} was made for "
            f"{index.made_for}: give the codes of {index.edition}, or the index of {edition}"
        )


def _one_line_a_child(frame: pl.DataFrame) -> None:
    if twice := frame.height - frame[CHILD].n_unique():
        raise PlaceError(f"{FILE} has a second line for a child {_of(twice, frame)}; give one line a child")


def _codes_only(frame: pl.DataFrame, name: str, standard: Standard) -> None:
    column = standard.table(CIRCUMSTANCES).column(name)
    allowed = (*standard.codes(column), *standard.missing_reasons)
    parts = pl.col(name).str.split(DELIMITER) if column.multiple else pl.concat_list(name)
    if wrong := frame.filter(~parts.list.eval(pl.element().is_in(allowed)).list.all()).height:
        raise PlaceError(
            f"{FILE}: {name} is no code of the standard {_of(wrong, frame)}; rdac explain {name} leads to the codes"
        )


def _of(count: int, frame: pl.DataFrame) -> str:
    return f"in {count:,} of its {frame.height:,} lines"


def place(made: Return, areas: Areas, lookup: Lookup, standard: Standard, key: bytes) -> Return:
    """Fill decile and index in the circumstances of a converted census, and note in provenance where they come from.

    ``key`` is that of the conversion: ids become pseudonyms before anything is joined. Raises
    :class:`~rdac_validator.place.PlaceError` where the file and the index are of different areas.
    """
    table = made.texts[CIRCUMSTANCES]
    people = areas.frame.with_columns(pseudonyms(PERSON, pl.col(CHILD), key).alias("child_id")).drop(CHILD)
    rows = table.frame.collect().drop(areas.given)
    owned = rows.join(_owners(made), on=KEY, how="left", maintain_order="left")
    joined = owned.join(people, on="child_id", how="left", maintain_order="left")
    placed = deciles(joined.with_columns(pl.col(areas.given).fill_null(UNRECORDED)), CODE, lookup, standard)
    filled = placed.rows.select(ROW, *table.headers)
    unused = people.join(owned, on="child_id", how="anti").height
    origin = made.texts["provenance"]
    traced = pl.concat([origin.frame.collect(), *_traced(filled, areas, lookup, made, standard)])
    texts = {
        **made.texts,
        CIRCUMSTANCES: replace(table, frame=filled.lazy()),
        "provenance": replace(origin, frame=traced.lazy(), rows=traced.height),
    }
    return replace(made, texts=texts, notes=(*made.notes, *placed.said("family circumstances"), *_said(areas, unused)))


def _owners(made: Return) -> pl.DataFrame:
    """The child of each assessment."""
    assessments = made.texts["assessment"].frame.select(KEY, "episode_id")
    return assessments.join(made.texts["episode"].frame.select("episode_id", "child_id"), on="episode_id").collect()


def _traced(
    rows: pl.DataFrame, areas: Areas, lookup: Lookup, made: Return, standard: Standard
) -> Iterator[pl.DataFrame]:
    """Rows of provenance for every value that was filled in; an area code is never among them."""
    sources = {DECILE: (lookup.source_field, lookup.status), INDEX: (lookup.source_field, lookup.status)}
    sources |= {name: (name, Status.EXACT) for name in areas.given}
    code_list = made.texts["dataset"].frame.select("code_list_version").collect().item()
    for column, (field, status) in sources.items():
        code = pl.lit(None, pl.String) if column in (DECILE, INDEX) else pl.col(column)
        held = rows.filter(~pl.col(column).is_in(standard.missing_reasons))
        cells = {
            ROW: pl.lit(0, pl.UInt32),
            "target_table": pl.lit(CIRCUMSTANCES),
            "target_key": pl.col(KEY),
            "target_column": pl.lit(column),
            "source_field": pl.lit(field),
            "source_code": code.str.split(DELIMITER),
            "provenance_code_list_version": pl.lit(code_list),
            "crosswalk_version": pl.lit(layouts().version),
            "mapping_status": pl.lit(status.value),
        }
        yield held.select(cell.alias(name) for name, cell in cells.items()).explode("source_code")


def _said(areas: Areas, unused: int) -> Iterator[str]:
    if SAFETY not in areas.given:
        yield (
            f"The areas file has no column {SAFETY}, so no address was taken to be kept from someone. If one is, add "
            "the column and write confidential or refuge_or_safe_accommodation, or write withheld_for_safety in place "
            "of its area code."
        )
    if HOUSING not in areas.given:
        yield f"The areas file has no column {HOUSING}, so no family was taken to be homeless."
    if unused:
        yield f"Lines of the areas file on children without circumstances in the return, not used: {unused:,}."
