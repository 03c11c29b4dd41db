"""The process in which a tracker sends one run: what its library does to a process stays in there.

Started by `smote_bench.report.trackers.publish`. Each line on its standard output is a message as JSON,
``{"say": text}``, ``{"problem": text}`` or ``{"done": true}``; what libraries print goes to standard error.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from smote_bench.environment.children import answering, end_at_once
from smote_bench.errors import SmoteBenchError, TrackerError

__all__ = ["main", "send"]

_LOCK = "tracked.lock"


def send(folder: Path, name: str, say: Callable[[str], None]) -> None:
    """Send a run in this process.

    Raises
    ------
    SmoteBenchError
        What the tracker says of its own accord, or that another process is sending this run.
    """
    import filelock

    from smote_bench.report.trackers.ledger import Ledger
    from smote_bench.report.trackers.registry import make_tracker
    from smote_bench.runs.open import open_run

    tracker = make_tracker(name)
    run = open_run(folder)
    lock = filelock.FileLock(run.folder / _LOCK, timeout=0)
    try:
        with lock:
            tracker.publish(run, Ledger(run.folder, name), say)
    except filelock.Timeout as error:
        raise TrackerError(f"another process is sending {run.folder}: wait for it") from error
    except PermissionError as error:
        raise TrackerError(
            f"expected a run's folder in which can be noted what was sent, got {run.folder} ({error}): make "
            "it writable, or copy it"
        ) from error


def main(arguments: list[str]) -> int:
    """Send the run in the folder that is the first argument to the tracker that is the second."""
    tell = answering()
    folder, name = arguments
    try:
        send(Path(folder), name, lambda text: tell(say=text))
    except SmoteBenchError as error:
        tell(problem=str(error))
    except Exception as error:
        traceback.print_exc()
        tell(problem=f"{type(error).__name__}: {error}")
    else:
        tell(done=True)
    return 0


if __name__ == "__main__":
    end_at_once(main(sys.argv[1:]))
