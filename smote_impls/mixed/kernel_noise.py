"""A normal kernel around numbers: Silverman's bandwidths, and numbers moved by noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from smote_impls.mixed.deviations import deviations

__all__ = ["bandwidths", "smoothed"]


def bandwidths(numbers: np.ndarray, label: Any) -> np.ndarray:
    """Return ``(4 / ((d + 2) n)) ** (1 / (d + 4))`` times each column's deviation.

    Parameters
    ----------
    numbers : ndarray of shape (n, d), float64
        The rows of one class.
    label : object
        The class, for messages.

    Raises
    ------
    ValueError
        If there is one row: its deviation is not known.

    Examples
    --------
    >>> import numpy as np
    >>> bandwidths(np.array([[0.0], [2.0], [4.0]]), label=1).round(4).tolist()
    [1.7006]
    """
    n, d = numbers.shape
    if n < 2:
        raise ValueError(
            f"Expected at least 2 rows of class {label!r} with a shrinkage, got {n}: how far they are "
            "spread is not known. Use shrinkage=None, or leave this class as it is (sampling_strategy)."
        )
    factor = (4 / ((d + 2) * n)) ** (1 / (d + 4))
    wide: np.ndarray = factor * deviations(numbers, ddof=1)
    return wide


def smoothed(values: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return `values` and `noise` together, in the type of `values`: integers rounded, all within its range.

    Examples
    --------
    >>> import numpy as np
    >>> smoothed(np.array([1, 255], dtype="uint8"), np.array([0.7, 3.0])).tolist()
    [2, 255]
    """
    if values.dtype.kind == "f":
        limit = float(np.finfo(values.dtype).max)
        with np.errstate(over="ignore"):
            sums: np.ndarray = np.clip(values.astype(np.float64) + noise, -limit, limit).astype(values.dtype)
        return sums
    low, high = int(np.iinfo(values.dtype).min), int(np.iinfo(values.dtype).max)
    rough = values.astype(np.float64) + np.rint(noise)
    inside = (rough > float(low)) & (rough < float(high))
    # The sum is formed in int64, whose wrapping round is right for uint64 too: large integers keep their
    # digits.
    shift = np.where(inside & (np.abs(noise) < 2.0**62), np.rint(noise), 0.0).astype(np.int64)
    moved = (values.astype(np.int64) + shift).astype(values.dtype)
    return np.where(inside, moved, np.where(rough > 0, values.dtype.type(high), values.dtype.type(low)))
