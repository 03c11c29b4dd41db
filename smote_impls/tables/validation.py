"""The checks of X and y at the public edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

__all__ = ["Labels", "check_X", "check_y"]


@dataclass(frozen=True, eq=False)
class Labels:
    """The classes of ``y``, and which rows have them.

    Parameters
    ----------
    classes : list
        The classes, ascending: Python's own numbers and strings.
    codes : ndarray of shape (n_rows,), intp
        The position in `classes` of each row's class.
    counts : ndarray of shape (n_classes,), intp
        The rows of each class.
    """

    classes: list[Any]
    codes: np.ndarray
    counts: np.ndarray

    @property
    def present(self) -> dict[Any, int]:
        """The rows of each class by class."""
        return dict(zip(self.classes, self.counts.tolist(), strict=True))

    def rows_of(self, label: Any) -> np.ndarray:
        """Return the rows of a class, ascending."""
        return np.flatnonzero(self.codes == self.classes.index(label))

    def as_array(self) -> np.ndarray:
        """Return the labels, one per row."""
        labels: np.ndarray = np.asarray(self.classes)[self.codes]
        return labels


def check_X(estimator: Any, X: Any) -> Any:
    """Return X as a numeric ndarray, CSR or CSC matrix without NaN and inf; set ``n_features_in_`` and names.

    Raises
    ------
    ValueError
        If X is empty, not two-dimensional, not numeric or not finite, or a column name repeats.
    TypeError
        If X is a table of polars or pyarrow.
    """
    if isinstance(X, pd.DataFrame):
        _check_columns(X)
    elif hasattr(X, "__arrow_c_stream__"):
        kind = f"{type(X).__module__.partition('.')[0]} {type(X).__name__}"
        raise TypeError(
            f"Expected X as ndarray, pandas DataFrame, sparse matrix or list, got a {kind}, whose names and "
            "types would be lost. Pass X.to_pandas()."
        )
    try:
        return validate_data(estimator, X, accept_sparse=["csr", "csc"], reset=True)
    except ValueError as error:
        if "could not convert" in str(error):
            raise ValueError(f"Expected X to hold numbers only: {error}. {_REMEDY_FOR_TEXT}") from error
        raise


_REMEDY_FOR_TEXT = "Encode such columns first, or use a sampler for nominal features (SMOTENC)."


def _check_columns(X: pd.DataFrame) -> None:
    if not X.columns.is_unique:
        repeated = X.columns[X.columns.duplicated()].unique().tolist()
        raise ValueError(
            f"Expected unique column names in X, got several of {repeated}. Rename or drop them."
        )
    refused = [
        f"{name!r} ({dtype})"
        for name, dtype in X.dtypes.items()
        if not (pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype))
    ]
    if refused:
        raise ValueError(
            f"Expected numeric columns in X, got {', '.join(refused[:5])}"
            f"{f' and {len(refused) - 5} more' if len(refused) > 5 else ''}. {_REMEDY_FOR_TEXT}"
        )


def check_y(y: Any, n_rows: int) -> Labels:
    """Find the classes of y.

    Parameters
    ----------
    y : array-like of shape (n_rows,), (n_rows, 1) or one-vs-rest binarised, (n_rows, n_classes)
    n_rows : int
        The rows of X.

    Raises
    ------
    ValueError
        If y has another length, a missing label, fewer than two classes, or is continuous or multilabel.
    TypeError
        If its labels cannot be sorted.
    """
    if y is None:
        raise ValueError(
            "Expected y to hold the class of each row of X, got None. Resampling needs the classes."
        )
    labels = _one_per_row(y)
    if len(labels) != n_rows:
        raise ValueError(
            f"Expected X and y to have equally many rows, got {n_rows} in X and {len(labels)} in y. "
            "Pass both from the same split."
        )
    if not n_rows:
        raise ValueError(
            "Expected X and y to hold a class for each row, got no rows. Look at what was selected."
        )
    codes, classes = _codes(labels)
    if (codes < 0).any():
        n_missing = int((codes < 0).sum())
        raise ValueError(
            f"Expected a class for each row, got {n_missing} missing labels in y. Drop those rows."
        )
    if labels.dtype.kind == "f":
        check_classification_targets(labels)
    if len(classes) < 2:
        raise ValueError(
            f"Expected y to have at least two classes, got the single class {classes[0]!r}. "
            "There is nothing to balance."
        )
    return Labels(classes, codes, np.bincount(codes, minlength=len(classes)))


def _one_per_row(y: Any) -> np.ndarray:
    labels: Any = y.tocsr() if sparse.issparse(y) else np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] > 1:
        return _from_one_vs_rest(labels)
    if sparse.issparse(labels):
        labels = labels.toarray()
    if labels.ndim not in (1, 2):
        raise ValueError(
            f"Expected y to have one dimension, got shape {labels.shape}. Give one class per row."
        )
    one_per_row: np.ndarray = labels.ravel()
    return one_per_row


def _from_one_vs_rest(indicator: Any) -> np.ndarray:
    """Return the position of the 1 in each row."""
    values = np.unique(indicator.data if sparse.issparse(indicator) else indicator)
    per_row = np.asarray((indicator != 0).sum(axis=1)).ravel()
    if not np.isin(values, (0, 1)).all() or (per_row != 1).any():
        raise ValueError(
            f"Expected a two-dimensional y to be binarised one-vs-rest, a single 1 in each row, got shape "
            f"{indicator.shape} with {sorted(set(per_row.tolist()))} non-zero values per row. Multilabel and "
            "multioutput targets are not supported."
        )
    return np.asarray(indicator.argmax(axis=1)).ravel()


def _codes(labels: np.ndarray) -> tuple[np.ndarray, list[Any]]:
    # By hashing: on 100,000 labels five to a hundred times faster than np.unique, which sorts them.
    try:
        codes, classes = pd.factorize(labels, sort=True)
    except TypeError as error:
        raise TypeError(
            f"Expected the labels in y to be of one type that can be sorted: {error}. "
            "Convert them to strings."
        ) from error
    return codes, classes.tolist()
