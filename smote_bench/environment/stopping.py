"""Signals that ask this process to stop: the first lets it write what it has, a second ends it at once."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from os import _exit  # the real one: see `exits_raise`
from types import FrameType
from typing import Any

__all__ = [
    "LATE_SECONDS",
    "Interrupted",
    "StopSignals",
    "end_after",
    "ignore_interrupts",
    "interrupts_kept_from_children",
    "signals_interrupt",
    "stop_asked",
    "take_interrupts",
]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_SAME_SECONDS = 0.3
"""Signals so near to each other are one request: `timeout` sends to a process and to its group."""

LATE_SECONDS, _AGAIN_SECONDS = 10.0, 2.0
"""How long what runs when the first signal comes may take to give way, and how often it is told again."""

_asked: str = ""
_installed: StopSignals | None = None


def stop_asked() -> str:
    """Return what asked this process to stop, such as ``interrupted by SIGTERM``; empty where nothing did.

    By this a `KeyboardInterrupt` that a signal raised is told from one that a sampler raised.
    """
    return _asked


class StopSignals:
    """Handles the signals of a process, from `install` to `restore`.

    The first one raises `KeyboardInterrupt`, or is only noted while it is `held`. A thread sees to it that
    the process stops although the main thread is in compiled code or swallows the exception; against a
    single call that never lets Python run, nothing in this process helps.

    Parameters
    ----------
    on_first : callable
        Told of the first one in words, before anything is raised.
    on_second : callable
        Called before the process ends.
    on_late : callable
        Told in words, in the thread, that `reached` was not called in time; then the process ends.
    late_seconds, again_seconds : float
        How long until then, and how often the exception is raised again until then.
    """

    def __init__(
        self,
        on_first: Callable[[str], None],
        on_second: Callable[[], None],
        on_late: Callable[[str], None],
        late_seconds: float = LATE_SECONDS,
        again_seconds: float = _AGAIN_SECONDS,
    ) -> None:
        self._on_first = on_first
        self._on_second = on_second
        self._on_late = on_late
        self._late_seconds = late_seconds
        self._again_seconds = again_seconds
        self._n_again = 0
        self._previous: dict[int, Any] = {}
        self._previous_fd = -1
        self._sockets: tuple[socket.socket, ...] = ()
        self._thread: threading.Thread | None = None
        self._is_held = self._is_reached = False
        self._since = 0.0
        self._ends = threading.Lock()

    def install(self) -> None:
        """Handle the signals that nobody else does: one that is ignored, as under ``nohup``, stays so."""
        global _installed
        if self._previous or threading.current_thread() is not threading.main_thread():
            return
        mine = (signal.SIG_DFL, signal.default_int_handler)
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is None:
                continue
            handler = signal.getsignal(number)
            if handler in mine or isinstance(handler, _EndAfter):
                self._previous[number] = signal.signal(number, self._handle)
        if not self._previous:
            return
        ours, theirs = self._sockets = socket.socketpair()
        theirs.setblocking(False)
        self._previous_fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._watch, args=(ours,), daemon=True)
        self._thread.start()
        _installed = self

    def restore(self) -> None:
        """Give the signals back to who had them."""
        global _asked, _installed
        if not self._previous:
            return
        self._give_back()
        ours, theirs = self._sockets
        with contextlib.suppress(OSError):
            theirs.shutdown(socket.SHUT_WR)  # ends the thread, although a fork may hold this end open as well
        theirs.close()
        assert self._thread is not None
        self._thread.join(_AGAIN_SECONDS)
        ours.close()
        _asked, _installed = "", None

    def _give_back(self) -> None:
        signal.set_wakeup_fd(self._previous_fd)
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._previous.clear()

    def reached(self) -> None:
        """Say that what the first signal was to end has ended."""
        self._is_reached = True

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let the first signal wait: what is done inside is short, and done whole."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        global _asked
        if not _asked:
            _asked = _in_words(number)
            self._since = time.monotonic()
            self._on_first(_asked)
            if not self._is_held:
                raise KeyboardInterrupt(_asked)
        elif self._n_again:  # the first one, since what it raised was swallowed
            self._n_again -= 1
            if not self._is_held and not self._is_reached:
                raise KeyboardInterrupt(_asked)
        elif time.monotonic() - self._since >= _SAME_SECONDS:
            self._end_at_once(number)

    def _end_at_once(self, number: int) -> None:
        # The handler and the thread that watches come here by the same signal: one of them says so.
        if self._ends.acquire(timeout=_AGAIN_SECONDS):
            self._on_second()
        _exit(128 + number)

    def _watch(self, ours: socket.socket) -> None:
        """Read the numbers of signals, which reach a socket whatever the main thread is doing."""
        first, since, n_again = 0, 0.0, 0
        while True:
            waits = bool(first) and not self._is_reached
            if not select.select([ours], [], [], self._again_seconds if waits else None)[0]:
                if self._is_reached:
                    continue
                if time.monotonic() - since >= self._late_seconds:
                    self._on_late(_in_words(first))
                    _exit(128 + first)
                n_again += 1
                self._n_again += 1
                _send_to_main_thread(first)
                continue
            numbers = ours.recv(64)
            if not numbers:
                return
            for number in numbers:
                if number not in self._previous:
                    continue  # the alarm of a time limit
                if number == first and n_again:
                    n_again -= 1
                elif not first:
                    first, since = number, time.monotonic()
                elif time.monotonic() - since >= _SAME_SECONDS:
                    self._end_at_once(number)


def _send_to_main_thread(number: int) -> None:
    """Wake the main thread from what waits in it, too."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, number)
    else:
        signal.raise_signal(number)


