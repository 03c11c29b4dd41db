"""From tests to findings: what stands beyond its limit, in the measure's own units."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from smote_bench.gate.alarms import Tested
from smote_bench.gate.blocks import Blocks
from smote_bench.gate.grid import Grid
from smote_bench.gate.settings import Level
from smote_bench.gate.verdict import Finding, Kind
from smote_bench.outcome import Task

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
    is_warning: Callable[[Task, str], bool],
    shown: Callable[[int, float, float], tuple[float, float]] = lambda n, before, moved: (
        before,
        before + moved,
    ),
) -> list[Finding]:
    """Return a finding for every alarm, with how many data sets say the same alone.

    Parameters
    ----------
    kind : str
    grid : Grid
        In the measures' own units.
    levels : mapping of level to LevelTests
    is_warning : callable of (name, measure)
    shown : callable of (place of the measure, mean before, signed change as it was compared)
        Returns before and after in the measure's own units.
    """
    found: list[Finding] = []
    for level, tests in levels.items():
        blocks, tested = tests.blocks, tests.tested
        for b, q in np.argwhere(tested.is_alarm):
            name, measure = blocks.names[b], grid.names[q]
            sign = -1.0 if blocks.decrease[b, q] >= 0 else 1.0
            mean = _mean_before(grid, name, q)
            before, after = shown(q, mean, -blocks.decrease[b, q])
            limit = shown(q, mean, sign * tested.limit[b, q])
            n, of = _datasets(levels, name, q) if level == "method" else (1, 1)
            found.append(
                Finding(
                    kind,
                    level,
                    *(name.dataset, name.method, name.classifier, measure),
                    before=before,
                    after=after,
                    change=after - before,
                    se=_in_units(shown, q, mean, blocks.se[b, q]),
                    limit=limit[1] - limit[0],
                    p=float(tested.p[b, q]),
                    n_datasets=n,
                    of_datasets=of,
                    is_warning=is_warning(name, measure),
                )
            )
    return found


def _in_units(
    shown: Callable[[int, float, float], tuple[float, float]], q: int, mean: float, se: float
) -> float:
    before, after = shown(q, mean, se)
    return after - before


def _mean_before(grid: Grid, name: Task, q: int) -> float:
    """Return the baseline's mean over a block, over the units that the run has too."""
    place = (
        grid.methods.index(name.method),
        grid.datasets.index(name.dataset) if name.dataset else slice(None),
        grid.classifiers.index(name.classifier) if name.classifier else slice(None),
    )
    values = np.where(np.isfinite(grid.after[place][..., None, :]), grid.before[place], np.nan)[..., q]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(np.nanmean(values)) if values.size else float("nan")


def _datasets(levels: dict[Level, LevelTests], name: Task, q: int) -> tuple[int, int]:
    """Return on how many of a method's data sets the measure is an alarm by itself, in the same direction."""
    if "dataset" not in levels:
        return 0, 0
    tests = levels["dataset"]
    here = [n for n, block in enumerate(tests.blocks.names) if block.method == name.method]
    compared = [n for n in here if np.isfinite(tests.blocks.decrease[n, q])]
    return int(tests.tested.is_alarm[compared, q].sum()), len(compared)
