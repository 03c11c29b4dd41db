"""From two sides to a verdict: structure, equality, samples, metrics, in this order."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import LEVELS, GateSettings
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD
from smote_bench.gating.judging.alarms import alpha_of_metrics, alpha_of_samples
from smote_bench.gating.judging.changes import compare_samples, find_changes
from smote_bench.gating.judging.drops import MetricTests, compare_metrics, find_drops
from smote_bench.gating.judging.fixed import false_alarm_rate, find_fixed
from smote_bench.gating.judging.grid import Grid
from smote_bench.gating.judging.limits import Stages, limits_of
from smote_bench.gating.judging.scales import of_other_scales
from smote_bench.gating.judging.sides import judged_metrics, metric_grid, sample_grid
from smote_bench.gating.judging.slower import find_slower
from smote_bench.gating.judging.stages import SHARE
from smote_bench.gating.judging.strictness import mode_of
from smote_bench.gating.judging.structure import Structure, structure
from smote_bench.gating.verdicts.verdict import Finding, Problem, Result, Verdict

__all__ = ["judge"]

_SHOWN = 3
_KINDS = ("CHANGED", "DROP", "LIMIT", "SLOWER", "RISE")


def judge(
    baseline: Evidence, current: Evidence, settings: GateSettings | None = None, *, two_stages: bool = False
) -> Verdict:
    """Return the verdict on a run.

    Parameters
    ----------
    baseline, current : Evidence
    settings : GateSettings, optional
    two_stages : bool
        The run has its other splits for suspicious methods alone (`gating.judging.stages`): what it would
        have seen depends on both stages.

    Returns
    -------
    Verdict
        ``not comparable`` where data, splits or protocol differ; ``fail`` for a problem of structure or any
        finding that is more than a warning and of more than one split; ``undecided`` where all such findings
        are of one split, or where a drop is of one fold with one seed; else ``pass``.
    """
    settings = settings or GateSettings()
    found = structure(baseline, current, partial=settings.partial, metrics=settings.metrics)
    incomparable = (*found.incomparable, *_no_metric(baseline, current, settings))
    incomparable = incomparable or of_other_scales(
        baseline, current, judged_metrics(baseline, current, settings)
    )
    if incomparable:
        return _not_comparable(baseline, current, settings, found, incomparable)

    found = _without_cases_off(found, settings, baseline.cells)
    grid = metric_grid(baseline, current, settings)
    if not found.problems and (nothing := _nothing_measured(grid, baseline, current, settings)):
        return _not_comparable(baseline, current, settings, found, nothing)
    samples = sample_grid(baseline, current, settings)
    alpha = alpha_of_metrics(settings.alpha, has_samples=samples is not None)
    tests = compare_metrics(grid, baseline.better, settings)
    findings: list[Finding] = []
    if samples is not None:
        findings += find_changes(
            samples, compare_samples(samples), settings, alpha_of_samples(settings.alpha)
        )
    findings += find_drops(tests, settings, alpha)
    findings += find_fixed(tests, settings)
    findings += find_slower(baseline, current, settings)
    limits, would_see = limits_of(tests, alpha, _stages(grid) if two_stages else None)
    findings.sort(key=_gravity)
    untold = _drops_of_unknown_noise(tests, settings)

    counts = _count(baseline, grid, samples, found, findings)
    return Verdict(
        _result(found.problems, findings, untold),
        counts.cases,
        counts.identical,
        counts.changed,
        counts.within_noise,
        problems=found.problems,
        findings=tuple(findings),
        new_cases=found.new_cases,
        not_selected=found.not_selected,
        would_see=would_see,
        limits=limits,
        fixed_rate={
            metric: false_alarm_rate(tests, metric, limit)
            for metric, limit in settings.fixed.items()
            if metric in grid.names
        },
        settings=settings,
        notes=(
            *_untold_note(untold),
            *_one_split_note(baseline, current, grid, findings, two_stages),
            *found.notes,
            *_notes(baseline, current, settings, grid, samples),
        ),
        baseline=_about(baseline),
        current=_about(current),
    )


def _result(problems: Sequence[Problem], findings: Iterable[Finding], untold: Sequence[str]) -> Result:
    alarms = [finding for finding in findings if not finding.is_warning]
    if problems or any(not alarm.is_of_one_split for alarm in alarms):
        return "fail"
    return "undecided" if alarms or untold else "pass"


def _drops_of_unknown_noise(tests: MetricTests, settings: GateSettings) -> list[str]:
    """Return in words the methods' drops beyond their tolerance of which no noise is known.

    One fold with one seed has none: nothing tells a drop of .7 from luck.
    """
    blocks, tolerance = tests.blocks["method"], tests.tolerance["method"]
    is_drop = blocks.changed[:, None] & (blocks.decrease > tolerance + 1e-12) & np.isnan(blocks.se)
    found = []
    for b, q in np.argwhere(is_drop):
        name, metric = blocks.names[b], tests.grid.names[q]
        if mode_of(settings, name, metric) == "fail":
            sign = 1.0 if tests.losses_are_rises[q] else -1.0
            found.append(f"{name.method} {metric} {sign * blocks.decrease[b, q]:+.4f}")
    return found


def _untold_note(untold: Sequence[str]) -> list[str]:
    """Return why drops that cannot be told from luck leave a verdict undecided."""
    if not untold:
        return []
    more = f" and {len(untold) - _SHOWN} more" if len(untold) > _SHOWN else ""
    return [
        f"undecided, since there is one fold with one seed, and so no noise to hold a drop to: "
        f"{', '.join(untold[:_SHOWN])}{more}; save a baseline of several splits and seeds"
    ]


def _without_cases_off(found: Structure, settings: GateSettings, cells: Iterable[Cell]) -> Structure:
    """Take the problems of cases that are switched off for notes: whoever did so knows of them."""
    ids = {cell.id for cell in cells if mode_of(settings, cell, "") == "off"}
    off = [problem for problem in found.problems if problem.where in ids]
    if not off:
        return found
    note = f"not judged, since they are switched off: {len(off)} problems, as {off[0].where}: {off[0].what}"
    kept = tuple(problem for problem in found.problems if problem not in off)
    return dataclasses.replace(found, problems=kept, notes=(*found.notes, note))


def _no_metric(baseline: Evidence, current: Evidence, settings: GateSettings) -> tuple[Problem, ...]:
    if judged_metrics(baseline, current, settings):
        return ()
    wanted = ", ".join(settings.metrics or baseline.scores.names)
    have = " and ".join(f"{', '.join(side.scores.names)} in {side.name}" for side in (baseline, current))
    reason = f"expected at least one of the metrics {wanted} on both sides, got {have}: name others"
    return (Problem("metrics", "all", reason),)


def _nothing_measured(
    grid: Grid, baseline: Evidence, current: Evidence, settings: GateSettings
) -> tuple[Problem, ...]:
    """Return the problem of sides that differ and have no score to compare; what is switched off apart."""
    is_measured = np.isfinite(grid.before).any(axis=4) & np.isfinite(grid.after)
    is_off = any(override.mode == "off" for override in settings.overrides)
    if is_measured.any() or is_off or not (grid.has & grid.changed).any():
        return ()
    reason = (
        f"expected a score that is defined in {baseline.name} and in {current.name}, got none: see why they "
        "are undefined, or judge other metrics (--metrics)"
    )
    return (Problem("scores", "all", reason),)


def _not_comparable(
    baseline: Evidence,
    current: Evidence,
    settings: GateSettings,
    found: Structure,
    incomparable: tuple[Problem, ...],
) -> Verdict:
    return Verdict(
        "not comparable",
        len(baseline.cells),
        0,
        0,
        0,
        incomparable=incomparable,
        problems=found.problems,
        new_cases=found.new_cases,
        not_selected=found.not_selected,
        settings=settings,
        notes=found.notes,
        baseline=_about(baseline),
        current=_about(current),
    )


def _gravity(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.is_warning,
        _KINDS.index(finding.kind),
        LEVELS.index(finding.level),
        finding.method,
        -finding.n_datasets,
        np.nan_to_num(finding.p, nan=1.0),
        finding.dataset,
        finding.classifier,
        finding.measure,
    )


@dataclass(frozen=True)
class _Counts:
    cases: int
    identical: int
    changed: int
    within_noise: int


def _count(
    baseline: Evidence,
    grid: Grid,
    samples: Grid | None,
    found: Structure,
    findings: Iterable[Finding],
) -> _Counts:
    """Count cases; one with a problem of structure is neither identical nor within noise."""
    changed = _changed_cells(grid)
    if samples is not None:
        resampled = {(cell.dataset, cell.method) for cell in _changed_cells(samples)}
        changed |= {cell for cell in _compared(grid) if (cell.dataset, cell.method) in resampled}
    broken = {problem.where for problem in found.problems}
    alone = {
        Cell(finding.dataset, finding.method, finding.classifier)
        for finding in findings
        if finding.level == "case" and not finding.is_warning
    }
    cases = [cell for cell in baseline.cells if cell.id not in set(found.not_selected)]
    sound = [cell for cell in cases if cell.id not in broken]
    n_changed = sum(cell in changed for cell in sound)
    within = sum(cell in changed and cell not in alone for cell in sound)
    return _Counts(len(cases), len(sound) - n_changed, n_changed, within)


def _compared(grid: Grid) -> list[Cell]:
    return [Cell(grid.datasets[d], grid.methods[m], grid.classifiers[k]) for m, d, k in np.argwhere(grid.has)]


def _changed_cells(grid: Grid) -> set[Cell]:
    return {
        Cell(grid.datasets[d], grid.methods[m], grid.classifiers[k])
        for m, d, k in np.argwhere(grid.has & grid.changed)
    }


def _stages(grid: Grid) -> Stages | None:
    """Return both stages' numbers of units: those that every cell has, and all; None for one stage."""
    n_units = np.isfinite(grid.after).any(axis=-1)[grid.has].sum(axis=1)
    first, last = int(n_units.min(initial=len(grid.units))), len(grid.units)
    return Stages(max(first, 1), last, SHARE) if first < last else None


