"""Correct oversamplers that do things their own way: what the property kit must not reject."""

from __future__ import annotations

import zlib
from typing import ClassVar

import numpy as np
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE
from imblearn.over_sampling.base import BaseOverSampler
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_random_state

from smote_impls import BaseOversampler, Segments

__all__ = ["CORRECT"]


class SortsRowsFirst(PlainSMOTE):
    """Works on sorted rows, so that the order of the table plays no part."""

    def new_rows(self, X, y, label, n, rng):
        order = np.lexsort(X.T[::-1])
        return super().new_rows(X[order], y[order], label, n, rng)


class SortedBorderline(PlainBorderline):
    """The same of Borderline-SMOTE."""

    def new_rows(self, X, y, label, n, rng):
        order = np.lexsort(X.T[::-1])
        return super().new_rows(X[order], y[order], label, n, rng)


class StreamByLabel(PlainSMOTE):
    """Takes a stream for each class, made of the seed and the class's name."""

    def new_rows(self, X, y, label, n, rng):
        own = np.random.RandomState([rng.randint(2**31), zlib.crc32(str(label).encode())])
        return super().new_rows(X, y, label, n, own)


class NoiseByLabel(GaussianNoise):
    """The same of a sampler without a family."""

    def new_rows(self, X, y, label, n, rng):
        own = np.random.RandomState([rng.randint(2**31), zlib.crc32(str(label).encode())])
        return super().new_rows(X, y, label, n, own)


class BorderlineToAnyOther(PlainBorderline):
    """Borderline-2 towards one of the k nearest rows of other classes."""

    oversampler_family = "borderline2"

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5, m_neighbors=10):
        super().__init__(sampling_strategy, random_state, k_neighbors, m_neighbors, "borderline-2")

    def towards_others(self, starts, others, rng):
        if not len(starts):
            return starts
        k = min(self.k_neighbors, len(others))
        near = NearestNeighbors(n_neighbors=k).fit(others).kneighbors(starts, return_distance=False)
        ends = others[near[np.arange(len(starts)), rng.randint(k, size=len(starts))]]
        return self.combine(starts, ends, 0.5 * self.steps(len(starts), starts.shape[1], rng))


