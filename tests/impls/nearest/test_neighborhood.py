"""`k_neighbors` as a number, "auto" or an estimator."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from smote_impls import ADASYN, SMOTE, BorderlineSMOTE

from ..small_data import overlapping


class _OneOfYourOwn:
    """No scikit-learn estimator: just the two methods and the number."""

    def __init__(self):
        self.n_neighbors = 6

    def fit(self, X):
        self.nearest = NearestNeighbors(n_neighbors=6).fit(X)
        return self

    def kneighbors(self, X, return_distance):
        return self.nearest.kneighbors(X, return_distance=return_distance)[:, ::-1]


@pytest.mark.parametrize("estimator", [NearestNeighbors(n_neighbors=6), NearestNeighbors(n_neighbors=6, p=2)])
def test_an_estimator_of_six_gives_what_five_gives(estimator, data):
    X, y = data
    by_number, _ = SMOTE(random_state=0, k_neighbors=5).fit_resample(X, y)
    sampler = SMOTE(random_state=0, k_neighbors=estimator)
    by_estimator, _ = sampler.fit_resample(X, y)
    np.testing.assert_array_equal(by_number, by_estimator)
    assert sampler.k_neighbors_ == {1: 5}


def test_any_object_with_the_two_methods_will_do(data):
    X, y = data
    sampler = SMOTE(random_state=0, k_neighbors=_OneOfYourOwn(), sampling_strategy={1: 1040})
    sampler.fit_resample(X, y)
    led_to = set(map(tuple, sampler.synthetic_parents_[["seed", "neighbor"]].tolist()))
    expected = SMOTE(random_state=0, sampling_strategy={1: 1040})
    expected.fit_resample(X, y)
    assert led_to <= _pairs(X, y)
    assert set(map(tuple, expected.synthetic_parents_[["seed", "neighbor"]].tolist())) <= _pairs(X, y)


def _pairs(X, y):
    """Each one with its five nearest."""
    rows = np.flatnonzero(y == 1)
    nearest = NearestNeighbors(n_neighbors=6).fit(X[rows]).kneighbors(X[rows], return_distance=False)[:, 1:]
    return {(int(row), int(rows[j])) for row, found in zip(rows, nearest, strict=True) for j in found}


def test_estimators_for_all_parameters(data):
    X, y = data
    six, eleven = NearestNeighbors(n_neighbors=6), NearestNeighbors(n_neighbors=11)
    for kind in ("borderline-1", "borderline-2"):
        sampler = BorderlineSMOTE(random_state=0, kind=kind)
        expected, _ = sampler.fit_resample(X, y)
        sampler.set_params(k_neighbors=six, m_neighbors=eleven)
        np.testing.assert_array_equal(sampler.fit_resample(X, y)[0], expected)
    expected, _ = ADASYN(random_state=0).fit_resample(X, y)
    np.testing.assert_array_equal(ADASYN(random_state=0, n_neighbors=six).fit_resample(X, y)[0], expected)


def test_estimator_is_cloned_not_fitted(data):
    estimator = NearestNeighbors(n_neighbors=4)
    sampler = SMOTE(random_state=0, k_neighbors=estimator)
    sampler.fit_resample(*data)
    assert sampler.k_neighbors is estimator
    assert not hasattr(estimator, "n_samples_fit_")


def test_estimators_metric_is_used(data):
    X, y = data
    X = X * [1, 1000, 1]
    sampler = SMOTE(random_state=0, k_neighbors=NearestNeighbors(n_neighbors=2, metric="cosine"))
    sampler.fit_resample(X, y)
    seed, neighbor, _ = sampler.synthetic_parents_[0]
    ones = np.flatnonzero(y == 1)
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    others = ones[ones != seed]
    assert neighbor == others[np.argmax(unit[others] @ unit[seed])]


def test_own_row_is_left_out_wherever_the_estimator_puts_it():
    # Five equal rows: an estimator finds them in any order, and the row itself need not come first.
    X = np.r_[np.zeros(5), np.arange(1.0, 13)][:, None]
    y = np.repeat([1, 0], [5, 12])
    sampler = SMOTE(random_state=0, k_neighbors=NearestNeighbors(n_neighbors=3), sampling_strategy={1: 105})
    sampler.fit_resample(X, y)
    assert (sampler.synthetic_parents_["seed"] != sampler.synthetic_parents_["neighbor"]).all()


def test_rejects_minority_smaller_than_an_estimators_k():
    X, y = np.arange(17.0)[:, None], np.repeat([1, 0], [5, 12])
    with pytest.raises(ValueError, match="an estimator of n_neighbors=6, the row itself included, got 5"):
        SMOTE(k_neighbors=NearestNeighbors(n_neighbors=6)).fit_resample(X, y)


def test_rejects_an_estimator_that_finds_only_the_row_itself(data):
    with pytest.raises(ValueError, match=r"n_neighbors of 2 or more.*n_neighbors=1"):
        SMOTE(k_neighbors=NearestNeighbors(n_neighbors=1)).fit_resample(*data)


def test_rejects_an_object_that_is_no_estimator(data):
    with pytest.raises(ValueError, match="The 'k_neighbors' parameter of SMOTE must be"):
        SMOTE(k_neighbors=object()).fit_resample(*data)


def test_threads_do_not_change_the_rows(sampler):
    X, y = overlapping()
    alone, _ = sampler.fit_resample(X, y)
    np.testing.assert_array_equal(sampler.set_params(n_jobs=2).fit_resample(X, y)[0], alone)
