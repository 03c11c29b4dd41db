"""How much the scores of two runs differ, with the interval that the data carry. Pairs in, frames out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from smote_bench.report.compare.cells import Pair
from smote_bench.runs.open import MetricCard
from smote_bench.runs.summary import tested_over_trained
from smote_bench.stats import holm, mean_interval, resampled_t_columns

__all__ = ["Difference", "Verdict", "cell_differences", "mean_difference", "verdict"]

Verdict = Literal["identical", "better", "worse", "higher", "lower", "no difference shown", "undefined"]

CONFIDENCE = 0.95
SMALLEST = 0.5e-4
"""Scores are published to four digits: what rounds to nothing is no difference, be its interval narrow."""


_NO_SPREAD = 1e-12
"""Standard errors below this, or this share of the scores, are rounding: equal scores tell no noise."""


@dataclass(frozen=True)
class Difference:
    """A mean of differences, other minus base.

    Parameters
    ----------
    mean : float
    half_width : float
        Of the 95% interval; NaN where the data do not carry one.
    p : float
        Two-sided.
    n : int
        Data sets, or fits where there is one data set.
    basis : {"data sets", "fits"}
    n_cells : int
        Averaged over.
    n_left_out : int
        Cells in which the metric is undefined or infinite in a fit of either run.
    is_identical : bool
        Whether every score that entered is the same to the last bit.
    """

    mean: float
    half_width: float
    p: float
    n: int
    basis: Literal["data sets", "fits"]
    n_cells: int
    n_left_out: int
    is_identical: bool


def verdict(mean: float, half_width: float, better: str | None, *, is_identical: bool = False) -> Verdict:
    """Say what an interval carries, and no more."""
    if math.isnan(mean):
        return "undefined"
    if is_identical:
        return "identical"
    if not abs(mean) > half_width or abs(mean) < SMALLEST:  # also where the half width is NaN
        return "no difference shown"
    if better is None:
        return "higher" if mean > 0 else "lower"
    return "better" if (mean > 0) == (better == "high") else "worse"


def cell_differences(
    pairs: Sequence[Pair],
    metrics: Mapping[str, MetricCard],
    *,
    protocols: tuple[Mapping[str, float], Mapping[str, float]],
) -> pd.DataFrame:
    """Return a row per cell and metric.

    Parameters
    ----------
    pairs : sequence of Pair
        Scored in both runs.
    metrics : mapping of name to MetricCard
        Those that both runs have.
    protocols : pair of mapping
        Of base and other: how far training parts overlap.

    Returns
    -------
    DataFrame
        dataset, method, classifier (as the base names them), pairing, metric, base, other (means over the
        fits), delta, half_width, p, n (fits), identical, p_holm (over the cells of a metric), verdict.
        Intervals and p are Nadeau and Bengio's: training parts of one table overlap.
    """
    names = list(metrics)
    frames = [_cell(pair, names, protocols) for pair in pairs]
    columns = [
        "dataset",
        "method",
        "classifier",
        "pairing",
        "metric",
        "base",
        "other",
        "delta",
        "half_width",
        "p",
        "n",
        "identical",
    ]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    frame["p_holm"] = math.nan
    for _, rows in frame.groupby("metric", sort=False):
        frame.loc[rows.index, "p_holm"] = holm(rows["p"].astype(float))
    frame["verdict"] = [
        verdict(delta, half_width, metrics[metric].better, is_identical=identical)
        for delta, half_width, metric, identical in zip(
            *(frame[name].tolist() for name in ("delta", "half_width", "metric", "identical")), strict=True
        )
    ]
    return frame[[*columns, "p_holm", "verdict"]]


def _cell(
    pair: Pair, metrics: Sequence[str], protocols: tuple[Mapping[str, float], Mapping[str, float]]
) -> pd.DataFrame:
    mine, theirs = _values(pair, metrics)
    ratios = [_test_train_ratio(pair.phase, protocol) for protocol in protocols]
    identical = (
        [_same(a, b) for a, b in zip(mine.T, theirs.T, strict=True)]
        if mine.shape == theirs.shape
        else [False] * len(metrics)
    )
    if pair.pairing == "paired":
        tested = resampled_t_columns(_differences(mine, theirs), ratios[0], confidence=CONFIDENCE)
        # identical infinities have a difference of zero, which subtraction does not give
        n: list[int] | int = len(mine)
    else:
        tested = pd.DataFrame(
            [_unpaired(a, b, ratios) for a, b in zip(mine.T, theirs.T, strict=True)],
            columns=["mean", "half_width", "p"],
        )
        n = min(len(mine), len(theirs))
    return pd.DataFrame(
        {
            **vars(pair.cell),
            "pairing": pair.pairing,
            "metric": list(metrics),
            "base": _means(mine),
            "other": _means(theirs),
            "delta": tested["mean"].to_numpy(),
            "half_width": tested["half_width"].to_numpy(),
            "p": tested["p"].to_numpy(),
            "n": n,
            "identical": identical,
        }
    )


def _values(pair: Pair, metrics: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of both runs, (n_fits, n_metrics) each."""
    mine, theirs = (
        np.array([[fit.scores.get(metric, math.nan) for metric in metrics] for fit in fits], dtype=float)
        for fits in pair.fits()
    )
    return mine, theirs


