"""From a cell's name to its stored outcome, in this process: looked up, or computed here and committed."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.engines.child import ChildComputer, can_fork
from smote_bench.engines.compute import CellComputer
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.recorder import Recorder

if TYPE_CHECKING:
    from smote_bench.evaluation.folds import FoldSource
    from smote_bench.evaluation.parts import Part
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.settings import RunSettings

__all__ = ["CellResult", "CellRunner"]


@dataclass(frozen=True)
class CellResult:
    """An outcome, where it came from, and what it gained over `Original`.

    Parameters
    ----------
    outcome : Outcome
    from_memo : bool
    deltas : dict of (phase, metric) to float
        Mean minus the mean of `Original`, for the priority metrics; NaN where either is undefined.
    why_no_deltas : str
        In words, where the cell has scores and `Original` has none.
    """

    outcome: Outcome
    from_memo: bool
    deltas: dict[tuple[str, str], float]
    why_no_deltas: str = ""


class CellRunner:
    """Runs cells of one experiment in this process.

    Parameters
    ----------
    experiment : Experiment
    settings : RunSettings
    """

    def __init__(self, experiment: Experiment, settings: RunSettings) -> None:
        self.experiment = experiment
        self.settings = settings
        self._recorder = Recorder.open(experiment, settings)
        self._computer = _computer(experiment, settings)
        self._original = functools.lru_cache(maxsize=256)(self._original_outcome)
        self._parts: dict[Part, tuple[CellComputer | ChildComputer, Recorder]] = {}

    @property
    def folds(self) -> FoldSource:
        """Tables and folds of the experiment."""
        return self._computer.folds

    def run(self, cell: Cell) -> CellResult:
        """Return the cell's outcome with its deltas against `Original`, computing what is not stored."""
        outcome, from_memo = self._obtain(cell, self._computer, self._recorder)
        deltas, why_none = self._deltas(outcome)
        return CellResult(outcome, from_memo, deltas, why_none)

    def run_part(self, cell: Cell, part: Part) -> Outcome:
        """Return the cell's outcome under a part of a longer protocol, computing what is not stored."""
        if part not in self._parts:
            computer = self._computer.with_protocol(part.protocol(self.experiment.protocol))
            self._parts[part] = computer, self._recorder.of_part(computer.experiment, part.label)
        return self._obtain(cell, *self._parts[part])[0]

    def close(self) -> None:
        """Close the files, and end the child process where there is one."""
        self._computer.close()
        self._recorder.close()

    def _original_outcome(self, dataset: str, classifier: str) -> Outcome:
        return self._obtain(Cell(dataset, ORIGINAL, classifier), self._computer, self._recorder)[0]

    def _deltas(self, outcome: Outcome) -> tuple[dict[tuple[str, str], float], str]:
        """Return what an outcome gained over `Original`, or else why that cannot be told."""
        cell = outcome.cell
        if cell.method == ORIGINAL or not outcome.is_scored:
            return {}, ""
        original = self._original(cell.dataset, cell.classifier)
        if not original.is_scored:
            return {}, f"no deltas: {original.cell.id} has no scores ({original.status}: {original.reason})"
        protocol = self.experiment.protocol
        phases = ("cv",) * bool(protocol.cv_folds) + ("holdout",) * protocol.has_holdout
        deltas = {
            (phase, metric): outcome.mean(metric, phase) - original.mean(metric, phase)
            for phase in phases
            for metric in self.experiment.priority_metrics
        }
        return deltas, ""

    def _obtain(
        self, cell: Cell, computer: CellComputer | ChildComputer, recorder: Recorder
    ) -> tuple[Outcome, bool]:
        """Return a cell's outcome and whether it came from the memo."""
        key = recorder.key(cell)
        if isinstance(key, Outcome):
            return key, False
        stored = recorder.stored(key, cell)
        if stored is not None:
            return stored
        computer.start()
        with recorder.claim(key, cell) as elsewhere:
            if elsewhere is not None:
                return elsewhere
            targets = recorder.keys.targets(cell)
            try:
                outcome, doubts = computer.computed(
                    cell, recorder.keys.user_file_sha256(cell.dataset), targets
                )
            except BaseException:
                recorder.abandon(cell)
                raise
            return recorder.record(key, outcome, computer.extra, doubts), False


def _computer(experiment: Experiment, settings: RunSettings) -> CellComputer | ChildComputer:
    """Return what computes here: a child process where there is a limit to enforce, else this process."""
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
    return ChildComputer(computer) if in_child else computer
