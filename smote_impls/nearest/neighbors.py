"""The one neighbour search: exact, Euclidean, with one order whatever algorithm finds it.

A k-d tree wins where rows have few columns, or lie near few dimensions; blocks of matrix products win
elsewhere. Both only propose candidates, `smote_impls.nearest.exact_order` settles them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree
from threadpoolctl import ThreadpoolController

from smote_impls.nearest.blocked_search import BlockedSearch, are_integers
from smote_impls.nearest.exact_order import (
    Distinct,
    Nearest,
    Rows,
    distinct_rows,
    expand,
    has_many_equal_rows,
    settle,
    squared_distances,
)
from smote_impls.nearest.search_choice import N_FIRST, N_SAMPLE, TreeTrial, products_per_query, seconds_of
from smote_impls.threads import in_threads, thread_count

__all__ = ["k_nearest", "one_blas_thread"]

# Finds the nearest rows of the queries of these numbers.
_Search: TypeAlias = Callable[[np.ndarray], Nearest]

# A CSR matrix up to this size is searched as a dense one.
_DENSE_BYTES = 1 << 27
# Beyond this range squares may overflow or underflow, and both tables are scaled first.
_LARGEST, _SMALLEST = 1e100, 1e-100
# So few pairs that what precedes a product costs more than a tree.
_FEW_PAIRS = 2_000
# Up to here a tree has always won, beyond the second a tree never has (unless rows lie near few dimensions).
_TREE_COLUMNS, _BLOCKED_COLUMNS = 6, 15
# A tree asks for more and more rows where many are equally far; products of integers are exact at once.
_FEW_OF_A_LATTICE = 5e6
# From this many pairs and queries on it pays to try a tree: it is built in less than a tenth of the time.
_WORTH_A_TRIAL, _WORTH_A_TRIAL_ANYWHERE = 5e5, 2e8
_WORTH_A_TRIAL_QUERIES = 600
# A tree answers so many rows at a time, of all queries together: they take some 80 bytes each.
_TREE_BLOCK = 1 << 17
# A tree that was chosen is asked in so many parts, to see between them whether it is as fast as thought.
_TREE_PARTS, _TREE_PART_QUERIES = 16, 1000
# When fewer rows than this share are distinct, these alone are searched.
_FEW_DISTINCT = 0.5
# More candidates than these are a sign of equal rows, or of a precision that is too low.
_LIMIT, _LAST_LIMIT = 64, 4096
# A tree is asked for some rows more, to see that the last is farther; then for many, where it is not.
_SPARE = (2, 64)


def k_nearest(
    reference: Rows,
    queries: Rows,
    k: int,
    *,
    self_rows: np.ndarray | None = None,
    n_jobs: int | None = None,
) -> np.ndarray:
    """Find the exact Euclidean nearest rows.

    Parameters
    ----------
    reference : ndarray or CSR matrix of shape (n_reference, n_features)
        Rows to search: floats or integers, finite.
    queries : ndarray or CSR matrix of shape (n_queries, n_features)
        Rows to search for.
    k : int
        Number of neighbours, at least 1.
    self_rows : ndarray of shape (n_queries,), intp, optional
        The row of `reference` that each query is itself. This row is left out of the answer; other rows with
        the same values are neighbours like any.
    n_jobs : int, optional
        Number of threads: None for one, -1 for one per core (`smote_impls.threads`). The answer does not
        depend on it.

    Returns
    -------
    ndarray of shape (n_queries, k), intp
        Row numbers, nearest first; of equal distances (sums of squares in float64) the lower row first.

    Raises
    ------
    ValueError
        When `k` rows are not there, the tables have different widths, values are not finite or `n_jobs` is no
        number of threads.

    Examples
    --------
    >>> import numpy as np
    >>> from smote_impls.nearest.neighbors import k_nearest
    >>> X = np.array([[0.0], [1.0], [3.0], [1.0]])
    >>> k_nearest(X, X, 2, self_rows=np.arange(4))
    array([[1, 3],
           [3, 0],
           [1, 3],
           [1, 0]])
    """
    _check(reference, queries, k, self_rows)
    n_threads = thread_count(n_jobs)
    width = k if self_rows is None else k + 1
    if queries.shape[0] == 0:
        return np.empty((0, k), np.intp)
    tables = _Tables.of(reference, queries)
    with one_blas_thread():
        rows = _search(tables, width, n_threads).rows
    return rows if self_rows is None else _without_self(rows, np.asarray(self_rows, np.intp))


def _check(reference: Rows, queries: Rows, k: int, self_rows: np.ndarray | None) -> None:
    (n_reference, n_features), (n_queries, n_columns) = reference.shape, queries.shape
    if n_features != n_columns:
        raise ValueError(
            f"reference has {n_features} columns, but queries has {n_columns}; give both the same"
        )
    n_others = n_reference - (self_rows is not None)
    if not 1 <= k <= n_others:
        raise ValueError(f"expected k between 1 and {n_others}, the number of other rows, but got k={k!r}")
    if self_rows is not None and np.shape(self_rows) != (n_queries,):
        raise ValueError(
            f"expected one row number in self_rows for each of {n_queries} queries, "
            f"but got shape {np.shape(self_rows)}"
        )


@dataclass(frozen=True)
class _Tables:
    """Both tables in float64, dense where they may be, in a range whose squares can be formed.

    `spread` is at least the largest less the least value of each column of dense tables.
    """

    reference: Rows
    queries: Rows
    spread: np.ndarray

    @classmethod
    def of(cls, reference: Rows, queries: Rows) -> _Tables:
        """Convert, check and scale."""
        if sparse.issparse(reference) != sparse.issparse(queries):
            raise ValueError("expected reference and queries both dense or both CSR; convert one of them")
        if not sparse.issparse(reference):
            tables = [np.ascontiguousarray(table, dtype=np.float64) for table in (reference, queries)]
            low, high = (_over(of, tables) for of in (np.min, np.max))
            return cls._scaled(tables, low, high)
        stored: list[Any] = [sparse.csr_array(t, dtype=np.float64, copy=True) for t in (reference, queries)]
        if 8 * reference.shape[1] * (reference.shape[0] + queries.shape[0]) <= _DENSE_BYTES:
            return cls.of(*(table.toarray() for table in stored))
        for table in stored:
            table.sum_duplicates()
            table.eliminate_zeros()
        low, high = (_over(of, [np.append(table.data, 0.0) for table in stored]) for of in (np.min, np.max))
        return cls._scaled(stored, low, high)

    @classmethod
    def _scaled(cls, tables: list[Rows], low: np.ndarray, high: np.ndarray) -> _Tables:
        """Multiply by a power of two, which rounds nothing, so that squares do not overflow or underflow."""
        if not np.all(np.isfinite(low) & np.isfinite(high)):
            raise ValueError("expected finite values, but found NaN or inf; impute or drop these rows first")
        largest = float(np.max(high / 2 - low / 2, initial=0.0))
        if largest == 0.0 or _SMALLEST <= largest <= _LARGEST:
            return cls(tables[0], tables[1], high - low)
        exponent = -int(np.frexp(largest)[1]) - 1
        if sparse.issparse(tables[0]):
            for table in tables:
                table.data = np.ldexp(table.data, exponent)
            return cls(tables[0], tables[1], high - low)
        # A constant column makes no difference, and may be too large for the scale of the others.
        low, high, *tables = (
            np.ldexp(np.where(high == low, 0.0, values), exponent) for values in (low, high, *tables)
        )
        return cls(tables[0], tables[1], high - low)

    def some(self, reference: np.ndarray | None, queries: np.ndarray) -> _Tables:
        """Return the tables with some of their rows; None is all."""
        kept = self.reference if reference is None else self.reference[reference]
        return _Tables(kept, self.queries[queries], self.spread)


def _over(reduction: Callable[..., Any], tables: list[np.ndarray]) -> np.ndarray:
    """Return the least or largest value per column over both tables."""
    per_column: np.ndarray = reduction([reduction(table, axis=0) for table in tables], axis=0)
    return per_column


def _search(tables: _Tables, width: int, n_threads: int) -> Nearest:
    """Search with the faster algorithm; give what it could not settle to the next, more careful one."""
    if has_many_equal_rows(tables.reference):
        distinct = distinct_rows(tables.reference)
        if len(distinct.first) <= _FEW_DISTINCT * tables.reference.shape[0]:
            return _search_distinct(tables, distinct, distinct_rows(tables.queries), width, n_threads)
    answer = _Searches(tables, width, n_threads).run()
    crowded = np.flatnonzero(answer.crowded)
    if len(crowded):
        answer.put(crowded, _search_crowded(tables.some(None, crowded), width, n_threads))
    return answer


def _search_crowded(tables: _Tables, width: int, n_threads: int) -> Nearest:
    """Search where many rows are as near as the last: equal rows, a lattice, or clusters very far apart."""
    distinct, asked = distinct_rows(tables.reference), distinct_rows(tables.queries)
    if len(distinct.first) < 0.9 * tables.reference.shape[0]:
        return _search_distinct(tables, distinct, asked, width, n_threads)
    return _once_each(_Searches(tables.some(None, asked.first), width, n_threads).run_carefully(), asked)


def _search_distinct(
    tables: _Tables, distinct: Distinct, asked: Distinct, width: int, n_threads: int
) -> Nearest:
    """Search the distinct rows only, then count each as often as it occurs."""
    n_distinct = len(distinct.first)
    found = _search(tables.some(distinct.first, asked.first), min(width, n_distinct), n_threads)
    return _once_each(expand(found, distinct, width), asked)


def _once_each(found: Nearest, asked: Distinct) -> Nearest:
    """Give equal queries the answer that was found for one of them."""
    return Nearest(*(part[asked.of_row] for part in (found.rows, found.d2, found.crowded)))


class _Searches:
    """The algorithms over one pair of tables."""

    def __init__(self, tables: _Tables, width: int, n_threads: int) -> None:
        self.reference, self.queries, self.spread = tables.reference, tables.queries, tables.spread
        self.width, self.n_threads = width, n_threads
        self.which = np.arange(self.queries.shape[0])

    def run(self) -> Nearest:
        """Search with a tree or in blocks, whichever is faster."""
        n_columns, n_pairs = self.reference.shape[1], self.reference.shape[0] * len(self.which)
        if sparse.issparse(self.reference):
            return self._blocked(np.float64, _LIMIT)
        if n_columns <= _TREE_COLUMNS and n_pairs <= _FEW_OF_A_LATTICE and are_integers(self.reference):
            return self._blocked(np.float32, _LIMIT)
        if n_columns <= _TREE_COLUMNS or n_pairs <= _FEW_PAIRS:
            return self._by_tree(cKDTree(self.reference))
        worth = _WORTH_A_TRIAL if n_columns <= _BLOCKED_COLUMNS else _WORTH_A_TRIAL_ANYWHERE
        if n_pairs < worth or len(self.which) < _WORTH_A_TRIAL_QUERIES:
            return self._blocked(np.float32, _LIMIT)
        return self._by_the_faster()

    def run_carefully(self) -> Nearest:
        """Search in double precision with a high limit, then with differences: by tree, at last row by row.

        Clusters so far apart that products see nothing within them are found by tree.
        """
        answer = self._blocked(np.float64, _LAST_LIMIT)
        crowded = np.flatnonzero(answer.crowded)
        if len(crowded) and not sparse.issparse(self.reference):
            answer.put(crowded, self._tree_part(cKDTree(self.reference), crowded))
        for query in np.flatnonzero(answer.crowded):
            answer.put(slice(query, query + 1), self._by_row(int(query)))
        return answer

    def _by_the_faster(self) -> Nearest:
        """Try both on a few queries: which is faster depends on how the rows lie, the answer does not."""
        answer = Nearest.empty(len(self.which), self.width)
        blocked, tree = self._prepared(np.float32, _LIMIT), cKDTree(self.reference)
        sample = self.which[:: len(self.which) // N_SAMPLE][:N_SAMPLE]
        # What products find for the sample is kept.
        seconds = [
            seconds_of(lambda: answer.put(part, blocked(part)))  # noqa: B023
            for part in (
                sample[:: N_SAMPLE // N_FIRST],
                np.delete(sample, slice(None, None, N_SAMPLE // N_FIRST)),
            )
        ]
        rest = np.delete(self.which, sample)
        trial = TreeTrial(products_per_query(*seconds))
        if trial.wins(lambda asked: tree.query(self.queries[asked], k=self.width), sample):
            n_parts = min(_TREE_PARTS, len(rest) // _TREE_PART_QUERIES)
            found = self._in_threads(lambda part: self._watched(trial, tree, blocked, part), rest, n_parts)
        else:
            found = self._in_threads(blocked, rest)
        answer.put(rest, found)
        return answer

    def _watched(self, trial: TreeTrial, tree: cKDTree, blocked: _Search, part: np.ndarray) -> Nearest:
        """Search by tree as long as it is as fast as on the few queries, else by products."""
        if trial.is_lost:
            return blocked(part)
        found: Nearest = trial.follow(len(part), lambda: self._tree_part(tree, part))
        return found

    def _blocked(self, dtype: type, limit: int) -> Nearest:
        return self._in_threads(self._prepared(dtype, limit), self.which)

    def _prepared(self, dtype: type, limit: int) -> _Search:
        search = BlockedSearch.prepare(self.reference, self.queries, self.spread, dtype)
        return lambda part: search.nearest(part, self.width, limit + 8 * self.width)

    def _by_tree(self, tree: cKDTree) -> Nearest:
        return self._in_threads(lambda part: self._tree_part(tree, part), self.which)

    def _tree_part(self, tree: cKDTree, which: np.ndarray) -> Nearest:
        """Search with two rows to spare, and with more where these are as near as the last."""
        answer = Nearest.empty(len(which), self.width)
        answer.crowded[:] = True
        for n_spare in _SPARE:
            asked = np.flatnonzero(answer.crowded)
            width = min(self.width + n_spare, self.reference.shape[0])
            step = max(1, _TREE_BLOCK // width)
            for start in range(0, len(asked), step):
                part = asked[start : start + step]
                answer.put(part, self._by_tree_once(tree, which[part], width))
        return answer

    def _by_tree_once(self, tree: cKDTree, which: np.ndarray, width: int) -> Nearest:
        distance, rows = tree.query(self.queries[which], k=np.arange(1, width + 1))
        rows = np.sort(rows, axis=1)
        of = np.repeat(np.arange(len(which)), width)
        d2 = squared_distances(self.reference, self.queries, rows.ravel(), which[of]).reshape(rows.shape)
        order = np.argsort(d2, axis=1, kind="stable")[:, : self.width]
        d2 = np.take_along_axis(d2, order, axis=1)
        # The tree sums in another order: what it left out is farther than its last, but for rounding.
        certain = distance[:, -1] * (1 - 1e-15 * (self.reference.shape[1] + 8)) > np.sqrt(d2[:, -1])
        crowded = ~certain if width < self.reference.shape[0] else np.zeros(len(which), dtype=bool)
        return Nearest(np.take_along_axis(rows, order, axis=1), d2, crowded)

    def _by_row(self, query: int) -> Nearest:
        """Compute every distance of one query exactly."""
        rows = np.arange(self.reference.shape[0])
        of = np.full(len(rows), query)
        d2 = squared_distances(self.reference, self.queries, rows, of)
        _, rows, d2 = settle(of, rows, d2, self.width)
        return Nearest(rows[None], d2[None], np.zeros(1, dtype=bool))

    def _in_threads(self, search: _Search, which: np.ndarray, n_parts: int = 1) -> Nearest:
        found = in_threads(search, which, self.n_threads, n_parts)
        if len(found) == 1:
            return found[0]
        return Nearest(
            *(np.concatenate([getattr(f, name) for f in found]) for name in ("rows", "d2", "crowded"))
        )


def _without_self(rows: np.ndarray, self_rows: np.ndarray) -> np.ndarray:
    """Drop each query's own row; where equal rows with lower numbers took all places, drop the last."""
    keep = rows != self_rows[:, None]
    keep[keep.all(axis=1), -1] = False
    others: np.ndarray = rows[keep].reshape(len(rows), -1)
    return others


def one_blas_thread() -> Any:
    """Return a context in which a product of matrices takes one thread: ours are shared out already."""
    return _blas().limit(limits=1, user_api="blas")


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    """Look for the loaded BLAS libraries once: that takes milliseconds."""
    return ThreadpoolController()
