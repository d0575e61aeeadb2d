"""The structural kinds of code lists and of several choices in a cell, turned into verdicts on its text."""

from __future__ import annotations

import re

import narwhals as nw

from rdac_validator.rules.cells import several
from rdac_validator.rules.structural import CellKind
from rdac_validator.standard import Column, Standard
from rdac_validator.tables import DELIMITER

# what Unicode counts as white space, for which str.strip takes four control characters more
SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and c not in "\x1c\x1d\x1e\x1f")
# the long s and the sign of the kelvin, which to Unicode are an s and a k in another case
FOLDED = "[\u017f\u212a]"


def _alternatives(codes: tuple[str, ...]) -> str:
    return "|".join(re.escape(code) for code in codes)


def _beside_others(column: Column, codes: tuple[str, ...]) -> nw.Expr:
    """Whether one of ``codes`` is one of several choices in the cell."""
    one, joint = _alternatives(codes), re.escape(DELIMITER)
    return nw.col(column.name).str.contains(rf"^(?:{one}){joint}|{joint}(?:{one})(?:$|{joint})")


def _listed(column: Column, standard: Standard) -> nw.Expr:
    """Several listed codes, joined."""
    return nw.col(column.name).str.contains(several(_alternatives(standard.codes(column))))


def _exclusive(column: Column, standard: Standard) -> tuple[str, ...]:
    return tuple(code for name in column.lists for code in standard.lists[name].where("exclusive"))


def _forgiven(code: str) -> bytes:
    """A code without the spaces around it, and its letters A to Z in lower case."""
    return code.strip(SPACES).encode().lower()


class _CodeKind(CellKind, abstract=True):
    """What the two kinds on code lists share: where they apply, and when there is nothing to look at."""

    def applies_to(self, column: Column) -> bool:
        """Columns with a code list."""
        return bool(column.lists)

    def plain(self, column: Column, standard: Standard) -> nw.Expr:
        """Every cell is blank, or one listed code or missing reason."""
        fine = ("", *standard.codes(column), *(standard.missing_reasons if column.coded else ()))
        return nw.col(column.name).is_in(fine)

    def right(self, column: Column, standard: Standard) -> nw.Expr:
        """The cell is blank, listed or a missing reason, or its fault is another kind's business."""
        fine = self.plain(column, standard) | self.mixed(column, standard)
        return fine | _listed(column, standard) if column.multiple else fine

    def nearly(self, column: Column, standard: Standard) -> nw.Expr:
        """Listed, or a missing reason, once case and surrounding spaces are forgiven."""
        codes = standard.codes(column) + (standard.missing_reasons if column.coded else ())
        token = rf"\s*(?:{_alternatives(codes)})\s*"
        near = nw.col(column.name).str.contains(several(token, "(?i)") if column.multiple else f"(?i)^{token}$")
        return near & ~nw.col(column.name).str.contains(FOLDED)

    def mixed(self, column: Column, standard: Standard) -> nw.Expr:
        """A missing reason beside other choices: a kind of its own reports it."""
        if not (column.coded and column.multiple):
            return nw.lit(value=False)
        return nw.col(column.name).str.contains(
            several(_alternatives(standard.codes(column) + standard.missing_reasons))
        )

    def judged(self, cell: str, column: Column, standard: Standard) -> str:
        """What the choices of one cell are: ``right`` (or another kind's business), ``nearly`` or ``unknown``."""
        codes = set(standard.codes(column))
        reasons = set(standard.missing_reasons if column.coded else ())
        choices = cell.split(DELIMITER) if column.multiple else [cell]
        if not cell or cell in reasons or codes | reasons >= set(choices):
            return "right"
        return "nearly" if {_forgiven(code) for code in codes | reasons} >= set(map(_forgiven, choices)) else "unknown"


class NearlyCode(_CodeKind):
    """A code differs from a listed one only in case or in spaces around it.

    Why: 3a, " 3A" and 3A are three values to a computer; one of them is silently left out of every count.
    Fix: write the code exactly as the list has it; rdac validate --show-values shows which code was meant.
    """

    code = "RDAC105"
    sources = ("rdac-2026:6.2",)
    native = frozenset({"enum", "pattern"})
    keywords = frozenset({"oneOf"})

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Listed exactly, or not even nearly."""
        return self.right(column, standard) | ~self.nearly(column, standard)

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """Every choice is listed once case and surrounding spaces are forgiven, and not all are before."""
        return self.judged(cell, column, standard) == "nearly"

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column; the cell's code is looked up only on request."""
        return f"{column.name} holds a listed code in the wrong case or with spaces around it; write it as listed"


