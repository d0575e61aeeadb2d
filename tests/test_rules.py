"""Every rule against its own good and bad rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from rdac_validator.rules import RULES
from rdac_validator.rules.base import VALID, Case, RowRule, Rule
from rdac_validator.standard import Standard, Table, load
from rdac_validator.tables import ROW, Tables, Text


def text_of(table: Table, rows: Sequence[Mapping[str, str]]) -> Text:
    """Rows given as some of their cells, as they would stand in a file with every column."""
    unknown = {name for row in rows for name in row} - set(table.names)
    assert not unknown, f"{table.name} has no column {unknown}"
    cells: dict[str, Any] = {name: [row.get(name) for row in rows] for name in table.names}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(table.names, pl.String))
    return Text(table.name, f"{table.name}.csv", "csv", frame.with_row_index(ROW, 2).lazy(), len(rows), table.names)


def failing_rows(rule: type[Rule], case: Case, standard: Standard) -> list[int]:
    """Row numbers that the rule finds at fault in a case; an unnamed table that the rule needs is there, empty."""
    names = dict.fromkeys([*case, rule.table, *rule.needs])
    texts = {name: text_of(standard.table(name), case.get(name, [])) for name in names}
    frame = rule().cases(Tables(texts, standard)).to_native().collect()
    return sorted(set(frame.filter(~pl.col(VALID))[ROW].to_list()))


def cases(which: str) -> Iterator[Any]:
    for rule in RULES:
        for number, given in enumerate(getattr(rule, which)):
            case = {rule.table: [given]} if issubclass(rule, RowRule) else given
            yield pytest.param(rule, case, id=f"{rule.code}-{number}")


@pytest.mark.parametrize(("rule", "case"), list(cases("good")))
def test_a_rule_finds_nothing_in_its_good_rows(rule: type[Rule], case: Case) -> None:
    assert failing_rows(rule, case, load()) == []


@pytest.mark.parametrize(("rule", "case"), list(cases("bad")))
def test_a_rule_finds_the_first_row_of_each_bad_case_and_no_other(rule: type[Rule], case: Case) -> None:
    assert failing_rows(rule, case, load()) == [2]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_names_a_table_and_columns_of_the_standard(rule: type[Rule]) -> None:
    for table, columns in {rule.table: rule.columns, **rule.needs}.items():
        assert set(columns) <= set(load().table(table).names)
