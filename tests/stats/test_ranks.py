"""Ranks of methods within data sets: what holds for all frames."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stats.score_frames import frames

from smote_bench.stats import (
    complete_blocks,
    rank_blocks,
)

pytestmark = pytest.mark.versions

NAN = math.nan


@settings(deadline=None)
@given(frames(min_methods=1, min_blocks=1), st.sampled_from(["high", "low"]))
def test_ranks_of_every_block_sum_to_the_same(scores: pd.DataFrame, better: str) -> None:
    k = scores.shape[1]
    assert np.allclose(rank_blocks(scores, better=better).sum(axis=1), k * (k + 1) / 2)


@settings(deadline=None)
@given(frames(), st.integers(-5, 5))
def test_a_constant_added_to_a_block_leaves_its_ranks(scores: pd.DataFrame, constant: int) -> None:
    shifted = scores.copy()
    shifted.iloc[0] += constant
    assert rank_blocks(shifted).equals(rank_blocks(scores))


@settings(deadline=None)
@given(frames())
def test_the_other_direction_mirrors_the_ranks(scores: pd.DataFrame) -> None:
    k = scores.shape[1]
    assert np.allclose(rank_blocks(scores, better="low"), k + 1 - rank_blocks(scores, better="high"))


def test_the_best_score_has_rank_one_in_either_direction() -> None:
    scores = pd.DataFrame({"a": [0.9], "b": [0.8], "c": [0.8]})
    assert rank_blocks(scores).iloc[0].tolist() == [1.0, 2.5, 2.5]
    assert rank_blocks(scores, better="low").iloc[0].tolist() == [3.0, 1.5, 1.5]


def test_scores_that_differ_in_their_seventeenth_digit_tie() -> None:
    scores = pd.DataFrame({"a": [0.1 + 0.2], "b": [0.3], "c": [0.2]})
    assert rank_blocks(scores).iloc[0].tolist() == [1.5, 1.5, 3.0]


@pytest.mark.parametrize("better", ["high", "low"])
@pytest.mark.parametrize("gap", [NAN, math.inf])
def test_a_failure_has_the_last_rank_and_several_share_it(better: str, gap: float) -> None:
    scores = pd.DataFrame({"a": [0.9], "b": [gap], "c": [0.7], "d": [NAN]})
    ranks = rank_blocks(scores, better=better, missing="worst").iloc[0]
    assert (ranks["b"], ranks["d"]) == (3.5, 3.5)
    assert ranks[["a", "c"]].tolist() == ([1, 2] if better == "high" else [2, 1])


def test_refuses_to_rank_what_is_missing() -> None:
    scores = pd.DataFrame({"SMOTE": [0.9, 0.8], "ADASYN": [0.8, NAN]}, index=["Ecoli", "Oil"])
    with pytest.raises(ValueError, match=r"expected finite scores, got 1 .*'ADASYN' on 'Oil': take"):
        rank_blocks(scores)
    assert complete_blocks(scores).index.tolist() == ["Ecoli"]


def test_refuses_a_direction_that_is_none() -> None:
    with pytest.raises(ValueError, match="got better='up'"):
        rank_blocks(pd.DataFrame({"a": [1.0]}), better="up")  # type: ignore[arg-type]


def test_refuses_a_data_set_that_occurs_twice() -> None:
    scores = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=["Oil", "Oil"])
    with pytest.raises(ValueError, match="each of the blocks once, got Oil twice"):
        rank_blocks(scores)
