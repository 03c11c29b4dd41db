"""Hold-out and folds of rows with roles: groups, time, a given part; and none at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, TimeSeriesSplit

from smote_bench.data.roles.rows import RowRoles
from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.protocol import Protocol
from smote_bench.evaluation.splits import fold_rows

ROWS = np.arange(120)
Y = (ROWS // 3 % 4 == 0).astype(int)
GROUPS = ROWS // 3


def same(mine, theirs):
    assert len(mine) == len(theirs)
    for one, other in zip(mine, theirs, strict=True):
        assert (one.phase, one.repeat, one.fold) == (other.phase, other.repeat, other.fold)
        np.testing.assert_array_equal(one.train, other.train)
        np.testing.assert_array_equal(one.test, other.test)


@given(
    st.lists(st.integers(0, 25), min_size=40, max_size=120),
    st.floats(0.15, 0.5),
    st.sampled_from([0, 2, 3]),
    st.sampled_from([0.0, 0.2, 0.25, 0.4]),
    st.integers(0, 99),
)
@settings(max_examples=80, deadline=None)
def test_no_group_is_on_two_sides_of_any_split(groups, share, cv_folds, test_size, seed):
    if not (cv_folds or test_size):
        return
    groups = np.array(groups)
    y = (np.random.default_rng(seed).random(26) < share).astype(int)[groups]
    protocol = Protocol(cv_folds=cv_folds, test_size=test_size, random_state=seed, random_runs=2)
    counts = [len(set(groups[y == label])) for label in (0, 1)]
    try:
        splits = list(fold_rows(y, protocol, RowRoles(groups=groups)))
    except SmoteBenchError:
        assert min(counts) < max(2, cv_folds) + (test_size > 0)
        return
    assert min(counts) >= max(2 if test_size else 0, cv_folds) + (test_size > 0)
    assert len(splits) == protocol.fits_per_cell
    for split in splits:
        assert not set(groups[split.train]) & set(groups[split.test])
        assert set(y[split.train]) == set(y[split.test]) == {0, 1}
    for repeat in protocol.repeats:
        cv = [split for split in splits if (split.repeat, split.phase) == (repeat, "cv")]
        tested = np.concatenate([split.test for split in splits if split.repeat == repeat])
        assert not cv_folds or sorted(tested) == list(range(len(y)))
        assert all(set(split.train) | set(split.test) == set(cv[0].train) | set(cv[0].test) for split in cv)
    same(splits, list(fold_rows(y, protocol, RowRoles(groups=groups))))


def test_folds_of_groups_are_those_of_scikit_learn():
    *cv, holdout = fold_rows(Y, Protocol(cv_folds=4, random_state=5), RowRoles(groups=GROUPS))
    outer = StratifiedGroupKFold(5, shuffle=True, random_state=5).split(ROWS, Y, GROUPS)
    train, test = next(outer)
    np.testing.assert_array_equal(holdout.test, test)
    inner = StratifiedGroupKFold(4, shuffle=True, random_state=5).split(train, Y[train], GROUPS[train])
    for split, (fitted, tested) in zip(cv, inner, strict=True):
        np.testing.assert_array_equal(split.train, train[fitted])
        np.testing.assert_array_equal(split.test, train[tested])


def test_folds_of_times_are_those_of_scikit_learn_on_all_but_the_latest_rows():
    times = np.random.default_rng(0).permutation(120).astype(float)
    y = (times % 3 == 0).astype(int)
    *cv, holdout = fold_rows(y, Protocol(cv_folds=3, test_size=0.25), RowRoles(times=times))
    order = np.argsort(times)
    np.testing.assert_array_equal(holdout.test, np.sort(order[90:]))
    for split, (fitted, tested) in zip(cv, TimeSeriesSplit(3).split(ROWS[:90]), strict=True):
        np.testing.assert_array_equal(split.train, np.sort(order[fitted]))
        np.testing.assert_array_equal(split.test, np.sort(order[tested]))


@given(
    st.lists(st.integers(0, 15), min_size=30, max_size=80),
    st.sampled_from([0, 2, 4]),
    st.sampled_from([0.0, 0.2, 0.5]),
    st.integers(0, 99),
)
@settings(max_examples=80, deadline=None)
def test_every_split_tests_later_rows_than_it_trains_on(times, cv_folds, test_size, seed):
    if not (cv_folds or test_size):
        return
    times = np.array(times, dtype=float)
    y = (np.random.default_rng(seed).random(len(times)) < 0.3).astype(int)
    try:
        splits = list(fold_rows(y, Protocol(cv_folds=cv_folds, test_size=test_size), RowRoles(times=times)))
    except SmoteBenchError:
        return  # when that is right, tests of the splitter itself say
    for split in splits:
        assert times[split.train].max() < times[split.test].min()
        assert set(y[split.train]) == set(y[split.test]) == {0, 1}


@given(st.integers(0, 99), st.sampled_from([0, 2, 3]))
@settings(max_examples=30, deadline=None)
def test_a_given_hold_out_is_tested_and_seen_by_no_fold(seed, cv_folds):
    is_test = np.random.default_rng(seed).random(120) < 0.4
    *cv, holdout = fold_rows(Y, Protocol(cv_folds=cv_folds), RowRoles(is_test=is_test))
    np.testing.assert_array_equal(holdout.test, np.flatnonzero(is_test))
    np.testing.assert_array_equal(holdout.train, np.flatnonzero(~is_test))
    train = holdout.train
    if cv_folds:
        inner = StratifiedKFold(cv_folds, shuffle=True, random_state=42).split(train, Y[train])
        for split, (fitted, tested) in zip(cv, inner, strict=True):
            np.testing.assert_array_equal(split.train, train[fitted])
            np.testing.assert_array_equal(split.test, train[tested])


def test_without_a_hold_out_the_folds_are_of_all_rows():
    protocol = Protocol(cv_folds=4, test_size=0.0, random_runs=2)
    splits = list(fold_rows(Y, protocol))
    assert [split.phase for split in splits] == ["cv"] * 8 == ["cv"] * protocol.fits_per_cell
    expected = StratifiedKFold(4, shuffle=True, random_state=42).split(ROWS, Y)
    for split, (train, test) in zip(splits, expected, strict=False):
        np.testing.assert_array_equal(split.train, train)
        np.testing.assert_array_equal(split.test, test)


def test_weights_change_no_split():
    same(list(fold_rows(Y, Protocol(), RowRoles(weights=ROWS + 1.0))), list(fold_rows(Y, Protocol())))


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (RowRoles(groups=np.minimum(GROUPS, 3)), "each class in at least 6 groups .* got .3, 2. groups"),
        (RowRoles(times=ROWS // 60 * 1.0), "into 7 blocks with both classes .* got 2 such blocks among 2"),
        (RowRoles(is_test=ROWS > 1), "at least 5 rows of each class in the given training part, got"),
        (RowRoles(is_test=ROWS > 116), "at least 1 rows of each class in the given test part, got"),
        (
            RowRoles(is_test=ROWS > 58, groups=GROUPS),
            "no group on both sides of the given split, got 1 with 1 rows",
        ),
        (RowRoles(is_test=ROWS < 60, times=ROWS * 1.0), "later than the training part, got 60 of 60"),
    ],
)
def test_what_cannot_be_split_is_said_with_its_numbers(roles, words):
    with pytest.raises(SmoteBenchError, match=words):
        list(fold_rows(Y, Protocol(), roles))
