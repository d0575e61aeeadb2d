"""A return taken apart into its families, so that a fault can be planted in one without touching another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from rdac_validator.standard import Standard
from rdac_validator.synth.rows import Cells, Rows, frames

# In this order each table's family is known by a column that holds the key of a table before it.
KNOWN_BY = (
    ("assessment", "episode_id", "episode"),
    ("family_meeting", "episode_id", "episode"),
    ("family_circumstances", "assessment_id", "assessment"),
    ("harm_direction", "assessment_id", "assessment"),
    ("child_experience", "assessment_id", "assessment"),
    ("adult_in_case", "assessment_id", "assessment"),
    ("family_voice", "assessment_id", "assessment"),
    ("plan_action", "assessment_id", "assessment"),
    ("risk_assessment", "harm_id", "harm_direction"),
    ("person", "person_id", "person"),
    ("status_event", "child_id", "person"),
    ("service_referral", "person_id", "person"),
    ("kinship_arrangement", "child_id", "person"),
)


@dataclass(slots=True)
class Case:
    """The rows of one family, by table. Rows are changed in place; what is taken out or put in is noted."""

    key: str
    rows: Rows
    dropped: list[tuple[str, Cells]] = field(default_factory=list)
    added: list[tuple[str, Cells]] = field(default_factory=list)

    def of(self, table: str, **cells: str) -> list[Cells]:
        """Rows of a table in which these cells stand."""
        return [row for row in self.rows.get(table, ()) if all(row[name] == cell for name, cell in cells.items())]

    def one(self, table: str, **cells: str) -> Cells:
        """The only such row; raises ``ValueError`` where there is none or another."""
        (row,) = self.of(table, **cells)
        return row

    def drop(self, table: str, row: Cells) -> None:
        """Take a row out."""
        self.dropped.append((table, row))

    def add(self, table: str, row: Cells) -> Cells:
        """Put a row in, at the end of its table."""
        self.added.append((table, row))
        return row


class Families:
    """A return by family, and the way back to frames and row numbers."""

    def __init__(self, tables: Mapping[str, pl.DataFrame], standard: Standard) -> None:
        self.standard = standard
        self.rows: Rows = {name: frame.to_dicts() for name, frame in tables.items()}
        self.cases = list(self._cases())
        self.dataset = Case("", {"dataset": self.rows["dataset"]})

    def _cases(self) -> Iterator[Case]:
        family: dict[str, dict[str, str]] = {"person": {}, "episode": {}}
        sorted_rows: dict[str, Rows] = {}
        for row in self.rows["episode"]:
            family["episode"][row["episode_id"]] = family["person"][row["child_id"]] = row["family_id"]
            sorted_rows.setdefault(row["family_id"], {}).setdefault("episode", []).append(row)
        for table, column, known in KNOWN_BY:
            key = self.standard.table(table).key[0]
            for row in self.rows[table]:
                home = family[known][row[column]]
                sorted_rows[home].setdefault(table, []).append(row)
                family.setdefault(table, {})[row[key]] = home
                if table == "adult_in_case":
                    family["person"][row["person_id"]] = home
        yield from (Case(key, rows) for key, rows in sorted_rows.items())

    def settle(self) -> None:
        """Carry out what the cases took out and put in."""
        for case in (*self.cases, self.dataset):
            gone = {id(row) for _, row in case.dropped}
            for table in {table for table, _ in case.dropped}:
                self.rows[table] = [row for row in self.rows[table] if id(row) not in gone]
            for table, row in case.added:
                self.rows.setdefault(table, []).append(row)

    def numbers(self, first: int) -> dict[int, int]:
        """The number of each row in its file, the first row being ``first``, by the identity of the row."""
        return {id(row): number for rows in self.rows.values() for number, row in enumerate(rows, first)}

    def frames(self) -> dict[str, pl.DataFrame]:
        """The return again."""
        return frames(self.rows, self.standard)
