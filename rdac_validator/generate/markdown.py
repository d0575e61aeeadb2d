"""Markdown, in the few forms that the generated pages use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rdac_validator.standard import Column, Standard


def page(title: str, made_from: str, *blocks: str) -> str:
    """Join a page: a first line that says where it comes from, the title, then the blocks that are not empty."""
    head = f"<!-- Generated from {made_from} by rdac generate: change that, not this page. -->"
    return "\n\n".join([head, f"# {title}", *(block for block in blocks if block)]) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table; bars and line breaks inside cells are made harmless."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """Lay out a list."""
    return "\n".join(f"- {item}" for item in items)


def code(text: str) -> str:
    """Set a name as code; nothing for nothing."""
    return f"`{text}`" if text else ""


def codes(texts: Iterable[str]) -> str:
    """Set several names as code."""
    return ", ".join(code(text) for text in texts)


def citations(evidence: Iterable[str], up: str = "../") -> str:
    """Link citations ``key:place`` to their documents on the page of sources, the places of one document together."""
    places: dict[str, list[str]] = {}
    for citation in evidence:
        key, _, place = citation.partition(":")
        places.setdefault(key, []).append(place)
    return "; ".join(f"[{key}]({up}sources.md#{key}): {', '.join(said)}" for key, said in places.items())


def holds(column: Column, standard: Standard, up: str = "../") -> str:
    """Say what a cell of the column may hold."""
    kinds = {"code": "", "year_month": "month (YYYY-MM)", "date": "date (YYYY-MM-DD)", "year": "year (YYYY)"}
    what = [f"[{name}]({up}{list_page(name, standard)}#{name.lower()})" for name in column.lists]
    what += [f"key of [{column.references}]({up}standard/{column.references}.md)"] if column.references else []
    what = what or [kinds.get(column.type, column.type)]
    bounds = f", {column.minimum} to {column.maximum}" if column.minimum is not None else ""
    reason = (
        f"{',' * column.multiple} or a [missing reason]({up}value-lists/rdac.md#missingreason)" if column.coded else ""
    )
    return " or ".join(what) + bounds + (", one or more" if column.multiple else "") + reason


def list_page(name: str, standard: Standard) -> str:
    """Name the page that holds a code list: each schema file has its own."""
    return f"value-lists/{standard.lists[name].notes['schema']}.md"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
