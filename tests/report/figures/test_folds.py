"""Metrics by fold: a line each, and the names of what failed."""

from __future__ import annotations

from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.figures.folds import draw_folds

METRIC = "balanced_accuracy"


def test_folds_have_a_line_per_metric_and_name_what_failed(run):
    figure = draw_folds(run, "Ecoli")
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(run.classifiers)
    assert [text.get_text() for text in figure.axes[0].texts] == ["error"]
    labels = [line.get_label() for line in figure.axes[1].lines]
    assert labels == list(run.priority_metrics)
    values = figure.axes[1].lines[0].get_ydata()
    folds = run.by_cell[Cell("Ecoli", ORIGINAL, run.classifiers[1])].values(METRIC, "cv")
    assert list(values[: len(folds)]) == folds
