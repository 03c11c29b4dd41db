"""The leak canary: on pure noise no method of the default experiment may seem to find anything."""

from __future__ import annotations

import csv
from statistics import fmean

import pytest

from smote_bench.experiment.file import read_experiment
from smote_bench.experiment.shipped import experiment_path


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    import numpy as np

    from tests.conftest import Bench

    bench = Bench(tmp_path_factory.mktemp("noise"))
    rng = np.random.default_rng(0)
    rows = [",".join([*(f"{v:.6f}" for v in rng.normal(size=10)), str(int(n < 100))]) for n in range(1000)]
    header = ",".join([*(f"x{n}" for n in range(10)), "y"])
    (bench.path / "noise.csv").write_text("\n".join([header, *rows]) + "\n")
    methods = list(read_experiment(experiment_path("default")).methods)
    bench.experiment(
        f"methods: {methods}\ndatasets: [{{name: noise, file: noise.csv, target: y, minority: 1}}]\n"
        "selected_classifiers: [kNN, RandomForest]\nmetrics: [roc_auc]\npriority_metrics: [roc_auc]\n"
    )
    run = bench.run("-n2")
    assert run.code == 0, run.text
    with (run.folder / "scores.csv").open(newline="") as file:
        return methods, [row for row in csv.DictReader(file) if row["phase"] == "cv"]


@pytest.mark.parametrize("classifier", ["kNN", "RandomForest"])
def test_no_default_method_beats_chance_on_noise(noise, classifier):
    methods, rows = noise
    for method in methods:
        values = [float(r["value"]) for r in rows if (r["method"], r["classifier"]) == (method, classifier)]
        assert len(values) == 5
        assert 0.40 <= fmean(values) <= 0.60, (method, values)
