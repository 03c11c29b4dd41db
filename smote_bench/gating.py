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
    """

    save: str = ""
    reason: str = ""
    compare: str = ""
    asked: bool = False
    n_splits: int = _SPLITS
    n_seeds: int = _SEEDS
    reports: str = "reports"
    settings: GateSettings = field(default_factory=GateSettings)

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
        from smote_bench.gate.baseline import check_free

        check_free(save, out, reason=reason)
    elif reason:
        raise ConfigError(
            f"expected --smote-save NAME beside --smote-accept-reason {reason!r}: name the baseline"
        )
    option, ini = config.getoption("smote_compare"), config.getini("smote_compare")
    wanted = option if option is not None else ini
    compare = None
    if wanted is not None and (option is not None or ini) and settings.mode != "off":
        compare = _find(str(wanted), experiment.name, [out, Path(config.rootpath, "reports")])
    return GatePlan(
        save=save,
        reason=reason,
        compare=str(compare) if compare else "",
        asked=option is not None,
        n_splits=_count(config, "smote_gate_splits", _SPLITS),
        n_seeds=_count(config, "smote_gate_seeds", _SEEDS),
        reports=str(out),
        settings=settings,
    )


def _settings(config: pytest.Config, experiment: Experiment) -> GateSettings:
    settings = experiment.gate

    def given(name: str) -> Any:
        option = config.getoption(name)
        return option if option not in (None, []) else config.getini(name) or None

    change: dict[str, Any] = {}
    if (mode := given("smote_gate")) is not None:
        change["mode"] = parse_mode(mode, "--smote-gate")
    if (alpha := given("smote_gate_alpha")) is not None:
        change["alpha"] = parse_alpha(alpha, "--smote-gate-alpha")
    if (tolerance := given("smote_gate_tol")) is not None:
        change["tolerance"] = {**settings.tolerance, **parse_tolerances(tolerance, "--smote-gate-tol")}
    if (fixed := given("smote_compare_fail")) is not None:
        change["fixed"] = parse_fixed(fixed, "--smote-compare-fail")
        unknown = [name for name in change["fixed"] if name not in experiment.metrics]
        if unknown:
            from smote_bench.errors import did_you_mean

            raise ConfigError(
                f"--smote-compare-fail: expected metrics of the experiment, got {unknown[0]!r}."
                f"{did_you_mean(unknown[0], experiment.metrics)}"
            )
    if (slowdown := given("smote_gate_slowdown")) is not None:
        change["max_slowdown"] = parse_max_slowdown(slowdown, "--smote-gate-slowdown")
    return dataclasses.replace(settings, **change)


def _count(config: pytest.Config, name: str, default: int) -> int:
    option = config.getoption(name)
    value = option if option is not None else config.getini(name) or default
    if not str(value).isdecimal() or int(value) < 1:
        option_name = "--" + name.replace("_", "-")
        raise ConfigError(f"{option_name}: expected a whole number from 1, got {value!r}")
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


def marker_override(task: Task, marks: Iterable[pytest.Mark]) -> list[dict[str, Any]]:
    """Return the overrides that a case's markers ask for, as JSON values.

    ``@pytest.mark.smote_gate(tolerance=0.03, metric="g_mean", mode="warn")``

    Raises
    ------
    ConfigError
    """
    found = []
    for mark in marks:
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
    parse_overrides(found, f"{task.id}: pytest.mark.{MARKER}")
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
    """

    experiment: Experiment
    settings: RunSettings
    selected: Collection[str]
    known: Collection[str]
    overrides: Sequence[Mapping[str, Any]] = ()
    jobs: int = 1


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
    whole = load_baseline(plan.compare)
    baseline, left_out = _selected(whole, current, run)
    n_more = _other_splits(baseline, run, say, current, settings)
    if n_more:
        current = run_evidence(folder)
    verdict = judge(baseline, current, settings, two_stages=True)
    verdict = dataclasses.replace(verdict, not_selected=(*verdict.not_selected, *left_out))
    write_verdict(folder, verdict)
    return verdict


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
    if not parts or structure(baseline, current, partial=settings.partial).incomparable:
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
