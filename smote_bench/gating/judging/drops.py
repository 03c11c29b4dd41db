"""Step 3: drops of metrics, one-sided in each metric's bad direction, at three levels."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from smote_bench.experiment.gate_settings import LEVELS, GateSettings, Level
from smote_bench.gating.evidence.evidence import Better
from smote_bench.gating.judging.alarms import find_alarms
from smote_bench.gating.judging.blocks import Blocks, compare_blocks
from smote_bench.gating.judging.findings import LevelTests, collect
from smote_bench.gating.judging.grid import Grid
from smote_bench.gating.judging.strictness import mode_of, tolerances
from smote_bench.gating.verdicts.verdict import Finding

__all__ = ["MetricTests", "compare_metrics", "find_drops"]


@dataclasses.dataclass(frozen=True, eq=False)
class MetricTests:
    """All comparisons of metrics, as losses: positive is worse whatever a metric's direction.

    Parameters
    ----------
    grid : Grid
        In the metrics' own units.
    blocks, tolerance : mapping of level
    losses_are_rises : tuple of bool
        Of each metric: whether a lower value is better.
    """

    grid: Grid
    blocks: Mapping[Level, Blocks]
    tolerance: Mapping[Level, np.ndarray]
    losses_are_rises: tuple[bool, ...]


def compare_metrics(grid: Grid, better: Mapping[str, Better], settings: GateSettings) -> MetricTests:
    """Compare a run with its baseline at all three levels."""
    sign = np.array([-1.0 if better[name] == "low" else 1.0 for name in grid.names])
    as_gain = dataclasses.replace(grid, before=grid.before * sign, after=grid.after * sign)
    compare = compare_blocks if grid.has.any() else _nothing_to_compare
    blocks = {level: compare(as_gain, level) for level in LEVELS}
    return MetricTests(
        grid,
        blocks,
        {level: tolerances(settings, level, blocks[level].names, grid.names) for level in LEVELS},
        tuple(better[name] == "low" for name in grid.names),
    )


def _nothing_to_compare(grid: Grid, level: Level) -> Blocks:
    """Return no comparison at all: every case failed, say, which is a matter of structure."""
    none = np.zeros((0, len(grid.names)))
    no_units, no_blocks = none.astype(int), np.zeros(0, dtype=bool)
    return Blocks(level, (), none, none, none, none, none, no_units, no_units, no_blocks, no_blocks)


def find_drops(tests: MetricTests, settings: GateSettings, alpha: Mapping[Level, float]) -> list[Finding]:
    """Return drops beyond their limits, and as warnings rises as large.

    Parameters
    ----------
    tests : MetricTests
    settings : GateSettings
    alpha : mapping of level to float
    """
    sign = [-1.0 if is_loss else 1.0 for is_loss in tests.losses_are_rises]

    def in_units(q: int, _before: float, moved: float) -> float:
        return sign[q] * moved

    drops: dict[Level, LevelTests] = {}
    rises: dict[Level, LevelTests] = {}
    for level, blocks in tests.blocks.items():
        tolerance = tests.tolerance[level]
        drops[level] = LevelTests(blocks, find_alarms(blocks, tolerance, alpha[level]))
        upwards = dataclasses.replace(blocks, decrease=-blocks.decrease)
        if level != "case":
            risen = find_alarms(upwards, tolerance, alpha[level])
            rises[level] = LevelTests(blocks, risen)
    found = collect(
        "DROP", tests.grid, drops, lambda name, metric: mode_of(settings, name, metric) == "warn", in_units
    )
    return found + collect("RISE", tests.grid, rises, lambda _name, _metric: True, in_units)
