"""Judges a finished run: the first verdict, the other splits of suspicious methods, the verdict's files."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.evaluation.parts import Part, parts_beyond
from smote_bench.experiment.gate_options import parse_overrides
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.session.gate_plan import MARKER, GatePlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from smote_bench.evaluation.outcome import Cell
    from smote_bench.experiment.model import Experiment
    from smote_bench.gating.evidence.evidence import Evidence
    from smote_bench.gating.verdicts.verdict import Verdict
    from smote_bench.runs.settings import RunSettings

__all__ = ["GatedRun", "compute_part", "gate_run"]

_WORTH_PROCESSES_SECONDS = 5.0
"""A second stage shorter than this is over before other processes have imported what they need."""


@dataclass(frozen=True)
class GatedRun:
    """A finished run and what is to be judged of it.

    Parameters
    ----------
    experiment : Experiment
    settings : RunSettings
    selected : collection of str
        Ids of the cells that this session was to run.
    known : collection of str
        Ids of the cells that the experiment has, narrowed or not.
    overrides : sequence of mapping
        Of markers.
    jobs : int
        Processes for a second stage.
    metrics_left_out : collection of str
        Metrics that the experiment has and this session was not to score.
    """

    experiment: Experiment
    settings: RunSettings
    selected: Collection[str]
    known: Collection[str]
    overrides: Sequence[Mapping[str, Any]] = ()
    jobs: int = 1
    metrics_left_out: Collection[str] = ()


def gate_run(run: GatedRun, plan: GatePlan, say: Callable[[str], None]) -> Verdict:
    """Judge a run, give suspicious methods their other splits, judge again.

    Raises
    ------
    ConfigError
        If the baseline cannot be read.
    """
    from smote_bench.gating.baselines.baseline import load_baseline
    from smote_bench.gating.evidence.from_run import run_evidence
    from smote_bench.gating.judging.judge import judge

    settings = plan.settings
    if run.overrides:
        more = parse_overrides(list(run.overrides), MARKER)
        settings = dataclasses.replace(settings, overrides=(*settings.overrides, *more))
    folder = Path(run.settings.run_dir)
    current = run_evidence(folder)
    whole, not_scored = _without_metrics(load_baseline(plan.compare), run.metrics_left_out)
    baseline, left_out = _selected(whole, current, run)
    n_more = _other_splits(baseline, run, say, current, settings)
    if n_more:
        current = run_evidence(folder)
    verdict = judge(baseline, current, settings, two_stages=True)
    return dataclasses.replace(
        verdict,
        not_selected=(*verdict.not_selected, *left_out),
        notes=(*verdict.notes, *not_scored),
    )


def _without_metrics(baseline: Evidence, left_out: Collection[str]) -> tuple[Evidence, tuple[str, ...]]:
    """Leave out the metrics that were not asked for, and say so."""
    gone = [name for name in baseline.scores.names if name in left_out]
    if not gone:
        return baseline, ()
    names = [name for name in baseline.scores.names if name not in left_out]
    note = f"metrics that were not selected were not judged: {', '.join(gone)}"
    return dataclasses.replace(baseline, scores=baseline.scores.take(names=names)), (note,)


def _selected(baseline: Evidence, current: Evidence, run: GatedRun) -> tuple[Evidence, tuple[str, ...]]:
    """Leave out what was not asked for: cells of the experiment that were deselected, and have no outcome."""
    from smote_bench.gating.judging.sides import only_cells

    here = {cell.id for cell in current.cells}
    cells = baseline.cells
    left_out = [
        cell for cell in cells if cell.id in run.known and cell.id not in run.selected and cell.id not in here
    ]
    if not left_out:
        return baseline, ()
    keep = [cell for cell in cells if cell not in set(left_out)]
    return only_cells(baseline, keep), tuple(cell.id for cell in left_out)


def _other_splits(
    baseline: Evidence, run: GatedRun, say: Callable[[str], None], current: Evidence, settings: GateSettings
) -> int:
    """Compute the splits that the run lacks for the methods that deserve them; return how many cells."""
    from smote_bench.gating.judging.stages import second_stage
    from smote_bench.gating.judging.structure import structure

    n_splits = 1 + max((unit.split for unit in baseline.scores.units), default=0)
    parts = parts_beyond(run.experiment.protocol, n_splits, 1)
    if (
        not parts
        or structure(baseline, current, partial=settings.partial, metrics=settings.metrics).incomparable
    ):
        return 0
    seconds = {cell: sum(pair) for cell, pair in current.seconds.items()}
    methods = second_stage(baseline, current, settings, seconds)
    chosen = set(methods)
    cells = [cell for cell in current.scores.cells if cell.method in chosen]
    if not cells:
        return 0
    (part,) = parts
    say(f"metric gate: {', '.join(methods)}: looked at again on {part.label} ({len(cells)} cases)")
    n_fits = part.n_repeats * (run.experiment.protocol.cv_folds + 1)
    is_long = n_fits * sum(seconds.get(cell, 0.0) for cell in cells) > _WORTH_PROCESSES_SECONDS
    compute_part(run.experiment, run.settings, cells, part, jobs=run.jobs if is_long else 1)
    return len(cells)


def compute_part(
    experiment: Experiment, settings: RunSettings, cells: Sequence[Cell], part: Part, *, jobs: int
) -> None:
    """Compute a part of some cells into the run's store; those of one (data set, method) in one process."""
    settings = dataclasses.replace(settings, is_worker=False, n_workers=jobs)
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.group, []).append(cell)
    work = [_Group(experiment, settings, tuple(group), part) for group in groups.values()]
    if jobs > 1 and len(work) > 1:
        from concurrent.futures.process import BrokenProcessPool

        from smote_bench.environment.processes import map_in_processes

        try:
            for _ in map_in_processes(_run_group, work, jobs):
                pass
        except BrokenProcessPool:
            _record_lost(settings, cells, part)
        return
    for group in work:
        _run_group(group)


def _record_lost(settings: RunSettings, cells: Sequence[Cell], part: Part) -> None:
    """Put an error into the store for every case whose part is not there: a process died, others with it."""
    from smote_bench.runs.run_store import RunStore

    store = RunStore(Path(settings.run_dir, "cells.sqlite"))
    done = {outcome.cell for words, outcome in store.part_outcomes() if words == part.label}
    reason = "a process died while the gate had this computed: out of memory, or a crash in compiled code"
    for cell in cells:
        if cell not in done:
            store.put_lost(cell, reason, part=part.label)
    store.close()


@dataclass(frozen=True)
class _Group:
    experiment: Experiment
    settings: RunSettings
    cells: tuple[Cell, ...]
    part: Part


def _run_group(group: _Group) -> None:
    from smote_bench.engines.cell_runner import CellRunner

    runner = CellRunner(group.experiment, group.settings)
    try:
        for cell in group.cells:
            runner.run_part(cell, group.part)
    finally:
        runner.close()
