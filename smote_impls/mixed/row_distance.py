"""Which distance suits a table: of numbers, of numbers and levels, or of levels alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import sparse

from smote_impls.mixed.categorical_columns import AUTO, chosen_columns
from smote_impls.mixed.columns import read_columns
from smote_impls.mixed.distance import MixedRows, median_deviation
from smote_impls.mixed.search import mixed_nearest
from smote_impls.mixed.value_difference import ValueDifference
from smote_impls.nearest.neighbors import k_nearest
from smote_impls.tables.kinds import kind_of
from smote_impls.tables.validation import check_X

__all__ = ["RowDistance"]


@dataclass(frozen=True)
class RowDistance:
    """A distance between rows of any class.

    Parameters
    ----------
    kind : {"numbers", "mixed", "levels"}
        Euclidean; that of `smote_impls.SMOTENC`; that of `smote_impls.SMOTEN`.
    categorical_features : "auto", mask, names or indices
    """

    kind: Literal["numbers", "mixed", "levels"]
    categorical_features: Any

    @classmethod
    def of(cls, X: Any, categorical_features: Any) -> RowDistance:
        """Choose by the columns of a table; arrays and lists are numbers unless columns are named."""
        auto = isinstance(categorical_features, str) and categorical_features == AUTO
        table = kind_of(X)
        if table.is_array and auto:
            return cls("numbers", categorical_features)
        if sparse.issparse(X):
            return cls("mixed", categorical_features)  # refused where rows are read
        prepared = table.prepare(X)
        if getattr(prepared, "ndim", 2) != 2:
            return cls("numbers", categorical_features)  # refused where rows are read
        names = table.names(prepared)
        nominal = [table.is_nominal(table.column(prepared, j)) for j in range(len(names))]
        n_categorical = len(chosen_columns(categorical_features, names, nominal, table))
        if not n_categorical:
            return cls("numbers", categorical_features)
        return cls("levels" if n_categorical == len(names) else "mixed", categorical_features)

    def nearest(
        self, estimator: Any, X: Any, classes: np.ndarray, minority: np.ndarray, k: int, n_jobs: int | None
    ) -> np.ndarray:
        """Find the nearest other rows of every row.

        Parameters
        ----------
        estimator : object
            For messages.
        X : table of shape (n_rows, n_features)
        classes : ndarray of shape (n_rows,), intp
        minority : ndarray of intp
            The rows whose numbers say what a level that differs is worth.
        k : int
        n_jobs : int, optional

        Returns
        -------
        ndarray of shape (n_rows, k), intp
            Nearest first, ties by row.

        Raises
        ------
        ValueError
            If there are fewer than k + 1 rows.
        """
        everyone = np.arange(len(classes))
        if len(classes) <= k:
            raise ValueError(
                f"Expected at least {k + 1} rows after oversampling, to look at {k} neighbours of each, got "
                f"{len(classes)}. Set enn_neighbors to {len(classes) - 1} or less."
            )
        if self.kind == "numbers":
            rows = check_X(estimator, X)
            rows = rows.tocsr() if sparse.issparse(rows) else rows
            return k_nearest(rows, rows, k, self_rows=everyone, n_jobs=n_jobs)
        columns = read_columns(estimator, X, self.categorical_features)
        if self.kind == "levels":
            metric = ValueDifference.of(columns.codes, classes)
            return metric.nearest(everyone, everyone, k, n_jobs=n_jobs)
        price = median_deviation(columns.matrix[minority])
        return mixed_nearest(MixedRows(columns.matrix, columns.codes, price), everyone, k, n_jobs=n_jobs)
