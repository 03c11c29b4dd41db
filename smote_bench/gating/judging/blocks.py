"""Comparisons of a run with its baseline at one level: mean changes, their standard errors, p-values.

A block is a method over all data sets, a method on one data set, or a single case. Its values are averaged
over its cells first, unit by unit and draw by draw, so that whatever binds cells together (the same rows, the
same seeds) is in the spread of the averages and nothing has to be assumed of it.

Every value counts as it is, those that equal the baseline's too. Where scores have few values, fits coincide
by chance, and sooner where they are at a ceiling: to take these for "no change" would be to choose by the
outcome, and would move the mean of what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import Level
from smote_bench.gating.evidence.panel import Unit
from smote_bench.gating.judging.grid import Grid
from smote_bench.gating.judging.noise_of_folds import (
    design_effect,
    design_effect_of_differences,
    effective_df,
)

__all__ = ["Blocks", "compare_blocks", "critical_t", "p_value"]

_PRIOR_DF = 10.0
"""What the seed noise of the other methods on the same rows counts for at most, in degrees of freedom.

Enough that a cell without noise of its own (a deterministic classifier on the same rows) is not held to
differences of nothing; little beside the 75 of a baseline of 25 folds and four seeds."""

_NOTHING = 1e-12
_AXES: dict[Level, tuple[int, ...]] = {"method": (1, 2), "dataset": (2,), "case": ()}


@dataclass(frozen=True, eq=False)
class Blocks:
    """The comparisons of one level.

    Parameters
    ----------
    level : {"method", "dataset", "case"}
    names : tuple of Cell
        Of the blocks; what is empty stands for all.
    decrease : ndarray of shape (n_blocks, n_names)
        Mean of the baseline minus mean of the run, over the cells and units that both have.
    se, df : ndarray of shape (n_blocks, n_names)
        Standard error of `decrease` with its degrees of freedom.
    seed_se, seed_df : ndarray of shape (n_blocks, n_names)
        From the baseline's seeds alone: what is known before any run.
    n_units, n_splits : ndarray of shape (n_blocks, n_names), int
        Units behind the means, and splits that these are of.
    changed : ndarray of shape (n_blocks,), bool
        Whether any fit of the block differs from the baseline's: others raise no alarm.
    counted : ndarray of shape (n_blocks,), bool
        Whether p-values are adjusted for the block: it changed, or could have come out equal by chance.
    """

    level: Level
    names: tuple[Cell, ...]
    decrease: np.ndarray
    se: np.ndarray
    df: np.ndarray
    seed_se: np.ndarray
    seed_df: np.ndarray
    n_units: np.ndarray
    n_splits: np.ndarray
    changed: np.ndarray
    counted: np.ndarray


def compare_blocks(grid: Grid, level: Level, *, spread_level: float = 0.01) -> Blocks:
    """Compare a run with its baseline at one level.

    The variance of a fit comes from three sources: the spread of the baseline's seeds around their mean in
    each unit; the same for the other methods of the data set and classifier, with little weight; and the
    spread of the differences over units. Where the last is more than the seeds explain (an F-test), the
    change itself differs between units, and only that spread counts. What folds of a split have in common
    makes them fewer (`smote_bench.gating.judging.noise_of_folds`).

    Parameters
    ----------
    grid : Grid
    level : {"method", "dataset", "case"}
    spread_level : float
        Of the F-test.

    Returns
    -------
    Blocks
        One for each method; each method on each data set; each cell.
    """
    axes = _AXES[level]
    n_draws = np.isfinite(grid.before).sum(axis=4)
    centre = np.nansum(grid.before, axis=4) / np.where(n_draws, n_draws, np.nan)
    deviation = np.nan_to_num(grid.before - centre[..., None, :])
    by_unit, weights = _over_cells(centre - grid.after, axes)
    n_units = (weights > 0).sum(axis=-2)
    spread = _variance_over_units(by_unit)

    n_cells = np.maximum(np.isfinite(centre).sum(axis=axes), 1)  # of a block, per unit and name
    whole = _mean_of(deviation, n_cells, axes)
    own = _variance(whole, n_draws.max(axis=axes))
    prior = _mean_over_methods(own)
    together = np.where(
        own.df > 0,
        design_effect(whole, own.df, grid.units),
        design_effect_of_differences(by_unit, grid.units),
    )
    own_df = effective_df(whole, own.df) / together
    # no more is known of other methods than their seeds say: little with two, nothing of a single method
    prior_df = np.minimum(own_df.sum(axis=0) - own_df, _PRIOR_DF)
    factor = 1 / grid.n_after + _mean_inverse(n_draws, axes)
    changed = np.asarray(grid.changed.any(axis=axes))
    with np.errstate(divide="ignore", invalid="ignore"):
        # of the mean of `n_units` equal units, or of fewer where some have fewer cells than others
        per_mean = together * factor * (weights**2).sum(axis=-2)
        # units that move together differ less from their own mean than from the truth
        n_worth = n_units / together
        spread = spread / factor * np.maximum((n_units - 1) / (n_units - together), 1.0)
        seed_df = own_df + prior_df
        seed_variance = (own_df * own.value + prior_df * prior) / seed_df
        variance, df = _pooled(seed_variance, seed_df, spread, n_worth - 1, spread_level)
        # without seeds, differences are all there is to tell noise by, and only where something changed
        told = np.where(changed[..., None], spread, np.nan)
        seed_se = np.sqrt(np.where(seed_df > 0, seed_variance, told) * per_mean)
        se = np.sqrt(variance * per_mean)
    shape = (-1, len(grid.names))
    taken = np.flatnonzero(grid.has.any(axis=axes).ravel())
    names = _names(grid, level)
    return Blocks(
        level,
        tuple(names[n] for n in taken),
        decrease=_weighted_mean(by_unit, weights).reshape(shape)[taken],
        se=se.reshape(shape)[taken],
        df=df.reshape(shape)[taken],
        seed_se=seed_se.reshape(shape)[taken],
        seed_df=np.where(seed_df > 0, seed_df, np.maximum(n_units - 1, 0)).reshape(shape)[taken],
        n_units=n_units.reshape(shape)[taken],
        n_splits=_n_splits(weights > 0, grid.units).reshape(shape)[taken],
        changed=changed.ravel()[taken],
        counted=(changed | ~grid.told.any(axis=axes)).ravel()[taken],
    )


@dataclass(frozen=True, eq=False)
class _Variance:
    value: np.ndarray
    df: np.ndarray


def _mean_of(deviation: np.ndarray, n_cells: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Average over a block's cells; those that are zero or unknown count for what they are among n."""
    return np.asarray(deviation.sum(axis=axes) / n_cells[..., None, :])


