"""What comes out of models tells nothing that the report hides, and says what it must."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.attack import Attack, Tally, attack, true_counts
from benchmarks.publications import Case
from rdac_validator import formats, study, synth
from rdac_validator.analysis import classes
from rdac_validator.analysis.choice import OUTCOMES, REST, RESTS_ON, Outcome, admitted, levels
from rdac_validator.analysis.classes import Patterns
from rdac_validator.analysis.fitting import PREDICTORS
from rdac_validator.analysis.release import CLASS, profile, settled
from rdac_validator.cli import main
from rdac_validator.disclosure import ALL, Parts, Policy, Several, Table, protect
from rdac_validator.metrics import ON_REQUEST, Cases
from rdac_validator.metrics.axes import PLAN
from rdac_validator.metrics.demographics import Factors
from rdac_validator.quality.measuring import measure
from rdac_validator.quality.models import Models
from rdac_validator.standard import load
from rdac_validator.study.published import CODES
from rdac_validator.synth.faults import as_return

STANDARD = load()
RARE, RARE_CODE = "Sexual abuse", "19B"
NEEDED = {"dataset", "person", "episode", "assessment", "status_event"}


def models(frames: dict[str, pl.DataFrame], policy: Policy | None = None) -> Models:
    given = as_return(frames)
    return Models(measure([given], STANDARD, policy or Policy(), (Factors, *ON_REQUEST)), Cases(given, STANDARD))


@cache
def with_rare(number: int) -> tuple[Models, dict[str, Any]]:
    """The models, and all that they print, of part of a return like C2 in which so many have the rare factor."""
    frames = study.make(study.load(), "C2", STANDARD)
    frames["assessment"] = frames["assessment"].head(400)
    without = ["|".join(code for code in cell.split("|") if code != RARE_CODE) for cell in frames["assessment"][CODES]]
    codes = [f"{cell}|{RARE_CODE}" if at < number else cell for at, cell in enumerate(without)]
    frames["assessment"] = frames["assessment"].with_columns(pl.Series(CODES, codes))
    made = models(frames)
    return made, {one.name: [[str(cell) for cell in row] for row in (one.columns, *one.rows)] for one in made.tables()}


def test_a_hidden_count_moves_nothing_that_models_print() -> None:
    (one, printed), (_, other) = with_rare(3), with_rare(4)
    assert str(one.fitting.printed["M25"][RARE_CODE,]) == "c"
    assert set(printed) == {"models-number", "models-classes", "models-profile", "models-plan", "models-need"}
    assert printed == other
    assert RARE not in json.dumps(printed)


def test_those_without_a_known_pathway_are_never_fewer_than_nought_though_counts_are_rounded() -> None:
    frames = study.make(study.load(), "C2", STANDARD)
    frames["assessment"] = frames["assessment"].head(400)
    said = {one.name: one.notes["Exclusions"] for one in models(frames, Policy(rounding=10)).tables()}
    assert said["models-need"] == "assessments whose pathway is not known: 0"


def test_no_count_behind_a_class_is_finer_than_the_protection_interval() -> None:
    fitting = with_rare(4)[0].fitting
    shown = fitting.published.by_indicator.shown.values()
    assert shown
    assert all(count % fitting.protected.policy.threshold == 0 for count in shown)
    assert fitting.published.by_indicator.hidden


LABELS = ("3A", "3B", "4A")
# where disclosure control hides how many have some indicator, and shows how many of a class have it
TOTAL_HIDDEN = (49, 63, 82, 143)


def small_classes(seed: int) -> Table:
    """Classes of made-up records by indicator, under names that the attack knows: to it a class is a number.

    As in every model, at least 10 records have an indicator, and 10 lack it.
    """
    random = np.random.default_rng(seed)
    while True:
        answers = (random.random((int(random.choice([40, 60, 100, 200])), 3)) < random.uniform(0.1, 0.9, 3)).astype(
            float
        )
        if answers.sum(0).min() >= RESTS_ON and answers.sum(0).max() <= len(answers) - RESTS_ON:
            break
    held, number = np.unique(answers, axis=0, return_counts=True)
    patterns = Patterns(held, number.astype(float))
    made = profile(classes.fit(patterns, 2 + seed % 2), patterns, LABELS)
    counts: dict[tuple[str | None, ...], int] = {
        (str(name).removeprefix("Class "), label): count for (name, label), count in made.counts.items()
    }
    return replace(made, by=(Parts("number", ("1", "2", "3")), Several("factor", LABELS)), counts=counts)


@pytest.mark.parametrize("seed", range(12))
def test_an_independent_solver_cannot_work_out_a_small_class_or_a_small_part_of_one(seed: int) -> None:
    tally = Tally()
    attack(Case([small_classes(seed)], Policy()), tally, str(seed))
    assert tally.broken == tally.undecided == []
    assert tally.cells


@pytest.mark.parametrize("seed", [*range(8), *TOTAL_HIDDEN])
def test_nor_can_it_with_the_count_of_each_indicator_from_elsewhere(seed: int) -> None:
    """It has even the exact counts of classes, where shares of rounded ones are printed."""
    table = small_classes(seed)
    printed = settled(table, Policy())
    labels = printed.tables[0].by[1].categories
    assert seed not in TOTAL_HIDDEN or labels != LABELS
    counts = {at: count for at, count in table.counts.items() if at[1] is ALL or at[1] in labels}
    case = Case([replace(table, by=printed.tables[0].by, counts=counts)], Policy())
    attacker = Attack(case, printed)
    for at, count in true_counts(case.tables[0]).items():
        assert at[0] is not ALL or not printed.tables[0][at].mark
        if Policy().small(count):
            low, high = attacker.ends(case.tables[0].cell(*at), low=1, high=5)
            assert low <= 1
            assert high >= 5


numbers = st.integers(0, 60)


@given(st.integers(0, 200), st.tuples(numbers, numbers, numbers, numbers))
@example(200, (3, 40, 20, 2))
def test_an_indicator_enters_only_by_counts_that_are_printed(base: int, counts: tuple[int, ...]) -> None:
    codes = dict(zip(("1A", "2A", "3A", "19B"), (min(count, base) for count in counts), strict=True))
    counts_of: dict[tuple[str | None, ...], int] = {(ALL,): base, **{(code,): n for code, n in codes.items()}}
    table = Table("M25", "assessment", (Several("source_codes", tuple(codes)),), counts_of)
    printed = protect([table]).tables[0]
    merged = {"both": ("1A", "2A"), "one": ("3A",), "rare": ("19B", "19C")}
    chosen = admitted(printed, merged)
    for held in chosen.values():
        assert all(printed[code,].value is not None for code in held)
        assert max(codes[code] for code in held) >= RESTS_ON
        assert base - sum(codes[code] for code in held) >= RESTS_ON
    assert ("one" in chosen) == (RESTS_ON <= codes["3A"] <= base - RESTS_ON)


SEX, PATHWAY = Parts("sex", ("female", "male", "not known")), Parts("pathway", ("not_cin", "cin_only", "cp_plan"), PLAN)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 80), min_size=9, max_size=9), st.sampled_from(OUTCOMES))
def test_a_level_is_told_apart_only_by_counts_that_are_printed_and_not_small(
    counts: list[int], outcome: Outcome
) -> None:
    at = [(sex, pathway) for sex in SEX.categories for pathway in PATHWAY.categories]
    table = Table("sex", "assessment", (SEX, PATHWAY), dict(zip(at, counts, strict=True)))
    printed = protect([table]).tables[0]
    chosen = levels(printed, outcome)
    told = [level for level in chosen if level != REST]
    for part in outcome.parts:
        shown = [printed[level, part].value for level in told]
        assert all(value is not None and value >= RESTS_ON for value in shown)
        if REST in chosen:
            rest = (printed[ALL, part].value or 0) - sum(value or 0 for value in shown)
            assert rest >= 1
        elif chosen:
            assert printed[ALL, part].value == sum(value or 0 for value in shown)


def test_a_few_of_whom_it_is_not_known_stay_in_the_model_without_a_line_of_their_own() -> None:
    counts = {"female": (30, 40, 20), "male": (20, 20, 20), "not known": (6, 7, 5)}
    outcome = OUTCOMES[0]

    def chosen() -> tuple[str, ...]:
        by_place: dict[tuple[str | None, ...], int] = {
            (sex, at): n for sex, row in counts.items() for at, n in zip(PATHWAY.categories, row, strict=True)
        }
        return levels(protect([Table("sex", "assessment", (SEX, PATHWAY), by_place)]).tables[0], outcome)

    assert chosen() == ("female", "male", REST)
    counts["not known"] = (0, 0, 0)
    assert chosen() == ("female", "male")
    counts["not known"] = (6, 7, 0)  # nobody with a plan: alone they would tell the outcome
    assert chosen() == ("female", REST)


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
def test_an_effect_rests_on_counts_that_are_shown_and_not_small(outcome: Outcome) -> None:
    fitting = with_rare(4)[0].fitting
    tables = {name: fitting.printed[table] for name, table in PREDICTORS.items() if table in fitting.printed}
    tables[CLASS] = fitting.published.by_pathway.tables[0]
    lines = fitting.effects(outcome)
    assert lines
    for line in lines:
        counts = [
            tables[line.predictor][at, part].value for at in (line.level, line.reference) for part in outcome.parts
        ]
        assert all(count is not None and count >= RESTS_ON for count in counts)
        assert [figure.mark for figure in line.figures] == ["", "", ""]
    # so few are of these groups that the report says nothing of them
    assert not {"black", "asian"} & {line.level for line in lines}


def test_two_children_have_no_models_and_the_report_says_so() -> None:
    made = models({name: frame for name, frame in synth.make(2, 1, STANDARD).items() if name in NEEDED})
    assert list(made.tables()) == []
    assert len(made.said) == 3
    assert all("fitted" in sentence for sentence in made.said)


# the command


def report(place: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["report", str(place / "return"), "--out", str(place / "out"), *more])


def test_the_report_holds_the_models_with_all_that_has_to_be_said_beside_them(tmp_path: Path) -> None:
    frames = study.make(study.load(), "C2", STANDARD)
    frames["assessment"] = frames["assessment"].head(500)
    formats.write(frames, tmp_path / "return", "csv", STANDARD)
    assert report(tmp_path, "--models", "2").exit_code == 0
    document = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert "M26" in document["metrics"]
    assert "M26" not in document["left_out"]
    tables = {one["name"]: one for one in document["derived"] if one["section"] == "models"}
    assert list(tables) == ["models-number", "models-classes", "models-profile", "models-plan", "models-need"]
    assert [row[0] for row in tables["models-number"]["rows"]][:2] == ["1", "2"]
    assert len(tables["models-classes"]["rows"]) == 2
    for one in tables.values():
        assert "no causes" in one["notes"]["Reading"]
        assert "statsmodels 0.15" in one["notes"]["Software"]
    assert "from seed 1" in tables["models-profile"]["notes"]["Starts"]
    assert "child: the return does not tell families" in tables["models-plan"]["notes"]["Clustered by"]
    heads = [row[0] for row in tables["models-classes"]["rows"]]
    assert heads == tables["models-profile"]["columns"][2:]
    assert all(head.startswith(f"Class {at} (") and head.endswith("%)") for at, head in enumerate(heads, start=1))


def test_models_are_left_out_unless_asked_for_and_refused_without_their_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = {name: frame for name, frame in synth.make(3, 1, STANDARD).items() if name in NEEDED}
    formats.write(frames, tmp_path / "return", "csv", STANDARD)
    monkeypatch.setitem(sys.modules, "statsmodels", None)
    for asked in (["--models", "bic"], ["--models"]):
        refused = report(tmp_path, *asked)
        assert refused.exit_code == 2
        assert "pip install 'rdac-validator[analysis]'" in refused.output
    assert report(tmp_path).exit_code == 0
    document = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert "models" not in {one["section"] for one in document["derived"]}
    assert "--models" in document["left_out"]["M26"]
