"""The HTML report, opened in a real Chromium: whole, usable by keyboard and screen reader, silent towards a network."""

from __future__ import annotations

import re
from array import array
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, ViewportSize, expect

from rdac_validator.findings import (
    Group,
    Input,
    Outcome,
    Report,
    RuleInfo,
    RuleRun,
    Severity,
    Waiver,
    in_order,
)
from rdac_validator.reports import FORMATS, html
from tests.browser import DESKTOP, PHONE, chromium, faults

HOSTILE = """<script>alert(1)</script>"'><img src=//elsewhere.example/x onerror=alert(2)>&amp;{{ 7 * 7 }}"""
Scheme = Literal["light", "dark"]
Open = Callable[..., Page]
WAIVER = Waiver(1, "the case system cannot hold it before spring", "A. Analyst", date(2026, 9, 1), date(2027, 3, 31))


def rule(code: str, severity: Severity, title: str = "A cell is blank.") -> RuleInfo:
    return RuleInfo(code, severity, title, f"why {code} matters.", f"how to mend {code}.", ("rdac-2026:1",))


def group(code: str, table: str, rows: Sequence[int] = (), severity: Severity = Severity.ERROR) -> Group:
    message = f"sex of {table} is at fault"
    return Group(code, severity, table, f"{table}.csv", ("sex",), message, array("Q", rows), 90_000)


def report_of(groups: Sequence[Group], runs: Sequence[RuleRun] = (), notes: Sequence[str] = ()) -> Report:
    codes = sorted({one.code: one.severity for one in groups}.items())
    passed = RuleRun("RDAC150", "person", Outcome.PASSED, Severity.ERROR, 12)
    return Report(
        standard_version="0.1.0",
        tool_version="0.1.0",
        profile="core",
        inputs=(Input("person", "person.csv", "csv", 12), Input("episode", "episode.csv", "csv", 3)),
        groups=in_order(groups),
        runs=(passed, *runs),
        rules={code: rule(code, severity) for code, severity in codes} | {"RDAC150": rule("RDAC150", Severity.ERROR)},
        notes=tuple(notes),
    )


FAULTY = report_of(
    [
        group("RDAC101", "person", [2, 3, 4, 9]),
        group("RDAC101", "episode", range(2, 80, 3)),
        replace(group("RDAC205", "harm_direction", [5]), waiver=WAIVER),
        group("RDAC120", "person", [7], Severity.WARNING),
        *(replace(group("RDAC501", "episode", [n], Severity.QUERY), columns=(f"c{n}",)) for n in range(2, 10)),
        replace(group("RDAC113", ""), message="the table plan_action is missing", columns=()),
    ],
    [
        RuleRun("RDAC320", "person", Outcome.CRASHED, Severity.ERROR, reason="ComputeError"),
        RuleRun("RDAC330", "episode", Outcome.NOT_RUN, Severity.ERROR, reason="the table plan_action is absent"),
        RuleRun("RDAC340", "episode", Outcome.NOT_APPLICABLE, Severity.ERROR),
    ],
    ["one blank line was passed over"],
)
CLEAN = report_of([])
MANY = report_of(
    [replace(group(f"RDAC{101 + n % 50}", f"t{n % 15}", range(2, 77, 3)), columns=(f"c{n}",)) for n in range(2_000)]
)


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text outside style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.lasttag not in {"style", "script"}:
            self.text += data


# --- the text of the page --------------------------------------------------------------------------------------------


def test_the_format_is_asked_for_by_name_or_by_ending() -> None:
    assert FORMATS["html"].render(CLEAN) == html.render(CLEAN)
    assert ".html" in FORMATS["html"].endings


def test_one_report_gives_the_same_bytes_twice() -> None:
    html._page.cache_clear()
    assert html.render(FAULTY) == html.render(FAULTY)


def test_all_text_is_escaped_wherever_it_stands() -> None:
    hostile = Report(
        standard_version=HOSTILE,
        tool_version=HOSTILE,
        profile=HOSTILE,
        inputs=(Input(HOSTILE, HOSTILE, HOSTILE, 1),),
        groups=(
            Group(
                "RDAC101",
                Severity.ERROR,
                HOSTILE,
                HOSTILE,
                (HOSTILE,),
                HOSTILE,
                waiver=replace(WAIVER, reason=HOSTILE, author=HOSTILE),
            ),
        ),
        runs=tuple(RuleRun(HOSTILE, HOSTILE, outcome, Severity.ERROR, reason=HOSTILE) for outcome in Outcome),
        rules={"RDAC101": RuleInfo("RDAC101", Severity.ERROR, HOSTILE, HOSTILE, HOSTILE, ())},
        notes=(HOSTILE,),
    )
    page = Elements(html.render(hostile))
    assert [tag for tag, _ in page.found].count("script") == 1
    assert "img" not in {tag for tag, _ in page.found}
    assert not [name for _, attributes in page.found for name in attributes if name.startswith("on")]
    assert page.text.count(HOSTILE) >= 20


