"""Friedman's test: its p for all frames, and when it is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from stats.score_frames import frames, named

from smote_bench.stats import (
    friedman,
    rank_blocks,
)


@settings(deadline=None)
@given(frames(), st.randoms(use_true_random=False))
def test_the_order_of_the_data_sets_changes_nothing(scores: pd.DataFrame, random: object) -> None:
    order = list(scores.index)
    random.shuffle(order)  # type: ignore[attr-defined]
    one, other = friedman(rank_blocks(scores)), friedman(rank_blocks(scores.loc[order]))
    assert (one.chi2, one.p) == pytest.approx((other.chi2, other.p))


@settings(deadline=None)
@given(frames())
def test_friedmans_p_is_a_probability_and_its_tie_correction_scipys(scores: pd.DataFrame) -> None:
    found = friedman(rank_blocks(scores))
    assert 0 <= found.p <= 1
    assert 0 <= found.p_chi2 <= 1
    if (scores.nunique(axis=1) == 1).all():
        assert math.isnan(found.chi2_ties)
    else:
        assert found.chi2_ties == pytest.approx(stats.friedmanchisquare(*scores.to_numpy().T).statistic)
        assert found.chi2_ties >= found.chi2 - 1e-9


def test_friedman_of_methods_that_are_all_equal_finds_nothing() -> None:
    found = friedman(rank_blocks(named(np.ones((6, 3)))))
    assert (found.chi2, found.p) == (0, 1)
    assert math.isnan(found.chi2_ties)


def test_friedman_of_one_order_everywhere_is_certain() -> None:
    found = friedman(rank_blocks(named(np.tile([3.0, 2.0, 1.0], (6, 1)))))
    assert (found.F, found.p) == (math.inf, 0)


def test_refuses_friedman_below_five_data_sets() -> None:
    with pytest.raises(ValueError, match="at least 5 data sets, got 4"):
        friedman(rank_blocks(named(np.eye(4))))


def test_refuses_friedman_of_two_methods_and_names_the_test_of_two() -> None:
    with pytest.raises(ValueError, match=r"at least 3 methods, got 2 .*`signed_rank`"):
        friedman(rank_blocks(named(np.arange(12.0).reshape(6, 2))))


def test_refuses_friedman_of_scores_that_are_not_ranked() -> None:
    with pytest.raises(ValueError, match=r"expected ranks that sum to 6 .*rank the scores with"):
        friedman(named(np.full((6, 3), 0.5)))
