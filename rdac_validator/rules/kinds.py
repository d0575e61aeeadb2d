"""Every kind of structural fault that is looked for: those of the schema and those of safety."""

from __future__ import annotations

from rdac_validator.rules.cells import Blank, BlankCode, OutOfRange, UkDate, WrongPattern, WrongType
from rdac_validator.rules.codes import ExclusiveChoice, NearlyCode, ReasonAmongChoices, RepeatedChoice, UnknownCode
from rdac_validator.rules.safety import HEADER_KINDS, SAFETY_KINDS
from rdac_validator.rules.structural import (
    BrokenReference,
    CellKind,
    DuplicateKey,
    Kind,
    MissingColumn,
    MissingTable,
)
from rdac_validator.standard import Column

STRUCTURAL_CELLS: tuple[CellKind, ...] = (
    Blank(),
    BlankCode(),
    UkDate(),
    WrongType(),
    NearlyCode(),
    UnknownCode(),
    WrongPattern(),
    OutOfRange(),
    RepeatedChoice(),
    ReasonAmongChoices(),
    ExclusiveChoice(),
)
CELL_KINDS: tuple[CellKind, ...] = (*STRUCTURAL_CELLS, *SAFETY_KINDS)
KINDS: tuple[type[Kind], ...] = (
    *(type(kind) for kind in CELL_KINDS),
    *HEADER_KINDS,
    DuplicateKey,
    BrokenReference,
    MissingTable,
    MissingColumn,
)


def kinds_of(column: Column, *, typed: bool = False) -> tuple[CellKind, ...]:
    """The kinds of cell fault that are looked for in ``column``; in any, a ``typed`` value can be of a wrong type."""
    return tuple(kind for kind in CELL_KINDS if kind.applies_to(column) or (typed and isinstance(kind, WrongType)))
