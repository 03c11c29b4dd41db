"""The folds inside a training part on which a threshold is tuned: real rows to judge on, whatever is fitted.

Without a sampler, a fold's rows to fit are real too. With one, they are resampled anew in every inner fold
(`smote_bench.evaluation.folds`): rows that were resampled before they are split would be judged on their own
copies and synthetic twins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import StratifiedKFold

from smote_bench.classifiers.group_splits import fewest_groups, group_parts
from smote_bench.classifiers.prediction import NotApplicable
from smote_bench.classifiers.time_splits import forward_chain, most_blocks

__all__ = ["N_INNER", "InnerFold", "inner_notes", "inner_splits", "real_folds"]

N_INNER = 5
"""How many inner folds there are, where each class has a row for each."""


@dataclass(frozen=True)
class InnerFold:
    """One inner fold.

    Parameters
    ----------
    X, y : array-like of shape (n_rows, n_features) and (n_rows,)
        The rows to fit, resampled where the method has samplers.
    X_valid, y_valid : array-like of shape (n_valid, n_features) and (n_valid,)
        Real rows that were kept from the samplers.
    fit_params : mapping of str to array-like
        Arguments of ``fit`` with a value for each row of `X`.
    weights, weights_valid : ndarray of shape (n_rows,) and (n_valid,), optional
        How much each row counts in fitting and in judging.
    apart : mapping of str to ndarray of shape (n_rows,)
        ``groups`` or ``times`` of rows to fit that no sampler made.
    unit : str
        Why there are not more folds, in words, with a place for their number.
    seconds : float
        Of the samplers.
    noop : bool
        The samplers gave their input back.
    warnings : tuple of str
    """

    X: Any
    y: NDArray[Any]
    X_valid: Any
    y_valid: NDArray[Any]
    fit_params: Mapping[str, Any] = field(default_factory=dict)
    weights: NDArray[np.float64] | None = None
    weights_valid: NDArray[np.float64] | None = None
    apart: Mapping[str, Any] = field(default_factory=dict)
    unit: str = "the smaller class has {} rows"
    seconds: float = 0.0
    noop: bool = False
    warnings: tuple[str, ...] = ()


def inner_splits(
    y: NDArray[Any],
    *,
    seed: int,
    groups: NDArray[np.int64] | None = None,
    times: NDArray[np.float64] | None = None,
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return the shuffled, stratified splits: five, or as many as the smaller class has rows.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Labels of real rows, 0 or 1.
    seed : int
    groups : ndarray of shape (n_samples,), optional
        No group is on two sides: five splits, or as many as there are groups with rows of the class that is
        in fewer.
    times : ndarray of shape (n_samples,), optional
        Held-out rows are later than those that are fitted: five splits, or as many as there can be with both
        classes on both sides.

    Raises
    ------
    NotApplicable
        With fewer than two rows of a class, or two groups or stretches of time with rows of it.
    """
    if groups is not None:
        found = fewest_groups(y, groups)
        if found < 2:
            raise NotApplicable(
                f"a threshold needs 2 groups with rows of each class to be tuned on, one class is in {found}"
            )
        n = min(N_INNER, found)
        part = group_parts(y, groups, n, seed=seed)
        return [(np.flatnonzero(part != k), np.flatnonzero(part == k)) for k in range(n)]
    if times is not None:
        found = most_blocks(y, times, N_INNER + 1)
        folds = forward_chain(y, times, found - 1) if found > 1 else None
        if folds is None:
            raise NotApplicable(
                "a threshold needs earlier and later rows of each class to be tuned on, and there are none"
            )
        return folds
    smallest = min(np.count_nonzero(y == 0), np.count_nonzero(y == 1))
    if smallest < 2:
        raise NotApplicable(
            f"a threshold needs 2 rows of each class to be tuned on, the smaller one has {smallest}"
        )
    folds_of_rows = StratifiedKFold(min(N_INNER, smallest), shuffle=True, random_state=seed)
    return list(folds_of_rows.split(np.zeros(len(y)), y))


def real_folds(
    X: ArrayLike, y: ArrayLike, *, seed: int, fit_params: Mapping[str, Any] | None = None
) -> list[InnerFold]:
    """Return the inner folds of rows that no sampler made.

    Parameters
    ----------
    X, y : array-like of shape (n_samples, n_features) and (n_samples,)
        Training rows and labels, 0 or 1.
    seed : int
        Of the splits.
    fit_params : mapping, optional
        Arguments of ``fit`` with one value per row.

    Raises
    ------
    NotApplicable
        With fewer than two rows of a class.
    """
    labels = np.asarray(y)
    rows = X.iloc if hasattr(X, "iloc") else np.asarray(X)
    params = fit_params or {}
    return [
        InnerFold(
            rows[train],
            labels[train],
            rows[valid],
            labels[valid],
            {name: value[train] for name, value in params.items()},
        )
        for train, valid in inner_splits(labels, seed=seed)
    ]


def inner_notes(folds: Iterable[InnerFold]) -> list[str]:
    """Return what samplers said and did not do in the inner folds, each once."""
    folds = list(folds)
    notes = list(dict.fromkeys(text for fold in folds for text in fold.warnings))
    n_idle = sum(fold.noop for fold in folds)
    if n_idle:
        notes.append(
            f"the sampler returned its input in {n_idle} of {len(folds)} inner folds of the tuned threshold"
        )
    return notes
