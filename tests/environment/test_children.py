"""Processes that use a library for this one: nothing ties them to what runs here, and none is left."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from smote_bench.environment.children import child_environment, end_group

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
child.wait()
"""


def test_the_environment_is_ours_without_the_open_task(monkeypatch):
    monkeypatch.setenv("CLEARML_TASK_ID", "of another")
    monkeypatch.setenv("CLEARML_PROC_MASTER_ID", "1:1")
    monkeypatch.setenv("CLEARML_API_HOST", "http://127.0.0.1:1")
    environment = child_environment()
    assert environment["CLEARML_API_HOST"] == "http://127.0.0.1:1"
    assert environment["PATH"] == os.environ["PATH"]
    assert not {"CLEARML_TASK_ID", "CLEARML_PROC_MASTER_ID", "PYTEST_CURRENT_TEST"} & environment.keys()


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups here")
def test_what_the_process_started_ends_with_it():
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert int(process.stdout.readline()) != process.pid
    end_group(process)
    assert process.stdout.read() == ""  # its end comes when the last process that holds the pipe is gone
    process.stdout.close()
    assert process.returncode != 0


def test_a_process_that_has_ended_is_no_error():
    process = subprocess.Popen([sys.executable, "-c", ""], text=True, start_new_session=True)
    process.wait()
    end_group(process)
    assert process.returncode == 0
