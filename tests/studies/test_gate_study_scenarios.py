"""The gate study's samplers: each does what its name says, and the harmless ones have SMOTE's law."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import cKDTree
from sklearn.base import clone

from benchmarks.gate_study.grid import SmallFolds, experiment, stratified_rows
from benchmarks.gate_study.scenarios import (
    DEFECTS,
    HARMLESS,
    SOUND,
    FlippedLabels,
    MajorityNeighbors,
    MissingRows,
    NoOp,
    OtherStream,
    RandomNeighbor,
    ScaledStep,
    Scenario,
)
from smote_bench.environment.targets import load_target
from smote_impls import SMOTE
from smote_impls.nearest.neighbors import k_nearest

N_MINORITY, N_MAJORITY = 60, 300
N_SYNTHETIC = N_MAJORITY - N_MINORITY
ALL = (SOUND, *HARMLESS, *DEFECTS)


@cache
def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.RandomState(3)
    y = rng.permutation(np.repeat([0, 1], [N_MAJORITY, N_MINORITY]))
    X = rng.normal(size=(len(y), 3)) * np.where(y == 1, 0.7, 1.5)[:, None] + 1.2 * y[:, None]
    return X, y


def build(scenario: Scenario, seed: int = 0):
    return load_target(scenario.target)(**scenario.params, random_state=seed)


def synthetic(sampler) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows and labels that were added."""
    X, y = data()
    rows, labels = sampler.fit_resample(X, y)
    assert np.array_equal(rows[: len(X)], X)
    assert np.array_equal(labels[: len(y)], y)
    return rows[len(X) :], labels[len(y) :]


def parents(sampler) -> np.ndarray:
    synthetic(sampler)
    return sampler.synthetic_parents_


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_repeats_itself_with_a_seed_and_as_a_clone(scenario):
    X, y = data()
    sampler = build(scenario, 5)
    first = sampler.fit_resample(X.copy(), y.copy())
    for other in (build(scenario, 5), clone(sampler)):
        again = other.fit_resample(X.copy(), y.copy())
        assert np.array_equal(first[0], again[0])
        assert np.array_equal(first[1], again[1])


@pytest.mark.parametrize("scenario", [s for s in ALL if s.name != "no-op"], ids=lambda s: s.name)
def test_draws_other_rows_with_another_seed(scenario):
    assert not np.array_equal(synthetic(build(scenario, 1))[0], synthetic(build(scenario, 2))[0])


@pytest.mark.parametrize("scenario", [*HARMLESS, *DEFECTS], ids=lambda scenario: scenario.name)
def test_differs_from_smote_with_the_same_seed(scenario):
    X, y = data()
    ours, theirs = SMOTE(random_state=0).fit_resample(X, y), build(scenario).fit_resample(X, y)
    assert not (np.array_equal(ours[0], theirs[0]) and np.array_equal(ours[1], theirs[1]))


def test_no_op_returns_its_input():
    X, y = data()
    rows, labels = NoOp(random_state=0).fit_resample(X, y)
    assert np.array_equal(rows, X)
    assert np.array_equal(labels, y)


@pytest.mark.parametrize(("share", "n_flipped"), [(0.05, 12), (0.2, 48)])
def test_flips_the_share_of_labels_and_no_row(share, n_flipped):
    rows, labels = synthetic(FlippedLabels(share=share, random_state=0))
    assert np.array_equal(rows, synthetic(SMOTE(random_state=0))[0])
    assert (labels == 0).sum() == n_flipped


def test_all_neighbours_are_of_the_majority():
    X, y = data()
    made = parents(MajorityNeighbors(share=1.0, random_state=0))
    assert (y[made["seed"]] == 1).all()
    assert (y[made["neighbor"]] == 0).all()
    majority = np.flatnonzero(y == 0)
    nearest = majority[k_nearest(X[majority], X[made["seed"]], 5)]
    assert (nearest == made["neighbor"][:, None]).any(axis=1).all()


