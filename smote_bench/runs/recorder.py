"""Records the cells of a run: found in its store or the memo, or computed elsewhere and committed here."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from smote_bench.errors import SmoteBenchError, UnavailableError
from smote_bench.evaluation.extras import CARD, POINTS, SAMPLES
from smote_bench.evaluation.outcome import Cell, DamagedOutcome, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.disk import disk_errors
from smote_bench.runs.extras import Extras, Take
from smote_bench.runs.keys import CellKeys
from smote_bench.runs.memo import open_memo
from smote_bench.runs.place import gone
from smote_bench.runs.run_store import RunStore
from smote_bench.runs.sound_bytes import is_whole

if TYPE_CHECKING:
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.memo import Memo
    from smote_bench.runs.settings import RunSettings

__all__ = ["Recorder"]


class Recorder:
    """Keeps the outcomes of an experiment's cells in the run's store and in the memo.

    Parameters
    ----------
    experiment : Experiment
    settings : RunSettings
    store : RunStore
    memo : Memo or None
    part : str
        The label of the part of a longer protocol that these cells are; empty for the run's own.
    kinds : collection of str
        What is kept beside the cells.
    """

    def __init__(
        self,
        experiment: Experiment,
        settings: RunSettings,
        store: RunStore,
        memo: Memo | None,
        *,
        part: str = "",
        kinds: Collection[str] = (CARD, POINTS, SAMPLES),
    ) -> None:
        self.keys = CellKeys(experiment, settings.data_folder)
        self.store = store
        self.memo = memo
        self.extras = Extras(experiment, self.keys, store, memo, kinds)
        self._settings = settings
        self._part = part

    @classmethod
    def open(cls, experiment: Experiment, settings: RunSettings) -> Recorder:
        """Open the files of a run."""
        store = RunStore(Path(settings.run_dir, "cells.sqlite"))
        return cls(experiment, settings, store, open_memo(Path(settings.memo)) if settings.memo else None)

    def of_part(self, experiment: Experiment, label: str) -> Recorder:
        """Return the recorder of the same cells under a part of a longer protocol, into the same files.

        Of a part, the outcome is kept and what the method did to the rows; no predictions, no points.
        """
        return Recorder(experiment, self._settings, self.store, self.memo, part=label, kinds=(SAMPLES,))

    def close(self) -> None:
        """Close the files."""
        self.store.close()
        if self.memo is not None:
            self.memo.close()

    def key(self, cell: Cell) -> str | Outcome:
        """Return the key of a cell; or its outcome, where what it needs cannot be had or read here."""
        try:
            return self.keys.key(cell.dataset, cell.method, cell.classifier)
        except UnavailableError as error:
            outcome = Outcome(cell, "unavailable", str(error))
        except SmoteBenchError as error:
            outcome = Outcome(cell, "error", f"{type(error).__name__}: {error}")
        digest = hashlib.sha256(f"{cell.id}{self._part}".encode()).hexdigest()
        self.store.put(f"no-content-{digest}", outcome, part=self._part)
        return outcome

    def stored(self, key: str, cell: Cell) -> tuple[Outcome, bool] | None:
        """Return the outcome of the run or of the memo and whether it is the memo's; None for none."""
        outcome, predictions = self._of_run(key), None  # under another name, the predictions are here too
        if outcome is not None and outcome.cell == cell:
            return outcome, False
        if outcome is None and self.memo is not None:
            outcome, predictions = self.memo.get(key), self.memo.predictions(key)
            if predictions is not None and not is_whole(predictions):
                outcome = None  # computed again, with what it predicted
        if outcome is None or not outcome.is_scored:
            return None
        if not self.extras.copy(cell):
            return None  # computed again, and what is damaged beside it
        outcome = dataclasses.replace(outcome, cell=cell)
        self.store.put(key, outcome, predictions, from_memo=True, part=self._part)
        return outcome, True

    def _of_run(self, key: str) -> Outcome | None:
        try:
            return self.store.get(key)
        except DamagedOutcome:
            return None  # computed again

    @contextlib.contextmanager
    def claim(self, key: str, cell: Cell) -> Iterator[tuple[Outcome, bool] | None]:
        """Note that a cell is being computed; yield its outcome instead where another process has it by now.

        Cells of one group are given to one worker. `Original` alone is wanted by all of them at once: one
        process computes it and the others wait; the lock falls when its holder dies.
        """
        limit = self._settings.timeout_seconds if self._settings.is_worker else 0.0
        if cell.method != ORIGINAL:
            lost = self.store.lost_with_another(key, cell, self._part)
            if lost is None:
                self.store.begin(key, cell, self._part, limit_seconds=limit)
            yield None if lost is None else (lost, False)
            return
        folder = Path(self._settings.run_dir, ".locks")
        with contextlib.ExitStack() as held:
            try:
                with disk_errors(folder):
                    folder.mkdir(exist_ok=True)
                    held.enter_context(FileLock(folder / f"{key[:32]}.lock"))
            except FileNotFoundError as error:
                raise gone(self.store.path) from error
            found = self.stored(key, cell)
            if found is None and self.store.begun_by_another(key):
                # Who held the lock is dead: to try again would cost one worker after the other.
                found = self.store.put_lost(cell, part=self._part), False
            if found is None:
                self.store.begin(key, cell, self._part, limit_seconds=limit)
            yield found

    def abandon(self, cell: Cell) -> None:
        """Take back that a cell is being computed."""
        self.store.abandon(cell, self._part)

    def record(self, key: str, outcome: Outcome, take: Take, doubts: Sequence[str] = ()) -> Outcome:
        """Commit an outcome to the run and, unless there are doubts about the code behind it, to the memo.

        Parameters
        ----------
        key : str
        outcome : Outcome
        take : callable
            Gives what is kept beside the cell.
        doubts : sequence of str
            They are added to the outcome's warnings.
        """
        if doubts:
            outcome = dataclasses.replace(outcome, warnings=(*outcome.warnings, *doubts))
        kept = outcome.predictions if not self._part else None
        predictions = kept.dumps() if kept is not None else None
        try:
            self.store.put(key, outcome, predictions, part=self._part)
        finally:  # where the run's folder cannot take it, the memo has it
            if self.memo is not None and outcome.is_scored and not doubts:
                self.memo.put(key, outcome, predictions, part=self._part)
        if outcome.is_scored and outcome.fits:
            self.extras.record(outcome.cell, take, share=not doubts)
        return outcome
