"""The processes that a process has started, and those that these have started: all of them, on Linux.

A process group ends with a signal to it, but for processes that have begun a group or a session of their own.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["StartedHere", "adopt_orphans", "kill_those", "processes_below"]

_PR_SET_CHILD_SUBREAPER = 36
_PROCESSES = Path("/proc")

Process = tuple[int, str]


def adopt_orphans() -> None:
    """Be the parent of what this process's children leave behind, as long as it lives.

    So they are found below it, also where the process between has ended.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # a C library without it
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def processes_below(pid: int) -> list[Process]:
    """Return the processes below a living one, each with when it was started, by which it is known again.

    Parameters
    ----------
    pid : int
        0 for none.
    """
    if not pid or sys.platform != "linux" or _has_none(pid):
        return []
    parents = dict(_parents())
    found, latest = [], [pid]
    while latest:
        latest = [one for one, (parent, _) in parents.items() if parent in latest]
        found += [(one, parents[one][1]) for one in latest]
    return found


def kill_those(processes: Iterable[Process]) -> None:
    """Kill processes that still run; a number that another process has got since is left alone."""
    for pid, started in processes:
        status = _status(pid)
        if status is not None and status[1] == started:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


class StartedHere:
    """What is started in this process from `begin` on, by code that is not ours, and ended by `end`.

    What was there before, as a server that a user's fixture has started, is left alone with all below it.
    """

    def __init__(self) -> None:
        self._before: list[Process] | None = None

    def begin(self) -> None:
        """Note what is there, once; from now on this process has what its children leave behind, too."""
        if self._before is None:
            adopt_orphans()
            self._before = processes_below(os.getpid())

    def end(self) -> None:
        """Kill what has been started since and still runs.

        But for trackers of resources, which end with this process: without one it leaves files in memory.
        """
        if self._before is None:
            return
        now = processes_below(os.getpid())
        kept = {process for one in self._before for process in (one, *processes_below(one[0]))}
        kill_those(process for process in now if process not in kept and not _is_tracker(process[0]))


def _is_tracker(pid: int) -> bool:
    try:
        return b"resource_tracker" in (_PROCESSES / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False


def _has_none(pid: int) -> bool:
    """Tell whether a process has no child, where the kernel lists them: faster than a look at all."""
    try:
        lists = [path.read_bytes() for path in (_PROCESSES / str(pid) / "task").glob("*/children")]
    except OSError:
        return False
    return bool(lists) and not any(lists)


def _parents() -> Iterator[tuple[int, tuple[int, str]]]:
    for entry in os.listdir(_PROCESSES):
        if entry.isdecimal() and (status := _status(int(entry))) is not None:
            yield int(entry), status


def _status(pid: int) -> tuple[int, str] | None:
    """Return a process's parent and when it was started, in ticks since the machine was; None of none."""
    try:
        text = (_PROCESSES / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    fields = text.rpartition(b")")[2].split()  # its name may have blanks and brackets
    return int(fields[1]), fields[19].decode()
