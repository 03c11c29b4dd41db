"""Give back what came in: synthetic rows appended in the container, types and format of the input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

__all__ = ["append_to_X", "append_to_y", "column_of_type", "take_rows"]


def append_to_X(X: Any, resampled: Any) -> Any:
    """Return the resampled rows in the container of `X`.

    Parameters
    ----------
    X : DataFrame, sparse matrix, list or ndarray of shape (n_rows, n_features)
        As the user gave it.
    resampled : ndarray or CSR matrix of shape (n_rows + n_synthetic, n_features)
        The rows of `X` and the synthetic ones, in the one type that `X` was validated as.
    """
    if isinstance(X, pd.DataFrame):
        return _append_to_frame(X, resampled)
    if isinstance(X, list):
        return [*(list(row) for row in X), *resampled[len(X) :].tolist()]
    return resampled.asformat(X.format) if sparse.issparse(resampled) else resampled


def _append_to_frame(X: pd.DataFrame, resampled: Any) -> pd.DataFrame:
    if isinstance(resampled, np.ndarray) and (X.dtypes == resampled.dtype).all():
        return pd.DataFrame(resampled, columns=X.columns, copy=False)
    if resampled.shape[0] == len(X):
        return X.reset_index(drop=True)
    # The originals come from the frame: large integers, for one, would not survive the way through float64.
    synthetic = resampled[len(X) :]
    synthetic = synthetic.tocsc() if sparse.issparse(synthetic) else synthetic
    appended = pd.DataFrame(
        {j: column_of_type(_column(synthetic, j), dtype) for j, dtype in enumerate(X.dtypes)}
    )
    appended.columns = X.columns
    return pd.concat([X, appended], ignore_index=True)


def _column(rows: Any, j: int) -> np.ndarray:
    column: np.ndarray = rows[:, [j]].toarray().ravel() if sparse.issparse(rows) else rows[:, j]
    return column


def column_of_type(values: np.ndarray, dtype: Any) -> Any:
    """Return numbers as a column of a frame's type: rounded to the nearest, where it is no type of floats."""
    kept = dtype.subtype if isinstance(dtype, pd.SparseDtype) else dtype
    if values.dtype.kind == "f" and not pd.api.types.is_float_dtype(kept):
        values = np.rint(values)
    if pd.api.types.is_bool_dtype(kept):
        values = values.astype(bool)
    return pd.Series(values).astype(dtype).array


def append_to_y(y: Any, origin: np.ndarray) -> Any:
    """Return y with a label more for each entry of `origin`, the row whose label it has.

    Labels are taken, never made: so categories, names, types and one-vs-rest rows are kept whatever they are.
    """
    n_rows = y.shape[0] if hasattr(y, "shape") else len(y)
    labels = take_rows(y, np.concatenate([np.arange(n_rows), origin]))
    return labels.ravel() if isinstance(labels, np.ndarray) and labels.shape[1:] == (1,) else labels


def take_rows(table: Any, rows: np.ndarray) -> Any:
    """Return some rows of a table or of labels in its own kind; frames get a fresh index.

    Parameters
    ----------
    table : frame or series of pandas or polars, table or array of pyarrow, sparse matrix, list or array-like
    rows : ndarray of intp
    """
    if isinstance(table, (pd.Series, pd.DataFrame)):
        return table.take(rows).reset_index(drop=True)
    library = type(table).__module__.partition(".")[0]
    if library == "polars":
        return table[rows]
    if library == "pyarrow":
        return table.take(rows)
    if isinstance(table, list):
        return [list(row) if isinstance(row, list) else row for row in (table[row] for row in rows.tolist())]
    if sparse.issparse(table):
        return table.tocsr()[rows].asformat(table.format)
    return np.asarray(table)[rows]
