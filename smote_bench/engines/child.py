"""Cells computed in a child process, which can be stopped whatever the code in it does.

A limit of time or memory holds only if somebody else enforces it: code can swallow every exception, take the
alarm away, stay in one call of C for hours, end its process. So the cells of a session (or of one of its
workers) are computed in a fork of that process. It has everything that was imported and registered there,
keeps its tables and folds from cell to cell, and is replaced when it dies. Cells that run code of no library
that is known here (`known_code`) have a child of their own, which is replaced with each (data set, method):
what such code has changed in numpy, or in another sampler's class, ends with it. The parent looks up, waits
and records.

A fork, not a fresh process: it takes milliseconds where imports take seconds, and samplers that a conftest
registers or a test replaces are there. Where a fork is not safe, cells are computed in the process itself
(`can_fork`).
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

from smote_bench.engines.channel import Channel, Garbled, Unanswered
from smote_bench.engines.child_loop import Answer, CallRequest, CellRequest, ExtraRequest, serve
from smote_bench.engines.known_code import has_known_classifier, has_known_metrics, has_known_sampler
from smote_bench.environment.deaths import Death, death_of
from smote_bench.environment.descendants import kill_those, processes_below
from smote_bench.environment.imported import number_imported
from smote_bench.environment.installed import standard_roots
from smote_bench.environment.memory import kills_for_memory
from smote_bench.environment.targets import known_files, note_loaded_elsewhere
from smote_bench.environment.timeouts import grace_seconds
from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.outcome import Cell, DamagedOutcome, Outcome
from smote_bench.methods.names import ORIGINAL

if TYPE_CHECKING:
    from smote_bench.engines.compute import CellComputer
    from smote_bench.evaluation.folds import FoldSource
    from smote_bench.evaluation.predictions import Predictions
    from smote_bench.evaluation.protocol import Protocol

__all__ = ["ChildComputer", "Dumped", "NoLongerWanted", "can_fork", "warning_class"]

_LOOK_SECONDS = 0.5
_END_SECONDS = 5.0
_ABORT_SECONDS = 1.0

_ENDED = "the process that computed this cell was ended"

# Their threads do not survive a fork, and what is left of them waits for ever.
_NOT_AFTER = ("tensorflow", "jax")


def can_fork() -> bool:
    """Whether this process can be forked safely, to compute in the fork.

    Not on Windows, which has no fork; not on macOS, whose system libraries forbid it; not where a library
    with threads of its own is loaded.
    """
    is_safe = hasattr(os, "fork") and sys.platform != "darwin"
    return is_safe and not any(name in sys.modules for name in _NOT_AFTER)


class NoLongerWanted(Exception):
    """Nobody waits any more for what the child computed: it was ended."""


class ChildComputer:
    """Computes cells as a `CellComputer` does, in a child process that is started for the first of them.

    Parameters
    ----------
    computer : CellComputer
        What the child is forked with.
    n_groups : int
        For so many (data set, method) at a time a child is kept, where they run code of no known library: for
        who is given cells of several by turns.
    """

    def __init__(self, computer: CellComputer, n_groups: int = 1) -> None:
        self._computer = computer
        self._protocol: Protocol | None = None
        self._children = _ByCode(computer, n_groups)
        self._has_known_metrics = has_known_metrics(computer.experiment)

    @property
    def experiment(self) -> Any:
        """The experiment, under the protocol of this computer."""
        return self._computer.experiment

    def watch(self, is_wanted: Callable[[], bool]) -> None:
        """End the child, and raise `NoLongerWanted`, when this says no while a cell is computed."""
        for child in self._children:
            child.is_wanted = is_wanted

    @property
    def folds(self) -> FoldSource:
        """Tables and folds in this process: for tests that ask for them, not for the cells."""
        return self._computer.folds

    def with_protocol(self, protocol: Protocol) -> ChildComputer:
        """Return a computer of the same cells under another protocol, in the same child."""
        other = ChildComputer(self._computer.with_protocol(protocol))
        other._children, other._protocol = self._children, protocol
        return other

    def start(self, dataset: str, method: str, classifier: str = "") -> None:
        """Start the child for a cell, or for what is kept beside cells, unless it runs.

        It is started before locks are taken, which a fork would share. What `call` does is done in it.
        """
        # The card of a data set, for which there is no method, is no work of a metric.
        is_known = (self._has_known_metrics or not method) and has_known_sampler(self.experiment, method)
        is_known = is_known and (not classifier or has_known_classifier(self.experiment, classifier))
        self._children.turn_to((dataset, method), is_known=is_known)
        if not is_known and self._children.may_prepare(self._protocol, dataset):
            with _turn:  # it imports
                self._computer.folds.prepare(dataset)
        self._child.start()

    @property
    def _child(self) -> _Children:
        return self._children.current

    def computed(
        self, cell: Cell, file_sha256: str | None, targets: Collection[str]
    ) -> tuple[Outcome, tuple[str, ...]]:
        """Compute a cell; see `smote_bench.engines.compute.CellComputer.computed`.

        Where the child had to be killed or died, the outcome says so.
        """
        hung = self._children.hung.get((self._protocol, *cell.group))
        if hung is not None:
            return self._named(Outcome(cell, "timeout", hung)), ()
        self.start(*cell.group, cell.classifier)
        files = known_files(targets)
        request = CellRequest(self._protocol, cell, file_sha256, tuple(targets), files)
        answer = self._child.ask(request)
        if isinstance(answer, _Death):
            if answer.is_over_time and answer.was_resampling:
                self._children.hung[(self._protocol, *cell.group)] = (
                    f"the sampler did not react to the time limit when {cell.id} was computed, "
                    "and is not tried again"
                )
            return self._named(Outcome(cell, answer.status, answer.reason, traceback=answer.trace)), ()
        note_loaded_elsewhere(answer.loaded)
        try:
            outcome = Outcome.loads(answer.outcome)
        except DamagedOutcome as error:  # as where json was patched, which other cells are to be spared
            self._child.end()
            reason = f"the process that computed this cell answered with no outcome: {error}"
            return self._named(Outcome(cell, "error", reason)), ()
        read, read_before = (self._protocol, cell.dataset), self._children.read_before
        if outcome.is_scored:
            read_before.add(read)
        elif read in read_before:  # it may be the table's fault
            read_before.remove(read)
            self._computer.folds.forget(cell.dataset)
        self._computer.digests[cell.dataset] = outcome.digest
        predictions = None if answer.data is None else cast("Predictions", Dumped(answer.data))
        object.__setattr__(outcome, "predictions", predictions)
        return outcome, answer.doubts

    def _named(self, outcome: Outcome) -> Outcome:
        return self._computer.signed(outcome)

    def extra(self, kind: str, dataset: str, method: str) -> bytes:
        """Return what is kept beside the cells of a (data set, method).

        Raises
        ------
        SmoteBenchError
            If it could not be computed.
        """
        self.start(dataset, method)
        return self._done(ExtraRequest(self._protocol, kind, dataset, method))

    @property
    def n_child(self) -> int:
        """The number of the child that `start` gave: another one knows nothing of what `call` did in it."""
        return self._child.number

    def call(self, what: Callable[[CellComputer], bytes]) -> bytes:
        """Call a function with the child's computer, in the child, and return what it returns.

        Raises
        ------
        SmoteBenchError
            With the words of what it raised, or of how the child died.
        """
        self._children.reads_here = False  # it may give them tables
        return self._done(CallRequest(self._protocol, what))

    def _done(self, request: ExtraRequest | CallRequest) -> bytes:
        answer = self._child.ask(request)
        if isinstance(answer, _Death):
            raise SmoteBenchError(answer.reason)
        if answer.data is None:
            raise SmoteBenchError(answer.failure)
        return answer.data

    def close(self) -> None:
        """End the children and all that they have started."""
        for child in self._children:
            child.end()


@dataclass(frozen=True)
class Dumped:
    """Predictions as the child wrote them: they are stored, and not looked at here."""

    data: bytes

    def dumps(self) -> bytes:
        """Return them."""
        return self.data


@dataclass(frozen=True)
class _Death:
    """How a child ended in the middle of a request."""

    status: str
    reason: str
    trace: str
    is_over_time: bool

    @property
    def was_resampling(self) -> bool:
        return os.path.join("methods", "resampling.py") in self.trace


class _ByCode:
    """A child for code of known libraries, and one for other code, of some (data set, method) at a time.

    `Original`, with a classifier of such code, has one of its own: it is wanted in the middle of another
    group, whose child keeps the resampled rows for the classifiers to come.
    """

    def __init__(self, computer: CellComputer, n_groups: int) -> None:
        self._for_known = _Children(computer)
        self._n_groups = n_groups
        self._for_others, self._for_originals = (
            [_Children(computer, of_one_group=True) for _ in range(n_groups)] for _ in range(2)
        )
        self._groups: dict[_Children, tuple[str, str]] = {}  # the latest last
        self.current = self._for_known
        self.hung: dict[tuple[Protocol | None, str, str], str] = {}
        # Data sets that a child has read and split within its limits, under a protocol.
        self.read_before: set[tuple[Protocol | None, str]] = set()
        self.reads_here = not computer.max_memory

    def __iter__(self) -> Iterator[_Children]:
        yield from (self._for_known, *self._for_others, *self._for_originals)

    def may_prepare(self, protocol: Protocol | None, dataset: str) -> bool:
        """Whether to read and split a data set before the next fork, for all children to come.

        Not one that no child has got through with, or that is given to children; and what is held here counts
        in a limit of theirs.
        """
        may_read = self.reads_here and (protocol, dataset) in self.read_before
        return may_read and not self.current.is_running

    def turn_to(self, group: tuple[str, str], *, is_known: bool) -> None:
        """Let the child be current that a cell of this (data set, method) belongs to."""
        if is_known:
            self.current = self._for_known
            return
        some = self._for_originals if group[1] == ORIGINAL else self._for_others
        known = [child for child, kept in self._groups.items() if child in some and kept == group]
        free = [child for child in some if child not in self._groups]
        longest_ago = [child for child in self._groups if child in some]
        self.current = [*known, *free, *longest_ago][0]
        if self._groups.pop(self.current, group) != group:
            self.current.end()
        self._groups[self.current] = group
        latest = list(dict.fromkeys(dataset for dataset, _ in reversed(self._groups.values())))
        for child, kept in list(self._groups.items()):
            if kept[0] not in latest[: self._n_groups]:
                child.end()
                del self._groups[child]


_numbers = itertools.count(1)

# One thread at a time imports or forks, of the several that a worker of a cluster may have: a fork would wait
# for ever for a module that another thread had begun to import.
_turn = threading.RLock()

# This process's ends of the pipes to all children: a fork that kept one open would hide its end from a child.
_ours: set[Channel] = set()


class _Children:
    """One child at a time, started when it is needed and again after it has died."""

    def __init__(self, computer: CellComputer, *, of_one_group: bool = False) -> None:
        self._computer = computer
        self._is_of_one_group = of_one_group  # another one with each, which would import again
        self._pid = self.number = 0
        self.is_wanted: Callable[[], bool] = lambda: True
        self._connection: Channel | None = None
        self._notes: IO[bytes] | None = None
        self._killed_before: int | None = None

    @property
    def is_running(self) -> bool:
        return self._connection is not None and not self._has_ended()

    def start(self) -> None:
        if self.is_running:
            return
        self.end()
        with _turn:
            self._import_what_all_need()
            self._notes = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # as long as the child
            self._killed_before = kills_for_memory()
            self.number = next(_numbers)
            self._fork()

    def _import_what_all_need(self) -> None:
        """Import here what every child would: once, and not again by one that takes its place."""
        from smote_bench.environment.garbage import no_collections
        from smote_bench.environment.threads import find_libraries, pin_loaded_libraries

        with no_collections():  # pytest's five at the end included
            assert self._computer.folds  # imports scikit-learn
            for name in ("evaluate", "points", "samples"):
                importlib.import_module(f"smote_bench.evaluation.{name}")
            if self._is_of_one_group:
                importlib.import_module("sklearn.decomposition")  # of points, and a twentieth of a second
            pin_loaded_libraries()
            number_imported()  # a fork that looks at all modules copies the pages of all of them
            find_libraries()
            standard_roots()

    def _fork(self) -> None:
        assert self._notes is not None
        ours, theirs = Channel.pair()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()  # what is in their buffers would be written by both
        parent = os.getpid()
        with warnings.catch_warnings():
            # From Python 3.12 on: a fork beside other threads, as a worker's that hears its controller.
            # The child has none of them, and uses nothing that they may have locked.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            try:
                _turn.release()  # it is that of the thread that forked
                for end in (ours, *_ours):
                    end.close()
                serve(theirs, self._computer, parent, self._notes.fileno())
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        theirs.close()
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)  # here as well: whoever comes first
        self._pid, self._connection = pid, ours
        _ours.add(ours)

    def ask(self, request: CellRequest | ExtraRequest | CallRequest) -> Answer | _Death:
        """Send a request and wait for the answer as long as the limit and its grace allow."""
        try:
            self.start()
            assert self._connection is not None
            begun = time.monotonic()
            try:
                self._connection.send(request)
                answer = self._connection.receive(lambda: self._has_more(begun))
                if not isinstance(answer, Answer):
                    raise Garbled(f"it is of type {type(answer).__name__}")
            except Unanswered:
                return self._killed()
            except Garbled as error:
                return self._garbled(error)
            except (EOFError, OSError):
                return self._died(time.monotonic() - begun)
        except BaseException:  # an interrupt: nobody waits for the answer
            if self._connection is not None:
                self._kill()
            raise
        for category, text in answer.warnings:
            warnings.warn(text, warning_class(category), stacklevel=4)
        if answer.is_spent:
            self.end()
        return answer

    def _has_more(self, begun: float) -> bool:
        """Wait for more of an answer or the child's end; return False when the time is over."""
        assert self._connection is not None
        limit = self._computer.timeout_seconds
        until = begun + limit + grace_seconds(limit) if limit else float("inf")
        while True:
            left = until - time.monotonic()
            if left < -_END_SECONDS:  # something comes, and does not end
                return False
            if self._connection.has_more(max(0.0, min(left, _LOOK_SECONDS))):
                return True
            # Processes that it started may hold the pipe open when it is dead.
            if self._has_ended():
                if self._connection.has_more(0):
                    return True
                raise EOFError
            if left <= 0:
                return False
            if not self.is_wanted():
                raise NoLongerWanted

    def _has_ended(self) -> bool:
        try:
            return os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True  # somebody else has waited for it

    def _killed(self) -> _Death:
        limit = self._computer.timeout_seconds
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGABRT)  # on which it writes where it is, wherever that is
        self._wait_for_end(_ABORT_SECONDS)
        trace = self._written()
        self._kill()
        reason = f"longer than the limit of {limit:g} s, and no reaction for {grace_seconds(limit):g} s more"
        return _Death("timeout", f"{reason}: its process was ended", trace, True)

    def _garbled(self, error: Garbled) -> _Death:
        self._kill()
        reason = "something in it wrote into the socket to its parent"
        came = f"expected an answer there, got something else ({error})"
        return _Death("error", f"{_ENDED}, since {reason}: {came}", "", False)

    def _died(self, seconds: float) -> _Death:
        self._wait_for_end(_END_SECONDS)
        if not self._has_ended():
            self._kill()
            reason = "something in it closed the socket to its parent"
            return _Death("error", f"{_ENDED}, since {reason}", "", False)
        trace = self._written()
        limit = self._computer.timeout_seconds
        killed_before = self._killed_before
        death = self._kill()
        told = death.told(
            limit_seconds=limit,
            seconds=seconds,
            max_memory=self._computer.max_memory,
            killed_before=killed_before,
        )
        return _Death(told.status, told.reason, trace, told.status == "timeout")

    def _written(self) -> str:
        """Return where the child was when it died or was told to."""
        if self._notes is None:
            return ""
        size = os.fstat(self._notes.fileno()).st_size
        return os.pread(self._notes.fileno(), min(size, 8000), 0).decode(errors="replace")[:4000]

    def _kill(self) -> Death:
        """End the child with all that it has started, and return how it ended."""
        started = processes_below(self._pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if not self._has_ended():
                os.kill(self._pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT)  # still there, so that its number is
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        kill_those(started)
        death = death_of(self._pid)
        self._close()
        if self._notes is not None:
            self._notes.close()
        self._pid, self._connection, self._notes = 0, None, None
        return death

    def end(self) -> None:
        """End the child, which has nothing to do, and all that it has started."""
        if self._connection is None:
            return
        started = processes_below(self._pid)
        self._close()
        self._wait_for_end(_END_SECONDS)
        self._kill()
        kill_those(started)

    def _close(self) -> None:
        if self._connection is not None:
            with _turn:  # a fork closes what it has of these, by numbers that may be another's since
                self._connection.close()
                _ours.discard(self._connection)

    def _wait_for_end(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._has_ended() and time.monotonic() < until:
            time.sleep(0.001)


def warning_class(name: str) -> type[Warning]:
    """Return a built-in class of warnings by name; UserWarning for any other."""
    import builtins

    found = getattr(builtins, name, UserWarning)
    return found if isinstance(found, type) and issubclass(found, Warning) else UserWarning
