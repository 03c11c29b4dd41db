"""Samplers and classifiers that do next to nothing, for `scale.py`: what a run costs beside them is ours."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

__all__ = ["StubClassifier", "StubSampler"]


class StubSampler(BaseEstimator):  # type: ignore[misc]  # no types in scikit-learn
    """Repeat minority rows until both classes have as many; `number` tells one stub from another."""

    def __init__(self, number: int = 0) -> None:
        self.number = number

    def fit_resample(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows with some of the minority again, others with every `number`."""
        minority = np.flatnonzero(y == 1)
        more = np.resize(np.roll(minority, self.number), max(0, len(y) - 2 * len(minority)))
        rows = np.concatenate([np.arange(len(y)), more])
        return X[rows], y[rows]


class StubClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Score a row by one of its columns and how often the minority was seen."""

    def __init__(self, number: int = 0) -> None:
        self.number = number

    def fit(self, X: np.ndarray, y: np.ndarray) -> StubClassifier:
        """Remember a column's mean and the share of the minority."""
        self.classes_ = np.array([0, 1])
        self.column_ = self.number % X.shape[1]
        self.middle_ = X[:, self.column_].mean()
        self.share_ = y.mean()
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return probabilities of both classes."""
        score = np.clip(self.share_ + X[:, self.column_] - self.middle_, 0.0, 1.0)
        return np.column_stack([1 - score, score])

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the likelier class."""
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)
