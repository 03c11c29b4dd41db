"""Real fits seen as discrete scores: rounded, at a ceiling, at a floor; with digests.

What binds real fits together, folds of a split, classifiers on the same rows, stays; the values become few,
so that fits coincide.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np

from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import Panel

__all__ = ["PLAIN", "STEP", "VIEWS", "drop_steps", "seen_as", "with_digests"]

PLAIN = "as they are"
STEP = 0.05
"""Between neighbouring values: one of ten minority rows in balanced accuracy."""

_AT_END = 0.8
"""So many of a case's fits are at its ceiling, or its floor."""


def _steps(values: np.ndarray) -> np.ndarray:
    return np.asarray(STEP * np.round(values / STEP))


def _ceiling(values: np.ndarray, law: np.ndarray) -> np.ndarray:
    return np.asarray(1 + np.minimum(_steps(values - _quantile(law, 1 - _AT_END)), 0))


def _floor(values: np.ndarray, law: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 + np.maximum(_steps(values - _quantile(law, _AT_END)), 0))


def _quantile(law: np.ndarray, share: float) -> np.ndarray:
    return np.asarray(np.quantile(law, share, axis=(1, 2), keepdims=True))


VIEWS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    PLAIN: lambda values, _law: values,
    "few values": lambda values, _law: _steps(values),
    "ceiling": _ceiling,
    "floor": _floor,
}
"""Each takes values and, of the same cells, all real fits: where the ends are does not depend on a run."""


def seen_as(view: str, one: Evidence, law: Panel, *, digests: bool) -> Evidence:
    """Return a side with discrete scores, and without samples: they would see what scores do not."""
    values = VIEWS[view](one.scores.values, law.values)
    scores = dataclasses.replace(one.scores, values=np.where(np.isnan(one.scores.values), np.nan, values))
    return dataclasses.replace(one, scores=with_digests(scores) if digests else scores, samples=None)


def with_digests(panel: Panel) -> Panel:
    """Return a panel with a digest of each fit's scores."""
    words = np.ascontiguousarray(panel.values).view(np.uint64)
    odd = np.random.default_rng(0).integers(2**63, size=words.shape[-1], dtype=np.uint64) * np.uint64(2)
    mixed = (words * (odd + np.uint64(1))).sum(axis=-1, dtype=np.uint64)
    return dataclasses.replace(panel, digests=mixed | np.uint64(1))


def drop_steps(one: Evidence, method: str, share: float, rng: np.random.Generator) -> Evidence:
    """Return a side in which so many of a method's scores are a step lower, whatever they were."""
    scores = one.scores
    values = scores.values.copy()
    rows = [n for n, cell in enumerate(scores.cells) if cell.method == method]
    values[rows] -= STEP * (rng.random(values[rows].shape) < share)
    return dataclasses.replace(one, scores=dataclasses.replace(scores, values=values))
