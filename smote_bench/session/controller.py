"""The controller's side of a session, which collects outcomes.

It lives in the controller (or in the only process), follows the reports, shows progress, and at the end has
tables, manifest and summary written from the store.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smote_bench.session.crashes import Crashes
from smote_bench.session.gate import SessionGate
from smote_bench.session.let_go import let_go
from smote_bench.session.progress import start_new_line

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Cell, Outcome
    from smote_bench.runs.run_store import RunStore, Worker
    from smote_bench.session.progress import Progress
    from smote_bench.session.setup import Setup

__all__ = ["SmoteSession"]


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
        self._is_whole = False
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
        from smote_bench.engines.costs import longest_groups_first

        if self._progress is None:
            self._start_progress(list(cells.values()))
        ranks = longest_groups_first(cells.values(), lambda cell: self._estimates[cell.id])
        return {n: (ranks[cell.group], cell.group) for n, cell in cells.items()}

    def _cells(self, nodeids: Sequence[str]) -> dict[int, Cell]:
        """Return the cells among node ids by place; a session without parameters reads no experiment."""
        if not any("[" in nodeid for nodeid in nodeids):
            return {}
        try:
            cells = self._setup().experiment.cells
        except pytest.UsageError:
            return {}
        return {n: cells[name] for n, name in enumerate(map(_param_id, nodeids)) if name in cells}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Start the progress count when this process runs the cells itself."""
        params = (getattr(item, "callspec", None) for item in session.items)
        cells = [spec.params["smote_case"] for spec in params if spec and "smote_case" in spec.params]
        if not session.config.option.collectonly:
            self._start_progress(cells)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Follow a cell's report, after everybody else; then let go of it."""
        self._follow(report)
        if _param_id(report.nodeid) in self._estimates:
            reporter = self._config.pluginmanager.get_plugin("terminalreporter")
            let_go(report, reporter, durations=self._config.getoption("durations", None) is not None)

    def _follow(self, report: pytest.TestReport) -> None:
        """Count a finished cell; show the progress line when it is due."""
        if self._progress is None or report.when == "teardown":
            return
        if report.when == "setup" and report.passed and not report.user_properties:
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
        stopped = session.exitstatus in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR)
        self._is_whole = not stopped and not set(self._estimates) - self._seen

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
            with self._crashes.of("trackers"):
                self._hand_on(terminalreporter)
        self._crashes.write(terminalreporter)

    def _hand_on(self, terminalreporter: pytest.TerminalReporter) -> None:
        from smote_bench.session.finished import hand_on

        setup = self._setup()
        hand_on(
            self._config,
            Path(setup.settings.run_dir),
            setup.trackers,
            terminalreporter,
            whole=self._is_whole and (Path(setup.settings.run_dir) / "manifest.json").is_file(),
        )

    def _write_run(self, setup: Setup) -> None:
        from smote_bench.runs.files import write_run

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

    def _start_progress(self, cells: list[Cell]) -> None:
        if not cells:
            return
        from smote_bench.engines.costs import estimate_seconds
        from smote_bench.runs.memo import known_seconds
        from smote_bench.session.progress import Progress

        setup = self._setup()
        memo = setup.settings.memo
        estimate = estimate_seconds(setup.experiment, known_seconds(Path(memo)) if memo else {})
        self._estimates = {cell.id: estimate(cell) for cell in cells}
        self._progress = Progress(len(cells), sum(self._estimates.values()))

    def _record_lost_cell(self, name: str, report: pytest.TestReport) -> None:
        """Put a cell that could not report for itself into the run's store: skipped, or its set-up failed."""
        from smote_bench.runs.run_store import DIED

        status, reason = "error", DIED
        if report.skipped:
            status, reason = "unavailable", f"skipped by a mark: {_skip_reason(report)}"
        elif report.when in ("setup", "call"):
            reason = f"test set-up failed: {report.longreprtext[-300:]}"
        with self._run_store() as store:
            store.put_lost(self._setup().experiment.cells[name], " ".join(reason.split()), status=status)

    def worker_died(self, nodeid: str, report: pytest.TestReport, worker: Worker) -> None:
        """Record what a dead worker had begun, and report its test for what the store says of the cell.

        A cell that was committed before the worker died keeps its outcome and passes: what died then is
        another cell (`Original`, for the deltas), which is an error of its own, or nothing.
        """
        cell = self._cells([nodeid]).get(0)
        if cell is None:
            return
        setup = self._setup()
        with self._run_store() as store:
            lost = store.begun_by(worker)
            for other, part in lost:
                store.put_lost(other, part=part)
            outcome = store.outcome_of(cell) or store.put_lost(cell)
            words = [part.label for part in setup.gate.parts(setup.experiment) if outcome.is_scored]
            parts = {part: store.outcome_of(cell, part) or store.put_lost(cell, part=part) for part in words}
        if cell.id in self._seen:  # it died after its last word on this cell
            report.outcome, report.when, report.longrepr = "passed", "teardown", None
            return
        failed = [(part, o) for part, o in parts.items() if not o.is_scored]
        _report_outcome(report, outcome, [f"{cell.id}, {part}: {o.status}: {o.reason}" for part, o in failed])
        if report.passed:
            note = f"a worker died after {cell.id} was recorded, which stays {outcome.status}"
            names = ", ".join(other.id for other, _ in lost)
            self._notes.append(f"{note}; it was computing {names}" if names else note)

    @contextlib.contextmanager
    def _run_store(self) -> Iterator[RunStore]:
        from smote_bench.runs.run_store import RunStore

        store = RunStore(Path(self._setup().settings.run_dir, "cells.sqlite"))
        try:
            yield store
        finally:
            store.close()


def _report_outcome(report: pytest.TestReport, outcome: Outcome, failed_parts: Sequence[str]) -> None:
    """Make the report of a test whose worker died that of the cell's outcome in the store."""
    name = outcome.cell.id
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


def _param_id(nodeid: str) -> str:
    return nodeid.partition("[")[2].removesuffix("]")


def _n_workers(config: pytest.Config) -> int:
    """Return how many workers pytest-xdist ran: as many processes may make figures now that they are gone."""
    return max(1, len(config.getoption("tx", None) or ()))


def _arguments(config: pytest.Config) -> list[str]:
    return [str(argument) for argument in config.invocation_params.args]
