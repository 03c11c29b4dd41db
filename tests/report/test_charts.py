"""Every figure of the page is one that plotly takes, so that trackers can log it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import made_up_run
from report.hostile import hostile_run

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.analysis import over_datasets
from smote_bench.report.analysis.cell_intervals import cell_intervals, heat_map
from smote_bench.report.charts import cells, cost, points, statistics
from smote_bench.report.charts import deltas as ranks
from smote_bench.report.charts import heat_map as heat
from smote_bench.report.charts.style import Figure, NothingToDraw, colour_of, numbers, plain, to_plotly
from smote_bench.runs.open import Run, open_run

pytestmark = pytest.mark.versions

METRIC = "balanced_accuracy"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    # On the first data set the method is far better, on each classifier.
    folder = made_up_run(tmp_path_factory.mktemp("run"), datasets=6, methods=4, effects={"SMOTE": 0.9})
    return open_run(folder)


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


def test_heat_map_holds_the_counts_as_text(run: Run) -> None:
    counts = heat_map(run, cell_intervals(run))
    drawn = heat.improved_counts(run, counts)["data"][0]
    place = drawn["x"][0].index("g_mean")
    row = drawn["y"].index("SMOTE")
    wanted = counts[
        (counts["method"] == "SMOTE")
        & (counts["metric"] == "g_mean")
        & (counts["classifier"] == drawn["x"][1][place])
    ].iloc[0]
    assert drawn["text"][row][place] == f"{wanted.improved}/{wanted.unchanged}/{wanted.worsened}"


def test_original_is_solid_and_the_method_dashed_in_the_colour_of_the_classifier(run: Run) -> None:
    traces = cells.roc(cells.CellSource(run), "Ecoli", "SMOTE")["data"][1:]
    for classifier, before, after in zip(run.classifiers, traces[::2], traces[1::2], strict=True):
        assert before["line"]["dash"] == "solid"
        assert after["line"]["dash"] == "dash"
        assert before["line"]["color"] == after["line"]["color"] == colour_of(classifier, run.classifiers)


def test_lines_to_parents_join_each_synthetic_point_to_both(run: Run) -> None:
    recorded = run.points("Ecoli", "SMOTE")
    assert recorded is not None
    drawn = points.principal_axes(run, "Ecoli", "SMOTE")["data"]
    links = next(trace for trace in drawn if trace["mode"] == "lines")
    child = int(np.flatnonzero((recorded.parents >= 0).all(axis=1))[0])
    ends = recorded.parents[child]
    wanted = recorded.pca[[ends[0], child, ends[1]], 0]
    assert links["x"][:3] == pytest.approx(wanted, abs=0.01)
    assert links["x"][3] is None
    assert [trace["name"].split()[0] for trace in drawn[1:]] == ["majority", "minority", "synthetic"]


def test_lower_brier_counts_as_better(tmp_path: Path) -> None:
    metric = "brier"
    run = open_run(made_up_run(tmp_path, datasets=6, methods=2, effects={"SMOTE": 1.5}))
    (trace,) = ranks.deltas(run, metric)["data"]
    rising = trace["x"][0] > 0
    assert trace["name"] == ("worse than Original" if rising else "better than Original")


def test_diagram_joins_the_methods_of_a_clique() -> None:
    results = results_of({"a": 1.2, "b": 1.4, "c": 3.4}, cd=0.9, cliques=[["a", "b"], ["c"]])
    drawn = statistics.critical_difference(results)["data"]
    joined = next(trace for trace in drawn if trace["name"] == "no difference shown")
    assert joined["x"] == [pytest.approx(1.16), pytest.approx(1.44), None]  # and no bar under c alone
    bar = next(trace for trace in drawn if trace["name"] == "critical difference")
    assert bar["x"][1] - bar["x"][0] == pytest.approx(0.9)


def test_diagram_of_a_refused_test_says_why() -> None:
    results = results_of({"a": 1.0, "b": 2.0}, cd=None, cliques=[], warnings=["no Nemenyi test: 3 data sets"])
    with pytest.raises(NothingToDraw, match="3 data sets"):
        statistics.critical_difference(results)


def results_of(ranks: dict[str, float], **parts: object) -> over_datasets.TestResults:
    named = {"metric": METRIC, "classifier": None, "failed": "complete", "n_datasets": 9, "n_failed_cells": 0}
    return over_datasets.TestResults(methods=list(ranks), mean_ranks=pd.Series(ranks), **named, **parts)  # type: ignore[arg-type]


def test_undefined_and_infinite_values_are_gaps_in_a_figure() -> None:
    assert numbers([0.123456, float("nan"), float("inf"), None]) == [0.1235, None, None, None]


def test_markup_in_a_name_is_shown_as_text() -> None:
    assert plain("<b>a</b> & b") == "&lt;b&gt;a&lt;/b&gt; &amp; b"


def test_note_says_how_many_rows_are_a_sample_of_how_many(run: Run, tmp_path: Path) -> None:
    assert points.sample_note(run, "Ecoli", "SMOTE").startswith("All 300 rows of the training part: 150 ")
    large = open_run(made_up_run(tmp_path, datasets=1, methods=2, points=4000))
    note = points.sample_note(large, "Ecoli", "SMOTE")
    assert "of 6,000 rows (3,000 majority, 1,000 minority, 0 removed, 2,000 synthetic)" in note
    assert points.sample_note(run, "Ecoli", "class_weight") == ""
