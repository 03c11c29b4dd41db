"""Seconds against quality, and where the seconds went."""

from __future__ import annotations

import pytest

from smote_bench.report.analysis.ranking import pareto
from smote_bench.report.figures.cost import draw_pareto, draw_seconds

METRIC = "balanced_accuracy"


def test_pareto_fills_the_methods_on_the_front(run):
    front = pareto(run, METRIC)
    lines = [line for line in draw_pareto(front, METRIC, "high").axes[0].lines if line.get_marker() != "None"]
    filled = {line.get_label() for line in lines if line.get_markerfacecolor() != "white"}
    assert filled == set(front.loc[front["on_front"], "method"])
    assert len(lines) == len(run.methods)


def test_seconds_are_those_of_the_tables(run):
    figure = draw_seconds(run)
    resample = figure.axes[0].containers[0]
    scored = [o for o in run.outcomes if o.cell.method == "SMOTE" and o.is_scored]
    assert resample[1].get_width() == pytest.approx(sum(outcome.seconds("resample") for outcome in scored))
