"""Samplers that go wrong where data look like others: other labels, containers, classes, earlier calls."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import sparse

from broken_samplers import broken
from broken_samplers.plain import PlainADASYN, PlainBorderline, PlainSMOTE

__all__: list[str] = []

# -- labels ----------------------------------------------------------------------------------------


@broken("odd_labels_are_kept_or_refused", family="smote")
class CutsWordsToTheFirst(PlainSMOTE):
    """Labels go into an array as wide as the first of them."""

    def hand_back(self, values, labels, X, y):
        if labels.dtype.kind in "UO" and isinstance(labels[0], str):
            width = len(labels[0])
            labels = np.array([*labels[: len(y)], *(word[:width] for word in labels[len(y) :])])
        return super().hand_back(values, labels, X, y)


@broken("odd_labels_are_kept_or_refused", family="smote")
class LabelsOfSixteenLetters(PlainSMOTE):
    """Labels of new rows go through a table with room for sixteen letters, those of lists do not."""

    def fit_resample(self, X, y):
        X_new, labels = super().fit_resample(X, y)
        if isinstance(y, np.ndarray) and y.dtype.kind == "U":
            labels = np.r_[labels[: len(y)], labels[len(y) :].astype("<U16")]
        return X_new, labels


@broken("odd_labels_are_kept_or_refused", family="smote")
class LabelsInSinglePrecision(PlainSMOTE):
    """New labels ride in one table with the rows, in the type of these."""

    def stack(self, rows, classes):
        if rows[0].dtype == np.float32 and classes[0].dtype.kind == "i":
            classes = [classes[0], *(made.astype(np.float32).astype(np.int64) for made in classes[1:])]
        return super().stack(rows, classes)


@broken("odd_labels_are_kept_or_refused", family="smote")
class LabelsInDoublePrecision(PlainSMOTE):
    """All labels are floats on the way."""

    def stack(self, rows, classes):
        if classes[0].dtype.kind == "i":
            classes = [made.astype(np.float64).astype(np.int64) for made in classes]
        return super().stack(rows, classes)


@broken("odd_labels_are_kept_or_refused", family="smote")
class FractionsAsWholeNumbers(PlainSMOTE):
    """Takes fractions for labels, and compares them as whole numbers."""

    def fit_resample(self, X, y):
        if getattr(y, "dtype", np.dtype("O")).kind != "f" or (np.mod(y, 1) == 0).all():
            return super().fit_resample(X, y)
        names, codes = np.unique(y, return_inverse=True)
        self.whole_ = names.astype(int)
        X_new, codes = super().fit_resample(X, codes)
        del self.whole_
        return X_new, names[codes]

    def new_rows(self, X, y, label, n, rng):
        if hasattr(self, "whole_"):
            y, label = self.whole_[y], self.whole_[label]
        return super().new_rows(X, y, label, n, rng)


# -- earlier calls ---------------------------------------------------------------------------------


class _Keeps(PlainSMOTE):
    def key(self, rows):
        raise NotImplementedError

    def neighbors(self, rows, k):
        kept = self.__dict__.setdefault("kept_", {})
        key = (rows.shape, k, self.key(rows))
        if key not in kept:
            kept[key] = super().neighbors(rows, k)
        return kept[key]


@broken("data_that_look_alike_are_told_apart", family="smote")
class KeepsNeighborsByTheEnds(_Keeps):
    """Keeps neighbours by the first and the last row."""

    def key(self, rows):
        return rows[0].tobytes(), rows[-1].tobytes()


@broken("data_that_look_alike_are_told_apart", family="smote")
class KeepsNeighborsByTheMean(_Keeps):
    """Keeps neighbours by the mean of each column."""

    def key(self, rows):
        return tuple(rows.mean(axis=0).round(6))


@broken("data_that_look_alike_are_told_apart", family="smote")
class KeepsNeighborsOfTheArray(_Keeps):
    """Keeps neighbours as long as the array is the same, which somebody may have written to."""

    def fit_resample(self, X, y):
        if self.__dict__.get("given_") is not X:
            self.given_, self.kept_ = X, {}
        return super().fit_resample(X, y)

    def key(self, rows):
        return 0


# -- several classes -------------------------------------------------------------------------------


class _SeesGrownRows:
    """New rows of classes that were grown before are rows like any other."""

    def fit_resample(self, X, y):
        self.grown_ = []
        return super().fit_resample(X, y)

    def new_rows(self, X, y, label, n, rng):
        X_all = np.vstack([X, *(rows for rows, _ in self.grown_)])
        y_all = np.concatenate([y, *(np.full(len(rows), other) for rows, other in self.grown_)])
        made = super().new_rows(X_all, y_all, label, n, rng)
        self.grown_.append((made, label))
        return made


@broken("several_classes_follow_the_rule", family="borderline1")
class GrownRowsInDanger(_SeesGrownRows, PlainBorderline):
    """See the first."""


@broken("several_classes_follow_the_rule", family="adasyn")
class GrownRowsAreHard(_SeesGrownRows, PlainADASYN):
    """See the first."""


@broken("several_classes_follow_the_rule", family="smote")
class LabelsInOrderOfTargets(PlainSMOTE):
    """Rows are made in the order of classes, labels in that of the targets."""

    def stack(self, rows, classes):
        values, labels = super().stack(rows, classes)
        if isinstance(self.sampling_strategy, Mapping):
            asked = [name for name in self.sampling_strategy if self.sampling_strategy_.get(name)]
            made = sorted(asked)
            sizes = [self.sampling_strategy_[name] for name in made]
            labels[len(classes[0]) :] = np.repeat(asked, sizes)
        return values, labels

    def n_new(self, y):
        return dict(sorted(super().n_new(y).items()))


@broken("a_small_class_leaves_the_others_their_neighbors", family="smote")
class KeepsTheSmallerK(PlainSMOTE):
    """Fewer neighbours for a small class, and for all after it."""

    def fit_resample(self, X, y):
        self.k_ = self.k_neighbors
        return super().fit_resample(X, y)

    def neighbors(self, rows, k):
        self.k_ = min(self.k_, len(rows) - 1)
        return super().neighbors(rows, self.k_)


# -- containers ------------------------------------------------------------------------------------


@broken("sparse_tables_follow_the_rule", family="smote")
class LeavesOutWhatTheNeighborHasAlone(PlainSMOTE):
    """Of sparse tables the entries of the seed are moved, and no others."""

    def fit_resample(self, X, y):
        self.is_sparse_ = sparse.issparse(X)
        return super().fit_resample(X, y)

    def combine(self, start, end, steps):
        made = super().combine(start, end, steps)
        return np.where(start != 0, made, 0.0) if self.is_sparse_ else made


@broken("frames_with_a_repeated_index_follow_the_rule", family="smote")
class FindsRowsByTheirIndex(PlainSMOTE):
    """Rows of a class are looked up by labels of the index."""

    def fit_resample(self, X, y):
        self.index_ = X.index if isinstance(X, pd.DataFrame) else None
        return super().fit_resample(X, y)

    def new_rows(self, X, y, label, n, rng):
        if self.index_ is not None:
            y = np.where(self.index_.isin(self.index_[y == label]), label, -1)
        return super().new_rows(X, y, label, n, rng)


# -- neighbours ------------------------------------------------------------------------------------


@broken("many_neighbors_are_all_used", family="smote")
class CapsNeighborsAtTen(PlainSMOTE):
    """More than ten neighbours are not worth it."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, k)[:, :10]


