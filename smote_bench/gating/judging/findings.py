"""From tests to findings: what stands beyond its limit, in the measure's own units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import Level
from smote_bench.gating.judging.alarms import Tested
from smote_bench.gating.judging.blocks import Blocks
from smote_bench.gating.judging.grid import Grid
from smote_bench.gating.judging.means import means_of
from smote_bench.gating.verdicts.verdict import Finding, Kind

__all__ = ["LevelTests", "collect"]


@dataclass(frozen=True, eq=False)
class LevelTests:
    """The comparisons of a level with their tests."""

    blocks: Blocks
    tested: Tested


def collect(
    kind: Kind,
    grid: Grid,
    levels: dict[Level, LevelTests],
    is_warning: Callable[[Cell, str], bool],
    in_units: Callable[[int, float, float], float],
) -> list[Finding]:
    """Return a finding for every alarm, with how many data sets say the same alone.

    Parameters
    ----------
    kind : str
    grid : Grid
        In the measures' own units.
    levels : mapping of level to LevelTests
    is_warning : callable of (name, measure)
    in_units : callable of (place of the measure, mean before, signed change as it was compared)
        Returns that change in the measure's own units.
    """
    found: list[Finding] = []
    for level, tests in levels.items():
        blocks, tested = tests.blocks, tests.tested
        for b, q in np.argwhere(tested.is_alarm):
            name, measure = blocks.names[b], grid.names[q]
            sign = -1.0 if blocks.decrease[b, q] >= 0 else 1.0
            before, after = means_of(grid, name, q)
            n, of = _datasets(levels, name, q) if level == "method" else (1, 1)
            found.append(
                Finding(
                    kind,
                    level,
                    name.dataset,
                    name.method,
                    name.classifier,
                    measure,
                    before=before,
                    after=after,
                    change=after - before,
                    se=abs(in_units(q, before, blocks.se[b, q])),
                    limit=in_units(q, before, sign * tested.limit[b, q]),
                    p=float(tested.p[b, q]),
                    n_datasets=n,
                    of_datasets=of,
                    is_warning=is_warning(name, measure),
                    n_splits=int(blocks.n_splits[b, q]),
                )
            )
    return found


def _datasets(levels: dict[Level, LevelTests], name: Cell, q: int) -> tuple[int, int]:
    """Return on how many of a method's data sets the measure is an alarm by itself, in the same direction."""
    if "dataset" not in levels:
        return 0, 0
    tests = levels["dataset"]
    here = [n for n, block in enumerate(tests.blocks.names) if block.method == name.method]
    compared = [n for n in here if np.isfinite(tests.blocks.decrease[n, q])]
    return int(tests.tested.is_alarm[compared, q].sum()), len(compared)
