"""Nearest rows by blocks of matrix products: every distance, roughly; then the few that matter, exactly.

|x - y|**2 = |x|**2 - 2 x.y + |y|**2, and the product is what processors are best at, in float32 more than in
float64. It is rough, but how rough is known: a row whose rough distance exceeds an exact distance to the k-th
best row so far by more than the error bound is not among the nearest. `exact_order` settles the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from smote_impls.nearest.exact_order import Nearest, Rows, in_lines, nearest_of_lines, squared_distances

__all__ = ["BlockedSearch", "are_integers"]

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
_SAFETY = 3.0


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
        integers = are_integers(reference) and are_integers(queries)
        # Lengths, and with them errors, are least about the middle; one far row does not move the median.
        sample = np.sort(reference[:: max(1, len(reference) // 64), varying], axis=0)
        centre = np.rint(sample[len(sample) // 2]) if integers else sample[len(sample) // 2]
        left, right = (_centred(table, varying, centre, unit, dtype) for table in (queries, reference))
        left[0][:, :-2] *= -2
        left[0][:, -2], left[0][:, -1] = 1, 0
        right[0][:, -2], right[0][:, -1] = right[1], 1
        bound = 8 * max(left[1].max(initial=0.0), right[1].max(initial=0.0)) / unit**2
        exact = integers and bound < 2.0 ** np.finfo(dtype).nmant
        return cls(reference, queries, left[0], right[0].T, left[1], unit, exact)

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
        # Memory is asked for once: fresh pages cost as much as the comparison.
        buffer, within = (np.empty(max(_BLOCK_ELEMENTS, first), dtype) for dtype in (self.left.dtype, bool))
        answer = Nearest.empty(len(which), width)
        for start in range(0, len(which), n_queries):
            part = slice(start, start + n_queries)
            answer.put(part, _Block(self, which[part], width, limit, buffer, within).search(first))
        return answer

    def exact_distances(self, rows: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Return the squared distances that settle the order, of reference rows to queries."""
        return squared_distances(self.reference, self.queries, rows, of)

    def adjust(self, products: np.ndarray, which: np.ndarray, columns: slice) -> None:
        """Add to rough distances what no product has; nothing here (`smote_impls.mixed.search` does)."""

    def farthest(self, which: np.ndarray, rough: np.ndarray) -> np.ndarray:
        """Return what |x - y|**2 does not exceed when computed as `rough`, which is less |x|**2."""
        lengths = self.squared_lengths[which]
        d2 = np.maximum(rough.astype(np.float64) + lengths, 0.0)
        if not self.exact:
            epsilon = float(np.finfo(self.left.dtype).eps)
            reach = 2 * np.sqrt(lengths) + np.sqrt(d2)
            d2 = d2 + self._error(reach)
            d2 = (np.sqrt(d2) + _SAFETY * epsilon * reach) ** 2
        bound: np.ndarray = d2 / self.unit**2
        return bound

    def thresholds(self, which: np.ndarray, d2: np.ndarray) -> np.ndarray:
        """Return what |x - y|**2 - |x|**2, as computed, does not exceed for any row nearer than `d2`."""
        dtype = self.left.dtype
        lengths = self.squared_lengths[which]
        d2 = d2 * self.unit**2
        threshold: np.ndarray
        if self.exact:
            threshold = (d2 - lengths).astype(dtype)
            return threshold
        epsilon = float(np.finfo(dtype).eps)
        # |y| <= |x| + |x - y|, so the error does not depend on rows that are far away.
        reach = 2 * np.sqrt(lengths) + np.sqrt(d2)
        shift = _SAFETY * epsilon * reach
        threshold = ((np.sqrt(d2) + shift) ** 2 - lengths + self._error(reach)).astype(dtype)
        return threshold

    def _error(self, reach: np.ndarray) -> np.ndarray:
        """Return the bound of the rounding errors of a product with a row that is no farther than `reach`."""
        precision = np.finfo(self.left.dtype)
        bound: np.ndarray = (
            _SAFETY * (self.left.shape[1] + 8) * (float(precision.eps) * reach**2 + float(precision.tiny))
        )
        return bound


