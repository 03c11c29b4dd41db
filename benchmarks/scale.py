#!/usr/bin/env python3
"""Run grids of many cells that do next to nothing, and print what they cost beside that.

    python benchmarks/scale.py [--cells 1000,10000,100000] [--out FOLDER] [--write docs/scale.md]

Each grid has data sets of 60 rows, as many methods and 10 classifiers, all stubs (`scale_stubs.py`), the
hold-out alone, and runs with ``-n 2``. CPU seconds are of all processes. Beside a cell is what is beyond
the start-up and beyond the cell's own resampling, fitting and predicting, which are measured with every
outcome; the start-up is that of a grid of 20 cells. The exponent is the slope of log(CPU seconds without
start-up) over log(cells): 1 where ten times the cells cost ten times as much. The page is opened in a
headless Chromium, where there is one. A loop of fixed work is timed beside each grid: on a machine that is
busy with other things its CPU seconds grow, and so do all others.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import ctypes
import json
import math
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLASSIFIERS = 10
BEGIN, END = "<!-- measured: python benchmarks/scale.py -->", "<!-- end -->"


@dataclass
class Measured:
    """What a grid took. Seconds are CPU seconds of all processes, unless they are called wall."""

    cells: int
    datasets: int
    methods: int
    loop: float = 0.0
    collect: float = 0.0
    run: float = 0.0
    run_wall: float = 0.0
    stubs: float = 0.0
    controller: float = 0.0
    tables: float = 0.0
    controller_peak: int = 0
    worker_peak: int = 0
    report: float = 0.0
    report_wall: float = 0.0
    report_peak: int = 0
    page_bytes: int = 0
    page_seconds: float | None = None


def main() -> int:
    """Run the grids and print the table."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--cells", default="1000,10000,100000")
    ask.add_argument("--out", type=Path, help="keep the runs here (default: a folder that is removed)")
    ask.add_argument("--no-report", action="store_true")
    ask.add_argument("--write", type=Path, metavar="FILE", help="put the table into this document")
    args = ask.parse_args()
    sizes = [int(word) for word in args.cells.split(",")]
    with tempfile.TemporaryDirectory() as scratch:
        out = (args.out or Path(scratch)).resolve()
        start = measure(20, out, report=False).run
        found = []
        for size in sizes:
            found.append(measure(size, out, report=not args.no_report))
            text = "\n".join([*table(found, start), "", exponent_words(found, start)])
            print(text, flush=True)
            if args.write:
                write(args.write, text)
    return 0


def measure(size: int, out: Path, *, report: bool = True) -> Measured:
    """Make a grid, collect it, run it with two workers, report it and open its page."""
    datasets, methods = sides(size)
    folder = out / f"cells_{size}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = Measured(size, datasets, methods, loop=loop_seconds())
    experiment = write_experiment(folder, datasets, methods)
    _, found.collect = run([*command(experiment, folder / "collected"), "--collect-only"], folder)
    found.run_wall, found.run = run(
        [*command(experiment, folder / "out"), "-n2", "--smote-no-report"], folder
    )
    read_probe(folder / "probe", found)
    run_folder = (folder / "out" / "latest").resolve()
    found.stubs = stub_seconds(run_folder / "cells.csv", size)
    if report:
        found.report_wall, found.report = run(
            [sys.executable, "-c", _REPORT, "report", str(run_folder)], folder
        )
        found.report_peak = int((folder / "report_peak").read_text())
        page = run_folder / "report.html"
        found.page_bytes = page.stat().st_size
        found.page_seconds = opening_seconds(page)
    return found


def sides(size: int) -> tuple[int, int]:
    """Return how many data sets and methods make a grid of a size, as equal as they can be.

    >>> sides(1000), sides(10_000), sides(100_000)
    ((10, 10), (25, 40), (100, 100))
    """
    pairs, rest = divmod(size, CLASSIFIERS)
    if rest or pairs < 2:
        raise SystemExit(f"expected sizes that are multiples of {CLASSIFIERS}, 20 or more, got {size}")
    datasets = next(n for n in range(int(math.sqrt(pairs)), 0, -1) if pairs % n == 0)
    return datasets, pairs // datasets


