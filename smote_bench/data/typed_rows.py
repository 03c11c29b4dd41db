"""Prepared rows as a frame whose categories are categories, and back: what samplers of mixed columns see.

The recipe (`smote_bench.data.preprocessing.Recipe`) ends with numbers: categories as groups of one-hot
features, ordered ones as codes, truth values as 1 and 0, all scaled. Rows that a sampler made may lie between
categories there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["NO_LEVEL", "UNSEEN", "CategoryColumn", "TypedColumns", "TypedRows", "unique_levels"]

NO_LEVEL = "(missing)"
"""The one level of a column that had no cell where the recipe was fitted."""

UNSEEN = "(unseen)"
"""The level, for classifiers alone, of test rows whose category the training rows do not have."""

_ROUNDING = 1e-6
"""How far from 0 and 1 a one-hot feature may lie, and a code from a whole number: single precision."""


@dataclass(frozen=True, eq=False)
class CategoryColumn:
    """One categorical feature.

    Parameters
    ----------
    name : str
    place : int
        Among the features of the table.
    levels : tuple of str
        Those seen where the recipe was fitted, or of an ordered feature all of them in their order.
    slot : slice
        Of its encoded features: one for each level, or a single code, or a single 1 or 0.
    is_ordered : bool
        Whether it is coded by the place of its level.
    constant : float
        Of an ordered feature that has one level where the recipe was fitted: its code.
    is_boolean : bool
        Whether it is of truth values: one encoded feature, 1 for ``True``.
    """

    name: str
    place: int
    levels: tuple[str, ...]
    slot: slice
    is_ordered: bool
    constant: float = 0.0
    is_boolean: bool = False

    @property
    def is_nominal(self) -> bool:
        """Whether it has two levels or more, between which a row can lie that is of none of them."""
        return not self.is_ordered and len(self.levels) > 1


@dataclass(frozen=True, eq=False)
class TypedColumns:
    """The columns of a prepared table that has categories.

    Parameters
    ----------
    names : tuple of str
        Features of the table, in order.
    numeric : tuple of (int, int)
        Place in the table and place among the encoded features of each numeric feature.
    categories : tuple of CategoryColumn
    n_encoded : int
        Encoded features.
    scale : callable
        Scales encoded rows, ndarray of shape (n_rows, n_encoded), each cell by itself.
    """

    names: tuple[str, ...]
    numeric: tuple[tuple[int, int], ...]
    categories: tuple[CategoryColumn, ...]
    n_encoded: int
    scale: Callable[[np.ndarray], np.ndarray]

    @cached_property
    def _zero_and_one(self) -> tuple[np.ndarray, np.ndarray]:
        """The scaled values of 0 and of 1 in each encoded feature."""
        import numpy as np

        zero, one = self.scale(np.vstack([np.zeros(self.n_encoded), np.ones(self.n_encoded)]))
        return zero, one

    @cached_property
    def _numeric_slots(self) -> list[int]:
        return [slot for _, slot in self.numeric]

    def frame(
        self, X: np.ndarray, numbers: np.ndarray | None = None, *, for_classifier: bool = False
    ) -> pd.DataFrame:
        """Return encoded rows as a frame.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_encoded), float64
            Each group of one-hot features holds one level or, in test rows, none.
        numbers : ndarray of shape (n_rows, n_numeric), float64, optional
            What the numeric columns are to hold; the default is what they are in `X`: scaled.
        for_classifier : bool
            Whether the dtypes have the level `UNSEEN`, which samplers must not make.

        Returns
        -------
        DataFrame of shape (n_rows, n_features)
            Numeric columns float64, the others ``category``, of ordered features ordered.
        """
        import pandas as pd

        columns: dict[int, Any] = {}
        values = X[:, self._numeric_slots] if numbers is None else numbers
        for at, (place, _) in enumerate(self.numeric):
            columns[place] = values[:, at]
        for column in self.categories:
            levels = unique_levels([*(column.levels or (NO_LEVEL,)), *([UNSEEN] if for_classifier else [])])
            codes = self._codes(X, column)
            codes[codes < 0] = len(levels) - 1 if for_classifier else 0
            dtype = pd.CategoricalDtype(list(levels), ordered=column.is_ordered)
            columns[column.place] = pd.Categorical.from_codes(codes, dtype=dtype)
        frame = pd.DataFrame({place: columns[place] for place in range(len(self.names))})
        frame.columns = pd.Index(self.names)  # which may repeat
        return frame

    def encoded(self, frame: pd.DataFrame, *, is_scaled: bool) -> np.ndarray:
        """Return a typed frame as encoded rows: the inverse of `frame`.

        Parameters
        ----------
        frame : DataFrame of shape (n_rows, n_features)
        is_scaled : bool
            Whether its numbers are scaled already.

        Returns
        -------
        ndarray of shape (n_rows, n_encoded), float64

        Raises
        ------
        ValueError
            If a level is not one of the column's, or a cell is missing or no number.
        """
        import numpy as np

        numbers = self.numbers_of(frame)
        values = np.zeros((len(frame), self.n_encoded))
        values[:, self._numeric_slots] = numbers
        for column in self.categories:
            codes = self._codes_of(frame.iloc[:, column.place], column)
            if column.is_ordered:
                values[:, column.slot.start] = codes
            elif column.is_boolean:
                values[:, column.slot.start] = np.array(column.levels)[codes] == str(True)
            elif column.levels:
                values[np.arange(len(frame)), column.slot.start + codes] = 1.0
        scaled = self.scale(values)
        if is_scaled:
            scaled[:, self._numeric_slots] = numbers
        return scaled

    def fractional(self, X: np.ndarray, *, with_ordered: bool = False) -> dict[str, np.ndarray]:
        """Tell which encoded rows are between the levels of a nominal column.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_encoded), float64
        with_ordered : bool
            Whether codes between the levels of ordered columns count, too.

        Returns
        -------
        dict of str to ndarray of shape (n_rows,), bool
            By the column's name: whether the row has not exactly one of its levels, as 0.37 of one and 0.63
            of another. Columns of less than two levels are left out.
        """
        found = {}
        for column in self.categories:
            if column.is_ordered and with_ordered:
                codes = self._unscaled(X, column)[:, 0]
                found[column.name] = abs(codes - codes.round()) > _ROUNDING
            elif column.is_nominal:
                found[column.name] = ~self._is_level(self._weights(X, column))
        return found

    def level_weights(self, X: np.ndarray) -> list[np.ndarray]:
        """Return how far each encoded row is of each level, of each nominal column with two levels or more.

        Returns
        -------
        list of ndarray of shape (n_rows, n_levels), float64
            1 for the row's level and 0 for the others; of rows between levels, what their features say.
        """
        return [self._weights(X, column) for column in self.categories if column.is_nominal]

    def is_unseen(self, X: np.ndarray, name: str) -> np.ndarray:
        """Tell of which encoded rows the category of a nominal column was not seen in fitting; bool."""
        import numpy as np

        column = next(column for column in self.categories if column.name == name)
        if column.is_ordered or column.is_boolean:
            return np.zeros(len(X), dtype=bool)
        unseen: np.ndarray = (np.abs(self._unscaled(X, column)) <= _ROUNDING).all(axis=1)
        return unseen

    def rounded(self, X: np.ndarray) -> np.ndarray:
        """Return encoded rows with each nominal column at its nearest level, ordered ones at a whole code.

        The greatest of the one-hot features decides, the first one among equals; what is a level is left
        to the bit.
        """
        import numpy as np

        zero, one = self._zero_and_one
        rounded = X.copy()
        for column in self.categories:
            at = column.slot
            if column.is_ordered:
                values = self._unscaled(X, column)
                codes = np.clip(np.rint(values[:, 0]), 0, len(column.levels) - 1)
                between = np.abs(values[:, 0] - codes) > _ROUNDING
                whole = np.zeros((int(between.sum()), self.n_encoded))
                whole[:, at.start] = codes[between]
                rounded[between, at.start] = self.scale(whole)[:, at.start]
            elif column.is_nominal:
                weights = self._weights(X, column)
                between = np.flatnonzero(~self._is_level(weights))
                best = weights[between].argmax(axis=1)
                rounded[between, at] = zero[at]
                # Of truth values the first level is the 0 of their one feature.
                is_one = best > 0 if column.is_boolean else np.ones(len(best), dtype=bool)
                feature = at.start + (0 if column.is_boolean else best[is_one])
                rounded[between[is_one], feature] = one[feature]
        return rounded

    def _weights(self, X: np.ndarray, column: CategoryColumn) -> np.ndarray:
        """Return how far each encoded row is of each level of a nominal column."""
        import numpy as np

        values = self._unscaled(X, column)
        return np.hstack([1.0 - values, values]) if column.is_boolean else values

    def _unscaled(self, X: np.ndarray, column: CategoryColumn) -> np.ndarray:
        """Return the encoded features of a column as they were before scaling."""
        import numpy as np

        zero, one = (each[column.slot] for each in self._zero_and_one)
        width = one - zero
        is_constant = width == 0
        values: np.ndarray = (X[:, column.slot] - zero) / np.where(is_constant, 1.0, width)
        if column.is_ordered:
            values[:, is_constant] = column.constant
        return values

    def _is_level(self, values: np.ndarray) -> np.ndarray:
        import numpy as np

        is_one = np.abs(values - 1.0) <= _ROUNDING
        is_zero = np.abs(values) <= _ROUNDING
        result: np.ndarray = (is_one.sum(axis=1) == 1) & (is_one | is_zero).all(axis=1)
        return result

    def _codes(self, X: np.ndarray, column: CategoryColumn) -> np.ndarray:
        """Return each row's place among the levels, -1 where it has none of them."""
        import numpy as np

        if column.is_ordered:
            whole: np.ndarray = np.rint(self._unscaled(X, column)[:, 0]).astype(np.intp)
            return whole
        if not column.is_nominal:
            return np.zeros(len(X), dtype=np.intp)
        values = self._weights(X, column)
        codes: np.ndarray = np.where(values.max(axis=1) > _ROUNDING, values.argmax(axis=1), -1)
        return codes

    def numbers_of(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the numeric features of a frame; raise `ValueError` where a cell is missing or no number."""
        import numpy as np

        numbers = np.empty((len(frame), len(self.numeric)))
        for at, (place, _) in enumerate(self.numeric):
            try:
                numbers[:, at] = frame.iloc[:, place].to_numpy(dtype=np.float64, na_value=np.nan)
            except (TypeError, ValueError) as error:
                raise ValueError(f"numbers in the column {self.names[place]!r} ({error})") from error
            if not np.isfinite(numbers[:, at]).all():
                raise ValueError(f"finite numbers in the column {self.names[place]!r}")
        return numbers

    def _codes_of(self, cells: pd.Series, column: CategoryColumn) -> np.ndarray:
        """Return each cell's place among the levels of a column."""
        import numpy as np
        import pandas as pd

        if not isinstance(cells.dtype, pd.CategoricalDtype):
            cells = cells.astype("category")
        places = {level: at for at, level in enumerate(column.levels or (NO_LEVEL,))}
        own = [places.get(str(level), -1) for level in cells.cat.categories]
        codes = np.array([*own, -1], dtype=np.intp)[cells.cat.codes.to_numpy(dtype=np.intp)]
        if (codes < 0).any():
            which = cells.iloc[int((codes < 0).argmax())]
            raise ValueError(f"levels of the column {column.name!r} that the rows had, and {which!r} is none")
        return codes


def unique_levels(levels: Sequence[str]) -> tuple[str, ...]:
    """Return levels with a number behind those that are there before.

    >>> unique_levels(["(rare)", "a", "(rare)"])
    ('(rare)', 'a', '(rare) 2')
    """
    found: dict[str, None] = {}
    for level in levels:
        name, n = level, 1
        while name in found:
            n += 1
            name = f"{level} {n}"
        found[name] = None
    return tuple(found)


@dataclass(frozen=True, eq=False)
class TypedRows:
    """What encoded rows do not hold of typed ones.

    Parameters
    ----------
    columns : TypedColumns
    numbers : ndarray of shape (n_rows, n_numeric), float64, or None
        The numeric features, without missing cells, as they were before scaling; None where that is not known
        any more.
    """

    columns: TypedColumns
    numbers: np.ndarray | None

    def take(self, rows: np.ndarray) -> TypedRows:
        """Return those of some rows."""
        return TypedRows(self.columns, None if self.numbers is None else self.numbers[rows])
