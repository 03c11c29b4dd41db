"""The papers' definitions, with every way to settle ties."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from smote_bench.properties.reference import danger_rows, least_gap, majority_counts, neighborhood

LINE = np.arange(6.0)[:, None]


def test_neighbors_without_ties_are_those_of_scikit_learn():
    X = np.random.default_rng(0).normal(size=(40, 3))
    near = neighborhood(X, X, 4, self_rows=np.arange(40))
    expected = np.zeros((40, 40), dtype=bool)
    np.put_along_axis(
        expected, NearestNeighbors(n_neighbors=4).fit(X).kneighbors(return_distance=False), True, axis=1
    )
    assert (near.certain == expected).all()
    assert (near.possible == expected).all()


def test_tied_neighbors_are_possible_and_not_certain():
    near = neighborhood(LINE, LINE[[2]], 1, self_rows=np.array([2]))
    assert np.flatnonzero(near.possible[0]).tolist() == [1, 3]
    assert not near.certain.any()


def test_all_tied_neighbors_are_certain_where_all_are_needed():
    near = neighborhood(LINE, LINE[[2]], 2, self_rows=np.array([2]))
    assert np.flatnonzero(near.certain[0]).tolist() == [1, 3]


def test_distances_of_the_largest_numbers_do_not_overflow():
    near = neighborhood(LINE * 3e307, LINE[[0]] * 3e307, 1, self_rows=np.array([0]))
    assert np.flatnonzero(near.certain[0]).tolist() == [1]


def test_danger_is_half_or_more_but_not_all():
    # Rows of class 1 at 0 (its neighbours at 1 and 2), 10 and 20; m = 2.
    X = np.array([[0.0], [1.0], [2.1], [10.0], [11.0], [12.1], [20.0], [21.0], [22.1]])
    y = np.array([1, 1, 1, 1, 0, 1, 1, 0, 0])
    certain, possible = danger_rows(X, y, 1, 2)
    assert dict(zip(np.flatnonzero(y == 1).tolist(), certain.tolist(), strict=True)) == {
        0: False,
        1: False,
        2: False,
        3: True,
        5: True,
        6: False,
    }
    assert (certain == possible).all()


def test_counts_of_tied_rows_are_a_range():
    X, y = np.array([[0.0], [1.0], [-1.0], [5.0]]), np.array([1, 0, 1, 0])
    fewest, most = majority_counts(X, y, 1, 1)
    assert (fewest[0], most[0]) == (0, 1)


def test_a_double_in_another_class_may_be_taken_for_the_row_itself():
    X, y = np.array([[0.0], [0.0], [1.0], [2.0]]), np.array([1, 0, 0, 1])
    fewest, most = majority_counts(X, y, 1, 2)
    assert (fewest[0], most[0]) == (1, 2)


def test_the_least_gap_of_tied_rows_is_zero():
    assert least_gap(LINE) == 0.0
    assert least_gap(np.array([[0.0], [1.0], [3.0]])) == pytest.approx(1.0)
