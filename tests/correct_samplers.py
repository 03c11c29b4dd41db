"""Correct oversamplers that do things their own way: what the property kit must not reject."""

from __future__ import annotations

import zlib

import numpy as np
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE
from sklearn.neighbors import NearestNeighbors

__all__ = [
    "BorderlineToAnyOther",
    "CeilsShares",
    "CutsShares",
    "FloorsHalf",
    "NoiseByLabel",
    "SortedBorderline",
    "SortsRowsFirst",
    "StreamByLabel",
]


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
