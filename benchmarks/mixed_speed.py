#!/usr/bin/env python3
"""Time our SMOTENC beside imbalanced-learn's on mixed tables; print what docs/samplers.md has.

    python benchmarks/mixed_speed.py [--rows 1000,3000,10000,30000,100000] [--rounds 1] [--levels 2,3,...]

Each table has 5 numeric and 10 categorical columns of pandas, a fifth of its rows of the smaller class, which
is brought up to the larger. Each call is made in a process of its own, with one thread, after one small call
that loads what is loaded once. Seconds are those of the processor, so that others on the machine matter less;
of several rounds the fastest counts; peak memory is what the call adds to the process,
which needs Linux. Who goes first
alternates.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.peak_memory import peak_bytes, reset_peak

ROWS = (1000, 3000, 10_000, 30_000, 100_000)
LEVELS = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20)
N_NUMERIC, SHARE, SEED = 5, 0.2, 0
SAMPLERS = {"ours": "smote_impls", "imbalanced-learn": "imblearn.over_sampling"}
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def table(n_rows: int, levels: tuple[int, ...]) -> tuple[pd.DataFrame, np.ndarray]:
    """Make numbers around two centres, and levels of which the first are frequent, as in most tables."""
    rng = np.random.RandomState(SEED)
    y = (np.arange(n_rows) < SHARE * n_rows).astype(int)
    frame = pd.DataFrame({f"number {i}": rng.normal(size=n_rows) + y for i in range(N_NUMERIC)})
    for i, n_levels in enumerate(levels):
        codes = np.minimum(rng.geometric(0.3, size=n_rows) - 1, n_levels - 1)
        names = np.array([f"level {j}" for j in range(n_levels)])
        frame[f"category {i}"] = pd.Categorical(names[codes], categories=names)
    return frame, y


def measure(library: str, n_rows: int, levels: tuple[int, ...]) -> dict[str, float]:
    """Resample once in this process; return the CPU seconds and the bytes that it adds to the peak."""
    module = __import__(SAMPLERS[library], fromlist=["SMOTENC"])
    sampler = module.SMOTENC(categorical_features="auto", random_state=SEED)
    sampler.fit_resample(*table(200, levels))
    X, y = table(n_rows, levels)
    reset_peak()
    before = peak_bytes()
    began = time.process_time()
    resampled, _ = sampler.fit_resample(X, y)
    seconds = time.process_time() - began
    assert len(resampled) == 2 * int((y == 0).sum())
    return {"seconds": seconds, "peak_bytes": float(peak_bytes() - before)}


def in_a_process(library: str, n_rows: int, levels: str) -> dict[str, float]:
    """Measure in a process of its own, with one thread."""
    command = [sys.executable, __file__, "--one", library, "--rows", str(n_rows), "--levels", levels]
    environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(found.stdout)
    return result


def row_of_table(n_rows: int, levels: str, rounds: int) -> str:
    """Measure both at one size, and return a line of Markdown."""
    best: dict[str, dict[str, float]] = {}
    for number in range(rounds):
        for library in list(SAMPLERS)[:: 1 if number % 2 == 0 else -1]:
            found = in_a_process(library, n_rows, levels)
            known = best.setdefault(library, found)
            best[library] = {name: min(known[name], found[name]) for name in known}
    ours, theirs = best.values() if list(best) == list(SAMPLERS) else reversed(best.values())
    cells: list[Any] = [
        f"{n_rows:,}",
        *(f"{found['seconds']:.2f} s" for found in (ours, theirs)),
        f"{theirs['seconds'] / ours['seconds']:.1f}",
        *(f"{found['peak_bytes'] / 2**20:,.0f} MB" for found in (ours, theirs)),
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table, a line as soon as it is measured."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rows", default=",".join(map(str, ROWS)))
    ask.add_argument("--rounds", type=int, default=1)
    ask.add_argument(
        "--levels", default=",".join(map(str, LEVELS)), help="levels of each of the categorical columns"
    )
    ask.add_argument("--one", choices=list(SAMPLERS), help=argparse.SUPPRESS)
    args = ask.parse_args()
    levels = tuple(int(text) for text in args.levels.split(","))
    if args.one:
        print(json.dumps(measure(args.one, int(args.rows), levels)))
        return
    print("| rows | ours | imbalanced-learn | times as fast | peak, ours | peak, imbalanced-learn |")
    print("| --- | --- | --- | --- | --- | --- |")
    for n_rows in map(int, args.rows.split(",")):
        print(row_of_table(n_rows, args.levels, args.rounds), flush=True)


if __name__ == "__main__":
    main()
