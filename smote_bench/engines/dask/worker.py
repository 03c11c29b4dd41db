"""The side of a cluster's worker: it computes requests in a child of its own, and says who it is.

A worker trusts nothing: it makes the key of a cell anew from its own Python, packages, code and files, and
computes only where that is the key it was asked for. The child, which is replaced when it dies or is over its
limit, is that of `smote_bench.engines.child`: what a cell does to it, the worker survives.
"""

from __future__ import annotations

import functools
import json
import pickle
import shutil
import sys
import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from smote_bench.engines.child import ChildComputer, Dumped, NoLongerWanted, can_fork
from smote_bench.engines.compute import CellComputer
from smote_bench.engines.dask.messages import Code, Reply, Spec, Table
from smote_bench.environment.scipy_docs import import_scipy_stats
from smote_bench.environment.threads import pin_environment
from smote_bench.errors import SmoteBenchError
from smote_bench.runs.keys import CellKeys, process_part

if TYPE_CHECKING:
    from smote_bench.engines.contract import Request
    from smote_bench.evaluation.outcome import Cell

__all__ = ["compute", "describe", "end_run", "same", "topic_of", "warm_up"]

_MOST_RUNS = 2
"""So many runs keep their child and their tables in a worker."""


def topic_of(run: str) -> str:
    """Return the topic under which workers tell what they begin."""
    return f"smote-bench {run}"


def same(value: Any) -> Any:
    """Return a value: as a task, it makes Dask keep it and bring it to every worker once."""
    return value


def describe() -> dict[str, Any]:
    """Return what every key made in this process contains; see `smote_bench.runs.keys.process_part`."""
    return process_part()


def warm_up() -> None:
    """Import what every cell needs."""
    pin_environment()
    import_scipy_stats()
    import smote_bench.evaluation.evaluate
    import smote_bench.evaluation.folds
    import smote_bench.evaluation.points
    import smote_bench.evaluation.samples  # noqa: F401


_GROUPS_BY_TURNS = 2
"""While the scheduler hears that a piece of a chain is done, and sends the next, a thread is at another's."""


def compute(
    spec: Spec,
    requests: Sequence[Request],
    tables: Sequence[Table],
    after: Any,  # noqa: ARG001
    is_retried: bool,
) -> list[Reply]:
    """Compute requests one after another.

    Parameters
    ----------
    spec : Spec
    requests : sequence of Request
    tables : sequence of Table
        Of data sets that some worker had asked for.
    after : anything
        What an earlier piece of the same chain returned: Dask computes this one where that is.
    is_retried : bool
        Whether a worker died that had these: then the scheduler has to know of what is begun before it is.
    """
    from distributed import get_worker
    from distributed.utils import sync

    worker = get_worker()
    task = worker.get_current_task()

    def is_wanted() -> bool:
        state = worker.state.tasks.get(task)
        return state is not None and state.state != "cancelled"

    mine = _run_of(spec, Path(worker.local_directory), worker.memory_manager.memory_limit or 0)
    for table in tables:
        mine.tables[table.name] = table
    mine.watch(is_wanted)
    replies = []
    thread = f"{worker.address} {threading.get_ident()}"
    try:
        for request in requests:
            if not is_wanted():
                raise NoLongerWanted
            name = [request.label, *vars(request.cell).values()]
            topic, told = topic_of(spec.run), {"begun": name, "thread": thread}
            if is_retried:
                sync(worker.loop, worker.scheduler.log_event, topic=topic, msg=told)
            else:
                worker.log_event(topic, told)
            replies.append(mine.reply(request, worker.address))
    except NoLongerWanted:  # the session gave it up, or is gone
        _forget(spec.run)
    return replies


def end_run(run: str) -> None:
    """End what this process computes for a run."""
    with _lock:
        ended = [key for key in _runs if key[0] == run]
        for key in ended:
            _runs.pop(key).close()


