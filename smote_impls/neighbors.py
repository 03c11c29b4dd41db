"""The one neighbour search (a simple version)."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.neighbors import NearestNeighbors

__all__ = ["k_nearest"]


def k_nearest(
    reference: Any, queries: Any, k: int, *, self_rows: np.ndarray | None = None, n_jobs: int | None = None
) -> np.ndarray:
    """Find the exact Euclidean k nearest rows of `reference` for each query row, nearest first."""
    n_found = k + (self_rows is not None)
    nearest = NearestNeighbors(n_neighbors=n_found, n_jobs=n_jobs).fit(reference)
    found = nearest.kneighbors(queries, return_distance=False)
    if self_rows is None:
        return found
    is_self = found == np.asarray(self_rows)[:, None]
    is_self[~is_self.any(axis=1), -1] = True
    return found[~is_self].reshape(len(found), k)
