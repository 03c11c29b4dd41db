"""`smote-bench datasets push`, and a run of what it published, against a stand-in for ClearML's servers."""

from __future__ import annotations

import csv
import dataclasses
import os

import pytest
from clearml_server import ClearMLServer

from smote_bench.commands import datasets_push
from smote_bench.data.clearml_push import ToPush, push
from smote_bench.data.clearml_tables import process as clearml_process
from smote_bench.data.clearml_tables import reading as clearml
from smote_bench.data.clearml_tables.names import PROJECT
from smote_bench.data.clearml_tables.process import answers_of
from smote_bench.data.dataset import load_dataset
from smote_bench.data.digests import content_digest
from smote_bench.errors import UnavailableError
from tests.conftest import skip_without

EXPERIMENT = """
methods: [Original, samplers:Jitter]
selected_classifiers: [kNN]
cv_folds: 2
random_runs: 1
datasets:
"""

OURS = EXPERIMENT + "  - Ecoli\n"
PROCESSED = EXPERIMENT + "  - Ecoli: {preprocessed: true}\n"
THEIRS = EXPERIMENT + "".join(
    f"  - clearml:{name}\n"
    for name in ("Ecoli@raw", "Ecoli@processed", "Mine/churn@raw", "Ecoli@raw-9", "Mine/Ecoli@raw", "Plain@1")
)

OWN = "datasets:\n  - {name: churn, file: churn.csv, target: left, minority: 'yes'}\nmethods: [SMOTE]\n"


@pytest.fixture
def server(tmp_path, monkeypatch):
    skip_without("clearml")
    with ClearMLServer() as running:
        environment = running.environment(
            tmp_path, SMOTE_BENCH_CACHE=str(tmp_path / "cache"), SMOTE_BENCH_OFFLINE=""
        )
        for name in os.environ.keys() - environment.keys():
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(clearml, "_failures", {})
        yield running


def write_own(folder):
    rows = [f"{i * 0.37 % 5:.2f},{i % 7},{'yes' if i % 6 == 0 else 'no'}" for i in range(90)]
    (folder / "churn.csv").write_text("\n".join(["a,b,left", *rows]) + "\n")
    (folder / "own.yaml").write_text(OWN)
    return str(folder / "own.yaml")


def changed_ecoli():
    ecoli = load_dataset("Ecoli")
    X = ecoli.X.copy()
    X.iloc[0, 0] += 1
    return ToPush(dataclasses.replace(ecoli, X=X, digest=content_digest(X, ecoli.y)), "raw")


def push_plain(path):
    """Publish a file as people did before smote-bench: with numbers about it for metadata."""
    item = {"key": 0, "name": "Plain", "version": "1", "file": str(path), "description": ""}
    (answer,) = answers_of(
        {"do": "push", "project": PROJECT, "items": [{**item, "metadata": {"features": 2}}]}
    )
    assert answer["id"]


