"""Splits: the rows of every fold are those of the published protocol."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedKFold, train_test_split

from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.protocol import Protocol
from smote_bench.evaluation.splits import fold_rows


def _target(n_majority: int, n_minority: int, seed: int = 0) -> np.ndarray:
    y = np.repeat([0, 1], [n_majority, n_minority])
    return np.random.default_rng(seed).permutation(y)


@pytest.mark.parametrize("random_state", [0, 42])
def test_repeat_0_splits_as_the_published_protocol_calls_scikit_learn(random_state: int) -> None:
    y = _target(180, 23)
    X = np.arange(len(y), dtype=float).reshape(-1, 1)
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.2, stratify=y, random_state=random_state
    )
    folds = list(StratifiedKFold(5, shuffle=True, random_state=random_state).split(X_train, y_train))

    *cv, holdout = fold_rows(y, Protocol(random_state=random_state))

    assert [(split.phase, split.repeat, split.fold) for split in cv] == [("cv", 0, fold) for fold in range(5)]
    for split, (train, valid) in zip(cv, folds, strict=True):
        np.testing.assert_array_equal(X[split.train], X_train[train])
        np.testing.assert_array_equal(X[split.test], X_train[valid])
    assert (holdout.phase, holdout.fold) == ("holdout", 0)
    np.testing.assert_array_equal(X[holdout.train], X_train)
    np.testing.assert_array_equal(X[holdout.test], X_test)
    np.testing.assert_array_equal(y[holdout.test], y_test)


def test_repeat_r_is_repeat_0_of_the_next_random_state() -> None:
    y = _target(60, 20)
    second = [s for s in fold_rows(y, Protocol(random_state=42, random_runs=2)) if s.repeat == 1]
    alone = list(fold_rows(y, Protocol(random_state=43)))
    for ours, theirs in zip(second, alone, strict=True):
        np.testing.assert_array_equal(ours.train, theirs.train)
        np.testing.assert_array_equal(ours.test, theirs.test)


@given(
    st.integers(8, 60),
    st.integers(8, 60),
    st.sampled_from([0, 2, 3, 5]),
    st.sampled_from([0.2, 0.25, 0.3]),
    st.integers(1, 2),
)
@settings(max_examples=40, deadline=None)
def test_every_split_is_disjoint_and_the_hold_out_is_in_no_fold(
    n_majority: int, n_minority: int, cv_folds: int, test_size: float, random_runs: int
) -> None:
    y = _target(n_majority, n_minority)
    protocol = Protocol(cv_folds=cv_folds, test_size=test_size, random_runs=random_runs)
    splits = list(fold_rows(y, protocol))
    assert len(splits) == protocol.fits_per_cell
    for repeat in range(random_runs):
        *cv, holdout = [split for split in splits if split.repeat == repeat]
        assert sorted([*holdout.train, *holdout.test]) == list(range(len(y)))
        for split in cv:
            assert sorted([*split.train, *split.test]) == sorted(holdout.train)
        if cv:
            assert sorted(np.concatenate([split.test for split in cv])) == sorted(holdout.train)
        assert all(set(y[split.train]) == {0, 1} for split in (*cv, holdout))


def test_without_folds_there_is_the_hold_out_only() -> None:
    (split,) = fold_rows(_target(40, 10), Protocol(cv_folds=0))
    assert split.phase == "holdout"


def test_the_final_evaluation_is_no_fold_of_the_samplers_seeds() -> None:
    splits = list(fold_rows(_target(40, 10), Protocol()))
    assert [split.sampler_fold for split in splits] == [0, 1, 2, 3, 4, "holdout"]


@pytest.mark.parametrize(("n_minority", "cv_folds"), [(6, 5), (1, 0), (2, 0)])
def test_rejects_a_class_with_too_few_rows_for_the_folds(n_minority: int, cv_folds: int) -> None:
    with pytest.raises(
        SmoteBenchError, match=r"expected at least \d rows of each class .* lower cv_folds or test_size"
    ):
        list(fold_rows(_target(50, n_minority), Protocol(cv_folds=cv_folds)))


@pytest.mark.parametrize(("n_minority", "test_size"), [(25, 0.8), (50, 0.9), (10, 0.5)])
def test_takes_a_class_with_exactly_enough_rows(n_minority: int, test_size: float) -> None:
    # 25 * (1 - 0.8) is 4.999999999999999 in floating point, and 5 rows.
    splits = list(fold_rows(_target(100, n_minority), Protocol(cv_folds=5, test_size=test_size)))
    assert len(splits) == 6


def test_a_part_has_the_splits_of_the_whole() -> None:
    y = _target(180, 23)
    whole = [split for split in fold_rows(y, Protocol(random_runs=3)) if split.repeat]
    part = list(fold_rows(y, Protocol(random_runs=2, first_repeat=1, draw=3)))
    assert [(split.phase, split.repeat, split.fold) for split in part] == [
        (split.phase, split.repeat, split.fold) for split in whole
    ]
    for mine, theirs in zip(part, whole, strict=True):
        np.testing.assert_array_equal(mine.train, theirs.train)
        np.testing.assert_array_equal(mine.test, theirs.test)
