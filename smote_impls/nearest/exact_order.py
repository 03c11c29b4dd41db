"""What nearest means, to the last bit: exact distances, ties by row, and rows that occur many times.

Every algorithm of `smote_impls.nearest.neighbors` only proposes candidates. Their order is settled here, and
so does not depend on the algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

__all__ = [
    "Distinct",
    "Nearest",
    "distinct_rows",
    "expand",
    "has_many_equal_rows",
    "in_lines",
    "nearest_of_lines",
    "settle",
    "squared_distances",
]

# A float64 array or a CSR matrix; SciPy has no types for the latter.
Rows: TypeAlias = Any

# Differences are formed in blocks that stay in the processor's cache.
_BLOCK_BYTES = 1 << 17


@dataclass(frozen=True)
class Nearest:
    """The nearest reference rows of some queries, the nearest first.

    Attributes
    ----------
    rows : ndarray of shape (n_queries, width), intp
    d2 : ndarray of shape (n_queries, width), float64
        Squared distances.
    crowded : ndarray of shape (n_queries,), bool
        Queries with too many candidates to settle one by one: their rows mean nothing.
    """

    rows: np.ndarray
    d2: np.ndarray
    crowded: np.ndarray

    @classmethod
    def empty(cls, n_queries: int, width: int) -> Nearest:
        """Return room for the answers to `n_queries` queries."""
        shape = (n_queries, width)
        return cls(np.zeros(shape, np.intp), np.full(shape, np.inf), np.zeros(n_queries, dtype=bool))

    def put(self, where: np.ndarray | slice, part: Nearest) -> None:
        """Write the answers to some of the queries."""
        self.rows[where], self.d2[where], self.crowded[where] = part.rows, part.d2, part.crowded


def squared_distances(reference: Rows, queries: Rows, rows: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return sum((reference[rows] - queries[of]) ** 2), float64, the same whatever rows stand beside.

    Matrix products are faster and lose half of the digits: all, where rows are close and far from the origin.
    """
    d2 = np.empty(len(rows))
    size = max(1, _BLOCK_BYTES // (8 * max(1, reference.shape[1])))
    # Memory is asked for once: fresh pages cost more than what is computed in them.
    room = np.empty((2, min(size, len(rows)), reference.shape[1]))
    for block in _blocks(len(rows), size):
        n = len(rows[block])
        difference = _take(reference, rows[block], room[0, :n])
        difference -= _take(queries, of[block], room[1, :n])
        np.square(difference, out=difference)
        np.add.reduce(difference, axis=1, out=d2[block])
    return d2


def in_lines(of: np.ndarray, values: np.ndarray, n_queries: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return flat values, queries ascending, as one line per query, at least `width` long, ended by inf.

    With them, for each value the place in its line. Short lines of one length sort fastest.
    """
    n_each = np.bincount(of, minlength=n_queries)
    place = np.arange(len(of)) - np.repeat(np.cumsum(n_each) - n_each, n_each)
    lines = np.full((n_queries, max(width, n_each.max(initial=0))), np.inf, values.dtype)
    lines[of, place] = values
    return lines, place


def nearest_of_lines(
    of: np.ndarray, rows: np.ndarray, d2: np.ndarray, n_queries: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first `width` candidates of each query by distance, then row.

    Queries ascend, and the rows of each: then a stable sort by distance alone settles ties by row.
    """
    lines, place = in_lines(of, d2, n_queries, width)
    all_rows = np.zeros(lines.shape, np.intp)
    all_rows[of, place] = rows
    kept = np.argsort(lines, axis=1, kind="stable")[:, :width]
    return np.take_along_axis(all_rows, kept, axis=1), np.take_along_axis(lines, kept, axis=1)


def settle(of: np.ndarray, rows: np.ndarray, d2: np.ndarray, width: int) -> tuple[np.ndarray, ...]:
    """Return the first `width` candidates of each query by distance, then row; flat, queries ascending."""
    order = np.lexsort((rows, d2, of))
    n_each = np.bincount(of)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(n_each) - n_each, n_each)
    order = order[rank < width]
    return of[order], rows[order], d2[order]


@dataclass(frozen=True)
class Distinct:
    """The distinct rows of a table, numbered by first occurrence, and where each occurs.

    Attributes
    ----------
    first : ndarray of shape (n_distinct,), intp
        Ascending: where each distinct row occurs first.
    of_row : ndarray of shape (n_rows,), intp
        The number of the distinct row that each row equals.
    """

    first: np.ndarray
    of_row: np.ndarray


def distinct_rows(table: Rows) -> Distinct:
    """Find the rows of a table that are equal to each other."""
    if sparse.issparse(table):
        return _distinct_by_bytes(table)
    # One number per row, summed elementwise: equal rows get equal numbers. Sorting numbers is far faster than
    # sorting rows; whether equal numbers mean equal rows is looked up afterwards.
    number = np.zeros(len(table))
    with np.errstate(over="ignore", invalid="ignore"):  # numbers of constant columns may be huge
        for column, weight in zip(table.T, _weights(table.shape[1]), strict=True):
            number += column * weight
    distinct = _by_first(np.unique(number, return_index=True, return_inverse=True)[1:])
    equal = all(
        np.array_equal(table[block], table[distinct.first[distinct.of_row[block]]])
        for block in _blocks(len(table), 4096)
    )
    return (
        distinct if equal else _by_first(np.unique(table, axis=0, return_index=True, return_inverse=True)[1:])
    )


def has_many_equal_rows(table: Rows) -> bool:
    """Return whether about half of the rows may be repetitions: a quick look, which sums may deceive."""
    if sparse.issparse(table):
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        number = np.sort(table @ _weights(table.shape[1]))
    return bool(2 * np.count_nonzero(number[1:] == number[:-1]) >= len(table))


def expand(nearest: Nearest, distinct: Distinct, width: int) -> Nearest:
    """Turn the nearest distinct rows into the nearest `width` rows.

    The nearest `width` rows are among those that equal one of the nearest `width` distinct rows, since each
    of these stands for one row at least; and of equal rows the first `width` are enough.
    """
    by_distinct = np.argsort(distinct.of_row, kind="stable")
    counts = np.bincount(distinct.of_row, minlength=len(distinct.first))
    starts = np.cumsum(counts) - counts
    n_queries, n_found = nearest.rows.shape
    full = Nearest.empty(n_queries, width)
    for block in _blocks(n_queries, max(1, (1 << 20) // (n_found * width))):
        found, d2 = nearest.rows[block].ravel(), nearest.d2[block].ravel()
        n_each = np.minimum(counts[found], width)
        within = np.arange(n_each.sum()) - np.repeat(np.cumsum(n_each) - n_each, n_each)
        rows = by_distinct[np.repeat(starts[found], n_each) + within]
        of = np.repeat(np.repeat(np.arange(len(nearest.rows[block])), n_found), n_each)
        _, rows, d2 = settle(of, rows, np.repeat(d2, n_each), width)
        full.rows[block], full.d2[block] = rows.reshape(-1, width), d2.reshape(-1, width)
    return full


@lru_cache(maxsize=8)
def _weights(n_columns: int) -> np.ndarray:
    """Return a factor for each column, so that sums of different rows hardly ever agree."""
    weights: np.ndarray = np.random.default_rng(0).uniform(0.5, 1.0, (n_columns,))
    return weights


def _by_first(index_and_inverse: tuple[np.ndarray, np.ndarray]) -> Distinct:
    """Enumerate distinct rows by where they occur first, not by value."""
    index, inverse = index_and_inverse
    order = np.argsort(index, kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    return Distinct(index[order], number[inverse.ravel()])


def _distinct_by_bytes(table: Rows) -> Distinct:
    """Find equal rows of a CSR matrix by what it stores of each."""
    numbers: dict[tuple[bytes, bytes], int] = {}
    first: list[int] = []
    of_row = np.empty(table.shape[0], np.intp)
    for row, (start, stop) in enumerate(zip(table.indptr[:-1], table.indptr[1:], strict=True)):
        key = (table.indices[start:stop].tobytes(), table.data[start:stop].tobytes())
        of_row[row] = numbers.setdefault(key, len(numbers))
        if len(first) < len(numbers):
            first.append(row)
    return Distinct(np.array(first, np.intp), of_row)


def _take(table: Rows, rows: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Write rows into `out`, dense."""
    if sparse.issparse(table):
        out[...] = table[rows].toarray()
        return out
    # All rows are there; with mode="clip" take needs no copy of its own.
    taken: np.ndarray = np.take(table, rows, axis=0, out=out, mode="clip")
    return taken


def _blocks(n: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, n)) for start in range(0, n, size))
