"""Samplers that go wrong above some number of rows, with few new rows, or where distances lose digits."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors

from broken_samplers import broken
from broken_samplers.plain import PlainADASYN, PlainBorderline, PlainSMOTE

__all__: list[str] = []

# -- sizes -----------------------------------------------------------------------------------------


@broken("every_size_is_dealt_with", family="smote")
class SearchesInBlocks(PlainSMOTE):
    """Searches each block of 512 rows for itself."""

    def neighbors(self, rows, k):
        blocks = [np.arange(i, min(i + 512, len(rows))) for i in range(0, len(rows), 512)]
        if len(blocks) > 1 and len(blocks[-1]) <= k:
            blocks[-2:] = [np.r_[blocks[-2], blocks[-1]]]
        return np.vstack([block[PlainSMOTE.neighbors(self, rows[block], k)] for block in blocks])


@broken("every_size_is_dealt_with", family="smote")
class SearchesInEqualBlocks(PlainSMOTE):
    """Searches each of as many blocks for itself as leave 500 rows or fewer to a block."""

    def neighbors(self, rows, k):
        blocks = np.array_split(np.arange(len(rows)), -(-len(rows) // 500))
        return np.vstack([block[PlainSMOTE.neighbors(self, rows[block], k)] for block in blocks])


@broken("every_size_is_dealt_with", family="smote")
class CapsItsSeeds(PlainSMOTE):
    """Starts from the first 1,000 rows only, to be quick."""

    def seeds(self, candidates, n, rng):
        return super().seeds(candidates[:1000], n, rng)


@broken("every_size_is_dealt_with", family="smote")
class CapsItsRows(PlainSMOTE):
    """Makes 1,500 rows at most."""

    def new_rows(self, X, y, label, n, rng):
        return super().new_rows(X, y, label, min(n, 1500), rng)


@broken("every_size_is_dealt_with", family="smote")
class CountsInBytes(PlainSMOTE):
    """Keeps the numbers of neighbours as uint8: row 256 is row 0."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, k).astype(np.uint8)


@broken("every_size_is_dealt_with", family="borderline1")
class SamplesItsNeighbors(PlainBorderline):
    """Searches among every second row above 500."""

    def neighbors(self, rows, k):
        if len(rows) <= 500:
            return super().neighbors(rows, k)
        some = np.arange(0, len(rows), 2)
        return some[NearestNeighbors(n_neighbors=k).fit(rows[some]).kneighbors(rows, return_distance=False)]


@broken("every_size_is_dealt_with", family="adasyn")
class DropsRowsAboveThousands(PlainADASYN):
    """Allocates for the first 4,000 rows and forgets the rest."""

    def allocate(self, density, n):
        counts = super().allocate(density, n)
        counts[900:] = 0
        return counts


@broken("memory_grows_with_the_rows", family="smote")
class AllDistances(PlainSMOTE):
    """A table of all distances: right, but a remark."""

    def neighbors(self, rows, k):
        squared = sum((rows[:, None, i] - rows[None, :, i]) ** 2 for i in range(rows.shape[1]))
        np.fill_diagonal(squared, np.inf)
        return np.argsort(squared, axis=1, kind="stable")[:, :k]


# -- digits ----------------------------------------------------------------------------------------


class _BySquares(PlainSMOTE):
    def neighbors(self, rows, k):
        if len(rows) <= k:
            return super().neighbors(rows, k)
        lengths = (rows**2).sum(axis=1)
        squared = lengths[:, None] + lengths[None, :] - 2 * rows @ rows.T
        np.fill_diagonal(squared, np.inf)
        return np.argsort(squared, axis=1, kind="stable")[:, :k]


@broken("large_offsets_keep_neighbors", "wide_tables_with_offsets_keep_neighbors", family="smote")
class MultipliesOut(_BySquares):
    """|a|^2 + |b|^2 - 2ab."""


