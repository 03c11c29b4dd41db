"""Tuned thresholds are scikit-learn's.

Also of: inner_folds.
"""

import math
import sys
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.metrics import geometric_mean_score, specificity_score
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    make_scorer,
    matthews_corrcoef,
    precision_score,
    recall_score,
)
from sklearn.model_selection import StratifiedKFold, TunedThresholdClassifierCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from smote_bench.classifiers.inner_folds import real_folds
from smote_bench.classifiers.prediction import NotApplicable
from smote_bench.classifiers.thresholds import ThresholdSearch, tune_threshold, tune_thresholds
from smote_bench.metrics import METRICS, cost_metric, parse_metric

pytestmark = pytest.mark.versions


def scikit_learns(estimator, X, y, seed, scoring="balanced_accuracy"):
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    tuned = TunedThresholdClassifierCV(estimator, scoring=scoring, cv=folds).fit(X, y)
    return tuned.best_threshold_


SCORERS = {
    "balanced_accuracy": make_scorer(balanced_accuracy_score),
    "f1": make_scorer(f1_score),
    "f1_macro": make_scorer(f1_score, average="macro"),
    "f1_weighted": make_scorer(f1_score, average="weighted"),
    "precision": make_scorer(precision_score, zero_division=0),
    "precision_macro": make_scorer(precision_score, average="macro", zero_division=0),
    "recall": make_scorer(recall_score),
    "specificity": make_scorer(specificity_score),
    "g_mean": make_scorer(geometric_mean_score),
    "mcc": make_scorer(matthews_corrcoef),
    "accuracy": make_scorer(accuracy_score),
    "fp": make_scorer(lambda y, label: ((y == 0) & (label == 1)).sum(), greater_is_better=False),
    "fn": make_scorer(lambda y, label: ((y == 1) & (label == 0)).sum(), greater_is_better=False),
}


@settings(deadline=None, max_examples=8)
@given(
    st.sampled_from(
        [
            LogisticRegression(),
            RidgeClassifier(),
            GaussianNB(),
            KNeighborsClassifier(),
            DecisionTreeClassifier(random_state=0, max_depth=3),
        ]
    ),
    st.integers(0, 2**32 - 1),
    st.integers(5, 30),
)
def test_finds_the_threshold_of_scikit_learn(estimator, seed, n_minority):
    random = np.random.default_rng(seed)
    y = np.repeat([0, 1], [60, n_minority])
    X = random.normal(size=(len(y), 2)) + y[:, None]
    try:
        expected = scikit_learns(estimator, X, y, seed)
    except ValueError as error:
        assert "constant predictions" in str(error)  # noqa: PT017 - which of the two happens depends on the draw
        with pytest.raises(NotApplicable, match="scores of a fold's rows are all the same"):
            tune_threshold(estimator, X, y, seed=seed)
    else:
        assert tune_threshold(estimator, X, y, seed=seed) == expected


@settings(deadline=None, max_examples=12)
@given(
    st.sampled_from(sorted(SCORERS)),
    st.sampled_from([GaussianNB(), RidgeClassifier(), DecisionTreeClassifier(random_state=0, max_depth=3)]),
    st.integers(0, 2**32 - 1),
    st.integers(5, 20),
)
def test_finds_the_threshold_of_scikit_learn_for_every_metric(metric, estimator, seed, n_minority):
    """Where two thresholds are equally good but for the last bit, either may be found: then by value."""
    random = np.random.default_rng(seed)
    y = np.repeat([0, 1], [40, n_minority])
    X = random.normal(size=(len(y), 2)) + y[:, None]
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    tuned = TunedThresholdClassifierCV(
        estimator, scoring=SCORERS[metric], cv=folds, store_cv_results=True, refit=True
    )
    try:
        tuned.fit(X, y)
    except ValueError as error:
        assert "constant predictions" in str(error)  # noqa: PT017 - which of the two happens depends on the draw
        return
    found = tune_threshold(estimator, X, y, seed=seed, metric=METRICS[metric])
    thresholds, scores = tuned.cv_results_["thresholds"], tuned.cv_results_["scores"]
    place = np.flatnonzero(thresholds == found)
    assert len(place) == 1
    assert scores[place[0]] == pytest.approx(tuned.best_score_, abs=1e-12)
    if metric not in ("mcc", "g_mean"):  # these are rounded otherwise
        assert found == tuned.best_threshold_


