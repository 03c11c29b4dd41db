"""Against smote_variants, where it follows the papers: its rows lie on our segments, drawn as often as ours.

Its steps are no uniform numbers (u / (u + v)), so that whole clouds differ; the segments that rows lie on do
not.
"""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from scipy import stats

from smote_impls import ADASYN, SMOTE, BorderlineSMOTE

from .small_data import overlapping

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")
LEVEL = 0.001
SHAPES = [(400, 3, 80), (300, 8, 60)]


def _segments(X, sampler):
    """Each pair of rows that our sampler interpolates between, once, whichever of them is the seed."""
    parents = sampler.synthetic_parents_
    pairs = np.sort(np.column_stack([parents["seed"], parents["neighbor"]]), axis=1)
    return np.unique(pairs, axis=0)


def _segment_of(rows, X, segments):
    """The segment on which each row lies; -1 for none."""
    start, whole = X[segments[:, 0]], X[segments[:, 1]] - X[segments[:, 0]]
    found = np.full(len(rows), -1)
    for i, row in enumerate(rows):
        step = ((row - start) * whole).sum(axis=1) / (whole**2).sum(axis=1)
        off = np.linalg.norm(row - start - step[:, None] * whole, axis=1)
        on = np.flatnonzero((off < 1e-8) & (step > -1e-8) & (step < 1 + 1e-8))
        if len(on):
            found[i] = on[0]
    return found


def _expected_shares(sampler, segments, weights):
    """How often each segment is drawn: by the weight of its ends, over the partners that each has."""
    parents = sampler.synthetic_parents_
    directed = np.unique(np.column_stack([parents["seed"], parents["neighbor"]]), axis=0)
    n_partners = np.bincount(directed[:, 0], minlength=len(weights))
    position = {tuple(pair): i for i, pair in enumerate(segments.tolist())}
    shares = np.zeros(len(segments))
    for seed, neighbor in directed.tolist():
        shares[position[tuple(sorted((seed, neighbor)))]] += weights[seed] / n_partners[seed]
    return shares / shares.sum()


@pytest.mark.parametrize(("n_rows", "n_features", "n_minority"), SHAPES)
@pytest.mark.parametrize("k", [3, 5])
def test_smote_has_the_same_segments_as_often(n_rows, n_features, n_minority, k):
    X, y = overlapping(n_rows, n_features, n_minority)
    ours = SMOTE(random_state=0, k_neighbors=k, sampling_strategy={1: 80 * n_minority})
    ours.fit_resample(X, y)
    theirs = smote_variants.SMOTE(n_neighbors=k, proportion=8.0, random_state=1)
    new = theirs.sample(X, y)[0][n_rows:]
    segments = _segments(X, ours)
    found = _segment_of(new, X, segments)
    assert (found >= 0).all()
    shares = _expected_shares(ours, segments, (y == 1).astype(float))
    assert stats.chisquare(np.bincount(found, minlength=len(segments)), shares * len(new)).pvalue > LEVEL


@pytest.mark.parametrize(("n_rows", "n_features", "n_minority"), SHAPES)
def test_adasyn_has_the_same_segments_in_the_same_proportions(n_rows, n_features, n_minority):
    X, y = overlapping(n_rows, n_features, n_minority)
    ours = ADASYN(random_state=0, sampling_strategy={1: 200 * n_minority})
    ours.fit_resample(X, y)
    theirs = smote_variants.ADASYN(n_neighbors=5, beta=10.0, random_state=1)
    new = theirs.sample(X, y)[0][n_rows:]
    segments = _segments(X, ours)
    found = _segment_of(new, X, segments)
    assert (found >= 0).all()
    weights = np.zeros(n_rows)
    weights[y == 1] = ours.densities_[1]
    shares = _expected_shares(ours, segments, weights)
    assert stats.chisquare(np.bincount(found, minlength=len(segments)), shares * len(new)).pvalue > LEVEL
    # The test tells: shares that do not follow the densities are another distribution.
    even = _expected_shares(ours, segments, (weights > 0).astype(float))
    assert stats.chisquare(np.bincount(found, minlength=len(segments)), even * len(new)).pvalue < LEVEL


@pytest.mark.parametrize(("n_rows", "n_features", "n_minority"), SHAPES)
@pytest.mark.parametrize("m", [5, 8, 10])
def test_borderline_has_the_same_rows_in_danger(n_rows, n_features, n_minority, m):
    X, y = overlapping(n_rows, n_features, n_minority)
    ours = BorderlineSMOTE(random_state=0, m_neighbors=m)
    ours.fit_resample(X, y)
    borderline = importlib.import_module("smote_variants.oversampling._borderline_smote")
    _, danger = borderline.determine_danger_remove_noise(
        X=X, y=y, X_min=X[y == 1], nn_params={}, n_neighbors=m, n_jobs=1, maj_label=0
    )
    np.testing.assert_array_equal(X[ours.danger_rows_[1]], danger)
