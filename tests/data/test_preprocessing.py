"""The recipe: it learns from training rows only, and gives finite numbers whatever the table holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from data.made_tables import dataset, like, tables
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from smote_bench.data.preprocessing import MOST_CATEGORIES, Preprocessing, Recipe, most_categories
from smote_bench.errors import ConfigError
from smote_bench.evaluation.prepare import prepare_fold

pytestmark = pytest.mark.versions

CATEGORIES = ["low", "mid", "high"]


SCALINGS = st.sampled_from(["minmax", "standard", "none"])


@given(tables(), tables(), SCALINGS)
@settings(deadline=None)
def test_gives_finite_numbers_whatever_is_missing_constant_or_unseen(train, test, scaling):
    recipe = Recipe(scaling=scaling)
    for values, table in [(recipe.fit_transform(train), train), (recipe.transform(like(train, test)), test)]:
        assert values.shape == (len(table), len(recipe.feature_names_out_))
        assert values.dtype == np.float64
        assert values.flags.c_contiguous
        assert values.flags.writeable
        assert np.isfinite(values).all()


@given(tables(), tables(), tables(), SCALINGS)
@settings(deadline=None)
def test_training_rows_come_out_the_same_whatever_the_test_rows_are(train, test, other, scaling):
    folds = []
    for rest in (test, other):
        table = like(train, pd.concat([train, like(train, rest)], ignore_index=True))
        chosen = Preprocessing(scaling=scaling)
        rows = np.arange(len(table))
        folds.append(prepare_fold(dataset(table), rows[: len(train)], rows[len(train) :], chosen))
    assert folds[0].X_train.tobytes() == folds[1].X_train.tobytes()


@given(tables(), SCALINGS)
@settings(deadline=None)
def test_transforming_the_fitted_rows_again_gives_the_same(table, scaling):
    recipe = Recipe(scaling=scaling)
    fitted = recipe.fit_transform(table)
    assert fitted.tobytes() == recipe.transform(table).tobytes()


@given(tables())
@settings(deadline=None)
def test_min_max_scaled_training_rows_lie_between_zero_and_one(table):
    values = Recipe().fit_transform(table)
    assert (values >= -1e-12).all()
    assert (values <= 1 + 1e-12).all()


@given(tables())
@settings(deadline=None)
def test_constant_features_are_zero_in_test_rows_too(table):
    table["same"] = 3.0
    recipe = Recipe().fit(table)
    position = recipe.feature_names_out_.index("same")
    assert (recipe.transform(table.assign(same=1e6))[:, position] == 0).all()


@pytest.mark.parametrize(("scaling", "scaler"), [("minmax", MinMaxScaler()), ("standard", StandardScaler())])
def test_scales_as_scikit_learn_does(scaling, scaler):
    rng = np.random.default_rng(0)
    train, test = rng.normal(size=(50, 4)), rng.normal(size=(20, 4))
    recipe = Recipe(scaling=scaling).fit(pd.DataFrame(train))
    assert (recipe.transform(pd.DataFrame(test)) == scaler.fit(train).transform(test)).all()


def test_does_not_clip_what_lies_outside_the_training_range():
    recipe = Recipe().fit(pd.DataFrame({"a": [0.0, 10.0]}))
    assert recipe.transform(pd.DataFrame({"a": [-5.0, 20.0]})).tolist() == [[-0.5], [2.0]]


def test_one_hot_encodes_the_categories_of_the_training_rows_and_counts_others():
    recipe = Recipe().fit(pd.DataFrame({"kind": ["b", "a", "b"]}))
    assert recipe.feature_names_out_ == ("kind=a", "kind=b")
    assert recipe.transform(pd.DataFrame({"kind": ["b", "c"]})).tolist() == [[0, 1], [0, 0]]
    assert recipe.remarks_ == ("1 cells hold a category not seen in fitting",)


def test_codes_ordered_categories_by_their_order_and_unseen_ones_as_minus_one():
    recipe = Recipe(scaling="none", nominal=[], ordinal={"size": CATEGORIES})
    values = recipe.fit_transform(pd.DataFrame({"size": ["high", "low", "mid", "huge"]}))
    assert values.ravel().tolist() == [2, 0, 1, -1]
    assert recipe.remarks_ == ("1 cells hold a category not seen in fitting",)


def test_fills_missing_categories_with_the_most_frequent_and_the_first_among_equals():
    recipe = Recipe(scaling="none").fit(pd.DataFrame({"kind": ["b", "a", "b", "a", None]}))
    assert recipe.transform(pd.DataFrame({"kind": [None]})).tolist() == [[1, 0]]
    assert "1 missing categories" in recipe.remarks_[0]


def test_fills_missing_numbers_with_the_mean_of_the_nearest_training_rows():
    train = pd.DataFrame({"a": [0.0, 1.0, 100.0], "b": [10.0, 20.0, 90.0]})
    recipe = Recipe(scaling="none", n_neighbors=2).fit(train)
    assert recipe.transform(pd.DataFrame({"a": [0.4], "b": [np.nan]})).tolist() == [[0.4, 15.0]]
    assert recipe.remarks_ == ("1 missing numbers filled from 2 neighbours",)


def test_a_feature_without_any_training_value_is_kept_as_zeros_and_said():
    recipe = Recipe().fit(pd.DataFrame({"a": [1.0, 2.0], "b": [np.nan, np.nan]}))
    assert recipe.transform(pd.DataFrame({"a": [1.5], "b": [7.0]})).tolist() == [[0.5, 0.0]]
    assert any("no value" in remark for remark in recipe.fit(pd.DataFrame({"b": [np.nan]})).remarks_)


def test_rejects_other_columns_than_it_was_fitted_on():
    recipe = Recipe().fit(pd.DataFrame({"a": [1.0], "b": [2.0]}))
    with pytest.raises(ValueError, match="expected the features"):
        recipe.transform(pd.DataFrame({"b": [1.0], "a": [2.0]}))


def test_rejects_infinite_numbers():
    with pytest.raises(ValueError, match="finite"):
        Recipe().fit(pd.DataFrame({"a": [1.0, np.inf]}))


def test_rejects_a_named_feature_that_is_not_there():
    with pytest.raises(ValueError, match="Did you mean 'kind'"):
        Recipe(nominal=["kinds"]).fit(pd.DataFrame({"kind": ["a"]}))


def test_does_not_write_into_the_table_it_reads():
    table = pd.DataFrame({"a": [1.0, 2.0]})
    values = Recipe(scaling="none").fit_transform(table)
    values[:] = 0
    assert table["a"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"scaling": "minmx"}, "Did you mean 'minmax'"),
        ({"scalling": "minmax"}, "Did you mean 'scaling'"),
        ({"n_neighbors": 0}, "got 0"),
        ({"n_neighbors": True}, "got True"),
        ({"n_neighbors": 2.5}, "got 2.5"),
    ],
)
def test_rejects_wrong_parameters_of_the_recipe(mapping, message):
    with pytest.raises(ConfigError, match=message):
        Preprocessing.parse(mapping)


def test_parameters_survive_their_json():
    chosen = Preprocessing(scaling="standard", n_neighbors=3)
    assert Preprocessing.parse(chosen.to_json()) == chosen


def test_rare_categories_of_a_feature_with_very_many_are_one_feature_and_said():
    texts = [f"c{n:03d}" for n in range(300)] + [f"c{n:03d}" for n in range(254)]
    recipe = Recipe(scaling="none")
    values = recipe.fit_transform(pd.DataFrame({"shop": pd.Series(texts, dtype="category")}))
    assert recipe.feature_names_out_ == (*(f"shop={text}" for text in texts[:MOST_CATEGORIES]), "shop=(rare)")
    assert values.sum(axis=1).tolist() == [1.0] * 554
    assert values[:, -1].nonzero()[0].tolist() == list(range(254, 300))
    assert "rare categories are taken together in 'shop' (46 of 300)" in recipe.remarks_
    known = recipe.transform(pd.DataFrame({"shop": pd.Series(["c299", "new"], dtype="category")}))
    assert known[:, -1].tolist() == [1.0, 0.0]
    assert known.sum() == 1.0


@pytest.mark.parametrize(
    ("n_rows", "n_categories", "most"),
    [
        (16_000, [2_700] * 26, 160),  # 26 * 161 * 16,000 are 67.0 million, within 2**26
        (16_000, [2_700, *[12] * 100], 254),
        (800_000, [12] * 10, 32),  # which is all of them, in 0.7 GiB
        (800_000, [200] * 5, 32),
        (800_000, [200] * 50, 2),  # 50 * 3 * 800,000 are 120 million, within 2**27
        (10**9, [200], 1),
        (100, [], 254),
        (100, [5_000], 254),
    ],
)
def test_categories_of_large_tables_are_fewer_where_all_would_not_fit(n_rows, n_categories, most):
    assert most_categories(n_rows, n_categories) == most


def test_a_huge_table_has_fewer_categories_of_each_feature(monkeypatch):
    for bound in ("_MANY_CELLS", "_MOST_CELLS"):
        monkeypatch.setattr(f"smote_bench.data.preprocessing.{bound}", 100 * 2 * 8)
    columns = {name: pd.Series([f"{n % 50}" for n in range(100)], dtype="category") for name in "ab"}
    values = Recipe().fit_transform(pd.DataFrame(columns))
    assert values.shape == (100, 2 * 8)
    assert values.sum(axis=1).tolist() == [2.0] * 100
    for bound in ("_MANY_CELLS", "_MOST_CELLS"):
        monkeypatch.setattr(f"smote_bench.data.preprocessing.{bound}", 1)
    assert Recipe().fit_transform(pd.DataFrame(columns)).shape == (100, 2 * 2)


def test_as_many_categories_as_are_allowed_stay_features_of_their_own():
    texts = [f"c{n:03d}" for n in range(MOST_CATEGORIES)]
    recipe = Recipe().fit(pd.DataFrame({"shop": pd.Series(texts, dtype="category")}))
    assert len(recipe.feature_names_out_) == MOST_CATEGORIES
    assert not [text for text in recipe.remarks_ if "rare" in text]
