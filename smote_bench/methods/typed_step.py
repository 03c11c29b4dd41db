"""What goes into a sampler of a table with categories, and what is made of what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.data.typed_rows import TypedColumns, TypedRows

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.methods.row_options import RowOptions

__all__ = ["FractionalRows", "encoded_output", "typed_input", "typed_output"]


@dataclass(frozen=True)
class FractionalRows:
    """How many of the rows that an encoded sampler added lie between categories, before any repair.

    Parameters
    ----------
    n_rows : int
        Rows with at least one nominal column that has not exactly one of its levels.
    n_added : int
        Rows that are none of those that came in.
    columns : tuple of str
        The columns, from the one with most such rows on.
    is_repaired : bool
        Whether they were set to the nearest category since.
    """

    n_rows: int
    n_added: int
    columns: tuple[str, ...]
    is_repaired: bool = False


def typed_input(X: np.ndarray, typed: TypedRows, options: RowOptions) -> pd.DataFrame:
    """Return encoded rows as the frame that a sampler of typed rows gets.

    Raises
    ------
    ValueError
        If a sampler before it left rows between categories; the message goes on after "expected".
    """
    if typed.numbers is None:
        for name, between in typed.columns.fractional(X).items():
            if between.any():
                raise ValueError(
                    f"rows that have one category of each column, got {int(between.sum())} between those of "
                    f"{name!r}, made by the sampler before it: give that one repair: round"
                )
    return typed.columns.frame(X, None if options.scaled else typed.numbers)


def typed_output(table: Any, typed: TypedRows, options: RowOptions) -> tuple[np.ndarray, TypedRows]:
    """Return what a sampler made of typed rows, encoded, with what encoded rows do not hold.

    Parameters
    ----------
    table : DataFrame or array-like of shape (n_rows, n_features)
    typed : TypedRows
        What it was made of.
    options : RowOptions

    Raises
    ------
    ValueError
        If columns are missing, a level is new, or a cell is missing or no number; the message goes on after
        "expected".
    """
    import pandas as pd

    names = typed.columns.names
    if not isinstance(table, pd.DataFrame):
        array = np.asarray(table, dtype=object)
        if array.ndim != 2:
            raise ValueError(f"X as a table of {len(names)} columns, got an array of shape {array.shape}")
        table = pd.DataFrame(array)
    elif tuple(map(str, table.columns)) != names:
        raise ValueError(f"the columns {list(names)} in this order, got {list(table.columns)}")
    if table.shape[1] != len(names):
        raise ValueError(f"X with {len(names)} columns, got {table.shape[1]}")
    is_scaled = options.scaled or typed.numbers is None
    X = typed.columns.encoded(table, is_scaled=is_scaled)
    numbers = None if is_scaled else typed.columns.numbers_of(table)
    return X, TypedRows(typed.columns, numbers)


def encoded_output(
    X: np.ndarray, X_before: np.ndarray, columns: TypedColumns, options: RowOptions
) -> tuple[np.ndarray, FractionalRows]:
    """Count the rows between categories, and repair them where that is asked for.

    Parameters
    ----------
    X, X_before : ndarray of shape (n_rows, n_encoded), float64
        After the sampler and before it.
    columns : TypedColumns
    options : RowOptions

    Returns
    -------
    X : ndarray of shape (n_rows, n_encoded), float64
    between : FractionalRows
    """
    by_column = columns.fractional(X)
    between = np.zeros(len(X), dtype=bool)
    for rows in by_column.values():
        between |= rows
    counts = sorted(((int(rows.sum()), name) for name, rows in by_column.items()), key=lambda pair: -pair[0])
    found = FractionalRows(
        int(between.sum()),
        _n_added(X, X_before, between),
        tuple(name for n, name in counts if n),
        is_repaired=options.repair == "round",
    )
    return (columns.rounded(X) if found.is_repaired else X), found


def _n_added(X: np.ndarray, X_before: np.ndarray, between: np.ndarray) -> int:
    """Return how many rows are none of those that came in."""
    n = len(X_before)
    if np.array_equal(X[:n], X_before):  # as nearly all samplers leave them
        return len(X) - n
    known = {row.tobytes() for row in X_before}
    # Rows between categories are none that came in: only the others have to be looked up.
    return int(between.sum()) + sum(row.tobytes() not in known for row in X[~between])
