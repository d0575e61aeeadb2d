"""Doubled keys and references that lead nowhere, as an engine finds them."""

from __future__ import annotations

from collections.abc import Sequence

from rdac_validator.findings import Group
from rdac_validator.ledger import Ledger
from rdac_validator.rules.structural import BrokenReference, DuplicateKey, Kind
from rdac_validator.standard import Standard, Table
from rdac_validator.structure.engine import Engine, EngineError
from rdac_validator.structure.telling import Telling
from rdac_validator.tables import Return, Text


class Keys:
    """Keys and references of all tables: what can be asked of the engine, and how each kind ended."""

    def __init__(
        self, given: Return, standard: Standard, kinds: Sequence[type[Kind]], ledger: Ledger, engine: Engine
    ) -> None:
        self.given, self.standard, self.kinds, self.ledger, self.engine = given, standard, kinds, ledger, engine

    def end(self) -> None:
        """Tell which keys are doubled and which references lead nowhere."""
        for text in self.given.texts.values():
            table = self.standard.table(text.name)
            if DuplicateKey in self.kinds and table.key and set(table.key) <= set(text.headers):
                self.doubled(text, table)
            if BrokenReference in self.kinds:
                self.references(text, table)

    def doubled(self, text: Text, table: Table) -> None:
        """Every row whose key stands in another row as well."""
        telling = Telling(DuplicateKey, table.name, self.ledger)
        message = f"the key {' + '.join(table.key)} stands in another row as well"
        group = Group(DuplicateKey.code, DuplicateKey.severity, table.name, text.file, table.key, message)
        telling.checked += text.rows
        try:
            for fault in self.engine.doubled(text):
                telling.found(fault, group)
        except EngineError as error:
            telling.error = error
        telling.end()

    def references(self, text: Text, table: Table) -> None:
        """Every row with a reference that names no row of the other table."""
        telling = Telling(BrokenReference, table.name, self.ledger)
        for column in (c for c in table.columns if c.references and c.name in text.headers):
            target = self.standard.table(column.references)
            other = self.given.texts.get(target.name)
            if other is None or other.damaged or target.key[0] not in other.headers:
                why = f"{column.name}: {target.name} is missing or could not be read whole"
                self.ledger.not_run(BrokenReference.code, BrokenReference.severity, table.name, why)
                continue
            message = f"{column.name} names no row of {target.name}"
            group = Group(
                BrokenReference.code,
                BrokenReference.severity,
                table.name,
                text.file,
                (column.name,),
                message,
                checked=text.rows,
            )
            telling.checked += text.rows
            try:
                for fault in self.engine.broken(text, column):
                    telling.found(fault, group)
            except EngineError as error:
                telling.error = error
        if telling.checked or not text.rows:
            telling.end()
