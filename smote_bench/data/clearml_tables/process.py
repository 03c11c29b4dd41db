"""Asking ClearML: by a process of its own, because its library patches the process it is in.

The request is JSON on the standard input of `data.clearml_tables.child`, its answers are lines of JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from typing import IO, Any

from smote_bench.environment.children import end_group, start_child
from smote_bench.environment.optional_packages import is_installed, missing_package
from smote_bench.errors import UnavailableError

__all__ = ["answers_of", "check_reachable"]

_SILENCE_SECONDS = 600.0
_LAST_LINES = 6


def check_reachable(what: str) -> None:
    """Raise unless ClearML can be asked at all; asks no network.

    Parameters
    ----------
    what : str
        What needs it, in words.

    Raises
    ------
    UnavailableError
    """
    if not is_installed("clearml"):
        raise missing_package(what, "clearml")
    if os.environ.get("SMOTE_BENCH_OFFLINE", "0") not in ("", "0"):
        raise UnavailableError(
            f"{what} needs ClearML's server, which is switched off by SMOTE_BENCH_OFFLINE", "unset it"
        )


def answers_of(request: Mapping[str, Any], *, silence: float = _SILENCE_SECONDS) -> Iterator[dict[str, Any]]:
    """Yield the answers to a request as they come.

    Parameters
    ----------
    request : mapping
        JSON values; ``do`` says what.
    silence : float
        Seconds without an answer after which the process is ended.

    Raises
    ------
    UnavailableError
        If there are no credentials, the server does not answer, or it has not what was asked for.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed,
        _child(printed) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # it is dead, which is told below
            process.stdin.write(json.dumps(request))
            process.stdin.close()
        while True:
            line = _line(process, silence)
            message: dict[str, Any] = json.loads(line) if line else {"died": True}
            if "unavailable" in message:
                reason, remedy = message["unavailable"]
                raise UnavailableError(reason, remedy)
            if message.get("done"):
                return
            if message.get("died"):
                printed.seek(0)
                last = "; ".join(text.strip() for text in printed.readlines()[-_LAST_LINES:])
                raise UnavailableError(
                    f"ClearML's process ended with code {process.wait()} before it had answered"
                    f"{f' (it printed last: {last})' if last else ''}",
                    "try again, and report it if it happens again",
                )
            yield message


def _line(process: subprocess.Popen[str], silence: float) -> str:
    """Return the next line; the process is ended if none comes in time."""
    assert process.stdout is not None
    watch = threading.Timer(silence, end_group, [process])
    watch.daemon = True
    watch.start()
    try:
        return process.stdout.readline()
    finally:
        watch.cancel()


@contextlib.contextmanager
def _child(printed: IO[str]) -> Iterator[subprocess.Popen[str]]:
    process = start_child("smote_bench.data.clearml_tables.child", printed=printed, stdin=subprocess.PIPE)
    try:
        yield process
    finally:
        end_group(process)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
