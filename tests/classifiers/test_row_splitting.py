"""Classifiers that split the rows they are fitted on are recognised, and no others."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    BaggingClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - makes the halving searches importable
from sklearn.feature_selection import RFECV, SelectFromModel, SequentialFeatureSelector
from sklearn.linear_model import (
    LassoCV,
    LogisticRegression,
    LogisticRegressionCV,
    Perceptron,
    RidgeClassifierCV,
    SGDClassifier,
)
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    HalvingGridSearchCV,
    RandomizedSearchCV,
    TimeSeriesSplit,
    TunedThresholdClassifierCV,
    cross_val_predict,
    cross_val_score,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.discovery import all_estimators
from splitting_search import SEARCH, splitting_rows

from smote_bench.classifiers.calibrated_svm import CalibratedSVC
from smote_bench.classifiers.fitting import fit_predict
from smote_bench.classifiers.registry import CLASSIFIERS, build_classifier, parse_classifier
from smote_bench.classifiers.row_splitting import splitting_parts, watch_splits

KNN = KNeighborsClassifier(3)
GRID = GridSearchCV(KNN, {"n_neighbors": [1, 3]}, cv=2)


def _named(estimator: Any) -> list[str]:
    X, y = splitting_rows()
    with warnings.catch_warnings(), watch_splits() as watched:
        warnings.simplefilter("ignore")
        estimator.fit(X, y)
    return splitting_parts(estimator, len(y), watched)


class Searching(ClassifierMixin, BaseEstimator):
    """Builds a search in its own code and keeps it."""

    def fit(self, X, y):
        self.search_ = GridSearchCV(KNN, {"n_neighbors": [1, 3]}, cv=2).fit(X, y)
        return self


class Hiding(ClassifierMixin, BaseEstimator):
    """Splits its rows in its own code, which no parameter and no attribute tells."""

    def fit(self, X, y):
        self.scores_ = cross_val_predict(KNN, X, y, cv=3)
        return self


class HidingInOrder(Hiding):
    """The same by a splitter that does without the ``split`` of its base."""

    def fit(self, X, y):
        self.scores_ = cross_val_score(KNN, X, y, cv=TimeSeriesSplit(2))
        return self


class HidingPairs(Hiding):
    """The same by folds that are a list of indices."""

    def fit(self, X, y):
        rows = np.arange(len(y))
        self.scores_ = cross_val_score(KNN, X, y, cv=[(rows[::2], rows[1::2])])
        return self


class Wrapped:
    """Has no parameters, and keeps what it wraps under a name of its own."""

    def __init__(self):
        self.model = SVC(probability=True)
        self.seen = {}
        self.seen["itself"] = self.seen

    def fit(self, X, y):
        self.model.fit(X, y)
        return self


class WithCv(ClassifierMixin, BaseEstimator):
    """Somebody's own search."""

    def __init__(self, cv=4):
        self.cv = cv

    def fit(self, X, y):
        return self


SPLITTING = {
    "GridSearchCV (cv=2)": [
        GRID,
        make_pipeline(GRID),
        BaggingClassifier(GRID, n_estimators=2),
        OneVsRestClassifier(GRID),
        VotingClassifier([("a", KNN), ("b", GRID)]),
        FixedThresholdClassifier(GRID),
        Searching(),
        SelfTrainingClassifier(GRID),
    ],
    "RandomizedSearchCV (cv=2)": [RandomizedSearchCV(KNN, {"n_neighbors": [1, 3]}, n_iter=2, cv=2)],
    "HalvingGridSearchCV (cv=2)": [HalvingGridSearchCV(KNN, {"n_neighbors": [1, 3]}, cv=2)],
    "CalibratedClassifierCV (cv=None)": [CalibratedClassifierCV(DecisionTreeClassifier())],
    "CalibratedClassifierCV (cv=StratifiedKFold)": [CalibratedSVC()],
    "StackingClassifier (cv=None)": [StackingClassifier([("a", KNN), ("b", DecisionTreeClassifier())])],
    "TunedThresholdClassifierCV (cv=0.5)": [TunedThresholdClassifierCV(KNN, cv=0.5)],
    "LogisticRegressionCV (cv=3)": [LogisticRegressionCV(cv=3)],
    "RidgeClassifierCV (cv=None)": [RidgeClassifierCV()],  # leave-one-out
    "RFECV (cv=2)": [make_pipeline(RFECV(LogisticRegression(), cv=2), KNN)],
    "SequentialFeatureSelector (cv=2)": [
        make_pipeline(SequentialFeatureSelector(KNN, n_features_to_select=1, cv=2), KNN)
    ],
    "LassoCV (cv=2)": [make_pipeline(SelectFromModel(LassoCV(cv=2)), KNN)],
    "MLPClassifier (early_stopping=True)": [MLPClassifier((2,), max_iter=3, early_stopping=True)],
    "SGDClassifier (early_stopping=True)": [SGDClassifier(early_stopping=True)],
    "Perceptron (early_stopping=True)": [make_pipeline(Perceptron(early_stopping=True))],
    "HistGradientBoostingClassifier (early_stopping=True)": [
        HistGradientBoostingClassifier(max_iter=2, early_stopping=True)
    ],
    "GradientBoostingClassifier (n_iter_no_change=2)": [
        GradientBoostingClassifier(n_estimators=3, n_iter_no_change=2)
    ],
    "SVC (probability=True)": [SVC(probability=True), Wrapped()],
    "WithCv (cv=4)": [WithCv(), make_pipeline(WithCv())],
    "Hiding (StratifiedKFold in fit)": [Hiding()],
    "HidingInOrder (TimeSeriesSplit in fit)": [HidingInOrder()],
    "HidingPairs (_CVIterableWrapper in fit)": [HidingPairs()],
}


