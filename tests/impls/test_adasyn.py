"""ADASYN: densities, and the allocation that follows from them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from smote_impls import ADASYN

from .small_data import overlapping, rebuilt

pytestmark = pytest.mark.versions


def test_hand_computed_densities_and_allocation():
    # Nearest two of each one: row 0 has {1, 3}, row 1 {0, 2}, row 2 {1, 0}, the last one zeros only.
    X = np.array([[0.0], [1.5], [3.5], [-1.0], [50.0], [49.0], [51.0], [80.0], [81.0], [82.0], [83.0]])
    y = np.array([1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    sampler = ADASYN(n_neighbors=2, sampling_strategy={1: 4 + 3}, random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.densities_[1].tolist() == [0.5, 0.0, 0.0, 1.0]
    counts = np.bincount(sampler.synthetic_parents_["seed"], minlength=11)
    assert counts.tolist() == [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("n_wanted", [1, 7, 100, 160, 1003])
def test_allocation_is_within_one_of_the_papers_and_the_total_exact(n_wanted):
    X, y = overlapping()
    sampler = ADASYN(random_state=0, sampling_strategy={1: 40 + n_wanted})
    _, y_resampled = sampler.fit_resample(X, y)
    counts = np.bincount(sampler.synthetic_parents_["seed"], minlength=200)[y == 1]
    exact = sampler.densities_[1] / sampler.densities_[1].sum() * n_wanted
    assert (np.abs(counts - exact) < 1).all()
    assert (y_resampled == 1).sum() == 40 + n_wanted


def test_equal_densities_share_the_remainder_by_lot():
    # Eight pairs of a one and a zero, far from each other: every density is the same, 4 rows for 8 seeds.
    X = np.repeat(np.arange(8.0) * 100, 2)[:, None] + np.tile([0.0, 1.0], 8)[:, None]
    y = np.tile([1, 0], 8)
    rng, seeds = np.random.RandomState(0), []
    for _ in range(200):
        sampler = ADASYN(n_neighbors=1, sampling_strategy={1: 12}, random_state=rng)
        sampler.fit_resample(X, y)
        assert len(set(sampler.synthetic_parents_["seed"])) == 4
        seeds.extend(sampler.synthetic_parents_["seed"] // 2)
    assert stats.chisquare(np.bincount(seeds, minlength=8)).pvalue > 0.001


def test_rows_are_what_their_parents_say_between_rows_of_the_class():
    X, y = overlapping()
    sampler = ADASYN(random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    parents = sampler.synthetic_parents_
    assert (y[parents["neighbor"]] == 1).all()
    np.testing.assert_allclose(X_resampled[200:], rebuilt(X, parents), rtol=1e-12)


def test_row_among_other_classes_only_still_has_partners_in_its_own():
    X, y = overlapping()
    X[np.flatnonzero(y == 1)[0]] = X[y == 0].mean(axis=0) - 1.5
    sampler = ADASYN(random_state=0, n_neighbors=3)
    sampler.fit_resample(X, y)
    alone = np.flatnonzero(y == 1)[sampler.densities_[1] == 1]
    assert np.isin(alone, sampler.synthetic_parents_["seed"]).all()


def test_other_classes_count_together():
    X, y = overlapping(n_rows=300, n_minority=60)
    three = np.where((y == 0) & (np.arange(300) % 2 == 0), 2, y)
    one, other = ADASYN(random_state=0, sampling_strategy=[1]), ADASYN(random_state=0)
    one.fit_resample(X, three)
    other.fit_resample(X, y)
    np.testing.assert_array_equal(one.densities_[1], other.densities_[1])


def test_says_so_when_no_row_has_another_class_near():
    X = np.r_[np.arange(12.0), 1000 + np.arange(20.0)][:, None]
    with pytest.raises(ValueError, match=r"class 1 .*got none.*Use SMOTE"):
        ADASYN().fit_resample(X, np.repeat([1, 0], [12, 20]))


def test_rejects_minority_smaller_than_k_and_auto_lowers_it():
    X, y = np.arange(20.0)[:, None], np.tile([0, 0, 0, 1, 0], 4)
    with pytest.raises(
        ValueError,
        match=r'at least 6 rows of class 1 for n_neighbors=5, got 4.*3 or less; n_neighbors="auto"',
    ):
        ADASYN().fit_resample(X, y)
    sampler = ADASYN(n_neighbors="auto", random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.n_neighbors_ == {1: 3}


def test_auto_keeps_five_for_the_densities():
    place = np.arange(20.0)
    X, y = (place + 0.001 * place**2)[:, None], np.isin(place, [8, 9, 10, 11]).astype(int)
    sampler = ADASYN(n_neighbors="auto", random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.densities_[1].tolist() == [0.6, 0.4, 0.4, 0.4]
    assert sampler.n_neighbors_ == {1: 3}