class UnknownCode(_CodeKind):
    """A code is not in the list of its column.

    Why: a code that the standard does not define cannot be counted, compared or mapped, and hides what was recorded.
    Fix: map the local code to a listed value (rdac explain shows the list), or to the missing reason that is true.
    """

    code = "RDAC106"
    sources = ("rdac-2026:6.2",)
    native = frozenset({"enum", "pattern"})
    keywords = frozenset({"oneOf"})

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Listed, or nearly so."""
        return self.right(column, standard) | self.nearly(column, standard)

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """A choice is not even nearly listed."""
        return self.judged(cell, column, standard) == "unknown"

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column and its lists."""
        return f"{column.name} is not a code of {' or '.join(column.lists)} (rdac explain {column.lists[0]})"


class _ChoicesKind(CellKind, abstract=True):
    """What the kinds on several choices share: a cell of one choice cannot be at fault."""

    def plain(self, column: Column, standard: Standard) -> nw.Expr:
        """No cell has more than one choice."""
        return ~nw.col(column.name).str.contains(DELIMITER, literal=True)


class RepeatedChoice(_ChoicesKind):
    """A multi-valued cell names the same choice twice.

    Why: a choice that is counted twice distorts every share, and shows that an export went wrong.
    Fix: list each choice once, joined with |.
    """

    code = "RDAC109"
    sources = ("rdac-2026:6.2",)
    keywords = frozenset({"uniqueItems"})

    def applies_to(self, column: Column) -> bool:
        """Multi-valued columns."""
        return column.multiple

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """As many different choices as choices."""
        choices = nw.col(column.name).str.split(DELIMITER)
        return choices.list.len() == choices.list.unique().list.len()

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """Fewer different choices than choices."""
        choices = cell.split(DELIMITER)
        return len(set(choices)) < len(choices)

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column."""
        return f"{column.name} names a choice twice; list each choice once, joined with {DELIMITER}"


class ReasonAmongChoices(_ChoicesKind):
    """A multi-valued cell holds a missing reason beside other choices.

    Why: a question cannot be both answered and missing; whichever is right, the other misleads.
    Fix: keep the choices and drop the missing reason, or keep the missing reason alone.
    """

    code = "RDAC110"
    sources = ("rdac-2026:5.1",)
    requirements = ("R05",)
    native = frozenset({"pattern"})
    keywords = frozenset({"oneOf", "maxItems"})

    def applies_to(self, column: Column) -> bool:
        """Multi-valued coded columns."""
        return column.multiple and column.coded

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """No missing reason, or nothing else."""
        return ~_beside_others(column, standard.missing_reasons)

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """A missing reason is one of several."""
        choices = cell.split(DELIMITER)
        return len(choices) > 1 and not set(choices).isdisjoint(standard.missing_reasons)

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column."""
        return f"{column.name} holds a missing reason beside other choices; it must stand alone"


class ExclusiveChoice(_ChoicesKind):
    """A choice that excludes every other stands beside other choices.

    Why: "none identified" and an identified need cannot both be true; CIN factor 21 says "no factors" just so.
    Fix: drop the exclusive choice if anything was identified; otherwise keep it alone.
    """

    code = "RDAC115"
    sources = ("rdac-2026:6.1",)
    requirements = ("R07",)

    def applies_to(self, column: Column) -> bool:
        """Multi-valued columns with a code list."""
        return column.multiple and bool(column.lists)

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """No exclusive choice, or nothing else."""
        exclusive = _exclusive(column, standard)
        return ~_beside_others(column, exclusive) if exclusive else nw.lit(value=True)

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """An exclusive choice is one of several."""
        choices = cell.split(DELIMITER)
        return len(choices) > 1 and not set(choices).isdisjoint(_exclusive(column, standard))

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column."""
        return f"{column.name} holds a choice that excludes all others, such as none_identified, beside others"
