"""The grids of a gate: what both sides measured, without what is switched off."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.judging.grid import Grid, lay_side_by_side
from smote_bench.gating.judging.strictness import without_what_is_off

__all__ = ["judged_metrics", "metric_grid", "only_cells", "sample_grid"]


def judged_metrics(baseline: Evidence, current: Evidence, settings: GateSettings) -> tuple[str, ...]:
    """Return the metrics to be judged: those asked for, or all of the baseline, that both sides have."""
    wanted = settings.metrics or baseline.scores.names
    have = set(baseline.scores.names) & set(current.scores.names)
    return tuple(name for name in wanted if name in have)


def metric_grid(baseline: Evidence, current: Evidence, settings: GateSettings) -> Grid:
    """Lay the scores of both sides beside each other."""
    names = judged_metrics(baseline, current, settings)
    after = current.scores
    if baseline.about.get("digest_metrics") != current.about.get("digest_metrics"):
        # digests of fits are of all their metrics: with others, only the values tell what is equal
        after = dataclasses.replace(after, digests=np.zeros_like(after.digests))
    return without_what_is_off(lay_side_by_side(baseline.scores, after, names), settings)


def sample_grid(baseline: Evidence, current: Evidence, settings: GateSettings) -> Grid | None:
    """Lay the samples of both sides beside each other; None where one side knows none."""
    if baseline.samples is None or current.samples is None:
        return None
    from smote_bench.evaluation.descriptors import DESCRIPTORS

    names = [name for name in DESCRIPTORS if name in baseline.samples.names and name in current.samples.names]
    grid = lay_side_by_side(baseline.samples, current.samples, names)
    return without_what_is_off(grid, settings) if names and grid.has.any() else None


def only_cells(evidence: Evidence, cells: Collection[Cell]) -> Evidence:
    """Return what one side says of some cells and of the data sets and methods in them."""
    kept = frozenset(cells)
    groups = {(cell.dataset, cell.method) for cell in kept}
    datasets = {cell.dataset for cell in kept}
    samples = evidence.samples
    if samples is not None:
        samples = samples.take(cells=[c for c in samples.cells if (c.dataset, c.method) in groups])
    return dataclasses.replace(
        evidence,
        scores=evidence.scores.take(cells=[cell for cell in evidence.scores.cells if cell in kept]),
        samples=samples,
        statuses={cell: status for cell, status in evidence.statuses.items() if cell in kept},
        data={name: digest for name, digest in evidence.data.items() if name in datasets},
        splits={name: digest for name, digest in evidence.splits.items() if name[0] in datasets},
        seconds={cell: seconds for cell, seconds in evidence.seconds.items() if cell in kept},
    )
