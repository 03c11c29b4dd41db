#!/usr/bin/env python3
"""Run the original protocol, plainly re-implemented, and this project on one grid in turn; print the ratios.

    python benchmarks/speed.py [--grid small|satimage|both] [--rounds 3]

The reference script is looked for in ``../shared/reference/seed_runner.py`` (or ``--reference FILE``) with
its data beside it; where it is not there this says so and stops. Seconds are of whole process trees, imports
included, for both; the reference's own clock, which leaves its imports out, is printed beside them. Machines
drift, so only ratios of one round are compared; their median is quoted. One thread per process.

The scores of `Original` are compared too: both must have done the same work, to the last digit.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT.parent / "shared" / "reference" / "seed_runner.py"
GRIDS = {"small": ("pima", "ecoli", "haberman", "ionosphere"), "satimage": ("satimage",)}
TARGETS = {"small": (0.40, 0.22), "satimage": (0.80, 0.45)}
# File, target and minority as the reference reads them.
FILES = {
    "pima": ("class", "1"),
    "ecoli": ("class", "imU"),
    "haberman": ("survival_status", "2"),
    "ionosphere": ("class", "b"),
    "satimage": ("class", "4"),
}
METHODS = ("SMOTE", "Borderline_SMOTE1", "distance_SMOTE", "Safe_Level_SMOTE", "ADASYN")


@dataclass(frozen=True)
class Timing:
    """Seconds of a process tree."""

    cpu: float
    wall: float
    output: str


def main() -> int:
    """Run the rounds and print the table; 0 when it ran, 2 when the reference is not there."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--grid", choices=[*GRIDS, "both"], default="both")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--reference", type=Path, default=REFERENCE)
    args = ask.parse_args()
    if not args.reference.is_file():
        print(f"skipped: there is no reference script at {args.reference}; name one with --reference")
        return 2
    for grid in GRIDS if args.grid == "both" else [args.grid]:
        compare(grid, args.rounds, args.reference)
    return 0


def compare(grid: str, rounds: int, reference: Path) -> None:
    """Time one grid and print its ratios."""
    ratios: dict[str, list[float]] = {"cpu, one process": [], "cpu, one process (own clock)": []}
    ratios |= {"wall, -n 2": [], "wall, -n 2 (own clock)": [], "wall, one process": [], "cpu, -n 2": []}
    print(f"{grid}: {', '.join(GRIDS[grid])} x {', '.join(METHODS)} x 4 classifiers")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        experiment = write_experiment(folder, grid, reference.parent.parent / "data" / "mirror")
        for number in range(rounds):
            theirs = run([sys.executable, str(reference), *reference_arguments(grid, folder)])
            alone = run(our_command(experiment, folder / "alone"))
            both = run([*our_command(experiment, folder / "both"), "-n2"])
            check_same_scores(folder / "theirs.csv", folder / "alone", folder / "both")
            own_cpu, own_wall = (own_seconds(theirs.output, what) for what in ("cpu", "wall"))
            found = (
                alone.cpu / theirs.cpu,
                alone.cpu / own_cpu,
                both.wall / theirs.wall,
                both.wall / own_wall,
            )
            for values, ratio in zip(
                ratios.values(), (*found, alone.wall / theirs.wall, both.cpu / theirs.cpu), strict=True
            ):
                values.append(ratio)
            print(
                f"  round {number + 1}: reference {theirs.cpu:.1f} s CPU, {theirs.wall:.1f} s wall; "
                f"one process {alone.cpu:.1f}, {alone.wall:.1f}; -n 2 {both.cpu:.1f}, {both.wall:.1f}"
            )
    cpu_target, wall_target = TARGETS[grid]
    targets = {"cpu, one process": cpu_target, "wall, -n 2": wall_target}
    for what, values in ratios.items():
        goal = f"  (target {targets[what]:.2f})" if what in targets else ""
        spread = f"from {min(values):.2f} to {max(values):.2f}"
        print(f"  {what:30s} {statistics.median(values):.2f}x  {spread}{goal}")


def write_experiment(folder: Path, grid: str, data: Path) -> Path:
    """Write the reference's grid as an experiment: its files, its protocol, nothing removed."""
    datasets = [
        {
            "name": name,
            "file": str(data / f"{name}.csv"),
            "target": FILES[name][0],
            "minority": FILES[name][1],
            "drop_duplicates": False,
        }
        for name in GRIDS[grid]
    ]
    path = folder / "speed.yaml"
    # JSON is YAML.
    path.write_text(json.dumps({"methods": list(METHODS), "datasets": datasets, "preprocessed": True}))
    return path


def reference_arguments(grid: str, folder: Path) -> list[str]:
    """Return the reference's command line."""
    return [
        "--datasets",
        ",".join(GRIDS[grid]),
        "--methods",
        ",".join(METHODS),
        "--out",
        str(folder / "theirs.csv"),
    ]


def our_command(experiment: Path, out: Path) -> list[str]:
    """Return our command line; nothing is remembered from an earlier round."""
    options = ["--smote-experiment", str(experiment), "--smote-out", str(out), "--smote-memo", "off"]
    return [
        sys.executable,
        "-m",
        "pytest",
        str(ROOT / "benchmarks"),
        "-q",
        "-p",
        "no:cacheprovider",
        *options,
    ]


def run(command: list[str]) -> Timing:
    """Run a command from the project's root and time its process tree."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
    return Timing(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, done.stdout)


def own_seconds(output: str, what: str) -> float:
    """Return the seconds that the reference says it took."""
    found = re.search(rf"{what}_seconds ([\d.]+)", output)
    if found is None:
        raise SystemExit(f"expected {what}_seconds in what the reference printed, got:\n{output[-3000:]}")
    return float(found[1])


def check_same_scores(theirs: Path, *outs: Path) -> None:
    """Compare every score of `Original`, which both compute from the same rows and seeds."""
    expected: dict[tuple[str, ...], dict[str, str]] = {}
    with theirs.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["method"] == "Original":
                expected[row["dataset"], row["classifier"], row["phase"], row["fold"]] = row
    for out in outs:
        compared = 0
        with (out / "latest" / "scores.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                if row["method"] != "Original" or not row["value"]:
                    continue
                key = (row["dataset"], row["classifier"], row["phase"], row["fold"])
                if row["metric"] in expected[key]:
                    compared += 1
                    difference = abs(float(expected[key][row["metric"]]) - float(row["value"]))
                    assert difference < 1e-12, (key, row, expected[key][row["metric"]])
        assert compared > 100, f"only {compared} scores could be compared"


if __name__ == "__main__":
    sys.exit(main())
