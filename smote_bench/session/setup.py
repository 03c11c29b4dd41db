"""What a session is asked to do: its experiment, where it reads and writes, its report and its gate.

Read from options, ini values and the experiment's file; the same in every process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.experiment.engine_choice import XDIST, EngineChoice, check_engine, parse_engine
from smote_bench.session.gate_plan import GatePlan, plan_gate

if TYPE_CHECKING:
    import pytest

    from smote_bench.engines.cell_runner import CellRunner
    from smote_bench.experiment.model import Experiment
    from smote_bench.report.analysis.embeddings import Wanted
    from smote_bench.runs.settings import RunSettings

__all__ = ["Setup"]


@dataclass(frozen=True)
class Setup:
    """The experiment after narrowing, where the run reads and writes, what its report embeds, its gate.

    `known` are the ids of all cells of the experiment, also of those that options left out;
    `metrics_left_out` are its metrics that options left out; `trackers` those that get the run; `engine`
    computes, and is waited for so many seconds.
    """

    experiment: Experiment
    settings: RunSettings
    tsne: Wanted = "auto"
    gate: GatePlan = field(default_factory=GatePlan)
    known: frozenset[str] = frozenset()
    metrics_left_out: tuple[str, ...] = ()
    trackers: tuple[str, ...] = ()
    engine: EngineChoice = field(default_factory=EngineChoice)
    engine_wait: float = 0.0

    @classmethod
    def from_config(cls, config: pytest.Config) -> Setup:
        """Read options, ini values and the experiment's file.

        Raises
        ------
        ConfigError
        """
        from smote_bench.experiment.file import check_rows, read_experiment
        from smote_bench.experiment.shipped import experiment_path
        from smote_bench.runs.settings import RunSettings

        extensions = _extensions(config)
        name = config.getoption("smote_experiment") or config.getini("smote_experiment") or "default"
        experiment = read_experiment(_from_invocation(config, experiment_path, name), extensions)
        narrowed = {
            what: _words(config.getoption(f"smote_{what}"))
            for what in ("methods", "datasets", "classifiers", "metrics")
        }
        known, metrics = frozenset(experiment.cells), tuple(experiment.metrics)
        experiment = experiment.narrow(**narrowed, extensions=extensions)
        out = _out_folder(config)
        worker_input: Mapping[str, Any] = getattr(config, "workerinput", {})
        if not worker_input:
            check_rows(experiment)
        run_dir = worker_input.get("smote_run_dir") or _run_dir(config, out, experiment.name)
        return cls(
            experiment,
            RunSettings(
                run_dir=str(run_dir),
                memo=_memo_path(config, out),
                data_dir=_data_dir(config),
                timeout_seconds=_timeout(config),
                n_workers=int(worker_input.get("workercount", 1)),
                is_worker=bool(worker_input),
                max_memory=_max_memory(config),
                may_fork=not _is_debugged(config),
            ),
            _tsne(config),
            plan_gate(config, experiment, out),
            known | frozenset(experiment.cells),
            tuple(name for name in metrics if name not in experiment.metrics),
            _trackers(config, experiment),
            _engine(config, experiment),
            _engine_wait(config),
        )

    def runner(self) -> CellRunner:
        """Return a runner for this process."""
        from smote_bench.engines.cell_runner import CellRunner

        return CellRunner(self.experiment, self.settings)


def _words(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else [word.strip() for v in values for word in v.split(",") if word.strip()]


def _from_invocation(config: pytest.Config, find: Callable[[str], Path], name: str) -> Path:
    """Find a file as seen from where pytest was called, or from the project's root."""
    if not os.path.isabs(name):
        for base in (config.invocation_params.dir, config.rootpath):
            if (base / name).is_file():
                return base / name
    return find(name)


def _out_folder(config: pytest.Config) -> Path:
    option = config.getoption("smote_out")
    if option:
        return Path(config.invocation_params.dir, option).absolute()
    return Path(config.rootpath, config.getini("smote_out") or "reports")


def _run_dir(config: pytest.Config, out: Path, experiment: str) -> Path:
    """Return the folder of a new run: by the name that was given, else by time and experiment."""
    from smote_bench.environment.stopping import end_after
    from smote_bench.runs.folder import claim_folder, reserved_run_folder, run_folder_named, usable_out

    named = config.getoption("smote_run_name")
    with usable_out(out):
        if out.exists() and not out.is_dir():
            raise ConfigError(f"expected a folder for --smote-out, got a file: {str(out)!r}; name a folder")
        folder = reserved_run_folder(out, experiment) if named is None else run_folder_named(out, named)
        give_back = claim_folder(folder)
    config.add_cleanup(give_back)
    config.add_cleanup(end_after(give_back))
    return folder


def _memo_path(config: pytest.Config, out: Path) -> str:
    option = config.getoption("smote_memo")
    if option == "off":
        return ""
    from smote_bench.runs.memo import check_memo, memo_of

    path = Path(config.invocation_params.dir, option).absolute() if option else memo_of(out)
    if not hasattr(config, "workerinput"):
        check_memo(path)
    return str(path)


