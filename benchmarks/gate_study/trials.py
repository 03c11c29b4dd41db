"""One made-up run through the gate, in one of three ways; and what would have been seen in it."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from benchmarks.gate_study.grid import DATASETS, METHOD
from benchmarks.gate_study.runs import Fits, Run, change_scores, of_units
from benchmarks.gate_study.views import PLAIN, drop_steps, seen_as
from smote_bench.experiment.gate_settings import LEVELS, GateSettings, Level
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.judging.alarms import alpha_of_metrics, alpha_of_samples, find_alarms
from smote_bench.gating.judging.changes import compare_samples, find_changes
from smote_bench.gating.judging.drops import MetricTests, compare_metrics, find_drops
from smote_bench.gating.judging.limits import Stages, limits_of
from smote_bench.gating.judging.sides import metric_grid, sample_grid
from smote_bench.gating.judging.stages import SHARE, second_stage
from smote_bench.gating.verdicts.verdict import Finding, Limit

__all__ = [
    "DROPPED",
    "FIXED_DROP",
    "RESEEDED",
    "SHIFT",
    "SHIFTED",
    "Played",
    "Trial",
    "Way",
    "alarms_of",
    "play",
]

RESEEDED, SHIFTED = "reseeded", "shift of .002"
SHIFT = 0.002
FIXED_DROP = 0.01
DROPPED = 0.4
"""Of SMOTE's discrete scores, so many are a step lower: a true drop of .02."""
_LIMITS_EVERY = 6  # they take longer than the verdict, and each null run has thousands of them
Way = Literal["one split", "two stages", "five splits"]


@dataclass(frozen=True)
class Trial:
    """What is made up.

    Parameters
    ----------
    scenario : str
        A scenario of `smote_bench`'s study, `RESEEDED` or `SHIFTED`.
    number : int
        Of the trial: with the study's seed it decides every random choice.
    datasets : tuple of str
        Where the scenario takes the place of SMOTE.
    ways : tuple of str
        How the gate is run.
    injected : {"method", "dataset", "case"}, optional
        A level at which a drop is added that the gate says it would see: at a random place, in one metric.
    view : str, optional
        As what the scores are seen (`benchmarks.gate_study.views.VIEWS`), without samples.
    digests : bool
        Of a view: whether fits have digests.
    share : float
        Of a view: so many of SMOTE's scores are a step lower.
    """

    scenario: str
    number: int
    datasets: tuple[str, ...] = DATASETS
    ways: tuple[Way, ...] = ("five splits",)
    injected: Level | None = None
    view: str = ""
    digests: bool = False
    share: float = 0.0


@dataclass(frozen=True)
class Played:
    """What the gate said of a trial.

    Parameters
    ----------
    trial : Trial
    way : str
    alarms : frozenset of (kind, level, data set, method, classifier, measure)
    cost : float
        Fits, in units of one split of the whole grid.
    power : mapping of (level, metric) to (seen, of, seen at the level's limit)
        In a null run: how many comparisons would have been alarms after a drop of their own ``would_see``,
        and after one of the size that the gate prints for the level.
    seen : bool or None
        Whether an injected drop was an alarm at its own place.
    would_see : mapping of level to float
        As the gate prints them.
    fixed : bool
        Whether some case's mean balanced accuracy is lower by more than `FIXED_DROP` than that of the
        baseline's first seed.
    """

    trial: Trial
    way: Way
    alarms: frozenset[tuple[str, ...]]
    cost: float = 1.0
    power: Mapping[tuple[Level, str], tuple[int, int, int]] = field(default_factory=dict)
    seen: bool | None = None
    would_see: Mapping[Level, float] = field(default_factory=dict)
    fixed: bool = False


@dataclass(frozen=True, eq=False)
class _Judged:
    tests: MetricTests
    alpha: Mapping[Level, float]
    findings: list[Finding]

    @property
    def alarms(self) -> frozenset[tuple[str, ...]]:
        return frozenset(
            (f.kind, f.level, f.dataset, f.method, f.classifier, f.measure)
            for f in self.findings
            if not f.is_warning
        )


def play(trial: Trial, fits: Fits, seed: int, settings: GateSettings) -> list[Played]:
    """Make the run up and put it through the gate in every way that the trial asks for."""
    rng = np.random.default_rng([seed, trial.number])
    run = Run.draw(fits, rng)
    baseline = run.baseline
    if trial.view:
        return [_play_view(trial, run, rng, settings)]
    if trial.injected is not None:
        return [_inject(trial, way, run, rng, settings) for way in trial.ways]
    current = _current(trial, run)
    played = []
    for way in trial.ways:
        taken, cost = _as_run(way, baseline, current, settings)
        judged = alarms_of(baseline, taken, settings)
        is_null = trial.scenario == RESEEDED
        has_limits = is_null and trial.number % _LIMITS_EVERY == 0
        stages = _stages(baseline) if way == "two stages" else None
        limits, would_see = limits_of(judged.tests, judged.alpha, stages) if has_limits else ((), {})
        power = _power(judged, limits, would_see) if has_limits and stages is None else {}
        fixed = is_null and way != "two stages" and _falls_by(FIXED_DROP, baseline, taken)
        played.append(Played(trial, way, judged.alarms, cost, power, None, would_see, fixed))
    return played


