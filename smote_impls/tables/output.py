"""The resampled X while it grows: the originals first, then class by class what a sampler made."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from smote_impls.segments import PARENTS_DTYPE, Segments, interpolate_dense, interpolate_sparse
from smote_impls.target import TargetClass

__all__ = ["DenseOutput", "SparseOutput", "checked", "parents_of"]


class DenseOutput:
    """An array that X is copied into once, and synthetic rows are written into.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_features)
    n_synthetic : int
        The rows to come.

    Attributes
    ----------
    originals : ndarray of shape (n_rows, n_features), C-contiguous, read-only
        What samplers read: the values of a frame lie column by column, and rows are gathered from them
        several times slower than from this copy.
    """

    def __init__(self, X: np.ndarray, n_synthetic: int) -> None:
        self._rows = np.empty((len(X) + n_synthetic, X.shape[1]), dtype=X.dtype)
        self._n_filled = len(X)
        self._rows[: len(X)] = X
        self.originals = self._rows[: len(X)]
        self.originals.flags.writeable = False

    def append(self, made: Segments | Any) -> None:
        """Write the rows of one class."""
        n_made = _n_rows(made)
        out = self._rows[self._n_filled : self._n_filled + n_made]
        if isinstance(made, Segments):
            interpolate_dense(self.originals, made, out)
        else:
            out[...] = _of_type(made.toarray() if sparse.issparse(made) else np.asarray(made), out.dtype)
        self._n_filled += n_made

    def finish(self) -> np.ndarray:
        """Return all rows."""
        assert self._n_filled == len(self._rows)
        return self._rows


class SparseOutput:
    """A list of CSR blocks that are put below each other in the end.

    Parameters
    ----------
    X : CSR or CSC matrix of shape (n_rows, n_features)

    Attributes
    ----------
    originals : CSR matrix of shape (n_rows, n_features)
        What samplers read.
    """

    def __init__(self, X: Any) -> None:
        self.originals = X.tocsr()
        self._parts = [self.originals]

    def append(self, made: Segments | Any) -> None:
        """Keep the rows of one class."""
        if isinstance(made, Segments):
            self._parts.append(interpolate_sparse(self.originals, made))
        else:
            rows = type(self.originals)(made)
            rows.data = _of_type(rows.data, self.originals.dtype)
            self._parts.append(rows)

    def finish(self) -> Any:
        """Return all rows, as CSR."""
        return sparse.vstack(self._parts, format="csr", dtype=self.originals.dtype)


def checked(made: Segments | Any, target: TargetClass, author: str) -> Segments | Any:
    """Return what a sampler made, after making sure that it can be used.

    Parameters
    ----------
    made : Segments, ndarray or sparse matrix
    target : TargetClass
        What was asked for.
    author : str
        The sampler's name, for messages.

    Raises
    ------
    ValueError
        If there are too few or too many rows, or one that is not a row of numbers or starts nowhere in X.
    """
    asked = f"Expected {author}._synthesize to return {target.n_samples} rows for class {target.label!r}"
    if isinstance(made, Segments):
        return _checked_segments(made, target, asked)
    rows = made if sparse.issparse(made) else np.asarray(made)
    wanted = (target.n_samples, target.X.shape[1])
    if rows.shape != wanted:
        raise ValueError(
            f"{asked}, an array of shape {wanted} or Segments, got {type(made).__name__} of {rows.shape}."
        )
    if not np.isfinite(rows.data if sparse.issparse(rows) else rows).all():
        raise ValueError(f"{asked} of finite numbers, got NaN or inf. Check its arithmetic.")
    return rows


def parents_of(made: Segments | Any) -> np.ndarray:
    """Return the parents of the rows of one class; of rows on no segment -1, -1 and NaN."""
    if hasattr(made, "as_parents"):
        known: np.ndarray = made.as_parents()
        return known
    parents = np.empty(_n_rows(made), dtype=PARENTS_DTYPE)
    parents["seed"], parents["neighbor"], parents["step"] = -1, -1, np.nan
    return parents


def _n_rows(made: Segments | Any) -> int:
    return len(made) if isinstance(made, Segments) else made.shape[0]


def _checked_segments(made: Segments, target: TargetClass, asked: str) -> Segments:
    made = Segments(np.asarray(made.seed), np.asarray(made.neighbor), np.asarray(made.step, dtype=np.float64))
    shapes = [values.shape for values in (made.seed, made.neighbor, made.step)]
    if shapes != [(target.n_samples,)] * 3:
        raise ValueError(
            f"{asked}, got Segments with seed, neighbor and step of shapes {shapes}. Draw one of each a row."
        )
    n_rows = target.X.shape[0]
    for name, rows in (("seed", made.seed), ("neighbor", made.neighbor)):
        if rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= n_rows:
            raise ValueError(
                f"{asked}, with {name} from 0 to {n_rows - 1}, got {rows.dtype} from {rows.min()} to "
                f"{rows.max()}. They are rows of target.X: map positions in the class with target.rows[...]."
            )
    if not np.isfinite(made.step).all():
        raise ValueError(
            f"{asked} with finite steps, got NaN or inf. A step is 0 at the seed, 1 at the neighbor."
        )
    return made


def _of_type(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    return (values if dtype.kind == "f" else np.rint(values)).astype(dtype, copy=False)
