"""Columns that follow from others are told from columns that agree in copied rows."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.data.leaks.followers import without_followers

RNG = np.random.default_rng(0)
N = 3000


def _left(*columns: np.ndarray) -> list[int]:
    return without_followers([np.asarray(one, dtype=np.int32) for one in columns])


def test_one_of_the_indicators_of_a_category_follows_from_the_others() -> None:
    category, number = RNG.integers(0, 4, N), RNG.permutation(N)
    assert _left(*(category == level for level in range(4)), number) == [0, 1, 2, 4]


def test_a_sum_of_columns_follows_from_them_and_so_does_a_column_in_another_order() -> None:
    a, b = RNG.integers(0, 90, N), RNG.integers(0, 90, N)
    assert _left(a, b, a + b, 89 - a) == [0, 1]


def test_a_city_follows_from_its_postcode_wherever_the_columns_stand() -> None:
    code = RNG.integers(0, 200, N)
    city = RNG.integers(0, 150, 200)[code]
    assert _left(code, city) == [0]
    assert _left(city, code) == [1]


def test_one_row_that_differs_is_no_following() -> None:
    code = RNG.integers(0, 200, N)
    city = RNG.integers(0, 150, 200)[code]
    city[np.flatnonzero(code == 7)[0]] = 151
    assert _left(code, city) == [0, 1]


def test_nothing_follows_in_a_table_whose_rows_are_there_twice() -> None:
    once = np.column_stack([RNG.permutation(300) for _ in range(5)])
    assert _left(*np.vstack([once, once]).T) == [0, 1, 2, 3, 4]


def test_a_missing_value_is_a_value() -> None:
    code = RNG.integers(0, 50, N)
    assert _left(code, np.where(code == 3, -1, code // 2)) == [0]
    assert _left(np.where(code == 3, -1, code), code) == [0]


@pytest.mark.parametrize("n_columns", [0, 1, 201])
def test_no_column_one_and_very_many_are_left_as_they_are(n_columns: int) -> None:
    assert _left(*[np.arange(N) % 7] * n_columns) == list(range(n_columns))
