"""Tables of which rows are only repeated, whatever they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_array, validate_data

from smote_impls.tables.containers import take_rows

__all__ = ["RepeatedRows", "RowsAsTheyAre"]


@dataclass(frozen=True)
class RowsAsTheyAre:
    """A table of which nothing but the shape is looked at.

    Parameters
    ----------
    shape : tuple of int
        The number of rows and of columns.
    """

    shape: tuple[int, int]

    @classmethod
    def checked(cls, estimator: Any, X: Any) -> RowsAsTheyAre:
        """Look at the shape of X, and set ``n_features_in_`` and names.

        Raises
        ------
        ValueError
            If X is not two-dimensional or empty.
        """
        if isinstance(X, pd.DataFrame) or not hasattr(X, "__arrow_c_stream__"):
            if isinstance(X, pd.DataFrame):
                validate_data(estimator, X, reset=True, skip_check_array=True)
            else:
                X = check_array(X, accept_sparse=True, dtype=None, ensure_all_finite=False)
                estimator.n_features_in_ = X.shape[1]
        else:
            names = X.column_names if hasattr(X, "column_names") else X.columns
            estimator.n_features_in_, estimator.feature_names_in_ = (
                len(names),
                np.asarray(names, dtype=object),
            )
        n_rows, n_columns = X.shape
        if not n_rows or not n_columns:
            raise ValueError(
                f"Expected X to have rows and columns, got {n_rows} rows and {n_columns} columns. Look at "
                "what was selected."
            )
        return cls((n_rows, n_columns))


class RepeatedRows:
    """The rows repeated so far.

    Parameters
    ----------
    originals : RowsAsTheyAre
    """

    def __init__(self, originals: RowsAsTheyAre) -> None:
        self.originals = originals
        self._rows = [np.arange(originals.shape[0])]

    def append(self, made: Any) -> None:
        """Keep the rows of one class: of each its donor."""
        self._rows.append(made.donors[:, 0])

    def appended_to(self, X: Any) -> Any:
        """Return the table as the user gave it, with all rows repeated."""
        return take_rows(X, np.concatenate(self._rows))
