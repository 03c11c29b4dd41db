"""Memory of the samplers of typed rows: one encoded copy of the class and blocks, never rows times rows or levels."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from smote_impls import SMOTEN, SMOTENC

MEGABYTE = 1e6


def _peak_bytes(sampler, X, y):
    sampler.fit_resample(X[:400], y[:400])  # what is loaded at the first call
    tracemalloc.start()
    try:
        sampler.fit_resample(X, y)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("n_levels", [8, 9000])
def test_smotenc_holds_no_pairs_and_no_column_for_each_of_many_levels(n_levels):
    rng = np.random.RandomState(0)
    y = (np.arange(20_000) % 4 == 0).astype(int)
    X = np.column_stack([rng.normal(size=(20_000, 3)), rng.randint(n_levels, size=(20_000, 4))])
    sampler = SMOTENC(categorical_features=[3, 4, 5, 6], random_state=0)
    sampler.set_params(sampling_strategy=lambda labels: {1: int((labels == 1).sum()) + 600})
    # All pairs of the class would be 200 MB in float64, a column for each level 9000 * 5000 * 4 bytes.
    assert _peak_bytes(sampler, X, y) < 40 * MEGABYTE


def test_smoten_holds_no_pairs():
    rng = np.random.RandomState(0)
    y = (np.arange(24_000) % 4 == 0).astype(int)
    X = rng.randint(6, size=(24_000, 10))
    sampler = SMOTEN(random_state=0, sampling_strategy=lambda labels: {1: int((labels == 1).sum()) + 300})
    # All pairs of the class would be 288 MB.
    assert _peak_bytes(sampler, X, y) < 60 * MEGABYTE
