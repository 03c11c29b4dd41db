#!/usr/bin/env python3
"""Run the same grid in one process, with two workers of pytest-xdist, with two of Dask; print the costs.

    python benchmarks/engine_cost.py [--cells 2000] [--rounds 3] [--experiment quick] [--write FILE]

Two tables. The first has a grid of cells that do next to nothing (`scale_stubs.py`): its CPU seconds, of all
processes, without those of a grid of 20 cells, which is the start-up, are what a cell costs beside its work.
The second has an experiment of real cells, by the clock. The ways run in turn, round after round, and the
ratios are those within a round: a machine that is busy with other things slows all three.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.scale import command, run, sides, write_experiment
from smote_bench.commands.documents import write_into

WAYS = {"this process": ["-n0"], "`-n 2`": ["-n2"], "Dask, two workers": ["--smote-engine", "dask"]}


def main() -> int:
    """Measure, and print the tables."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--cells", type=int, default=2000)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--experiment", default="quick", help="off leaves the second table out")
    ask.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this document")
    args = ask.parse_args()
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for table in tables(Path(scratch), args.cells, args.rounds, args.experiment):
            print("\n".join(table), flush=True)
            lines += [*table, ""]
    if args.write:
        write_into(args.write, "engine cost", "\n".join(["", *lines]))
    return 0


def tables(scratch: Path, cells: int, rounds: int, experiment: str) -> Iterator[list[str]]:
    """Yield the tables, each as soon as it is measured."""
    beside: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, words in WAYS.items():
            small, large = (stub_seconds(scratch, size, words) for size in (20, cells))
            beside[way].append(1000 * (large - small) / (cells - 20))
    yield [
        f"| a cell of {cells:,} stubs, CPU ms of all processes | " + " | ".join(WAYS) + " |",
        "| --- |" + " ---: |" * len(WAYS),
        row("median", [statistics.median(values) for values in beside.values()], "{:.1f}"),
        row("of the rounds", [f"{min(values):.1f} to {max(values):.1f}" for values in beside.values()]),
        row("more than in this process", [median_of(beside, way, "-") for way in WAYS], "{:.1f}"),
    ]
    if experiment == "off":
        return
    wall: dict[str, list[float]] = {way: [] for way in list(WAYS)[1:]}
    for number in range(rounds):
        for way in wall:
            folder = scratch / f"{experiment} {number} {len(wall[way])} {way.strip('`')}"
            folder.mkdir()
            words = [*command(Path(experiment), folder / "out"), *WAYS[way], "--smote-no-report"]
            wall[way].append(run(words, folder)[0])
    yield [
        f"| `{experiment}`, wall seconds | " + " | ".join(wall) + " |",
        "| --- |" + " ---: |" * len(wall),
        row("median", [statistics.median(values) for values in wall.values()], "{:.1f}"),
        row("of the rounds", [f"{min(values):.1f} to {max(values):.1f}" for values in wall.values()]),
        row("beside `-n 2`, in a round", [median_of(wall, way, "/") for way in wall], "{:.2f}"),
    ]


def stub_seconds(scratch: Path, size: int, words: list[str]) -> float:
    """Return the CPU seconds of a run of stubs."""
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = Path(name)
        experiment = write_experiment(folder, *sides(size))
        return run([*command(experiment, folder / "out"), *words, "--smote-no-report"], folder)[1]


def median_of(values: dict[str, list[float]], way: str, operation: str) -> float:
    """Return the median over rounds of a difference to the first way, or a ratio."""
    first = next(iter(values.values()))
    pairs = zip(values[way], first, strict=True)
    return statistics.median(a - b if operation == "-" else a / b for a, b in pairs)


def row(name: str, values: list[float] | list[str], shown: str = "{}") -> str:
    """Return a row in Markdown."""
    return f"| {name} | " + " | ".join(shown.format(value) for value in values) + " |"


if __name__ == "__main__":
    sys.exit(main())
