"""Samplers whose new rows lie where they may not."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE

__all__ = ["PlainBorderline2"]


class PlainBorderline2(PlainBorderline):
    """The plain sampler, of the second kind by default."""

    def __init__(
        self, sampling_strategy="auto", random_state=None, k_neighbors=5, m_neighbors=10, kind="borderline-2"
    ):
        super().__init__(sampling_strategy, random_state, k_neighbors, m_neighbors, kind)


@broken("rows_lie_between_neighbors", "rows_stay_in_the_box", family="smote")
class ExtrapolatingSMOTE(PlainSMOTE):
    """Steps away from the neighbour: the sign of the difference is wrong."""

    def combine(self, start, end, steps):
        return start + steps * (start - end)


@broken("rows_lie_between_neighbors", "rows_stay_in_the_box", family="smote")
class OvershootingSMOTE(PlainSMOTE):
    """Steps up to twice the way."""

    def steps(self, n, n_features, rng):
        return rng.uniform(0, 2, size=(n, 1))


@broken("rows_lie_between_neighbors", family="smote")
class OneNeighborTooManySMOTE(PlainSMOTE):
    """Searches k + 1 neighbours "because the row itself is among them", in a search where it is not."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, min(k + 1, len(rows) - 1))


@broken("a_row_is_no_neighbor_of_itself", family="smote")
class OwnNeighborSMOTE(PlainSMOTE):
    """Finds each row as its own nearest neighbour."""

    def neighbors(self, rows, k):
        return NearestNeighbors(n_neighbors=k).fit(rows).kneighbors(rows, return_distance=False)


@broken("rows_lie_between_neighbors", family="smote")
class NeighborsOfAllClassesSMOTE(PlainSMOTE):
    """Steps towards the nearest rows of whatever class."""

    def new_rows(self, X, y, label, n, rng):
        near = NearestNeighbors(n_neighbors=self.k_neighbors).fit(X).kneighbors(return_distance=False)
        return self.between(X, self.seeds(np.flatnonzero(y == label), n, rng), near, rng)


@broken("rows_lie_between_neighbors", family="smote")
class FarthestNeighborsSMOTE(PlainSMOTE):
    """Sorts similarities as if they were distances."""

    def neighbors(self, rows, k):
        return np.argsort(-pairwise_distances(rows), axis=1, kind="stable")[:, :k]


@broken("rows_lie_between_neighbors", "turned_data_give_turned_rows", family="smote")
class ManhattanSMOTE(PlainSMOTE):
    """Measures distances along the axes."""

    def neighbors(self, rows, k):
        return NearestNeighbors(n_neighbors=k, metric="manhattan").fit(rows).kneighbors(return_distance=False)


@broken("rows_lie_between_neighbors", family="smote")
class StandardisedDistanceSMOTE(PlainSMOTE):
    """Searches neighbours in standardised columns."""

    def neighbors(self, rows, k):
        return super().neighbors(rows / np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1), k)


@broken(
    "rows_lie_between_neighbors",
    "collinear_rows_stay_collinear",
    "turned_data_give_turned_rows",
    family="smote",
)
class StepForEachFeatureSMOTE(PlainSMOTE):
    """Draws a step for each feature: rows fill boxes in place of segments."""

    def steps(self, n, n_features, rng):
        return rng.uniform(size=(n, n_features))


@broken("a_row_is_no_neighbor_of_itself", family="smote")
class DuplicatingSMOTE(PlainSMOTE):
    """Only repeats rows: the step is an integer."""

    def steps(self, n, n_features, rng):
        return rng.randint(0, 2, size=(n, 1))


@broken("new_rows_differ", "steps_are_uniform", family="smote")
class MidpointSMOTE(PlainSMOTE):
    """Always steps half the way."""

    def steps(self, n, n_features, rng):
        return np.full((n, 1), 0.5)


@broken("constant_columns_stay_constant", family="interpolating")
class JitteringSMOTE(PlainSMOTE):
    """Adds a little noise to every column "against duplicates"."""

    def combine(self, start, end, steps):
        made = super().combine(start, end, steps)
        return made + 1e-6 * np.sin(1e6 * steps * np.arange(1, made.shape[1] + 1))


@broken("rows_lie_between_rows_of_their_class", family="interpolating")
class CentroidPlusNoise(PlainSMOTE):
    """Says that it interpolates, and draws around the middle of the class."""

    def new_rows(self, X, y, label, n, rng):
        rows = X[y == label]
        return rng.normal(rows.mean(axis=0), rows.std(axis=0) + 1e-3, size=(n, X.shape[1]))


@broken("rows_lie_between_neighbors", family="smote")
class MixedMinoritiesSMOTE(PlainSMOTE):
    """One against the rest the wrong way round: every class but the majority is one."""

    def new_rows(self, X, y, label, n, rng):
        labels, counts = np.unique(y, return_counts=True)
        return super().new_rows(X, np.where(y == labels[counts.argmax()], y, label), label, n, rng)


@broken("rows_lie_between_neighbors", "rows_in_danger_are_the_seeds", family="borderline1")
class InvertedDanger(PlainBorderline):
    """Starts from the rows that are not in danger."""

    def in_danger(self, n_other, m):
        return ~super().in_danger(n_other, m)


@broken("rows_lie_between_neighbors", "steps_towards_others_are_uniform_up_to_half", family="borderline2")
class FullStepsTowardsOthers(PlainBorderline2):
    """Steps all the way to the other class."""

    def towards_others(self, starts, others, rng):
        nearest = NearestNeighbors(n_neighbors=1).fit(others)
        ends = others[nearest.kneighbors(starts, return_distance=False)[:, 0]] if len(starts) else starts
        return self.combine(starts, ends, self.steps(len(starts), starts.shape[1], rng))


@broken("rows_lie_between_neighbors", family="adasyn")
class WrongDirectionADASYN(PlainADASYN):
    """Steps away from the neighbour, as releases of a library did."""

    def combine(self, start, end, steps):
        return start - steps * (end - start)


@broken("rows_of_many_columns_lie_on_segments", family="interpolating")
class StepsInBlocksOfColumns(PlainSMOTE):
    """Works on sixteen columns at a time, each time with other steps."""

    oversampler_family = "interpolating"

    def combine(self, start, end, steps):
        drawn = np.random.RandomState(int(1e6 * steps[0, 0]) if len(steps) else 0)
        made = [
            start[:, i : i + 16] + drawn.uniform(size=(len(start), 1)) * (end - start)[:, i : i + 16]
            for i in range(0, start.shape[1], 16)
        ]
        return np.hstack(made)


@broken("large_units_scatter_no_rows", family="generic")
class AddsTheVariance(GaussianNoise):
    """Takes the variance of a column where its standard deviation is meant."""

    def new_rows(self, X, y, label, n, rng):
        rows = X[y == label]
        noise = rng.normal(size=(n, X.shape[1]))
        return rows[rng.randint(len(rows), size=n)] + self.scale * rows.var(axis=0) * noise


@broken("large_units_scatter_no_rows", family="generic")
class StaysStandardised(GaussianNoise):
    """Standardises the class, adds noise, and does not scale back."""

    def new_rows(self, X, y, label, n, rng):
        rows = X[y == label]
        spread = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
        rows = (rows - rows.mean(axis=0)) / spread
        return rows[rng.randint(len(rows), size=n)] + self.scale * rng.normal(size=(n, X.shape[1]))
