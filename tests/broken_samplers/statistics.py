"""Samplers whose new rows lie where they may, but not as often as they should."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_random_state

from broken_samplers import broken
from broken_samplers.geometry import PlainBorderline2
from broken_samplers.plain import PlainADASYN, PlainBorderline, PlainSMOTE

__all__: list[str] = []


@broken("steps_are_uniform", family="smote")
class HalfStepsSMOTE(PlainSMOTE):
    """Steps never further than half the way."""

    def steps(self, n, n_features, rng):
        return rng.uniform(0, 0.5, size=(n, 1))


@broken("steps_are_uniform", family="smote")
class SquaredStepsSMOTE(PlainSMOTE):
    """Steps are the product of two draws."""

    def steps(self, n, n_features, rng):
        return rng.uniform(size=(n, 1)) * rng.uniform(size=(n, 1))


@broken("steps_are_uniform", family="smote")
class NormalisedWeightsSMOTE(PlainSMOTE):
    """Draws a weight for each end and divides by their sum, as smote_variants does."""

    def steps(self, n, n_features, rng):
        weights = rng.uniform(size=(n, 2))
        return weights[:, :1] / weights.sum(axis=1, keepdims=True)


@broken("steps_are_uniform", family="smote")
class CutRangeSMOTE(PlainSMOTE):
    """Never quite reaches the neighbour."""

    def steps(self, n, n_features, rng):
        return rng.uniform(0, 0.97, size=(n, 1))


@broken("steps_are_uniform", family="smote")
class ClippedNormalStepsSMOTE(PlainSMOTE):
    """Steps are normal and clipped."""

    def steps(self, n, n_features, rng):
        return np.clip(rng.normal(0.5, 0.25, size=(n, 1)), 0, 1)


@broken("steps_are_uniform", "new_rows_differ", family="smote")
class OneStepForAllSMOTE(PlainSMOTE):
    """Draws one step per call."""

    def steps(self, n, n_features, rng):
        return np.full((n, 1), rng.uniform())


@broken("steps_are_uniform", family="smote")
class StepGrowsWithDistanceSMOTE(PlainSMOTE):
    """Takes the step's draw for the choice of the neighbour as well."""

    def between(self, rows, seeds, neighbors, rng):
        draws = rng.uniform(size=(len(seeds), 1))
        ranks = (draws[:, 0] * neighbors.shape[1]).astype(int)
        return self.combine(rows[seeds], rows[neighbors[seeds, ranks]], draws)


@broken("steps_are_independent", family="smote")
class SeedReadForEachRowSMOTE(PlainSMOTE):
    """Reads the seed again for each seed row: all rows get the same sequence of steps."""

    def between(self, rows, seeds, neighbors, rng):
        made = [
            super(SeedReadForEachRowSMOTE, self).between(
                rows, seeds[seeds == row], neighbors, self.generator()
            )
            for row in np.unique(seeds)
        ]
        return np.vstack(made)


@broken("steps_are_independent", family="smote")
class WalkingStepsSMOTE(PlainSMOTE):
    """Each step is the last one and a little more, round the unit interval."""

    def steps(self, n, n_features, rng):
        return np.cumsum(rng.uniform(0, 0.1, size=(n, 1)), axis=0) % 1


