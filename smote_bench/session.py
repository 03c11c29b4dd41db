"""A pytest session as the bench sees it: its set-up, and the controller's side that collects outcomes.

`Setup` is the same in every process. `SmoteSession` lives in the controller (or in the only process): it
follows the reports, shows progress, and at the end has tables, manifest and summary written from the store.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from smote_bench.crashes import Crashes
from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.gate_plan import GatePlan, plan_gate
from smote_bench.gated_session import SessionGate
from smote_bench.progress import start_new_line

if TYPE_CHECKING:
    from smote_bench.experiment import Experiment
    from smote_bench.outcome import Outcome, Task
    from smote_bench.progress import Progress
    from smote_bench.report.embeddings import Wanted
    from smote_bench.run_store import RunStore, Worker
    from smote_bench.runner import CellRunner, RunSettings

__all__ = ["Setup", "SmoteSession"]


@dataclass(frozen=True)
class Setup:
    """The experiment after narrowing, where the run reads and writes, what its report embeds, its gate.

    `known` are the ids of all cells of the experiment, also of those that options left out;
    `metrics_left_out` are its metrics that options left out.
    """

    experiment: Experiment
    settings: RunSettings
    tsne: Wanted = "auto"
    gate: GatePlan = field(default_factory=GatePlan)
    known: frozenset[str] = frozenset()
    metrics_left_out: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: pytest.Config) -> Setup:
        """Read options, ini values and the experiment's file.

        Raises
        ------
        ConfigError
        """
        from smote_bench.experiment import Experiment, experiment_path
        from smote_bench.runner import RunSettings

        extensions = _extensions(config)
        name = config.getoption("smote_experiment") or config.getini("smote_experiment") or "default"
        experiment = Experiment.read(_from_invocation(config, experiment_path, name), extensions)
        narrowed = {
            what: _words(config.getoption(f"smote_{what}"))
            for what in ("methods", "datasets", "classifiers", "metrics")
        }
        known, metrics = frozenset(experiment.tasks), tuple(experiment.metrics)
        experiment = experiment.narrow(**narrowed, extensions=extensions)
        out = _out_folder(config)
        worker_input: Mapping[str, Any] = getattr(config, "workerinput", {})
        run_dir = worker_input.get("smote_run_dir") or _new_run_dir(out, experiment.name)
        return cls(
            experiment,
            RunSettings(
                run_dir=str(run_dir),
                memo=_memo_path(config, out),
                data_dir=_data_dir(config),
                timeout_seconds=_timeout(config),
                n_workers=int(worker_input.get("workercount", 1)),
                is_worker=bool(worker_input),
            ),
            _tsne(config),
            plan_gate(config, experiment, out),
            known | frozenset(experiment.tasks),
            tuple(name for name in metrics if name not in experiment.metrics),
        )

    def runner(self) -> CellRunner:
        """Return a runner for this process."""
        from smote_bench.runner import CellRunner

        return CellRunner(self.experiment, self.settings)


class SmoteSession:
    """Follows the reports of a session and closes the run.

    Parameters
    ----------
    config : pytest.Config
    setup : callable
        Gives the `Setup`, reading it when first called.
    """

    def __init__(self, config: pytest.Config, setup: Callable[[], Setup]) -> None:
        self._config = config
        self._setup = setup
        self._progress: Progress | None = None
        self._estimates: dict[str, float] = {}
        self._seen: set[str] = set()
        self._summary: list[str] = []
        self._notes: list[str] = []
        self._crashes = Crashes()
        self._gate = SessionGate(_arguments(config))

    def run_dir_for_workers(self) -> str | None:
        """Return the run's folder, or None when the experiment cannot be read (workers then say why)."""
        try:
            return self._setup().settings.run_dir
        except pytest.UsageError:
            return None

    def select(self, nodeids: Sequence[str]) -> None:
        """Start the progress count for the cells among the node ids, once."""
        if self._progress is None:
            self._start_progress(list(self._cells(nodeids).values()))

    def plan(self, nodeids: Sequence[str]) -> dict[int, tuple[float, tuple[str, str]]]:
        """Return rank and group of every node id that is a cell, for the scheduler."""
        cells = self._cells(nodeids)
        if not cells:
            return {}
        from smote_bench.scheduling import longest_groups_first

        if self._progress is None:
            self._start_progress(list(cells.values()))
        ranks = longest_groups_first(cells.values(), lambda task: self._estimates[task.id])
        return {n: (ranks[task.group], task.group) for n, task in cells.items()}

    def _cells(self, nodeids: Sequence[str]) -> dict[int, Task]:
        """Return the cells among node ids by place; a session without parameters reads no experiment."""
        if not any("[" in nodeid for nodeid in nodeids):
            return {}
        try:
            tasks = self._setup().experiment.tasks
        except pytest.UsageError:
            return {}
        return {n: tasks[name] for n, name in enumerate(map(_param_id, nodeids)) if name in tasks}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Start the progress count when this process runs the cells itself."""
        params = (getattr(item, "callspec", None) for item in session.items)
        tasks = [spec.params["smote_case"] for spec in params if spec and "smote_case" in spec.params]
        if not session.config.option.collectonly:
            self._start_progress(tasks)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a finished cell; show the progress line when it is due."""
        if self._progress is None or report.when == "teardown":
            return
        properties = dict(report.user_properties)
        name = str(properties.get("smote_cell", ""))
        if not name and report.when == "setup" and report.passed:
            return
        if not name:
            name = _param_id(report.nodeid)
            if name not in self._estimates or report.passed:
                return
            self._record_lost_cell(name, report)
            properties["smote_status"] = "unavailable" if report.skipped else "error"
        if name in self._seen:
            return
        self._seen.add(name)
        self._gate.follow(properties)
        line = self._progress.done(
            self._estimates.get(name, 0.0),
            from_memo=bool(properties.get("smote_from_memo")),
            ok=properties.get("smote_status") in ("ok", "noop"),
        )
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if line and reporter is not None:
            start_new_line(reporter)
            reporter.write_line(line)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write tables and manifest, save the baseline, judge the run: before JUnit's file is written."""
        if not self._seen:
            asked = self._config.getoption("smote_compare") is not None
            if asked and not self._config.option.collectonly and (plan := self._setup().gate).compare:
                self._gate.nothing_ran(session, plan)
            return
        setup = self._setup()
        with self._crashes.of("files"):
            self._write_run(setup)
        with self._crashes.of("metric gate"):
            self._gate.finish(session, setup, set(self._estimates), self._seen, _n_workers(self._config))
        self._crashes.tell(session)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the summary and the verdict, then make the report: its crash must not hide them."""
        if self._summary:
            terminalreporter.section("smote-bench")
            for text in [*self._summary, *self._notes]:
                terminalreporter.write_line(text)
        self._gate.write(terminalreporter)
        if self._seen:
            with self._crashes.of("report"):
                self._write_report(terminalreporter)
        self._crashes.write(terminalreporter)

    def _write_run(self, setup: Setup) -> None:
        from smote_bench.run_files import write_run

        self._summary = write_run(
            setup.experiment, setup.settings, _arguments(self._config), failed=self._crashes.add
        )

    def _write_report(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Make the report; what fails is shown, and never undoes the run."""
        config, setup = self._config, self._setup()
        settings = setup.settings
        if config.getoption("smote_no_report") or not config.getini("smote_report"):
            return
        from smote_bench.report.build import FIGURES_AFTER_A_RUN, ReportSettings, write_report

        report = write_report(
            Path(settings.run_dir),
            ReportSettings(
                tsne=setup.tsne,
                most_figures=FIGURES_AFTER_A_RUN,
                jobs=_n_workers(config),
                memo=Path(settings.memo) if settings.memo else None,
                reuse=True,
            ),
        )
        terminalreporter.section("report")
        for text in report.lines:
            terminalreporter.write_line(text)
        for text in report.failures:
            terminalreporter.write_line(f"report: {text}", red=True)
        for what, trace in report.tracebacks.items():
            self._crashes.add_traceback(what, trace)

    def _start_progress(self, tasks: list[Task]) -> None:
        if not tasks:
            return
        from smote_bench.progress import Progress
        from smote_bench.scheduling import estimate_seconds

        setup = self._setup()
        estimate = estimate_seconds(setup.experiment, _known_seconds(setup.settings.memo))
        self._estimates = {task.id: estimate(task) for task in tasks}
        self._progress = Progress(len(tasks), sum(self._estimates.values()))

    def _record_lost_cell(self, name: str, report: pytest.TestReport) -> None:
        """Put a cell that could not report for itself into the run's store: skipped, or its set-up failed."""
        from smote_bench.run_store import DIED

        status, reason = "error", DIED
        if report.skipped:
            status, reason = "unavailable", f"skipped by a mark: {_skip_reason(report)}"
        elif report.when in ("setup", "call"):
            reason = f"test set-up failed: {report.longreprtext[-300:]}"
        with self._run_store() as store:
            store.put_lost(self._setup().experiment.tasks[name], " ".join(reason.split()), status=status)

    def worker_died(self, nodeid: str, report: pytest.TestReport, worker: Worker) -> None:
        """Record what a dead worker had begun, and report its test for what the store says of the cell.

        A cell that was committed before the worker died keeps its outcome and passes: what died then is
        another cell (`Original`, for the deltas), which is an error of its own, or nothing.
        """
        task = self._cells([nodeid]).get(0)
        if task is None:
            return
        setup = self._setup()
        with self._run_store() as store:
            lost = store.begun_by(worker)
            for other, part in lost:
                store.put_lost(other, part=part)
            outcome = store.outcome_of(task) or store.put_lost(task)
            words = [part.words for part in setup.gate.parts(setup.experiment) if outcome.is_scored]
            parts = {part: store.outcome_of(task, part) or store.put_lost(task, part=part) for part in words}
        if task.id in self._seen:  # it died after its last word on this cell
            report.outcome, report.when, report.longrepr = "passed", "teardown", None
            return
        failed = [(part, o) for part, o in parts.items() if not o.is_scored]
        _report_outcome(report, outcome, [f"{task.id}, {part}: {o.status}: {o.reason}" for part, o in failed])
        if report.passed:
            note = f"a worker died after {task.id} was recorded, which stays {outcome.status}"
            names = ", ".join(other.id for other, _ in lost)
            self._notes.append(f"{note}; it was computing {names}" if names else note)

    @contextlib.contextmanager
    def _run_store(self) -> Iterator[RunStore]:
        from smote_bench.run_store import RunStore

        store = RunStore(Path(self._setup().settings.run_dir, "cells.sqlite"))
        try:
            yield store
        finally:
            store.close()


