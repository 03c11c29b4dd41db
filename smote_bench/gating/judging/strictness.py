"""What the settings say of each comparison: its tolerance, and whether it fails, warns or is left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import GateSettings, Level, Mode
from smote_bench.gating.judging.grid import Grid

__all__ = ["mode_of", "tolerances", "without_what_is_off"]


def tolerances(
    settings: GateSettings, level: Level, names: Sequence[Cell], metrics: Sequence[str]
) -> np.ndarray:
    """Return the tolerance of every comparison, of shape (n_blocks, n_metrics)."""
    values = np.full((len(names), len(metrics)), settings.tolerance[level])
    for override in settings.overrides:
        if override.tolerance is None:
            continue
        for b, name in enumerate(names):
            for q, metric in enumerate(metrics):
                if override.covers(name, metric):
                    values[b, q] = override.tolerance
    return values


def mode_of(settings: GateSettings, name: Cell, metric: str) -> Mode:
    """Return whether a comparison fails or only warns: the last override that covers it, else ``fail``."""
    modes = [o.mode for o in settings.overrides if o.mode is not None and o.covers(name, metric)]
    return modes[-1] if modes else "fail"


def without_what_is_off(grid: Grid, settings: GateSettings) -> Grid:
    """Return a grid in which the cells that are switched off have no values: they enter no mean."""
    if not any(override.mode == "off" for override in settings.overrides):
        return grid
    before, after = grid.before.copy(), grid.after.copy()
    for m, d, k in np.argwhere(grid.has):
        cell = Cell(grid.datasets[d], grid.methods[m], grid.classifiers[k])
        for q, name in enumerate(grid.names):
            if mode_of(settings, cell, name) == "off":
                before[m, d, k, ..., q] = np.nan
                after[m, d, k, ..., q] = np.nan
    return dataclasses.replace(grid, before=before, after=after)
