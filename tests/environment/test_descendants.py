"""All that a process has started is found below it, and ended: also what has begun a session of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from smote_bench.environment import descendants
from smote_bench.environment.descendants import StartedHere, kill_those, processes_below

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

_LEAVES_ONE_BEHIND = """
import os, subprocess, sys, time
from smote_bench.environment.descendants import adopt_orphans
adopt_orphans()
if os.fork() == 0:
    started = subprocess.Popen(["sleep", "600"], start_new_session=True)
    print(started.pid, flush=True)
    os._exit(0)
os.wait()
print("left", flush=True)
time.sleep(600)
"""


def has_ended(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def test_what_an_ended_child_has_left_behind_is_below_and_is_ended() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _LEAVES_ONE_BEHIND], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        orphan = int(process.stdout.readline())
        assert process.stdout.readline() == "left\n"
        found = processes_below(process.pid)
        assert orphan in [pid for pid, _ in found]
        assert process.pid in [pid for pid, _ in processes_below(os.getpid())]
        kill_those([(pid, started + "1") for pid, started in found])  # others by the same numbers
        assert not has_ended(orphan)
        kill_those(found)
        until = time.monotonic() + 20
        while not has_ended(orphan) and time.monotonic() < until:
            time.sleep(0.01)
        assert has_ended(orphan)
        process.send_signal(signal.SIGKILL)


def test_below_no_process_is_nothing() -> None:
    assert processes_below(0) == []


def test_a_child_of_any_thread_is_seen_in_the_list_of_the_kernel_or_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor(1) as threads, subprocess.Popen(["sleep", "0"]) as own:
        own.wait()
        of_thread = threads.submit(subprocess.Popen, ["sleep", "600"]).result()
        try:
            assert of_thread.pid in [pid for pid, _ in processes_below(os.getpid())]
            assert processes_below(of_thread.pid) == []
            kernel = descendants._PROCESSES
            (tmp_path / str(os.getpid()) / "task").mkdir(parents=True)
            for entry in (os.getpid(), of_thread.pid):  # a kernel that has no lists of children
                (tmp_path / str(entry)).mkdir(exist_ok=True)
                (tmp_path / str(entry) / "stat").write_bytes((kernel / str(entry) / "stat").read_bytes())
            monkeypatch.setattr(descendants, "_PROCESSES", tmp_path)
            assert [pid for pid, _ in processes_below(os.getpid())] == [of_thread.pid]
        finally:
            of_thread.kill()
            of_thread.wait()


_STARTS_THREE = """
import multiprocessing.resource_tracker as tracker, os, subprocess, sys
from smote_bench.environment.descendants import StartedHere
def start(*command):
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
mine = start("sh", "-c", "read x < {fifo}; sleep 600 & echo $!; wait")
here = StartedHere()
here.begin()
here.begin()
below_mine = int(open("{fifo}", "w").write("go\\n") and mine.stdout.readline())
theirs = start("sleep", "600")
orphan = int(start("sh", "-c", "sleep 600 > /dev/null & echo $!").stdout.readline())
tracker.ensure_running()
here.end()
pids = mine.pid, below_mine, tracker._resource_tracker._pid, theirs.pid, orphan
print(*pids, flush=True)
sys.stdin.read()
os.kill(mine.pid, 9), os.kill(below_mine, 9)
"""


def test_what_was_there_before_is_left_alone_with_all_below_it(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    command = [sys.executable, "-c", _STARTS_THREE.format(fifo=fifo)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        mine, below_mine, tracker, theirs, orphan = map(int, process.stdout.readline().split())
        until = time.monotonic() + 20
        while not (has_ended(theirs) and has_ended(orphan)) and time.monotonic() < until:
            time.sleep(0.01)
        assert [has_ended(pid) for pid in (mine, below_mine, tracker)] == [False, False, False]
        assert [has_ended(pid) for pid in (theirs, orphan)] == [True, True]
        process.communicate("")


def test_nothing_is_ended_that_was_never_begun() -> None:
    with subprocess.Popen(["sleep", "600"]) as process:
        StartedHere().end()
        assert not has_ended(process.pid)
        process.kill()