def test_no_character_turns_a_line_round_or_hides() -> None:
    page = html.render(report_of([replace(group("RDAC101", "person"), file="gpj.\u202ecsv\n\x1b[1m.csv")]))
    assert "gpj.\\u202ecsv\\n\\x1b[1m.csv" in page
    assert "\u202e" not in page and "\x1b" not in page


def test_the_page_points_nowhere_outside_itself() -> None:
    page = html.render(FAULTY)
    addresses = [a[name] for _, a in Elements(page).found for name in ("src", "href", "action", "srcset") if name in a]
    assert addresses and all(str(address).startswith(("#", "tel:")) for address in addresses)
    assert "url(" not in page and "@import" not in page
    assert {str(a)[1:] for a in addresses if str(a).startswith("#")} <= {a.get("id") for _, a in Elements(page).found}


def test_the_policy_allows_only_the_style_and_the_script_of_the_page_by_their_hashes() -> None:
    page = html.render(FAULTY)
    (policy,) = [a["content"] for _, a in Elements(page).found if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in str(policy).split(";"))
    for directive, tag in (("style-src", "style"), ("script-src", "script")):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert rules.pop(directive) == f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
    assert rules == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}


@given(st.sets(st.integers(1, 3_000), min_size=1, max_size=900))
def test_every_row_number_stands_in_the_page_once(rows: set[int]) -> None:
    place = html._place(CLEAN, group("RDAC101", "person", sorted(rows)))
    shown, *folded = (rows_said(text) for text in (place.where, *place.folded))
    assert [*shown, *(row for part in folded for row in part)] == sorted(rows)
    assert place.more == sum(map(len, folded))


def rows_said(text: str) -> list[int]:
    runs = [list(map(int, run.split(" to "))) for run in re.sub("lines? ", "", text).split(", ")]
    return [row for run in runs for row in range(run[0], run[-1] + 1)]


def test_a_fault_in_a_document_has_its_pointers_and_no_lines() -> None:
    document = replace(group("RDAC101", "person", range(1, 14)), file="case.json")
    page = Elements(html.render(report_of([document]))).text
    assert "13 findings in 90,000 checked: case.json /person/0/sex, /person/1/sex, " in page
    assert "and 3 more" in page and "/person/12/sex" in page
    assert "line" not in page.split("case.json")[1].split("/person/12/sex")[0]


@pytest.mark.parametrize(
    ("report", "sentences"),
    [
        (CLEAN, ["No findings at profile core."]),
        (
            report_of([replace(group("RDAC101", "person", [2]), waiver=WAIVER)]),
            ["No findings but waived ones", "1 finding waived"],
        ),
        (
            replace(CLEAN, runs=FAULTY.runs),
            ["1 check crashed, so this result is not complete", "1 check could not be run", "1 check had"],
        ),
        (replace(CLEAN, runs=()), ["Nothing was checked"]),
        (FAULTY, ["not complete", "31 errors, 1 warning, 8 queries to look at", "1 finding waived"]),
    ],
    ids=["clean", "waived", "crashed", "nothing checked", "findings"],
)
def test_the_result_is_said_in_words_and_never_sounds_better_than_it_is(report: Report, sentences: list[str]) -> None:
    page = html.render(report)
    said = re.sub(r"<[^>]+>", "", re.findall(r'<div class="verdict">(.*?)</div>', page, re.DOTALL)[0])
    assert [sentence for sentence in sentences if sentence not in said] == [], said
    assert ("No findings" in said) == (sentences[0].startswith("No findings"))


@pytest.mark.parametrize(
    ("fail_on", "said"),
    [
        (Severity.ERROR, "A build fails at error or worse: this check ended with exit code 1."),
        (Severity.WARNING, "A build fails at warning or worse: this check ended with exit code 1."),
        (None, "No finding fails a build: this check ended with exit code 0."),
    ],
)
def test_what_fails_the_build_is_said(fail_on: Severity | None, said: str) -> None:
    assert said in html.render(replace(report_of([group("RDAC101", "person", [2])]), fail_on=fail_on))


