"""How many synthetic rows each seed gets."""

from __future__ import annotations

import numpy as np

__all__ = ["allocate_evenly", "allocate_in_proportion"]


def allocate_evenly(n_seeds: int, n_samples: int, rng: np.random.RandomState) -> np.ndarray:
    """Give each seed the same number, and the remainder to seeds drawn without replacement.

    Returns
    -------
    ndarray of shape (n_seeds,), intp
        ``n_samples // n_seeds`` or one more; they add up to `n_samples`.
    """
    share, remainder = divmod(n_samples, n_seeds)
    counts = np.full(n_seeds, share, dtype=np.intp)
    if remainder:
        counts[rng.permutation(n_seeds)[:remainder]] += 1
    return counts


def allocate_in_proportion(weights: np.ndarray, n_samples: int, rng: np.random.RandomState) -> np.ndarray:
    """Give each seed its share by weight, rounded by largest remainder so that the total is exact.

    Parameters
    ----------
    weights : ndarray of shape (n_seeds,), integers of 0 or more, not all 0
    n_samples : int
    rng : RandomState
        Settles equal remainders, of which there are many: to settle them by row number would favour the first
        rows.

    Returns
    -------
    ndarray of shape (n_seeds,), intp
        Each is less than 1 away from ``n_samples * weights / weights.sum()``; they add up to `n_samples`.
    """
    counts, remainders = np.divmod(weights.astype(np.int64) * n_samples, int(weights.sum()))
    n_left = n_samples - int(counts.sum())
    if n_left:
        shuffled = rng.permutation(len(weights))
        by_remainder = shuffled[np.argsort(-remainders[shuffled], kind="stable")]
        counts[by_remainder[:n_left]] += 1
    return counts.astype(np.intp)
