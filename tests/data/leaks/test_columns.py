"""Which columns give the target away, and which only look so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from data.leaky_tables import labels

from smote_bench.data.leaks.columns import column_leak, interval_leak, is_counter
from smote_bench.data.leaks.profiles import profile

RNG = np.random.default_rng(0)
N = 200
Y = labels(RNG, N, 30)


def _profile(values: object, y: np.ndarray = Y):  # type: ignore[no-untyped-def]
    return profile(pd.Series(values, name="a"), y)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.arange(N) * 1.0, True),
        (np.arange(N)[::-1] * 1.0, True),
        (np.arange(N) * 7.0 + 1000, True),  # in the order of the file, in steps of one size
        (np.cumsum(RNG.integers(1, 4, N)) * 1.0, True),  # some are left out
        (np.sort(RNG.choice(90_000, N, replace=False)) * 1.0, False),  # a measurement, sorted
        (RNG.permutation(N) * 1.0, True),  # without gaps, whatever the order
        (RNG.permutation(N) * 7.0, True),
        (RNG.permutation(2 * N)[:N] * 7.0, False),
        (np.arange(N) + 0.5, False),
        (np.arange(N) // 3 * 1.0, False),
        (RNG.normal(size=N), False),
    ],
)
def test_counters_are_integers_in_order_or_without_gaps(values: np.ndarray, expected: bool) -> None:
    assert is_counter(_profile(values)) == expected


def test_a_counter_of_shuffled_rows_is_no_leak() -> None:
    assert column_leak(_profile(np.arange(N) * 1.0), 10) is None


def test_the_more_columns_the_less_is_a_column_that_fits_by_chance() -> None:
    y = np.r_[np.zeros(16, dtype=int), np.ones(3, dtype=int)]
    column = _profile(np.r_[RNG.normal(size=16), 9.0, 10.0, 11.0], y)
    assert column_leak(column, 1) is None
    y = np.r_[np.zeros(40, dtype=int), np.ones(5, dtype=int)]
    column = _profile(np.r_[RNG.normal(size=40), 9.0, 10.0, 11.0, 12.0, 13.0], y)
    assert column_leak(column, 1) is not None
    assert column_leak(column, 10_000) is None


def test_what_a_few_rows_have_is_judged_by_them() -> None:
    values = np.where(Y == 1, 9.0, np.random.default_rng(1).normal(size=N))
    values[np.flatnonzero(Y)[5:]] = np.nan
    found = column_leak(_profile(values), 3)
    assert found is not None
    assert "175 rows that have a value (25 have none)" in found.text
    values[np.flatnonzero(Y)[4:]] = np.nan
    assert column_leak(_profile(values), 3) is None


@pytest.mark.parametrize("of_class", [0, 1])
@pytest.mark.parametrize("as_text", [False, True])
def test_a_code_of_the_target_that_most_rows_lack_is_told(of_class: int, as_text: bool) -> None:
    rng = np.random.default_rng(of_class)
    y = (np.arange(600) % 4 == 0).astype(int)
    values = np.where(y == of_class, 5.0, rng.normal(size=600).round(3))
    values[rng.random(600) < 0.7] = np.nan
    column = pd.Series(values, name="a")
    if as_text:
        column = pd.Series(np.where(y == 1, "gone", "here"), name="a", dtype="category").where(
            ~np.isnan(values)
        )
    found = column_leak(profile(column, y), 3)
    assert found is not None
    assert found.kind == "leak"
    assert f"({int(np.isnan(values).sum())} have none)" in found.text


@pytest.mark.parametrize("of_class", [0, 1])
def test_a_column_that_one_class_alone_has_is_told(of_class: int) -> None:
    y = (np.arange(600) % 4 == 0).astype(int)
    values = np.random.default_rng(3).normal(size=600)
    rows = np.flatnonzero(y == of_class)
    values[~np.isin(np.arange(600), rows[::3])] = np.nan
    found = column_leak(profile(pd.Series(values, name="a"), y), 3)
    assert found is not None
    assert "has values in rows of one class alone" in found.text
    values[np.flatnonzero(y != of_class)[0]] = 0.0
    assert column_leak(profile(pd.Series(values, name="a"), y), 3) is None


def test_one_row_on_the_other_side_does_not_hide_a_copy() -> None:
    values = Y * 1.0
    values[np.flatnonzero(Y == 0)[0]] = 1.0
    found = column_leak(_profile(values), 5)
    assert found is not None
    assert "all but 1 of 200 rows (ROC AUC 0.997)" in found.text


def test_intervals_are_told_up_to_nine_and_never_of_categories() -> None:
    y = np.repeat([0, 1] * 5, 20)
    assert interval_leak(_profile(np.arange(200.0)[::-1] / 3, y), 4) is None
    y = np.repeat([0, 1, 0, 1, 0], 40)
    found = interval_leak(_profile(np.arange(200.0)[::-1] / 3, y), 4)
    assert found is not None
    assert "5 intervals" in found.text
    assert interval_leak(_profile(pd.Categorical(np.arange(200).astype(str)), y), 4) is None


def test_a_class_of_few_rows_with_one_value_is_no_constant() -> None:
    for n_minority, is_told in ((9, False), (10, True)):
        y = (np.arange(200) < n_minority).astype(int)
        found = column_leak(_profile(np.where(y == 1, 0.0, np.arange(200) % 9), y), 5)
        assert (found is not None) == is_told


def test_numbers_of_many_values_are_no_code() -> None:
    y = labels(np.random.default_rng(5), 600, 60)
    odd, even = np.random.default_rng(6).integers(0, 15, (2, 600)) * 2
    assert column_leak(_profile(np.where(y == 1, odd + 1.0, even), y), 5) is None
    assert (
        column_leak(_profile(pd.Categorical(np.where(y == 1, odd + 1, even).astype(str)), y), 5) is not None
    )
