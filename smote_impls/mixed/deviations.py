"""Standard deviations by column, of numbers whose squares no float holds too."""

from __future__ import annotations

import numpy as np

__all__ = ["deviations"]


def deviations(numbers: np.ndarray, *, ddof: int) -> np.ndarray:
    """Return the standard deviation of each column.

    Parameters
    ----------
    numbers : ndarray of shape (n_rows, n_columns), float64
    ddof : int
        Squares are divided by ``n_rows - ddof``.

    Examples
    --------
    >>> import numpy as np
    >>> deviations(np.array([[0.0, 0.0], [2.0, 2e300]]), ddof=0).tolist()
    [1.0, 1e+300]
    """
    # Each column is brought near 1 by a power of two, which rounds nothing.
    exponent = np.frexp(np.abs(numbers).max(axis=0, initial=0.0))[1]
    spread: np.ndarray = np.ldexp(np.ldexp(numbers, -exponent).std(axis=0, ddof=ddof), exponent)
    return spread
