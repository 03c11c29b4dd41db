"""What a run keeps beside its cells: predictions, cards, points and samples, computed or from the memo.

Also of: sound_bytes.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import smote_bench.evaluation.points
import smote_bench.evaluation.samples
from smote_bench.engines.cell_runner import CellRunner
from smote_bench.evaluation.extras import CARD, POINTS, SAMPLES
from smote_bench.evaluation.outcome import Cell
from smote_bench.evaluation.points import Points
from smote_bench.evaluation.predictions import Predictions
from smote_bench.evaluation.samples import read_samples
from smote_bench.experiment.file import experiment_from_text
from smote_bench.runs.extras import Extras
from smote_bench.runs.settings import RunSettings
from smote_bench.runs.sound_bytes import is_sound
from smote_bench.runs.store import Store
from smote_bench.scoring import score_fold

if TYPE_CHECKING:
    from tests.conftest import Bench

TEXT = """
methods: [SMOTE, class_weight, RandomUnderSampler]
datasets: [Ecoli]
selected_classifiers: [kNN, DecisionTree]
cv_folds: 2
metrics: [balanced_accuracy, roc_auc, tp]
priority_metrics: [roc_auc]
"""


def _runner(folder: Path, name: str, memo: str = "memo.sqlite") -> CellRunner:
    settings = RunSettings(str(folder / name), memo=str(folder / memo) if memo else "")
    return CellRunner(experiment_from_text(TEXT, "grid.yaml"), settings)


def _run(folder: Path, name: str, *methods: str, memo: str = "memo.sqlite") -> CellRunner:
    runner = _runner(folder, name, memo)
    for method in methods:
        runner.run(Cell("Ecoli", method, "kNN"))
    return runner


def test_predictions_of_every_fit_are_stored_and_give_its_scores(tmp_path: Path) -> None:
    runner = _run(tmp_path, "run", "SMOTE")
    cell = Cell("Ecoli", "SMOTE", "kNN")
    outcome = runner.run(cell).outcome
    data = runner.recorder.store.predictions_of(cell)
    assert data is not None
    splits = runner.folds.splits("Ecoli")
    for fit, tested, split in zip(outcome.fits, Predictions.loads(data).fits, splits, strict=True):
        assert (tested.phase, tested.repeat, tested.fold) == (fit.phase, fit.repeat, fit.fold)
        assert np.array_equal(tested.rows, split.test)
        assert np.array_equal(tested.truth, runner.folds.dataset("Ecoli").y[split.test])
        assert score_fold(tested.truth, tested.label, tested.score, list(fit.scores)) == fit.scores


def test_train_counts_are_those_of_the_final_training_part_before_resampling(tmp_path: Path) -> None:
    runner = _run(tmp_path, "run", "SMOTE")
    fits = runner.run(Cell("Ecoli", "SMOTE", "DecisionTree")).outcome.fits
    assert [fit.train_counts is None for fit in fits] == [fit.phase == "cv" for fit in fits]
    assert fits[-1].train_counts is not None
    tn, fp, fn, tp = fits[-1].train_counts
    assert (tn + fp, fn + tp) == fits[-1].rows_before
    assert (fp, fn) == (0, 0)  # a tree that grows to the end knows its training rows by heart


def test_a_weighted_threshold_labels_the_training_rows_as_it_does_the_test_rows(tmp_path: Path) -> None:
    text = TEXT.replace("class_weight", "tuned_threshold")
    runner = CellRunner(experiment_from_text(text, "grid.yaml"), RunSettings(str(tmp_path / "run")))
    counts = {
        method: runner.run(Cell("Ecoli", method, "kNN")).outcome.fits[-1].train_counts
        for method in ("Original", "tuned_threshold")
    }
    assert counts["Original"] is not None
    assert counts["tuned_threshold"] is not None
    assert (
        counts["tuned_threshold"][3] > counts["Original"][3]
    )  # a lower threshold finds more of the minority


def test_each_card_and_each_set_of_points_is_recorded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    real = smote_bench.evaluation.points.take_points
    monkeypatch.setattr(smote_bench.evaluation.points, "take_points", lambda *a: taken.append(1) or real(*a))
    runner = _run(tmp_path, "run", "SMOTE", "class_weight")
    runner.run(Cell("Ecoli", "SMOTE", "DecisionTree"))
    assert len(taken) == 2  # SMOTE's; and Original's, which class weights share
    card = runner.recorder.store.extra_of(CARD, "Ecoli")
    assert card is not None
    assert json.loads(card)["rows_split"] == len(runner.folds.dataset("Ecoli").y)
    points = Points.loads(runner.recorder.store.extra_of(POINTS, "Ecoli", "SMOTE") or b"")
    fit = runner.run(Cell("Ecoli", "SMOTE", "kNN")).outcome.fits[-1]
    assert points.totals["synthetic"] == sum(fit.rows_after) - sum(fit.rows_before)
    assert (points.parents[points.group == 3] >= 0).all()  # ours tells its parents


def test_a_run_from_the_memo_has_them_too_and_imports_no_numpy_for_it(tmp_path: Path) -> None:
    import subprocess
    import sys

    _run(tmp_path, "first", "SMOTE", "RandomUnderSampler")
    code = (
        "import sys; from pathlib import Path; from smote_bench.experiment.file import experiment_from_text\n"
        "from smote_bench.evaluation.outcome import Cell; from smote_bench.runs.settings import RunSettings\n"
        "from smote_bench.engines.cell_runner import CellRunner\n"
        f"settings = RunSettings({str(tmp_path / 'second')!r}, memo={str(tmp_path / 'memo.sqlite')!r})\n"
        f"runner = CellRunner(experiment_from_text({TEXT!r}, 'grid.yaml'), settings)\n"
        "for method in ('SMOTE', 'RandomUnderSampler'):\n"
        "    assert runner.run(Cell('Ecoli', method, 'kNN')).from_memo\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    first, second = (_runner(tmp_path, name).recorder.store for name in ("first", "second"))
    for method in ("SMOTE", "RandomUnderSampler"):
        cell = Cell("Ecoli", method, "kNN")
        assert second.predictions_of(cell) == first.predictions_of(cell) is not None
        assert second.extra_of(POINTS, "Ecoli", method) == first.extra_of(POINTS, "Ecoli", method) is not None
        assert (
            second.extra_of(SAMPLES, "Ecoli", method) == first.extra_of(SAMPLES, "Ecoli", method) is not None
        )
    assert second.extra_of(CARD, "Ecoli") == first.extra_of(CARD, "Ecoli") is not None


def test_points_that_cannot_be_taken_cost_a_warning_and_no_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ValueError("no axes")

    monkeypatch.setattr(smote_bench.evaluation.points, "take_points", broken)
    runner = _runner(tmp_path, "run")
    said = "points of Ecoli {} could not be recorded for reports: no axes"
    with (
        pytest.warns(UserWarning, match=said.format("Original")),
        pytest.warns(UserWarning, match=said.format("SMOTE")),
    ):
        outcome = runner.run(Cell("Ecoli", "SMOTE", "kNN")).outcome
    assert outcome.status == "ok"
    assert runner.recorder.store.extra_of(CARD, "Ecoli") is not None


def test_samples_say_what_a_method_did_in_every_fit(tmp_path: Path) -> None:
    runner = _run(tmp_path, "run", "SMOTE", "RandomUnderSampler", "class_weight")
    for method in ("SMOTE", "RandomUnderSampler"):
        samples = read_samples(runner.recorder.store.extra_of(SAMPLES, "Ecoli", method) or b"")
        fits = runner.run(Cell("Ecoli", method, "kNN")).outcome.fits
        for sample, fit in zip(samples, fits, strict=True):
            assert (sample.phase, sample.repeat, sample.fold) == (fit.phase, fit.repeat, fit.fold)
            assert (sample.rows_before, sample.rows_after) == (fit.rows_before, fit.rows_after)
            assert sample.resample_seconds == fit.resample_seconds
            assert sample.descriptors["minority_ratio"] == 1
            assert sample.draw == 0
    assert samples[0].descriptors["kept_majority"] < 1  # the undersampler's
    original = read_samples(runner.recorder.store.extra_of(SAMPLES, "Ecoli", "Original") or b"")
    assert [sample.descriptors for sample in original] == [{}] * 3
    assert (
        runner.recorder.store.extra_of(SAMPLES, "Ecoli", "class_weight") is None
    )  # shares the one of Original


def test_samples_are_taken_once_for_all_classifiers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    real = smote_bench.evaluation.samples.describe_folds
    monkeypatch.setattr(
        smote_bench.evaluation.samples, "describe_folds", lambda *a, **k: taken.append(1) or real(*a, **k)
    )
    runner = _run(tmp_path, "run", "SMOTE", "class_weight")
    runner.run(Cell("Ecoli", "SMOTE", "DecisionTree"))
    assert len(taken) == 2  # SMOTE's; and Original's, which class weights share


def test_only_the_kinds_that_are_asked_for_are_recorded(tmp_path: Path) -> None:
    runner = _runner(tmp_path, "run")
    recorder = runner.recorder
    recorder.extras = Extras(
        runner.experiment, recorder.keys, recorder.store, recorder.memo, kinds=(SAMPLES,)
    )
    runner.run(Cell("Ecoli", "SMOTE", "kNN"))
    recorded = [runner.recorder.store.extra_of(kind, "Ecoli", "SMOTE") for kind in (POINTS, SAMPLES)]
    assert [data is None for data in recorded] == [True, False]
    assert runner.recorder.store.extra_of(CARD, "Ecoli") is None


def test_samples_that_cannot_be_described_cost_a_warning_and_no_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ValueError("no distances")

    monkeypatch.setattr(smote_bench.evaluation.samples, "describe", broken)
    runner = _runner(tmp_path, "run")
    message = "samples of Ecoli SMOTE could not be recorded for the gate: no distances"
    with pytest.warns(UserWarning, match=message):
        outcome = runner.run(Cell("Ecoli", "SMOTE", "kNN")).outcome
    assert outcome.status == "ok"
    assert runner.recorder.store.extra_of(POINTS, "Ecoli", "SMOTE") is not None


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_run_has_samples_of_every_data_set_and_method_once(bench: Bench, workers: tuple[str, ...]) -> None:
    bench.table("one", seed=1)
    bench.table("two", seed=2)
    bench.experiment(
        "methods: [SMOTE, 'samplers:Jitter', class_weight]\n"
        "datasets:\n"
        "  - {name: one, file: one.csv, target: y, minority: 1}\n"
        "  - {name: two, file: two.csv, target: y, minority: 1}\n"
        "selected_classifiers: [kNN, DecisionTree]\n"
        "cv_folds: 2\n"
    )
    run = bench.run(*workers)
    assert run.code == 0, run.text
    store = Store(run.folder / "cells.sqlite")
    rows = store._db.execute("SELECT dataset, method, data FROM extras WHERE kind = ?", (SAMPLES,)).fetchall()
    store.close()
    counted = Counter((dataset, method) for dataset, method, _ in rows)
    methods = {method for _, method in counted}
    assert methods == {"Original", "SMOTE", "samplers:Jitter"}
    assert counted == Counter({(dataset, method): 1 for dataset in ("one", "two") for method in methods})
    for _, method, data in rows:
        samples = read_samples(data)
        assert [(s.phase, s.fold) for s in samples] == [("cv", 0), ("cv", 1), ("holdout", 0)]
        assert all(bool(s.descriptors) == (method != "Original") for s in samples)


@pytest.mark.parametrize("kind", [CARD, POINTS, SAMPLES])
def test_what_is_damaged_in_the_memo_beside_a_cell_costs_that_cell_and_is_mended(
    tmp_path: Path, kind: str
) -> None:
    _run(tmp_path, "first", "SMOTE").close()
    with sqlite3.connect(tmp_path / "memo.sqlite") as db:
        db.execute("UPDATE extras SET data = substr(data, 1, length(data) / 2) WHERE kind = ?", (kind,))
    db.close()
    runner = _runner(tmp_path, "second")
    store, method = runner.recorder.store, "" if kind == CARD else "SMOTE"
    cell = Cell("Ecoli", "SMOTE", "kNN")
    assert not runner.run(cell).from_memo
    data = store.extra_of(kind, "Ecoli", method)
    assert data is not None
    assert is_sound(kind, data)
    runner.close()
    third = _runner(tmp_path, "third")
    assert third.run(cell).from_memo
    assert third.recorder.store.extra_of(kind, "Ecoli", method) == data
