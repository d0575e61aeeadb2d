"""From area codes to deciles: what each row gets, why the others get none, and the area code dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from rdac_validator.place.files import PlaceError
from rdac_validator.place.layouts import Geography, layouts
from rdac_validator.place.lookup import AREA, TENTH, Lookup
from rdac_validator.standard import Standard
from rdac_validator.tables import DELIMITER

DECILE, INDEX = "deprivation_decile", "deprivation_index"
SAFETY, HOUSING = "address_safety", "housing_issues"
SAFE, HOMELESS = "standard", "homeless"
WITHHELD = "withheld_for_safety"
_OUTCOME, _OTHER = "_outcome", "_other"


class Outcome(StrEnum):
    """What became of a row. The first that holds counts, in this order; ``found`` alone gives a decile."""

    WITHHELD = "withheld"
    HOMELESS = "homeless"
    REASON = "reason"
    NO_AREA = "no_area"
    FOUND = "found"
    UNLISTED = "unlisted"
    OTHER_AREAS = "other_areas"
    NO_CODE = "no_code"


# what stands in both columns where there is no decile; a row with a reason in place of a code keeps that reason
REASONS = {
    Outcome.WITHHELD: WITHHELD,
    Outcome.HOMELESS: "not_applicable",
    Outcome.NO_AREA: "not_recorded",
    Outcome.UNLISTED: "not_recorded",
    Outcome.OTHER_AREAS: "not_recorded",
    Outcome.NO_CODE: "not_recorded",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows with their decile and index and without their area code, and how many rows had which outcome.

    ``others`` counts the codes of small areas that the index was not made for, by kind.
    """

    rows: pl.DataFrame
    counts: Mapping[Outcome, int]
    others: Mapping[Geography, int]
    lookup: Lookup

    def said(self, what: str = "rows") -> list[str]:
        """Say in sentences how many of ``what`` got a decile, and how many did not for which reason."""
        index, counts = self.lookup.index, self.counts
        meanings = {
            Outcome.WITHHELD: f"{WITHHELD}: the address must be kept from someone",
            Outcome.HOMELESS: "not_applicable: the family is homeless, and stays a group of its own",
            Outcome.REASON: "with the missing reason that stands in place of an area code",
            Outcome.NO_AREA: "not_recorded: there is no area code",
            Outcome.UNLISTED: f"not_recorded: the area code is not in the deprivation file ({index.unlisted})",
            Outcome.OTHER_AREAS: f"not_recorded: {self._other_areas()}",
            Outcome.NO_CODE: "not_recorded: what stands in place of an area code is none",
        }
        return [
            f"Deprivation: {counts[Outcome.FOUND]:,} of {self.rows.height:,} {what} have a decile of {index.title} "
            f"(deprivation_index {index.code}). Every area code was dropped; none is imputed.",
            *(f"  {counts[outcome]:,} {text}" for outcome, text in meanings.items() if counts[outcome]),
            *self.lookup.notes,
        ]

    def _other_areas(self) -> str:
        index = self.lookup.index
        kinds = ", ".join(f"{count:,} of {geography.title}" for geography, count in self.others.items())
        return f"{index.title} was made for {index.made_for}, and the codes are those of others ({kinds})"


def deciles(rows: pl.DataFrame, area: str, lookup: Lookup, standard: Standard) -> Placed:
    """Turn the area code in the column ``area`` into ``deprivation_decile`` and ``deprivation_index``, and drop it.

    Cells are text. A missing reason in place of a code is kept. If the rows have the columns ``address_safety`` and
    ``housing_issues`` of the standard, they are looked at first: whatever the area, an address that is not known to be
    standard or unasked gets ``withheld_for_safety``, and a homeless family ``not_applicable``.

    Raises :class:`PlaceError` where there are codes and all are of areas that the index was not made for: then the
    wrong file was given.
    """
    code = pl.col(area).str.strip_chars().replace("", None)
    reasons = standard.missing_reasons
    known = rows.drop(DECILE, INDEX, strict=False).with_columns(code.str.to_uppercase().alias(AREA), code.alias(area))
    joined = known.join(lookup.frame, on=AREA, how="left", maintain_order="left")
    judged = joined.with_columns(_outcome(rows.columns, area, lookup, reasons).alias(_OUTCOME), _other().alias(_OTHER))
    counted = dict(judged[_OUTCOME].value_counts().iter_rows())
    counts = {outcome: counted.get(outcome.value, 0) for outcome in Outcome}
    others = _others(judged.filter(pl.col(_OUTCOME) == Outcome.OTHER_AREAS.value))
    placed = Placed(_filled(judged, area, lookup), counts, others, lookup)
    if not judged.select(_right(lookup).any()).item():
        _refuse(placed)
    return placed