@broken("steps_are_independent", family="smote")
class AntitheticStepsSMOTE(PlainSMOTE):
    """Every second step is one minus the last."""

    def steps(self, n, n_features, rng):
        steps = rng.uniform(size=(n, 1))
        steps[1::2] = 1 - steps[: 2 * (n // 2) : 2]
        return steps


@broken("neighbors_are_chosen_uniformly", family="smote")
class NearestOnlySMOTE(PlainSMOTE):
    """Only ever takes the nearest neighbour."""

    def partners(self, neighbors, seeds, rng):
        return neighbors[seeds, 0]


@broken("neighbors_are_chosen_uniformly", family="smote")
class LastNeighborNeverSMOTE(PlainSMOTE):
    """An upper bound that is exclusive, taken for an inclusive one."""

    def partners(self, neighbors, seeds, rng):
        return neighbors[seeds, rng.randint(max(neighbors.shape[1] - 1, 1), size=len(seeds))]


@broken("neighbors_are_chosen_uniformly", family="smote")
class OneNeighborForEachSeedSMOTE(PlainSMOTE):
    """Chooses a neighbour once for each row, not for each new row."""

    def partners(self, neighbors, seeds, rng):
        return neighbors[seeds, rng.randint(neighbors.shape[1], size=len(neighbors))[seeds]]


@broken("seeds_are_chosen_uniformly", "row_order_does_not_matter", family="smote")
class FirstHalfSeedsSMOTE(PlainSMOTE):
    """Only starts from the first half of the rows."""

    def seeds(self, candidates, n, rng):
        return rng.choice(candidates[: (len(candidates) + 1) // 2], size=n)


@broken("seeds_are_chosen_uniformly", "row_order_does_not_matter", family="smote")
class EarlySeedsSMOTE(PlainSMOTE):
    """Prefers early rows: rounds the square of a draw."""

    def seeds(self, candidates, n, rng):
        return candidates[(len(candidates) * rng.uniform(size=n) ** 2).astype(int)]


@broken("seeds_are_chosen_uniformly", family="borderline1")
class ClumpedSeeds(PlainBorderline):
    """Draws a few seeds and uses each of them again and again."""

    def seeds(self, candidates, n, rng):
        return rng.choice(rng.choice(candidates, size=max(1, len(candidates) // 2)), size=n)


@broken("minority_classes_get_steps_of_their_own", family="smote")
class SeedReadForEachClassSMOTE(PlainSMOTE):
    """Reads the seed again for each class."""

    def new_rows(self, X, y, label, n, rng):
        return super().new_rows(X, y, label, n, check_random_state(self.random_state))


@broken("rows_in_danger_are_the_seeds", family="borderline1")
class NoiseInDanger(PlainBorderline):
    """Takes noise for danger: the upper limit is forgotten."""

    def in_danger(self, n_other, m):
        return 2 * n_other >= m


@broken("rows_in_danger_are_the_seeds", family="borderline1")
class MoreThanHalfInDanger(PlainBorderline):
    """Leaves out rows with exactly half of their neighbours in other classes."""

    def in_danger(self, n_other, m):
        strictly = super().in_danger(n_other, m) & (2 * n_other > m + 1)
        return strictly if strictly.any() else super().in_danger(n_other, m)


@broken("rows_in_danger_are_the_seeds", family="borderline1")
class SelfCountedInDanger(PlainBorderline):
    """Counts the row itself among its m nearest, so that noise looks like danger."""

    def n_other(self, X, y, label):
        near = NearestNeighbors(n_neighbors=min(self.m_neighbors, len(X))).fit(X).kneighbors(X[y == label])[1]
        return (y[near] != label).sum(axis=1)


@broken("steps_towards_others_are_uniform_up_to_half", family="borderline2")
class HalvedTwice(PlainBorderline2):
    """Halves the step towards other classes by a second draw, as imbalanced-learn does."""

    def towards_others(self, starts, others, rng):
        made = super().towards_others(starts, others, rng)
        return starts + rng.uniform(size=(len(starts), 1)) * (made - starts)


@broken("allocation_follows_hardness", family="adasyn")
class EvenAllocationADASYN(PlainADASYN):
    """Gives every hard row the same number of new rows."""

    def hardness(self, X, y, label):
        return (super().hardness(X, y, label) > 0).astype(float)


@broken("allocation_follows_hardness", family="adasyn")
class LabelAmongTheColumnsADASYN(PlainADASYN):
    """Searches with the label in the table: where distances are small, other classes are far."""

    def hardness(self, X, y, label):
        found = super().hardness(np.column_stack([X, y]), y, label)
        return found if found.any() else super().hardness(X, y, label)


@broken("rows_in_danger_are_the_seeds", family="borderline1")
class LabelAmongTheColumnsBorderline(PlainBorderline):
    """Decides on DANGER with the label in the table."""

    def n_other(self, X, y, label):
        found = super().n_other(np.column_stack([X, y]), y, label)
        return found if found.any() else super().n_other(X, y, label)


@broken("allocation_follows_hardness", family="adasyn")
class EasyRowsFirstADASYN(PlainADASYN):
    """Allocates by 1 - r."""

    def hardness(self, X, y, label):
        r = super().hardness(X, y, label)
        return np.where(r > 0, 1.1 - r, 0)


@broken("allocation_follows_hardness", family="adasyn")
class SelfCountedADASYN(PlainADASYN):
    """Counts the row itself among its k nearest."""

    def hardness(self, X, y, label):
        near = NearestNeighbors(n_neighbors=self.n_neighbors).fit(X).kneighbors(X[y == label])[1]
        return (y[near] != label).mean(axis=1) if self.n_neighbors > 1 else super().hardness(X, y, label)


@broken("allocation_follows_hardness", family="adasyn")
class SquaredHardnessADASYN(PlainADASYN):
    """Normalises by the wrong norm and weights twice."""

    def hardness(self, X, y, label):
        return super().hardness(X, y, label) ** 2


@broken("seeds_step_towards_others_as_well", family="borderline2")
class FirstHalfGoesOutwards(PlainBorderline):
    """Half of the new rows go towards other classes: the first ones, which are those of the first rows."""

    def __init__(
        self, sampling_strategy="auto", random_state=None, k_neighbors=5, m_neighbors=10, kind="borderline-2"
    ):
        super().__init__(sampling_strategy, random_state, k_neighbors, m_neighbors, kind)

    def new_rows(self, X, y, label, n, rng):
        own = y == label
        danger = np.flatnonzero(self.in_danger(self.n_other(X, y, label), min(self.m_neighbors, len(X) - 1)))
        if not danger.size:
            raise ValueError(f"expected rows of class {label!r} in DANGER, there is none: use SMOTE")
        seeds = np.sort(np.resize(danger, n))
        made = self.between(X[own], seeds, self.neighbors(X[own], self.k_neighbors), rng)
        half = n // 2
        made[:half] = self.towards_others(X[own][seeds[:half]], X[~own], rng)
        return made
