"""Handlers of signals, which signals are blocked, and the timer of the cell's time limit."""

from __future__ import annotations

import importlib
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from smote_bench.environment.process_state.part import Part

__all__ = ["BLOCKED", "HANDLERS", "read_timer", "rearm"]


# What `signal.getsignal` calls; its conversion to enumerations takes a microsecond for each signal.
_handler_of: Callable[[int], Any] = importlib.import_module("_signal").getsignal

_SIGNALS = tuple(int(number) for number in signal.valid_signals())


def _read_signals() -> list[Any]:
    if threading.current_thread() is not threading.main_thread():
        return []
    return [_handler_of(number) for number in _SIGNALS]


def _write_signals(handlers: Sequence[Any]) -> None:
    for number, handler in zip(_SIGNALS, handlers, strict=False):
        if handler is not None and _handler_of(number) != handler:
            signal.signal(number, handler)


def read_timer() -> tuple[float, float, float] | None:
    """Return the seconds left and the interval of the real-time timer, and when that was read."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return None
    return (*signal.getitimer(signal.ITIMER_REAL), time.monotonic())


def rearm(timer: tuple[float, float, float] | None) -> None:
    """Start the cell's time limit again if its timer was stopped or set to something else."""
    if timer is None:
        return
    left, interval, then = timer
    now = signal.getitimer(signal.ITIMER_REAL)
    if now[1] != interval or (left > 0) != (now[0] > 0):
        left = max(left - (time.monotonic() - then), 0.001) if left > 0 else 0.0
        signal.setitimer(signal.ITIMER_REAL, left, interval)


HANDLERS = (Part("signal handlers", _read_signals, _write_signals),)

BLOCKED = (
    (
        Part(
            "blocked signals",  # among which may be the alarm of the cell's time limit
            lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ()),
            lambda mask: signal.pthread_sigmask(signal.SIG_SETMASK, mask),
        ),
    )
    if hasattr(signal, "pthread_sigmask")
    else ()
)