def _report_outcome(report: pytest.TestReport, outcome: Outcome, failed_parts: Sequence[str]) -> None:
    """Make the report of a test whose worker died that of the cell's outcome in the store."""
    name = outcome.task.id
    report.when = "call"
    report.user_properties = [("smote_cell", name), ("smote_status", outcome.status)]
    if outcome.reason:
        report.user_properties.append(("smote_reason", outcome.reason))
    if outcome.status == "unavailable":
        report.outcome, report.longrepr = "skipped", (report.fspath, 0, f"Skipped: {outcome.reason}")
    elif not outcome.is_scored:
        report.longrepr = f"{name}: {outcome.status}: {outcome.reason}\n\n{report.longreprtext}"
    elif failed_parts:
        report.longrepr = "\n".join([*failed_parts, "", report.longreprtext])
    else:
        report.outcome, report.longrepr = "passed", None
        report.user_properties.append(("smote_no_deltas", "no deltas: the worker died before"))


def _skip_reason(report: pytest.TestReport) -> str:
    """Return the words of a skip, which pytest gives with file and line before them."""
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext


def _known_seconds(memo: str) -> dict[Task, float]:
    if not memo or not Path(memo).exists():
        return {}
    from smote_bench.store import Store

    try:
        store = Store(Path(memo))
    except SmoteBenchError:
        return {}
    known = store.known_seconds()
    store.close()
    return known


