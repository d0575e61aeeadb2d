"""Pages that link the standard to what it rests on: sources, traceability both ways, and the list of decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from rdac_validator.generate import markdown as md
from rdac_validator.generate import rule_pages
from rdac_validator.generate.model import Model
from rdac_validator.standard import Standard

REPORT_RULES = frozenset(f"R{number}" for number in range(42, 48))
KEPT = "kept by [the data-quality report](report.md)"


def texts(model: Model) -> Mapping[str, str]:
    """Give the pages of sources, of traceability and of decisions."""
    return {
        "docs/sources.md": _sources(model),
        "docs/traceability.md": _traceability(model),
        "docs/decisions/index.md": _decisions(model),
    }


def _sources(model: Model) -> str:
    return md.page(
        "Sources",
        "schema/sources.yaml",
        "What the standard, the rules and the crosswalks cite. *seen* means that we read the document or an excerpt "
        "that holds what is cited, *second_hand* that we read someone else's copy or summary, *from_memory* that "
        "nobody has checked it here.",
        *(f"## {key}\n\n{_source(source)}" for key, source in model.sources.items()),
    )


def _source(source: Mapping[str, Any]) -> str:
    facts = (f"{name.capitalize()}: {text}" for name, text in source.items() if name != "title")
    return f"*{source['title']}*\n\n{md.bullets(facts)}"


def _traceability(model: Model) -> str:
    groups = groupby(model.traceability, key=lambda row: row["group"])
    return md.page(
        "Traceability",
        "schema/traceability.csv, schema/rdac.yaml and the rule classes",
        "Every finding of the research names a field, a rule or a metric that answers it, or says why it is out of the "
        "case schema. The words in quotation marks are the source's own; everything else is our proposal. The "
        "requirements R42 to R47 are about printed tables: the report keeps them itself.",
        "## From finding to field",
        *(f"### {name}\n\n{_findings(rows, model)}" for name, rows in groups),
        "## From field to finding",
        md.table(("Field", "Answers", "Also rests on"), _fields(model)),
    )


def _findings(rows: Iterator[Mapping[str, str]], model: Model) -> str:
    header = ("Finding", "In the source's words", "Fields", "Rules", "Metrics", "Out of the case schema")
    return md.table(header, (_finding(row, model) for row in rows))


def _finding(row: Mapping[str, str], model: Model) -> tuple[str, ...]:
    source = md.citations([f"{row['source']}:{row['section']}"], "")
    fields = ", ".join(_field_link(field, model.standard) for field in row["fields"].split())
    name = f'<span id="{row["id"].lower()}">{row["id"]}</span>'
    rules = ", ".join(_rules(number, model) for number in row["rules"].split())
    metrics = ", ".join(map(_metric, row["metrics"].split()))
    return name, f"“{row['seed_phrase']}” {source}", fields, rules, metrics, row["out_of_case_schema"]


def _metric(code: str) -> str:
    return f"[{code}](metrics.md#{code.lower()})"


def _rules(number: str, model: Model) -> str:
    found = [rule_pages.link(info, "rules/") for info in model.rules if number in info.requirements]
    said = ", ".join([*found, *([KEPT] if number in REPORT_RULES else [])])
    return f"{number} ({said})" if said else number


def _field_link(field: str, standard: Standard) -> str:
    cls, _, name = field.partition(".")
    table = next(table.name for table in standard.tables if table.cls == cls)
    return f"[{table}.{name}](standard/{table}.md#{name.lower()})"


def _fields(model: Model) -> Iterator[tuple[str, str, str]]:
    for table in model.standard.tables:
        for column in table.columns:
            field = f"{table.cls}.{column.name}"
            ids = [row["id"] for row in model.traceability if field in row["fields"].split()]
            answers = ", ".join(f"[{name}](#{name.lower()})" for name in ids)
            yield _field_link(field, model.standard), answers, md.citations(column.evidence, "")


def _decisions(model: Model) -> str:
    folder = model.schema.parent / "docs" / "decisions"
    pages = sorted(path for path in folder.glob("[0-9]*.md"))
    titles = {path.name: path.read_text("utf-8").splitlines()[0].removeprefix("# ") for path in pages}
    return md.page(
        "Decisions",
        "the first lines of docs/decisions/",
        "One page a choice: how it stands, what it answers, what was chosen, what follows.",
        md.bullets(f"[{title}]({name})" for name, title in titles.items()),
    )
