"""Tables that were worked out stand in every form of the report alike, and say what they must."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import html as lxml_html

from rdac_validator import formats, synth
from rdac_validator.disclosure import Figure, Policy
from rdac_validator.quality import files
from rdac_validator.quality.content import Content
from rdac_validator.quality.depth import READERS
from rdac_validator.quality.derived import SAID, SECTIONS, Derived
from rdac_validator.quality.measuring import measure
from rdac_validator.quality.pictures import Points, Series
from rdac_validator.standard import load, schema_folder

STANDARD = load()
HIDDEN, NOBODY = Figure(None, "c"), Figure.nothing()
TABLE = Derived(
    name="rates",
    title="Rates by tenth",
    section="gradient",
    read="The higher the steeper.",
    sources=("rdac-2026:fig-5.2",),
    columns=("Tenth", "Rate", "Index"),
    rows=(("1", Figure(1234.5), "imd_2019"), ("2", Figure(-2), "imd_2019"), ("3", HIDDEN, "none"), ("4", NOBODY, "")),
    notes=dict.fromkeys(SAID, "as said"),
)
numbers = st.builds(Figure, st.integers(-1000, 1000)) | st.just(HIDDEN) | st.just(NOBODY)


@given(st.lists(numbers, min_size=1, max_size=4))
def test_what_is_worked_out_of_a_hidden_figure_is_hidden(figures: list[Figure]) -> None:
    said = Figure.of(lambda *values: sum(values) / 3, *figures)
    marks = {figure.mark for figure in figures}
    assert said.mark == ("c" if "c" in marks else "z" if "z" in marks else "")
    assert said.value == (None if said.mark else round(sum(figure.value or 0 for figure in figures) / 3, 1))
    assert Figure.of(lambda *_: None, *figures).value is None


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    tables = {name: frame for name, frame in synth.make(20, 1, STANDARD).items() if name in {"dataset", "person"}}
    place = tmp_path_factory.mktemp("derived") / "return"
    formats.write(tables, place, "csv", STANDARD)
    return Content(measure([formats.read(place, STANDARD)], STANDARD, Policy()), STANDARD, (), (TABLE,))


def test_every_form_holds_the_same_cells(content: Content, tmp_path: Path) -> None:
    files.write(content, tmp_path / "out", "analyst", force=False)
    document = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    schema = json.loads((schema_folder() / "quality.schema.json").read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    assert schema["properties"]["derived"]["items"]["properties"]["section"]["enum"] == sorted(SECTIONS)
    cells: list[list[str | float]] = [
        ["1", 1234.5, "imd_2019"],
        ["2", -2, "imd_2019"],
        ["3", "c", "none"],
        ["4", "z", ""],
    ]
    assert document["derived"][0]["rows"] == cells
    lines = list(csv.reader(io.StringIO((tmp_path / "out" / "derived" / "rates.csv").read_text("utf-8"))))
    assert lines == [list(TABLE.columns), *([str(cell) for cell in row] for row in cells)]
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "out" / "report.xlsx"))
    assert book.get_sheet_by_name("rates").to_python()[1:] == cells
    page = lxml_html.fromstring((tmp_path / "out" / "report.html").read_bytes())
    (body,) = [one.iterchildren("tbody") for one in page.iter("table") if one.findtext("caption") == TABLE.title]
    shown = [[cell.text or "" for cell in row.iterchildren()] for row in next(body).iterchildren()]
    minus = "\N{MINUS SIGN}"
    assert shown == [["1", "1,234.5", "imd_2019"], ["2", f"{minus}2.0", "imd_2019"], ["3", "c", "none"], ["4", "z", ""]]


def test_a_table_whose_own_numbers_are_all_hidden_is_a_sentence_on_the_page(content: Content, tmp_path: Path) -> None:
    columns = ("Group", "Children", "Share")
    whole = replace(
        TABLE,
        name="shares",
        columns=columns,
        rows=(("one", Figure(45), HIDDEN), ("other", Figure(51), HIDDEN)),
        picture=Points("per cent", (Series("share", "Share"),)),
    )
    part = replace(whole, name="part", rows=(*whole.rows, ("third", Figure(60), Figure(20))))
    files.write(replace(content, derived=(whole, part)), tmp_path / "out", "analyst", force=False)
    page = lxml_html.fromstring((tmp_path / "out" / "report.html").read_bytes())
    said = {one.get("aria-labelledby"): one for one in page.xpath("//article[@class='worked']")}
    assert "All that this table would tell is hidden" in said["shares"].text_content()
    assert all(name in said["shares"].text_content() for name in SAID)
    assert not said["shares"].findall(".//table") and not said["shares"].findall(".//svg")
    assert said["part"].findall(".//table") and said["part"].findall(".//svg")
    assert "45,c" in (tmp_path / "out" / "derived" / "shares.csv").read_text("utf-8")


def test_a_long_table_is_folded_and_its_picture_is_not(content: Content, tmp_path: Path) -> None:
    columns, picture = ("Group", "Share"), Points("per cent", (Series("share", "Share"),))
    long = replace(TABLE, columns=columns, rows=(("one", Figure(1)),) * 13, picture=picture)
    short = replace(long, name="short", rows=long.rows[:12])
    files.write(replace(content, derived=(long, short)), tmp_path / "out", "analyst", force=False)
    page = lxml_html.fromstring((tmp_path / "out" / "report.html").read_bytes())
    folded = {
        one.get("aria-labelledby"): [len(one.findall(f".//details//{tag}")) for tag in ("table", "svg")]
        for one in page.xpath("//article[@class='worked']")
    }
    assert folded == {"rates": [1, 0], "short": [0, 0]}


def test_a_reader_gets_the_sections_meant_for_them(content: Content, tmp_path: Path) -> None:
    for place, reader in enumerate(READERS):
        files.write(content, tmp_path / str(place), reader, force=False)
        page = (tmp_path / str(place) / "report.html").read_text("utf-8")
        assert ('<h2 id="gradient"' in page) == (reader in SECTIONS["gradient"].readers)
        assert (tmp_path / str(place) / "derived" / "rates.csv").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"notes": {"Unit": "children"}},
        {"sources": ()},
        {"read": ""},
        {"section": "elsewhere"},
        {"name": "a name with blanks"},
        {"name": "x" * 32},
        {"rows": (("1", Figure(1.0)),)},
    ],
)
def test_a_table_that_says_too_little_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a table"):
        replace(TABLE, **change)  # type: ignore[arg-type]
