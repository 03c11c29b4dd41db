"""The value difference metric: how far two levels are apart by the classes that come with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smote_impls.nearest.exact_order import Nearest, distinct_rows, expand, nearest_of_lines
from smote_impls.threads import in_threads, thread_count

__all__ = ["ValueDifference"]

# Distances of so many pairs are held at a time.
_BLOCK_PAIRS = 1 << 20


@dataclass(frozen=True, eq=False)
class ValueDifference:
    """The distances between the levels of each column, after Cost and Salzberg (1993).

    Parameters
    ----------
    groups : ndarray of shape (n_rows, n_columns), int32
        The group of each row's level, in all rows of every class: levels that come with the classes in the
        same shares are one group, and at distance 0. There are few, even where each row has a level of its
        own.
    squares : tuple of ndarray of shape (n_groups, n_groups), float64
        For each column the squares of ``delta(V1, V2) = sum over classes of |C1i / C1 - C2i / C2|``.
    """

    groups: np.ndarray
    squares: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, codes: np.ndarray, classes: np.ndarray) -> ValueDifference:
        """Count how often each level comes with each class.

        Parameters
        ----------
        codes : ndarray of shape (n_rows, n_columns), integers from 0 on
        classes : ndarray of shape (n_rows,), integers from 0 on

        Examples
        --------
        Of level 0 a half is of class 0, of level 1 all, of level 2 none: deltas are 1, 1 and 2.

        >>> import numpy as np
        >>> metric = ValueDifference.of(np.array([[0], [0], [1], [1], [2]]), np.array([0, 1, 0, 0, 1]))
        >>> metric.squared_distances(np.array([0, 2]), np.array([0, 1, 2, 4]))
        array([[0., 0., 1., 1.],
               [1., 1., 0., 4.]])
        """
        columns = [_grouped(column, classes, int(classes.max()) + 1) for column in codes.T]
        return cls(
            np.column_stack([groups for groups, _ in columns]), tuple(squares for _, squares in columns)
        )

    def squared_distances(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return the distance of each of `rows` to each of `others`: squares of deltas, summed by column."""
        d2 = np.zeros((len(rows), len(others)))
        for column, squares in zip(self.groups.T, self.squares, strict=True):
            d2 += np.take(squares[column[rows]], column[others], axis=1)
        return d2

    def nearest(
        self, rows: np.ndarray, queries: np.ndarray, k: int, *, n_jobs: int | None = None
    ) -> np.ndarray:
        """Find the nearest of some rows, never the row itself.

        Parameters
        ----------
        rows : ndarray of shape (n_candidates,), intp
            The rows to search, ascending.
        queries : ndarray of shape (n_queries,), intp
            Positions in `rows`: which of them to find neighbours of.
        k : int
            From 1 to ``n_candidates - 1``.
        n_jobs : int, optional
            Threads, which change nothing in the answer (`smote_impls.threads`).

        Returns
        -------
        ndarray of shape (n_queries, k), intp
            Positions in `rows`, nearest first; of equal distances the lower first.
        """
        if not len(queries):
            return np.empty((0, k), np.intp)
        distinct = distinct_rows(self.groups[rows].astype(np.float64))
        asked, of_query = np.unique(distinct.of_row[queries], return_inverse=True)
        width = min(k + 1, len(distinct.first))
        candidates = rows[distinct.first]
        parts = in_threads(
            lambda part: self._nearest(candidates, candidates[part], width), asked, thread_count(n_jobs)
        )
        found = Nearest(
            *(np.concatenate([getattr(part, n) for part in parts]) for n in ("rows", "d2", "crowded"))
        )
        nearest = expand(found, distinct, k + 1).rows[of_query.ravel()]
        keep = nearest != queries[:, None]
        keep[keep.all(axis=1), -1] = False  # equal rows with lower numbers took all places
        others: np.ndarray = nearest[keep].reshape(len(queries), k)
        return others

    def _nearest(self, candidates: np.ndarray, queries: np.ndarray, width: int) -> Nearest:
        answer = Nearest.empty(len(queries), width)
        step = max(1, _BLOCK_PAIRS // len(candidates))
        for start in range(0, len(queries), step):
            block = slice(start, start + step)
            d2 = self.squared_distances(queries[block], candidates)
            last = np.partition(d2, width - 1, axis=1)[:, [width - 1]]
            of, position = np.nonzero(d2 <= last)
            found, near = nearest_of_lines(of, position, d2[of, position], len(d2), width)
            answer.put(block, Nearest(found, near, np.zeros(len(d2), dtype=bool)))
        return answer


def _grouped(levels: np.ndarray, classes: np.ndarray, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the group of each row's level and the squared deltas between groups."""
    n_levels = int(levels.max()) + 1
    counts = np.bincount(levels.astype(np.intp) * n_classes + classes, minlength=n_levels * n_classes)
    counts = counts.reshape(n_levels, n_classes)
    n_each = np.maximum(counts.sum(axis=1, keepdims=True), 1)  # numbers that no row has are no matter
    shares, of_level = np.unique(counts / n_each, axis=0, return_inverse=True)
    delta = np.zeros((len(shares), len(shares)))
    for share in shares.T:
        delta += np.abs(share[:, None] - share)
    return of_level.ravel()[levels].astype(np.int32), delta**2
