"""Ids of cells that are printed can be pasted back."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from smote_bench.experiment.shipped import grid_file
from smote_bench.session.node_ids import is_pasted, with_pasted
from tests.conftest import ROOT, Bench

CELL = "::test_cell[Ecoli-SMOTE-kNN]"
EXPERIMENT = """
methods: {Jitter: "samplers:Jitter"}
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
experiment_config: {cv_folds: 2, selected_classifiers: {DecisionTree: , kNN: }}
"""


def test_an_id_becomes_one_in_the_grids_file_and_names_the_experiment() -> None:
    assert with_pasted(["-v", f"a/my.yaml{CELL}"]) == [
        "-v",
        f"{grid_file()}{CELL}",
        "--import-mode=importlib",
        "--smote-experiment",
        "a/my.yaml",
    ]
    given = [f"quick{CELL}", "--smote-experiment=other.yaml", "--import-mode=append"]
    assert with_pasted(given) == [f"{grid_file()}{CELL}", *given[1:]], "what is said stays"
    assert with_pasted([f"quick{CELL}"], alone=True) == [f"{grid_file()}{CELL}"]


@pytest.mark.parametrize("word", [f"test_mine.py{CELL}", "my.yaml", CELL, "my.yaml::other", "-k", "quick"])
def test_other_words_stay_as_they_are(word: str) -> None:
    assert not is_pasted(word)
    assert with_pasted([word]) == [word]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_printed_id_runs_its_cell_alone(tmp_path: Path, workers: str) -> None:
    bench = Bench(tmp_path)
    bench.table("one", 1)
    bench.experiment(EXPERIMENT, "my.yaml")

    def call(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *words, "-p", "no:cacheprovider", "-o", "smote_report=false"],
            cwd=tmp_path,
            env=bench.environment(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert not done.returncode, done.stdout + done.stderr
        assert "Warning" not in done.stdout + done.stderr
        return done.stdout

    printed = call("smote_bench", "run", "my.yaml", "-v", "-n", workers)
    ids = sorted(set(re.findall(r"\S*::test_cell\[[^]]*\]", printed)))
    assert len(ids) == 4
    assert ids[0] == "my.yaml::test_cell[one-Jitter-DecisionTree]"
    for command in (["pytest", "-p", "smote_bench.plugin"], ["smote_bench", "run", "my.yaml"]):
        again = call(*command, ids[0], "-v", "-n", workers)
        assert "1 passed" in again
        assert ids[0] in again
    assert "1 test collected" in call("pytest", "-p", "smote_bench.plugin", ids[0], "--collect-only")


def test_in_a_checkout_ids_are_the_files_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "benchmarks", "--collect-only", "-q", "--smote-experiment", "quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "benchmarks/test_grid.py::test_cell[Ecoli-SMOTE-kNN]" in done.stdout, done.stdout[-500:]
