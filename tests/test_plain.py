"""The page speaks in words: dates, fields, codes and sources; what programs read keeps its names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html as lxml_html

from rdac_validator import formats, synth
from rdac_validator.disclosure import Policy
from rdac_validator.metrics import UNITS
from rdac_validator.quality import html, json_
from rdac_validator.quality.content import Content
from rdac_validator.quality.depth import READERS
from rdac_validator.quality.labels import Labels
from rdac_validator.quality.measuring import measure
from rdac_validator.quality.plain import Plain, cited
from rdac_validator.standard import load

STANDARD = load()
PLAIN = Plain(Labels(STANDARD))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-04-01 to 2025-03-31", "1 April 2024 to 31 March 2025"),
        ("2024-13-01 is no day", "2024-13-01 is no day"),
        ("tenths of simd_next_dz22", "tenths of next Scottish index (data zones of 2022)"),
        ("with an answer to source_codes", "with an answer to “factors or concerns recorded”"),
        ("an answer to status_event.from_status, or", "an answer to “level of service before” (changes of status), or"),
        ("every row of harm_direction", "every row of records of who harms whom"),
        ("report.json, some_thing, M01", "report.json, some_thing, M01"),
    ],
)  # fmt: skip
def test_dates_and_names_are_said_in_words_and_anything_else_stays(text: str, said: str) -> None:
    assert PLAIN(text) == said


def test_a_field_stands_in_words_with_its_name_small_behind_it() -> None:
    found = lxml_html.fragment_fromstring(str(PLAIN.field("assessment.source_codes")), create_parent=True)
    assert found.text == "factors or concerns recorded (assessments) "
    assert found.findtext("code") is not None and found.find("code").text_content() == "assessment.source_codes"
    assert PLAIN.field("<3A: abuse>") == "&lt;3A: abuse&gt;"


def test_sources_are_told_by_who_wrote_them_and_when_and_memory_keeps_its_mark() -> None:
    assert cited(("rdac-2026:fig-5.2", "hayes-berry-2002:text", "rdac-2026:1.3.1")) == (
        "Hayes and Berry (2002); Morris and others (2026): figure 5.2, 1.3.1"
    )
    assert cited(("wilson-1927",)) == "Wilson (1927, from memory, not seen)"
    assert cited(("dfe-c3-2025", "ohid-slope:text")) == (
        "Department for Education (2025); Office for Health Improvement and Disparities (no year given)"
    )


def test_who_harms_whom_has_one_name_in_metrics_and_their_tables() -> None:
    said = (Path(__file__).parent.parent / "docs" / "metrics.md").read_text("utf-8")
    assert UNITS["direction"] in said and not re.search(r"directions? of harm", said, re.IGNORECASE)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    place = tmp_path_factory.mktemp("plain") / "return"
    formats.write(synth.make(20, 3, STANDARD), place, "csv", STANDARD)
    return Content(measure([formats.read(place, STANDARD)], STANDARD, Policy()), STANDARD)


@pytest.mark.parametrize("reader", READERS)
def test_no_page_holds_a_name_or_an_iso_date_where_words_belong(reader: str, content: Content) -> None:
    page = lxml_html.fromstring(html.render(content, reader).encode())
    for code in page.xpath("//style | //code[@class='name']"):
        code.drop_tree()
    said = page.text_content() + " ".join(page.xpath("//@aria-label"))
    assert re.findall(r"\d{4}-\d\d-\d\d", said) == [] and set(re.findall(r"\w+_\w+", said)) == set()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d", json_.document(content)["periods"][0]["name"])
