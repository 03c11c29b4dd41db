"""Rows that have groups may belong together in larger ones, as the halves of what is one patient's.

What is looked for then is looked for among groups, of which one row each is taken.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["is_coarser", "row_of_each", "that_join_rows"]

Ints = NDArray[np.integer]


def that_join_rows(groups: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
    """Return the groups of rows, numbered from 0 on; None where each has one row, as if there were none.

    Parameters
    ----------
    groups : ndarray of shape (n_samples,), int64, optional

    Examples
    --------
    >>> that_join_rows(np.array([7, 3, 9])), that_join_rows(np.array([7, 3, 7])).tolist()
    (None, [1, 0, 1])
    """
    if groups is None:
        return None
    distinct, numbered = np.unique(groups, return_inverse=True)
    return None if len(distinct) == len(groups) else numbered.astype(np.int64)


def row_of_each(groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which rows are the first of their groups.

    Parameters
    ----------
    groups : ndarray of shape (n_samples,), int64
    """
    is_first = np.zeros(len(groups), dtype=bool)
    is_first[np.unique(groups, return_index=True)[1]] = True
    return is_first


def is_coarser(codes: Ints, groups: Ints) -> bool:
    """Tell whether all rows of a group have one value, so that the rows of a value are of whole groups.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), int
        The same where the value is the same.
    groups : ndarray of shape (n_samples,), int
        Numbers from 0 on.
    """
    of_group = np.empty(int(groups.max(initial=-1)) + 1, dtype=codes.dtype)
    of_group[groups] = codes
    return bool((of_group[groups] == codes).all())