# --- the page in a browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a report in a window of its own; fails at the end if the page asked for anything or complained."""
    told: list[str] = []
    windows = []

    def open_(report: Report, *, width: int = DESKTOP, scheme: Scheme = "light", script: bool = True) -> Page:
        file = tmp_path / "report.html"
        file.write_text(html.render(report), encoding="utf-8")
        size: ViewportSize = {"width": width, "height": 900}
        windows.append(browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=script))
        page = windows[-1].new_page()
        page.on("request", lambda request: told.append(request.url) if request.url != file.as_uri() else None)
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(file.as_uri())
        return page

    yield open_
    for window in windows:
        window.close()
    assert told == [], "the page asked a network for something, or complained"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("report", [FAULTY, CLEAN], ids=["findings", "clean"])
def test_axe_finds_nothing_against_wcag_2_2_aa(opened: Open, report: Report, width: int, scheme: Scheme) -> None:
    page = opened(report, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert faults(page) == []


def test_axe_finds_what_is_wrong(opened: Open) -> None:
    page = opened(FAULTY)
    page.evaluate("document.querySelector('label[for=code]').remove()")
    page.evaluate("document.querySelector('.lead').style.color = 'silver'")
    assert {fault.split(":")[0] for fault in faults(page)} == {"label", "color-contrast"}


@pytest.mark.parametrize("report", [FAULTY, CLEAN], ids=["findings", "clean"])
def test_a_phone_scrolls_in_one_direction(opened: Open, report: Report) -> None:
    page = opened(report, width=PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE


def test_even_an_address_written_into_the_page_is_not_fetched(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(
        html.render(FAULTY).replace("</main>", "<img src='http://elsewhere.example/x.png'></main>"), "utf-8"
    )
    page = browser.new_page()
    ended: list[str | None] = []
    page.on("requestfailed", lambda request: ended.append(request.failure))
    page.goto(file.as_uri(), wait_until="load")
    page.close()
    assert ended == ["csp"]


def test_headings_landmarks_and_the_live_region_are_as_a_screen_reader_needs_them(opened: Open) -> None:
    page = opened(FAULTY)
    levels = page.locator("h1, h2, h3").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for role in ("banner", "navigation", "main", "contentinfo", "form", "status"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(page.get_by_role("heading", level=3, name="Error RDAC101")).to_be_visible()


def test_the_page_is_worked_by_keyboard_alone(opened: Open) -> None:
    page = opened(FAULTY)
    focused = page.locator(":focus")
    page.keyboard.press("Tab")
    expect(focused).to_have_text("Skip to the findings")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#findings")).to_be_focused()
    page.keyboard.press("Tab")
    expect(focused).to_have_attribute("value", "error")
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("Showing 9 of 41 findings and 2 of 5 rules.")
    page.keyboard.press("Space")
    tab_to(page, "#code")
    page.keyboard.type("rdac5")
    expect(page.get_by_role("status")).to_have_text("Showing 8 of 41 findings and 1 of 5 rules.")
    tab_to(page, "#sort")
    page.keyboard.type("Most f")
    expect(page.locator("#sort")).to_have_value("count")
    tab_to(page, "article:not([hidden]) summary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("episode · c4", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("episode · c4", exact=True)).to_be_hidden()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement === document.querySelector(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not come to {selector}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_seen_on_every_stop_and_caught_on_none(opened: Open, scheme: Scheme) -> None:
    page = opened(FAULTY, scheme=scheme)
    stops = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect();
            return at === document.body ? null : [at.outerHTML.slice(0, 80), look.outlineStyle, look.outlineWidth,
            box.bottom > 0 && box.top < innerHeight]; }"""
        )
        if stop is None:
            break
        stops.append(stop)
    else:
        raise AssertionError("the keyboard never leaves the page")
    assert len(stops) > 20
    assert [stop for stop in stops if stop[1:] != ["solid", "3px", True]] == []


@pytest.mark.parametrize(
    ("field", "choice", "said"),
    [
        ("table", "person", "Showing 5 of 41 findings and 2 of 5 rules."),
        ("table", "", "Showing 1 of 41 findings and 1 of 5 rules."),
        ("waived", "yes", "Showing 1 of 41 findings and 1 of 5 rules."),
        ("waived", "no", "Showing 40 of 41 findings and 4 of 5 rules."),
        ("code", "RDAC1", "Showing 32 of 41 findings and 3 of 5 rules."),
        ("text", "plan_action", "Showing 1 of 41 findings and 1 of 5 rules."),
        ("text", "Mend RDAC120", "Showing 1 of 41 findings and 1 of 5 rules."),
        ("text", "no such words", "Nothing matches these filters."),
    ],
)
def test_findings_are_filtered_and_the_number_shown_is_told(opened: Open, field: str, choice: str, said: str) -> None:
    page = opened(FAULTY)
    control = page.locator(f"#{field}")
    (control.select_option if field in {"table", "waived"} else control.fill)(choice)
    expect(page.get_by_role("status")).to_have_text(said)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("status")).to_have_text("Showing 41 of 41 findings and 5 of 5 rules.")


def test_a_rule_in_part_shows_only_the_places_that_match(opened: Open) -> None:
    page = opened(FAULTY)
    page.locator("#table").select_option("person")
    article = page.locator("article", has_text="RDAC101")
    expect(article.locator("summary").first).to_have_text("Where: 1 of 2 places")
    expect(article.get_by_text("sex of episode is at fault")).to_be_hidden()


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        ("order", ["RDAC101", "RDAC113", "RDAC205", "RDAC120", "RDAC501"]),
        ("count", ["RDAC101", "RDAC501", "RDAC113", "RDAC205", "RDAC120"]),
        ("code", ["RDAC101", "RDAC113", "RDAC120", "RDAC205", "RDAC501"]),
        ("table", ["RDAC113", "RDAC101", "RDAC501", "RDAC205", "RDAC120"]),
    ],
)
def test_rules_are_sorted(opened: Open, order: str, codes: list[str]) -> None:
    page = opened(FAULTY)
    page.locator("#sort").select_option(order)
    assert page.locator("article").evaluate_all("all => all.map(one => one.dataset.code)") == codes


def test_the_page_is_whole_without_a_script(opened: Open) -> None:
    page = opened(FAULTY, script=False)
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("41 findings from 5 rules.")
    expect(page.locator("article")).to_have_count(5)
    expect(page.get_by_text("how to mend RDAC120.")).to_be_visible()
    expect(page.get_by_text("4 findings in 90,000 checked: person.csv lines 2 to 4, 9")).to_be_visible()
    expect(page.get_by_text("Waived until 2027-03-31 by A. Analyst: the case system")).to_be_visible()
    page.get_by_text("and 16 more").click()
    expect(page.get_by_text("32, 35, 38")).to_be_visible()
    page.get_by_text("1 check", exact=True).first.click()
    expect(page.get_by_text("RDAC320 on person")).to_be_visible()


def test_paper_shows_the_places_and_not_the_controls(opened: Open) -> None:
    page = opened(FAULTY)
    expect(page.get_by_text("episode · c4", exact=True)).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.get_by_text("episode · c4", exact=True)).to_be_visible()
    expect(page.get_by_text("RDAC330 on episode")).to_be_visible()


def test_nothing_moves() -> None:
    assert not re.search(r"transition|animation|scroll-behavior|marquee", html.render(FAULTY))


def test_fifty_thousand_findings_in_two_thousand_groups_are_filtered_and_sorted(opened: Open) -> None:
    page = opened(MANY)
    assert page.evaluate("document.getElementsByTagName('*').length") < 12 * len(MANY.groups)
    page.locator("#code").fill("RDAC12")
    expect(page.get_by_role("status")).to_have_text("Showing 10,000 of 50,000 findings and 10 of 50 rules.")
    page.locator("#table").select_option("t3")
    page.locator("#sort").select_option("count")
    expect(page.locator("article:visible")).to_have_count(2)
    page.get_by_role("button", name="Open all places").click()
    expect(page.locator(".place:visible").first).to_contain_text("lines 2, 5, 8")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("status")).to_have_text("Showing 50,000 of 50,000 findings and 50 of 50 rules.")


def test_fifty_thousand_scattered_rows_of_one_group_are_a_hundred_paragraphs_shown_when_asked_for(opened: Open) -> None:
    page = opened(report_of([group("RDAC101", "person", range(2, 100_002, 2))]))
    assert page.evaluate("document.getElementsByTagName('*').length") < 250
    expect(page.locator(".rows p").first).to_be_hidden()
    page.get_by_text("and 49,990 more").click()
    expect(page.locator(".rows p").first).to_be_visible()
    expect(page.locator(".rows p").last).to_contain_text("100000")
