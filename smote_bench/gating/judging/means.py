"""The means that a finding prints: of the baseline and of the run, over the same cells and units."""

from __future__ import annotations

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.judging.grid import Grid

__all__ = ["means_of"]


def means_of(grid: Grid, name: Cell, measure: int) -> tuple[float, float]:
    """Return a comparison's means before and after; NaN where nothing is on both sides.

    The baseline's seeds are averaged first, so that a fold with fewer of them weighs as much as the others.

    Parameters
    ----------
    grid : Grid
        In the measures' own units.
    name : Cell
        Of the comparison; what is empty stands for all.
    measure : int
        Its place in `grid.names`.
    """
    place = (
        grid.methods.index(name.method),
        grid.datasets.index(name.dataset) if name.dataset else slice(None),
        grid.classifiers.index(name.classifier) if name.classifier else slice(None),
    )
    seeds, after = grid.before[place][..., measure], grid.after[place][..., measure]
    known = np.isfinite(seeds)
    both = known.any(axis=-1) & np.isfinite(after)
    if not both.any():
        return float("nan"), float("nan")
    before = np.where(known, seeds, 0.0).sum(axis=-1)[both] / known.sum(axis=-1)[both]
    return float(before.mean()), float(after[both].mean())
