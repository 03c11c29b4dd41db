"""t-SNE of a run's points: rows before and after resampling embedded together, once per data set and method.

The slowest part of a report by far, so what was embedded once is kept, in the run's store and in the memo.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from smote_bench.environment.processes import map_in_processes
from smote_bench.environment.targets import package_version
from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.blobs import read_array
from smote_bench.runs.extras import TSNE
from smote_bench.runs.store import Store

if TYPE_CHECKING:
    from smote_bench.evaluation.points import Points
    from smote_bench.runs.open import Run

__all__ = ["QUICK_SECONDS", "Embeddings", "Wanted", "embed_points", "thinned_rows", "tsne"]

Wanted = Literal["auto", "on", "off"]

AUTO_POINTS = 10_000
"""Automatic reports embed up to this many points that are not known yet: about a minute on one core."""

_SECONDS_FOR_THEM = 60.0

QUICK_SECONDS = 10.0
"""Of CPU time that an automatic report of one or two data sets takes for t-SNE of fewer points."""

_FEW_DATASETS = 2
_SECONDS_A_POINT = 0.004
"""Of one core, up to some 1,500 points."""

_SECONDS_TO_START = 1.5
"""For the import of scikit-learn's t-SNE: a run of a moment does not pay for it."""

_LEAST_QUICK_POINTS = 150
"""Fewer show nothing of where synthetic rows lie."""

_ITERATIONS = 500
_PERPLEXITY = 30.0
_LEAST_POINTS = 10


@dataclass(frozen=True)
class Embeddings:
    """What could be embedded.

    Parameters
    ----------
    by_name : dict of (dataset, method) to ndarray of shape (n_points, 2), float32
        Row by row the points of `smote_bench.evaluation.points.Points`.
    left_out : tuple of (dataset, method)
        Those that were not asked for, or would have taken too long.
    n_points_left_out : int
    thinned : mapping of (dataset, method) to int
        Those of which so many points were embedded, and no more, to be quick: the others' rows are NaN.
    """

    by_name: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    left_out: tuple[tuple[str, str], ...] = ()
    n_points_left_out: int = 0
    thinned: Mapping[tuple[str, str], int] = field(default_factory=dict)


