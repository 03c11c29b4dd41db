"""The study on Flare: its class counts, its network in the grid, and the grid without a network."""

from __future__ import annotations

import csv
import importlib.util
import json
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import ROOT

FLARE = ROOT / "benchmarks" / "experiments" / "flare.yaml"
needs_keras = pytest.mark.skipif(
    not (importlib.util.find_spec("tensorflow") and importlib.util.find_spec("keras")),
    reason="needs TensorFlow and Keras",
)

NETWORK = """
methods:
  - RandomOverSampler
  - class_weight
  - over_under_weights:
      - RandomOverSampler: {sampling_strategy: 0.4}
      - RandomUnderSampler: {sampling_strategy: 0.5}
      - class_weight
datasets: [Flare]
experiment_config:
  cv_folds: 0
  random_runs: 2
  selected_classifiers:
    KerasMLP: {epochs: 2}
    KerasMLP_Adam: {classifier: KerasMLP, params: {optimizer: adam, loss: binary_crossentropy, epochs: 2}}
    LogisticRegression:
"""


@pytest.fixture(scope="module")
def counts(tmp_path_factory) -> dict[str, tuple[int, int, int, int]]:
    """Majority and minority rows before and after, by method, as one cheap tree sees them."""
    from tests.conftest import Bench

    bench = Bench(tmp_path_factory.mktemp("counts"))
    bench.experiment(FLARE.read_text())
    run = bench.run("--smote-classifiers", "DecisionTree")
    assert run.code == 0, run.text
    names = ("majority_before", "minority_before", "majority_after", "minority_after")
    return {cell["method"]: tuple(int(cell[name]) for name in names) for cell in run.cells.values()}


def test_the_study_has_its_treatments(counts):
    assert list(counts) == [
        "ADASYN",
        "EditedNearestNeighbours",
        "Original",
        "RandomOverSampler",
        "RandomUnderSampler",
        "SMOTE",
        "SMOTEENN",
        "SMOTETomek",
        "TomekLinks",
        "class_weight",
        "imblearn_ADASYN",
        "imblearn_SMOTE",
        "over_under_weights",
    ]


@pytest.mark.parametrize(
    ("method", "after"),
    [
        ("Original", (707, 145)),
        ("class_weight", (707, 145)),
        ("RandomUnderSampler", (145, 145)),
        ("RandomOverSampler", (707, 707)),
        ("SMOTE", (707, 707)),
        ("imblearn_SMOTE", (707, 707)),
        ("over_under_weights", (564, 282)),
    ],
)
def test_class_counts_are_the_published_ones(counts, method, after):
    assert counts[method] == (707, 145, *after)


@pytest.mark.parametrize("method", ["EditedNearestNeighbours", "TomekLinks"])
def test_cleaning_takes_majority_rows_alone(counts, method):
    _, _, majority, minority = counts[method]
    assert majority < 707
    assert minority == 145


def test_the_first_link_of_the_chain_gives_282_minority_rows(bench):
    bench.experiment(
        "methods: [{ROS: [{RandomOverSampler: {sampling_strategy: 0.4}}]}]\ndatasets: [Flare]\n"
        "experiment_config: {cv_folds: 0, random_runs: 10, selected_classifiers: [DecisionTree]}\n"
    )
    cell = bench.run().cells["Flare-ROS-DecisionTree"]
    assert (cell["majority_after"], cell["minority_after"]) == ("707", "282")


