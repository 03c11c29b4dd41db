#!/usr/bin/env python3
"""Measure the gate on real fits: false alarms, defects that are seen, limits that are right.

    python benchmarks/gate_study/study.py [--out docs/gate_study.md]

The fits are computed first, or taken from the cache; that takes most of the time. Then runs are made up from
them and put through the gate. The table stands between the markers of the document.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import os
import platform
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.gate_study import fits, grid, law_tables, laws, scenarios, tables  # noqa: E402
from benchmarks.gate_study.runs import N_SEEDS, Fits  # noqa: E402
from benchmarks.gate_study.trials import DROPPED, RESEEDED, SHIFTED, Played, Trial, Way, play  # noqa: E402
from benchmarks.gate_study.views import VIEWS  # noqa: E402
from smote_bench.commands.documents import check_document, write_into  # noqa: E402
from smote_bench.environment.targets import package_version  # noqa: E402
from smote_bench.experiment.gate_settings import LEVELS, GateSettings  # noqa: E402

SEED = 20
_REAL, _LAWS = "gate study", "gate study laws"
MAX_DRAWS = 12
"""Seeds from here on are the scenarios', so that none shares a seed with a baseline, and few stay few."""
ALL_WAYS: tuple[Way, ...] = ("five splits", "two stages", "one split")
_CHUNK = 5


