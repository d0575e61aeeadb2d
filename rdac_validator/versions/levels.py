"""What a change means to those who send and those who read returns, field by field of ``standard.json``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from rdac_validator.standard import TIERS


class Level(StrEnum):
    """What a change asks of those who send and those who read returns.

    Breaking: a right return may become wrong, or a reader may meet what the old version ruled out. Deprecating: no
    right return becomes wrong now, but something is on its way out or is asked of fewer. Compatible: all the rest;
    readers must expect more tables, columns and codes than they know.
    """

    COMPATIBLE = "compatible"
    DEPRECATING = "deprecating"
    BREAKING = "breaking"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Level).index(self)


Judge = Callable[[Any, Any], Level]


def always(level: Level) -> Judge:
    """Every change is of one level."""
    return lambda _before, _after: level


WORDS = always(Level.COMPATIBLE)
FIRM = always(Level.BREAKING)
SOFT = always(Level.DEPRECATING)


def lists(before: Sequence[str] | None, after: Sequence[str] | None) -> Level:
    """A further list beside others only adds codes; the first, or one that goes, changes what a cell may hold."""
    return Level.COMPATIBLE if before and set(before) <= set(after or ()) else Level.BREAKING


def asked(before: str | None, after: str | None) -> Level:
    """A field that a narrower profile asks for must now be sent; one that is asked for later will be sent by fewer."""
    places = [TIERS.index(tier) if tier else len(TIERS) for tier in (before, after)]
    return Level.BREAKING if places[1] < places[0] else Level.DEPRECATING


def less_asked(_: bool | None, after: bool | None) -> Level:
    """What became optional or derived is sent by fewer; what stopped being so must now be sent."""
    return Level.DEPRECATING if after else Level.BREAKING


def from_year(before: str | None, after: str | None) -> Level:
    """In use earlier than before is an addition."""
    return Level.COMPATIBLE if before and (not after or after < before) else Level.BREAKING


def until_year(before: str | None, after: str | None) -> Level:
    """An earlier last year takes the code away from later returns."""
    return Level.DEPRECATING if after and (not before or after < before) else Level.COMPATIBLE


# what names a thing, and what is walked into by itself
INSIDE = {
    "standard": ("version", "tables", "source_tables", "lists"),
    "table": ("name", "columns", "notes"),
    "column": ("name", "notes"),
    "list": ("name", "values", "notes"),
    "value": ("code", "notes"),
}
FIELDS: Mapping[str, Mapping[str, Judge]] = {
    "standard": {"id": FIRM, "title": WORDS, "description": WORDS, "license": FIRM},
    "table": {"cls": FIRM, "description": WORDS, "key": FIRM, "optional": less_asked},
    "column": {
        "title": WORDS,
        "description": WORDS,
        "type": FIRM,
        "lists": lists,
        "multiple": FIRM,
        "coded": FIRM,
        "required": FIRM,
        "references": FIRM,
        "pattern": FIRM,
        "minimum": FIRM,
        "maximum": FIRM,
        "tier": asked,
        "derived": less_asked,
        "privacy": FIRM,
        "evidence": WORDS,
        "decision": WORDS,
        "from_cin": WORDS,
        "from_scotland": WORDS,
    },
    "list": {"description": WORDS},
    "value": {"title": WORDS, "description": WORDS, "mappings": WORDS},
}
NOTES: Mapping[str, Mapping[str, Judge]] = {
    "table": {"source_only": FIRM, "xpath": FIRM},
    "column": {
        **dict.fromkeys(("from_cin_note", "from_scotland_note", "tier_note", "cbds", "confidence"), WORDS),
        **dict.fromkeys(("default_value", "conditional", "local_only", "xpath", "cardinality"), FIRM),
        **dict.fromkeys(("surrogate", "identifying", "dropped", "follows"), FIRM),
        "first_year": from_year,
        "last_year": until_year,
    },
    "list": {"schema": WORDS},
    "value": {
        **dict.fromkeys(("comment", "confidence", "label_confidence", "definition_confidence", "source"), WORDS),
        **dict.fromkeys(("outcome_confidence", "alignment_confidence", "code_list_held"), WORDS),
        **dict.fromkeys(("subject", "dva", "exclusive", "not_a_concern", "outcome", "conference_stage"), FIRM),
        **dict.fromkeys(("rdac_binary", "number", "set_by", "reporting", "crosswalk_only", "valid_for"), FIRM),
        **dict.fromkeys(("nations", "nation", "code_list", "census_year", "first_day", "last_day"), FIRM),
        **dict.fromkeys(("year_element", "code_list_version", "aliases"), FIRM),
        "first_year": from_year,
        "last_year": until_year,
        "legacy_from": SOFT,
    },
}
