"""Nearest rows by blocks of matrix products: every distance, roughly; then the few that matter, exactly.

|x - y|**2 = |x|**2 - 2 x.y + |y|**2, and the product is what processors are best at, in float32 more than in
float64. It is rough, but how rough is known: a row whose rough distance exceeds an exact distance to the k-th
best row so far by more than the error bound is not among the nearest. `exact_order` settles the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from smote_impls.exact_order import Nearest, Rows, merge, squared_distances

__all__ = ["BlockedSearch"]

# A block of products should stay near the processor. A power of two columns would be slower by half: lines
# of 4096 bytes fall on the same places of its caches.
_QUERIES = 512
_COLUMNS = 1008
_BLOCK_ELEMENTS = _QUERIES * _COLUMNS
# This many rows are seen before there is a threshold.
_FIRST_COLUMNS = 1008
# The first threshold comes from the minima of this many rows each: cheaper than to partition all.
_GROUP = 16
# Settling costs as much as some blocks: it is done when the rows seen have grown by this factor.
_GROWTH = 4
# Safety over the textbook bounds of rounding errors, which hold for any order of summation.
_SAFETY = 2.0


@dataclass(frozen=True)
class BlockedSearch:
    """Rough distances of one precision between the rows of two tables.

    Attributes
    ----------
    reference, queries : ndarray of shape (n_rows, n_features), float64, or CSR
        What exact distances are computed from.
    left : array of shape (n_queries, n_features + 2)
        -2 x, a column of ones, and a column for thresholds.
    right : array of shape (n_features + 2, n_reference)
        y, its squared length, and a row of ones.
    squared_lengths : ndarray of shape (n_queries,), float64
        |x|**2.
    unit : float
        The factor, a power of two, between the tables and what is multiplied.
    exact : bool
        All products and sums are integers, and too small to be rounded.
    """

    reference: Rows
    queries: Rows
    left: Rows
    right: Rows
    squared_lengths: np.ndarray
    unit: float
    exact: bool

    @classmethod
    def prepare(cls, reference: Rows, queries: Rows, spread: np.ndarray, dtype: type) -> BlockedSearch:
        """Centre and scale both tables and round them to `dtype`; sparse ones would be full if centred.

        Parameters
        ----------
        reference, queries : ndarray of shape (n_rows, n_features), float64, or CSR
        spread : ndarray of shape (n_features,), float64
            At least the largest less the least value of each column in both tables; 0 for constant columns.
        dtype : type
        """
        if sparse.issparse(reference):
            return cls._prepare_sparse(reference, queries)
        varying = spread > 0
        largest = float(spread.max(initial=0.0)) or 1.0
        unit = float(2.0 ** -np.frexp(largest)[1])
        integers = _integers(reference) and _integers(queries)
        # Lengths, and with them errors, are least about the middle; one far row does not move the median.
        centre = np.median(reference[:: max(1, len(reference) // 64), varying], axis=0)
        centre = np.rint(centre) if integers else centre
        left, right = (_centred(table, varying, centre, unit, dtype) for table in (queries, reference))
        left[0][:, :-2] *= -2
        left[0][:, -2], left[0][:, -1] = 1, 0
        right[0][:, -2], right[0][:, -1] = right[1], 1
        bound = 8 * max(left[1].max(initial=0.0), right[1].max(initial=0.0)) / unit**2
        exact = integers and bound < 2.0 ** np.finfo(dtype).nmant
        return cls(reference, queries, left[0], np.ascontiguousarray(right[0].T), left[1], unit, exact)

    @classmethod
    def _prepare_sparse(cls, reference: Rows, queries: Rows) -> BlockedSearch:
        lengths = [np.asarray(table.multiply(table).sum(axis=1)).ravel() for table in (queries, reference)]
        left = sparse.csr_array(sparse.hstack([-2 * queries, np.ones((queries.shape[0], 1))]))
        right = sparse.csc_array(sparse.vstack([reference.T, lengths[1][None, :]]))
        return cls(reference, queries, left, right, lengths[0], 1.0, False)

    def nearest(self, which: np.ndarray, width: int, limit: int) -> Nearest:
        """Return the nearest `width` rows of some queries.

        Those with more than `limit` candidates at a time are crowded.
        """
        first = min(self.right.shape[1], max(_FIRST_COLUMNS, 2 * width))
        n_queries = max(1, min(_QUERIES, _BLOCK_ELEMENTS // first))
        buffer = np.empty(max(_BLOCK_ELEMENTS, first), self.left.dtype)
        answer = Nearest.empty(len(which), width)
        for start in range(0, len(which), n_queries):
            part = slice(start, start + n_queries)
            answer.put(part, _Block(self, which[part], width, limit, buffer).search(first))
        return answer

    def thresholds(self, which: np.ndarray, d2: np.ndarray) -> np.ndarray:
        """Return what |x - y|**2 - |x|**2, as computed, does not exceed for any row nearer than `d2`."""
        dtype = self.left.dtype
        lengths = self.squared_lengths[which]
        d2 = d2 * self.unit**2
        if self.exact:
            return (d2 - lengths).astype(dtype)
        epsilon = float(np.finfo(dtype).eps)
        # |y| <= |x| + |x - y|, so the error does not depend on rows that are far away.
        reach = 2 * np.sqrt(lengths) + np.sqrt(d2)
        shift = _SAFETY * epsilon * reach
        error = _SAFETY * (self.left.shape[1] + 8) * (epsilon * reach**2 + float(np.finfo(dtype).tiny))
        return ((np.sqrt(d2) + shift) ** 2 - lengths + error).astype(dtype)


class _Block:
    """The search of one block of queries: it narrows a threshold for each as more rows are seen."""

    def __init__(
        self, search: BlockedSearch, which: np.ndarray, width: int, limit: int, buffer: np.ndarray
    ) -> None:
        self.searched, self.which, self.limit, self.buffer = search, which, limit, buffer
        self.left = search.left[which]
        self.threshold = np.zeros(len(which), search.left.dtype)
        self.best = Nearest.empty(len(which), width)
        self.pending: list[tuple[np.ndarray, np.ndarray]] = []
        self.n_pending = np.zeros(len(which), np.intp)

    def search(self, first: int) -> Nearest:
        """Go through the reference rows from the first to the last."""
        n_reference = self.searched.right.shape[1]
        self._start(first)
        seen = settled = first
        step = max(1, _BLOCK_ELEMENTS // len(self.which))
        while seen < n_reference:
            columns = slice(seen, min(seen + step, n_reference))
            products = self._products(columns)
            self._collect(products, products <= 0, seen)
            seen = columns.stop
            if seen >= _GROWTH * settled or seen == n_reference or self.n_pending.max() > self.limit:
                self._settle()
                settled = seen
        return self.best

    def _products(self, columns: slice) -> np.ndarray:
        """Return rough squared distances less |x|**2 and less the threshold.

        With the threshold inside, the comparison is to one number, which is three times faster.
        """
        shape = (len(self.which), columns.stop - columns.start)
        if sparse.issparse(self.left):
            return (self.left @ self.searched.right[:, columns]).toarray() - self.threshold[:, None]
        out = self.buffer[: shape[0] * shape[1]].reshape(shape)
        return np.matmul(self.left, self.searched.right[:, columns], out=out)

    def _start(self, first: int) -> None:
        """Settle the first rows: those within a rough threshold; again where the exact one is higher."""
        products = self._products(slice(0, first))
        width = self.best.rows.shape[1]
        groups = products[:, : first - first % _GROUP].reshape(len(products), _GROUP, -1)
        # One more than needed: the row that makes the difference is then seldom just outside.
        minima = groups.min(axis=1) if groups.shape[2] > width else products
        place = min(width, minima.shape[1] - 1)
        rough = np.partition(minima, place, axis=1)[:, place]
        self._collect(products, products <= rough[:, None], 0)
        self._settle()
        missed = self.threshold > rough
        if missed.any():
            self.best.d2[missed] = np.inf
            within = np.zeros(products.shape, dtype=bool)
            within[missed] = products[missed] <= self.threshold[missed, None]
            self._collect(products, within, 0)
            self._settle()

    def _collect(self, products: np.ndarray, within: np.ndarray, offset: int) -> None:
        """Remember the rows within the thresholds."""
        of, column = np.divmod(np.flatnonzero(within), products.shape[1])
        n_each = np.bincount(of, minlength=len(self.which))
        if (n_each > self.limit).any():
            if self.searched.exact:
                of, column = self._nearest_of_exact(products, of, column)
            else:
                self.best.crowded[n_each > self.limit] = True
                kept = ~self.best.crowded[of]
                of, column = of[kept], column[kept]
            n_each = np.bincount(of, minlength=len(self.which))
        self.pending.append((of, column + offset))
        self.n_pending += n_each

    def _nearest_of_exact(
        self, products: np.ndarray, of: np.ndarray, column: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Keep the nearest by the products themselves, which have no errors, however many are equal."""
        nothing = Nearest.empty(*self.best.rows.shape)
        nearest = merge(nothing, of, column, products[of, column])
        real = np.isfinite(nearest.d2)
        of, column = np.nonzero(real)[0], nearest.rows[real]
        by_row = np.lexsort((column, of))
        return of[by_row], column[by_row]

    def _settle(self) -> None:
        """Put the remembered rows in their exact order, drop all but the nearest, narrow the thresholds."""
        of, rows = (np.concatenate(parts) for parts in zip(*self.pending, strict=True))
        self.pending = []
        self.n_pending[:] = 0
        searched, crowded = self.searched, self.best.crowded
        d2 = squared_distances(searched.reference, searched.queries, rows, self.which[of])
        self.best = merge(self.best, of, rows, d2)
        largest = np.where(crowded, 0, self.best.d2[:, -1])
        threshold = searched.thresholds(self.which, largest)
        if searched.exact:
            # Rows come in order, so a later row that is as far is not wanted; distances are whole units.
            threshold -= threshold.dtype.type(searched.unit**2)
        threshold[crowded] = np.finfo(threshold.dtype).min
        self.threshold = threshold
        if not sparse.issparse(self.left):
            self.left[:, -1] = -threshold


def _integers(table: np.ndarray) -> bool:
    """Return whether all values are integers; a look at some rows says no at once for most tables."""
    return all(np.array_equal(part, np.rint(part)) for part in (table[:64], table))


def _centred(
    table: np.ndarray, varying: np.ndarray, centre: np.ndarray, unit: float, dtype: type
) -> tuple[np.ndarray, np.ndarray]:
    """Return (table - centre) * unit with room for two more columns, and squared lengths.

    Made in slices: it is a copy already. That lengths are of rows not yet rounded is within the error bound.
    """
    out: np.ndarray = np.empty((len(table), len(centre) + 2), dtype)
    lengths = np.empty(len(table))
    for start in range(0, len(table), 1024):
        part = slice(start, start + 1024)
        rows = table[part] if varying.all() else table[part][:, varying]
        rows = (rows - centre) * unit
        np.einsum("ij,ij->i", rows, rows, out=lengths[part])
        out[part, :-2] = rows
    return out, lengths
