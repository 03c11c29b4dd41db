"""Splits by groups: no group on two sides, both classes in each part; scikit-learn's where it has them.

Also of: inner_folds.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from smote_bench.classifiers.group_splits import fewest_groups, group_parts
from smote_bench.classifiers.inner_folds import inner_splits
from smote_bench.classifiers.prediction import NotApplicable


@st.composite
def grouped_rows(draw):
    groups = np.array(draw(st.lists(st.integers(0, 11), min_size=6, max_size=60)))
    y = np.array(draw(st.lists(st.integers(0, 1), min_size=len(groups), max_size=len(groups))))
    return y, groups


@given(grouped_rows(), st.integers(2, 6), st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_parts_keep_groups_whole_and_have_both_classes_wherever_there_are_groups_enough(rows, n_parts, seed):
    y, groups = rows
    both = [set(groups[y == label]) for label in (0, 1)]
    assert fewest_groups(y, groups) == min(map(len, both))
    if fewest_groups(y, groups) < n_parts:
        return
    part = group_parts(y, groups, n_parts, seed=seed)
    assert all(len(set(part[groups == group])) == 1 for group in set(groups))
    assert all(set(y[part == n]) == {0, 1} for n in range(n_parts))
    np.testing.assert_array_equal(part, group_parts(y, groups, n_parts, seed=seed))


def test_parts_are_the_test_folds_of_scikit_learn():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(40), 5)
    y = (rng.random(40) < 0.3).astype(int)[groups]
    part = group_parts(y, groups, 5, seed=7)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=7).split(np.zeros(200), y, groups)
    for n, (_, test) in enumerate(folds):
        np.testing.assert_array_equal(np.flatnonzero(part == n), test)


def test_a_part_that_scikit_learn_leaves_without_a_class_gets_one():
    found = 0
    for seed in range(1500):
        rng = np.random.RandomState(seed)
        groups = rng.randint(0, rng.randint(4, 12), 40)
        y = (rng.rand(40) < 0.15).astype(int)
        n = min(fewest_groups(y, groups), 5)
        if n < 2:
            continue
        folds = StratifiedGroupKFold(n, shuffle=True, random_state=seed).split(np.zeros(40), y, groups)
        if all(len(set(y[test])) == 2 for _, test in folds):
            continue
        found += 1
        part = group_parts(y, groups, n, seed=seed)
        assert all(set(y[part == k]) == {0, 1} for k in range(n))
        assert all(len(set(part[groups == group])) == 1 for group in set(groups))
        if found == 3:
            break
    assert found


def test_inner_splits_keep_groups_whole():
    groups = np.repeat(np.arange(12), 3)
    y = (groups % 3 == 0).astype(int)
    splits = inner_splits(y, seed=0, groups=groups)
    assert len(splits) == 4  # four groups have the minority
    for train, valid in splits:
        assert not set(groups[train]) & set(groups[valid])
        assert set(y[train]) == set(y[valid]) == {0, 1}


def test_inner_splits_judge_later_rows():
    times = np.arange(60.0)[::-1]
    y = (np.arange(60) % 4 == 0).astype(int)
    splits = inner_splits(y, seed=0, times=times)
    assert len(splits) == 5
    assert all(times[train].max() < times[valid].min() for train, valid in splits)


def test_inner_splits_without_groups_are_as_they_were():
    y = (np.arange(60) % 4 == 0).astype(int)
    expected = StratifiedKFold(5, shuffle=True, random_state=3).split(np.zeros(60), y)
    for (train, valid), (other_train, other_valid) in zip(inner_splits(y, seed=3), expected, strict=True):
        np.testing.assert_array_equal(train, other_train)
        np.testing.assert_array_equal(valid, other_valid)


def test_a_threshold_needs_two_groups_or_times_of_each_class():
    y = np.array([0, 0, 0, 1, 1])
    with pytest.raises(NotApplicable, match="2 groups with rows of each class"):
        inner_splits(y, seed=0, groups=np.array([0, 1, 2, 3, 3]))
    with pytest.raises(NotApplicable, match="earlier and later rows of each class"):
        inner_splits(y, seed=0, times=np.arange(5.0))
