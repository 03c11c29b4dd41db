"""What a run keeps beside its cells: predictions, cards and points, computed or from the memo."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import smote_bench.points
from smote_bench.experiment import Experiment
from smote_bench.extras import CARD, POINTS
from smote_bench.outcome import Task
from smote_bench.points import Points
from smote_bench.predictions import Predictions
from smote_bench.runner import CellRunner, RunSettings
from smote_bench.scoring import score_fold

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
    return CellRunner(Experiment.from_text(TEXT, "grid.yaml"), settings)


def _run(folder: Path, name: str, *methods: str, memo: str = "memo.sqlite") -> CellRunner:
    runner = _runner(folder, name, memo)
    for method in methods:
        runner.run(Task("Ecoli", method, "kNN"))
    return runner


def test_predictions_of_every_fit_are_stored_and_give_its_scores(tmp_path: Path) -> None:
    runner = _run(tmp_path, "run", "SMOTE")
    task = Task("Ecoli", "SMOTE", "kNN")
    outcome = runner.run(task).outcome
    data = runner._store.predictions_of(task)
    assert data is not None
    splits = runner.folds.splits("Ecoli")
    for fit, tested, split in zip(outcome.fits, Predictions.loads(data).fits, splits, strict=True):
        assert (tested.phase, tested.repeat, tested.fold) == (fit.phase, fit.repeat, fit.fold)
        assert np.array_equal(tested.rows, split.test)
        assert np.array_equal(tested.truth, runner.folds.dataset("Ecoli").y[split.test])
        assert score_fold(tested.truth, tested.label, tested.score, list(fit.scores)) == fit.scores


def test_train_counts_are_those_of_the_final_training_part_before_resampling(tmp_path: Path) -> None:
    runner = _run(tmp_path, "run", "SMOTE")
    fits = runner.run(Task("Ecoli", "SMOTE", "DecisionTree")).outcome.fits
    assert [fit.train_counts is None for fit in fits] == [fit.phase == "cv" for fit in fits]
    assert fits[-1].train_counts is not None
    tn, fp, fn, tp = fits[-1].train_counts
    assert (tn + fp, fn + tp) == fits[-1].rows_before
    assert (fp, fn) == (0, 0)  # a tree that grows to the end knows its training rows by heart


def test_a_weighted_threshold_labels_the_training_rows_as_it_does_the_test_rows(tmp_path: Path) -> None:
    text = TEXT.replace("class_weight", "tuned_threshold")
    runner = CellRunner(Experiment.from_text(text, "grid.yaml"), RunSettings(str(tmp_path / "run")))
    counts = {
        method: runner.run(Task("Ecoli", method, "kNN")).outcome.fits[-1].train_counts
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
    real = smote_bench.points.take_points
    monkeypatch.setattr(smote_bench.points, "take_points", lambda *a: taken.append(1) or real(*a))
    runner = _run(tmp_path, "run", "SMOTE", "class_weight")
    runner.run(Task("Ecoli", "SMOTE", "DecisionTree"))
    assert len(taken) == 2  # SMOTE's; and Original's, which class weights share
    card = runner._store.extra_of(CARD, "Ecoli")
    assert card is not None
    assert json.loads(card)["rows_split"] == len(runner.folds.dataset("Ecoli").y)
    points = Points.loads(runner._store.extra_of(POINTS, "Ecoli", "SMOTE") or b"")
    fit = runner.run(Task("Ecoli", "SMOTE", "kNN")).outcome.fits[-1]
    assert points.totals["synthetic"] == sum(fit.rows_after) - sum(fit.rows_before)
    assert (points.parents[points.group == 3] >= 0).all()  # ours tells its parents


def test_a_run_from_the_memo_has_them_too_and_imports_no_numpy_for_it(tmp_path: Path) -> None:
    import subprocess
    import sys

    _run(tmp_path, "first", "SMOTE", "RandomUnderSampler")
    code = (
        "import sys; from pathlib import Path; from smote_bench.experiment import Experiment\n"
        "from smote_bench.outcome import Task; from smote_bench.runner import CellRunner, RunSettings\n"
        f"settings = RunSettings({str(tmp_path / 'second')!r}, memo={str(tmp_path / 'memo.sqlite')!r})\n"
        f"runner = CellRunner(Experiment.from_text({TEXT!r}, 'grid.yaml'), settings)\n"
        "for method in ('SMOTE', 'RandomUnderSampler'):\n"
        "    assert runner.run(Task('Ecoli', method, 'kNN')).from_memo\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    first, second = (_runner(tmp_path, name)._store for name in ("first", "second"))
    for method in ("SMOTE", "RandomUnderSampler"):
        task = Task("Ecoli", method, "kNN")
        assert second.predictions_of(task) == first.predictions_of(task) is not None
        assert second.extra_of(POINTS, "Ecoli", method) == first.extra_of(POINTS, "Ecoli", method) is not None
    assert second.extra_of(CARD, "Ecoli") == first.extra_of(CARD, "Ecoli") is not None


def test_points_that_cannot_be_taken_cost_a_warning_and_no_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ValueError("no axes")

    monkeypatch.setattr(smote_bench.points, "take_points", broken)
    runner = _runner(tmp_path, "run")
    with pytest.warns(UserWarning, match="points of Ecoli SMOTE could not be recorded for reports: no axes"):
        outcome = runner.run(Task("Ecoli", "SMOTE", "kNN")).outcome
    assert outcome.status == "ok"
    assert runner._store.extra_of(CARD, "Ecoli") is not None
