"""A worker computes what has the key that it was asked for, and says why it does not compute other things."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest

from smote_bench.engines.cell_runner import CellRunner
from smote_bench.engines.contract import Request
from smote_bench.engines.dask.messages import Code, Spec, Table
from smote_bench.engines.dask.worker import _MOST_RUNS, _Run, _run_of, _runs, end_run
from smote_bench.evaluation.folds import FoldSource
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import experiment_from_text
from smote_bench.runs.keys import CellKeys
from smote_bench.runs.settings import RunSettings
from tests.conftest import Bench

TEXT = """
methods: [SMOTE]
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
experiment_config: {cv_folds: 2, selected_classifiers: {kNN: , DecisionTree: }}
"""


@pytest.fixture
def made(bench: Bench, tmp_path: Path):
    """Give a run in a worker, its requests, and the runner that asks."""
    bench.table("one", seed=3)
    experiment = experiment_from_text(TEXT, str(bench.path / "exp.yaml"))
    runner = CellRunner(experiment, RunSettings(str(tmp_path / "run")))
    spec = Spec("r", pickle.dumps(experiment), Code(), "", 0.0, 0, 2)
    run = _Run(spec, tmp_path, 0)
    yield run, runner.needed([Cell("one", "SMOTE", c) for c in ("kNN", "DecisionTree")]), runner
    run.close()
    runner.close()


def test_the_key_that_it_was_asked_for(made) -> None:
    run, requests, runner = made
    assert [request.cell.method for request in requests] == ["Original", "SMOTE"] * 2
    for request in requests:
        reply = run.reply(request, "here")
        assert reply.outcome is not None
        local = runner.run(request.cell).outcome
        assert [fit.scores for fit in reply.outcome.fits] == [fit.scores for fit in local.fits]
        assert reply.outcome.digest == local.digest
        # What is kept beside a cell comes once for all classifiers of the same rows.
        kinds = {kind for kind, *_ in reply.extras}
        first = request.cell.classifier == "kNN"
        assert kinds == ({"card", "points", "samples"} if first and request.cell.method == "Original" else
                         {"points", "samples"} if first else set())  # fmt: skip
    other = dataclasses.replace(requests[0], key="0" * 64)
    reply = run.reply(other, "here")
    assert reply.outcome is None
    assert reply.differs == CellKeys(runner.experiment).parts("one", "Original", "kNN")


def test_a_table_that_came_from_elsewhere(made, bench: Bench) -> None:
    run, requests, runner = made
    experiment = runner.experiment
    folds = FoldSource(experiment.datasets, experiment.methods, experiment.protocol)
    table = Table("one", CellKeys(experiment).data_part("one"), pickle.dumps(folds.dataset("one")))
    (bench.path / "one.csv").rename(bench.path / "gone.csv")
    assert run.reply(requests[0], "here").needs == "one"
    run.tables["one"] = table
    reply = run.reply(requests[0], "here")
    assert reply.outcome is not None
    assert reply.outcome.is_scored


def test_a_module_that_is_not_there(made) -> None:
    run, requests, runner = made
    method = runner.experiment.methods["SMOTE"]
    (step,) = method.steps
    lost = dataclasses.replace(method, steps=(dataclasses.replace(step, target="no_such_module:X"),))
    run._computer._computer.experiment.methods["SMOTE"] = lost
    reply = run.reply(requests[1], "here")
    assert reply.outcome is None
    assert "no_such_module" in reply.differs["method"]


def test_older_runs_are_ended(tmp_path: Path) -> None:
    experiment = pickle.dumps(experiment_from_text("methods: [SMOTE]\ndatasets: [Ecoli]\n"))
    names = [f"run {n}" for n in range(_MOST_RUNS + 2)]
    for name in names:
        _run_of(Spec(name, experiment, Code(), "", 0.0, 0, 1), tmp_path, 0)
    assert [run for run, _ in _runs] == names[-_MOST_RUNS:]
    for name in names:
        end_run(name)
    assert not _runs


def test_the_users_modules_are_found_first(tmp_path: Path, bench: Bench) -> None:
    bench.table("one", seed=3)
    text = TEXT.replace("[SMOTE]", '{Mine: "shipped_module:Mine"}')
    experiment = experiment_from_text(text, str(bench.path / "exp.yaml"))
    source = b"class Mine:\n    def fit_resample(self, X, y):\n        return X, y\n"
    code = Code({"shipped_module.py": source}, "d" * 32)
    run = _Run(Spec("r2", pickle.dumps(experiment), code, "", 0.0, 0, 1), tmp_path, 0)
    reply = run.reply(Request(Cell("one", "Mine", "kNN"), "0" * 64), "here")
    run.close()
    assert '"shipped_module:Mine"' in reply.differs["method"]