def _differences(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # of infinities of one sign: undefined, and counted as such
        difference: np.ndarray = theirs - mine
        return difference


def _means(values: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        means: np.ndarray = values.mean(axis=0)
        return means


def _same(mine: np.ndarray, theirs: np.ndarray) -> bool:
    return bool(np.array_equal(mine, theirs, equal_nan=True))


def _test_train_ratio(phase: str, protocol: Mapping[str, float]) -> float:
    return tested_over_trained(int(protocol["cv_folds"]) if phase == "cv" else 1, protocol["test_size"])


def _unpaired(mine: np.ndarray, theirs: np.ndarray, ratios: Sequence[float]) -> tuple[float, float, float]:
    """Return mean difference, half width and p of fits on other rows: Welch's test with corrected variances.

    Both means come from one table, so they move together; taking them for independent widens the interval.
    """
    if not (np.isfinite(mine).all() and np.isfinite(theirs).all() and len(mine) and len(theirs)):
        return math.nan, math.nan, math.nan
    mean = float(theirs.mean() - mine.mean())
    if min(len(mine), len(theirs)) < 2:
        return mean, math.nan, math.nan
    parts = [
        float(values.var(ddof=1)) * (1 / len(values) + ratio)
        for values, ratio in zip((mine, theirs), ratios, strict=True)
    ]
    if math.sqrt(sum(parts)) < _NO_SPREAD * max(1.0, abs(mine.mean()), abs(theirs.mean())):
        return mean, math.nan, 1.0 if mean == 0 else math.nan
    scale = math.sqrt(sum(parts))
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (mine, theirs), strict=True)
    )
    half_width = float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2)) * scale
    return mean, half_width, float(2 * special.stdtr(freedom, -abs(mean) / scale))


def mean_difference(
    pairs: Sequence[Pair],
    cells: pd.DataFrame,
    metric: str,
    *,
    protocols: tuple[Mapping[str, float], Mapping[str, float]],
) -> Difference:
    """Return a metric's mean difference over data sets, or over the fits where there is one.

    Averaged over methods and classifiers within a data set first, so that n counts data sets, which are
    independent; differences are paired by data set whatever the splits.

    Parameters
    ----------
    pairs : sequence of Pair
    cells : DataFrame
        Of these pairs, from `cell_differences`.
    metric : str
    protocols : pair of mapping
    """
    rows = cells[cells["metric"] == metric]
    defined = rows[rows["delta"].notna()]
    means = defined.groupby("dataset", sort=False)["delta"].mean()
    counts = (len(defined), len(rows) - len(defined), bool(len(defined)) and bool(defined["identical"].all()))
    if len(means) > 1:
        tested = mean_interval(means.to_numpy(), confidence=CONFIDENCE)
        return Difference(tested.mean, tested.half_width, tested.p, len(means), "data sets", *counts)
    if means.empty:
        return Difference(math.nan, math.nan, math.nan, 0, "data sets", *counts)
    kept = set(defined[["dataset", "method", "classifier"]].itertuples(index=False, name=None))
    mean, half_width, p, n = _over_fits(
        [pair for pair in pairs if tuple(vars(pair.cell).values()) in kept], metric, protocols
    )
    return Difference(mean, half_width, p, n, "fits", *counts)


def _over_fits(
    pairs: Sequence[Pair], metric: str, protocols: tuple[Mapping[str, float], Mapping[str, float]]
) -> tuple[float, float, float, int]:
    """Average over the cells of one data set within each fit, then test over the fits."""
    values = [_values(pair, [metric]) for pair in pairs]
    ratios = [_test_train_ratio(pairs[0].phase, protocol) for protocol in protocols]
    if len({(a.shape, b.shape) for a, b in values}) > 1:
        # Cells with other fits in common, as after a change of one cell's data: there is no mean per fit.
        return float(np.mean([b.mean() - a.mean() for a, b in values])), math.nan, math.nan, 0
    mine, theirs = (np.mean(side, axis=0) for side in zip(*values, strict=True))
    if all(pair.pairing == "paired" for pair in pairs):
        row = resampled_t_columns(theirs - mine, ratios[0], confidence=CONFIDENCE).iloc[0]
        return float(row["mean"]), float(row["half_width"]), float(row["p"]), len(mine)
    return *_unpaired(mine[:, 0], theirs[:, 0], ratios), min(len(mine), len(theirs))
