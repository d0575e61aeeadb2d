"""The report as a folder that appears only when it is whole: the page, JSON, a CSV file for each table, a workbook."""

from __future__ import annotations

from pathlib import Path

from rdac_validator import formats
from rdac_validator.quality import html, json_, records, workbook
from rdac_validator.quality.content import Content

PAGE, DOCUMENT, WORKBOOK, INDEX, FOLDER = "report.html", "report.json", "report.xlsx", "tables.csv", "tables"
DERIVED_INDEX, DERIVED = "derived.csv", "derived"
OURS = (PAGE, DOCUMENT, WORKBOOK, INDEX, f"{FOLDER}/*.csv", DERIVED_INDEX, f"{DERIVED}/*.csv")


def write(content: Content, out: Path, reader: str, *, force: bool) -> None:
    """Write the report as the folder ``out``; raises :class:`~rdac_validator.formats.WriteError`."""
    texts = {PAGE: html.render(content, reader), DOCUMENT: json_.render(content), **_tables(content)}
    if content.derived:
        texts |= _derived(content)
    book = workbook.render(content)
    with formats.new_folder(out, force, OURS) as folder:
        (folder / WORKBOOK).write_bytes(book)
        for name, text in texts.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _tables(content: Content) -> dict[str, str]:
    texts = {INDEX: records.text(records.INDEX, records.index(content))}
    for layout in content.layouts:
        rows = records.figures(layout)
        texts[f"{FOLDER}/{records.file_name(layout)}.csv"] = records.text(records.header(layout), rows)
    return texts


def _derived(content: Content) -> dict[str, str]:
    texts = {DERIVED_INDEX: records.text(records.DERIVED, records.derived(content))}
    for one in content.derived:
        texts[f"{DERIVED}/{one.name}.csv"] = records.text(one.columns, records.entries(one))
    return texts
