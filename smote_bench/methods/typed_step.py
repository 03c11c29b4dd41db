"""What goes into a sampler of a table with categories, and what is made of what comes out."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.data.typed_rows import TypedColumns, TypedRows

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.methods.row_options import RowOptions
    from smote_bench.methods.spec import Step

__all__ = ["FractionalRows", "encoded_output", "typed_input", "typed_output", "wants_typed_rows"]


_ENCODED_WITH: Mapping[str, str] = MappingProxyType({"imblearn.over_sampling:RandomOverSampler": "shrinkage"})
"""Parameters with which samplers that take categories by their tags refuse them."""


_COPY = frozenset(
    {
        "imblearn.over_sampling:RandomOverSampler",
        "imblearn.under_sampling:RandomUnderSampler",
        "smote_impls:RandomOverSampler",
    }
)
"""Samplers to which it is all the same what a row holds."""


@dataclass(frozen=True)
class FractionalRows:
    """How many of the rows that encoded samplers added lie between categories, before any repair.

    Parameters
    ----------
    n_rows : int
        Added rows with at least one nominal column that has not exactly one of its levels.
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

    def __add__(self, other: FractionalRows) -> FractionalRows:
        """Return those of two samplers together; repaired where all that there was has been."""
        left = [each for each in (self, other) if each.n_rows and not each.is_repaired]
        return FractionalRows(
            self.n_rows + other.n_rows,
            self.n_added + other.n_added,
            tuple(dict.fromkeys((*self.columns, *other.columns))),
            is_repaired=not left and (self.is_repaired or other.is_repaired),
        )


def wants_typed_rows(step: Step, found: Any, sampler: Any, *, after_encoded: bool = False) -> bool:
    """Tell whether a sampler gets typed rows where there are categories.

    Parameters
    ----------
    step : Step
    found : class or function
        Behind the step's target.
    sampler : object, optional
        What was made of a class.
    after_encoded : bool
        Whether a sampler of encoded rows was before it.

    Notes
    -----
    Where the experiment does not say so, samplers that have a parameter ``categorical_features`` get typed
    rows, and those that take categories or text by scikit-learn's tags, as imbalanced-learn's SMOTENC,
    SMOTEN, RandomOverSampler and RandomUnderSampler; all others encoded ones. What only copies or removes
    rows takes those of an encoded sampler before it as they are.
    """
    if step.rows.kind:
        return step.rows.kind == "typed"
    if step.params.get(_ENCODED_WITH.get(step.target, "")) or (after_encoded and step.target in _COPY):
        return False
    try:
        if "categorical_features" in inspect.signature(found).parameters:
            return True
        tags = sampler.__sklearn_tags__().input_tags
    except Exception:  # whatever a foreign class does when it is asked
        return False
    return bool(getattr(tags, "categorical", False) or getattr(tags, "string", False))


def typed_input(X: np.ndarray, typed: TypedRows, options: RowOptions) -> pd.DataFrame:
    """Return encoded rows as the frame that a sampler of typed rows gets.

    Raises
    ------
    ValueError
        If a sampler before it left rows between categories; the message goes on after "expected".
    """
    if typed.numbers is None:
        for name, between in typed.columns.fractional(X, with_ordered=True).items():
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
    added = _added(X, X_before)
    by_column = {name: rows & added for name, rows in columns.fractional(X).items()}
    between = np.zeros(len(X), dtype=bool)
    for rows in by_column.values():
        between |= rows
    counts = sorted(((int(rows.sum()), name) for name, rows in by_column.items()), key=lambda pair: -pair[0])
    found = FractionalRows(
        int(between.sum()),
        int(added.sum()),
        tuple(name for n, name in counts if n),
        is_repaired=options.repair == "round",
    )
    return (columns.rounded(X) if found.is_repaired else X), found


def _added(X: np.ndarray, X_before: np.ndarray) -> np.ndarray:
    """Tell which rows are none of those that came in, each of which counts once; bool."""
    n = len(X_before)
    if np.array_equal(X[:n], X_before):  # as nearly all samplers leave them
        return np.arange(len(X)) >= n
    there = Counter(row.tobytes() for row in X_before)
    added = np.zeros(len(X), dtype=bool)
    for place, row in enumerate(X):
        key = row.tobytes()
        added[place] = not there[key]
        there[key] -= bool(there[key])
    return added
