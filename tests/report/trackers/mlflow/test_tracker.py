"""A run in a real SQLite store of MLflow, read back by MLflow's client.

Also of: content, files.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import math
from collections import defaultdict
from pathlib import Path

import pytest
from made_up import made_up_run
from report.trackers.mlflow_stores import FoundRun, clean_environment, needs_mlflow, publish, read_store

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.trackers.mlflow.content import LONGEST_DIGEST, Contents, cut, legal_names
from smote_bench.report.trackers.mlflow.files import CellFiles
from smote_bench.runs.open import open_run

pytestmark = needs_mlflow

FOLDS, REPEATS = 3, 2
FAILED = ("Haberman", "SMOTE", "LogisticRegression")
SUMMARY = "Oversampling helped, said a made-up summary."
GATE = {
    "result": "fail",
    "findings": [
        {
            "kind": "DROP",
            "level": "dataset",
            "dataset": "Ecoli",
            "method": "SMOTE",
            "classifier": "",
            "measure": "roc_auc",
        }
    ],
    "problems": [],
}
UNTOUCHED = ("scores.csv", "cells.csv", "manifest.json", "cells.sqlite")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 12 cells: one failed, and after SMOTE no row is predicted as the minority."""
    folder = made_up_run(
        tmp_path_factory.mktemp("mlflow"),
        datasets=2,
        methods=3,
        folds=FOLDS,
        repeats=REPEATS,
        effects={"SMOTE": -9.0},
        statuses={FAILED: "error", ("Ecoli", "class_weight", "RandomForest"): "noop"},
        points=None,
    )
    (folder / "report.html").write_text("<!doctype html><title>a page</title>")
    (folder / "summary.md").write_text(SUMMARY)
    (folder / "gate.json").write_text(json.dumps(GATE))
    (folder / "figures").mkdir()
    (folder / "figures" / "ranks.png").write_bytes(b"a picture")
    (folder / "figures" / "ranks.svg").write_bytes(b"the same")
    return folder


