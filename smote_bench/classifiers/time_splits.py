"""Splits in the order of time: every part is later than those before it, and has both classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["forward_chain", "latest_rows", "most_blocks"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class _Timeline:
    """Rows in the order of their times.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), 0/1
    times : ndarray of shape (n_samples,), float64

    Attributes
    ----------
    order : ndarray of int
        Row numbers, the earliest first; of one time in the order of the table.
    places : ndarray of int
        Where the rows may be cut: how many are before it. Rows of one time are never parted.
    """

    def __init__(self, y: Ints, times: Floats) -> None:
        self.order = np.argsort(times, kind="stable")
        self.places: Ints = np.flatnonzero(np.diff(times[self.order]) > 0) + 1
        self._ones = np.concatenate([[0], np.cumsum(y[self.order])])

    def least_of_class(self, starts: Ints | int, ends: Ints | int) -> Ints:
        """Return how many rows of the class with fewer there are from a place to another."""
        n_ones = self._ones[ends] - self._ones[starts]
        fewest: Ints = np.minimum(n_ones, ends - starts - n_ones)
        return fewest

    def earliest_ends(self, limit: int) -> list[int]:
        """Return where the shortest blocks with both classes end, from the first row on, `limit` at most."""
        possible = np.append(self.places, len(self.order))
        ends: list[int] = []
        start = 0
        while len(ends) < limit:
            after = possible[possible > start]
            after = after[self.least_of_class(start, after) > 0]
            if not after.size:
                break
            start = int(after[0])
            ends.append(start)
        return ends

    def latest_starts(self, limit: int) -> list[int]:
        """Return where the shortest blocks with both classes begin, from the last row back."""
        starts: list[int] = []
        end = len(self.order)
        while len(starts) < limit:
            before = self.places[self.places < end]
            before = before[self.least_of_class(before, end) > 0]
            if not before.size:
                break
            end = int(before[-1])
            starts.append(end)
        return starts

    def blocks(self, wanted: Sequence[float]) -> NDArray[np.intp] | None:
        """Cut the rows into blocks of both classes, each cut as near as can be to a wanted place."""
        latest = self.latest_starts(len(wanted))[::-1]
        start, cuts = 0, []
        for place, last in zip(wanted, latest, strict=False):
            possible = self.places[(self.places > start) & (self.places <= last)]
            possible = possible[self.least_of_class(start, possible) > 0]
            if not possible.size:
                return None
            start = int(possible[np.abs(possible - place).argmin()])
            cuts.append(start)
        if len(cuts) < len(wanted):
            return None
        block = np.empty(len(self.order), dtype=np.intp)
        block[self.order] = np.searchsorted(cuts, np.arange(len(self.order)), side="right")
        return block


def most_blocks(y: Ints, times: Floats, limit: int) -> int:
    """Return into how many blocks of both classes rows can be cut in the order of time, `limit` at most."""
    return len(_Timeline(y, times).earliest_ends(limit))


def latest_rows(y: Ints, times: Floats, n_test: int, *, n_blocks: int) -> NDArray[np.bool_] | None:
    """Tell which rows are the latest: `n_test` of them, or as near to that as can be.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), 0/1
    times : ndarray of shape (n_samples,), float64
    n_test : int
    n_blocks : int
        Into how many blocks of both classes the other rows have to be cut afterwards; 1 or more.

    Returns
    -------
    ndarray of shape (n_samples,), bool, or None
        Both classes are on both sides, with two rows of each on the earlier one, and rows of one time on one
        side. None where that cannot be.
    """
    line = _Timeline(y, times)
    ends = line.earliest_ends(n_blocks)
    places = line.places
    if len(ends) == n_blocks:
        places = places[places >= ends[-1]]
        places = places[(line.least_of_class(0, places) >= 2) & (line.least_of_class(places, len(y)) > 0)]
    if len(ends) < n_blocks or not places.size:
        return None
    cut = places[np.abs(places - (len(y) - n_test)).argmin()]
    is_late = np.empty(len(y), dtype=bool)
    is_late[line.order] = np.arange(len(y)) >= cut
    return is_late


def forward_chain(
    y: Ints, times: Floats, n_folds: int
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]] | None:
    """Return folds that are trained on all earlier rows: the rows are cut into one block more than folds.

    Without equal times, and where each block has both classes, they are those of scikit-learn's
    `TimeSeriesSplit` on the rows in their order. Otherwise each cut is at the nearest place that parts two
    times and leaves both classes in every block.

    Returns
    -------
    list of (train, test), or None
        Row numbers, ascending; None where the rows cannot be cut so.
    """
    size = len(y) // (n_folds + 1)
    block = _Timeline(y, times).blocks([len(y) - (n_folds - n) * size for n in range(n_folds)])
    if block is None:
        return None
    return [(np.flatnonzero(block < n), np.flatnonzero(block == n)) for n in range(1, n_folds + 1)]
