"""Tuned thresholds are scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import StratifiedKFold, TunedThresholdClassifierCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from smote_bench.prediction import NotApplicable
from smote_bench.thresholds import tune_threshold


def scikit_learns(estimator, X, y, seed):
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    tuned = TunedThresholdClassifierCV(estimator, scoring="balanced_accuracy", cv=folds).fit(X, y)
    return tuned.best_threshold_


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
