"""The controller's side of a session, which collects outcomes.

It lives in the controller (or in the only process), follows the reports, shows progress, and at the end has
tables, manifest and summary written from the store.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smote_bench.environment.stopping import stop_asked
from smote_bench.errors import DiskError, SmoteBenchError
from smote_bench.session.crashes import Crashes
from smote_bench.session.draft import Draft
from smote_bench.session.gate import SessionGate
from smote_bench.session.let_go import let_go
from smote_bench.session.lost_cells import LostCells, run_store
from smote_bench.session.no_room import skip_report, why_not_recorded
from smote_bench.session.options import only_looks, words_of_command
from smote_bench.session.progress import start_new_line
from smote_bench.session.stopping import Stop
from smote_bench.session.told_once import ToldOnce

if TYPE_CHECKING:
    from smote_bench.engines.cell_runner import CellRunner
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.runs.asked import Asked
    from smote_bench.runs.place import Place
    from smote_bench.runs.run_store import Worker
    from smote_bench.session.progress import Progress
    from smote_bench.session.progress_display import Display
    from smote_bench.session.remote import RemoteLoop
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
        self._display: Display | None = None
        self._estimates: dict[str, float] = {}
        self._seen: set[str] = set()
        self._summary: list[str] = []
        self._notes: list[str] = []
        self._is_whole = False
        self._is_begun = False
        self._is_without_room = False
        self._asked: Asked | None = None
        self._place: Place | None = None  # of the run's store
        self._arguments = words_of_command(config)
        self._draft = Draft(self._setup_in_place, self._arguments)
        self._session: pytest.Session | None = None
        self._crashes = Crashes()
        self.told_once = ToldOnce()
        self._lost = LostCells(self._setup_in_place, self._notes.append)
        self.stop = Stop(config, self._rescue, self._arguments)
        self._gate = SessionGate(self._arguments)
        self._remote: RemoteLoop | None = None
        self.runner: CellRunner | None = None

    def _setup_in_place(self) -> Setup:
        """Return what the session is set up with, while the run's store is where it was begun."""
        if self._place is not None:
            self._place.check()
        return self._setup()

    def run_dir_for_workers(self) -> str | None:
        """Return the run's folder, or None when the experiment cannot be read (workers then say why)."""
        try:
            return self._setup().settings.run_dir
        except pytest.UsageError:
            return None

    def select(self, nodeids: Sequence[str]) -> None:
        """Begin with the cells among the node ids, once."""
        self._begin(list(self._cells(nodeids).values()))

    def plan(self, nodeids: Sequence[str]) -> dict[int, tuple[float, tuple[str, str]]]:
        """Return rank and group of every node id that is a cell, for the scheduler."""
        cells = self._cells(nodeids)
        if not cells or only_looks(self._config):
            return {}
        from smote_bench.engines.costs import longest_groups_first

        self._begin(list(cells.values()))
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

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Know the session."""
        self._session = session
        self.stop.follow(session)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Begin when this process runs the cells itself."""
        params = (getattr(item, "callspec", None) for item in session.items)
        cells = [spec.params["smote_case"] for spec in params if spec and "smote_case" in spec.params]
        is_broken = session.testsfailed and not session.config.option.continue_on_collection_errors
        if not only_looks(session.config) and not is_broken:
            if cells and not self._setup().engine.is_pytest:
                self._begin_elsewhere()
            self._begin(cells)
            if self._remote is not None and self.runner is not None:
                self.runner.engine.began = self._began
                self._remote.submit(cells)

    def _end_without_room(self, why: str) -> None:
        """End the session after the first outcome that a disk did not take, which says so."""
        self.stop.end(why)
        self._is_without_room = True
        self._crashes.told_of_room()

    def _begin_elsewhere(self) -> None:
        """Have an engine ready before anything is written down: where there is none, nothing was begun."""
        from smote_bench.engines.cell_runner import CellRunner
        from smote_bench.engines.registry import make_engine
        from smote_bench.session.remote import RemoteLoop

        setup = self._setup()
        engine = make_engine(setup.engine, setup.experiment, setup.settings, setup.engine_wait)
        self._config.add_cleanup(engine.close)
        self.runner = CellRunner(setup.experiment, setup.settings, engine)
        self._remote = RemoteLoop(
            self.runner,
            tuple(setup.gate.parts(setup.experiment)),
            self._estimate(),
            self.stop.end,
            lambda error: self._crashes.add("cells", error),
        )

    def _began(self, cell: Cell) -> None:
        """Show a cell that is computed elsewhere as one that runs; its test comes when it is done."""
        if self._progress is not None and cell.id in self._estimates and cell.id not in self._seen:
            self._progress.begun(cell.id)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run tests as outcomes arrive, where cells are computed elsewhere."""
        return self._remote.run(session) if self._remote is not None else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say of a cell that was computed elsewhere how long it was computed, not how long its test took."""
        report = yield
        if self._remote is not None and report.when == "call":
            report.duration = self._remote.seconds_of(item) or report.duration
        return report

    def _begin(self, cells: list[Cell]) -> None:
        """Write down what is asked for before anything is computed, and start the progress count."""
        if self._is_begun or not cells or only_looks(self._config):
            return
        setup, config = self._setup(), self._config
        from smote_bench.runs.asked import Asked, write_asked
        from smote_bench.runs.place import Place

        asked = Asked.of(setup.experiment.cells.values(), cells)
        store = Path(setup.settings.run_dir, "cells.sqlite")
        with self.stop.held():  # a signal now must find all of it
            self.stop.begin()
            self._is_begun, self._asked = True, asked
            try:
                write_asked(store, asked, self._arguments, config.invocation_params.dir)
            except DiskError as error:
                self._end_without_room(error.reason)
                raise
            self._place = Place.of(store)
            self._start_progress(cells)

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep why the session ends: `pytest.exit` and pytest-xdist give a reason.

        A signal may come at an instruction that is of no line, and pytest cannot show such an entry.
        """
        excinfo.traceback = excinfo.traceback.filter(lambda entry: entry._rawentry.tb_lineno is not None)
        self.stop.reached()
        self.stop.ended_by(str(excinfo.value))

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep why the session ends, before others write of it: there may be nobody to read that."""
        from smote_bench.session.standard_output import why_unprintable

        if why := why_unprintable(excinfo.value):
            self.stop.ended_by(why)
            return
        self.stop.ended_by(f"internal error: {excinfo.typename}: {excinfo.value}")

    def pytest_unconfigure(self) -> None:
        """Give the signals and the terminal back."""
        self.stop.restore()
        if self._display is not None:
            self._display.close()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Know which cells run now, here or in a worker."""
        if self._progress is not None and (name := _param_id(nodeid)) in self._estimates:
            self._progress.begun(name)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Forget a cell that runs no more."""
        if self._progress is not None:
            self._progress.ended(_param_id(nodeid))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, None, None]:
        """Follow a cell's report, after everybody else; then let go of it."""
        if report.failed and self._is_without_room and (why := why_not_recorded(report)):
            skip_report(report, why)  # another worker came to the same
        if dict(report.user_properties).get("smote_cell"):
            self._draft.write_once()
        yield
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
        if why := why_not_recorded(report):
            self._end_without_room(why)
            return
        if not name:
            name = _param_id(report.nodeid)
            if name not in self._estimates or report.passed:
                return
            try:
                status = self._lost.put(self._setup().experiment.cells[name], report)
            except DiskError as error:  # what was to be recorded is that nothing could be recorded
                self.stop.end(error.reason)
                return
            properties["smote_status"] = status
        if name in self._seen:
            return
        self._seen.add(name)
        self.stop.cell_done()
        self._gate.follow(properties)
        line = self._progress.done(
            name,
            report.duration,
            from_memo=bool(properties.get("smote_from_memo")),
            ok=properties.get("smote_status") in ("ok", "noop"),
        )
        if self._display is not None:
            self._display.say(line, always=self._progress.n_done == self._progress.n_cells)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write tables and manifest, save the baseline, judge the run: before JUnit's file is written."""
        if not self._seen:
            asked = self._config.getoption("smote_compare") is not None
            if asked and not only_looks(self._config) and (plan := self._setup().gate).compare:
                self._gate.nothing_ran(session, plan)
        if not self._is_begun:
            return
        if self._remote is not None and self.runner is not None:
            with self.stop.held():
                self._remote.take_rest()
                self._notes += self.runner.engine.remarks
                self.runner.close()
        self.stop.reached()
        if self._progress is not None:
            self._progress.cells_are_over()
        if stop_asked():
            self.stop.end_workers()
        setup, reporter = self._setup(), self._config.pluginmanager.get_plugin("terminalreporter")
        with self._crashes.of("files"), self.stop.held(), self._step("tables"):
            self._write_run(setup)
        with self._crashes.of("metric gate"), self.stop.leaving(reporter, "metric gate"), self._step("gate"):
            if self._seen:
                self._gate.finish(session, setup, set(self._estimates), self._seen, _n_workers(self._config))
        self._crashes.tell(session)
        stopped = session.exitstatus in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR)
        self._is_whole = not stopped and not stop_asked() and not set(self._estimates) - self._seen
        if not self._is_whole:
            session.exitstatus = session.exitstatus or pytest.ExitCode.INTERRUPTED

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the summary and the verdict, then make the report: its crash must not hide them."""
        self.told_once.give_back(terminalreporter)
        if self._place is not None:
            with self._crashes.of("report"):
                self._place.check()
        if self._summary:
            terminalreporter.section("smote-bench")
            for text in [*self._summary, *self._notes]:
                terminalreporter.write_line(text)
        self._gate.write(terminalreporter)
        if self._has_outcomes():
            with self._crashes.of("report"):
                self._write_report(terminalreporter)
            with (
                self._crashes.of("trackers"),
                self.stop.leaving(terminalreporter, "trackers"),
                self._step("trackers"),
            ):
                self._hand_on(terminalreporter)
        if self._display is not None:
            self._display.close()
        self._crashes.write(terminalreporter)
        if stop_asked() and self._session is not None:
            self._session.exitstatus = self._session.exitstatus or pytest.ExitCode.INTERRUPTED

    def _has_outcomes(self) -> bool:
        """Whether there is something to report; a signal may come between a cell's end and its report."""
        if self._seen or not self._is_begun:
            return bool(self._seen)
        # Where the disk was full from the beginning, there is no store, or one without tables.
        with (
            contextlib.suppress(SmoteBenchError, sqlite3.Error),
            run_store(self._setup(), read_only=True) as store,
        ):
            return next(store.outcomes(), None) is not None
        return False

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

        try:
            self._setup_in_place()
        except DiskError as error:  # then of the cells no more is known than how many were done
            self._summary = self._account_without_store(error.reason)
            raise
        self._summary = write_run(
            setup.experiment,
            setup.settings,
            self._arguments,
            why_cut=self.stop.why(),
            asked=self._asked,
            draft=self._draft.manifest,
            failed=self._crashes.add,
        )

    def _account_without_store(self, why: str) -> list[str]:
        from smote_bench.runs.asked import finishing_command

        n, done = len(self._estimates), len(self._seen)
        return [
            f"This run was cut ({why}): {done} of {n} cells are done.",
            f"Finish it with: {finishing_command(self._arguments)}",
            f"{n} cells asked for: {done} done, {n - done} not run ({n - done} {why})",
        ]

    def _rescue(self, why: str) -> None:
        """Write what there is where the main thread never comes to it; called in another one.

        The process ends then, and with it what was started in it.
        """
        from smote_bench.environment.descendants import kill_those, processes_below

        self.stop.end_workers()
        with self._crashes.of("files"):
            self._write_run(self._setup())
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        capture = self._config.pluginmanager.get_plugin("capturemanager")
        if capture is not None:
            capture.suspend_global_capture(in_=True)
        if reporter is not None:
            start_new_line(reporter)
            stuck = f"{why}: what was running did not give way in time, and was ended with this process"
            for text in [*self._summary, stuck]:
                reporter.write_line(text)
            reporter.flush()
        kill_those(processes_below(os.getpid()))

    def _write_report(self, terminalreporter: pytest.TerminalReporter) -> None:
        config = self._config
        if config.getoption("smote_no_report") or not config.getini("smote_report"):
            return
        if not Path(self._setup().settings.run_dir, "manifest.json").is_file():
            return  # it could not be written, which is said already
        from smote_bench.session.report import make_report

        with self._step("report") as say:
            make_report(self._setup(), terminalreporter, self._crashes, jobs=_n_workers(config), say=say)

    @contextlib.contextmanager
    def _step(self, what: str) -> Iterator[Callable[[str], None]]:
        """Show a step of the end while it is done."""
        if self._display is None:
            yield lambda _part: None
            return
        with self._display.step(what) as say:
            yield say

    def _estimate(self) -> Callable[[Cell], float]:
        """Return what tells a cell's expected seconds: from the memo where that knows, else by its kind."""
        from smote_bench.engines.costs import estimate_seconds
        from smote_bench.runs.memo import known_seconds

        setup = self._setup()
        memo = setup.settings.memo
        return estimate_seconds(setup.experiment, known_seconds(Path(memo)) if memo else {})

    def _start_progress(self, cells: list[Cell]) -> None:
        from smote_bench.session.memory_use import resident_bytes
        from smote_bench.session.progress import Progress
        from smote_bench.session.progress_display import Display

        engine = None if self.runner is None else self.runner.engine
        estimate = self._estimate()
        self._estimates = {cell.id: estimate(cell) for cell in cells}
        kinds = {cell.id: (cell.method, cell.classifier) for cell in cells}
        self._progress = Progress(
            self._estimates,
            kinds.__getitem__,
            n_workers=_n_workers(self._config) if engine is None else engine.n_workers,
            engine=None if engine is None else engine.words,
            memory=lambda: resident_bytes([os.getpid(), *self.stop.worker_pids()]),
        )
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            self._display = Display(reporter, self._progress)
            setup = self._setup()
            seconds = sum(self._estimates.values())
            if words := setup.gate.words_before(setup.experiment, len(cells), seconds):
                reporter.ensure_newline()
                reporter.write_line(words)

    def may_try_again(self, nodeid: str, worker: Worker, exit_code: int | None) -> bool:
        """Tell whether a cell whose worker died is tried again; see `Retries`."""
        cell = self._cells([nodeid]).get(0)
        if cell is None or cell.id in self._seen or stop_asked() or self.stop.is_at_worker_limit():
            return False
        is_granted = self._lost.may_try_again(cell, worker, exit_code)
        if is_granted:
            self.stop.cell_done()
        return is_granted

    def worker_died(
        self, nodeid: str, report: pytest.TestReport, worker: Worker, exit_code: int | None = None
    ) -> None:
        """Record what a dead worker had begun, and have its test report that; see `LostCells`."""
        cell = self._cells([nodeid]).get(0)
        if cell is not None:
            self._lost.tell(cell, report, worker, exit_code, is_done=cell.id in self._seen)


def _param_id(nodeid: str) -> str:
    return nodeid.partition("[")[2].removesuffix("]")


def _n_workers(config: pytest.Config) -> int:
    """Return how many workers pytest-xdist ran: as many processes may make figures now that they are gone."""
    return max(1, len(config.getoption("tx", None) or ()))
