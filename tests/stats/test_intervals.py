"""Student's t over data sets and over folds."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from smote_bench.stats import mean_interval, resampled_t, resampled_t_columns

numbers = st.lists(st.integers(-50, 50).map(lambda n: n / 100), min_size=2, max_size=12)
spreading = numbers.filter(lambda values: len(set(values)) > 1)


@settings(deadline=None)
@given(spreading)
def test_over_data_sets_it_is_students_t(values: list[float]) -> None:
    expected = stats.ttest_1samp(values, 0)
    low, high = expected.confidence_interval()
    found = mean_interval(values)
    assert (found.t, found.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert found.half_width == pytest.approx((high - low) / 2)


@settings(deadline=None)
@given(spreading, st.floats(0, 1))
def test_overlapping_training_parts_only_widen_the_interval(values: list[float], ratio: float) -> None:
    assert resampled_t(values, ratio).half_width >= resampled_t(values, 0).half_width - 1e-12


@settings(deadline=None)
@given(spreading, st.floats(0.01, 1))
def test_swapping_the_sign_mirrors_the_mean(values: list[float], ratio: float) -> None:
    one, other = resampled_t(values, ratio), resampled_t([-v for v in values], ratio)
    assert (one.mean, one.t, one.p) == pytest.approx((-other.mean, -other.t, other.p))
    assert one.p_greater == pytest.approx(1 - other.p_greater)
    assert 0 <= one.p <= 1


def test_the_correction_is_computed_by_hand() -> None:
    values = [0.10, 0.02, 0.10, 0.01, 0.10]
    # Variance 0.00218; 1/5 + 1/4 = 0.45; t(4; 0.975) = 2.776445.
    found = resampled_t(values, 1 / 4)
    assert found.mean == pytest.approx(0.066)
    assert found.half_width == pytest.approx(2.776445 * math.sqrt(0.00218 * 0.45), abs=1e-6)


@settings(deadline=None)
@given(
    st.integers(-50, 50),
    st.integers(2, 12),
    st.floats(0, 1),
    st.sampled_from([1.0, 1e3, 1e5]),  # of scores without a bound, as costs
    st.randoms(use_true_random=False),
)
def test_equal_differences_carry_neither_an_interval_nor_a_test(
    size: int, n: int, ratio: float, unit: float, random: Random
) -> None:
    bases = [unit * random.random() for _ in range(n)]
    values = [(base + size / 20) - base for base in bases]  # equal but for rounding
    found = resampled_t(values, ratio)
    assert found.mean == pytest.approx(size / 20, rel=1e-8)
    assert (found.n, found.scale) == (n, 0)
    assert math.isnan(found.half_width)
    if size:
        assert all(map(math.isnan, (found.t, found.p, found.p_greater)))
    else:
        assert (found.t, found.p, found.p_greater) == (0, 1, 0.5)


def test_one_difference_carries_no_interval() -> None:
    found = resampled_t([0.1], 0.25)
    assert (found.mean, found.n) == (0.1, 1)
    assert math.isnan(found.half_width)
    assert math.isnan(found.p)


def test_a_column_with_an_undefined_fit_is_undefined_and_the_others_are_not() -> None:
    columns = np.array([[0.1, 0.1, 0.1], [0.2, math.nan, math.inf], [0.4, 0.3, 0.2]])
    found = resampled_t_columns(columns, 0.5)
    assert found.isna().all(axis=1).tolist() == [False, True, True]
    assert found.loc[0, "p"] == pytest.approx(resampled_t([0.1, 0.2, 0.4], 0.5).p)


@pytest.mark.parametrize("values", [[], [0.1, math.nan]])
def test_refuses_fits_without_a_score(values: list[float]) -> None:
    with pytest.raises(ValueError, match="expected finite differences, one per fit"):
        resampled_t(values, 0.25)


def test_refuses_a_negative_ratio() -> None:
    with pytest.raises(ValueError, match=r"got test_train_ratio=-0\.1"):
        resampled_t([0.1, 0.2], -0.1)
