"""Runs that never were: every split takes its seeds' scores at random from the real fits.

All cells and folds of a split take the same seeds, as in a real run: what binds them together stays. (The
folds of a split share their classifiers' seed. Mixed fold by fold, a stochastic gradient's noise would look
less by a fifth than it is.) So a null run differs from its baseline by seeds alone, and a run with a defect
by SMOTE's sampler beside that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.gate_study.grid import METHOD
from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import Panel, Unit

__all__ = ["N_SEEDS", "Fits", "Run", "change_scores", "of_units"]

N_SEEDS = 4
"""Of a baseline."""


@dataclass(frozen=True, eq=False)
class Fits:
    """All real fits: of the grid, and of the scenarios in place of SMOTE.

    Parameters
    ----------
    null_scores, null_samples : Panel
        More than `N_SEEDS` draws, the same of both.
    scores, samples : Panel
        Scenarios stand as methods; their draws are others than those of the grid.
    """

    null_scores: Panel
    null_samples: Panel
    scores: Panel
    samples: Panel


@dataclass(frozen=True, eq=False)
class Run:
    """A baseline and a run of the grid without any change, from random seeds.

    Parameters
    ----------
    fits : Fits
    order : ndarray of shape (n_units, n_draws)
        For each unit a permutation of the draws: the first four are the baseline's, the next the run's. One
        per split.
    other : ndarray of shape (n_units,)
        For each unit the scenarios' draw.
    """

    fits: Fits
    order: np.ndarray
    other: np.ndarray

    @classmethod
    def draw(cls, fits: Fits, rng: np.random.Generator) -> Run:
        """Draw a run."""
        splits = np.array([unit.split for unit in fits.null_scores.units])
        names, split_of_unit = np.unique(splits, return_inverse=True)
        order = np.argsort(rng.random((len(names), len(fits.null_scores.draws))), axis=1)
        other = rng.integers(len(fits.scores.draws), size=len(names))
        return cls(fits, order[split_of_unit], other[split_of_unit])

    @property
    def baseline(self) -> Evidence:
        """The baseline: four seeds."""
        scores, samples = (self._taken(panel, 0, N_SEEDS) for panel in self._panels)
        return _evidence("baseline", scores, samples)

    @property
    def same(self) -> Evidence:
        """The run in which nothing but seeds changed."""
        scores, samples = (self._taken(panel, N_SEEDS, N_SEEDS + 1) for panel in self._panels)
        return _evidence("run", scores, samples)

    def with_scenario(self, name: str, datasets: Collection[str]) -> Evidence:
        """Return the run with a scenario in place of SMOTE on some data sets."""
        run = self.same
        assert run.samples is not None
        for panel, source in ((run.scores, self.fits.scores), (run.samples, self.fits.samples)):
            place = {cell: n for n, cell in enumerate(source.cells)}
            for n, cell in enumerate(panel.cells):
                if cell.method == METHOD and cell.dataset in datasets:
                    found = place[Cell(cell.dataset, name, cell.classifier)]
                    panel.values[n, :, 0] = source.values[found, np.arange(len(source.units)), self.other]
        return run

    @property
    def _panels(self) -> tuple[Panel, Panel]:
        return self.fits.null_scores, self.fits.null_samples

    def _taken(self, panel: Panel, start: int, stop: int) -> Panel:
        places = self.order[None, :, start:stop, None]
        # Numbered from 0, as every baseline's and run's seeds are.
        taken = Panel.empty(panel.cells, panel.units, range(stop - start), panel.names)
        taken.values[...] = np.take_along_axis(panel.values, places, axis=2)
        taken.present[...] = True
        return taken


def change_scores(run: Evidence, cells: Collection[Cell], metrics: Sequence[str], change: float) -> Evidence:
    """Return a run with something added to some cells' metrics."""
    scores = run.scores
    values = scores.values.copy()
    rows = [n for n, cell in enumerate(scores.cells) if cell in cells]
    columns = [scores.names.index(metric) for metric in metrics]
    values[np.ix_(rows, range(values.shape[1]), range(values.shape[2]), columns)] += change
    return dataclasses.replace(run, scores=dataclasses.replace(scores, values=values))


def of_units(run: Evidence, units: Sequence[Unit], methods: Collection[str] = ()) -> Evidence:
    """Return a run with some units only, and all units of some methods."""
    assert run.samples is not None
    panels = []
    for panel in (run.scores, run.samples):
        whole = np.array([cell.method in methods for cell in panel.cells])
        wanted = np.array([unit in units for unit in panel.units])
        there = whole[:, None] | wanted[None]
        kept = [n for n in range(len(panel.units)) if there[:, n].any()]
        present = panel.present & there[..., None]
        values = np.where(present[..., None], panel.values, np.nan)
        left = Panel.empty(panel.cells, [panel.units[n] for n in kept], panel.draws, panel.names)
        left.values[...], left.present[...] = values[:, kept], present[:, kept]
        panels.append(left)
    return dataclasses.replace(run, scores=panels[0], samples=panels[1])


def _evidence(name: str, scores: Panel, samples: Panel) -> Evidence:
    return Evidence(name, scores, dict.fromkeys(scores.names, "high"), samples)