def one_fold(n_minority=12, seed=0):
    random = np.random.default_rng(seed)
    y = np.repeat([0, 1], [40, n_minority])
    return random.normal(size=(len(y), 2)) + y[:, None], y


def test_thresholds_of_several_metrics_are_those_of_each_alone():
    X, y = one_fold()
    names = [metric.name for metric in METRICS.values() if metric.needs == "labels"]
    search = ThresholdSearch(METRICS["f1"], tuple(METRICS.values()))
    found = tune_thresholds(GaussianNB(), real_folds(X, y, seed=3), search)
    assert next(iter(found)) == "f1"
    assert sorted(found) == sorted(names)
    assert found == {name: tune_threshold(GaussianNB(), X, y, seed=3, metric=METRICS[name]) for name in found}


def own(monkeypatch, function, better="high"):
    module = types.ModuleType("smote_bench_own_metric")
    module.own = function
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return parse_metric("own", {"metric": "smote_bench_own_metric:own", "better": better})


@pytest.mark.parametrize("better", ["high", "low"])
def test_finds_the_threshold_of_a_metric_of_ones_own_in_its_direction(monkeypatch, better):
    def cost(truth, label, score=None):
        return 10.0 * ((truth == 1) & (label == 0)).sum() + ((truth == 0) & (label == 1)).sum()

    X, y = one_fold()
    found = tune_threshold(GaussianNB(), X, y, seed=1, metric=own(monkeypatch, cost, better))
    scoring = make_scorer(cost, greater_is_better=better == "high")
    assert found == scikit_learns(GaussianNB(), X, y, 1, scoring)


def test_a_metric_of_ones_own_is_asked_once_for_each_labelling(monkeypatch):
    asked = []

    def count(truth, label, score):
        asked.append((label.tobytes(), score.tobytes()))
        return float((truth == label).mean())

    X, y = one_fold()
    tune_threshold(GaussianNB(), X, y, seed=1, metric=own(monkeypatch, count))
    assert len(asked) == len(set(asked)) < 5 * 12


def test_a_metric_that_no_threshold_changes_cannot_be_tuned_for(monkeypatch):
    X, y = one_fold()
    rank = own(monkeypatch, lambda truth, label, score: float(score[truth == 1].mean()))
    with pytest.raises(NotApplicable, match="no threshold can be tuned for own: none changes it"):
        tune_threshold(GaussianNB(), X, y, seed=1, metric=rank)
    found = tune_thresholds(
        GaussianNB(), real_folds(X, y, seed=1), ThresholdSearch(METRICS["f1"], (rank, METRICS["mcc"]))
    )
    assert list(found) == ["f1", "mcc"]


def test_a_threshold_where_ones_own_metric_is_undefined_is_never_chosen(monkeypatch):
    def picky(truth, label, score):
        return math.nan if label.sum() > 6 else float(label.sum())

    X, y = one_fold()
    with_nan = tune_threshold(GaussianNB(), X, y, seed=1, metric=own(monkeypatch, picky))
    without = tune_threshold(
        GaussianNB(), X, y, seed=1, metric=own(monkeypatch, lambda t, label, s: label.sum())
    )
    assert with_nan > without


def test_a_metric_without_a_value_in_every_fold_at_any_threshold_cannot_be_tuned_for(monkeypatch):
    first = []

    def here_or_there(truth, label, score):
        first[:] = first or [score.tolist()]
        in_first = score.tolist() == first[0]
        return float(label.sum()) if (score[label == 1].min(initial=1) > 0.5) == in_first else math.nan

    X, y = one_fold()
    with pytest.raises(NotApplicable, match="for own: none has a value in every fold"):
        tune_threshold(GaussianNB(), X, y, seed=1, metric=own(monkeypatch, here_or_there))


