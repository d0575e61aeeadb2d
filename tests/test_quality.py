"""The data-quality report: every number of every form has passed disclosure control, and a reader can check each."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
import python_calamine
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from lxml import html as lxml_html
from playwright.sync_api import Browser

from rdac_validator import cli, formats, synth
from rdac_validator.cli.reporting import READERS
from rdac_validator.disclosure import Figure
from rdac_validator.quality import depth
from rdac_validator.quality.layout import low
from rdac_validator.quality.wording import FIRST, wilson
from rdac_validator.standard import load, schema_folder
from tests.browser import DESKTOP, PHONE, chromium, faults

STANDARD = load()
KEPT = ("dataset", "person", "episode", "assessment", "harm_direction", "adult_in_case")
THRESHOLD = 6  # what the synthetic returns declare: counts up to 5 are hidden


def rdac(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli.main, ["report", *map(str, arguments)])
    return done.exit_code, " ".join(done.output.split())


def written(tables: dict[str, pl.DataFrame], place: Path, **dataset: str) -> Path:
    """A return of some tables as a folder; ``dataset`` changes cells of its one dataset row."""
    kept = {name: frame for name, frame in tables.items() if name in KEPT}
    kept["dataset"] = kept["dataset"].with_columns(pl.lit(cell).alias(name) for name, cell in dataset.items())
    formats.write(kept, place, "csv", STANDARD)
    return place


@dataclass(frozen=True)
class Made:
    """A report as it was written."""

    folder: Path
    said: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "report.json").read_text("utf-8"))
        return found

    @property
    def page(self) -> str:
        return (self.folder / "report.html").read_text("utf-8")

    @property
    def tree(self) -> Any:  # noqa: ANN401 lxml's
        return lxml_html.fromstring(self.page.encode())

    def files(self) -> dict[str, bytes]:
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}


def made(source: Path, out: Path, *options: object) -> Made:
    code, said = rdac(source, "--out", out, *options)
    assert code == 0, said
    return Made(out, said)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quality")


@pytest.fixture(scope="module")
def census(place: Path) -> Path:
    done = CliRunner().invoke(cli.main, ["synth", str(place / "c"), "--format", "cin-xml", "--children", "300"])
    assert done.exit_code == 0
    return place / "c" / "census.xml"


@pytest.fixture(scope="module")
def of_census(census: Path, place: Path) -> Made:
    return made(census, place / "of_census")


@pytest.fixture(scope="module")
def of_return(place: Path) -> Made:
    return made(written(synth.make(200, 3, STANDARD), place / "return"), place / "of_return")


@pytest.fixture(scope="module")
def of_two_children(place: Path) -> Made:
    return made(written(synth.make(2, 1, STANDARD), place / "two"), place / "of_two")


@pytest.fixture(params=["of_census", "of_return", "of_two_children"])
def report(request: pytest.FixtureRequest) -> Made:
    found: Made = request.getfixturevalue(request.param)
    return found


# --- every form is whole, and says the same --------------------------------------------------------------------------


def test_the_json_is_of_its_published_shape(report: Made) -> None:
    schema = json.loads((schema_folder() / "quality.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(map(str, Draft202012Validator(schema).iter_errors(report.document))) == []


def figures(document: dict[str, Any]) -> dict[tuple[str, tuple[str | None, ...]], Any]:
    return {(table["name"], tuple(f["at"])): f["count"] for table in document["tables"] for f in table["figures"]}


def test_csv_and_workbook_hold_the_figures_of_the_json(report: Made) -> None:
    wanted = [str(f["count"]) for table in report.document["tables"] for f in table["figures"]]
    index = list(csv.DictReader(io.StringIO((report.folder / "tables.csv").read_text("utf-8"))))
    rows = [
        row
        for line in index
        for row in csv.DictReader(io.StringIO((report.folder / "tables" / line["file"]).read_text("utf-8")))
    ]
    assert [row["count"] for row in rows] == wanted
    assert {line["file"] for line in index} == {path.name for path in (report.folder / "tables").iterdir()}
    book = python_calamine.CalamineWorkbook.from_path(str(report.folder / "report.xlsx"))
    derived = [one["name"] for one in report.document["derived"]]
    assert book.sheet_names == ["Findings", "Stays dark", "Tables", "Figures", *derived, "About"]
    sheet = book.get_sheet_by_name("Figures").to_python()[1:]
    assert [cell if cell == "c" else str(int(float(str(cell)))) for _, _, cell, _, _ in sheet] == wanted


def test_a_second_run_gives_the_same_bytes_though_pseudonyms_differ(census: Path, of_census: Made, place: Path) -> None:
    assert made(census, place / "again").files() == of_census.files()


# --- a reader can check the numbers ----------------------------------------------------------------------------------


def is_number(cell: Any) -> bool:  # noqa: ANN401 lxml's
    return "number" in (cell.get("class") or "").split()


def test_each_printed_percentage_is_that_of_the_printed_counts(report: Made) -> None:
    checked = 0
    for table in report.tree.iter("table"):
        lines = [[cell for cell in row.iter("td") if is_number(cell)] for row in table.iter("tr")]
        bases: list[Any] = []
        told = re.search(r"of all ([\d,]+) ", table.findtext("caption") or "")
        for line in filter(None, lines):
            shares = [cell.find("span[@class='share']") for cell in line]
            if not any(share is not None for share in shares) and not bases:
                bases = line
            # a grid has the base of a cell beside it, in its caption, or else at the beginning of the line
            wholes = bases if table.get("id") else [line[0]] * len(line)
            for cell, share, base in zip(line, shares, wholes, strict=True):
                if share is not None:
                    count, _, beside = cell.text.partition(" of ")
                    whole = beside.rstrip(" †") or (told[1] if told else base.text.split()[0])
                    of = 100 * int(count.replace(",", "")) / int(whole.replace(",", ""))
                    assert abs(of - float(share.text.rstrip("%"))) <= 0.05 + 1e-9
                    checked += 1
    assert checked > 10 or report.folder.name == "of_two"


def test_parts_sum_to_their_base_wherever_all_are_shown(report: Made) -> None:
    found, summed = figures(report.document), 0
    for table in report.document["tables"]:
        for place, axis in enumerate(table["axes"]):
            members = {part for group in axis["groups"].values() for part in group}
            sums = {None: [*axis["groups"], *(part for part in axis["categories"] if part not in members)]}
            for at in (tuple(f["at"]) for f in table["figures"]):
                parts = ({**sums, **axis["groups"]}).get(at[place], []) if axis["sums_to_base"] else []
                counts = [found[table["name"], (*at[:place], part, *at[place + 1 :])] for part in parts]
                if counts and "c" not in [*counts, found[table["name"], at]]:
                    assert sum(counts) == found[table["name"], at], (table["name"], at)
                    summed += 1
    assert summed > 10 or report.folder.name == "of_two"


def test_the_interval_is_wilsons() -> None:
    assert wilson(10, 20) == (29.9, 70.1)
    assert wilson(0, 10) == (0.0, 27.8)
    assert wilson(81, 263) == (25.5, 36.6)  # Newcombe (1998), table I


def test_a_base_under_30_is_marked_and_one_that_is_hidden_or_nought_is_not() -> None:
    assert [low(Figure(value)) for value in (29, 30, 0)] == [True, False, False]
    assert not low(Figure(None, "c"))


def test_a_finding_has_its_number_denominator_share_and_interval(of_return: Made) -> None:
    shown = [one for one in of_return.document["findings"] if one["percent"] not in {"c", "z"}]
    assert 0 < len(shown) <= 10
    for one in shown:
        assert one["sentence"].startswith(f"{one['count']:,} of {one['of']:,} ")
        assert one["interval"][0] <= one["percent"] <= one["interval"][1]
        assert one["sentence"] in of_return.tree.text_content()


def test_what_is_not_known_of_anybody_is_no_nought(of_census: Made) -> None:
    again = [one["sentence"] for one in of_census.document["findings"] if one["metric"] == "M11"]
    assert [sentence for sentence in again if "is not known: there is no answer for any" not in sentence] == []
    assert not any(
        one["percent"] == 0 and "the answer is not known" in one["sentence"] for one in of_census.document["findings"]
    )


def test_the_page_holds_the_counts_of_the_json(of_return: Made) -> None:
    (table,) = [one for one in of_return.document["tables"] if one["name"] == "M24 sex"]
    (shown,) = [one for one in of_return.tree.iter("table") if one.get("id") == "M24-1"]
    cells = [cell.text.split()[0].replace(",", "") for cell in shown.iter("td") if cell.get("class") == "number"]
    counts = {tuple(f["at"]): str(f["count"]) for f in table["figures"]}
    rows = [[counts[sex, dva] for dva in (None, "yes", "no")] for sex in (None, *table["axes"][0]["categories"])]
    assert cells == [count for row in rows if set(row) != {"0"} for count in row]


def test_every_metric_with_a_headline_has_a_place_among_the_findings(of_return: Made) -> None:
    assert len(set(FIRST)) == len(FIRST) and set(FIRST) <= set(of_return.document["metrics"])


def test_every_table_says_unit_base_period_exclusions_selection_and_siblings(report: Made) -> None:
    for name in ("Unit", "Base", "Period", "Exclusions", "Selection", "Siblings", "Hidden"):
        assert all(table["notes"][name] for table in report.document["tables"])
    tables = report.tree.findall(".//details//table")
    assert tables or report.folder.name == "of_two"
    assert all(table.getparent().getnext() is not None for table in tables)


# --- nothing is told of a child --------------------------------------------------------------------------------------


def numbers(report: Made) -> Iterator[str]:
    """Every count and base that any form of a report prints."""
    for table in report.document["tables"]:
        yield from (str(f["count"]) for f in table["figures"])
        yield table["notes"]["Base"].rpartition(": ")[2]
    for one in report.document["findings"]:
        yield from (str(one["count"]), str(one["of"]))
    for path in (report.folder / "tables").iterdir():
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8")))
        yield from (row[name] for row in rows for name in ("count", "of"))
    # numbers of fields and of printed counts, and rates: what they rest on stands in the tables above
    tree, others = report.tree, ("itself", "steps")
    elsewhere = {cell for name in others for cell in tree.iterfind(f".//section[@aria-labelledby='{name}']//td")}
    for cell in tree.iter("td"):
        if is_number(cell) and cell not in elsewhere:
            yield from re.findall(r"\w+", (cell.text or "").replace(",", ""))
    book = python_calamine.CalamineWorkbook.from_path(str(report.folder / "report.xlsx"))
    for row in book.get_sheet_by_name("Figures").to_python()[1:]:
        yield from (str(row[2]).removesuffix(".0"), str(row[4]).removesuffix(".0"))


@pytest.mark.parametrize("name", ["of_return", "of_two_children"])
def test_no_form_holds_a_count_below_the_threshold(name: str, request: pytest.FixtureRequest) -> None:
    report: Made = request.getfixturevalue(name)
    found = set(numbers(report))
    assert "c" in found and report.document["policy"]["threshold"] == THRESHOLD
    assert found & set(map(str, range(1, THRESHOLD))) == set()


def test_a_return_of_two_children_has_no_finding_with_a_number(of_two_children: Made) -> None:
    assert {one["percent"] for one in of_two_children.document["findings"]} == {"c"}
    assert "Too few to say, or hidden to protect others" in of_two_children.page
    assert '<rect class="bar"' not in of_two_children.page.split('id="dark"')[0]


def test_no_id_of_the_return_stands_in_any_form(of_return: Made, place: Path) -> None:
    ids = set(pl.read_csv(place / "return" / "person.csv", infer_schema=False)["person_id"])
    whole = b"".join(of_return.files().values()).decode("utf-8", "replace")
    assert ids and not [one for one in ids if one in whole]


def test_text_of_the_dataset_that_is_no_code_is_not_printed(place: Path) -> None:
    odd = "=HYPERLINK(1)<b>zqx"
    source = written(synth.make(6, 1, STANDARD), place / "odd", la_code=odd, nation=odd, source_system=odd)
    whole = b"".join(made(source, place / "of_odd", "--threshold", 20).files().values())
    assert b"zqx" not in whole and b"HYPERLINK" not in whole


def test_no_option_shows_more_than_the_return_itself_allows(place: Path) -> None:
    declared = written(synth.make(5, 3, STANDARD), place / "declared", zero_policy="zeros_suppressed")
    for option, value in (("--threshold", 5), ("--zeros", "shown")):
        code, said = rdac(declared, "--out", place / "none", option, value)
        assert (code, "the returns declare that" in said) == (2, True), option


def test_a_threshold_below_5_is_refused_and_a_higher_one_hides_more(of_census: Made, census: Path, place: Path) -> None:
    assert rdac(census, "--out", place / "none", "--threshold", 4)[0] == 2
    strict = made(census, place / "strict", "--threshold", 12, "--zeros", "suppressed")
    hidden = [list(figures(one.document).values()).count("c") for one in (of_census, strict)]
    assert hidden[0] < hidden[1]
    assert not set(map(str, range(12))) & set(numbers(strict))


def test_rounded_counts_are_multiples_and_said_to_be(census: Path, place: Path) -> None:
    rounded = made(census, place / "rounded", "--rounding", 10)
    assert all(count == "c" or count % 10 == 0 for count in figures(rounded.document).values())
    assert "rounded to the nearest 10" in rounded.page


# --- what it says in words -------------------------------------------------------------------------------------------


def test_a_census_leaves_the_dark_dark_and_says_what_to_collect(of_census: Made) -> None:
    dark = {one["metric"]: one["collect"] for one in of_census.document["dark"]}
    assert "adult_in_case.presence_in_assessment" in dark["M13"]
    assert "adult_in_case.presence_in_assessment" in of_census.tree.text_content()
    assert not {table["metric"] for table in of_census.document["tables"]} & set(dark)
    first = of_census.document["findings"][0]
    assert first["metric"] == "M04" and (first["count"], first["percent"]) == (0, 0)


def test_the_page_warns_before_it_begins_and_says_where_help_is(report: Made) -> None:
    head = report.page.partition("<main>")[0]
    assert "Please note" in head and "0808" in head and "0800" in head
    assert "<script" not in report.page and "default-src 'none'; style-src 'sha256-" in report.page


@pytest.fixture(scope="module")
def pages(census: Path, place: Path) -> dict[str, Made]:
    return {reader: made(census, place / reader, "--for", reader) for reader in READERS}


def test_each_reader_gets_a_page_of_its_depth_and_the_same_files(pages: dict[str, Made], of_census: Made) -> None:
    ids = {reader: {one.get("id") for one in made_.tree.iter("h2")} for reader, made_ in pages.items()}
    base = {"findings", "dark", "about", "left-out"}
    assert ids["head-of-service"] == base | {"steps"}
    assert ids["analyst"] == base | {"steps", "completeness", "tables", "itself"}
    assert ids["consultation"] == base | {"definitions", "itself"}
    for made_ in pages.values():
        others = {name: data for name, data in made_.files().items() if name != "report.html"}
        assert others == {name: data for name, data in of_census.files().items() if name != "report.html"}


def test_each_page_says_what_it_leaves_out_and_on_whose_page_it_stands(pages: dict[str, Made]) -> None:
    titles = {"Completeness", "All tables", "Definitions", "Steps up and down", "What is asked, used and hidden"}
    for reader, page in pages.items():
        tree = page.tree
        has = {one.text for one in tree.iter("h2")}
        (section,) = tree.xpath("//section[@aria-labelledby='left-out']")
        told = {line.findtext("b"): line.text_content() for line in section.iter("li")}
        assert set(told) == titles - has and told
        for line in told.values():
            others = set(re.findall(r"rdac report --for ([a-z-]+)", line))
            assert others and reader not in others and others <= set(READERS)


def test_the_analysts_page_leads_to_every_metric_and_folds_each(of_return: Made) -> None:
    (contents,) = of_return.tree.xpath("//nav[@aria-label='Tables by metric']")
    marks = [link.get("href").removeprefix("#") for link in contents.iter("a")]
    folded = of_return.tree.xpath("//details[contains(@class, 'metric')]/summary/h3/@id")
    assert marks == folded == sorted({table["metric"] for table in of_return.document["tables"]})


def test_a_table_that_is_hidden_whole_is_a_sentence_and_has_no_picture(of_two_children: Made) -> None:
    hidden = {
        table["caption"]: {f["count"] for f in table["figures"] if any(f["at"])} == {"c"}
        for table in of_two_children.document["tables"]
    }
    folded = {part.findtext("summary"): part for part in of_two_children.tree.xpath("//article//details[not(details)]")}
    assert sum(hidden.values()) > 10
    for caption, whole in hidden.items():
        if caption in folded:
            part = folded[caption]
            assert ("All that this table would tell is hidden" in part.text_content()) is whole, caption
            assert not (whole and (part.findall(".//table") or part.findall(".//svg")))


def test_the_readers_of_the_command_are_those_of_the_page() -> None:
    assert set(READERS) == set(depth.READERS)


def test_faults_of_reading_are_said_on_the_page(place: Path) -> None:
    source = written(synth.make(30, 2, STANDARD), place / "faulty")
    with (source / "person.csv").open("a", encoding="utf-8") as file:
        file.write("too,short\n")
    assert "Not all of the data could be read" in made(source, place / "of_faulty").page


# --- several years, and where it is written --------------------------------------------------------------------------


def a_year_later(tables: dict[str, pl.DataFrame], place: Path) -> Path:
    row = tables["dataset"].row(0, named=True)
    later = {
        name: (date.fromisoformat(row[name]) + timedelta(days=366)).isoformat()
        for name in ("period_start", "period_end")
    }
    return written(tables, place, **later)


def test_two_years_are_protected_together_and_told_apart(place: Path) -> None:
    tables = {name: frame for name, frame in synth.make(30, 3, STANDARD).items() if name in KEPT[:4]}
    new, old = a_year_later(tables, place / "new"), written(tables, place / "old")
    code, said = rdac(new, old, "--out", place / "years")
    document = Made(place / "years", said).document
    periods = [period["name"] for period in document["periods"]]
    assert code == 0 and periods == sorted(periods) and len(periods) == 2
    assert {table["given"]["year"] for table in document["tables"]} == set(periods)
    assert {one["table"].rpartition("(")[2].rstrip(")") for one in document["findings"]} == {periods[-1]}
    tree = Made(place / "years", said).tree
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(set(ids)) == len(ids)
    told = [part.text for part in tree.xpath("//details[contains(@class, 'metric')]//summary[not(h3)]")]
    assert len(told) > 10 and [line.rpartition(", ")[0] for line in told[::2]] == [
        line.rpartition(", ")[0] for line in told[1::2]
    ]


def test_one_period_twice_or_two_authorities_are_refused(place: Path) -> None:
    tables = synth.make(3, 3, STANDARD)
    one = written(tables, place / "one")
    code, said = rdac(one, one, "--out", place / "none")
    assert code == 2 and "of one period" in said
    other = a_year_later(
        {**tables, "dataset": tables["dataset"].with_columns(la_code=pl.lit("E08000002"))}, place / "other"
    )
    code, said = rdac(one, other, "--out", place / "none")
    assert code == 2 and "more than one authority" in said


def test_a_folder_is_replaced_only_when_told_and_only_if_it_holds_a_report(
    census: Path, of_census: Made, place: Path
) -> None:
    copy = place / "copy"
    shutil.copytree(of_census.folder, copy)
    code, said = rdac(census, "--out", copy)
    assert code == 2 and f"{copy} exists already: name another folder, or say --force to replace it" in said
    (copy / "tables" / "stale.csv").write_text("stale")
    assert rdac(census, "--out", copy, "--force")[0] == 0
    assert Made(copy, "").files() == of_census.files()
    (copy / "diary.txt").write_text("mine")
    code, said = rdac(census, "--out", copy, "--force")
    assert code == 2 and f"{copy} holds more than" in said and (copy / "diary.txt").exists()


def test_what_is_no_return_is_refused_and_nothing_is_written(place: Path) -> None:
    (place / "broken.xml").write_text("<nothing")
    code, said = rdac(place / "broken.xml", "--out", place / "nowhere")
    assert code == 2 and "Our fault" not in said and not (place / "nowhere").exists()


def test_a_folder_with_a_census_in_it_says_to_name_the_file(census: Path, place: Path) -> None:
    code, said = rdac(census.parent, "--out", place / "nowhere")
    assert code == 2 and "a CIN census is read when the file itself is named" in said
    (place / "bare").mkdir()
    code, said = rdac(place / "bare", "--out", place / "nowhere")
    assert code == 2 and "no table of the standard was found" in said and "census" not in said


# --- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


OPEN_ALL = "document.querySelectorAll('details').forEach(part => part.open = true)"


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")])
@pytest.mark.parametrize("name", ["of_census", "of_return"])
def test_axe_finds_nothing_and_the_page_asks_for_nothing(
    name: str, width: int, scheme: Literal["light", "dark"], browser: Browser, request: pytest.FixtureRequest
) -> None:
    report: Made = request.getfixturevalue(name)
    told: list[str] = []
    window = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = window.new_page()
    address = (report.folder / "report.html").as_uri()
    page.on("request", lambda request: told.append(request.url) if request.url != address else None)
    page.on("console", lambda message: told.append(message.text))
    page.goto(address)
    page.evaluate(OPEN_ALL)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    window.close()
    assert told == []


def test_every_chart_has_a_title_a_description_and_its_table_beside_it(report: Made) -> None:
    charts = report.tree.findall(".//svg")
    ids = [one.get("id") for one in report.tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for chart in charts:
        title, description = chart.find("title"), chart.find("desc")
        assert chart.get("aria-labelledby") == title.get("id") and chart.get("aria-describedby") == description.get(
            "id"
        )
        assert title.text_content().strip() and description.text_content().strip()
        assert next(chart.iterancestors("details", "article")).findall(".//table")


def test_paper_shows_the_tables_that_are_folded_on_the_screen(of_return: Made, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((of_return.folder / "report.html").as_uri())
    tables = page.locator("details.tables table").first
    assert not tables.is_visible()
    page.emulate_media(media="print")
    assert tables.evaluate("table => table.checkVisibility({contentVisibilityAuto: true}) && table.offsetHeight > 0")
    page.close()
