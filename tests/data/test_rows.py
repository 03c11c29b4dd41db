"""Rows that are told apart before any split: duplicates, and those far from the mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from data.made_tables import tables
from hypothesis import given, settings

from smote_bench.data.rows import drop_duplicates, outlier_rows


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
