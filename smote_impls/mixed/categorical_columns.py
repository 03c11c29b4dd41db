"""What ``categorical_features`` means: "auto", a mask, names or indices."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
from sklearn.utils._param_validation import StrOptions

from smote_impls.tables.kinds import TableKind

__all__ = ["AUTO", "BY_TYPE", "CATEGORICAL_CONSTRAINT", "EVERY_COLUMN", "chosen_columns"]

AUTO = "auto"
EVERY_COLUMN = "every column"
BY_TYPE = "by type"

# What scikit-learn's parameter validation allows for `categorical_features`.
CATEGORICAL_CONSTRAINT: list[Any] = ["array-like", StrOptions({AUTO})]


def chosen_columns(chosen: Any, names: Sequence[Any], nominal: Sequence[bool], kind: TableKind) -> np.ndarray:
    """Return the positions of the categorical columns, ascending.

    Parameters
    ----------
    chosen : "auto", "by type", "every column", mask of bool, names or indices
        By type is as "auto", and of arrays the columns of anything but numbers.
    names : sequence
        The names of all columns, their numbers in an array.
    nominal : sequence of bool
        Whether each column's type says that it holds categories.
    kind : TableKind
        What the table is.

    Raises
    ------
    ValueError
        If "auto" is asked of an array, or a name or index is of no column or occurs twice.
    """
    if isinstance(chosen, str) and chosen == EVERY_COLUMN:
        return np.arange(len(names))
    if isinstance(chosen, str):
        if kind.is_array and chosen == AUTO:
            raise ValueError(
                f"Expected the categorical columns to be named for {kind.label}, whose columns have no "
                "types, got "
                'categorical_features="auto". Give their indices or a mask, such as '
                "categorical_features=[0, 3], "
                "or pass a data frame."
            )
        return np.flatnonzero(np.asarray(nominal, dtype=bool))
    values = list(chosen)
    if values and all(isinstance(value, (bool, np.bool_)) for value in values):
        if len(values) != len(names):
            raise ValueError(
                f"Expected a mask of {len(names)} values in categorical_features, one for each column of X, "
                f"got {len(values)}. Give one for each, or the indices."
            )
        return np.flatnonzero(np.asarray(values, dtype=bool))
    positions = [_position(value, names, kind) for value in values]
    repeated = sorted({str(names[position]) for position in positions if positions.count(position) > 1})
    if repeated:
        raise ValueError(
            f"Expected each column once in categorical_features, got {', '.join(repeated)} twice. Name it "
            "once."
        )
    return np.array(sorted(positions), dtype=np.intp)


def _position(value: Any, names: Sequence[Any], kind: TableKind) -> int:
    if isinstance(value, str):
        if kind.is_array:
            raise ValueError(
                f"Expected indices or a mask in categorical_features for {kind.label}, which has no column "
                f"names, got {value!r}. Give the column's number."
            )
        if value not in names:
            close = get_close_matches(value, [str(name) for name in names], n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ValueError(
                f"Expected the names in categorical_features to be columns of X, got {value!r}; X has "
                f"{list(names)[:20]}.{hint}"
            )
        return list(names).index(value)
    if isinstance(value, (int, np.integer)) and -len(names) <= value < len(names):
        return int(value) % len(names)
    raise ValueError(
        f"Expected indices from 0 to {len(names) - 1}, names or a mask of bool in categorical_features, got "
        f"{value!r} (type={type(value).__name__}). Count columns from 0."
    )
