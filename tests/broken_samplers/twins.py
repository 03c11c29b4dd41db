"""Samplers that go wrong where a row of another class has a row's place, or that take ever longer."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors

from broken_samplers import broken
from broken_samplers.plain import PlainADASYN, PlainBorderline, PlainSMOTE

__all__: list[str] = []

# -- twins -----------------------------------------------------------------------------------------


class _LeavesTwinsOut(PlainSMOTE):
    within = 0.0

    def new_rows(self, X, y, label, n, rng):
        distance = NearestNeighbors(n_neighbors=1).fit(X[y != label]).kneighbors(X[y == label])[0][:, 0]
        self.alone_ = np.flatnonzero(distance > self.within)
        return super().new_rows(X, y, label, n, rng)

    def seeds(self, candidates, n, rng):
        return super().seeds(self.alone_ if len(self.alone_) else candidates, n, rng)


@broken("a_twin_of_another_class_is_another_row", family="smote")
class LeavesContradictionsOut(_LeavesTwinsOut):
    """Starts from no row that stands in another class as well."""


@broken("a_twin_of_another_class_is_another_row", family="smote")
class LeavesNearContradictionsOut(_LeavesTwinsOut):
    """The same within a tolerance."""

    within = 1e-6


@broken("a_twin_of_another_class_is_another_row", family="adasyn")
class ForgetsRowsAtNoDistance(PlainADASYN):
    """Leaves the row itself out by its distance of zero, and its twins with it."""

    def hardness(self, X, y, label):
        found = []
        for row in X[y == label]:
            distance = np.sqrt(((X - row) ** 2).sum(axis=1))
            order = np.argsort(distance, kind="stable")
            near = order[distance[order] > 0][: self.n_neighbors]
            found.append((y[near] != label).mean())
        return np.array(found)


@broken("a_twin_of_another_class_is_another_row", family="borderline1")
class TakesTwinsForNoise(PlainBorderline):
    """A row at whose place another class is found is noise."""

    def n_other(self, X, y, label):
        found = super().n_other(X, y, label)
        distance = NearestNeighbors(n_neighbors=1).fit(X[y != label]).kneighbors(X[y == label])[0][:, 0]
        return np.where(distance < 1e-7, min(self.m_neighbors, len(X) - 1), found)

    def in_danger(self, n_other, m):
        # Where none is left it takes what is no noise.
        found = super().in_danger(n_other, m)
        return found if found.any() else n_other < m


# -- time ------------------------------------------------------------------------------------------


@broken("time_grows_with_the_square_at_most", family="smote")
class SearchesAgainForEachRow(PlainSMOTE):
    """Takes all distances for each new row: right, but a remark."""

    def between(self, rows, seeds, neighbors, rng):
        ends = self.partners(neighbors, seeds, rng)
        for i, (seed, end) in enumerate(zip(seeds, ends, strict=True)):
            apart = np.subtract.outer(rows[:, 0], rows[:, 0])
            ends[i] = end if np.isfinite(apart[seed, end]) else seed
        return self.combine(rows[seeds], rows[ends], self.steps(len(seeds), rows.shape[1], rng))
