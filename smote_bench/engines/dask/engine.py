"""The engine that hands cells to a Dask cluster and takes back what came of them.

A thread of its own waits for the cluster. A piece of work is one task; those of a chain depend on each other,
so that Dask computes them where the resampled rows are. What enters a task once for a whole run (the
experiment, the user's modules, tables) is a task of its own, which Dask brings to each worker once and makes
anew where a worker was lost.
"""

from __future__ import annotations

import contextlib
import dataclasses
import pickle
import queue
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from smote_bench.classifiers.registry import classifier_targets
from smote_bench.engines.contract import MOST_DEATHS, Batch, Computed, EngineLost, Request
from smote_bench.engines.dask.cluster import WAIT_SECONDS, Cluster
from smote_bench.engines.dask.code_files import code_behind
from smote_bench.engines.dask.messages import CELLS, Reply, Spec, Table
from smote_bench.engines.dask.trust import difference
from smote_bench.engines.dask.worker import compute, end_run, same, topic_of, warm_up
from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.extras import ComesLater
from smote_bench.runs.keys import CellKeys
from smote_bench.runs.run_store import DIED

if TYPE_CHECKING:
    from distributed import Future

    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.settings import RunSettings

__all__ = ["Dask"]

_STATUS_SECONDS = 1.0

_Name = tuple[str, ...]
"""The part's label, data set, method, classifier."""


