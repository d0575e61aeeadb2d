"""The metrics as a page: what each says, why, how to read it, and what it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import Model
from rdac_validator.standard import Standard, load
from rdac_validator.tables import ROW, Return, Text

if TYPE_CHECKING:
    from rdac_validator.metrics import MetricInfo, Question

PAGE = "docs/metrics.md"
SHOWN = 8
ABOUT = (
    "What the data-quality report counts, from M01 to M40. A metric whose fields a return does not have says which "
    "would have to be collected. Every table prints its unit and its base; its parts sum to the base, and what is not "
    "known is a part like any other. Means, medians and rates are given as counts in bands, so that disclosure control "
    "covers them. All assessments of an episode count, not the latest alone."
)
OF_THE_REPORT = "fields of the standard, or counts as they are printed, and nobody: it is made of the report itself"


def texts(_model: Model) -> Mapping[str, str]:
    """Give the one page. Metrics are written for the standard that ships: they do not follow another schema."""
    # metrics read standard.json when imported
    from rdac_validator.metrics import METRICS, ON_REQUEST, Cases
    from rdac_validator.quality.itself import ITSELF

    cases = Cases(_everything(load()), load())
    counts = {one.code: list(_counts(list(one().questions(cases)))) for one in (*METRICS, *ON_REQUEST)}
    infos = sorted((one.info() for one in (*METRICS, *ON_REQUEST, *ITSELF)), key=lambda info: info.code)
    listed = md.table(
        ("Metric", "From tier", "What it says"),
        [(f"[{info.code}](#{info.code.lower()})", info.tier, info.title) for info in infos],
    )
    sections = [_section(info, counts.get(info.code, [OF_THE_REPORT])) for info in infos]
    made_from = "the metric classes in rdac_validator/metrics and rdac_validator/quality/itself"
    return {PAGE: md.page("Metrics", made_from, ABOUT, listed, *sections)}


def _everything(standard: Standard) -> Return:
    """A return that has every column and no row, so that every metric tells all that it counts."""
    texts = {}
    for table in standard.tables:
        schema = {ROW: pl.UInt32()} | dict.fromkeys(table.names, pl.String())
        texts[table.name] = Text(table.name, "", "csv", pl.LazyFrame(schema=schema), 0, table.names)
    return Return(texts)


def _section(info: MetricInfo, counts: Sequence[str]) -> str:
    facts = {
        "Needs": "; ".join(_fields(info.needs)),
        "Says more with": "; ".join(_fields(info.adds)),
        "Rests on": md.citations(info.sources, ""),
        "On request": info.on_request,
    }
    said = md.bullets(f"{name}: {text}" for name, text in facts.items() if text)
    head = f"## {info.code}", info.title, f"Why: {info.why}", f"Read: {info.read}", said
    return "\n\n".join([*head, "Counts:", md.bullets(counts)])


def _counts(questions: Sequence[Question]) -> Iterator[str]:
    yield from map(_question, questions[:SHOWN])
    if len(questions) > SHOWN:
        yield f"and {len(questions) - SHOWN} more tables of the same form"


def _fields(needs: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for table, columns in needs.items():
        page = f"standard/{table}.md"
        yield f"[{table}]({page}): " + ", ".join(f"[{column}]({page}#{column})" for column in columns)


def _question(question: Question) -> str:
    headline = f" Named first: how many {question.headline.words}." if question.headline else ""
    return f"{question.caption}. Base: {question.base}.{headline}"
