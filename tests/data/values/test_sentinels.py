"""Numbers of nines stand out where they lie outside of all others, and not within them."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.data.values.sentinels import SENTINELS, outlying_sentinels


@pytest.mark.parametrize("value", [-999.0, 9999.0, -32768.0, 1e30])
def test_a_number_of_nines_far_from_all_others_is_one(value: float) -> None:
    assert value in SENTINELS
    (found,) = outlying_sentinels(np.array([1.0, 2.0, 5.0, value, value]))
    assert (found.value, found.n_rows, found.low, found.high) == (value, 2, 1.0, 5.0)


@pytest.mark.parametrize(
    "values", [[1.0, 2.0, 99.0], [1.0, 99.0, 99.0, 200.0], [1.0, 5.0, 1234.0, 1234.0], [99.0, 99.0], []]
)
def test_one_row_a_number_within_the_others_and_other_numbers_are_none(values: list[float]) -> None:
    assert outlying_sentinels(np.array(values)) == []


def test_other_numbers_are_looked_for_where_they_are_named() -> None:
    assert [one.value for one in outlying_sentinels(np.array([0.0, 0.0, 1e9, 1e9 + 5]), (0.0,))] == [0.0]
