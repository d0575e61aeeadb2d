"""Every rule against its own good and bad rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from rdac_validator.rules import RULES
from rdac_validator.rules.base import VALID, Case, RowRule, Rule
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.standard import Standard, load
from rdac_validator.tables import ROW, Tables
from tests.returns import text_of


def failing_rows(rule: type[Rule], case: Case, standard: Standard) -> list[int]:
    """Row numbers that the rule finds at fault in a case; an unnamed table that the rule needs is there, empty."""
    names = dict.fromkeys([*case, rule.table, *rule.needs])
    texts = {name: text_of(standard.table(name), case.get(name, [])) for name in names}
    frame = rule().cases(Tables(texts, standard)).to_native().collect()
    return sorted(set(frame.filter(~pl.col(VALID))[ROW].to_list()))


def cases(which: str) -> Iterator[Any]:
    for rule in (*RULES, *CIN_RULES):
        for number, given in enumerate(getattr(rule, which)):
            case = {rule.table: [given]} if issubclass(rule, RowRule) else given
            yield pytest.param(rule, case, id=f"{rule.code}-{number}")


@pytest.mark.parametrize(("rule", "case"), list(cases("good")))
def test_a_rule_finds_nothing_in_its_good_rows(rule: type[Rule], case: Case) -> None:
    assert failing_rows(rule, case, load()) == []


@pytest.mark.parametrize(("rule", "case"), list(cases("bad")))
def test_a_rule_finds_the_first_row_of_each_bad_case_and_no_other(rule: type[Rule], case: Case) -> None:
    assert failing_rows(rule, case, load()) == [2]


@pytest.mark.parametrize("rule", (*RULES, *CIN_RULES), ids=lambda rule: rule.code)
def test_a_rule_names_a_table_and_columns_of_the_standard(rule: type[Rule]) -> None:
    for table, columns in {rule.table: rule.columns, **rule.needs}.items():
        assert set(columns) <= set(load().table(table).names)