class _Block:
    """The search of one block of queries: it narrows a threshold for each as more rows are seen.

    Until the end it goes by rough distances; what these cannot tell apart from the nearest is then settled.
    """

    def __init__(
        self,
        search: BlockedSearch,
        which: np.ndarray,
        width: int,
        limit: int,
        buffer: np.ndarray,
        within: np.ndarray,
    ) -> None:
        self.searched, self.which, self.buffer, self.within = search, which, buffer, within
        self.width, self.limit = width, limit
        self.left = search.left[which]
        self.threshold = np.zeros(len(which), search.left.dtype)
        self.crowded = np.zeros(len(which), dtype=bool)
        self.found: list[_Candidates] = []
        self.n_found = np.zeros(len(which), np.intp)

    def search(self, first: int) -> Nearest:
        """Go through the reference rows from the first to the last."""
        n_reference = self.searched.right.shape[1]
        self._start(first)
        seen = narrowed = first
        step = max(1, _BLOCK_ELEMENTS // len(self.which))
        while seen < n_reference:
            columns = slice(seen, min(seen + step, n_reference))
            products = self._products(columns)
            within = self.within[: products.size].reshape(products.shape)
            self._collect(products, np.less_equal(products, 0, out=within), seen, self.threshold)
            seen = columns.stop
            if seen >= _GROWTH * narrowed or seen == n_reference or self.n_found.max() > self.limit:
                self._narrow()
                narrowed = seen
        return self._settled()

    def _products(self, columns: slice) -> np.ndarray:
        """Return rough squared distances less |x|**2 and less the threshold.

        With the threshold inside, the comparison is to one number, which is three times faster.
        """
        shape = (len(self.which), columns.stop - columns.start)
        if sparse.issparse(self.left):
            products: np.ndarray = (self.left @ self.searched.right[:, columns]).toarray() - self.threshold[
                :, None
            ]
            return products
        out = self.buffer[: shape[0] * shape[1]].reshape(shape)
        np.matmul(self.left, self.searched.right[:, columns], out=out)
        self.searched.adjust(out, self.which, columns)
        return out

    def _start(self, first: int) -> None:
        """Take the first rows within a rough threshold; again where the right one is higher."""
        products = self._products(slice(0, first))
        groups = products[:, : first - first % _GROUP].reshape(len(products), _GROUP, -1)
        # Some more than needed: then the right threshold is hardly ever higher.
        minima = groups.min(axis=1) if groups.shape[2] > self.width + 2 else products
        place = min(self.width + 2, minima.shape[1] - 1)
        rough = np.partition(minima, place, axis=1)[:, place]
        self._collect(products, products <= rough[:, None], 0, 0)
        self._narrow()
        missed = self.threshold > rough
        if missed.any():
            # All of their rows anew, so that they ascend.
            self.found = [found.only(~missed[found.of]) for found in self.found]
            within = np.zeros(products.shape, dtype=bool)
            within[missed] = products[missed] <= self.threshold[missed, None]
            self._collect(products, within, 0, 0)
            self._narrow()

    def _collect(
        self, products: np.ndarray, within: np.ndarray, offset: int, threshold: np.ndarray | int
    ) -> None:
        """Remember the rows within the thresholds and their rough distances."""
        of, column = np.divmod(np.flatnonzero(within), products.shape[1])
        rough = products[of, column]
        if isinstance(threshold, np.ndarray):
            rough += threshold[of]
        self.found.append(_Candidates(of, column + offset, rough))
        self.n_found += np.bincount(of, minlength=len(self.which))

    def _narrow(self) -> None:
        """Lower each threshold to what the roughly k-th nearest row allows, and forget rows above it."""
        found = _Candidates.all_of(self.found)
        searched = self.searched
        if searched.exact:
            found = found.nearest(len(self.which), self.width)
        # What was forgotten is behind the k-th, so that the k-th of the rest is the k-th of all.
        kth = found.kth(len(self.which), self.width)
        kth[self.crowded] = 0
        threshold = searched.thresholds(self.which, searched.farthest(self.which, kth))
        if searched.exact:
            # Rows come in order, so a later row that is as far is not wanted; distances are whole units.
            threshold -= threshold.dtype.type(searched.unit**2)
        else:
            found = found.only(found.rough <= threshold[found.of])
            self.crowded |= np.bincount(found.of, minlength=len(self.which)) > self.limit
            threshold[self.crowded] = np.finfo(threshold.dtype).min
            if self.crowded.any():
                found = found.only(~self.crowded[found.of])
        self.found = [found]
        self.n_found[:] = 0
        self.threshold = threshold
        if not sparse.issparse(self.left):
            self.left[:, -1] = -threshold

    def _settled(self) -> Nearest:
        """Put what is left in its exact order."""
        (found,) = self.found
        searched = self.searched
        d2 = searched.exact_distances(found.rows, self.which[found.of])
        rows, d2 = nearest_of_lines(found.of, found.rows, d2, len(self.which), self.width)
        return Nearest(rows, d2, self.crowded)


@dataclass(frozen=True)
class _Candidates:
    """Rows of which some may be among the nearest; of each query ascending."""

    of: np.ndarray
    rows: np.ndarray
    rough: np.ndarray

    @classmethod
    def all_of(cls, parts: list[_Candidates]) -> _Candidates:
        if len(parts) == 1:
            return parts[0]
        of = np.concatenate([part.of for part in parts])
        order = np.argsort(of, kind="stable")
        rows, rough = (np.concatenate([getattr(p, name) for p in parts])[order] for name in ("rows", "rough"))
        return cls(of[order], rows, rough)

    def only(self, kept: np.ndarray) -> _Candidates:
        return _Candidates(self.of[kept], self.rows[kept], self.rough[kept])

    def kth(self, n_queries: int, k: int) -> np.ndarray:
        """Return each query's k-th least rough distance."""
        lines, _ = in_lines(self.of, self.rough, n_queries, k)
        return np.partition(lines, k - 1, axis=1)[:, k - 1]

    def nearest(self, n_queries: int, k: int) -> _Candidates:
        """Return the first k of each query by rough distance, then row."""
        lines, place = in_lines(self.of, self.rough, n_queries, k)
        kept = np.zeros(lines.shape, dtype=bool)
        np.put_along_axis(kept, np.argsort(lines, axis=1, kind="stable")[:, :k], True, axis=1)
        return self.only(kept[self.of, place])


def are_integers(table: np.ndarray) -> bool:
    """Return whether all values are integers; of most tables the first rows say no at once."""
    parts = (table[start : start + _QUERIES] for start in range(0, len(table), _QUERIES))
    return all(np.array_equal(part, np.rint(part)) for part in parts)


def _centred(
    table: np.ndarray, varying: np.ndarray, centre: np.ndarray, unit: float, dtype: type
) -> tuple[np.ndarray, np.ndarray]:
    """Return (table - centre) * unit with room for two more columns, and squared lengths.

    Made in slices: it is a copy already. That lengths are of rows not yet rounded is within the error bound.
    """
    out: np.ndarray = np.empty((len(table), len(centre) + 2), dtype)
    lengths = np.empty(len(table))
    for start in range(0, len(table), 256):
        part = slice(start, start + 256)
        rows = table[part] if varying.all() else table[part][:, varying]
        rows = rows - centre
        rows *= unit
        np.einsum("ij,ij->i", rows, rows, out=lengths[part])
        out[part, :-2] = rows
    return out, lengths