def test_a_quarter_of_the_neighbours_is_of_the_majority():
    _, y = data()
    made = np.concatenate([parents(MajorityNeighbors(share=0.25, random_state=seed)) for seed in range(20)])
    of_majority = int((y[made["neighbor"]] == 0).sum())
    assert stats.binomtest(of_majority, len(made), 0.25).pvalue > 0.001


def test_half_of_the_rows_are_missing_whatever_their_seed():
    rows, labels = synthetic(MissingRows(share=0.5, random_state=0))
    assert len(rows) == len(labels) == N_SYNTHETIC // 2
    whole = synthetic(SMOTE(random_state=0))[0]
    kept = np.flatnonzero((whole[:, None] == rows[None]).all(axis=2).any(axis=1))
    assert len(kept) == N_SYNTHETIC // 2
    assert (kept < N_SYNTHETIC // 2).sum() == pytest.approx(N_SYNTHETIC // 4, abs=20)


@pytest.mark.parametrize("factor", [-1.0, 1.5])
def test_scales_the_step_and_nothing_else(factor):
    made, sound = parents(ScaledStep(factor=factor, random_state=0)), parents(SMOTE(random_state=0))
    assert np.array_equal(made["seed"], sound["seed"])
    assert np.array_equal(made["neighbor"], sound["neighbor"])
    np.testing.assert_allclose(made["step"], factor * sound["step"])
    X, _ = data()
    rows, _ = synthetic(ScaledStep(factor=factor, random_state=0))
    way = X[made["neighbor"]] - X[made["seed"]]
    np.testing.assert_allclose(rows, X[made["seed"]] + factor * sound["step"][:, None] * way, atol=1e-12)


def test_random_neighbours_are_any_other_row_of_the_minority():
    X, y = data()
    made = np.concatenate([parents(RandomNeighbor(random_state=seed)) for seed in range(20)])
    assert (y[made["neighbor"]] == 1).all()
    assert (made["neighbor"] != made["seed"]).all()
    minority = np.flatnonzero(y == 1)
    counts = np.bincount(made["neighbor"], minlength=len(y))[minority]
    assert stats.chisquare(counts).pvalue > 0.001
    near = parents(SMOTE(random_state=0))
    far = np.linalg.norm(X[made["neighbor"]] - X[made["seed"]], axis=1).mean()
    assert far > 2 * np.linalg.norm(X[near["neighbor"]] - X[near["seed"]], axis=1).mean()


def test_the_other_stream_uses_seeds_evenly_near_neighbours_equally_and_a_uniform_step():
    X, y = data()
    minority = np.flatnonzero(y == 1)
    nearest = minority[k_nearest(X[minority], X[minority], 5, self_rows=np.arange(len(minority)))]
    made = np.concatenate([draw_of_other_stream(seed) for seed in range(30)])
    assert (np.bincount(made["seed"], minlength=len(y))[minority] == 30 * N_SYNTHETIC // N_MINORITY).all()
    rank = nearest[np.searchsorted(minority, made["seed"])] == made["neighbor"][:, None]
    assert rank.any(axis=1).all()
    assert stats.chisquare(rank.sum(axis=0)).pvalue > 0.001
    assert stats.kstest(made["step"], "uniform").pvalue > 0.001
    # Neither depends on the other, nor on the seed: a stream that was read twice would show here.
    assert abs(stats.spearmanr(made["step"], rank.argmax(axis=1))[0]) < 0.05
    assert abs(stats.spearmanr(made["step"], made["seed"])[0]) < 0.05


def draw_of_other_stream(seed: int) -> np.ndarray:
    """Return the parents of a call whose rows were checked to lie where the parents say."""
    X, _ = data()
    sampler = OtherStream(random_state=seed)
    rows, _ = synthetic(sampler)
    made = sampler.synthetic_parents_
    way = X[made["neighbor"]] - X[made["seed"]]
    np.testing.assert_allclose(rows, X[made["seed"]] + made["step"][:, None] * way, atol=1e-12)
    return made


def test_the_other_stream_gives_the_remainder_to_distinct_seeds():
    X, y = data()
    keep = np.flatnonzero((y == 0) | (np.cumsum(y == 1) <= 47))
    sampler = OtherStream(random_state=0)
    sampler.fit_resample(X[keep], y[keep])
    counts = np.bincount(sampler.synthetic_parents_["seed"])
    assert set(counts[counts > 0]) == {(N_MAJORITY - 47) // 47, (N_MAJORITY - 47) // 47 + 1}


@pytest.mark.parametrize("scenario", HARMLESS, ids=lambda scenario: scenario.name)
def test_harmless_samplers_have_the_means_of_smote(scenario):
    assert smallest_p(scenario) > 0.001


@pytest.mark.parametrize("scenario", DEFECTS, ids=lambda scenario: scenario.name)
def test_defects_have_other_means_than_smote(scenario):
    """The same means see every defect; else the harmless ones would prove nothing by agreeing."""
    assert smallest_p(scenario) < 1e-9


def smallest_p(scenario: Scenario) -> float:
    """Return the smallest p of t tests between SMOTE and a scenario; 0 where a constant differs."""
    ours = np.array([means(SMOTE(random_state=seed)) for seed in range(40)])
    theirs = np.array([means(build(scenario, 1000 + seed)) for seed in range(40)])
    varies = (ours.std(axis=0) + theirs.std(axis=0)) > 1e-9
    if not np.allclose(ours[:, ~varies], theirs[:, ~varies]):
        return 0.0
    return float(stats.ttest_ind(ours[:, varies], theirs[:, varies], equal_var=False).pvalue.min())


def means(sampler) -> list[float]:
    """Return the synthetic rows' counts by label, mean, distances to both classes, share out of range."""
    X, y = data()
    rows, labels = synthetic(sampler)
    counts = [float((labels == 1).sum()), float((labels == 0).sum())]
    if not len(rows):
        return [*counts, *[0.0] * 6]
    distances = [cKDTree(X[y == label]).query(rows)[0].mean() for label in (0, 1)]
    minority = X[y == 1]
    outside = ((rows < minority.min(axis=0)) | (rows > minority.max(axis=0))).any(axis=1).mean()
    return [*counts, *rows.mean(axis=0), *distances, outside]


def test_sub_samples_are_the_same_each_time_and_keep_the_classes_shares():
    y = np.repeat([0, 1], [900, 100])
    rows = stratified_rows(y, 200)
    assert np.array_equal(rows, stratified_rows(y, 200))
    assert np.bincount(y[rows]).tolist() == [180, 20]
    assert len(np.unique(rows)) == 200
    assert stratified_rows(y, 1000).tolist() == list(range(1000))


def test_folds_of_all_draws_are_the_same_rows_with_other_samples_and_no_hold_out():
    first = SmallFolds(experiment(0))
    second = SmallFolds(experiment(1), like=first)
    a, b = list(first.folds("Haberman", "SMOTE")), list(second.folds("Haberman", "SMOTE"))
    assert [fold.rows.phase for fold in a] == ["cv"] * 25
    for one, other in zip(a, b, strict=True):
        assert np.array_equal(one.rows.test, other.rows.test)
        assert np.array_equal(one.X_test, other.X_test)
        assert not np.array_equal(one.X, other.X)


def test_the_grid_has_a_thousand_cases_and_every_scenario_as_a_method():
    made = experiment()
    assert {scenario.name for scenario in (*HARMLESS, *DEFECTS)} < set(made.methods)
    n_methods = len(made.methods) - len(HARMLESS) - len(DEFECTS)
    assert 1008 <= len(made.datasets) * n_methods * len(made.classifiers) <= 1080
