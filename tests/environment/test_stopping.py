"""Signals ask a process to stop: once, twice, from a group, and where nobody listens.

Also of: parent.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

from smote_bench.environment.stopping import interrupts_kept_from_children, stop_asked

_HEAD = """
import os
import signal
import sys
import threading
from smote_bench.environment import stopping
from smote_bench.environment.stopping import StopSignals, stop_asked

def say(text):
    os.write(1, f"{text}\\n".encode())

def send(number=signal.SIGTERM):
    os.kill(os.getpid(), number)

stop = StopSignals(say, lambda: say("second"), lambda why: say("late"), late_seconds=0.0, again_seconds=0.01)
stop.install()
"""


def outcome(script: str) -> tuple[int, list[str]]:
    """Run a script after the head; return its exit code and the lines it wrote."""
    done = subprocess.run([sys.executable, "-c", _HEAD + script], capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_first_signal_raises_and_says_which_it_was(name: str) -> None:
    words = "Ctrl-C" if name == "SIGINT" else name
    script = f"""
try:
    send(signal.{name})
except KeyboardInterrupt:
    stop.reached()
    say(f"raised {{stop_asked()}}")
stop.restore()
say(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL and not stop_asked())
"""
    assert outcome(script) == (0, [f"interrupted by {words}", f"raised interrupted by {words}", "True"])


def test_a_signal_that_comes_twice_at_once_is_one() -> None:
    script = """
stopping._SAME_SECONDS = 1e9
try:
    send()
except KeyboardInterrupt:
    stop.reached()
send()
say("went on")
"""
    assert outcome(script) == (0, ["interrupted by SIGTERM", "went on"])


@pytest.mark.fault(
    injected="a second signal",
    seen="a line says how to go on, the process ends at once, exit code 130 or 143; no half file",
    lost="what was not written yet; the store has it",
)
def test_a_second_signal_ends_the_process() -> None:
    script = """
stopping._SAME_SECONDS = 0.0
stop.reached()
try:
    send()
except KeyboardInterrupt:
    send(signal.SIGINT)
    threading.Event().wait()
"""
    code, lines = outcome(script)
    assert code == 128 + signal.SIGINT
    assert set(lines) == {"interrupted by SIGTERM", "second"}


def test_while_it_is_held_a_signal_is_only_noted() -> None:
    script = """
with stop.held():
    stop.reached()
    send()
    say("whole")
say(stop_asked())
"""
    assert outcome(script) == (0, ["interrupted by SIGTERM", "whole", "interrupted by SIGTERM"])


def test_what_swallows_the_exception_is_told_again() -> None:
    script = """
stop._late_seconds = 1e9
try:
    send()
except KeyboardInterrupt:
    pass
try:
    threading.Event().wait()
except KeyboardInterrupt:
    stop.reached()
    say("again")
"""
    assert outcome(script) == (0, ["interrupted by SIGTERM", "again"])


@pytest.mark.fault(
    injected="a signal to a single process whose cell swallows interrupts",
    seen="after 10 s tables and manifest are written and the process is ended, exit code 143",
    lost="the cell that was being computed",
)
def test_what_never_gives_way_is_ended_after_what_there_is_was_written() -> None:
    script = """
what = send
while True:
    try:
        what()
    except BaseException:
        what = threading.Event().wait
"""
    code, lines = outcome(script)
    assert code == 128 + signal.SIGTERM
    assert lines == ["interrupted by SIGTERM", "late"]


def test_what_a_signal_would_leave_behind_is_taken_away_by_the_process_itself_alone() -> None:
    script = """
stop.restore()
stopping.end_after(lambda: say("undone"))
if hasattr(os, "fork"):
    child = os.fork()
    if not child:
        send()
    os.waitpid(child, 0)
say("still there")
send()
"""
    assert outcome(script) == (-signal.SIGTERM, ["still there", "undone"])


def test_signals_that_are_handled_later_are_not_taken_from_there() -> None:
    script = """
