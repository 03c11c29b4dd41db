"""A baseline and a run laid side by side: the same cells, units and measures, as arrays to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit

__all__ = ["Grid", "lay_side_by_side"]


@dataclass(frozen=True, eq=False)
class Grid:
    """Values by method, data set, classifier, unit, draw and measure.

    Parameters
    ----------
    methods, datasets, classifiers : tuple of str
        Classifiers are ``("",)`` where samples are compared.
    units : tuple of Unit
        Of the baseline: folds of the cross-validation or, where there is none, hold-outs.
    names : tuple of str
    before : ndarray of shape (n_methods, n_datasets, n_classifiers, n_units, n_draws, n_names)
        The baseline's; NaN where undefined or absent.
    after : ndarray of shape (n_methods, n_datasets, n_classifiers, n_units, n_names)
        The run's, mean over its draws; NaN likewise.
    n_after : int
        Draws behind each value of `after`.
    has : ndarray of shape (n_methods, n_datasets, n_classifiers), bool
        Cells that both sides have.
    same : ndarray of shape (n_methods, n_datasets, n_classifiers, n_units), bool
        Units in which every fit of the run equals the baseline's of the same draw. That is said and counted,
        and enters no mean: fits of few and discrete scores coincide by chance.
    changed : ndarray of shape (n_methods, n_datasets, n_classifiers), bool
        Cells of which some fit, the final evaluation's among them, differs from the baseline's.
    told : ndarray of shape (n_methods, n_datasets, n_classifiers), bool
        Cells whose fits would differ with other random numbers: on no split does the run equal another of the
        baseline's seeds. Where such a cell is equal to its own seed throughout, that is no chance.
    """

    methods: tuple[str, ...]
    datasets: tuple[str, ...]
    classifiers: tuple[str, ...]
    units: tuple[Unit, ...]
    names: tuple[str, ...]
    before: np.ndarray
    after: np.ndarray
    n_after: int
    has: np.ndarray
    same: np.ndarray
    changed: np.ndarray
    told: np.ndarray


def lay_side_by_side(before: Panel, after: Panel, names: Sequence[str]) -> Grid:
    """Return what two panels have in common, in the baseline's units.

    Parameters
    ----------
    before, after : Panel
        Of the baseline and of the run.
    names : sequence of str
        The measures to be compared, of both.
    """
    known = set(after.cells)
    common = [cell for cell in before.cells if cell in known]
    shared = [name for name in before.names if name in after.names]
    ours = before.take(cells=common, names=shared)
    theirs = after.take(cells=common, units=before.units, names=shared)
    same = _equal_fits(ours, theirs)
    present = theirs.present.any(axis=2)
    folds = [n for n, unit in enumerate(before.units) if unit.fold != HOLDOUT_FOLD]
    tested = folds or list(range(len(before.units)))
    units = tuple(before.units[n] for n in tested)
    axes = tuple(
        tuple(dict.fromkeys(getattr(cell, part) for cell in common))
        for part in ("method", "dataset", "classifier")
    )
    place = {
        cell: tuple(axis.index(getattr(cell, part)) for axis, part in zip(axes, _PARTS, strict=True))
        for cell in common
    }
    shape = tuple(map(len, axes))
    index = tuple(np.array([place[cell] for cell in common], dtype=np.intp).reshape(-1, 3).T)
    old = before.take(cells=common, units=units, names=names)
    new = after.take(cells=common, units=units, names=names)
    methods, datasets, classifiers = axes
    return Grid(
        methods,
        datasets,
        classifiers,
        units,
        tuple(names),
        before=_dense(shape, index, old.values, np.nan),
        after=_dense(shape, index, _mean_over_draws(new.values), np.nan),
        # counted where they are: seeds may be numbered through over splits
        n_after=max(1, int(new.present.sum(axis=2).max(initial=1))),
        has=_dense(shape, index, np.full(len(common), True), False),
        same=_dense(shape, index, np.asarray((same | ~present)[:, tested]), True),
        changed=_dense(shape, index, np.asarray((present & ~same).any(axis=1)), False),
        told=_dense(shape, index, _told(ours, theirs), False),
    )


_PARTS = ("method", "dataset", "classifier")


def _dense(
    shape: tuple[int, ...], index: tuple[np.ndarray, ...], values: np.ndarray, empty: object
) -> np.ndarray:
    dense = np.full((*shape, *values.shape[1:]), empty, dtype=values.dtype)
    dense[index] = values
    return dense


def _mean_over_draws(values: np.ndarray) -> np.ndarray:
    """Return the mean over the draws that are defined; NaN where none is."""
    n = np.isfinite(values).sum(axis=2)
    return np.asarray(np.nansum(values, axis=2) / np.where(n, n, np.nan))


def _equal_fits(old: Panel, new: Panel) -> np.ndarray:
    """Return for each cell and unit whether all fits that the run has of it are the baseline's own.

    By digest where both sides have one, else by every measure that both have. A fit of a draw that the
    baseline does not have is another fit.
    """
    equal = _equal(old.take(draws=new.draws), new)
    return np.asarray((equal | ~new.present).all(axis=2))


def _told(old: Panel, new: Panel) -> np.ndarray:
    """Return for each cell whether the run equals the other seeds of the baseline, if any, on no split."""
    splits = np.array([unit.split for unit in old.units])
    is_met, is_equal = np.zeros((2, len(old.cells)), dtype=bool)
    for n, draw in enumerate(new.draws):
        met = old.present & new.present[:, :, n : n + 1] & (np.array(old.draws) != draw)
        equal = _equal(old, new.take(draws=[draw])) | ~met
        for split in np.unique(splits):
            here = splits == split
            of_split = met[:, here].any(axis=1)
            is_met |= of_split.any(axis=1)
            is_equal |= (of_split & equal[:, here].all(axis=1)).any(axis=1)
    return is_met & ~is_equal


def _equal(old: Panel, new: Panel) -> np.ndarray:
    """Return for each fit whether both sides have the same, by digest if both have one, else by value."""
    by_value = ((old.values == new.values) | (np.isnan(old.values) & np.isnan(new.values))).all(axis=3)
    by_digest = (old.digests != 0) & (new.digests != 0)
    is_equal: np.ndarray = np.where(by_digest, old.digests == new.digests, by_value & old.present)
    return is_equal
