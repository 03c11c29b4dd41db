"""From a cell to its outcome, with no file but the data set's: what runs wherever there is a processor."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.positive import CLASSES
from smote_bench.environment.imported import names_since, number_imported
from smote_bench.environment.leaving import leaving, watched_signals
from smote_bench.environment.loaded_code import LoadedCode
from smote_bench.environment.memory import memory_limit, size_text
from smote_bench.environment.threads import pin_loaded_libraries
from smote_bench.environment.timeouts import CellTimeout, time_limit
from smote_bench.errors import SmoteBenchError, UnavailableError
from smote_bench.evaluation.outcome import Cell, Outcome

if TYPE_CHECKING:
    from smote_bench.evaluation.folds import FoldSource
    from smote_bench.evaluation.protocol import Protocol
    from smote_bench.experiment.model import Experiment

__all__ = ["CellComputer"]


class CellComputer:
    """Computes cells of one experiment in this process; cells of one data set share their folds.

    Parameters
    ----------
    experiment : Experiment
    data_dir : Path, optional
        Where data files are looked for beside the bundled ones.
    timeout_seconds : float
        Per cell; 0 for no limit.
    max_memory : int
        Bytes that this process may hold while it computes; 0 for no limit.
    kill_process : bool
        Whether a cell that ignores its limit may take this process with it.
    n_workers : int
        How many computers run beside each other; it is noted in the outcomes.
    """

    def __init__(
        self,
        experiment: Experiment,
        data_dir: Path | None = None,
        *,
        timeout_seconds: float = 0.0,
        max_memory: int = 0,
        kill_process: bool = False,
        n_workers: int = 1,
    ) -> None:
        self.experiment = experiment
        self.data_dir = data_dir
        self.timeout_seconds = timeout_seconds
        self.max_memory = max_memory
        self._loaded_code = LoadedCode()
        self.digests: dict[str, str] = {}
        self._kill_process = kill_process
        self._n_workers = n_workers
        self._whole: CellComputer | None = None

    @functools.cached_property
    def folds(self) -> FoldSource:
        """The data side, imported when the first cell is computed: a run from the memo imports no numpy."""
        from smote_bench.environment.scipy_docs import import_scipy_stats

        import_scipy_stats()
        from smote_bench.evaluation.folds import FoldSource

        experiment = self.experiment
        if self._whole is not None:
            return self._whole.folds.with_protocol(experiment.protocol)
        return FoldSource(experiment.datasets, experiment.methods, experiment.protocol, self.data_dir)

    def with_protocol(self, protocol: Protocol) -> CellComputer:
        """Return a computer of the same cells under another protocol; both share tables and folds."""
        other = CellComputer(
            dataclasses.replace(self.experiment, protocol=protocol),
            self.data_dir,
            timeout_seconds=self.timeout_seconds,
            max_memory=self.max_memory,
            kill_process=self._kill_process,
            n_workers=self._n_workers,
        )
        other._whole = self
        other._loaded_code = self._loaded_code
        return other

    def computed(
        self, cell: Cell, file_sha256: str | None, targets: Collection[str]
    ) -> tuple[Outcome, tuple[str, ...]]:
        """Compute a cell, and tell why its outcome must not be shared, where that is so.

        Parameters
        ----------
        cell : Cell
        file_sha256 : str, optional
            See `outcome`.
        targets : collection of str
            The code behind the cell that is not ours.
        """
        before = number_imported()
        outcome = self.outcome(cell, file_sha256)
        return outcome, self._loaded_code.doubts(targets, names_since(before))

    def outcome(self, cell: Cell, file_sha256: str | None = None) -> Outcome:
        """Compute a cell: its scores, or why it has none.

        Parameters
        ----------
        cell : Cell
        file_sha256 : str, optional
            The digest that the user's own file of the data set has to have.
        """
        folds = self.folds  # imports scikit-learn, on nobody's time
        from smote_bench.evaluation.evaluate import OUT_OF_MEMORY, describe, traceback_end

        pin_loaded_libraries()
        start, resampled = time.perf_counter(), folds.resample_seconds
        try:
            with (
                watched_signals() as signals,
                memory_limit(self.max_memory),
                time_limit(self.timeout_seconds, kill_process=self._kill_process),
            ):
                outcome = self._evaluated(cell, file_sha256, folds)
        except UnavailableError as error:
            outcome = Outcome(cell, "unavailable", str(error))
        except CellTimeout as error:
            outcome = Outcome(cell, "timeout", str(error))
        except BaseException as error:
            if signals.raised is not None:  # the user's, and no verdict on the cell
                raise
            words = leaving(error)
            reason = f"the cell raised {words}" if words else describe(error)
            outcome = Outcome(cell, "error", reason, traceback=traceback_end(error))
        if self.max_memory and outcome.reason.startswith(OUT_OF_MEMORY):
            said = outcome.reason.removeprefix(OUT_OF_MEMORY)
            reason = f"{OUT_OF_MEMORY} over the limit of {size_text(self.max_memory)}:{said}"
            outcome = dataclasses.replace(outcome, reason=reason)
        work = folds.resample_seconds - resampled + outcome.seconds("fit") + outcome.seconds("predict")
        other = max(time.perf_counter() - start - work, 0.0)
        return dataclasses.replace(self.signed(outcome), other_seconds=other)

    def signed(self, outcome: Outcome) -> Outcome:
        """Return an outcome with what is known of it whatever came of it: the data's version, the workers."""
        name = outcome.cell.dataset
        version, digest = self.experiment.datasets[name].version, self.digests.get(name, "")
        return dataclasses.replace(outcome, version=version, digest=digest, n_workers=self._n_workers)

    def _evaluated(self, cell: Cell, file_sha256: str | None, folds: FoldSource) -> Outcome:
        """Read the data set and evaluate the cell; whatever is raised is raised."""
        from smote_bench.evaluation.evaluate import CellPlan, evaluate_cell

        experiment = self.experiment
        plan = CellPlan(
            cell,
            experiment.methods[cell.method],
            experiment.classifiers[cell.classifier],
            experiment.protocol.random_state,
            tuple(experiment.metrics.values()),
            experiment.protocol.draw,
            experiment.datasets[cell.dataset].positive_code,
        )
        table = folds.dataset(cell.dataset)
        self.digests[cell.dataset] = table.digest + (
            f", positive: {CLASSES[0]}" if plan.positive == 0 else ""
        )
        if file_sha256 not in (None, table.card.sha256):
            raise SmoteBenchError(
                f"expected {table.card.source} as it was when the run began, but it has changed: start again"
            )
        outcome = evaluate_cell(plan, folds.folds(cell.dataset, cell.method))
        assert not outcome.is_scored or len(outcome.fits) == experiment.protocol.fits_per_cell
        return outcome

    n_child = 0
    """None: see `smote_bench.engines.child.ChildComputer`."""

    def call(self, what: Callable[[CellComputer], bytes]) -> bytes:
        """Call a function with this computer."""
        return what(self)

    def start(self, dataset: str, method: str, classifier: str = "") -> None:
        """Nothing: what computes in another process starts it here."""

    def close(self) -> None:
        """Nothing: what computes in another process ends it here."""

    def extra(self, kind: str, dataset: str, method: str) -> bytes:
        """Return what is kept beside the cells of a (data set, method).

        See `smote_bench.evaluation.extras.take_extra`.
        """
        from smote_bench.evaluation.extras import take_extra

        return take_extra(kind, self.folds, dataset, method)
