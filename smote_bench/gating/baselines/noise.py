"""How far the seeds alone move a score: the noise table of a baseline."""

from __future__ import annotations

import numpy as np

from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel

__all__ = ["Noise", "noise_table"]

Noise = dict[str, dict[str, dict[str, dict[str, float | None]]]]
"""Data set, classifier, metric; then ``fold``, ``split_mean`` and ``n_methods``."""


def noise_table(scores: Panel) -> Noise:
    """Return the seeds' standard deviations, pooled over methods, splits and folds.

    ``fold`` is that of a single fold's score, ``split_mean`` that of the mean over a split's folds. The
    hold-out enters only where there are no folds. Methods whose scores no seed moves are left out: they would
    make the others look steadier than they are; ``n_methods`` counts the rest. Where no method is left, both
    are 0; None where a score of every split is undefined. Empty with less than two draws.
    """
    if len(scores.draws) < 2:
        return {}
    folds = [n for n, unit in enumerate(scores.units) if unit.fold != HOLDOUT_FOLD]
    used = folds or list(range(len(scores.units)))
    split_of = np.array([scores.units[n].split for n in used])
    table: Noise = {}
    for dataset, classifier in sorted({(cell.dataset, cell.classifier) for cell in scores.cells}):
        rows = [
            n
            for n, cell in enumerate(scores.cells)
            if (cell.dataset, cell.classifier) == (dataset, classifier)
        ]
        values = scores.values[rows][:, used]
        here = table.setdefault(dataset, {}).setdefault(classifier, {})
        for number, metric in enumerate(scores.names):
            here[metric] = _of_metric(values[..., number], split_of)
    return table


def _of_metric(values: np.ndarray, split_of: np.ndarray) -> dict[str, float | None]:
    """Return the standard deviations over the last axis of values of shape (n_methods, n_units, n_draws)."""
    defined = ~np.isnan(values).any(axis=2)
    variance = np.where(defined, _variance(values), np.nan)
    # not the variance: rounding gives equal values one of 1e-33
    moved = (defined & (values.max(axis=2) != values.min(axis=2))).any(axis=1)
    means = np.stack(
        [_variance(values[moved][:, split_of == split].mean(axis=1)) for split in np.unique(split_of)]
    )
    return {
        "fold": _root_mean(variance[moved]),
        "split_mean": _root_mean(means),
        "n_methods": int(moved.sum()),
    }


def _variance(values: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.var(values, axis=-1, ddof=1))


def _root_mean(variance: np.ndarray) -> float | None:
    if not variance.size:
        return 0.0
    known = variance[~np.isnan(variance)]
    return float(f"{np.sqrt(known.mean()):.3g}") if len(known) else None