def embed_points(
    run: Run,
    wanted: Wanted = "auto",
    *,
    seconds: float | None = None,
    memo: Path | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Embeddings:
    """Embed the points of a run, or fetch what was embedded before.

    Parameters
    ----------
    run : Run
    wanted : {"auto", "on", "off"}
        ``auto`` embeds what is not known yet only where that is at most `AUTO_POINTS` points in all. Where
        there are more, it embeds of one or two data sets fewer points of each pair, in about `QUICK_SECONDS`
        of CPU time and at most as long as the cells took. In a large run (`Run.is_large`), whose page has
        room for a few pairs only, nothing is embedded.
    seconds : float, optional
        What ``auto`` may take; default about the minute that `AUTO_POINTS` take.
    memo : Path, optional
        A file of outcomes shared by runs, to read from and add to.
    jobs : int
        Processes to embed in.
    progress : callable
        Told after each embedding how many of how many are done.
    """
    if run.is_large:
        return Embeddings()
    found: dict[tuple[str, str], np.ndarray] = {}
    missing: dict[tuple[str, str], np.ndarray] = {}
    with _stores(run.folder / "cells.sqlite", memo) as stores:
        for dataset in run.datasets:
            for method in run.methods:
                points = run.points(dataset, method)
                if points is None or len(points.X) < _LEAST_POINTS:
                    continue
                known = _known(stores, _key(points.X))
                if known is None:
                    missing[dataset, method] = points.X
                else:
                    found[dataset, method] = known
        n_points = sum(map(len, missing.values()))
        share = 1.0 if seconds is None else min(1.0, seconds / _SECONDS_FOR_THEM)
        if wanted == "off" or (wanted == "auto" and n_points > share * AUTO_POINTS):
            if wanted == "auto" and len(run.datasets) <= _FEW_DATASETS:
                return _quickly(run, found, missing, stores)
            return Embeddings(found, tuple(missing), n_points)
        for name, embedded in _embed_all(missing, jobs, progress):
            found[name] = embedded
            _keep(stores, name, _key(missing[name]), embedded)
    order = [(dataset, method) for dataset in run.datasets for method in run.methods]
    return Embeddings({name: found[name] for name in order if name in found})


def _quickly(
    run: Run,
    found: dict[tuple[str, str], np.ndarray],
    missing: Mapping[tuple[str, str], np.ndarray],
    stores: Sequence[Store],
) -> Embeddings:
    """Embed fewer points of each pair, as many as there is time for, of the first pairs alone if need be."""
    seconds = min(QUICK_SECONDS, math.fsum(one.total_seconds for one in run.outcomes)) - _SECONDS_TO_START
    paid = int(max(0.0, seconds) / (_LEAST_QUICK_POINTS * _SECONDS_A_POINT))
    n_pairs = min(len(found) + len(missing), paid)
    # Neither by a clock nor by what is known already: the same run gives the same page.
    n = int(seconds / max(1, n_pairs) / _SECONDS_A_POINT)
    order = list(missing)
    thinned: dict[tuple[str, str], int] = {}
    for name in order[:n_pairs]:
        points = run.points(*name)
        assert points is not None  # it is missing, so it has points
        chosen = thinned_rows(points, n)
        few = points.X[chosen]
        known = _known(stores, _key(few))
        embedded = np.full((len(points.X), 2), np.nan, dtype=np.float32)
        embedded[chosen] = tsne(few) if known is None else known
        if known is None:
            _keep(stores, name, _key(few), embedded[chosen])
        found[name] = embedded
        if len(chosen) < len(points.X):
            thinned[name] = len(chosen)
    left_out = tuple(name for name in order if name not in found)
    in_order = {(d, m): found[d, m] for d in run.datasets for m in run.methods if (d, m) in found}
    return Embeddings(in_order, left_out, sum(len(missing[name]) for name in left_out), thinned)


def thinned_rows(points: Points, n: int) -> np.ndarray:
    """Return which `n` rows to embed, in order: of each group its share, ten of it where it has them.

    The same rows each time. A synthetic row's parents may be left out.
    """
    if n >= len(points.X):
        return np.arange(len(points.X))
    rng = np.random.default_rng(0)
    counts = np.bincount(points.group, minlength=int(points.group.max()) + 1)
    shares = np.maximum(np.minimum(counts, 10), np.floor(n * counts / counts.sum()).astype(int))
    parts = [
        rng.choice(np.flatnonzero(points.group == code), min(share, count), replace=False)
        for code, (share, count) in enumerate(zip(shares, counts, strict=True))
    ]
    return np.sort(np.concatenate(parts))


def tsne(X: np.ndarray) -> np.ndarray:
    """Embed rows in the plane: scikit-learn's t-SNE from a PCA start, 500 iterations, perplexity 30 or less.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_features)

    Returns
    -------
    ndarray of shape (n_rows, 2), float32

    References
    ----------
    L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", JMLR 9 (2008) 2579-2605
    """
    from sklearn.manifold import TSNE as SklearnTSNE
    from threadpoolctl import threadpool_limits

    distinct, place = np.unique(X, axis=0, return_inverse=True)
    if len(distinct) < _LEAST_POINTS or X.shape[1] < 2:
        # Nothing to unfold: repeated rows or a single column, which t-SNE's start from two axes cannot take.
        line = X[:, :2] if X.shape[1] > 1 else np.column_stack([X[:, 0], np.zeros(len(X))])
        return np.asarray(line, dtype=np.float32)
    # Its gradient has threads of its own, whatever n_jobs says: on few points they wait for each other, and
    # burn ten times what one takes.
    with threadpool_limits(1):
        embedded = SklearnTSNE(
            init="pca",
            perplexity=min(_PERPLEXITY, (len(distinct) - 1) / 3),
            max_iter=_ITERATIONS,
            random_state=0,
            n_jobs=1,
        ).fit_transform(distinct.astype(np.float32))
    # Equal rows are embedded once: t-SNE would push copies apart, as if they were different.
    return np.asarray(embedded, dtype=np.float32)[place.ravel()]


def _embed_all(
    missing: Mapping[tuple[str, str], np.ndarray], jobs: int, progress: Callable[[int, int], None]
) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Yield embeddings as they are done, the largest first."""
    names = sorted(missing, key=lambda name: -len(missing[name]))
    tables = [missing[name] for name in names]
    for n, (name, embedded) in enumerate(zip(names, _map(tables, jobs), strict=True)):
        yield name, embedded
        progress(n + 1, len(names))


def _map(tables: Sequence[np.ndarray], jobs: int) -> Iterator[np.ndarray]:
    if min(jobs, len(tables)) < 2:
        yield from map(tsne, tables)
        return
    yield from map_in_processes(tsne, tables, jobs)


@contextlib.contextmanager
def _stores(*paths: Path | None) -> Iterator[list[Store]]:
    """Open the stores that can be opened; a report must not fail for want of a cache."""
    stores: list[Store] = []
    for path in paths:
        if path is not None and path.is_file():
            with contextlib.suppress(SmoteBenchError):
                stores.append(_opened(path))
    yield stores
    for store in stores:
        store.close()


def _opened(path: Path) -> Store:
    try:
        return Store(path)
    except SmoteBenchError:
        return Store(path, read_only=True)


def _key(X: np.ndarray) -> str:
    what = f"tsne|{_ITERATIONS}|{_PERPLEXITY}|{package_version('sklearn')}|{X.shape}|{X.dtype}"
    return hashlib.sha256(what.encode() + np.ascontiguousarray(X).tobytes()).hexdigest()


def _known(stores: Sequence[Store], key: str) -> np.ndarray | None:
    for store in stores:
        data = store.extra(key, TSNE)
        if data is not None:
            return read_array(io.BytesIO(data))
    return None


def _keep(stores: Sequence[Store], name: tuple[str, str], key: str, embedded: np.ndarray) -> None:
    buffer = io.BytesIO()
    np.save(buffer, embedded, allow_pickle=False)
    for store in stores:
        with contextlib.suppress(
            sqlite3.Error, SmoteBenchError
        ):  # a folder that cannot be written: computed again next time
            store.put_extra(key, TSNE, buffer.getvalue(), dataset=name[0], method=name[1])
