"""What foreign code raises to end more than itself becomes its cell's error; a user's interrupt does not."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from typing import Any

import pytest

from smote_bench.environment.leaving import LeftEarly, called, leaving, watched_signals
from smote_bench.environment.timeouts import CellTimeout


class _Unshowable(BaseException):
    def __repr__(self) -> str:
        raise ValueError("no")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SystemExit(0), "SystemExit(0): it asked the process to end"),
        (SystemExit("no licence"), "SystemExit('no licence'): it asked the process to end"),
        (KeyboardInterrupt(), "KeyboardInterrupt, and nobody had interrupted it"),
        (GeneratorExit(), "GeneratorExit"),
        (StopIteration(), "StopIteration"),
        (StopAsyncIteration(), "StopAsyncIteration"),
        (asyncio.CancelledError("late"), "CancelledError('late')"),
        (BaseExceptionGroup("two", [SystemExit(1)]), "BaseExceptionGroup('two', [SystemExit(1)])"),
        (pytest.skip.Exception("no luck"), "Skipped: no luck"),
        (_Unshowable(1), "a _Unshowable that cannot be shown"),
    ],
)
def test_what_would_end_more_than_a_cell_is_an_error_that_says_who_raised_what(
    error: BaseException, words: str
) -> None:
    with (
        pytest.raises(LeftEarly) as raised,
        watched_signals(),
        called("the sampler"),
    ):
        raise error
    assert str(raised.value) == f"the sampler raised {words}"
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", [ValueError("no"), MemoryError(), CellTimeout("late")])
def test_ordinary_errors_and_the_time_limit_come_through(error: BaseException) -> None:
    with pytest.raises(type(error)) as raised, watched_signals(), called("the sampler"):
        raise error
    assert raised.value is error


def test_an_interrupt_that_nobody_watched_for_is_taken_for_the_users() -> None:
    with pytest.raises(KeyboardInterrupt), called("the sampler"):
        raise KeyboardInterrupt
    assert leaving(ValueError()) == ""


def test_a_signal_is_the_users_whatever_becomes_of_what_its_handler_raises() -> None:
    def swallow() -> None:
        with contextlib.suppress(BaseException):
            signal.raise_signal(signal.SIGINT)

    for body in (lambda: signal.raise_signal(signal.SIGINT), swallow):
        with pytest.raises(KeyboardInterrupt), watched_signals() as signals, called("the sampler"):
            body()
        assert isinstance(signals.raised, KeyboardInterrupt)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_request_to_end_with_a_handler_of_its_own_is_watched_too() -> None:
    class Ended(BaseException):
        pass

    def end(number: int, frame: Any) -> None:
        raise Ended

    before = signal.signal(signal.SIGTERM, end)
    try:
        with pytest.raises(Ended), watched_signals(), called("the sampler"):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is end
    finally:
        signal.signal(signal.SIGTERM, before)


def test_nothing_is_watched_outside_the_main_thread() -> None:
    seen: list[Any] = []

    def body() -> None:
        with watched_signals():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