stop.restore()
give_back = stopping.end_after(lambda: say("undone"))
other = StopSignals(say, lambda: None, lambda why: None)
other.install()
try:
    send()
except KeyboardInterrupt:
    other.reached()
other.restore()
give_back()
say(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)
"""
    assert outcome(script) == (0, ["interrupted by SIGTERM", "True"])


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    script = """
stop.restore()
signal.signal(signal.SIGHUP, signal.SIG_IGN)
other = StopSignals(say, lambda: None, lambda why: None)
other.install()
send(signal.SIGHUP)
say("lives")
"""
    assert outcome(script) == (0, ["lives"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked here")
def test_a_forked_child_is_not_asked_and_does_not_ask_its_parent() -> None:
    script = """
child = os.fork()
if not child:
    send()
    os._exit(0)
_, status = os.waitpid(child, 0)
say(f"{os.WTERMSIG(status)} {stop_asked()!r}")
"""
    assert outcome(script) == (0, [f"{int(signal.SIGTERM)} ''"])


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals have no mask here")
def test_a_fork_that_lives_on_keeps_nobody_from_giving_the_signals_back() -> None:
    script = """
import time
if os.fork() == 0:
    time.sleep(30)
    os._exit(0)
stop.restore()
thread = stop._thread
say(thread is not None and not thread.is_alive())
os.killpg(0, signal.SIGKILL)
"""
    head = "import os\nos.setsid()\n"
    done = subprocess.run(
        [sys.executable, "-c", head + _HEAD + script], capture_output=True, text=True, timeout=25
    )
    assert done.stdout.splitlines() == ["True"]


def test_a_child_takes_interrupts_when_it_is_ready() -> None:
    child = (
        "import os, signal\n"
        "from smote_bench.environment.stopping import take_interrupts\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "print('it waits')\n"
        "try:\n"
        "    take_interrupts()\n"
        "except KeyboardInterrupt:\n"
        "    print('it came')\n"
    )
    with interrupts_kept_from_children():
        done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines() == ["it waits", "it came"], done.stderr
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_nothing_asked_this_process_to_stop() -> None:
    assert stop_asked() == ""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="a process's end cannot be waited for here")
@pytest.mark.parametrize("by_kernel", [True, False])
def test_a_process_ends_with_its_parent(by_kernel: bool) -> None:
    child = (
        "import ctypes, os, threading\n"
        "from smote_bench.environment import parent\n"
        f"by_kernel = {by_kernel}\n"
        "if not by_kernel:\n"
        "    parent._tied_by_kernel = lambda: False\n"
        "    parent._LOOK_EVERY_SECONDS = 0.01\n"
        "parent.end_with_parent()\n"
        "print(os.getpid(), flush=True)\n"
        "if by_kernel:\n"
        "    ctypes.PyDLL(None).pause()\n"  # holds the interpreter for ever
        "threading.Event().wait()\n"
    )
    script = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    grandchild = os.pidfd_open(int(process.stdout.readline()))
    process.kill()
    process.wait()
    process.stdout.close()
    assert select.select([grandchild], [], [], 60)[0], "it lives on"
    os.close(grandchild)


_TWICE = """
import os, signal, time
from smote_bench.environment.stopping import StopSignals


def second():
    os.write(1, b"second\\n")
    time.sleep(0.5)  # the handler and the thread that watches are here at once


StopSignals(lambda why: None, second, lambda why: None).install()
try:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
except KeyboardInterrupt:
    time.sleep(1)
os.kill(os.getpid(), signal.SIGTERM)
while True:
    time.sleep(0.01)
"""


def test_a_second_signal_is_answered_once_by_whoever_of_two_threads_comes_first() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _TWICE], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 128 + signal.SIGTERM, ended.stderr
    assert ended.stdout.splitlines() == ["second"]
