"""The rules as data, and as pages: one for every band of codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rdac_validator.findings import RuleInfo
from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import OURS, Model, json_text
from rdac_validator.standard import Standard

JSON_PATH = "schema/generated/rules.json"
CENSUS = "cin-census"
BANDS: Mapping[str, tuple[str, str]] = {
    "RDAC0": ("reading", "Reading a file, and waivers"),
    "RDAC1": ("structure", "Structure"),
    "RDAC2": ("within-a-row", "Within a row"),
    "RDAC3": ("across-rows", "Across rows and tables"),
    "RDAC4": ("crosswalk", "Crosswalk and vocabulary"),
    "RDAC5": ("plausibility", "Plausibility"),
    "RDAC9": ("safety", "Safety and privacy"),
    "": (CENSUS, "The Department's rules on a CIN census file"),
}
MADE_FROM = "the rule classes in rdac_validator/"


def texts(model: Model) -> Mapping[str, str]:
    """Give ``rules.json``, the page of every band that has a rule, and the page that lists them all."""
    bands = {key: [info for info in model.rules if band(info.code) == key] for key in BANDS}
    cases = _cases()
    pages = {
        f"docs/rules/{BANDS[key][0]}.md": _page(BANDS[key][1], infos, model.standard, cases)
        for key, infos in bands.items()
        if infos
    }
    listed = {"version": model.standard.version, "rules": [_plain(info) for info in model.rules]}
    return {JSON_PATH: json_text(listed), "docs/rules/index.md": _index(model.rules), **pages}


def band(code: str) -> str:
    """Say to which band a code belongs; those that are not ours are the Department's."""
    return code[: len(OURS) + 1] if code.startswith(OURS) else ""


def link(info: RuleInfo, up: str = "") -> str:
    """Link to what a page says of a rule."""
    return f"[{info.code}]({up}{BANDS[band(info.code)][0]}.md#{info.code.lower()})"


def _plain(info: RuleInfo) -> dict[str, Any]:
    return {name: getattr(info, name) for name in RuleInfo.__dataclass_fields__}


def _index(rules: Sequence[RuleInfo]) -> str:
    rows = [(link(info), str(info.severity), info.title) for info in rules]
    return md.page(
        "Rules",
        MADE_FROM,
        "An error stops a build, a warning and a query ask a person, info only tells. Nothing is ever corrected for "
        "you. A code is never used twice for different things. `rdac explain CODE` says the same on the command line.",
        md.table(("Code", "Severity", "What is wrong"), rows),
    )


def _page(title: str, infos: Iterable[RuleInfo], standard: Standard, cases: Mapping[str, Any]) -> str:
    return md.page(title, MADE_FROM, *(_rule(info, standard, cases.get(info.code)) for info in infos))


def _rule(info: RuleInfo, standard: Standard, wrong: Mapping[str, Any] | None) -> str:
    facts = {
        "Severity": str(info.severity),
        "Looks at": _place(info, standard),
        "Meets": ", ".join(info.requirements),
        "Rests on": md.citations(info.sources),
    }
    said = md.bullets(f"{name}: {text}" for name, text in facts.items() if text)
    example = ["Wrong, for example:", *_example(wrong, info.table)] if wrong else []
    return "\n\n".join([f"## {info.code}", info.title, f"Why: {info.why}", f"Fix: {info.fix}", said, *example])


def _place(info: RuleInfo, standard: Standard) -> str:
    if not info.table:
        return ""
    if info.table not in standard.names:
        return f"`{info.table}`: {md.codes(info.columns)}"
    page = f"../standard/{info.table}.md"
    columns = (f"[{column}]({page}#{column.lower()})" for column in info.columns)
    return f"[{info.table}]({page}): {', '.join(columns)}"


def _cases() -> dict[str, Any]:
    """Take the first bad case of every rule that has cases."""
    from rdac_validator.rules import RULES  # rules read standard.json when imported

    return {rule.code: rule.bad[0] for rule in RULES}


def _example(case: Mapping[str, Any], table: str) -> Iterator[str]:
    """Lay out a case, which is a row of the rule's own table or rows by table."""
    rows = {table: [case]} if all(isinstance(cell, str) for cell in case.values()) else case
    for name, held in rows.items():
        columns = list(dict.fromkeys(column for row in held for column in row))
        yield f"`{name}`"
        yield md.table(columns, [[row.get(column, "") for column in columns] for row in held])