def _variance(deviation: np.ndarray, n_draws: np.ndarray) -> _Variance:
    """Return the variance over draws around the mean of each unit, pooled over units."""
    df = np.maximum(n_draws - 1, 0).sum(axis=-2).astype(float)
    squares = (deviation**2).sum(axis=(-3, -2))
    return _Variance(np.divide(squares, df, out=np.zeros_like(squares), where=df > 0), df)


def _mean_over_methods(variance: _Variance) -> np.ndarray:
    """Return the mean over the methods that have a variance; 0 where none has."""
    n_known = (variance.df > 0).sum(axis=0)
    return np.asarray(variance.value.sum(axis=0) / np.maximum(n_known, 1))


def _over_cells(decrease: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Average over a block's cells within each unit; also return the units' weights in the block's mean.

    A unit weighs as many cells as it has, so that the mean is that over all of the block's values.
    """
    known = np.isfinite(decrease)
    n = known.sum(axis=axes)
    total = np.where(known, decrease, 0.0).sum(axis=axes)
    by_unit = np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0)
    return by_unit, n / np.maximum(n.sum(axis=-2, keepdims=True), 1)


def _weighted_mean(by_unit: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the mean over units; NaN where there is none."""
    mean = (np.nan_to_num(by_unit) * weights).sum(axis=-2)
    return np.where(weights.any(axis=-2), mean, np.nan)


def _variance_over_units(by_unit: np.ndarray) -> np.ndarray:
    """Return the variance over the units that are known; NaN where there are less than two."""
    known = np.isfinite(by_unit)
    n = known.sum(axis=-2)
    mean = np.nansum(by_unit, axis=-2) / np.maximum(n, 1)
    squares = np.nansum((by_unit - mean[..., None, :]) ** 2, axis=-2)
    variance: np.ndarray = squares / np.where(n > 1, n - 1, np.nan)
    return variance


def _mean_inverse(n_draws: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Return the mean of 1 / draws over a block's cells and units: what their number adds to its variance."""
    known = n_draws > 0
    inverse = np.divide(1.0, n_draws, out=np.zeros(n_draws.shape), where=known)
    n_known = known.sum(axis=axes).sum(axis=-2)
    mean: np.ndarray = inverse.sum(axis=axes).sum(axis=-2) / np.maximum(n_known, 1)
    return np.where(n_known > 0, mean, 1.0)


def _n_splits(has: np.ndarray, units: Sequence[Unit]) -> np.ndarray:
    """Return of how many splits the units are that have values, of shape (..., n_names)."""
    splits = np.array([unit.split for unit in units])
    by_split = [has[..., splits == split, :].any(axis=-2) for split in np.unique(splits)]
    n_splits: np.ndarray = np.sum(by_split, axis=0) if by_split else has.sum(axis=-2)
    return n_splits


def _pooled(
    seed_variance: np.ndarray,
    seed_df: np.ndarray,
    spread: np.ndarray,
    spread_df: np.ndarray,
    spread_level: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Pool both variances, or take the differences' own where it is more than seeds explain."""
    has_spread = np.isfinite(spread) & (spread_df > 0)
    spread = np.where(has_spread, spread, 0.0)
    spread_df = np.where(has_spread, spread_df, 0.0)
    df = seed_df + spread_df
    pooled = np.where(df > 0, (seed_df * np.nan_to_num(seed_variance) + spread_df * spread) / df, np.nan)
    bound = special.fdtri(np.maximum(spread_df, 1), np.maximum(seed_df, 1), 1 - spread_level)
    alone = has_spread & (spread > np.where(seed_df > 0, bound * seed_variance, 0.0))
    return np.where(alone, spread, pooled), np.where(alone, spread_df, df)


def _names(grid: Grid, level: Level) -> list[Cell]:
    datasets = grid.datasets if level != "method" else ("",)
    classifiers = grid.classifiers if level == "case" else ("",)
    return [Cell(d, m, c) for m in grid.methods for d in datasets for c in classifiers]


def p_value(decrease: np.ndarray, tolerance: np.ndarray, se: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return one-sided p-values of "the decrease is more than the tolerance"; NaN where nothing is known.

    Without any spread, a decrease is beyond its tolerance or it is not.
    """
    excess = decrease - tolerance
    excess = np.where(np.abs(excess) < _NOTHING, 0.0, excess)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(se > _NOTHING, excess / se, np.where(excess > 0, np.inf, -np.inf))
        p = stats.t.sf(t, np.maximum(df, 1))
    return np.where(np.isfinite(decrease) & np.isfinite(se), p, np.nan)


def critical_t(alpha: float | np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the one-sided critical value of Student's t."""
    return np.asarray(-special.stdtrit(np.maximum(df, 1), alpha))
