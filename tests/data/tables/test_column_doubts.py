"""Columns that are kept and look wrong: suspected in words, never changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.tables.column_doubts import (
    constants_finding,
    crowded_finding,
    doubts_of_categories,
    doubts_of_numbers,
)

AGES = [float(20 + n % 50) for n in range(100)]


def test_categories_that_are_too_many_together_are_told_with_how_many_stay():
    codes = np.random.default_rng(0).integers(0, 2_000, (20_000, 26)).astype(str)
    columns = {f"c{n}": pd.Series(codes[:, n], dtype="category") for n in range(26)}
    columns["few"] = pd.Series(["a", "b"] * 10_000, dtype="category")
    columns["x"] = pd.Series(np.arange(20_000.0))
    (found,) = crowded_finding(columns, "t.csv")
    assert found.is_caveat
    assert "would be 6,632 features of 20,000 rows" in found.text  # 26 * 255 + 2
    assert "in 26 columns up to about 127, the most frequent in each fold" in found.text  # 26 * 128 + 2
    assert found.remedy.startswith("'drop: [c")
    assert crowded_finding({"c0": columns["c0"], "few": columns["few"]}, "t.csv") == []
    assert crowded_finding({"x": columns["x"]}, "t.csv") == []
    assert crowded_finding({}, "t.csv") == []


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


@pytest.mark.parametrize(
    ("codes", "others"),
    [
        ((-998, -999), [n % 7 for n in AGES]),
        ((98, 99), [n % 7 for n in AGES]),
        ((97, 98, 99), [n % 5 for n in AGES]),
        ((77, 99), [n % 7 for n in AGES]),
        ((9998, 9999), AGES),
        ((98,), [n % 10 for n in AGES]),
        ((-200,), AGES),
        ((-999.25,), AGES),
        ((65535,), AGES),
        ((2147483647,), AGES),
    ],
)
def test_codes_of_surveys_and_programs_do_not_hide_each_other(codes, others):
    found = doubts([*others, *(code for code in codes for _ in range(12))])
    said = [one.text.split(" has ")[1].split(" in ")[0] for one in found]
    assert said == [f"{code:g}" for code in sorted(codes)]
    assert all(f"all others are from {min(others):g} to {max(others):g}" in one.text for one in found)


def test_categories_that_hardly_come_twice_are_a_caveat_unless_they_are_stated():
    sizes = pd.Series([f"{n}±0.{n % 9}" for n in range(60)] * 1 + ["1±0.5"] * 40, name="a", dtype="category")
    (found,) = doubts_of_categories(sizes, "t.csv")
    assert (found.kind, found.column) == ("suspect", "a")
    assert "has 61 categories in 100 rows, such as '0±0.0'" in found.text
    assert doubts_of_categories(sizes, "t.csv", is_stated=True) == []
    cities = pd.Series([f"city {n % 40}" for n in range(100)], name="a", dtype="category")
    assert doubts_of_categories(cities, "t.csv") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("New York", "New\u00a0York"), ("red", "red\u200b"), ("Z\u00fcrich", "Zu\u0308rich"), ("a b", "a  b")],
)
def test_categories_that_differ_in_what_is_not_seen_are_named(one, other):
    column = pd.Series([one, other, "x"] * 10, name="a", dtype="category")
    (found,) = doubts_of_categories(column, "t.csv")
    assert (found.kind, found.column) == ("suspect", "a")
    assert "differ in what is not seen" in found.text
    assert ascii(one) in found.text
    assert ascii(other) in found.text


@pytest.mark.parametrize(
    ("one", "other"),
    [("São Paulo", "Sao Paulo"), ("O'Hare", "O\u2019Hare"), ("at_risk", "At risk"), ("A-1", "A1")],
)
def test_categories_that_differ_in_accents_or_signs_are_suspected_once(one, other):
    column = pd.Series([one, other, "Rio", "A+", "A-"] * 4, dtype="category", name="city")
    (found,) = doubts_of_categories(column, "t.csv")
    assert found.is_caveat
    assert "differ in accents, dashes, apostrophes or signs between words alone" in found.text


@pytest.mark.parametrize(("one", "other"), [("Ward 03", "Ward 3"), ("room_007", "room 7")])
def test_categories_that_differ_in_zeros_behind_words_are_suspected_once(one, other):
    column = pd.Series([one, other, "Ward 30", "P70", "v1.05", "v1.5"] * 4, dtype="category", name="who")
    (found,) = doubts_of_categories(column, "t.csv")
    assert found.is_caveat
    assert "differ in zeros in front of numbers behind words alone" in found.text
    assert repr(one) in found.text


@pytest.mark.parametrize(
    ("one", "other"),
    [("E011", "E11"), ("I01.0", "I1.0"), ("s0", "s00"), ("P-007", "P-7"), ("A 01", "A 1"), ("00038", "38")],
)
def test_codes_of_which_each_digit_counts_are_not(one, other):
    column = pd.Series([one, other, "Ward 30", "P70"] * 4, dtype="category", name="code")
    assert doubts_of_categories(column, "t.csv") == []


def test_one_word_beside_empty_cells_may_say_yes():
    gaps = pd.Series(["GP"] * 20 + [None] * 10, dtype="category")
    (found,) = constants_finding({"a": gaps}, "t.csv")
    assert found.is_caveat
    assert "has one value, 'GP', in all rows that have one; 10 have none" in found.text
    assert "'kinds: {a: boolean}' takes a cell without a value for no" in found.remedy
    numbers = pd.Series([5.0] * 20 + [None] * 10)
    (found,) = constants_finding({"a": numbers}, "t.csv")
    assert not found.is_caveat


def test_a_word_that_says_no_says_nothing_of_empty_cells():
    gaps = pd.Series(["no"] * 20 + [None] * 10, dtype="category")
    (found,) = constants_finding({"a": gaps}, "t.csv")
    assert not found.is_caveat
    assert "boolean" not in found.remedy
    words = pd.Series(["GP"] * 20 + [None] * 10, dtype="category")
    (found,) = constants_finding({"a": words}, "t.csv", stated=("a",))
    assert not found.is_caveat


def test_categories_that_come_twice_are_no_caveat():
    twice = pd.Series([f"name {n // 2}" for n in range(400)] + ["x"], name="a", dtype="category")
    assert doubts_of_categories(twice, "t.csv") == []
