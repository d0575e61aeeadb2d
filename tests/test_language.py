"""No name, value, description or message of ours lays blame. Labels of other lists are kept only to read them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from rdac_validator.metrics import METRICS, ON_REQUEST
from rdac_validator.quality.itself import ITSELF
from rdac_validator.rules import RULES, catalogue
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.standard import load

BLAMING = {
    "a fixed role": r"victims?|perpetrators?|abusers?|batterers?|offenders?|survivors?",
    "both alike": r"mutual(ly)?|domestic dispute|volatile relationship|toxic relationship|argumentative",
    "blame for not protecting": r"fail(s|ed|ure|ing)? to protect|unprotective|fail(s|ed|ure|ing)? to (leave|separate)",
    "blame for not taking part": r"non[ _-]?engag\w*|fail(s|ed|ure|ing)? to engage|hard to reach|uncooperative",
    "doubt or excuse": r"alleges|claims to be|admits|provoked|anger problem|loses? control|crime of passion",
    "low worth": r"broken home|problem famil\w+|dysfunctional|chaotic|damaged",
}
# Names that stand outside: the value keeps the published name of a method, and one code of a source's list must be read
# as it stands; both say so in their descriptions.
KEPT = {"perpetrator_pattern_mapping", "non_engaging_family"}
BRITISH = r"\w*(behavior|color|organiz|recogniz|categoriz|counsel(ed|ing)|center|judgment)\w*"


def said() -> Iterator[tuple[str, str]]:
    """Where a text of ours stands, and the text."""
    standard = load()
    for table in (*standard.tables, *standard.source_tables):
        yield table.name, f"{table.name} {table.description}"
        for column in table.columns:
            yield (
                f"{table.name}.{column.name}",
                f"{column.name} {column.title}; {column.description}; {column.decision}",
            )
    for codes in standard.lists.values():
        yield codes.name, f"{codes.name} {codes.description}"
        for value in codes.values:
            if value.code not in KEPT:
                yield f"{codes.name}.{value.code}", f"{value.code} {value.title}; {value.description}"
    for info in catalogue():
        yield info.code, f"{info.title} {info.why} {info.fix}"
    for rule in (*RULES, *CIN_RULES):
        yield rule.code, f"{rule.__name__} {rule.message}"
    for metric in (*METRICS, *ON_REQUEST, *ITSELF):
        told = metric.info()
        yield told.code, f"{metric.__name__} {told.title} {told.why} {told.read}"
    yield "metrics on request", " ".join(metric.on_request for metric in ON_REQUEST)


def hits(pattern: str) -> list[str]:
    words = re.compile(rf"(?<![a-z])({pattern})(?![a-z])", re.IGNORECASE)
    return [f"{where}: {found[0]}" for where, text in said() if (found := words.search(text.replace("_", " ")))]


@pytest.mark.parametrize("words", BLAMING.values(), ids=BLAMING)
def test_no_text_of_ours_lays_blame(words: str) -> None:
    assert hits(words) == [], "write who causes harm and who experiences it, and what services did"


@pytest.mark.parametrize(
    ("name", "text"), [("value", "non_engaging family"), ("text", "He is a Perpetrator."), ("code", "mutual_violence")]
)
def test_the_words_are_found_where_they_stand(name: str, text: str) -> None:
    found = [kind for kind, words in BLAMING.items() if re.search(words, text.replace("_", " "), re.IGNORECASE)]
    assert len(found) == 1, name


def test_the_kept_names_still_exist_and_explain_themselves() -> None:
    values = {value.code: value for codes in load().lists.values() for value in codes.values}
    for name in KEPT:
        assert re.search("label|name", values[name].description)


def test_the_spelling_is_british() -> None:
    assert hits(BRITISH) == []
