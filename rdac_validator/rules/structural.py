"""What a structural kind is, and the kinds that concern whole tables: keys, references, what is missing.

A kind of cell states its verdict once, as a narwhals expression over the text of one column; pandera wraps it under our
code (:mod:`rdac_validator.structure.pandera_`). A cell fails at most one kind: a blank is not also a wrong code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import narwhals as nw

from rdac_validator.findings import RuleError, RuleInfo, Severity
from rdac_validator.standard import Column, Standard

HASHED = "^(?:[A-Za-z]{1,2}_)?[0-9A-Za-z]{20,60}$"


class Kind:
    """A structural requirement. Subclasses state ``code``, ``severity``, ``sources``, ``requirements``."""

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    sources: ClassVar[tuple[str, ...]]
    requirements: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, abstract: bool = False) -> None:
        super().__init_subclass__()
        if not abstract:
            if not getattr(cls, "code", "") or not getattr(cls, "sources", ()):
                raise RuleError(f"{cls.__name__} states no code or no sources")
            RuleInfo.of(cls)


class CellKind(Kind, ABC, abstract=True):
    """A requirement on one cell. ``applies_to`` picks columns by what the schema says of them."""

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


class BrokenReference(Kind):
    """A reference names a key that no row of the other table has.

    Why: harm, voice and plans without their person or assessment cannot be counted for anybody.
    Fix: export the missing row as well, or correct the key; both tables must come from the same run of pseudonyms.
    """

    code = "RDAC112"
    sources = ("rdac-2026:6.5",)
    requirements = ("R04", "R11")


class MissingTable(Kind):
    """A table that the profile asks for is not in the return.

    Why: what is not there cannot be checked; a return without it would look clean and say less than it promises.
    Fix: add the file (a header line alone says "no rows"), or check at a profile that does not ask for it.
    """

    code = "RDAC113"
    sources = ("rdac-2026:1.4",)


class MissingColumn(Kind):
    """A column that the profile asks for is not in its table.

    Why: a whole column of blanks cannot say why nothing was recorded, and the rules that need it cannot run.
    Fix: add the column (rdac template writes all headers), with a missing reason where nothing was recorded.
    """

    code = "RDAC114"
    sources = ("rdac-2026:1.4",)
    requirements = ("R05",)