def _data_dir(config: pytest.Config) -> str:
    option = config.getoption("smote_data")
    if not option:
        return ""
    folder = Path(config.invocation_params.dir, option)
    if not folder.is_dir():
        raise ConfigError(
            f"expected a folder of data files for --smote-data, got {option!r}: there is no such folder"
        )
    return str(folder.absolute())


def _timeout(config: pytest.Config) -> float:
    option = config.getoption("smote_timeout")
    value = option if option is not None else config.getini("smote_timeout")
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ConfigError(f"expected smote_timeout to be a number of seconds, 0 for no limit; got {value!r}")
    return seconds


def _max_memory(config: pytest.Config) -> int:
    from smote_bench.environment.memory import parse_size, refuse_without_limits

    option = config.getoption("smote_max_memory")
    value = option if option is not None else config.getini("smote_max_memory")
    try:
        size = parse_size(value)
    except ConfigError as error:
        raise ConfigError(f"smote_max_memory: {error}") from None
    if size:
        refuse_without_limits("smote_max_memory")
    return size


def _is_debugged(config: pytest.Config) -> bool:
    """Whether somebody steps through this process: by pytest's options, or by a debugger that traces it."""
    if config.getoption("usepdb", False) or config.getoption("trace", False):
        return True
    tracer = sys.gettrace()
    by_coverage = tracer is not None and type(tracer).__module__.partition(".")[0] == "coverage"
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    debugger = monitoring.get_tool(monitoring.DEBUGGER_ID) if monitoring is not None else None
    return (tracer is not None and not by_coverage) or debugger is not None


def _extensions(config: pytest.Config) -> Any:
    from smote_bench.experiment.model import Extensions

    def merged(kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in getattr(config.hook, f"pytest_smote_{kind}")(config=config):
            for name in part:
                if name in found:
                    raise ConfigError(f"two plugins register the {kind[:-1]} {name!r}; rename one")
            found.update(part)
        return found

    return Extensions(**{kind: merged(kind) for kind in ("methods", "classifiers", "datasets", "metrics")})


def _engine(config: pytest.Config, experiment: Experiment) -> EngineChoice:
    """Return what computes: of the option, else the ini file, else the experiment; checked against ``-n``."""
    if hasattr(config, "workerinput"):
        return EngineChoice()
    option, ini = config.getoption("smote_engine"), config.getini("smote_engine")
    where, choice = f"{experiment.path}: engine", experiment.engine
    if option is not None or ini:
        where = "smote_engine" if option is None else "--smote-engine"
        try:
            choice = parse_engine(ini if option is None else option)
        except ConfigError as error:
            raise ConfigError(f"{where}: {error}") from None
    has_workers = bool(config.getoption("tx", None) or config.getoption("numprocesses", None))
    if has_workers and choice.name not in ("", XDIST):
        raise ConfigError(
            f"{where}: expected no -n beside the engine {choice.name}, which has workers of its own or none: "
            "leave out -n (-n 0 where it stands in an ini file), or say --smote-engine xdist"
        )
    if choice.name == XDIST and not has_workers and not config.option.collectonly:
        raise ConfigError(f"{where}: expected -n with the engine xdist, such as -n auto")
    try:
        check_engine(choice)
    except SmoteBenchError as error:
        raise ConfigError(f"{where}: {error}") from error
    return choice


def _engine_wait(config: pytest.Config) -> float:
    option = config.getoption("smote_engine_wait")
    value = option if option is not None else config.getini("smote_engine_wait")
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise ConfigError(f"expected smote_engine_wait to be a number of seconds above 0, got {value!r}")
    return seconds


def _trackers(config: pytest.Config, experiment: Experiment) -> tuple[str, ...]:
    """Return the trackers that get the run: of the options, else the ini file, else the experiment."""
    from smote_bench.experiment.tracking import parse_trackers

    options, ini = config.getoption("smote_tracker"), config.getini("smote_tracker")
    where, names = f"{experiment.path}: trackers", experiment.trackers
    if options is not None or ini:
        where = "smote_tracker" if options is None else "--smote-tracker"
        names = parse_trackers(ini if options is None else ",".join(options))
    if "off" in names and len(names) > 1:
        raise ConfigError(f"{where}: expected off alone, got {', '.join(names)}: leave out one or the other")
    chosen = tuple(name for name in names if name != "off")
    if chosen and not hasattr(config, "workerinput"):
        from smote_bench.report.trackers.registry import check_tracker

        for name in chosen:
            try:
                check_tracker(name)
            except SmoteBenchError as error:
                raise ConfigError(f"{where}: {error}; off sends the run nowhere") from error
    return chosen


def _tsne(config: pytest.Config) -> Wanted:
    wanted = config.getoption("smote_tsne") or config.getini("smote_tsne")
    if wanted not in ("auto", "on", "off"):
        raise ConfigError(f"expected smote_tsne to be auto, on or off, got {wanted!r}: correct the ini file")
    return cast("Wanted", wanted)
