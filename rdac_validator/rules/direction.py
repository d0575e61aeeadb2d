"""Who harms whom: rules on the direction of harm."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import VALID, Case, Frame, Row, RowRule, Rule
from rdac_validator.tables import ROW, Tables


class HarmedThemselves(RowRule):
    """A person is recorded as harming themselves.

    Why: direction is the fact that today's returns cannot hold; a row from a person to themselves says nothing.
    Fix: give the person causing harm and the person experiencing it their own person_id.
    """

    code = "RDAC201"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("person_causing_id", "person_experiencing_id")
    message = "person_causing_id and person_experiencing_id are the same person"
    sources = ("rdac-2026:6.3",)
    requirements = ("R11",)
    good: tuple[Row, ...] = (
        {"person_causing_id": "p1", "person_experiencing_id": "p2"},
        {"person_causing_id": "not_collected_by_source", "person_experiencing_id": "not_collected_by_source"},
    )
    bad: tuple[Row, ...] = ({"person_causing_id": "p1", "person_experiencing_id": "p1"},)

    def valid(self) -> nw.Expr:
        """Two different persons."""
        return nw.col("person_causing_id") != nw.col("person_experiencing_id")


class OnePatternForBoth(Rule):
    """Two people harm each other, and a direction has no pattern of its own.

    Why: a pair of rows without their own patterns is read as "both as bad as each other", which hides who controls whom.
    Fix: assess each direction by itself and state its pattern; resistance is a pattern.
    """

    code = "RDAC301"
    severity = Severity.ERROR
    table = "harm_direction"
    columns = ("assessment_id", "person_causing_id", "person_experiencing_id", "pattern")
    message = "harm is recorded in both directions, and this direction has no pattern of its own"
    sources = ("rdac-2026:6.9.1", "powell-2024:C.2")
    requirements = ("R15",)
    _there = {"assessment_id": "a1", "person_causing_id": "p1", "person_experiencing_id": "p2"}
    _back = {"assessment_id": "a1", "person_causing_id": "p2", "person_experiencing_id": "p1"}
    good: tuple[Case, ...] = (
        {"harm_direction": [_there | {"pattern": "coercive_control_pattern"}, _back | {"pattern": "resistance"}]},
        {"harm_direction": [_there | {"pattern": "not_asked"}]},
    )
    bad: tuple[Case, ...] = (
        {"harm_direction": [_there | {"pattern": "not_yet_assessed"}, _back | {"pattern": "resistance"}]},
        {"harm_direction": [_there | {"pattern": "not_recorded"}, _back | {"pattern": "resistance"}]},
    )

    def cases(self, tables: Tables) -> Frame:
        """Rows whose opposite stands in the same assessment."""
        rows = tables[self.table]
        back = rows.select(
            "assessment_id",
            nw.col("person_causing_id").alias("person_experiencing_id"),
            nw.col("person_experiencing_id").alias("person_causing_id"),
        ).unique()
        pairs = rows.join(back, on=["assessment_id", "person_causing_id", "person_experiencing_id"], how="semi")
        own = nw.when(~nw.col("pattern").is_null()).then(nw.col("pattern") != "not_yet_assessed")
        return pairs.select(ROW, own.otherwise(nw.col("pattern.missing").is_null()).alias(VALID))
