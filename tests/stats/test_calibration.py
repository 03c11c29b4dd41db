"""Calibration as numbers, against scipy, scikit-learn and values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.special import expit, logit
from sklearn.calibration import calibration_curve

from smote_bench.metrics import CALIBRATION_METRICS
from smote_bench.scoring import score_fold
from smote_bench.stats.calibration import calibration_scores, fit_logistic


def drawn(seed: int, rows: int, *, intercept: float = 0.0, slope: float = 1.0):
    """Return probabilities, and labels whose log odds are `intercept` + `slope` times theirs."""
    draw = np.random.default_rng(seed)
    odds = draw.normal(-1.0, 1.5, rows)
    truth = (draw.uniform(size=rows) < expit(intercept + slope * odds)).astype(np.int64)
    return truth, expit(odds)


@pytest.mark.parametrize("seed", range(5))
def test_intercept_and_slope_are_the_maximum_of_the_likelihood(seed: int) -> None:
    truth, score = drawn(seed, 200, intercept=0.7, slope=0.6)
    found, odds = calibration_scores(truth, score), logit(score)
    assert found["calibration_intercept"] == pytest.approx(
        brentq(lambda a: (truth - expit(a + odds)).sum(), -20, 20, xtol=1e-13), abs=1e-8
    )
    best = minimize(
        lambda at: (np.logaddexp(0, at[0] + at[1] * odds) - truth * (at[0] + at[1] * odds)).sum(),
        [0.0, 1.0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 10_000},
    )
    assert found["calibration_slope"] == pytest.approx(best.x[1], abs=1e-6)


@pytest.mark.parametrize("rounded", [False, True])
def test_the_binned_error_has_the_bins_of_scikit_learn(rounded: bool) -> None:
    truth, score = drawn(7, 300)
    score = score.round(1) if rounded else score  # a forest's votes lie on the edges of bins
    frequency, mean = calibration_curve(truth, score, n_bins=10)
    in_bins = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], score), minlength=10)
    expected = (np.abs(frequency - mean) * in_bins[in_bins > 0]).sum() / 300
    assert calibration_scores(truth, score)["expected_calibration_error"] == pytest.approx(
        expected, abs=1e-12
    )


def test_by_hand() -> None:
    # Bins (.1, .2] and (.8, .9]: 4 rows at .2 with one positive, 5 at .9 with four.
    truth, score = np.array([0, 0, 0, 1, 1, 1, 1, 1, 0]), np.array([0.2] * 4 + [0.9] * 5)
    found = calibration_scores(truth, score)
    assert found["expected_calibration_error"] == pytest.approx((abs(0.8 - 1) + abs(4.5 - 4)) / 9)
    # Two values: the line runs through the log odds of their frequencies.
    rise = logit(0.8) - logit(0.25)
    assert found["calibration_slope"] == pytest.approx(rise / (logit(0.9) - logit(0.2)), abs=1e-9)


def test_what_is_right_is_near_0_0_and_1() -> None:
    found = calibration_scores(*drawn(3, 200_000))
    assert found["expected_calibration_error"] < 0.01
    assert abs(found["calibration_intercept"]) < 0.03
    assert abs(found["calibration_slope"] - 1) < 0.03


def test_weights_are_rows_that_are_there_as_often() -> None:
    truth, score = drawn(5, 120)
    weights = np.random.default_rng(0).integers(0, 4, 120).astype(float)
    often = np.repeat(np.arange(120), weights.astype(int))
    assert calibration_scores(truth, score, weights) == pytest.approx(
        calibration_scores(truth[often], score[often]), abs=1e-9
    )


@pytest.mark.parametrize(
    ("truth", "score", "undefined"),
    [
        ([0, 0, 0], [0.1, 0.2, 0.3], {"calibration_intercept", "calibration_slope"}),
        ([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], {"calibration_slope"}),  # the slope would be infinite
        ([0, 1, 1, 0], [0.3, 0.3, 0.3, 0.3], {"calibration_slope"}),
        ([0, 1, 0], [0.2, 0.2, 0.1], {"calibration_slope"}),  # parted but for a tie
    ],
)
def test_what_has_no_value_is_nan(truth, score, undefined) -> None:
    found = calibration_scores(np.array(truth), np.array(score))
    assert {name for name, value in found.items() if math.isnan(value)} == undefined


def test_a_decision_function_has_none() -> None:
    for kind in ({"is_probability": False}, {}):
        found = score_fold([0, 1, 1], [0, 1, 1], [-1.0, 2.0, -0.5], CALIBRATION_METRICS, **kind)
        assert all(map(math.isnan, found.values()))


@given(
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from([0.0, 1e-12, 0.01, 0.3, 0.99, 1.0])), min_size=2)
)
def test_extreme_probabilities_have_a_finite_value_or_none(rows) -> None:
    truth, score = (np.array(column) for column in zip(*rows, strict=True))
    found = calibration_scores(truth, score.astype(float))
    assert 0 <= found["expected_calibration_error"] <= 1
    assert not any(map(math.isinf, found.values()))
    odds = np.clip(score, 1e-8, 1 - 1e-8)
    intercept, slope = fit_logistic(truth, logit(odds), np.ones(len(truth)))
    if not math.isnan(slope):  # there the likelihood is flat
        off = truth - expit(intercept + slope * logit(odds))
        assert abs(off.sum()) < 1e-5
        assert abs((off * logit(odds)).sum()) < 1e-4


def test_hard_probabilities_have_the_values_of_their_likelihood() -> None:
    found = calibration_scores(np.array([1, 0, 0]), np.array([0.0, 1.0, 0.0]))
    odds = logit(np.clip([0.0, 1.0, 0.0], 1e-8, 1 - 1e-8))
    expected = brentq(lambda a: (np.array([1, 0, 0]) - expit(a + odds)).sum(), -60, 60)
    assert found["calibration_intercept"] == pytest.approx(expected, abs=1e-6)
    truth, score = np.array([1, 1, 0, 0, 0, 0, 1, 1]), np.array([0, 0, 1, 0, 1, 1, 1, 0.0])
    # Of p = 0 three of four are positive, of p = 1 one of four: the line runs through their log odds.
    width = 2 * logit(1 - 1e-8)
    assert calibration_scores(truth, score)["calibration_slope"] == pytest.approx(
        (logit(0.25) - logit(0.75)) / width
    )


@pytest.mark.parametrize(("shift", "scale"), [(0, 1), (5, 100), (1e5, 1), (-3, 1e-4)])
def test_a_fit_does_not_depend_on_where_values_lie(shift: float, scale: float) -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 2, 300)
    value = draw.normal(size=300) + truth
    plain, moved = (fit_logistic(truth, v, np.ones(300)) for v in (value, (value + shift) * scale))
    assert moved[1] * scale == pytest.approx(plain[1], rel=1e-6)
    assert moved[0] + moved[1] * scale * shift == pytest.approx(plain[0], rel=1e-5)
