#!/usr/bin/env python3
"""Run the original protocol, plainly re-implemented, and this project on one grid in turn; print the ratios.

    python benchmarks/speed.py [--grid small|satimage|both] [--rounds 3] [--shares]

The reference script is looked for in ``../shared/reference/seed_runner.py`` (or ``--reference FILE``) with
its data beside it; where it is not there this says so and stops. Seconds are of whole process trees, imports
included, for both; the reference's own clock, which leaves its imports out, is printed beside them. Machines
drift, so only ratios of one round are compared; their median is quoted. One thread per process.

Ours runs without the report and with it. With ``--shares``, or SMOTE_BENCH_SHARES=1 in the environment, one
more run in one process, under cProfile, says what its time goes to.

The scores of `Original` are compared too: both must have done the same work, to the last digit.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import pstats
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
# CPU in one process, wall with -n 2, of the reference's.
TARGETS = {
    "small": {"without report": (0.13, 0.10), "with report": (0.20, 0.18)},
    "satimage": {"with report": (0.60, 0.35)},
}
# Functions whose time is told, by the end of the file's name. What one of them imports counts there, too.
SHARES = {
    "imports": (("importlib._bootstrap>", "_find_and_load"),),
    "resample": (("evaluation/folds.py", "_resample"),),
    "fit": (("classifiers/fitting.py", "fit_predict"),),
    "of it predict": (("classifiers/fitting.py", "_predict_from"),),
    "score": (("smote_bench/scoring.py", "score_fold"),),
    "store": (("runs/recorder.py", "record"),),
    "of it extras (points, descriptors)": (("evaluation/extras.py", "take_extra"),),
    "keys": (("runs/keys.py", "key"),),
    "tables": (("runs/files.py", "write_run"),),
    "report": (("report/build.py", "write_report"),),
}
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
    ask.add_argument(
        "--shares", action="store_true", default=os.environ.get("SMOTE_BENCH_SHARES", "0") not in ("", "0")
    )
    args = ask.parse_args()
    if not args.reference.is_file():
        print(f"skipped: there is no reference script at {args.reference}; name one with --reference")
        return 2
    for grid in GRIDS if args.grid == "both" else [args.grid]:
        compare(grid, args.rounds, args.reference, shares=args.shares)
    return 0


def compare(grid: str, rounds: int, reference: Path, *, shares: bool = False) -> None:
    """Time one grid and print its ratios."""
    ratios: dict[str, list[float]] = {}
    print(f"{grid}: {', '.join(GRIDS[grid])} x {', '.join(METHODS)} x 4 classifiers")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        experiment = write_experiment(folder, grid, reference.parent.parent / "data" / "mirror")
        for number in range(rounds):
            theirs = run([sys.executable, str(reference), *reference_arguments(grid, folder)])
            own_cpu, own_wall = (own_seconds(theirs.output, what) for what in ("cpu", "wall"))
            print(f"  round {number + 1}: reference {theirs.cpu:.1f} s CPU, {theirs.wall:.1f} s wall", end="")
            for report, options in {"without report": ["--smote-no-report"], "with report": []}.items():
                outs = [folder / f"{report}-{number}-{n}" for n in (1, 2)]
                alone = run([*our_command(experiment, outs[0]), *options, "-n0"])
                both = run([*our_command(experiment, outs[1]), *options, "-n2"])
                check_same_scores(folder / "theirs.csv", *outs)
                for what, ratio in {
                    "cpu, one process": alone.cpu / theirs.cpu,
                    "cpu, one process (own clock)": alone.cpu / own_cpu,
                    "wall, one process": alone.wall / theirs.wall,
                    "cpu, -n 2": both.cpu / theirs.cpu,
                    "wall, -n 2": both.wall / theirs.wall,
                    "wall, -n 2 (own clock)": both.wall / own_wall,
                }.items():
                    ratios.setdefault(f"{report}: {what}", []).append(ratio)
                print(
                    f"; {report} one process {alone.cpu:.1f}, {alone.wall:.1f}; "
                    f"-n 2 {both.cpu:.1f}, {both.wall:.1f}",
                    end="",
                )
            print(flush=True)
        targets = {
            f"{report}: {what}": target
            for report, pair in TARGETS[grid].items()
            for what, target in zip(("cpu, one process", "wall, -n 2"), pair, strict=True)
        }
        for what, values in ratios.items():
            goal = f"  (target {targets[what]:.2f})" if what in targets else ""
            spread = f"from {min(values):.2f} to {max(values):.2f}"
            print(f"  {what:44s} {statistics.median(values):.2f}x  {spread}{goal}")
        if shares:
            print_shares(experiment, folder)


def print_shares(experiment: Path, folder: Path) -> None:
    """Run the grid in one process under cProfile and print what its time goes to."""
    profile = folder / "profile"
    python, *rest = our_command(experiment, folder / "shares")
    # Without a limit cells are computed in this process, not in its child: a profile is of one process.
    run([python, "-m", "cProfile", "-o", str(profile), *rest, "-n0", "--smote-timeout", "0"])
    stats = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]  # missing in its types
    total = sum(own for _, _, own, _, _ in stats.values())
    print(f"  shares of {total:.1f} s in one process, under cProfile:")
    for what, functions in SHARES.items():
        found = [
            seconds
            for (file, _, name), (_, _, _, seconds, _) in stats.items()
            if any(file.endswith(end) and name == wanted for end, wanted in functions)
        ]
        if not found:
            raise SystemExit(f"expected {functions} in the profile, got none: it has another name now")
        print(f"    {what:36s} {sum(found) / total:6.1%}")


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
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # with it each process compiles all modules again
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
