"""The canary of dependent rows: noise in which plain splits find a signal, and splits by roles do not."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from fold_sources import fold_source

from smote_bench.evaluation.evaluate import CellPlan, evaluate_cell
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import experiment_from_text

METHODS = ("Original", "SMOTE", "class_weight", "tuned_threshold")
ROLES = ("groups: patient", "time: day", "split: part", "test: later.csv")


def write_patients(folder: Path, seed: int, n_patients: int = 40) -> None:
    """Write rows of patients: features nearly constant in each, a label drawn for each; no signal at all.

    Patients come one after the other in time; the last quarter of them is the given test part.
    """
    rng = np.random.default_rng(seed)
    cut = 3 * n_patients // 4
    sides = (np.arange(size) % 3 == 0 for size in (cut, n_patients - cut))
    label = np.concatenate([rng.permutation(side) for side in sides]).astype(int)
    level = rng.normal(size=(n_patients, 4))
    lines = []
    for row in range(6 * n_patients):
        patient = row // 6
        values = level[patient] + rng.normal(size=4) / 50
        part = "test" if patient >= cut else "train"
        lines.append(
            ",".join([*(f"{v:.5f}" for v in values), str(patient), str(patient), part, str(label[patient])])
        )
    header = "a,b,c,d,patient,day,part,y"
    (folder / "p.csv").write_text("\n".join([header, *lines]) + "\n")
    train = [line for line in lines if ",train," in line]
    (folder / "early.csv").write_text("\n".join([header, *train]) + "\n")
    (folder / "later.csv").write_text("\n".join([header, *lines[len(train) :]]) + "\n")


def roc_aucs(folder: Path, role: str, phase: str, methods=METHODS, classifier="RandomForest") -> list[float]:
    """Return the mean ROC AUC of each method."""
    file = "early.csv" if role.startswith("test") else "p.csv"
    dropped = [name for name in ("patient", "day", "part") if f": {name}" not in role]
    for name in ("p.csv", "early.csv", "later.csv"):
        _drop(folder / name, dropped)
    settings = f"file: {file}, target: y, minority: 1, {role}".rstrip(", ")
    experiment = experiment_from_text(
        f"methods: {[m for m in methods if m != 'Original'] or ['SMOTE']}\n"
        f"datasets: [{{name: p, {settings}}}]\ncv_folds: 3\n"
        f"selected_classifiers: [{{{classifier}: {{n_estimators: 25}}}}]\nmetrics: [roc_auc]\n"
        "priority_metrics: [roc_auc]\n",
        str(folder / "e.yaml"),
    )
    source = fold_source(experiment)
    found = []
    for method in methods:
        plan = CellPlan(
            Cell("p", method, classifier),
            experiment.methods[method],
            experiment.classifiers[classifier],
            experiment.protocol.random_state,
            tuple(experiment.metrics.values()),
        )
        outcome = evaluate_cell(plan, source.folds("p", method))
        assert outcome.is_scored, outcome.reason
        found.append(outcome.mean("roc_auc", phase))
    return found


def _drop(path: Path, columns: list[str]) -> None:
    import pandas as pd

    pd.read_csv(path).drop(columns=columns, errors="ignore").to_csv(path, index=False)


@pytest.mark.parametrize("method", METHODS)
def test_without_a_role_the_rows_of_a_patient_are_on_both_sides(tmp_path, method):
    write_patients(tmp_path, seed=0)
    for phase in ("cv", "holdout"):
        (found,) = roc_aucs(tmp_path, "", phase, [method])
        assert found > 0.95


@pytest.mark.parametrize("role", ROLES)
def test_no_method_finds_a_signal_in_the_noise_of_patients(tmp_path, role):
    # With 'split' and 'test' the folds of the training part are drawn, as nobody says what is apart there.
    phase = "holdout" if role.startswith(("split", "test")) else "cv"
    found = []
    for seed in range(3):
        write_patients(tmp_path, seed)
        found.append(roc_aucs(tmp_path, role, phase))
    for method, values in zip(METHODS, zip(*found, strict=True), strict=True):
        assert 0.35 <= fmean(values) <= 0.65, (method, values)


@pytest.mark.parametrize("role", ROLES)
def test_over_many_tables_of_noise_the_mean_is_chance(tmp_path, role):
    values = []
    for seed in range(24):
        write_patients(tmp_path, seed, n_patients=32)
        values += roc_aucs(tmp_path, role, "holdout", ["Original"])
    error = np.std(values, ddof=1) / len(values) ** 0.5
    assert error < 0.06
    assert abs(fmean(values) - 0.5) < 3.5 * error, (fmean(values), error)
