"""What pytest-xdist tells its controller of workers: that they begin, die, have collected, want tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from smote_bench.runs.run_store import Worker
    from smote_bench.session.controller import SmoteSession

__all__ = ["XdistHooks"]


class XdistHooks:
    """Hands on to the session what pytest-xdist tells; not registered where that is not installed.

    Parameters
    ----------
    session : SmoteSession
    """

    def __init__(self, session: SmoteSession) -> None:
        self._session = session

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionstart(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Keep Ctrl-C from workers until their pytest is there to take it: see `pytest_configure`."""
        if session.config.pluginmanager.hasplugin("dsession"):
            from smote_bench.environment.stopping import interrupts_kept_from_children

            with interrupts_kept_from_children():
                return (yield)
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where this run writes."""
        run_dir = self._session.run_dir_for_workers()
        if run_dir is not None:
            node.workerinput["smote_run_dir"] = run_dir

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: Any) -> None:
        """Report the cell that a worker died on for what the store says of it."""
        self._session.stop.cell_done()
        self._session.worker_died(crashitem, report, _worker(report.node), _exit_code(report.node))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, error: Any) -> None:
        """Count dead workers: those that die in no cell have a limit."""
        if error:
            self._session.stop.worker_died()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Any) -> None:
        """Learn from the first worker which cells were selected, whatever the distribution."""
        self._session.select(list(ids))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep cells that share resampled rows together, unless another distribution was named."""
        if config.getoption("dist") != "load":
            return None
        from smote_bench.engines.xdist_scheduling import CellScheduling

        return CellScheduling(
            config,
            log,
            self._session.plan,
            lambda nodeid, node: self._session.may_try_again(nodeid, _worker(node), _exit_code(node)),
        )


def _worker(node: Any) -> Worker:
    from smote_bench.runs.run_store import Worker

    return Worker(str(node.workerinput["testrunuid"]), node.gateway.id)


def _exit_code(node: Any) -> int | None:
    """Return how a worker's process ended, as far as pytest-xdist knows: another machine's it does not."""
    process = getattr(getattr(node.gateway, "_io", None), "popen", None)
    try:
        return None if process is None else int(process.wait(timeout=5))
    except Exception:  # it closed its channel and lives on, or has no process like ours
        return None
