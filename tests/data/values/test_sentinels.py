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


SPREAD = np.linspace(3.0, 80.0, 200)


@pytest.mark.parametrize(
    "value",
    [
        3.4028235e38,
        -3.4028234663852886e38,
        -3.40282346639e38,
        9.96921e36,
        1e36,
        1e16,
        -1e16,
        999.9,
        -99.9,
        -999.99,
        88888,
    ],
)
def test_what_programs_write_for_a_missing_number_is_one_in_each_rounding(value: float) -> None:
    (found,) = outlying_sentinels(np.array([*SPREAD, *[value] * 9]))
    assert (found.value, found.n_rows, found.low, found.high) == (value, 9, 3.0, 80.0)


@pytest.mark.parametrize(
    "values",
    [
        [*SPREAD, 1e16],  # one row
        [*SPREAD, *[9999.99] * 3],  # a price
        [*SPREAD, *[999.99] * 9],
        [*(SPREAD * 0.3), *[99.99] * 9],
        [*np.linspace(1, 14, 40), *[3650.0] * 9],  # ten years, of days
        [*np.linspace(20.0, 20.3, 200), *[85.0] * 9],  # the fault that is looked for
        [*np.linspace(-9000, 9000, 400), *[-32767.0] * 9],  # as low as 16 bits go
        [*SPREAD, 120.0, 120.0],
        [*(SPREAD * 1.2), *[99.9] * 9],  # within the others
        [*SPREAD, *[99.9] * 40],  # a share that is full
        [*np.linspace(985, 999.8, 200), *[999.9] * 40],  # as pure as can be
        [*[0.0, 1.0] * 50, *[5000.0] * 9],  # three numbers are classes
        [*np.geomspace(1, 1e6, 200), 1e7, 1e7],
    ],
)
def test_large_numbers_of_other_kinds_are_none(values: list[float]) -> None:
    assert outlying_sentinels(np.array(values)) == []


def test_no_other_number_is_looked_for_where_some_are_named() -> None:
    assert outlying_sentinels(np.array([*SPREAD, *[1e16] * 9]), (0.0,)) == []
