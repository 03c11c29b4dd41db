"""Cases whose rows are a typed frame of numbers and categories: built, shown as code, and read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.violations import Violation

__all__ = ["MixedCase", "Rows", "frame_code", "is_number", "mixed_case", "read_rows"]

_MAX_CELLS = 1500


@dataclass(frozen=True)
class MixedCase(Case):
    """A case whose sampler is called with `frame`; `X` has its numbers and, for levels, their positions.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, n_columns)
    """

    frame: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False, repr=False)

    def data_code(self) -> str:
        """Return the lines that build `X`, a frame, and `y`."""
        if self.recipe:
            return self.recipe
        if self.frame.size > _MAX_CELLS:
            return f"# X: {len(self.frame)} x {self.frame.shape[1]} values, too many to print"
        return f"import pandas as pd\n\nX = {frame_code(self.frame)}\ny = np.array({self.y.tolist()})"


@dataclass(frozen=True)
class Rows:
    """Rows of a frame, read.

    Parameters
    ----------
    numbers : ndarray of shape (n, n_numbers), float64
    levels : ndarray of shape (n, n_categories), int64
        Positions in the levels of the case's frame; -1 for a level that it does not have.
    labels : ndarray of shape (n,)
    """

    numbers: np.ndarray
    levels: np.ndarray
    labels: np.ndarray

    def of(self, rows: np.ndarray) -> Rows:
        """Return some of the rows."""
        return Rows(self.numbers[rows], self.levels[rows], self.labels[rows])


def is_number(column: pd.Series) -> bool:
    """Return whether a column holds numbers, and neither booleans nor categories."""
    is_numeric = pd.api.types.is_numeric_dtype(column.dtype)
    return bool(is_numeric and not pd.api.types.is_bool_dtype(column.dtype))


def mixed_case(
    frame: pd.DataFrame,
    y: np.ndarray,
    seed: int = 0,
    params: Mapping[str, Any] | None = None,
    *,
    recipe: str = "",
    layout: Mapping[str, Any] | None = None,
) -> MixedCase:
    """Return a case with a frame for its rows."""
    X = np.empty(frame.shape)
    for position, (_, column) in enumerate(frame.items()):
        X[:, position] = column if is_number(column) else _codes(_values(column), _known(column))
    return MixedCase(X, y, seed, dict(params or {}), recipe, dict(layout or {}), frame=frame)


def _values(column: Any) -> list[Any]:
    """Return a column's values as Python's own."""
    return list(np.asarray(column, dtype=object).tolist())


def _known(column: pd.Series) -> dict[Any, int]:
    """Return the levels that occur in a column, with their positions."""
    levels = dict.fromkeys(_values(column))
    return {level: position for position, level in enumerate(levels)}


def _codes(values: list[Any], known: Mapping[Any, int]) -> np.ndarray:
    return np.array([_code(value, known) for value in values], dtype=np.int64)


def _code(value: Any, known: Mapping[Any, int]) -> int:
    try:
        return known.get(value, -1)
    except TypeError:  # no level can be a list
        return -1


def read_rows(case: MixedCase, X: Any, y: Any) -> Rows:
    """Read rows that came back, with the levels of the case's frame.

    Raises
    ------
    Violation
        If they have another number of columns, or words where there were numbers.
    """
    frame, labels = case.frame, np.asarray(y)
    if isinstance(X, pd.DataFrame) and set(X.columns) == set(frame.columns):
        columns = [X[name] for name in frame.columns]
    else:
        values = np.asarray(X, dtype=object)
        if values.ndim != 2 or values.shape[1] != frame.shape[1]:
            raise Violation(f"expected X of shape (n, {frame.shape[1]}), got {values.shape}")
        columns = [pd.Series(column) for column in values.T]
    if labels.shape != (len(columns[0]),):
        raise Violation(f"expected as many labels as rows, got {len(columns[0])} rows and {labels.shape}")
    numbers, levels = [], []
    for name, came in zip(frame.columns, columns, strict=True):
        if is_number(frame[name]):
            numbers.append(_numbers(name, came))
        else:
            levels.append(_codes(_values(came), _known(frame[name])))
    n = len(labels)
    return Rows(
        np.column_stack(numbers) if numbers else np.empty((n, 0)),
        np.column_stack(levels) if levels else np.empty((n, 0), dtype=np.int64),
        labels,
    )


def _numbers(name: str, column: Any) -> np.ndarray:
    try:
        return np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Violation(f"expected numbers in column {name!r}, got {_values(column)[-1]!r}") from error


def frame_code(frame: pd.DataFrame) -> str:
    """Return an expression that builds a frame of numbers, categories, texts and booleans."""
    columns = "".join(f"    {name!r}: {_column_code(column)},\n" for name, column in frame.items())
    return f"pd.DataFrame({{\n{columns}}})"


def _column_code(column: pd.Series) -> str:
    values = _values(column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        ordered = ", ordered=True" if column.dtype.ordered else ""
        return f"pd.Categorical({values!r}, categories={_values(column.dtype.categories)!r}{ordered})"
    if column.dtype == object:
        return f"pd.Series({values!r}, dtype=object)"
    return f"pd.Series({values!r}, dtype={str(column.dtype)!r})"
