"""Samplers whose arithmetic gives way at the edges: few rows, equal rows, huge, tiny or coarse values."""

from __future__ import annotations

import numpy as np
from imblearn.over_sampling import RandomOverSampler

from broken_samplers import broken
from broken_samplers.plain import PlainADASYN, PlainBorderline, PlainSMOTE


@broken("the_fewest_rows_are_enough", family="smote")
class AsksForOneRowMore(PlainSMOTE):
    """Counts the row itself twice when it checks for enough rows."""

    def neighbors(self, rows, k):
        if len(rows) <= k + 1:
            raise ValueError(f"expected more than {k + 1} rows, got {len(rows)}")
        return super().neighbors(rows, k)


@broken("equal_rows_give_equal_rows", family="smote")
class DividesByTheSpread(PlainSMOTE):
    """Scales by the standard deviation before it interpolates, which is 0."""

    def new_rows(self, X, y, label, n, rng):
        spread = X[y == label].std(axis=0)
        with np.errstate(all="ignore"):
            return spread * super().new_rows(X / spread, y, label, n, rng)


@broken("one_row_is_made_where_one_is_missing", family="smote")
class DropsTheLastRow(PlainSMOTE):
    """Ends one row early where it makes just one."""

    def n_new(self, y):
        return {label: n if n > 1 else 0 for label, n in super().n_new(y).items()}


@broken("one_row_is_made_where_one_is_missing", family="adasyn")
class RoundsSharesToNothing(PlainADASYN):
    """Refuses where every share rounds to 0, as imbalanced-learn's."""

    def allocate(self, density, n):
        counts = np.rint(density * n).astype(int)
        if not counts.sum():
            raise ValueError("No samples will be generated.")
        return counts


@broken("extreme_magnitudes_are_kept", family="smote")
class MultipliesBeforeItDivides(PlainSMOTE):
    """The step is a quotient of sums of squares, which leave float64 at both ends."""

    def combine(self, start, end, steps):
        with np.errstate(all="ignore"):
            return start + steps * ((end - start) ** 3 / (end - start) ** 2)


@broken("extreme_magnitudes_are_kept", family="smote")
class TakesTinyForZero(PlainSMOTE):
    """Values below 1e-12 become 0."""

    def combine(self, start, end, steps):
        made = super().combine(start, end, steps)
        return np.where(np.abs(made) < 1e-12, 0.0, made)


@broken("single_precision_is_enough", family="smote")
class RefusesSinglePrecision(PlainSMOTE):
    """Only float64."""

    def read(self, X, y):
        X, y = super().read(X, y)
        if X.dtype == np.float32:
            raise TypeError("expected float64, got float32")
        return X, y


@broken("single_precision_is_enough", family="smote")
class ComputesInHalfPrecision(PlainSMOTE):
    """float32 goes through float16."""

    def to_dtype(self, rows, dtype):
        return rows.astype(np.float16).astype(dtype) if dtype == np.float32 else rows.astype(dtype)


@broken("integers_stay_in_their_range", family="smote")
class WrapsIntegers(PlainSMOTE):
    """Integers go through int32."""

    def to_dtype(self, rows, dtype):
        return (
            rows.astype(np.int64).astype(np.int32).astype(dtype) if dtype.kind == "i" else rows.astype(dtype)
        )


@broken("integers_stay_in_their_range", family="smote")
class CutsStepsToIntegers(PlainSMOTE):
    """The steps take the dtype of the rows, which leaves nothing of them."""

    def new_rows(self, X, y, label, n, rng):
        self.whole_ = not (X % 1).any()
        return super().new_rows(X, y, label, n, rng)

    def steps(self, n, n_features, rng):
        made = super().steps(n, n_features, rng)
        return np.trunc(made) if self.whole_ else made


