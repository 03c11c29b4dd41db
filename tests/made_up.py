"""Runs of made-up outcomes: the folder that a real run leaves, of any size, in seconds, the truth known."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import yaml

from smote_bench.data.findings import Finding
from smote_bench.evaluation.extras import CARD, POINTS
from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.evaluation.points import take_points
from smote_bench.evaluation.predictions import FitPredictions, Predictions
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.data_findings import findings_to_json
from smote_bench.runs.files import write_run
from smote_bench.runs.settings import RunSettings
from smote_bench.runs.store import Store
from smote_bench.scoring import score_fold

DATASETS = (
    "Ecoli",
    "Haberman",
    "Ionosphere",
    "Pima_diabetes",
    "Satimage",
    "Flare",
    "Abalone",
    "Phoneme",
    "Adult",
    "Forest_coverage",
    "Mammography",
    "Oil",
    "US_crime",
    "Yeast_ml8",
)
METHODS = (
    ORIGINAL,
    "SMOTE",
    "class_weight",
    "RandomOverSampler",
    "BorderlineSMOTE",
    "ADASYN",
    "tuned_threshold",
    "distance_SMOTE",
    "Safe_Level_SMOTE",
    "Borderline_SMOTE1",
)
CLASSIFIERS = ("RandomForest", "LogisticRegression", "kNN", "DecisionTree")
_RESAMPLE_NOTHING = (ORIGINAL, "class_weight", "tuned_threshold")


def made_up_run(
    out: Path,
    *,
    datasets: int = 3,
    methods: int = 4,
    classifiers: int = 2,
    folds: int = 5,
    repeats: int = 1,
    rows: int = 300,
    effects: Mapping[str, float] | None = None,
    statuses: Mapping[tuple[str, str, str], str] | None = None,
    points: int | None = 200,
    epochs: Mapping[str, int] | None = None,
    findings: Mapping[str, Sequence[Finding]] | None = None,
    positive: Mapping[str, str] | None = None,
    name: str = "made-up",
    priority_metrics: tuple[str, ...] = (
        "balanced_accuracy",
        "g_mean",
        "roc_auc",
        "average_precision",
        "brier",
    ),
    seed: int = 0,
) -> Path:
    """Write the folder of a run and return it.

    Scores are those of made-up predictions: normal scores, the minority's shifted up, the threshold too high
    for `Original` and lowered by a method's effect.

    Parameters
    ----------
    out : Path
        The run comes to lie in ``out/runs/one-NAME``.
    datasets, methods, classifiers : int
        How many of `DATASETS`, `METHODS` and `CLASSIFIERS`.
    folds : int
        0 for the hold-out alone.
    rows : int
        Of each data set; a quarter are minority.
    effects : mapping of method to float
        By how much it lowers the threshold, in standard deviations; 0.5 where not named, 0 is `Original`.
    statuses : mapping of (dataset, method, classifier) to status
        Cells that are not ok.
    points : int or None
        Rows before resampling of each data set in the figures of points; None records none.
    epochs : mapping of classifier to int
        Classifiers with a training history of so many epochs; odd repeats train one epoch more.
    findings : mapping of data set to sequence of Finding
        What its reading is said to have found.
    positive : mapping of data set to str
        The class that metrics count as positive; the made-up predictions are of that class then.
    """
    rng = np.random.default_rng(seed)
    experiment = experiment_from_text(
        yaml.safe_dump(
            {
                "name": name,
                "datasets": [
                    {"name": one, "positive": positive[one]} if positive and one in positive else one
                    for one in DATASETS[:datasets]
                ],
                "methods": [m for m in METHODS[:methods] if m != ORIGINAL],
                "selected_classifiers": list(CLASSIFIERS[:classifiers]),
                "cv_folds": folds,
                "random_runs": repeats,
                "priority_metrics": list(priority_metrics),
            }
        ),
        "made-up.yaml",
    )
    run = Path(out, "runs", f"one-{name}")
    store = Store(run / "cells.sqlite")
    chosen = {ORIGINAL: 0.0, **(effects or {})}
    metrics = list(experiment.metrics.values())
    for dataset in experiment.datasets:
        _write_extras(store, experiment, dataset, points, rows, rng)
    for cell in experiment.cells.values():
        status = (statuses or {}).get((cell.dataset, cell.method, cell.classifier), "ok")
        reason = {"ok": "", "error": "ValueError: made up", "unavailable": "not here; fetch it"}.get(
            status, f"a made-up {status}"
        )
        if status in ("error", "timeout", "unavailable"):
            store.put(cell.id, Outcome(cell, status, reason))
            continue
        effect = chosen.get(cell.method, 0.5) if status == "ok" else 0.0
        fits, predicted = _fits(cell, effect, folds, repeats, rows, metrics, rng)
        if epochs and cell.classifier in epochs:
            fits = [_with_history(fit, epochs[cell.classifier]) for fit in fits]
        store.put(
            cell.id,
            Outcome(cell, status, reason, version="raw", digest="made-up", fits=tuple(fits)),
            Predictions(tuple(predicted)).dumps(),
        )
    store.close()
    write_run(experiment, RunSettings(str(run)), ["benchmarks"])
    if findings:
        manifest = json.loads((run / "manifest.json").read_text())
        for dataset, found in findings.items():
            manifest["experiment"]["datasets"][dataset]["findings"] = findings_to_json(found)
        (run / "manifest.json").write_text(json.dumps(manifest))
    return run


def _fits(
    cell: Cell, effect: float, folds: int, repeats: int, rows: int, metrics: list, rng: np.random.Generator
) -> tuple[list[Fit], list[FitPredictions]]:
    fits, predicted = [], []
    ease = 0.8 + 0.4 * DATASETS.index(cell.dataset) % 1.5 + 0.2 * CLASSIFIERS.index(cell.classifier)
    splits = [
        *itertools.product(range(repeats), [("cv", fold) for fold in range(folds)]),
        *((repeat, ("holdout", 0)) for repeat in range(repeats)),
    ]
    for repeat, (phase, fold) in splits:
        n = rows // 5 if phase == "holdout" else max(8, rows * 4 // 5 // folds)
        # The same rows and nearly the same scores for all methods: cells are compared on the same splits.
        paired = np.random.default_rng([DATASETS.index(cell.dataset), repeat, fold, phase == "cv"])
        truth = (np.arange(n) < n // 4).astype(np.uint8)
        raw = paired.normal(size=n) + ease * truth + rng.normal(scale=0.15, size=n) - 1.2 + effect
        score = 1 / (1 + np.exp(-raw))
        label = (score > 0.5).astype(np.uint8)
        train = tuple(int(v) for v in np.bincount(2 * truth + label, minlength=4) * 4)
        majority, minority = rows * 3 // 5, rows // 5
        after = majority if cell.method not in _RESAMPLE_NOTHING else minority
        seconds = (0.0 if cell.method in _RESAMPLE_NOTHING else 0.02, *rng.uniform(0.01, 0.2, size=2))
        fits.append(
            Fit(
                phase,
                repeat,
                fold,
                score_fold(truth, label, score, metrics),
                *map(float, seconds),
                (majority, minority),
                (majority, after),
                train if phase == "holdout" else None,
            )
        )
        predicted.append(
            FitPredictions(phase, repeat, fold, np.arange(n, dtype=np.int32), truth, label, score)
        )
    return fits, predicted


def _with_history(fit: Fit, epochs: int) -> Fit:
    if fit.phase != "holdout":
        return fit
    rng = np.random.default_rng([fit.repeat, epochs])
    epoch = np.arange(1, epochs + 1 + fit.repeat % 2)
    curve = np.exp(-epoch / 15)
    history = {
        prefix + name: [
            float(v) for v in (start + change * (1 - curve) + rng.normal(scale=0.01, size=len(epoch)))
        ]
        for prefix in ("", "val_")
        for name, start, change in (
            ("loss", 0.25, -0.12),
            ("accuracy", 0.55, 0.3),
            ("precision", 0.3, 0.4),
            ("recall", 0.1, 0.6),
            ("auc", 0.5, 0.35),
        )
    }
    history["precision"][0] = math.nan
    return dataclasses.replace(fit, history=history)


def _write_extras(
    store: Store,
    experiment: Experiment,
    dataset: str,
    points: int | None,
    rows: int,
    rng: np.random.Generator,
) -> None:
    card = {
        "name": dataset,
        "title": f"{dataset}, made up",
        "source": "nowhere",
        "licence": "none",
        "rows": rows,
        "features": 6,
        "minority_rows": rows // 4,
        "ratio": 3.0,
        "duplicates": 3,
        "outliers": 7,
        "missing": 0,
        "remarks": "Two errors are known.",
        "version": "raw",
        "digest": "made-up",
        "rows_split": rows - 3,
        "citation": "Nobody (1900)",
    }
    store.put_extra(f"card-{dataset}", CARD, json.dumps(card).encode(), dataset=dataset)
    if points is None:
        return
    y = (np.arange(points) < points // 4).astype(np.int64)
    X = rng.normal(size=(points, 6)) + 1.5 * y[:, None] * rng.uniform(size=6)
    minority = np.flatnonzero(y == 1)
    for method in experiment.methods:
        if method in _RESAMPLE_NOTHING and method != ORIGINAL:
            continue
        n_new = 0 if method == ORIGINAL else points - 2 * len(minority)
        parents = np.zeros(n_new, dtype=[("seed", int), ("neighbor", int), ("step", float)])
        parents["seed"], parents["neighbor"] = rng.choice(minority, (2, n_new))
        step = rng.uniform(size=(n_new, 1))
        made = X[parents["seed"]] * (1 - step) + X[parents["neighbor"]] * step
        after = np.vstack([X, made]), np.r_[y, np.ones(n_new, dtype=np.int64)]
        known = parents if method in ("SMOTE", "BorderlineSMOTE", "ADASYN") else None
        taken = take_points((X, y), after, known)
        store.put_extra(f"{dataset}-{method}", POINTS, taken.dumps(), dataset=dataset, method=method)
