"""Pictures show what the tables print and no more, and can be read: in the dark, in grey, on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from playwright.sync_api import Browser

from rdac_validator import formats, synth
from rdac_validator.disclosure import Figure, Policy
from rdac_validator.metrics.harm import WHO
from rdac_validator.quality import html
from rdac_validator.quality.content import Content
from rdac_validator.quality.derived import SAID, Derived
from rdac_validator.quality.drawing import LEFT, RIGHT, STEPS, Scale, plot
from rdac_validator.quality.flows import HIGH, flow
from rdac_validator.quality.grids import (
    MOST,
    Cell,
    answered_by_group,
    answered_by_team,
    completeness,
    pairs,
    who_harms_whom,
)
from rdac_validator.quality.layout import Layout
from rdac_validator.quality.measuring import measure
from rdac_validator.quality.pictures import Points, Series, Shades
from rdac_validator.quality.shading import BANDS, key, shade, shades
from rdac_validator.standard import load
from tests.browser import DESKTOP, PHONE, chromium, faults

STANDARD = load()
HIDDEN, NOBODY = Figure(None, "c"), Figure.nothing()
RATES = Derived(
    name="rates",
    title="Rates by tenth",
    section="gradient",
    read="The steeper the more unequal.",
    sources=("rdac-2026:fig-5.2",),
    columns=("Tenth", "Rate", "From", "To", "England"),
    rows=(
        ("1, of which the name is so long that it does not fit above a line", *map(Figure, (400.0, 350.0, 450, 320.0))),
        ("2", Figure(100.0), Figure(50.0), Figure(150.0), NOBODY),
        ("3", HIDDEN, HIDDEN, HIDDEN, Figure(200.0)),
    ),
    notes=dict.fromkeys(SAID, "as said"),
    picture=Points("per 10,000 children", (Series("here", "Rate", "From", "To"), Series("England", "England"))),
)
CLASSES = replace(
    RATES,
    name="classes",
    title="Classes",
    section="models",
    columns=("Factor", "One", "Two"),
    rows=(*((f"{low}", Figure(low / 100), Figure(low / 100 + 0.04)) for low in BANDS), ("c", HIDDEN, NOBODY)),
    picture=Shades(("One",), 1),
)
numbers = st.lists(st.floats(-1e6, 1e6).filter(lambda n: n == 0 or abs(n) > 1e-3), min_size=1, max_size=6)


# --- what is drawn ---------------------------------------------------------------------------------------------------


@given(numbers)
def test_a_scale_holds_nought_and_every_number_in_few_even_steps(found: list[float]) -> None:
    scale = Scale.over(found)
    places = [place for place, _ in scale.ticks()]
    assert 2 <= len(places) <= STEPS + 1 and places[0] == pytest.approx(LEFT) and places[-1] == pytest.approx(RIGHT)
    assert "0" in {said.rstrip("0").rstrip(".") or "0" for _, said in scale.ticks()}
    assert all(LEFT - 1e-6 <= scale.place(number) <= RIGHT + 1e-6 for number in found)
    told = [float(said.replace(",", "").replace("\N{MINUS SIGN}", "-")) for _, said in scale.ticks()]
    assert all(scale.place(number) == pytest.approx(place) for number, place in zip(told, places, strict=True))


def test_points_and_intervals_stand_where_their_numbers_say() -> None:
    drawn = plot(RATES)
    assert drawn is not None
    ticks = {said: place for place, said in drawn.ticks}
    assert list(ticks) == ["0", "200", "400", "600"]
    first, second, third = drawn.lines
    assert [mark.shape for mark in first.marks] == ["dot", "diamond"] and first.marks[0].at == ticks["400"]
    assert second.marks[0].ends is not None
    assert second.marks[0].ends == pytest.approx([LEFT + (RIGHT - LEFT) * share / 600 for share in (50, 150)])
    assert [line.said for line in drawn.lines] == ["400", "100", "c"]
    assert len(first.label) == 2 and "…" not in "".join(first.label) and second.label == ("2",)
    tops = [top for line in drawn.lines for top in (*(top for top, _ in line.tops), line.middle)]
    assert tops == sorted(tops) and tops[-1] < drawn.height
    assert [mark.at for mark in third.marks] == [ticks["200"]]


def test_what_is_hidden_leaves_a_mark_and_nothing_to_measure() -> None:
    shown = plot(replace(RATES, rows=(*RATES.rows[:2], ("3", *[HIDDEN] * 4))))
    assert shown is not None and shown.lines[2].said == "c" and shown.lines[2].marks == ()
    assert plot(replace(RATES, rows=(("3", *[HIDDEN] * 4),))) is None
    without = plot(replace(RATES, rows=(*RATES.rows[:2], ("no tenth", *[NOBODY] * 4))))
    assert without is not None and len(without.lines) == 2
    without_ends = plot(replace(RATES, rows=(("1", Figure(4), HIDDEN, Figure(6), HIDDEN),)))
    assert without_ends is not None and without_ends.lines[0].marks[0].ends is None
    no_point = plot(replace(RATES, rows=(("1", HIDDEN, Figure(2), Figure(6), Figure(4)),)))
    assert no_point is not None and [mark.shape for mark in no_point.lines[0].marks] == ["diamond"]
    assert [shade(cell) for cell in (HIDDEN, NOBODY, "a word")] == ["", "", ""]


def test_a_shade_is_of_a_band_that_the_key_names() -> None:
    assert [row[1] for row in shades(CLASSES)] == [*(style for style, _ in key(1)), ""]
    assert {row[2] for row in shades(CLASSES)} == {""}
    assert key(1)[1] == ("shade shade-1", "0.05 to under 0.25") and key()[-1][1] == "75 or more"
    assert [shade(Figure(share)) for share in (4.9, 5.0, 100.0, -3.0)] == [
        "shade shade-0",
        "shade shade-1",
        "shade shade-4",
        "shade shade-0",
    ]


def test_a_picture_is_of_columns_that_there_are() -> None:
    with pytest.raises(ValueError, match="drawn from columns that it has"):
        replace(RATES, picture=Shades(("Elsewhere",)))


# --- tables of the report --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Layout]:
    kept = ("dataset", "person", "episode", "assessment", "harm_direction", "status_event")
    tables = {name: frame for name, frame in synth.make(900, 3, STANDARD).items() if name in kept}
    place = tmp_path_factory.mktemp("layouts") / "return"
    formats.write(tables, place, "csv", STANDARD)
    content = Content(measure([formats.read(place, STANDARD)], STANDARD, Policy()), STANDARD)
    return {layout.table.name: layout for layout in content.layouts}


def test_every_group_of_directions_has_one_place_in_the_matrix(layouts: dict[str, Layout]) -> None:
    assert set(WHO) == set(STANDARD.lists["HarmDirectionClass"].codes) and len(set(WHO.values())) == len(WHO)
    layout = layouts["M03 who"]
    grid = who_harms_whom(layout)
    found = {(head, column): cell for head, row in grid.rows for column, cell in zip(grid.columns, row, strict=True)}
    for code, place in WHO.items():
        count = layout.table[(code,)]
        assert found.pop(place) == Cell(count, count.out_of(layout.base()))
    assert set(found.values()) == {None}


def test_pairs_are_of_the_factors_that_are_printed_most(layouts: dict[str, Layout]) -> None:
    layout = layouts["M05 pairs"]
    table, grid = layout.table, pairs(layout)
    codes = grid.columns[1:]
    assert 2 < len(codes) <= MOST and list(codes) == [code for code in table.by[0].categories if code in codes]
    numbers = {code: table[(code, None)].value for code in table.by[0].categories}
    assert min(numbers[code] or 0 for code in codes) >= max(numbers[code] or 0 for code in numbers if code not in codes)
    for one, (_, (total, *cells)) in zip(codes, grid.rows, strict=True):
        assert total == Cell(table[(one, None)])
        both = [table[(one, other)] for other in codes]
        told = [None if one == other else Cell(n, n.out_of(total.count)) for n, other in zip(both, codes, strict=True)]
        assert cells == told


def test_completeness_shows_every_field_and_each_group_of_it(layouts: dict[str, Layout]) -> None:
    period = layouts["M03 who"].asked.period.name
    grid, groups = completeness(list(layouts.values()), period), answered_by_group(list(layouts.values()), period)
    assert grid is not None and groups is not None
    assert {head for head, _ in grid.rows} == {name[4:] for name in layouts if name[:3] == "M01" and " by " not in name}
    row = dict(grid.rows)["person.disability"]
    said = dict(zip(grid.columns, row, strict=True))
    field = layouts["M01 person.disability"]
    assert said["rows"] == Cell(field.base()) and said["not known"] is not None
    assert said["not known"].count == field.table[("not known",)]
    by_sex = layouts["M01 assessment.source_codes by sex"].table
    cell = dict(zip(groups.columns, dict(groups.rows)["assessment.source_codes"], strict=True))["sex: female"]
    assert cell == Cell(
        by_sex[("answered", "female")],
        by_sex[("answered", "female")].out_of(by_sex[(None, "female")]),
        by_sex[(None, "female")],
    )
    assert completeness([], period) is None and answered_by_group([], period) is None


def test_completeness_by_team_has_a_row_for_each_team(layouts: dict[str, Layout]) -> None:
    period = layouts["M03 who"].asked.period.name
    found = list(layouts.values())
    grid, groups = answered_by_team(found, period), answered_by_group(found, period)
    assert grid is not None and groups is not None and not [name for name in groups.columns if "team" in name]
    table = layouts["M01 assessment.source_codes by team"].table
    assert [head for head, _ in grid.rows] == [
        team for team in table.by[1].categories if table[(None, team)].value != 0
    ]
    for team, cells in grid.rows:
        cell = dict(zip(grid.columns, cells, strict=True))["assessment.source_codes"]
        count, base = table[("answered", team)], table[(None, team)]
        assert cell == Cell(count, count.out_of(base), base)


def test_bands_are_as_wide_as_printed_counts_and_hidden_ones_take_no_room(layouts: dict[str, Layout]) -> None:
    layout = layouts["M23 pathway"]
    whole = flow(layout, 0)
    assert whole is not None and sum(band.wide or 0 for band in whole.bands) == pytest.approx(HIGH)
    printed = [row.cells[0][0].value for row in layout.rows if row.cells[0][0].value]
    assert [band.wide for band in whole.bands] == pytest.approx([HIGH * n / sum(printed) for n in printed])
    marked = {at: HIDDEN if at[0] in {"cp_plan", "cin_only"} else figure for at, figure in layout.table.rows()}
    hidden = flow(replace(layout, table=replace(layout.table, figures=marked)), 0)
    assert hidden is not None
    assert [(band.said, band.wide) for band in hidden.bands if band.wide is None] == [("c", None)] * 2
    assert sum(band.wide or 0 for band in hidden.bands) == pytest.approx(HIGH)
    nothing = {at: HIDDEN for at, _ in layout.table.rows()}
    assert flow(replace(layout, table=replace(layout.table, figures=nothing)), 0) is None


# --- on the page -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables = {name: frame for name, frame in synth.make(20, 1, STANDARD).items() if name in {"dataset", "person"}}
    place = tmp_path_factory.mktemp("pictures")
    formats.write(tables, place / "return", "csv", STANDARD)
    quality = measure([formats.read(place / "return", STANDARD)], STANDARD, Policy())
    text = html.render(Content(quality, STANDARD, (), (RATES, CLASSES)), "analyst")
    (place / "report.html").write_text(text, "utf-8")
    return place / "report.html"


def test_a_picture_says_what_it_is_and_its_table_follows(page: Path) -> None:
    tree: Any = lxml_html.fromstring(page.read_bytes())
    (drawn,) = tree.findall(".//section[@aria-labelledby='gradient']//svg[@role='img']")
    assert tree.get_element_by_id(drawn.get("aria-labelledby")).text == "Rates by tenth"
    assert "from 0 to 600 per 10,000 children" in tree.get_element_by_id(drawn.get("aria-describedby")).text
    assert drawn.getnext().findtext(".//caption") == "Rates by tenth"
    assert len(drawn.findall("circle")) == 2 and len(drawn.findall("path[@class='diamond']")) == 2
    intervals = drawn.findall("path[@class='interval']")
    assert len(intervals) == 2 and [one.getnext().get("class") for one in intervals] == ["dot", "dot"]
    assert not tree.xpath("//*[@style]|//script|//image|//use|//foreignobject")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_axe_finds_nothing_in_pictures_and_letters_stay_large(
    width: int, scheme: Literal["light", "dark"], page: Path, browser: Browser
) -> None:
    window = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = window.new_page()
    tab.goto(page.as_uri())
    assert faults(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    heights = tab.locator("svg.chart text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert heights and min(heights) > 12
    window.close()


@pytest.mark.parametrize("medium", ["screen", "print"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shades_are_told_apart_in_grey(
    scheme: Literal["light", "dark"], medium: Literal["screen", "print"], page: Path, browser: Browser
) -> None:
    window = browser.new_context(color_scheme=scheme)
    tab = window.new_page()
    tab.goto(page.as_uri())
    tab.emulate_media(media=medium, color_scheme=scheme)
    greys = tab.locator("p.key .shade").evaluate_all(GREYS)
    steps = [abs(one - two) for one, two in pairwise(greys)]
    assert len(greys) == len(BANDS) and min(steps) > 10, greys
    assert greys in (sorted(greys), sorted(greys, reverse=True))
    window.close()


# the lightness of each ground, 0 to 255, as a black-and-white printer would see it
GREYS = """all => all.map(one => {
  const brush = document.createElement('canvas').getContext('2d');
  for (const ground of [document.documentElement, one]) {
    brush.fillStyle = getComputedStyle(ground).backgroundColor;
    brush.fillRect(0, 0, 1, 1);
  }
  const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
})"""
