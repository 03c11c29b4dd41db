"""Runs and outcomes that keep training histories, and a run that keeps none."""

from __future__ import annotations

from pathlib import Path

from made_up import made_up_run

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.runs.open import Run, open_run

NETWORK, FOREST = "LogisticRegression", "RandomForest"
METRICS = ["loss", "accuracy", "precision", "recall", "AUC"]


def run_with_history(out: Path) -> Run:
    """Return a run of hold-outs alone whose network keeps a history, where it did not fail."""
    folder = made_up_run(
        out,
        datasets=1,
        methods=3,
        folds=0,
        repeats=4,
        epochs={NETWORK: 20},
        statuses={("Ecoli", "class_weight", NETWORK): "error"},
    )
    return open_run(folder)


def run_without_history(out: Path) -> Run:
    """Return a run none of whose classifiers keeps a history."""
    return open_run(made_up_run(out, datasets=1, methods=2))


def outcome_of(*repeats: dict[str, list[float]] | None) -> Outcome:
    fits = [
        Fit("holdout", n, 0, {"f1": 0.5}, 0.0, 0.1, 0.1, (9, 3), (9, 9), None, history)
        for n, history in enumerate(repeats)
    ]
    return Outcome(Cell("Ecoli", "SMOTE", "net"), "ok", fits=tuple(fits))