def _in_words(number: int) -> str:
    name = signal.Signals(number).name
    return f"interrupted by {'Ctrl-C' if name == 'SIGINT' else name}"


class _EndAfter:
    """Ends the process by the signal it handles, after something else; a fork of it at once."""

    def __init__(self, undo: Callable[[], None]) -> None:
        self._undo = undo
        self._pid = os.getpid()

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if os.getpid() == self._pid:
            self._undo()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def end_after(undo: Callable[[], None]) -> Callable[[], None]:
    """Have what a signal would leave behind taken away first, until a `StopSignals` is installed.

    Parameters
    ----------
    undo : callable
        Called before SIGTERM or SIGHUP end the process, where nobody handles them.

    Returns
    -------
    callable
        Gives the signals back.
    """
    handler = _EndAfter(undo)
    taken = []
    if threading.current_thread() is threading.main_thread():
        numbers = (getattr(signal, name, None) for name in _NAMES if name != "SIGINT")
        taken = [n for n in numbers if n is not None and signal.getsignal(n) is signal.SIG_DFL]
        for number in taken:
            signal.signal(number, handler)

    def give_back() -> None:
        for number in taken:
            if signal.getsignal(number) is handler:
                signal.signal(number, signal.SIG_DFL)

    return give_back


class Interrupted(KeyboardInterrupt):
    """A signal asked a command to end.

    Parameters
    ----------
    number : int
        The signal's.
    """

    def __init__(self, number: int) -> None:
        super().__init__(_in_words(number))
        self.exit_code = 128 + number


@contextlib.contextmanager
def signals_interrupt() -> Iterator[None]:
    """Have SIGINT, SIGTERM and SIGHUP raise `Interrupted` inside, so that nothing is left by half.

    A second one ends the process at once. One that is ignored, as under ``nohup``, stays so.
    """
    before: dict[int, Any] = {}

    def handle(number: int, _frame: FrameType | None) -> None:
        for other in before:
            signal.signal(other, signal.SIG_DFL)
        raise Interrupted(number)

    if threading.current_thread() is threading.main_thread():
        numbers = (getattr(signal, name, None) for name in _NAMES)
        mine = (signal.SIG_DFL, signal.default_int_handler)
        before = {n: found for n in numbers if n is not None and (found := signal.getsignal(n)) in mine}
    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to every process it has, to the one that started this one."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def interrupts_kept_from_children() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach until they call `take_interrupts`.

    They inherit the signal mask. Without it, Ctrl-C meets the start of an interpreter, which prints a
    traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def take_interrupts() -> None:
    """Let Ctrl-C reach this process, at once where it came before; see `interrupts_kept_from_children`."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _forget_in_child() -> None:
    """Take a forked process out of it: a signal that a library sends it is not one to us."""
    global _asked, _installed
    if _installed is not None:
        _installed._give_back()
        for one in _installed._sockets:
            one.close()
        _asked, _installed = "", None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
