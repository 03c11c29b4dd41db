"""Samplers that remove rows, and too much or the wrong ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_random_state, check_X_y

from broken_samplers import broken
from broken_samplers.plain import PlainSMOTE

__all__ = ["PlainUndersampler"]


class PlainUndersampler(BaseEstimator):
    """As many rows of each class as the smallest has, drawn without replacement; correct."""

    oversampler_family = "undersampler"

    def __init__(self, random_state=None):
        self.random_state = random_state

    def fit_resample(self, X, y):
        """Return some of the rows."""
        X, y = check_X_y(X, y)
        if len(np.unique(y)) < 2:
            raise ValueError("expected at least two classes")
        rows = self.rows(X, y, check_random_state(self.random_state))
        return X[rows], y[rows]

    def rows(self, X, y, rng):
        """Return the numbers of the rows that stay."""
        n = np.unique(y, return_counts=True)[1].min()
        chosen = [rng.choice(np.flatnonzero(y == label), size=n, replace=False) for label in np.unique(y)]
        return np.sort(np.concatenate(chosen))


@broken("data_that_look_alike_are_told_apart", family="undersampler")
class KeepsPlacesByTheSize(PlainUndersampler):
    """Keeps the places that it drew for the next table of as many rows, whose labels are others."""

    def rows(self, X, y, rng):
        kept = self.__dict__.setdefault("kept_", {})
        if X.shape not in kept:
            kept[X.shape] = super().rows(X, y, rng)
        return kept[X.shape]


@broken("rows_that_stay_are_of_the_input", family="undersampler")
class MovesLabels(PlainUndersampler):
    """Takes the labels of other rows."""

    def fit_resample(self, X, y):
        X_new, y_new = super().fit_resample(X, y)
        return X_new, np.roll(y_new, 1)


@broken("rows_that_stay_are_of_the_input", family="cleaning")
class RoundsWhatStays(PlainUndersampler):
    """Rounds the rows that stay."""

    def fit_resample(self, X, y):
        X_new, y_new = super().fit_resample(X, y)
        return X_new.round(1), y_new


@broken("the_minority_stays", family="undersampler")
class DrawsFromAllClasses(PlainUndersampler):
    """Draws the minority too, with replacement."""

    def rows(self, X, y, rng):
        n = np.unique(y, return_counts=True)[1].min()
        return np.concatenate([rng.choice(np.flatnonzero(y == label), size=n) for label in np.unique(y)])


@broken("no_row_comes_back_twice", family="undersampler")
class DrawsWithReplacement(PlainUndersampler):
    """Draws the majority with replacement."""

    def rows(self, X, y, rng):
        rows = super().rows(X, y, rng)
        large = np.flatnonzero(y == y[np.bincount(y.astype(int)).argmax() == y][0])
        kept = rows[~np.isin(rows, large)]
        return np.concatenate([kept, rng.choice(large, size=len(kept))])


@broken("undersampling_balances", family="undersampler")
class LeavesOneMore(PlainUndersampler):
    """One row too many: a remark, since some methods cannot keep to a number."""

    def rows(self, X, y, rng):
        rows = super().rows(X, y, rng)
        return np.sort(np.r_[rows, np.setdiff1d(np.arange(len(y)), rows)[:1]])


@broken("undersampling_balances", family="undersampler")
class LeavesOneTooFew(PlainUndersampler):
    """Draws one row of the larger classes less than the smallest has."""

    def rows(self, X, y, rng):
        labels, sizes = np.unique(y, return_counts=True)
        drawn = [rng.permutation(np.flatnonzero(y == label)) for label in labels]
        n = max(sizes.min() - 1, 1)
        kept = [own if size == sizes.min() else own[:n] for own, size in zip(drawn, sizes, strict=True)]
        return np.sort(np.concatenate(kept))


@broken("the_minority_gains_in_share", family="combined")
class RemovesTheSmallClass(PlainUndersampler):
    """Takes the smaller class for the one that is to be thinned."""

    def rows(self, X, y, rng):
        labels, numbers = np.unique(y, return_counts=True)
        small = np.flatnonzero(y == labels[numbers.argmin()])
        return np.setdiff1d(np.arange(len(y)), small[: len(small) // 2])


@broken("undersampling_keeps_to_counts", family="undersampler")
class BalancesWhateverIsAsked(PlainUndersampler):
    """Takes no notice of the counts that it is asked for."""

    def __init__(self, sampling_strategy="auto", random_state=None):
        super().__init__(random_state)
        self.sampling_strategy = sampling_strategy


@broken("no_row_is_always_left_out", family="undersampler")
class NeverTheLastRow(PlainUndersampler):
    """Draws below n - 1, so that the last row of the larger class is never kept."""

    def rows(self, X, y, rng):
        n = np.unique(y, return_counts=True)[1].min()
        own = [np.flatnonzero(y == label) for label in np.unique(y)]
        chosen = [rng.choice(rows[: max(len(rows) - 1, n)], size=n, replace=False) for rows in own]
        return np.sort(np.concatenate(chosen))


@broken("classes_lose_rows_of_their_own", family="undersampler")
class ReadsTheSeedForEachClass(PlainUndersampler):
    """Draws for every class from the start of the stream."""

    def __init__(self, random_state=None, sampling_strategy="auto"):
        super().__init__(random_state)
        self.sampling_strategy = sampling_strategy

    def rows(self, X, y, rng):
        n = np.unique(y, return_counts=True)[1].min()
        own = [np.flatnonzero(y == label) for label in np.unique(y)]
        seed = rng.randint(2**31 - 1)
        chosen = [np.random.RandomState(seed).choice(rows, size=n, replace=False) for rows in own]
        return np.sort(np.concatenate(chosen))


@broken("the_minority_stays_beside_equal_rows", family="undersampler")
class RemovesByValue(PlainUndersampler):
    """Looks up the rows to remove by their values, so that equal rows of any class go with them."""

    def rows(self, X, y, rng):
        kept = super().rows(X, y, rng)
        gone = {row.tobytes() for row in X[np.setdiff1d(np.arange(len(y)), kept)]}
        return np.array([row for row in kept if X[row].tobytes() not in gone])


@broken("undersampling_counts_doubles", family="undersampler")
class KeepsDoublesTogether(PlainUndersampler):
    """Remembers the rows that were drawn by their values, so that equal ones come with them."""

    def rows(self, X, y, rng):
        drawn = {(X[row].tobytes(), y[row]) for row in super().rows(X, y, rng)}
        return np.array([row for row in range(len(y)) if (X[row].tobytes(), y[row]) in drawn])


@broken("undersampling_balances_several_classes", family="undersampler")
class CutsTheLargestAlone(PlainUndersampler):
    """Cuts the largest class to the size of the next, with imbalanced-learn's tags."""

    def __init__(self, sampling_strategy="auto", random_state=None):
        super().__init__(random_state)
        self.sampling_strategy = sampling_strategy

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.dataframe = True
        return tags

    def rows(self, X, y, rng):
        labels, sizes = np.unique(y, return_counts=True)
        own = [np.flatnonzero(y == label) for label in labels]
        largest = int(sizes.argmax())
        own[largest] = rng.choice(own[largest], size=int(np.sort(sizes)[-2]), replace=False)
        return np.sort(np.concatenate(own))


