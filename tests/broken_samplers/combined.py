"""Samplers that make rows and then remove some, and make the wrong ones or change what stays."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors

from broken_samplers import broken
from broken_samplers.plain import PlainSMOTE

__all__ = ["PlainCombined"]


class PlainCombined(PlainSMOTE):
    """SMOTE, and rows of the largest class go whose nearest row is of another; correct."""

    oversampler_family = "combined"

    def stack(self, rows, classes):
        """Return the rows that stay, and their labels."""
        X, y = super().stack(rows, classes)
        labels, sizes = np.unique(classes[0], return_counts=True)
        doubtful = (y == labels[sizes.argmax()]) & (y[self.nearest(X, 1)[:, 0]] != y)
        return X[~doubtful], y[~doubtful]

    def nearest(self, X, k):
        """Return the k nearest other rows of each."""
        return NearestNeighbors(n_neighbors=k).fit(X).kneighbors(return_distance=False)


@broken("rows_of_the_input_keep_values_and_labels", family="combined")
class RelabelsTheDoubtful(PlainCombined):
    """Gives rows the label of their two nearest, whatever class they are of."""

    def stack(self, rows, classes):
        X, y = PlainSMOTE.stack(self, rows, classes)
        near = y[self.nearest(X, 2)]
        return X, np.where(near[:, 0] == near[:, 1], near[:, 0], y)


@broken("rows_of_the_input_keep_values_and_labels", family="combined")
class RelabelsTheMajority(PlainCombined):
    """Gives doubtful rows of the largest class to the others: a remark, since some methods do."""

    def stack(self, rows, classes):
        X, y = PlainSMOTE.stack(self, rows, classes)
        labels, sizes = np.unique(classes[0], return_counts=True)
        near = y[self.nearest(X, 1)[:, 0]]
        return X, np.where(y == labels[sizes.argmax()], near, y)


@broken("rows_of_the_input_keep_values_and_labels", family="combined")
class CleansInSinglePrecision(PlainCombined):
    """Looks for doubtful rows in single precision, and returns the rows as they are there."""

    def stack(self, rows, classes):
        X, y = super().stack(rows, classes)
        return X.astype(np.float32).astype(X.dtype), y


@broken("new_rows_are_not_beyond_their_class", family="combined")
class StepsPastTheNeighbor(PlainCombined):
    """Steps from one to two."""

    def steps(self, n, n_features, rng):
        return 1.0 + rng.uniform(size=(n, 1))


@broken("new_rows_are_not_beyond_their_class", family="combined")
class InterpolatesTowardsAnyRow(PlainCombined):
    """Looks for the neighbours among the rows of all classes."""

    def new_rows(self, X, y, label, n, rng):
        seeds = self.seeds(np.flatnonzero(y == label), n, rng)
        return self.between(X, seeds, self.neighbors(X, self.k_neighbors), rng)


@broken("labels_keep_their_type", "odd_labels_are_kept_or_refused", family="combined")
class CleansByNumbersOfClasses(PlainCombined):
    """Numbers the classes to compare them, and returns the numbers where labels are words."""

    def stack(self, rows, classes):
        X, y = super().stack(rows, classes)
        return X, np.unique(y.astype(str), return_inverse=True)[1] if y.dtype.kind in "UO" else y