def _play_view(trial: Trial, run: Run, rng: np.random.Generator, settings: GateSettings) -> Played:
    law = run.fits.null_scores
    baseline, current = (seen_as(trial.view, one, law, digests=False) for one in (run.baseline, run.same))
    if trial.share:
        current = drop_steps(current, METHOD, trial.share, rng)
    if trial.digests:
        baseline, current = (seen_as(PLAIN, one, law, digests=True) for one in (baseline, current))
    judged = alarms_of(baseline, current, settings)
    return Played(trial, "five splits", judged.alarms)


def alarms_of(baseline: Evidence, run: Evidence, settings: GateSettings) -> _Judged:
    """Take the steps of `smote_bench.gating.judging.judge` that compare numbers; the study has no others."""
    tests = compare_metrics(metric_grid(baseline, run, settings), baseline.better, settings)
    samples = sample_grid(baseline, run, settings)
    alpha = alpha_of_metrics(settings.alpha, has_samples=samples is not None)
    findings: list[Finding] = []
    if samples is not None:
        of_samples = alpha_of_samples(settings.alpha)
        findings += find_changes(samples, compare_samples(samples), settings, of_samples)
    return _Judged(tests, alpha, findings + find_drops(tests, settings, alpha))


def _current(trial: Trial, run: Run) -> Evidence:
    if trial.scenario == RESEEDED:
        return run.same
    if trial.scenario == SHIFTED:
        same = run.same
        return change_scores(same, set(same.scores.cells), same.scores.names, -SHIFT)
    return run.with_scenario(trial.scenario, trial.datasets)


def _as_run(
    way: Way, baseline: Evidence, current: Evidence, settings: GateSettings
) -> tuple[Evidence, float]:
    """Return what a run of this kind would have computed, and its cost."""
    units = current.scores.units
    splits = sorted({unit.split for unit in units})
    if way == "five splits":
        return current, float(len(splits))
    first = [unit for unit in units if unit.split == splits[0]]
    begun = of_units(current, first)
    if way == "one split":
        return begun, 1.0
    chosen = second_stage(baseline, begun, settings)
    share = np.mean([cell.method in chosen for cell in current.scores.cells])
    return of_units(current, first, chosen), 1.0 + (len(splits) - 1) * float(share)


def _stages(baseline: Evidence) -> Stages:
    units = baseline.scores.units
    first = sum(unit.split == units[0].split for unit in units)
    return Stages(first, len(units), SHARE)


def _power(
    judged: _Judged, limits: Collection[Limit], would_see: Mapping[Level, float]
) -> dict[tuple[Level, str], tuple[int, int, int]]:
    """Count the comparisons that would be alarms, had each alone dropped by the size it is said to see.

    A drop of all of a comparison's cells in all folds moves its mean and no spread; with no other alarm,
    Holm's first step is what it has to pass.
    """
    counts: dict[tuple[Level, str], tuple[int, int, int]] = {}
    by_place = {
        (limit.level, limit.dataset, limit.method, limit.classifier, limit.metric): limit.would_see
        for limit in limits
    }
    for level in LEVELS:
        blocks, tolerance = judged.tests.blocks[level], judged.tests.tolerance[level]
        tested = find_alarms(blocks, tolerance, judged.alpha[level])
        for q, metric in enumerate(judged.tests.grid.names):
            own = np.array(
                [
                    by_place.get((level, name.dataset, name.method, name.classifier, metric), np.nan)
                    for name in blocks.names
                ]
            )
            # What did not change has no noise: there any drop beyond the tolerance is seen.
            counted = np.isfinite(own) & blocks.changed
            short = tested.limit[:, q] - blocks.decrease[:, q]
            seen = (own >= short)[counted].sum()
            counts[level, metric] = (
                int(seen),
                int(counted.sum()),
                int((would_see[level] >= short)[counted].sum()),
            )
    return counts


def _inject(trial: Trial, way: Way, run: Run, rng: np.random.Generator, settings: GateSettings) -> Played:
    """Add the drop that the gate would see at a random place, in one metric, and look whether it does."""
    baseline, current = run.baseline, run.same
    stages = _stages(baseline) if way == "two stages" else None
    known = current if way != "one split" else _as_run(way, baseline, current, settings)[0]
    judged = alarms_of(baseline, known, settings)
    limits, would_see = limits_of(judged.tests, judged.alpha, stages)
    changed = {
        (level, *vars(name).values())
        for level, blocks in judged.tests.blocks.items()
        for name in itertools.compress(blocks.names, blocks.changed)
    }
    places = [
        limit
        for limit in limits
        if limit.level == trial.injected
        and (limit.level, limit.dataset, limit.method, limit.classifier) in changed
    ]
    at = places[rng.integers(len(places))]
    cells = {
        cell
        for cell in current.scores.cells
        if cell.method == at.method
        and at.dataset in ("", cell.dataset)
        and at.classifier in ("", cell.classifier)
    }
    dropped = change_scores(current, cells, [at.metric], -at.would_see)
    taken, cost = _as_run(way, baseline, dropped, settings)
    alarms = alarms_of(baseline, taken, settings).alarms
    place = ("DROP", at.level, at.dataset, at.method, at.classifier, at.metric)
    return Played(trial, way, alarms, cost, seen=place in alarms, would_see=would_see)


def _falls_by(limit: float, baseline: Evidence, run: Evidence) -> bool:
    """Whether any case's balanced accuracy, mean over folds, is lower than the baseline's first seed's."""
    names, units = ("balanced_accuracy",), run.scores.units
    before = baseline.scores.take(units=units, draws=(0,), names=names).values.mean(axis=(1, 2))
    after = run.scores.take(names=names).values.mean(axis=(1, 2))
    return bool((before - after > limit).any())
