"""A task's results as files, with the keys and columns of the original test bench, and every metric."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.evaluation.outcome import Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.trackers.clearml.scores import cells_of
from smote_bench.report.trackers.values import cv_summary
from smote_bench.runs.folder import file_name
from smote_bench.runs.tables import improvement_rows

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["experiment_results", "write_results"]

_COLUMNS = {
    "Original": "Original_Score",
    "Delta_Absolute": "Improvement",
    "Delta_Percent": "Improvement_Percentage",
}


def write_results(run: Run, dataset: str, method: str, task_id: str, folder: Path) -> dict[str, Path]:
    """Write a task's artifacts.

    Parameters
    ----------
    run : Run
    dataset, method : str
    task_id : str
        ClearML's.
    folder : Path

    Returns
    -------
    dict of str to Path
        ``experiment_results``, valid JSON (what is undefined is null), and, but for `Original`,
        ``results_summary_csv``.
    """
    end = f"{file_name(dataset)}_{file_name(method)}"
    results = folder / f"experiment_results_{end}.json"
    plain = experiment_results(run, dataset, method, task_id)
    text = json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False)
    results.write_text(text + "\n", encoding="utf-8")
    written = {"experiment_results": results}
    rows = _improvements(run, dataset, method)
    if rows:
        import pandas as pd

        table = pd.DataFrame(rows).rename(columns={**_COLUMNS, method: "SMOTE_Score"})
        table.insert(0, "Dataset", dataset)
        table.insert(1, "SMOTE_Algorithm", method)
        summary = folder / f"results_summary_{end}.csv"
        table.to_csv(summary, index=False, encoding="utf-8")
        written["results_summary_csv"] = summary
    return written


def experiment_results(run: Run, dataset: str, method: str, task_id: str) -> dict[str, Any]:
    """Return everything that is known of a method on a data set, as JSON values."""
    outcomes = cells_of(run, dataset, method)
    return {
        "metadata": {
            "dataset_name": dataset,
            "algorithm_name": method,
            "dataset_params": run.manifest["experiment"]["datasets"].get(dataset, {}),
            "timestamp": run.manifest["finished"],
            "clearml_task_id": task_id,
            "run": run.folder.name,
            "cells": {o.cell.classifier: {"status": o.status, "reason": o.reason} for o in outcomes},
        },
        "dataset_info": _dataset_info(run, dataset, outcomes),
        "cross_validation_imbalanced_results": _cross_validation(run, dataset, ORIGINAL),
        "cross_validation_results": _cross_validation(run, dataset, method),
        "final_test_results": _final_test(run, dataset, method),
    }


def _dataset_info(run: Run, dataset: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return counts of rows; by class, the majority first. Unknown ones are null."""
    card = run.card(dataset) or {}
    finals = [fit for outcome in outcomes for fit in outcome.fits if fit.phase == "holdout"]
    train = finals[0].rows_before if finals else None
    total, minority = card.get("rows"), card.get("minority_rows")
    split = card.get("rows_split")
    return {
        "total_samples": total,
        "features": card.get("features"),
        "train_samples": sum(train) if train else None,
        "test_samples": split - sum(train) if train and split is not None else None,
        "original_class_distribution": [total - minority, minority] if total is not None else None,
        "train_class_distribution": list(train) if train else None,
    }


def _cross_validation(run: Run, dataset: str, method: str) -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = {}
    for row in cv_summary(run, dataset, method).to_dict("records"):
        of_classifier = found.setdefault(row["classifier"], {})
        for part in ("mean", "std"):
            of_classifier[f"{row['metric']}_{part}"] = _or_null(row[part])
    return found


def _final_test(run: Run, dataset: str, method: str) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return the hold-out's scores, means over repeats: before, after, and the difference."""
    if method == ORIGINAL:
        return {
            outcome.cell.classifier: {
                "original_data": {name: _or_null(outcome.mean(name, "holdout")) for name in run.metrics}
            }
            for outcome in cells_of(run, dataset, ORIGINAL)
            if outcome.is_scored
        }
    found: dict[str, dict[str, dict[str, float | None]]] = {}
    for row in _improvements(run, dataset, method):
        parts = found.setdefault(
            row["Classifier"], {"original_data": {}, "smote_data": {}, "improvement": {}}
        )
        columns = ("Original", method, "Delta_Absolute")
        for part, column in zip(parts.values(), columns, strict=True):
            part[row["Metric"]] = _or_null(row[column])
    return found


def _improvements(run: Run, dataset: str, method: str) -> list[dict[str, Any]]:
    if method == ORIGINAL:
        return []
    originals, treated = (
        {outcome.cell.classifier: outcome for outcome in cells_of(run, dataset, name)}
        for name in (ORIGINAL, method)
    )
    return improvement_rows(originals, treated, tuple(run.metrics))


def _or_null(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
