"""The published protocol gives the published numbers: Satimage, hold-out, without resampling."""

from __future__ import annotations

import csv

import pytest

EXPERIMENT = """
methods: [Original]
datasets: [Satimage]
datasets_params: {preprocessed: true}
experiment_config:
  random_state: 42
  test_size: 0.2
  selected_classifiers: [LogisticRegression, kNN, RandomForest]
"""
METRICS = (
    "balanced_accuracy",
    "f1_weighted",
    "g_mean",
    "roc_auc_weighted",
    "precision_weighted",
    "recall_weighted",
)
PUBLISHED = {
    "LogisticRegression": (0.4996, 0.8564, 0.0, 0.7661, 0.8151, 0.9021),
    "kNN": (0.8165, 0.9387, 0.8021, 0.9302, 0.9382, 0.9394),
    "RandomForest": (0.7508, 0.9370, 0.7118, 0.9630, 0.9392, 0.9433),
}


@pytest.fixture(scope="module")
def holdout(tmp_path_factory):
    from tests.conftest import Bench

    bench = Bench(tmp_path_factory.mktemp("published"))
    bench.experiment(EXPERIMENT)
    run = bench.run()
    assert run.code == 0, run.text
    with (run.folder / "scores.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["phase"] == "holdout"]
    return {(row["classifier"], row["metric"]): float(row["value"]) for row in rows if row["value"]}


@pytest.mark.parametrize("classifier", PUBLISHED)
def test_the_holdout_scores_equal_the_published_ones_to_four_digits(holdout, classifier):
    found = tuple(round(holdout[classifier, metric], 4) for metric in METRICS)
    assert found == PUBLISHED[classifier]