def loop_seconds() -> float:
    """Return the CPU seconds of a loop that is always the same."""
    start, total = time.process_time(), 0
    for number in range(5_000_000):
        total += number % 7
    return time.process_time() - start


def read_probe(path: Path, found: Measured) -> None:
    """Read what `scale_probe` wrote in each process."""
    stages: dict[tuple[str, str], dict[str, float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        stage = json.loads(line)
        stages[stage["process"], stage["stage"]] = stage
    end, cells = stages["controller", "tables"], stages["controller", "cells"]
    found.controller, found.tables = cells["cpu"], end["cpu"] - cells["cpu"]
    found.controller_peak = int(end["peak_bytes"])
    found.worker_peak = int(max(s["peak_bytes"] for (name, _), s in stages.items() if name != "controller"))


def stub_seconds(cells: Path, size: int) -> float:
    """Return the seconds of the cells' own work; stop unless all were computed."""
    with cells.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    done = sum(row["status"] in ("ok", "noop") for row in rows)
    if done != size:
        raise SystemExit(f"expected {size} cells that are ok, got {done} in {cells}")
    # Resampling is shared by the classifiers of a method.
    shared = CLASSIFIERS
    return math.fsum(
        float(row["resample_seconds"] or 0) / shared
        + float(row["fit_seconds"] or 0)
        + float(row["predict_seconds"] or 0)
        for row in rows
    )


def opening_seconds(page: Path) -> float | None:
    """Return the seconds until a headless Chromium shows the page's first screen and its first figure."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("SMOTE_BENCH_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1280, "height": 800})
        view.set_default_timeout(120_000)
        start = time.perf_counter()
        view.goto(page.resolve().as_uri())
        view.wait_for_function("performance.getEntriesByName('first-view').length > 0")
        seconds = time.perf_counter() - start
        view.wait_for_selector("section#answer")
        browser.close()
    return seconds


def table(found: list[Measured], start: float) -> list[str]:
    """Return what was measured as a table in Markdown, a column for each grid."""
    rows: dict[str, list[str]] = {
        "data sets x methods x classifiers": [f"{m.datasets} x {m.methods} x {CLASSIFIERS}" for m in found],
        "collection alone, s": [f"{m.collect:.1f}" for m in found],
        "run with `-n 2`, s": [f"{m.run:.1f}" for m in found],
        "of it the controller until the last cell, s": [f"{m.controller:.1f}" for m in found],
        "of it tables and manifest, s": [f"{m.tables:.1f}" for m in found],
        "of it the stubs' own work, s": [f"{m.stubs:.1f}" for m in found],
        "beside a cell, ms": [f"{1000 * (m.run - start - m.stubs) / m.cells:.2f}" for m in found],
        "run, wall s": [f"{m.run_wall:.1f}" for m in found],
        "controller's highest memory, MB": [f"{m.controller_peak / 1e6:.0f}" for m in found],
        "a worker's highest memory, MB": [f"{m.worker_peak / 1e6:.0f}" for m in found],
    }
    if any(m.report for m in found):
        rows |= {
            "report, s": [f"{m.report:.1f}" for m in found],
            "report, wall s": [f"{m.report_wall:.1f}" for m in found],
            "report's highest memory, MB": [f"{m.report_peak / 1e6:.0f}" for m in found],
            "page, MB": [f"{m.page_bytes / 1e6:.1f}" for m in found],
            "page opens in, wall s": [
                "-" if m.page_seconds is None else f"{m.page_seconds:.1f}" for m in found
            ],
        }
    rows["the loop of fixed work, s"] = [f"{m.loop:.2f}" for m in found]
    header = ["cells", *(f"{m.cells:,}" for m in found)]
    body = [[name, *values] for name, values in rows.items()]
    return ["| " + " | ".join(row) + " |" for row in (header, ["---", *("---:" for _ in found)], *body)]


def exponent_words(found: list[Measured], start: float) -> str:
    """Say how CPU seconds grow with cells: of the run without its start-up, and without the stubs' work."""
    if len(found) < 2:
        return ""
    x = [math.log(m.cells) for m in found]
    parts = {
        "the run": [math.log(m.run - start) for m in found],
        "the run in units of the loop": [math.log((m.run - start) / m.loop) for m in found],
    }
    words = ", ".join(f"of {name} {slope(x, y):.3f}" for name, y in parts.items())
    return f"Start-up (20 cells): {start:.1f} s of CPU, not counted. Exponent {words}."


def slope(x: list[float], y: list[float]) -> float:
    """Return the slope of the least-squares line.

    >>> slope([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    2.0
    """
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    above = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return above / math.fsum((a - mean_x) ** 2 for a in x)


def write(path: Path, text: str) -> None:
    """Put the table between the two marks of a document."""
    document = path.read_text(encoding="utf-8")
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"expected {BEGIN} and {END} in {path}, got a document without them")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


# Its own peak is asked of the process itself, at its end.
_REPORT = """
import os, sys
from pathlib import Path
from benchmarks.peak_memory import peak_bytes
from smote_bench.cli import main
code = main(sys.argv[1:])
Path(os.environ["SCALE_PROBE"]).with_name("report_peak").write_text(str(peak_bytes()))
sys.exit(code)
"""


def write_experiment(folder: Path, datasets: int, methods: int) -> Path:
    """Write data sets of 60 rows and an experiment of stubs over them."""
    draw = random.Random(0)
    for number in range(datasets):
        with (folder / f"d{number}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*(f"x{column}" for column in range(4)), "y"])
            for row in range(60):
                writer.writerow([*(round(draw.random(), 6) for _ in range(4)), int(row % 4 == 0)])
    stubs = "benchmarks.scale_stubs"
    experiment = {
        "name": "scale",
        "methods": [
            {f"m{n}": {"method": f"{stubs}:StubSampler", "params": {"number": n}}} for n in range(1, methods)
        ],
        "datasets": [
            {"name": f"d{n}", "file": str(folder / f"d{n}.csv"), "target": "y", "minority": "1"}
            for n in range(datasets)
        ],
        "cv_folds": 0,
        "selected_classifiers": {
            f"c{n}": {"classifier": f"{stubs}:StubClassifier", "params": {"number": n}}
            for n in range(CLASSIFIERS)
        },
    }
    path = folder / "scale.yaml"
    path.write_text(json.dumps(experiment))  # JSON is YAML
    return path


def command(experiment: Path, out: Path) -> list[str]:
    """Return the command of a run; nothing is remembered from an earlier one."""
    options = ["--smote-experiment", str(experiment), "--smote-out", str(out), "--smote-memo", "off"]
    plain = ["-q", "-p", "no:cacheprovider", "-p", "benchmarks.scale_probe"]
    return [sys.executable, "-m", "pytest", str(ROOT / "benchmarks"), *plain, *options]


def adopt_orphans() -> None:
    """Make what a command leaves behind a child of this process: its CPU seconds count, too."""
    with contextlib.suppress(AttributeError, OSError):  # elsewhere than on Linux
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def run(arguments: list[str], folder: Path) -> tuple[float, float]:
    """Run a command from the project's root; return wall and CPU seconds of its process tree."""
    (folder / "probe").unlink(missing_ok=True)
    environment = {**os.environ, "SCALE_PROBE": str(folder / "probe"), "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # with it each process compiles all modules again
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    adopt_orphans()
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with (folder / "printed").open("w") as printed:
        done = subprocess.run(
            arguments, cwd=ROOT, env=environment, stdout=printed, stderr=subprocess.STDOUT, check=False
        )
    wall = time.perf_counter() - start
    with contextlib.suppress(ChildProcessError):
        while True:  # what outlived the command by a moment
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(
            f"{' '.join(arguments)} ended with {done.returncode}:\n{(folder / 'printed').read_text()[-3000:]}"
        )
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
