"""What code that is not ours raises to end more than itself: the error of its cell, and never of the session.

``SystemExit``, ``KeyboardInterrupt``, ``GeneratorExit`` and the like are no ``Exception``, and a generator
takes ``StopIteration`` for its own end. Where foreign code is called, `called` makes an ordinary error of
them that says who raised what. A user's Ctrl-C, or whatever a signal's handler raises, goes on to where
it belongs: `watched_signals` tells it from a ``KeyboardInterrupt`` that a sampler raised.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any, Literal, NoReturn, TypeAlias

from smote_bench.environment.timeouts import CellTimeout
from smote_bench.errors import SmoteBenchError

__all__ = ["LeftEarly", "Signals", "called", "exits_raise", "leaving", "watched_signals"]


class LeftEarly(SmoteBenchError):
    """Code that is not ours raised what would have ended more than its cell."""


_Handler: TypeAlias = Callable[[int, FrameType | None], Any]


class Signals:
    """What handlers of signals raised since the watch began."""

    def __init__(self) -> None:
        self.raised: BaseException | None = None

    def noting(self, handler: _Handler) -> _Handler:
        """Return a handler that does what another does, and notes what that raises."""

        def note(number: int, frame: FrameType | None) -> None:
            try:
                handler(number, frame)
            except BaseException as error:
                self.raised = error
                raise

        return note


_watch: list[Signals] = []

_NUMBERS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextlib.contextmanager
def watched_signals() -> Iterator[Signals]:
    """Note what the handlers of Ctrl-C and of requests to end raise in the block, and raise it at its end.

    So an interrupt that a sampler swallowed, or made another error of, still interrupts. Outside the main
    thread no handler is called, so nothing is watched there.
    """
    signals = Signals()
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in _NUMBERS:
            handler = signal.getsignal(number)
            if callable(handler):
                before[number] = handler
                signal.signal(number, signals.noting(handler))
    _watch.append(signals)
    try:
        yield signals
    finally:
        _watch.pop()
        for number, handler in before.items():
            signal.signal(number, handler)
    if signals.raised is not None:
        raise signals.raised


@contextlib.contextmanager
def exits_raise() -> Iterator[None]:
    """Have ``os._exit``, which would end this process without a word, raise ``SystemExit`` in the block.

    In a process that is forked there, as multiprocessing's, it ends that one as ever, and so it does in
    another thread, as that which ends a session that hangs. What C code does with ``exit`` is out of reach.
    """
    global _raises_in
    _raises_in, os._exit = _this_thread(), _exit
    try:
        yield
    finally:
        _raises_in, os._exit = None, _really_exit


_really_exit = os._exit
_raises_in: tuple[int, int] | None = None


def _this_thread() -> tuple[int, int]:
    return os.getpid(), threading.get_ident()


def _exit(status: int) -> NoReturn:
    """See `exits_raise`; code that took it along by its name is under the same rule in a later block."""
    if _this_thread() != _raises_in:
        _really_exit(status)
    raise SystemExit(status)


def leaving(error: BaseException) -> str:
    """Return in words what an error asks to be ended; empty for an ordinary one.

    Examples
    --------
    >>> leaving(SystemExit(0))
    'SystemExit(0): it asked the process to end'
    >>> leaving(KeyboardInterrupt())
    'KeyboardInterrupt, and nobody had interrupted it'
    >>> leaving(ValueError("no"))
    ''
    """
    if isinstance(error, Exception) and not isinstance(error, StopIteration | StopAsyncIteration):
        return ""
    if isinstance(error, SystemExit):
        return f"SystemExit({_shown(error.code)}): it asked the process to end"
    if isinstance(error, KeyboardInterrupt):
        return "KeyboardInterrupt, and nobody had interrupted it"
    name = type(error).__name__
    text = _shown(error) if error.args else name
    return text if name in text else f"{name}: {text}"  # pytest.skip's shows its words alone


def _shown(value: object) -> str:
    try:
        return repr(value)[:200]
    except Exception:
        return f"a {type(value).__name__} that cannot be shown"


class called:  # lower case: used as a statement
    """Enclose a call of code that is not ours: what would leave its cell becomes a `LeftEarly`.

    Parameters
    ----------
    who : str
        As in "the sampler".

    Examples
    --------
    >>> with called("the sampler"):
    ...     raise SystemExit(0)
    Traceback (most recent call last):
        ...
    smote_bench.environment.leaving.LeftEarly: the sampler raised SystemExit(0): it asked the process to end
    """

    def __init__(self, who: str) -> None:
        self._who = who

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        """Raise a `LeftEarly` where the call raised what is no ordinary error."""
        if error is None or isinstance(error, CellTimeout) or _is_the_users(error):
            return False
        if text := leaving(error):
            _end_at_the_call(trace)
            raise LeftEarly(f"{self._who} raised {text}") from error
        return False


def _end_at_the_call(trace: TracebackType | None) -> None:
    """Cut the frame of `_exit` off a traceback: its end is where that was called."""
    while trace is not None:
        if trace.tb_next is not None and trace.tb_next.tb_frame.f_code is _exit.__code__:
            trace.tb_next = None
        trace = trace.tb_next


def _is_the_users(error: BaseException) -> bool:
    """Whether an error came by a signal: where nobody watches, an interrupt is taken for one."""
    if not _watch:
        return isinstance(error, KeyboardInterrupt)
    return _watch[-1].raised is not None
