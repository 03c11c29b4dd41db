"""Rows that are told apart before any split: duplicates, and those far from the mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from data.made_tables import tables
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.rows import drop_duplicates, first_of_equals, outlier_rows


@given(tables())
@settings(deadline=None)
def test_removing_duplicates_keeps_the_first_of_each_and_their_order(table):
    y = np.arange(len(table)) % 2
    X, kept_y, n_removed = drop_duplicates(table, y)
    rows = [(*map(str, row), target) for row, target in zip(table.itertuples(index=False), y, strict=True)]
    kept = [(*map(str, row), target) for row, target in zip(X.itertuples(index=False), kept_y, strict=True)]
    zero = [tuple(str(cell).replace("-0.0", "0.0") for cell in row) for row in rows]
    assert [tuple(str(cell).replace("-0.0", "0.0") for cell in row) for row in kept] == list(
        dict.fromkeys(zero)
    )
    assert n_removed == len(rows) - len(kept)


def test_equal_features_with_another_target_are_no_duplicate():
    X, y, n_removed = drop_duplicates(pd.DataFrame({"a": [1.0, 1.0, 1.0]}), np.array([0, 1, 0]))
    assert (X["a"].tolist(), y.tolist(), n_removed) == ([1.0, 1.0], [0, 1], 1)


def test_finds_rows_far_from_the_mean_in_any_number():
    X = pd.DataFrame({"a": [0.0] * 20 + [100.0], "same": 1.0, "kind": ["x"] * 21, "gap": [np.nan] * 21})
    assert outlier_rows(X).tolist() == [False] * 20 + [True]


_CELLS = {
    "a": st.sampled_from([0.0, -0.0, 1.5, float("nan")]),
    "b": st.integers(0, 1),
    "c": st.sampled_from(["x", "y", None]),
    "d": st.booleans(),
}


@given(
    st.lists(st.fixed_dictionaries(_CELLS), min_size=1, max_size=12),
    st.sampled_from([object, "category", "string", "str"]),
)
def test_repeated_rows_are_those_that_pandas_finds_by_comparing_all(rows, dtype):
    table = pd.DataFrame(rows)
    y = table.pop("b").to_numpy()
    table["c"] = table["c"].astype(dtype)
    compared = table.assign(y=y).duplicated().to_numpy()
    assert first_of_equals(table, y).tolist() == (~compared).tolist()


def test_rows_with_one_hash_are_compared(monkeypatch):
    monkeypatch.setattr(pd.util, "hash_pandas_object", lambda table, index: pd.Series(0, index=table.index))
    table = pd.DataFrame({"a": [1.0, 2.0, 1.0, 3.0]})
    assert first_of_equals(table, np.array([0, 0, 0, 0])).tolist() == [True, True, False, True]


def test_columns_of_texts_and_categories_do_not_make_all_rows_be_compared(monkeypatch):
    texts = pd.Series([f"text {n}" for n in range(200)], dtype="string")
    table = pd.DataFrame({"a": texts, "b": texts.astype("category"), "c": 1.0})
    table = pd.concat([table, table[:3]], ignore_index=True)
    n_compared = []
    compared = pd.DataFrame.duplicated
    monkeypatch.setattr(
        pd.DataFrame, "duplicated", lambda frame: n_compared.append(len(frame)) or compared(frame)
    )
    keep = first_of_equals(table, np.zeros(len(table), dtype=int))
    assert keep.tolist() == [True] * 200 + [False] * 3
    assert n_compared == [6]
