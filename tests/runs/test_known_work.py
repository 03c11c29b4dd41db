"""What the memo knows before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.runs.keys import CellKeys
from smote_bench.runs.known_work import Work, remembered
from smote_bench.runs.store import Store


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return experiment_from_text(
        "methods: [SMOTE]\ndatasets: [Haberman]\nselected_classifiers: [kNN, DecisionTree]\n"
    )


def outcome(cell: Cell, *seconds: tuple[float, float, float]) -> Outcome:
    fits = tuple(Fit("cv", 0, n, {"f1": 0.5}, *parts, (5, 2), (5, 5)) for n, parts in enumerate(seconds))
    return Outcome(cell, "ok", fits=fits)


def memo_with(path: Path, experiment: Experiment) -> Path:
    store = Store(path)
    known, stale = Cell("Haberman", "SMOTE", "kNN"), Cell("Haberman", "SMOTE", "DecisionTree")
    key = CellKeys(experiment).key(known.dataset, known.method, known.classifier)
    store.put(key, outcome(known, (1.0, 0.5, 0.25), (3.0, 0.5, 0.75)))
    store.put("0" * 64, outcome(stale, (1.0, 2.0, 3.0)))
    store.put("1" * 64, Outcome(Cell("Haberman", "Original", "kNN"), "error", "it raised"))
    store.close()
    return path


def test_cells_count_as_known_by_their_key_and_seconds_by_their_name(
    tmp_path: Path, experiment: Experiment
) -> None:
    found = remembered(memo_with(tmp_path / "memo.sqlite", experiment), experiment, None)
    assert found.cells == {Cell("Haberman", "SMOTE", "kNN")}
    assert found.work == {
        Cell("Haberman", "SMOTE", "kNN"): Work(2.0, 1.0),
        Cell("Haberman", "SMOTE", "DecisionTree"): Work(1.0, 5.0),
    }
    assert not found.remark


def test_without_a_memo_nothing_is_known(tmp_path: Path, experiment: Experiment) -> None:
    assert remembered(tmp_path / "none.sqlite", experiment, None).cells == frozenset()
    assert remembered(None, experiment, None).work == {}


def test_a_damaged_memo_is_left_as_it_is_and_named(tmp_path: Path, experiment: Experiment) -> None:
    path = tmp_path / "memo.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    before = path.read_bytes()
    found = remembered(path, experiment, None)
    assert found.work == {}
    assert "nothing is taken from the memo" in found.remark
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["memo.sqlite"]