def _outcome(columns: list[str], area: str, lookup: Lookup, reasons: tuple[str, ...]) -> pl.Expr:
    """Say which outcome a row has, as text."""
    conditions = {
        Outcome.REASON: pl.col(area).is_in(reasons),
        Outcome.NO_AREA: pl.col(area).is_null(),
        Outcome.FOUND: pl.col(TENTH).is_not_null(),
        Outcome.UNLISTED: _right(lookup),
        Outcome.OTHER_AREAS: _other().is_not_null(),
    }
    if HOUSING in columns:
        homeless = pl.col(HOUSING).str.split(DELIMITER).list.contains(HOMELESS)
        conditions = {Outcome.HOMELESS: homeless, **conditions}
    if SAFETY in columns:
        # anything but a plain answer is taken for a reason to be careful, a slip of the pen too
        plain = ("", SAFE, *(reason for reason in reasons if reason != WITHHELD))
        conditions = {Outcome.WITHHELD: ~pl.col(SAFETY).fill_null("").is_in(plain), **conditions}
    chosen = [pl.when(condition).then(pl.lit(outcome.value)) for outcome, condition in conditions.items()]
    return pl.coalesce(*chosen, pl.lit(Outcome.NO_CODE.value))


def _right(lookup: Lookup) -> pl.Expr:
    """Whether a code is of a kind of area that the index was made for."""
    return pl.any_horizontal(*(geography.holds(pl.col(AREA)) for geography in lookup.index.geographies))


def _other() -> pl.Expr:
    """Name the kind of small area that a code is of; null where it is of none."""
    kinds = [pl.when(kind.holds(pl.col(AREA))).then(pl.lit(kind.name)) for kind in layouts().geographies]
    return pl.coalesce(*kinds)


def _others(rows: pl.DataFrame) -> dict[Geography, int]:
    counted = dict(rows[_OTHER].value_counts().iter_rows())
    return {kind: counted[kind.name] for kind in layouts().geographies if kind.name in counted}


def _filled(judged: pl.DataFrame, area: str, lookup: Lookup) -> pl.DataFrame:
    outcome = pl.col(_OUTCOME)
    found = outcome == Outcome.FOUND.value
    named = {outcome.value: reason for outcome, reason in REASONS.items()}
    reason = outcome.replace_strict(named, default=pl.col(area), return_dtype=pl.String)
    cells = [
        pl.when(found).then(pl.col(TENTH)).otherwise(reason).alias(DECILE),
        pl.when(found).then(pl.lit(lookup.index.code)).otherwise(reason).alias(INDEX),
    ]
    return judged.with_columns(cells).drop({area, AREA, TENTH, _OUTCOME, _OTHER})


def _refuse(placed: Placed) -> None:
    """Say that no code fits, if there are codes."""
    counts, index = placed.counts, placed.lookup.index
    if strange := counts[Outcome.OTHER_AREAS] + counts[Outcome.NO_CODE]:
        raise PlaceError(
            f"none of the {strange:,} area codes is one that {index.title} was made for, {index.made_for}: "
            + "; ".join(_kinds(placed))
        )


def _kinds(placed: Placed) -> Iterator[str]:
    for kind, count in placed.others.items():
        yield f"{count:,} of {kind.title}"
    if none := placed.counts[Outcome.NO_CODE]:
        yield f"{none:,} that are no code of a small area"
