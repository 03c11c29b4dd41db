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

from smote_bench.classifiers.prediction import NotApplicable

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
    seconds: float = 0.0
    noop: bool = False
    warnings: tuple[str, ...] = ()


def inner_splits(y: NDArray[Any], *, seed: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return the shuffled, stratified splits: five, or as many as the smaller class has rows.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Labels of real rows, 0 or 1.
    seed : int

    Raises
    ------
    NotApplicable
        With fewer than two rows of a class.
    """
    smallest = min(np.count_nonzero(y == 0), np.count_nonzero(y == 1))
    if smallest < 2:
        raise NotApplicable(
            f"a threshold needs 2 rows of each class to be tuned on, the smaller one has {smallest}"
        )
    folds = StratifiedKFold(min(N_INNER, smallest), shuffle=True, random_state=seed)
    return list(folds.split(np.zeros(len(y)), y))


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
