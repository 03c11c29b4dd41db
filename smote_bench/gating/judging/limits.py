"""What a gate would have seen: the drops that 95 of 100 runs show, given the noise of seeds."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from smote_bench.experiment.gate_settings import LEVELS, GateSettings, Level
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.judging.alarms import alpha_of_metrics
from smote_bench.gating.judging.blocks import Blocks, critical_t
from smote_bench.gating.judging.drops import MetricTests, compare_metrics
from smote_bench.gating.judging.sides import metric_grid
from smote_bench.gating.judging.stages import SHARE
from smote_bench.gating.verdicts.verdict import Limit

__all__ = ["POWER", "Stages", "limits_of", "limits_of_baseline", "would_see"]

POWER = 0.97
"""Limits are said to be seen in 95 of 100 runs and computed for 97: on real fits the approximation gives up
to two too few, since spreads differ between splits and scores have heavier tails than Student's t takes them
for (docs/gate_study.md)."""


@dataclass(frozen=True)
class Stages:
    """A gate in two stages: how many units the first one has, and how many all.

    Parameters
    ----------
    first, all : int
    share : float
        A comparison is looked at again if its p-value, times the comparisons that its method has at the
        level, is at most this.
    """

    first: int
    all: int
    share: float


@dataclass(frozen=True, eq=False)
class _Sensitivity:
    """Of every comparison of a level: how likely a drop of a given size is seen."""

    tolerance: np.ndarray
    se: np.ndarray
    df: np.ndarray
    critical: np.ndarray
    first_se: np.ndarray | None = None
    first_critical: np.ndarray | None = None

    def chance(self, drop: np.ndarray) -> np.ndarray:
        """Return the chance that a drop is seen, of each comparison.

        Student's t of a drop with an estimated spread, by the normal approximation of its noncentral
        distribution. Two stages are seen in both, by the bound that needs no dependence between them.
        """
        seen = _above(drop - self.tolerance, self.se, self.critical, self.df)
        if self.first_se is None or self.first_critical is None:
            return seen
        looked_at = _above(drop, self.first_se, self.first_critical, self.df)
        chance: np.ndarray = np.maximum(seen + looked_at - 1, 0.0)
        return chance


def _above(excess: np.ndarray, se: np.ndarray, critical: np.ndarray, df: np.ndarray) -> np.ndarray:
    spread = np.sqrt(1 + critical**2 / (2 * np.maximum(df, 1)))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(se > 0, excess / se, np.where(excess > 0, np.inf, -np.inf))
        return np.asarray(special.ndtr((t - critical) / spread))


def limits_of(
    tests: MetricTests, alpha: Mapping[Level, float], stages: Stages | None = None
) -> tuple[tuple[Limit, ...], dict[Level, float]]:
    """Return the limits of every comparison, and the drop that each level would have seen.

    They count every comparison as made, as when everything changed; where less changed, the gate sees more.

    Parameters
    ----------
    tests : MetricTests
    alpha : mapping of level to float
    stages : Stages, optional

    Returns
    -------
    tuple of Limit
    dict of level to float
        See `would_see`.
    """
    limits: list[Limit] = []
    seen: dict[Level, float] = {}
    for level in LEVELS:
        blocks = tests.blocks[level]
        sensitivity = _sensitivity(blocks, tests.tolerance[level], alpha[level], stages)
        alone = _drop_seen(sensitivity)
        beyond = sensitivity.tolerance + sensitivity.critical * sensitivity.se
        seen[level] = would_see(sensitivity)
        for b, name in enumerate(blocks.names):
            for q, metric in enumerate(tests.grid.names):
                if np.isfinite(alone[b, q]):
                    limits.append(
                        Limit(
                            level,
                            name.dataset,
                            name.method,
                            name.classifier,
                            metric,
                            alarms_beyond=float(beyond[b, q]),
                            would_see=float(alone[b, q]),
                            n_units=stages.all if stages else int(blocks.n_units[b, q]),
                        )
                    )
    return tuple(limits), seen


def _sensitivity(blocks: Blocks, tolerance: np.ndarray, alpha: float, stages: Stages | None) -> _Sensitivity:
    n_tests = max(int(np.isfinite(blocks.seed_se).sum()), 1)
    critical = critical_t(alpha / n_tests, blocks.seed_df)
    if stages is None:
        return _Sensitivity(tolerance, blocks.seed_se, blocks.seed_df, critical)
    per_unit = blocks.seed_se * np.sqrt(blocks.n_units)
    methods = [name.method for name in blocks.names]
    of_method = np.array([methods.count(method) for method in methods]) * tolerance.shape[1]
    return _Sensitivity(
        tolerance,
        per_unit / math.sqrt(stages.all),
        blocks.seed_df,
        critical,
        per_unit / math.sqrt(stages.first),
        critical_t(stages.share / of_method[:, None], blocks.seed_df),
    )


def would_see(sensitivity: _Sensitivity) -> float:
    """Return the drop that is seen in 95 of 100 runs, wherever at the level it is, in the worst metric.

    The chance is the mean over the level's comparisons of one metric: large data sets see smaller drops than
    small ones. NaN where the noise is not known.
    """
    n_metrics = sensitivity.se.shape[1]
    known = np.isfinite(sensitivity.se)
    drops = []
    for q in range(n_metrics):
        if known[:, q].any():
            mean = functools.partial(_mean_chance, sensitivity, known[:, q], q)
            drops.append(float(_smallest(mean, ())))
    return max(drops, default=math.nan)


def _mean_chance(sensitivity: _Sensitivity, known: np.ndarray, q: int, drop: np.ndarray) -> np.ndarray:
    return np.asarray(sensitivity.chance(drop)[known, q].mean())


def _drop_seen(sensitivity: _Sensitivity) -> np.ndarray:
    """Return the drop that is seen in 95 of 100 runs, of each comparison; NaN where the noise is unknown."""
    found = _smallest(sensitivity.chance, sensitivity.se.shape)
    return np.where(np.isfinite(sensitivity.se), found, np.nan)


def _smallest(chance: Callable[[np.ndarray], np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """Return the smallest drops with the power that is promised, by bisection; any where none is known."""
    low, high = np.zeros(shape), np.ones(shape)
    while (too_low := np.nan_to_num(chance(high), nan=1.0) < POWER).any():
        high = np.where(too_low, 2 * high, high)
    for _ in range(40):
        middle = (low + high) / 2
        enough = chance(middle) >= POWER
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def limits_of_baseline(baseline: Evidence, settings: GateSettings) -> tuple[Limit, ...]:
    """Return the limits for a run that gives suspicious methods all of the baseline's splits.

    Parameters
    ----------
    baseline : Evidence
    settings : GateSettings
    """
    own_draw = dataclasses.replace(
        baseline, scores=baseline.scores.take(draws=baseline.scores.draws[:1]), samples=None
    )
    grid = metric_grid(baseline, own_draw, settings)
    first = sum(unit.split == grid.units[0].split for unit in grid.units)
    stages = Stages(first, len(grid.units), SHARE) if first < len(grid.units) else None
    alpha = alpha_of_metrics(settings.alpha, has_samples=baseline.samples is not None)
    return limits_of(compare_metrics(grid, baseline.better, settings), alpha, stages)[0]
