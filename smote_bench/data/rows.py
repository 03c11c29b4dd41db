"""Rows of a table that are told apart before any split: duplicates, and outliers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smote_bench.data.preprocessing import column_kinds, numeric_values

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from smote_bench.data.roles.rows import RowRoles

__all__ = ["drop_duplicates", "first_of_equals", "outlier_rows", "with_weights_of_repeats"]

_SQUARES_OVERFLOW = 1e150


def drop_duplicates(X: pd.DataFrame, y: np.ndarray) -> tuple[pd.DataFrame, np.ndarray, int]:
    """Remove rows equal to an earlier one in all features and in the target.

    This looks at the whole table, before any split: a test row that repeats a training row is itself a leak,
    and removing it by looking at both sides later would be one too.

    Returns
    -------
    X : DataFrame
        The remaining rows in their order, numbered anew.
    y : ndarray
        Their target.
    n_removed : int
        How many rows were removed.
    """
    keep = first_of_equals(X, y)
    return X[keep].reset_index(drop=True), y[keep], int((~keep).sum())


def first_of_equals(X: pd.DataFrame, y: np.ndarray, roles: RowRoles | None = None) -> np.ndarray:
    """Tell which rows equal no earlier one in all features and in the target.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    roles : RowRoles, optional
        Rows of two groups, or of two times, are two observations and not equal. Of equal rows on both sides
        of a given split, one that tests stays: the given hold-out is what others have tested on.

    Returns
    -------
    keep : ndarray of shape (n_samples,), bool
    """
    import numpy as np

    table = _compared(X, y, roles)
    if roles is None or roles.is_test is None:
        keep: np.ndarray = ~_repeats(table)
        return keep
    order = np.argsort(~roles.is_test, kind="stable")
    keep = np.empty(len(y), dtype=bool)
    keep[order] = ~_repeats(table.iloc[order])
    return keep


def with_weights_of_repeats(X: pd.DataFrame, y: np.ndarray, roles: RowRoles, keep: np.ndarray) -> RowRoles:
    """Return the roles with the weights of removed rows added to those of the rows that they equal.

    So the weight of each class stays what it is in the file. Of equal rows on both sides of a given split,
    each side has its own sum: what a removed row that trains would have weighed is gone with it.

    Parameters
    ----------
    X, y, roles
        As in `first_of_equals`.
    keep : ndarray of shape (n_samples,), bool
        What it returned.
    """
    import numpy as np

    if roles.weights is None or keep.all():
        return roles
    table = _compared(X, y, roles)
    if roles.is_test is not None:
        table["\0side"] = roles.is_test
    place = table.groupby(list(table.columns), sort=False, observed=True, dropna=False).ngroup().to_numpy()
    sums = np.bincount(place, weights=roles.weights)
    return replace(roles, weights=np.where(keep, sums[place], roles.weights))


def _compared(X: pd.DataFrame, y: np.ndarray, roles: RowRoles | None) -> pd.DataFrame:
    """Return the columns in which equal rows are equal."""
    table = X.assign(**{"\0target": y})
    if roles is not None and roles.groups is not None:
        table["\0group"] = roles.groups
    if roles is not None and roles.times is not None:
        table["\0time"] = roles.times
    return table


def _repeats(table: pd.DataFrame) -> np.ndarray:
    """Tell which rows equal an earlier one, as `DataFrame.duplicated` does, which takes long on a million.

    Equal rows have equal hashes, so only rows whose hash is there twice are compared.
    """
    import numpy as np
    import pandas as pd

    if any(map(pd.api.types.is_object_dtype, table.dtypes)):  # equal values of two types have two hashes
        repeats: np.ndarray = table.duplicated().to_numpy()
        return repeats
    floats = {str(name): _one_zero(column) for name, column in table.items() if column.dtype.kind == "f"}
    hashes = pd.util.hash_pandas_object(table.assign(**floats), index=False)
    again = hashes.duplicated(keep=False).to_numpy()
    repeats = np.zeros(len(table), dtype=bool)
    repeats[again] = table[again].duplicated().to_numpy()
    return repeats


def _one_zero(column: pd.Series) -> pd.Series:
    """Return a column of floating-point numbers with one zero and one NaN: others would have other hashes."""
    import numpy as np

    column = column + 0.0  # -0.0 + 0.0 is 0.0
    return column.mask(column.isna(), np.nan)


def outlier_rows(X: pd.DataFrame) -> np.ndarray:
    """Tell which rows have a numeric feature more than three standard deviations from its mean.

    Returns
    -------
    outliers : ndarray of shape (n_samples,), bool
        Missing cells, constant features and categories, truth values among them,
        make no outlier.
    """
    import numpy as np

    numbers = numeric_values(X, column_kinds(X).numeric)
    numbers = numbers[:, ~np.isnan(numbers).all(axis=0)]
    largest = np.abs(numbers).max(axis=0, initial=0, where=~np.isnan(numbers))
    numbers = numbers / np.where(largest > _SQUARES_OVERFLOW, largest, 1)
    spread = np.nanstd(numbers, axis=0)
    distance = np.abs(numbers - np.nanmean(numbers, axis=0))
    is_outlier: np.ndarray = (distance > 3 * spread)[:, spread > 0].any(axis=1)
    return is_outlier
