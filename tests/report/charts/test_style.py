"""Every figure is one that plotly takes, so that trackers can log it, and nothing in it is markup.

Also of: cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from report.hostile import hostile_run

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.analysis import over_datasets
from smote_bench.report.analysis.cell_intervals import cell_intervals, heat_map
from smote_bench.report.charts import cells, cost, points, statistics
from smote_bench.report.charts import deltas as ranks
from smote_bench.report.charts import heat_map as heat
from smote_bench.report.charts.style import Figure, numbers, plain, to_plotly
from smote_bench.runs.open import Run

METRIC = "balanced_accuracy"


def all_figures(run: Run) -> Iterator[tuple[str, Callable[[], Figure]]]:
    dataset, method, classifier = run.datasets[0], run.methods[1], run.classifiers[0]
    cell, source = Cell(dataset, method, classifier), cells.CellSource(run)
    intervals = cell_intervals(run)
    results = over_datasets.tests(run, METRIC)
    recorded = run.points(dataset, method)
    assert recorded is not None
    placed = {(dataset, method): np.random.default_rng(0).normal(size=(len(recorded.group), 2))}
    yield "deltas", lambda: ranks.deltas(run, METRIC)
    yield "heat", lambda: heat.improved_counts(run, heat_map(run, intervals))
    yield "plain heat", lambda: heat.improved_counts(run, heat_map(run, intervals), beyond_interval=False)
    yield "critical difference", lambda: statistics.critical_difference(results)
    yield "bayes", lambda: statistics.bayes_bars(results)
    yield "intervals", lambda: statistics.interval_map(run, intervals, METRIC, classifier)
    yield "folds", lambda: cells.folds(source, cell)
    yield "roc", lambda: cells.roc(source, dataset, method)
    yield "pr", lambda: cells.precision_recall(source, dataset, method)
    yield "calibration", lambda: cells.calibration(source, dataset, method)
    yield "confusion", lambda: cells.confusion(source, cell)
    yield "pca", lambda: points.principal_axes(run, dataset, method)
    yield "tsne", lambda: points.embedding(run, dataset, method, placed)
    yield "front", lambda: cost.front(run, METRIC)
    yield "seconds", lambda: cost.seconds_split(run)
    yield "growth", lambda: cost.growth(run)


def test_plotly_takes_every_figure(run: Run) -> None:
    for name, draw in all_figures(run):
        figure = to_plotly(draw())
        assert figure.layout.title.text, name
        assert len(figure.data), name


def test_hostile_names_reach_no_figure_as_markup(tmp_path: Path) -> None:
    for name, draw in all_figures(hostile_run(tmp_path)):
        assert "<img" not in to_plotly(draw()).to_json().replace("\\u003c", "<"), name


def test_undefined_and_infinite_values_are_gaps_in_a_figure() -> None:
    assert numbers([0.123456, float("nan"), float("inf"), None]) == [0.1235, None, None, None]


def test_markup_in_a_name_is_shown_as_text() -> None:
    assert plain("<b>a</b> & b") == "&lt;b&gt;a&lt;/b&gt; &amp; b"
