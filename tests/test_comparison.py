"""The authority beside its region and England: figures from print alone, the file's marks kept, its layout checked."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from click.testing import CliRunner

from rdac_validator import cli, formats, synth
from rdac_validator.findings import InputError
from rdac_validator.metrics import Cases
from rdac_validator.metrics.demographics import EPISODE_FACTORS
from rdac_validator.quality.comparison import SECTION, public
from rdac_validator.quality.measuring import period_of
from rdac_validator.quality.published import BenchmarkError, Published, publication
from rdac_validator.standard import load

STANDARD = load()
LAYOUT = publication()
REAL = Path(__file__).parent.parent.parent / "shared/facts/c3_factors_identified_at_end_of_assessment_2018_to_2025.csv"
needs_real = pytest.mark.skipif(not REAL.is_file(), reason="DfE's published factors are not beside the project")
KEPT = ("dataset", "person", "episode", "assessment")
HERE, THERE = "E06000999", "E06000998"
TURNS = ("3B|4B", "16A", "21", "3A|16A", "20", "16A|3B")
NAMES = {"time_identifier": "Reporting year", "country_name": "England", "category": "Synthetic figures, of nobody"}
Line = dict[str, str]


def line(level: str, base: str, year: str = "2026", **counts: str) -> Line:
    """A made-up line of a file: every factor 10 but for those named; the two authorities are of the North East."""
    area = {"region_code": "" if level == "National" else "E12000001", "new_la_code": "", "old_la_code": ""}
    factors = {factor.column: counts.get(factor.column, "10") for factor in LAYOUT.factors}
    keys = {"time_period": year, "geographic_level": level, LAYOUT.base: base, **area}
    named = {name: counts[name] for name in area if name in counts}
    return NAMES | keys | named | factors | dict.fromkeys(LAYOUT.without_code, "10")


LINES = [
    line(
        "National", "500000", Domestic_Abuse_parent="150000", Domestic_Abuse_child="250000", Trafficking="c", Gangs="u"
    ),
    line("Regional", "20000", Domestic_Abuse_parent="8000", Child_criminal_exploitation="x"),
    line("Local authority", "150", new_la_code=HERE, old_la_code="999", Domestic_Abuse_parent="50", Neglect="c"),
    line("Local authority", "150", new_la_code=THERE, old_la_code="998"),
]


def written(path: Path, lines: list[Line]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    return path


def given(path: Path, children: int = 150, **dataset: str) -> Path:
    """A return in which factors take turns, so that all but one are of many."""
    made = {name: frame for name, frame in synth.make(children, 3, STANDARD).items() if name in KEPT}
    codes = ["10A", *(TURNS[place % len(TURNS)] for place in range(made["assessment"].height - 1))]
    made["assessment"] = made["assessment"].with_columns(source_codes=pl.Series(codes))
    made["dataset"] = made["dataset"].with_columns(pl.lit(cell).alias(name) for name, cell in dataset.items())
    formats.write(made, path, "csv", STANDARD)
    return path


def report(source: Path, benchmark: Path, *options: str) -> tuple[int, str, Path]:
    out = source.parent / f"{source.name}-{benchmark.stem}-report"
    arguments = ["report", str(source), "--out", str(out), "--benchmark", str(benchmark), *options]
    done = CliRunner().invoke(cli.main, arguments)
    return done.exit_code, " ".join(done.output.split()), out / "report.json"


def tables(source: Path, benchmark: Path, *options: str) -> dict[str, Any]:
    code, said, document = report(source, benchmark, *options)
    assert code == 0, said
    found = json.loads(document.read_text("utf-8"))
    derived = {one["name"]: one for one in found["derived"] if one["section"] == SECTION}
    rows = {
        name: {row[0]: dict(zip(one["columns"], row, strict=True)) for row in one["rows"]}
        for name, one in derived.items()
    }
    return {"document": found, "derived": derived, "rows": rows}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("comparison")


@pytest.fixture(scope="module")
def benchmark(place: Path) -> Path:
    return written(place / "benchmark.csv", LINES)


@pytest.fixture(scope="module")
def source(place: Path) -> Path:
    return given(place / "return", la_code=HERE)


@pytest.fixture(scope="module")
def told(source: Path, benchmark: Path) -> dict[str, Any]:
    return tables(source, benchmark)


def counts(told: dict[str, Any]) -> dict[str | None, Any]:
    (table,) = [one for one in told["document"]["tables"] if one["name"] == EPISODE_FACTORS]
    return {figure["at"][0]: figure["count"] for figure in table["figures"] if figure["at"][1] is None}


# --- what the file says ----------------------------------------------------------------------------------------------


def test_every_factor_of_the_census_has_its_one_column_or_a_reason_why_not() -> None:
    (declared,) = yaml.safe_load((Path(__file__).parent.parent / "schema/benchmark.yaml").read_text("utf-8"))[
        "layouts"
    ].values()
    merged = [code for column in declared["without_code"].values() for code in column["codes"]]
    codes = [factor.code for factor in LAYOUT.factors]
    assert sorted([*codes, *merged, *declared["no_column"]]) == sorted(STANDARD.lists["CinFactor"].codes)


@needs_real
def test_every_column_of_the_published_file_is_known_and_every_factor_is_in_it() -> None:
    file = Published(REAL, LAYOUT)
    assert file.unknown == 0 and file.years == list(range(2018, 2026))
    last, first = file.nation(2025), file.nation(2018)
    assert last and first and isinstance(last.base, int)
    assert all(isinstance(count, int) for count in last.counts.values())
    assert first.counts["Child_criminal_exploitation"] == first.counts["Physical_Abuse_adult_on_child"] == "x"


@needs_real
def test_both_codes_of_an_authority_lead_to_its_line() -> None:
    file = Published(REAL, LAYOUT)
    assert file.authority(2025, "840") == file.authority(2025, "E06000047") is not None
    assert file.authority(2025, "999") is None


# --- beside each other -----------------------------------------------------------------------------------------------


def test_an_episode_counts_once_for_a_factor_of_any_of_its_assessments(told: dict[str, Any], source: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((source / "assessment.csv").read_text("utf-8"))))
    codes = set(STANDARD.lists["CinFactor"].codes) - {"21"}
    held = {(row["episode_id"], code) for row in rows for code in row["source_codes"].split("|") if code in codes}
    assert counts(told)[None] == len({episode for episode, _ in held})
    assert counts(told)["3B"] == len([episode for episode, code in held if code == "3B"])


def test_shares_and_differences_follow_from_what_is_printed(told: dict[str, Any]) -> None:
    base, row = counts(told)[None], told["rows"]["beside-region"]["3B: domestic abuse of a parent or carer"]
    assert row["Per cent"] == round(100 * row["Episodes"] / base, 1) and row["In the North East"] == 40
    for own, beside in (("Per cent", "Difference"), ("95% from", "From"), ("95% to", "To")):
        assert row[beside] == pytest.approx(row[own] - 40, abs=0.05)
    assert row["From"] < row["Difference"] < row["To"]


def test_a_difference_is_clear_where_its_interval_leaves_out_nought(told: dict[str, Any]) -> None:
    seen = set()
    for name in ("beside-region", "beside-nation"):
        for row in told["rows"][name].values():
            ends = (row["From"], row["To"])
            if all(isinstance(end, int | float) for end in ends):
                word = "higher" if ends[0] > 0 else "lower" if ends[1] < 0 else "no clear difference"
                assert row["In words"] == word
                seen.add(word)
    assert {"higher", "lower"} <= seen


def test_what_is_hidden_here_is_hidden_beside_and_no_word_is_said(told: dict[str, Any]) -> None:
    rows = [row for row in told["rows"]["beside-nation"].values() if row["Episodes"] == "c"]
    hidden = [row for row in rows if not row["In words"].startswith("not compared: ")]
    assert hidden and {row[name] for row in rows for name in ("Per cent", "95% from", "95% to")} == {"c"}
    assert {row[name] for row in hidden for name in ("Difference", "From", "To")} == {"c"}
    assert {row["In words"] for row in hidden} == {"too few to say, or hidden to protect others"}


@pytest.mark.parametrize(
    ("table", "factor", "mark", "said"),
    [
        ("beside-nation", "12A: trafficking", "c", "hidden by DfE"),
        ("beside-nation", "13A: gangs", "u", "of low reliability, and not published"),
        ("beside-region", "24A: child criminal exploitation", "x", "not available"),
    ],
)
def test_a_mark_of_the_file_stays_and_is_said_in_words(
    told: dict[str, Any], table: str, factor: str, mark: str, said: str
) -> None:
    row = told["rows"][table][factor]
    assert row["Difference"] == mark and row["In words"] == f"not compared: {said}"


def test_domestic_abuse_is_told_in_sentences_with_number_and_interval(told: dict[str, Any]) -> None:
    row = told["rows"]["beside-nation"]["3B: domestic abuse of a parent or carer"]
    share, lower, upper = (float(row[name]) for name in ("Per cent", "95% from", "95% to"))
    said = f"Domestic abuse of a parent or carer: {share}% of episodes here (95% interval {lower}% to {upper}%); "
    beside = told["rows"]["beside-region"][row["Factor"]]
    said += f"40.0% in the North East: {beside['In words']}; 30.0% in England: {row['In words']}."
    assert said in told["derived"]["abuse-beside"]["read"]
    first = told["rows"]["abuse-beside"][row["Factor"]]
    assert first == {name: row[name] for name in list(row)[:5]} | {"In the North East": 40, "In England": 30}


# --- what was published of the authority itself ----------------------------------------------------------------------


def test_the_own_line_is_held_against_what_was_counted(told: dict[str, Any]) -> None:
    own = counts(told)
    rows = told["rows"]["published-of-you"]
    first = rows["Episodes with a factor"]
    assert first["Counted here"] == own[None] and first["Difference"] == own[None] - 150
    assert first["In words"] == ("more here" if own[None] > 150 else "fewer here" if own[None] < 150 else "the same")


def test_a_published_number_is_not_printed_beside_a_hidden_one(told: dict[str, Any]) -> None:
    rows = [row for row in told["rows"]["published-of-you"].values() if row["Counted here"] == "c"]
    assert rows and {(row["Published"], row["Difference"]) for row in rows} == {("c", "c")}


def test_a_count_that_dfe_hides_and_the_report_shows_asks_for_care(told: dict[str, Any]) -> None:
    row = told["rows"]["published-of-you"]["16A: neglect"]
    assert isinstance(row["Counted here"], int) and row["Published"] == "c"
    assert row["In words"] == "hidden by DfE: look before you share this count"


def test_the_published_counts_of_every_year_of_the_file_are_known(place: Path, source: Path) -> None:
    years = [one | {"time_period": year} for year in ("2025", "2026") for one in LINES]
    published = Published(written(place / "known.csv", years), LAYOUT)
    period = period_of(Cases(formats.read(source, STANDARD), STANDARD))
    area = published.authority(2026, HERE)
    assert area
    numbers = (area.base, *(area.counts[one.column] for one in LAYOUT.factors))
    printed = sorted(number for number in numbers if isinstance(number, int))
    of_year = [
        public(replace(period, start=f"{end - 1}-04-01", end=f"{end}-03-31"), published) for end in (2024, 2025, 2026)
    ]
    assert [sorted(cells.values()) for cells in of_year] == [[], printed, printed]
    assert not public(replace(period, end="2026-02-28"), published)


def test_counts_that_dfe_hides_are_hidden_whatever_the_return_declares(tmp_path: Path) -> None:
    lax = given(tmp_path / "lax", la_code=HERE, suppression_threshold="4")
    copy = written(tmp_path / "strict.csv", LINES)
    assert tables(lax, copy)["document"]["policy"]["threshold"] == LAYOUT.threshold == 6
    more = written(tmp_path / "stricter.csv", LINES)
    assert tables(lax, more, "--threshold", "10")["document"]["policy"]["threshold"] == 10


# --- which year, which authority -------------------------------------------------------------------------------------


def test_another_year_is_taken_only_if_it_is_the_nearest_earlier_and_is_named(place: Path, source: Path) -> None:
    years = [one | {"time_period": year} for year in ("2023", "2024", "2027") for one in LINES]
    found = tables(source, written(place / "years.csv", years))
    assert "published-of-you" not in found["derived"]
    for table in found["derived"].values():
        assert "The file holds no year to 31 March 2026: the year to 31 March 2024" in table["read"]
        assert "year to 31 March 2024" in table["title"] and "year to 31 March 2024" in table["notes"]["Period"]
        assert "“Episodes with assessment factor”; “Privately fostered”: " in table["notes"]["Exclusions"]
        marks = table["notes"]["Marks"]
        assert (
            "marks are DfE's (" in marks and "c: hidden by DfE" in marks and "any other c is this report's own" in marks
        )
    code, said, document = report(source, written(place / "late.csv", [one | {"time_period": "2027"} for one in LINES]))
    assert code == 2 and "begins with the year to 31 March 2027" in said and not document.exists()


def test_an_authority_that_the_file_does_not_hold_stands_beside_england_alone(place: Path, benchmark: Path) -> None:
    found = tables(given(place / "elsewhere", 30, la_code="997"), benchmark)
    assert set(found["derived"]) == {"abuse-beside", "beside-nation"}
    assert "The file has no line of this authority" in found["derived"]["beside-nation"]["read"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nation": "scotland", "la_code": "S12000036"}, "the benchmark is of England, and the return is not"),
        ({"period_start": "2025-06-01"}, "years from 1 April to 31 March"),
        ({"period_start": "2024-04-01"}, "years from 1 April to 31 March"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    change: dict[str, str], said: str, place: Path, benchmark: Path
) -> None:
    name = "-".join(change.values())
    code, output, document = report(given(place / name, 10, **change), benchmark)
    assert code == 2 and said in output and "Traceback" not in output and not document.exists()


# --- its layout ------------------------------------------------------------------------------------------------------


def test_a_bad_cell_is_told_by_line_and_column_and_never_shown(tmp_path: Path) -> None:
    lines = [*LINES, line("Local authority", "150", new_la_code="E06000997", Neglect="1,234 secret")]
    with pytest.raises(BenchmarkError, match="line 6, column Neglect: expected a whole number") as told:
        Published(written(tmp_path / "bad.csv", lines), LAYOUT)
    assert "secret" not in str(told.value) and "1,234" not in str(told.value)


def test_a_missing_column_is_named_and_a_strange_one_is_not(tmp_path: Path) -> None:
    lines = [{name: cell for name, cell in one.items() if name != "region_code"} | {"secret": "x"} for one in LINES]
    with pytest.raises(BenchmarkError, match="has no column region_code in its line 1") as told:
        Published(written(tmp_path / "short.csv", lines), LAYOUT)
    assert "secret" not in str(told.value)


def test_a_year_that_is_none_and_a_file_without_the_nation_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="line 2, column time_period: expected the year"):
        Published(written(tmp_path / "year.csv", [one | {"time_period": "2025/26"} for one in LINES]), LAYOUT)
    with pytest.raises(BenchmarkError, match="no line of the nation"):
        Published(written(tmp_path / "nation.csv", LINES[1:]), LAYOUT)


def test_two_lines_of_one_authority_and_year_are_refused(tmp_path: Path) -> None:
    file = Published(written(tmp_path / "twice.csv", [*LINES, LINES[-1]]), LAYOUT)
    with pytest.raises(BenchmarkError, match="more than one line of one authority and year"):
        file.authority(2026, THERE)


def test_columns_that_are_not_known_are_counted_and_a_factor_without_a_column_says_so(tmp_path: Path) -> None:
    lines = [{name: cell for name, cell in one.items() if name != "Gangs"} | {"secret": "1"} for one in LINES]
    file = Published(written(tmp_path / "other.csv", lines), LAYOUT)
    nation = file.nation(2026)
    assert file.unknown == 1 and nation and LAYOUT.said(nation.counts["Gangs"]) == "not in the file"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b'a,b\n"'])
def test_what_is_no_such_file_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    with pytest.raises(InputError, match="the benchmark"):
        Published(tmp_path / "file.csv", LAYOUT)


# --- the real one ----------------------------------------------------------------------------------------------------


@needs_real
def test_a_synthetic_return_of_a_real_authority_stands_beside_the_real_file(place: Path) -> None:
    year = {"period_start": "2024-04-01", "period_end": "2025-03-31"}
    found = tables(given(place / "real", 150, la_code="E06000047", **year), REAL)
    assert set(found["derived"]) == {"abuse-beside", "beside-region", "beside-nation", "published-of-you"}
    assert found["rows"]["beside-nation"]["3B: domestic abuse of a parent or carer"]["In England"] == 31.7
