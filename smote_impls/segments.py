"""Segments between two rows of the input, and the synthetic rows on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

__all__ = ["PARENTS_DTYPE", "Segments", "interpolate_dense", "interpolate_sparse"]

PARENTS_DTYPE = np.dtype([("seed", np.intp), ("neighbor", np.intp), ("step", np.float64)])

# What a block's temporary rows may take. Dense blocks that stay in the cache took half the time of larger
# ones; sparse ones have a fixed cost each.
_DENSE_BLOCK_BYTES = 2**19
_SPARSE_BLOCK_BYTES = 2**25


@dataclass(frozen=True, eq=False)
class Segments:
    """Where synthetic rows lie: ``X[seed] + step * (X[neighbor] - X[seed])``.

    Parameters
    ----------
    seed, neighbor : ndarray of shape (n_samples,), intp
        Rows of ``X``: where each segment starts, and where it leads.
    step : ndarray of shape (n_samples,), float64
        The way made on each segment, in units of its length: 0 is the seed, 1 the neighbour.
    """

    seed: np.ndarray
    neighbor: np.ndarray
    step: np.ndarray

    @classmethod
    def draw(
        cls, seeds: np.ndarray, counts: np.ndarray, partners: np.ndarray, rng: np.random.RandomState
    ) -> Segments:
        """Draw segments from seeds towards partners, each partner and each step equally likely.

        Parameters
        ----------
        seeds : ndarray of shape (n_seeds,), intp
            Rows of ``X`` to start from.
        counts : ndarray of shape (n_seeds,), intp
            The number of segments to draw from each seed.
        partners : ndarray of shape (n_seeds, n_partners), intp
            Rows of ``X`` that each seed's segments may lead to.
        rng : RandomState
            The source of the partners and, after them, of the steps, uniform on [0, 1): one per segment.
        """
        origin = np.repeat(np.arange(len(seeds)), counts)
        column = rng.randint(partners.shape[1], size=len(origin))
        return cls(seeds[origin], partners[origin, column], rng.uniform(size=len(origin)))

    def __len__(self) -> int:
        return len(self.seed)

    def as_parents(self) -> np.ndarray:
        """Return one structured array, as ``synthetic_parents_`` holds it."""
        parents = np.empty(len(self), dtype=PARENTS_DTYPE)
        parents["seed"], parents["neighbor"], parents["step"] = self.seed, self.neighbor, self.step
        return parents

    def _from_nearer_end(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return start, end and step such that no step in [0, 1] is longer than a half.

        ``a + t * (b - a)`` may round to a number beyond ``b`` when ``t`` is near 1, but never when it is a
        half or less: so no row leaves its segment, and nothing has to be clipped. ``1 - t`` is exact from a
        half to 1.
        """
        swap = self.step > 0.5
        start = np.where(swap, self.neighbor, self.seed)
        end = np.where(swap, self.seed, self.neighbor)
        return start, end, np.where(swap, 1.0 - self.step, self.step)


def interpolate_dense(X: np.ndarray, segments: Segments, out: np.ndarray) -> None:
    """Write the rows that `segments` describe into `out`, block by block.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_features), C-contiguous
    segments : Segments
        Their rows must be rows of `X`.
    out : ndarray of shape (len(segments), n_features), C-contiguous, of the type of `X`
        For integers and booleans the nearest value is written.
    """
    start, end, step = segments._from_nearer_end()
    fill = _fill_floats if X.dtype.kind == "f" else _fill_integers
    for block in _blocks(len(segments), X.shape[1] * X.itemsize, _DENSE_BLOCK_BYTES):
        fill(X, start[block], end[block], step[block, None], out[block])


def interpolate_sparse(X: Any, segments: Segments) -> Any:
    """Return the rows that `segments` describe as a CSR matrix of the type of `X`."""
    start, end, step = segments._from_nearer_end()
    bytes_per_row = 4 * 16 * max(1, X.nnz // max(1, X.shape[0]))
    parts = [
        _sparse_rows(X, start[block], end[block], step[block])
        for block in _blocks(len(segments), bytes_per_row, _SPARSE_BLOCK_BYTES)
    ]
    return sparse.vstack(parts, format="csr", dtype=X.dtype)


def _blocks(n_rows: int, bytes_per_row: int, block_bytes: int) -> Iterator[slice]:
    size = max(1, block_bytes // max(1, bytes_per_row))
    return (slice(i, i + size) for i in range(0, n_rows, size))


def _fill_floats(
    X: np.ndarray, start: np.ndarray, end: np.ndarray, step: np.ndarray, out: np.ndarray
) -> None:
    # Indices were checked; mode="clip" lets take write into `out` without a copy of its own.
    step = step.astype(X.dtype, copy=False)
    np.take(X, start, axis=0, out=out, mode="clip")
    way = np.take(X, end, axis=0, mode="clip")
    with np.errstate(over="ignore", invalid="ignore"):
        way -= out
        way *= step
        if not np.isfinite(way.sum()):
            # A difference overflowed, as that of 1e308 and -1e308 does; that of their halves cannot.
            way = 0.5 * np.take(X, end, axis=0, mode="clip") - 0.5 * out
            way *= 2 * step
        out += way


def _fill_integers(
    X: np.ndarray, start: np.ndarray, end: np.ndarray, step: np.ndarray, out: np.ndarray
) -> None:
    origin = X[start].astype(np.int64)
    way = np.rint(step * _integer_difference(X[end].astype(np.int64), origin, X.dtype))
    # The sum lies between two values of the column, so that wrapping round in int64 is right for uint64 too.
    out[...] = (origin + _wrapped(way)).astype(X.dtype)


def _integer_difference(end: np.ndarray, start: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return the difference as floats: of integers beyond 2**53 it is taken before they become floats."""
    exact: np.ndarray = (end - start).astype(np.float64)
    if dtype.itemsize < 8:
        return exact
    rough = end.astype(dtype).astype(np.float64) - start.astype(dtype).astype(np.float64)
    return np.where(np.abs(rough) < 2.0**62, exact, rough)  # beyond, the exact one has wrapped round


def _wrapped(way: np.ndarray) -> np.ndarray:
    """Return whole numbers as int64; half of the range of uint64 is one too many, and wraps round."""
    return np.where(way < 2.0**63, way, way - 2.0**64).astype(np.int64)


def _sparse_rows(X: Any, start: np.ndarray, end: np.ndarray, step: np.ndarray) -> Any:
    origin, goal = X[start], X[end]
    if X.dtype.kind != "f":
        way = _scaled(_integer_way(origin, goal), step)
        way.data = _wrapped(np.rint(way.data))
        return (origin.astype(np.int64) + way).astype(X.dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        way = _scaled(goal - origin, step)
        if not np.isfinite(way.data.sum()):
            way = _scaled(0.5 * goal - 0.5 * origin, 2 * step)
    return (origin + way).astype(X.dtype)


def _integer_way(origin: Any, goal: Any) -> Any:
    largest = max(np.abs(rows.data.astype(np.float64)).max(initial=0) for rows in (origin, goal))
    exact = np.int64 if largest < 2.0**62 else np.float64
    return (goal.astype(exact) - origin.astype(exact)).astype(np.float64)


def _scaled(rows: Any, factor: np.ndarray) -> Any:
    rows.data = rows.data * np.repeat(factor, np.diff(rows.indptr)).astype(rows.dtype, copy=False)
    return rows
