"""Runs of a few given scores, in memory, for comparisons whose numbers are worked out by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.report.compare.differences import verdict
from smote_bench.report.compare.two_runs import Comparison
from smote_bench.runs.open import MetricCard, Run

FOLDS = [0.5, 0.6, 0.7, 0.6, 0.6]
MORE = [value + shift for value, shift in zip(FOLDS, [0.1, 0.101, 0.099, 0.102, 0.098], strict=True)]
PROTOCOL = {"test_size": 0.2, "cv_folds": 5, "random_state": 42, "random_runs": 1}
CARDS = {
    "roc_auc": MetricCard("roc_auc", "high", 0, 1, "ROC AUC", ""),
    "brier": MetricCard("brier", "low", 0, 1, "Brier", ""),
}


def a_run(scores: Mapping[tuple[str, str], Sequence[float]], **changes: Any) -> Run:
    """Return a run with one classifier: cross-validated ROC AUC by (data set, method), hold-out 0.5.

    Parameters
    ----------
    scores : mapping of (dataset, method) to sequence of float
    **changes
        Of the protocol (`PROTOCOL`).
    """
    protocol = PROTOCOL | changes
    outcomes = tuple(
        Outcome(Cell(dataset, method, "kNN"), "ok", version="raw", digest="d", fits=_fits(values, protocol))
        for (dataset, method), values in scores.items()
    )
    datasets, methods = (tuple(dict.fromkeys(part)) for part in zip(*scores, strict=True))
    manifest = {
        "schema": 2,
        "finished": "2026-01-02T03:04:05+00:00",
        "command": ["pytest"],
        "experiment": {
            "name": "by-hand",
            "file": "by-hand.yaml",
            "protocol": protocol,
            "methods": {name: {"name": name, "steps": [{"target": name}]} for name in methods},
            "classifiers": {"kNN": {"target": "kNN", "params": {}}},
            "datasets": {name: {"version": "raw", "digest": "d"} for name in datasets},
            "metrics": list(CARDS),
            "metric_cards": {name: {"formula": name} for name in CARDS},
            "priority_metrics": list(CARDS),
        },
        "cells": {"total": len(outcomes), "from_memo": 0, "by_status": {"ok": len(outcomes)}},
        "versions": {"numpy": "1.0"},
        "code_digest": "c0de",
        "commit": None,
        "machine": {"system": "Linux", "processor": "x", "cores": 2, "n_workers": 1},
        "timeout_seconds": 0.0,
    }
    return Run(
        Path("by-hand"),
        manifest,
        outcomes,
        frozenset(),
        CARDS,
        tuple(CARDS),
        datasets,
        methods,
        ("kNN",),
    )


def _fits(values: Sequence[float], protocol: Mapping[str, Any]) -> tuple[Fit, ...]:
    folds = protocol["cv_folds"]
    cv = [
        Fit("cv", n // folds, n % folds, {"roc_auc": v, "brier": 0.25}, 0.1, 0.2, 0.3, (80, 20), (80, 80))
        for n, v in enumerate(values)
    ]
    last = Fit("holdout", 0, 0, {"roc_auc": 0.5, "brier": 0.25}, 0.1, 0.2, 0.3, (100, 25), (100, 100))
    return (*cv, last)


def with_outcomes(run: Run, change: Any) -> Run:
    """Return a run whose outcomes went through a function; None leaves one out."""
    changed = map(change, run.outcomes)
    return dataclasses.replace(run, outcomes=tuple(outcome for outcome in changed if outcome is not None))


def said(comparison: Comparison, metric: str) -> str:
    """Return the verdict of a comparison on a metric."""
    d = comparison.differences[metric]
    return verdict(d.mean, d.half_width, comparison.metrics[metric].better, is_identical=d.is_identical)
