"""Samplers that treat data differently once they are moved, scaled, turned, renamed or repeated."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors

from broken_samplers import broken
from broken_samplers.plain import PlainSMOTE

__all__: list[str] = []


@broken("moved_data_give_moved_rows", family="smote")
class CosineSMOTE(PlainSMOTE):
    """Compares directions from the origin."""

    def neighbors(self, rows, k):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return super().neighbors(rows / np.where(lengths > 0, lengths, 1), k)


@broken("moved_data_give_moved_rows", family="smote")
class NonNegativeSMOTE(PlainSMOTE):
    """Clips new rows at zero, as if every column were a count."""

    def combine(self, start, end, steps):
        made = super().combine(start, end, steps)
        return np.where((start >= 0) & (end >= 0), made, np.maximum(made, np.minimum(start, 0) / 2))


@broken("scaled_data_give_scaled_rows", family="smote")
class RoundingSMOTE(PlainSMOTE):
    """Rounds new values to six decimals."""

    def combine(self, start, end, steps):
        return super().combine(start, end, steps).round(6)


@broken("scaled_data_give_scaled_rows", family="smote")
class ThresholdSMOTE(PlainSMOTE):
    """Leaves out neighbours nearer than 0.001, whatever the unit."""

    def combine(self, start, end, steps):
        near = np.linalg.norm(end - start, axis=1, keepdims=True) < 1e-3
        return np.where(near, start, super().combine(start, end, steps))


@broken("turned_data_give_turned_rows", family="smote")
class ChebyshevSMOTE(PlainSMOTE):
    """Measures distances by the largest difference."""

    def neighbors(self, rows, k):
        return NearestNeighbors(n_neighbors=k, metric="chebyshev").fit(rows).kneighbors(return_distance=False)


@broken("column_order_does_not_matter", family="smote")
class FirstColumnsSMOTE(PlainSMOTE):
    """Searches neighbours in all columns but the last, "which is the label"."""

    def neighbors(self, rows, k):
        return super().neighbors(rows[:, :-1] if rows.shape[1] > 1 else rows, k)


@broken("row_order_does_not_matter", family="smote")
class SortedLabelsOnlySMOTE(PlainSMOTE):
    """Expects the rows of a class to stand together."""

    def new_rows(self, X, y, label, n, rng):
        first = np.flatnonzero(y == label)[0]
        together = np.arange(first, first + max((y == label).sum() // 2, self.k_neighbors + 1))
        return super().new_rows(X[together % len(X)], np.full(len(together), label), label, n, rng)


@broken("renamed_labels_give_the_same_rows", family="generic")
class StepsByLabelSMOTE(PlainSMOTE):
    """Multiplies the steps by the label, taken for a weight."""

    def new_rows(self, X, y, label, n, rng):
        self.weight = float(label) if np.issubdtype(type(label), np.number) else 1.0
        return super().new_rows(X, y, label, n, rng)

    def combine(self, start, end, steps):
        return super().combine(start, end, self.weight * steps)


@broken("any_label_may_be_the_minority", family="generic")
class MinorityIsOneSMOTE(PlainSMOTE):
    """Takes the largest label for the minority."""

    def n_new(self, y):
        labels, counts = np.unique(y, return_counts=True)
        return {labels[-1]: abs(int(counts[0] - counts[-1]))}


@broken("doubled_rows_count_twice", family="smote")
class DroppedDuplicatesSMOTE(PlainSMOTE):
    """Searches neighbours among distinct rows only."""

    def new_rows(self, X, y, label, n, rng):
        distinct = np.unique(X[y == label], axis=0)
        return super().new_rows(distinct, np.full(len(distinct), label), label, n, rng)


@broken("a_far_majority_does_not_matter", family="smote")
class WholeDataScaledSMOTE(PlainSMOTE):
    """Scales the columns by the range of all rows before it searches."""

    def new_rows(self, X, y, label, n, rng):
        self.scale = np.where(np.ptp(X, axis=0) > 0, np.ptp(X, axis=0), 1)
        return super().new_rows(X, y, label, n, rng)

    def neighbors(self, rows, k):
        return super().neighbors(rows / self.scale, k)
