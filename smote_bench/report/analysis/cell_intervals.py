"""What a method changed in each single cell, beyond the noise of its folds or not; and its heat map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.score_blocks import direction
from smote_bench.runs.summary import tested_over_trained
from smote_bench.runs.tables import scoring_phase
from smote_bench.stats import resampled_t_columns

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["VERDICTS", "cell_intervals", "heat_map", "share_tested"]

VERDICTS = ("improved", "unchanged", "worsened", "undefined")

_DIGITS = 4
"""The plain verdict compares scores as published, to four digits, as the summary's wins and losses do."""

_COLUMNS = [
    "dataset",
    "method",
    "classifier",
    "metric",
    "original",
    "treated",
    "delta",
    "half_width",
    "n_fits",
    "p",
    "verdict",
    "plain",
    "reason",
]


def cell_intervals(run: Run, metrics: Sequence[str] | None = None) -> pd.DataFrame:
    """Compare every cell with `Original`'s on the same folds, with Nadeau and Bengio's 95% interval.

    Parameters
    ----------
    run : Run
    metrics : sequence of str, optional
        Default the priority metrics; in a large run (`Run.is_large`) the first of them.

    Returns
    -------
    DataFrame
        A row per cell of a method other than `Original` and metric: dataset, method, classifier, metric,
        original, treated (mean scores in the scoring phase), delta, half_width, n_fits, p (two-sided, of this
        cell alone: not adjusted), verdict, plain, reason. ``improved`` means better, also where low is
        better. `verdict` looks beyond the interval, `plain` at the sign of the difference of the means to
        four digits; both are ``undefined`` where there is none, and `reason` says why. Differences that are
        all zero are ``unchanged``, which was seen and needs no interval; all the same, but not zero, they
        have none (see `smote_bench.stats.resampled_t`).
    """
    if metrics is None:
        metrics = run.priority_metrics[:1] if run.is_large else run.priority_metrics
    key = "cell intervals", tuple(metrics)
    if key not in run.computed:
        run.computed[key] = _cell_intervals(run, tuple(metrics))
    found: pd.DataFrame = run.computed[key]
    return found.copy()


def _cell_intervals(run: Run, metrics: Sequence[str]) -> pd.DataFrame:
    better = {metric: direction(run, metric) for metric in metrics}
    rows: list[dict[str, Any]] = []
    for dataset in run.datasets:
        for classifier in run.classifiers:
            original = run.by_cell.get(Cell(dataset, ORIGINAL, classifier))
            cells = [
                outcome
                for method in run.methods
                if method != ORIGINAL
                and (outcome := run.by_cell.get(Cell(dataset, method, classifier))) is not None
            ]
            rows.extend(_rows(cells, original, better, share_tested(run, original)))
    return pd.DataFrame(rows, columns=_COLUMNS)


def share_tested(run: Run, outcome: Outcome | None) -> float:
    """Return rows tested over rows trained on, in the scoring phase of a cell."""
    folds = {fit.fold for fit in outcome.fits if fit.phase == "cv"} if outcome else set()
    return tested_over_trained(len(folds), run.test_size)


def _rows(
    cells: Sequence[Outcome], original: Outcome | None, better: Mapping[str, str], ratio: float
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one data set and classifier; all its differences go through one t-test at once."""
    rows, columns = [], []
    for cell in cells:
        reason = _why_not(cell, original)
        for metric in better:
            row: dict[str, Any] = {**vars(cell.cell), "metric": metric, "reason": reason, "n_fits": 0}
            if not reason:
                assert original is not None
                phase = scoring_phase(original)
                before, after = original.values(metric, phase), cell.values(metric, phase)
                row |= {"original": original.mean(metric, phase), "treated": cell.mean(metric, phase)}
                row |= {"n_fits": len(after)}
                with np.errstate(invalid="ignore"):  # of infinities of one sign: undefined, and said to be
                    columns.append(np.subtract(after, before))
            rows.append(row)
    compared = [row for row in rows if not row["reason"]]
    if compared:
        found = resampled_t_columns(np.stack(columns, axis=1), ratio)
        for row, (mean, half_width, p) in zip(
            compared, found[["mean", "half_width", "p"]].to_numpy().tolist(), strict=True
        ):
            row |= {"delta": mean, "half_width": half_width, "p": p}
    for row in rows:
        sign = -1 if better[row["metric"]] == "low" else 1
        yield {**dict.fromkeys(_COLUMNS, math.nan), **row, **_verdicts(row, sign)}


def _why_not(cell: Outcome, original: Outcome | None) -> str:
    if not cell.is_scored:
        return cell.status
    if original is None:
        return f"{ORIGINAL} was not run"
    if not original.is_scored:
        return f"{ORIGINAL}: {original.status}"
    phase = scoring_phase(original)
    folds = [[(f.repeat, f.fold) for f in outcome.fits if f.phase == phase] for outcome in (cell, original)]
    return "" if folds[0] == folds[1] else f"not the folds of {ORIGINAL}"


def _verdicts(row: dict[str, Any], sign: int) -> dict[str, str]:
    if row["reason"]:
        return {"verdict": "undefined", "plain": "undefined"}
    delta, half_width = row["delta"], row["half_width"]
    if math.isnan(delta):
        return {"verdict": "undefined", "plain": "undefined", "reason": "the metric is undefined in a fit"}
    plain = _word(sign * (round(row["treated"], _DIGITS) - round(row["original"], _DIGITS)))
    if math.isnan(half_width) and row["n_fits"] == 1:
        return {"verdict": "undefined", "plain": plain, "reason": "one fit carries no interval"}
    if math.isnan(half_width) and delta != 0:
        return {"verdict": "undefined", "plain": plain, "reason": "equal differences carry no interval"}
    return {"verdict": _word(sign * delta if abs(delta) > half_width else 0.0), "plain": plain, "reason": ""}


def _word(gain: float) -> str:
    return "improved" if gain > 0 else "worsened" if gain < 0 else "unchanged"


def heat_map(run: Run, intervals: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count, per method, classifier and metric, on how many data sets the cell improved, stayed or worsened.

    Parameters
    ----------
    run : Run
    intervals : DataFrame, optional
        `cell_intervals` of the run, if it is there already.

    Returns
    -------
    DataFrame
        method, classifier, metric; improved, unchanged, worsened, undefined (beyond the cell's interval);
        plain_improved, plain_unchanged, plain_worsened, plain_undefined (signs); n (data sets). Each group of
        four sums to n.
    """
    if intervals is None:
        intervals = cell_intervals(run)
    keys = ["method", "classifier", "metric"]
    counts = intervals[keys].drop_duplicates().reset_index(drop=True)
    for column, prefix in (("verdict", ""), ("plain", "plain_")):
        for word in VERDICTS:
            hits = intervals[intervals[column] == word].groupby(keys).size().rename(f"{prefix}{word}")
            counts = counts.join(hits, on=keys)
    n = intervals.groupby(keys).size().rename("n")
    counts = counts.join(n, on=keys)
    numbers = counts.columns.drop(keys)
    counts[numbers] = counts[numbers].fillna(0).astype(int)
    return _in_run_order(counts, run)


def _in_run_order(frame: pd.DataFrame, run: Run) -> pd.DataFrame:
    metrics = list(run.metrics)
    order = frame.assign(
        method=frame["method"].map(run.methods.index),
        classifier=frame["classifier"].map(run.classifiers.index),
        metric=frame["metric"].map(metrics.index),
    ).sort_values(["method", "classifier", "metric"], kind="stable")
    return frame.loc[order.index].reset_index(drop=True)
