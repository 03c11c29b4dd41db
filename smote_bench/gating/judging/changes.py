"""Step 2: what samplers do to the rows has changed, whatever classifiers make of it; in both directions."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from smote_bench.evaluation.descriptors import DESCRIPTORS
from smote_bench.experiment.gate_settings import GateSettings, Level
from smote_bench.gating.judging.alarms import find_alarms
from smote_bench.gating.judging.blocks import Blocks, compare_blocks
from smote_bench.gating.judging.findings import LevelTests, collect
from smote_bench.gating.judging.grid import Grid
from smote_bench.gating.judging.strictness import mode_of
from smote_bench.gating.verdicts.verdict import Finding

__all__ = ["SAMPLE_LEVELS", "compare_samples", "find_changes"]

_SPREAD_LEVEL = 0.25
"""Two right samplers may differ in how much their samples vary: one draws parents at random, one gives each
as many. So the run's own spread is taken sooner than with metrics."""

SAMPLE_LEVELS: tuple[Level, ...] = ("method", "dataset")


def compare_samples(grid: Grid) -> dict[Level, Blocks]:
    """Compare descriptors, each on the scale on which it is compared, at the levels that samples have.

    Parameters
    ----------
    grid : Grid
        Of descriptors in their own units.
    """
    cards = [DESCRIPTORS[name] for name in grid.names]

    def scaled(values: np.ndarray) -> np.ndarray:
        return np.stack([card.compared(values[..., n]) for n, card in enumerate(cards)], axis=-1)

    compared = dataclasses.replace(grid, before=scaled(grid.before), after=scaled(grid.after))
    return {level: compare_blocks(compared, level, spread_level=_SPREAD_LEVEL) for level in SAMPLE_LEVELS}


def sample_tolerances(level: Level, grid: Grid, n_blocks: int) -> np.ndarray:
    """Return the descriptors' tolerances, of shape (n_blocks, n_names)."""
    cards = [DESCRIPTORS[name] for name in grid.names]
    row = [card.method_tolerance if level == "method" else card.dataset_tolerance for card in cards]
    return np.tile(np.array(row), (n_blocks, 1))


def find_changes(
    grid: Grid, blocks: Mapping[Level, Blocks], settings: GateSettings, alpha: Mapping[Level, float]
) -> list[Finding]:
    """Return the descriptors that changed beyond their limits.

    Parameters
    ----------
    grid : Grid
        Of descriptors in their own units.
    blocks : mapping of level to Blocks
        Of `compare_samples`.
    settings : GateSettings
        Its overrides hold for descriptors by name as for metrics.
    alpha : mapping of level to float
    """
    cards = [DESCRIPTORS[name] for name in grid.names]

    def in_units(q: int, before: float, moved: float) -> float:
        return before * float(np.expm1(moved)) if cards[q].scale == "log" else moved

    tests: dict[Level, LevelTests] = {}
    for level, compared in blocks.items():
        tolerance = sample_tolerances(level, grid, len(compared.names))
        tested = find_alarms(compared, tolerance, alpha[level], two_sided=True)
        tests[level] = LevelTests(compared, tested)
    return collect(
        "CHANGED", grid, tests, lambda name, what: mode_of(settings, name, what) == "warn", in_units
    )
