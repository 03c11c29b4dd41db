"""Comparisons of a run with its baseline at one level: mean changes, their standard errors, p-values.

A block is a method over all data sets, a method on one data set, or a single case. Its values are averaged
over its cells first, unit by unit and draw by draw, so that whatever binds cells together (the same rows, the
same seeds) is in the spread of the averages and nothing has to be assumed of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from smote_bench.gate.grid import Grid
from smote_bench.gate.noise_of_folds import design_effect, effective_df
from smote_bench.gate.settings import Level
from smote_bench.outcome import Task

__all__ = ["Blocks", "compare_blocks", "critical_t", "p_value"]

_PRIOR_DF = 10.0
"""What the seed noise of the other methods on the same rows counts for, in degrees of freedom.

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
    names : tuple of Task
        Of the blocks; what is empty stands for all.
    decrease : ndarray of shape (n_blocks, n_names)
        Mean of the baseline minus the run, over the units that both have.
    se, df : ndarray of shape (n_blocks, n_names)
        Standard error of `decrease` with its degrees of freedom.
    seed_se, seed_df : ndarray of shape (n_blocks, n_names)
        From the baseline's seeds alone, as if every cell had changed: what is known before any run.
    n_units : ndarray of shape (n_blocks, n_names), int
    changed : ndarray of shape (n_blocks,), bool
        Whether any cell of the block changed: others enter no test.
    """

    level: Level
    names: tuple[Task, ...]
    decrease: np.ndarray
    se: np.ndarray
    df: np.ndarray
    seed_se: np.ndarray
    seed_df: np.ndarray
    n_units: np.ndarray
    changed: np.ndarray


def compare_blocks(grid: Grid, level: Level, *, spread_level: float = 0.01) -> Blocks:
    """Compare a run with its baseline at one level.

    The variance of a fit comes from three sources: the spread of the baseline's seeds around their mean in
    each unit; the same for the other methods of the data set and classifier, with little weight; and the
    spread of the differences over units. Where the last is more than the seeds explain (an F-test), the
    change itself differs between units, and only that spread counts. What folds of a split have in common
    makes them fewer (`smote_bench.gate.noise_of_folds`).

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
    changed = grid.changed
    n_draws = np.isfinite(grid.before).sum(axis=4)
    centre = np.nansum(grid.before, axis=4) / np.where(n_draws, n_draws, np.nan)
    deviation = np.nan_to_num(grid.before - centre[..., None, :])
    decrease = np.where((grid.same | ~changed[..., None])[..., None], 0.0, centre - grid.after)
    decrease = np.where(np.isfinite(grid.after) & np.isfinite(centre), decrease, np.nan)

    known = np.isfinite(centre)
    n_cells = np.maximum(known.sum(axis=axes), 1)  # of a block, per unit and name
    draws_of_block = n_draws.max(axis=axes)
    whole = _mean_of(deviation, n_cells, axes)
    everywhere = _variance(whole, draws_of_block)
    together = design_effect(whole, everywhere.df, grid.units)
    mine = _mean_of(deviation * changed[..., None, None, None], n_cells, axes)
    own = _variance(mine, draws_of_block)
    own = _Variance(own.value, effective_df(whole, own.df) / together)
    prior = _prior(deviation, changed, n_cells, n_draws, level)
    full_prior = _mean_over_methods(everywhere)
    by_unit, n_units = _over_cells(decrease, axes)
    mean, spread = _mean_and_variance(by_unit)

    n_seeds = _typical_draws(n_draws, axes)
    factor = 1 / grid.n_after + 1 / n_seeds
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = spread / factor
        seed_df = own.df + np.where(np.isfinite(prior), _PRIOR_DF, 0.0)
        seed_variance = (own.df * own.value + _PRIOR_DF * np.nan_to_num(prior)) / seed_df
        all_variance = (own.df * everywhere.value + _PRIOR_DF * np.nan_to_num(full_prior)) / seed_df
        variance, df = _pooled(seed_variance, seed_df, spread, (n_units - 1) / together, spread_level)
        se = np.sqrt(variance * together * factor / n_units)
        # without seeds, differences are all there is to tell noise by, and only where something changed
        told = np.where(np.asarray(changed.any(axis=axes))[..., None], spread, np.nan)
        seed_se = np.sqrt(np.where(seed_df > 0, all_variance, told) * together * factor / n_units)
    shape = (-1, len(grid.names))
    taken = np.flatnonzero(grid.has.any(axis=axes).ravel())
    names = _names(grid, level)
    return Blocks(
        level,
        tuple(names[n] for n in taken),
        decrease=mean.reshape(shape)[taken],
        se=se.reshape(shape)[taken],
        df=df.reshape(shape)[taken],
        seed_se=seed_se.reshape(shape)[taken],
        seed_df=np.where(seed_df > 0, seed_df, np.maximum(n_units - 1, 0)).reshape(shape)[taken],
        n_units=n_units.reshape(shape)[taken],
        changed=changed.any(axis=axes).ravel()[taken],
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


def _prior(
    deviation: np.ndarray, changed: np.ndarray, n_cells: np.ndarray, n_draws: np.ndarray, level: Level
) -> np.ndarray:
    """Return for each block the mean variance, over methods, of the cells that changed in this method."""
    axes = _AXES[level]
    made: list[np.ndarray] = []
    cache: dict[bytes, np.ndarray] = {}
    for mask in changed:
        key = mask.tobytes()
        if key not in cache:
            masked = deviation * mask[None, ..., None, None, None]
            of_methods = _variance(_mean_of(masked, n_cells, axes), n_draws.max(axis=axes))
            cache[key] = _mean_over_methods(of_methods)
        made.append(cache[key])
    return np.stack(made)


def _mean_over_methods(variance: _Variance) -> np.ndarray:
    """Return the mean over the methods that have a variance; NaN where none has."""
    n_known = (variance.df > 0).sum(axis=0)
    return np.where(n_known, variance.value.sum(axis=0) / np.maximum(n_known, 1), np.nan)


def _over_cells(decrease: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Average over a block's cells within each unit; also count the units that have any."""
    known = np.isfinite(decrease)
    n = known.sum(axis=axes)
    total = np.nan_to_num(decrease).sum(axis=axes)
    by_unit = np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0)
    return by_unit, (n > 0).sum(axis=-2)


def _mean_and_variance(by_unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance over units, without those that are NaN; NaN where there are too few."""
    known = np.isfinite(by_unit)
    n = known.sum(axis=-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nansum(by_unit, axis=-2) / np.where(n, n, np.nan)
        squares = np.nansum((by_unit - mean[..., None, :]) ** 2, axis=-2)
        return mean, squares / np.where(n > 1, n - 1, np.nan)


def _typical_draws(n_draws: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Return the baseline's draws behind a block's means, at least 1."""
    return np.maximum(n_draws.max(axis=axes).max(axis=-2), 1)


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


def _names(grid: Grid, level: Level) -> list[Task]:
    datasets = grid.datasets if level != "method" else ("",)
    classifiers = grid.classifiers if level == "case" else ("",)
    return [Task(d, m, c) for m in grid.methods for d in datasets for c in classifiers]


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
