"""What a fitted classifier says of rows: labels and scores from one output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smote_bench.errors import SmoteBenchError

__all__ = ["NotApplicable", "Prediction", "predict"]


class NotApplicable(SmoteBenchError):
    """A method has no meaning for a classifier, or for these rows; its cell is a ``noop``."""


@dataclass(frozen=True)
class Prediction:
    """What one fit predicted.

    Parameters
    ----------
    label : ndarray of shape (n_samples,), int64
        0 or 1.
    score : ndarray of shape (n_samples,), float64
        The probability of class 1 or, from estimators without ``predict_proba``, the decision function.
    fit_seconds, predict_seconds : float
        Wall time; tuning a threshold counts as fitting, what it resamples in its inner folds included.
    warnings : tuple of str
        Distinct, shortened, in the order in which they came.
    train_label : ndarray of shape (n_train,), int64, optional
        The labels of the rows asked for by ``X_train``.
    history : mapping of str to list of float, optional
        What the fitted estimator (or a pipeline's last step) has in ``history_``: values per epoch, by name.
    thresholds : mapping of metric name to float, optional
        The thresholds that were tuned; labels are those of the first.
    """

    label: NDArray[np.int64]
    score: NDArray[np.float64]
    fit_seconds: float
    predict_seconds: float
    warnings: tuple[str, ...]
    train_label: NDArray[np.int64] | None = None
    history: Mapping[str, list[float]] | None = None
    thresholds: Mapping[str, float] | None = None


def predict(estimator: Any, X: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return labels and class 1's scores from one call of a fitted estimator (two without probabilities)."""
    classes = np.asarray(estimator.classes_)
    if hasattr(estimator, "predict_proba"):
        proba = np.asarray(estimator.predict_proba(X), dtype=np.float64)
        label = classes.take(proba.argmax(axis=1)).astype(np.int64)
        of_minority = np.flatnonzero(classes == 1)
        score = proba[:, of_minority[0]].copy() if of_minority.size else np.zeros(len(proba))
        return label, score
    score = np.asarray(estimator.decision_function(X), dtype=np.float64)
    return np.asarray(estimator.predict(X)).astype(np.int64), score
