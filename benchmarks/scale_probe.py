"""A pytest plugin for `scale.py`: what each process of a session has used, stage by stage.

Writes a line of JSON per process and stage into the file that SCALE_PROBE names. It needs Linux.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peak_memory import peak_bytes

__all__: list[str] = []


def _note(stage: str) -> None:
    """Write down CPU seconds and the highest resident memory of this process until now."""
    used = os.times()
    line = {
        "process": os.environ.get("PYTEST_XDIST_WORKER", "controller"),
        "stage": stage,
        "cpu": used.user + used.system,
        "wall": time.time(),
        "peak_bytes": peak_bytes(),
    }
    with Path(os.environ["SCALE_PROBE"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def pytest_configure() -> None:
    """Note what starting took."""
    _note("start")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Note what collecting took; the controller of pytest-xdist collects nothing."""
    found = yield
    _note("collection")
    return found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish() -> Generator[None, Any, Any]:
    """Note what the cells took, and then what closing the run took."""
    _note("cells")
    found = yield
    _note("tables")
    return found


def pytest_unconfigure() -> None:
    """Note what the whole took."""
    _note("end")
