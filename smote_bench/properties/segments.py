"""Where a new row may have come from: the seeds, neighbours and steps that explain it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True)
class Explanation:
    """Which segments each new row lies on.

    Parameters
    ----------
    fits : ndarray of shape (n_new, n_segments), bool
        Whether the row lies on the segment, within rounding.
    steps : ndarray of shape (n_new, n_segments), float64
        Where on it: 0 at the seed, 1 at the neighbour; only meaningful where `fits`.
    miss : ndarray of shape (n_new,), float64
        Distance to the nearest segment, in units of the data.
    seeds, neighbors : ndarray of shape (n_segments,), intp
        The ends of each segment, as given.
    """

    fits: np.ndarray
    steps: np.ndarray
    miss: np.ndarray
    seeds: np.ndarray
    neighbors: np.ndarray

    @property
    def explained(self) -> np.ndarray:
        """Whether each new row lies on any segment; shape (n_new,), bool."""
        is_explained: np.ndarray = np.any(self.fits, axis=1)
        return is_explained


def explain(
    new: np.ndarray,
    X: np.ndarray,
    seeds: np.ndarray,
    neighbors: np.ndarray,
    *,
    longest: np.ndarray | float = 1.0,
    tolerance: float = 1e-9,
) -> Explanation:
    """Find the segments ``X[seed] + step * (X[neighbor] - X[seed])``, 0 <= step <= `longest`, with rows on.

    Parameters
    ----------
    new : ndarray of shape (n_new, n_features), float64
    X : ndarray of shape (n_samples, n_features), float64
    seeds, neighbors : ndarray of shape (n_segments,), intp
        Rows of `X`, pair by pair.
    longest : float or ndarray of shape (n_segments,)
        The longest step allowed on each segment.
    tolerance : float
        Allowed distance from the segment, relative to the largest absolute value in `X`.
    """
    scale = float(np.abs(X).max(initial=0.0)) or 1.0
    start, end = X[seeds] / scale, X[neighbors] / scale
    direction = end - start
    length2 = (direction**2).sum(axis=1)
    relative = new[:, None, :] / scale - start[None, :, :]
    projected = np.einsum("nsf,sf->ns", relative, direction)
    steps = np.divide(projected, length2[None, :], out=np.zeros_like(projected), where=length2[None, :] > 0)
    inside = np.clip(steps, 0.0, np.broadcast_to(longest, length2.shape)[None, :])
    distance = np.sqrt(((relative - inside[:, :, None] * direction[None, :, :]) ** 2).sum(axis=2))
    fits: np.ndarray = distance <= tolerance
    miss = distance.min(axis=1) * scale if distance.shape[1] else np.full(len(new), np.inf)
    return Explanation(fits, steps, miss, np.asarray(seeds), np.asarray(neighbors))
