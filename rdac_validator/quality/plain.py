"""Text as it stands on the page: dates as people write them, and titles where the files have names of fields and codes.

The files beside the page keep the names and ISO dates: programs read those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

import yaml
from markupsafe import Markup, escape

from rdac_validator.quality.labels import Labels
from rdac_validator.reports.text import printable
from rdac_validator.standard import schema_folder

DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
# what could be a name of ours: words with underscores, of a table before a full stop or not
NAME = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.[a-z][a-z0-9_]*[a-z0-9]\b|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
UNNAMED, NO_YEAR = "not named", "no year given"
INITIALS = re.compile(r", [A-Z][\w-]*\.(?: [A-Z][\w-]*\.)*")
# how a place in a source begins
KINDS = {"fig-": "figure ", "table-": "table ", "app-": "appendix "}
KIND = re.compile(f"^({'|'.join(KINDS)})")


class Plain:
    """Says texts in plain words; what is a name of the standard is looked up there, and anything else stays."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def __call__(self, text: str) -> str:
        """The text with its dates and names in words."""
        return NAME.sub(lambda found: self.labels.named(found[0]) or found[0], DAY.sub(_day, text))

    def finalize(self, value: object) -> object:
        """What a template prints, in words and printable; what is markup already stays."""
        return printable(self(value)) if isinstance(value, str) and not isinstance(value, Markup) else value

    def field(self, name: str) -> Markup:
        """A field in words, with its name small behind it; anything else as it is."""
        title = self.labels.field(name)
        small = Markup('<code class="name">{}</code>').format(breakable(name))
        return Markup("{} {}").format(title, small) if title else breakable(self(name))

    def head(self, text: str) -> Markup:
        """The head of a column: a field as :meth:`field` says it, anything else with a capital letter."""
        return self.field(text) if self.labels.field(text) else breakable(self(capital(text)))


def capital(words: str) -> str:
    """The words as a sentence begins."""
    return words[:1].upper() + words[1:]


def _day(found: re.Match[str]) -> str:
    try:
        day = date.fromisoformat(found[0])
    except ValueError:
        return found[0]
    return f"{day.day} {day:%B} {day.year}"


def breakable(text: str) -> Markup:
    """Text whose names may be broken after a full stop or an underscore, and not within a word."""
    # escaped here, so that the template's own look at each character passes it by
    return Markup("<wbr>").join(escape(printable(part)) for part in re.split(r"(?<=[a-z][._])(?=[a-z])", text))


def cited(keys: Sequence[str]) -> str:
    """What a table rests on, in words: who wrote it and when, and the places in it."""
    documents = groupby(sorted(keys, key=_document), key=_document)
    return "; ".join(_cited(key, [found.partition(":")[2] for found in places]) for key, places in documents)


def _document(key: str) -> str:
    return key.partition(":")[0]


def _cited(key: str, places: Sequence[str]) -> str:
    source = _sources()[key]
    told = ", ".join(KIND.sub(lambda found: KINDS[found[1]], place) for place in places if place not in {"", "text"})
    year = source.get("year", NO_YEAR)
    facts = [
        str(year) if isinstance(year, int) else NO_YEAR,
        *(["from memory, not seen"] if source.get("confidence") == "from_memory" else []),
    ]
    return f"{_who(source)} ({', '.join(facts)}){f': {told}' if told else ''}"


def _who(source: Mapping[str, Any]) -> str:
    """The surnames of two authors, or of the first of more; an organisation whole; the title where none is named."""
    authors = str(source.get("authors", UNNAMED))
    if authors.startswith(UNNAMED):
        return str(source["title"])
    surnames = INITIALS.sub("", authors)
    if surnames == authors:
        return authors
    first, *others = re.split(r", | and |; ", surnames)
    return first if not others else f"{first} and {others[0] if len(others) == 1 else 'others'}"


@cache
def _sources() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((schema_folder() / "sources.yaml").read_text(encoding="utf-8"))
    return found