def _notes(
    baseline: Evidence,
    current: Evidence,
    settings: GateSettings,
    grid: Grid,
    samples: Grid | None,
) -> list[str]:
    notes = []
    missing = [name for name in settings.metrics or baseline.scores.names if name not in grid.names]
    if missing:
        notes.append(f"not judged, since both sides do not have it: {', '.join(missing)}")
    if len(baseline.scores.draws) < 2:
        notes.append(
            f"{baseline.name} has one seed, so the noise of seeds is not known: differences between folds "
            "stand for it, and the gate sees less; save a baseline with several seeds"
        )
    if samples is None:
        which = baseline.name if baseline.samples is None else current.name
        notes.append(f"samples were not compared: {which} does not describe any")
    unknown = [metric for metric in settings.fixed if metric not in grid.names]
    if unknown:
        notes.append(f"fixed limits of metrics that are not judged were left out: {', '.join(unknown)}")
    return notes


def _one_split_note(
    baseline: Evidence, current: Evidence, grid: Grid, findings: Iterable[Finding], two_stages: bool
) -> list[str]:
    """Return why one split decides nothing against a run, and what to do about it."""
    has = np.isfinite(grid.after).any(axis=(0, 1, 2, 4))
    n_judged = len({unit.split for unit, has_it in zip(grid.units, has, strict=True) if has_it})
    n_before = len({unit.split for unit in baseline.scores.units})
    gets_others = two_stages and n_before > 1
    is_alone = n_judged == 1 and grid.changed.any() and not gets_others
    if not is_alone and not any(one.is_of_one_split and not one.is_warning for one in findings):
        return []
    if n_before == 1:
        has_one = f"{baseline.name} has one split"
        remedy = "save a baseline of several (--smote-gate-splits 5)"
    else:
        has_one = f"{current.name} was judged on one split of {n_before}"
        remedy = "judge several (random_runs: 5)"
    return [
        f"{has_one}: its folds share the classifiers' seeds, so that alarms are false more often than alpha "
        f"says and leave the verdict undecided; {remedy}, in tables with another number in the column split "
        "for every other shuffle of the rows"
    ]


def _about(evidence: Evidence) -> Mapping[str, Any]:
    units = evidence.scores.units
    return {
        "name": evidence.name,
        **evidence.about,
        "splits": len({unit.split for unit in units}),
        "folds": len({unit.fold for unit in units if unit.fold != HOLDOUT_FOLD}),
        "seeds": len(evidence.scores.draws),
    }
