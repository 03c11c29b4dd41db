"""The value difference metric: by hand, by its definition, and by imbalanced-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from imblearn.metrics.pairwise import ValueDifferenceMetric

from smote_impls.mixed.value_difference import ValueDifference


def test_deltas_by_hand_with_three_classes():
    # Level 0: shares 1/2, 1/2, 0. Level 1: 0, 1/2, 1/2. Level 2: 0, 0, 1.
    codes = np.array([[0], [0], [1], [1], [2]])
    metric = ValueDifference.of(codes, np.array([0, 1, 1, 2, 2]))
    of_levels = np.array([0, 2, 4])
    assert metric.squared_distances(of_levels, of_levels).tolist() == [
        [0, 1.0**2, 2.0**2],
        [1.0**2, 0, 1.0**2],
        [2.0**2, 1.0**2, 0],
    ]


def test_columns_are_summed():
    codes = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    metric = ValueDifference.of(codes, np.array([0, 1, 0, 1]))
    assert metric.squared_distances(np.array([0]), np.arange(4)).tolist() == [[0, 4, 0, 4]]


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("n_levels", [2, 5, 90])
def test_is_imbalanced_learns_distance(n_classes, n_levels):
    rng = np.random.RandomState(0)
    codes, classes = rng.randint(n_levels, size=(120, 4)), rng.randint(n_classes, size=120)
    metric = ValueDifference.of(codes, classes)
    theirs = ValueDifferenceMetric().fit(codes, classes).pairwise(codes)
    np.testing.assert_allclose(metric.squared_distances(np.arange(120), np.arange(120)), theirs, atol=1e-12)


@pytest.mark.parametrize("n_levels", [2, 6, 200])
def test_nearest_are_those_of_the_definition_ties_by_row(n_levels, monkeypatch):
    monkeypatch.setattr("smote_impls.mixed.value_difference._BLOCK_PAIRS", 500)
    rng = np.random.RandomState(0)
    codes, classes = rng.randint(n_levels, size=(150, 3)), rng.randint(2, size=150)
    metric, rows = ValueDifference.of(codes, classes), np.flatnonzero(classes == 1)
    d2 = metric.squared_distances(rows, rows)
    queries = rng.permutation(len(rows))[:30]
    expected = []
    for query in queries:
        order = np.argsort(d2[query], kind="stable")
        expected.append(order[order != query][:4])
    np.testing.assert_array_equal(metric.nearest(rows, queries, 4), expected)
    np.testing.assert_array_equal(metric.nearest(rows, queries, 4, n_jobs=2), expected)


def test_as_many_levels_as_rows_are_few_groups():
    codes, classes = np.arange(3000)[:, None], np.arange(3000) % 2
    metric = ValueDifference.of(codes, classes)
    assert metric.squares[0].tolist() == [[0, 4], [4, 0]]