def _param_id(nodeid: str) -> str:
    return nodeid.partition("[")[2].removesuffix("]")


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


def _new_run_dir(out: Path, name: str) -> Path:
    from smote_bench.run_folder import new_run_folder

    if out.exists() and not out.is_dir():
        raise ConfigError(f"expected a folder for --smote-out, got a file: {str(out)!r}; name a folder")
    return new_run_folder(out, name)


def _memo_path(config: pytest.Config, out: Path) -> str:
    option = config.getoption("smote_memo")
    if option == "off":
        return ""
    path = Path(config.invocation_params.dir, option).absolute() if option else out / "memo.sqlite"
    if path.exists() and not hasattr(config, "workerinput"):
        _check_memo(path)
    return str(path)


def _check_memo(path: Path) -> None:
    """Refuse a memo that is none at once, not once per cell."""
    from smote_bench.store import SchemaMismatch, Store

    try:
        Store(path).close()
    except SchemaMismatch:
        pass  # an older memo is moved aside by the first to write
    except SmoteBenchError as error:
        raise ConfigError(f"--smote-memo: {error}") from error


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


def _extensions(config: pytest.Config) -> Any:
    from smote_bench.experiment import Extensions

    def merged(kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in getattr(config.hook, f"pytest_smote_{kind}")(config=config):
            for name in part:
                if name in found:
                    raise ConfigError(f"two plugins register the {kind[:-1]} {name!r}; rename one")
            found.update(part)
        return found

    return Extensions(**{kind: merged(kind) for kind in ("methods", "classifiers", "datasets", "metrics")})


def _tsne(config: pytest.Config) -> Wanted:
    wanted = config.getoption("smote_tsne") or config.getini("smote_tsne")
    if wanted not in ("auto", "on", "off"):
        raise ConfigError(f"expected smote_tsne to be auto, on or off, got {wanted!r}: correct the ini file")
    return cast("Wanted", wanted)


def _n_workers(config: pytest.Config) -> int:
    """Return how many workers pytest-xdist ran: as many processes may make figures now that they are gone."""
    return max(1, len(config.getoption("tx", None) or ()))


def _arguments(config: pytest.Config) -> list[str]:
    return [str(argument) for argument in config.invocation_params.args]
