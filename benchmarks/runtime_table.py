#!/usr/bin/env python3
"""Run the cases of the runtime comparison in turns and write the table of ``docs/runtime.md``.

    python benchmarks/runtime_table.py [--rows 1000,10000] [--columns 10,50] [--out docs/runtime.md]

Seconds are of the processor, in one thread: other processes disturb them least. The libraries take turns and
the median round is quoted, of five; above 50,000 rows of three, at a million one. There only SMOTE is run,
and without smote_variants: the others would take hours. Memory is the peak of what Python and NumPy allocate
beyond the input, in a round of its own.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
import tracemalloc
from itertools import groupby
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.runtime_cases import COLUMNS, LIBRARIES, Case, cases, make_data, positive_numbers  # noqa: E402
from smote_bench.commands.documents import check_document, write_into  # noqa: E402

MANY, HUGE = 50_000, 1_000_000
HEAD = (
    "| sampler | rows | columns | ours, s | imblearn, s | smote_variants, s | imblearn / ours "
    "| ours, MB | imblearn, MB | smote_variants, MB |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def main() -> int:
    """Measure, print each line when it is there, write the table; 1 when a library failed somewhere."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rows", type=positive_numbers, default=(1_000, 10_000, 100_000, 1_000_000))
    ask.add_argument("--columns", type=positive_numbers, default=COLUMNS)
    ask.add_argument("--samplers", type=lambda text: text.split(","), help="only these, with commas between")
    ask.add_argument("--out", type=Path, help="the file whose table is replaced")
    args = ask.parse_args()
    if args.out:
        check_document(args.out, "runtime")  # refused now, not after half an hour
    wanted = [
        case
        for case in cases(args.rows, args.columns)
        if case.n_rows < HUGE or (case.sampler == "SMOTE" and case.library != "smote_variants")
        if not args.samplers or case.sampler in args.samplers
    ]
    lines = [HEAD]
    print(HEAD)
    for _, group in groupby(wanted, key=lambda case: case.group):
        lines.append(line(list(group)))
        print(lines[-1], flush=True)
    if args.out:
        write(args.out, lines)
    return int(any("failed" in text for text in lines))


def line(group: list[Case]) -> str:
    """Measure the libraries in turns; one that fails is said to have failed."""
    X, y = make_data(group[0].n_rows, group[0].n_columns)
    peaks: dict[str, str] = {}
    seconds: dict[str, list[float]] = {}
    for case in group:
        try:
            peaks[case.library] = f"{peak_bytes(case, X, y) / 1e6:.0f}"
            seconds[case.library] = []
        except Exception as error:
            peaks[case.library] = "failed"
            print(f"{case.group}, {case.library}: {type(error).__name__}: {error}", file=sys.stderr)
    n_rows = group[0].n_rows
    for _ in range(1 if n_rows >= HUGE else 3 if n_rows >= MANY else 5):
        for case in group:
            if case.library in seconds:
                began = time.process_time()
                case.resampler()(X, y)
                seconds[case.library].append(time.process_time() - began)
    medians = {library: statistics.median(taken) for library, taken in seconds.items()}
    ratio = f"{medians['imblearn'] / medians['ours']:.2f}" if {"imblearn", "ours"} <= set(medians) else ""
    shown = [f"{medians[library]:.4f}" if library in medians else "" for library in LIBRARIES]
    sizes = [group[0].sampler, f"{group[0].n_rows:,}", str(group[0].n_columns)]
    return (
        "| " + " | ".join([*sizes, *shown, ratio, *(peaks.get(library, "") for library in LIBRARIES)]) + " |"
    )


def peak_bytes(case: Case, X: object, y: object) -> int:
    """Return the peak of memory beyond the input; this warms up as well."""
    resample = case.resampler()
    tracemalloc.start()
    try:
        resample(X, y)  # type: ignore[arg-type]
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def write(path: Path, lines: list[str]) -> None:
    """Replace the table of a document."""
    python = f"Python {platform.python_version()}"
    machine = f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, {python}"
    write_into(path, "runtime", "\n".join(["", *lines, "", f"({machine}.)", "", ""]))


if __name__ == "__main__":
    sys.exit(main())
