"""Made-up sides of a gate, and verdicts, for tests."""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit
from smote_bench.gating.verdicts.verdict import Finding, Limit, Verdict

__all__ = ["NASTY", "evidence", "finding", "remove", "rows", "side", "undefine", "verdict", "write_csv"]

NASTY = '<b>|`x`*</b>\x00\n&"_a_'
"""A name that would break out of a table, of XML and of a line."""


def evidence(
    *,
    datasets: Sequence[str] = ("Ecoli", "Yeast"),
    methods: Sequence[str] = ("Original", "SMOTE"),
    classifiers: Sequence[str] = ("kNN", "LDA"),
    splits: Iterable[int] = (0,),
    folds: Iterable[int] = (0, 1, 2, HOLDOUT_FOLD),
    draws: Sequence[int] = (0,),
    metrics: Sequence[str] = ("g_mean", "roc_auc"),
    name: str = "main",
    **others: Any,
) -> Evidence:
    """Return a side with all fits, whose values follow from their places."""
    cells = [Cell(*names) for names in itertools.product(datasets, methods, classifiers)]
    units = [Unit(split, fold) for split in splits for fold in folds]
    panel = Panel.empty(cells, units, draws, metrics)
    panel.present[...] = True
    panel.values[...] = np.random.default_rng(0).uniform(0.5, 0.9, panel.values.shape)
    statuses = others.pop("statuses", dict.fromkeys(cells, ("ok", "")))
    return Evidence(name, panel, dict.fromkeys(metrics, "high"), statuses=statuses, **others)


def remove(given: Evidence, *, cell: Callable[[Cell], bool], unit: Callable[[Unit], bool]) -> Evidence:
    """Take fits out of a side."""
    panel = given.scores
    chosen = np.ix_(
        [n for n, one in enumerate(panel.cells) if cell(one)],
        [n for n, one in enumerate(panel.units) if unit(one)],
    )
    panel.present[chosen] = False
    panel.values[chosen] = np.nan
    return given


def undefine(given: Evidence, cell: int, unit: int, draw: int, metric: int) -> Evidence:
    """Leave a score of a side undefined."""
    given.scores.values[cell, unit, draw, metric] = np.nan
    return given


def finding(
    kind: Any = "DROP",
    level: Any = "method",
    method: str = "SMOTE",
    dataset: str = "",
    classifier: str = "",
    measure: str = "g_mean",
    **others: Any,
) -> Finding:
    """Return a finding like the one in the issue's example."""
    numbers = {"before": 0.8, "after": 0.7875, "change": -0.0125, "se": 0.0016, "limit": -0.0094, "p": 1e-5}
    return Finding(kind, level, dataset, method, classifier, measure, **{**numbers, **others})


def verdict(result: Any = "fail", **others: Any) -> Verdict:
    """Return a verdict with the counts of the issue's example."""
    counts = {"n_cases": 1080, "n_identical": 1044, "n_changed": 36, "n_within_noise": 33}
    sees = {"method": 0.008, "dataset": 0.026, "case": 0.039}
    limits = (
        Limit("method", "", "SMOTE", "", "g_mean", 0.0094, 0.012, 5),
        Limit("case", "Ecoli", "SMOTE", "kNN", "g_mean", 0.05, math.nan, 5),
    )
    return Verdict(result, **{**counts, "would_see": sees, "limits": limits, **others})


def rows(
    *, long: bool = True, metrics: Sequence[str] = ("g_mean", "roc_auc"), folds: int = 3, shift: float = 0.0
) -> list[dict[str, Any]]:
    """Return a tidy table as rows: two data sets, two methods, one classifier, two splits, two seeds."""
    found: list[dict[str, Any]] = []
    values = np.random.default_rng(1).uniform(0.6, 0.9, 10_000).round(4)
    names = itertools.product(
        ("Ecoli", "Yeast"), ("Original", "SMOTE"), ("kNN",), (0, 1), (0, 1), range(folds)
    )
    keys = ("dataset", "method", "classifier", "split", "seed", "fold")
    for n, place in enumerate(names):
        row = dict(zip(keys, place, strict=True))
        scores = {metric: float(values[n * 10 + m]) + shift for m, metric in enumerate(metrics)}
        found += (
            [{**row, "metric": name, "value": v} for name, v in scores.items()] if long else [row | scores]
        )
    return found


def write_csv(path: Path, table: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows as CSV with the first row's columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return path


def side(path: Path, **others: Any) -> Path:
    """Write a table to `path`."""
    return write_csv(path, rows(**others))
