"""The methods of a run in order: ranks, deltas, wins and losses, and what they cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.report.analysis.score_blocks import blocks, classifiers_of, direction
from smote_bench.runs.summary import MethodSummary, Record, summarise
from smote_bench.stats import complete_blocks, rank_blocks

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["pareto", "ranking", "ranks_on_shared"]

_RECORD = ("wins", "ties", "losses")


def ranking(run: Run, metric: str) -> pd.DataFrame:
    """Return the methods by mean rank, best first, with their deltas to `Original`.

    Parameters
    ----------
    run : Run
    metric : str

    Returns
    -------
    DataFrame
        method, mean_rank and n_datasets (over the data sets on which every method that is scored anywhere has
        a score), delta, half_width, n, basis ("datasets" or "fits"), left_out, left_out_because (as in
        `smote_bench.runs.summary.Delta`: treated minus original, whichever way is better), wins, ties,
        losses, undefined (against `Original`), trivial_wins, trivial_ties, trivial_losses (on the hold-out,
        against the trivial arm that was best in cross-validation), seconds, not_ok (text), n_failed. Counts
        that do not apply are missing.

    Raises
    ------
    ConfigError
        If no cell of the run can be read.
    """
    if not run.outcomes:
        raise ConfigError(
            f"expected a run with cells, got {str(run.folder)!r}, of which none can be read: run it again"
        )
    key = "ranking", metric
    if key not in run.computed:
        run.computed[key] = _ranking(run, metric)
    found: pd.DataFrame = run.computed[key]
    return found.copy()


def _ranking(run: Run, metric: str) -> pd.DataFrame:
    better = direction(run, metric)
    summaries = summarise(run.outcomes, [metric], {metric: better}, test_size=run.test_size)
    ranks = ranks_on_shared(blocks(run, metric), better)
    frame = pd.DataFrame([_row(summary, metric, ranks) for summary in summaries])
    counts = [*_RECORD, "undefined", *(f"trivial_{name}" for name in _RECORD), "n", "left_out"]
    frame[counts] = frame[counts].astype("Int64")
    return frame.sort_values("mean_rank", kind="stable", na_position="last").reset_index(drop=True)


def ranks_on_shared(scores: pd.DataFrame, better: str) -> pd.DataFrame:
    """Return the ranks of the methods scored anywhere, on the data sets where all of them are scored."""
    scored = scores.loc[:, scores.notna().any()]
    if scored.empty:  # no cell of the run is scored
        return scored.iloc[:0]
    return rank_blocks(complete_blocks(scored), better="low" if better == "low" else "high")


def _row(summary: MethodSummary, metric: str, ranks: pd.DataFrame) -> dict[str, Any]:
    delta, trivial = summary.deltas.get(metric), summary.against_trivial
    has_rank = summary.method in ranks.columns and len(ranks) > 0
    return {
        "method": summary.method,
        "mean_rank": float(ranks[summary.method].mean()) if has_rank else math.nan,
        "n_datasets": len(ranks),
        "delta": delta.mean if delta else math.nan,
        "half_width": delta.half_width if delta else math.nan,
        "n": delta.n if delta else None,
        "basis": delta.basis if delta else "",
        "left_out": delta.n_left_out if delta else None,
        "left_out_because": delta.why_left_out if delta else "",
        **_record(summary.against_original, ""),
        "undefined": summary.against_original.undefined if summary.against_original else None,
        **_record(trivial, "trivial_"),
        "seconds": summary.seconds,
        "not_ok": ", ".join(f"{n} {status}" for status, n in sorted(summary.not_ok.items())),
        "n_failed": sum(n for status, n in summary.not_ok.items() if status != "noop"),
    }


def _record(record: Record | None, prefix: str) -> dict[str, int | None]:
    return {f"{prefix}{name}": getattr(record, name) if record else None for name in _RECORD}


def pareto(run: Run, metric: str) -> pd.DataFrame:
    """Return what each method costs and gives, on the data sets that all methods are scored on.

    Parameters
    ----------
    run : Run
    metric : str

    Returns
    -------
    DataFrame
        method, seconds (resampling, fitting and predicting, all cells of those data sets), score (mean over
        data sets and classifiers), on_front (no other method is at least as good and as fast and in one of
        both ahead), n_datasets. Methods never scored have NaN and are not on the front.
    """
    better = direction(run, metric)
    table = blocks(run, metric)
    scored = table.loc[:, table.notna().any()]
    shared = complete_blocks(scored)
    rows = []
    for method in run.methods:
        here = method in scored.columns and len(shared) > 0
        rows.append(
            {
                "method": method,
                "seconds": _seconds(run, method, metric, list(shared.index)) if here else math.nan,
                "score": float(shared[method].mean()) if here else math.nan,
            }
        )
    frame = pd.DataFrame(rows)
    gain = frame["score"].to_numpy() * (-1 if better == "low" else 1)
    frame["on_front"] = _on_front(frame["seconds"].to_numpy(), gain)
    frame["n_datasets"] = len(shared)
    return frame


def _seconds(run: Run, method: str, metric: str, datasets: list[str]) -> float:
    return math.fsum(
        run.by_cell[Cell(dataset, method, classifier)].total_seconds
        for dataset in datasets
        for classifier in classifiers_of(run, dataset, metric)
    )


def _on_front(seconds: np.ndarray, gain: np.ndarray) -> np.ndarray:
    as_good = gain[None, :] >= gain[:, None]
    as_fast = seconds[None, :] <= seconds[:, None]
    ahead = (gain[None, :] > gain[:, None]) | (seconds[None, :] < seconds[:, None])
    is_on_front: np.ndarray = ~(as_good & as_fast & ahead).any(axis=1) & np.isfinite(gain)
    return is_on_front
