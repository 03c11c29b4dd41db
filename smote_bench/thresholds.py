"""The threshold that maximises balanced accuracy inside the training rows."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold

from smote_bench.prediction import NotApplicable, predict

__all__ = ["tune_threshold"]

_FOLDS = 5
_GRID = 100


def tune_threshold(
    estimator: Any, X: ArrayLike, y: ArrayLike, *, seed: int, fit_params: dict[str, Any] | None = None
) -> float:
    """Return the score from which on a row is labelled as the minority.

    Parameters
    ----------
    estimator : estimator
        Unfitted and seeded; it is cloned, not fitted.
    X, y : array-like of shape (n_samples, n_features) and (n_samples,)
        Training rows and labels, 0 or 1.
    seed : int
        Of the shuffled, stratified folds: five, or as many as there are minority rows (with a warning).
    fit_params : dict, optional
        Arguments of ``fit`` with one value per row.

    Returns
    -------
    float
        Label a row as the minority if ``score >= threshold``.

    Raises
    ------
    NotApplicable
        With fewer than two rows of a class, or where scores do not vary in some fold.

    Notes
    -----
    The result is that of scikit-learn's ``TunedThresholdClassifierCV`` with these folds, to the bit: per fold
    a grid of 100 thresholds over its scores, the folds' curves interpolated on a common grid, their mean, its
    first maximum. scikit-learn calls the metric 100 times a fold, which takes longer than fitting a small
    forest; here a curve is one sort (0.9 s less per threshold, whatever the classifier).
    """
    labels = np.asarray(y)
    smallest = min(np.count_nonzero(labels == 0), np.count_nonzero(labels == 1))
    if smallest < 2:
        raise NotApplicable(
            f"a threshold needs 2 rows of each class to be tuned on, the smaller one has {smallest}"
        )
    if smallest < _FOLDS:
        warnings.warn(
            f"threshold tuned with {smallest} folds, not {_FOLDS}: the smaller class has {smallest} rows",
            UserWarning,
            stacklevel=2,
        )
    folds = StratifiedKFold(min(_FOLDS, smallest), shuffle=True, random_state=seed)
    curves = [
        _curve(clone(estimator), X, labels, train, valid, fit_params or {})
        for train, valid in folds.split(X, labels)
    ]
    common = np.linspace(
        min(thresholds.min() for thresholds, _ in curves),
        max(thresholds.max() for thresholds, _ in curves),
        _GRID,
    )
    mean = np.mean([np.interp(common, thresholds, accuracy) for thresholds, accuracy in curves], axis=0)
    return float(common[mean.argmax()])


def _curve(
    estimator: Any,
    X: Any,
    y: NDArray[Any],
    train: NDArray[np.intp],
    valid: NDArray[np.intp],
    fit_params: dict[str, Any],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit on `train`; return thresholds over the scores of `valid`, and the balanced accuracy at each."""
    rows = X.iloc if hasattr(X, "iloc") else np.asarray(X)
    estimator.fit(rows[train], y[train], **{name: value[train] for name, value in fit_params.items()})
    _, score = predict(estimator, rows[valid])
    if np.isnan(score).any():
        raise NotApplicable(f"no threshold can be tuned: {type(estimator).__name__} has labels and no scores")
    thresholds = np.linspace(score.min(), score.max(), _GRID)
    if np.isclose(thresholds[0], thresholds[-1]):
        raise NotApplicable("no threshold can be tuned: the scores of a fold's rows are all the same")
    truth = y[valid]
    minority, majority = np.sort(score[truth == 1]), np.sort(score[truth == 0])
    recall = (minority.size - np.searchsorted(minority, thresholds, side="left")) / minority.size
    specificity = np.searchsorted(majority, thresholds, side="left") / majority.size
    return thresholds, (recall + specificity) / 2