@broken("rows_stay_with_their_class", family="combined")
class NamesNewRowsBySize(PlainSMOTE):
    """New rows stand in the order of labels, their names in the order of how many there are."""

    oversampler_family = "combined"

    def stack(self, rows, classes):
        order = sorted(range(1, len(classes)), key=lambda number: len(classes[number]))
        return super().stack(rows, [classes[0], *(classes[number] for number in order)])


@broken("an_index_plays_no_part", family="undersampler")
class DropsRowsByTheirIndex(PlainUndersampler):
    """Drops rows of a frame by the labels of its index: rows that share one go as well."""

    def fit_resample(self, X, y):
        X_new, y_new = super().fit_resample(X, y)
        if not isinstance(X, pd.DataFrame):
            return X_new, y_new
        kept = self.rows(X.to_numpy(), np.asarray(y), check_random_state(self.random_state))
        gone = X.index[np.setdiff1d(np.arange(len(X)), kept)]
        stays = ~X.index.isin(gone)
        return X[stays], y[stays]


@broken("no_row_of_equal_classes_comes_back_twice", family="undersampler")
class DrawsTheSecondSmallestAgain(PlainUndersampler):
    """With replacement where a class has no more rows than are drawn, but for the first such class."""

    def __init__(self, sampling_strategy="auto", random_state=None):
        super().__init__(random_state)
        self.sampling_strategy = sampling_strategy

    def rows(self, X, y, rng):
        labels, sizes = np.unique(y, return_counts=True)
        n, first = sizes.min(), labels[sizes.argmin()]
        of = {label: np.flatnonzero(y == label) for label in labels}
        chosen = [
            rng.choice(rows, size=n, replace=label != first and n >= len(rows)) for label, rows in of.items()
        ]
        return np.concatenate(chosen)


