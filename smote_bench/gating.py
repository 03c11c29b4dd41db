"""The gate in a pytest session: what the options ask for, and what is done when the cells are through.

Reading the options imports neither numpy nor pandas; judging does.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.errors import ConfigError
from smote_bench.gate.options import (
    parse_alpha,
    parse_fixed,
    parse_max_slowdown,
    parse_mode,
    parse_overrides,
    parse_tolerances,
)
from smote_bench.gate.settings import GateSettings
from smote_bench.parts import Part, parts_beyond

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from smote_bench.experiment import Experiment
    from smote_bench.gate.evidence import Evidence
    from smote_bench.gate.verdict import Verdict
    from smote_bench.outcome import Task
    from smote_bench.runner import RunSettings

__all__ = [
    "MARKER",
    "GatePlan",
    "GatedRun",
    "compute_part",
    "gate_run",
    "marker_override",
    "overrides_from",
    "plan_gate",
]

MARKER = "smote_gate"
_SPLITS, _SEEDS = 5, 4


@dataclass(frozen=True)
class GatePlan:
    """What a session is asked to do about a gate.

    Parameters
    ----------
    save : str
        Name of the baseline to be written; empty for none.
    reason : str
        Why an existing one may be replaced.
    compare : str
        Path of the baseline's JSON; empty for none.
    asked : bool
        Whether the comparison was asked for by option, not by the ini file alone.
    n_splits, n_seeds : int
        Of a baseline to be saved.
    reports : str
        Baselines are in ``baselines/`` below it.
    settings : GateSettings
    idle : tuple of str
        Options that say how strict a comparison is, though none was asked for.
    """

    save: str = ""
    reason: str = ""
    compare: str = ""
    asked: bool = False
    n_splits: int = _SPLITS
    n_seeds: int = _SEEDS
    reports: str = "reports"
    settings: GateSettings = field(default_factory=GateSettings)
    idle: tuple[str, ...] = ()

    def parts(self, experiment: Experiment) -> list[Part]:
        """Return what each cell has to be computed for beside the run itself."""
        return parts_beyond(experiment.protocol, self.n_splits, self.n_seeds) if self.save else []


def plan_gate(config: pytest.Config, experiment: Experiment, out: Path) -> GatePlan:
    """Read the gate's options, ini values and the experiment's ``gate:`` section, in this precedence.

    Parameters
    ----------
    config : pytest.Config
    experiment : Experiment
    out : Path
        The folder of runs; baselines lie in ``baselines/`` below it, or below the project's own ``reports``.

    Raises
    ------
    ConfigError
        Also where a baseline to be saved is there already, or one to compare with is not.
    """
    save = config.getoption("smote_save") or ""
    reason = config.getoption("smote_accept_reason") or ""
    settings = _settings(config, experiment)
    if save:
        _check_place(save, out, reason)
    elif reason:
        raise ConfigError(
            f"expected --smote-save NAME beside --smote-accept-reason {reason!r}: name the baseline"
        )
    option, ini = config.getoption("smote_compare"), config.getini("smote_compare")
    wanted = option if option is not None else ini
    compare = None
    if wanted is not None and (option is not None or ini) and settings.mode != "off":
        compare = _find(str(wanted), experiment.name, [out, Path(config.rootpath, "reports")])
        if not hasattr(config, "workerinput"):
            _check_whole(compare)
    return GatePlan(
        save=save,
        reason=reason,
        compare=str(compare) if compare else "",
        asked=option is not None,
        n_splits=_count(config, "smote_gate_splits", _SPLITS),
        n_seeds=_count(config, "smote_gate_seeds", _SEEDS),
        reports=str(out),
        settings=settings,
        idle=() if compare or settings.mode == "off" else _strictness_given(config),
    )


def _check_place(name: str, out: Path, reason: str) -> None:
    """Refuse now what could not be saved after hours of computing."""
    from smote_bench.gate.baseline import check_free
    from smote_bench.gate.header import FOLDER, read_header

    check_free(name, out, reason=reason)
    there = Path(out, FOLDER, f"{name}.json")
    if there.exists():
        read_header(there)  # its history is kept


def _check_whole(path: Path) -> None:
    """Refuse a damaged baseline before any cell is computed."""
    from smote_bench.gate.header import check_digest, read_header

    for part, digest in read_header(path)["files"].items():
        check_digest(path, part, digest)


def _strictness_given(config: pytest.Config) -> tuple[str, ...]:
    names = ("smote_gate", "smote_gate_alpha", "smote_gate_tol", "smote_compare_fail", "smote_gate_slowdown")
    given = (name for name in names if config.getoption(name) not in (None, []))
    return tuple("--" + name.replace("_", "-") for name in given)


def _settings(config: pytest.Config, experiment: Experiment) -> GateSettings:
    settings = experiment.gate

    change: dict[str, Any] = {}
    mode, where = _given(config, "smote_gate")
    if mode is not None:
        change["mode"] = parse_mode(mode, where)
    alpha, where = _given(config, "smote_gate_alpha")
    if alpha is not None:
        change["alpha"] = parse_alpha(alpha, where)
    tolerance, where = _given(config, "smote_gate_tol")
    if tolerance is not None:
        change["tolerance"] = {**settings.tolerance, **parse_tolerances(tolerance, where)}
    fixed, where = _given(config, "smote_compare_fail")
    if fixed is not None:
        change["fixed"] = parse_fixed(fixed, where)
        for name in change["fixed"]:
            _check_metric(name, experiment, where)
    slowdown, where = _given(config, "smote_gate_slowdown")
    if slowdown is not None:
        change["max_slowdown"] = parse_max_slowdown(slowdown, where)
    return dataclasses.replace(settings, **change)


def _given(config: pytest.Config, name: str) -> tuple[Any, str]:
    """Return an option's value, else that of its ini twin, else None; and what to call it in a message."""
    option = config.getoption(name)
    if option not in (None, []):
        return option, "--" + name.replace("_", "-")
    return config.getini(name) or None, f"{name} in the ini file"


