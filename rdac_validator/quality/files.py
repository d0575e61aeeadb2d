"""The report as a folder that appears only when it is whole: the page, JSON, a CSV file for each table, a workbook."""

from __future__ import annotations

from pathlib import Path

from rdac_validator import formats
from rdac_validator.quality import html, json_, records, workbook
from rdac_validator.quality.content import Content

PAGE, DOCUMENT, WORKBOOK, INDEX, FOLDER = "report.html", "report.json", "report.xlsx", "tables.csv", "tables"
OURS = (PAGE, DOCUMENT, WORKBOOK, INDEX, f"{FOLDER}/*.csv")


def write(content: Content, out: Path, reader: str, *, force: bool) -> None:
    """Write the report as the folder ``out``; raises :class:`~rdac_validator.formats.WriteError`."""
    texts = {PAGE: html.render(content, reader), DOCUMENT: json_.render(content)}
    texts[INDEX] = records.text(records.INDEX, records.index(content))
    for layout in content.layouts:
        rows = records.figures(layout)
        texts[f"{FOLDER}/{records.file_name(layout)}.csv"] = records.text(records.header(layout), rows)
    book = workbook.render(content)
    with formats.new_folder(out, force, OURS) as folder:
        (folder / FOLDER).mkdir()
        (folder / WORKBOOK).write_bytes(book)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
