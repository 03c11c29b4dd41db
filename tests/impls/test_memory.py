"""Memory: blocks of one size beside the output and a copy of the rows searched, never rows times rows."""

import tracemalloc

import numpy as np
import pytest
from sklearn.base import clone

from smote_impls.nearest.blocked_search import are_integers
from smote_impls.nearest.neighbors import k_nearest

from .small_data import SAMPLERS, overlapping

# What docs/runtime.md says.
THREAD_BYTES = 4e6
BYTES_PER_ROW = 120


def peak_of(work):
    """Return what `work` returns, and the peak of what Python and NumPy allocate in it."""
    tracemalloc.start()
    try:
        returned = work()
        return returned, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("n_jobs", [None, 4])
@pytest.mark.parametrize("name", SAMPLERS)
def test_samplers_keep_to_the_output_one_copy_and_their_blocks(name, n_jobs):
    n_rows = 40_000
    X, y = overlapping(n_rows, 20, n_rows // 10)
    sampler = clone(SAMPLERS[name]).set_params(n_jobs=n_jobs)
    sampler.fit_resample(*overlapping())  # what is loaded at the first call
    (X_resampled, y_resampled), peak_bytes = peak_of(lambda: sampler.fit_resample(X, y))
    n_searched = n_rows // 10 if name == "SMOTE" else n_rows
    output = X_resampled.nbytes + y_resampled.nbytes
    copies = 4 * n_searched * (20 + 2)
    # All pairs of a row of the minority with any other would be 640 MB in float32; of SMOTE, 64 MB.
    allowed = output + copies + (n_jobs or 1) * THREAD_BYTES + BYTES_PER_ROW * len(X_resampled)
    assert peak_bytes < allowed


@pytest.mark.parametrize("n_jobs", [None, 4])
def test_a_tree_answers_in_blocks(n_jobs):
    rng = np.random.default_rng(0)
    X, queries = rng.normal(size=(500, 2)), rng.normal(size=(200_000, 2))
    k_nearest(X, queries[:100], 9)
    found, peak_bytes = peak_of(lambda: k_nearest(X, queries, 9, n_jobs=n_jobs))
    # The answer is rows and distances, first in parts and then in one; at once it would be 200 MB more.
    assert peak_bytes < 2.5 * found.nbytes + 16e6 * (n_jobs or 1)


def test_looks_for_integers_in_slices():
    X = np.ones((100_000, 20))
    found, peak_bytes = peak_of(lambda: are_integers(X))
    assert found
    assert peak_bytes < 1e6
    X[-1, -1] = 0.5
    assert not are_integers(X)
