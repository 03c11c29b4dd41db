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
from smote_bench.environment.descendants import kill_those, processes_below

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
