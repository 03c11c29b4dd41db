"""Which methods deserve the other splits: the suspicious ones, and as many more as the budget allows.

The first split runs for all. Choosing by what it showed costs nothing in false alarms: a method that is not
looked at again was far from any limit, and one that is has to pass it with all splits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import LEVELS, GateSettings
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.judging.blocks import Blocks, p_value

__all__ = ["BUDGET", "SHARE", "second_stage", "suspicion"]

SHARE = 0.04
"""Of each of the five families (metrics at three levels, samples at two): the chance that one without any
change makes its method suspicious."""

BUDGET = 0.125
"""Methods that changed are looked at again, suspicious or not, while they are at most this share of a run."""


@dataclass(frozen=True)
class Suspicion:
    """How far from chance a method's worst comparison is.

    Parameters
    ----------
    method : str
    p : float
        The smallest p-value of its families, each adjusted for its number of comparisons (Bonferroni).
    """

    method: str
    p: float


def suspicion(baseline: Evidence, current: Evidence, settings: GateSettings) -> list[Suspicion]:
    """Return the methods that changed, the most suspicious first.

    Drops count from zero on: a tolerance is for the verdict.
    """
    from smote_bench.gating.judging.changes import compare_samples
    from smote_bench.gating.judging.drops import compare_metrics
    from smote_bench.gating.judging.sides import metric_grid, sample_grid

    smallest: dict[str, float] = {}
    tests = compare_metrics(metric_grid(baseline, current, settings), baseline.better, settings)
    for level in LEVELS:
        _take_smallest(smallest, tests.blocks[level], two_sided=False)
    samples = sample_grid(baseline, current, settings)
    if samples is not None:
        for blocks in compare_samples(samples).values():
            _take_smallest(smallest, blocks, two_sided=True)
    return sorted((Suspicion(method, p) for method, p in smallest.items()), key=lambda one: one.p)


def _take_smallest(smallest: dict[str, float], blocks: Blocks, *, two_sided: bool) -> None:
    size = np.abs(blocks.decrease) if two_sided else blocks.decrease
    p = (2 if two_sided else 1) * p_value(size, np.zeros_like(size), blocks.se, blocks.df)
    p = np.where(np.isfinite(p) & blocks.changed[:, None], p, 1.0)
    methods = np.array([name.method for name in blocks.names])
    for method in dict.fromkeys(methods[blocks.changed]):
        own = p[methods == method]
        smallest[method] = min(smallest.get(method, 1.0), float(own.min()) * own.size)


def second_stage(
    baseline: Evidence, current: Evidence, settings: GateSettings, seconds: Mapping[Cell, float] | None = None
) -> list[str]:
    """Return the methods that get the splits which the run does not have yet.

    Parameters
    ----------
    baseline, current : Evidence
    settings : GateSettings
    seconds : mapping of Cell to float, optional
        What a cell costs; every cell the same where it is not known.
    """
    known = seconds or {}
    costs: dict[str, float] = {}
    for cell in current.scores.cells:
        costs[cell.method] = costs.get(cell.method, 0.0) + known.get(cell, 1.0)
    budget = BUDGET * math.fsum(costs.values())
    chosen: list[str] = []
    spent = 0.0
    for one in suspicion(baseline, current, settings):
        cost = costs.get(one.method, 0.0)
        if one.p <= SHARE or spent + cost <= budget:
            chosen.append(one.method)
            spent += cost
    return chosen
