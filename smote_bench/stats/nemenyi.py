"""Nemenyi's test of all pairs of methods, and the cliques of a critical-difference diagram."""

from __future__ import annotations

import functools
import math

import numpy as np
import pandas as pd
from scipy import stats

__all__ = ["cliques", "critical_difference", "nemenyi", "nemenyi_q"]


def critical_difference(n_methods: int, n_datasets: int, *, alpha: float = 0.05) -> float:
    """Return the difference of two mean ranks from which on Nemenyi's test calls them different.

    Parameters
    ----------
    n_methods, n_datasets : int
    alpha : float
        In (0, 1).

    Raises
    ------
    ValueError

    References
    ----------
    P. B. Nemenyi, "Distribution-free multiple comparisons", PhD thesis, Princeton (1963);
    Demsar (2006), section 3.2.2.

    Examples
    --------
    >>> round(critical_difference(4, 14), 2)
    1.25
    """
    if n_methods < 2 or n_datasets < 1:
        raise ValueError(
            f"expected at least 2 methods and 1 data set, got n_methods={n_methods!r}, "
            f"n_datasets={n_datasets!r}: there is nothing to compare"
        )
    if not 0 < alpha < 1:
        raise ValueError(f"expected a level between 0 and 1, got alpha={alpha!r}: 0.05 is usual")
    return nemenyi_q(n_methods, alpha) * _standard_error(n_methods, n_datasets)


@functools.lru_cache(maxsize=256)
def nemenyi_q(n_methods: int, alpha: float) -> float:
    """Return the studentized range's critical value for k methods and infinite df, divided by sqrt(2)."""
    return float(stats.studentized_range.ppf(1 - alpha, n_methods, np.inf)) / math.sqrt(2)


def nemenyi(mean_ranks: pd.Series, n_datasets: int) -> pd.DataFrame:
    """Return the p of every pair, corrected for all k (k - 1) / 2 pairs.

    Parameters
    ----------
    mean_ranks : Series of shape (n_methods,)
        Over complete blocks.
    n_datasets : int

    Returns
    -------
    DataFrame of shape (n_methods, n_methods)
        Symmetric, 1 on the diagonal.
    """
    k = len(mean_ranks)
    ranks = mean_ranks.to_numpy(dtype=float)
    rows, columns = np.triu_indices(k, 1)
    q = np.abs(ranks[rows] - ranks[columns]) / _standard_error(k, n_datasets) * math.sqrt(2)
    p = np.ones((k, k))
    p[rows, columns] = p[columns, rows] = np.clip(stats.studentized_range.sf(q, k, np.inf), 0.0, 1.0)
    return pd.DataFrame(p, index=mean_ranks.index, columns=mean_ranks.index)


def cliques(mean_ranks: pd.Series, critical: float) -> list[list[str]]:
    """Return the largest groups of methods within one critical difference, best rank first.

    A group is a bar of the diagram; a method that differs from all others is a group of its own, so that
    every method is in at least one.

    Examples
    --------
    >>> cliques(pd.Series({"a": 1.0, "b": 1.5, "c": 2.5, "d": 5.0}), 1.2)
    [['a', 'b'], ['b', 'c'], ['d']]
    """
    ordered = mean_ranks.sort_values(kind="stable")
    ranks, names = ordered.to_numpy(dtype=float), list(ordered.index)
    groups: list[list[str]] = []
    reached = 0
    for start in range(len(ranks)):
        # A hair of tolerance: mean ranks are sums of thirds and halves.
        end = int(np.searchsorted(ranks, ranks[start] + critical - 1e-12, side="left"))
        end = max(end, start + 1)
        if end > reached:
            groups.append(names[start:end])
            reached = end
    return groups


def _standard_error(n_methods: int, n_datasets: int) -> float:
    return math.sqrt(n_methods * (n_methods + 1) / (6 * n_datasets))
