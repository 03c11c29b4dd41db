"""Runs from laws that are known: scores at a ceiling or a floor, of few values, folds that move together.

Real fits do not give these at will. Here the truth is known to the digit, tables are small or large, splits
few or many, and fits have digests or none. Cells share nothing; for that there are the real fits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.gate_study.trials import alarms_of
from benchmarks.gate_study.views import with_digests
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import Panel, Unit

__all__ = ["DISCRETE", "SHARED", "Law", "LawPlayed", "LawTrial", "Size", "play_law", "sides"]

METRIC = "balanced_accuracy"
Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
"""Values of shape (n_cells, n_splits, n_folds, n_seeds)."""


@dataclass(frozen=True)
class Law:
    """How a fold's score comes about.

    Parameters
    ----------
    draw : callable of (generator, shape)
    worse : callable of (generator, shape), optional
        The same with a drop.
    drop : float
        By how much the mean of `worse` is lower.
    """

    draw: Draw
    worse: Draw | None = None
    drop: float = 0.0


@dataclass(frozen=True)
class Size:
    """How much there is of it."""

    methods: int = 3
    datasets: int = 12
    classifiers: int = 4
    splits: int = 5
    folds: int = 5
    seeds: int = 4

    @property
    def words(self) -> str:
        """Return it for a table."""
        n_cells = self.methods * self.datasets * self.classifiers
        return f"{n_cells} cases, {self.splits} x {self.folds} folds, {self.seeds} seeds"


def _missed(share: float, step: float, *, base: float = 1.0) -> Draw:
    """Return a law of two values: `base`, and by chance a step below it; above it if the step is negative."""

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        return np.asarray(base - step * (rng.random(shape) < share))

    return draw


def _found(n: int, share: float) -> Draw:
    """Return a law of few values: how many of `n` rows are found, the mean with the other class's 1."""

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        return np.asarray(0.5 + 0.5 * rng.binomial(n, share, shape) / n)

    return draw


def _together(share: float) -> Draw:
    """Return a law whose folds of one split and seed share so much of their variance."""

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        common = rng.normal(size=(*shape[:2], 1, shape[3]))
        z = np.sqrt(share) * common + np.sqrt(1 - share) * rng.normal(size=shape)
        return np.asarray(0.8 + 0.02 * z)

    return draw


def _taken_down(share: float, by: float) -> Draw:
    """Return a law in which a seed may take all folds of a split down."""

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        is_down = rng.random((*shape[:2], 1, shape[3])) < share
        return np.asarray(0.8 + 0.02 * rng.normal(size=shape) - by * is_down)

    return draw


DISCRETE: Mapping[str, Law] = {
    "ceiling: 1, or .95 in 10% of folds": Law(_missed(0.1, 0.05), _missed(0.2, 0.05), 0.005),
    "ceiling: 1, or .95 in 1%": Law(_missed(0.01, 0.05), _missed(0.11, 0.05), 0.005),
    "ceiling: 1, or 0 in 2%": Law(_missed(0.02, 1.0), _missed(0.07, 1.0), 0.05),
    "floor: .5, or .55 in 10%": Law(_missed(0.1, -0.05, base=0.5), _missed(0, 0, base=0.5), 0.005),
    "floor: 0, or .5 in 5%": Law(_missed(0.05, -0.5, base=0.0), _missed(0, 0, base=0.0), 0.025),
    "two values: 1, or 0 in 20%": Law(_missed(0.2, 1.0), _missed(0.3, 1.0), 0.1),
    "four values": Law(_found(3, 0.7), _found(3, 0.6), 0.05),
}

SHARED: Mapping[str, Law] = {
    "folds of a split share nothing": Law(_together(0.0)),
    "they share half of their variance": Law(_together(0.5)),
    "they share .8 of it": Law(_together(0.8)),
    "one seed of 50 takes a split down by .3": Law(_taken_down(0.02, 0.3)),
}


@dataclass(frozen=True)
class LawTrial:
    """What is made up: a law by its name, how much of it, with digests or without, with a drop or none."""

    law: str
    size: Size
    number: int
    digests: bool = False
    is_worse: bool = False


@dataclass(frozen=True)
class LawPlayed:
    """What the gate said: how the run fares, and whether all methods are named for their mean."""

    trial: LawTrial
    fails: bool
    is_undecided: bool
    sees_all: bool


def sides(trial: LawTrial, rng: np.random.Generator) -> tuple[Evidence, Evidence]:
    """Draw a baseline and a run."""
    law, size = {**DISCRETE, **SHARED}[trial.law], trial.size
    worse = law.worse if trial.is_worse else law.draw
    assert worse is not None
    made = []
    for name, draw, n_seeds in (("baseline", law.draw, size.seeds), ("run", worse, 1)):
        panel = _empty(size, n_seeds)
        shape = (len(panel.cells), size.splits, size.folds, n_seeds)
        panel.values[...] = draw(rng, shape).reshape(panel.values.shape)
        made.append(Evidence(name, with_digests(panel) if trial.digests else panel, {METRIC: "high"}))
    return made[0], made[1]


def _empty(size: Size, n_seeds: int) -> Panel:
    cells = [
        Cell(f"data{d}", f"method{m}", f"classifier{c}")
        for m in range(size.methods)
        for d in range(size.datasets)
        for c in range(size.classifiers)
    ]
    units = [Unit(split, fold) for split in range(size.splits) for fold in range(size.folds)]
    panel = Panel.empty(cells, units, range(n_seeds), [METRIC])
    panel.present[...] = True
    return panel


def play_law(trial: LawTrial, seed: int, settings: GateSettings) -> LawPlayed:
    """Make the run up and put it through the gate."""
    baseline, run = sides(trial, np.random.default_rng([seed, trial.number]))
    judged = alarms_of(baseline, run, settings)
    alarms = [finding for finding in judged.findings if not finding.is_warning]
    fails = any(not alarm.is_of_one_split for alarm in alarms)
    named = {alarm.method for alarm in alarms if alarm.level == "method"}
    return LawPlayed(trial, fails, bool(alarms) and not fails, len(named) == trial.size.methods)
