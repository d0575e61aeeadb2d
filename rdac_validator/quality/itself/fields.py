"""Which fields of the standard a report used, and which rules check them: what each of them is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from rdac_validator.disclosure import Figure
from rdac_validator.metrics.axes import ANSWERED
from rdac_validator.metrics.recording import Burden, Completeness
from rdac_validator.quality.derived import Derived, Entry
from rdac_validator.quality.itself.base import OfTheReport, printed
from rdac_validator.quality.measuring import Quality
from rdac_validator.rules import RULES
from rdac_validator.standard import Column, Standard, Table

# what the return says of itself, and what a conversion says of it: nobody is asked for it
ABOUT_THE_RETURN = {"dataset", "provenance"}
ONCE = (
    "One report is no ground to drop a field. Give two periods in one run: what is used in neither of them is a "
    "candidate for review."
)
TWICE = (
    "Unused in one period after the other, a field is a candidate for review: is it worth asking? It may be empty "
    "because nobody asks, or because nobody could answer: look at its completeness before it goes."
)
Place = tuple[str, str]
Places = Mapping[str, tuple[str, ...]]


class FieldUse(OfTheReport):
    """Which metrics of this report used each field of the standard, which rules check it, and what nothing used.

    Why: every field is paid for in time with families; one that feeds nothing is to be asked about before they are.
    Read: a metric that stays dark uses nothing, and an empty field is no use; completeness (M01) and burden (M40) look
    at every field and use none. A rule that checks a field is a use of another kind, and stands beside. Which fields
    fed a decision about a family is in no return: for that a case system would have to log which fields were read, by
    what kind of worker, when, and for which decision.
    """

    code = "M39"
    tier = "T0"
    sources = ("rdac-2026:6.2", "powell-2023-slides:text")

    def tables(self, quality: Quality, standard: Standard) -> Iterator[Derived]:
        """The numbers by table, those that nothing used, and every field."""
        use, again = Use(quality, standard), len(quality.periods) > 1
        unused = "Used in no period" if again else "Used by no metric"
        said = {
            "unit": "fields of the standard, not people",
            "base": "every field that the standard asks for",
            "exclusions": "keys, links between tables, what is worked out, and what a return says of itself",
        }
        yield self.table(
            quality,
            "field-use",
            "How many fields are used",
            ("Table", "Fields", "Used by a metric", "Checked by a rule", unused, "By no rule either"),
            tuple(use.sums()),
            **said,
        )
        yield self.table(
            quality,
            "field-use-none",
            "Fields to review: used in no period" if again else "Fields that no metric of this report used",
            ("Field", "From tier", "Rules that check it", "What it is meant to inform"),
            tuple(use.unused()),
            **said,
            read=TWICE if again else ONCE,
        )
        yield self.table(
            quality,
            "field-use-fields",
            "Every field, the metrics that used it and the rules that check it",
            ("Field", "From tier", "Metrics", "Rules", "Which metrics", "Which rules"),
            tuple(use.rows()),
            **said,
        )


class Use:
    """What used each field: worked out of what metrics and rules declare, and of what is printed of a return."""

    def __init__(self, quality: Quality, standard: Standard) -> None:
        self.quality, self.standard = quality, standard
        self.tables = printed(quality)

    def fields(self) -> Iterator[tuple[Table, Column]]:
        """What the standard asks for, in schema order."""
        for table in self.standard.tables:
            for column in table.columns if table.name not in ABOUT_THE_RETURN else ():
                if not (column.derived or column.references or column.name in table.key):
                    yield table, column

    @cached_property
    def metrics(self) -> Mapping[Place, list[str]]:
        """The metrics that used each field in some period."""
        found: dict[Place, list[str]] = {}
        for code, info in self.quality.metrics.items():
            held = {place for place in (*_places(info.needs), *_places(info.adds)) if self._in_use(code, place)}
            for place in held if code not in {Completeness.code, Burden.code} else ():
                found.setdefault(place, []).append(code)
        return found

    def _in_use(self, code: str, place: Place) -> bool:
        """Whether a metric was worked out in a period in which the field is not printed as empty."""
        periods = (period.name for period in self.quality.periods if (code, period.name) not in self.quality.dark)
        return any(self._filled(period, place) for period in periods)

    def _filled(self, period: str, place: Place) -> bool:
        table, name = place
        column, held = self.standard.table(table).column(name), f"{Completeness.code} {table}.{name}"
        if not column.coded or column.derived or column.references:
            return True  # nothing is printed of how complete it is
        return (period, held) in self.tables and self.tables[period, held][ANSWERED,].value != 0

    @cached_property
    def rules(self) -> Mapping[Place, list[str]]:
        """The rules that look at each field; those that check every field alike, by its type or list, are not here."""
        found: dict[Place, list[str]] = {}
        for rule in RULES:
            places = {*_places({rule.table: rule.columns}), *_places(rule.needs)}
            for place in places:
                found.setdefault(place, []).append(rule.code)
        return found

    def rows(self) -> Iterator[tuple[Entry, ...]]:
        """A line for each field."""
        for table, column in self.fields():
            metrics, rules = self._of(table, column)
            numbers = Figure.known(len(metrics)), Figure.known(len(rules))
            yield f"{table.name}.{column.name}", column.tier, *numbers, ", ".join(metrics), ", ".join(rules)

    def unused(self) -> Iterator[tuple[Entry, ...]]:
        """The fields that no metric used."""
        for table, column in self.fields():
            metrics, rules = self._of(table, column)
            if not metrics:
                yield f"{table.name}.{column.name}", column.tier, Figure.known(len(rules)), column.decision

    def sums(self) -> Iterator[tuple[Entry, ...]]:
        """The numbers of all tables, then of each."""
        held = [(table.name, *self._of(table, column)) for table, column in self.fields()]
        for name in ("all", *dict.fromkeys(name for name, *_ in held)):
            some = [(bool(metrics), bool(rules)) for of, metrics, rules in held if name in {"all", of}]
            used, checked = sum(used for used, _ in some), sum(checked for _, checked in some)
            numbers = len(some), used, checked, len(some) - used, sum(not any(pair) for pair in some)
            yield name, *map(Figure.known, numbers)

    def _of(self, table: Table, column: Column) -> tuple[list[str], list[str]]:
        place = table.name, column.name
        return self.metrics.get(place, []), self.rules.get(place, [])


def _places(named: Places) -> Iterator[Place]:
    return ((table, column) for table, columns in named.items() for column in columns)
