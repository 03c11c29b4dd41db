"""The time limit of a cell. Limits here are tens of milliseconds, and nothing is timed."""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from smote_bench.environment import timeouts
from smote_bench.environment.timeouts import CellTimeout, time_limit

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the platform has no such timer")


@pytest.fixture(autouse=True)
def handler() -> Iterator[Any]:
    """Set a handler for the alarm, as another plugin may have, and see that it is there afterwards."""

    def mine(signum: int, frame: object) -> None:
        pytest.fail("an alarm came after its block")

    before = signal.signal(signal.SIGALRM, mine)
    yield mine
    assert signal.getsignal(signal.SIGALRM) is mine
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    signal.signal(signal.SIGALRM, before)


def _for_ever() -> None:
    while True:
        pass


def test_raises_when_the_time_is_over() -> None:
    with pytest.raises(CellTimeout, match=r"longer than the limit of 0\.02 s"), time_limit(0.02):
        _for_ever()


def _catch_every_exception_for_ever() -> None:
    while True:
        with contextlib.suppress(Exception):
            _for_ever()


def test_raises_inside_code_that_catches_every_exception() -> None:
    with pytest.raises(CellTimeout), time_limit(0.02):
        _catch_every_exception_for_ever()


def test_raises_again_in_code_that_swallows_even_the_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "_REPEAT_SECONDS", 0.02)
    swallowed = []

    def swallow_once_then_go_on() -> None:
        try:
            _for_ever()
        except BaseException as error:
            swallowed.append(error)
        _for_ever()

    with pytest.raises(CellTimeout), time_limit(0.02):
        swallow_once_then_go_on()
    assert len(swallowed) == 1


def _alarm_early() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    _for_ever()


def _alarm_early_and_go_on() -> None:
    with pytest.raises(RuntimeError, match="SIGALRM came"):
        _alarm_early()
    _for_ever()


def test_an_alarm_that_the_block_asked_for_is_no_time_out() -> None:
    said = r"SIGALRM came after 0\.\d s, before the limit of 60 s"
    with pytest.raises(RuntimeError, match=said), time_limit(60):
        _alarm_early()


def test_an_alarm_that_the_block_asked_for_does_not_end_the_limit() -> None:
    with pytest.raises(CellTimeout, match=r"longer than the limit of 0\.3 s"), time_limit(0.3):
        _alarm_early_and_go_on()


def test_a_block_within_its_time_is_left_alone() -> None:
    with time_limit(60):
        done = True
    assert done


def test_an_error_in_the_block_comes_through() -> None:
    with pytest.raises(KeyError, match="mine"), time_limit(60):
        raise KeyError("mine")


@pytest.mark.parametrize("seconds", [0, -1])
def test_no_limit_sets_no_timer(seconds: float, handler: Any) -> None:
    with time_limit(seconds, kill_process=True):
        assert signal.getsignal(signal.SIGALRM) is handler


def test_an_alarm_on_the_way_out_neither_raises_nor_keeps_the_handler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = signal.setitimer

    def set_timer(which: int, seconds: float, interval: float = 0.0) -> Any:
        if seconds == 0:
            signal.raise_signal(signal.SIGALRM)  # just before the timer is stopped
        return real(which, seconds, interval)

    monkeypatch.setattr(signal, "setitimer", set_timer)
    with time_limit(60):
        pass


def test_there_is_no_soft_limit_outside_the_main_thread() -> None:
    done = []

    def block() -> None:
        with time_limit(60):
            done.append(signal.getitimer(signal.ITIMER_REAL))

    thread = threading.Thread(target=block)
    thread.start()
    thread.join()
    assert done == [(0.0, 0.0)]


@pytest.mark.parametrize("ends_with", [None, KeyError("mine")])
def test_a_worker_is_killed_only_while_its_block_runs(
    monkeypatch: pytest.MonkeyPatch, ends_with: Exception | None
) -> None:
    calls: list[tuple[str, float]] = []
    monkeypatch.setattr(faulthandler, "dump_traceback_later", lambda s, exit, file: calls.append(("kill", s)))
    monkeypatch.setattr(faulthandler, "cancel_dump_traceback_later", lambda: calls.append(("spare", 0.0)))
    with contextlib.suppress(KeyError), time_limit(5, kill_process=True):
        assert calls == [("kill", 5 + 2)]
        if ends_with:
            raise ends_with
    assert calls[1:] == [("spare", 0.0)]
