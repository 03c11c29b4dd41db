"""A time limit for one cell."""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType

__all__ = ["CellTimeout", "grace_seconds", "time_limit"]

_LEAST_GRACE_SECONDS, _MOST_GRACE_SECONDS = 2.0, 60.0

_REPEAT_SECONDS = 1.0
_ALMOST = 0.99
"""A share of the limit: the system's clocks differ by less."""


class CellTimeout(BaseException):
    """The cell's time is over. Not an `Exception`: no ``except Exception`` of a sampler may swallow it."""


def grace_seconds(limit: float) -> float:
    """Return how long after its limit a process that does not react (compiled code holds it) is killed.

    Examples
    --------
    >>> [grace_seconds(limit) for limit in (3, 300, 1800)]
    [2.0, 30.0, 60.0]
    """
    return min(_MOST_GRACE_SECONDS, max(_LEAST_GRACE_SECONDS, 0.1 * limit))


@contextlib.contextmanager
def time_limit(seconds: float, *, kill_process: bool = False) -> Iterator[None]:
    """Raise `CellTimeout` in the block after `seconds`; 0 means no limit.

    The signal is repeated, for code that swallows even a `BaseException`. Where the platform has no such
    timer, or outside the main thread, there is no soft limit.

    Parameters
    ----------
    seconds : float
    kill_process : bool
        Also end the whole process `grace_seconds` later, if compiled code never lets Python react. For
        workers of pytest-xdist, which are replaced, where cells are not computed in a child process.
    """
    if seconds <= 0:
        yield
        return
    soft = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    over = False

    begun = time.monotonic()

    def expire(_signum: int, _frame: FrameType | None) -> None:
        if over:
            return
        passed = time.monotonic() - begun
        if passed < _ALMOST * seconds:  # the cell's own, which has put ours off
            signal.setitimer(signal.ITIMER_REAL, seconds - passed, _REPEAT_SECONDS)
            raise RuntimeError(
                f"SIGALRM came after {passed:.1f} s, before the limit of {seconds:g} s: the cell's code "
                "asked for it without handling it, or somebody sent it"
            )
        raise CellTimeout(f"longer than the limit of {seconds:g} s")

    previous = signal.signal(signal.SIGALRM, expire) if soft else None
    if soft:
        signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT_SECONDS)
    if kill_process:
        faulthandler.dump_traceback_later(
            seconds + grace_seconds(seconds), exit=True, file=sys.__stderr__ or sys.stderr
        )
    try:
        try:
            yield
        finally:
            # An alarm that strikes just before this line leaves `_REPEAT_SECONDS` for the block below.
            over = True
    finally:
        if soft:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL if previous is None else previous)
        if kill_process:
            faulthandler.cancel_dump_traceback_later()
