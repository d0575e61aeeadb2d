"""The report as JSON. Its shape is said in ``schema/quality.schema.json``; a hidden count stands there as ``"c"``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rdac_validator.disclosure import Figure, Parts
from rdac_validator.quality.content import Content
from rdac_validator.quality.derived import Derived
from rdac_validator.quality.layout import Layout
from rdac_validator.quality.wording import Finding, notes

FORMAT_VERSION = 1


def render(content: Content) -> str:
    """The JSON text, all of it ASCII."""
    return json.dumps(document(content), indent=1) + "\n"


def document(content: Content) -> dict[str, Any]:
    """The report as plain lists and dictionaries."""
    quality, policy = content.quality, content.quality.protected.policy
    return {
        "format": "rdac-quality-report",
        "format_version": FORMAT_VERSION,
        "standard_version": quality.standard_version,
        "tool_version": quality.tool_version,
        "policy": {"threshold": policy.threshold, "zero_policy": policy.zero_policy, "rounding": policy.rounding},
        "periods": [asdict(period) for period in quality.periods],
        "notes": list(content.notes),
        "findings": [_finding(one) for one in content.findings],
        "dark": [
            {"metric": one.metric.code, "period": one.period.name, "collect": list(one.fields)} for one in content.dark
        ],
        "left_out": dict(content.left_out()),
        "metrics": {code: _metric(content, code) for code in content.metrics},
        "tables": [_table(layout) for layout in content.layouts],
        "derived": [_derived(one) for one in content.derived],
    }


def number(figure: Figure) -> int | float | str:
    """A printed number, a whole one as such, or the mark in its place."""
    if figure.value is None:
        return figure.mark
    return int(figure.value) if float(figure.value).is_integer() else figure.value


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "metric": found.layout.asked.metric,
        "table": found.layout.table.name,
        "sentence": found.sentence,
        "count": number(found.part),
        "of": number(found.whole),
        "percent": number(found.share),
        "interval": list(found.interval) if found.interval else None,
        "low_reliability": found.low,
    }


def _metric(content: Content, code: str) -> dict[str, Any]:
    info = content.metrics[code]
    said = {"title": info.title, "why": info.why, "read": info.read, "tier": info.tier}
    return said | {"sources": list(info.sources)}


def _table(layout: Layout) -> dict[str, Any]:
    table, asked = layout.table, layout.asked
    bases = dict(zip(layout.columns, layout.bases(), strict=True))
    deep = len(layout.down)
    return {
        "name": table.name,
        "metric": asked.metric,
        "caption": asked.caption,
        "unit": asked.unit,
        "period": asked.period.name,
        "given": dict(sorted(table.given.items())),
        "notes": dict(notes(layout)),
        "axes": [
            {
                "variable": axis.variable,
                "sums_to_base": isinstance(axis, Parts),
                "categories": list(axis.categories),
                "groups": {name: list(members) for name, members in getattr(axis, "groups", {}).items()},
            }
            for axis in table.by
        ],
        "figures": [
            {"at": list(at), "count": number(count), "percent": number(count.out_of(bases[at[deep:]]))}
            for at, count in table.rows()
        ],
    }


def _derived(one: Derived) -> dict[str, Any]:
    rows = [[entry if isinstance(entry, str) else number(entry) for entry in row] for row in one.rows]
    said = {"name": one.name, "title": one.title, "section": one.section, "read": one.read}
    return said | {"sources": list(one.sources), "columns": list(one.columns), "rows": rows, "notes": dict(one.notes)}
