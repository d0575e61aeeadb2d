"""The standard as pages: one for every table, one for the lists of each schema file, the dictionary, the CIN tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import Model
from rdac_validator.standard import MISSING, CodeList, Column, Standard, Table, Value

SCHEMA_FILES = {"rdac": "The standard's own value lists", "cin": "CIN census lists", "scotland": "Scottish lists"}
TIER_WORDS = {
    "T0": "already held: case systems and today's returns have it",
    "starter": "the starter set: twelve answers about harm, and who harms whom",
    "T1": "core",
    "T2": "extended: for those who want to go further",
}
PRIVACY_WORDS = {
    "pseudonym_key": "a key made by keyed hashing",
    "sensitive": "a fact about a person; never published row by row",
    "location": "says where someone lives, however roughly",
    "free_text": "text that never leaves the authority",
    "publishable": "may be counted and published, after suppression",
    "metadata": "about the return and not about a person",
}


def texts(model: Model) -> Mapping[str, str]:
    """Give the pages of the standard."""
    standard = model.standard
    pages = {f"docs/standard/{table.name}.md": _table_page(table, standard) for table in standard.tables}
    lists = {f"docs/value-lists/{name}.md": _lists_page(name, standard) for name in SCHEMA_FILES}
    return {
        "docs/standard/index.md": _index(model),
        **pages,
        "docs/standard/cin-tables.md": _census_page(standard),
        **lists,
        "schema/generated/data-dictionary.md": _dictionary(standard),
    }


def _index(model: Model) -> str:
    standard = model.standard
    rows = [
        (f"[{table.name}]({table.name}.md)", table.description, md.codes(table.key), str(len(table.columns)))
        for table in standard.tables
    ]
    return md.page(
        "The standard, table by table",
        "schema/rdac.yaml",
        f"Version {standard.version}, a consultation draft. Its address, <{model.document['id']}>, is a placeholder.",
        md.table(("Table", "One row is", "Key", "Fields"), rows),
        "![Which table refers to which](entities.svg)",
        "## Tiers",
        "A return is checked at a profile: `t0`, `starter`, `core` or `extended`. "
        "Each asks for its tier and for those above it.",
        md.table(("Tier", "Meaning", "Fields"), _counts(standard, "tier", TIER_WORDS)),
        "## Privacy classes",
        md.table(("Class", "Meaning", "Fields"), _counts(standard, "privacy", PRIVACY_WORDS)),
        "## Where a value is missing",
        "A coded field is never blank: it holds a value, or one of the "
        f"{len(standard.missing_reasons)} [missing reasons](../value-lists/rdac.md#{MISSING.lower()}).",
    )


def _counts(standard: Standard, what: str, words: Mapping[str, str]) -> list[tuple[str, str, str]]:
    held = [getattr(column, what) for table in standard.tables for column in table.columns]
    return [(md.code(name), text, str(held.count(name))) for name, text in words.items()]


def _table_page(table: Table, standard: Standard) -> str:
    return md.page(
        table.name,
        "schema/rdac.yaml",
        table.description,
        _keys(table),
        md.table(("Field", "Holds", "Tier", "Privacy", "From CIN", "From Scotland"), _rows(table, standard)),
        *(_field(column, standard) for column in table.columns),
    )


def _keys(table: Table) -> str:
    key = f"Key: {md.codes(table.key)}." if table.key else "It has no key."
    return f"{key} A return may leave this table out." if table.optional else key


def _rows(table: Table, standard: Standard) -> Iterator[tuple[str, ...]]:
    for column in table.columns:
        name = f"[{column.name}](#{column.name.lower()}){' (derived)' if column.derived else ''}"
        sources = _supplied(column, "from_cin"), _supplied(column, "from_scotland")
        yield name, md.holds(column, standard), column.tier, column.privacy, *sources


def _supplied(column: Column, source: str) -> str:
    note = column.notes.get(f"{source}_note")
    return f"{getattr(column, source)} ({note})" if note else str(getattr(column, source))


def _field(column: Column, standard: Standard) -> str:
    facts = {
        "Holds": md.holds(column, standard) + (", required" if column.required else ""),
        "Form": md.code(column.pattern),
        "Informs": column.decision,
        "Rests on": md.citations(column.evidence),
        **{_words(name): text for name, text in column.notes.items() if not name.startswith("from_")},
    }
    said = md.bullets(f"{name}: {text}" for name, text in facts.items() if text)
    return f"## {column.name}\n\n{column.description}\n\n{said}"


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _census_page(standard: Standard) -> str:
    return md.page(
        "The CIN census, as tables",
        "schema/cin.yaml",
        "A CIN census file is read into these flat tables before anything is mapped. Columns are named as the XML "
        "elements are; those that end in `_no` are ordinals of ours. Facts marked from memory or second hand have not "
        "been checked against the Department's own specification.",
        *(_census_table(table, standard) for table in standard.source_tables),
    )


def _census_table(table: Table, standard: Standard) -> str:
    rows = [
        (
            md.code(column.name),
            column.description,
            md.holds(column, standard),
            f"{column.notes.get('first_year', '')} – {column.notes.get('last_year', '')}".strip(" –"),
            column.notes.get("confidence", "").replace("_", " "),
        )
        for column in table.columns
    ]
    header = ("Column", "Meaning", "Holds", "Census years", "Confidence")
    return f"## {table.name}\n\n{table.description} `{table.notes['xpath']}`\n\n{md.table(header, rows)}"


def _lists_page(schema: str, standard: Standard) -> str:
    lists = [item for item in standard.lists.values() if item.notes["schema"] == schema]
    return md.page(SCHEMA_FILES[schema], f"schema/{schema}.yaml", *(_list(item, standard) for item in lists))


def _list(item: CodeList, standard: Standard) -> str:
    used = [
        f"[{table.name}.{column.name}](../standard/{table.name}.md#{column.name.lower()})"
        for table in standard.tables
        for column in table.columns
        if item.name in column.lists
    ]
    titled = any(value.title != value.code.replace("_", " ") for value in item.values)
    rows = [_value(value, titled) for value in item.values]
    header = ("Code", *(("Title",) if titled else ()), "Meaning", "Elsewhere", "Notes")
    where = f"Used in {', '.join(used)}." if used else ""
    return "\n\n".join(part for part in (f"## {item.name}", item.description, where, md.table(header, rows)) if part)


def _value(value: Value, titled: bool) -> tuple[str, ...]:
    elsewhere = "; ".join(f"{kind}: {', '.join(targets)}" for kind, targets in value.mappings.items())
    notes = "; ".join(f"{name.replace('_', ' ')}: {text.replace('|', ', ')}" for name, text in value.notes.items())
    return md.code(value.code), *((value.title,) if titled else ()), value.description, elsewhere, notes


def _dictionary(standard: Standard) -> str:
    rows = [
        (table.name, column.name, column.description, _plain(column), column.tier, column.privacy, column.decision)
        for table in standard.tables
        for column in table.columns
    ]
    header = ("Table", "Field", "Meaning", "Holds", "Tier", "Privacy", "Informs")
    return md.page("Data dictionary", "schema/rdac.yaml", md.table(header, rows))


def _plain(column: Column) -> str:
    kind = ", ".join(column.lists) or (f"key of {column.references}" if column.references else column.type)
    return kind + (", one or more" if column.multiple else "") + (" or a missing reason" if column.coded else "")
