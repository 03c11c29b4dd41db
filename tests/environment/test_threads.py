"""One thread per worker."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from smote_bench.environment import threads


def test_libraries_loaded_later_are_asked_for_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in threads._VARIABLES:
        monkeypatch.setenv(name, "7")
    threads.pin_environment()
    assert {os.environ[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")} == {
        "1"
    }
    assert os.environ["TF_ENABLE_ONEDNN_OPTS"] == "0"


def test_a_users_own_log_level_of_tensorflow_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in threads._VARIABLES:
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    threads.pin_environment()
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0"
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL")
    threads.pin_environment()
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"


def test_libraries_loaded_already_are_limited_to_one_thread() -> None:
    code = (
        "import numpy, threadpoolctl\n"
        "from smote_bench.environment.threads import pin_loaded_libraries\n"
        "pin_loaded_libraries(); pin_loaded_libraries()\n"
        "print({pool['num_threads'] for pool in threadpoolctl.threadpool_info()})"
    )
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == "{1}"


def test_one_thread_holds_for_a_block_and_for_libraries_loaded_since() -> None:
    code = (
        "import threadpoolctl\n"
        "from smote_bench.environment.threads import one_thread\n"
        "counts = lambda: {pool['num_threads'] for pool in threadpoolctl.threadpool_info()}\n"
        "with one_thread(): print(counts())\n"
        "import numpy\n"
        "before = counts()\n"
        "with one_thread(): print(counts())\n"
        "print(counts() == before)\n"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "3"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.splitlines() == ["set()", "{1}", "True"]


def test_libraries_are_found_again_only_after_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    import threadpoolctl

    found = []
    true = threadpoolctl.ThreadpoolController
    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", lambda: found.append(1) or true())
    monkeypatch.setattr(threads, "_libraries", [])
    threads._controller.cache_clear()
    before = threads.thread_counts()
    threads.find_libraries()
    threads.limit_threads(before)
    assert len(found) == 1
    monkeypatch.setitem(sys.modules, "something_new", threads)
    assert len(threads.thread_counts()) == len(before)  # what is put back are the ones that were read
    assert len(found) == 1
    threads.find_libraries()
    assert len(found) == 2