def main() -> int:
    """Fit what is not in the cache, play all trials, print the table and write it."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--draws", type=int, default=10, help=f"seeds of the grid: {N_SEEDS + 1} to {MAX_DRAWS}")
    ask.add_argument("--scenario-draws", type=int, default=3, help="seeds of each scenario")
    ask.add_argument(
        "--first-scenario-draw", type=int, help="the first of them; after the grid's if not given"
    )
    ask.add_argument("--runs", type=int, default=300, help="made-up runs in which nothing but seeds changed")
    ask.add_argument("--harmless-runs", type=int, default=150, help="made-up runs of each harmless change")
    ask.add_argument("--defect-runs", type=int, default=40, help="made-up runs of each defect")
    ask.add_argument("--laws-only", action="store_true", help="no real fits: the runs from known laws alone")
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--alpha", type=float, default=GateSettings().alpha)
    ask.add_argument("--cache", type=Path, default=ROOT / "reports" / "gate_study")
    ask.add_argument("--out", type=Path, help="the file whose table is replaced")
    args = ask.parse_args()
    if not N_SEEDS < args.draws <= MAX_DRAWS:
        ask.error(
            f"expected {N_SEEDS + 1} to {MAX_DRAWS} draws, got {args.draws}: a baseline takes {N_SEEDS}"
        )
    for name in ("scenario_draws", "runs", "harmless_runs", "defect_runs", "workers"):
        if getattr(args, name) < 1:
            ask.error(f"expected --{name.replace('_', '-')} of at least 1, got {getattr(args, name)}")
    if args.out:
        for name in (_REAL, _LAWS):
            check_document(args.out, name)  # refused now, not after half an hour
    if not args.laws_only:
        _tell(args.out, _REAL, _real_fits(args))
    started = time.perf_counter()
    of_laws = play_laws(law_tables.law_trials(args.runs, args.defect_runs), args)
    _tell(args.out, _LAWS, law_tables.render_laws(of_laws, time.perf_counter() - started))
    return 0


def _tell(out: Path | None, name: str, text: str) -> None:
    print(text, flush=True)
    if out:
        write_into(out, name, f"\n{text}\n")


def _real_fits(args: argparse.Namespace) -> str:
    wanted = jobs(range(args.draws), range(MAX_DRAWS, MAX_DRAWS + args.scenario_draws))
    fit_seconds = fits.compute(wanted, args.cache, n_workers=args.workers)
    started = time.perf_counter()
    played = play_all(trials(args.runs, args.harmless_runs, args.defect_runs), wanted, args)
    study = tables.Study(
        played,
        n_cases=len(grid.DATASETS) * len(grid.null_methods()) * len(grid.experiment().classifiers),
        alpha=args.alpha,
        draws=(args.draws, args.scenario_draws),
        fit_seconds=fit_seconds,
        play_seconds=time.perf_counter() - started,
        versions=_versions(),
    )
    return tables.render(study)


def jobs(draws: Sequence[int], scenario_draws: Sequence[int]) -> list[fits.Job]:
    """Return all jobs, draw by draw, so that a study that was stopped has whole draws."""
    parts: tuple[tuple[fits.Part, Sequence[int]], ...] = (("null", draws), ("scenarios", scenario_draws))
    kinds: tuple[fits.What, ...] = ("scores", "samples")
    return [
        fits.Job(part, what, dataset, draw)
        for part, of_part in parts
        for draw in of_part
        for what in kinds
        for dataset in grid.DATASETS
    ]


def trials(n_runs: int, n_harmless: int, n_defect: int) -> list[Trial]:
    """Return what is to be played."""
    count = itertools.count()
    # The other ways take three times as long to play as five splits do, so they are played less often.
    made = [Trial(RESEEDED, next(count), ways=ALL_WAYS[: 3 if n % 3 == 0 else 2]) for n in range(n_runs)]
    for name in (SHIFTED, *(scenario.name for scenario in scenarios.HARMLESS)):
        made += [Trial(name, next(count), ways=ALL_WAYS[: 2 if n % 3 == 0 else 1]) for n in range(n_harmless)]
    for scenario in scenarios.DEFECTS:
        made += [Trial(scenario.name, next(count), ways=ALL_WAYS[:2]) for _ in range(n_defect)]
        for dataset in grid.DATASETS:
            n_here = max(1, n_defect // 10)
            made += [Trial(scenario.name, next(count), (dataset,)) for _ in range(n_here)]
    made += [
        Trial(RESEEDED, next(count), ways=(way,), injected=level)
        for level in LEVELS
        for way in ALL_WAYS[:2]
        for _ in range(n_defect)
    ]
    for view in VIEWS:
        for digests in (False, True):
            for share, n_here in ((0.0, n_runs), (DROPPED, n_defect)):
                made += [
                    Trial(RESEEDED, next(count), view=view, digests=digests, share=share)
                    for _ in range(n_here)
                ]
    return made


def play_all(made: Sequence[Trial], wanted: Sequence[fits.Job], args: argparse.Namespace) -> list[Played]:
    """Play trials in several processes, in order."""
    settings = GateSettings(alpha=args.alpha)
    with ProcessPoolExecutor(
        args.workers,
        mp_context=get_context("spawn"),
        initializer=_start,
        initargs=(tuple(wanted), args.cache, settings),
    ) as pool:
        played: list[Played] = []
        for results in pool.map(_play, made, chunksize=_CHUNK):
            played += results
            if len(played) % 200 < len(results):
                print(f"{len(played)} verdicts", file=sys.stderr, flush=True)
    return played


def play_laws(made: Sequence[laws.LawTrial], args: argparse.Namespace) -> list[laws.LawPlayed]:
    """Play runs from known laws in several processes, in order."""
    play_one = functools.partial(laws.play_law, seed=SEED, settings=GateSettings(alpha=args.alpha))
    with ProcessPoolExecutor(args.workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(play_one, made, chunksize=50))


_OF_PROCESS: dict[str, tuple[Fits, GateSettings]] = {}


def _start(wanted: Sequence[fits.Job], folder: Path, settings: GateSettings) -> None:
    panels = {
        (part, what): fits.load([job for job in wanted if (job.part, job.what) == (part, what)], folder)
        for part in ("null", "scenarios")
        for what in ("scores", "samples")
    }
    loaded = Fits(
        panels["null", "scores"],
        panels["null", "samples"],
        panels["scenarios", "scores"],
        panels["scenarios", "samples"],
    )
    _OF_PROCESS["study"] = loaded, settings


def _play(trial: Trial) -> list[Played]:
    loaded, settings = _OF_PROCESS["study"]
    return play(trial, loaded, SEED, settings)


def _versions() -> str:
    libraries = {"scikit-learn": "sklearn", "numpy": "numpy", "imbalanced-learn": "imblearn"}
    words = [f"{shown} {package_version(name)}" for shown, name in libraries.items()]
    machine = f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}"
    return ", ".join([f"Python {platform.python_version()}", *words, machine])


if __name__ == "__main__":
    sys.exit(main())
