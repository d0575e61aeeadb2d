"""Latent classes and regressions: right where the answer is known, and silent where the data do not bear them."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

from rdac_validator import study
from rdac_validator.analysis import classes
from rdac_validator.analysis.classes import Patterns, Solution
from rdac_validator.analysis.effects import NoModelError, effects
from rdac_validator.disclosure import Policy
from rdac_validator.metrics import ON_REQUEST, Cases
from rdac_validator.metrics.demographics import Factors
from rdac_validator.quality.measuring import measure
from rdac_validator.quality.models import Models
from rdac_validator.standard import load
from rdac_validator.study.published import CODES
from rdac_validator.synth.faults import as_return

STANDARD, STUDY = load(), study.load()


@cache
def like(site: str) -> Models:
    given = as_return(study.make(STUDY, site, STANDARD))
    return Models(measure([given], STANDARD, Policy(), (Factors, *ON_REQUEST)), Cases(given, STANDARD))


@cache
def solved(site: str) -> Solution:
    """The solution with the published number of classes."""
    return classes.fit(like(site).fitting.patterns[1], len(STUDY.sites[site].classes.sizes))


# the study, recovered


@pytest.mark.parametrize(
    ("site", "of_size", "of_probability", "on_average"),
    [("C1", 1.0, 12.0, 1.5), ("C2", 2.0, 10.5, 1.0), ("C3", 2.0, 5.0, 1.0)],
)
def test_the_published_classes_are_recovered(
    site: str, of_size: float, of_probability: float, on_average: float
) -> None:
    published = STUDY.sites[site].classes
    labels = {label.lower(): label for label in published.probabilities}
    sizes = 100 * solved(site).sizes
    order = np.argsort([-size for size in published.sizes.values()], kind="stable")
    assert np.abs(sizes - np.array(list(published.sizes.values()))[order]).max() < of_size
    found = 100 * solved(site).probabilities.T
    printed = np.array([published.probabilities[labels[label.lower()]] for label in like(site).fitting.chosen])
    assert np.abs(found - printed[:, order]).max() < of_probability
    assert np.abs(found - printed[:, order]).mean() < on_average


@pytest.mark.parametrize("site", ["C1", "C2", "C3"])
def test_sizes_times_probabilities_give_the_prevalence_of_each_indicator(site: str) -> None:
    solution, labels = solved(site), like(site).fitting.chosen
    records = {label.lower(): number for label, number in STUDY.sites[site].margin(CODES).items()}
    implied = solution.records * solution.sizes @ solution.probabilities
    assert implied == pytest.approx([records[label.lower()] for label in labels], abs=0.2)


def test_domestic_abuse_that_all_records_have_says_nothing_and_stays_out() -> None:
    fitting = like("C3").fitting
    assert set(fitting.indicators) - set(fitting.chosen) == {"Domestic Abuse"}
    assert set(like("C1").fitting.indicators) == set(like("C1").fitting.chosen)


# latent classes by themselves


def simulated(records: int, sizes: list[float], probabilities: list[list[float]], seed: int = 3) -> Patterns:
    random = np.random.default_rng(seed)
    members = random.choice(len(sizes), records, p=sizes)
    answers = (random.random((records, len(probabilities[0]))) < np.array(probabilities)[members]).astype(float)
    found, number = np.unique(answers, axis=0, return_counts=True)
    return Patterns(found, number.astype(float))


KNOWN = simulated(
    20_000,
    [0.6, 0.3, 0.1],
    [[0.9, 0.1, 0.1, 0.2, 0.5, 0.1], [0.1, 0.8, 0.1, 0.7, 0.1, 0.1], [0.5, 0.5, 0.9, 0.1, 0.9, 0.9]],
)


def test_classes_that_were_put_in_come_out_and_their_number_has_the_lowest_bic() -> None:
    found = list(classes.solutions(KNOWN))
    best = min(found, key=lambda one: one.bic)
    assert best.number == 3
    assert best.sizes == pytest.approx([0.6, 0.3, 0.1], abs=0.02)
    assert best.probabilities[2] == pytest.approx([0.5, 0.5, 0.9, 0.1, 0.9, 0.9], abs=0.05)
    assert best.converged
    assert best.agreeing > 1
    assert [one.log_likelihood for one in found] == sorted(one.log_likelihood for one in found)
    assert best.bic == pytest.approx(20 * np.log(20_000) - 2 * best.log_likelihood)
    assert best.aic == pytest.approx(2 * 20 - 2 * best.log_likelihood)
    assert 0 < (best.entropy(KNOWN) or 0) < 1
    assert found[0].entropy(KNOWN) is None


@pytest.mark.parametrize("number", [2, 3, 6])
def test_stepmix_finds_nothing_better(number: int) -> None:
    from stepmix.stepmix import StepMix

    patterns = like("C1").fitting.patterns[1]
    other = StepMix(number, measurement="binary", n_init=5, random_state=1, max_iter=2000, abs_tol=1e-8, progress_bar=0)
    other.fit(patterns.held, sample_weight=patterns.number)
    theirs = other.score(patterns.held, sample_weight=patterns.number) * patterns.records
    ours = classes.fit(patterns, number)
    assert ours.log_likelihood >= theirs - 0.01
    if ours.log_likelihood - theirs < 0.01:
        assert np.sort(ours.sizes) == pytest.approx(np.sort(other.weights_), abs=0.005)


def test_the_same_seed_gives_the_same_classes() -> None:
    one, other = (classes.fit(KNOWN, 3) for _ in range(2))
    assert one.sizes.tobytes() == other.sizes.tobytes()
    assert one.members.tobytes() == other.members.tobytes()


def test_a_model_with_as_many_numbers_as_the_data_can_have_is_not_tried() -> None:
    assert all(2**6 - 1 - classes.parameters(number, 6) >= classes.LEFT_OVER for number in classes.tried(KNOWN))
    assert len(classes.tried(Patterns(KNOWN.held[:40], np.ones(40)))) < len(classes.tried(KNOWN))
    assert len(classes.tried(Patterns(KNOWN.held[:12], np.ones(12)))) == 0


def test_how_many_patterns_there_are_is_not_told_by_what_is_tried() -> None:
    few = Patterns(KNOWN.held[:3], np.array([900.0, 500.0, 400.0]))
    assert classes.tried(few) == classes.tried(KNOWN)
    assert classes.fit(few, 5).sizes.sum() == pytest.approx(1)


# regression


def people(seed: int, effect: float, number: int = 6000, brothers: int = 3) -> tuple[pl.DataFrame, float]:
    """Records in families with a known effect of "b", and the effect that it has on average in percentage points."""
    random = np.random.default_rng(seed)
    families = np.repeat(np.arange(number // brothers), brothers)
    of_family = random.normal(0, 0.8, number // brothers)[families]
    exposed = (random.random(number // brothers) < 0.4)[families]
    band = random.choice(["under 5", "5 to 9", "10 to 15"], number)
    rest = -0.5 + of_family + 0.4 * (band == "5 to 9")
    chance = 1 / (1 + np.exp(-(rest + effect * exposed)))
    frame = pl.DataFrame(
        {
            "outcome": random.random(number) < chance,
            "group": np.where(exposed, "b", "a"),
            "age": band,
            "family": families.astype(str),
        }
    )
    true = 1 / (1 + np.exp(-(rest + effect))) - 1 / (1 + np.exp(-rest))
    return frame, 100 * float(true.mean())


LEVELS = {"group": ("a", "b"), "age": ("under 5", "5 to 9", "10 to 15")}


def test_known_effects_come_out_and_their_intervals_hold_them() -> None:
    inside, widths = 0, []
    for seed in range(40):
        frame, true = people(seed, 0.6, number=1500)
        found = effects(frame, "outcome", LEVELS, "family")[0]
        assert (found.predictor, found.level, found.reference) == ("group", "b", "a")
        inside += found.low <= true <= found.high
        widths.append(found.high - found.low)
    assert 35 <= inside <= 40
    assert 5 < np.mean(widths) < 20


def test_families_make_intervals_wider_than_records_by_themselves() -> None:
    frame, _ = people(1, 0.6)
    together = effects(frame, "outcome", LEVELS, "family")[0]
    alone = effects(frame.with_row_index("self"), "outcome", LEVELS, "self")[0]
    assert together.points == pytest.approx(alone.points)
    assert together.high - together.low > 1.1 * (alone.high - alone.low)


def test_statsmodels_has_the_same_effects_and_errors_where_a_predictor_has_two_levels() -> None:
    from statsmodels.discrete.discrete_model import Logit

    frame, _ = people(2, 0.6)
    frame = frame.with_columns(pl.col("age").replace("10 to 15", "under 5"))
    both = {"group": ("a", "b"), "age": ("under 5", "5 to 9")}
    matrix = np.column_stack(
        [np.ones(frame.height), frame["group"].to_numpy() == "b", frame["age"].to_numpy() == "5 to 9"]
    ).astype(float)
    clusters = {"groups": frame["family"].cast(pl.Int64).to_numpy()}
    fitted = Logit(frame["outcome"].to_numpy().astype(float), matrix).fit(disp=0, cov_type="cluster", cov_kwds=clusters)
    theirs = fitted.get_margeff(at="overall", dummy=True)
    ours = effects(frame, "outcome", both, "family")
    assert [one.points for one in ours] == pytest.approx(100 * theirs.margeff, abs=1e-6)
    assert [[one.low, one.high] for one in ours] == pytest.approx(100 * theirs.conf_int(), abs=1e-6)


def test_the_effect_of_a_level_among_several_is_against_the_reference_alone() -> None:
    frame, _ = people(3, 0.6)
    by_age = {"age": LEVELS["age"]}
    shares = dict(frame.group_by("age").agg(pl.col("outcome").mean()).rows())
    for one in effects(frame, "outcome", by_age, "family"):
        assert one.points == pytest.approx(100 * (shares[one.level] - shares["under 5"]), abs=1e-4)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (pl.col("group") == "b", "by itself"),
        (pl.int_range(pl.len()) < 29, "fewer"),
        (pl.col("outcome") & (pl.col("group") == "b"), "by itself"),
    ],
)
def test_where_data_do_not_bear_a_regression_there_are_no_numbers_but_a_reason(change: pl.Expr, why: str) -> None:
    frame, _ = people(4, 0.6)
    with pytest.raises(NoModelError, match=why):
        effects(frame.with_columns(outcome=change), "outcome", LEVELS, "family")


def test_predictors_that_go_together_and_few_families_are_refused() -> None:
    frame, _ = people(5, 0.6)
    twice = frame.with_columns(again=pl.col("group"))
    with pytest.raises(NoModelError, match="told apart"):
        effects(twice, "outcome", {"group": ("a", "b"), "again": ("a", "b")}, "family")
    with pytest.raises(NoModelError, match="families"):
        effects(frame.with_columns(family=pl.col("group")), "outcome", LEVELS, "family")
    with pytest.raises(NoModelError, match="two levels"):
        effects(frame, "outcome", {}, "family")