def test_the_test_part_has_177_and_37_rows(bench):
    bench.experiment(FLARE.read_text())
    run = bench.run(
        "--smote-classifiers", "DecisionTree", "--smote-methods", "Original", "--smote-metrics", "tn,fp,fn,tp"
    )
    with (run.folder / "scores.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for row in rows:
        actual = "majority" if row["metric"] in ("tn", "fp") else "minority"
        found[row["repeat"], actual] = found.get((row["repeat"], actual), 0) + float(row["value"])
    assert len(found) == 20
    assert {key[1]: value for key, value in found.items()} == {"majority": 177, "minority": 37}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    from tests.conftest import Bench

    bench = Bench(tmp_path_factory.mktemp("network"))
    bench.experiment(NETWORK)
    run = bench.run(out="alone")
    assert run.code == 0, run.text
    return bench, run


@needs_keras
def test_every_cell_of_the_network_is_scored(network):
    assert {cell["status"] for cell in network[1].cells.values()} == {"ok"}
    assert len(network[1].cells) == 4 * 3


@needs_keras
@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["another-process", "n2"])
def test_scores_have_the_same_bytes(network, options):
    bench, expected = network
    run = bench.run(*options, out="again" + "".join(options), TF_ENABLE_ONEDNN_OPTS="1")
    assert run.code == 0, run.text
    assert run.n_computed == 12
    assert run.scores == expected.scores


@needs_keras
def test_the_store_keeps_the_histories_of_networks(network):
    fits = {
        cell["task"]["classifier"]: cell["fits"]
        for cell in stored(network[1].folder)
        if cell["task"]["method"] == "Original"
    }
    history = fits["KerasMLP"][1]["history"]
    assert {"loss", "val_loss", "auc", "val_auc"} <= set(history)
    assert {len(values) for values in history.values()} == {2}
    assert fits["LogisticRegression"][0]["history"] is None


def stored(folder: Path) -> list[dict]:
    with sqlite3.connect(folder / "cells.sqlite") as store:
        return [json.loads(text) for (text,) in store.execute("select outcome from cells")]


@needs_keras
def test_a_diverging_network_is_an_error_with_its_reason(bench):
    bench.experiment(
        NETWORK.replace("KerasMLP: {epochs: 2}", "KerasMLP: {epochs: 2, learning_rate: 1.0e+20}")
    )
    run = bench.run("--smote-methods", "Original", "--smote-classifiers", "KerasMLP,KerasMLP_Adam")
    cell = run.cells["Flare-Original-KerasMLP"]
    assert cell["status"] == "error"
    assert "expected a network that learns, but a weight is" in cell["reason"]
    assert "lower learning_rate (now 1e+20, optimizer sgd)" in cell["reason"]
    assert run.cells["Flare-Original-KerasMLP_Adam"]["status"] == "ok"
    assert "Original,KerasMLP," not in (run.folder / "scores.csv").read_text()
    assert run.code == 1


BLOCKED = {
    "hidden from the import system": "import sys; sys.modules['tensorflow'] = None\n",
    "refused by an import hook": (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'tensorflow':\n"
        "            raise ModuleNotFoundError('No module named tensorflow', name='tensorflow')\n"
        "sys.meta_path.insert(0, Refuse())\n"
    ),
}


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])
@pytest.mark.parametrize("how", BLOCKED)
def test_without_tensorflow_its_cells_are_unavailable_and_the_others_run(bench, how, options):
    bench.experiment(NETWORK)
    (bench.path / "sitecustomize.py").write_text(BLOCKED[how])
    run = bench.run("--smote-methods", "RandomOverSampler,class_weight", *options)
    for classifier, status in {
        "KerasMLP": "unavailable",
        "KerasMLP_Adam": "unavailable",
        "LogisticRegression": "ok",
    }.items():
        for method in ("Original", "RandomOverSampler", "class_weight"):
            cell = run.cells[f"Flare-{method}-{classifier}"]
            assert cell["status"] == status, run.text
            if status == "unavailable":
                assert (
                    "needs tensorflow, which is not installed; install it with: pip install" in cell["reason"]
                )
    assert run.code == 0, run.text


def test_a_broken_tensorflow_makes_cells_unavailable_too(bench):
    bench.experiment(NETWORK)
    (bench.path / "tensorflow").mkdir()
    (bench.path / "tensorflow" / "__init__.py").write_text("raise ImportError('libcuda is missing')\n")
    cell = bench.run("--smote-methods", "Original").cells["Flare-Original-KerasMLP"]
    assert cell["status"] == "unavailable"
    assert "cannot be imported (libcuda is missing); install it with: pip install" in cell["reason"]
