"""How one structural kind ended on one table, told to the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

from rdac_validator.findings import Group
from rdac_validator.ledger import Ledger
from rdac_validator.rules.structural import Kind
from rdac_validator.structure.engine import EngineError, Fault

SHOWN = 20


@dataclass
class Telling:
    """One kind on one table: what was checked, what failed, and why it cannot be relied on if it cannot."""

    kind: type[Kind]
    table: str
    ledger: Ledger
    checked: int = 0
    failed: int = 0
    error: EngineError | None = None
    alone: list[Fault] = field(default_factory=list)

    def found(self, fault: Fault, group: Group) -> None:
        """Note rows at fault; those that one of two engines found alone are told as well, and kept."""
        if not fault.rows:
            return
        self.ledger.found(group, fault.rows)
        self.failed += len(fault.rows)
        if fault.by:
            self.alone.append(fault)

    def end(self) -> None:
        """Tell how it ended: crashed where an engine raised or two engines differ."""
        code, severity = self.kind.code, self.kind.severity
        if self.error:
            self.ledger.crashed(code, severity, self.table, str(self.error))
        elif self.alone:
            where = "; ".join(_where(fault) for fault in self.alone)
            self.ledger.crashed(code, severity, self.table, f"the engines differ: {where}")
        else:
            self.ledger.ended(code, severity, self.table, self.checked, self.failed)


def _where(fault: Fault) -> str:
    """Column, rows and engine of a difference: ``sex rows 3-5, 9 by pandera alone``."""
    runs = list(islice(_runs(fault.rows), SHOWN + 1))
    more = ", …" if len(runs) > SHOWN else ""
    word = "row" if len(fault.rows) == 1 else "rows"
    return f"{fault.column or 'the key'} {word} {', '.join(runs[:SHOWN])}{more} by {fault.by} alone"


def _runs(rows: Sequence[int]) -> Iterator[str]:
    """Row numbers in order, those that follow one another as ``first-last``."""
    for _, run in groupby(enumerate(sorted(rows)), lambda pair: pair[1] - pair[0]):
        numbers = [row for _, row in run]
        yield str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
