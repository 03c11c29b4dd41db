"""What a baseline will let pass: the limits of a run that is held to it, before there is one."""

from __future__ import annotations

import dataclasses

from smote_bench.gate.drops import compare_metrics
from smote_bench.gate.evidence import Evidence
from smote_bench.gate.limits import Stages, limits_of
from smote_bench.gate.settings import GateSettings
from smote_bench.gate.shares import alpha_of_metrics
from smote_bench.gate.sides import metric_grid
from smote_bench.gate.stages import SHARE
from smote_bench.gate.verdict import Limit

__all__ = ["limits_of_baseline"]


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
