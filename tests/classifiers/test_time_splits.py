"""Splits by time: train before test, rows of one time on one side; scikit-learn's where nothing is odd."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import TimeSeriesSplit

from smote_bench.classifiers.time_splits import forward_chain, latest_rows, most_blocks


@st.composite
def timed_rows(draw):
    times = np.array(draw(st.lists(st.integers(0, 20), min_size=4, max_size=40)), dtype=float)
    y = np.array(draw(st.lists(st.integers(0, 1), min_size=len(times), max_size=len(times))))
    return y, times


def blocks_by_brute_force(y, times):
    """Return the most blocks of both classes, by going through times one by one."""
    n, seen = 0, set()
    for time in sorted(set(times)):
        seen |= set(y[times == time].tolist())
        if seen == {0, 1}:
            n, seen = n + 1, set()
    return n


@given(timed_rows(), st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_folds_are_trained_on_all_earlier_rows_and_have_both_classes_where_that_can_be(rows, n_folds):
    y, times = rows
    most = blocks_by_brute_force(y, times)
    assert most_blocks(y, times, 99) == most
    folds = forward_chain(y, times, n_folds)
    assert (folds is None) == (most < n_folds + 1)
    for train, test in folds or []:
        assert times[train].max() < times[test].min()
        assert set(y[train]) == set(y[test]) == {0, 1}
        assert len(train) == (times < times[test].min()).sum()
    if folds:
        tested = np.concatenate([test for _, test in folds])
        assert sorted([*folds[0][0], *tested]) == list(range(len(y)))


@given(timed_rows(), st.integers(1, 20), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_the_latest_rows_are_later_than_all_others(rows, n_test, n_blocks):
    y, times = rows
    is_late = latest_rows(y, times, n_test, n_blocks=n_blocks)
    if is_late is None:
        for cut in sorted(set(times))[:-1]:
            early = times <= cut
            assert (
                set(y[~early]) != {0, 1}
                or min((y[early] == label).sum() for label in (0, 1)) < 2
                or blocks_by_brute_force(y[early], times[early]) < n_blocks
            )
        return
    assert times[~is_late].max() < times[is_late].min()
    assert set(y[is_late]) == {0, 1}
    assert blocks_by_brute_force(y[~is_late], times[~is_late]) >= n_blocks


def test_folds_are_those_of_scikit_learn_on_rows_in_their_order():
    rng = np.random.default_rng(0)
    y = rng.permutation(np.arange(103) % 2)
    shuffled = rng.permutation(103)
    times = np.empty(103)
    times[shuffled] = np.arange(103)  # row shuffled[k] is the k-th in time
    folds = forward_chain(y, times, 4)
    expected = TimeSeriesSplit(4).split(np.zeros(103))
    for (train, test), (early, late) in zip(folds, expected, strict=True):
        np.testing.assert_array_equal(train, np.sort(shuffled[early]))
        np.testing.assert_array_equal(test, np.sort(shuffled[late]))


def test_a_cut_moves_to_the_nearest_end_of_equal_times():
    y = np.tile([0, 1], 10)
    times = np.repeat([1.0, 2.0, 3.0], [9, 9, 2])
    is_late = latest_rows(y, times, 5, n_blocks=1)
    np.testing.assert_array_equal(is_late, times == 3.0)
