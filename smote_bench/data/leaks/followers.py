"""Columns that follow from others, as a shop's name does from its number: they tell no rows apart.

Rows of one shop agree in all that is known of the shop, and the columns beside the first of these are no
evidence that such rows are copies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from smote_bench.data.leaks.given_groups import is_coarser

__all__ = ["without_followers"]

Codes = NDArray[np.int32]

_LOOKED_AT = 2_000
_FEWEST_ROWS_A_VALUE = 3
"""On average, for a column that follows from another to do so for each value, and not for pairs of copies."""

_ROWS_A_COLUMN = 3
"""So many rows are looked at for each column at least: fewer make any column a sum of the others."""

_MOST_COLUMNS = 200
"""Of more, each is taken for itself: every pair of columns is compared."""

_ROUNDING = 1e-8


def without_followers(columns: Sequence[Codes]) -> list[int]:
    """Return the places of the columns that do not follow from those before them.

    A column follows from another where each value of the other, of three rows on average at least, has one
    value of it, as a city follows from its postcode; and from several where it is a sum of multiples of
    theirs, as one of the indicators of a category, a percentage of 100, or degrees in another unit are.
    Columns of a file whose rows are there twice do not follow from each other in either way.

    Parameters
    ----------
    columns : sequence of ndarray of shape (n_samples,), int32
        Numbers from 0 on in the order of the values, -1 where one is missing.

    Examples
    --------
    >>> shop = np.arange(60, dtype=np.int32) % 12
    >>> without_followers([shop, 11 - shop, shop % 5, np.arange(60, dtype=np.int32)])
    [0, 3]
    """
    if not 1 < len(columns) <= _MOST_COLUMNS:
        return list(range(len(columns)))
    rows = _some_rows(len(columns[0]))
    sample = [column[rows] for column in columns]
    left = _not_sums(sample)
    kept: list[int] = []
    # the column of most values first: what follows from it has fewer
    for n in sorted(left, key=lambda n: -int(columns[n].max())):
        givers = (m for m in kept if _is_coarse(columns[m]) and is_coarser(sample[n], sample[m] + 1))
        if not any(is_coarser(columns[n], columns[m] + 1) for m in givers):
            kept.append(n)
    return sorted(kept)


def _some_rows(n_rows: int) -> NDArray[np.intp]:
    """Return the places of rows drawn at random: every tenth row of a file in an order may all be alike."""
    if n_rows <= _LOOKED_AT:
        return np.arange(n_rows)
    return np.random.default_rng(0).choice(n_rows, _LOOKED_AT, replace=False).astype(np.intp)


def _not_sums(sample: Sequence[Codes]) -> list[int]:
    """Return the places of columns that are no sum of multiples of earlier ones (Gram and Schmidt)."""
    n_rows = len(sample[0])
    if n_rows < _ROWS_A_COLUMN * len(sample):
        return list(range(len(sample)))
    basis = np.empty((len(sample) + 1, n_rows))
    basis[0] = 1 / np.sqrt(n_rows)
    found: list[int] = []
    for n, codes in enumerate(sample):
        own = codes - codes.mean()
        length = np.linalg.norm(own)
        for _ in range(2):  # once more: the first time leaves rounding
            known = basis[: len(found) + 1]
            own = own - known.T @ (known @ own)
        if np.linalg.norm(own) > _ROUNDING * length:
            found.append(n)
            basis[len(found)] = own / np.linalg.norm(own)
    return found


def _is_coarse(codes: Codes) -> bool:
    return (int(codes.max()) + 1) * _FEWEST_ROWS_A_VALUE <= len(codes)
