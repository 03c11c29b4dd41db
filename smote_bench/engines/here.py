"""The engine that is this process: what a run without workers has, and each worker of pytest-xdist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from smote_bench.engines.child import ChildComputer, can_fork
from smote_bench.engines.compute import CellComputer
from smote_bench.engines.contract import Batch, Computed, Request
from smote_bench.environment.descendants import StartedHere
from smote_bench.environment.leaving import exits_raise

if TYPE_CHECKING:
    from smote_bench.evaluation.folds import FoldSource
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.evaluation.protocol import Protocol
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.settings import RunSettings

__all__ = ["ThisProcess"]


class ThisProcess:
    """Computes a cell when its outcome is asked for: here, or in a child where there is a limit to enforce.

    Parameters
    ----------
    experiment : Experiment
    settings : RunSettings
    """

    is_remote = False

    def __init__(self, experiment: Experiment, settings: RunSettings) -> None:
        has_limit = settings.timeout_seconds > 0 or settings.max_memory > 0
        in_child = settings.may_fork and has_limit and can_fork()
        computer = CellComputer(
            experiment,
            settings.data_folder,
            timeout_seconds=settings.timeout_seconds,
            max_memory=settings.max_memory,
            kill_process=settings.is_worker and not in_child,
            n_workers=settings.n_workers,
        )
        self.n_workers = settings.n_workers
        self.remarks: list[str] = []
        self.began: Callable[[Cell], None] = lambda _cell: None  # pytest itself says what runs
        self.computer: CellComputer | ChildComputer = ChildComputer(computer) if in_child else computer
        # Of a worker that ends, the controller knows.
        is_alone = not in_child and not settings.is_worker
        self._guard: Callable[[], AbstractContextManager[None]] = exits_raise if is_alone else nullcontext
        self._started = StartedHere()  # a child ends what is started in it itself
        self._computers: dict[Protocol | None, CellComputer | ChildComputer] = {None: self.computer}

    @property
    def folds(self) -> FoldSource:
        """Tables and folds of the experiment."""
        return self.computer.folds

    def submit(self, chains: Sequence[Sequence[Batch]], arrived: Callable[[Request], None]) -> None:  # noqa: ARG002
        """Start the child for the first cell: before locks are taken, which a fork would share."""
        cell = chains[0][0].requests[0].cell
        self.computer.start(*cell.group, cell.classifier)

    def outcome(self, request: Request) -> Computed:
        """Compute the cell."""
        if isinstance(self.computer, CellComputer):
            self._started.begin()
        computer = self._computers.get(request.protocol)
        if computer is None:
            assert request.protocol is not None
            computer = self._computers[request.protocol] = self.computer.with_protocol(request.protocol)
        with self._guard():
            outcome, doubts = computer.computed(request.cell, request.file_sha256, request.targets)
        return Computed(outcome, doubts, computer.extra)

    def cancel(self) -> None:
        """Nothing: nothing is computed before it is asked for."""

    def close(self) -> None:
        """End the child process where there is one, and what cells have started in this one."""
        self.computer.close()
        self._started.end()

    def words(self) -> str:
        """Return nothing: pytest says how many workers there are."""
        return ""
