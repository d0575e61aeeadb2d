"""What a rule is. One requirement, one class: its docstring is its documentation, its good and bad rows are its tests.

A verdict is a narwhals expression, so that the same rule serves polars, DuckDB and Spark. A rule neither loops nor
collects nor formats a row number: :mod:`rdac_validator.check` does that. Null is not a failure: a blank cell and a cell
that would not cast have findings of their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar

import narwhals as nw
import polars as pl

from rdac_validator.findings import RuleError, RuleInfo, Severity
from rdac_validator.standard import Standard
from rdac_validator.tables import ROW, Tables, missing

Frame = nw.LazyFrame[pl.LazyFrame]
Row = Mapping[str, str]
Case = Mapping[str, Sequence[Row]]
VALID = "valid"


class Rule(ABC):
    """A requirement on the rows of one table, perhaps in the light of others.

    Subclasses state ``code``, ``severity``, ``table``, ``columns``, ``message``, ``sources`` (keys of
    ``schema/sources.yaml`` with a locator), ``requirements`` (the R-numbers of the requirements that it meets),
    ``good`` and ``bad``, and give :meth:`cases`.

    ``needs`` names tables and columns beyond ``table`` and ``columns`` without which the rule is *not run*; where the
    other table's absence is lawful, leave it out and look with ``"x" in tables``. ``lenient`` gives another severity at
    some profiles. ``good`` and ``bad`` are cases: text cells by table, as they would stand in CSV; cells left out are
    blank. In a bad case exactly the first row of ``table`` fails; in a good case none does.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity]
    table: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    message: ClassVar[str]
    sources: ClassVar[tuple[str, ...]]
    requirements: ClassVar[tuple[str, ...]]
    good: Sequence[Any]
    bad: Sequence[Any]
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    lenient: ClassVar[Mapping[str, Severity]] = {}

    _said = ("code", "severity", "table", "columns", "message", "sources", "requirements", "good", "bad")

    def __init_subclass__(cls, abstract: bool = False) -> None:
        super().__init_subclass__()
        if abstract:
            return
        unsaid = [name for name in cls._said if not getattr(cls, name, None)]
        if unsaid:
            raise RuleError(f"{cls.__name__} in {cls.__module__} leaves unsaid: {', '.join(unsaid)}")
        RuleInfo.of(cls)

    def severity_at(self, profile: str) -> Severity:
        """The severity of a finding when a return is checked at ``profile``."""
        return self.lenient.get(profile, self.severity)

    @abstractmethod
    def cases(self, tables: Tables) -> Frame:
        """The rows of the rule's own table that it judges: :data:`ROW` and a boolean ``valid``; null passes."""


class RowRule(Rule, abstract=True):
    """A rule that sees one row at a time. It gives :meth:`valid`, and :meth:`applies` where not every row is judged."""

    def applies(self) -> nw.Expr:
        """Which rows the rule judges: the denominator. Null is no."""
        return nw.col(ROW) >= 0

    @abstractmethod
    def valid(self) -> nw.Expr:
        """True where the row is right, False where it is wrong, null where nothing can be said."""

    def cases(self, tables: Tables) -> Frame:
        """The judged rows of the table with their verdicts."""
        return tables[self.table].filter(self.applies()).select(ROW, self.valid().alias(VALID))


def gather(*modules: ModuleType) -> tuple[type[Rule], ...]:
    """Every rule that stands in these modules, by code: a new rule touches its own file only. A base has no code.

    Raises :class:`~rdac_validator.findings.RuleError` if two rules share a code.
    """
    found = [
        item
        for module in modules
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Rule) and item.__module__ == module.__name__
    ]
    rules = sorted((rule for rule in found if hasattr(rule, "code")), key=lambda rule: rule.code)
    codes = [rule.code for rule in rules]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise RuleError(f"codes used by two rules: {', '.join(sorted(twice))}")
    return tuple(rules)


def answered(column: str) -> nw.Expr:
    """Whether a coded cell was answered: a value, or a missing reason other than ``not_applicable``.

    Null for a blank (the rule on blank cells reports it) and for a cell that would not cast.
    """
    reason = nw.col(missing(column))
    return nw.when(~nw.col(column).is_null()).then(nw.lit(True)).otherwise(reason != "not_applicable")


def not_applicable(column: str) -> nw.Expr:
    """Whether ``not_applicable`` stands in a coded cell; null for a blank and for a cell that would not cast."""
    value_given = ~nw.col(column).is_null()
    return nw.when(value_given).then(nw.lit(False)).otherwise(nw.col(missing(column)) == "not_applicable")


def holds(column: str, codes: Sequence[str]) -> nw.Expr:
    """Whether a multi-valued cell holds any of ``codes``; null where it holds no value."""
    return nw.any_horizontal(*(nw.col(column).list.contains(code) for code in codes), ignore_nulls=False)


def only(column: str, code: str) -> nw.Expr:
    """Whether a multi-valued cell holds ``code`` and nothing else; null where it holds no value."""
    return (nw.col(column).list.len() == 1) & nw.col(column).list.contains(code)


def dva_codes(standard: Standard, subject: str = "") -> list[str]:
    """Source codes that the schema marks as domestic abuse, of every source list or of those about one ``subject``."""
    column = standard.table("assessment").column("source_codes")
    values = [value for name in column.lists for value in standard.lists[name].values]
    return [v.code for v in values if "dva" in v.notes and (not subject or v.notes.get("subject") == subject)]


def cases_of(tables: Tables) -> Frame:
    """``assessment_id`` with the day of the assessment, the child, and the dates of the episode that it stands in."""
    episodes = tables["episode"].select("episode_id", "child_id", "referral_date", "closure_date")
    dated = tables["assessment"].select("assessment_id", "episode_id", "assessment_date")
    return dated.join(episodes, on="episode_id", how="left").drop("episode_id")
