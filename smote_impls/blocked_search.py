"""Nearest rows by blocks of matrix products: every distance, roughly; then the few that matter, exactly.

|x - y|**2 = |x|**2 - 2 x.y + |y|**2, and the product is what processors are best at, in float32 more than in
float64. It is rough, but how rough is known: a row whose rough distance exceeds an exact distance to the k-th best
row so far by more than the error bound is not among the nearest. `smote_impls.exact_order` settles the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from smote_impls.exact_order import Nearest, Rows, first_of_each, settle, squared_distances

__all__ = ["BlockedSearch"]

# A block of products should stay in the second-level cache: 256 queries x 1024 rows x 4 bytes are 1 MB.
_QUERIES = 256
_COLUMNS = 1024
_BLOCK_ELEMENTS = _QUERIES * _COLUMNS
# The candidates of this many rows are settled before the bound is first used.
_FIRST_COLUMNS = 256
# Settling costs as much as some blocks: it is done when the rows seen have grown by this factor.
_GROWTH = 4
# Safety over the textbook bounds of rounding errors, which hold for any order of summation.
_SAFETY = 2.0


@dataclass(frozen=True)
class BlockedSearch:
    """Rough distances of one precision between the rows of two tables.

    Attributes
    ----------
    reference, queries : the tables that exact distances are computed from
    left : array of shape (n_queries, n_features + 1)
        -2 x and a column of ones.
    right : array of shape (n_features + 1, n_reference)
        y and its squared length.
    squared_lengths : ndarray of shape (n_queries,)
        |x|**2.
    unit : float
        The factor, a power of two, between the tables and what is multiplied.
    exact : bool
        All products and sums are integers small enough to have no rounding error.
    """

    reference: Rows
    queries: Rows
    left: Rows
    right: Rows
    squared_lengths: np.ndarray
    unit: float
    exact: bool

    @classmethod
    def prepare(cls, reference: Rows, queries: Rows, dtype: type) -> BlockedSearch:
        """Centre and scale both tables and round them to `dtype`."""
        if sparse.issparse(reference):
            return cls._prepare_sparse(reference, queries)
        low = np.minimum(reference.min(axis=0), queries.min(axis=0))
        high = np.maximum(reference.max(axis=0), queries.max(axis=0))
        varying = high > low
        largest = float((high - low).max(initial=0.0)) or 1.0
        unit = float(2.0 ** -np.frexp(largest)[1])
        integers = _integers(reference) and _integers(queries)
        # Lengths, and with them errors, are least about the middle; one far row does not move the median.
        sample = reference[:: max(1, len(reference) // 512), varying]
        centre = np.rint(np.median(sample, axis=0)) if integers else np.median(sample, axis=0)
        left, right = (_centred(table, varying, centre, unit, dtype) for table in (queries, reference))
        lengths = [
            np.einsum("ij,ij->i", part, part, dtype=np.float64) for part in (left[:, :-1], right[:, :-1])
        ]
        bound = 4 * max(length.max(initial=0.0) for length in lengths) / unit**2
        left[:, :-1] *= -2
        left[:, -1], right[:, -1] = 1, lengths[1]
        exact = integers and bound < 2.0 ** (np.finfo(dtype).nmant)
        return cls(reference, queries, left, np.ascontiguousarray(right.T), lengths[0], unit, exact)

    @classmethod
    def _prepare_sparse(cls, reference: Rows, queries: Rows) -> BlockedSearch:
        """Leave sparse tables where they are: to centre them would fill them."""
        lengths = [np.asarray(table.multiply(table).sum(axis=1)).ravel() for table in (queries, reference)]
        ones = np.ones((queries.shape[0], 1))
        left = sparse.csr_array(sparse.hstack([-2 * queries, ones]))
        right = sparse.csc_array(sparse.vstack([reference.T, lengths[1][None, :]]))
        return cls(reference, queries, left, right, lengths[0], 1.0, False)

    def nearest(self, which: np.ndarray, width: int, limit: int) -> Nearest:
        """Return the nearest `width` rows of some queries; those with more than `limit` candidates are crowded."""
        n_reference = self.right.shape[1]
        first = min(n_reference, max(_FIRST_COLUMNS, 2 * width))
        n_queries = max(1, min(_QUERIES, _BLOCK_ELEMENTS // first))
        answer = Nearest.empty(len(which), width)
        for start in range(0, len(which), n_queries):
            part = slice(start, start + n_queries)
            answer.put(part, _Block(self, which[part], width, limit).search(first))
        return answer

    def products(self, which: np.ndarray, columns: slice) -> np.ndarray:
        """Return the rough squared distances less |x|**2."""
        product = self.left[which] @ self.right[:, columns]
        return product.toarray() if sparse.issparse(product) else product

    def thresholds(self, which: np.ndarray, d2: np.ndarray) -> np.ndarray:
        """Return what no product of a row nearer than `d2` exceeds."""
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
        bound = (np.sqrt(d2) + shift) ** 2 - lengths + error
        return np.nextafter(bound.astype(dtype), dtype.type(np.inf))


class _Block:
    """The search of one block of queries: it narrows a threshold for each as more rows are seen."""

    def __init__(self, search: BlockedSearch, which: np.ndarray, width: int, limit: int) -> None:
        self.search_, self.which, self.width, self.limit = search, which, width, limit
        self.left = search.left[which]
        self.crowded = np.zeros(len(which), dtype=bool)
        self.of, self.rows, self.d2 = (np.empty(0, dtype) for dtype in (np.intp, np.intp, np.float64))
        self.pending: list[tuple[np.ndarray, ...]] = []
        self.n_pending = 0

    def search(self, first: int) -> Nearest:
        """Go through the reference rows from the first to the last."""
        n_reference = self.search_.right.shape[1]
        products = self._products(slice(0, first))
        self._start(products)
        self._collect(products, 0)
        self._settle()
        seen = settled = first
        step = max(1, _BLOCK_ELEMENTS // len(self.which))
        while seen < n_reference:
            columns = slice(seen, min(seen + min(step, seen * (_GROWTH - 1)), n_reference))
            self._collect(self._products(columns), seen)
            seen = columns.stop
            if seen >= _GROWTH * settled or seen == n_reference or self.n_pending > _BLOCK_ELEMENTS:
                self._settle()
                settled = seen
        return self._answer()

    def _products(self, columns: slice) -> np.ndarray:
        product = self.left @ self.search_.right[:, columns]
        return product.toarray() if sparse.issparse(product) else product

    def _start(self, products: np.ndarray) -> None:
        """Set thresholds from the exact distances to the roughly nearest of the first rows."""
        n_queries = len(self.which)
        rows = np.argpartition(products, self.width - 1, axis=1)[:, : self.width].ravel()
        of = np.repeat(np.arange(n_queries), self.width)
        d2 = self._exact(of, rows).reshape(n_queries, self.width)
        self.threshold = self.search_.thresholds(self.which, d2.max(axis=1))[:, None]

    def _exact(self, of: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return squared_distances(self.search_.reference, self.search_.queries, rows, self.which[of])

    def _collect(self, products: np.ndarray, offset: int) -> None:
        """Remember the rows within the thresholds."""
        hits = np.flatnonzero(products <= self.threshold)
        of, column = np.divmod(hits, products.shape[1])
        if self.search_.exact and len(hits) > len(self.which) * self.width:
            # Without rounding errors the products tell the order themselves, however many are equal.
            order = np.lexsort((column, products.ravel()[hits], of))
            kept = first_of_each(of, order, self.width)
            of, column = of[kept], column[kept]
        elif not self.search_.exact:
            crowded = np.bincount(of, minlength=len(self.which)) > self.limit
            if crowded.any():
                self._give_up(crowded)
                kept = ~crowded[of]
                of, column = of[kept], column[kept]
        self.pending.append((of, column + offset))
        self.n_pending += len(of)

    def _give_up(self, crowded: np.ndarray) -> None:
        self.crowded |= crowded
        self.threshold[self.crowded] = -np.inf

    def _settle(self) -> None:
        """Put the remembered rows in their exact order, drop all but the nearest, narrow the thresholds."""
        of, rows = (np.concatenate(parts) for parts in zip(*self.pending, strict=True))
        d2 = self._exact(of, rows)
        of, rows, d2 = (np.r_[a, b] for a, b in ((self.of, of), (self.rows, rows), (self.d2, d2)))
        kept = ~self.crowded[of]
        self.of, self.rows, self.d2 = settle(of[kept], rows[kept], d2[kept], self.width)
        self.pending, self.n_pending = [], 0
        threshold = self.search_.thresholds(self.which[~self.crowded], self.d2[self.width - 1 :: self.width])
        if self.search_.exact:
            # Rows come in order, so that a later row which is as far does not come before an earlier one.
            threshold = np.nextafter(threshold, threshold.dtype.type(-np.inf))
        self.threshold[~self.crowded, 0] = threshold

    def _answer(self) -> Nearest:
        answer = Nearest.empty(len(self.which), self.width)
        answer.crowded[:] = self.crowded
        answer.rows[~self.crowded] = self.rows.reshape(-1, self.width)
        answer.d2[~self.crowded] = self.d2.reshape(-1, self.width)
        return answer


def _integers(table: np.ndarray) -> bool:
    """Return whether all values are integers; a look at some rows says no at once for most tables."""
    return all(np.array_equal(part, np.rint(part)) for part in (table[:64], table))


def _centred(
    table: np.ndarray, varying: np.ndarray, centre: np.ndarray, unit: float, dtype: type
) -> np.ndarray:
    """Return (table - centre) * unit with room for one more column, made in slices: it is a copy already."""
    out = np.empty((len(table), len(centre) + 1), dtype)
    for start in range(0, len(table), 4096):
        part = slice(start, start + 4096)
        out[part, :-1] = (table[part][:, varying] - centre) * unit
    return out
