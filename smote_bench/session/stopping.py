"""Why a session ends before its end, and what becomes of its workers then."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from smote_bench.environment.stopping import StopSignals, stop_asked
from smote_bench.session.progress import start_new_line

__all__ = ["WORKER_LIMIT", "Stop"]

WORKER_LIMIT = "worker limit"
"""Why cells are not run that no worker was left for."""

_DEATHS_WITHOUT_A_CELL = 4
"""For each worker of the session: so many may die one after the other in no cell, as in their start."""


class Stop:
    """Ends a session on a signal, and says why one ended.

    Parameters
    ----------
    config : pytest.Config
    rescue : callable
        Writes what there is, given why, where the main thread never comes to it.
    arguments : sequence of str
        The words of the command.
    """

    def __init__(
        self, config: pytest.Config, rescue: Callable[[str], None], arguments: Sequence[str]
    ) -> None:
        self._arguments = arguments
        self._config = config
        self._session: pytest.Session | None = None
        self._said = self._ended = ""
        self._n_deaths = 0
        self._is_begun = False
        self._signals = StopSignals(self._ask, self._end_at_once, rescue)
        self.reached, self.held, self.restore = (
            self._signals.reached,
            self._signals.held,
            self._signals.restore,
        )

    def begin(self) -> None:
        """Handle signals from now on, and replace workers that die in a cell, however many."""
        self._signals.install()
        self._is_begun = True
        self._set_limit()

    def follow(self, session: pytest.Session) -> None:
        """Know the session that is to stop."""
        self._session = session

    def ended_by(self, words: str) -> None:
        """Note what pytest says of the exception that ends it, if that has a word."""
        self._said = words

    @contextlib.contextmanager
    def leaving(self, reporter: pytest.TerminalReporter | None, what: str) -> Iterator[None]:
        """Leave what is done inside when a signal comes, and say so."""
        try:
            yield
        except KeyboardInterrupt as error:
            if reporter is not None:
                start_new_line(reporter)
                reporter.write_line(f"{what}: left, {stop_asked() or error or 'interrupted'}", red=True)

    def end(self, why: str) -> None:
        """End the session after what runs now: nothing more could be recorded."""
        self._ended = self._ended or why
        self._ask(why)

    def why(self) -> str:
        """Return why cells that were to run were not, as far as that is known."""
        if self._ended:
            return self._ended
        if asked := stop_asked():
            return asked
        distributed = self._config.pluginmanager.get_plugin("dsession")
        if distributed is not None and getattr(distributed, "_summary_report", None):
            return WORKER_LIMIT
        session, most = self._session, int(self._config.getoption("maxfail") or 0)
        n_failed = session.testsfailed if session is not None else 0
        if most and n_failed >= most:
            return "stopped by -x" if most == 1 else f"stopped by --maxfail={most}"
        told = getattr(distributed, "shouldstop", "") or ""
        if session is not None:
            told = told or session.shouldstop or session.shouldfail
        told = told or self._said
        return f"stopped: {' '.join(str(told).split())}" if told else ""

    def end_workers(self) -> None:
        """Kill the workers: what they committed is in the store, what they are in the middle of is not.

        What their cells have started would live on without them, and is killed too.
        """
        from smote_bench.environment.descendants import kill_those, processes_below

        distributed = self._config.pluginmanager.get_plugin("dsession")
        manager = getattr(distributed, "nodemanager", None)
        started = [process for pid in self.worker_pids() for process in processes_below(pid)]
        for gateway in getattr(manager, "group", ()):
            gateway._io.kill()
        kill_those(started)

    def _end_at_once(self) -> None:
        """Leave no process behind and say how to go on; called in a handler, or in another thread."""
        from smote_bench.environment.descendants import kill_those, processes_below
        from smote_bench.runs.asked import finishing_command

        self.end_workers()
        kill_those(processes_below(os.getpid()))
        reporter: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        command = finishing_command(self._arguments)
        text = f"\ninterrupted again: ended at once. What was recorded is kept; finish it with: {command}\n"
        # Not by the reporter, which may be in the middle of writing.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.write(reporter._tw._file.fileno(), text.encode())

    def worker_pids(self) -> list[int]:
        """Return the processes of the workers that live on this machine."""
        distributed = self._config.pluginmanager.get_plugin("dsession")
        group = getattr(getattr(distributed, "nodemanager", None), "group", ())
        processes = [getattr(gateway._io, "popen", None) for gateway in group]
        return [process.pid for process in processes if process is not None]

    def worker_died(self) -> None:
        """Count a death; those that no cell is used up by would go on for ever."""
        self._n_deaths += 1
        self._set_limit()

    def is_at_worker_limit(self) -> bool:
        """Tell whether pytest-xdist replaces no worker that dies now."""
        distributed = self._config.pluginmanager.get_plugin("dsession")
        most = getattr(distributed, "_max_worker_restart", None)
        return most is not None and getattr(distributed, "_failed_nodes_count", 0) >= most

    def cell_done(self) -> None:
        """Count deaths anew: a cell ends some workers at most (see `Retries`)."""
        self._n_deaths = 0

    def _set_limit(self) -> None:
        """Lift the limit of replaced workers, which pytest-xdist sets for crashes in collection.

        There is no other way once it has begun. Where the user gave one, that holds.
        """
        distributed = self._config.pluginmanager.get_plugin("dsession")
        is_given = self._config.getoption("maxworkerrestart", None) is not None
        if distributed is None or is_given or not self._is_begun:
            return
        workers = len(self._config.getoption("tx", None) or ()) or 1
        is_too_many = self._n_deaths > _DEATHS_WITHOUT_A_CELL * workers
        distributed._max_worker_restart = distributed._failed_nodes_count if is_too_many else None

    def _ask(self, why: str) -> None:
        """Have the loops stop, too: an exception raised inside a cell may be swallowed there."""
        distributed = self._config.pluginmanager.get_plugin("dsession")
        if distributed is not None:
            distributed.shouldstop = why
        if self._session is not None:
            self._session.shouldstop = why
