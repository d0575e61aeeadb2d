"""The metrics of the report itself: which questions are answered, what is hidden, which fields are used."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from rdac_validator import cli, formats, synth
from rdac_validator.crosswalks.answers import CORE, asked
from rdac_validator.disclosure import ALL, Figure, Parts, Policy, Protected, Several, Table, protect
from rdac_validator.findings import RuleError
from rdac_validator.metrics import METRICS
from rdac_validator.quality.derived import Derived
from rdac_validator.quality.itself import ITSELF, OfTheReport, SmallCountToldError
from rdac_validator.quality.itself.protection import look_again
from rdac_validator.quality.measuring import Quality, measure
from rdac_validator.standard import TIERS, load
from rdac_validator.tables import ROW, Return, Text
from tests.returns import Rows, return_of

ROOT = Path(__file__).parent.parent
STANDARD = load()
KEPT = ("dataset", "person", "episode", "assessment", "status_event")
FIRST, SECOND = ({"period_start": f"{year}-04-01", "period_end": f"{year + 1}-03-31"} for year in (2023, 2024))
SEX = Parts("sex", ("female", "male", "not known"))


def whole(children: int) -> Return:
    made = synth.make(children, 3, STANDARD)
    return Return(
        {
            name: Text(name, "", "csv", frame.with_row_index(ROW, 2).lazy(), len(frame), tuple(frame.columns))
            for name, frame in made.items()
        }
    )


def tables(quality: Quality) -> dict[str, Derived]:
    return {one.name: one for metric in ITSELF for one in metric().tables(quality, STANDARD)}


def lines(table: Derived) -> dict[str, tuple[str, ...]]:
    """The cells of each line in words, by its heading."""
    return {row[0]: row[1:] for row in table.said()}


def small_return(period: Mapping[str, str], assessments: Rows) -> Return:
    """Ten children, each with an assessment that has what ``assessments`` say in turn, and nothing else."""
    held = [assessments[place % len(assessments)] for place in range(10)]
    people = [{"person_id": f"c{place}", "person_kind": "child", "sex": "female"} for place in range(10)]
    episodes = [
        {"episode_id": f"e{place}", "child_id": f"c{place}", "referral_date": period["period_start"]}
        for place in range(10)
    ]
    rows = [
        {"assessment_id": f"a{place}", "episode_id": f"e{place}", "assessment_date": period["period_start"], **cells}
        for place, cells in enumerate(held)
    ]
    columns = {
        "assessment": ("assessment_id", "episode_id", "assessment_date", "source_codes", "plan_expects_separation"),
        "episode": ("episode_id", "child_id", "referral_date"),
        "person": ("person_id", "person_kind", "sex"),
    }
    dataset = [{"la_code": "999", "nation": "england", **period}]
    made: dict[str, Rows] = {"dataset": dataset, "person": people, "episode": episodes, "assessment": rows}
    return return_of(made, columns)


@pytest.fixture(scope="module")
def full() -> Quality:
    return measure([whole(200)], STANDARD, Policy(6))


# --- a class like any metric ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", ITSELF, ids=lambda metric: metric.code)
def test_a_metric_of_the_report_says_what_it_is_and_rests_on_sources(metric: type[OfTheReport]) -> None:
    info = metric.info()
    assert info.title.endswith(".") and info.why.endswith(".") and info.read.endswith(".")
    assert info.tier in TIERS and info.code not in {one.code for one in METRICS}
    sources = yaml.safe_load((ROOT / "schema/sources.yaml").read_text("utf-8"))
    assert {source.partition(":")[0] for source in info.sources} <= set(sources)


def test_one_that_gives_no_reason_is_refused() -> None:
    with pytest.raises(RuleError, match="it needs a definition"):

        class Unsaid(OfTheReport):
            """It says nothing of why."""

            code = "M99"


def test_every_table_says_which_metric_it_is_of_and_that_it_counts_nobody(full: Quality) -> None:
    made = tables(full)
    assert {one.notes["Metric"] for one in made.values()} == {metric.code for metric in ITSELF}
    assert all("not people" in one.notes["Unit"] or "counts" in one.notes["Unit"] for one in made.values())


def test_numbers_that_rest_on_no_data_are_made_in_one_place() -> None:
    package, places = ROOT / "rdac_validator", set()
    for path in package.rglob("*.py"):
        named = [
            ast.unparse(node)
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Attribute)
        ]
        places |= {path.parent.name} if "Figure.known" in named else set()
    assert places == {"itself"}


# --- M34: which questions are answered --------------------------------------------------------------------------------


def test_in_a_full_return_every_core_question_is_a_field_and_none_goes_unanswered(full: Quality) -> None:
    made, core = tables(full), list(asked(STANDARD, CORE))
    assert len(made["coverage-fields"].rows) == len(core)
    assert all(isinstance(row[-1], Figure) for row in made["coverage-fields"].rows)
    _, _, here = made["coverage"].rows
    given, part, none, hidden = (one for one in here[1:] if isinstance(one, Figure))
    assert (part.mark, none.value) == ("z", 0)
    assert (given.value or 0) + (hidden.value or 0) == len(core)
    assert made["coverage-none"].rows == ()


def test_a_source_gives_what_its_published_crosswalk_says(full: Quality) -> None:
    census, scotland, _ = tables(full)["coverage"].said()
    # decision 25: no answer exactly; three and one of them in part
    assert census[1:] == ("0", "3", "35", "z")
    assert scotland[1:] == ("0", "1", "37", "z")


@pytest.mark.parametrize(
    ("cells", "said", "none"),
    [
        ([{"plan_expects_separation": "yes"}], "10", False),
        ([{"plan_expects_separation": "not_recorded"}], "0", True),
        # one of ten has an answer: that is hidden, and so is whether there is one
        ([{"plan_expects_separation": "yes"}, *[{"plan_expects_separation": "not_recorded"}] * 9], "c", False),
    ],
)
def test_a_question_is_answered_where_a_printed_number_of_answers_is_not_nought(
    cells: Rows, said: str, none: bool
) -> None:
    field = "assessment.plan_expects_separation"
    made = tables(measure([small_return(FIRST, cells)], STANDARD, Policy()))
    assert lines(made["coverage-fields"])[field][-1] == said
    assert (field in lines(made["coverage-none"])) == none
    assert lines(made["coverage-fields"])["adult_in_case.interpreter"][-1] == "no such field in it"
    assert "adult_in_case.interpreter" in lines(made["coverage-none"])


def test_where_noughts_are_hidden_an_empty_field_is_not_told_from_a_rare_answer() -> None:
    policy, field = Policy(5, "zeros_suppressed"), "assessment.plan_expects_separation"
    rare = [{field.partition(".")[2]: said} for said in ("yes", *["not_recorded"] * 9)]
    none = [{field.partition(".")[2]: "not_recorded"}]
    made = [tables(measure([small_return(FIRST, cells)], STANDARD, policy)) for cells in (rare, none)]
    assert [lines(one["coverage-fields"])[field][-1] for one in made] == ["c", "c"]
    assert made[0]["coverage"] == made[1]["coverage"]
    assert made[0]["coverage-none"] == made[1]["coverage-none"]


def test_several_periods_stand_beside_each_other() -> None:
    told, untold = ([{"plan_expects_separation": said}] for said in ("yes", "not_recorded"))
    made = tables(measure([small_return(FIRST, untold), small_return(SECOND, told)], STANDARD, Policy()))
    assert lines(made["coverage-fields"])["assessment.plan_expects_separation"][-2:] == ("0", "10")
    assert "assessment.plan_expects_separation" not in lines(made["coverage-none"])


# --- M36: what is hidden, and a second look ---------------------------------------------------------------------------


def test_printed_and_hidden_sum_to_the_counts_of_each_metric(full: Quality) -> None:
    made = tables(full)["disclosure-counts"]
    for _, counts, shown, hidden, share in made.rows:
        numbers = [one.value or 0 for one in (counts, shown, hidden, share) if isinstance(one, Figure)]
        assert numbers[0] == numbers[1] + numbers[2]
        assert abs(100 * numbers[2] / numbers[0] - numbers[3]) <= 0.05
    cells = full.protected
    assert lines(made)["all metrics"][1:3] == (f"{len(cells.shown):,}", f"{len(cells.hidden):,}")


def test_the_policy_is_said_and_how_many_of_the_hidden_are_small_is_not(full: Quality) -> None:
    said = lines(tables(full)["disclosure"])
    assert said["Hidden are counts below"] == ("6",)
    assert said["Those of them that give a small count"] == ("0",)
    assert said["How many of the hidden counts are small"][0].startswith("not told")
    assert int(said["Sums and differences worked out again"][0].replace(",", "")) > len(full.protected.shown)


def counts(
    name: str, by: tuple[Parts | Several, ...], held: Mapping[tuple[str | None, ...], int], **given: str
) -> Table:
    return Table(name, "assessment", by, held, given)


WIDE = counts("all", (SEX,), {("female",): 60, ("male",): 37, ("not known",): 0})
FLAGGED = counts("flagged", (SEX,), {("female",): 58, ("male",): 20, ("not known",): 0}, dva="yes")
FACTORS = counts("factors", (Several("factor", ("3A",)),), {(ALL,): 97, ("3A",): 95})


def unprotected(*held: Table, hide: tuple[tuple[int, str], ...] = (), policy: Policy | None = None) -> Protected:
    """What a publication would be in which nothing is hidden but what is named."""
    open_ = protect(list(held), Policy(2))
    hidden = {held[place].cell(category) for place, category in hide}
    made = tuple(
        replace(
            table,
            figures={at: Figure(None, "c") if table.cell(*at) in hidden else figure for at, figure in table.rows()},
        )
        for table in open_.tables
    )
    shown = {cell: count for cell, count in open_.shown.items() if cell not in hidden}
    return Protected(policy or Policy(), made, shown, open_.hidden | hidden)


def test_a_narrower_base_that_leaves_two_children_of_the_wider_one_is_found() -> None:
    assert look_again(unprotected(WIDE, FLAGGED)).small == 1  # 60 girls less 58 with abuse flagged
    assert look_again(unprotected(FACTORS)).small == 1  # 97 less the 95 with the factor
    assert look_again(unprotected(WIDE)).small == 0


def test_what_a_printed_total_leaves_for_its_hidden_parts_is_found() -> None:
    few = counts("few", (SEX,), {("female",): 60, ("male",): 3, ("not known",): 2})
    caught = look_again(unprotected(few, hide=((0, "male"),)))
    assert caught.small > 0
    safe = look_again(protect([few], Policy()))
    assert safe.small == 0


def test_what_two_counts_tell_that_are_both_published_elsewhere_is_no_fault_of_the_report() -> None:
    known = {FACTORS.cell(ALL): 97, FACTORS.cell("3A"): 95}
    both = protect([FACTORS], Policy(), known=known)
    assert not both.hidden
    assert look_again(both).small == 0
    assert look_again(replace(both, public=frozenset({FACTORS.cell(ALL)}))).small == 1


def test_a_rest_of_nought_is_not_judged_and_rounding_leaves_room() -> None:
    same = counts("factors", (Several("factor", ("3A",)),), {(ALL,): 97, ("3A",): 97})
    strict, rounded = Policy(5, "zeros_suppressed"), Policy(5, "zeros_shown", 5)
    # an episode with a code of abuse and no abuse flagged cannot be: that there is none tells nothing
    assert look_again(unprotected(same, policy=strict)).small == 0
    assert look_again(unprotected(FACTORS, policy=strict)).small == 1
    assert look_again(unprotected(FACTORS, policy=rounded)).small == 0


@pytest.mark.parametrize("zeros", ["zeros_shown", "zeros_suppressed"])
@pytest.mark.parametrize("rounding", [1, 10])
@pytest.mark.parametrize("children", [3, 40])
def test_no_printed_report_gives_a_small_count_away(zeros: str, rounding: int, children: int) -> None:
    given = Return({name: text for name, text in whole(children).texts.items() if name in KEPT})
    again = look_again(measure([given], STANDARD, Policy(6, zeros, rounding)).protected)
    assert again.small == 0
    # of three children so little is printed that there may be nothing to work out
    assert again.worked_out > 0 or children == 3


def test_a_report_that_gives_a_small_count_away_is_not_written_and_the_fault_is_ours(
    full: Quality, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = [asked for asked in full.asked if asked.metric == "M40"]
    leaking = replace(full, protected=unprotected(WIDE, FLAGGED), asked=(*other, *other))
    with pytest.raises(SmallCountToldError):
        tables(leaking)
    # as if protection had let one through: the report stops before it writes
    monkeypatch.setattr("rdac_validator.quality.running.measure", lambda *_: leaking)
    formats.write({n: f for n, f in synth.make(20, 1, STANDARD).items() if n in KEPT}, tmp_path / "in", "csv", STANDARD)
    done = CliRunner().invoke(cli.main, ["report", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, SmallCountToldError)
    assert not (tmp_path / "out").exists()


# --- M39: which fields are used ---------------------------------------------------------------------------------------


def test_a_field_is_used_by_metrics_that_declare_it_and_were_worked_out(full: Quality) -> None:
    said = lines(tables(full)["field-use-fields"])
    assert "M33" in said["assessment.need_level"][3].split(", ")
    assert "M01" not in ", ".join(row[3] for row in said.values())
    assert said["harm_direction.pattern"][1] == str(len(said["harm_direction.pattern"][3].split(", ")))
    assert "RDAC316" in said["harm_direction.pattern"][4].split(", ")


def test_a_dark_metric_and_an_empty_field_are_no_use() -> None:
    empty = measure(
        [small_return(FIRST, [{"plan_expects_separation": "not_recorded", "source_codes": "3B"}])], STANDARD, Policy()
    )
    made = tables(empty)
    use, unused = lines(made["field-use-fields"]), lines(made["field-use-none"])
    # M15 needs changes of status too, and stays dark; nobody answered the field
    assert use["assessment.plan_expects_separation"][1] == "0"
    assert "assessment.plan_expects_separation" in unused
    assert "assessment.source_codes" not in unused
    assert "M04" in use["assessment.source_codes"][3]
    assert "assessment.need_level" in unused


def test_the_numbers_by_table_sum_and_are_those_of_the_list(full: Quality) -> None:
    made = tables(full)
    everything, *rest = made["field-use"].rows
    for place in range(1, 6):
        assert _number(everything[place]) == sum(_number(row[place]) for row in rest)
    assert _number(everything[1]) == len(made["field-use-fields"].rows)
    assert _number(everything[4]) == len(made["field-use-none"].rows)
    assert _number(everything[2]) + _number(everything[4]) == _number(everything[1])


def _number(entry: str | Figure) -> float:
    assert isinstance(entry, Figure) and entry.value is not None
    return entry.value


def test_only_what_is_used_in_neither_of_two_periods_is_a_candidate_for_review() -> None:
    told, untold = ([{"source_codes": said}] for said in ("3B", "not_recorded"))
    once = tables(measure([small_return(FIRST, untold)], STANDARD, Policy()))
    twice = tables(measure([small_return(FIRST, told), small_return(SECOND, untold)], STANDARD, Policy()))
    assert "assessment.source_codes" in lines(once["field-use-none"])
    assert "assessment.source_codes" not in lines(twice["field-use-none"])
    assert "candidate for review" in twice["field-use-none"].read
    assert twice["field-use-none"].title.startswith("Fields to review")
    assert not once["field-use-none"].title.startswith("Fields to review")


def test_keys_and_what_a_return_says_of_itself_are_asked_of_nobody(full: Quality) -> None:
    said = set(lines(tables(full)["field-use-fields"]))
    assert not {"person.person_id", "dataset.la_code", "provenance.source_code", "assessment.episode_id"} & said
    assert {"person.sex", "episode.referral_date"} & said == {"person.sex", "episode.referral_date"}
