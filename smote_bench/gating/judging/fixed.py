"""Fixed limits of a case's mean drop, for those who want them, with how often they cry wolf."""

from __future__ import annotations

import numpy as np

from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.judging.drops import MetricTests
from smote_bench.gating.judging.means import means_of
from smote_bench.gating.verdicts.verdict import Finding

__all__ = ["false_alarm_rate", "find_fixed"]

_RUNS = 2000
_CHUNK = 200


def find_fixed(tests: MetricTests, settings: GateSettings) -> list[Finding]:
    """Return the cases whose mean drop is more than a metric's fixed limit."""
    blocks, found = tests.blocks["case"], []
    for metric, limit in settings.fixed.items():
        if metric not in tests.grid.names:
            continue
        q = tests.grid.names.index(metric)
        for b in np.flatnonzero(blocks.changed & (blocks.decrease[:, q] > limit + 1e-12)):
            name = blocks.names[b]
            before, after = means_of(tests.grid, name, q)
            sign = 1.0 if tests.losses_are_rises[q] else -1.0
            found.append(
                Finding(
                    "LIMIT",
                    "case",
                    name.dataset,
                    name.method,
                    name.classifier,
                    metric,
                    before=before,
                    after=after,
                    change=after - before,
                    se=float(blocks.se[b, q]),
                    limit=sign * limit,
                    p=float("nan"),
                    n_datasets=1,
                    of_datasets=1,
                )
            )
    return found


def false_alarm_rate(tests: MetricTests, metric: str, limit: float, seed: int = 0) -> float:
    """Return how often a run of as many folds would break a fixed limit when nothing but its seeds differs.

    By playing the baseline against itself: in each of 2,000 made-up runs every fold takes one of the
    baseline's draws, all cells the same, and its distance to the mean of the others is scaled to that between
    a run and all draws. NaN where the baseline has fewer than two draws.
    """
    grid = tests.grid
    q = grid.names.index(metric)
    sign = 1.0 if tests.losses_are_rises[q] else -1.0
    values = _gathered(sign * grid.before[grid.has][..., q])  # (n_cells, n_units, n_draws), as losses
    n_draws = values.shape[2]
    if n_draws < 2 or not values.size:
        return float("nan")
    # of a draw around the mean of all: times sqrt((n + 1) / (n - 1)) it is a run's distance to that mean
    known = np.isfinite(values)
    mean = np.where(known, values, 0.0).sum(axis=2, keepdims=True) / np.maximum(
        known.sum(axis=2, keepdims=True), 1
    )
    deviation = np.where(known, values - mean, 0.0)
    deviation *= np.sqrt((n_draws + 1) / (n_draws - 1))
    n_units = int(max(1, tests.blocks["case"].n_units[:, q].max(initial=1)))
    rng = np.random.default_rng(seed)
    alarms = 0
    for _ in range(_RUNS // _CHUNK):
        units = np.argsort(rng.random((_CHUNK, values.shape[1])), axis=1)[:, :n_units]
        draws = rng.integers(n_draws, size=units.shape)
        # one (unit, draw) indicator per run: a product of matrices is faster than picking
        picked = np.zeros((_CHUNK, values.shape[1] * n_draws))
        np.put_along_axis(picked, units * n_draws + draws, 1.0 / n_units, axis=1)
        means = picked @ deviation.reshape(len(values), -1).T
        alarms += int((means > limit).any(axis=1).sum())
    return alarms / _RUNS


def _gathered(values: np.ndarray) -> np.ndarray:
    """Move each unit's own draws to the front: seeds may be numbered through over splits."""
    known = np.isfinite(values)
    most = int(known.sum(axis=2).max(initial=0))
    order = np.argsort(~known, axis=2, kind="stable")[..., :most]
    return np.take_along_axis(values, order, axis=2)
