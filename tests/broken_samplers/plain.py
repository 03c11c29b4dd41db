"""Plain correct oversamplers, independent of smote_impls: what the broken ones are derived from.

Written for being broken: every decision is a method of its own, so that one bug is one short override.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from imblearn.utils import check_sampling_strategy
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_random_state, check_X_y
from sklearn.utils.multiclass import check_classification_targets

__all__ = ["GaussianNoise", "PlainADASYN", "PlainBorderline", "PlainOversampler", "PlainSMOTE"]


class PlainOversampler(BaseEstimator):
    """Everything but the new rows: `new_rows` is for the subclass."""

    def __init__(self, sampling_strategy="auto", random_state=None):
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def fit_resample(self, X, y):
        """Return the rows of `X`, then the new ones, and their labels."""
        values, labels = self.read(X, y)
        self.n_features_in_ = values.shape[1]
        self.sampling_strategy_ = self.n_new(labels)
        rng = self.generator()
        rows, classes = [values], [labels]
        for label, n in self.sampling_strategy_.items():
            if n > 0:
                made = self.new_rows(values.astype(np.float64), labels, label, n, rng)
                rows.append(self.to_dtype(made, values.dtype))
                classes.append(np.full(len(made), label, dtype=labels.dtype))
        return self.hand_back(*self.stack(rows, classes), X, y)

    def read(self, X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return valid input as arrays."""
        if sparse.issparse(X):
            X = X.toarray()
        X, y = check_X_y(X, y)
        check_classification_targets(y)
        return X, y

    def n_new(self, y: np.ndarray) -> dict[Any, int]:
        """Return how many new rows each class gets."""
        return check_sampling_strategy(self.sampling_strategy, y, "over-sampling")

    def generator(self) -> np.random.RandomState:
        """Return the generator of one call."""
        return check_random_state(self.random_state)

    def new_rows(self, X, y, label, n, rng) -> np.ndarray:
        """Return `n` new rows of class `label`."""
        raise NotImplementedError

    def to_dtype(self, rows: np.ndarray, dtype: np.dtype) -> np.ndarray:
        """Return new rows with the dtype of the input."""
        return (rows.round() if np.issubdtype(dtype, np.integer) else rows).astype(dtype)

    def stack(self, rows: list[np.ndarray], classes: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return the originals and the new rows of each class as one."""
        return np.vstack(rows), np.concatenate(classes)

    def hand_back(self, values: np.ndarray, labels: np.ndarray, X: Any, y: Any) -> tuple[Any, Any]:
        """Return the result in the containers that the input came in."""
        return self.like_X(values, X), self.like_y(labels, y)

    def like_X(self, values: np.ndarray, X: Any) -> Any:
        """Return rows as a frame or a sparse matrix, if `X` is one."""
        if isinstance(X, pd.DataFrame):
            made = pd.DataFrame(values, columns=X.columns)
            return pd.DataFrame({name: self.to_dtype(made[name], dtype) for name, dtype in X.dtypes.items()})
        if sparse.issparse(X):
            return type(X)(values)
        return values

    def like_y(self, labels: np.ndarray, y: Any) -> Any:
        """Return labels as a Series, if `y` is one."""
        return pd.Series(labels, name=y.name, dtype=y.dtype) if isinstance(y, pd.Series) else labels


class GaussianNoise(PlainOversampler):
    """Rows of the class with normal noise added."""

    oversampler_family = "generic"

    def __init__(self, sampling_strategy="auto", random_state=None, scale=0.1):
        super().__init__(sampling_strategy, random_state)
        self.scale = scale

    def new_rows(self, X, y, label, n, rng):
        """Return noisy copies."""
        rows = X[y == label]
        spread = self.scale * rows.std(axis=0)
        return rows[rng.randint(len(rows), size=n)] + spread * rng.normal(size=(n, X.shape[1]))


class PlainSMOTE(PlainOversampler):
    """Chawla et al. (2002)."""

    oversampler_family = "smote"

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5):
        super().__init__(sampling_strategy, random_state)
        self.k_neighbors = k_neighbors

    def new_rows(self, X, y, label, n, rng):
        """Return rows between rows of the class and their neighbours in it."""
        rows = X[y == label]
        seeds = self.seeds(np.arange(len(rows)), n, rng)
        return self.between(rows, seeds, self.neighbors(rows, self.k_neighbors), rng)

    def neighbors(self, rows: np.ndarray, k: int) -> np.ndarray:
        """Return the k nearest other rows of each."""
        if len(rows) <= k:
            raise ValueError(
                f"expected more than {k} rows of each class to grow, got {len(rows)}: lower k_neighbors"
            )
        return NearestNeighbors(n_neighbors=k).fit(rows).kneighbors(return_distance=False)

    def seeds(self, candidates: np.ndarray, n: int, rng: np.random.RandomState) -> np.ndarray:
        """Return which row each new row starts from."""
        return rng.choice(candidates, size=n)

    def partners(self, neighbors: np.ndarray, seeds: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
        """Return which neighbour each new row lies towards."""
        return neighbors[seeds, rng.randint(neighbors.shape[1], size=len(seeds))]

    def steps(self, n: int, n_features: int, rng: np.random.RandomState) -> np.ndarray:
        """Return how far each new row lies on the way."""
        return rng.uniform(size=(n, 1))

    def combine(self, start: np.ndarray, end: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """Return the rows at these steps."""
        return start + steps * (end - start)

    def between(self, rows, seeds, neighbors, rng) -> np.ndarray:
        """Return one new row for each seed."""
        ends = rows[self.partners(neighbors, seeds, rng)]
        return self.combine(rows[seeds], ends, self.steps(len(seeds), rows.shape[1], rng))


class PlainBorderline(PlainSMOTE):
    """Han, Wang and Mao (2005), both kinds."""

    def __init__(
        self, sampling_strategy="auto", random_state=None, k_neighbors=5, m_neighbors=10, kind="borderline-1"
    ):
        super().__init__(sampling_strategy, random_state, k_neighbors)
        self.m_neighbors = m_neighbors
        self.kind = kind

    @property
    def oversampler_family(self):
        """Which of the two it is."""
        return "borderline1" if self.kind == "borderline-1" else "borderline2"

    def new_rows(self, X, y, label, n, rng):
        """Return rows that start from rows in DANGER."""
        own = y == label
        danger = np.flatnonzero(self.in_danger(self.n_other(X, y, label), min(self.m_neighbors, len(X) - 1)))
        if not danger.size:
            raise ValueError(f"expected rows of class {label!r} in DANGER, there is none: use SMOTE")
        seeds = self.seeds(danger, n, rng)
        made = self.between(X[own], seeds, self.neighbors(X[own], self.k_neighbors), rng)
        if self.kind == "borderline-2":
            outwards = rng.uniform(size=n) < 0.5
            made[outwards] = self.towards_others(X[own][seeds[outwards]], X[~own], rng)
        return made

    def n_other(self, X, y, label) -> np.ndarray:
        """Return how many of the m nearest of each row of the class belong to others."""
        m = min(self.m_neighbors, len(X) - 1)
        near = NearestNeighbors(n_neighbors=m).fit(X).kneighbors(return_distance=False)
        return (y[near[y == label]] != label).sum(axis=1)

    def in_danger(self, n_other: np.ndarray, m: int) -> np.ndarray:
        """Return which rows are in DANGER."""
        return (2 * n_other >= m) & (n_other < m)

    def towards_others(self, starts, others, rng) -> np.ndarray:
        """Return rows at most half way to the nearest row of another class."""
        nearest = NearestNeighbors(n_neighbors=1).fit(others)
        ends = others[nearest.kneighbors(starts, return_distance=False)[:, 0]] if len(starts) else starts
        return self.combine(starts, ends, 0.5 * self.steps(len(starts), starts.shape[1], rng))


class PlainADASYN(PlainSMOTE):
    """He et al. (2008), totals kept by the largest remainders."""

    oversampler_family = "adasyn"

    def __init__(self, sampling_strategy="auto", random_state=None, n_neighbors=5):
        PlainOversampler.__init__(self, sampling_strategy, random_state)
        self.n_neighbors = n_neighbors

    def new_rows(self, X, y, label, n, rng):
        """Return rows that start from each row of the class as often as it is hard to learn."""
        rows = X[y == label]
        hardness = self.hardness(X, y, label)
        if not hardness.sum() > 0:
            raise ValueError(f"expected rows of class {label!r} near other classes, there is none: use SMOTE")
        seeds = np.repeat(np.arange(len(rows)), self.allocate(hardness / hardness.sum(), n))
        return self.between(rows, seeds, self.neighbors(rows, self.n_neighbors), rng)

    def hardness(self, X, y, label) -> np.ndarray:
        """Return the share of other classes among the nearest rows of each row of the class."""
        near = NearestNeighbors(n_neighbors=self.n_neighbors).fit(X).kneighbors(return_distance=False)
        return (y[near[y == label]] != label).mean(axis=1)

    def allocate(self, density: np.ndarray, n: int) -> np.ndarray:
        """Return how many new rows start from each row."""
        counts = np.floor(density * n).astype(int)
        largest = np.argsort(counts - density * n, kind="stable")
        counts[largest[: n - counts.sum()]] += 1
        return counts
