"""What a method did to the training rows, as points to be drawn: kept, removed and synthetic ones.

Taken from the final evaluation's training part of the first repeat, while the rows are in memory; a figure
made later needs neither the data set nor the sampler.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from smote_bench.evaluation.blobs import read_array, unpacked
from smote_bench.evaluation.row_matching import match_rows

__all__ = ["GROUPS", "MAX_POINTS", "Points", "take_points"]

GROUPS = ("majority", "minority", "removed", "synthetic")
MAX_POINTS = 2000
"""More rows than these are sampled, each group in proportion to its size."""

_LEAST = 50
"""A group keeps this many points where it has them: a small minority would vanish otherwise."""

_ARRAYS = ("X", "group", "pca", "explained", "parents")


@dataclass(frozen=True, eq=False)
class Points:
    """A stratified sample of the rows before and after resampling.

    Parameters
    ----------
    X : ndarray of shape (n_points, n_features), float32
        After preprocessing, as the sampler sees them.
    group : ndarray of shape (n_points,), uint8
        Places in `GROUPS`. ``removed`` rows were there before resampling only; ``synthetic`` ones are there
        after it only, repeated rows among them.
    pca : ndarray of shape (n_points, 2), float32
        On the principal axes of all rows before resampling, the same for every method of a data set.
    explained : ndarray of shape (2,), float32
        Share of the variance on each axis.
    parents : ndarray of shape (n_points, 2), int32
        The points between which a synthetic row was put; -1 where that is not known or not in the sample.
    totals : mapping of group to int
        Rows before sampling.
    """

    X: np.ndarray
    group: np.ndarray
    pca: np.ndarray
    explained: np.ndarray
    parents: np.ndarray
    totals: Mapping[str, int]

    @property
    def is_sampled(self) -> bool:
        """Whether there were more rows than points."""
        return sum(self.totals.values()) > len(self.X)

    def dumps(self) -> bytes:
        """Return the points as compressed bytes."""
        buffer = io.BytesIO()
        for name in _ARRAYS:
            np.save(buffer, getattr(self, name), allow_pickle=False)
        buffer.write(json.dumps(dict(self.totals)).encode())
        return zlib.compress(buffer.getvalue(), 6)

    @classmethod
    def loads(cls, data: bytes) -> Points:
        """Rebuild points from `dumps`.

        Raises
        ------
        SmoteBenchError
            If the bytes are damaged, or would be larger than `smote_bench.evaluation.blobs.MOST_BYTES`.
        """
        buffer = unpacked(data)
        arrays = {name: read_array(buffer) for name in _ARRAYS}
        return cls(**arrays, totals=json.loads(buffer.read()))


def take_points(
    before: tuple[np.ndarray, np.ndarray],
    after: tuple[np.ndarray, np.ndarray],
    parents: np.ndarray | None = None,
) -> Points:
    """Sort rows into groups, project them, and sample them.

    Parameters
    ----------
    before, after : pair of ndarray of shape (n_rows, n_features) and (n_rows,)
        Rows and labels before and after resampling. A row of both with the same values and label is one that
        was kept, as often as it is in both.
    parents : structured ndarray of shape (n_synthetic,), optional
        Fields ``seed`` and ``neighbor``, rows of `before`, for the last rows of `after`.

    Returns
    -------
    Points
    """
    (X, y), (X_after, y_after) = before, after
    kept, made = match_rows(X, y, X_after, y_after)
    removed = GROUPS.index("removed")
    groups = np.concatenate([np.where(kept, y, removed), np.full(len(made), GROUPS.index("synthetic"))])
    rows = np.vstack([X, X_after[made]])
    links = _links(parents, made, len(X), len(X_after))
    chosen = _sample(groups.astype(np.uint8), links)
    axes, explained = _principal_axes(X)
    place = np.full(len(rows) + 1, -1, dtype=np.int32)  # one more, so that an unknown parent stays unknown
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    both_shown = place[links[chosen]]
    both_shown[(both_shown < 0).any(axis=1)] = -1
    return Points(
        X=rows[chosen].astype(np.float32),
        group=groups[chosen].astype(np.uint8),
        pca=((rows[chosen] - X.mean(axis=0)) @ axes.T).astype(np.float32),
        explained=explained.astype(np.float32),
        parents=both_shown,
        totals={name: int((groups == code).sum()) for code, name in enumerate(GROUPS)},
    )


def _links(parents: np.ndarray | None, made: np.ndarray, n_before: int, n_after: int) -> np.ndarray:
    """Return the parents of all rows, as places in the rows before followed by the synthetic ones."""
    links = np.full((n_before + len(made), 2), -1, dtype=np.intp)
    if parents is None or parents.dtype.names is None or not {"seed", "neighbor"} <= {*parents.dtype.names}:
        return links
    place = made - (n_after - len(parents))
    known = place >= 0
    pairs = np.column_stack([parents["seed"], parents["neighbor"]])[place[known]]
    valid = ((pairs >= 0) & (pairs < n_before)).all(axis=1)
    links[n_before + np.flatnonzero(known)[valid]] = pairs[valid]
    return links


def _sample(groups: np.ndarray, links: np.ndarray) -> np.ndarray:
    """Return the rows to be shown, in order; the parents of shown synthetic rows come before others."""
    if len(groups) <= MAX_POINTS:
        return np.arange(len(groups))
    rng = np.random.default_rng(0)
    counts = np.bincount(groups, minlength=len(GROUPS))
    least = np.minimum(counts, _LEAST)
    share = (MAX_POINTS - least.sum()) / (counts - least).sum()
    quota = least + np.floor((counts - least) * share).astype(np.intp)
    synthetic = GROUPS.index("synthetic")
    chosen = [rng.permutation(np.flatnonzero(groups == synthetic))[: quota[synthetic]]]
    wanted = np.zeros(len(groups) + 1, dtype=bool)
    wanted[links[chosen[0]]] = True
    for code in range(synthetic):
        rows = rng.permutation(np.flatnonzero(groups == code))
        chosen.append(rows[np.argsort(~wanted[rows], kind="stable")][: quota[code]])
    return np.sort(np.concatenate(chosen))


def _principal_axes(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return two axes of shape (2, n_features) and their shares of variance; zeros where there is no axis."""
    from sklearn.decomposition import PCA

    axes, explained = np.zeros((2, X.shape[1])), np.zeros(2)
    n_axes = min(2, *X.shape)
    if n_axes and len(X) > 1 and np.ptp(X, axis=0).any():
        # 15 times faster on tall tables than the decomposition of all rows, and as exact as a figure needs.
        solver = "covariance_eigh" if X.shape[1] <= len(X) else "full"
        pca = PCA(n_axes, svd_solver=solver).fit(X)
        axes[:n_axes], explained[:n_axes] = pca.components_, pca.explained_variance_ratio_
    return axes, explained
