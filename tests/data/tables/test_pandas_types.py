"""Columns of pandas that no file has become such that one has; others stay the very same."""

from __future__ import annotations

import pandas as pd
import pytest

from smote_bench.data.tables import pandas_types
from smote_bench.data.tables.pandas_types import storable, usual_types
from smote_bench.errors import ConfigError


def test_a_table_of_usual_types_is_not_touched():
    table = pd.DataFrame(
        {"a": [1, 2], "b": ["x", None], "c": pd.Categorical([1, 2]), "d": pd.Categorical(["x", "y"])}
    )
    assert storable(table) is table
    assert usual_types(table) is table


def test_the_other_columns_stay_beside_one_that_is_changed():
    table = pd.DataFrame({"a": [1, 2], "b": pd.arrays.SparseArray([0.0, 1.0]), "c": pd.Categorical([1, 2])})
    pd.testing.assert_frame_equal(storable(table), table.assign(b=[0.0, 1.0]))


def test_categories_that_are_one_text_are_refused():
    table = pd.DataFrame({"a": pd.Categorical([1, "1"], categories=[1, "1"], ordered=True)})
    with pytest.raises(ConfigError, match="categories that differ as texts in column 'a'"):
        storable(table)


def test_many_sparse_columns_are_refused_before_they_are_dense(monkeypatch):
    monkeypatch.setattr(pandas_types, "_MOST_DENSE_BYTES", 15)
    with pytest.raises(ConfigError, match=r"as it becomes dense, got 2 x 1 sparse numbers"):
        storable(pd.DataFrame({"a": pd.arrays.SparseArray([0.0, 1.0])}))


def test_cells_of_which_nobody_knows_what_they_are_stay():
    table = pd.DataFrame({"a": [1, b"x", [2]]})
    assert storable(table) is table
