"""What a metric is. One metric, one class: its docstring is its definition, and its questions say what is counted.

A question is a frame with a row for each unit and the axes that the units are counted by. :func:`counted` counts all
questions of a run together; what it gives goes through :mod:`rdac_validator.disclosure` before anybody sees a number.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import cleandoc
from itertools import combinations
from types import ModuleType
from typing import ClassVar

import polars as pl

from rdac_validator.disclosure import ALL, Parts, Several, Table
from rdac_validator.disclosure.tables import Axis, Coordinates
from rdac_validator.findings import RuleError
from rdac_validator.metrics.axes import ANSWERED, UNKNOWN
from rdac_validator.metrics.cases import Cases

UNITS = {
    "person": "people",
    "child": "assessed children",
    "episode": "episodes",
    "assessment": "assessments",
    "direction": "records of who harms whom",
    "adult": "adults in assessments",
    "experience": "children in assessments",
    "voice": "accounts",
    "event": "changes of status",
    "referral": "service referrals",
    "risk assessment": "risk assessments",
    "action": "plan actions",
    "meeting": "family meetings",
    "arrangement": "kinship arrangements",
}
BARS = "bars"
YEAR = "year"
# shares of fewer than this jump about by chance
FEW = 30
# how a table can be drawn: its first axis as bars, its cells shaded, factors by factors, who harms whom, or as a flow
PICTURES = (BARS, "shades", "pairs", "matrix", "flow")


@dataclass(frozen=True, slots=True)
class Base:
    """The units that a table counts: which unit, in words who is counted, and the conditions that all of them meet.

    ``given`` names the conditions as disclosure control knows them, ``where`` is the same as an expression.
    """

    unit: str
    words: str
    given: Mapping[str, str] = field(default_factory=dict)
    where: pl.Expr | None = None

    def of(self, words: str, variable: str, category: str, where: pl.Expr | None = None) -> Base:
        """Those of this base that meet one more condition: ``variable`` reads ``category``, or else ``where``."""
        condition = pl.col(variable) == category if where is None else where
        both = condition if self.where is None else self.where & condition
        return Base(self.unit, f"{self.words}, {words}", {**self.given, variable: category}, both)

    def with_answer(self, column: str) -> Base:
        """Those of this base for which a coded column with several answers holds one."""
        return self.of(f"with an answer to {column}", column, ANSWERED, pl.col(column).is_not_null())

    def frame(self, cases: Cases) -> pl.LazyFrame:
        """A row for each unit of the base."""
        rows = cases.unit(self.unit)
        return rows if self.where is None else rows.filter(self.where)


@dataclass(frozen=True, slots=True)
class Headline:
    """The one number of a question: the share of ``part`` in ``whole``, both coordinates of its table.

    ``words`` finish the sentence that begins "12 of 40 assessments". ``less`` are coordinates of those in the whole of
    whom the question does not ask; they are taken from it.
    """

    part: Coordinates
    words: str
    whole: Coordinates = ()
    less: Coordinates = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One table of a metric before it is counted.

    ``frame`` has a row for each unit and a column for each axis: text for :class:`Parts`, a list of text for
    :class:`Several`; null counts as :data:`UNKNOWN`, which such an axis then has to list. ``base`` says in words which
    units are counted, ``given`` are the conditions that all of them meet. ``picture`` is one of :data:`PICTURES`.
    ``amount`` names a column with a number for each unit whose totals by the axes, which are then :class:`Parts`, may
    be released.
    """

    name: str
    caption: str
    unit: str
    frame: pl.LazyFrame
    by: tuple[Axis, ...]
    base: str
    given: Mapping[str, str] = field(default_factory=dict)
    headline: Headline | None = None
    picture: str = BARS
    amount: str = ""

    def totals(self) -> dict[Coordinates, float]:
        """The total of the amount for each part that anybody is in. They are not protected: see to that."""
        names = [axis.variable for axis in self.by]
        found = self.frame.group_by(names).agg(pl.col(self.amount).sum()).collect()
        return {row[:-1]: row[-1] for row in found.iter_rows()}


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """What a metric says of itself: for the report, ``rdac explain`` and the docs."""

    code: str
    title: str
    why: str
    read: str
    tier: str
    sources: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    adds: Mapping[str, tuple[str, ...]]
    on_request: str = ""


class Described(ABC):
    """Something worth knowing about a return. The docstring reads ``Definition.``, ``Why: …``, ``Read: …``.

    Subclasses state ``code`` (M01 to M40), ``tier`` (from which tier of fields on it can be worked out) and ``sources``
    (keys of ``schema/sources.yaml``, each with a locator). Raises :class:`~rdac_validator.findings.RuleError` where
    something is left unsaid.
    """

    code: ClassVar[str]
    tier: ClassVar[str]
    sources: ClassVar[tuple[str, ...]]
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    adds: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    on_request: ClassVar[str] = ""
    _said: ClassVar[tuple[str, ...]] = ("code", "tier", "sources")

    def __init_subclass__(cls, abstract: bool = False) -> None:
        super().__init_subclass__()
        if not abstract:
            cls.info()

    @classmethod
    def info(cls) -> MetricInfo:
        """What the metric says of itself."""
        title, _, rest = cleandoc(cls.__doc__ or "").partition("\n\n")
        why, _, read = rest.partition("Read:")
        title, why, read = (" ".join(part.split()) for part in (title, why.removeprefix("Why:"), read))
        unsaid = [name for name in cls._said if not getattr(cls, name, None)]
        if unsaid or not (title and why and read) or not rest.startswith("Why:"):
            raise RuleError(f"{cls.__name__}: it needs a definition, 'Why: …', 'Read: …' and {', '.join(unsaid)}")
        return MetricInfo(cls.code, title, why, read, cls.tier, cls.sources, cls.needs, cls.adds, cls.on_request)