@broken("large_offsets_keep_neighbors", family="smote")
class SearchesInSinglePrecision(PlainSMOTE):
    """Searches neighbours in float32, as libraries for large data do."""

    def neighbors(self, rows, k):
        return super().neighbors(rows.astype(np.float32), k)


# -- few new rows ----------------------------------------------------------------------------------


@broken("few_new_rows_are_spread", family="smote")
class FirstRowsWhenFew(PlainSMOTE):
    """Fewer new rows than seeds: the first ones."""

    def seeds(self, candidates, n, rng):
        return candidates[:n] if n < len(candidates) else super().seeds(candidates, n, rng)


@broken("few_new_rows_are_spread", family="smote")
class RemainderToTheFirst(PlainSMOTE):
    """Each row equally often, and the first ones once more."""

    def seeds(self, candidates, n, rng):
        return np.resize(candidates, n)


@broken("few_new_rows_are_spread", family="borderline1")
class CeilsAndCuts(PlainBorderline):
    """Rounds up how often each row is a seed, and cuts the end off."""

    def seeds(self, candidates, n, rng):
        return np.repeat(candidates, -(-n // len(candidates)))[:n]


@broken("few_new_rows_follow_hardness", family="adasyn")
class CeilsAndCutsShares(PlainADASYN):
    """Rounds each share up, and cuts the end off."""

    def allocate(self, density, n):
        counts = np.ceil(density * n - 1e-9).astype(int)
        return np.diff(np.minimum(np.cumsum(np.r_[0, counts]), n))


@broken("near_and_far_neighbors_are_chosen_alike", family="smote")
class WeighsByDistance(PlainSMOTE):
    """Prefers near neighbours, by one over the distance."""

    def new_rows(self, X, y, label, n, rng):
        self.rows_ = X[y == label]
        return super().new_rows(X, y, label, n, rng)

    def weights(self, distances):
        return 1 / np.maximum(distances, 1e-300)

    def partners(self, neighbors, seeds, rng):
        ends = neighbors[seeds]
        distances = np.sqrt(((self.rows_[seeds][:, None, :] - self.rows_[ends]) ** 2).sum(axis=2))
        weights = self.weights(distances)
        shares = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
        rank = (rng.uniform(size=(len(seeds), 1)) > shares[:, :-1]).sum(axis=1)
        return ends[np.arange(len(seeds)), rank]


@broken("near_and_far_neighbors_are_chosen_alike", family="smote")
class PrefersFarNeighbors(WeighsByDistance):
    """Prefers far neighbours, by the root of the distance."""

    def weights(self, distances):
        return np.sqrt(np.maximum(distances, 1e-300))


@broken("all_other_classes_count", family="adasyn")
class HardBesideTheMajorityOnly(PlainADASYN):
    """Only neighbours of the majority make a row hard to learn."""

    def hardness(self, X, y, label):
        labels, counts = np.unique(y, return_counts=True)
        near = NearestNeighbors(n_neighbors=self.n_neighbors).fit(X).kneighbors(return_distance=False)
        return (y[near[y == label]] == labels[np.argmax(counts)]).mean(axis=1)


@broken("all_other_classes_count", family="borderline1")
class InDangerOfTheMajorityOnly(PlainBorderline):
    """Only neighbours of the majority put a row in danger."""

    def n_other(self, X, y, label):
        labels, counts = np.unique(y, return_counts=True)
        m = min(self.m_neighbors, len(X) - 1)
        near = NearestNeighbors(n_neighbors=m).fit(X).kneighbors(return_distance=False)
        return (y[near[y == label]] == labels[np.argmax(counts)]).sum(axis=1)


@broken("mild_imbalance_is_balanced", family="adasyn")
class LeavesMildImbalance(PlainADASYN):
    """The threshold of the paper, 0.75, and not a word."""

    def n_new(self, y):
        counts = np.unique(y, return_counts=True)[1]
        return {} if counts.min() / counts.max() > 0.75 else super().n_new(y)


@broken("every_column_of_a_wide_table_counts", family="smote")
class LeavesOutTheLastBlock(PlainSMOTE):
    """Adds up distances by blocks of 256 columns, whole ones."""

    def neighbors(self, rows, k):
        width = rows.shape[1]
        return super().neighbors(rows[:, : width - width % 256] if width > 256 else rows, k)


@broken("few_new_rows_do_not_stand_together", family="smote")
class StartsFromARunOfRows(PlainSMOTE):
    """New rows start from rows in a row, from a random one on."""

    def seeds(self, candidates, n, rng):
        return candidates[(rng.randint(len(candidates)) + np.arange(n)) % len(candidates)]


@broken("every_size_is_dealt_with", family="smote")
class LeavesOutTheWrongRow(PlainSMOTE):
    """Searches by blocks of 64, and leaves the row out that has its number in the block."""

    def neighbors(self, rows, k):
        super().neighbors(rows, k)
        near = NearestNeighbors(n_neighbors=k + 1).fit(rows).kneighbors(rows, return_distance=False)
        left_out = np.arange(len(rows)) % 64
        near_to = [[to for to in found if to != out][:k] for found, out in zip(near, left_out, strict=True)]
        return np.array(near_to)


@broken("few_new_rows_follow_hardness", family="adasyn")
class LaysTheRestOnTheFirst(PlainADASYN):
    """Cuts each share off, and the first row gets all that is left."""

    def allocate(self, density, n):
        counts = np.floor(density * n).astype(int)
        counts[np.flatnonzero(density)[0]] += n - counts.sum()
        return counts


@broken("every_size_is_dealt_with", family="interpolating")
class StartsAgainInEveryBlock(PlainSMOTE):
    """Makes five hundred rows at a time, each time from the start of the stream."""

    oversampler_family = "interpolating"

    def between(self, rows, seeds, neighbors, rng):
        seed = rng.randint(2**31 - 1)
        made = []
        for start in range(0, len(seeds), 500):
            own = np.random.RandomState(seed)
            block = own.randint(len(rows), size=len(seeds[start : start + 500]))
            made.append(super().between(rows, block, neighbors, own))
        return np.vstack(made)


@broken("more_neighbors_than_m_are_used", family="borderline1")
class CutsKToM(PlainBorderline):
    """One search for m and k: no more neighbours than m."""

    def partners(self, neighbors, seeds, rng):
        return super().partners(neighbors[:, : self.m_neighbors], seeds, rng)


@broken("more_neighbors_than_m_are_used", family="borderline2")
class CutsKToMOutwards(PlainBorderline):
    """The same for the second kind."""

    def __init__(
        self, sampling_strategy="auto", random_state=None, k_neighbors=5, m_neighbors=10, kind="borderline-2"
    ):
        super().__init__(sampling_strategy, random_state, k_neighbors, m_neighbors, kind)

    def partners(self, neighbors, seeds, rng):
        return super().partners(neighbors[:, : self.m_neighbors], seeds, rng)


@broken("every_size_is_dealt_with", family="adasyn")
class CountsInWholeBlocks(PlainADASYN):
    """Counts neighbours of other classes in blocks of 128 rows; those after the last one have none."""

    def hardness(self, X, y, label):
        found = super().hardness(X, y, label)
        found[max(128, len(found) // 128 * 128) :] = 0.0
        return found


@broken("allocation_follows_hardness", family="adasyn")
class RoundsHardness(PlainADASYN):
    """Rounds shares of other classes to one decimal: exact for five neighbours. Draws the remainder."""

    def allocate(self, density, n):
        counts = np.floor(density * n).astype(int)
        hard = np.flatnonzero(density)
        counts[self.generator().choice(hard, size=min(n - counts.sum(), len(hard)), replace=False)] += 1
        return counts

    def hardness(self, X, y, label):
        found = super().hardness(X, y, label)
        return found.round(1) if found.round(1).any() else found
