"""The report as one HTML page for people: no script, nothing fetched, and everything on it can be shared.

The words stand in ``page/quality.html.jinja``; the looks are those of the validation report and ``page/quality.css``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from jinja2 import Template

from rdac_validator.metrics import MetricInfo
from rdac_validator.metrics.base import BARS
from rdac_validator.quality.charts import Bar, Chart, chart, count, percent
from rdac_validator.quality.content import Content
from rdac_validator.quality.depth import READERS, left_out, parts
from rdac_validator.quality.derived import SECTIONS as DERIVED
from rdac_validator.quality.drawing import plot
from rdac_validator.quality.flows import Flow, flow
from rdac_validator.quality.grids import (
    Grid,
    answered_by_group,
    answered_by_team,
    completeness,
    is_field,
    pairs,
    who_harms_whom,
)
from rdac_validator.quality.labels import Labels
from rdac_validator.quality.layout import Layout, low
from rdac_validator.quality.pictures import Shades
from rdac_validator.quality.plain import Plain, breakable, cited
from rdac_validator.quality.shading import key, shade, shades
from rdac_validator.quality.wording import Finding, notes, shares_of
from rdac_validator.reports import markup
from rdac_validator.standard import Standard

# a table of more lines is folded, with its picture above it
LONG = 12
GRIDS = {"matrix": who_harms_whom, "pairs": pairs}


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it stands on the page, with what it is drawn as."""

    layout: Layout
    name: str
    chart: Chart | None
    flows: tuple[Flow, ...]
    grid: Grid | None

    @classmethod
    def of(cls, layout: Layout, name: str) -> Shown:
        """A table with the picture that its question asks for."""
        picture, columns = layout.asked.picture, range(1, len(layout.columns))
        bars = chart(layout, f"{name}-chart") if picture in {BARS, "shades"} else None
        grid = GRIDS[picture](layout) if picture in GRIDS and layout.tells else None
        return cls(
            layout,
            name,
            bars if bars and bars.tells else None,
            tuple(filter(None, (flow(layout, column) for column in columns))) if picture == "flow" else (),
            grid if grid and grid.rows else None,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as it stands on the page, with the table that it is from."""

    finding: Finding
    metric: MetricInfo
    table: Shown
    bars: Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A metric with its tables."""

    metric: MetricInfo
    tables: tuple[Shown, ...]


def render(content: Content, reader: str) -> str:
    """The whole page, as deep as the reader wants it: one of :data:`~rdac_validator.quality.depth.READERS`."""
    given = parts(content, reader)
    return _page(content.standard).render(
        content=content,
        quality=content.quality,
        parts=given,
        left_out=left_out(content, reader),
        READERS=READERS,
        reader=reader,
        told=[_told(content, finding, place) for place, finding in enumerate(content.findings, start=1)],
        sections=list(_sections(content)) if "tables" in given else [],
        fields=list(_completeness(content)) if "completeness" in given else [],
        derived={name: [one for one in content.derived if one.section == name] for name in DERIVED if name in given},
        DERIVED=DERIVED,
        LONG=LONG,
        style=markup.asset(markup.__package__, "report.css") + markup.asset(__package__, "quality.css"),
    )


def _told(content: Content, finding: Finding, place: int) -> Told:
    name, layout = f"finding-{place}", finding.layout
    interval = f", 95% interval {finding.interval[0]} to {finding.interval[1]} per cent" if finding.interval else ""
    bar = Bar(finding.words, finding.share.value, percent(finding.share))
    drawn = Chart(f"{name}-share", finding.sentence, f"A bar from 0 to 100 per cent: {bar.said}{interval}.", (bar,))
    shown = Shown.of(layout, f"{name}-table")
    return Told(finding, content.quality.metrics[layout.asked.metric], shown, drawn)


def _sections(content: Content) -> Iterator[Section]:
    """Every metric with its tables, each of all periods; what the table of completeness holds in a line is left out."""
    layouts = [layout for layout in content.layouts if not is_field(layout)]
    places = {layout.asked.name: place for place, layout in reversed(list(enumerate(layouts)))}
    together = sorted(layouts, key=lambda layout: (layout.asked.metric, places[layout.asked.name]))
    for code, found in groupby(together, key=lambda layout: layout.asked.metric):
        tables = (Shown.of(layout, f"{code}-{place}") for place, layout in enumerate(found, start=1))
        yield Section(content.quality.metrics[code], tuple(tables))


def _completeness(content: Content) -> Iterator[Grid]:
    """How complete each field is, and for whom, the newest period first."""
    made = completeness, answered_by_group, answered_by_team
    for period in reversed(content.quality.periods):
        yield from filter(None, (of(content.layouts, period.name) for of in made))


def _page(standard: Standard) -> Template:
    made = markup.environment(__package__)
    plain = Plain(Labels(standard))
    made.finalize = plain.finalize
    filters = {"percent": percent, "count": count, "low": low, "notes": notes, "shares_of": shares_of}
    made.filters |= filters
    made.filters |= {"plot": plot, "shade": shade, "shades": shades, "shade_key": key, "breakable": breakable}
    made.filters |= {"plain": plain, "field": plain.field, "head": plain.head, "cited": cited}
    made.tests["shades"] = lambda picture: isinstance(picture, Shades)
    return made.get_template("quality.html.jinja")
