"""The papers' definitions, written for clarity: neighbours, DANGER rows, ADASYN's hardness.

Distances tie on simple data, and which of two tied rows is a neighbour is nobody's fault. So each function
says what certainly holds and what may hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = [
    "Neighborhood",
    "danger_rows",
    "least_gap",
    "majority_counts",
    "neighborhood",
    "ranked_neighbors",
]

_TIE = 1e-9


@dataclass(frozen=True)
class Neighborhood:
    """Which reference rows are among the k nearest of each query row.

    Parameters
    ----------
    certain : ndarray of shape (n_queries, n_reference), bool
        Nearest however ties are settled.
    possible : ndarray of shape (n_queries, n_reference), bool
        Nearest for some way to settle ties.
    """

    certain: np.ndarray
    possible: np.ndarray


def neighborhood(
    reference: np.ndarray, queries: np.ndarray, k: int, *, self_rows: np.ndarray | None = None
) -> Neighborhood:
    """Return the Euclidean k-neighbourhoods, ties marked.

    Parameters
    ----------
    reference : ndarray of shape (n_reference, n_features)
    queries : ndarray of shape (n_queries, n_features)
    k : int
        At most the number of rows left; more is cut to that.
    self_rows : ndarray of shape (n_queries,), optional
        The row of `reference` that each query is; it is no neighbour of itself.
    """
    scale = max(np.abs(reference).max(initial=0.0), np.abs(queries).max(initial=0.0)) or 1.0
    # Halved first: the difference of the largest and the smallest float64 is beyond float64.
    differences = (queries / scale / 2)[:, None, :] - (reference / scale / 2)[None, :, :]
    distances = np.sqrt((differences**2).sum(axis=2))
    if self_rows is not None:
        distances[np.arange(len(queries)), self_rows] = np.inf
    left = np.isfinite(distances).sum(axis=1)
    k_here = np.minimum(k, left)
    ordered = np.sort(distances, axis=1)
    last = ordered[np.arange(len(queries)), np.maximum(k_here - 1, 0)][:, None]
    margin = _TIE * np.maximum(last, _TIE)
    possible = (distances <= last + margin) & np.isfinite(distances)
    n_possible = possible.sum(axis=1)
    certain = np.where((n_possible <= k_here)[:, None], possible, possible & (distances < last - margin))
    return Neighborhood(certain & (k_here > 0)[:, None], possible & (k_here > 0)[:, None])


def ranked_neighbors(rows: np.ndarray, k: int) -> np.ndarray:
    """Return the k nearest other rows of each, the nearest first, of rows of which no two distances tie.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features)
    k : int
        Less than the number of rows.

    Returns
    -------
    ndarray of shape (n_rows, k), intp
    """
    distances = np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=2))
    np.fill_diagonal(distances, np.inf)
    near: np.ndarray = np.argsort(distances, axis=1)[:, :k]
    return near


def majority_counts(X: np.ndarray, y: np.ndarray, label: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each row of class `label`, the fewest and the most other rows among its m nearest.

    Other rows are those of other classes. Both numbers are equal where no tie is at the border. `m` is cut to
    the number of rows there are. Where one of another class equals the query, a search that leaves out "the
    nearest" in place of the row itself counts one less.
    """
    rows = np.flatnonzero(y == label)
    near = neighborhood(X, X[rows], m, self_rows=rows)
    other = (y != label)[None, :]
    certain_other = (near.certain & other).sum(axis=1)
    tied = near.possible & ~near.certain
    n_open = min(m, len(y) - 1) - near.certain.sum(axis=1)
    tied_own = (tied & ~other).sum(axis=1)
    tied_other = (tied & other).sum(axis=1)
    fewest = certain_other + np.maximum(n_open - tied_own, 0)
    most = certain_other + np.minimum(n_open, tied_other)
    twin_of_other_class = ((X[rows][:, None, :] == X[None, :, :]).all(axis=2) & other).any(axis=1)
    return np.maximum(fewest - twin_of_other_class, 0), most


def danger_rows(X: np.ndarray, y: np.ndarray, label: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows of class `label` are certainly, and which are possibly in DANGER.

    A row is in DANGER where at least half but not all of its m nearest rows belong to other classes. Half of
    an odd m is read as rounded up (m/2 <= m', as the paper has it) or down (m // 2): a row in between is
    possibly in DANGER.

    References
    ----------
    Han, Wang and Mao (2005), doi:10.1007/11538059_91
    """
    m = min(m, len(y) - 1)
    fewest, most = majority_counts(X, y, label, m)
    certain = (2 * fewest >= m) & (most < m)
    lowest_danger, highest_danger = np.maximum(fewest, max(m // 2, 1)), np.minimum(most, m - 1)
    return certain, lowest_danger <= highest_danger


def least_gap(X: np.ndarray) -> float:
    """Return how near to a tie any row's distances to two others come.

    The smallest difference of two squared distances from one row, 0 if they tie.
    """
    squared = ((X[:, None, :] - X[None, :, :]) ** 2).sum(axis=2)
    return float(np.diff(np.sort(squared, axis=1), axis=1).min(initial=np.inf))
