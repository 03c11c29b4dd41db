"""Classifiers that take categories as such: the parameter that says so, and rows they cannot be fitted on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fold_sources import fold_source
from mixed_table import mixed_experiment
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from smote_bench.classifiers.inner_folds import InnerFold
from smote_bench.classifiers.registry import classifier_identity, parse_classifier
from smote_bench.classifiers.typed_rows import TypedInnerFolds, classifier_frame, take_categories
from smote_bench.errors import ConfigError, UnavailableError

FRAME = pd.DataFrame({"age": [1.0, 2.0], "city": pd.Categorical(["a", "b"])})


class Boosted(ClassifierMixin, BaseEstimator):
    """Has XGBoost's switch, and CatBoost's argument of fit."""

    def __init__(self, enable_categorical: bool = False) -> None:
        self.enable_categorical = enable_categorical

    def fit(self, X: Any, y: Any, cat_features: list[str] | None = None) -> Boosted:
        return self


def test_the_switch_of_each_library_is_set_where_nobody_has() -> None:
    boosting, other = HistGradientBoostingClassifier(categorical_features=None), Boosted()
    assert take_categories(boosting, FRAME) == {}
    assert boosting.categorical_features == "from_dtype"
    assert take_categories(other, FRAME) == {"cat_features": ["city"]}
    assert other.enable_categorical is True
    named = HistGradientBoostingClassifier(categorical_features=[0])
    assert (take_categories(named, FRAME), named.categorical_features) == ({}, [0])
    assert take_categories(LogisticRegression(), FRAME) == {}
    assert take_categories(Boosted(), FRAME.to_numpy()) == {}


def test_typed_rows_are_asked_for_in_the_definition_and_are_part_of_what_it_is() -> None:
    spec = parse_classifier("Native", {"classifier": "HistGradientBoosting", "rows": "typed"})
    assert spec.rows == "typed"
    assert classifier_identity(spec)["rows"] == "typed"
    short = parse_classifier("HistGradientBoosting", {"rows": "typed", "params": {"max_iter": 10}})
    assert (short.target, short.rows, short.params) == (spec.target, "typed", {"max_iter": 10})
    plain = parse_classifier("HistGradientBoosting")
    assert plain.rows == ""
    assert "rows" not in classifier_identity(plain)
    with pytest.raises(ConfigError, match="expected rows: typed, got 'encoded'"):
        parse_classifier("Native", {"classifier": "kNN", "rows": "encoded"})


def test_rows_between_categories_are_refused_with_the_remedy_and_unseen_ones_are_not(tmp_path: Path) -> None:
    fold = next(iter(fold_source(mixed_experiment(tmp_path, ["Original"])).folds("People", "Original")))
    assert fold.columns is not None
    frame = classifier_frame(fold.columns, fold.X, "Native")
    assert sorted(frame["city"].unique()) == ["Bonn", "Graz", "Oslo"]
    unseen = fold.X[:1].copy()
    unseen[:, 4:7] = 0.0
    assert classifier_frame(fold.columns, unseen, "Native")["city"].tolist() == ["(unseen)"]
    between = 0.5 * fold.X[:60] + 0.5 * fold.X[60:120]
    with pytest.raises(UnavailableError, match=r"Native takes categories.*between those of.*repair: round"):
        classifier_frame(fold.columns, between, "Native")
    inner = [InnerFold(fold.X[:9], fold.y[:9], fold.X[9:12], fold.y[9:12])]
    folds = TypedInnerFolds(inner, fold.columns, "Native")
    for _ in range(2):  # a cell may iterate more than once
        (made,) = folds
        assert list(made.X.columns) == list(made.X_valid.columns) == ["age", "plan", "income", "city"]
        assert np.array_equal(made.y, fold.y[:9])


def test_catboost_takes_them_and_is_cloned_for_thresholds(tmp_path: Path) -> None:
    pytest.importorskip("catboost")
    from smote_bench.classifiers.fitting import fit_predict

    fold = next(iter(fold_source(mixed_experiment(tmp_path, ["Original"])).folds("People", "Original")))
    spec = parse_classifier(
        "Native", {"classifier": "CatBoost", "rows": "typed", "params": {"iterations": 5}}
    )
    X, X_test = (classifier_frame(fold.columns, rows, "Native") for rows in (fold.X, fold.X_test))
    made = fit_predict(spec, X, fold.y, X_test, seed=0, tuned_threshold=True)
    assert np.isfinite(made.score).all()
    shuffled = X.assign(city=X["city"].cat.rename_categories({"Bonn": "Graz", "Graz": "Bonn"}))
    again = fit_predict(spec, shuffled, fold.y, X_test, seed=0)
    assert not np.array_equal(again.score, made.score)
