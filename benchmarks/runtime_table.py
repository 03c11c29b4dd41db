#!/usr/bin/env python3
"""Run the cases of the runtime comparison in turns and write the table of ``docs/runtime.md``.

    python benchmarks/runtime_table.py [--rows 1000,10000] [--columns 10] [--limit 300] [--out FILE]

Seconds are of the processor, in one thread: other processes disturb them least. The libraries take turns and
the least of five rounds is quoted, above 50,000 rows the only one. There smote_variants is left out, and at
a million rows all but some cases: the rest would take hours. Above 50,000 rows each library runs in a
process of its own, which ends at the limit. Memory is the peak of what Python and NumPy allocate beyond
the input.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import platform
import resource
import signal
import sys
import time
import tracemalloc
from itertools import groupby
from multiprocessing.connection import Connection
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.runtime_cases import COLUMNS, LIBRARIES, Case, cases, make_data, positive_numbers  # noqa: E402
from smote_bench.commands.documents import check_document, write_into  # noqa: E402

MANY, HUGE = 50_000, 1_000_000
HUGE_CASES = {("SMOTE", 10), ("BorderlineSMOTE", 10), ("ADASYN", 10), ("SMOTE", 50)}
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
    ask.add_argument("--limit", type=float, default=300.0, help="seconds of the processor above 50,000 rows")
    ask.add_argument("--out", type=Path, help="the file whose table is replaced")
    args = ask.parse_args()
    if args.out:
        check_document(args.out, "runtime")  # refused now, not after half an hour
    wanted = [
        case
        for case in cases(args.rows, args.columns)
        if case.n_rows < MANY or case.library != "smote_variants"
        if case.n_rows < HUGE or (case.sampler, case.n_columns) in HUGE_CASES
        if not args.samplers or case.sampler in args.samplers
    ]
    lines = [HEAD]
    print(HEAD)
    for _, group in groupby(wanted, key=lambda case: case.group):
        lines.append(line(list(group), args.limit))
        print(lines[-1], flush=True)
    if args.out:
        write(args.out, lines)
    return int(any("failed" in text for text in lines))


def line(group: list[Case], limit: float) -> str:
    """Measure the libraries in turns; one that fails, or takes longer than the limit, is said to."""
    X, y = make_data(group[0].n_rows, group[0].n_columns)
    peaks: dict[str, str] = {}
    seconds: dict[str, list[float]] = {}
    for case in group:
        try:
            peak, taken = once(case, X, y) if case.n_rows < MANY else once_within(limit, case, X, y)
            peaks[case.library] = f"{peak / 1e6:.0f}" if peak else ""
            seconds[case.library] = [] if case.n_rows < MANY else [taken]
        except Exception as error:
            peaks[case.library] = "failed"
            print(f"{case.group}, {case.library}: {type(error).__name__}: {error}", file=sys.stderr)
    for _ in range(5 if group[0].n_rows < MANY else 0):
        for case in group:
            if case.library in seconds:
                began = time.process_time()
                case.resampler()(X, y)
                seconds[case.library].append(time.process_time() - began)
    least = {library: min(taken) for library, taken in seconds.items()}
    ratio = ""
    if {"imblearn", "ours"} <= set(least) and least["ours"] < limit:
        ratio = f"{_above(least['imblearn'], limit)}{least['imblearn'] / least['ours']:.2f}"
    shown = [
        f"{_above(least[library], limit)}{least[library]:.4f}" if library in least else ""
        for library in LIBRARIES
    ]
    sizes = [group[0].sampler, f"{group[0].n_rows:,}", str(group[0].n_columns)]
    return (
        "| " + " | ".join([*sizes, *shown, ratio, *(peaks.get(library, "") for library in LIBRARIES)]) + " |"
    )


def _above(seconds: float, limit: float) -> str:
    return "> " if seconds >= limit else ""


def once(case: Case, X: object, y: object) -> tuple[int, float]:
    """Return the peak of memory beyond the input, and seconds of the processor; this warms up as well."""
    resample = case.resampler()
    tracemalloc.start()
    try:
        began = time.process_time()
        resample(X, y)  # type: ignore[arg-type]
        return tracemalloc.get_traced_memory()[1], time.process_time() - began
    finally:
        tracemalloc.stop()


def once_within(limit: float, case: Case, X: object, y: object) -> tuple[int, float]:
    """Do so in another process, which the system ends at the limit: then return 0 and the limit."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_in_child, args=(theirs, limit, case, X, y))
    process.start()
    theirs.close()
    try:
        answer: tuple[int, float] = ours.recv()
    except EOFError:
        process.join()
        if process.exitcode != -signal.SIGXCPU:
            raise RuntimeError(f"the process ended with {process.exitcode}") from None
        return 0, limit
    process.join()
    return answer


def _in_child(answer: Connection, limit: float, case: Case, X: object, y: object) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 5))
    answer.send(once(case, X, y))


def write(path: Path, lines: list[str]) -> None:
    """Replace the table of a document."""
    python = f"Python {platform.python_version()}"
    machine = f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, {python}"
    write_into(path, "runtime", "\n".join(["", *lines, "", f"({machine}.)", "", ""]))


if __name__ == "__main__":
    sys.exit(main())
