"""The Bayesian tests: against baycomp's samples, and what holds for all differences."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.stats import (
    Posterior,
    bayesian_correlated_t,
    bayesian_sign_test,
    bayesian_signed_rank_test,
)

_SETS = {
    "demsar": [0.005, -0.008, 0.017, 0.033, 0.006, -0.005, 0.007, 0, 0.063, 0, 0.022, 0.047, 0.009, 0.021],
    "mixed": [-0.03, 0.02, 0.002, -0.015, 0.04, -0.021, 0.012],
    "better": [0.05, 0.02, 0.031, 0.012, 0.08, 0.003],
}
differences = st.lists(st.integers(-40, 40).map(lambda n: n / 1000), min_size=1, max_size=14)


def _shares(found: Posterior) -> tuple[float, float, float]:
    return found.p_worse, found.p_equivalent, found.p_better


@pytest.mark.parametrize(
    ("name", "rope", "expected"),
    [
        ("demsar", 0.01, (0.0, 0.7878, 0.2122)),
        ("demsar", 0.03, (0.0, 0.9935, 0.0065)),
        ("mixed", 0.01, (0.4134, 0.1720, 0.4146)),
        ("mixed", 0.03, (0.0, 0.9922, 0.0078)),
        ("better", 0.01, (0.0, 0.1085, 0.8915)),
        ("better", 0.03, (0.0, 0.6563, 0.3437)),
    ],
)
def test_the_sign_test_is_baycomps(name: str, rope: float, expected: tuple[float, ...]) -> None:
    # baycomp 1.0.3, SignTest.probs with 1,000,000 samples: a standard error of at most 0.0005.
    assert _shares(bayesian_sign_test(_SETS[name], rope=rope)) == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (_SETS["demsar"], (0.0055, 0.9945)),
        (_SETS["mixed"], (0.3419, 0.6581)),
        (_SETS["better"], (0.0, 1.0)),
        ([0, 0, 0, 0.1, 0.1, -0.1], (0.2030, 0.7970)),
    ],
)
def test_the_sign_test_without_a_rope_is_baycomps(values: list[float], expected: tuple[float, ...]) -> None:
    # baycomp 1.0.3, SignTest.probs with rope=0 and 1,000,000 samples.
    found = bayesian_sign_test(values, rope=0)
    assert (found.p_worse, found.p_better) == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize("test", [bayesian_sign_test, bayesian_signed_rank_test])
@settings(max_examples=50, deadline=None)
@given(values=differences, scale=st.sampled_from([1e-14, 1e-3, 1.0, 1e6]))
def test_a_region_of_no_width_holds_no_probability(
    test: Callable[..., Posterior], values: list[float], scale: float
) -> None:
    values = [scale * value for value in values]
    found, mirrored = (test([sign * value for value in values], rope=0) for sign in (1, -1))
    assert found.p_equivalent == 0
    assert found.p_worse + found.p_better == pytest.approx(1)
    if not any(values):
        assert found.p_better == found.p_worse == 0.5
    assert found.p_better == pytest.approx(mirrored.p_worse, abs=1e-9)


@settings(deadline=None)
@given(differences.filter(lambda values: len(set(values)) > 1))
def test_the_correlated_t_without_a_rope_holds_no_probability_in_it(values: list[float]) -> None:
    assert bayesian_correlated_t(values, 0.25, rope=0).p_equivalent == 0


@pytest.mark.parametrize(
    ("name", "rope", "expected"),
    [
        ("demsar", 0.01, (0.0, 0.3286, 0.6714)),
        ("demsar", 0.0, (0.0009, 0.0, 0.9991)),
        ("mixed", 0.01, (0.1535, 0.6090, 0.2375)),
        ("mixed", 0.0, (0.4839, 0.0, 0.5161)),
        ("better", 0.01, (0.0, 0.0245, 0.9755)),
        ("better", 0.03, (0.0, 0.5540, 0.4460)),
    ],
)
def test_the_signed_rank_test_is_baycomps(name: str, rope: float, expected: tuple[float, ...]) -> None:
    # baycomp 1.0.3, SignedRankTest.probs with 200,000 samples; here 20,000: 0.0035 each.
    assert _shares(bayesian_signed_rank_test(_SETS[name], rope=rope)) == pytest.approx(expected, abs=0.016)


@pytest.mark.parametrize("test", [bayesian_sign_test, bayesian_signed_rank_test])
@settings(max_examples=25, deadline=None)
@given(values=differences, rope=st.sampled_from([0.0, 0.01, 0.03]))
def test_the_three_cases_sum_to_one(test: Callable[..., Posterior], values: list[float], rope: float) -> None:
    found = test(values, rope=rope)
    assert sum(_shares(found)) == pytest.approx(1)
    assert min(_shares(found)) >= 0
    assert (found.n, found.rope) == (len(values), rope)


@settings(deadline=None)
@given(differences)
def test_swapping_the_sign_swaps_better_and_worse(values: list[float]) -> None:
    one, other = bayesian_sign_test(values), bayesian_sign_test([-v for v in values])
    assert _shares(one) == pytest.approx(_shares(other)[::-1], abs=1e-9)


@settings(deadline=None)
@given(differences, st.randoms(use_true_random=False))
def test_the_order_of_the_data_sets_changes_no_sign(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert bayesian_sign_test(values) == bayesian_sign_test(shuffled)


def test_the_sign_test_is_the_law_of_a_dirichlet_vector() -> None:
    # Counts 3 worse, 2 + 1 equivalent, 5 better; sampled here once more, from numpy.
    values = [-0.1] * 3 + [0.0] * 2 + [0.1] * 5
    samples = np.random.default_rng(0).dirichlet([3, 3, 5], 400_000).argmax(axis=1)
    expected = np.bincount(samples, minlength=3) / len(samples)
    assert _shares(bayesian_sign_test(values)) == pytest.approx(expected, abs=0.003)


def test_the_signed_rank_test_repeats_with_its_seed() -> None:
    values = _SETS["mixed"]
    assert bayesian_signed_rank_test(values) == bayesian_signed_rank_test(values)
    assert bayesian_signed_rank_test(values, seed=1) != bayesian_signed_rank_test(values, seed=0)


def test_differences_within_the_rope_are_equivalent() -> None:
    for test in (bayesian_sign_test, bayesian_signed_rank_test):
        assert test([0.001, -0.002, 0.003, 0.0, 0.001], rope=0.01).p_equivalent == pytest.approx(1)


@pytest.mark.parametrize("test", [bayesian_sign_test, bayesian_signed_rank_test])
@pytest.mark.parametrize(
    ("values", "more", "words"),
    [
        ([], {}, "expected a row of finite differences"),
        ([0.1, math.nan], {}, "expected a row of finite differences"),
        ([0.1], {"rope": -1}, "got rope=-1"),
        ([0.1], {"prior": -1}, "got prior=-1"),
    ],
)
def test_refuses_what_is_no_difference(
    test: Callable[..., Posterior], values: list[float], more: dict[str, float], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        test(values, **more)


def test_refuses_a_law_without_spread() -> None:
    with pytest.raises(ValueError, match="expected differences with some spread"):
        bayesian_correlated_t([0.1, 0.1, 0.1], 0.25)


def test_refuses_a_signed_rank_test_without_a_prior() -> None:
    with pytest.raises(ValueError, match="expected a prior above 0"):
        bayesian_signed_rank_test([0.1], prior=0)
