"""A sampler and a classifier that take their time, so that whatever happens, happens while cells run."""

from __future__ import annotations

import os
import time

import numpy as np
from numpy.typing import NDArray

__all__ = ["SlowRepeat", "SlowStub"]

_SECONDS = float(os.environ.get("CHAOS_SECONDS", "0.02"))


class SlowRepeat:
    """Repeats rows of the minority, moved by a thousandth, until the classes are of one size."""

    def fit_resample(
        self, X: NDArray[np.float64], y: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Resample; the same rows whenever it is asked."""
        time.sleep(_SECONDS)
        rows = np.flatnonzero(y == 1)
        more = np.random.default_rng(0).choice(rows, (y == 0).sum() - len(rows))
        return np.vstack([X, X[more] + 1e-3]), np.concatenate([y, y[more]])


class SlowStub:
    """Decides by the first column's mean."""

    def __init__(self, random_state: int | None = None) -> None:
        self.random_state = random_state

    def get_params(self, deep: bool = True) -> dict[str, int | None]:  # noqa: ARG002
        """Return the parameters."""
        return {"random_state": self.random_state}

    def set_params(self, **params: int | None) -> SlowStub:
        """Set parameters."""
        self.random_state = params.get("random_state", self.random_state)
        return self

    def fit(self, X: NDArray[np.float64], y: NDArray[np.int64]) -> SlowStub:
        """Learn the mean."""
        time.sleep(_SECONDS)
        self.classes_ = np.unique(y)
        self.mean_ = X[:, 0].mean()
        return self

    def predict_proba(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return 0.8 above the mean and 0.2 below."""
        p = np.where(X[:, 0] > self.mean_, 0.8, 0.2)
        return np.column_stack([1 - p, p])
