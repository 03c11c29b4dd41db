"""From a cell's name to its stored outcome: run store, memo, or computed here and committed."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import itertools
import sqlite3
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from smote_bench.errors import SmoteBenchError, UnavailableError
from smote_bench.experiment import ORIGINAL, Experiment
from smote_bench.extras import SAMPLES, Extras
from smote_bench.keys import CellKeys
from smote_bench.loaded_code import LoadedCode
from smote_bench.outcome import Outcome, Task
from smote_bench.run_store import RunStore
from smote_bench.store import SchemaMismatch, Store
from smote_bench.threads import pin_loaded_libraries
from smote_bench.timeouts import CellTimeout, time_limit

if TYPE_CHECKING:
    from smote_bench.folds import FoldSource
    from smote_bench.parts import Part

__all__ = ["CellResult", "CellRunner", "RunSettings"]


@dataclass(frozen=True)
class RunSettings:
    """Where a run reads and writes, and how long a cell may take.

    Parameters
    ----------
    run_dir : str
        Folder of this run; its store is ``cells.sqlite``.
    memo : str
        File shared by runs; empty for none.
    data_dir : str
        Extra folder of data files; empty for none.
    timeout_seconds : float
        Per cell; 0 for no limit.
    n_workers : int
        How many workers run beside each other.
    is_worker : bool
        Whether this process is one that is replaced when it dies.
    """

    run_dir: str
    memo: str = ""
    data_dir: str = ""
    timeout_seconds: float = 0.0
    n_workers: int = 1
    is_worker: bool = False


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
        data_dir = Path(settings.data_dir) if settings.data_dir else None
        self._data_dir = data_dir
        self._keys = CellKeys(experiment, data_dir)
        self._store = RunStore(Path(settings.run_dir, "cells.sqlite"))
        self._memo = _open_memo(Path(settings.memo)) if settings.memo else None
        self._extras = Extras(experiment, self._keys, self._store, self._memo)
        self._baseline = functools.lru_cache(maxsize=256)(self._original_outcome)
        self._loaded_code = LoadedCode()
        self._parts: dict[Part, _PartRunner] = {}

    @functools.cached_property
    def folds(self) -> FoldSource:
        """The data side, imported when the first cell is computed: a run from the memo imports no numpy."""
        from smote_bench.folds import FoldSource

        return FoldSource(self.experiment, self._data_dir)

    @property
    def _part(self) -> str:
        """The words of the part of a longer protocol that these cells are; empty for the run's own."""
        return ""

    def run(self, task: Task) -> CellResult:
        """Return the cell's outcome with its deltas against `Original`, computing what is not stored."""
        outcome, from_memo = self._obtain(task)
        deltas, why_none = self._deltas(outcome)
        return CellResult(outcome, from_memo, deltas, why_none)

    def run_part(self, task: Task, part: Part) -> Outcome:
        """Return the cell's outcome under a part of a longer protocol, computing what is not stored.

        Of a part, the outcome is kept and what the method did to the rows; no predictions, no points.
        """
        if part not in self._parts:
            self._parts[part] = _PartRunner(self, part)
        return self._parts[part]._obtain(task)[0]

    def close(self) -> None:
        """Close the files."""
        self._store.close()
        if self._memo is not None:
            self._memo.close()

    def _original_outcome(self, dataset: str, classifier: str) -> Outcome:
        return self._obtain(Task(dataset, ORIGINAL, classifier))[0]

    def _deltas(self, outcome: Outcome) -> tuple[dict[tuple[str, str], float], str]:
        """Return what an outcome gained over `Original`, or else why that cannot be told."""
        task = outcome.task
        if task.method == ORIGINAL or not outcome.is_scored:
            return {}, ""
        original = self._baseline(task.dataset, task.classifier)
        if not original.is_scored:
            return {}, f"no deltas: {original.task.id} has no scores ({original.status}: {original.reason})"
        phases = ("cv", "holdout") if self.experiment.protocol.cv_folds else ("holdout",)
        deltas = {
            (phase, metric): outcome.mean(metric, phase) - original.mean(metric, phase)
            for phase in phases
            for metric in self.experiment.priority_metrics
        }
        return deltas, ""

    def _obtain(self, task: Task) -> tuple[Outcome, bool]:
        try:
            key = self._keys.key(task.dataset, task.method, task.classifier)
        except UnavailableError as error:
            outcome = Outcome(task, "unavailable", str(error))
            return self._record(_key_without_content(task, self._part), outcome), False
        except SmoteBenchError as error:
            outcome = Outcome(task, "error", f"{type(error).__name__}: {error}")
            return self._record(_key_without_content(task, self._part), outcome), False
        stored = self._stored(key, task)
        if stored is not None:
            return stored
        # Cells of one group are given to one worker; `Original` alone is wanted by all of them at once.
        with self._lock(key) if task.method == ORIGINAL else contextlib.nullcontext():
            stored = self._stored(key, task) if task.method == ORIGINAL else None
            if stored is not None:
                return stored
            if task.method == ORIGINAL and self._store.begun_by_another(key):
                # Who held the lock is dead: to try again would cost one worker after the other.
                return self._store.put_lost(task, part=self._part), False
            self._store.begin(key, task, self._part)
            before = set(sys.modules)
            try:
                outcome = self._compute(task)
            except BaseException:
                self._store.abandon(task, self._part)
                raise
            doubts = self._loaded_code.doubts(self._keys.targets(task), set(sys.modules) - before)
            return self._record(key, outcome, doubts), False

    def _stored(self, key: str, task: Task) -> tuple[Outcome, bool] | None:
        outcome, predictions = self._store.get(key), None  # under another name, the predictions are here too
        if outcome is not None and outcome.task == task:
            return outcome, False
        if outcome is None and self._memo is not None:
            outcome, predictions = self._memo.get(key), self._memo.predictions(key)
        if outcome is None or not outcome.is_scored:
            return None
        outcome = dataclasses.replace(outcome, task=task)
        self._store.put(key, outcome, predictions, from_memo=True, part=self._part)
        self._extras.copy(task)
        return outcome, True

    def _compute(self, task: Task) -> Outcome:
        from smote_bench.evaluate import CellPlan, describe, evaluate_cell, traceback_end

        experiment, settings = self.experiment, self.settings
        plan = CellPlan(
            task,
            experiment.methods[task.method],
            experiment.classifiers[task.classifier],
            experiment.protocol.random_state,
            tuple(experiment.metrics.values()),
            experiment.protocol.draw,
        )
        folds = self.folds  # imports scikit-learn, on nobody's time
        pin_loaded_libraries()
        digest = ""
        try:
            with time_limit(settings.timeout_seconds, kill_process=settings.is_worker):
                table = folds.dataset(task.dataset)
                digest = table.digest
                if self._keys.user_file_sha256(task.dataset) not in (None, table.card.sha256):
                    raise SmoteBenchError(
                        f"expected {table.card.source} as it was when the run began, but it has changed: "
                        "start again"
                    )
                outcome = evaluate_cell(plan, folds.folds(task.dataset, task.method))
                assert not outcome.is_scored or len(outcome.fits) == experiment.protocol.fits_per_cell
        except UnavailableError as error:
            outcome = Outcome(task, "unavailable", str(error))
        except CellTimeout as error:
            outcome = Outcome(task, "timeout", str(error))
        except (Exception, SystemExit) as error:  # a sampler that calls sys.exit() ends its cell, not ours
            outcome = Outcome(task, "error", describe(error), traceback=traceback_end(error))
        version = experiment.datasets[task.dataset].version
        return dataclasses.replace(outcome, version=version, digest=digest, n_workers=settings.n_workers)

    def _record(self, key: str, outcome: Outcome, doubts: Sequence[str] = ()) -> Outcome:
        """Commit an outcome to the run and, unless there are doubts about the code behind it, to the memo."""
        if doubts:
            outcome = dataclasses.replace(outcome, warnings=(*outcome.warnings, *doubts))
        kept = outcome.predictions if not self._part else None
        predictions = kept.dumps() if kept is not None else None
        self._store.put(key, outcome, predictions, part=self._part)
        if self._memo is not None and outcome.is_scored and not doubts:
            try:
                self._memo.put(key, outcome, predictions, part=self._part)
            except sqlite3.Error as error:
                warnings.warn(f"the memo {self._memo.path} took no outcome: {error}", stacklevel=2)
        if outcome.is_scored and outcome.fits:
            self._extras.record(outcome.task, self.folds, share=not doubts)
        return outcome

    @contextlib.contextmanager
    def _lock(self, key: str) -> Iterator[None]:
        """Let one process at a time compute a key; the lock falls when its holder dies."""
        folder = Path(self.settings.run_dir, ".locks")
        folder.mkdir(exist_ok=True)
        with FileLock(folder / f"{key[:32]}.lock"):
            yield


