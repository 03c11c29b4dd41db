"""Tables with categories as samplers see them: a code for each level, numbers in their own types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.utils.validation import check_array, validate_data

from smote_impls.mixed.categorical_columns import AUTO, BY_TYPE, chosen_columns
from smote_impls.tables.kinds import TableKind, kind_of

__all__ = ["MixedColumns", "read_columns"]


@dataclass(frozen=True, eq=False)
class MixedColumns:
    """A checked table, column by column.

    Parameters
    ----------
    numeric, categorical : ndarray of intp
        The positions of the columns of each kind in the table.
    numbers : tuple of ndarray of shape (n_rows,)
        The numeric columns in their own types, finite.
    codes : ndarray of shape (n_rows, n_categorical), int32
        For each categorical column a number for each level, in the order in which levels first occur.
    """

    numeric: np.ndarray
    categorical: np.ndarray
    numbers: tuple[np.ndarray, ...]
    codes: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return len(self.codes), len(self.numeric) + len(self.categorical)

    @cached_property
    def matrix(self) -> np.ndarray:
        """The numeric columns side by side: an array of shape (n_rows, n_numeric), float64."""
        matrix = np.empty((len(self.codes), len(self.numbers)))
        for column, values in enumerate(self.numbers):
            matrix[:, column] = values
        return matrix


def read_columns(estimator: Any, X: Any, categorical_features: Any) -> MixedColumns:
    """Check a table, and find its numbers and the codes of its levels; set ``n_features_in_`` and names.

    Parameters
    ----------
    estimator : object
        Gets ``n_features_in_`` and, where all names are strings, ``feature_names_in_``.
    X : DataFrame of pandas or polars, Table of pyarrow, ndarray or list, of shape (n_rows, n_features)
    categorical_features : "auto", mask, names or indices
        As `smote_impls.SMOTENC` documents it.

    Raises
    ------
    ValueError
        If X is empty or not two-dimensional, a name is unknown or repeats, a value is missing or infinite, or
        a column that is not categorical holds no numbers.
    TypeError
        If X is sparse.
    """
    author = type(estimator).__name__
    if sparse.issparse(X):
        raise TypeError(
            f"Expected a dense table with categories, got a sparse {X.format} matrix: {author} would take "
            "its zeros for a level. Pass X.toarray(), or encode the categories and use SMOTE."
        )
    kind = kind_of(X)
    table = check_array(kind.prepare(X), dtype=None, ensure_all_finite=False) if kind.is_array else X
    names = _note_columns(estimator, table, kind)
    _check_size(kind.n_rows(table), len(names))
    columns = [kind.column(table, j) for j in range(len(names))]
    auto = isinstance(categorical_features, str) and categorical_features == AUTO
    nominal = [kind.is_nominal(column) for column in columns]
    if isinstance(categorical_features, str) and categorical_features == BY_TYPE:
        nominal = [known or not kind.is_numeric(c) for known, c in zip(nominal, columns, strict=True)]
    categorical = chosen_columns(categorical_features, names, nominal, kind)
    numeric = np.setdiff1d(np.arange(len(names)), categorical)
    _check_numeric(kind, columns, names, numeric, auto=auto)
    return MixedColumns(
        numeric,
        categorical,
        tuple(_finite(kind.numbers(columns[j]), names[j]) for j in numeric),
        _codes([columns[j] for j in categorical], [names[j] for j in categorical], kind, len(columns[0])),
    )


def _note_columns(estimator: Any, table: Any, kind: TableKind) -> Sequence[Any]:
    names = kind.names(table)
    repeated = (
        sorted({str(name) for name in names if list(names).count(name) > 1}) if not kind.is_array else []
    )
    if repeated:
        raise ValueError(
            f"Expected unique column names in X, got several of {repeated}. Rename or drop them."
        )
    if isinstance(table, (np.ndarray, pd.DataFrame)):
        validate_data(estimator, table, reset=True, skip_check_array=True)
    else:
        estimator.n_features_in_ = len(names)
        estimator.feature_names_in_ = np.asarray(names, dtype=object)
    return names


def _check_size(n_rows: int, n_columns: int) -> None:
    if not n_rows or not n_columns:
        raise ValueError(
            f"Expected X to have rows and columns, got {n_rows} rows and {n_columns} columns. Look at what "
            "was selected."
        )


def _check_numeric(
    kind: TableKind, columns: list[Any], names: Sequence[Any], numeric: np.ndarray, *, auto: bool
) -> None:
    refused = [f"{names[j]!r} ({columns[j].dtype_name})" for j in numeric if not kind.is_numeric(columns[j])]
    if not refused:
        return
    remedy = "Convert them to numbers or to categories" if auto else "Name them in categorical_features"
    raise ValueError(
        f"Expected numbers in the columns that are not categorical, got {', '.join(refused[:5])}"
        f"{f' and {len(refused) - 5} more' if len(refused) > 5 else ''}. {remedy}, or drop them."
    )


def _finite(values: np.ndarray, name: Any) -> np.ndarray:
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        n_missing, n_infinite = int(np.isnan(values).sum()), int(np.isinf(values).sum())
        raise ValueError(
            f"Expected finite numbers, but Input X contains "
            f"{f'NaN ({n_missing} values)' if n_missing else f'infinity ({n_infinite} values)'} in column "
            f"{name!r}. Impute or drop these rows first."
        )
    return values


def _codes(columns: list[Any], names: list[Any], kind: TableKind, n_rows: int) -> np.ndarray:
    codes = np.empty((n_rows, len(columns)), dtype=np.int32)
    for j, (column, name) in enumerate(zip(columns, names, strict=True)):
        try:
            found = pd.factorize(kind.levels(column))[0]
        except TypeError as error:
            raise TypeError(
                f"Expected levels that can be told apart in categorical column {name!r}, got {error}. "
                "Convert them to strings."
            ) from error
        n_missing = int((found < 0).sum())
        if n_missing:
            raise ValueError(
                f"Expected a level in each row of categorical column {name!r}, but Input X contains NaN or "
                f"None ({n_missing} values). Impute them, or give them a level of their own, such as "
                "'missing'."
            )
        codes[:, j] = found
    return codes
