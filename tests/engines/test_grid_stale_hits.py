"""Whatever a score depends on is part of its key: a change computes again, no change computes nothing."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys

import pytest

from smote_bench.engines.cell_runner import CellRunner
from smote_bench.environment.targets import _installed_version
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import read_experiment
from smote_bench.runs.keys import code_digest
from smote_bench.runs.run_store import RunStore
from smote_bench.runs.settings import RunSettings

MODULES = ("samplers", "theirs", "amount", "unseen")
CELL = "one-samplers:Jitter-kNN"
EXPERIMENT = """
methods: ["samplers:Jitter"]
datasets:
  - {name: one, file: one.csv, target: y, minority: 1}
experiment_config:
  cv_folds: 2
  random_state: 7
  selected_classifiers: [kNN]
  metrics: [balanced_accuracy, roc_auc]
  priority_metrics: [balanced_accuracy]
"""


def swap(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def change_a_cell(bench):
    lines = (bench.path / "one.csv").read_text().splitlines()
    first, *rest = lines[1].split(",")
    lines[1] = ",".join([f"{float(first) + 0.0001:.4f}", *rest])
    (bench.path / "one.csv").write_text("\n".join(lines) + "\n")


def change_row_order(bench):
    header, first, second, *rest = (bench.path / "one.csv").read_text().splitlines()
    (bench.path / "one.csv").write_text("\n".join([header, second, first, *rest]) + "\n")


def edit_sampler(bench):
    swap(bench.path / "samplers.py", "rng.normal(scale=self.scale", "rng.normal(scale=2 * self.scale")


def edit_imported_file(bench):
    swap(bench.path / "samplers.py", "import os\n", "import os\nimport amount\n")
    (bench.path / "amount.py").write_text("BY = 2\n")


def experiment(old, new):
    def change(bench):
        swap(bench.path / "experiment.yaml", old, new)

    return change


CHANGES = {
    "a cell of the data": change_a_cell,
    "the order of the rows": change_row_order,
    "another scaler": experiment("cv_folds", "scaling: standard\n  cv_folds"),
    "preprocessed": experiment("cv_folds", "preprocessed: true\n  cv_folds"),
    "duplicates kept": experiment("minority: 1}", "minority: 1, drop_duplicates: false}"),
    "another kind of column": experiment("minority: 1}", "minority: 1, nominal: [a]}"),
    "an edited sampler": edit_sampler,
    "a file the sampler imports": edit_imported_file,
    "a parameter of the method": experiment('["samplers:Jitter"]', '{"samplers:Jitter": {scale: 0.3}}'),
    "a parameter of the classifier": experiment("[kNN]", "{kNN: {n_neighbors: 3}}"),
    "the number of folds": experiment("cv_folds: 2", "cv_folds: 3"),
    "the size of the hold-out": experiment("cv_folds", "test_size: 0.3\n  cv_folds"),
    "the seed": experiment("random_state: 7", "random_state: 8"),
    "the number of repeats": experiment("cv_folds", "random_runs: 2\n  cv_folds"),
    "the metrics": experiment("[balanced_accuracy, roc_auc]", "[balanced_accuracy, roc_auc, mcc]"),
    "the priority metrics": experiment(
        "priority_metrics: [balanced_accuracy]", "priority_metrics: [roc_auc]"
    ),
}


class Memory:
    """The cells of the experiment, run in this process with one memo; each call is a session of its own."""

    def __init__(self, bench):
        self.bench = bench
        self.n_runs = 0

    def run(self):
        """Return, by test id, whether the cell was computed rather than taken from the memo."""
        for name in MODULES:
            sys.modules.pop(name, None)
        self.n_runs += 1
        path = self.bench.path
        settings = RunSettings(run_dir=str(path / f"run{self.n_runs}"), memo=str(path / "memo.sqlite"))
        code_digest.cache_clear()
        _installed_version.cache_clear()
        runner = CellRunner(read_experiment(path / "experiment.yaml"), settings)
        computed = {}
        for name, cell in runner.experiment.cells.items():
            result = runner.run(cell)
            assert result.outcome.status == "ok", result.outcome
            computed[name] = not result.from_memo
        runner.close()
        return computed


@pytest.fixture
def memory(bench, monkeypatch):
    monkeypatch.chdir(bench.path)
    monkeypatch.syspath_prepend(str(bench.path))
    bench.table("one", 1)
    bench.experiment(EXPERIMENT)
    memory = Memory(bench)
    assert memory.run() == {"one-Original-kNN": True, CELL: True}
    yield memory
    for name in MODULES:
        sys.modules.pop(name, None)


def test_an_unchanged_rerun_computes_nothing(memory):
    assert memory.run() == {"one-Original-kNN": False, CELL: False}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_computed_again(memory, change):
    change(memory.bench)
    assert memory.run()[CELL]
    assert not memory.run()[CELL]


def test_original_is_not_computed_again_when_only_a_sampler_changed(memory):
    edit_sampler(memory.bench)
    assert memory.run() == {"one-Original-kNN": False, CELL: True}


@pytest.mark.parametrize("package", ["numpy", "scipy", "scikit-learn", "pandas"])
def test_another_package_version_is_computed_again(memory, package, monkeypatch):
    found = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "0.0.1" if name == package else found(name)
    )
    assert all(memory.run().values())


def test_a_version_of_the_samplers_own_package_is_part_of_the_key(memory, monkeypatch):
    site = memory.bench.path / "site"
    (site / "theirs").mkdir(parents=True)
    (site / "theirs" / "__init__.py").write_text("from samplers import Jitter\n")
    info = site / "theirs-1.0.dist-info"
    info.mkdir()
    monkeypatch.syspath_prepend(str(site))
    swap(memory.bench.path / "experiment.yaml", '"samplers:Jitter"', '"theirs:Jitter"')

    def install(version):
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: theirs\nVersion: {version}\n")
        importlib.invalidate_caches()

    install("1.0")
    assert memory.run()["one-theirs:Jitter-kNN"]
    assert not memory.run()["one-theirs:Jitter-kNN"]
    install("1.1")
    assert memory.run()["one-theirs:Jitter-kNN"]


def test_our_own_code_is_part_of_the_key(memory, monkeypatch):
    monkeypatch.setattr("smote_bench.runs.keys.code_digest", lambda: "another release")
    assert all(memory.run().values())


def test_an_error_is_not_remembered(bench):
    bench.table("one", 1)
    bench.experiment(EXPERIMENT.replace("Jitter", "Broken"))
    assert bench.run().code == 1
    again = bench.run()
    assert again.cells["one-samplers:Broken-kNN"]["from_memo"] == "False"
    assert again.cells["one-Original-kNN"]["from_memo"] == "True"


def test_what_unseen_code_computed_is_the_runs_own_and_is_computed_again(memory, monkeypatch):
    folder = memory.bench.path
    (folder / "src").mkdir()
    (folder / "lib").mkdir()
    monkeypatch.syspath_prepend(str(folder / "src"))
    (folder / "lib" / "unseen.py").write_text((folder / "samplers.py").read_text())
    (folder / "src" / "theirs.py").write_text(
        "import pathlib, sys\n"
        "sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'lib'))\n"
        "from unseen import Jitter\n"
    )
    swap(folder / "experiment.yaml", '"samplers:Jitter"', '"theirs:Jitter"')
    path = list(sys.path)
    for _ in range(2):
        monkeypatch.setattr(sys, "path", list(path))  # as in a new process
        assert memory.run() == {"one-Original-kNN": False, "one-theirs:Jitter-kNN": True}
        store = RunStore(folder / f"run{memory.n_runs}" / "cells.sqlite")
        outcome = store.outcome_of(Cell("one", "theirs:Jitter", "kNN"))
        store.close()
        assert outcome.warnings == (
            "not shared with later runs: the code of theirs:Jitter also imports unseen.py, "
            "which its imports do not name",
        )