class Metric(Described, abstract=True):
    """A metric that counts people, or what is recorded of them.

    Subclasses state besides ``needs``: the tables and columns without which it stays dark. ``adds`` are those that give
    it more tables where they are there, ``on_request`` says how to have one that is counted only where it is asked for.
    They give :meth:`questions`.
    """

    _said = (*Described._said, "needs")

    def lacking(self, cases: Cases) -> dict[str, list[str]]:
        """The tables and columns that would have to be collected; a table that is absent with all that it needs."""
        return {
            table: absent
            for table, columns in self.needs.items()
            if (absent := [column for column in columns if not cases.answered(table, column)])
        }

    def ask(
        self,
        cases: Cases,
        base: Base,
        by: Sequence[Axis],
        caption: str,
        about: str = "",
        headline: Headline | None = None,
        columns: Sequence[pl.Expr] = (),
        picture: str = BARS,
    ) -> Question:
        """A question over the units of a base; ``columns`` make axes that its frame does not have."""
        frame = base.frame(cases).with_columns(columns)
        name = f"{self.code} {about}".strip()
        return Question(name, caption, base.unit, frame, tuple(by), base.words, base.given, headline, picture)

    @abstractmethod
    def questions(self, cases: Cases) -> Iterator[Question]:
        """The tables of the metric over a return that has all that it needs."""


def gather(*modules: ModuleType) -> tuple[type[Metric], ...]:
    """Every metric that stands in these modules, by code. Raises ``RuleError`` if two share one."""
    found = [item for module in modules for item in vars(module).values() if isinstance(item, type)]
    metrics = {item for item in found if issubclass(item, Metric) and hasattr(item, "code")}
    if len({metric.code for metric in metrics}) < len(metrics):
        raise RuleError("two metrics have one code")
    return tuple(sorted(metrics, key=lambda metric: metric.code))


def counted(questions: Sequence[Question], year: str = "") -> list[Table]:
    """Count every question, all in one go; ``year`` is a condition on every table where returns are compared."""
    plans = [list(_plans(question)) for question in questions]
    frames = iter(pl.collect_all([frame for plan in plans for _, frame in plan]))
    tables = []
    for question, plan in zip(questions, plans, strict=True):
        counts: dict[Coordinates, int] = {}
        for place, _ in plan:
            counts |= _counts(next(frames), question.by, place)
        given = {**question.given, **({YEAR: year} if year else {})}
        ordered = dict(sorted(counts.items(), key=lambda item: [part or "" for part in item[0]]))
        tables.append(Table(question.name, question.unit, question.by, ordered, given))
    return tables


def _plans(question: Question) -> Iterator[tuple[tuple[int, ...], pl.LazyFrame]]:
    """The frames to collect: one for the parts alone, one for each axis of which a unit can have several, and where
    there are two of them one for both. With each the places of the axes of several that it is by.
    """
    parts = [axis.variable for axis in question.by if isinstance(axis, Parts)]
    texts = question.frame.with_columns(pl.col(parts).fill_null(UNKNOWN)) if parts else question.frame
    yield (), texts.group_by(parts).agg(n=pl.len()) if parts else texts.select(n=pl.len())
    several = [place for place, axis in enumerate(question.by) if isinstance(axis, Several)]
    for places in (places for size in (1, 2) for places in combinations(several, size)):
        names = [_held(place) for place in places]
        held = texts.select(*parts, *(_answers_of(question.by[place], place) for place in places))
        for name in names:
            held = held.explode(name).drop_nulls(name)
        if len({question.by[place] for place in places}) < len(places):
            # a pair of answers to one question: disclosure control turns it round itself
            held = held.filter(pl.col(names[0]) < pl.col(names[1]))
        yield places, held.group_by(*parts, *names).agg(n=pl.len())


def _held(place: int) -> str:
    return f"_held_{place}"


def _answers_of(axis: Axis, place: int) -> pl.Expr:
    return pl.col(axis.variable).list.unique().alias(_held(place))


def _counts(frame: pl.DataFrame, by: tuple[Axis, ...], several: tuple[int, ...]) -> Iterable[tuple[Coordinates, int]]:
    """Coordinates and counts of one collected frame: a several axis is ``ALL`` but in the frames that are by it."""
    names = [
        axis.variable if isinstance(axis, Parts) else _held(place) if place in several else None
        for place, axis in enumerate(by)
    ]
    for row in frame.iter_rows(named=True):
        yield tuple(ALL if name is None else row[name] for name in names), row["n"]
