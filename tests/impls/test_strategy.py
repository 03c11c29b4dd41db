"""Every form of sampling_strategy: exact counts, and errors for what cannot be."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imblearn.utils import check_sampling_strategy

from smote_impls import SMOTE
from smote_impls.strategy import STRATEGY_NAMES, synthetic_counts

from .small_data import SAMPLERS, overlapping


def _three():
    X, y = overlapping(n_rows=300, n_minority=60)
    return X, np.where((y == 0) & (np.arange(300) % 3 == 0), 2, y)


@pytest.mark.parametrize("name", STRATEGY_NAMES)
@given(y=st.lists(st.integers(0, 3), min_size=2, max_size=40).filter(lambda y: len(set(y)) > 1))
def test_names_mean_what_they_mean_in_imbalanced_learn(name, y):
    y = np.array(y)
    present = dict(sorted(Counter(y.tolist()).items()))
    assert synthetic_counts(name, present, lambda: y) == check_sampling_strategy(name, y, "over-sampling")


@given(counts=st.tuples(st.integers(1, 300), st.integers(1, 300)), ratio=st.floats(0.01, 1))
def test_ratios_mean_what_they_mean_in_imbalanced_learn(counts, ratio):
    y, present = np.repeat([0, 1], counts), dict(enumerate(counts))
    n_wanted = int(max(counts) * ratio)
    if n_wanted < min(counts):
        with pytest.raises(ValueError, match=r"at least the present ratio, .* got 0\.\d*|got 1\.0"):
            synthetic_counts(ratio, present, lambda: y)
    elif n_wanted == min(counts):
        assert set(synthetic_counts(ratio, present, lambda: y).values()) == {0}
    else:
        assert synthetic_counts(ratio, present, lambda: y) == check_sampling_strategy(
            ratio, y, "over-sampling"
        )


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", {0: 160, 1: 160, 2: 160}),
        ("minority", {0: 160, 1: 160, 2: 80}),
        ("not minority", {0: 160, 1: 60, 2: 160}),
        ("all", {0: 160, 1: 160, 2: 160}),
        ([1], {0: 160, 1: 160, 2: 80}),
        ([2, 2], {0: 160, 1: 60, 2: 160}),
        ([], {0: 160, 1: 60, 2: 80}),
        ({1: 61, 0: 170}, {0: 170, 1: 61, 2: 80}),
        ({2: 80}, {0: 160, 1: 60, 2: 80}),
        (lambda y: dict.fromkeys(set(y.tolist()), 200), {0: 200, 1: 200, 2: 200}),
    ],
)
def test_counts_are_exact(sampler, strategy, expected):
    X, _ = overlapping(n_rows=300, n_minority=60)
    y = np.random.RandomState(0).permutation(np.repeat([0, 1, 2], [160, 60, 80]))
    before = Counter(y.tolist())
    _, y_resampled = sampler.set_params(sampling_strategy=strategy).fit_resample(X, y)
    assert dict(Counter(y_resampled.tolist())) == expected
    added = {label: n for label, n in sampler.sampling_strategy_.items() if n}
    assert added == {label: n - before[label] for label, n in expected.items() if n > before[label]}


@pytest.mark.parametrize("ratio", [0.25, 0.3, 0.77, 1.0, 1])
def test_ratio_gives_its_share_of_the_majority(sampler, ratio):
    X, y = overlapping()
    _, y_resampled = sampler.set_params(sampling_strategy=ratio).fit_resample(X, y)
    assert (y_resampled == 1).sum() == int(160 * ratio)


def test_labels_keep_their_own_type_in_what_is_recorded():
    X, y = overlapping()
    sampler = SMOTE().fit(X, np.array(["no", "yes"])[y])
    assert sampler.sampling_strategy_ == {"yes": 120}
    assert type(next(iter(SMOTE().fit(X, y).sampling_strategy_))) is int


def test_balanced_data_are_returned_as_they_are():
    for name, sampler in SAMPLERS.items():
        X, y = overlapping(n_rows=80, n_minority=40)
        X_resampled, y_resampled = sampler.fit_resample(X, y)
        np.testing.assert_array_equal(X_resampled, X, err_msg=name)
        np.testing.assert_array_equal(y_resampled, y)
        assert not np.shares_memory(X_resampled, X)


@pytest.mark.parametrize(
    ("strategy", "error", "message"),
    [
        ({3: 200}, ValueError, r"got 3; y has \[0, 1\]"),
        ([3], ValueError, r"got 3; y has \[0, 1\]"),
        (lambda y: {3: 200}, ValueError, "got 3"),
        ({"1": 200}, ValueError, r"got '1'.*Did you mean 1 \(type=int\)\?"),
        ({1: 39}, ValueError, "at least the 40 rows that class 1 has.*got 39"),
        ({1: -5}, ValueError, "at least the 40 rows"),
        ({1: 50.5}, TypeError, r"whole number of rows for class 1.*got 50.5 \(type=float\)"),
        ({1: "50"}, TypeError, "whole number of rows"),
        ({1: True}, TypeError, "whole number of rows"),
        (lambda y: 50, TypeError, "callable sampling_strategy to return a dict.*got 50"),
        (0.1, ValueError, "at least the present ratio, 40/160.*got 0.1"),
        (1.5, ValueError, "The 'sampling_strategy' parameter of SMOTE must be"),
        (0, ValueError, "The 'sampling_strategy' parameter of SMOTE must be"),
        ("majority", ValueError, "The 'sampling_strategy' parameter of SMOTE must be.*'not majority'"),
        ("minorty", ValueError, "The 'sampling_strategy' parameter"),
        (None, ValueError, "The 'sampling_strategy' parameter"),
    ],
)
def test_rejects_what_cannot_be(strategy, error, message):
    with pytest.raises(error, match=message):
        SMOTE(sampling_strategy=strategy).fit_resample(*overlapping())


def test_rejects_ratio_for_three_classes():
    with pytest.raises(
        ValueError, match=r"Expected two classes with sampling_strategy=0.5, got 3.*give a dict"
    ):
        SMOTE(sampling_strategy=0.5).fit_resample(*_three())


def test_callable_sees_the_labels():
    X, y = overlapping()
    seen = []
    names = np.array(["no", "yes"])[y]
    SMOTE(sampling_strategy=lambda labels: seen.append(labels) or {"yes": 50}).fit_resample(X, names)
    np.testing.assert_array_equal(seen[0], names)
