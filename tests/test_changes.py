"""What changed between two periods: from print alone, clear only where the interval says so, recording set apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from rdac_validator import cli, formats, synth
from rdac_validator.disclosure import Figure, Parts, Policy, Table, protect
from rdac_validator.metrics import Headline
from rdac_validator.metrics.axes import UNKNOWN
from rdac_validator.quality.changes import MOST
from rdac_validator.quality.differences import Difference
from rdac_validator.quality.intervals import newcombe
from rdac_validator.quality.labels import Labels
from rdac_validator.quality.layout import Layout
from rdac_validator.quality.measuring import Asked, Period
from rdac_validator.quality.wording import Finding, each
from rdac_validator.standard import load

STANDARD = load()
KEPT = ("dataset", "person", "episode", "assessment")
BEFORE, NOW = "2024-04-01 to 2025-03-31", "2025-04-01 to 2026-03-31"
YEARS = {BEFORE: ("2024-04-01", "2025-03-31"), NOW: ("2025-04-01", "2026-03-31")}
Frames = dict[str, pl.DataFrame]
Mend = Callable[[Frames], Frames]


def every(share: int, table: str, column: str, cell: str) -> Mend:
    """Every one of so many rows has this cell instead."""

    def mend(frames: Frames) -> Frames:
        one = pl.when(pl.int_range(pl.len()) % share == 0).then(pl.lit(cell)).otherwise(pl.col(column)).alias(column)
        return frames | {table: frames[table].with_columns(one)}

    return mend


def compared(place: Path, new: Mend = dict, old: Mend = dict, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """The same return in two years, each changed as is said: the derived tables of the report, by name."""
    made = {name: frame for name, frame in synth.make(150, 3, STANDARD).items() if name in (*KEPT, *more)}
    made = every(3, "assessment", "source_codes", "3B|16A")(every(1, "assessment", "source_codes", "16A|20")(made))
    for year, mend in ((BEFORE, old), (NOW, new)):
        frames = mend(dict(made))
        start, end = YEARS[year]
        dates = frames["dataset"].with_columns(period_start=pl.lit(start), period_end=pl.lit(end))
        formats.write(frames | {"dataset": dates}, place / year[:4], "csv", STANDARD)
    out = place / "report"
    sources = [str(place / year[:4]) for year in (NOW, BEFORE)]
    done = CliRunner().invoke(cli.main, ["report", *sources, "--out", str(out)])
    assert done.exit_code == 0, done.output
    derived = json.loads((out / "report.json").read_text("utf-8"))["derived"]
    return {one["name"]: one for one in derived if one["section"] == "changes"}


def rows(tables: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    table = tables.get(name, {"columns": [], "rows": []})
    return {row[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}


def reasons(tables: Mapping[str, Any]) -> dict[str, str]:
    """Why a line may be of recording, whether it changed clearly or not."""
    clear, none = rows(tables, "changes-recording"), rows(tables, "changes-none")
    return {name: row["Why"] for name, row in clear.items()} | {
        name: row["Recording moved"] for name, row in none.items()
    }


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return compared(tmp_path_factory.mktemp("alike"))


FLAGGED = "Assessments flag domestic abuse"
UNSAID = ("person", "sex", "not_recorded")
SEX = "Assessments do not say the child's sex"


@pytest.mark.parametrize(
    ("new", "old", "ends"),
    [
        ((56, 70), (48, 80), (5.24, 33.39)),
        ((9, 10), (3, 10), (17.05, 80.90)),
        ((10, 10), (0, 20), (67.91, 100.0)),
        ((10, 10), (0, 10), (60.75, 100.0)),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    new: tuple[int, int], old: tuple[int, int], ends: tuple[float, float]
) -> None:
    # table II of the article, method 10
    assert newcombe(new, old) == pytest.approx(ends, abs=0.006)


def test_the_same_data_twice_show_no_change(alike: dict[str, Any]) -> None:
    assert set(alike) == {"changes-none"}
    none = rows(alike, "changes-none")
    assert FLAGGED in none and {row["In words"] for row in none.values()} <= {
        "no clear change",
        "too few to say, or hidden to protect others",
        "nobody to compare",
    }


def test_what_is_hidden_in_one_period_has_no_difference_and_no_word() -> None:
    hidden, nobody = Figure(None, "c"), (Figure(0), Figure(0))
    found = Difference.of((hidden, Figure(100)), (Figure(10), Figure(100)))
    assert (found.value.mark, found.lower.mark, found.clear) == ("c", "c", False)
    assert found.words == "too few to say, or hidden to protect others"
    assert Difference.of(nobody, nobody).words == "nobody to compare"
    assert Difference.of((Figure(50), Figure(100)), (Figure(10), Figure(100))).words == "higher"
    assert Difference.of((Figure(12), Figure(100)), (Figure(10), Figure(100))).words == "no clear change"


def test_a_change_in_how_often_something_is_known_is_one_of_recording(tmp_path: Path) -> None:
    tables = compared(tmp_path, every(2, *UNSAID), every(8, *UNSAID))
    assert SEX not in rows(tables, "changes-level")
    row = rows(tables, "changes-recording")[SEX]
    assert row["In words"] == "higher" and "whether there is an answer" in row["Why"]
    assert rows(tables, "what-changed")[SEX]["May be"] == "recording"


def test_another_recording_policy_puts_every_change_under_recording(tmp_path: Path) -> None:
    tables = compared(tmp_path, every(1, "dataset", "recording_policy", "main_factor_only"))
    assert "changes-level" not in tables
    assert reasons(tables) and all("the recording policy is not the same" in why for why in reasons(tables).values())


def test_another_definition_puts_every_change_under_recording(tmp_path: Path) -> None:
    tables = compared(tmp_path, old=every(1, "dataset", "definition_frame", "other"))
    assert "changes-level" not in tables
    assert reasons(tables) and all("the definition of abuse is not the same" in why for why in reasons(tables).values())


def test_a_field_that_began_or_ceased_to_be_collected_is_named(tmp_path: Path) -> None:
    def without(frames: Frames) -> Frames:
        return {name: frame for name, frame in frames.items() if name != "harm_direction"}

    field, more = "person causing harm (records of who harms whom)", ("harm_direction",)
    began = reasons(compared(tmp_path / "began", old=without, more=more))
    ceased = reasons(compared(tmp_path / "ceased", new=without, more=more))
    assert f"{field} was not collected before" in began[FLAGGED]
    assert f"{field} is no longer collected" in ceased[FLAGGED]


def test_a_change_of_level_stays_there_and_the_clearest_comes_first(tmp_path: Path) -> None:
    tables = compared(tmp_path, every(2, "assessment", "source_codes", "3B|16A"))
    told, row = rows(tables, "what-changed"), rows(tables, "changes-level")[FLAGGED]
    one, other = row["Now, %"], row["Before, %"]
    assert row["Difference"] == pytest.approx(one - other, abs=0.05) and row["In words"] == "higher"
    assert row["From"] <= row["Difference"] <= row["To"]
    assert told[FLAGGED]["May be"] == "level" and len(told) <= MOST
    said = f"{FLAGGED}: {one:.1f}% of {row['Now, of']}, higher than {other:.1f}% of {row['Before, of']} before."
    assert said in tables["what-changed"]["read"]
    strength = [abs(row["Difference"]) / (row["To"] - row["From"]) for row in told.values()]
    assert strength == sorted(strength, reverse=True)


def test_a_field_that_a_metric_needs_and_its_number_does_not_leaves_the_change_in_level(tmp_path: Path) -> None:
    # M24 needs the child's sex; how many are of an ethnic group does not rest on it, and no number of M35 does
    tables = compared(tmp_path, every(2, *UNSAID), every(8, *UNSAID))
    why = reasons(tables)
    assert "sex (people) is answered less often" in why[SEX] and why["Assessments can be linked to a child"] == ""
    assert "sex" not in why["Assessments do not say the child's ethnic group"]


def test_codes_that_are_answered_less_often_put_all_that_is_flagged_by_them_under_recording(tmp_path: Path) -> None:
    why = reasons(compared(tmp_path, every(2, "assessment", "source_codes", "not_recorded")))
    assert "factors or concerns recorded (assessments) is answered less often" in why[FLAGGED]
    assert why["Assessments can be linked to a child"] == ""


def test_it_says_first_how_many_numbers_stand_under_level_and_recording_and_why(tmp_path: Path) -> None:
    tables = compared(tmp_path, every(2, *UNSAID), every(8, *UNSAID))
    recording, none = rows(tables, "changes-recording"), rows(tables, "changes-none")
    assert "changes-level" not in tables and len(recording) > 1
    said = tables["what-changed"]["read"].partition("\n")[0]
    assert said == (
        f"{len(recording) + len(none)} numbers of {NOW} can be held against the period before: 0 changed clearly in "
        f"level, {len(recording)} changed clearly and may be of recording ({len(recording)}: the question is whether "
        f"there is an answer; 1: sex (people) is answered less often), and {len(none)} did not change clearly or "
        "cannot be told."
    )


def test_one_period_alone_has_no_changes(tmp_path: Path) -> None:
    frames = {name: frame for name, frame in synth.make(150, 3, STANDARD).items() if name in KEPT}
    formats.write(frames, tmp_path / "one", "csv", STANDARD)
    done = CliRunner().invoke(cli.main, ["report", str(tmp_path / "one"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    document = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert "changes" not in {one["section"] for one in document["derived"]}


def headlined(table: Table, part: tuple[str, ...], policy: Policy) -> Finding:
    """The finding of a table of episodes as it is printed."""
    period = Period(NOW, "999", "england", *YEARS[NOW], "not stated", "not stated", "not stated")
    asked = Asked("M33", period, "M33", "Course", "episode", "all", Headline(part, "went down"), "bars")
    (found,) = each([Layout(asked, protect([table], policy).tables[0], Labels(STANDARD))], NOW)
    return found


def test_a_hidden_number_of_those_not_known_is_said_to_be_hidden_and_is_no_nought() -> None:
    axis = Parts("course", ("lower", "higher", "known once alone", UNKNOWN))
    counts: dict[tuple[str | None, ...], int]
    counts = {("lower",): 40, ("higher",): 7, ("known once alone",): 3, (UNKNOWN,): 30}
    found = headlined(Table("M33", "episode", (axis,), counts), ("lower",), Policy())
    assert [str(found.layout.table[at,]) for at in axis.categories] == ["40", "c", "c", "30"]
    assert (str(found.share), found.unsure.mark) == ("50.0", "c")
    said = "40 of 80 episodes went down. For how many more the answer is not known is hidden, to protect others."
    assert found.sentence == said


@pytest.mark.parametrize(
    ("down", "up", "unknown", "said"),
    [
        (30, 0, 70, "At least 30 of 100 episodes went down; of the other 70 the answer is not known."),
        (60, 0, 40, "60 of 100 episodes went down. For a further 40 the answer is not known."),
        (30, 10, 60, "30 of 100 episodes went down. For a further 60 the answer is not known."),
    ],
)
def test_where_nobody_is_known_to_be_otherwise_and_most_are_not_known_there_is_no_share(
    down: int, up: int, unknown: int, said: str
) -> None:
    axis = Parts("course", ("lower", "higher", UNKNOWN))
    counts: dict[tuple[str | None, ...], int] = {("lower",): down, ("higher",): up, (UNKNOWN,): unknown}
    found = headlined(Table("M33", "episode", (axis,), counts), ("lower",), Policy())
    assert found.sentence == said
    assert found.shown == (not said.startswith("At least"))


def test_those_not_known_are_no_more_than_all_though_their_counts_are_rounded_up() -> None:
    axis = Parts("course", ("lower", "known once alone", UNKNOWN))
    table = Table("M33", "episode", (axis,), {("known once alone",): 13, (UNKNOWN,): 13})
    found = headlined(table, ("lower",), Policy(rounding=5))
    assert [str(found.layout.table[at,]) for at in axis.categories] == ["0", "15", "15"]
    assert str(found.unsure) == str(found.whole) == "25"
    assert found.sentence.endswith("there is no answer for any of the 25.")
    again = (found.unsure, found.whole)
    assert Difference.of(again, again).words == "no clear change"
