"""Chawla et al. (2002), sections 6.1 and 6.2: distances of typed rows, neighbours, and what they vote for.

Distances tie, votes tie, and the paper leaves some of it open: each function says what may hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from smote_bench.properties.mixed_frames import Rows
from smote_bench.properties.segments import explain

__all__ = ["Reading", "allowed_levels", "explained", "readings"]

_TIE = 1e-9
# Prices of a difference that somebody may take, in squares of the median deviation, and as they are.
_SHARES, _PRICES = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0), (0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Reading:
    """The neighbourhoods of a class's rows by one reading of the distance.

    Parameters
    ----------
    certain, possible : ndarray of shape (n, n), bool
        Whether the second row is among the k nearest of the first however ties are settled, or for some way
        to settle them. A row is its own neighbour at most where another is at no distance from it.
    k : int
    """

    certain: np.ndarray
    possible: np.ndarray
    k: int


def readings(family: str, rows: Rows, label: int, k: int, *, strict: bool = False) -> Iterator[Reading]:
    """Yield the neighbourhoods of a class, one for each reading of the distance.

    Parameters
    ----------
    family : {"smotenc", "smoten"}
    rows : Rows
        All rows that are resampled.
    label : int
    k : int
    strict : bool
        Only what the paper may mean. For `smotenc` the price of a difference is the square of the median of
        the class's standard deviations, of the population or of the sample; for `smoten` the value difference
        metric with absolute or squared sums. Else other prices, and the number of differences, as well.
    """
    own = rows.labels == label
    if family == "smoten":
        seen: list[np.ndarray] = [*_value_differences(rows, own)]
        seen += [] if strict else [_n_different(rows.levels[own])]
    else:
        numbers = rows.numbers[own]
        apart = ((numbers[:, None, :] - numbers[None, :, :]) ** 2).sum(axis=2)
        seen = [apart + price * _n_different(rows.levels[own]) for price in _prices(numbers, strict)]
    kept: list[bytes] = []
    for distances in seen:
        made = _reading(distances, k)
        digest = made.certain.tobytes() + made.possible.tobytes()
        if digest not in kept:
            kept.append(digest)
            yield made


def _prices(numbers: np.ndarray, strict: bool) -> list[float]:
    """Return what a differing category may add to a squared distance."""
    medians = [float(np.median(numbers.std(axis=0, ddof=ddof))) ** 2 for ddof in (0, 1)]
    if strict:
        return medians
    return [*medians, *(share * medians[0] for share in _SHARES), *_PRICES]


def _n_different(levels: np.ndarray) -> np.ndarray:
    """Return in how many columns rows differ; shape (n, n)."""
    n_different: np.ndarray = (levels[:, None, :] != levels[None, :, :]).sum(axis=2).astype(float)
    return n_different


def _value_differences(rows: Rows, own: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the value difference metric of a class's rows: sums of differences, and of their squares."""
    n = int(own.sum())
    first, second = np.zeros((n, n)), np.zeros((n, n))
    for column in range(rows.levels.shape[1]):
        values = rows.levels[:, column]
        classes = np.unique(rows.labels)
        counts = np.array(
            [np.bincount(values[rows.labels == label], minlength=values.max() + 1) for label in classes]
        )
        shares = counts / np.maximum(counts.sum(axis=0), 1)
        of = shares[:, values[own]]
        difference = np.abs(of[:, :, None] - of[:, None, :]).sum(axis=0)
        first += difference
        second += difference**2
    yield first
    yield second


def _reading(distances: np.ndarray, k: int) -> Reading:
    n = len(distances)
    itself = np.eye(n, dtype=bool)
    others = np.where(itself, np.inf, distances)
    last = np.sort(others, axis=1)[:, min(k, n - 1) - 1][:, None]
    margin = _TIE * np.maximum(last, np.finfo(float).tiny) + _TIE * _TIE * distances.max(initial=0.0)
    possible = (others <= last + margin) & ~itself
    certain = (others < last - margin) & ~itself
    # All possible ones are certain where there are no more of them than k.
    certain |= possible & (possible.sum(axis=1, keepdims=True) <= k)
    # A search may leave out a row at no distance for the row itself.
    doubles = (others <= margin) & ~itself
    certain &= ~doubles
    possible |= itself & doubles.any(axis=1)[:, None]
    return Reading(certain, possible, min(k, n - 1))


def allowed_levels(reading: Reading, values: np.ndarray, *, itself: bool) -> np.ndarray:
    """Return which levels may have most of the votes of a row's neighbours.

    Parameters
    ----------
    reading : Reading
    values : ndarray of shape (n,), int64
        The level of each row of the class in one column.
    itself : bool
        Whether the row itself has a vote as well.

    Returns
    -------
    ndarray of shape (n, n_levels), bool
    """
    of_level = values[:, None] == np.arange(values.max(initial=0) + 1)[None, :]
    sure = reading.certain.astype(int) @ of_level.astype(int) + (of_level if itself else 0)
    maybe = (reading.possible & ~reading.certain).astype(int) @ of_level.astype(int)
    left = (reading.k - reading.certain.sum(axis=1))[:, None]
    allowed: np.ndarray = np.zeros(of_level.shape, dtype=bool)
    for level in range(of_level.shape[1]):
        most = sure[:, [level]] + np.minimum(maybe[:, [level]], left)
        rest = left - np.minimum(maybe[:, [level]], left)
        # The votes that are left go to others, none of which may get more than that.
        room = np.minimum(maybe, np.maximum(most - sure, 0))
        room[:, level] = 0
        fits = (sure <= most).all(axis=1) & (room.sum(axis=1) >= rest[:, 0]) & (most[:, 0] > 0)
        allowed[:, level] = fits
    return allowed


def explained(
    reading: Reading, own: Rows, new: Rows, *, votes: tuple[bool, ...] = (False, True), levels: str = "vote"
) -> np.ndarray:
    """Return which new rows may have come of a row and its neighbours.

    Parameters
    ----------
    reading : Reading
    own : Rows
        Those of the class.
    new : Rows
    votes : tuple of bool
        Whether the row itself may have a vote, has to, or may not.
    levels : {"vote", "any"}
        Whether levels have to be voted for, or only numbers are looked at.
    """
    seeds, neighbors = np.nonzero(reading.possible)
    if own.numbers.shape[1]:
        fits = explain(new.numbers, own.numbers, seeds, neighbors).fits
        from_seed: np.ndarray = np.zeros((len(new.labels), len(own.labels)), dtype=bool)
        for seed in range(len(own.labels)):
            from_seed[:, seed] = fits[:, seeds == seed].any(axis=1)
    else:
        from_seed = np.ones((len(new.labels), len(own.labels)), dtype=bool)
    if levels == "any":
        is_from_any: np.ndarray = np.any(from_seed, axis=1)
        return is_from_any
    found: np.ndarray = np.zeros(len(new.labels), dtype=bool)
    for itself in votes:
        voted: np.ndarray = from_seed.copy()
        for column in range(own.levels.shape[1]):
            allowed = allowed_levels(reading, own.levels[:, column], itself=itself)
            came = new.levels[:, column]
            known = (came >= 0) & (came < allowed.shape[1])
            voted &= allowed[:, np.where(known, came, 0)].T & known[:, None]
        found[voted.any(axis=1)] = True
    return found
