"""The nearest rows where some columns are categories: exact, in one order, by blocks of matrix products.

Few levels become columns of products, price / sqrt(2) where a row has the level, so that two rows that differ
there are price ** 2 farther apart. Columns of many levels would make the products wide: there rough distances
are lowered where two rows agree. The order is settled by `MixedRows.squared_distances`, which knows no
encoding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smote_impls.mixed.distance import MixedRows
from smote_impls.nearest.blocked_search import BlockedSearch
from smote_impls.nearest.exact_order import Nearest, expand, settle
from smote_impls.nearest.neighbors import one_blas_thread
from smote_impls.threads import in_threads, thread_count

__all__ = ["mixed_nearest"]

# Up to so many levels a column of products for each is cheaper than to compare codes.
_ONE_HOT = 24
# As in `smote_impls.nearest.neighbors`: more candidates than these are settled more carefully, at last row
# by row.
_LIMIT, _LAST_LIMIT = 64, 4096
# Where fewer rows than this share are distinct, these alone are searched.
_FEW_DISTINCT = 0.9


def mixed_nearest(rows: MixedRows, queries: np.ndarray, k: int, *, n_jobs: int | None = None) -> np.ndarray:
    """Find the nearest other rows of some of the rows.

    Parameters
    ----------
    rows : MixedRows
    queries : ndarray of shape (n_queries,), intp
        The rows to find neighbours of.
    k : int
        From 1 to the number of other rows.
    n_jobs : int, optional
        Threads, which change nothing in the answer (`smote_impls.threads`).

    Returns
    -------
    ndarray of shape (n_queries, k), intp
        Row numbers, nearest first; of equal distances the lower row first. A row is never its own neighbour;
        its duplicates are.

    Examples
    --------
    >>> import numpy as np
    >>> rows = MixedRows(np.array([[0.0], [3.0], [1.0], [0.5]]), np.array([[0], [0], [1], [1]]), price=2.0)
    >>> mixed_nearest(rows, np.arange(2), 2)
    array([[3, 2],
           [2, 0]])
    """
    n_threads = thread_count(n_jobs)
    if not len(queries):
        return np.empty((0, k), np.intp)
    rows = rows.scaled()
    distinct = rows.distinct()
    with one_blas_thread():
        if len(distinct.first) < _FEW_DISTINCT * len(rows):
            asked, of_query = np.unique(distinct.of_row[queries], return_inverse=True)
            width = min(k + 1, len(distinct.first))
            found = expand(_search(rows.take(distinct.first), asked, width, n_threads), distinct, k + 1)
            nearest = found.rows[of_query.ravel()]
        else:
            nearest = _search(rows, queries, k + 1, n_threads).rows
    keep = nearest != queries[:, None]
    keep[keep.all(axis=1), -1] = False  # equal rows with lower numbers took all places
    others: np.ndarray = nearest[keep].reshape(len(queries), k)
    return others


def _search(rows: MixedRows, queries: np.ndarray, width: int, n_threads: int) -> Nearest:
    """Search in single precision; what that cannot settle in double; what is left row by row."""
    answer = _blocked(rows, queries, width, np.float32, _LIMIT, n_threads)
    crowded = np.flatnonzero(answer.crowded)
    if len(crowded):
        answer.put(crowded, _blocked(rows, queries[crowded], width, np.float64, _LAST_LIMIT, n_threads))
    for place in np.flatnonzero(answer.crowded):
        answer.put(slice(place, place + 1), _by_row(rows, int(queries[place]), width))
    return answer


def _by_row(rows: MixedRows, query: int, width: int) -> Nearest:
    """Compute every distance of one query exactly."""
    everyone, of = np.arange(len(rows)), np.full(len(rows), query)
    _, found, d2 = settle(
        np.zeros(len(rows), np.intp), everyone, rows.squared_distances(rows, everyone, of), width
    )
    return Nearest(found[None], d2[None], np.zeros(1, dtype=bool))


def _blocked(
    rows: MixedRows, queries: np.ndarray, width: int, dtype: type, limit: int, n_threads: int
) -> Nearest:
    search = _MixedSearch.of(rows, queries, dtype)
    found = in_threads(
        lambda part: search.nearest(part, width, limit + 8 * width), np.arange(len(queries)), n_threads
    )
    if len(found) == 1:
        return found[0]
    return Nearest(*(np.concatenate([getattr(f, n) for f in found]) for n in ("rows", "d2", "crowded")))


@dataclass(frozen=True)
class _MixedSearch(BlockedSearch):
    """Rough distances over encoded levels; exact ones over the levels themselves.

    Attributes
    ----------
    rows : MixedRows
    asked : ndarray of shape (n_queries,), intp
    many : ndarray of shape (n_many, n_rows), int32
        The codes of the columns of many levels.
    """

    rows: MixedRows
    asked: np.ndarray
    many: np.ndarray

    @classmethod
    def of(cls, rows: MixedRows, queries: np.ndarray, dtype: type) -> _MixedSearch:
        """Encode the rows."""
        n_levels = rows.codes.max(axis=0, initial=-1) + 1
        table = _encoded(rows, np.flatnonzero(n_levels <= _ONE_HOT))
        spread = table.max(axis=0) - table.min(axis=0)
        spread[spread > 0] = np.maximum(
            spread[spread > 0], rows.price
        )  # of columns that are not in the table
        everything = np.array_equal(queries, np.arange(len(rows)))
        plain = BlockedSearch.prepare(table, table if everything else table[queries], spread, dtype)
        many = np.ascontiguousarray(rows.codes[:, n_levels > _ONE_HOT].T)
        # Each of these columns adds half of the squared price to the squared length of every row.
        extra = 0.5 * len(many) * (rows.price * plain.unit) ** 2
        plain.right[-2] += extra
        return cls(
            table,
            table,
            plain.left,
            plain.right,
            plain.squared_lengths + extra,
            plain.unit,
            False,  # products of integers are exact, but a price need not be one
            rows,
            queries,
            many,
        )

    def exact_distances(self, rows: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Return the distances without any encoding."""
        return self.rows.squared_distances(self.rows, rows, self.asked[of])

    def adjust(self, products: np.ndarray, which: np.ndarray, columns: slice) -> None:
        """Take the squared price off where two rows agree in a column of many levels."""
        price = products.dtype.type((self.rows.price * self.unit) ** 2)
        flat = products.reshape(-1)
        for codes in self.many:
            agree = np.flatnonzero(codes[self.asked[which], None] == codes[None, columns])
            flat[agree] -= price


def _encoded(rows: MixedRows, few: np.ndarray) -> np.ndarray:
    """Return numbers and, for each level of the columns of few, price / sqrt(2) where a row has it."""
    n_numeric, share = rows.numbers.shape[1], rows.price / np.sqrt(2)
    n_levels = rows.codes[:, few].max(axis=0, initial=-1) + 1
    table = np.zeros((len(rows), n_numeric + int(n_levels.sum())))
    table[:, :n_numeric] = rows.numbers
    starts = n_numeric + np.cumsum(n_levels) - n_levels
    for column, start in zip(few, starts, strict=True):
        table[np.arange(len(rows)), start + rows.codes[:, column]] = share
    return table
