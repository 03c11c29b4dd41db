"""The level that most voters have; ties broken at random, each level equally likely."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from smote_impls.mixed.votes import vote


def _won(levels, n_votes, seed=0):
    """The levels that win among voters 0, 1, 2, ... in one column."""
    codes = np.array(levels)[:, None]
    voters = np.arange(len(levels))[None]
    winners = vote(codes, voters, np.zeros(n_votes, np.intp), np.random.RandomState(seed))
    return codes[winners[:, 0], 0]


@pytest.mark.parametrize("levels", [[3, 3, 1, 2, 3], [7], [1, 1], [0, 5, 5, 5, 0, 5]])
def test_the_majority_wins_always(levels):
    values, counts = np.unique(levels, return_counts=True)
    assert set(_won(levels, 200)) == {values[counts.argmax()]}


@pytest.mark.parametrize(
    ("levels", "tied"),
    [([1, 2], [1, 2]), ([1, 2, 2, 1, 3], [1, 2]), ([4, 5, 6], [4, 5, 6]), ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])],
)
def test_tied_levels_are_equally_likely(levels, tied):
    won = _won(levels, 6000)
    values, counts = np.unique(won, return_counts=True)
    assert values.tolist() == tied
    assert stats.chisquare(counts).pvalue > 0.001


def test_ties_are_broken_in_each_column_by_itself():
    codes = np.array([[0, 0], [1, 1]])
    winners = vote(codes, np.array([[0, 1]]), np.zeros(4000, np.intp), np.random.RandomState(0))
    table = np.histogram2d(winners[:, 0], winners[:, 1], bins=2)[0]
    assert stats.chisquare(table.ravel()).pvalue > 0.001


def test_each_vote_is_of_its_own_electorate():
    codes = np.array([[0], [1], [2]])
    winners = vote(codes, np.array([[0, 0], [2, 2]]), np.array([1, 0, 1]), np.random.RandomState(0))
    assert winners.ravel().tolist() == [2, 0, 2]


def test_the_winner_is_a_voter_with_the_level():
    rng = np.random.RandomState(0)
    codes = rng.randint(3, size=(50, 4))
    voters = np.array([rng.permutation(50)[:6] for _ in range(30)])
    ballots = rng.randint(30, size=500)
    winners = vote(codes, voters, ballots, rng)
    assert (winners[:, :, None] == voters[ballots][:, None, :]).any(axis=2).all()