class _Run:
    """A run in one thread of a worker: its child, and what that was told."""

    def __init__(self, spec: Spec, folder: Path, memory_limit: int) -> None:
        pin_environment()
        limits = [size for size in (spec.max_memory, memory_limit) if size]
        computer = CellComputer(
            pickle.loads(spec.experiment),
            Path(spec.data_dir) if spec.data_dir and Path(spec.data_dir).is_dir() else None,
            timeout_seconds=spec.timeout_seconds,
            max_memory=min(limits, default=0) if can_fork() else 0,
            n_workers=spec.n_workers,
        )
        self.tables: dict[str, Table] = {}
        self._computer = ChildComputer(computer, _GROUPS_BY_TURNS) if can_fork() else computer
        self._code = _searched(spec.code, folder)
        self._under: dict[Any, Any] = {None: self._computer}
        self._told: set[tuple[int, str]] = set()
        self._sent: set[tuple[Any, ...]] = set()

    def reply(self, request: Request, worker: str) -> Reply:
        """Answer a request."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            told = self._answered(request)
        said = tuple((warning.category.__name__, str(warning.message)) for warning in caught)
        return Reply(request, worker, **told, warnings=said if "outcome" in told else ())

    def watch(self, is_wanted: Callable[[], bool]) -> None:
        if isinstance(self._computer, ChildComputer):
            self._computer.watch(is_wanted)

    def close(self) -> None:
        self._computer.close()

    def _answered(self, request: Request) -> dict[str, Any]:
        cell = request.cell
        if request.protocol not in self._under:
            assert request.protocol is not None
            self._under[request.protocol] = self._computer.with_protocol(request.protocol)
        computer = self._under[request.protocol]
        try:
            self._tell_child(*cell.group, cell.classifier)
            seen = json.loads(computer.call(functools.partial(_look, cell)))
        except SmoteBenchError as error:
            return {"failure": str(error)}
        is_given = cell.dataset in self.tables
        if "lacks" in seen:
            return {"failure": seen["lacks"]} if is_given else {"needs": cell.dataset}
        if seen["key"] != request.key:
            return {"differs": json.loads(computer.call(functools.partial(_parts, cell)))}
        outcome, doubts = computer.computed(cell, request.file_sha256, request.targets)
        if outcome.status == "unavailable" and not is_given:  # the table, or a package
            return {"needs": cell.dataset}
        predictions = outcome.predictions
        kept = None if predictions is None or request.label else Dumped(predictions.dumps())
        object.__setattr__(outcome, "predictions", kept)
        extras, failed = self._extras(request, computer) if outcome.is_scored and outcome.fits else ({}, {})
        return {"outcome": outcome, "doubts": doubts, "extras": extras, "failed_extras": failed}

    def _tell_child(self, dataset: str, method: str, classifier: str = "") -> None:
        """Give a new child what the last one had: the user's code, and tables that came from elsewhere."""
        self._computer.start(dataset, method, classifier)
        child = self._computer.n_child
        if self._code and (child, "") not in self._told:
            self._told.add((child, ""))
            self._computer.call(functools.partial(_search_first, self._code))
        if dataset in self.tables and (child, dataset) not in self._told:
            self._told.add((child, dataset))
            self._computer.call(functools.partial(_adopt, self.tables[dataset]))

    def _extras(self, request: Request, computer: Any) -> tuple[dict[Any, bytes], dict[Any, str]]:
        """Return what is kept beside a cell, once for all cells of the same rows."""
        made: dict[Any, bytes] = {}
        failed: dict[Any, str] = {}
        for extra in request.extras:
            if (request.label, *extra) in self._sent:
                continue
            self._sent.add((request.label, *extra))
            try:
                self._tell_child(*extra[1:])
                made[extra] = computer.extra(*extra)
            except Exception as error:
                failed[extra] = str(error) or type(error).__name__
        return made, failed


_lock = threading.Lock()
_runs: OrderedDict[tuple[str, int], _Run] = OrderedDict()


def _run_of(spec: Spec, folder: Path, memory_limit: int) -> _Run:
    """Return what this thread has of a run; of older runs that nobody works at, it is ended."""
    key = spec.run, threading.get_ident()
    with _lock:
        found = _runs.pop(key, None)
        newest = list(dict.fromkeys([spec.run, *(run for run, _ in reversed(_runs))]))[:_MOST_RUNS]
        for old in [one for one in _runs if one[0] not in newest and one[1] == key[1]]:
            _runs.pop(old).close()
        if found is None:
            found = _Run(spec, folder, memory_limit)
        _runs[key] = found
    return found


def _forget(run: str) -> None:
    """End this thread's child for a run that nobody wants any more."""
    with _lock:
        gone = _runs.pop((run, threading.get_ident()), None)
    if gone is not None:
        gone.close()


def _searched(code: Code, folder: Path) -> tuple[str, ...]:
    """Return the folders in which the user's modules are found.

    Where they lie at the same place with the same bytes, it is that place, with whatever they read that is
    beside them; elsewhere they are written below a folder of the worker.
    """
    if not code.digest:
        return ()
    if all(_has_bytes(Path(code.places.get(name, "")), content) for name, content in code.files.items()):
        return code.roots
    return (_unpacked(code, folder),)


def _has_bytes(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _unpacked(code: Code, folder: Path) -> str:
    """Write the user's modules below a folder, and return where."""
    there = folder / f"smote-bench-{code.digest}"
    if not there.is_dir():
        new = folder / f"{there.name}-{threading.get_ident()}"
        for name, content in code.files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            new.rename(there)
        except OSError:  # another thread was first
            shutil.rmtree(new, ignore_errors=True)
    return str(there)


# In the child, which has imported nothing of the user's yet.


def _search_first(folders: Sequence[str], _computer: CellComputer) -> bytes:
    sys.path[:0] = folders
    return b""


def _adopt(table: Table, computer: CellComputer) -> bytes:
    computer.folds.adopt(table.name, pickle.loads(table.data))
    _adopted[table.name] = table.part
    return b""


def _look(cell: Cell, computer: CellComputer) -> bytes:
    """Return the key of a cell as it is made here, or why this process lacks the data set."""
    keys = _keys_of(computer)
    try:
        keys.data_part(cell.dataset)
    except (SmoteBenchError, OSError) as error:
        return json.dumps({"lacks": str(error)}).encode()
    return json.dumps({"key": keys.key(*vars(cell).values())}).encode()


def _parts(cell: Cell, computer: CellComputer) -> bytes:
    return json.dumps(_keys_of(computer).parts(*vars(cell).values())).encode()


def _keys_of(computer: CellComputer) -> CellKeys:
    if computer not in _keys:
        _keys[computer] = CellKeys(computer.experiment, computer.data_dir)
    for name, part in _adopted.items():
        _keys[computer].adopt_data(name, part)
    return _keys[computer]


_keys: WeakKeyDictionary[CellComputer, CellKeys] = WeakKeyDictionary()
_adopted: dict[str, str] = {}
