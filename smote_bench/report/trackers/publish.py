"""Sends a finished run to a tracker in a process of its own, and watches that it comes to an end."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from smote_bench.environment.children import end_group, start_child

__all__ = ["NOT_SENT", "publish", "resend_command"]

NOT_SENT = "not sent to "
"""How a line begins that says what went wrong."""

_SILENCE_SECONDS = 300.0
_END_SECONDS = 2.0
_LAST_LINES = 12


def publish(
    folder: Path,
    tracker: str,
    *,
    say: Callable[[str], None],
    silence: float = _SILENCE_SECONDS,
) -> str | None:
    """Send what a tracker does not have yet of a run.

    Parameters
    ----------
    folder : Path
        Of a finished run.
    tracker : str
        A name of `smote_bench.report.trackers.registry`.
    say : callable
        Told a line at a time.
    silence : float
        Seconds without a word after which the process is ended.

    Returns
    -------
    str or None
        What went wrong, in a line that begins with `NOT_SENT`; None where nothing did. Never raises for what
        a tracker does: the run is whole in its folder.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed:
        try:
            problem = _watch(folder, tracker, say, silence, printed)
        except OSError as error:
            problem = f"its process could not be started ({error})"
        if problem is None:
            return None
        printed.seek(0)
        last = [f"  {line.rstrip()}" for line in printed.readlines()[-_LAST_LINES:]]
    said = "\n".join(["", f"{tracker} printed last:", *last]) if last else ""
    return (
        f"{NOT_SENT}{tracker}: {problem.rstrip('.')}. Nothing of the run is lost; "
        f"`{resend_command(folder, tracker)}` sends what is missing{said}"
    )


def resend_command(folder: Path, tracker: str) -> str:
    """Return the command that sends what was not sent."""
    return f"smote-bench track {folder} --to {tracker}"


def _watch(
    folder: Path, tracker: str, say: Callable[[str], None], silence: float, printed: IO[str]
) -> str | None:
    """Follow the child to its end; return what went wrong."""
    with _child(folder, tracker, printed) as (process, messages):
        while True:
            try:
                message = messages.get(timeout=silence)
            except queue.Empty:
                return f"it has said nothing for {silence:.0f} s and was ended"
            if message is None:
                return f"its process ended with code {process.wait()} before everything was sent"
            if "problem" in message:
                return str(message["problem"])
            if message.get("done"):
                return None
            say(str(message["say"]))


@contextlib.contextmanager
def _child(
    folder: Path, tracker: str, printed: IO[str]
) -> Iterator[tuple[subprocess.Popen[str], queue.Queue[dict[str, Any] | None]]]:
    """Start the process and give it with its messages, None after the last; end it in any case."""
    process = start_child("smote_bench.report.trackers.child", str(folder), tracker, printed=printed)
    messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
    assert process.stdout is not None
    reader = threading.Thread(target=_read, args=(process.stdout, messages), daemon=True)
    reader.start()
    try:
        yield process, messages
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
        end_group(process)
        reader.join()
        process.stdout.close()


def _read(stream: IO[str], messages: queue.Queue[dict[str, Any] | None]) -> None:
    for line in stream:
        with contextlib.suppress(ValueError):
            message = json.loads(line)
            if isinstance(message, dict):
                messages.put(message)
    messages.put(None)
