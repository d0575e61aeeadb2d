"""A page for each crosswalk: what a source says in other terms, how well, what it cannot say; and a list of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rdac_validator.crosswalks import Crosswalk, Match, Status, load
from rdac_validator.crosswalks.answers import CORE, answers, in_a_sentence
from rdac_validator.crosswalks.reading import SUFFIX
from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import Model
from rdac_validator.standard import TIERS, Standard

FOLDER = "docs/crosswalks"
MEANINGS = {
    Status.EXACT: "the same thing",
    Status.BROAD: "the target is wider: detail is lost",
    Status.AMBIGUOUS: "something of it, and not enough to tell",
    Status.NOT_DERIVABLE: "there is no term for it, or it is not said",
}
RETURNS = {"cin-census": "a census of some year", "scotland-concerns": "a Scottish return of concerns"}
WHOLE = "cin-census"  # the others are about one list of a return and say nothing of what its other columns hold


def texts(model: Model) -> Mapping[str, str]:
    """Give the list of crosswalks and a page for each file in ``schema/crosswalks``."""
    found = [load(path) for path in sorted((model.schema / "crosswalks").glob(f"*{SUFFIX}"))]
    pages = {f"{FOLDER}/{crosswalk.name}.md": _page(crosswalk, model.standard) for crosswalk in found}
    return {f"{FOLDER}/index.md": _index(found, model.standard), **pages}


def _index(found: list[Crosswalk], standard: Standard) -> str:
    numbers = [
        in_a_sentence(answers(standard, crosswalk, CORE), RETURNS[crosswalk.name])
        for crosswalk in found
        if crosswalk.name in RETURNS
    ]
    rows = ((f"[{c.name}]({c.name}.md)", c.title, str(len(c.matches)), c.version) for c in found)
    return md.page(
        "Crosswalks",
        "schema/crosswalks/*.sssom.tsv",
        "What the codes of today's returns say in the terms of the standard and of each other, and what they cannot "
        "say. Each is a mapping set in the exchange format SSSOM, proposed by us and reviewed by nobody yet. What is "
        "published here is what runs: `rdac convert` and `rdac crosswalk` take their mapping from the same files.",
        md.table(("Crosswalk", "From what to what", "Lines", "Version"), rows),
        "## What today's returns can answer",
        "Worked out from the files. An answer is a coded field of the starter set or T1 that is not derived and is no "
        "link to another row; what counts as one is [a decision](../decisions/0025-what-counts-as-an-answer.md). "
        "Count your own file with `rdac crosswalk loss`.",
        md.bullets(numbers),
    )


def _page(crosswalk: Crosswalk, standard: Standard) -> str:
    counts = Counter(match.status for match in crosswalk.matches)
    rows = ((_words(status), text, str(counts[status])) for status, text in MEANINGS.items())
    elements = dict.fromkeys(match.element for match in crosswalk.matches)
    return md.page(
        crosswalk.title,
        f"schema/crosswalks/{crosswalk.name}{SUFFIX} and schema/rdac.yaml",
        crosswalk.description,
        f"Version {crosswalk.version}. From: {crosswalk.source}. To: {crosswalk.target}.",
        md.table(("Status", "Meaning", "Lines"), rows),
        *(_cannot_say(crosswalk, standard) if crosswalk.name in RETURNS else ()),
        "## Line by line",
        *(f"### {element}\n\n{_lines(element, crosswalk, standard)}" for element in elements),
    )


def _cannot_say(crosswalk: Crosswalk, standard: Standard) -> Iterator[str]:
    yield "## What such a return cannot say"
    yield in_a_sentence(answers(standard, crosswalk, CORE), RETURNS[crosswalk.name])
    yield (
        "Answers that no code or element gives even in part, by the tier that asks for them. Where a converted return "
        "has a row for them, they hold `not_collected_by_source`."
    )
    yield md.table(("Tier", "Fields", "Which"), _unsaid(crosswalk, standard))


def _unsaid(crosswalk: Crosswalk, standard: Standard) -> Iterator[tuple[str, str, str]]:
    for tier in TIERS if crosswalk.name == WHOLE else CORE:
        missing = [a for a in answers(standard, crosswalk, (tier,)) if a.status is Status.NOT_DERIVABLE]
        links = (f"[{a.table}.{a.column}](../standard/{a.table}.md#{a.column.lower()})" for a in missing)
        yield tier, str(len(missing)), ", ".join(links)


def _lines(element: str, crosswalk: Crosswalk, standard: Standard) -> str:
    names = {table.cls: table.name for table in standard.tables}
    rows = [
        (md.code(m.code), m.label, _target(m, names), _words(m.status), m.comment)
        for m in crosswalk.matches
        if m.element == element
    ]
    return md.table(("Code", "At the source", "What it says", "Status", "What it cannot say, and why"), rows)


def _words(status: Status) -> str:
    return status.replace("_", " ")


def _target(match: Match, names: Mapping[str, str]) -> str:
    if not match.to_standard:
        return f"{match.target_label} ({md.code(match.term)})" if match.cls else ""
    table = names[match.cls]
    field = f"[{table}](../standard/{table}.md)"
    if match.column:
        field = f"[{table}.{match.column}](../standard/{table}.md#{match.column.lower()})"
    about = f", about {match.about.replace('_', ' ')}" if match.about else ""
    condition = f", if there is {match.condition}" if match.condition else ""
    return f"{field}{f' = `{match.value}`' if match.value else ''}{about}{condition}"
