"""The migration table: what changed from one version of the standard to the next, as a page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rdac_validator.versions.comparing import Change, Document
from rdac_validator.versions.levels import Level
from rdac_validator.versions.numbering import asks_for, enough


def to_json(old: Document, new: Document, found: Sequence[Change]) -> str:
    """The migration table as JSON."""
    document = {
        "format": "rdac-standard-changes",
        "format_version": 1,
        "old": old["version"],
        "new": new["version"],
        "asks_for": asks_for(old["version"], found),
        "enough": enough(old, new, found),
        "summary": {str(level): sum(change.level is level for change in found) for level in Level},
        "changes": [asdict(change) for change in found],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def to_markdown(old: Document, new: Document, found: Sequence[Change]) -> str:
    """The migration table as a page: a section a level, a line a change."""
    blocks = [
        f"# From {old['version']} to {new['version']}",
        f"{_counted(found)}. The changes ask for version {asks_for(old['version'], found)} or later: "
        f"{new['version']} is {'enough' if enough(old, new, found) else 'too low'}.",
    ]
    for level in reversed(Level):
        rows = [change for change in found if change.level is level]
        if rows:
            lines = [f"| {' | '.join(map(_cell, _row(change)))} |" for change in rows]
            head = ["| Where | What | Before | After | What to do |", "|---|---|---|---|---|"]
            blocks += [f"## {str(level).capitalize()}", "\n".join([*head, *lines])]
    return "\n\n".join(blocks) + "\n"


def _counted(found: Sequence[Change]) -> str:
    return ", ".join(f"{sum(change.level is level for change in found)} {level}" for level in reversed(Level))


def _row(change: Change) -> tuple[str, ...]:
    return (f"`{change.where}`", change.what, _shown(change.before), _shown(change.after), change.todo)


def _shown(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