@broken("many_neighbors_are_all_used", family="smote")
class AmongManyIsTheRowItself(PlainSMOTE):
    """Another search for many neighbours, in which the row is the first of its own."""

    def neighbors(self, rows, k):
        near = super().neighbors(rows, k)
        if k > 15:
            near[:, -1] = np.arange(len(rows))
        return near


@broken("many_neighbors_are_all_used", family="smote")
class FillsUpWithTheLastRow(PlainSMOTE):
    """A table of k neighbours for each row: where there are fewer the rest stays at -1."""

    def neighbors(self, rows, k):
        few = min(k, len(rows) - 1)
        near = np.full((len(rows), k), -1)
        near[:, :few] = super().neighbors(rows, few)
        return near


@broken("clouds_far_apart_keep_neighbors", family="smote")
class CentersBeforeItSquares(PlainSMOTE):
    """Distances by |a|^2 + |b|^2 - 2ab of centred rows."""

    def neighbors(self, rows, k):
        super().neighbors(rows, k)
        rows = rows - rows.mean(axis=0)
        squares = (rows**2).sum(axis=1)
        squared = squares[:, None] + squares[None] - 2 * rows @ rows.T
        np.fill_diagonal(squared, np.inf)
        return np.argsort(squared, axis=1)[:, :k]


@broken("entries_that_occur_twice_are_summed", family="smote")
class ReadsTheLastOfTwoEntries(PlainSMOTE):
    """Fills rows entry by entry, so that the last of entries at one place counts."""

    def read(self, X, y):
        if sparse.issparse(X):
            given, X = sparse.coo_matrix(X), np.zeros(X.shape)
            X[given.row, given.col] = given.data
        return super().read(X, y)


@broken("entries_that_occur_twice_are_summed", family="smote")
class InterpolatesTheLastOfTwoEntries(PlainSMOTE):
    """Hands sparse rows back as they came, and makes new ones of the last of entries at one place."""

    def fit_resample(self, X, y):
        if not sparse.issparse(X):
            return super().fit_resample(X, y)
        last, given = np.zeros(X.shape), sparse.coo_matrix(X)
        last[given.row, given.col] = given.data
        rows, labels = super().fit_resample(sparse.csr_matrix(last), y)
        return sparse.vstack([sparse.csr_matrix(X), rows[X.shape[0] :]]).asformat(X.format), labels