def _id(value: Any) -> str:
    """Return an id that is the same in every process: of an object without a text of its own, its class."""
    text = str(value)
    return type(value).__name__ if " object at 0x" in text else text


@pytest.mark.parametrize(
    ("part", "estimator"),
    [(part, estimator) for part, all_ in SPLITTING.items() for estimator in all_],
    ids=_id,
)
def test_what_splits_its_rows_is_named_wherever_it_stands(part: str, estimator: Any) -> None:
    assert part in _named(estimator)


def _with_cv() -> Iterator[tuple[str, type]]:
    for name, cls in all_estimators():
        if "cv" in inspect.signature(cls).parameters:
            yield name, cls


@pytest.mark.parametrize(("name", "cls"), list(_with_cv()))
def test_every_estimator_of_scikit_learn_with_folds_is_named(name: str, cls: type) -> None:
    needed = [
        parameter.name
        for parameter in inspect.signature(cls).parameters.values()
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
    ]
    given = {"estimator": KNN, "estimators": [("a", KNN)], "param_grid": {}, "param_distributions": {}}
    estimator = cls(**{name: given[name] for name in needed}).set_params(cv=3)
    assert splitting_parts(estimator, 100) == [f"{name} (cv=3)"]


# Of PassiveAggressiveClassifier, which leaves with scikit-learn 1.10.
@pytest.mark.filterwarnings("ignore:Class .* is deprecated:FutureWarning")
@pytest.mark.parametrize(
    ("name", "cls"), [each for each in all_estimators("classifier") if each not in list(_with_cv())]
)
def test_a_classifier_of_scikit_learn_that_does_not_split_is_not_named(name: str, cls: type) -> None:
    parameters = inspect.signature(cls).parameters
    given = {"estimator": KNN, "estimators": [("a", KNN)]}
    estimator = cls(**{key: given[key] for key in given if key in parameters})
    assert splitting_parts(estimator, 9_999) == []


@pytest.mark.parametrize(
    "estimator",
    [
        KNN,
        make_pipeline(KNN),
        BaggingClassifier(KNN, n_estimators=2),
        SVC(),
        VotingClassifier([("a", KNN)]),
        FixedThresholdClassifier(KNN),
        ClassifierChain(KNN),
        StackingClassifier([("a", KNN)], cv="prefit"),
        HistGradientBoostingClassifier(max_iter=2, early_stopping=True, validation_fraction=None),
    ],
    ids=_id,
)
def test_what_does_not_split_its_rows_is_not_named(estimator: Any) -> None:
    if isinstance(estimator, (ClassifierChain, StackingClassifier)):  # wants several targets, fitted parts
        assert splitting_parts(estimator, 100) == []
    else:
        assert _named(estimator) == []


_SLOW = ("CatBoost", "KerasMLP", "HistGradientBoosting")


@pytest.mark.parametrize("name", [name for name in CLASSIFIERS if name not in _SLOW])
def test_of_the_built_in_classifiers_the_calibrated_machine_alone_splits(name: str) -> None:
    assert bool(_named(build_classifier(CLASSIFIERS[name], 0))) == (name == "SVM")


def test_the_network_is_named_where_it_stops_early() -> None:
    plain, stopping = (
        build_classifier(parse_classifier("KerasMLP", params), 0) for params in ({}, {"early_stopping": 5})
    )
    assert splitting_parts(plain, 100) == []
    assert splitting_parts(stopping, 100) == ["KerasMLP (early_stopping=5)"]


@pytest.mark.parametrize(("n_rows", "splits"), [(10_000, False), (10_001, True)])
def test_early_stopping_by_default_begins_with_the_number_of_rows(n_rows: int, splits: bool) -> None:
    assert bool(splitting_parts(HistGradientBoostingClassifier(), n_rows)) == splits


def test_watching_leaves_the_splitters_as_they_were() -> None:
    from sklearn.model_selection import BaseCrossValidator, BaseShuffleSplit, StratifiedKFold

    splitters = BaseCrossValidator, BaseShuffleSplit, TimeSeriesSplit, StratifiedKFold
    before = [(cls.split, "split" in vars(cls)) for cls in splitters]
    with watch_splits():
        assert all(cls.split is not real for cls, (real, _) in zip(splitters, before, strict=True))
    with pytest.raises(KeyError), watch_splits():
        raise KeyError
    assert [(cls.split, "split" in vars(cls)) for cls in splitters] == before


def test_a_search_is_told_of_over_resampled_rows_only() -> None:
    X, y = splitting_rows()
    assert fit_predict(SEARCH, X, y, X, seed=0).warnings == ()
    (told,) = fit_predict(SEARCH, X, y, X, seed=0, is_resampled=True).warnings
    assert told.startswith("the classifier splits the resampled rows itself, GridSearchCV (cv=2): what it")