@pytest.fixture(scope="module")
def published(folder: Path) -> tuple[str, dict[str, FoundRun]]:
    """What publishing said, and the runs in the store by name."""
    before = {name: (folder / name).read_bytes() for name in UNTOUCHED}
    environment = clean_environment(folder.parent.parent / "home")
    done = publish(folder, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert {name: (folder / name).read_bytes() for name in UNTOUCHED} == before
    found = read_store(f"sqlite:///{folder.parent.parent}/mlflow.db", environment)
    by_name = {run.name: run for run in found}
    assert len(by_name) == len(found)
    return done.stdout, by_name


@pytest.fixture(scope="module")
def runs(published: tuple[str, dict[str, FoundRun]]) -> dict[str, FoundRun]:
    return published[1]


@pytest.fixture(scope="module")
def scores(folder: Path) -> dict[tuple[str, str, str], list[tuple[int, float]]]:
    """The values of ``scores.csv`` by cell, phase and metric, with steps counted from 1."""
    steps: dict[tuple[str, str, str], list[tuple[int, float]]] = defaultdict(list)
    with (folder / "scores.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            cell = f"{row['dataset']}-{row['method']}-{row['classifier']}"
            n = FOLDS if row["phase"] == "cv" else 1
            step = int(row["repeat"]) * n + int(row["fold"]) + 1
            value = float(row["value"]) if row["value"] else math.nan
            steps[cell, row["phase"], row["metric"]].append((step, value))
    return steps


def test_it_says_where_the_runs_are_and_how_to_look_at_them(
    published: tuple[str, dict[str, FoundRun]], folder: Path
) -> None:
    reports = folder.parent.parent
    assert f"mlflow ui --backend-store-uri sqlite:///{reports}/mlflow.db" in published[0]
    assert all(
        run.artifact_uri.startswith((reports / "mlartifacts").as_uri()) for run in published[1].values()
    )


def test_there_is_a_parent_and_a_run_below_it_for_every_cell(runs: dict[str, FoundRun], folder: Path) -> None:
    parent = runs.pop(folder.name)
    with (folder / "cells.csv").open(newline="") as file:
        cells = {f"{r['dataset']}-{r['method']}-{r['classifier']}" for r in csv.DictReader(file)}
    assert runs.keys() == cells
    assert {run.tags["mlflow.parentRunId"] for run in runs.values()} == {parent.id}
    assert "mlflow.parentRunId" not in parent.tags
    runs[folder.name] = parent


def test_every_defined_score_is_there_with_its_step_and_every_digit(
    runs: dict[str, FoundRun], scores: dict[tuple[str, str, str], list[tuple[int, float]]]
) -> None:
    n_undefined = 0
    for (cell, phase, metric), expected in scores.items():
        defined = [[step, value] for step, value in expected if not math.isnan(value)]
        assert sorted(runs[cell].metrics.get(f"{phase}/{metric}", [])) == defined, (cell, phase, metric)
        n_undefined += len(expected) - len(defined)
    assert n_undefined


def test_means_spreads_and_deltas_are_those_of_the_scores(
    runs: dict[str, FoundRun], scores: dict[tuple[str, str, str], list[tuple[int, float]]]
) -> None:
    def mean(cell: str, phase: str) -> float:
        values = [value for _, value in scores[cell, phase, "roc_auc"]]
        return sum(values) / len(values)

    own, original = "Ecoli-SMOTE-RandomForest", "Ecoli-Original-RandomForest"
    values = [value for _, value in scores[own, "cv", "roc_auc"]]
    spread = math.sqrt(sum((value - mean(own, "cv")) ** 2 for value in values) / len(values))
    expected = {
        "cv_mean/roc_auc": mean(own, "cv"),
        "cv_std/roc_auc": spread,
        "cv_delta/roc_auc": mean(own, "cv") - mean(original, "cv"),
        "holdout_mean/roc_auc": mean(own, "holdout"),
        "holdout_delta/roc_auc": mean(own, "holdout") - mean(original, "holdout"),
    }
    assert {key: runs[own].metrics[key] for key in expected} == {
        key: [[0, pytest.approx(value, abs=1e-15)]] for key, value in expected.items()
    }
    assert not [key for key in runs[original].metrics if "_delta/" in key]


def test_undefined_scores_are_named_and_are_no_numbers(runs: dict[str, FoundRun]) -> None:
    run = runs["Ecoli-SMOTE-RandomForest"]
    named = run.tags["smote_bench.undefined"].split(", ")
    assert {"cv/precision step 1", "holdout/precision step 2", "cv_mean/precision"} <= set(named)
    assert "cv_mean/precision" not in run.metrics
    numbers = [value for history in run.metrics.values() for _, value in history]
    assert all(map(math.isfinite, numbers))
    assert "smote_bench.undefined" not in runs["Ecoli-Original-RandomForest"].tags


def test_seconds_and_rows_are_those_of_the_table_of_cells(runs: dict[str, FoundRun], folder: Path) -> None:
    with (folder / "cells.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            metrics = runs[f"{row['dataset']}-{row['method']}-{row['classifier']}"].metrics
            if row["status"] == "error":
                assert not metrics
                continue
            for part in ("resample", "fit", "predict"):
                assert metrics[f"seconds/{part}"][0][1] == pytest.approx(
                    float(row[f"{part}_seconds"]), abs=1e-6
                )
            for part in ("majority_before", "minority_before", "majority_after", "minority_after"):
                assert metrics[f"rows/{part}"] == [[0, float(row[part])]]


def test_a_failed_cell_has_the_status_failed_and_its_reason(runs: dict[str, FoundRun]) -> None:
    failed = runs["-".join(FAILED)]
    assert failed.status == "FAILED"
    assert failed.tags["smote_bench.status"] == "error"
    assert failed.tags["smote_bench.reason"] == "ValueError: made up"
    assert failed.tags["mlflow.note.content"] == "error: ValueError: made up"
    assert {run.status for name, run in runs.items() if name != failed.name} == {"FINISHED"}


def test_tags_name_the_cell_its_status_and_the_verdict(runs: dict[str, FoundRun], folder: Path) -> None:
    own = {
        key.removeprefix("smote_bench."): value
        for key, value in runs["Ecoli-SMOTE-RandomForest"].tags.items()
    }
    expected = {
        "run": folder.name,
        "dataset": "Ecoli",
        "method": "SMOTE",
        "classifier": "RandomForest",
        "status": "ok",
        "from_memo": "False",
        "gate": "fail",
        "gate_findings": "DROP roc_auc (dataset)",
    }
    assert {key: own.get(key) for key in expected} == expected
    assert "trivial_arm" not in own
    noop = runs["Ecoli-class_weight-RandomForest"]
    assert noop.tags["smote_bench.status"] == "noop"
    assert noop.tags["smote_bench.reason"] == "a made-up noop"
    assert "smote_bench.gate_findings" not in noop.tags
    assert runs[folder.name].tags["smote_bench.gate"] == "fail"
    assert runs[folder.name].tags["mlflow.note.content"] == SUMMARY


def test_params_name_the_parts_and_their_parameters(runs: dict[str, FoundRun], folder: Path) -> None:
    experiment = json.loads((folder / "manifest.json").read_text())["experiment"]
    params = runs["Ecoli-SMOTE-RandomForest"].params
    expected = {
        "dataset": "Ecoli",
        "dataset_version": "raw",
        "method": "SMOTE",
        "method.target": experiment["methods"]["SMOTE"]["steps"][0]["target"],
        "classifier": "RandomForest",
        "classifier.target": experiment["classifiers"]["RandomForest"]["target"],
        "classifier.n_estimators": str(experiment["classifiers"]["RandomForest"]["params"]["n_estimators"]),
        "protocol.cv_folds": str(FOLDS),
    }
    assert {key: params.get(key) for key in expected} == expected
    assert runs["Ecoli-class_weight-RandomForest"].params["class_weight"] == "balanced"
    whole = runs[folder.name].params
    assert whole["datasets"] == "Ecoli, Haberman"
    assert whole["protocol.random_runs"] == str(REPEATS)
    assert whole["versions.numpy"]


def test_files_of_the_run_and_of_cells_are_attached(runs: dict[str, FoundRun], folder: Path) -> None:
    parent = Path(runs[folder.name].artifact_uri.removeprefix("file://"))
    for name in ("report.html", "summary.md", "scores.csv", "cells.csv", "manifest.json", "gate.json"):
        assert (parent / name).read_bytes() == (folder / name).read_bytes()
    assert [path.name for path in (parent / "figures").iterdir()] == ["ranks.png"]
    assert {path.name for path in (parent / "tables").iterdir()} == {
        path.name for path in (folder / "tables").iterdir()
    }
    own = runs["Haberman-class_weight-RandomForest"]
    assert own.artifacts == ["curves.png", "metrics.csv", "scores.csv"]
    files = Path(own.artifact_uri.removeprefix("file://"))
    assert (files / "curves.png").read_bytes().startswith(b"\x89PNG")
    lines = (folder / "scores.csv").read_text().splitlines()
    mine = [line for line in lines if line.startswith("Haberman,class_weight,RandomForest,")]
    assert (files / "scores.csv").read_text().splitlines() == [lines[0], *mine]
    with (files / "metrics.csv").open(newline="") as file:
        (table,) = (row for row in csv.DictReader(file) if row["metric"] == "roc_auc")
    for column in ("cv_mean", "cv_std", "cv_delta", "holdout_mean", "holdout_delta"):
        assert [[0, float(table[column])]] == own.metrics[f"{column}/roc_auc"]
    assert runs["-".join(FAILED)].artifacts == []


def test_the_data_set_is_an_input_with_its_digest(runs: dict[str, FoundRun]) -> None:
    run = runs["Ecoli-SMOTE-RandomForest"]
    (data,) = run.inputs
    whole = run.tags["smote_bench.dataset_digest"]
    assert (data["name"], data["digest"], data["context"]) == ("Ecoli", whole[:LONGEST_DIGEST], "evaluation")
    assert data["source_type"] == "code"
    assert json.loads(data["source"])["tags"]["dataset"] == "Ecoli"


def test_a_broken_off_publication_is_gone_on_with_and_nothing_is_there_twice(tmp_path: Path) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=3, classifiers=1, folds=2, points=None)
    environment = clean_environment(tmp_path / "home", MLFLOW_EXPERIMENT_NAME="mine")
    # The first dies before the ledger knows of the parent; the next breaks off while the second cell is sent;
    # the third dies before the ledger knows of that cell's new run.
    steps = """
from unittest import mock
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from smote_bench.errors import SmoteBenchError

def failing(owner, name, n, error):
    calls, function = iter(range(1, 99)), getattr(owner, name)
    def wrapped(self, *args, **kwargs):
        if next(calls) == n:
            raise error
        return function(self, *args, **kwargs)
    return mock.patch.object(owner, name, wrapped)

for owner, name, n, error in (
    (Ledger, "begin", 1, KeyboardInterrupt()),
    (MlflowClient, "log_batch", 3, MlflowException("the server is gone")),
    (Ledger, "begin", 1, KeyboardInterrupt()),
):
    with failing(owner, name, n, error):
        try:
            publish(folder)
        except (SmoteBenchError, KeyboardInterrupt) as failure:
            print("FAILED", type(failure).__name__, failure)
print("THEN")
publish(folder)
print("AGAIN")
publish(folder)
"""
    done = publish(folder, environment, steps)
    assert done.returncode == 0, done.stdout + done.stderr
    first, then = done.stdout.split("THEN")
    assert first.count("FAILED KeyboardInterrupt") == 2
    place = f"sqlite:///{tmp_path}/mlflow.db experiment 'mine'"
    assert f"expected MLflow at {place} to take the run, got MlflowException: the server is gone" in first
    assert "(after 1 cells)" in first
    assert "sending 2 of 3 cells" in then
    assert "nothing was sent" in then.split("AGAIN")[1]
    found = read_store(f"sqlite:///{tmp_path}/mlflow.db", environment, "mine", whole=False)
    assert sorted(run.name for run in found) == sorted(
        [folder.name, *(f"Ecoli-{m}-RandomForest" for m in ("Original", "SMOTE", "class_weight"))]
    )
    parent = next(run for run in found if run.name == folder.name)
    assert {run.tags.get("mlflow.parentRunId", parent.id) for run in found} == {parent.id}
    assert {run.status for run in found} == {"FINISHED"}


def test_what_is_not_there_any_more_is_sent_again_and_what_died_at_the_end_is_known_again(
    tmp_path: Path,
) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=None)
    environment = clean_environment(tmp_path / "home", MLFLOW_EXPERIMENT_NAME="mine")
    # Death between the parent's end in MLflow and in the ledger; a parent and a cell that were made twice; a
    # run that was deleted.
    steps = """
from unittest import mock
from mlflow import MlflowClient

publish(folder)
finish = Ledger.finish
def dying(self, destination, name):
    if name == "run":
        raise KeyboardInterrupt
    finish(self, destination, name)
(folder / "tracked.json").unlink()
client = MlflowClient()
(experiment,) = [e.experiment_id for e in client.search_experiments() if e.name == "mine"]
for run in client.search_runs([experiment]):
    client.delete_run(run.info.run_id)
create = MlflowClient.create_run
def twice(self, *args, **kwargs):
    create(self, *args, **kwargs)
    return create(self, *args, **kwargs)
with mock.patch.object(Ledger, "finish", dying), mock.patch.object(MlflowClient, "create_run", twice):
    try:
        publish(folder)
    except KeyboardInterrupt:
        print("DEAD", len(client.search_runs([experiment])))
publish(folder)
print("THERE", len(client.search_runs([experiment])))
# Archived, and begun once more from there.
moved = folder.rename(folder.with_name("elsewhere"))
publish(moved)
print("MOVED", len(client.search_runs([experiment])))
begun = moved / "tracked.json"
begun.write_text(begun.read_text().replace("true", "false", 1))
publish(moved)
print("BEGUN", len(client.search_runs([experiment])))
folder = moved
for run in client.search_runs([experiment]):
    client.delete_run(run.info.run_id)
publish(folder)
print("ANEW", len(client.search_runs([experiment])))
"""
    setup = {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db"}
    done = publish(folder, {**environment, **setup}, steps)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DEAD 3" in done.stdout
    for when in ("THERE", "MOVED", "BEGUN"):
        assert f"{when} 3" in done.stdout, done.stdout
    assert "which was sent, is not there any more: all is sent again" in done.stdout
    assert "ANEW 3" in done.stdout


def test_settings_of_the_experiment_leave_out_params_and_curves(folder: Path, tmp_path: Path) -> None:
    run = open_run(folder)
    tracking = {
        "log_model_params": False,
        "enable_roc_curves": False,
        "enable_precision_recall_curves": False,
        "clearml_tags": ["mine", "yours"],
    }
    experiment = {**run.manifest["experiment"], "tracking": tracking}
    run = dataclasses.replace(run, manifest={**run.manifest, "experiment": experiment})
    contents = Contents(run)
    outcome = run.by_cell[Cell("Ecoli", "SMOTE", "RandomForest")]
    params = contents.cell(outcome, "parent").params
    assert params["method"] == "SMOTE"
    assert not [name for name in params if name.startswith(("method.", "classifier."))]
    assert contents.whole_run().tags["smote_bench.tags"] == "mine, yours"
    CellFiles(run, contents).write(outcome, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["metrics.csv", "scores.csv"]


def test_names_that_mlflow_refuses_become_legal_and_stay_different() -> None:
    legal = legal_names(["f1", "f1@0.3", "f1#0.3", "f1_0.3", "..", "a/../b"])
    assert legal == {
        "f1": "f1",
        "f1@0.3": "f1_0.3_",
        "f1#0.3": "f1_0.3__",
        "f1_0.3": "f1_0.3",
        "..": "_..",
        "a/../b": "a_.._b",
    }


def test_what_is_cut_says_how_long_it_was() -> None:
    assert cut("short", 10) == "short"
    text = cut("x" * 7000, 6000)
    assert len(text) == 6000
    assert text.endswith("x… (7,000 characters)")
