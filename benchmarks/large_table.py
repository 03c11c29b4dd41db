#!/usr/bin/env python3
"""Read a file of a million rows and compute a cell on it; print what each part takes.

    python benchmarks/large_table.py [--rows 1000000] [--columns 20] [--write docs/datasets.md]

The file is CSV: numbers of six digits but for two columns of whole numbers and two of words, 3% of the rows
in the minority. Each line of the table is a fresh process; memory is its peak beyond that of a process that
has imported the same libraries. The file is looked at as ``smote-bench datasets show`` does, leaks included,
then by a process that finds it in the cache; then a run computes SMOTE with a decision tree on the hold-out.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- measured: python benchmarks/large_table.py -->", "<!-- end of what was measured -->"

# What a process does before it is measured: the imports of all that follows.
_IMPORTS = """
import json, sys, time
from pathlib import Path
import pandas, pyarrow.feather, pyarrow.csv, scipy.stats, sklearn.preprocessing, sklearn.model_selection
from smote_bench.data import dataset, read_cache, sources
from benchmarks.peak_memory import peak_bytes, reset_peak
reset_peak()
start, base = time.process_time(), peak_bytes()
entry = {"name": "large", "file": sys.argv[1], "target": "y", "minority": "1"}
"""
_SAY = """
print(json.dumps({"cpu": time.process_time() - start, "peak": (peak_bytes() - base) / 2**20}))
"""
_FIND = "read_cache.findings_of(sources.parse_source(entry, Path()))"
_LOAD = "table = dataset.load_dataset(sources.parse_source(entry, Path())); dataset.without_duplicates(table)"


def main() -> int:
    """Write the file, measure, print the table."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rows", type=int, default=1_000_000)
    ask.add_argument("--columns", type=int, default=20)
    ask.add_argument("--write", type=Path, metavar="FILE", help="put the table into this document")
    args = ask.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_table(folder, args.rows, args.columns)
        text = "\n".join(measured(folder, path, args.rows, args.columns))
    print(text)
    if args.write:
        write(args.write, text)
    return 0


def write_table(folder: Path, rows: int, columns: int) -> Path:
    """Write the file."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    y = (rng.random(rows) < 0.03).astype(int)
    table: dict[str, Any] = {
        f"x{n}": np.round(rng.normal(size=rows) + 0.3 * y, 6) for n in range(columns - 4)
    }
    table |= {f"count{n}": rng.poisson(20 + 3 * y) for n in range(2)}
    table |= {
        f"word{n}": np.array(["red", "green", "blue", "grey"])[rng.integers(0, 4, rows)] for n in range(2)
    }
    path = folder / "large.csv"
    pd.DataFrame({**table, "y": y}).to_csv(path, index=False)
    return path


def measured(folder: Path, path: Path, rows: int, columns: int) -> list[str]:
    """Return the table's lines."""
    first, again, loaded = (process(folder, path, what) for what in (_FIND, _FIND, _LOAD))
    lines = [
        f"{rows:,} rows x {columns} columns, {path.stat().st_size / 1e6:.0f} MB",
        "",
        "| what | CPU s | peak MB |",
        "| --- | ---: | ---: |",
        f"| read the file, search it for leaks, keep it | {first['cpu']:.1f} | {first['peak']:.0f} |",
        f"| the same in a later process | {again['cpu']:.1f} | {again['peak']:.0f} |",
        f"| load the table, count and drop repeated rows | {loaded['cpu']:.1f} | {loaded['peak']:.0f} |",
    ]
    cpu, cells = run(folder, path)
    parts = ("resample", "fit", "predict", "other")
    for cell in cells:
        spent = ", ".join(f"{part} {float(cell[f'{part}_seconds']):.1f}" for part in parts)
        lines.append(f"| cell {cell['method']}, {cell['classifier']}: {spent} s | | |")
    work = sum(float(cell[f"{part}_seconds"]) for cell in cells for part in parts)
    return [*lines, f"| the whole run of these cells; {cpu - work:.1f} s are in no cell | {cpu:.1f} | |"]


def process(folder: Path, path: Path, what: str) -> dict[str, float]:
    """Run code in a process of its own; return its CPU seconds and its peak beyond the imports, in MiB."""
    printed = output_of([sys.executable, "-c", f"{_IMPORTS}\n{what}\n{_SAY}", str(path)], folder)
    found: dict[str, float] = json.loads(printed.splitlines()[-1])
    return found


def run(folder: Path, path: Path) -> tuple[float, list[dict[str, Any]]]:
    """Run two cells; return the CPU seconds of all processes and the lines of cells.csv."""
    experiment = folder / "large.yaml"
    experiment.write_text(
        json.dumps(
            {
                "methods": ["SMOTE"],
                "datasets": [{"name": "large", "file": str(path), "target": "y", "minority": "1"}],
                "selected_classifiers": ["DecisionTree"],
                "cv_folds": 0,
            }
        )
    )
    options = [
        "--smote-experiment",
        str(experiment),
        "--smote-out",
        str(folder / "out"),
        "--smote-memo",
        "off",
    ]
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(ROOT / "benchmarks"),
        "-q",
        "-p",
        "no:cacheprovider",
        "-n0",
    ]
    before = time_of_children()
    output_of([*command, *options, "--smote-no-report"], folder)
    with (folder / "out" / "latest" / "cells.csv").open(newline="", encoding="utf-8") as file:
        return time_of_children() - before, list(csv.DictReader(file))


def output_of(command: list[str], folder: Path) -> str:
    """Run a command from the project's root and return what it printed; stop where it fails."""
    done = subprocess.run(
        command, env=environment(folder), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
    return done.stdout


def time_of_children() -> float:
    """Return the CPU seconds of all processes that were started here and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process: a cache of its own, one thread."""
    own = {"SMOTE_BENCH_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **own, **threads}


def write(path: Path, text: str) -> None:
    """Put the table between the two marks of a document."""
    document = path.read_text(encoding="utf-8")
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"expected {BEGIN} and {END} in {path}, got a document without them")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
