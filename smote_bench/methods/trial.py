"""The child's side of `check`: answer one trial of a method after another, each with plain values."""

from __future__ import annotations

import hashlib
from multiprocessing.connection import Connection
from typing import Any

from smote_bench.environment.threads import one_thread
from smote_bench.errors import UnavailableError
from smote_bench.methods.resampling import load_sampler, resample

__all__ = ["answer_trials"]


def answer_trials(connection: Connection) -> None:
    """Answer (spec, X, y, seed) until the other side hangs up: first "loaded", then what came of it."""
    while True:
        try:
            spec, X, y, seed = connection.recv()
        except EOFError:
            return
        for step in spec.steps:
            try:
                load_sampler(step.target)
            except Exception:  # the trial itself meets it again and reports it
                break
        connection.send("loaded")
        # The limit is set after the imports: it reaches only libraries that are loaded.
        with one_thread():
            connection.send(_trial(spec, X, y, seed))


def _trial(spec: Any, X: Any, y: Any, seed: int) -> dict[str, Any]:
    try:
        resampled = resample(spec, X, y, seed=seed)
    except UnavailableError as error:
        return {"status": "unavailable", "reason": str(error)}
    except Exception as error:
        return {"status": "error", "reason": f"{type(error).__name__}: {' '.join(str(error).split())}"}
    n_minority = int(resampled.y.sum())
    reasons = [
        message.removeprefix("INFO: ") for message in resampled.warnings if message.startswith("INFO: ")
    ]
    return {
        "status": "noop" if resampled.noop else "ok",
        "reason": "; ".join(reasons),
        "seconds": resampled.seconds,
        "rows_after": len(resampled.y),
        "ratio_after": (len(resampled.y) - n_minority) / n_minority,
        "digest": hashlib.sha256(resampled.X.tobytes() + resampled.y.tobytes()).hexdigest(),
    }