@broken("integers_stay_in_their_range", family="smote")
class RoundsIntegersUp(PlainSMOTE):
    """Adds one half too often when it rounds."""

    def to_dtype(self, rows, dtype):
        return (np.floor(rows) + 1).astype(dtype) if dtype.kind == "i" else rows.astype(dtype)


@broken("one_column_is_enough", family="smote")
class SqueezesColumns(PlainSMOTE):
    """squeeze() turns one column into a vector."""

    def combine(self, start, end, steps):
        return super().combine(start.squeeze(axis=None), end.squeeze(axis=None), steps)


@broken("more_columns_than_rows_is_no_matter", family="smote")
class InvertsTheCovariance(PlainSMOTE):
    """Whitens, which needs more rows than columns."""

    def neighbors(self, rows, k):
        if rows.shape[1] > 4:
            np.linalg.cholesky(np.cov(rows.T))
        return super().neighbors(rows, k)


@broken("shared_rows_are_no_matter", family="smote")
class DropsConflicts(PlainSMOTE):
    """Leaves out rows that stand in both classes."""

    def read(self, X, y):
        X, y = super().read(X, y)
        _, which, _times = np.unique(X, axis=0, return_inverse=True, return_counts=True)
        both = np.array([len(set(y[which.ravel() == row].tolist())) > 1 for row in which.ravel()])
        return X[~both], y[~both]


@broken("heavy_imbalance_is_dealt_with", family="smote")
class CapsItsCopies(PlainSMOTE):
    """At most 20 new rows for each."""

    def n_new(self, y):
        return {label: min(n, 20 * int((y == label).sum())) for label, n in super().n_new(y).items()}


@broken("large_offsets_keep_their_digits", family="smote")
class InterpolatesInSinglePrecision(PlainSMOTE):
    """Eight digits are taken up by the offset."""

    def combine(self, start, end, steps):
        return super().combine(start.astype(np.float32), end.astype(np.float32), steps.astype(np.float32))


@broken("nothing_to_start_from_is_said", family="borderline1")
class MakesRowsOutOfNothing(PlainBorderline):
    """Without rows in DANGER the new rows stay as they were allocated."""

    def new_rows(self, X, y, label, n, rng):
        try:
            return super().new_rows(X, y, label, n, rng)
        except ValueError:
            return np.zeros((n, X.shape[1]))


@broken("nothing_to_start_from_is_said", family="adasyn")
class DividesByNoHardness(PlainADASYN):
    """0 / 0 shares."""

    def new_rows(self, X, y, label, n, rng):
        hardness = self.hardness(X, y, label)
        if hardness.sum() > 0:
            return super().new_rows(X, y, label, n, rng)
        with np.errstate(all="ignore"):
            share = hardness / hardness.sum()
        return X[y == label][:1] + np.full((n, 1), share[0])


@broken("tiny_and_huge_distances_keep_neighbors", family="smote")
class TakesTinyDistancesForNone(PlainSMOTE):
    """Rows nearer than a millionth are the row itself, and no neighbours."""

    def neighbors(self, rows, k):
        super().neighbors(rows, k)
        distances = np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=2))
        distances[distances < 1e-6] = np.inf
        np.fill_diagonal(distances, np.inf)
        return np.argsort(distances, axis=1, kind="stable")[:, :k]


@broken("copies_keep_missing_values", family="generic")
class FillsGapsOfCopies(RandomOverSampler):
    """Hands copies on with 0 for what is missing."""

    def fit_resample(self, X, y):
        made, labels = super().fit_resample(X, y)
        if isinstance(made, np.ndarray):
            made[len(y) :] = np.nan_to_num(made[len(y) :])
        return made, labels


@broken("one_column_is_enough", family="smote")
class SqueezesOneColumn(PlainSMOTE):
    """Takes the rows of one column for a vector, so that each step is combined with each seed."""

    def combine(self, start, end, steps):
        if start.shape[1] > 1:
            return super().combine(start, end, steps)
        return (start[:, 0] + steps * (end - start)[:, 0])[:, :1]
