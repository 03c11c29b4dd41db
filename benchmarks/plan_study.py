#!/usr/bin/env python3
"""Hold `smote-bench plan` against a real run: a random part of an experiment's cells, with ``-n 2``.

    python benchmarks/plan_study.py default --share 0.1
    python benchmarks/plan_study.py grid --cells 100 --timeout 20  # 110 methods, 14 data sets, 5 classifiers
    python benchmarks/plan_study.py default --share 0.1 --write docs/plan.md

Cells are drawn by a seed and planned before they are run, with the memo off. CPU seconds are those of all
processes of the run, which other programs on the machine change little; seconds by the clock they change a
lot, so the load is told, and the schedule is simulated once more from the seconds that the cells really took.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from smote_bench.engines.costs import longest_groups_first
from smote_bench.engines.planning.plan import Plan, Request, plan_of, take_basis
from smote_bench.engines.planning.schedule import Group, simulate
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import read_experiment
from smote_bench.experiment.model import Experiment
from smote_bench.experiment.shipped import experiment_path
from smote_bench.methods.names import method_names

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- measured: python benchmarks/plan_study.py {} -->", "<!-- end -->"
CLASSIFIERS = ("RandomForest", "DecisionTree", "LogisticRegression", "kNN", "HistGradientBoosting")
CATEGORICAL = ("SMOTEN", "SMOTENC", "ours.SMOTEN", "ours.SMOTENC")


@dataclass(frozen=True)
class Real:
    """What a run took: CPU seconds of all its processes, seconds by the clock, and of each cell."""

    cpu: float
    wall: float
    load: float
    status: Mapping[Cell, str]
    parts: Mapping[Cell, tuple[float, float]]


def main() -> int:
    """Plan, run, compare, and print the table."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("experiment", help="one that comes with smote-bench, a file, or grid")
    ask.add_argument("--share", type=float, help="which share of the cells is run")
    ask.add_argument("--cells", type=int, help="or how many")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--timeout", type=float, default=1800.0)
    ask.add_argument("--calibrate", type=float)
    ask.add_argument("--top", type=int, default=0, help="print so many of the dearest cells, too")
    ask.add_argument("--write", type=Path, metavar="FILE", help="put the table into this document")
    args = ask.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = write_grid(Path(scratch)) if args.experiment == "grid" else experiment_path(args.experiment)
        experiment = read_experiment(path)
        cells = drawn(experiment, args.cells or round((args.share or 0.1) * len(experiment.cells)), args.seed)
        request = Request(workers=(1, 2), timeout=args.timeout, calibrate=args.calibrate, engine="xdist")
        basis = take_basis(experiment, request, cells, say=tell)
        plan = plan_of(experiment, request, cells, basis)
        tell(f"planned: {cpu_on(plan, 2):.0f} s of CPU, {plan.wall[2].seconds:.0f} s by the clock")
        real = run(path, cells, Path(scratch), args.timeout)
    shared = replace(request, timeout=args.timeout * core_share(real))
    again = plan_of(experiment, shared, cells, basis)
    text = "\n".join(table(experiment, plan, again, real, args.timeout, args.seed))
    print(text)
    for line in dearest(plan, real, args.timeout)[: args.top]:
        print(line)
    if args.write:
        write(args.write, args.experiment, text)
    return 0


def tell(text: str) -> None:
    """Say what is being done."""
    print(text, file=sys.stderr, flush=True)


def write_grid(folder: Path) -> Path:
    """Write an experiment of 110 methods on the data sets of default, with 5 classifiers."""
    default = read_experiment(experiment_path("default"))
    methods = [name for name, _, _ in method_names() if name not in CATEGORICAL][:110]
    content = {
        "name": "grid",
        "methods": methods,
        "datasets": list(default.datasets),
        "selected_classifiers": list(CLASSIFIERS),
    }
    path = folder / "grid.yaml"
    path.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
    return path


def drawn(experiment: Experiment, n: int, seed: int) -> list[Cell]:
    """Return so many cells by chance, in the order of the experiment."""
    names = list(experiment.cells)
    chosen = set(random.Random(seed).sample(names, n))
    return [experiment.cells[name] for name in names if name in chosen]


def core_share(real: Real) -> float:
    """Return which share of a core each of two workers got; time limits are by the clock, a plan's of CPU."""
    return min(1.0, real.cpu / real.wall / 2)


def cpu_on(plan: Plan, n_workers: int) -> float:
    """Return the CPU seconds of a run: what workers do, and each process's start."""
    return plan.wall[n_workers].busy + plan.start * (n_workers + 1)


def run(path: Path, cells: Sequence[Cell], folder: Path, timeout: float) -> Real:
    """Run the cells through pytest."""
    names = [f"{ROOT / 'benchmarks' / 'test_grid.py'}::test_cell[{cell.id}]" for cell in cells]
    options = ["--smote-experiment", str(path), "--smote-out", str(folder / "out"), "--smote-memo", "off"]
    options += ["--smote-no-report", f"--smote-timeout={timeout:g}", "-n2", "-q", "-p", "no:cacheprovider"]
    before, load = resource.getrusage(resource.RUSAGE_CHILDREN), os.getloadavg()[0]
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *names, *options],
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"the run ended with {done.returncode}:\n{done.stdout[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    status, parts = read_cells(folder / "out" / "latest" / "cells.csv")
    return Real(cpu, wall, (load + os.getloadavg()[0]) / 2, status, parts)