class FloorsHalf(PlainBorderline):
    """Half of an odd m by a division of integers."""

    def in_danger(self, n_other, m):
        return (n_other >= max(m // 2, 1)) & (n_other < m)


class CutsShares(PlainADASYN):
    """Cuts each share off, and gives the hardest row one where nothing is left."""

    def allocate(self, density, n):
        counts = np.floor(density * n).astype(int)
        if not counts.sum():
            counts[np.argmax(density)] = n
        return counts


class CeilsShares(PlainADASYN):
    """Rounds each share up."""

    def allocate(self, density, n):
        return np.ceil(density * n - 1e-9).astype(int)


# -- plain objects and functions, without a base class ---------------------------------------------


class FloatsAlways:
    """A plain object that computes and answers in float64, whatever comes, as R and smote_variants do."""

    def __init__(self, k=5, random_state=None):
        self.k = k
        self.random_state = random_state

    def fit_resample(self, X, y):
        X, y = np.asarray(X, dtype=float), np.asarray(y)
        if X.ndim != 2 or not X.size or len(X) != len(y) or not np.isfinite(X).all():
            raise ValueError("expected a table of finite numbers with a label for each row")
        labels, counts = np.unique(y, return_counts=True)
        if len(labels) < 2:
            raise ValueError("expected at least two classes")
        rng = np.random.default_rng(self.random_state)
        rows, names = [X], [y]
        for label, count in zip(labels, counts, strict=True):
            n = counts.max() - count
            if n:
                rows.append(self.new_rows(X[y == label], n, rng))
                names.append(np.repeat(label, n))
        return np.vstack(rows), np.concatenate(names)

    def new_rows(self, rows, n, rng):
        """Return rows between neighbours, by a table of all differences."""
        if isinstance(self.k, bool) or not isinstance(self.k, int | np.integer) or not 0 < self.k < len(rows):
            raise ValueError(f"expected k between 1 and {len(rows) - 1}, got k={self.k!r}")
        scale = np.abs(rows).max() or 1.0
        squared = (((rows[:, None] - rows[None]) / scale) ** 2).sum(axis=2)
        np.fill_diagonal(squared, np.inf)
        near = np.argpartition(squared, self.k - 1, axis=1)[:, : self.k]
        start = rng.integers(len(rows), size=n)
        step = rng.random((n, 1))
        return rows[start] * (1 - step) + rows[near[start, rng.integers(self.k, size=n)]] * step


def smote_function(X, y, k=5, seed=None):
    """A function; floats for integers."""
    return FloatsAlways(k, seed).fit_resample(X, y)


def smote_function_of_a_generator(X, y, *, rng=None, k=5):
    """A function whose seed is called rng, and may be a Generator."""
    return FloatsAlways(k, rng).fit_resample(X, y)


def smote_on_the_global_state(X, y, k=5):
    """A function without a seed: NumPy's own state makes it repeatable."""
    return FloatsAlways(k, np.random.randint(2**31)).fit_resample(X, y)


class SamplesAsVariants:
    """`sample`, as smote_variants' classes have it, of two classes."""

    def __init__(self, proportion=1.0, n_neighbors=5, random_state=None):
        self.proportion = proportion
        self.n_neighbors = n_neighbors
        self.random_state = random_state

    def get_params(self, deep=False):
        """Return the parameters."""
        return {
            "proportion": self.proportion,
            "n_neighbors": self.n_neighbors,
            "random_state": self.random_state,
        }

    def sample(self, X, y):
        """Return the rows and the new ones."""
        return FloatsAlways(self.n_neighbors, self.random_state).fit_resample(X, y)


class TreeSMOTE(FloatsAlways):
    """Neighbours by a k-d tree."""

    def new_rows(self, rows, n, rng):
        from scipy.spatial import cKDTree

        if isinstance(self.k, bool) or not isinstance(self.k, int | np.integer) or not 0 < self.k < len(rows):
            raise ValueError(f"expected k between 1 and {len(rows) - 1}, got k={self.k!r}")
        scale = np.abs(rows).max() or 1.0
        near = cKDTree(rows / scale).query(rows / scale, k=self.k + 1)[1]
        # The row itself is one of them, not always the first: its double may be.
        near = np.array([[j for j in line if j != i][: self.k] for i, line in enumerate(near)])
        start = rng.integers(len(rows), size=n)
        step = rng.random((n, 1))
        return rows[start] + step * (rows[near[start, rng.integers(self.k, size=n)]] - rows[start])


class RowByRow(FloatsAlways):
    """A loop over new rows, each with draws of its own."""

    def new_rows(self, rows, n, rng):
        if isinstance(self.k, bool) or not isinstance(self.k, int | np.integer) or not 0 < self.k < len(rows):
            raise ValueError(f"expected k between 1 and {len(rows) - 1}, got k={self.k!r}")
        near, made = {}, []
        scale = np.abs(rows).max() or 1.0
        for _ in range(n):
            i = int(rng.integers(len(rows)))
            if i not in near:
                distances = (((rows - rows[i]) / scale) ** 2).sum(axis=1)
                distances[i] = np.inf
                near[i] = np.argsort(distances, kind="stable")[: self.k]
            j = near[i][rng.integers(self.k)]
            made.append(rows[i] + rng.random() * (rows[j] - rows[i]))
        return np.array(made)


# -- base classes of libraries ---------------------------------------------------------------------


class OnImbalancedLearn(BaseOverSampler):
    """Random oversampling with a jitter, on imbalanced-learn's base class; dense only."""

    _parameter_constraints: ClassVar[dict] = {
        **BaseOverSampler._parameter_constraints,
        "random_state": ["random_state"],
    }

    def __init__(self, *, sampling_strategy="auto", random_state=None):
        super().__init__(sampling_strategy=sampling_strategy)
        self.random_state = random_state

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        return tags

    def _fit_resample(self, X, y):
        rng = check_random_state(self.random_state)
        rows, labels = [X], [y]
        for label, n in self.sampling_strategy_.items():
            own = X[y == label]
            picked = own[rng.randint(len(own), size=n)].astype(float)
            rows.append((picked + 0.05 * own.std(axis=0) * rng.normal(size=picked.shape)).astype(X.dtype))
            labels.append(np.full(n, label, dtype=y.dtype))
        return np.vstack(rows), np.concatenate(labels)


class OnOurs(BaseOversampler):
    """Between a row and any other of its class, on smote_impls' base class; rounds integers itself."""

    oversampler_family = "interpolating"

    def _synthesize(self, target, rng):
        n = len(target.rows)
        if n < 2:
            raise ValueError(f"expected two rows of class {target.label!r}, got {n}")
        first = rng.randint(n, size=target.n_samples)
        second = (first + rng.randint(1, n, size=target.n_samples)) % n
        return Segments(target.rows[first], target.rows[second], rng.uniform(size=target.n_samples))


class ShuffledSeeds(PlainSMOTE):
    """Each row is a seed as often as the others; the rest by lot, in shuffled order."""

    def seeds(self, candidates, n, rng):
        return rng.permutation(np.resize(rng.permutation(candidates), n))


class FloatFrames(PlainSMOTE):
    """Floats for integers, in arrays and frames."""

    def to_dtype(self, rows, dtype):
        return rows if np.issubdtype(dtype, np.integer) else rows.astype(dtype)


class DrawnShares(PlainADASYN):
    """ADASYN whose seeds are drawn with their share as probability."""

    def allocate(self, density, n):
        return check_random_state(self.random_state).multinomial(n, density)


class Strict32(PlainSMOTE):
    """Draws steps of 24 bits, as libraries in single precision do."""

    def steps(self, n, n_features, rng):
        return rng.randint(2**24, size=(n, 1)) / 2**24


CORRECT = {
    SortsRowsFirst: "smote",
    SortedBorderline: "borderline1",
    StreamByLabel: "smote",
    NoiseByLabel: "generic",
    BorderlineToAnyOther: "borderline2",
    FloorsHalf: "borderline1",
    CutsShares: "adasyn",
    CeilsShares: "adasyn",
    DrawnShares: "adasyn",
    FloatsAlways: "smote",
    smote_function: "smote",
    smote_function_of_a_generator: "smote",
    smote_on_the_global_state: "smote",
    SamplesAsVariants: "smote",
    TreeSMOTE: "smote",
    RowByRow: "smote",
    OnImbalancedLearn: "generic",
    OnOurs: "interpolating",
    ShuffledSeeds: "smote",
    FloatFrames: "smote",
    Strict32: "smote",
}
"""Each with the family that it claims to be."""
