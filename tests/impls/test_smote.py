"""SMOTE: seeds, neighbours, steps, and the errors of small classes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.neighbors import NearestNeighbors

from smote_impls import SMOTE

from .small_data import overlapping, rebuilt

pytestmark = pytest.mark.versions


def _line(n_minority, n_majority=12):
    """Minority rows at 0, 1, 2, ...; the majority far away."""
    X = np.r_[np.arange(n_minority), 1000.0 + np.arange(n_majority)].reshape(-1, 1)
    return X, np.repeat([1, 0], [n_minority, n_majority])


def test_rows_are_what_their_parents_say(data):
    X, y = data
    sampler = SMOTE(random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    np.testing.assert_allclose(X_resampled[len(X) :], rebuilt(X, sampler.synthetic_parents_), rtol=1e-12)


def test_parents_are_of_the_class_that_grows(data):
    X, y = data
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    assert (y[sampler.synthetic_parents_["seed"]] == 1).all()
    assert (y[sampler.synthetic_parents_["neighbor"]] == 1).all()


def test_hand_computed_neighbors_on_a_line():
    X, y = _line(5)
    sampler = SMOTE(random_state=0, k_neighbors=2, sampling_strategy={1: 505})
    sampler.fit_resample(X, y)
    led_to = {}
    for seed, neighbor, _ in sampler.synthetic_parents_:
        led_to.setdefault(int(seed), set()).add(int(neighbor))
    assert led_to == {0: {1, 2}, 1: {0, 2}, 2: {1, 3}, 3: {2, 4}, 4: {2, 3}}


def test_never_leads_to_the_row_itself_but_to_its_duplicates():
    X = np.r_[np.zeros(3), 50.0, 51.0, 52.0, 1000.0 + np.arange(10)].reshape(-1, 1)
    y = np.repeat([1, 0], [6, 10])
    sampler = SMOTE(random_state=0, k_neighbors=2, sampling_strategy={1: 206})
    sampler.fit_resample(X, y)
    parents = sampler.synthetic_parents_
    assert (parents["seed"] != parents["neighbor"]).all()
    from_duplicates = parents[parents["seed"] < 3]
    assert set(from_duplicates["neighbor"]) == {0, 1, 2}


def test_gives_each_row_as_many_as_the_paper_does():
    X, y = overlapping(n_rows=200, n_minority=40)
    sampler = SMOTE(random_state=0, sampling_strategy={1: 40 + 3 * 40})
    sampler.fit_resample(X, y)
    assert np.bincount(sampler.synthetic_parents_["seed"], minlength=200)[y == 1].tolist() == [3] * 40


def test_gives_the_remainder_to_different_rows_each_equally_likely():
    X, y = _line(4)
    seeds = []
    rng = np.random.RandomState(0)
    for _ in range(400):
        sampler = SMOTE(random_state=rng, k_neighbors=1, sampling_strategy={1: 6})
        sampler.fit_resample(X, y)
        assert len(set(sampler.synthetic_parents_["seed"])) == 2
        seeds.extend(sampler.synthetic_parents_["seed"])
    assert stats.chisquare(np.bincount(seeds, minlength=4)).pvalue > 0.001


def test_searches_neighbors_only_for_rows_that_are_used(monkeypatch):
    from smote_impls.nearest import neighborhood

    n_queries = []

    def counting(reference, queries, k, **options):
        n_queries.append(queries.shape[0])
        return search(reference, queries, k, **options)

    search = neighborhood.k_nearest
    monkeypatch.setattr(neighborhood, "k_nearest", counting)
    X, y = overlapping()
    SMOTE(random_state=0, sampling_strategy={1: 47}).fit_resample(X, y)
    assert n_queries == [7]


def test_neighbors_and_steps_are_uniform_and_independent_of_the_seed():
    X, y = overlapping(n_rows=600, n_minority=60)
    sampler = SMOTE(random_state=1, sampling_strategy={1: 60 + 60 * 100}, k_neighbors=4)
    sampler.fit_resample(X, y)
    parents = sampler.synthetic_parents_
    assert parents["step"].min() >= 0
    assert parents["step"].max() < 1
    assert stats.kstest(parents["step"], "uniform").pvalue > 0.001

    rows = np.flatnonzero(y == 1)
    nearest = NearestNeighbors(n_neighbors=5).fit(X[rows]).kneighbors(X[rows], return_distance=False)[:, 1:]
    nearest = dict(zip(rows.tolist(), rows[nearest].tolist(), strict=True))
    rank = [nearest[seed].index(neighbor) for seed, neighbor, _ in parents.tolist()]
    assert stats.chisquare(np.bincount(rank, minlength=4)).pvalue > 0.001


def test_one_step_for_all_features(data):
    X, y = data
    sampler = SMOTE(random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    start, end = X[sampler.synthetic_parents_["seed"]], X[sampler.synthetic_parents_["neighbor"]]
    steps = (X_resampled[len(X) :] - start) / (end - start)
    np.testing.assert_allclose(steps, np.broadcast_to(steps[:, :1], steps.shape), atol=1e-9)


def test_two_classes_never_get_the_same_draws():
    X, y = _line(6, 12)
    X = np.vstack([X, X[:6] + 5000])
    y = np.r_[y, np.full(6, 2)]
    sampler = SMOTE(random_state=0, k_neighbors=2)
    sampler.fit_resample(X, y)
    first, second = np.split(sampler.synthetic_parents_["step"], 2)
    assert not np.isin(first, second).any()


@pytest.mark.parametrize(("n_minority", "k"), [(5, 5), (2, 2), (3, 7)])
def test_rejects_minority_smaller_than_k_and_names_a_k_that_works(n_minority, k):
    X, y = _line(n_minority)
    with pytest.raises(
        ValueError, match=rf"at least {k + 1} rows of class 1.*got {n_minority}.*to {n_minority - 1} or "
    ):
        SMOTE(k_neighbors=k).fit_resample(X, y)
    with pytest.raises(ValueError, match='k_neighbors="auto"'):
        SMOTE(k_neighbors=k).fit_resample(X, y)
    SMOTE(k_neighbors=n_minority - 1).fit_resample(X, y)


@pytest.mark.parametrize("k", [5, "auto"])
def test_rejects_a_single_row_and_offers_no_k(k):
    X, y = _line(1)
    with pytest.raises(ValueError, match="got 1") as error:
        SMOTE(k_neighbors=k).fit_resample(X, y)
    assert "or less" not in str(error.value)


@pytest.mark.parametrize(("n_minority", "used"), [(2, 1), (4, 3), (6, 5), (10, 5)])
def test_auto_lowers_k_and_records_it(n_minority, used):
    X, y = _line(n_minority)
    sampler = SMOTE(k_neighbors="auto", random_state=0)
    _, y_resampled = sampler.fit_resample(X, y)
    assert sampler.k_neighbors_ == {1: used}
    assert sampler.k_neighbors == "auto"
    assert np.bincount(y_resampled).tolist() == [12, 12]


def test_auto_lowers_k_for_each_class_by_itself():
    X, y = _line(3)
    X, y = np.vstack([X, X[:10] - 5000]), np.r_[y, np.full(10, 2)]
    sampler = SMOTE(k_neighbors="auto", random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.k_neighbors_ == {1: 2, 2: 5}


def test_small_class_that_is_not_grown_needs_no_neighbors():
    X, y = _line(1)
    X, y = np.vstack([X, X[-8:] + 100]), np.r_[y, np.full(8, 2)]
    _, y_resampled = SMOTE(sampling_strategy=[2]).fit_resample(X, y)
    assert np.bincount(y_resampled).tolist() == [12, 1, 12]


def test_records_nothing_of_an_earlier_call():
    X, y = _line(6)
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    sampler.fit_resample(X[:12], y[:12])
    assert sampler.k_neighbors_ == {}
    assert len(sampler.synthetic_parents_) == 0