def read_cells(path: Path) -> tuple[dict[Cell, str], dict[Cell, tuple[float, float]]]:
    """Return the status of each cell, and its seconds: of resampling, and of all else."""
    status, parts = {}, {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cell = Cell(row["dataset"], row["method"], row["classifier"])
            own = math.fsum(float(row[f"{part}_seconds"] or 0) for part in ("fit", "predict", "other"))
            status[cell], parts[cell] = row["status"], (float(row["resample_seconds"] or 0), own)
    return status, parts


def real_seconds(real: Real, timeout: float) -> dict[Cell, float]:
    """Return by the clock what each cell took, resampling with the first of its group."""
    found, groups = {}, set()
    for cell, (resampling, own) in real.parts.items():
        seconds = own + (0.0 if cell.group in groups else resampling)
        found[cell] = timeout if real.status[cell] == "timeout" else seconds
        groups.add(cell.group)
    return found


def replayed(plan: Plan, real: Real, timeout: float) -> float:
    """Return the wall time of the schedule, simulated from the seconds that the cells took.

    In the order in which they were given out, which is by what they were estimated to take.
    """
    took = real_seconds(real, timeout)
    members: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in took:
        members[cell.group].append(cell)
    planned = {c: s for cost in plan.groups for c, s in zip(cost.cells, cost.seconds, strict=True)}
    ranks = longest_groups_first(planned, planned.__getitem__)
    ordered = sorted((name for name in members if name in ranks), key=lambda name: (ranks[name], name))
    groups = [
        Group(*name, tuple(took[cell] for cell in members[name]), tuple(c.classifier for c in members[name]))
        for name in ordered
    ]
    # start-up is CPU, which takes longer by the clock where workers get less than a core
    return simulate(groups, 2, start=2 * plan.start / core_share(real)).seconds


def table(
    experiment: Experiment, plan: Plan, shared: Plan, real: Real, timeout: float, seed: int
) -> list[str]:
    """Return the comparison as a table in Markdown.

    Where cells ran into the limit, what they took is a share of it: `shared` is planned with that share.
    """
    planned = cpu_on(plan, 2)
    n_over = sum(status == "timeout" for status in real.status.values())
    ratios = [p / r for p, r in pairs(plan, real, timeout) if r > 0.2 and p > 0]
    off = sorted(max(ratio, 1 / ratio) for ratio in ratios)
    share = plan.n_asked / len(experiment.cells)
    again = replayed(plan, real, timeout)
    rows = {
        "cells of the experiment": f"{len(experiment.cells):,}",
        f"run, drawn with seed {seed}": f"{plan.n_asked:,} ({share:.1%})",
        "time limit of a cell, s": f"{timeout:g}",
        "calibration, wall s": f"{plan.calibration.seconds:.0f}",
        "planned CPU, s": f"{planned:.0f}",
        "measured CPU, s": f"{real.cpu:.0f}",
        "**planned by measured**": f"**{planned / real.cpu:.2f}**",
        "planned with the limit times the share of a core that workers got, s": f"{cpu_on(shared, 2):.0f}",
        "**that by measured**": f"**{cpu_on(shared, 2) / real.cpu:.2f}**",
        "planned wall with `-n 2`, s": f"{plan.wall[2].seconds:.0f}",
        "measured wall, s": f"{real.wall:.0f}",
        "CPU by wall of two cores": f"{real.cpu / real.wall / 2:.0%}",
        "load of the machine (mean of start and end)": f"{real.load:.1f}",
        "wall simulated from the cells' own seconds, s": f"{again:.0f}",
        "**simulated by measured wall**": f"**{again / real.wall:.2f}**",
        "cells over the limit: planned, measured": f"{plan.n_over_time}, {n_over}",
    }
    if off:
        most = off[max(0, math.ceil(0.9 * len(off)) - 1)]
        rows["cells above 0.2 s: off by, in half, in 9 of 10"] = f"{statistics.median(off):.1f}, {most:.1f}"
    head = f"{len(experiment.methods)} methods x {len(experiment.datasets)} data sets"
    head += f" x {len(experiment.classifiers)} classifiers"
    return [
        f"| {experiment.name} | {head} |",
        "| --- | ---: |",
        *(f"| {name} | {value} |" for name, value in rows.items()),
    ]


def pairs(plan: Plan, real: Real, timeout: float) -> list[tuple[float, float]]:
    """Return planned and real seconds of each cell."""
    took = real_seconds(real, timeout)
    planned = {c: s for cost in plan.groups for c, s in zip(cost.cells, cost.seconds, strict=True)}
    return [(planned[cell], took[cell]) for cell in took if cell in planned]


def dearest(plan: Plan, real: Real, timeout: float) -> list[str]:
    """Return a line for each cell, the dearest first: planned and real seconds, status."""
    took = real_seconds(real, timeout)
    planned = {c: s for cost in plan.groups for c, s in zip(cost.cells, cost.seconds, strict=True)}
    both = [(planned[c], took[c], c) for c in took if c in planned]
    both.sort(key=lambda one: -max(one[:2]))
    return [f"{p:8.2f} {r:8.2f} {real.status[c]:8} {c.id}" for p, r, c in both]


def write(path: Path, name: str, text: str) -> None:
    """Put a table between its two marks of a document."""
    begin = BEGIN.format(name)
    document = path.read_text(encoding="utf-8")
    before, found, rest = document.partition(begin)
    _, end, after = rest.partition(END)
    if not found or not end:
        raise SystemExit(f"expected {begin} and {END} in {path}, got a document without them")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
