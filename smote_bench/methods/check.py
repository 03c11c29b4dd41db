"""Try methods on tables, each call under a time limit: does it run, how long, what comes out, repeatably?

Calls run in child processes: a sampler deep in native code can be stopped in no other way.
"""

from __future__ import annotations

import multiprocessing
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.methods.adapters import remark_on
from smote_bench.methods.spec import MethodSpec
from smote_bench.methods.trial import answer_trials

__all__ = ["COLUMNS", "check_methods", "to_markdown"]

COLUMNS = (
    "method",
    "library",
    "dataset",
    "status",
    "seconds",
    "rows_before",
    "rows_after",
    "ratio_after",
    "reproducible",
    "remark",
)
_SEED = 42


def check_methods(
    tables: Mapping[str, tuple[Any, Any]],
    methods: Sequence[MethodSpec],
    *,
    timeout_seconds: float = 120.0,
    n_jobs: int = 1,
    report: Callable[[Mapping[str, Any]], None] | None = None,
) -> pd.DataFrame:
    """Run every method twice on every table with the same seed.

    Parameters
    ----------
    tables : mapping of str to (X, y)
        Numeric tables by name; 1 is the minority.
    methods : sequence of MethodSpec
        What to try.
    timeout_seconds : float
        Limit for one call.
    n_jobs : int
        Child processes working side by side; their seconds are then those of a busy machine.
    report : callable, optional
        Gets each row as soon as it is there, from the thread that waited for it.

    Returns
    -------
    DataFrame
        One row for each method and table with `COLUMNS`. `status` is ok, noop, error, timeout or
        unavailable (a package is missing: the remark has the remedy);
        `ratio_after` is majority rows for each minority row; `reproducible` says whether both calls gave
        the same bytes and is missing where there were no two results.
    """
    work: queue.SimpleQueue[tuple[int, MethodSpec, str]] = queue.SimpleQueue()
    pairs = [(spec, name) for spec in methods for name in tables]
    for index, (spec, name) in enumerate(pairs):
        work.put((index, spec, name))
    rows: dict[int, dict[str, Any]] = {}

    def serve() -> None:
        with _Child(timeout_seconds) as child:
            while True:
                try:
                    index, spec, name = work.get_nowait()
                except queue.Empty:
                    return
                rows[index] = _row(child, spec, name, *tables[name])
                if report is not None:
                    report(rows[index])

    threads = [threading.Thread(target=serve) for _ in range(n_jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    missing = [pairs[index] for index in range(len(pairs)) if index not in rows]
    if missing:
        raise RuntimeError(f"a checking thread died before {[(spec.name, name) for spec, name in missing]}")
    frame = pd.DataFrame([rows[index] for index in range(len(pairs))], columns=list(COLUMNS))
    return frame.astype({"reproducible": "boolean"})


def _row(child: _Child, spec: MethodSpec, dataset: str, X: Any, y: Any) -> dict[str, Any]:
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.int64)
    first = child.ask((spec, X, y, _SEED))
    second = child.ask((spec, X, y, _SEED)) if first["status"] in ("ok", "noop") else None
    if second is not None and "digest" not in second:
        first, second = {**first, **second}, None
    remarks = [remark_on(step.target) for step in spec.steps]
    return {
        "method": spec.name,
        "library": _library(spec),
        "dataset": dataset,
        "status": first["status"],
        "seconds": first.get("seconds"),
        "rows_before": len(y),
        "rows_after": first.get("rows_after"),
        "ratio_after": first.get("ratio_after"),
        "reproducible": None if second is None else first["digest"] == second["digest"],
        "remark": "; ".join(text for text in (*remarks, first.get("reason", "")) if text),
    }


def _library(spec: MethodSpec) -> str:
    names = {"smote_variants": "sv", "imblearn": "imblearn", "smote_impls": "ours"}
    tops = dict.fromkeys(step.target.partition(":")[0].partition(".")[0] for step in spec.steps)
    return "+".join(names.get(top, top) for top in tops) or "trivial"


class _Child:
    """A process that answers trials, started when it is needed and again after it had to be stopped."""

    def __init__(self, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self.process: Any = None
        self.connection: Any = None

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def ask(self, trial: tuple[MethodSpec, np.ndarray, np.ndarray, int]) -> dict[str, Any]:
        """Return the answer to one trial, or status timeout or error in place of it."""
        if self.process is None:
            self._start()
        # Imports are no part of the limit: the child says when it has made them.
        self.connection.send(trial)
        try:
            self.connection.recv()
            if not self.connection.poll(self.timeout_seconds):
                self._stop()
                return {"status": "timeout", "reason": f"no result after {self.timeout_seconds:g} s"}
            answer: dict[str, Any] = self.connection.recv()
        except EOFError:
            self.process.join()
            code = self.process.exitcode
            self._stop()
            return {"status": "error", "reason": f"the process died with exit code {code}"}
        return answer

    def _start(self) -> None:
        # Not a fork: TensorFlow and OpenMP do not survive one.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=answer_trials, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def _stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.connection.close()
            self.process = None


def to_markdown(frame: pd.DataFrame) -> str:
    """Return what `check_methods` found as a Markdown table: a line for each method, a column for each table.

    Examples
    --------
    >>> row = ["SMOTE", "ours", "Ecoli", "ok", 0.0023, 336, 602, 1.0, True, ""]
    >>> print(to_markdown(pd.DataFrame([row], columns=list(COLUMNS))))
    | method | library | Ecoli | remarks |
    | --- | --- | --- | --- |
    | SMOTE | ours | ok, 0.002 s, 602 rows, 1:1.0 |  |
    """
    datasets = list(dict.fromkeys(frame["dataset"]))
    lines = [["method", "library", *datasets, "remarks"], ["---"] * (len(datasets) + 3)]
    for (method, library), rows in frame.groupby(["method", "library"], sort=False):
        by_dataset = {row["dataset"]: row for _, row in rows.iterrows()}
        cells = [_cell(by_dataset[name]) if name in by_dataset else "" for name in datasets]
        lines.append([str(method), str(library), *cells, _remarks(rows)])
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _cell(row: pd.Series) -> str:
    if row["status"] not in ("ok", "noop"):
        return str(row["status"])
    parts = [
        str(row["status"]),
        f"{row['seconds']:.3f} s" if row["seconds"] < 1 else f"{row['seconds']:.1f} s",
    ]
    if row["status"] == "ok":
        parts += [f"{row['rows_after']:.0f} rows", f"1:{row['ratio_after']:.1f}"]
    if not row["reproducible"]:
        parts.append("**not reproducible**")
    return ", ".join(parts)


def _remarks(rows: pd.DataFrame) -> str:
    """Join the remarks on a method; what holds for some tables only names them."""
    holders: dict[str, list[str]] = {}
    for _, row in rows.iterrows():
        for remark in filter(None, str(row["remark"]).split("; ")):
            holders.setdefault(remark, []).append(str(row["dataset"]))
    everywhere = rows["dataset"].nunique()
    return "; ".join(
        remark if len(names) == everywhere else f"{', '.join(names)}: {remark}"
        for remark, names in holders.items()
    )