def test_a_classifier_without_get_params_has_a_threshold_too():
    class Bare:
        def fit(self, X, y):
            self.model = GaussianNB().fit(X, y)
            self.classes_ = self.model.classes_
            return self

        def predict_proba(self, X):
            return self.model.predict_proba(X)

    X, y = one_fold()
    assert tune_threshold(Bare(), X, y, seed=1) == tune_threshold(GaussianNB(), X, y, seed=1)


def test_a_metric_that_nobody_tunes_for_does_not_fail_the_cell(monkeypatch):
    def fails(truth, label, score):
        raise ZeroDivisionError("no majority was predicted")

    X, y = one_fold()
    broken = own(monkeypatch, fails)
    with pytest.warns(UserWarning, match="no threshold was tuned for own, which raised ZeroDivisionError"):
        found = tune_thresholds(
            GaussianNB(), real_folds(X, y, seed=1), ThresholdSearch(METRICS["f1"], (broken,))
        )
    assert list(found) == ["f1"]
    with pytest.raises(ZeroDivisionError):
        tune_threshold(GaussianNB(), X, y, seed=1, metric=broken)


class Echo(ClassifierMixin, BaseEstimator):
    """Predicts its only column."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        return np.column_stack([1 - X[:, 0], X[:, 0]])


def test_a_row_at_the_threshold_belongs_to_the_minority():
    y = np.repeat([0, 1], [50, 25])
    X = np.where(y == 1, 1.0, np.linspace(0, 0.5, 75))[:, None]
    X[:10] = 1.0  # majority rows that no threshold separates: at 1.0 they count as minority
    assert tune_threshold(Echo(), X, y, seed=0) == scikit_learns(Echo(), X, y, 0) < 1.0


def test_does_not_fit_the_estimator_it_is_given():
    X, y = np.arange(20.0)[:, None], np.repeat([0, 1], 10)
    estimator = GaussianNB()
    tune_threshold(estimator, X, y, seed=0)
    assert not hasattr(estimator, "classes_")


def test_takes_the_weights_of_the_rows_it_fits():
    random = np.random.default_rng(0)
    y = np.repeat([0, 1], [80, 20])
    X = random.normal(size=(100, 2)) + y[:, None]
    plain = tune_threshold(GaussianNB(), X, y, seed=0)
    weights = {"sample_weight": np.where(y == 1, 4.0, 1.0)}
    assert tune_threshold(GaussianNB(), X, y, seed=0, fit_params=weights) > plain


def test_needs_two_rows_of_each_class():
    with pytest.raises(
        NotApplicable, match="needs 2 rows of each class to be tuned on, the smaller one has 1"
    ):
        tune_threshold(GaussianNB(), np.zeros((5, 1)), np.array([0, 0, 0, 0, 1]), seed=0)


def test_constant_scores_leave_nothing_to_tune():
    with pytest.raises(NotApplicable, match="scores of a fold's rows are all the same"):
        tune_threshold(DecisionTreeClassifier(), np.zeros((20, 1)), np.repeat([0, 1], 10), seed=0)


@pytest.mark.parametrize("costs", [(1, 1), (1, 8), (3, 2)])
def test_a_threshold_for_costs_is_scikit_learns(costs):
    def cost(y, label):
        return (
            costs[0] * ((y == 0) & (label == 1)).sum() + costs[1] * ((y == 1) & (label == 0)).sum()
        ) / len(y)

    draw = np.random.RandomState(1)
    y = (draw.uniform(size=400) < 0.2).astype(int)
    X = draw.normal(size=(400, 3)) + y[:, None]
    metric = cost_metric({"fp": costs[0], "fn": costs[1]})
    found = tune_threshold(LogisticRegression(), X, y, seed=3, metric=metric)
    expected = scikit_learns(LogisticRegression(), X, y, 3, make_scorer(cost, greater_is_better=False))
    assert found == pytest.approx(expected, abs=1e-12)