def _check_metric(name: str, experiment: Experiment, where: str, others: Collection[str] = ()) -> None:
    """Refuse the name of a metric that there is not: nothing would be judged by it, in silence."""
    from smote_bench.errors import did_you_mean

    known = [*experiment.metrics, *others]
    if name not in known:
        raise ConfigError(
            f"{where}: expected a metric of the experiment, got {name!r}.{did_you_mean(name, known)} "
            f"Choose from {', '.join(experiment.metrics)}"
        )


def _count(config: pytest.Config, name: str, default: int) -> int:
    value, where = _given(config, name)
    if value is None:
        return default
    if not str(value).isdecimal() or int(value) < 1:
        raise ConfigError(
            f"{where}: expected a whole number from 1, got {value!r}: write one such as {default}"
        )
    return int(value)


def _find(wanted: str, experiment: str, folders: Sequence[Path]) -> Path:
    """Return the file of a baseline: by name or path, else the experiment's own, else the only one."""
    from smote_bench.gate.header import find_baseline, list_baselines

    folders = list(dict.fromkeys(folders))
    if not wanted:
        names = list(dict.fromkeys(one.name for folder in folders for one in list_baselines(folder)))
        if experiment not in names and len(names) != 1:
            have = f"got {', '.join(names)}" if names else "got none"
            raise ConfigError(
                f"--smote-compare: expected one baseline, or one named {experiment!r} as the experiment; "
                f"{have}: name one (--smote-compare=NAME) or save one (--smote-save NAME)"
            )
        wanted = experiment if experiment in names else names[0]
    errors = []
    for folder in folders:
        try:
            return find_baseline(wanted, folder)
        except ConfigError as error:
            errors.append(error)
    raise ConfigError(f"--smote-compare: {errors[0]}") from errors[0]


