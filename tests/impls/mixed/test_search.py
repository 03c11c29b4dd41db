"""The nearest rows of mixed tables: by the definition, in one order, whatever path finds them.

Also of: mixed_distance.
"""

from __future__ import annotations

import numpy as np
import pytest

from smote_impls.mixed.distance import MixedRows, median_deviation
from smote_impls.mixed.search import mixed_nearest


def _by_definition(rows, queries, k):
    """Every distance of each query, written out: numbers first, then the price once for each difference."""
    found = []
    for query in queries:
        numbers = ((rows.numbers - rows.numbers[query]) ** 2).sum(axis=1)
        d2 = numbers + (rows.codes != rows.codes[query]).sum(axis=1) * rows.price**2
        order = np.lexsort((np.arange(len(rows)), d2))
        found.append(order[order != query][:k])
    return np.array(found)


def _paper(price):
    """Chawla et al. (2002), section 6.1: F1 = 1 2 3 A B C, F2 = 4 6 5 A D E, F3 = 3 5 6 A B K."""
    numbers = np.array([[1.0, 2, 3], [4, 6, 5], [3, 5, 6]])
    return MixedRows(numbers, np.array([[0, 1, 2], [0, 3, 4], [0, 1, 5]]), price)


def test_the_distance_worked_in_the_paper():
    med = 0.75
    rows = _paper(med)
    between = rows.squared_distances(rows, np.array([1, 2, 2]), np.array([0, 0, 1]))
    f1_f2 = (4 - 1) ** 2 + (6 - 2) ** 2 + (5 - 3) ** 2 + med**2 + med**2
    f1_f3 = (3 - 1) ** 2 + (5 - 2) ** 2 + (6 - 3) ** 2 + med**2
    f2_f3 = (4 - 3) ** 2 + (6 - 5) ** 2 + (5 - 6) ** 2 + med**2 + med**2
    assert between.tolist() == [f1_f2, f1_f3, f2_f3]


@pytest.mark.parametrize(("price", "nearest"), [(0.75, 2), (0.0, 2), (5.0, 2)])
def test_the_nearest_of_the_papers_rows(price, nearest):
    assert mixed_nearest(_paper(price), np.array([0]), 1).tolist() == [[nearest]]


def test_the_price_of_a_difference_decides_by_its_square():
    # From row 0: row 1 is 3 away in numbers, row 2 differs in one level, row 3 in two.
    numbers, codes = np.array([[0.0], [3.0], [0.0], [0.0]]), np.array([[0, 0], [0, 0], [1, 0], [1, 1]])
    for price, order in [(2.0, [2, 3, 1]), (2.9, [2, 1, 3]), (3.1, [1, 2, 3]), (3.0, [1, 2, 3])]:
        assert mixed_nearest(MixedRows(numbers, codes, price), np.array([0]), 3).tolist() == [order]


@pytest.mark.parametrize(
    ("n_rows", "n_numeric", "n_categorical", "n_levels", "whole"),
    [
        (40, 2, 3, 3, False),
        (1500, 5, 10, 8, False),
        (1500, 2, 3, 60, False),  # more levels than are multiplied
        (1500, 1, 2, 3, True),  # hundreds of rows at one distance
        (1500, 1, 3, 300, True),
        (1200, 3, 1, 2, True),
        (1000, 0, 2, 40, False),
    ],
)
@pytest.mark.parametrize("price", [0.0, 0.7, np.sqrt(2), 3.0])
def test_agrees_with_the_definition(n_rows, n_numeric, n_categorical, n_levels, whole, price):
    rng = np.random.RandomState(0)
    numbers = rng.normal(size=(n_rows, n_numeric))
    numbers = np.rint(20 * numbers) if whole else numbers
    rows = MixedRows(numbers, rng.randint(n_levels, size=(n_rows, n_categorical)), price)
    queries = rng.permutation(n_rows)[:40]
    expected = _by_definition(rows, queries, 5)
    np.testing.assert_array_equal(mixed_nearest(rows, queries, 5), expected)
    np.testing.assert_array_equal(mixed_nearest(rows, queries, 5, n_jobs=2), expected)
    np.testing.assert_array_equal(mixed_nearest(rows, np.arange(n_rows), 5)[queries], expected)


def test_duplicates_are_neighbours_and_a_row_is_not_its_own():
    rows = MixedRows(np.zeros((7, 1)), np.array([[0]] * 4 + [[1]] * 3), 1.0)
    assert mixed_nearest(rows, np.arange(7), 3).tolist() == [
        [1, 2, 3],
        [0, 2, 3],
        [0, 1, 3],
        [0, 1, 2],
        [5, 6, 0],
        [4, 6, 0],
        [4, 5, 0],
    ]


@pytest.mark.parametrize("factor", [1e-170, 1e160])
def test_sizes_whose_squares_no_float_holds_do_not_matter(factor):
    rng = np.random.RandomState(0)
    numbers, codes = rng.normal(size=(60, 2)), rng.randint(3, size=(60, 2))
    expected = mixed_nearest(MixedRows(numbers, codes, 0.5), np.arange(60), 4)
    found = mixed_nearest(MixedRows(numbers * factor, codes, 0.5 * factor), np.arange(60), 4)
    np.testing.assert_array_equal(found, expected)


def test_the_median_is_of_the_deviations():
    numbers = np.array([[0.0, 0, 0], [2, 20, 200]])
    assert median_deviation(numbers) == 10
    assert median_deviation(numbers[:, :2]) == 5.5
    assert median_deviation(numbers * 1e300) == pytest.approx(1e301)
    assert median_deviation(np.zeros((4, 2))) == 0
