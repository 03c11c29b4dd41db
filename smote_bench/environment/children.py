"""Processes that use for this one a library that changes the process it is in: their environment and end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess

__all__ = ["child_environment", "end_group"]

# By these a library takes the child for a part of something else that is running here.
_NOT_FOR_THE_CHILD = (
    "CLEARML_TASK_ID",
    "CLEARML_PROC_MASTER_ID",
    "TRAINS_TASK_ID",
    "TRAINS_PROC_MASTER_ID",
    "MLFLOW_RUN_ID",
    "MLFLOW_EXPERIMENT_ID",
    "PYTEST_CURRENT_TEST",
    "PYTEST_XDIST_WORKER",
    "PYTEST_XDIST_WORKER_COUNT",
)


def child_environment() -> dict[str, str]:
    """Return the environment for such a process: ours, without what ties it to something that runs here."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_THE_CHILD}
    return {"MPLBACKEND": "Agg", "PYTHONWARNINGS": "ignore", **kept}


def end_group(process: subprocess.Popen[str]) -> None:
    """End a process that began a session of its own, and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