def marker_override(task: Task, marks: Iterable[pytest.Mark], experiment: Experiment) -> list[dict[str, Any]]:
    """Return the overrides that a case's markers ask for, as JSON values; the closest marker's comes last.

    ``@pytest.mark.smote_gate(tolerance=0.03, metric="g_mean", mode="warn")``

    Raises
    ------
    ConfigError
    """
    from smote_bench.descriptors import DESCRIPTORS

    found = []
    for mark in reversed(
        list(marks)
    ):  # as pytest has them, the closest is first; of overrides the last holds
        if mark.args:
            raise ConfigError(
                f"{task.id}: expected pytest.mark.{MARKER}(tolerance=..., mode=..., metric=...), "
                f"got {mark.args!r} without names: write tolerance={mark.args[0]!r}"
            )
        names = {name: getattr(task, name) for name in ("dataset", "method", "classifier")}
        wrong = names.keys() & mark.kwargs.keys()
        if wrong:
            raise ConfigError(
                f"{task.id}: expected pytest.mark.{MARKER}(tolerance=..., mode=..., metric=...), got "
                f"{sorted(wrong)[0]!r}: a marker is for its own case"
            )
        found.append({**names, **mark.kwargs})
    where = f"{task.id}: pytest.mark.{MARKER}"
    for override in parse_overrides(found, where):
        if override.metric:
            _check_metric(override.metric, experiment, where, (*DESCRIPTORS, "resample_seconds"))
    return found


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
    """Judge a run, give suspicious methods their other splits, judge again; write the verdict's files.

    Raises
    ------
    ConfigError
        If the baseline cannot be read.
    """
    from smote_bench.gate.baseline import load_baseline
    from smote_bench.gate.files import write_verdict
    from smote_bench.gate.from_run import run_evidence
    from smote_bench.gate.judge import judge

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
    verdict = dataclasses.replace(
        verdict,
        not_selected=(*verdict.not_selected, *left_out),
        notes=(*verdict.notes, *not_scored),
    )
    write_verdict(folder, verdict)
    return verdict


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
    from smote_bench.gate.sides import only_cells

    here = {task.id for task in (*current.statuses, *current.scores.cells)}
    tasks = list(dict.fromkeys([*baseline.statuses, *baseline.scores.cells]))
    left_out = [
        task for task in tasks if task.id in run.known and task.id not in run.selected and task.id not in here
    ]
    if not left_out:
        return baseline, ()
    keep = [task for task in tasks if task not in set(left_out)]
    return only_cells(baseline, keep), tuple(task.id for task in left_out)


def _other_splits(
    baseline: Evidence, run: GatedRun, say: Callable[[str], None], current: Evidence, settings: GateSettings
) -> int:
    """Compute the splits that the run lacks for the methods that deserve them; return how many cells."""
    from smote_bench.gate.stages import second_stage
    from smote_bench.gate.structure import structure

    n_splits = 1 + max((unit.split for unit in baseline.scores.units), default=0)
    parts = parts_beyond(run.experiment.protocol, n_splits, 1)
    if (
        not parts
        or structure(baseline, current, partial=settings.partial, metrics=settings.metrics).incomparable
    ):
        return 0
    seconds = {task: sum(pair) for task, pair in current.seconds.items()}
    methods = second_stage(baseline, current, settings, seconds)
    chosen = set(methods)
    tasks = [task for task in current.scores.cells if task.method in chosen]
    if not tasks:
        return 0
    (part,) = parts
    say(f"metric gate: {', '.join(methods)}: looked at again on {part.words} ({len(tasks)} cases)")
    compute_part(run.experiment, run.settings, tasks, part, jobs=run.jobs)
    return len(tasks)


def compute_part(
    experiment: Experiment, settings: RunSettings, tasks: Sequence[Task], part: Part, *, jobs: int
) -> None:
    """Compute a part of some cells into the run's store; those of one (data set, method) in one process."""
    settings = dataclasses.replace(settings, is_worker=False, n_workers=jobs)
    groups: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.group, []).append(task)
    work = [_Group(experiment, settings, tuple(group), part) for group in groups.values()]
    if jobs > 1 and len(work) > 1:
        from smote_bench.report.processes import map_in_processes

        for _ in map_in_processes(_run_group, work, jobs):
            pass
        return
    for group in work:
        _run_group(group)


@dataclass(frozen=True)
class _Group:
    experiment: Experiment
    settings: RunSettings
    tasks: tuple[Task, ...]
    part: Part


def _run_group(group: _Group) -> None:
    from smote_bench.runner import CellRunner

    runner = CellRunner(group.experiment, group.settings)
    try:
        for task in group.tasks:
            runner.run_part(task, group.part)
    finally:
        runner.close()


def overrides_from(texts: Iterable[str]) -> list[Mapping[str, Any]]:
    """Return the overrides that reports carried as JSON."""
    return [item for text in texts for item in json.loads(text)]
