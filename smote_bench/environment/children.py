"""Processes that use for this one a library that changes the process it is in: their start, channel and end.

A child answers with messages, JSON objects on a line each, on its standard output.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import IO, Any, NoReturn

__all__ = ["answering", "child_environment", "end_at_once", "end_group", "start_child"]

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


def start_child(
    module: str, *arguments: str, printed: IO[str], stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    """Start a module as such a process.

    Parameters
    ----------
    module : str
        To be run as a script.
    *arguments : str
    printed : text file
        For what libraries print there.
    stdin : int
        As `subprocess.Popen` takes it.
    """
    return subprocess.Popen(
        [sys.executable, "-u", "-m", module, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=printed,
        encoding="utf-8",
        errors="replace",
        env=child_environment(),
        start_new_session=True,  # Ctrl-C reaches it once, from here, with whatever it has started
    )


def answering() -> Callable[..., None]:
    """Return, in such a process, a function that sends its keywords as a message.

    From then on whatever is printed there goes to standard error.
    """
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(**message: Any) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    return tell


def end_at_once(code: int) -> NoReturn:
    """End such a process: what a library wants to do at the end of one may take minutes."""
    sys.stderr.flush()
    os._exit(code)


def end_group(process: subprocess.Popen[str]) -> None:
    """End a process that began a session of its own, and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
