"""Measures code that is not ours in forked processes, each of its calls under a limit of CPU seconds.

Seconds are CPU seconds: a machine that is busy with other things has little influence on them.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, NoReturn

__all__ = ["Job", "Mark", "cpu_seconds", "measured", "points"]

_LONGER, _MORE_SECONDS = 6.0, 20.0
"""By the clock, a call may take so many times its limit of CPU seconds and some more: it may be waiting."""

_LEAST_SECONDS, _MOST_CALLS = 0.04, 20


@dataclass(frozen=True)
class Mark:
    """What a job tells before and after each call.

    Parameters
    ----------
    table : int
        Which table it is about.
    allowed : float
        CPU seconds that the call that begins may take; 0 in the marks of its end.
    values : tuple of float
        What was measured.
    failure : str
        What the call raised.
    """

    table: int
    allowed: float = 0.0
    values: tuple[float, ...] = ()
    failure: str = ""


Job = Callable[[], Iterator[Mark]]


@dataclass
class _Child:
    number: int
    pid: int
    marks: Connection
    until: float


def measured(
    jobs: Sequence[Job], *, at_once: int = 1, say: Callable[[int], None] = lambda _number: None
) -> list[list[Mark]]:
    """Run each job in a process of its own and return its marks, in the order of the jobs.

    A job that is ended by its limit, or that dies, leaves the mark of the call that it was at.

    Parameters
    ----------
    jobs : sequence of callable
        Each yields a `Mark` before and after each call.
    at_once : int
        How many run beside each other.
    say : callable
        Gets a job's number when it is begun.
    """
    found: list[list[Mark]] = [[] for _ in jobs]
    waiting = list(range(len(jobs)))
    running: dict[Connection, _Child] = {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                number = waiting.pop(0)
                say(number)
                child = _fork(number, jobs[number])
                running[child.marks] = child
            left = max(0.0, min(child.until for child in running.values()) - time.monotonic())
            for ready in wait(list(running), timeout=min(left, 1.0)):
                assert isinstance(ready, Connection)
                child = running[ready]
                try:
                    mark = child.marks.recv()
                except (EOFError, OSError, pickle.UnpicklingError):
                    _end(running.pop(ready))
                    continue
                found[child.number].append(mark)
                child.until = time.monotonic() + _LONGER * (mark.allowed or 10.0) + _MORE_SECONDS
            for child in [c for c in running.values() if c.until < time.monotonic()]:
                _end(running.pop(child.marks))
    finally:
        for child in running.values():
            _end(child)
    return found


def _fork(number: int, job: Job) -> _Child:
    ours, theirs = Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        ours.close()
        _serve(theirs, job)
    theirs.close()
    return _Child(number, pid, ours, time.monotonic() + _MORE_SECONDS)


def _serve(marks: Connection, job: Job) -> NoReturn:
    """Run a job in the fork; the kernel ends it when a call has had its CPU seconds, wherever it is."""
    try:
        os.setpgid(0, 0)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        for mark in job():
            signal.setitimer(signal.ITIMER_PROF, 0)
            marks.send(mark)
            if mark.allowed:
                signal.setitimer(signal.ITIMER_PROF, mark.allowed)
    finally:
        os._exit(0)


def _end(child: _Child) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(child.pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child.pid, 0)
    child.marks.close()


def points(marks: Sequence[Mark]) -> tuple[list[Mark], Mark | None, list[Mark]]:
    """Return the marks of calls that ended, of the one that was stopped, and of those that raised."""
    ended = [mark for mark in marks if mark.values]
    failed = [mark for mark in marks if mark.failure]
    stopped = marks[-1] if marks and marks[-1].allowed else None
    return ended, stopped, failed


def cpu_seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU seconds of a call and what it returned; a short one is repeated: clocks are coarse."""
    begun = time.process_time()
    answer = call()
    n, spent = 1, time.process_time() - begun
    while spent < _LEAST_SECONDS and n < _MOST_CALLS:
        call()
        n, spent = n + 1, time.process_time() - begun
    return spent / n, answer
