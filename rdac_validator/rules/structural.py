"""What a structural kind is, and the kinds that concern whole tables: keys, references, what is missing.

A kind of cell states its verdict twice, so that two engines can be held against each other: as a narwhals expression
over the text of one column, which pandera wraps under our code (:mod:`rdac_validator.structure.pandera_`), and in plain
Python on one cell, by which an error of the second engine becomes this kind's
(:mod:`rdac_validator.structure.frictionless_`). A cell fails at most one kind: a blank is not also a wrong code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

import narwhals as nw

from rdac_validator.findings import RuleError, RuleInfo, Severity
from rdac_validator.standard import Column, Standard
from rdac_validator.tables import DELIMITER

HASHED = "^(?:[A-Za-z]{1,2}_)?[0-9A-Za-z]{20,60}$"


class Kind:
    """A structural requirement. Subclasses state ``code``, ``severity``, ``sources``, ``requirements``.

    ``native`` names what a Table Schema can say of it: the types of error and the constraints of frictionless that may
    be this kind's. Where it is empty, or not enough, a check of ours is registered beside the Table Schema.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    sources: ClassVar[tuple[str, ...]]
    requirements: ClassVar[tuple[str, ...]] = ()
    native: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, abstract: bool = False) -> None:
        super().__init_subclass__()
        if not abstract:
            if not getattr(cls, "code", "") or not getattr(cls, "sources", ()):
                raise RuleError(f"{cls.__name__} states no code or no sources")
            RuleInfo.of(cls)


class CellKind(Kind, ABC, abstract=True):
    """A requirement on one cell. ``applies_to`` picks columns by what the schema says of them."""

    # the keywords of JSON Schema whose failure may be this kind's; none where a JSON Schema says nothing of it
    keywords: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def applies_to(self, column: Column) -> bool:
        """Whether the schema asks this of ``column``."""

    @abstractmethod
    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """True where the text cell is right or another kind's business, False where it is wrong."""

    def plain(self, column: Column, standard: Standard) -> nw.Expr:
        """A cheaper verdict that may be False too often: where it holds for a whole frame, :meth:`valid` is skipped."""
        return self.valid(column, standard)

    def clue(self, column: Column, standard: Standard) -> tuple[str, nw.Expr]:
        """The cheap verdict on a column and a name for it: kinds that give the same one give it the same name."""
        shared = type(self).plain is not CellKind.plain
        return type(self).plain.__qualname__ if shared else self.code, self.plain(column, standard)

    @abstractmethod
    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """Whether one cell, a blank one given as ``""``, is at fault: the same verdict, reached without a frame."""

    def answers(self, error: str, cell: str, column: Column, standard: Standard) -> bool:
        """Whether an error of a Table Schema, by its name, on a cell is this kind's."""
        return error in self.native and self.objects(cell, column, standard)

    def registered(self, column: Column) -> bool:
        """Whether a Table Schema cannot say this of ``column``, so that a check of ours has to look at each cell."""
        return not self.native

    @abstractmethod
    def message(self, column: Column, standard: Standard) -> str:
        """What is wrong, and what to write instead; the same for every row."""

    def severity_of(self, column: Column) -> Severity:
        """The severity on one column."""
        return self.severity


class TextKind(CellKind, abstract=True):
    """What the kinds on columns of text share: a key made by keyed hashing cannot be at fault."""

    def clue(self, column: Column, standard: Standard) -> tuple[str, nw.Expr]:
        """One verdict for all kinds on a column of keys: nothing but hashes."""
        if column.privacy != "pseudonym_key" or column.multiple:
            return super().clue(column, standard)
        return "hashed", nw.col(column.name).str.contains(HASHED)


class DuplicateKey(Kind):
    """Two rows of a table have the same key.

    Why: a reference to the key could mean either row, and whatever is counted is counted twice.
    Fix: find out whether one row was exported twice or two different things share a key; every such row is listed.
    """

    code = "RDAC111"
    sources = ("rdac-2026:app-1",)
    requirements = ("R04",)
    native = frozenset({"primary-key"})

    @staticmethod
    def doubled(keys: Mapping[int, Sequence[str]]) -> set[int]:
        """Those rows whose key, a text for each of its columns, stands in another of them as well.

        A Table Schema compares values, so that two spellings of a day are one key, and part of a key may be blank.
        """
        filled = {row: tuple(key) for row, key in keys.items() if all(key)}
        counts = Counter(filled.values())
        return {row for row, key in filled.items() if counts[key] > 1}


class BrokenReference(Kind):
    """A reference names a key that no row of the other table has.

    Why: harm, voice and plans without their person or assessment cannot be counted for anybody.
    Fix: export the missing row as well, or correct the key; both tables must come from the same run of pseudonyms.
    """

    code = "RDAC112"
    sources = ("rdac-2026:6.5",)
    requirements = ("R04", "R11")
    native = frozenset({"foreign-key", "pattern"})

    @classmethod
    def answers(cls, error: str, cell: str, column: Column, standard: Standard) -> bool:
        """Whether an error of a Table Schema, by its name, on a cell is this kind's: a pattern wants no blank key."""
        return error in cls.native and (error == "foreign-key" or "" in cls.named(cell, column, standard))

    @staticmethod
    def named(cell: str, column: Column, standard: Standard) -> Sequence[str]:
        """The keys that a cell refers to: none where it is blank; a missing reason is not one."""
        if not cell:
            return ()
        keys = cell.split(DELIMITER) if column.multiple else [cell]
        return [key for key in keys if not (column.coded and key in standard.missing_reasons)]

    @staticmethod
    def registered(column: Column) -> bool:
        """Whether a Table Schema cannot say it: a missing reason may stand in the cell, or several keys."""
        return column.coded or column.multiple


class MissingTable(Kind):
    """A table that the profile asks for is not in the return.

    Why: what is not there cannot be checked; a return without it would look clean and say less than it promises.
    Fix: add the table, or check at a profile that does not ask for it. In CSV: a header line alone says "no rows".
    """

    code = "RDAC113"
    sources = ("rdac-2026:1.4",)


class MissingColumn(Kind):
    """A column that the profile asks for is not in its table.

    Why: a whole column of blanks cannot say why nothing was recorded, and the rules that need it cannot run.
    Fix: add the column, with a missing reason where nothing was recorded. In CSV: rdac template writes all headers.
    """

    code = "RDAC114"
    sources = ("rdac-2026:1.4",)
    requirements = ("R05",)
