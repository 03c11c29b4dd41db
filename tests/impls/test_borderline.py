"""BorderlineSMOTE: which rows are in danger, and where their segments lead."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cdist

from smote_impls import BorderlineSMOTE

from .small_data import overlapping

pytestmark = pytest.mark.versions


def _danger_by_definition(X, y, label, m):
    """m/2 <= m' < m, from the whole distance matrix."""
    distances = cdist(X, X)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :m]
    n_other = (y[nearest] != label).sum(axis=1)
    return np.flatnonzero((y == label) & (2 * n_other >= m) & (n_other < m))


def _four_places():
    """Ones among ones (safe), between (half and three quarters), and among zeros (noise), each with m = 4."""
    places = {
        0.0: "11111",  # each has four ones around it: safe
        100.0: "10101",  # ones and zeros in turn
        200.0: "10000",  # the one is alone: noise
    }
    X = [[start + i] for start, labels in places.items() for i in range(len(labels))]
    return np.array(X), np.array([int(label) for labels in places.values() for label in labels])


def test_hand_computed_danger():
    # At 100 the ones have 2 of 4 in the other class: exactly half, which is danger. At 0 none, at 200 all.
    X, y = _four_places()
    sampler = BorderlineSMOTE(m_neighbors=4, k_neighbors=2, sampling_strategy={1: 30}, random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.danger_rows_[1].tolist() == [5, 7, 9]
    assert set(sampler.synthetic_parents_["seed"]) == {5, 7, 9}


def test_half_of_an_odd_m_is_rounded_up():
    # m = 5: 2 of 5 is less than m/2 and safe, 3 of 5 is danger.
    safe = ([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]], [1, 1, 1, 1, 0, 0])
    danger = ([[100.0], [101.0], [102.0], [103.0], [104.0], [105.0]], [1, 1, 1, 0, 0, 0])
    X, y = np.array(safe[0] + danger[0]), np.array(safe[1] + danger[1])
    X, y = np.vstack([X, 1000.0 + np.arange(10)[:, None]]), np.r_[y, np.zeros(10, dtype=int)]
    sampler = BorderlineSMOTE(m_neighbors=5, k_neighbors=2, random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.danger_rows_[1].tolist() == [6, 7, 8]


@pytest.mark.parametrize("kind", ["borderline-1", "borderline-2"])
@pytest.mark.parametrize("m", [3, 5, 10])
def test_seeds_are_exactly_the_rows_in_danger(kind, m):
    X, y = overlapping()
    sampler = BorderlineSMOTE(m_neighbors=m, kind=kind, random_state=0)
    sampler.fit_resample(X, y)
    expected = _danger_by_definition(X, y, 1, m)
    np.testing.assert_array_equal(sampler.danger_rows_[1], expected)
    np.testing.assert_array_equal(np.unique(sampler.synthetic_parents_["seed"]), expected)


def test_seeds_get_equally_many():
    X, y = overlapping()
    sampler = BorderlineSMOTE(random_state=0)
    sampler.fit_resample(X, y)
    counts = np.bincount(sampler.synthetic_parents_["seed"])[sampler.danger_rows_[1]]
    assert counts.max() - counts.min() <= 1


def _nearest(X, rows, seed, k):
    others = rows[rows != seed]
    return set(others[np.argsort(np.linalg.norm(X[others] - X[seed], axis=1), kind="stable")[:k]].tolist())


def test_borderline1_leads_to_the_nearest_of_the_whole_class_not_only_of_danger():
    X, y = overlapping()
    sampler = BorderlineSMOTE(k_neighbors=3, random_state=0, sampling_strategy={1: 2000}, m_neighbors=7)
    sampler.fit_resample(X, y)
    parents, ones = sampler.synthetic_parents_, np.flatnonzero(y == 1)
    for seed in sampler.danger_rows_[1]:
        led_to = set(parents["neighbor"][parents["seed"] == seed].tolist())
        assert led_to == _nearest(X, ones, seed, 3)
    assert not np.isin(parents["neighbor"], sampler.danger_rows_[1]).all()


def test_borderline2_leads_to_the_nearest_of_the_class_and_the_one_nearest_of_the_others():
    X, y = overlapping()
    sampler = BorderlineSMOTE(k_neighbors=3, random_state=0, sampling_strategy={1: 4000}, kind="borderline-2")
    sampler.fit_resample(X, y)
    parents = sampler.synthetic_parents_
    ones, zeros = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    for seed in sampler.danger_rows_[1]:
        led_to = set(parents["neighbor"][parents["seed"] == seed].tolist())
        assert led_to == _nearest(X, ones, seed, 3) | _nearest(X, zeros, seed, 1)


def test_borderline2_steps_are_as_in_the_paper():
    X, y = overlapping()
    sampler = BorderlineSMOTE(k_neighbors=3, random_state=0, sampling_strategy={1: 8000}, kind="borderline-2")
    sampler.fit_resample(X, y)
    parents = sampler.synthetic_parents_
    to_other = y[parents["neighbor"]] == 0
    assert stats.kstest(parents["step"][~to_other], "uniform").pvalue > 0.001
    assert stats.kstest(2 * parents["step"][to_other], "uniform").pvalue > 0.001
    assert parents["step"][to_other].max() < 0.5
    assert stats.binomtest(int(to_other.sum()), len(parents), 1 / 4).pvalue > 0.001


def test_other_classes_count_together():
    X, y = overlapping(n_rows=300, n_minority=60)
    three = np.where((y == 0) & (np.arange(300) % 2 == 0), 2, y)
    sampler = BorderlineSMOTE(random_state=0, sampling_strategy=[1])
    sampler.fit_resample(X, three)
    np.testing.assert_array_equal(sampler.danger_rows_[1], _danger_by_definition(X, y, 1, 10))


@pytest.mark.parametrize("kind", ["borderline-1", "borderline-2"])
def test_says_so_when_no_row_is_in_danger(kind):
    X = np.r_[np.arange(12.0), 1000 + np.arange(20.0)][:, None]
    y = np.repeat([1, 0], [12, 20])
    with pytest.raises(ValueError, match=r"class 1 in danger.*12 are safe and 0 are noise.*SMOTE"):
        BorderlineSMOTE(kind=kind).fit_resample(X, y)


def test_rejects_fewer_rows_than_m():
    X, y = np.arange(9.0)[:, None], np.repeat([1, 0], [3, 6])
    with pytest.raises(
        ValueError, match=r"at least 11 rows in X for m_neighbors=10, got 9. Set m_neighbors to 8 or less"
    ):
        BorderlineSMOTE(k_neighbors=2).fit_resample(X, y)


def test_rejects_minority_smaller_than_k():
    X, y = np.arange(20.0)[:, None], np.tile([0, 0, 0, 1, 0], 4)
    with pytest.raises(ValueError, match="at least 6 rows of class 1 for k_neighbors=5, got 4"):
        BorderlineSMOTE(m_neighbors=7).fit_resample(X, y)


def test_rejects_auto_for_m():
    with pytest.raises(ValueError, match="The 'm_neighbors' parameter of BorderlineSMOTE must be"):
        BorderlineSMOTE(m_neighbors="auto").fit_resample(*overlapping())


def test_family_follows_kind():
    assert BorderlineSMOTE().oversampler_family == "borderline1"
    assert BorderlineSMOTE(kind="borderline-2").oversampler_family == "borderline2"
    assert BorderlineSMOTE(kind="borderline-2").__sklearn_tags__().oversampler_family == "borderline2"