@broken("what_labels_are_called_plays_no_part", family="cleaning")
class KeepsTheRarestNumber(PlainUndersampler):
    """Looks for the smallest class among all numbers from 0 on: of classes 1 and 2 that is 0."""

    oversampler_family = "cleaning"

    def rows(self, X, y, rng):
        smallest = (
            np.bincount(y).argmin() if y.dtype.kind in "iu" and y.min() >= 0 else min(y, key=list(y).count)
        )
        others = np.flatnonzero(y != smallest)
        return np.setdiff1d(np.arange(len(y)), others[:: max(2, len(others) // 4)])


@broken("undersampling_counts_doubles", family="undersampler")
class DrawsPlacesFirst(PlainUndersampler):
    """Draws among the different rows of the larger class, of which there may be too few."""

    def rows(self, X, y, rng):
        labels, sizes = np.unique(y, return_counts=True)
        kept = []
        for label in labels:
            own = np.flatnonzero(y == label)
            if sizes.min() < len(own):
                different = own[np.unique(X[own], axis=0, return_index=True)[1]]
                # Places suffice in most tables, and doubles are drawn where they do not quite.
                own = different if 2 * len(different) < len(own) else own
            kept.append(rng.choice(own, size=min(sizes.min(), len(own)), replace=False))
        return np.sort(np.concatenate(kept))


@broken("no_row_of_a_large_table_comes_back_twice", family="cleaning")
class NumbersRowsWithinBatches(PlainUndersampler):
    """Looks at a thousand rows at a time, and numbers what stays from the beginning of these."""

    oversampler_family = "cleaning"

    def rows(self, X, y, rng):
        stays = np.isin(np.arange(len(y)), super().rows(X, y, rng))
        return np.concatenate([np.flatnonzero(stays[at : at + 1000]) for at in range(0, len(y), 1000)])


@broken("islands_of_the_majority_keep_rows", family="cleaning")
class RemovesWhatIsSafe(BaseEstimator):
    """Edited nearest neighbours the wrong way round: rows go that are like those around them."""

    oversampler_family = "cleaning"

    def fit_resample(self, X, y):
        """Return the smallest class and the doubtful rows of the others."""
        X, y = check_X_y(X, y)
        labels, sizes = np.unique(y, return_counts=True)
        if len(labels) < 2:
            raise ValueError("expected at least two classes")
        nearest = NearestNeighbors(n_neighbors=3).fit(X).kneighbors(return_distance=False)
        is_safe = (y[nearest] == y[:, None]).mean(axis=1) > 0.5
        stays = ~is_safe | (y == labels[sizes.argmin()])
        return X[stays], y[stays]


@broken("islands_of_the_majority_keep_rows", family="cleaning")
class KeepsTheDoubtfulIfAny(RemovesWhatIsSafe):
    """The same, but where no row is doubtful all stay."""

    def fit_resample(self, X, y):
        kept, labels = super().fit_resample(X, y)
        return (X, y) if len(np.unique(labels)) < len(np.unique(y)) else (kept, labels)


@broken("adjacent_rows_do_not_stay_together", family="undersampler")
class DrawsAStretch(PlainUndersampler):
    """Draws where to begin, and takes the rows from there on."""

    def rows(self, X, y, rng):
        n = np.unique(y, return_counts=True)[1].min()
        own = [np.flatnonzero(y == label) for label in np.unique(y)]
        starts = [rng.randint(len(rows) - n + 1) for rows in own]
        return np.sort(np.concatenate([rows[at : at + n] for rows, at in zip(own, starts, strict=True)]))


@broken("adjacent_rows_do_not_stay_together", family="undersampler")
class DrawsPairs(PlainUndersampler):
    """Draws rows two by two, as they stand, with the last one alone."""

    def rows(self, X, y, rng):
        n = np.unique(y, return_counts=True)[1].min()
        chosen = []
        for label in np.unique(y):
            own = np.flatnonzero(y == label)
            firsts = rng.permutation(np.arange(0, len(own), 2))
            pairs = [own[first : first + 2] for first in firsts]
            chosen.append(np.concatenate(pairs)[:n])
        return np.sort(np.concatenate(chosen))


@broken("a_seed_decides_which_rows_stay", family="undersampler")
class KeepsTheFirstRows(PlainUndersampler):
    """Takes the first rows of each class."""

    def rows(self, X, y, rng):
        n = np.unique(y, return_counts=True)[1].min()
        return np.sort(np.concatenate([np.flatnonzero(y == label)[:n] for label in np.unique(y)]))


@broken("a_seed_decides_which_rows_stay", family="undersampler")
class KeepsTheSmallestValues(PlainUndersampler):
    """Takes the rows with the smallest values in the first column: a remark, as this may be meant."""

    def rows(self, X, y, rng):
        n = np.unique(y, return_counts=True)[1].min()
        own = [np.flatnonzero(y == label) for label in np.unique(y)]
        return np.sort(np.concatenate([rows[np.argsort(X[rows, 0], kind="stable")[:n]] for rows in own]))
