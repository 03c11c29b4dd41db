"""Writes a run's folder of figures, PNG and SVG, on one process or several; or draws one figure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.environment.processes import map_in_processes
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.folder import file_name
from smote_bench.runs.open import Run, open_run
from smote_bench.runs.whole_folder import whole_folder

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.figure import Figure

    Embeddings = Mapping[tuple[str, str], np.ndarray | None]

__all__ = ["FIGURES", "draw_figure", "write_figures"]

FIGURES: Mapping[str, tuple[str, ...]] = {
    "deltas": ("dataset",),
    "seconds": (),
    "rows": (),
    "ranks": ("metric",),
    "heat_map": ("metric",),
    "bayes": ("metric",),
    "pareto": ("metric",),
    "folds": ("dataset",),
    "confusion": ("dataset",),
    "curves": ("dataset", "method"),
    "history": ("dataset", "method"),
    "points": ("dataset", "method"),
}
"""Every kind of figure, and what one of it is of."""


@dataclass(frozen=True)
class _Job:
    """The figures of one data set, or, without one, those over all of them; sent to a process."""

    run: Path
    folder: Path
    dataset: str | None
    stems: Mapping[tuple[str, ...], str]
    intervals: pd.DataFrame
    embeddings: Embeddings
    each_method: bool = True


def write_figures(
    run: Run,
    folder: Path,
    *,
    embeddings: Embeddings | None = None,
    jobs: int = 1,
    each_dataset: bool = True,
    each_method: bool = True,
) -> list[Path]:
    """Draw all figures of a run; they take the place of its folder ``figures`` when all are there.

    Of a large run (`Run.is_large`), those over all data sets.

    Parameters
    ----------
    run : Run
    folder : Path
        The run's.
    embeddings : mapping of (data set, method) to ndarray of shape (n_points, 2) or None, optional
        t-SNE of the points of `Run.points`.
    jobs : int
        Processes; 1 draws in this one. The figures do not depend on it.
    each_dataset : bool
        Whether to draw the figures of a single data set, without which there are none of a method on it.
    each_method : bool
        Whether to draw the figures of a single method on a data set (curves, training histories, points)
        too: two thirds of all.

    Returns
    -------
    list of Path
        In a fixed order, a PNG and an SVG for each figure.

    Raises
    ------
    ValueError
        If `jobs` is below 1.
    """
    if jobs < 1:
        raise ValueError(f"expected jobs of at least 1, got {jobs!r}: give a number of processes")
    from smote_bench.report.analysis.cell_intervals import cell_intervals

    stems, intervals = _stems(run), cell_intervals(run)
    figures = Path(folder) / "figures"
    with whole_folder(figures) as fresh:
        planned = [
            _Job(
                run.folder,
                fresh,
                dataset,
                stems,
                intervals[intervals["dataset"] == dataset] if dataset is not None else intervals,
                {k: v for k, v in (embeddings or {}).items() if k[0] == dataset},
                each_method,
            )
            for dataset in [*(run.datasets if each_dataset and not run.is_large else ()), None]
        ]
        names = [name for part in _drawn(run, planned, jobs) for name in part]
    return [figures / name for name in names]


def draw_figure(run: Run, name: str, *of: str) -> Figure | None:
    """Draw one figure as it is in the folder, points without t-SNE; None where the run has nothing for it.

    Parameters
    ----------
    run : Run
    name : str
        One of `FIGURES`.
    *of : str
        What `FIGURES` says that it is of: a metric, a data set, a data set and a method.
    """
    from smote_bench.report.analysis.cell_intervals import cell_intervals
    from smote_bench.report.figures.style import paper_style

    dataset = of[0] if FIGURES[name][:1] == ("dataset",) else None
    if FIGURES[name] == ("metric",):
        run = dataclasses.replace(run, priority_metrics=of)  # the folder has those of priority metrics only
    intervals = cell_intervals(run)
    if dataset is not None:
        intervals = intervals[intervals["dataset"] == dataset]
    job = _Job(run.folder, run.folder, dataset, {}, intervals, {}, each_method="method" in FIGURES[name])
    with paper_style():
        planned = _over_all(run, job) if dataset is None else _of_dataset(run, job, dataset)
        return next((draw() for key, draw in planned if key == (name, *of)), None)


def _drawn(run: Run, planned: Sequence[_Job], jobs: int) -> list[list[str]]:
    if jobs == 1 or len(planned) == 1:
        return [_draw(run, job) for job in planned]
    return list(map_in_processes(_draw_in_a_process, planned, jobs))


def _draw_in_a_process(job: _Job) -> list[str]:
    return _draw(_read(job.run), job)


@lru_cache(maxsize=1)
def _read(folder: Path) -> Run:
    """Read a run once in each process of a pool, which lives as long as one report is made."""
    return open_run(folder)


def _draw(run: Run, job: _Job) -> list[str]:
    """Draw the figures of a job and return the names of the files."""
    from smote_bench.environment.threads import pin_loaded_libraries
    from smote_bench.report.figures.style import paper_style, save

    pin_loaded_libraries()
    names: list[str] = []
    with paper_style():
        figures = _over_all(run, job) if job.dataset is None else _of_dataset(run, job, job.dataset)
        for key, draw in figures:
            names += [path.name for path in save(draw(), job.folder / job.stems[key])]
    return names


_Planned = Iterator[tuple[tuple[str, ...], "Callable[[], Figure]"]]


def _over_all(run: Run, job: _Job) -> _Planned:
    from smote_bench.report.analysis import cell_intervals, over_datasets, ranking
    from smote_bench.report.figures.bayes import draw_bayes
    from smote_bench.report.figures.cost import draw_pareto, draw_seconds
    from smote_bench.report.figures.critical_difference import draw_ranks
    from smote_bench.report.figures.heat_map import draw_heat_map
    from smote_bench.report.figures.rows import draw_rows

    counts = cell_intervals.heat_map(run, job.intervals)
    for metric in run.priority_metrics:
        complete = over_datasets.tests(run, metric)
        panels = (
            [complete, over_datasets.tests(run, metric, failed="worst")]
            if complete.n_failed_cells
            else [complete]
        )
        yield ("ranks", metric), partial(draw_ranks, panels)
        if (counts["metric"] == metric).any():
            yield ("heat_map", metric), partial(draw_heat_map, counts, metric)
            yield ("bayes", metric), partial(draw_bayes, complete)
        front, better = ranking.pareto(run, metric), run.metrics[metric].better
        yield ("pareto", metric), partial(draw_pareto, front, metric, better)
    yield ("seconds",), partial(draw_seconds, run)
    if not run.is_large:  # thousands of numbers: too small to be read
        yield ("rows",), partial(draw_rows, run)


def _of_dataset(run: Run, job: _Job, dataset: str) -> _Planned:
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.report.analysis.history import classifiers_with_history
    from smote_bench.report.figures.confusion import draw_confusion
    from smote_bench.report.figures.curves import CurvesSheet, cell_curves
    from smote_bench.report.figures.deltas import draw_dataset_deltas
    from smote_bench.report.figures.folds import draw_folds
    from smote_bench.report.figures.history import draw_history
    from smote_bench.report.figures.points import draw_points

    if not job.intervals.empty:
        yield ("deltas", dataset), partial(draw_dataset_deltas, dataset, job.intervals)
    yield ("folds", dataset), partial(draw_folds, run, dataset)
    yield ("confusion", dataset), partial(draw_confusion, run, dataset)
    if not job.each_method:
        return

    def of(method: str) -> dict[str, Any]:
        return {name: cell_curves(run, Cell(dataset, method, name)) for name in run.classifiers}

    before, sheet = of(ORIGINAL), CurvesSheet(run.classifiers)
    for method in _shown(run.methods):
        yield ("curves", dataset, method), partial(sheet.draw, dataset, method, before, of(method))
    for method in run.methods:
        if classifiers_with_history(run, dataset, method):
            yield ("history", dataset, method), partial(draw_history, run, dataset, method)
    for method in run.methods:
        points = run.points(dataset, method)
        if points is not None:
            embedding = job.embeddings.get((dataset, method))
            yield (
                ("points", dataset, method),
                partial(draw_points, dataset, method, points, embedding),
            )


def _shown(methods: Sequence[str]) -> Sequence[str]:
    """Return the methods that have figures of curves; `Original` stands in each of them."""
    return [method for method in methods if method != ORIGINAL] or methods


def _stems(run: Run) -> dict[tuple[str, ...], str]:
    """Return a file's name for every figure there may be; two may differ in what no file's name can hold."""
    keys: list[tuple[str, ...]] = [
        (kind, metric) for metric in run.priority_metrics for kind in ("ranks", "heat_map", "bayes", "pareto")
    ]
    keys += [("seconds",), ("rows",)]
    for dataset in run.datasets:
        keys += [(kind, dataset) for kind in ("deltas", "folds", "confusion")]
        keys += [
            (kind, dataset, method) for kind in ("curves", "history", "points") for method in run.methods
        ]
    stems: dict[tuple[str, ...], str] = {}
    taken: set[str] = set()
    for key in keys:
        wanted = stem = "_".join([key[0], *map(file_name, key[1:])])
        number = 2
        # Some file systems do not tell capitals from small letters.
        while stem.lower() in taken:
            stem, number = f"{wanted}-{number}", number + 1
        taken.add(stem.lower())
        stems[key] = stem
    return stems
