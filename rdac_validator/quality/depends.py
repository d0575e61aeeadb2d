"""Which fields a number rests on, and which fields are answered more or less often than in another period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rdac_validator.disclosure import ALL
from rdac_validator.metrics.axes import AGE, ANSWERED, CAUSES, DVA, ETHNICITY, EXPERIENCES, SPEAKER
from rdac_validator.metrics.cases import TABLE_OF
from rdac_validator.quality.content import Content
from rdac_validator.quality.differences import Difference
from rdac_validator.quality.layout import Layout
from rdac_validator.quality.measuring import Period

COMPLETENESS = "M01"
# the condition that tells the tables of several periods apart
YEAR = "year"
# the fields of the variables that several metrics share
COUNTED_BY = {
    DVA.variable: ("assessment.source_codes", "harm_direction.person_causing_id"),
    AGE.variable: ("person.birth_month", "assessment.assessment_date"),
    ETHNICITY.variable: ("person.ethnicity_code", "person.ethnicity_scheme"),
    CAUSES.variable: ("harm_direction.person_causing_id",),
    EXPERIENCES.variable: ("harm_direction.person_experiencing_id",),
    SPEAKER.variable: ("family_voice.speaker_id", "person.birth_month", "person.person_kind"),
    "pathway": ("episode.pathway", "status_event.to_status"),
}


def depends(layout: Layout, content: Content) -> list[str]:
    """The fields that the first number of a table is counted by: those of its base, and of the axes that it stands on.

    What else the metric needs, or the table is parted by, moves other numbers and not this one.
    """
    headline, metric = layout.asked.headline, content.quality.metrics[layout.asked.metric]
    if not headline:
        return []
    whole = headline.whole or (ALL,) * len(headline.part)
    places = zip(layout.table.by, headline.part, whole, strict=True)
    variables = [axis.variable for axis, *levels in places if levels != [ALL, ALL]]
    variables += [variable for variable in layout.table.given if variable != YEAR]
    needs = _names(metric.needs)
    own = TABLE_OF.get(layout.asked.unit)
    columns = _names({own: content.standard.table(own).names}) if own else []
    found: list[str] = []
    for variable in variables:
        named = [name for name in (*needs, *_names(metric.adds), *columns) if name.partition(".")[2] == variable]
        # an axis that the metric works out for itself can be of every field that it needs
        found += COUNTED_BY.get(variable) or named or needs
    return list(dict.fromkeys(found))


def fields(content: Content, old: Period, new: Period) -> Mapping[str, str]:
    """The fields that are answered clearly more or less often, or in one period alone: what is said of each."""
    found, before = {}, dict(_answered(content, old))
    for name, layout in _answered(content, new):
        if name in before:
            now, then = ((one.table[(ANSWERED,)], one.base()) for one in (layout, before[name]))
            answered = Difference.of(now, then)
            if answered.clear:
                found[name] = f"is answered {'more' if answered.words == 'higher' else 'less'} often"
    lacking = [set(_lacking(content, period)) for period in (old, new)]
    found |= dict.fromkeys(sorted(lacking[0] - lacking[1]), "was not collected before")
    return found | dict.fromkeys(sorted(lacking[1] - lacking[0]), "is no longer collected")


def _answered(content: Content, period: Period) -> Iterator[tuple[str, Layout]]:
    """The table of completeness of each field."""
    for layout in content.layouts:
        asked = layout.asked
        if asked.metric == COMPLETENESS and len(layout.table.by) == 1 and asked.period == period:
            yield asked.name.removeprefix(f"{COMPLETENESS} "), layout


def _lacking(content: Content, period: Period) -> Iterator[str]:
    """The fields that a metric of the period had not."""
    for (_, name), columns in content.quality.dark.items():
        if name == period.name:
            yield from _names(columns)


def _names(columns: Mapping[str, Iterable[str]]) -> list[str]:
    return [f"{table}.{column}" for table, names in columns.items() for column in names]
