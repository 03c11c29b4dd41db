"""The distance of SMOTE-NC: numbers as Euclid has them, and one price for each level that differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from smote_impls.mixed.deviations import deviations
from smote_impls.nearest.exact_order import Distinct, distinct_rows, squared_distances

__all__ = ["MixedRows", "median_deviation"]

_BLOCK_ROWS = 1 << 14


def median_deviation(numbers: np.ndarray) -> float:
    """Return the median of the columns' standard deviations: what a level that differs is worth.

    Parameters
    ----------
    numbers : ndarray of shape (n_rows, n_numeric), float64
        The numeric columns of the rows of one class.

    Notes
    -----
    Deviations are divided by n, as in imbalanced-learn; Chawla et al. leave it open.

    Examples
    --------
    >>> import numpy as np
    >>> median_deviation(np.array([[0.0, 0.0, 5.0], [2.0, 6.0, 5.0]]))
    1.0
    """
    return float(np.median(deviations(numbers, ddof=0)))


@dataclass(frozen=True, eq=False)
class MixedRows:
    """Rows of numbers and codes, and the price of a level that differs.

    The squared distance of two rows is the sum of the squared differences of their numbers, and the square of
    the price for each categorical column in which they differ.

    Parameters
    ----------
    numbers : ndarray of shape (n_rows, n_numeric), float64, C-contiguous
    codes : ndarray of shape (n_rows, n_categorical), integers
    price : float
        0 or more.
    """

    numbers: np.ndarray
    codes: np.ndarray
    price: float

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: np.ndarray) -> MixedRows:
        """Return some of the rows."""
        return MixedRows(self.numbers[rows], self.codes[rows], self.price)

    def scaled(self) -> MixedRows:
        """Return the rows with numbers and price times a power of two, so that squares stay within range."""
        high, low = (of(self.numbers, axis=0, initial=0.0) for of in (np.max, np.min))
        largest = max(float(np.max(high / 2 - low / 2, initial=0.0)), self.price)
        if largest == 0.0 or 1e-100 <= largest <= 1e100:
            return self
        exponent = -int(np.frexp(largest)[1]) - 1
        return MixedRows(np.ldexp(self.numbers, exponent), self.codes, float(np.ldexp(self.price, exponent)))

    def squared_distances(self, others: MixedRows, rows: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Return the squared distances between own `rows` and the rows `of` others, float64.

        How many levels differ is counted first and multiplied once: which columns they are in does not show
        in the last digit, so that rows that are equally far are so to the bit.
        """
        d2 = squared_distances(self.numbers, others.numbers, rows, of)
        for block in _blocks(len(rows)):
            differ = (self.codes[rows[block]] != others.codes[of[block]]).sum(axis=1)
            d2[block] += differ * self.price**2
        return d2

    def distinct(self) -> Distinct:
        """Find the rows that are equal to each other."""
        return distinct_rows(np.column_stack([self.numbers, self.codes.astype(np.float64)]))


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK_ROWS) for start in range(0, n, _BLOCK_ROWS))
