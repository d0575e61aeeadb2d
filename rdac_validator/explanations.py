"""What a rule, metric, table, field, code list or value means: the texts of ``rdac explain`` and ``rdac rules``."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rdac_validator.findings import RuleInfo
from rdac_validator.standard import CodeList, Column, Standard, Table, Value

if TYPE_CHECKING:
    from rdac_validator.metrics import MetricInfo

WIDTH = 80


def explain(name: str, standard: Standard) -> list[str]:
    """Every text about something of that name, whatever it is; none if there is nothing. Case is forgiven."""
    asked = name.strip().casefold()
    parts = [part for part in asked.replace(".", " ").split() if part]
    found = [
        *(_rule(info) for info in rules() if info.code.casefold() == asked),
        *(_metric(code) for code in _metrics() if code.casefold() == asked),
        *(_table(table) for table in standard.tables if asked in {table.name, table.cls.casefold()}),
        *_fields(parts, standard),
        *(_list(codes) for key, codes in standard.lists.items() if key.casefold() == asked),
        *(_value(value, codes) for value, codes in _values(standard) if value.code.casefold() == asked),
    ]
    return list(dict.fromkeys(found))


def near(name: str, standard: Standard) -> list[str]:
    """Up to three names of the standard that ``name`` may have been meant for."""
    from rapidfuzz import fuzz, process, utils

    names = dict.fromkeys(
        [
            *(info.code for info in rules()),
            *_metrics(),
            *standard.names,
            *(column.name for table in standard.tables for column in table.columns),
            *standard.lists,
            *(value.code for value, _ in _values(standard)),
        ]
    )
    hits = process.extract(
        name, list(names), scorer=fuzz.ratio, processor=utils.default_process, limit=3, score_cutoff=70
    )
    return [hit[0] for hit in hits]


def listing(prefix: str, form: str) -> str:
    """The rules whose code begins with ``prefix``, as text or JSON; nothing if there is none."""
    infos = [info for info in rules() if info.code.startswith(prefix)]
    if not infos:
        return ""
    if form == "json":
        return json.dumps([_plain(info) for info in infos], indent=2, ensure_ascii=False) + "\n"
    lines = [_wrap(f"{info.code}  {info.severity!s:8} {info.title}", " " * 19, "") for info in infos]
    return "\n".join(lines) + "\n"


def codes() -> tuple[str, ...]:
    """Every code that a report may hold."""
    return tuple(info.code for info in rules())


def _plain(info: RuleInfo) -> dict[str, object]:
    return {name: getattr(info, name) for name in RuleInfo.__dataclass_fields__}


def rules() -> tuple[RuleInfo, ...]:
    """What everything that can be found says of itself, by code."""
    from rdac_validator import mapping, verdicts
    from rdac_validator.formats import cin_faults, faults
    from rdac_validator.rules import catalogue

    told = (*faults.LOOKED_FOR, *cin_faults.LOOKED_FOR, *mapping.LOOKED_FOR, *verdicts.LOOKED_FOR, *catalogue())
    return tuple(sorted(told, key=lambda info: info.code))


def _values(standard: Standard) -> Iterator[tuple[Value, CodeList]]:
    for codes in standard.lists.values():
        for value in codes.values:
            yield value, codes


def _wrap(text: str, indent: str = "  ", first: str | None = None) -> str:
    start = indent if first is None else first
    return textwrap.fill(text, WIDTH, initial_indent=start, subsequent_indent=indent, break_long_words=False)


def _rule(info: RuleInfo) -> str:
    place = f"{info.table}: {', '.join(info.columns)}" if info.table else "every table"
    lines = [_wrap(f"{info.code} ({info.severity}): {info.title}", "  ", ""), _wrap(f"Where: {place}")]
    lines += [_wrap(f"Why: {info.why}"), _wrap(f"Fix: {info.fix}")]
    lines.append(_wrap(f"Rests on: {', '.join((*info.requirements, *info.sources))}"))
    return "\n".join(lines)


def _metrics() -> dict[str, MetricInfo]:
    """What every metric says of itself, by code."""
    from rdac_validator.metrics import METRICS, ON_REQUEST
    from rdac_validator.quality.itself import ITSELF

    return {metric.code: metric.info() for metric in (*METRICS, *ON_REQUEST, *ITSELF)}


def _metric(code: str) -> str:
    info = _metrics()[code]
    lines = [_wrap(f"{code} (metric, {info.tier}): {info.title}", "  ", "")]
    lines += [_wrap(f"Why: {info.why}"), _wrap(f"Read: {info.read}")]
    for word, fields in (("Needs", info.needs), ("Says more with", info.adds)):
        named = [f"{table}.{column}" for table, columns in fields.items() for column in columns]
        lines += [_wrap(f"{word}: {', '.join(named)}")] if named else []
    lines.append(_wrap(f"Rests on: {', '.join(info.sources)}"))
    lines += [_wrap(info.on_request)] if info.on_request else []
    return "\n".join(lines)


def _table(table: Table) -> str:
    head = _wrap(f"{table.name} (table): {table.description}", "  ", "")
    key = _wrap(f"Key: {', '.join(table.key) or 'none'}")
    fields = [
        _wrap(f"{c.name} ({c.tier}{', derived' if c.derived else ''}): {c.description}", "    ", "  - ")
        for c in table.columns
    ]
    return "\n".join([head, key, *fields])


def _fields(parts: list[str], standard: Standard) -> Iterator[str]:
    if not parts or len(parts) > 2:
        return
    for table in standard.tables:
        if len(parts) == 2 and parts[0] not in {table.name, table.cls.casefold()}:
            continue
        for column in table.columns:
            if column.name == parts[-1]:
                yield _field(column, table)


def _field(column: Column, table: Table) -> str:
    many = ", several joined with |" if column.multiple else ""
    lines = [
        _wrap(f"{table.name}.{column.name} (field, {column.tier}, {column.privacy}): {column.description}", "  ", "")
    ]
    form = " or ".join(column.lists) or column.type
    lines.append(_wrap(f"Holds: {form}{many}{', or a missing reason (never blank)' if column.coded else ''}"))
    if column.pattern:
        lines.append(_wrap(f"Form: {column.pattern}"))
    if column.minimum is not None or column.maximum is not None:
        lines.append(_wrap(f"Range: {column.minimum} to {column.maximum}"))
    if column.references:
        lines.append(_wrap(f"Refers to: {column.references}"))
    lines.append(_wrap(f"Informs: {column.decision}"))
    lines.append(_wrap(f"From the CIN census: {column.from_cin}; from the Scottish return: {column.from_scotland}"))
    lines.append(_wrap(f"Rests on: {', '.join(column.evidence)}"))
    return "\n".join(lines)


def _list(codes: CodeList) -> str:
    head = _wrap(f"{codes.name} (code list): {codes.description}", "  ", "")
    values = [_wrap(f"{v.code}: {_titled(v)}{v.description}", "    ", "  - ") for v in codes.values]
    return "\n".join([head, *values])


def _value(value: Value, codes: CodeList) -> str:
    lines = [_wrap(f"{value.code} (value of {codes.name}): {_titled(value)}{value.description}", "  ", "")]
    lines += [
        _wrap(f"{kind.capitalize()} match: {', '.join(targets)}") for kind, targets in value.mappings.items() if targets
    ]
    lines += [_wrap(f"{note.replace('_', ' ').capitalize()}: {text}") for note, text in value.notes.items()]
    return "\n".join(lines)


def _titled(value: Value) -> str:
    """The title and a full stop, where it says more than the code does."""
    return "" if value.title.casefold() in {"", value.code.replace("_", " ").casefold()} else f"{value.title}. "
