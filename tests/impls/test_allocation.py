"""Allocation of synthetic rows to seeds: exact totals, no row favoured."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from smote_impls.allocation import allocate_evenly, allocate_in_proportion


@given(n_seeds=st.integers(1, 50), n_samples=st.integers(0, 500), seed=st.integers(0, 99))
def test_even_shares_differ_by_one_at_most_and_add_up(n_seeds, n_samples, seed):
    counts = allocate_evenly(n_seeds, n_samples, np.random.RandomState(seed))
    assert counts.sum() == n_samples
    assert counts.max() - counts.min() <= 1


@given(
    weights=st.lists(st.integers(0, 10), min_size=1, max_size=40).filter(any),
    n_samples=st.integers(0, 10**6),
    seed=st.integers(0, 99),
)
def test_proportional_shares_are_within_one_and_add_up(weights, n_samples, seed):
    weights = np.array(weights)
    counts = allocate_in_proportion(weights, n_samples, np.random.RandomState(seed))
    assert counts.sum() == n_samples
    assert (np.abs(counts - n_samples * weights / weights.sum()) < 1 + 1e-9).all()
    assert (counts[weights == 0] == 0).all()


def test_larger_remainders_come_first():
    # Shares are 0.5, 1.0, 1.5 of three; the one that is left goes to a remainder of a half, by lot.
    firsts = {
        tuple(allocate_in_proportion(np.array([1, 2, 3]), 3, np.random.RandomState(s))) for s in range(30)
    }
    assert firsts == {(1, 1, 1), (0, 1, 2)}
    # Shares are 0.4 and 1.6: the row left goes to the larger remainder, without lot.
    thirds = {tuple(allocate_in_proportion(np.array([1, 4]), 2, np.random.RandomState(s))) for s in range(30)}
    assert thirds == {(0, 2)}
