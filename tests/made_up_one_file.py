"""Runs of one data set whose gains are given."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.runs.open import MetricCard, Run

__all__ = ["CARD", "COST", "made_up"]

CARD = MetricCard("balanced_accuracy", "high", 0.0, 1.0, "balanced accuracy", "")
COST = MetricCard("expected_cost", "low", 0.0, math.inf, "expected cost", "")


def made_up(gains: np.ndarray, card: MetricCard, original: float = 0.5) -> Run:
    """Return a run of one data set with `gains` of shape (n_methods, n_repeats, n_folds)."""
    values = np.concatenate([np.zeros((1, *gains.shape[1:])), gains]) + original
    methods = ("Original", *(f"m{i}" for i in range(len(gains))))
    outcomes = tuple(
        Outcome(
            Cell("d", method, "c"),
            "ok",
            "",
            fits=tuple(
                Fit("cv", repeat, fold, {card.name: float(own[repeat, fold])}, 0.0, 0.0, 0.0, (9, 1), (9, 9))
                for repeat in range(own.shape[0])
                for fold in range(own.shape[1])
            ),
        )
        for method, own in zip(methods, values, strict=True)
    )
    manifest = {"experiment": {"protocol": {"test_size": 0.2, "random_runs": gains.shape[1]}}}
    return Run(
        Path("nowhere"),
        manifest,
        outcomes,
        frozenset(),
        {card.name: card},
        (card.name,),
        ("d",),
        methods,
        ("c",),
    )