def scores_of(run):
    """Return the rows of scores.csv by data set, without its name and version."""
    with (run.folder / "scores.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for row in rows:
        kept = {key: value for key, value in row.items() if key != "dataset" and "seconds" not in key}
        found.setdefault(row["dataset"], []).append(kept)
    return found


def test_what_was_pushed_gives_the_scores_of_what_it_was_made_of(call, server, bench, tmp_path):
    own = write_own(tmp_path)
    status, out, err = call("push", "Ecoli", "--to", "clearml")
    assert (status, err) == (0, "")
    assert [line.partition(":")[0] for line in out.splitlines()] == [
        "Ecoli@raw was published",
        "Ecoli@processed was published",
    ]
    assert out.splitlines()[0].endswith("in an experiment: clearml:Ecoli@raw")
    pushed = call(
        "push", "churn", "--to", "clearml", "--project", "Mine", "--version", "raw", "--experiment", own
    )
    assert pushed[0] == 0
    assert pushed[1].endswith("in an experiment: clearml:Mine/churn@raw\n")

    status, out, err = call("push", "Ecoli", "--to", "clearml", "--version", "raw")
    assert (status, err) == (0, "")
    assert out.startswith("Ecoli@raw is there with the same digest, nothing was sent")

    (pushed,) = push([changed_ecoli()], "Mine")
    assert pushed.is_new

    push_plain(tmp_path / "churn.csv")

    for name, text in {"ours": OURS, "processed": PROCESSED, "theirs": THEIRS}.items():
        bench.experiment(text, f"{name}.yaml")
    environment = {
        name: value for name, value in os.environ.items() if name.startswith(("CLEARML", "SMOTE_BENCH"))
    }
    runs = {
        name: bench.run(experiment=f"{name}.yaml", out=name, **environment)
        for name in ("ours", "processed", "theirs")
    }
    scores = {name: scores_of(run) for name, run in runs.items()}
    assert scores["theirs"]["clearml:Ecoli@raw"] == scores["ours"]["Ecoli"]
    assert scores["theirs"]["clearml:Ecoli@processed"] == scores["processed"]["Ecoli"]
    assert scores["ours"]["Ecoli"] != scores["processed"]["Ecoli"]

    plain = scores["theirs"]["clearml:Plain@1"]
    assert plain == scores["theirs"]["clearml:Mine/churn@raw"]  # by the original's rules as by our metadata
    assert "clearml:Plain@1: published without smote-bench's metadata" in runs["theirs"].text

    listed = runs["theirs"].manifest["experiment"]["datasets"]
    assert {name: entry["version"] for name, entry in listed.items()} == {
        "clearml:Ecoli@raw": "raw",
        "clearml:Ecoli@processed": "processed",
        "clearml:Mine/churn@raw": "raw",
        "clearml:Ecoli@raw-9": "raw",
        "clearml:Mine/Ecoli@raw": "raw",
        "clearml:Plain@1": "raw",
    }
    cells = runs["theirs"].cells
    missing = cells["clearml:Ecoli@raw-9-Original-kNN"]
    assert "no data set Ecoli of version 'raw-9' (there is: processed, raw)" in missing["reason"]
    wrong = cells["clearml:Mine/Ecoli@raw-Original-kNN"]
    assert "that is not the catalogue's Ecoli: publish changed data under a name" in wrong["reason"]
    assert {row["dataset"]: row["status"] for row in cells.values()} == {
        "clearml:Ecoli@raw": "ok",
        "clearml:Ecoli@processed": "ok",
        "clearml:Mine/churn@raw": "ok",
        "clearml:Ecoli@raw-9": "unavailable",
        "clearml:Mine/Ecoli@raw": "error",
        "clearml:Plain@1": "ok",
    }
    assert server.unknown == []

    server.stop()  # what is in the cache and in the memo needs no server
    again = bench.run("-k", "not raw-9 and not Mine", experiment="theirs.yaml", out="theirs", **environment)
    assert again.code == 0
    assert again.n_computed == 0


def test_shows_and_fetches_what_lies_in_clearml(call, server):
    assert call("push", "Ecoli", "--to", "clearml", "--version", "processed", "--as", "processed-2")[0] == 0
    status, out, _ = call("show", "clearml:Ecoli@processed-2")
    assert status == 0
    shown = dict(line.split(maxsplit=1) for line in out.splitlines() if line[0] != " ")
    assert (shown["versions"], shown["from"], shown["rows"]) == ("processed", "clearml", "336")
    status, out, _ = call("fetch", "clearml:Ecoli@processed-2")
    assert (status, out.split()[:3]) == (0, ["clearml:Ecoli@processed-2", "is", "in"])
    status, _, err = call("fetch", "clearml:Ecoli@raw")
    assert (status, "there is: processed-2" in err) == (1, True)


def test_a_version_with_another_digest_is_refused(call, server, tmp_path):
    own = write_own(tmp_path)
    push = ("push", "churn", "--to", "clearml", "--version", "raw", "--experiment", own)
    assert call(*push)[0] == 0
    path = tmp_path / "churn.csv"
    path.write_text(path.read_text().replace("0.37", "0.38"))
    status, _, err = call(*push)
    assert status == 1
    assert "published versions are not replaced; push it under another with --as raw-2" in err
    assert call(*push, "--as", "raw-2")[0] == 0


def test_truth_values_come_back_as_such(call, server, tmp_path):
    own = write_own(tmp_path)
    first, *rows = (tmp_path / "churn.csv").read_text().splitlines()
    text = [f"{first},is_new", *(f"{row},{('yes', 'no')[n % 3 > 0]}" for n, row in enumerate(rows))]
    (tmp_path / "churn.csv").write_text("\n".join(text) + "\n")
    assert call("push", "churn", "--to", "clearml", "--version", "raw", "--experiment", own)[0] == 0
    _, X, _ = clearml.read_clearml_table("clearml:churn@raw")
    assert X["is_new"].dtype == bool
    assert X["is_new"].tolist() == [n % 3 == 0 for n in range(len(rows))]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Ecoly"], "Did you mean 'Ecoli'"),
        (["Ecoli", "--as", "new"], "expected one version for --as new, got both: add --version"),
        (["Ecoli", "--version", "raw", "--as", "new"], "expected raw, or a name such as raw-2, for --as"),
        (["keel:ecoli3"], "expected a dataset of the catalogue, got 'keel:ecoli3'"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_sent(call, words, message):
    status, out, err = call("push", *words, "--to", "clearml")
    assert (status, out) == (2, "")
    assert message in err


def test_without_the_package_it_is_said_how_to_install_it(call, monkeypatch):
    monkeypatch.setattr(clearml_process, "is_installed", lambda package: False)
    status, _, err = call("push", "Ecoli", "--to", "clearml")
    assert status == 2
    assert "pushing data sets needs clearml, which is not installed; install it with" in err


def test_a_dead_server_is_told(call, server):
    server.stop()
    status, _, err = call("push", "Ecoli", "--to", "clearml", "--version", "raw")
    assert status == 2
    assert f"ClearML at {server.address} does not answer" in err


def test_without_names_all_that_can_be_had_is_published(call, server, monkeypatch):
    def load(name, *arguments, **more):
        if name == "Oil":
            raise UnavailableError("Oil is nowhere", "look for it")
        return load_dataset(name, *arguments, **more)

    monkeypatch.setattr(datasets_push, "catalogue_names", lambda: ("Oil", "Ecoli"))
    monkeypatch.setattr(datasets_push, "load_dataset", load)
    status, out, err = call("push", "--to", "clearml", "--version", "raw")
    assert (status, err) == (0, "")
    left_out, published = out.splitlines()
    assert left_out == "Oil is left out: Oil is nowhere; look for it"
    assert published.startswith("Ecoli@raw was published")


def test_without_names_a_dead_server_is_told_before_anything_is_read(call, server, monkeypatch):
    server.stop()
    monkeypatch.setattr(datasets_push, "load_dataset", None)
    status, out, err = call("push", "--to", "clearml")
    assert (status, out) == (2, "")
    assert "does not answer" in err


def test_an_experiment_without_a_name_is_refused(call, tmp_path):
    status, _, err = call("push", "--to", "clearml", "--experiment", write_own(tmp_path))
    assert status == 2
    assert "expected the NAME of a data set of --experiment" in err
