"""Wilcoxon's signed-rank test: exact, with ties and zeros, and the reason where there is none."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from smote_bench.stats import signed_rank
from smote_bench.stats.wilcoxon import MAX_EXACT, wilcoxon_holm

NAN = math.nan
whole_differences = st.lists(st.integers(-6, 6), min_size=5, max_size=9).filter(any)


@settings(max_examples=40, deadline=None)
@given(whole_differences)
def test_signed_rank_is_the_permutation_test_of_pratts_statistic(differences: list[int]) -> None:
    values = np.array(differences, dtype=float)
    with np.errstate(all="ignore"):
        expected = stats.wilcoxon(
            values, zero_method="pratt", method=stats.PermutationMethod(n_resamples=600)
        )
    assert signed_rank(values).p == pytest.approx(expected.pvalue)


@settings(deadline=None)
@given(
    st.lists(st.integers(-1000, 1000), min_size=5, max_size=30, unique_by=abs).filter(lambda v: 0 not in v)
)
def test_signed_rank_without_ties_is_scipys_exact_test(differences: list[int]) -> None:
    expected = stats.wilcoxon(differences, method="exact")
    found = signed_rank(differences)
    assert (found.statistic, found.p, found.law) == (
        expected.statistic,
        pytest.approx(expected.pvalue),
        "exact",
    )


@settings(deadline=None)
@given(whole_differences)
def test_swapping_the_sign_mirrors_the_rank_sums(differences: list[int]) -> None:
    one, other = signed_rank(differences), signed_rank([-d for d in differences])
    assert (one.r_plus, one.r_minus, one.p) == (other.r_minus, other.r_plus, other.p)
    assert one.r_plus + one.r_minus == len(differences) * (len(differences) + 1) / 2
    assert 0 < one.p <= 1


def test_many_differences_take_the_normal_law() -> None:
    values = np.random.default_rng(0).normal(0.1, 1, MAX_EXACT + 1)
    found = signed_rank(values)
    expected = stats.wilcoxon(values, method="asymptotic", correction=False)
    assert (found.law, found.p) == ("normal", pytest.approx(expected.pvalue))
    assert found.p == pytest.approx(signed_rank(values[:-1]).p, abs=0.05)


def test_scores_that_differ_in_their_seventeenth_digit_are_equal() -> None:
    assert signed_rank([0.1 + 0.2 - 0.3, 0.1, 0.2, 0.3, 0.4]).n_zero == 1


def test_refuses_differences_that_are_all_zero() -> None:
    with pytest.raises(ValueError, match="expected differences, got 5 zeros"):
        signed_rank([0.0] * 5)


@pytest.mark.parametrize("values", [[], [0.1, NAN], [0.1, math.inf]])
def test_refuses_differences_that_are_none(values: list[float]) -> None:
    with pytest.raises(ValueError, match="expected a row of finite differences"):
        signed_rank(values)


def test_wilcoxon_says_why_a_method_is_not_tested() -> None:
    frame = pd.DataFrame(
        {"short": [0.1] * 4 + [NAN] * 2, "equal": [0.0] * 6, "better": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]}
    )
    found = wilcoxon_holm(frame)
    assert found["n"].tolist() == [4, 6, 6]
    assert found["reason"].tolist() == ["4 data sets, at least 5 needed", "equal on all data sets", ""]
    assert found["p"].isna().tolist() == [True, True, False]
    # One test was made: nothing to adjust for.
    assert found.loc["better", "p_holm"] == found.loc["better", "p"] == 2 / 2**6
    assert (found.loc["better", "r_better"], found.loc["better", "r_worse"]) == (21, 0)
