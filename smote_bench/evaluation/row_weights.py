"""Weights of rows after resampling: originals keep theirs, a synthetic row has its parents' mean."""

from __future__ import annotations

import numpy as np

from smote_bench.evaluation.row_matching import row_ids

__all__ = ["resampled_weights"]

Rows = tuple[np.ndarray, np.ndarray]


def resampled_weights(
    before: Rows, after: Rows, weights: np.ndarray, parents: np.ndarray | None = None
) -> np.ndarray:
    """Return a weight for each row that a method gave.

    Parameters
    ----------
    before, after : pair of ndarray of shape (n_rows, n_features), float64, and (n_rows,)
        Rows and labels before and after resampling, in one feature space.
    weights : ndarray of shape (n_rows,), float64
        Of the rows before.
    parents : structured ndarray of shape (n_synthetic,), optional
        For each of the last rows after the rows ``seed`` and ``neighbor`` before that it lies between, -1
        where there are none.

    Returns
    -------
    ndarray of shape (n_rows_after,), float64
        A row that was there before keeps its weight. A synthetic row has the mean weight of its two parents
        where they are known; a copy that of the rows it equals; any other the mean weight of its class.
    """
    (X, y), (X_after, y_after) = before, after
    n = len(y)
    of_class = np.array([weights[y == label].mean() for label in (0, 1)])
    found = of_class[y_after]
    is_first = len(y_after) >= n and np.array_equal(X_after[:n], X) and np.array_equal(y_after[:n], y)
    if is_first:
        found[:n] = weights
    if is_first and parents is not None and len(parents) == len(y_after) - n:
        pairs = np.column_stack([parents["seed"], parents["neighbor"]])
        known = (pairs >= 0).all(axis=1)
        found[n:][known] = weights[pairs[known]].mean(axis=1)
        return found
    ids = row_ids(np.vstack([np.column_stack([X, y]), np.column_stack([X_after, y_after])]))
    before_ids, after_ids = ids[:n], ids[n:]
    counts = np.bincount(before_ids, minlength=ids.max() + 1)
    sums = np.bincount(before_ids, weights=weights, minlength=ids.max() + 1)
    equal = counts[after_ids] > 0
    if is_first:
        equal[:n] = False
    found[equal] = (sums[after_ids] / np.maximum(counts[after_ids], 1))[equal]
    return found
