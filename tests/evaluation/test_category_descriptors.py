"""What became of categories, in two numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.preprocessing import Recipe
from smote_bench.evaluation.category_descriptors import describe_categories
from smote_bench.evaluation.descriptors import DESCRIPTORS, OF_NUMBERS, describe

TABLE = pd.DataFrame(
    {
        "age": [1.0, 2.0, 3.0, 4.0],
        "city": pd.Categorical(["a", "a", "b", "c"]),
        "plan": pd.Categorical(["x", "y", "x", "x"]),
    }
)
Y = np.array([1, 1, 0, 0])


@pytest.fixture
def encoded():
    recipe = Recipe(scaling="standard")
    return recipe.fit_transform(TABLE), recipe


def rows(recipe: Recipe, city: list[str], plan: list[str]) -> np.ndarray:
    table = pd.DataFrame({"age": 1.0, "city": pd.Categorical(city), "plan": pd.Categorical(plan)})
    return recipe.transform(table)


def test_frequencies_are_against_the_minoritys_and_combinations_against_all_rows(encoded) -> None:
    X, recipe = encoded
    made = rows(recipe, ["a", "b", "b", "c"], ["x", "x", "y", "y"])
    found = describe_categories(X, Y, made, recipe.typed_columns_)
    # city: (.25, .5, .25) against (1, 0, 0), .75; plan: (.5, .5) against (.5, .5), 0; b-y and c-y are new
    assert found == pytest.approx({"level_shift": 0.375, "new_combinations": 0.5})


def test_rows_between_levels_are_new_and_count_for_each(encoded) -> None:
    X, recipe = encoded
    made = 0.25 * X[[0]] + 0.75 * X[[2]]  # a-x and b-x
    found = describe_categories(X, Y, made, recipe.typed_columns_)
    # city: (.25, .75, 0) against (1, 0, 0), .75; plan: (1, 0) against (.5, .5), .5
    assert found == pytest.approx({"level_shift": 0.625, "new_combinations": 1.0})


def test_copies_are_neither(encoded) -> None:
    X, recipe = encoded
    found = describe_categories(X, Y, X[Y == 1], recipe.typed_columns_)
    assert found == pytest.approx({"level_shift": 0.0, "new_combinations": 0.0}, abs=1e-12)


def test_without_synthetic_rows_they_are_undefined(encoded) -> None:
    X, recipe = encoded
    assert all(map(math.isnan, describe_categories(X, Y, X[:0], recipe.typed_columns_).values()))


def test_they_are_there_for_tables_with_categories_alone(encoded) -> None:
    X, recipe = encoded
    after = np.vstack([X, X[:1]]), np.append(Y, 1)
    assert list(describe((X, Y), after, recipe.typed_columns_)) == list(DESCRIPTORS)
    assert list(describe((X, Y), after)) == list(OF_NUMBERS)
