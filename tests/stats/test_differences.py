"""Differences to a control, Wilcoxon's test of them, Holm's adjustment."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from smote_bench.stats import holm, oriented_differences, signed_rank
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


@pytest.fixture
def scores() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Original": [0.5, 0.5, NAN, NAN, 0.5],
            "SMOTE": [0.6, NAN, 0.6, NAN, 0.4],
            "ADASYN": [0.5, 0.5, 0.5, 0.5, math.inf],
        }
    )


def test_positive_differences_are_better_in_either_direction(scores: pd.DataFrame) -> None:
    high = oriented_differences(scores, "Original")
    low = oriented_differences(scores, "Original", better="low")
    assert high["SMOTE"].dropna().tolist() == pytest.approx([0.1, -0.1])
    assert low["SMOTE"].dropna().tolist() == pytest.approx([-0.1, 0.1])


@pytest.mark.parametrize("better", ["high", "low"])
def test_a_failure_counts_as_the_largest_loss_and_one_of_the_control_as_the_largest_gain(
    scores: pd.DataFrame, better: str
) -> None:
    found = oriented_differences(scores, "Original", better=better, missing="worst")["SMOTE"]
    assert found.iloc[[1, 2, 3]].tolist() == pytest.approx([-0.2, 0.2, 0.0])
    adasyn = oriented_differences(scores, "Original", better=better, missing="worst")["ADASYN"]
    assert adasyn.tolist() == [0, 0, 1, 1, -1]


def test_what_was_not_run_is_no_failure(scores: pd.DataFrame) -> None:
    not_run = scores.isna()
    found = oriented_differences(scores, "Original", missing="worst", not_run=not_run)
    assert found["SMOTE"].notna().tolist() == [True, False, False, False, True]


def test_refuses_differences_to_a_method_that_is_not_there(scores: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="expected a control among Original, SMOTE, ADASYN, got 'None'"):
        oriented_differences(scores, "None")


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


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_a_p_and_keeps_their_order(p: list[float]) -> None:
    raw = pd.Series(p)
    adjusted = holm(raw)
    assert (adjusted >= raw).all()
    assert (adjusted <= np.minimum(1, raw * len(raw)) + 1e-15).all()
    order = np.argsort(p, kind="stable")
    assert adjusted.iloc[order].is_monotonic_increasing


def test_holm_is_computed_by_hand() -> None:
    # 4 * .01, 3 * .02, 2 * .04 and then .045, which must not fall below the one before.
    assert holm(pd.Series([0.04, 0.01, 0.045, 0.02])).tolist() == pytest.approx([0.08, 0.04, 0.08, 0.06])


def test_holm_does_not_count_tests_that_were_not_made() -> None:
    found = holm(pd.Series([0.02, NAN, 0.03]))
    assert found.iloc[[0, 2]].tolist() == pytest.approx([0.04, 0.04])
    assert math.isnan(found.iloc[1])


def test_refuses_a_p_above_one() -> None:
    with pytest.raises(ValueError, match=r"expected p-values in \[0, 1\], got 1.5 for 'a'"):
        holm(pd.Series({"a": 1.5}))
