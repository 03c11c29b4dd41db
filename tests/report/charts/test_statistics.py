"""The tests drawn: cliques and critical difference, or why there is no diagram."""

from __future__ import annotations

import pandas as pd
import pytest

from smote_bench.report.analysis import over_datasets
from smote_bench.report.charts import statistics
from smote_bench.report.charts.style import NothingToDraw

METRIC = "balanced_accuracy"


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
