"""The same calls in another process: with another hash seed, in another directory, at another time of day."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.mixed_frames import MixedCase
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = ["WORDS", "demand_the_same_elsewhere", "digest"]

WORDS = ("north", "east", "south", "west", "up", "down", "here", "there")
"""Of eight, sets have the same order in two processes once in thousands of times."""

_CHILD = """
import gc
gc.disable()  # imports are most of what it does
import contextlib, hashlib, importlib, io, json, logging, sys, time, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
job = json.load(sys.stdin)
sys.path[:] = job["path"]
import numpy as np
clock = time.time
time.time = lambda: clock() + 40000.0
target = getattr(importlib.import_module(job["module"]), job["name"])
def column(of):
    import pandas as pd
    if of["levels"] is None:
        return pd.Series(of["values"], dtype=of["dtype"])
    return pd.Categorical(of["values"], categories=of["levels"], ordered=of["ordered"])
for table in job["tables"]:
    y, params, frame = np.array(table["y"]), table["params"], "columns" in table
    if frame:
        import pandas as pd
        X = pd.DataFrame({name: column(of) for name, of in table["columns"].items()})
    else:
        X = np.array(table["X"])
    with contextlib.redirect_stdout(io.StringIO()):
        if job["method"]:
            X, y = getattr(target(**params), job["method"])(X, y)[:2]
        else:
            X, y = target(X, y, **params)[:2]
    if frame:
        content = repr(np.asarray(X, dtype=object).tolist()).encode()
    else:
        content = np.ascontiguousarray(X, dtype=float).tobytes()
    print("DIGEST", hashlib.sha256(content + repr(np.asarray(y).tolist()).encode()).hexdigest())
"""
_SECONDS = 100


def digest(X: Any, y: Any) -> str:
    """Return a digest of rows, of numbers as they are or a frame's values as written, and labels."""
    if isinstance(X, pd.DataFrame):
        content = repr(np.asarray(X, dtype=object).tolist()).encode()
    else:
        content = np.ascontiguousarray(X, dtype=float).tobytes()
    return hashlib.sha256(content + repr(np.asarray(y).tolist()).encode()).hexdigest()


def demand_the_same_elsewhere(subject: Subject, tables: Sequence[Case], here: Sequence[str]) -> None:
    """Raise unless another process gives rows of the same digests for the same tables.

    Parameters
    ----------
    subject : Subject
        Importable by its name.
    tables : sequence of Case
        Of a `MixedCase` the frame is resampled.
    here : sequence of str
        The digest of each table's answer in this process.

    Raises
    ------
    Violation
    """
    job = {
        "path": [os.path.abspath(entry or os.curdir) for entry in sys.path],
        "module": subject.target.__module__,
        "name": subject.target.__qualname__,
        "method": {"sample": "sample", "function": ""}.get(subject.style, "fit_resample"),
        "tables": [_sent(subject, table) for table in tables],
    }
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as elsewhere:
        child = subprocess.run(
            [sys.executable, "-c", _CHILD],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            cwd=elsewhere,
            env=environment,
            timeout=_SECONDS,
            check=False,
        )
    found = [line.split()[1] for line in child.stdout.splitlines() if line.startswith("DIGEST ")]
    setup = "# the same lines in two processes: PYTHONHASHSEED=4711, another directory, eleven hours later"
    if len(found) < len(here):
        last = (child.stderr.strip().splitlines() or ["without a word"])[-1]
        raise Violation(
            f"expected an answer in another process, it ended with {last}",
            case=tables[len(found)],
            setup=setup,
        )
    for table, ours, theirs in zip(tables, here, found, strict=True):
        if theirs != ours:
            raise Violation(
                "expected the same rows in another process (hash seed, directory, time of day), they differ",
                case=table,
                setup=setup,
            )


def _sent(subject: Subject, table: Case) -> dict[str, Any]:
    """Return a table and the parameters of its call, as JSON takes them."""
    params = {**subject.settings_of(table), str(subject.seed_name): table.seed}
    if not isinstance(table, MixedCase):
        return {"X": table.X.tolist(), "y": table.y.tolist(), "params": params}
    columns = {str(name): _column(column) for name, column in table.frame.items()}
    return {"columns": columns, "y": table.y.tolist(), "params": params}


def _column(column: pd.Series) -> dict[str, Any]:
    values = np.asarray(column, dtype=object).tolist()
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return {"values": values, "dtype": str(column.dtype), "levels": None}
    levels = np.asarray(column.dtype.categories, dtype=object).tolist()
    return {"values": values, "levels": levels, "ordered": bool(column.dtype.ordered)}
