"""Columns that are kept and look wrong: suspected in words, never changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.tables.column_doubts import constants_finding, doubts_of_categories, doubts_of_numbers

AGES = [float(20 + n % 50) for n in range(100)]


def doubts(values):
    column = pd.Series(values, name="a")
    return doubts_of_numbers(column, column.to_numpy(dtype=float, na_value=np.nan), "t.csv")


@pytest.mark.parametrize(
    ("sentinel", "others"),
    [
        (-999, AGES),
        (-99, [n * 100 for n in AGES]),
        (999, AGES),
        (9999.0, AGES),
        (99, [n % 7 for n in AGES]),
        (99999, [n * 1000 for n in AGES[:30] for _ in range(3)]),
        (-32768, [n - 40 for n in AGES]),
    ],
)
def test_a_sentinel_is_suspected(sentinel, others):
    (found,) = doubts([*others, sentinel, sentinel, sentinel, sentinel, sentinel, *[sentinel] * 10])
    assert (found.kind, found.column) == ("suspect", "a")
    assert f"has {sentinel:g} in 15 of {len(others) + 15} rows" in found.text


def test_two_sentinels_are_both_suspected():
    assert [finding.text.split(" in ")[0][-4:] for finding in doubts([*AGES, -999, -999, 9999, 9999])] == [
        "-999",
        "9999",
    ]


def test_once_is_no_sentinel_nor_is_a_value_among_the_others():
    assert doubts([*AGES, 999]) == []
    assert doubts([*AGES, 99, 99, 88, 88]) == []
    assert doubts([*(n * 10 for n in range(200)), 999, 999]) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_measurements_are_not_suspected(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(30, 300))
    for values in (
        rng.normal(rng.normal(0, 100), rng.uniform(1, 100), n).round(1),
        rng.integers(0, int(rng.integers(2, 1000)), n).astype(float),
        rng.lognormal(3, 1, n),
        rng.binomial(1, 0.1, n).astype(float),
    ):
        assert [finding for finding in doubts(values) if finding.kind == "suspect"] == []


def test_whole_numbers_that_floats_make_equal_are_named():
    column = pd.Series([2**53, 2**53 + 1, 5, 6] * 20, name="big")
    (found,) = doubts_of_numbers(column, column.to_numpy(dtype=float), "t.csv")
    assert (found.kind, found.column) == ("suspect", "big")
    assert "20 lose digits" in found.text
    even = pd.Series([2**60, 2**61] * 20, name="big")
    assert doubts_of_numbers(even, even.to_numpy(dtype=float), "t.csv") == []


def test_hardly_any_value_and_one_value_are_named():
    (found,) = doubts([5.0, *[np.nan] * 119])
    assert "has a value in 1 of 120 rows" in found.text
    assert not found.is_caveat


def test_columns_of_one_value_are_named_together():
    columns = {"a": pd.Series([5.0] * 30), "b": pd.Series(AGES)}
    (found,) = constants_finding(columns, "t.csv")
    assert "column 'a' has one value, 5, in all rows" in found.text
    assert found.remedy == "'drop: [a]' leaves it out"
    columns["no"] = pd.Series(["x"] * 29 + [None], dtype="category")
    (found,) = constants_finding(columns, "t.csv")
    assert "2 columns have one value each in all rows: 'a', 'no'" in found.text
    assert found.remedy == "'drop: [a, \"no\"]' leaves them out"
    assert constants_finding({"b": columns["b"]}, "t.csv") == []
    assert not found.is_caveat


def test_more_categories_than_features_are_named():
    many = pd.Series([f"city {n % 255}" for n in range(600)], name="city", dtype="category")
    (found,) = doubts_of_categories(many, "t.csv")
    assert "has 255 categories: in each fold up to 254, the most frequent," in found.text
    assert doubts_of_categories(many[many != "city 3"].cat.remove_unused_categories(), "t.csv") == []