class _PartRunner(CellRunner):
    """Runs the cells of one part into the files of the runner it belongs to, which closes them."""

    def __init__(self, whole: CellRunner, part: Part) -> None:
        self.experiment = dataclasses.replace(
            whole.experiment, protocol=part.protocol(whole.experiment.protocol)
        )
        self.settings = whole.settings
        self._whole = whole
        self._words = part.words
        self._keys = CellKeys(self.experiment, whole._data_dir)
        self._store, self._memo = whole._store, whole._memo
        self._loaded_code = whole._loaded_code
        self._extras = Extras(self.experiment, self._keys, self._store, self._memo, kinds=(SAMPLES,))

    @functools.cached_property
    def folds(self) -> FoldSource:
        return self._whole.folds.with_protocol(self.experiment.protocol)

    @property
    def _part(self) -> str:
        return self._words


def _key_without_content(task: Task, part: str) -> str:
    return "no-content-" + hashlib.sha256(f"{task.id}{part}".encode()).hexdigest()


def _open_memo(path: Path) -> Store:
    """Open the memo; one of another schema is moved aside, not read and not lost."""
    try:
        return Store(path)
    except SchemaMismatch as error:
        # Several workers may come here at once: who gets the lock second finds a memo of the right schema.
        with FileLock(f"{path}.aside.lock"):
            with contextlib.suppress(SchemaMismatch):
                return Store(path)
            aside = _free_name(path)
            for end in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    path.with_name(path.name + end).rename(f"{aside}{end}")
            warnings.warn(f"{error}; it was moved to {str(aside)!r} and a new memo begun", stacklevel=2)
            return Store(path)


def _free_name(path: Path) -> Path:
    numbers = itertools.count(1)
    return next(p for n in numbers if not (p := path.with_name(f"{path.name}.old{n}")).exists())
