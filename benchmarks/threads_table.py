#!/usr/bin/env python3
"""Run our samplers with one thread and with two, and write seconds and memory into ``docs/runtime.md``.

    python benchmarks/threads_table.py [--rows 10000,1000000] [--samplers SMOTE] [--seconds 15] [--out FILE]

Each sampler and size has a process of its own, which reads the data from a file and calls the sampler with
one thread and with two, in turns. Both have to give the same bytes. Shown are medians over that fourth of
the rounds during which other processes took least of the processor. Memory is the peak of the process, trees
and whatever else Python does not see included, less what it held before: beyond the input, the resampled
data included. It needs Linux.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.peak_memory import peak_bytes, reset_peak  # noqa: E402
from benchmarks.runtime_cases import Case, make_data, positive_numbers  # noqa: E402
from smote_bench.commands.documents import check_document, write_into  # noqa: E402

SAMPLERS = ("SMOTE", "BorderlineSMOTE", "ADASYN")
COLUMNS = 20
THREADS = (1, 2)
# From here on one row in a hundred is of the minority where all rows are searched for it, else one in ten.
HUGE = 500_000
HEAD = (
    "| sampler | rows | of the minority | CPU s, 1 thread | 2 threads | wall s, 1 thread | 2 threads "
    "| wall 1 / 2 | cores that others took | output, MB | peak MB, 1 thread | 2 threads |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)
# What stands in a line.
CELLS = (
    *("sampler", "rows", "minority", "cpu 1", "cpu 2", "wall 1", "wall 2", "ratio", "others"),
    *("output", "peak 1", "peak 2"),
)
_DIGITS = {"ratio": 2, "others": 1}


def main() -> int:
    """Measure, print each line when it is there, write the table."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rows", type=positive_numbers, default=(10_000, 100_000, 1_000_000))
    ask.add_argument("--samplers", type=lambda text: text.split(","), default=SAMPLERS)
    ask.add_argument("--seconds", type=float, default=15.0, help="of the processor, for the rounds of a line")
    ask.add_argument("--out", type=Path, help="the file whose table is replaced")
    ask.add_argument("--measure", nargs=3, metavar=("FOLDER", "SAMPLER", "SECONDS"), help=argparse.SUPPRESS)
    args = ask.parse_args()
    if args.measure:
        folder, sampler, limit = args.measure
        print(json.dumps(measured(Path(folder), sampler, float(limit))))
        return 0
    if args.out:
        check_document(args.out, "threads")  # refused now, not after minutes
    lines = [HEAD]
    print(HEAD)
    for n_rows in args.rows:
        for sampler in args.samplers:
            lines.append(line(sampler, n_rows, args.seconds))
            print(lines[-1], flush=True)
    if args.out:
        write(args.out, lines)
    return 0


def line(sampler: str, n_rows: int, limit: float) -> str:
    """Measure one sampler on one size in a process of its own."""
    X, y = make_data(n_rows, COLUMNS, 0.01 if n_rows >= HUGE and sampler != "SMOTE" else 0.1)
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder), X, y)
        command = [sys.executable, __file__, "--measure", folder, sampler, str(limit)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    shown = [sampler, f"{n_rows:,}", f"{int((y == 1).sum()):,}"]
    for name in CELLS[3:]:
        number = found[name]
        megabytes = name == "output" or name.startswith("peak")
        shown.append(f"{number / 1e6:.0f}" if megabytes else f"{number:.{_DIGITS.get(name, 3)}f}")
    return f"| {' | '.join(shown)} |"


def save(folder: Path, X: Any, y: Any) -> None:
    """Write the data where `measured` finds them."""
    import numpy as np

    np.save(folder / "X.npy", X)
    np.save(folder / "y.npy", y)


def measured(folder: Path, sampler: str, limit: float) -> dict[str, float]:
    """Return medians over the quiet rounds, bytes of the output, and the peak with each number of threads."""
    import numpy as np

    X, y = np.load(folder / "X.npy"), np.load(folder / "y.npy")
    for n_threads in THREADS:
        resampled(sampler, n_threads, X[:2_000], y[:2_000])  # what the first call loads is no memory of it
    reset_peak()
    before, began = peak_bytes(), time.process_time()
    peaks = dict.fromkeys(THREADS, 0)
    rounds: list[dict[str, float]] = []
    while not rounds or time.process_time() - began < limit:
        busy, clock, prints = busy_seconds(), time.perf_counter(), set()
        found: dict[str, float] = {}
        for n_threads in THREADS:
            reset_peak()
            seconds, n_bytes, fingerprint = resampled(sampler, n_threads, X, y)
            found |= {f"{kind} {n_threads}": value for kind, value in seconds.items()}
            prints.add(fingerprint)
            peaks[n_threads] = max(peaks[n_threads], peak_bytes() - before)
        if len(prints) != 1:
            raise SystemExit(f"expected the same rows of {sampler} with one thread and with two, got others")
        others = busy_seconds() - busy - found["cpu 1"] - found["cpu 2"]
        found["others"] = max(0.0, others) / (time.perf_counter() - clock)
        rounds.append({**found, "ratio": found["wall 1"] / found["wall 2"]})
    quiet = sorted(rounds, key=lambda found: found["others"])[: max(1, len(rounds) // 4)]
    medians = {name: float(np.median([found[name] for found in quiet])) for name in quiet[0]}
    return {**medians, "output": n_bytes, **{f"peak {n}": peaks[n] for n in THREADS}}


def resampled(sampler: str, n_threads: int, X: Any, y: Any) -> tuple[dict[str, float], int, str]:
    """Resample; return seconds of the processor and of the clock, bytes of the output, and their digest."""
    resample = Case(sampler, len(X), X.shape[1], "ours").resampler(n_jobs=n_threads)
    cpu, wall = time.process_time(), time.perf_counter()
    rows, labels = resample(X, y)
    seconds = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return seconds, rows.nbytes + labels.nbytes, hashlib.sha256(rows).hexdigest()


def busy_seconds() -> float:
    """Return the seconds that all processors together have worked since the machine was started."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, *rest = map(int, fields[:8])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def write(path: Path, lines: list[str]) -> None:
    """Replace the table of a document."""
    python = f"Python {platform.python_version()}"
    machine = f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, {python}"
    write_into(path, "threads", "\n".join(["", *lines, "", f"({machine}.)", "", ""]))


if __name__ == "__main__":
    sys.exit(main())