class Dask:
    """Computes cells on a Dask cluster.

    Parameters
    ----------
    experiment : Experiment
    settings : RunSettings
    address : str
        Of the scheduler; empty for workers on this machine.
    wait_seconds : float
        How long an answer and a first worker are waited for.

    Raises
    ------
    ConfigError
        If there is no such cluster, or its workers would compute something else.
    """

    is_remote = True

    def __init__(
        self,
        experiment: Experiment,
        settings: RunSettings,
        address: str = "",
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        targets = {step.target for method in experiment.methods.values() for step in method.steps}
        targets |= {metric.target for metric in experiment.metrics.values() if metric.target is not None}
        targets |= {one for c in experiment.classifiers.values() for one in classifier_targets(c)}
        code = code_behind(sorted(targets))
        self._experiment = experiment
        self._settings = settings
        self._cluster = Cluster(address, wait_seconds)
        self._client = self._cluster.client
        self.n_workers = self._cluster.n_workers
        self._run = uuid.uuid4().hex
        spec = Spec(
            run=self._run,
            experiment=pickle.dumps(experiment),
            code=code,
            data_dir=settings.data_dir,
            timeout_seconds=settings.timeout_seconds,
            max_memory=settings.max_memory,
            n_workers=self.n_workers,
        )
        self._spec = self._client.submit(same, spec, key=f"smote-spec-{self._run}")
        self._warm = [
            self._client.submit(warm_up, workers=[one], pure=False, priority=1e6)
            for one in (self._cluster.workers() if address else ())
        ]
        self._client.subscribe_topic(topic_of(self._run), self._heard)
        self._events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._lock = threading.Condition()
        self._asked: dict[_Name, Callable[[Request], None]] = {}
        self._computed: dict[_Name, Computed] = {}
        self._given: set[_Name] = set()
        self._lost = ""
        self._tasks: dict[Any, tuple[Batch, float]] = {}
        self._n_tasks = 0
        self._tables: dict[str, Any] = {}
        self._no_table: dict[str, str] = {}
        self._deaths: Counter[_Name] = Counter()
        self._died_before: set[_Name] = set()
        self._in_flight: dict[_Name, str] = {}
        self._good: set[str] = set()
        self._bad: dict[str, str] = {}
        self._is_closed = False
        self.began: Callable[[Cell], None] = lambda _cell: None
        self.remarks: list[str] = []
        self._thread = threading.Thread(target=self._follow, name="smote-bench dask", daemon=True)
        self._thread.start()

    def submit(self, chains: Sequence[Sequence[Batch]], arrived: Callable[[Request], None]) -> None:
        """Hand over work, the dearest first."""
        with self._lock:
            for chain in chains:
                after: Any = None
                for batch in chain:
                    new = tuple(one for one in batch.requests if _name(one) not in self._asked)
                    self._asked.update(dict.fromkeys(map(_name, new), arrived))
                    if new:
                        self._n_tasks += 1
                        after = self._task(Batch(new, batch.seconds), -float(self._n_tasks), after)

    def outcome(self, request: Request) -> Computed:
        """Wait for what comes of a request, and return it once."""
        name = _name(request)
        with self._lock:
            while name not in self._computed:
                if self._lost:
                    raise EngineLost(self._lost)
                self._lock.wait(0.5)
            return self._computed.pop(name)

    def cancel(self) -> None:
        """Give up what is not computed yet, and end what is being computed."""
        with self._lock:
            self._lost = self._lost or "what was left was given up"
            tasks = list(self._tasks)
            self._lock.notify_all()
        if tasks and self._client.status == "running":
            with contextlib.suppress(Exception):  # whoever is gone computes nothing more
                self._client.cancel(tasks, force=True)  # on which workers end what they are at

    def close(self) -> None:
        """Leave the cluster."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._tasks or self._client.status != "running":
            self.cancel()
        else:
            with contextlib.suppress(Exception):
                self._client.run(end_run, self._run)
        self._events.put(("end", None))
        self._cluster.close()
        self._thread.join(timeout=5)

    def words(self) -> str:
        """Return how many workers there are, and how many cells they are at."""
        if self._client.status != "running":
            return "no scheduler"
        n = len(self._cluster.workers())
        return f"{n} worker{'s' * (n != 1)}, {len(self._in_flight)} in flight"

    def _task(self, batch: Batch, priority: float, after: Any = None, only: Iterable[str] = ()) -> Future:
        """Submit a piece of work; the lock is held."""
        needed = dict.fromkeys(one.cell.dataset for one in batch.requests)
        tables = [self._tables[name] for name in needed if name in self._tables]
        future = self._client.submit(
            compute,
            self._spec,
            batch.requests,
            tables,
            after,
            any(_name(one) in self._died_before for one in batch.requests),
            key=f"{CELLS}{uuid.uuid4().hex}",
            priority=priority,
            workers=list(only) or None,
            allow_other_workers=bool(only),  # these may leave, and others come
            pure=False,
        )
        self._tasks[future] = batch, priority
        future.add_done_callback(lambda done: self._events.put(("done", done)))
        return future

    def _heard(self, event: tuple[float, Any]) -> None:
        """Take what a worker says of a cell, in Dask's thread."""
        self._events.put(("begun", event[1]))

    def _follow(self) -> None:
        """Take what comes, until the end."""
        while True:
            try:
                kind, what = self._events.get(timeout=_STATUS_SECONDS)
            except queue.Empty:
                if self._client.status in ("closed", "closing") and not self._is_closed:
                    self._break(self._gone())
                elif not self._good and self._cluster.never_started:
                    self._break("no worker could be started on this machine: try without --smote-engine")
                continue
            if kind == "end":
                return
            if kind == "begun":
                self._note_begun(tuple(what["begun"]), what["thread"])
                continue
            done = [what]
            while True:
                try:
                    kind, what = self._events.get_nowait()
                except queue.Empty:
                    break
                if kind == "done":
                    done.append(what)
                elif kind == "begun":
                    self._note_begun(tuple(what["begun"]), what["thread"])
                else:
                    self._events.put((kind, what))
                    break
            try:
                self._take(done)
            except Exception as error:
                self._break(
                    self._gone() if self._client.status != "running" else f"{type(error).__name__}: {error}"
                )

    def _gone(self) -> str:
        return f"the scheduler{' ' + self._cluster.address if self._cluster.address else ''} went away"

    def _break(self, why: str) -> None:
        """Tell everybody who waits that nothing more comes."""
        with self._lock:
            if self._lost:
                return
            self._lost = why
            waiting = [(batch, one) for batch, _ in self._tasks.values() for one in batch.requests]
            self._lock.notify_all()
        for _, request in waiting:
            self._asked[_name(request)](request)

    def _note_begun(self, name: _Name, thread: str) -> None:
        """Note where a cell is computed now: what that thread was at before is done."""
        for other, at in list(self._in_flight.items()):
            if at == thread:
                del self._in_flight[other]
        self._in_flight[name] = thread
        label, *cell = name
        if not label:
            self.began(Cell(*cell))

    def _take(self, done: Sequence[Future]) -> None:
        """Take finished tasks: what they return, or how they failed."""
        known = [future for future in done if future in self._tasks]
        finished = [future for future in known if future.status == "finished"]
        values = self._client.gather(finished, errors="skip") if finished else []
        if len(values) != len(finished):  # a result was lost on the way: Dask makes it again
            values, kept = [], []
            for future in finished:
                try:
                    values.append(future.result(timeout=60))
                    kept.append(future)
                except Exception:
                    self._failed(future)
            finished = kept
        for future, replies in zip(finished, values, strict=True):
            _, priority = self._tasks.pop(future)
            for reply in replies:
                self._reply(reply, priority)
        for future in known:
            if future.status != "finished" and future in self._tasks:
                self._failed(future)

    def _failed(self, future: Future) -> None:
        """Go on from a task that has no result."""
        from distributed.scheduler import KilledWorker

        batch, priority = self._tasks.pop(future)
        if future.status in ("cancelled", "lost"):
            if not self._is_closed and not self._lost:
                self._tasks[future] = batch, priority  # so that who waits for these is told, too
                self._break(self._gone())
            return
        error = future.exception()
        if isinstance(error, KilledWorker):
            self._after_death(batch, priority, error.last_worker.address)
            return
        words = f"the task failed: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
        for request in batch.requests:
            self._give_failure(request, "error", words)

    def _after_death(self, batch: Batch, priority: float, worker: str) -> None:
        """Give out again what a dead worker had, each cell alone; blame a cell that was begun there.

        What was in a batch that died is in doubt: of a cell that ends the next worker, too, it is plain.
        """
        for request in batch.requests:
            name = _name(request)
            was_begun = self._in_flight.pop(name, "").startswith(f"{worker} ")  # there, and not before
            if name in self._died_before:
                self._deaths[name] += was_begun
            self._died_before.add(name)
            n = self._deaths[name] + 1
            if n >= MOST_DEATHS:
                died = f"{n} workers died in it, so it is not tried again"
                self._give_failure(request, "error", f"{DIED}; {died}")
            else:
                with self._lock:
                    self._task(Batch((request,)), priority)

    def _reply(self, reply: Reply, priority: float) -> None:
        request = reply.request
        if reply.outcome is not None:
            self._good.add(reply.worker)
            self._give(request, Computed(reply.outcome, reply.doubts, _Extras(reply), reply.warnings))
            return
        if reply.needs:
            self._bring_table(request, priority)
            return
        words = reply.failure or difference(self._parts_here(request), reply.differs)
        self._leave_out(request, reply.worker, words, priority)

    def _bring_table(self, request: Request, priority: float) -> None:
        """Send a data set that a worker lacks, and the request again."""
        name = request.cell.dataset
        if name not in self._tables and name not in self._no_table:
            try:
                table = self._table(name)
            except SmoteBenchError as error:
                self._no_table[name] = str(error)
            else:
                self._tables[name] = self._client.submit(same, table, key=f"smote-data-{name}-{self._run}")
        if name in self._no_table:
            self._give_failure(request, "unavailable", self._no_table[name])
            return
        with self._lock:
            self._task(Batch((request,)), priority)

    def _leave_out(self, request: Request, worker: str, words: str, priority: float) -> None:
        """Give a request to other workers than one that comes to another key."""
        if worker not in self._bad:
            self._bad[worker] = words
            self.remarks.append(f"the worker {worker} is given no more cells: {words}")
        others = [one for one in self._cluster.workers() if one not in self._bad]
        if not others:
            self._tasks[object()] = Batch((request,)), priority
            self._break(
                f"no worker computes what is asked for ({words}): install the same packages there, or your "
                "own modules as a package (docs/cluster.md)"
            )
            return
        with self._lock:
            self._task(Batch((request,)), priority, only=others)

    def _give(self, request: Request, computed: Computed) -> None:
        name = _name(request)
        self._in_flight.pop(name, None)
        with self._lock:
            if name in self._given:
                return
            self._given.add(name)
            self._computed[name] = computed
            self._lock.notify_all()
        self._asked[name](request)

    def _give_failure(self, request: Request, status: str, reason: str) -> None:
        version = self._experiment.datasets[request.cell.dataset].version
        outcome = Outcome(request.cell, status, reason, version=version, n_workers=self.n_workers)
        self._give(request, Computed(outcome, extra=_later))

    def _table(self, name: str) -> Table:
        """Read a data set here."""
        from smote_bench.evaluation.folds import FoldSource

        experiment, folder = self._experiment, self._settings.data_folder
        folds = FoldSource(experiment.datasets, experiment.methods, experiment.protocol, folder)
        part = CellKeys(experiment, folder).data_part(name)
        return Table(name, part, pickle.dumps(folds.dataset(name)))

    def _parts_here(self, request: Request) -> dict[str, str]:
        experiment = self._experiment
        if request.protocol is not None:
            experiment = dataclasses.replace(experiment, protocol=request.protocol)
        keys = CellKeys(experiment, self._settings.data_folder)
        return keys.parts(*vars(request.cell).values())


def _name(request: Request) -> _Name:
    return (request.label, *vars(request.cell).values())


def _later(*_extra: str) -> bytes:
    raise ComesLater


class _Extras:
    """Gives what came with a cell of what is kept beside it."""

    def __init__(self, reply: Reply) -> None:
        self._made, self._failed = reply.extras, reply.failed_extras

    def __call__(self, kind: str, dataset: str, method: str) -> bytes:
        extra = kind, dataset, method
        if extra in self._failed:
            raise SmoteBenchError(self._failed[extra])
        if extra not in self._made:
            raise ComesLater
        return self._made[extra]
