"""Encoded rows and typed frames: there and back to the bit, and what lies between categories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from data.made_tables import CATEGORIES, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.preprocessing import Recipe
from smote_bench.data.typed_rows import NO_LEVEL, UNSEEN, TypedColumns, TypedRows, unique_levels

pytestmark = pytest.mark.versions

SCALINGS = st.sampled_from(["minmax", "standard", "none"])


def fitted(table: pd.DataFrame, scaling: str = "minmax") -> tuple[np.ndarray, TypedColumns, np.ndarray]:
    recipe = Recipe(scaling=scaling)
    X = recipe.fit_transform(table)
    assert recipe.typed_columns_ is not None
    assert recipe.numbers_ is not None
    return X, recipe.typed_columns_, recipe.numbers_


def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": [20.0, 30.0, 40.0, 60.0],
            "status": pd.Categorical(["single", "married", "married", "widowed"]),
            "school": pd.Categorical(["low", "high", "mid", "low"], categories=CATEGORIES, ordered=True),
            "sex": pd.Categorical(["f", "m", "f", "m"]),
        }
    )


@given(tables(), SCALINGS)
@settings(deadline=None)
def test_there_and_back_is_the_same_to_the_bit_with_scaled_numbers_and_without(table, scaling):
    X, columns, numbers = fitted(table, scaling)
    assert columns.encoded(columns.frame(X), is_scaled=True).tobytes() == X.tobytes()
    frame = columns.frame(X, numbers)
    assert columns.encoded(frame, is_scaled=False).tobytes() == X.tobytes()
    assert list(frame.columns) == list(table.columns)
    for name in table:
        known = table[name].notna()
        same = str if name.startswith("is_so") else object
        assert frame[name][known].astype(object).tolist() == table[name][known].astype(same).tolist()
        assert frame[name].notna().all()
    assert not any(rows.any() for rows in columns.fractional(X).values())
    assert columns.rounded(X).tobytes() == X.tobytes()


def test_types_are_those_of_the_columns() -> None:
    X, columns, numbers = fitted(people())
    frame = columns.frame(X, numbers)
    assert frame["age"].dtype == np.float64
    assert frame["status"].dtype == pd.CategoricalDtype(["married", "single", "widowed"])
    assert frame["school"].dtype == pd.CategoricalDtype(CATEGORIES, ordered=True)
    assert frame["age"].tolist() == [20.0, 30.0, 40.0, 60.0]
    assert columns.frame(X)["age"].tolist() == [0.0, 0.25, 0.5, 1.0]


def test_a_category_that_was_not_seen_is_a_level_of_its_own_for_classifiers() -> None:
    recipe = Recipe()
    X = recipe.fit_transform(people())
    columns = recipe.typed_columns_
    assert columns is not None
    other = people().assign(status=pd.Categorical(["divorced", "single", "married", "widowed"]))
    test = columns.frame(recipe.transform(other), for_classifier=True)
    train = columns.frame(X, for_classifier=True)
    assert test["status"].tolist() == [UNSEEN, "single", "married", "widowed"]
    assert train.dtypes.equals(test.dtypes)
    assert UNSEEN not in columns.frame(X)["status"].cat.categories


def test_a_column_without_any_cell_has_one_level() -> None:
    X, columns, _ = fitted(people().assign(sex=pd.Categorical([None] * 4)))
    frame = columns.frame(X)
    assert frame["sex"].tolist() == [NO_LEVEL] * 4
    assert columns.encoded(frame, is_scaled=True).tobytes() == X.tobytes()


@pytest.mark.parametrize("scaling", ["minmax", "standard", "none"])
def test_rows_between_categories_are_told_and_rounded_to_the_nearest(scaling: str) -> None:
    X, columns, _ = fitted(people(), scaling)
    # .37 of the first row (single, low, f) and .63 of the second (married, high, m); codes 0 and 2
    between = 0.37 * X[0] + 0.63 * X[1]
    rows = np.vstack([X, between])
    told = columns.fractional(rows)
    assert {name: rows.tolist() for name, rows in told.items()} == {
        "status": [False] * 4 + [True],
        "sex": [False] * 4 + [True],
    }
    rounded = columns.rounded(rows)
    assert rounded[:4].tobytes() == X.tobytes()
    last = columns.frame(rounded).iloc[4]
    assert (last["status"], last["school"], last["sex"]) == ("married", "mid", "m")  # 1.26 is nearest to 1
    assert columns.frame(rounded)["age"][4] == columns.frame(rows)["age"][4]
    np.testing.assert_allclose(columns.level_weights(rows)[0][4], [0.63, 0.37, 0.0], atol=1e-12)


def test_equally_near_categories_are_rounded_to_the_first() -> None:
    X, columns, _ = fitted(people())
    rounded = columns.rounded(0.5 * X[[0]] + 0.5 * X[[1]])
    assert columns.frame(rounded)["status"].tolist() == ["married"]


@pytest.mark.parametrize(
    ("name", "cells", "told"),
    [
        ("status", ["single", "married", "lost", "widowed"], "column 'status'.*'lost'"),
        ("status", ["single", "married", None, "widowed"], "column 'status'"),
        ("age", [1.0, 2.0, np.nan, 3.0], "finite numbers in the column 'age'"),
        ("age", ["a", "b", "c", "d"], "numbers in the column 'age'"),
    ],
)
def test_what_no_sampler_may_return_is_named(name: str, cells: list, told: str) -> None:
    X, columns, numbers = fitted(people())
    frame = columns.frame(X, numbers)
    frame[name] = cells
    with pytest.raises(ValueError, match=told):
        columns.encoded(frame, is_scaled=False)


def test_some_rows_keep_their_numbers() -> None:
    _, columns, numbers = fitted(people())
    assert TypedRows(columns, numbers).take(np.array([2, 0])).numbers.tolist() == [[40.0], [20.0]]
    assert TypedRows(columns, None).take(np.array([2])).numbers is None


def test_codes_between_ordered_levels_are_told_where_that_is_asked_for() -> None:
    X, columns, _ = fitted(people(), "standard")
    between = 0.37 * X[[0]] + 0.63 * X[[2]]  # low and mid
    assert columns.fractional(between, with_ordered=True)["school"].tolist() == [True]
    assert columns.fractional(X, with_ordered=True)["school"].tolist() == [False] * 4
    assert "school" not in columns.fractional(between)


def test_levels_with_reserved_names_and_repeated_ones_stay_apart() -> None:
    table = people().assign(status=pd.Categorical([UNSEEN, "(rare)", "a", "a"]))
    X, columns, _ = fitted(table)
    frame = columns.frame(X, for_classifier=True)
    assert frame["status"].tolist() == [UNSEEN, "(rare)", "a", "a"]
    assert list(frame["status"].cat.categories)[-1] == f"{UNSEEN} 2"
    assert unique_levels(["1", "1", "1 2", "1"]) == ("1", "1 2", "1 2 2", "1 3")


def test_columns_may_have_one_name() -> None:
    table = people()
    table.columns = ["a", "b", "c", "b"]
    recipe = Recipe(nominal=["b"], ordinal={"c": CATEGORIES})
    X = recipe.fit_transform(table)
    assert list(recipe.typed_columns_.frame(X).columns) == ["a", "b", "c", "b"]


@pytest.mark.parametrize("scaling", ["minmax", "standard", "none"])
def test_truth_values_are_two_categories_in_one_feature(scaling: str) -> None:
    table = people().assign(smokes=[True, False, False, True])
    X, columns, numbers = fitted(table, scaling)
    as_numbers = Recipe(scaling=scaling).fit_transform(table.assign(smokes=table["smokes"].astype(float)))
    assert X.tobytes() == as_numbers.tobytes()  # nothing changes for samplers of encoded rows
    assert numbers.tolist() == [[20.0], [30.0], [40.0], [60.0]]
    assert columns.frame(X)["smokes"].dtype == pd.CategoricalDtype(["False", "True"])
    between = np.vstack([0.37 * X[0] + 0.63 * X[1], 0.5 * X[0] + 0.5 * X[1], X[2]])
    assert columns.fractional(between)["smokes"].tolist() == [True, True, False]
    np.testing.assert_allclose(columns.level_weights(between)[2][0], [0.63, 0.37], atol=1e-12)
    rounded = columns.rounded(np.vstack([between, 0.7 * X[0] + 0.3 * X[1]]))
    assert columns.frame(rounded)["smokes"].tolist() == ["False", "False", "False", "True"]
    assert rounded[2].tobytes() == X[2].tobytes()
    assert columns.is_unseen(between, "smokes").tolist() == [False] * 3


def test_truth_values_that_are_all_the_same_have_one_level() -> None:
    X, columns, _ = fitted(people().assign(smokes=True))
    frame = columns.frame(X)
    assert frame["smokes"].tolist() == ["True"] * 4
    assert columns.encoded(frame, is_scaled=True).tobytes() == X.tobytes()
    assert "smokes" not in columns.fractional(X)


def test_numbers_and_truth_values_alone_are_typed_too() -> None:
    X, columns, numbers = fitted(pd.DataFrame({"smokes": [True, False], "age": [20.0, 30.0]}))
    assert list(columns.frame(X, numbers)) == ["smokes", "age"]
    assert columns.numeric == ((1, 1),)
    assert Recipe().fit(pd.DataFrame({"age": [20.0, 30.0]})).typed_columns_ is None
