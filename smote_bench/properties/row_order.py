"""Puts the rows of the input first in an answer that has them all elsewhere.

What most properties look at are the rows after those of the input. In which order a sampler returns them is
its own choice, of which `originals_come_first` speaks; all others see the rows in the usual one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from smote_bench.properties.violations import Violation

__all__ = ["demand_in_any_order", "input_rows_first"]


def input_rows_first(X: Any, y: Any, answer: tuple[Any, Any]) -> tuple[Any, Any]:
    """Return an answer with the rows of the input first, in their order, and then the others in theirs.

    Parameters
    ----------
    X, y : array-like, DataFrame or sparse matrix of shape (n_samples, n_features), and (n_samples,)
        The input.
    answer : pair
        What came back for it.

    Returns
    -------
    pair
        The answer itself where it is so already, where a row of the input is not in it with its label, or
        where one of the two cannot be read.
    """
    try:
        order = _order(_values(X), np.asarray(y), _values(answer[0]), np.asarray(answer[1]))
    except Exception:  # whatever came back: what is wrong with it is for the properties to say
        return answer
    if order is None:
        return answer
    return _taken(answer[0], order), _taken(answer[1], order)


def demand_in_any_order(
    demand: Callable[[tuple[Any, Any]], None], X: Any, y: Any, answer: tuple[Any, Any]
) -> None:
    """Raise what is demanded of an answer, as a matter of convention where it holds in another order.

    No paper asks for an order: all rows are there.

    Parameters
    ----------
    demand : callable
        Raises a `Violation` unless the rows of the input come first.
    X, y : array-like or DataFrame of shape (n_samples, n_features), and (n_samples,)
        The input.
    answer : pair
        What came back for it.

    Raises
    ------
    Violation
    """
    try:
        demand(answer)
    except Violation as violation:
        demand(input_rows_first(X, y, answer))
        words = f"{violation.message}; all rows of the input are there, in other places"
        raise Violation(
            words, convention="smote-bench", proof=violation.proof, point=violation.point
        ) from None


def _values(X: Any) -> np.ndarray:
    if sparse.issparse(X):
        return np.asarray(X.toarray())
    if isinstance(X, pd.DataFrame) and len(set(X.dtypes)) > 1:
        return X.to_numpy(dtype=object)
    return np.asarray(X)


def _order(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, y_new: np.ndarray) -> np.ndarray | None:
    """Return the places of the input's rows in an answer, then those of the others; None for as they are."""
    n = len(X)
    if X.ndim != 2 or X_new.ndim != 2 or X_new.shape[1] != X.shape[1] or not n <= len(X_new) == len(y_new):
        return None
    if _is_equal(X, X_new[:n]) and bool((y == y_new[:n]).all()):
        return None
    places: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place, (row, label) in enumerate(zip(X_new.tolist(), y_new.tolist(), strict=True)):
        places[_key(row, label)].append(place)
    first = []
    for found in places.values():
        found.reverse()
    for row, label in zip(X.tolist(), y.tolist(), strict=True):
        found = places.get(_key(row, label), [])
        if not found:
            return None
        first.append(found.pop())
    rest = np.ones(len(X_new), dtype=bool)
    rest[first] = False
    return np.concatenate([np.array(first, dtype=np.intp), np.flatnonzero(rest)])


def _is_equal(X: np.ndarray, came: np.ndarray) -> bool:
    """Whether two tables have the same values, those that are missing included."""
    same = came == X
    if same.all():
        return True
    missing = (X != X) & (came != came)  # of objects too
    return bool((same | missing).all())


def _key(row: list[Any], label: Any) -> tuple[Any, ...]:
    return (*("missing" if value != value else value for value in row), label)


def _taken(table: Any, order: np.ndarray) -> Any:
    if isinstance(table, pd.DataFrame | pd.Series):
        moved = table.iloc[order]
        # An index that only counts the rows counts them anew.
        return moved.reset_index(drop=True) if table.index.equals(pd.RangeIndex(len(table))) else moved
    if sparse.issparse(table):
        return type(table)(table.tocsr()[order])
    if isinstance(table, list):
        return [table[place] for place in order]
    return table[order]
