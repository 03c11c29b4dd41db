"""From a cell to its outcome, with no file but the data set's: what runs wherever there is a processor."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import TYPE_CHECKING

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
        kill_process: bool = False,
        n_workers: int = 1,
    ) -> None:
        self.experiment = experiment
        self._data_dir = data_dir
        self._timeout_seconds = timeout_seconds
        self._kill_process = kill_process
        self._n_workers = n_workers
        self._whole: CellComputer | None = None

    @functools.cached_property
    def folds(self) -> FoldSource:
        """The data side, imported when the first cell is computed: a run from the memo imports no numpy."""
        from smote_bench.evaluation.folds import FoldSource

        experiment = self.experiment
        if self._whole is not None:
            return self._whole.folds.with_protocol(experiment.protocol)
        return FoldSource(experiment.datasets, experiment.methods, experiment.protocol, self._data_dir)

    def with_protocol(self, protocol: Protocol) -> CellComputer:
        """Return a computer of the same cells under another protocol; both share tables and folds."""
        other = CellComputer(
            dataclasses.replace(self.experiment, protocol=protocol),
            self._data_dir,
            timeout_seconds=self._timeout_seconds,
            kill_process=self._kill_process,
            n_workers=self._n_workers,
        )
        other._whole = self
        return other

    def outcome(self, cell: Cell, file_sha256: str | None = None) -> Outcome:
        """Compute a cell: its scores, or why it has none.

        Parameters
        ----------
        cell : Cell
        file_sha256 : str, optional
            The digest that the user's own file of the data set has to have.
        """
        from smote_bench.evaluation.evaluate import CellPlan, describe, evaluate_cell, traceback_end

        experiment = self.experiment
        plan = CellPlan(
            cell,
            experiment.methods[cell.method],
            experiment.classifiers[cell.classifier],
            experiment.protocol.random_state,
            tuple(experiment.metrics.values()),
            experiment.protocol.draw,
        )
        folds = self.folds  # imports scikit-learn, on nobody's time
        pin_loaded_libraries()
        digest = ""
        try:
            with time_limit(self._timeout_seconds, kill_process=self._kill_process):
                table = folds.dataset(cell.dataset)
                digest = table.digest
                if file_sha256 not in (None, table.card.sha256):
                    raise SmoteBenchError(
                        f"expected {table.card.source} as it was when the run began, but it has changed: "
                        "start again"
                    )
                outcome = evaluate_cell(plan, folds.folds(cell.dataset, cell.method))
                assert not outcome.is_scored or len(outcome.fits) == experiment.protocol.fits_per_cell
        except UnavailableError as error:
            outcome = Outcome(cell, "unavailable", str(error))
        except CellTimeout as error:
            outcome = Outcome(cell, "timeout", str(error))
        except (Exception, SystemExit) as error:  # a sampler that calls sys.exit() ends its cell, not ours
            outcome = Outcome(cell, "error", describe(error), traceback=traceback_end(error))
        version = experiment.datasets[cell.dataset].version
        return dataclasses.replace(outcome, version=version, digest=digest, n_workers=self._n_workers)

    def extra(self, kind: str, dataset: str, method: str) -> bytes:
        """Return what is kept beside the cells of a (data set, method).

        See `smote_bench.evaluation.extras.take_extra`.
        """
        from smote_bench.evaluation.extras import take_extra

        return take_extra(kind, self.folds, dataset, method)
